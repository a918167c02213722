"""Questions in one pass, timed; the report says what was right and what to study."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from quiz.attempt import Attempt
from quiz.interview.interview import Interview, Share
from quiz.load import Bank
from quiz.schema import Choice, Concept, KeyPoint, Open, Option, Question
from quiz.store import Store

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
OPTIONS = tuple(
    Option(id=letter, text=letter, reply=letter, right=letter == "a", name="" if letter == "a" else "chose it")
    for letter in "abc"
)
POINTS = (KeyPoint(id="p1", text="x"), KeyPoint(id="p2", text="y"))


def probe(name: str, concept: str) -> Choice:
    """A check."""
    return Choice(id=name, concepts=(concept,), prompt="?", explanation="!", options=OPTIONS)


@pytest.fixture
def bank() -> Bank:
    """Twelve questions with two checks each: the first on "bptt", the second on "gates" from question 7 on."""
    questions: dict[str, Question] = {}
    for number in range(1, 13):
        name = f"interview-{number:02}"
        second = "gates" if number > 6 else "bptt"
        probes = (probe(f"{name}-a", "bptt"), probe(f"{name}-b", second))
        questions[name] = Open(
            id=name, concepts=("bptt",), prompt="?", explanation="!", model_answer="!", points=POINTS, probes=probes
        )
    concepts = {
        "bptt": Concept(id="bptt", title="BPTT", lesson="bptt"),
        "gates": Concept(id="gates", title="Gates", lesson="gates"),
    }
    return Bank(tuple(questions.values()), concepts, {}, {}, questions)


@pytest.fixture
def interview(bank: Bank) -> Interview:
    """An interview just begun that asks each question its own probes, as the first edition did."""
    return replace(Interview.start(bank, np.random.default_rng(0), NOW), checks=(), seed=0)


def answered(state: Interview, score: float = 1.0) -> Attempt:
    """An answer to the current question."""
    return Attempt(
        key=state.key,
        learner="ada",
        question=state.question,
        mode="interview",
        asked_at=state.asked_at,
        answered_at=state.asked_at + timedelta(seconds=1),
        response={"text": "…"},
        verdict="correct" if score == 1 else "partial",
        score=score,
        credit=score,
    )


def run(state: Interview, met: Sequence[tuple[bool, bool]], seconds: float = 60) -> Interview:
    """Answer one question after the other."""
    for each in met:
        now = state.asked_at + timedelta(seconds=seconds)
        state = state.answer(now, answered(state, sum(each) / 2), each)
    return state


def test_questions_come_once_in_order(bank: Bank, interview: Interview) -> None:
    """After the twelfth it is done; nothing can be answered again or out of turn."""
    first = answered(interview)
    after = run(interview, [(True, True)])
    assert after.question == bank.interview[1]
    with pytest.raises(ValueError, match="interview-02 is being asked"):
        after.answer(NOW, first, (True, True))
    done = run(interview, [(True, True)] * 12)
    assert done.done
    with pytest.raises(ValueError, match="all questions of this interview are answered"):
        done.answer(NOW, first, ())


def test_attempts_have_keys_of_their_own(bank: Bank, interview: Interview) -> None:
    """The same randomness gives the same keys, another interview others."""
    assert len(set(interview.keys)) == 12
    assert Interview.start(bank, np.random.default_rng(0), NOW).keys == interview.keys
    assert not set(Interview.start(bank, np.random.default_rng(1), NOW).keys) & set(interview.keys)


def test_report(bank: Bank, interview: Interview) -> None:
    """Score, checks, times, strong concepts by check, and what to study with its lesson."""
    met = [(True, True)] * 6 + [(True, False)] * 2 + [(False, False)] + [(True, True)] * 3
    state = run(run(interview, met[:10]), met[10:], seconds=601)
    report = state.report(bank)
    assert report.score == pytest.approx(10 / 12)
    assert (report.right, report.checks, report.flawless) == (20, 24, 9)
    assert (report.seconds, report.slow) == (10 * 60 + 2 * 601, 2)
    assert report.strong == (Share("bptt", 17, 18),)
    assert [(share.id, share.right, share.checks) for share in report.study] == [
        ("interview-09", 0, 2),
        ("interview-07", 1, 2),
        ("interview-08", 1, 2),
    ]
    assert report.study[0].lessons == ("bptt",)
    assert report.questions[10].seconds == 601


def test_report_counts_what_was_not_answered_as_missed(bank: Bank, interview: Interview) -> None:
    """An interview broken off, or an answer without checks, scores 0 there."""
    report = run(interview, [(True, True)]).answer(NOW, answered(run(interview, [(True, True)]), 0.0), ()).report(bank)
    assert report.score == pytest.approx(1 / 12)
    assert (report.right, report.checks, report.flawless) == (2, 24, 1)


def test_clock_set_back_gives_no_negative_time(bank: Bank, interview: Interview) -> None:
    """A question never took less than no time."""
    state = interview.answer(NOW - timedelta(hours=1), answered(interview), (True, True))
    assert state.report(bank).seconds == 0


def test_state_survives_a_reload(interview: Interview, tmp_path: Path) -> None:
    """State and answer are kept together; after a restart the interview goes on where it stood."""
    attempt = answered(interview)
    state = run(interview, [(True, False)])
    with Store.open(tmp_path / "quiz.sqlite3") as store:
        assert store.add(attempt, interview=state.to_json())
        assert not store.add(attempt, interview={})
    with Store.open(tmp_path / "quiz.sqlite3") as store:
        kept = store.interview("ada")
    assert kept is not None
    assert Interview.from_json(kept) == state
    assert Interview.from_json(json.loads(json.dumps(state.to_json()))) == state


@pytest.mark.parametrize(
    "change",
    [
        {"answers": None},
        {"answers": [{}]},
        {"asked_at": "noon"},
        {"keys": []},
        {"keys": ["x"] * 12},
        {"answers": [{"question": "interview-03", "score": 1, "met": [], "seconds": 1}]},
    ],
)
def test_state_that_is_none_is_refused(interview: Interview, change: dict[str, object]) -> None:
    """A spoilt state is a `ValueError`, not a broken interview."""
    with pytest.raises(ValueError, match=r"."):
        Interview.from_json(interview.to_json() | change)
