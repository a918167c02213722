"""The next question is the one a tutor would ask."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from quiz.attempt import Attempt
from quiz.computed.generators import Generator
from quiz.lessons import BEYOND
from quiz.load import Bank, load_bank
from quiz.practice import choosing as practice
from quiz.practice.catalogue import catalogue, present
from quiz.practice.choosing import Pick
from quiz.practice.progress import mastery
from quiz.practice.schedule import due, fold
from quiz.schema import Choice, Concept, Option, Question

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
OPTIONS = tuple(
    Option(id=letter, text=letter, reply=letter, right=letter == "a", name="" if letter == "a" else "chose it")
    for letter in "abc"
)
NEEDS: Mapping[str, tuple[str, ...]] = {"one": (), "two": ("one",), "three": ("two",)}
GENERATOR = Generator("sum", ("two",), "medium", lambda _: {}, ("bptt",))


def choice(name: str, concept: str, level: Any = "medium") -> Choice:
    """A question."""
    return Choice(id=name, concepts=(concept,), level=level, prompt="?", explanation="!", options=OPTIONS)


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """Three concepts in a row with six questions each, two of a level; one generator on the second concept."""
    monkeypatch.setattr(practice, "catalogue", partial(catalogue, generators={"sum": GENERATOR}))
    questions: dict[str, Question] = {
        f"{concept}-{level}-{number}": choice(f"{concept}-{level}-{number}", concept, level)
        for concept in NEEDS
        for level in ("easy", "medium", "hard")
        for number in (1, 2)
    }
    concepts = {
        name: Concept(id=name, title=name, lesson="bptt" if name == "two" else "forward", needs=needs)
        for name, needs in NEEDS.items()
    }
    return Bank(tuple(questions.values()), concepts, dict.fromkeys(questions, "bank.toml"), {}, questions)


class Learner:
    """Someone who answers; attempts newest first."""

    def __init__(self, bank: Bank) -> None:
        self.bank, self.now, self.attempts = bank, NOW, list[Attempt]()
        self.rng = np.random.default_rng(0)

    def next(self, mode: Any = "practice", topic: str | None = None, *, short: bool = False) -> Pick | None:
        """What comes next."""
        return practice.next_question(
            self.bank, fold(self.attempts), self.attempts[:10], mode=mode, topic=topic, short=short,
            rng=self.rng, now=self.now,
        )  # fmt: skip

    def answer(self, question: str, verdict: Any = "correct", variant: int = 0, days: float = 0.001) -> None:
        """Answer a question some time later."""
        self.now += timedelta(days=days)
        credit = float(verdict == "correct")
        attempt = Attempt(
            key=str(uuid.UUID(int=len(self.attempts))),
            learner="ada",
            question=question,
            variant=variant,
            mode="practice",
            asked_at=self.now,
            answered_at=self.now,
            response="a",
            verdict=verdict,
            score=credit,
            credit=credit,
        )
        self.attempts.insert(0, attempt)

    def know(self, concept: str) -> None:
        """Answer all of a concept's questions right."""
        for question in self.bank.of(concept=concept):
            self.answer(question.id)


def asked(pick: Pick | None) -> Pick:
    """The pick, which there must be."""
    assert pick is not None
    return pick


def test_begins_with_an_easy_question_on_the_first_concept(bank: Bank) -> None:
    """Nothing known: only the concept that needs nothing is ready."""
    pick = asked(Learner(bank).next())
    assert pick.question in ("one-easy-1", "one-easy-2")
    assert (pick.reason, pick.concept, pick.variant) == ("weakest", "one", 0)


def test_a_concept_waits_for_what_it_needs(bank: Bank) -> None:
    """The second concept comes once the first is known; the third, known even less, not yet."""
    learner = Learner(bank)
    learner.know("one")
    learner.answer("two-easy-1")
    assert {asked(learner.next()).concept for _ in range(20)} == {"two"}


def test_a_picked_topic_does_not_wait(bank: Bank) -> None:
    """The learner may go ahead; a lesson is a topic too."""
    learner = Learner(bank)
    assert asked(learner.next(topic="three")).concept == "three"
    assert asked(learner.next(topic="bptt")).concept == "two"
    assert asked(learner.next(topic="three")).reason == "topic"


