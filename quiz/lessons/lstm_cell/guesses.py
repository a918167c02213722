"""An entry of the new cell state, the hidden state with the forget gate at 0, and what a cell shows."""

from __future__ import annotations

import math

import numpy as np

from core.lstm import LSTMParams, LSTMTrace
from core.override import Override, forward_with
from quiz.computed.guess import About, numeric
from quiz.computed.numbers import Candidate, inline, shown, signed
from quiz.schema import Exact, Numeric

SEEN = 0.02  # size of a value that can be told from 0
NEAR = 0.03

CELL = About("guess-lstm-cell-cell", "lstm-cell", ("cell-state", "forget-gate", "input-gate"))
FORGOTTEN = About("guess-lstm-cell-forgotten", "lstm-cell", ("forget-gate", "cell-state"))
HIDDEN = About("guess-lstm-cell-hidden", "lstm-cell", ("output-gate", "cell-state"))


def questions(params: LSTMParams, trace: LSTMTrace) -> tuple[Exact, ...]:
    """Up to three predictions on one step of an LSTM.

    Args:
        params: Its weights.
        trace: What `core.lstm.forward` returned for one sequence.

    Returns:
        Of c_t, h_t with the forget gate at 0, and h_t those that can be told apart from their slips.

    Raises:
        ValueError: A batch of more than one sequence.
    """
    if trace.x.shape[1] != 1:
        raise ValueError(f"trace: expected one sequence, got B = {trace.x.shape[1]}. Pick one.")
    t, k = chosen(trace)
    # Where nothing is there to be forgotten, the forget gate makes no difference.
    about_f = (cell(trace, t, k), forgotten(params, trace, t, k)) if abs(trace.c[t - 1, 0, k]) >= SEEN else ()
    made = (*about_f, hidden(trace, t, k))
    return tuple(question for question in made if abs(question.answer) >= SEEN and question.slips)


def chosen(trace: LSTMTrace) -> tuple[int, int]:
    """The step and unit where most is forgotten: there f, i and what they multiply all count."""
    lost = np.abs(trace.c[:-1, 0] * (1 - trace.f[:, 0]))
    t, k = np.unravel_index(int(np.argmax(lost)), lost.shape)
    return int(t) + 1, int(k)


def cell(trace: LSTMTrace, t: int, k: int) -> Numeric:
    """One entry of c_t."""
    f, i, g = (float(gate[t - 1, 0, k]) for gate in (trace.f, trace.i, trace.g))
    old, new = (float(trace.c[step, 0, k]) for step in (t - 1, t))
    wrong: list[Candidate] = [
        (
            i * old + f * g,
            "swapped the forget and input gates",
            r"You swapped the gates. $f$ belongs to the old cell, $i$ to the candidate.",
        ),
        (f * old, "left out the write", r"You only forgot. The step also writes $i \cdot g$."),
        (old + i * g, "kept the old cell whole", r"You forgot nothing. The old value is first multiplied by $f$."),
        (f * old + g, "left out the input gate", r"You left the input gate out. It lets $i$ of the candidate in."),
        (i * g, "left out what is kept", r"You only wrote. $f$ of the old value stays."),
        (
            math.tanh(new),
            "squashed the cell state itself",
            r"You took tanh of it. That is for $h_t$; the cell itself is not squashed.",
        ),
        (old, "took the wrong time step", rf"That is $c_{{{t - 1}}}[{k}]$, the value before the step."),
    ]
    return numeric(
        CELL,
        rf"At step {t}, unit {k} has $f = {shown(f, 3)}$, $i = {shown(i, 3)}$, $g = {shown(g, 3)}$ and held "
        rf"$c_{{{t - 1}}}[{k}] = {shown(old, 3)}$. What is $c_{{{t}}}[{k}]$?",
        new,
        wrong,
        rf"$c_{{{t}}}[{k}] = f\, c_{{{t - 1}}}[{k}] + i\, g = {shown(f, 3)} \cdot {signed(old, 3)} + "
        rf"{shown(i, 3)} \cdot {signed(g, 3)} \approx {shown(new, 3)}$.",
    )


