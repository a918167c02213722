"""What the comparison of the two cells reads: counts, stored runs, horizons and times; nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from statistics import median

from core import pace, tasks, zoo
from core.experiments import Experiment, Outcome, Spread, bench, comparison, gaps, spread
from core.experiments.interval import Share, apart
from core.pace import Pace
from core.params import Array
from core.reach import horizons
from core.sizes import Sizes, by_count, by_formula, matched
from dashboard.lessons.compare.advice import Candidate, Evidence
from dashboard.lessons.compare.settings import CompareSettings

CELLS: Mapping[str, str] = {"rnn": "RNN", "lstm": "LSTM"}
BACK = 99  # steps back that a horizon is looked for
FRESH = 10  # seeds
SENTENCES = ("language", "pronoun", "context-switch")
SENTENCE_GAP = 20
SUMS_LENGTH = 20
LABELS = {"delayed-xor": "XOR", "context-switch": "subjects", "language": "country"}
ASKS = {
    "recall": "name a key that was shown before the gap",
    "adding": "add up two marked numbers",
    "context-switch": "say whom a text with two subjects is about",
    "language": "say which language is spoken, from a country named before",
    "delayed-xor": "say whether two marked bits differ",
    "parity": "say after each bit whether the ones so far are odd in number",
}
"""What is asked in each task, in a few words."""
GAPS = tuple(problem.gap for problem in bench.PROBLEMS if problem.task == "recall")


@dataclass(frozen=True)
class Counted:
    """The parameters of both cells.

    Attributes:
        units: By cell, its hidden size.
        formula: By cell, the parameters by formula.
        arrays: By cell, the entries of the arrays of a real model.
        total: By cell, those of the formula that count.
    """

    units: Mapping[str, int]
    formula: Mapping[str, Sizes]
    arrays: Mapping[str, Sizes]
    total: Mapping[str, int]

    @property
    def ratio(self) -> float:
        """How many times as many the LSTM has."""
        return self.total["lstm"] / self.total["rnn"]


def counted(settings: CompareSettings) -> Counted:
    """Both cells' parameters at the chosen sizes."""
    return _counted(
        settings.D,
        settings.H,
        settings.O,
        readout=settings.readout,
        biases=int(settings.biases),
        same_size=settings.same_size,
    )


@lru_cache(maxsize=256)
def _counted(D: int, H: int, O: int, *, readout: bool, biases: int, same_size: bool) -> Counted:  # noqa: E741
    own = matched(D, H, O, readout=readout, biases=biases) if same_size else H
    units = {"rnn": own, "lstm": H}
    formula = {cell: by_formula(cell, D, n, O, biases=biases) for cell, n in units.items()}
    arrays = {cell: by_count(cell, D, n, O, biases=biases) for cell, n in units.items()}
    return Counted(units, formula, arrays, {cell: sizes.total(readout=readout) for cell, sizes in formula.items()})


@lru_cache(maxsize=64)
def fresh(cell: str, start: str, seed: int) -> Array:
    """Horizons of fresh networks of 24 units, for ten seeds.

    Args:
        cell: "rnn" or "lstm".
        start: Of the RNN the scheme, of the LSTM the forget bias.
        seed: The first of them.
    """
    chosen = {"scheme": start} if cell == "rnn" else {"forget_bias": float(start)}
    return horizons(Experiment(gap=BACK, cell=cell, **chosen), range(seed, seed + FRESH))


def fresh_both(settings: CompareSettings) -> dict[str, Array]:
    """The horizons of both cells for the chosen starts."""
    return {"rnn": fresh("rnn", settings.start, settings.seed), "lstm": fresh("lstm", settings.bias, settings.seed)}


@lru_cache(maxsize=64)
def at_gap(start: str, gap: int) -> Candidate:
    """Recall at a gap of `GAPS` from one start, by its name in `bench.STARTS`: at its best rate, on fresh seeds."""
    of = bench.stored()
    return candidate(bench.best(bench.Problem("recall", gap), start, of), of)


def reach(start: str) -> int | None:
    """The longest of `GAPS` up to which most fresh seeds solve every one; None where there is none."""
    return max(takewhile(lambda gap: at_gap(start, gap).reliable, GAPS), default=None)


def started(settings: CompareSettings) -> dict[str, str]:
    """The chosen start of each cell, by its name in `bench.STARTS`."""
    return {"rnn": "plain" if settings.start == "uniform" else settings.start, "lstm": f"bias{settings.bias}"}


def chosen_reach(settings: CompareSettings) -> dict[str, int | None]:
    """The longest gap of both cells for the chosen starts."""
    return {cell: reach(start) for cell, start in started(settings).items()}


@dataclass(frozen=True)
class Task:
    """Both cells on one task, each from its chosen start at its best learning rate, on fresh seeds.

    Attributes:
        name: Name of the task.
        gap: Its gap or length.
        chance: Accuracy of guessing.
        rates: By cell, the learning rate.
        outcomes: By cell, a run a seed.
    """

    name: str
    gap: int
    chance: float
    rates: Mapping[str, float]
    outcomes: Mapping[str, tuple[Outcome, ...]]

    @property
    def spreads(self) -> dict[str, Spread]:
        """By cell, the spread of its runs."""
        return {cell: spread(runs) for cell, runs in self.outcomes.items()}

    @property
    def shares(self) -> dict[str, Share]:
        """By cell, the runs that solved it."""
        return {cell: Share(found.solved, found.runs) for cell, found in self.spreads.items()}

    @property
    def better(self) -> str:
        """The cell that solved it in more runs beyond doubt, see `core.experiments.interval.apart`; "" for none."""
        found = apart(self.shares["lstm"], self.shares["rnn"])
        return {1: "lstm", -1: "rnn", 0: ""}[found]


