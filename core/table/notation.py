"""Which sign the decimals of a table have, judged by all its cells, and asked where two fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from core.table import dates
from core.table.cells import clean, decimal_evidence
from core.table.grid import Grid
from core.table.made import Question

__all__ = ["SAMPLE", "decimal"]

SAMPLE = 20_000  # cells that are asked


def decimal(grid: Grid, separator: str, chosen: Mapping[str, str]) -> tuple[str, list[Question]]:
    """The decimal sign, and the question where another fits as well."""
    if grid.decimal:
        return grid.decimal, []
    sure: Counter[str] = Counter()
    unsure: dict[str, str] = {}  # the first cell that a sign leaves open
    cells = [cell for row in grid.rows for cell in row if "," in cell or "." in cell]
    for cell in cells[:: max(1, len(cells) // SAMPLE)]:
        if (cell.count(".") == 2 or ":" in cell) and dates.is_date(cell):
            continue
        found = decimal_evidence(clean(cell))
        sure[found.sign] += 1
        if found.unsure:
            unsure.setdefault(found.unsure, clean(cell))
    if sure[","] or sure["."]:
        sign = _answer("," if sure[","] > sure["."] else ".", chosen)
        group = "." if sign == "," else ","
        if group in unsure:
            name = "Points" if group == "." else "Commas"
            plain = unsure[group].replace(group, "")
            grid.notes.append(f"{name} group thousands here: {unsure[group]} is read as {plain}.")
        return sign, []
    if "," not in unsure and not ("." in unsure and (separator == ";" or _mixed(grid))):
        return _answer(".", chosen), []
    sign = _answer("," if "," in unsure and separator == ";" else ".", chosen)
    example = unsure.get(",") or unsure["."]
    as_comma, as_point = (
        (example.replace(",", "."), example.replace(",", "")) if "," in example else (example.replace(".", ""), example)
    )
    return sign, [Question("decimal", f"{example} is", ((".", as_point), (",", as_comma)), sign)]


def _mixed(grid: Grid) -> bool:
    """Whether a column has whole numbers beside several with three digits behind a point: these may be thousands."""
    for column in zip(*grid.rows, strict=True):
        cells = [clean(cell) for cell in column[:SAMPLE]]
        if sum("." in cell for cell in cells) > 1 and any(cell.lstrip("+-").isdigit() for cell in cells):
            return True
    return False


def _answer(sign: str, chosen: Mapping[str, str]) -> str:
    return chosen["decimal"] if chosen.get("decimal") in (".", ",") else sign
