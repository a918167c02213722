"""The chapter's table of the two cells, redone: each claim, what was measured, and the verdict those numbers give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.experiments.interval import Share, apart
from core.pace import Pace
from core.params import Array
from core.written import significant
from dashboard import figure
from dashboard.figure.rich import Rich
from dashboard.lessons.compare import compute as runs
from dashboard.lessons.compare import figure as compare
from dashboard.lessons.compare.advice import Candidate
from dashboard.lessons.compare.compute import ASKS, BACK, GAPS, LABELS, SENTENCE_GAP, Counted, Task
from dashboard.lessons.compare.figure import Aspect
from dashboard.lessons.compare.settings import CompareSettings

LINK = "How measured"
FOUR = 4
FEW = 2  # tasks that are named in a cell
SHORT_TERM, LONG_TERM = 20, 100  # the chapter's


@dataclass(frozen=True, eq=False)
class Measured:
    """Everything the table reads.

    Attributes:
        reach: By cell, the longest gap that most fresh seeds solve; None for none.
        solved: By cell, the runs that solve that gap, or the shortest where none is.
        horizons: By cell, the horizons of fresh networks (n,).
        switch: By cell, its best on texts with two subjects.
        counted: The parameters.
        readout: Whether the read-out is among them.
        pace: Times by batch.
        here: Whether those were taken here and now.
        tasks: Runs by task.
        short: By cell, training steps until the short task was solved.
        same_size: Whether the RNN of the tasks has as many parameters as the LSTM.
    """

    reach: Mapping[str, int | None]
    solved: Mapping[str, Share]
    horizons: Mapping[str, Array]
    switch: Mapping[str, Candidate]
    counted: Counted
    readout: bool
    pace: Mapping[int, Pace]
    here: bool
    tasks: Sequence[Task]
    short: Mapping[str, float]
    same_size: bool


def measured(settings: CompareSettings, pace: Mapping[int, Pace], here: bool) -> Measured:
    """Everything the table reads, for the chosen starts and sizes and some times."""
    reach = runs.chosen_reach(settings)
    return Measured(
        reach=reach,
        solved={c: runs.at_gap(start, reach[c] or min(GAPS)).share for c, start in runs.started(settings).items()},
        horizons=runs.fresh_both(settings),
        switch=runs.best_of("context-switch", SENTENCE_GAP),
        counted=runs.counted(settings),
        readout=settings.readout,
        pace=pace,
        here=here,
        tasks=runs.chosen_tasks(settings),
        short=runs.short_runs(settings),
        same_size=settings.same_size,
    )


def table(found: Measured) -> dict[str, Any]:
    """The payload of the table."""
    rows = aspects(found)
    panel = compare.comparison(rows, LINK)
    return figure.payload(tokens=[], panels=[panel], H=0, finding=_finding(rows), label="The chapter’s table, measured")


def aspects(found: Measured) -> tuple[Aspect, ...]:
    """The rows, in the chapter's order."""
    return (
        _memory(found.reach, found.solved),
        _vanishing(found.horizons),
        _context(found.switch),
        _parameters(found.counted, readout=found.readout),
        _speed(found.pace, here=found.here),
        _accuracy(found.tasks, same_size=found.same_size),
        _use(found.short, found.pace),
    )


def _finding(rows: Sequence[Aspect]) -> Rich:
    counts = {tone: sum(row.tone == tone for row in rows) for tone in compare.TONES}
    parts = [
        f"{counts['holds']} hold{'s' * (counts['holds'] == 1)} here",
        f"{counts['partly']} in part",
        f"{counts['fails']} {'does' if counts['fails'] == 1 else 'do'} not",
    ]
    return [f"Of the table’s {len(rows)} claims {parts[0]}, {parts[1]}, {parts[2]}."]


