"""The nine sub-steps of an LSTM cell: their formulas, and a sentence on each that is computed from the run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.lstm import block
from core.params import Array
from core.written import short
from dashboard.figure import Rich, math, number, prose, token
from dashboard.lessons.lstm_cell.compute import Cell
from dashboard.lessons.lstm_cell.figure import Entry, Gate, Substep

NAMES = {"f": "forget gate", "i": "input gate", "g": "candidate", "o": "output gate"}
PERCENT = "\N{NARROW NO-BREAK SPACE}%"


def _gate(gate: str, name: str) -> Substep:
    squash = "tanh" if gate == "g" else "σ"
    made, argument = Entry(gate, gate), Entry(f"a_{gate}", "ink")
    symbol: Rich = [math(f"{gate}_t")]
    formula = [*prose(f"${gate}_t$ = {squash}( $[h_{{t-1}}, x_t] W_{gate} + b_{gate}$ ) = {squash} "), argument, " = "]
    return Substep(gate, name, symbol, gate, [*formula, made], [*prose(f"${gate}_t$ = "), made, " set by hand"])


SUBSTEPS = (
    Substep(
        "join",
        "Join",
        prose("$h_{t-1}$, $x_t$"),
        "ink",
        [*prose("$[h_{t-1}, x_t]$ = "), Entry("joined", "ink")],
    ),
    _gate("f", "Forget gate"),
    _gate("i", "Input gate"),
    _gate("g", "Candidate"),
    Substep(
        "kept",
        "Forget",
        prose("$f_t$ × $c_{t-1}$"),
        "c",
        [*prose("$f_t$ × $c_{t-1}$ = "), Entry("f", "f"), " × ", Entry("c", "c", 1), " = ", Entry("kept", "c")],
    ),
    Substep(
        "written",
        "Write",
        prose("$i_t$ × $g_t$"),
        "c",
        [*prose("$i_t$ × $g_t$ = "), Entry("i", "i"), " × ", Entry("g", "g"), " = ", Entry("written", "c")],
    ),
    Substep(
        "c",
        "Add up",
        [math("c_t")],
        "c",
        [
            *prose("$c_t$ = $f_t$ × $c_{t-1}$ + $i_t$ × $g_t$ = "),
            Entry("kept", "c"),
            " + ",
            Entry("written", "c"),
            " = ",
            Entry("c", "c"),
        ],
    ),
    _gate("o", "Output gate"),
    Substep(
        "h",
        "Emit",
        [math("h_t")],
        "h",
        [
            *prose("$h_t$ = $o_t$ × tanh( $c_t$ ) = "),
            Entry("o", "o"),
            " × tanh ",
            Entry("c", "c"),
            " = ",
            Entry("h", "h"),
        ],
    ),
)


def opened(gate: str) -> Gate:
    """What opens when a gate is pressed: its equation here, split in two, and as textbooks with columns have it."""
    squash = "tanh" if gate == "g" else "σ"
    return Gate(
        gate,
        NAMES[gate].capitalize(),
        [
            prose(f"${gate}_t$ = {squash}( $[h_{{t-1}}, x_t] W_{gate} + b_{gate}$ )"),
            prose(f"split: {squash}( $h_{{t-1}} W_{{h{gate}}} + x_t W_{{x{gate}}} + b_{gate}$ )"),
            prose(f"with columns: ${gate}_t$ = {squash}( $W_{gate} · [h_{{t-1}}, x_t] + b_{gate}$ )"),
        ],
        [math(f"W_{gate}")],
        squash,
    )


def said(shown: Cell) -> list[list[list[Rich]]]:
    """What each sub-step did at each step: [t-1][sub-step] -> lines."""
    return [[make(shown, t) for make in SAYERS] for t in range(1, shown.T + 1)]


def percent(share: float) -> str:
    """A share in per cent, with enough digits to be told from 0 and 100."""
    return f"{short(100 * share, 2)}{PERCENT}" if share < 0.095 else f"{100 * share:.0f}{PERCENT}"


def _num(value: float) -> str:
    return number(float(value))


def _join(shown: Cell, t: int) -> list[Rich]:
    H, D = shown.H, shown.D
    first = f"One vector after the other: {H} numbers of $h_{t - 1}$, then {D} of the word vector of ‘"
    one_hot = "" if shown.answer is None else ", 1 at that word and 0 at the others that stand here"
    lines = [prose(first, token(shown.labels[t - 1]), f"’{one_hot}. All four gates read these {H + D} numbers.")]
    if t == 1:
        lines.append(prose("$h_0$ is zero: nothing has been read yet."))
    return lines


def _by_hand(shown: Cell, gate: str, t: int) -> list[Rich]:
    """What holding a gate at this step replaced; nothing where it is not held."""
    values, before = block(shown.held[t - 1], gate), block(shown.computed.gates[t - 1, 0], gate)
    held = np.flatnonzero(~np.isnan(values))
    if not held.size:
        return []
    whole = held.size == shown.H
    which = "" if whole else f" for unit {held[0]}"
    was = ", ".join(_num(before[k]) for k in held)
    left = " It reads nothing any more." if whole else ""
    return [prose(f"Set to {short(float(values[held[0]]))} by hand{which}.{left} As computed: {was}.")]


def _gate_words(gate: str, words: Callable[[Array], str]) -> Callable[[Cell, int], list[Rich]]:
    def say(shown: Cell, t: int) -> list[Rich]:
        return [prose(words(block(shown.trace.gates[t - 1, 0], gate))), *_by_hand(shown, gate, t)]

    return say


def _extremes(values: Array, low: str, high: str, alike: str) -> str:
    least, most = int(np.argmin(values)), int(np.argmax(values))
    if values[most] - values[least] < 0.005:
        return alike.format(percent(float(values[most])))
    return low.format(least, percent(float(values[least]))) + high.format(most, percent(float(values[most])))


def _forget_words(f: Array) -> str:
    return _extremes(
        f,
        "How much to keep, one number for each unit: unit {} keeps {} of what it holds, ",
        "unit {} keeps {}.",
        "How much to keep, one number for each unit: here {} everywhere.",
    )


def _input_words(i: Array) -> str:
    return _extremes(
        i,
        "How much to let in, one number for each unit: {1} at unit {0}, ",
        "{1} at unit {0}.",
        "How much to let in, one number for each unit: here {} everywhere.",
    )


def _candidate_words(g: Array) -> str:
    most = int(np.argmax(np.abs(g)))
    return (
        f"What could be written, between −1 and 1: the strongest proposal is {_num(g[most])} for unit {most}. "
        "Nothing is written yet."
    )


def _output_words(o: Array) -> str:
    return _extremes(
        o,
        "How much of each unit to show: {1} of unit {0}, ",
        "{1} of unit {0}. The cell state itself stays as it is.",
        "How much of each unit to show: here {} everywhere. The cell state itself stays as it is.",
    )


def _changed(shown: Cell, now: Array, before: Array, symbol: str) -> list[Rich]:
    """What a vector was with every gate as computed, where holding gates changed it."""
    if not shown.holds or np.abs(now - before).max() <= 5e-4:
        return []
    return [prose(f"As computed, {symbol} would be {', '.join(_num(v) for v in before)}.")]


def _forget(shown: Cell, t: int) -> list[Rich]:
    kept, c = shown.parts.kept[t - 1, 0], shown.trace.c[t - 1, 0]
    next_ = prose("Nothing is added yet: $i_t$ × $g_t$ comes next.")
    was = _changed(shown, kept, shown.before.kept[t - 1, 0], f"$f_{t}$ × $c_{t - 1}$")
    if t == 1:
        return [prose("$c_0$ is zero: there is nothing to forget yet."), next_]
    k = int(np.argmax(np.abs(c - kept)))
    if np.abs(c - kept).max() < 5e-4:
        return [prose("Each unit keeps what it held, untouched."), *(was or [next_])]
    share = percent(float(shown.trace.f[t - 1, 0, k]))
    return [
        prose(f"Unit {k} gives up most: of {_num(c[k])} it keeps {share}, which is {_num(kept[k])}."),
        *(was or [next_]),
    ]


def _write(shown: Cell, t: int) -> list[Rich]:
    i, g, written = shown.trace.i[t - 1, 0], shown.trace.g[t - 1, 0], shown.parts.written[t - 1, 0]
    was = _changed(shown, written, shown.before.written[t - 1, 0], f"$i_{t}$ × $g_{t}$")
    k = int(np.argmax(np.abs(written)))
    if np.abs(written).max() < 5e-4:
        return [prose("Nothing is written: the input gate is shut."), *was]
    sentence = f"Most is written into unit {k}: {percent(float(i[k]))} of {_num(g[k])}, which is {_num(written[k])}."
    return [prose(sentence), *was]


def _add(shown: Cell, t: int) -> list[Rich]:
    c, old = shown.trace.c[t, 0], shown.trace.c[t - 1, 0]
    was = _changed(shown, c, shown.computed.c[t, 0], f"$c_{t}$")
    k = int(np.argmax(np.abs(c - old)))
    if np.abs(c - old).max() < 5e-4:
        return [prose("What was kept plus what was written: the cell state went through this word unchanged."), *was]
    sentence = f"What was kept plus what was written. Unit {k} changes most: from {_num(old[k])} to {_num(c[k])}."
    return [prose(sentence), *was]


def _emit(shown: Cell, t: int) -> list[Rich]:
    c, tanh, o, h = shown.trace.c[t, 0], shown.trace.tanh_c[t - 1, 0], shown.trace.o[t - 1, 0], shown.trace.h[t, 0]
    was = _changed(shown, h, shown.computed.h[t, 0], f"$h_{t}$")
    k = int(np.argmax(np.abs(c)))
    sentence = (
        f"Unit {k} holds most, {_num(c[k])}: tanh makes it {_num(tanh[k])}, and the output gate shows "
        f"{percent(float(o[k]))} of that: {_num(h[k])}."
    )
    return [prose(sentence), *was]


SAYERS: tuple[Callable[[Cell, int], list[Rich]], ...] = (
    _join,
    _gate_words("f", _forget_words),
    _gate_words("i", _input_words),
    _gate_words("g", _candidate_words),
    _forget,
    _write,
    _add,
    _gate_words("o", _output_words),
    _emit,
)
