"""The figures of the text grader as they were last measured: ``python -m quiz evaluate --write`` keeps them.

What pages and README state is read from there, and a test measures again: no figure stands beside other weights.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quiz.corpus.corpus import answers
from quiz.corpus.figures import wilson
from quiz.evaluate import Figures, figures, judged, numbers, verdicts
from quiz.grading.text.model import load
from quiz.load import Bank

FILE = Path(__file__).parent / "corpus" / "figures.toml"
HEAD = "# What the text grader does on quiz/corpus/test, written by `python -m quiz evaluate --write`.\n"


@dataclass(frozen=True)
class Measured:
    """Figures and what they are figures of.

    Attributes:
        fingerprint: Of the weights that were measured, as `quiz.grading.text.model.Model` has it.
        grader: Their figures.
    """

    fingerprint: str
    grader: Figures


def measure(bank: Bank) -> Measured:
    """Measure the grader in use on all test answers."""
    asked = answers("test")
    given = verdicts(grade.verdict for grade in judged(bank, asked))
    return Measured(load().fingerprint, figures("grader", numbers([row.label for row in asked]), given))


@lru_cache(maxsize=1)
def measured() -> Measured:
    """The figures that come with the package, read once."""
    return read(FILE)


def read(path: Path) -> Measured:
    """The figures that a file holds."""
    table = tomllib.loads(path.read_text("utf-8"))
    fingerprint = table.pop("fingerprint")
    low, high = table.pop("kappa_interval")
    return Measured(fingerprint, Figures("grader", **table, kappa_interval=(low, high)))


def write(found: Measured, path: Path = FILE) -> None:
    """Keep figures in a file."""
    one = found.grader
    lines = [
        f'fingerprint = "{found.fingerprint}" # of the weights',
        f"count = {one.count}",
        f"decided = {one.decided}",
        f"right = {one.right} # of the decided, judged as labelled",
        f"kappa = {one.kappa!r} # weighted, over the decided",
        f"kappa_interval = [{one.kappa_interval[0]!r}, {one.kappa_interval[1]!r}] # 95 %",
        f"wrong = {one.wrong} # labelled so",
        f"wrong_called_correct = {one.wrong_called_correct}",
        f"correct = {one.correct} # labelled so",
        f"correct_called_wrong = {one.correct_called_wrong}",
    ]
    path.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")


def told(one: Figures) -> str:
    """The figures in plain sentences, for README and the pages; intervals are 95 %."""
    low, high = wilson(one.right, one.decided)
    wrong_low, wrong_high = wilson(one.wrong_called_correct, one.wrong)
    of_all = _percent(one.wrong_called_correct / one.count)
    return (
        f"On the {one.count} test answers it leaves {_percent(1 - one.decided / one.count)} % undecided; of the others "
        f"it judges {_percent(one.right / one.decided)} % as labelled ({_percent(low)} to {_percent(high)}; weighted κ "
        f"{one.kappa:.2f}, {one.kappa_interval[0]:.2f} to {one.kappa_interval[1]:.2f}). Of the wrong answers it calls "
        f"{_percent(one.wrong_called_correct / one.wrong)} % correct ({_percent(wrong_low)} to {_percent(wrong_high)}; "
        f"{of_all} % of all), of the correct ones {_percent(one.correct_called_wrong / one.correct)} % wrong."
    )


def _percent(share: float) -> int:
    return round(100 * share)