def _memory(reach: Mapping[str, int | None], solved: Mapping[str, Share]) -> Aspect:
    rnn, lstm = (reach[cell] or 0 for cell in ("rnn", "lstm"))
    told = tuple(
        f"{f'bridges {gap}' if gap else f'does not bridge {min(GAPS)}'}: {solved[cell]}"
        for cell, gap in (("rnn", rnn), ("lstm", lstm))
    )
    if lstm > rnn:
        whole = rnn <= SHORT_TERM and lstm >= LONG_TERM
        tone, word = ("holds", "Holds") if whole else ("partly", "Partly")
        text = "From these starts the LSTM reaches further."
    elif lstm == rnn:
        tone, word, text = "fails", "No difference", "From these starts both reach as far."
    else:
        tone, word, text = "fails", "The other way round", "From these starts the RNN reaches further."
    text += (
        " The task is recall: a key is shown, then a gap of distractors, then the key is asked for. A gap is bridged "
        "if most of ten fresh networks learn that, each start at its best learning rate. Gaps of "
        f"{listed([*map(str, GAPS)])} steps were tested. (“Claims on trial” asks for 8 of 10.)"
    )
    return Aspect("Memory", ("10–20 steps", "100+ steps"), (told[0], told[1]), tone, word, text, "deeper-compare-reach")


def _vanishing(horizons: Mapping[str, Array]) -> Aspect:
    middle = {cell: float(np.median(values)) for cell, values in horizons.items()}
    told = tuple(
        f"fresh gradient: 37 % left {significant(value)} steps back"
        if np.isfinite(value)
        else f"fresh gradient: over 37 % left {BACK} steps back"
        for value in (middle["rnn"], middle["lstm"])
    )
    if not np.isfinite(middle["lstm"]):
        tone, word = "holds", "Holds, with this bias"
        text = "Gates that begin near 1 let the gradient through. It can still explode on its way through h."
    elif middle["lstm"] > middle["rnn"]:
        tone, word = "partly", "Later, not solved"
        text = f"The fresh LSTM’s gradient lives {middle['lstm'] / middle['rnn']:.1f} times as long and vanishes too."
    else:
        tone, word = "fails", "The other way round"
        text = "From an orthogonal start the RNN’s gradient outlives that of an LSTM with so small a forget bias."
    text += (
        " Counted are the steps back in which the gradient of an untrained network falls to 37 % (by e ≈ 2.7), the "
        "median of ten seeds."
    )
    return Aspect(
        "Vanishing gradient", ("yes, major", "no, solved"), (told[0], told[1]), tone, word, text, "deeper-compare-reach"
    )


def _context(switch: Mapping[str, Candidate]) -> Aspect:
    told = tuple(f"answer at the end: {switch[cell].solved} of {switch[cell].runs} runs" for cell in ("rnn", "lstm"))
    ahead = apart(switch["lstm"].share, switch["rnn"].share)
    tone, word = {1: ("holds", "Holds"), 0: ("fails", "No clear difference"), -1: ("fails", "The other way round")}[
        ahead
    ]
    text = (
        "The buttons above do not move this row: each cell has its best start and learning rate. Texts whose subject "
        f"changes, {SENTENCE_GAP} words of filler twice, on fresh seeds. Here only the answer after the last word "
        "counts; Home asks after every word."
    )
    return Aspect(
        "Context management", ("poor", "excellent"), (told[0], told[1]), tone, word, text, "deeper-compare-tasks"
    )


def _parameters(counted: Counted, *, readout: bool) -> Aspect:
    told = tuple(f"{counted.total[c]:,} with {counted.units[c]} units" for c in ("rnn", "lstm"))
    ratio = counted.ratio
    if counted.units["rnn"] != counted.units["lstm"]:
        tone, word = "partly", "As many, by choice"
        text = f"With {counted.units['rnn']} units the RNN comes closest to the LSTM with {counted.units['lstm']}."
    elif counted.total["lstm"] == FOUR * counted.total["rnn"]:
        tone, word, text = "holds", "Exactly 4 times", "Four blocks of the size of an RNN layer."
    else:
        tone, word = "partly", f"{ratio:.2f} times, not 4"
        text = "The recurrent layer has exactly 4 times as many; the read-out is the same in both."
    text = text if readout or tone != "holds" else f"{text} The read-out is left out."
    return Aspect(
        "Parameters", ("fewer", "more (4 times)"), (told[0], told[1]), tone, word, text, "deeper-compare-cost"
    )


