"""Success against the gap: the runs as they stand, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.experiments import Experiment, Outcome, spread
from core.tasks import Recall
from dashboard import figure
from dashboard.figure.rows import percent
from dashboard.lessons.memory import figure as memory
from dashboard.lessons.memory.figure import Runs
from dashboard.lessons.memory.settings import LSTM_NAMES, RNN_NAMES

NAMES = {"rnn": "RNN", "lstm": "LSTM"}


def gaps(plan: Sequence[Experiment], outcomes: Mapping[Experiment, Outcome], *, rnn: str, lstm: str) -> dict[str, Any]:
    """The payload of the figure.

    Args:
        plan: All runs asked for.
        outcomes: Those there are, finished or growing.
        rnn: Start of the RNNs.
        lstm: Start of the LSTMs.
    """
    parts = [memory.gaps(NAMES[cell], _by_gap(plan, outcomes, cell), chance=Recall.chance) for cell in NAMES]
    return figure.payload(
        tokens=[],
        panels=parts,
        H=0,
        label="Success against the gap",
        finding=[finding(plan, outcomes, rnn=rnn, lstm=lstm)],
    )


def _by_gap(plan: Sequence[Experiment], outcomes: Mapping[Experiment, Outcome], cell: str) -> list[Runs]:
    wanted = [experiment for experiment in plan if experiment.cell == cell]
    found = []
    for gap in sorted({experiment.gap for experiment in wanted}):
        of_gap = [experiment for experiment in wanted if experiment.gap == gap]
        there = [outcomes[experiment] for experiment in of_gap if experiment in outcomes]
        ended = [outcome for outcome in there if outcome.done]
        cells, ends = ["?", "?", "?"], None
        if ended:
            sum_ = spread(ended)
            steps = "–" if sum_.steps is None else f"{sum_.steps:.0f}"
            rest = f", {len(of_gap) - len(ended)} ?" if len(ended) < len(of_gap) else ""
            cells, ends = [f"{sum_.solved} of {len(ended)}{rest}", steps, f"{sum_.seconds:.1f}"], sum_
        found.append(
            Runs(
                gap,
                [(outcome.last, not outcome.done, _text(outcome)) for outcome in there],
                None if ends is None else (ends.low, ends.middle, ends.high),
                cells,
            )
        )
    return found


def _text(outcome: Outcome) -> str:
    at = f"{percent(outcome.last)} after {outcome.at[-1]} steps" if outcome.at else outcome.problem or "not begun"
    return f"seed {outcome.experiment.seed}: {at}{'' if outcome.done else ', still running'}"


def finding(plan: Sequence[Experiment], outcomes: Mapping[Experiment, Outcome], *, rnn: str, lstm: str) -> str:
    """What the finished runs say, as a sentence: the longest gap up to which each cell solves all with most seeds."""
    told = []
    for cell, start in (("rnn", RNN_NAMES[rnn].lower()), ("lstm", _bias(lstm))):
        name = f"{NAMES[cell]} ({start})"
        reach, missing, able, some = None, False, True, False
        for gap in sorted({experiment.gap for experiment in plan}):
            runs = [e for e in plan if (e.cell, e.gap) == (cell, gap)]
            ended = [outcomes[e] for e in runs if e in outcomes and outcomes[e].done]
            missing |= len(ended) < len(runs)
            some |= bool(ended)
            able &= 2 * sum(outcome.solved is not None for outcome in ended) > len(runs)
            reach = gap if able else reach
        so_far = " so far" if missing else ""
        if not some:
            told.append(f"The {name} reaches a gap of ? (none of its runs has ended)")
        elif reach is None:
            told.append(f"The {name} solves no gap{so_far}")
        else:
            told.append(f"The {name} reaches a gap of {reach}{so_far}")
    return f"{told[0]}, {told[1][0].lower()}{told[1][1:]}, with most of the five seeds, at a learning rate of 0.01."


def _bias(start: str) -> str:
    return "chrono" if start == "chrono" else f"forget bias {LSTM_NAMES[start]}"
