"""The labelled answers as objects, and the verdict that follows from what an answer states."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Label = Literal["correct", "partial", "wrong"]
LABELS: tuple[Label, ...] = ("wrong", "partial", "correct")  # from worst to best, as the weighted κ takes them


@dataclass(frozen=True)
class Answer:
    """A labelled answer.

    Attributes:
        question: The question's id.
        text: What was answered.
        label: The verdict.
        points: Ids of the key points it states.
        errors: Serious errors: the bank's misconceptions by id, or one of `Rubric.kinds`.
        slight: Slight errors, which don't change the verdict.
        voice: The kind of writing.
        writer: Who wrote it, where that is recorded: the later training answers, whose writers saw no others.
    """

    question: str
    text: str
    label: Label
    points: tuple[str, ...]
    errors: tuple[str, ...]
    slight: tuple[str, ...]
    voice: str
    writer: str = ""


@dataclass(frozen=True)
class Rubric:
    """The rubric's table.

    Attributes:
        essential: By question, the sets of points of which one must be complete.
        kinds: The kinds of error that every question has, in words.
    """

    essential: Mapping[str, tuple[frozenset[str], ...]]
    kinds: Mapping[str, str]

    def verdict(self, question: str, points: Collection[str], errors: Collection[str]) -> Label:
        """The verdict that follows from the points and the serious errors."""
        if errors or not points:
            return "wrong"
        return "correct" if any(needed <= set(points) for needed in self.essential[question]) else "partial"


@lru_cache(maxsize=1)
def rubric() -> Rubric:
    """The rubric's table, read once."""
    table = tomllib.loads(files(__package__).joinpath("rubric.toml").read_text("utf-8"))
    return Rubric(
        {name: tuple(frozenset(needed) for needed in sets) for name, sets in table["essential"].items()}, table["kinds"]
    )


def answers(part: Literal["train", "test", "statements"]) -> tuple[Answer, ...]:
    """The labelled answers of one part, by question and in the order of their files.

    ``statements`` are single sentences for each point and error, written for the grader; they are for training alone.
    """
    found = []
    for question in rubric().essential:
        path = files(__package__).joinpath(part, f"{question}.jsonl")
        if not path.is_file():
            continue
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            lists = {key: tuple(row[key]) for key in ("points", "errors", "slight")}
            found.append(
                Answer(question, row["text"], row["label"], voice=row["voice"], writer=row.get("writer", ""), **lists)
            )
    return tuple(found)


def fingerprint(*parts: str) -> str:
    """A hash of the rubric and some parts, by default those that the grader learns from; any answer changes it."""
    digest = hashlib.sha256()
    for part in parts or ("train", "statements"):
        for question in rubric().essential:
            path = files(__package__).joinpath(part, f"{question}.jsonl")
            if path.is_file():
                digest.update(path.read_bytes())
    digest.update(files(__package__).joinpath("rubric.toml").read_bytes())
    return digest.hexdigest()