def _speed(pace: Mapping[int, Pace], *, here: bool) -> Aspect:
    few, many = (pace[B] for B in sorted(pace))
    told = tuple(f"{milliseconds(many.middle[cell])} an update" for cell in ("rnn", "lstm"))
    low, high = sorted((few.ratio, many.ratio))
    where = "measured here" if here else "on one machine"
    if low > 1:
        tone, word = "holds", f"{many.ratio:.1f} times as slow"
    else:
        tone, word = ("partly", "Depends on the batch") if high > 1 else ("fails", "Not slower")
    text = (
        f"An update is a training step. In batches of {many.B}; with single sequences {few.ratio:.1f} times. "
        f"{where[0].upper()}{where[1:]}."
    )
    return Aspect("Training speed", ("faster", "slower"), (told[0], told[1]), tone, word, text, "deeper-compare-cost")


def _accuracy(tasks: Sequence[Task], *, same_size: bool) -> Aspect:
    wins = {cell: sum(task.better == cell for task in tasks) for cell in ("rnn", "lstm", "")}
    told = tuple(
        f"ahead on {wins[cell]} of {len(tasks)} tasks{_named([task for task in tasks if task.better == cell], tasks)}"
        for cell in ("rnn", "lstm")
    )
    if wins["rnn"] == 0 and wins["lstm"] == len(tasks):
        tone, word = "holds", "Holds"
    elif wins["lstm"] > wins["rnn"]:
        tone, word = "partly", "Depends on the task"
    else:
        tone, word = "fails", "Depends on the task" if wins["rnn"] == wins["lstm"] else "The other way round"
    equal = "as many parameters" if same_size else "as many units"
    text = (
        f"No clear difference on {wins['']}. From the starts set above, each at its best rate, ten fresh seeds, "
        f"{equal}; “Claims on trial” gives each cell its best start. The tasks, each with its gap or length in "
        f"steps: {'; '.join(_meant(tasks))}."
    )
    return Aspect("Accuracy", ("lower", "higher"), (told[0], told[1]), tone, word, text, "deeper-compare-tasks")


def _named(tasks: Sequence[Task], every: Sequence[Task]) -> str:
    """The tasks behind a count, where they are few."""
    return f": {listed([titled(task, every) for task in tasks])}" if 0 < len(tasks) <= FEW else ""


def titled(task: Task, every: Sequence[Task]) -> str:
    """A task, with its gap where there are several of its kind."""
    several = sum(other.name == task.name for other in every) > 1
    return f"{LABELS.get(task.name, task.name)}{f' {task.gap}' * several}"


def _meant(tasks: Sequence[Task]) -> list[str]:
    """Each kind of task with what is asked in it."""
    kinds = dict.fromkeys(task.name for task in tasks)
    return [
        f"{LABELS.get(kind, kind)} ({listed([str(task.gap) for task in tasks if task.name == kind])}): {ASKS[kind]}"
        for kind in kinds
    ]


def _use(short: Mapping[str, float], pace: Mapping[int, Pace]) -> Aspect:
    told = tuple(f"a gap of 5 in {short[cell]:.0f} training steps" for cell in ("rnn", "lstm"))
    ratio = pace[max(pace)].ratio
    sooner = "RNN" if short["rnn"] <= ratio * short["lstm"] else "LSTM"
    tone, word = "partly", "The simple half holds" if sooner == "RNN" else "Not by time"
    text = (
        f"On so simple a task both get there at a learning rate of 0.01, the {sooner} in less time: an LSTM’s step "
        f"takes {ratio:.1f} times as long. No complex sequences are run for this row: for those "
        "see “Which to take” below."
    )
    return Aspect("Use case", ("simple sequences", "complex sequences"), (told[0], told[1]), tone, word, text, "choose")


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def milliseconds(seconds: float) -> str:
    """A time in ms with three significant digits."""
    return f"{significant(1e3 * seconds)} ms"
