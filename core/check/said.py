"""What a check found, in words and as a table of plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite

from core.check.compare import Report, Row, group
from core.written import significant

__all__ = ["CELLS", "NAMES", "SYMBOLS", "counted", "entry", "power", "table", "value", "verdict", "where"]

NAMES = {
    "a": "before the activation", "i": "input gate", "f": "forget gate", "o": "output gate", "g": "candidate",
    "c": "cell state", "tanh_c": "tanh of the cell state", "h": "hidden state", "dh": "at the hidden state",
    "dc": "at the cell state", "da_i": "before the input gate", "da_f": "before the forget gate",
    "da_o": "before the output gate", "da_g": "before the candidate", "da": "before the activation",
    "dh_next": "sent to the state before", "dc_next": "sent to the cell state before", "dx": "at the input",
    "dW_x": "input weights", "dW_h": "recurrent weights", "db": "bias", "dh0": "at the initial state",
    "dc0": "at the initial cell state", "r": "reset gate", "z": "update gate", "n": "candidate",
    "u": "what the reset gate lets through", "da_r": "before the reset gate", "da_z": "before the update gate",
    "da_n": "before the candidate", "da_u": "at what the reset gate lets through", "db_u": "bias behind the reset gate",
}  # fmt: skip
SYMBOLS = {
    "a": "a_t", "i": "i_t", "f": "f_t", "o": "o_t", "g": "g_t", "c": "c_t", "tanh_c": "tanh c_t", "h": "h_t",
    "dh": "∂L/∂h_t", "dc": "∂L/∂c_t", "da_i": "∂L/∂a_t (i)", "da_f": "∂L/∂a_t (f)", "da_o": "∂L/∂a_t (o)",
    "da_g": "∂L/∂a_t (g)", "da": "∂L/∂a_t", "dh_next": "∂L/∂h_{t−1}, from step t",
    "dc_next": "∂L/∂c_{t−1}, from step t", "dx": "∂L/∂x_t", "dW_x": "∂L/∂W_x", "dW_h": "∂L/∂W_h", "db": "∂L/∂b",
    "dh0": "∂L/∂h_0", "dc0": "∂L/∂c_0",
    "r": "r_t", "z": "z_t", "n": "n_t", "u": "u_t", "da_r": "∂L/∂a_t (r)", "da_z": "∂L/∂a_t (z)", "da_n": "∂L/∂a_t (n)",
    "da_u": "∂L/∂u_t", "db_u": "∂L/∂b_u",
}  # fmt: skip


CELLS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU", "gru_before": "GRU, reset before the product"}


def verdict(report: Report) -> str:
    """The sentence above everything else."""
    rows, first = report.rows, report.first
    if first is None:
        if report.aligned.unfit:
            return f"What could be compared equals ours. But {'; '.join(report.aligned.unfit)}."
        return (
            f"All {len(rows)} quantities equal ours." if len(rows) > 1 else f"Your {SYMBOLS[rows[0].name]} equals ours."
        )
    good = sum(row.equal for row in rows)
    symbol = SYMBOLS[first.name]
    said = f"{good} of {len(rows)} quantities equal ours. {symbol} " + (
        "does not" if good == len(rows) - 1 else "is the first that does not"
    )
    if not isfinite(first.yours):
        return f"{said}: {value(first.yours)} at {where(first)}. Find where it arises before looking for a slip."
    if report.found is None:
        return f"{said}, from {where(first)}. No known slip gives your numbers."
    slip = report.found.slip.said(report.aligned.layout.gates)
    if report.found.alike:
        return f"{said}: several slips give these numbers; the likeliest: you {slip}."
    return f"{said}: you {slip}."


def where(row: Row) -> str:
    """Where a quantity differs first, or most."""
    gate = f", gate {row.gate}" if row.gate else ""
    if row.step:
        return f"t = {row.step}{gate}, entry [{', '.join(map(str, row.index))}]"
    return f"entry [{', '.join(map(str, row.index))}]{gate}"


def entry(row: Row) -> str:
    """The entry that differs, with both values."""
    return f"{where(row)}: yours {value(row.yours)}, ours {value(row.ours)}"


def value(number: float) -> str:
    """A number, or that it is none."""
    return "NaN" if number != number else significant(number)


def power(gap: float) -> str:
    """A gap as a short plain number."""
    return "not finite" if gap == float("inf") else "0" if gap == 0 else f"{gap:.0e}" if gap < 0.001 else f"{gap:.2g}"


def counted(report: Report, write: Callable[[float], str] = power) -> str:
    """What the evidence for the slip is, in a sentence or two.

    Args:
        report: What was found.
        write: How a gap is written.
    """
    found = report.found
    if found is None:
        nearest = report.nearest[0][1] if report.nearest else float("inf")
        if nearest == float("inf"):
            return f"{report.tried} known slips were tried; none gives numbers like these."
        more = "" if report.pairs else " Not all pairs were tried: the case is too large, bring one of six steps."
        return f"{report.tried} known slips were tried; the nearest is {write(nearest)} away.{more}"
    alone = "core with this slip" if found.further is None else "core with both slips"
    whole = "your numbers" if found.whole else f"your {report.first.name if report.first else ''} at that step"
    residue = "exactly" if found.residue == 0 else f"to {write(found.residue)}"
    return (
        f"{alone[0].upper()}{alone[1:]} gives {whole} {residue}. "
        f"The next of {report.tried} known slips is {write(found.next)} away."
    )


def table(report: Report) -> Iterator[str]:
    """The whole report as lines of plain text."""
    aligned = report.aligned
    T, B, D, H = aligned.case.sizes
    yield f"{CELLS[aligned.case.kind]} against core: {T} steps, {B} sequence{'s' * (B > 1)}, {D} inputs, {H} units"
    yield from aligned.notes
    if aligned.unread:
        yield f"Not read: {', '.join(aligned.unread)}."
    if aligned.unfit:
        yield f"Not compared: {'; '.join(aligned.unfit)}."
    before = ""
    for row in report.rows:
        part = group(row.name, aligned.case.kind)
        if part != before:
            yield ""
            yield part
        before = part
        shape = str(row.shape)
        line = f"  {row.name:<8} {shape:<14} {'equal' if row.equal else 'DIFFERS':<8} {power(row.gap):<10}"
        yield line.rstrip() if row.equal else f"{line} {where(row)}, {row.differing} of {_size(row)} entries"
    yield ""
    if report.first is not None:
        yield f"{report.first.name} {entry(report.first)}"
    yield verdict(report)
    if report.first is not None:
        yield from _slip(report)


def _size(row: Row) -> int:
    total = 1
    for n in row.shape:
        total *= n
    return total


def _slip(report: Report) -> Iterator[str]:
    found = report.found
    if found is not None:
        yield f"  yours acts like  {found.slip.yours}"
        yield f"  mended           {found.slip.mended}"
        blocks = report.aligned.layout.gates
        if found.further is not None:
            yield f"After that there is a second one: you {found.further.said(blocks)}."
        if not found.whole:
            yield "What comes after it differs in another way as well: mend this first and check again."
        for slip in found.alike[:3]:
            yield f"It could as well be: you {slip.said(blocks)}."
    yield counted(report)
    for name, far in report.mended.items():
        row = next((r for r in report.rows if r.name == name), None)
        if row is not None and not row.equal:
            yield f"From your own h and da, core's equation gives {name} to {power(far)} of ours."
