"""What an experiment is: named settings in, the answer of a run and the usual wrong guesses out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quiz.computed.numbers import Candidate, distinct
from quiz.schema import Slip

Setting = float | int | str


@dataclass(frozen=True)
class Prediction:
    """What a run gave.

    Attributes:
        answer: The number asked for.
        slips: Wrong guesses with their replies, each outside the experiment's widest tolerance of the answer.
        shown: What the run gave, in words, Markdown with $formulas$.
    """

    answer: float
    slips: tuple[Slip, ...]
    shown: str


@dataclass(frozen=True)
class Result:
    """An experiment's answer before the slips are sorted out: value, name and reply of each, which may coincide."""

    answer: float
    candidates: Sequence[Candidate]
    shown: str


@dataclass(frozen=True)
class Experiment:
    """One experiment, called with the settings of a question.

    Attributes:
        name: Its name in the bank.
        run: Keyword arguments with defaults in, result out; deterministic.
        rel: The widest relative tolerance a question may ask for: slips keep clear of the answer up to it.
    """

    name: str
    run: Callable[..., Result]
    rel: float = 0.05

    @property
    def defaults(self) -> dict[str, Setting]:
        """Each setting and its default."""
        return {name: parameter.default for name, parameter in inspect.signature(self.run).parameters.items()}

    def __call__(self, settings: Mapping[str, Setting]) -> Prediction:
        """Run with some settings changed from their defaults.

        Raises:
            ValueError: A setting that is not known or is of another type, or one that `core` refuses.
        """
        defaults, problems = self.defaults, []
        for name, value in settings.items():
            if name not in defaults:
                problems.append(f"{name}: {self.name} has no such setting. It has {', '.join(defaults)}.")
                continue
            wanted = type(defaults[name])
            fits = isinstance(value, int | float if wanted is float else wanted) and not isinstance(value, bool)
            if not fits:
                problems.append(f"{name}: {self.name} expects {_KINDS[wanted]}, got {value!r}.")
        if problems:
            raise ValueError(" ".join(problems))
        result = self.run(**settings)
        return Prediction(result.answer, distinct(result.answer, result.candidates, rel=self.rel), result.shown)


_KINDS = {int: "a whole number", float: "a number", str: "a word"}
