"""What judges were measured to do here, kept by model, and the rule that lets one speak."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from quiz.corpus.corpus import answers, fingerprint
from quiz.grading.text.judge.prompt import version
from quiz.grading.text.judge.settings import Judge, JudgeError
from quiz.store.database import folder

FILE = "judges.json"
MOST_BYTES = 1 << 20
LEAST_ACCURACY, LEAST_KAPPA = 0.80, 0.75
MOST_WRONG_CALLED_CORRECT, MOST_CORRECT_CALLED_WRONG, MOST_UNDECIDED = 0.05, 0.05, 0.25


class Proof(BaseModel):
    """What one model did on labelled answers.

    Attributes:
        measured_at: When, UTC.
        prompt: `prompt.version()` of what it was asked.
        answers: `tested()` of what it was measured on.
        count: Answers it was asked about.
        decided: Those it judged.
        right: Those it judged as labelled.
        kappa: Quadratically weighted, over the decided.
        wrong: Answers that are wrong.
        wrong_called_correct: Of these, those called correct.
        correct: Answers that are correct.
        correct_called_wrong: Of these, those called wrong.
        found: Statements that it found in answers.
        found_rightly: Of these, those that are labelled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    measured_at: datetime
    prompt: str
    answers: str
    count: int
    decided: int
    right: int
    kappa: float
    wrong: int
    wrong_called_correct: int
    correct: int
    correct_called_wrong: int
    found: int
    found_rightly: int

    @property
    def accuracy(self) -> float:
        """The share of verdicts that are as labelled."""
        return self.right / max(self.decided, 1)

    @property
    def undecided(self) -> float:
        """The share of answers without a verdict."""
        return 1 - self.decided / max(self.count, 1)

    @property
    def evidence(self) -> float:
        """The share of statements it found that are labelled."""
        return self.found_rightly / max(self.found, 1)


@dataclass(frozen=True)
class Bound:
    """One line of the rule.

    Attributes:
        name: What is bounded.
        value: What was measured.
        bound: What is demanded.
        least: Whether it is demanded at least; at most otherwise.
    """

    name: str
    value: float
    bound: float
    least: bool

    @property
    def met(self) -> bool:
        """Whether the judge keeps within it; a value that is no number doesn't."""
        return self.value >= self.bound if self.least else self.value <= self.bound

    def __str__(self) -> str:
        """Such as "accuracy of decided 0.62, at least 0.80: not met"."""
        demanded = f"at {'least' if self.least else 'most'} {self.bound:.2f}"
        return f"{self.name} {self.value:.2f}, {demanded}: {'met' if self.met else 'not met'}"


def bounds(proof: Proof) -> tuple[Bound, ...]:
    """The operating rule: a judge may speak if every bound is met, on every answer of the test set."""
    return (
        Bound("accuracy of decided", proof.accuracy, LEAST_ACCURACY, True),
        Bound("weighted κ", proof.kappa, LEAST_KAPPA, True),
        Bound(
            "wrong called correct",
            proof.wrong_called_correct / max(proof.wrong, 1),
            MOST_WRONG_CALLED_CORRECT,
            False,
        ),
        Bound(
            "correct called wrong",
            proof.correct_called_wrong / max(proof.correct, 1),
            MOST_CORRECT_CALLED_WRONG,
            False,
        ),
        Bound("undecided", proof.undecided, MOST_UNDECIDED, False),
    )


def objections(proof: Proof | None) -> tuple[str, ...]:
    """Why a judge with these figures stays silent; empty if it may speak."""
    return tuple(_objections(proof))


def _objections(proof: Proof | None) -> Iterator[str]:
    if proof is None:
        yield "it was not measured here"
        return
    if proof.prompt != version():
        yield "it was measured with other questions to it"
    if proof.answers != tested():
        yield "it was measured on other answers"
    if proof.count < whole():
        yield f"it was measured on {proof.count} of {whole()} answers"
    yield from (str(bound) for bound in bounds(proof) if not bound.met)


def proved(judge: Judge) -> Proof | None:
    """The figures of a judge that may speak; None for one that may not, or whose figures can't be read."""
    try:
        proof = read().get(judge.model)
    except JudgeError:
        return None
    return proof if proof and not objections(proof) else None


@lru_cache(maxsize=1)
def tested() -> str:
    """A hash of the test answers and their labels."""
    return fingerprint("test")


@lru_cache(maxsize=1)
def whole() -> int:
    """How many test answers there are."""
    return len(answers("test"))


def read() -> dict[str, Proof]:
    """The figures kept here, by model.

    Raises:
        JudgeError: The file is damaged or can't be read.
    """
    path = folder() / FILE
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _damaged(path)
        return _KEPT.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValidationError:
        raise _damaged(path) from None
    except OSError as error:
        raise JudgeError(f"{path} can't be read: {error.strerror}. Mend that, and try again.") from None


def keep(model: str, proof: Proof) -> None:
    """Keep a model's figures in place of those it had.

    Raises:
        JudgeError: The file is damaged, or can't be written.
    """
    path = folder() / FILE
    kept = read() | {model: proof}
    text = json.dumps(_KEPT.dump_python(kept, mode="json"), indent=2, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            file.write(text + "\n")
        os.replace(file.name, path)  # noqa: PTH105
    except OSError as error:
        raise JudgeError(f"{path} can't be written: {error.strerror}. Mend that, and try again.") from None


_KEPT = TypeAdapter(dict[str, Proof])


def _damaged(path: Path) -> JudgeError:
    return JudgeError(f"{path} is damaged. Move it away, and measure again: python -m quiz evaluate --judge.")
