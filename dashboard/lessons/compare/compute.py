"""What the comparison of the two cells reads: counts, stored runs, horizons and times; nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from statistics import median

from core import pace, tasks, zoo
from core.experiments import Experiment, Outcome, Spread, bench, comparison, gaps, spread
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


def at_gap(cell: str, gap: int, start: str, outcomes: Mapping[Experiment, Outcome] | None = None) -> Spread:
    """The stored recall runs of one cell and start at one gap; ``start`` is a name of `core.experiments.gaps`."""
    found = gaps.stored() if outcomes is None else outcomes
    settings = (gaps.RNN_STARTS if cell == "rnn" else gaps.LSTM_STARTS)[start]
    return spread([found[Experiment(gap=gap, cell=cell, seed=seed, **settings)] for seed in gaps.SEEDS])


def reach(cell: str, start: str) -> int | None:
    """The longest gap up to which most of the stored runs solve every one tried; None where there is none."""
    tried = sorted((*gaps.GAPS, gaps.FAR))
    able = takewhile(lambda gap: 2 * (s := at_gap(cell, gap, start)).solved > s.runs, tried)
    return max(able, default=None)


def stored_reach(settings: CompareSettings) -> dict[str, int | None]:
    """The longest gap of both cells for the chosen starts."""
    return {"rnn": reach("rnn", settings.start), "lstm": reach("lstm", f"bias{settings.bias}")}


@dataclass(frozen=True)
class Task:
    """Both cells on one task.

    Attributes:
        name: Name of the task.
        gap: Its gap or length.
        chance: Accuracy of guessing.
        outcomes: By cell, a run a seed.
    """

    name: str
    gap: int
    chance: float
    outcomes: Mapping[str, tuple[Outcome, ...]]

    @property
    def spreads(self) -> dict[str, Spread]:
        """By cell, the spread of its runs."""
        return {cell: spread(runs) for cell, runs in self.outcomes.items()}

    @property
    def better(self) -> str:
        """The cell that is ahead: two seeds more solved, or each of its runs above each of the other's; "" for none."""
        spreads = self.spreads
        for cell, other in (("rnn", "lstm"), ("lstm", "rnn")):
            one, two = spreads[cell], spreads[other]
            if one.solved - two.solved >= CLEARLY or one.low > two.high:
                return cell
        return ""


CLEARLY = 2  # seeds


@lru_cache(maxsize=32)
def on_tasks(start: str, bias: str, *, same_size: bool) -> tuple[Task, ...]:
    """Every stored task, for the chosen starts and sizes."""
    stored, found = comparison.stored(), []
    for name, gap in comparison.TASKS:
        runs = {
            "rnn": comparison.rnn(name, gap, start=start, same_size=same_size),
            "lstm": comparison.lstm(name, gap, bias=float(bias)),
        }
        outcomes = {cell: tuple(stored[experiment] for experiment in plan) for cell, plan in runs.items()}
        found.append(Task(name, gap, tasks.TASKS[name].chance, outcomes))
    return tuple(found)


def chosen_tasks(settings: CompareSettings) -> tuple[Task, ...]:
    """Every stored task, as the page is set."""
    return on_tasks(settings.start, settings.bias, same_size=settings.same_size)


@lru_cache(maxsize=4)
def sentences() -> dict[str, dict[str, float]]:
    """The stated accuracy of the trained models of the sentence tasks at a gap, by task and cell."""
    return {task: {cell: zoo.load(f"{task}-{cell}").accuracy[SENTENCE_GAP] for cell in CELLS} for task in SENTENCES}


def curves(settings: CompareSettings) -> tuple[Experiment, ...]:
    """The runs whose loss is drawn."""
    return comparison.plan(start=settings.start, same_size=settings.same_size, bias=float(settings.bias))


def short_runs(settings: CompareSettings) -> dict[str, float]:
    """By cell, the median of the training steps until the short task is solved."""
    task = next(task for task in chosen_tasks(settings) if (task.name, task.gap) == comparison.SHORT)
    return {cell: float(median(o.at[-1] for o in runs)) for cell, runs in task.outcomes.items()}


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
    return Candidate(CELLS[setting.cell], setting.start, found.solved, found.runs, found.steps, setting.lr)


@lru_cache(maxsize=16)
def best_of(task: str, gap: int) -> Mapping[str, Candidate]:
    """The best of each cell on a problem of the fair bench: of all starts and rates, picked on other seeds."""
    of, problem = bench.stored(), bench.Problem(task, gap)
    settings = {
        cell: [bench.Setting(problem, start, lr) for start in _starts(cell) for lr in bench.RATES] for cell in CELLS
    }
    return {cell: candidate(bench.pick(tried, of), of) for cell, tried in settings.items()}


def _starts(cell: str) -> list[str]:
    return [name for name, start in bench.STARTS.items() if start.cell == cell]


def recall(gap: int) -> tuple[Candidate, ...]:
    """Every start of both cells at a gap: at its best rate where several were tried, else at the one there is."""
    problem = bench.Problem("recall", gap)
    if problem in bench.PROBLEMS:
        of = bench.stored()
        return tuple(candidate(bench.best(problem, start, of), of) for start in bench.STARTS)
    found = []
    for cell, names in {"rnn": gaps.RNN_STARTS, "lstm": gaps.LSTM_STARTS}.items():
        for start in names:
            runs = at_gap(cell, gap, start)
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
