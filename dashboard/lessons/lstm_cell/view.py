"""Inside the LSTM cell: the figure, and the sentences that are computed from the run."""

from __future__ import annotations

from typing import Any

import numpy as np

from core import written
from core.lstm import block
from core.params import Array
from core.pointwise import Pointwise
from core.sentences import ContextSwitch
from core.written import number, short
from dashboard import figure
from dashboard.figure import Rich, prose, token
from dashboard.figure.rows import percent
from dashboard.kit.words import escaped, say
from dashboard.lessons.lstm_cell.compute import Cell, alike, most_forgotten
from dashboard.lessons.lstm_cell.figure import Numbers
from dashboard.lessons.lstm_cell.figure import cell as cell_panel
from dashboard.lessons.lstm_cell.settings import HOLDABLE
from dashboard.lessons.lstm_cell.steps_view import SUBSTEPS, opened, said

GATES = ("f", "i", "g", "o")
ALL_WORDS = len(ContextSwitch.vocabulary)


def figure_of(shown: Cell, *, t: int = 0, substep: int = 5, gate: str = "", unit: int = 0) -> dict[str, Any]:
    """The payload of the lesson's figure.

    Args:
        shown: The LSTM on its sentence.
        t: First word chosen; 0 takes the one from which gates are held.
        substep: First sub-step chosen, from 1.
        gate: The gate that is open at first.
        unit: The unit chosen at first.
    """
    panel = cell_panel(
        shown.params,
        Numbers(shown.trace, shown.parts),
        Numbers(shown.computed, shown.before) if shown.holds else None,
        shown.held,
        shown.rnn_trace,
        SUBSTEPS,
        [opened(name) for name in GATES],
        said(shown),
        substep=substep if 1 <= substep <= len(SUBSTEPS) else 5,
        gate=gate if gate in GATES else "",
        unit=unit if unit < shown.H else 0,
    )
    first = t if 1 <= t <= shown.T else min(shown.settings.at, shown.T)
    return figure.payload(
        tokens=shown.labels,
        panels=[panel],
        H=0,
        finding=finding(shown),
        t=first,
        address="word",
        plain=True,
        label=say("lstm-cell", "figure"),
    )


def word(shown: Cell, t: int) -> str:
    """The word of a step between quotes, as Markdown."""
    return f"‘{escaped(shown.labels[t - 1])}’"


def finding(shown: Cell) -> Rich:
    """What the run above shows: what is held and what that moved, or where most is forgotten."""
    return prose(*(_held(shown) if shown.holds else _forgotten(shown)), _answered(shown))


def _answered(shown: Cell) -> str:
    """What a trained network answers, and what holding gates made of that."""
    now, was = shown.answer, shown.answer_before
    if now is None or was is None:
        return ""
    sure = percent(now.sure)
    if not shown.holds:
        return f" At the end it answers {now.name} ({sure} sure)."
    if now.name == was.name:
        return f" The answer stays {now.name} ({sure} sure instead of {percent(was.sure)})."
    return f" The answer turns from {was.name} ({percent(was.sure)} sure) to {now.name} ({sure})."


def _forgotten(shown: Cell) -> Rich:
    """Where a unit gave up most."""
    t, k, lost = most_forgotten(shown)
    if lost < 5e-4:
        return ["Nothing is forgotten on this sentence: there is nothing in the cell to forget."]
    f, old, kept = shown.trace.f[t - 1, 0, k], shown.trace.c[t - 1, 0, k], shown.parts.kept[t - 1, 0, k]
    usual = ""
    if shown.answer is None:
        others = alike(shown.settings)
        usual = f" These weights are untrained: of {others.runs} other fresh networks {others.hits} forget most there."
    held = f"that unit {k} held.{usual}"
    share = f"$f$ = {number(float(f))} leaves {number(float(kept))} of the {number(float(old))}"
    return ["Most is forgotten at ‘", token(shown.labels[t - 1]), f"’ (step {t}): {share} {held}"]


def _held(shown: Cell) -> Rich:
    """What holding the gates changed, at the step it begins and at the end."""
    held = {gate: block(shown.held, gate) for gate in HOLDABLE}
    steps = np.flatnonzero(~np.isnan(shown.held).all(axis=1))
    values = " and ".join(
        f"${gate}$ = {short(float(np.nanmax(values)))}" for gate, values in held.items() if not np.isnan(values).all()
    )
    first, T = int(steps[0]) + 1, shown.T
    at, on = ("at", "") if len(steps) == 1 else ("from", " on")
    units = "" if shown.settings.only < 0 or shown.settings.only >= shown.H else f" in unit {shown.settings.only}"
    k = int(np.argmax(np.abs(shown.trace.c[first, 0] - shown.computed.c[first, 0])))
    j = int(np.argmax(np.abs(shown.trace.h[T, 0] - shown.computed.h[T, 0])))
    now, was = float(shown.trace.c[first, 0, k]), float(shown.computed.c[first, 0, k])
    if abs(now - was) < 5e-4:
        cell_words = f"leaves $c_{{{first}}}$ as it was"
    else:
        cell_words = f"takes $c_{{{first}}}$[{k}] from {number(was)} to {number(now)}"
    h_now, h_was = float(shown.trace.h[T, 0, j]), float(shown.computed.h[T, 0, j])
    end = (
        f"at the last word $h_{{{T}}}$[{j}] is {number(h_now)} instead of {number(h_was)}"
        if abs(h_now - h_was) >= 5e-4
        else "nothing of it is left in the last hidden state"
    )
    there = token(shown.labels[first - 1])
    return [f"Holding {values}{units} {at} ‘", there, f"’{on} {cell_words}; {end}."]


