"""The figures of the text grader as they were last measured: ``python -m quiz evaluate --write`` keeps them.

What pages and README state is read from there, and a test measures again: no figure stands beside other weights.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quiz.corpus.corpus import answers
from quiz.corpus.figures import wilson
from quiz.evaluate import Figures, by_keywords, by_length, by_majority, figures, judged, numbers, verdicts
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
        blind: How many answers each baseline judges as labelled, which sees length, labels or keywords alone.
    """

    fingerprint: str
    grader: Figures
    blind: Mapping[str, int]


def measure(bank: Bank) -> Measured:
    """Measure the grader in use on all test answers."""
    learnt, asked = answers("train"), answers("test")
    right = numbers([row.label for row in asked])
    blind = {
        "length": by_length(learnt, asked),
        "majority": by_majority(learnt, asked),
        "keywords": by_keywords(bank, asked),
    }
    return Measured(
        load().fingerprint,
        figures("grader", right, verdicts(grade.verdict for grade in judged(bank, asked))),
        {name: int((given == right).sum()) for name, given in blind.items()},
    )


@lru_cache(maxsize=1)
def measured() -> Measured:
    """The figures that come with the package, read once."""
    return read(FILE)


def read(path: Path) -> Measured:
    """The figures that a file holds."""
    table = tomllib.loads(path.read_text("utf-8"))
    fingerprint, blind = table.pop("fingerprint"), table.pop("blind")
    low, high = table.pop("kappa_interval")
    return Measured(fingerprint, Figures("grader", **table, kappa_interval=(low, high)), blind)


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
        "",
        "[blind] # judged as labelled by what sees no more than this",
        *(f"{name} = {right}" for name, right in found.blind.items()),
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


def told_blind(found: Measured) -> str:
    """What the baselines reach, in a sentence."""
    share = {name: _percent(right / found.grader.count) for name, right in found.blind.items()}
    return (
        f"Length alone reaches {share['length']} %, the commonest label {share['majority']} %, "
        f"keywords {share['keywords']} %."
    )


def _percent(share: float) -> int:
    return round(100 * share)
