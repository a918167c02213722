"""Which sign the decimals of a table have, judged by all its cells, and asked where two fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from core.table import dates
from core.table.cells import Evidence, clean, decimal_evidence
from core.table.grid import Grid
from core.table.made import Question

__all__ = ["SAMPLE", "decimal"]

SAMPLE = 20_000  # cells that are asked


def decimal(grid: Grid, separator: str, chosen: Mapping[str, str]) -> tuple[str, list[Question]]:
    """The decimal sign, and the question where another fits as well."""
    if grid.decimal:
        return grid.decimal, []
    sure: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    example = ""
    cells = [cell for row in grid.rows for cell in row if "," in cell or "." in cell]
    for cell in cells[:: max(1, len(cells) // SAMPLE)]:
        if (cell.count(".") == 2 or ":" in cell) and dates.is_date(cell):
            continue
        found: Evidence = decimal_evidence(clean(cell))
        sure[found.sign] += 1
        unsure[found.unsure] += 1
        if found.unsure == "," or (found.unsure and not example):
            example = clean(cell)
    commas, points = sure[","], sure["."]
    if commas or points:
        sign = "," if commas > points else "."
        return _answer(sign, chosen), []
    if not unsure[","] and not (unsure["."] and separator == ";"):
        return _answer(".", chosen), []
    if unsure[","]:
        sign = "," if separator == ";" else "."
        as_comma, as_point = example.replace(",", "."), example.replace(",", "")
    else:
        sign = "."
        as_comma, as_point = example.replace(".", ""), example
    sign = _answer(sign, chosen)
    asks = f"{example} is"
    return sign, [Question("decimal", asks, ((".", as_point), (",", as_comma)), sign)]


def _answer(sign: str, chosen: Mapping[str, str]) -> str:
    return chosen["decimal"] if chosen.get("decimal") in (".", ",") else sign
