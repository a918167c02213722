"""The page's drawings as markup: nothing in it is the learner's but numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from core.check import Case, Report
from core.check.compare import Row, group
from core.check.passes import BLOCKS, TAGS
from core.check.said import CELLS, NAMES, SYMBOLS, value, where
from core.lstm import GATES
from core.params import Array
from core.written import scientific, significant
from dashboard.check.compute import Shares
from dashboard.kit.theme import PALETTE
from dashboard.kit.words import escaped

MOST_COLUMNS, MOST_ROWS = 64, 16
NEAREST = 6
MOST_SHARES = 12
_PARTS = {"Forward": "Forward", "Backward": "Backward, step by step", "Weights": "Weights, all steps together"}
_ROLES = {"i": "i", "f": "f", "o": "o", "g": "g", "c": "c", "h": "h"}
_HTML = {
    "a": "a<sub>t</sub>", "i": "i<sub>t</sub>", "f": "f<sub>t</sub>", "o": "o<sub>t</sub>", "g": "g<sub>t</sub>",
    "c": "c<sub>t</sub>", "tanh_c": "tanh c<sub>t</sub>", "h": "h<sub>t</sub>", "dh": "∂L/∂h<sub>t</sub>",
    "dc": "∂L/∂c<sub>t</sub>", "da": "∂L/∂a<sub>t</sub>", "dh_next": "∂L/∂h<sub>t−1</sub>",
    "dc_next": "∂L/∂c<sub>t−1</sub>", "dx": "∂L/∂x<sub>t</sub>", "dW_x": "∂L/∂W<sub>x</sub>",
    "dW_h": "∂L/∂W<sub>h</sub>", "db": "∂L/∂b", "dh0": "∂L/∂h<sub>0</sub>", "dc0": "∂L/∂c<sub>0</sub>",
    **{f"da_{k}": f"∂L/∂a<sup>{k}</sup><sub>t</sub>" for k in "ifogrzn"},
    **{k: f"{k}<sub>t</sub>" for k in "rzun"}, "da_u": "∂L/∂u<sub>t</sub>", "db_u": "∂L/∂b<sub>u</sub>",
}  # fmt: skip


def symbol(name: str) -> str:
    """A quantity as it is written in formulas, in its colour."""
    role = _ROLES.get(name, "gradient" if name.startswith("d") else "ink")
    return f'<span class="check-symbol" style="color:var(--{role})">{_HTML[name]}</span>'


def table(found: Report) -> str:
    """Each quantity with its gap, in the order of computing."""
    lines, before = [], ""
    for row in found.rows:
        part = group(row.name, found.aligned.case.kind)
        if part != before:
            lines.append(f'<tr><th colspan="4" scope="colgroup" class="part">{_PARTS[part]}</th></tr>')
        before = part
        lines.append(_line(row, row.name == (found.first.name if found.first else "")))
    head = '<tr><th scope="col" colspan="3">quantity</th><th scope="col">largest gap</th></tr>'
    return f'<table class="check-table"><thead>{head}</thead><tbody>{"".join(lines)}</tbody></table>'


def _line(row: Row, first: bool) -> str:
    verdict = '<td class="equal">✓ equal</td>' if row.equal else '<td class="differs">✗ differs</td>'
    frame = ' class="first"' if first else ""
    name = f'<th scope="row">{symbol(row.name)}<span class="words">{NAMES[row.name]}</span></th>'
    return f'<tr{frame}><td class="thin"></td>{name}{verdict}<td class="gap">{gap_text(row.gap)}</td></tr>'


def gap_text(gap: float) -> str:
    """A gap, per cent where it is large."""
    if not np.isfinite(gap):
        return "not finite"
    if gap >= 0.001:
        return (
            f"{100 * gap:.0f}\N{NARROW NO-BREAK SPACE}%"
            if gap >= 0.01
            else f"{100 * gap:.1f}\N{NARROW NO-BREAK SPACE}%"
        )
    return escape(scientific(gap, 1)) if gap else "0"


def matrices(found: Report, yours: Array, ours: Array) -> str:
    """The quantity twice, the largest difference framed; of large ones the part around it."""
    assert found.first is not None, "asked of a report with a difference"
    row = found.first
    at = (0, *row.index)[-2:] if yours.ndim == 2 else row.index
    top, left = _from(at[0], len(ours), MOST_ROWS), _from(at[1], ours.shape[1], MOST_COLUMNS)
    cut = slice(top, top + MOST_ROWS), slice(left, left + MOST_COLUMNS)
    finite = np.abs(np.nan_to_num(np.concatenate([yours[cut], ours[cut]]), posinf=0, neginf=0))
    largest = float(finite.max()) or 1.0
    blocks = (
        BLOCKS[found.aligned.case.kind]
        if row.name in ("dW_x", "dW_h", "db", "a") and ours.shape[1] <= MOST_COLUMNS
        else ()
    )
    frame = (at[0] - top, at[1] - left)
    both = (("Yours", yours, row.yours), ("Ours", ours, row.ours))
    drawn = "".join(_matrix(name, array[cut], largest, frame, blocks, value, row) for name, array, value in both)
    note = "" if ours.shape <= (MOST_ROWS, MOST_COLUMNS) or ours[cut].shape == ours.shape else (
        f'<p class="check-note">Rows {top} to {top + len(ours[cut]) - 1}, columns {left} to '
        f"{left + ours[cut].shape[1] - 1} of {ours.shape[0]} × {ours.shape[1]}.</p>"
    )  # fmt: skip
    return f'<div class="check-pair">{drawn}</div>{note}'


def _from(at: int, size: int, most: int) -> int:
    return max(0, min(at - most // 2, size - most))


def _matrix(
    name: str, array: Array, largest: float, frame: tuple[int, int], blocks: tuple[str, ...], value: float, row: Row
) -> str:
    cells = []
    for r, entries in enumerate(array.tolist()):
        for k, entry in enumerate(entries):
            kind = "frame " if (r, k) == frame else ""
            if not np.isfinite(entry):
                cells.append(f'<i class="{kind}none"></i>')
                continue
            share = min(100, round(100 * abs(entry) / largest))
            role = "positive" if entry > 0 else "negative"
            cells.append(f'<i class="{kind}" style="--tone:var(--{role});--share:{share}%"></i>')
    head = ""
    if blocks:
        colours = {k: k if k in GATES else "ink" for k in blocks}
        names = "".join(
            f'<span style="color:var(--{c});border-color:var(--{c})">{k}</span>' for k, c in colours.items()
        )
        head = f'<div class="check-blocks" aria-hidden="true">{names}</div>'
    said = f"{name}, {SYMBOLS[row.name]}, {array.shape[0]} by {array.shape[1]}; framed is {significant(value)}"
    return (
        f'<figure class="check-matrix"><figcaption>{name} <span>{significant(value)}</span></figcaption>{head}'
        f'<div class="check-cells" role="img" aria-label="{escape(said)}" style="--columns:{array.shape[1]}">'
        f"{''.join(cells)}</div></figure>"
    )


def shares(found: Shares) -> str:
    """The framed entry's shares step by step, yours above ours, with their sums."""
    T = len(found.ours)
    first = max(0, T - MOST_SHARES)
    largest = float(np.abs(np.nan_to_num(np.concatenate([found.yours, found.ours]))).max()) or 1.0
    head = "".join(f'<th scope="col">{t + 1}</th>' for t in range(first, T))
    yours, ours = (
        _shares(name, values, first, largest, hollow)
        for name, values, hollow in (("yours", found.yours, True), ("ours", found.ours, False))
    )
    rows = yours + ours
    if found.states is not None:
        taken, right, deltas = (values[first:] for values in found.states)
        rows = yours + _numbers("h", "h<sub>t</sub>", taken, "slides") + ours
        rows += _numbers("h", "h<sub>t−1</sub>", right) + _numbers("gradient", "∂L/∂a<sub>t</sub>", deltas)
    note = f'<p class="check-note">The last {MOST_SHARES} of {T} steps; the sums are of all.</p>' if first else ""
    return (
        f'<table class="check-shares"><thead><tr><th scope="col">t</th>{head}<th scope="col">sum</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{note}"
    )