def forgotten(params: LSTMParams, trace: LSTMTrace, t: int, k: int) -> Numeric:
    """One entry of h_t with f = 0 at that step."""
    held = forward_with(params, trace.x, [Override("f", 0.0, t, t)], trace.h[0], trace.c[0])
    i, g, o = (float(gate[t - 1, 0, k]) for gate in (held.i, held.g, held.o))
    c, h = float(held.c[t, 0, k]), float(held.h[t, 0, k])
    as_computed = float(trace.h[t, 0, k])
    wrong: list[Candidate] = [
        (
            0.0,
            "left out the write",
            r"You emptied the cell. With $f = 0$ the old value is gone, but $i \cdot g$ is still written.",
        ),
        (
            as_computed,
            "kept the old cell whole",
            r"That is the value as computed. With $f = 0$ nothing of the old cell is left.",
        ),
        (c, "mixed up cell state and hidden state", rf"That is $c_{{{t}}}[{k}]$. What is shown is $o \cdot \tanh(c)$."),
        (o * c, "forgot the tanh around the cell", r"You left tanh out. $h = o \cdot \tanh(c)$."),
        (o * math.tanh(g), "left out the input gate", r"You left the input gate out. It lets $i$ of the candidate in."),
        (o + math.tanh(c), "added where a gate multiplies", r"You added the output gate. It multiplies."),
    ]
    return numeric(
        FORGOTTEN,
        rf"Suppose the forget gate is set to 0 at step {t}. There $i = {shown(i, 3)}$, $g = {shown(g, 3)}$ and "
        rf"$o = {shown(o, 3)}$ in unit {k}. What is $h_{{{t}}}[{k}]$ then?",
        h,
        wrong,
        rf"$c_{{{t}}}[{k}] = 0 + {shown(i, 3)} \cdot {signed(g, 3)} \approx {shown(c, 3)}$, and $h_{{{t}}}[{k}] = "
        rf"{shown(o, 3)} \cdot \tanh({shown(c, 3)}) \approx {shown(h, 3)}$. As computed it is "
        f"{inline(as_computed, 3)}.",
    )


def hidden(trace: LSTMTrace, t: int, k: int) -> Numeric:
    """One entry of h_t from o_t and c_t."""
    o, old, c, h = (float(v) for v in (trace.o[t - 1, 0, k], trace.c[t - 1, 0, k], trace.c[t, 0, k], trace.h[t, 0, k]))
    wrong: list[Candidate] = [
        (o * c, "forgot the tanh around the cell", r"You left tanh out. $h = o \cdot \tanh(c)$."),
        (math.tanh(c), "left out the output gate", r"You left the output gate out. It shows $o$ of $\tanh(c)$."),
        (
            o * math.tanh(old),
            "took the wrong time step",
            rf"You used $c_{{{t - 1}}}$. The output gate shows the new cell state.",
        ),
        (o + math.tanh(c), "added where a gate multiplies", r"You added the output gate. It multiplies."),
        (
            math.tanh(o * c),
            "let the output gate act before the tanh",
            r"You multiplied first. tanh of the cell comes first, then the gate.",
        ),
    ]
    return numeric(
        HIDDEN,
        rf"With $o = {shown(o, 3)}$, $c_{{{t}}}[{k}] = {shown(c, 3)}$ and $c_{{{t - 1}}}[{k}] = {shown(old, 3)}$, what "
        rf"does the cell show: what is $h_{{{t}}}[{k}]$?",
        h,
        wrong,
        rf"$h_{{{t}}}[{k}] = o \cdot \tanh(c_{{{t}}}[{k}]) = {shown(o, 3)} \cdot \tanh({shown(c, 3)}) \approx "
        rf"{shown(o, 3)} \cdot {signed(math.tanh(c), 3)} \approx {shown(h, 3)}$.",
        rel=NEAR,
    )
