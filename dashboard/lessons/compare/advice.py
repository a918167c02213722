"""Which cell to take: a few answers in, two sentences out that rest on the stored measurements and nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core.experiments.interval import Share, apart
from dashboard.lessons.compare.settings import FAR, KINDS, SCARCE

NAMES: Mapping[str, str] = {
    "uniform": "a plain start",
    "plain": "a plain start",
    "orthogonal": "an orthogonal start",
    "identity": "an identity start",
    "identity-tanh": "an identity start",
    "identity-relu": "an identity start and ReLU",
    "chrono": "chrono biases",
    **{f"bias{b}": f"a forget bias of {b}" for b in (0, 1, 3, 5)},
}
GLOSSES: Mapping[str, str] = {
    "orthogonal": " (it keeps every length)",
    "identity": " (at first it copies the state)",
    "identity-tanh": " (at first it copies the state)",
    "identity-relu": " (copies the state, cut at 0)",
    "chrono": " (forget gates by unit: memories from short to as long as the task)",
}
"""What a start is, in a few words, for the first time it is named."""
RULES: Mapping[str, str] = {
    "nothing": "Ranked by runs solved, then by time (steps × time of one).",
    "time": "Ranked by time (steps × time of one) among those that most runs solve.",
    "size": "Ranked by size among those that most runs solve.",
}
"""What decides, by what is scarce."""
NEARLY = 4
"""Of ten runs: a lead that counts although the intervals overlap."""


@dataclass(frozen=True)
class Candidate:
    """What was measured of one cell from one start, at the distance in question.

    Attributes:
        cell: "RNN" or "LSTM".
        start: Name of its start, a key of `NAMES`.
        solved: Runs that solved it.
        runs: Runs there were.
        steps: Median training steps of those that did; None if none did.
        rate: Learning rate.
        fresh: Whether it is the best of several, and the runs are on seeds that had no part in picking it.
    """

    cell: str
    start: str
    solved: int
    runs: int
    steps: float | None
    rate: float = 0.01
    fresh: bool = False

    @property
    def reliable(self) -> bool:
        """Whether most runs solve it."""
        return 2 * self.solved > self.runs

    def named(self) -> str:
        """The cell with its start, after an article."""
        return f"{self.cell} with {NAMES[self.start]}"

    @property
    def share(self) -> Share:
        """The runs solved."""
        return Share(self.solved, self.runs)

    def told(self) -> str:
        """What it did."""
        in_steps = "" if self.steps is None else f", in {self.steps:.0f} training steps"
        return f"{self.solved} of {self.runs} runs{in_steps}"


@dataclass(frozen=True)
class Evidence:
    """What the advice rests on.

    Attributes:
        recall: Candidates at the distance in question, both cells, all starts.
        slower: How many times as long a training step of the LSTM takes, in batches of 32.
        larger: How many times as many parameters it has, at equal units.
        switch: Texts with two subjects: the best of each cell, start and rate.
        sums: The adding problem, likewise.
        sums_length: Its length.
        switch_gap: Words of each filler of those texts.
    """

    recall: tuple[Candidate, ...]
    slower: float
    larger: float
    switch: Mapping[str, Candidate]
    sums: Mapping[str, Candidate]
    sums_length: int
    switch_gap: int


@dataclass(frozen=True)
class Advice:
    """A recommendation.

    Attributes:
        cell: "RNN", "LSTM", or "" where nothing measured here settles it.
        sentences: Two sentences.
    """

    cell: str
    sentences: tuple[str, str]


def advise(far: str, kind: str, scarce: str, evidence: Evidence) -> Advice:
    """The recommendation.

    Args:
        far: Steps back to what the answer depends on, one of `FAR`.
        kind: What is to be done with it, one of `KINDS`.
        scarce: What there is little of, one of `SCARCE`.
        evidence: What was measured.

    Raises:
        ValueError: An answer that is not one of its kind.
    """
    for name, value, known in (("far", far, FAR), ("kind", kind, KINDS), ("scarce", scarce, SCARCE)):
        if value not in known:
            raise ValueError(f"{name}: {value!r} is not known. Choose one of {', '.join(known)}.")
    if kind == "keep":
        return _keep(int(far), scarce, evidence)
    measured = evidence.switch_gap if kind == "replace" else evidence.sums_length
    best = evidence.switch if kind == "replace" else evidence.sums
    return _by_task(int(far), kind, scarce, best, measured, evidence)


def _keep(far: int, scarce: str, evidence: Evidence) -> Advice:
    """Keeping one thing: of those that solve the gap with most runs the most reliable, the soonest or the smallest."""
    able = [c for c in evidence.recall if c.reliable]
    if not able:
        best = max(evidence.recall, key=lambda c: c.solved)
        tried = f"no start of either cell solved a gap of {far} with most runs. Nearest came the {best.named()}"
        return Advice("", (f"Nothing here settles it: {tried} ({best.told()}).", _cost(evidence)))
    small = scarce == "size" and any(c.cell == "RNN" for c in able)
    pool = [c for c in able if c.cell == "RNN"] if small else able
    order = _soonest if scarce == "time" else _rank
    taken = min(pool, key=lambda c: order(c, evidence))
    others = [c for c in evidence.recall if c.cell != taken.cell]
    other = min(others, key=lambda c: (not c.reliable, *_rank(c, evidence)))
    where = "" if taken.fresh else f" at a learning rate of {taken.rate:g}, the only one tried at this gap"
    first = f"Take an {taken.named()}{_gloss(taken)}: it solved a gap of {far} in {taken.told()}{where}."
    second = (
        f"The best {other.cell}, with {NAMES[other.start]}{_gloss(other)}, came to {other.told()}; "
        f"a training step of an LSTM takes {evidence.slower:.1f} times as long (24 units, batches of 32). "
        f"{RULES[scarce]}"
    )
    return Advice(taken.cell, (first, second))


def _rank(candidate: Candidate, evidence: Evidence) -> tuple[float, float]:
    """More runs solved first; then less time until solved."""
    return -candidate.solved, _time(candidate, evidence)


def _soonest(candidate: Candidate, evidence: Evidence) -> tuple[float, float]:
    """Less time until solved first; then more runs solved."""
    return _time(candidate, evidence), -candidate.solved


def _time(candidate: Candidate, evidence: Evidence) -> float:
    """Time until solved, counted in training steps of the RNN; infinite where no run got there."""
    each = evidence.slower if candidate.cell == "LSTM" else 1.0
    return math.inf if candidate.steps is None else each * candidate.steps


def _by_task(
    far: int, kind: str, scarce: str, best: Mapping[str, Candidate], measured: int, evidence: Evidence
) -> Advice:
    """Where a task was measured at one distance alone: best against best, and where they are alike the cheaper."""
    rnn, lstm = best["rnn"], best["lstm"]
    reach = 2 * measured + 11 if kind == "replace" else measured  # in half of the texts the first name is asked for
    task = "texts with two subjects" if kind == "replace" else f"the adding problem over {measured} steps"
    if not rnn.solved and not lstm.solved:
        tried = f"neither cell solved {task} in any run, from any start"
        return Advice("", (f"Nothing here settles it: {tried} ({rnn.runs} runs each).", _cost(evidence)))
    ahead = apart(lstm.share, rnn.share)
    near = not ahead and abs(lstm.solved - rnn.solved) >= NEARLY
    taken, other = (lstm, rnn) if ahead > 0 or (near and lstm.solved > rnn.solved) else (rnn, lstm)
    runs = f"{taken.solved} of {taken.runs} runs against {other.solved} of {other.runs}"
    why = f", the cheaper one: the runs do not tell the two apart ({runs})"
    if ahead:
        why = f": it leads ({runs})"
    elif near:
        why = f", probably: {runs}, which in so few runs is no clear lead (the 95 % intervals overlap)"
    first = f"Take an {taken.cell}{why}."
    if far > reach:
        first = f"This was measured up to {reach} steps only; for {far}, as a guess, take an {taken.cell}{why}."
    steps = "" if taken.steps is None else f" in {taken.steps:.0f} training steps"
    told = (
        f"It solved {task}{steps}, with {NAMES[taken.start]}{_gloss(taken)} at a learning rate of {taken.rate:g}; "
        f"the best {other.cell} had {NAMES[other.start]}{_gloss(other)}. "
    )
    price = _cost(evidence)
    if scarce != "nothing" and taken.cell == "LSTM":
        price = f"Its price, where you have little {SCARCE[scarce].lower()}: {_uncapitalised(_cost(evidence))}"
    return Advice(taken.cell, (first, told + price))


def _gloss(candidate: Candidate) -> str:
    return GLOSSES.get(candidate.start, "")


def _cost(evidence: Evidence) -> str:
    return (
        f"An LSTM’s training step takes {evidence.slower:.1f} times as long (24 units, batches of 32), and it has "
        f"{evidence.larger:.1f} times the parameters."
    )


def _uncapitalised(text: str) -> str:
    return text[0].lower() + text[1:]