@lru_cache(maxsize=32)
def on_tasks(rnn: str, lstm: str, *, same_size: bool) -> tuple[Task, ...]:
    """Every problem of the fair bench, from one start of each cell.

    Args:
        rnn: The RNN's start, by its name in `bench.STARTS`.
        lstm: The LSTM's.
        same_size: Whether the RNN has as many parameters as the LSTM instead of as many units.
    """
    of, found = bench.stored(), []
    sizes: tuple[bench.Size, bench.Size] = ("parameters" if same_size else "units", "units")
    for problem in bench.PROBLEMS:
        picked = [bench.best(problem, start, of, size=size) for start, size in zip((rnn, lstm), sizes, strict=True)]
        found.append(
            Task(
                problem.task,
                problem.gap,
                tasks.TASKS[problem.task].chance,
                {setting.cell: setting.lr for setting in picked},
                {setting.cell: setting.outcomes(of, bench.FRESH) for setting in picked},
            )
        )
    return tuple(found)


def chosen_tasks(settings: CompareSettings) -> tuple[Task, ...]:
    """Every problem, as the page is set."""
    return on_tasks(**started(settings), same_size=settings.same_size)


@lru_cache(maxsize=4)
def sentences() -> dict[str, dict[str, float]]:
    """The stated accuracy of the trained models of the sentence tasks at a gap, by task and cell."""
    return {task: {cell: zoo.load(f"{task}-{cell}").accuracy[SENTENCE_GAP] for cell in CELLS} for task in SENTENCES}


def curves(settings: CompareSettings) -> tuple[Experiment, ...]:
    """The runs whose loss is drawn."""
    return comparison.plan(start=settings.start, same_size=settings.same_size, bias=float(settings.bias))


def short_runs(settings: CompareSettings) -> dict[str, float]:
    """By cell, the median of the training steps until the short task is solved, at a learning rate of 0.01."""
    stored = comparison.stored()
    runs = [stored[experiment] for experiment in curves(settings) if comparison.task_of(experiment) == comparison.SHORT]
    return {cell: float(median(o.at[-1] for o in runs if o.experiment.cell == cell)) for cell in CELLS}


def paced(settings: CompareSettings) -> dict[str, int]:
    """Units of the two cells whose time is taken: those of the runs."""
    rnn = comparison.rnn(*comparison.LONG, start=settings.start, same_size=settings.same_size)
    return {"rnn": rnn[0].H, "lstm": comparison.H}


def reference(settings: CompareSettings) -> dict[int, Pace]:
    """The shipped times for those units, by batch."""
    units = paced(settings)
    return {B: pace.stored().paces[units["rnn"], units["lstm"], B] for B in pace.BATCHES}


def measured(units: Mapping[str, int]) -> dict[int, Pace]:
    """The times here and now, by batch; takes about a second."""
    return {B: pace.measure(units, B, seconds=MOST_SECONDS) for B in pace.BATCHES}


MOST_SECONDS = 1.0


def candidate(setting: bench.Setting, of: bench.Outcomes) -> Candidate:
    """What a setting of the fair bench came to on fresh seeds."""
    found = spread(setting.outcomes(of, bench.FRESH))
    return Candidate(CELLS[setting.cell], setting.start, found.solved, found.runs, found.steps, setting.lr, fresh=True)


@lru_cache(maxsize=16)
def best_of(task: str, gap: int) -> Mapping[str, Candidate]:
    """The best of each cell on a problem of the fair bench: of all starts and rates, picked on other seeds."""
    of, problem = bench.stored(), bench.Problem(task, gap)
    settings = {
        cell: [bench.Setting(problem, start, lr) for start in _starts(cell) for lr in bench.RATES] for cell in CELLS
    }
    return {cell: candidate(bench.pick(tried, of), of) for cell, tried in settings.items()}


@lru_cache(maxsize=1)
def best_against_best() -> dict[str, Mapping[str, Candidate]]:
    """`best_of` for every problem of the fair bench, by its name and distance."""
    return {f"{LABELS.get(p.task, p.task)} {p.gap}": best_of(p.task, p.gap) for p in bench.PROBLEMS}


def _starts(cell: str) -> list[str]:
    return [name for name, start in bench.STARTS.items() if start.cell == cell]


def recall(gap: int) -> tuple[Candidate, ...]:
    """Every start of both cells at a gap: at its best rate where several were tried, else at the one there is."""
    problem = bench.Problem("recall", gap)
    if problem in bench.PROBLEMS:
        return tuple(at_gap(start, gap) for start in bench.STARTS)
    found = []
    for cell, starts in {"rnn": gaps.RNN_STARTS, "lstm": gaps.LSTM_STARTS}.items():
        for start, settings in starts.items():
            tried = [Experiment(gap=gap, cell=cell, seed=seed, **settings) for seed in gaps.SEEDS]
            runs = spread([gaps.stored()[experiment] for experiment in tried])
            found.append(Candidate(CELLS[cell], start, runs.solved, runs.runs, runs.steps))
    return tuple(found)


@lru_cache(maxsize=16)
def evidence(far: str) -> Evidence:
    """What the advice rests on for an answer that lies so many steps back; the same whatever the page is set to."""
    return Evidence(
        recall=recall(int(far)),
        slower=pace.stored().paces[comparison.H, comparison.H, max(pace.BATCHES)].ratio,
        larger=_counted(12, comparison.H, 4, readout=True, biases=1, same_size=False).ratio,
        switch=best_of("context-switch", SENTENCE_GAP),
        sums=best_of("adding", SUMS_LENGTH),
        sums_length=SUMS_LENGTH,
        switch_gap=SENTENCE_GAP,
    )
