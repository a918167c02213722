"""The chapter's sentences as tasks: country and language, subject and pronoun, and a change of subject.

Every task has one fixed vocabulary, whatever the seed, so a trained network can read a learner's sentence in its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, islice
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from core.task import Batch, Indices, Task, labels_of, one_hot_steps
from core.text import Vocabulary

__all__ = ["ContextSwitch", "Language", "Pronoun", "SentenceTask"]


@dataclass(frozen=True)
class SentenceTask(Task):
    """A task over the words of one fixed vocabulary, with ``gap`` words of a running text as filler.

    The filler starts anywhere in its text and goes round: it reads like language and tells nothing of the answer.

    Attributes:
        vocabulary: The words; D of them.
        filler: The running text.
        frame: The words that stand in every sentence.
    """

    loss = "softmax"
    bounds = MappingProxyType({"gap": (0, 200)})
    vocabulary: ClassVar[Vocabulary]
    filler: ClassVar[str]
    frame: ClassVar[str]

    gap: int = 8

    def fill(self, rng: np.random.Generator, B: int) -> Indices:
        """Word indices of ``gap`` words of filler (gap, B)."""
        text = self.vocabulary.indices(self.filler.split())
        where: Indices = (rng.integers(len(text), size=B) + np.arange(self.gap)[:, None]) % len(text)
        return text[where]

    def column(self, words: str) -> Indices:
        """Word indices of a fixed phrase, one row a word (n, 1)."""
        return self.vocabulary.indices(words.split())[:, None]

    def batch(self, parts: list[Indices], y: Indices) -> Batch:
        """Phrases (n, B) or (n, 1) one after another as a batch."""
        shown = np.concatenate([np.broadcast_to(part, (len(part), len(y))) for part in parts])
        return Batch(one_hot_steps(shown, self.D), y, labels_of(shown, self.vocabulary.words))


@dataclass(frozen=True)
class Language(SentenceTask):
    """After “I grew up in France . … I speak fluent” the language, known from the country ``gap`` words before."""

    name = "language"
    title = "Country and language"
    description = "Complete “I grew up in France … I speak fluent” with the country's language."
    countries: ClassVar[tuple[str, ...]] = ("France", "Italy", "Japan", "Greece", "Poland", "Turkey")
    classes = ("French", "Italian", "Japanese", "Greek", "Polish", "Turkish")
    frame = "I grew up in . speak fluent"
    filler = "we had a small house by the sea and my father sold old books to people from town"
    vocabulary = Vocabulary.of([*countries, *frame.split(), *filler.split()])
    D = len(vocabulary)
    O = len(classes)  # noqa: E741 - field notation
    chance = 1 / O

    @property
    def T(self) -> int:
        """9 + gap."""
        return 9 + self.gap

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sentences: x one-hot (T, B, D), y the language (B,)."""
        y = rng.integers(self.O, size=B)  # countries stand first in the vocabulary, in the order of the classes
        start, end = self.column("I grew up in"), self.column("I speak fluent")
        return self.batch([start, y[None], self.column("."), self.fill(rng, B), end], y)


@dataclass(frozen=True)
class Pronoun(SentenceTask):
    """After “Krish liked to eat pizza … and” comes he, she or they, by the subject before the filler.

    The verb is in the past because "likes" or "like" would tell one person from several.
    """

    name = "pronoun"
    title = "Subject and pronoun"
    description = "Continue “Krish liked to eat pizza … and” with the subject's pronoun."
    subjects: ClassVar[tuple[str, ...]] = (
        *("Krish", "Arun", "Tom", "Omar"),
        *("Maya", "Sara", "Lena", "Aiko"),
        *("Friends", "Students", "Neighbours", "Twins"),
    )
    foods: ClassVar[tuple[str, ...]] = ("pizza", "rice", "soup", "noodles")
    classes = ("he", "she", "they")
    frame = "liked to eat and"
    filler = "with fresh olives at a small table near the old station after one long walk in the rain"
    vocabulary = Vocabulary.of([*subjects, *foods, *frame.split(), *filler.split()])
    D = len(vocabulary)
    O = len(classes)  # noqa: E741 - field notation
    chance = 1 / O

    @property
    def T(self) -> int:
        """6 + gap."""
        return 6 + self.gap

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sentences: x one-hot (T, B, D), y the pronoun (B,)."""
        subject = rng.integers(len(self.subjects), size=B)  # subjects stand first, grouped by pronoun
        food = len(self.subjects) + rng.integers(len(self.foods), size=B)
        verb, end = self.column("liked to eat"), self.column("and")
        return self.batch([subject[None], verb, food[None], self.fill(rng, B), end], subject // 4)


@dataclass(frozen=True)
class ContextSwitch(SentenceTask):
    """After “Krish likes pizza . … Yann likes CNN . … we now speak of” the current subject.

    In half of the texts the second sentence brings another subject, which must replace the first; in the other half it
    goes on about the same one ("also likes CNN ."). A network that never forgets the first subject is right half of the
    time, one that knows the second sentence alone five times in eight. Each of the two fillers has ``gap`` words.
    """

    name = "context-switch"
    title = "Two subjects"
    description = "Say who the text is about now, when a second subject may have replaced the first."
    classes = ("Krish", "Yann", "Maya", "Lena")
    things: ClassVar[tuple[str, ...]] = ("pizza", "CNN", "movies", "cricket")
    ending: ClassVar[str] = "we now speak of"
    frame = f"likes . {ending}"
    filler = "it was a warm day in town and the streets were full of music until late"
    vocabulary = Vocabulary.of([*classes, "also", *things, *frame.split(), *filler.split()])
    D = len(vocabulary)
    O = len(classes)  # noqa: E741 - field notation
    chance = 1 / O

    gap: int = 4

    @property
    def T(self) -> int:
        """12 + 2 gap."""
        return 12 + 2 * self.gap

    @classmethod
    def text(cls, first: str, second: str, gap: int) -> tuple[str, ...]:
        """One such text: two subjects, or "also" as the second, each with the first ``gap`` words of the filler."""
        filler = tuple(islice(cycle(cls.filler.split()), gap))
        said = [(name, "likes", thing, ".", *filler) for name, thing in ((first, "pizza"), (second, "CNN"))]
        return (*said[0], *said[1], *cls.ending.split())

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B texts: x one-hot (T, B, D), y the current subject (B,)."""
        first = rng.integers(self.O, size=B)
        other = (first + rng.integers(1, self.O, size=B)) % self.O
        switched = rng.random(B) < 0.5
        also = self.O  # the word after the subjects
        second = np.where(switched, other, also)
        things = also + 1 + rng.integers(len(self.things), size=(2, B))
        likes, stop, end = self.column("likes"), self.column("."), self.column(self.ending)
        sentence = [first[None], likes, things[:1], stop, self.fill(rng, B)]
        sentence += [second[None], likes, things[1:], stop, self.fill(rng, B), end]
        return self.batch(sentence, np.where(switched, other, first))