def test_unknown_topic_is_named(bank: Bank) -> None:
    """The error says what may be picked."""
    with pytest.raises(ValueError, match="topic: 'four'; expected 'interview', a lesson or one of one, two, three"):
        Learner(bank).next(topic="four")


def test_weakest_ready_concept_first(bank: Bank) -> None:
    """Of two ready concepts the one known less is asked."""
    learner = Learner(bank)
    learner.know("one")
    learner.know("two")
    assert asked(learner.next()).concept == "three"
    for question in learner.bank.of(concept="one"):
        learner.answer(question.id, "wrong")
    learner.answer("three-easy-1")
    learner.answer("three-easy-2")
    assert asked(learner.next()).concept == "one"


def test_what_lies_beyond_the_chapter_waits_for_all_of_the_chapter(bank: Bank) -> None:
    """A concept beyond is asked once all of the chapter's are known, whatever it needs itself; or when it is picked."""
    more = tuple(choice(f"more-{level}", "more", level) for level in ("easy", "medium", "hard"))
    bank = Bank(
        (*bank.questions, *more),
        {**bank.concepts, "more": Concept(id="more", title="more", lesson=BEYOND, needs=("one",))},
        {**bank.files, **{question.id: "beyond/bank.toml" for question in more}},
        {},
        {**bank._by_id, **{question.id: question for question in more}},
    )
    learner = Learner(bank)
    learner.know("one")
    assert {asked(learner.next()).concept for _ in range(10)} == {"two"}
    assert asked(learner.next(topic="more")).concept == "more"
    assert asked(learner.next(topic=BEYOND)).concept == "more"
    learner.know("two")
    assert {asked(learner.next()).concept for _ in range(10)} == {"three"}
    learner.know("three")
    assert asked(learner.next()).concept == "more"


def test_level_grows_with_mastery(bank: Bank) -> None:
    """Easy to begin with, harder as the concept gets known."""
    learner = Learner(bank)
    levels = []
    for _ in range(6):
        pick = asked(learner.next(topic="one"))
        levels.append(bank[pick.question].level)
        learner.answer(pick.question)
    assert levels == ["easy", "easy", "medium", "hard", "hard", "medium"]


def test_a_sibling_follows_a_miss(bank: Bank) -> None:
    """Another question on the concept, no harder; not for ever, and not the next day."""
    learner = Learner(bank)
    learner.know("one")
    learner.answer("two-medium-1", "wrong")
    for _ in range(10):
        pick = asked(learner.next())
        assert (pick.reason, pick.concept) == ("after a miss", "two")
        assert pick.question == "gen-sum" or bank[pick.question].level in ("easy", "medium")
        assert pick.question != "two-medium-1"
    learner.answer("two-easy-1", "wrong")
    assert asked(learner.next()).reason == "after a miss"
    learner.answer("two-easy-2", "wrong")
    assert asked(learner.next()).reason == "weakest"
    learner.answer("two-hard-1")
    learner.answer("two-medium-2", "wrong")
    assert asked(learner.next()).reason == "after a miss"
    learner.now += timedelta(days=1)
    assert asked(learner.next()).reason == "weakest"


def test_two_misses_are_followed_up_and_a_third_is_not(bank: Bank) -> None:
    """Hard questions leave easier siblings enough: it is the number of misses that ends the follow-ups."""
    learner = Learner(bank)
    reasons = []
    for name in ("two-hard-1", "two-hard-2", "two-medium-1"):
        learner.answer(name, "wrong")
        reasons.append(asked(learner.next(topic="two")).reason)
    assert reasons == ["after a miss", "after a miss", "topic"]


def test_a_new_variant_follows_a_missed_generated_question(bank: Bank) -> None:
    """The same generator with other numbers."""
    learner = Learner(bank)
    learner.answer("gen-sum", "wrong", variant=7)
    pick = asked(learner.next())
    assert (pick.question, pick.reason) == ("gen-sum", "after a miss")
    assert pick.variant not in (0, 7)


