"""How far a learner came in a lesson is kept: by the beat in the address, and by the beats that were answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE, page_at

from dashboard.kit.asking import keep, path
from quiz.grading.grade import after_second, grade, right_response
from quiz.load import load_bank
from quiz.schema import Choice, Numeric
from quiz.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def came_to(lesson: str) -> int:
    """The furthest beat that is kept of the local learner."""
    with Store.open() as store:
        return next((place.beat for place in store.places("local") if place.lesson == lesson), -1)


@pytest.mark.parametrize(
    ("beat", "kept"), [("3", 3), ("", 0), ("0", 0), ("-1", 0), ("x", 0), ("1000", 0), ("²", 0), ("٣", 0), ("03", 3)]
)
def test_beat_of_the_address_is_kept(beat: str, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson opened at a beat was followed so far; what is no beat is none."""
    monkeypatch.setattr(path, "learner", lambda: "local")
    assert not page_at("bptt", beat=beat).run().exception
    assert came_to("bptt") == kept


def script() -> None:
    """Answer some beats, not in their order."""
    from dashboard.kit.asking import path

    for beat in (2, 4, 3):
        path.reached("gates", beat)


@pytest.mark.parametrize(("who", "kept"), [("local", 4), ("visit-1", -1)])
def test_furthest_answered_beat_is_kept(who: str, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The furthest one counts; a visitor's is kept nowhere."""
    monkeypatch.setattr(path, "learner", lambda: who)
    assert not AppTest.from_function(script, default_timeout=PATIENCE).run().exception
    assert came_to("gates") == kept


def test_lesson_goes_on_without_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database can't be used nothing is kept, and nothing fails."""
    monkeypatch.setattr(path, "learner", lambda: "local")
    monkeypatch.setenv("UNROLLED_DATA", "/dev/null/nowhere")
    assert not AppTest.from_function(script, default_timeout=PATIENCE).run().exception


def slips(question: str, response: Any, first: Any = None) -> tuple[str, ...]:
    """The slips that an attempt keeps."""
    asking = keep.Asking(key="", question=question, asked_at=NOW, response=response)
    content = asking.content
    found = grade(content, response)
    if first is None:
        return keep._slips(asking, found)
    return keep._slips(replace(asking, first=first), after_second(grade(content, first), found))


def test_attempts_keep_the_slips_of_the_first_try() -> None:
    """A wrong answer's slip is named; a second try changes nothing of it, and a right answer has none."""
    bank = load_bank()
    number, chosen = bank["bptt-delta-one-back"], bank["chain-last-use"]
    assert isinstance(number, Numeric)
    assert isinstance(chosen, Choice)
    one, other = number.slips[:2]
    assert slips(number.id, right_response(number)) == ()
    assert slips(number.id, one.answer) == (one.name,)
    assert slips(number.id, other.answer, first=one.answer) == (one.name,)
    assert slips(number.id, right_response(number), first=one.answer) == (one.name,)
    wrong = next(option for option in chosen.options if option.name)
    assert slips(chosen.id, wrong.id) == (wrong.name,)