def tex(value: float, digits: int = 3) -> str:
    """A number for a formula."""
    return written.tex(number(float(value), digits))


def tex_number(value: float) -> str:
    """A number as a formula of its own."""
    return f"${tex(value)}$"


def squashed(shown: Cell) -> str:
    """How far the cell state goes beyond ±1 on this run, and what tanh makes of it, as Markdown."""
    c, tanh, h = shown.trace.c[1:, 0], shown.trace.tanh_c[:, 0], shown.trace.h[1:, 0]
    t, k = (int(v) for v in np.unravel_index(int(np.argmax(np.abs(c))), c.shape))
    beyond, largest = int((np.abs(c) > 1).sum()), float(np.abs(h).max())
    return (
        f"On this sentence {beyond} of {c.size} cell values lie outside $[-1, 1]$. The largest is "
        f"{tex_number(c[t, k])}, in unit {k} at {word(shown, t + 1)}; tanh makes it {tex_number(tanh[t, k])}. "
        f"No hidden value is larger than ${tex(largest)}$ in size."
    )


def accumulating(shown: Cell, always: Cell) -> str:
    """What the cell reaches when every gate is open at every word, as Markdown."""
    c, tanh = always.trace.c[-1, 0], always.trace.tanh_c[-1, 0]
    k = int(np.argmax(np.abs(c)))
    return (
        f"With $f = 1$ and $i = 1$ at every word nothing is forgotten and everything is written: after {shown.T} words "
        f"unit {k} would hold {tex_number(c[k])}, and tanh would make that ${tex(tanh[k], 5)}$."
    )


def counted(shown: Cell) -> str:
    """How many weights the four gates have, counted, against the vanilla RNN, as Markdown."""
    H, D, p, r = shown.H, shown.D, shown.params, shown.rnn
    total, rnn = (q.W_x.size + q.W_h.size + q.b.size for q in (p, r))
    each = block(p.W_h, "f").size + block(p.W_x, "f").size
    of_all = (
        ""
        if shown.answer is None
        else f", the words that stand here: each of the {ALL_WORDS} words that the network knows has a row in $W_x$, "
        "and only these rows take part"
    )
    return (
        f"Here $H = {H}$ and $D = {D}${of_all}. Each of the four matrices on $[h_{{t-1}}, x_t]$ has ${H} + {D}$ rows "
        f"and {H} columns, {each} numbers, and each of the four biases {H}: {total} in all. The vanilla RNN of "
        f"the same size has one matrix and one bias, {rnn} numbers: {short(total / rnn)} times fewer."
    )


def halves(shown: Cell) -> str:
    """How far “f × C” alone would be from the new cell state, as Markdown."""
    apart = np.abs(shown.parts.written[:, 0])
    first = min(1, shown.T - 1)  # at the first word there is nothing to forget
    t, k = (int(v) for v in np.unravel_index(int(np.argmax(apart[first:])), apart[first:].shape))
    t += first
    return (
        f"At {word(shown, t + 1)} $f \\times c$ leaves {tex_number(shown.parts.kept[t, 0, k])} in unit {k}, "
        f"but the new cell state is {tex_number(shown.trace.c[t + 1, 0, k])}: the other part, "
        f"{tex_number(shown.parts.written[t, 0, k])}, was written."
    )


def row(values: Array) -> str:
    """A vector as a formula, its numbers as they were typed."""
    return "[" + ",\\ ".join(written.tex(short(float(v))) for v in values) + "]"


def operations(found: Pointwise) -> str:
    """The three operations with their results, as Markdown."""
    a, b = row(found.a), row(found.b)
    lines = []
    if found.product is not None and found.total is not None:
        lines += [f"${a} \\times {b}$ $= {row(found.product)}$", f"${a} + {b}$ $= {row(found.total)}$"]
    lines.append(f"$[\\,{a},\\ {b}\\,]$ $= {row(found.joined)}$")
    names = ("Pointwise ×", "Pointwise +", "Concatenation")[-len(lines) :]
    return "\n".join(
        ["| operation | result |", "|---|---|", *(f"| {n} | {line} |" for n, line in zip(names, lines, strict=True))]
    )


def unequal(found: Pointwise) -> str:
    """Why × and + are not there, or ""."""
    if found.product is not None:
        return ""
    n, m = len(found.a), len(found.b)
    return f"The vectors have {n} and {m} entries. × and + go entry by entry and need equally many; they can be joined."
