"""What stands on the revision sheet: one frozen model for each kind of entry, validated whole."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from quiz.schema import Id, Lesson, Strict

Short = Annotated[str, Field(min_length=1, max_length=80)]
Line = Annotated[str, Field(min_length=1, max_length=300)]


class TakeAway(Strict):
    """A key take-away. What holds of it is the explanation of the bank's question of the same id.

    Attributes:
        id: Id of a question of the bank.
        ask: The question of its flashcard.
        says: The claim, one sentence.
        but: Where the claim simplifies: how far it goes, half a sentence.
    """

    id: Id
    ask: Line
    says: Line
    but: Annotated[str, Field(max_length=200)] = ""


class Mistake(Strict):
    """A common mistake; as `TakeAway`, with ``says`` as people say it."""

    id: Id
    says: Line


class Formula(Strict):
    """The name of a tagged equation; formula and line of source come from `core.equations`.

    Attributes:
        tag: Such as "lstm.B3".
        name: What it computes.
        lesson: Where it is taught.
    """

    tag: Annotated[str, Field(pattern=r"^[a-z]+\.[FB]\d+$")]
    name: Short
    lesson: Lesson


class Remedy(Strict):
    """A problem of the RNN, its cause and its solution, and how far that holds."""

    id: Id
    problem: Short
    cause: Line
    solution: Short
    holds: Line
    lesson: Lesson


class Row(Strict):
    """One aspect in which RNN and LSTM are compared.

    Attributes:
        id: Name.
        aspect: What is compared.
        rnn: What is said of the RNN.
        lstm: What is said of the LSTM.
        holds: What a measurement says to it.
        lesson: Where it is measured.
        measure: Numbers of `quiz.revision.comparison` that are added to both.
    """

    id: Id
    aspect: Short
    rnn: Line
    lstm: Line
    holds: Line
    lesson: Lesson
    measure: str = ""


class Term(Strict):
    """An entry of the glossary.

    Attributes:
        id: Name in links.
        name: The term.
        also: Other words that stand for it in the lessons.
        text: One or two sentences.
        symbol: Its letter, in TeX.
        shape: Shape of its array.
        lesson: Where it is taught.
    """

    id: Id
    name: Short
    also: tuple[Short, ...] = ()
    text: Line
    symbol: Annotated[str, Field(max_length=80)] = ""
    shape: Annotated[str, Field(max_length=80)] = ""
    lesson: Lesson

    @field_validator("text")
    @classmethod
    def _sentence(cls, text: str) -> str:
        if not text.endswith((".", ".)")):
            raise ValueError("must end with a full stop")
        return text

    @property
    def names(self) -> tuple[str, ...]:
        """All words that stand for it, as `same` compares them."""
        return tuple(same(name) for name in (self.name, *self.also))


class Source(Strict):
    """A paper that the lessons name in short.

    Attributes:
        id: Name.
        short: How lessons, questions and glossary name it.
        authors: All of them, in the paper's order.
        year: When it appeared.
        title: As printed.
        venue: Journal with volume and pages, conference, or archive with its number.
        about: What it is named for.
    """

    id: Id
    short: Short
    authors: Line
    year: Annotated[int, Field(ge=1986, le=2100)]
    title: Line
    venue: Line
    about: Line


def same(word: str) -> str:
    """A word without what does not tell terms apart: case, spaces around it, punctuation at its end."""
    return word.strip().rstrip(".:,").casefold()