def _shares(name: str, values: Array, first: int, largest: float, hollow: bool) -> str:
    style = "bar hollow" if hollow else "bar"
    cells = "".join(
        f'<td><span class="{style}" style="height:{max(1, round(32 * abs(value) / largest))}px"></span>'
        f"{_short(value)}</td>"
        for value in values[first:].tolist()
    )
    return f'<tr><th scope="row">{name}</th>{cells}<td class="sum">{_short(float(values.sum()))}</td></tr>'


def _numbers(role: str, head: str, values: Array, style: str = "") -> str:
    """A row of what the shares are made of."""
    cells = "".join(f"<td><span>{_short(value)}</span></td>" for value in values.tolist())
    name = f'<th scope="row"><span class="check-symbol">{head}</span></th>'
    return f'<tr class="made {style}" style="color:var(--{role})">{name}{cells}<td></td></tr>'


def _short(value: float) -> str:
    return "0" if value == 0 else significant(value, 2)


def nearest(found: Report) -> str:
    """The slips nearest to the learner's numbers, each with a dot on a logarithmic line from 10⁻¹⁶ to 1."""
    blocks = found.aligned.layout.gates
    named = found.found.slip.id if found.found and found.found.whole and not found.found.further else ""
    rows = []
    for slip, gap in found.nearest[:NEAREST]:
        place = 100 * min(1.0, max(0.0, (np.log10(max(gap, 1e-16)) + 16) / 16)) if np.isfinite(gap) else 100.0
        full = " full" if slip.id == named else ""
        rows.append(
            f'<tr{" class=named" if full else ""}><th scope="row">{_marked(slip.said(blocks))}</th>'
            f'<td><span class="track" aria-hidden="true"><b class="dot{full}" style="left:{place:.0f}%"></b></span>'
            "</td>"
            f'<td class="gap">{gap_text(gap)}</td></tr>'
        )
    head = (
        '<tr><th scope="col">core with this slip: you</th><th scope="col">10⁻¹⁶ … 1</th><th scope="col">gap</th></tr>'
    )
    return f'<table class="check-nearest"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def change(found: Report) -> str:
    """The line as the learner's acts, and as it should be, as a diff."""
    assert found.found is not None, "asked of a report with a slip"
    return f"- {found.found.slip.yours}\n+ {found.found.slip.mended}"


