"""A learner's table as HTML: some rows as the file writes them, under each column its line and range. Pure functions.

What the file holds is escaped. Lines are drawn for the eye; the ranges beside them say the same in numbers.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from core.table import Column, Mended, NumberTable
from core.written import short

COLUMNS, READ = 4, 6  # of the file, and of what the network reads, shown side by side
_FRAME = '<div class="data-rows" tabindex="0" role="region" aria-label="{}">'  # it may scroll, so keys reach it
POINTS = 90
WIDTH, HEIGHT = 96, 26


def file_table(table: NumberTable, chosen: Sequence[int]) -> str:
    """Rows of the file, a line and a range under each column.

    Args:
        table: What was read.
        chosen: Places among its values that go in; the columns shown are these and some that are left out.
    """
    shown = _shown(table, chosen)
    heads = "".join(f'<th scope="col" class="{_side(c)}">{escape(c.name)}</th>' for c in shown)
    rows, before = [], 0
    for number, cells in table.written:
        if before and number > before + 1:
            rows.append(f'<tr class="gap"><td>⋮</td>{"<td></td>" * len(shown)}</tr>')
        holes = np.isnan(table.values[np.searchsorted(table.rows, number)])
        rows.append(_row(number, cells, shown, holes))
        before = number
    foot = "".join(f'<td class="{_side(c)}">{_under(table, c, chosen)}</td>' for c in shown)
    more = len(table.columns) - len(shown)
    rest = f'<p class="more">and {more:,} more column{"s" * (more > 1)}</p>' if more else ""
    return (
        f"{_FRAME.format('Rows of the file as it writes them')}<table>"
        f'<thead><tr><th scope="col">row</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody>'
        f"<tfoot><tr><td></td>{foot}</tr></tfoot></table></div>{rest}"
    )


def _shown(table: NumberTable, chosen: Sequence[int]) -> list[Column]:
    """The columns that are shown, in the order of the file: those that go in first."""
    taken = [c for c in table.columns if any(k in chosen for k in c.inputs)]
    others = [c for c in table.columns if c not in taken and c.role != "empty"]
    picked = [*taken[: COLUMNS - min(2, len(others))], *others[:2]]
    picked += [c for c in [*taken, *others] if c not in picked][: COLUMNS - len(picked)]
    return sorted(picked, key=lambda c: c.place)


def _side(column: Column) -> str:
    return "number" if column.inputs else "word"


def _row(number: int, cells: Sequence[str], shown: Sequence[Column], holes: NDArray[np.bool_]) -> str:
    """One row; what counts as missing is framed, whatever stands there."""
    found = []
    for column in shown:
        cell = cells[column.place] if column.place < len(cells) else ""
        text = escape(cell)
        if column.inputs and holes[column.inputs[0]]:
            text = f'<span class="missing">{text or "missing"}</span>'
        found.append(f'<td class="{_side(column)}">{text}</td>')
    return f"<tr><td>{number:,}</td>{''.join(found)}</tr>"


def _under(table: NumberTable, column: Column, chosen: Sequence[int]) -> str:
    """What stands under a column: its line, range and holes, or why it is left out."""
    if not column.inputs:
        return f"<s>left out</s><br><small>{escape(column.why)}</small>"
    if not any(k in chosen for k in column.inputs):
        return "<s>not chosen</s>"
    values = table.values[:, column.inputs[0]]
    known = values[~np.isnan(values)]
    holes = int(np.isnan(values).sum())
    said = f"{short(float(known.min()))} to {short(float(known.max()))}" if len(known) else "no value"
    unit = f" {escape(column.unit)}" if column.unit else ""
    missing = f"<br>{holes:,} missing" if holes else ""
    return f"{line(values)}<br><small>{said}{unit}{missing}</small>"


def line(values: NDArray[np.float64]) -> str:
    """A small line of some values (T,), with a gap where one misses.

    It is a mask over the ink's colour: `st.html` takes no SVG, and a picture would not follow the theme.
    """
    step = max(1, len(values) // POINTS)
    drawn = values[::step]
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return ""
    low, high = float(known.min()), float(known.max())
    with np.errstate(over="ignore", invalid="ignore"):
        spread = high - low
    scale = (HEIGHT - 6) / spread if np.isfinite(spread) and spread > 0 else 0.0
    across = (WIDTH - 4) / max(1, len(drawn) - 1)
    path, pen = [], "M"
    for k, value in enumerate(drawn):
        if np.isnan(value):
            pen = "M"
            continue
        y = HEIGHT - 3 - (value - low) * scale if scale else HEIGHT / 2
        path.append(f"{pen}{2 + k * across:.1f} {y:.1f}{'l0.1 0' * (pen == 'M')}")
        pen = "L"
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke="#000" '
        f'stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"><path d="{"".join(path)}"/></svg>'
    )
    coded = base64.b64encode(drawing.encode()).decode()
    return (
        f'<span class="spark" aria-hidden="true" style="mask-image:url(\'data:image/svg+xml;base64,{coded}\')"></span>'
    )


def read_table(read: Mended) -> str:
    """The first steps and the last as the network reads them."""
    T, D = read.values.shape
    names = "".join(f'<th scope="col" class="number">{escape(name)}</th>' for name in read.names[:READ])
    rows, before = [], -1
    filled = set(read.filled)
    for t in sorted({0, 1, T - 1, *(t for t, _ in read.filled[:1])} & set(range(T))):
        if t > before + 1:
            rows.append(f'<tr class="gap"><td>⋮</td>{"<td></td>" * min(D, READ)}</tr>')
        cells = "".join(
            f'<td class="number{" filled" * ((t, k) in filled)}">{short(float(v))}</td>'
            for k, v in enumerate(read.values[t, :READ])
        )
        rows.append(f"<tr><td>{t + 1:,}</td>{cells}</tr>")
        before = t
    more = f'<p class="more">and {D - READ:,} more</p>' if D > READ else ""
    return (
        f"{_FRAME.format('What the network reads')}<table>"
        f'<thead><tr><th scope="col">step</th>{names}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>{more}'
    )