def test_a_miss_elsewhere_does_not_pull_out_of_the_topic(bank: Bank) -> None:
    """A topic stays the topic."""
    learner = Learner(bank)
    learner.answer("one-easy-1", "wrong")
    assert asked(learner.next(topic="three")).concept == "three"


def test_review_asks_the_most_overdue_first(bank: Bank) -> None:
    """In the order of their days, each once, then nothing."""
    learner = Learner(bank)
    for question, days in (("two-easy-1", 0.5), ("one-easy-1", 0.5), ("three-hard-1", 0.5)):
        learner.answer(question, days=days)
    assert learner.next("review") is None
    learner.now += timedelta(days=5)
    order = []
    while pick := learner.next("review"):
        assert pick.reason == "due"
        order.append(pick.question)
        learner.answer(pick.question)
    assert order == ["two-easy-1", "one-easy-1", "three-hard-1"]
    assert due(fold(learner.attempts), learner.now) == ()


def test_review_gives_generated_questions_new_numbers(bank: Bank) -> None:
    """What is remembered is the method, not the number."""
    learner = Learner(bank)
    learner.answer("gen-sum", variant=7)
    learner.answer("one-easy-1")
    learner.now += timedelta(days=5)
    pick = asked(learner.next("review"))
    assert pick.question == "gen-sum"
    assert pick.variant not in (0, 7)


def test_a_question_that_left_the_bank_is_passed_over(bank: Bank) -> None:
    """Old attempts on it stop nothing."""
    learner = Learner(bank)
    learner.answer("gone", "wrong")
    assert asked(learner.next()).concept == "one"
    learner.now += timedelta(days=9)
    assert learner.next("review") is None
    learner.answer("one-easy-1")
    assert list(present(fold(learner.attempts), practice.catalogue(bank))) == ["one-easy-1"]


def test_a_lost_question_is_not_due_beside_others(bank: Bank) -> None:
    """A review with a lost question, a lost generator and one that is still there asks that one and ends."""
    learner = Learner(bank)
    for name in ("gone", "gen-gone", "one-easy-1"):
        learner.answer(name)
    learner.now += timedelta(days=9)
    assert asked(learner.next("review")).question == "one-easy-1"
    learner.answer("one-easy-1")
    assert learner.next("review") is None


def test_interview_topic_goes_through_the_twelve() -> None:
    """The twelve come in their order, each once before one comes again."""
    learner = Learner(load_bank())
    order = []
    for _ in learner.bank.interview:
        pick = asked(learner.next(topic=practice.INTERVIEW))
        order.append(pick.question)
        learner.answer(pick.question, "wrong")
    assert tuple(order) == learner.bank.interview


@pytest.mark.parametrize("topic", ["gradients", "gates"])
def test_short_questions_are_none_of_the_twelve(topic: str) -> None:
    """Not even where one of the twelve is all that was not asked lately, on a concept or on a level."""
    learner, otherwise = Learner(load_bank()), set[str]()
    for number in range(150):
        pick = asked(learner.next(topic=topic, short=True))
        assert pick.question not in learner.bank.interview
        otherwise.add(asked(learner.next(topic=topic)).question)
        learner.answer(pick.question, "wrong" if number % 6 == 5 else "correct", pick.variant)
    assert otherwise & set(learner.bank.interview)


def test_a_long_practice_on_the_real_bank() -> None:
    """Never the same question twice in a row, no concept before its needs, generated questions among the others."""
    learner = Learner(load_bank())
    entries = catalogue(learner.bank)
    asks = {name: entry.concepts for name, entry in entries.items()}
    picks = []
    for number in range(150):
        pick = asked(learner.next())
        if pick.reason == "weakest":
            assert pick.concept in practice.ready(learner.bank, mastery(asks, fold(learner.attempts), learner.now))
        assert learner.bank.question(pick.question, pick.variant).id == pick.question
        learner.answer(pick.question, "wrong" if number % 6 == 5 else "correct", pick.variant)
        picks.append(pick)
    assert all((a.question, a.variant) != (b.question, b.variant) for a, b in pairwise(picks))
    assert len({pick.question for pick in picks}) > 50
    assert 15 < sum(entries[pick.question].generated for pick in picks) < 135
    assert {pick.reason for pick in picks} == {"weakest", "after a miss"}