def tagged(found: Report) -> str:
    """Where core has the equation."""
    assert found.found is not None, "asked of a report with a slip"
    tag = TAGS[found.aligned.case.kind].get(found.found.slip.at)
    place = f" It is equation {tag} in core/{found.aligned.case.kind.partition('_')[0]}.py." if tag else ""
    return f"Yours acts like the first line, whatever its names; it should act like the second.{place}"


_FORMULA = re.compile(
    r"∂L/∂(?P<of>[A-Za-z])(?:_(?P<at>\{[^}]*\}|\w))?|\b(?P<name>[A-Za-z])_(?P<index>\{[^}]*\}|[txh0](?![A-Za-z]))"
)


def worded(text: str) -> str:
    """Words of ours as Markdown, their symbols as formulas; all else in them is text."""
    parts, end = [], 0
    for match in _FORMULA.finditer(text):
        parts += [escaped(text[end : match.start()]), f"${_tex(match)}$"]
        end = match.end()
    return "".join([*parts, escaped(text[end:])])


def _tex(match: re.Match[str]) -> str:
    name, index = match["of"] or match["name"], (match["at"] or match["index"] or "").strip("{}").replace("−", "-")
    symbol_ = f"{name}_{{{index}}}" if index else name
    if match["of"]:
        return rf"\textcolor{{{PALETTE['light']['gradient']}}}{{\partial L/\partial {symbol_}}}"
    return rf"\textcolor{{{PALETTE['light'][name]}}}{{{symbol_}}}" if name in _ROLES else symbol_


def _marked(text: str) -> str:
    """The same as HTML."""
    parts, end = [], 0
    for match in _FORMULA.finditer(text):
        name, index = match["of"] or match["name"], (match["at"] or match["index"] or "").strip("{}")
        parts += [escape(text[end : match.start()]), f"<em>{'∂L/∂' if match['of'] else ''}{escape(name)}"]
        parts.append(f"<sub>{escape(index)}</sub></em>" if index else "</em>")
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def case_line(found: Report) -> str:
    """What both ran on, in one line."""
    return f"{_sized(found.aligned.case)}. {' '.join(found.aligned.notes)}".strip()


def offered(case: Case) -> str:
    """What the case to download is, in one line: cell, sizes, and how its weights lie."""
    blocks = BLOCKS[case.kind]
    lie = f"gate blocks in the order {', '.join(blocks)}" if blocks else f"φ = {case.activation}"
    last = "; the last quarter of b stands within the reset" if case.kind == "gru" else ""
    return f"{_sized(case)}; x (T, B, D); row vectors, x @ W_x + h @ W_h + b; {lie}{last}."


def _sized(case: Case) -> str:
    T, B, D, H = case.sizes
    parts: Sequence[str] = (_n(T, "step"), _n(B, "sequence"), _n(D, "input"), _n(H, "unit"))
    return f"{CELLS[case.kind]}, {', '.join(parts)}"


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def first_line(found: Report) -> str:
    """Where the first difference stands, with both values."""
    assert found.first is not None, "asked of a report with a difference"
    row = found.first
    place = where(row)
    return f"{place[0].upper()}{place[1:]}: yours {value(row.yours)}, ours {value(row.ours)}."


def further(found: Report) -> Iterator[str]:
    """A second slip, and others that give the same numbers."""
    if found.found is None:
        return
    blocks = found.aligned.layout.gates
    if found.found.further is not None:
        yield f"After that there is a second one: you {found.found.further.said(blocks)}."
    for slip in found.found.alike[:3]:
        yield f"It could as well be: you {slip.said(blocks)}."


def mended(found: Report) -> Iterator[str]:
    """How near core's equation comes from the learner's own states and deltas."""
    for row in found.rows:
        if not row.equal and row.name in found.mended:
            far = gap_text(found.mended[row.name])
            yield f"From your own h and ∂L/∂a, core’s equation gives {SYMBOLS[row.name]} to {far}."


def hides(cosine: float, same: int, of: int) -> str:
    """Why training may not show the slip: how far the wrong gradient points the right way."""
    said = f"Your gradient has a cosine of {cosine:.2f} to ours, and {same} of {of} signs."
    return f"{said} A small step against it still lowers the loss: that is why it hides." if cosine > 0.3 else said
