"""Beats: short words, one question, and answers that are kept under their question."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from support import page_at

from dashboard.figure import asset
from dashboard.kit import beats, words
from dashboard.kit.asking import path
from dashboard.kit.rooms import DASHBOARD
from quiz.computed.guess import About, choice
from quiz.lessons import LESSONS, folder
from quiz.schema import Choice

OF_BEATS = [name for name in LESSONS if (DASHBOARD / "lessons" / folder(name) / "beats.py").is_file()]
TOLD = [
    (name, anchor.removeprefix("beat-"))
    for name in OF_BEATS
    for anchor in words.sections(name)
    if anchor.startswith("beat-")
]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[dict[str, Any]]]:
    """The beats that a lesson sends to its figure."""

    def found(name: str) -> list[dict[str, Any]]:
        sent: list[Any] = []
        monkeypatch.setattr(asset, "renderer", lambda: lambda *, data, **_: sent.append(json.loads(data)))
        assert not page_at(name).run().exception
        (told,) = [data["beats"] for data in sent if data["beats"]]
        return list(told)

    return found


@pytest.mark.parametrize(("lesson", "name"), TOLD)
def test_a_beat_has_one_idea_and_few_words(lesson: str, name: str) -> None:
    """A title, one paragraph, and no more of it than one reads while looking at a figure."""
    title, text = beats.told(lesson, name)
    assert title
    assert "\n" not in text
    assert len(text.split()) <= beats.MOST_WORDS


@pytest.mark.parametrize("lesson", OF_BEATS)
def test_a_lesson_is_five_to_seven_beats_with_their_questions(lesson: str, drawn: Any) -> None:
    """All its words are told, in order; each question has one right answer and a reply to every other."""
    found = drawn(lesson)
    assert 5 <= len(found) <= 7
    assert [beat["name"] for beat in found] == [name for room, name in TOLD if room == lesson]
    questions = [beat["question"] for beat in found if beat["question"]]
    assert len(questions) >= 3
    for question in questions:
        assert sum(option["right"] for option in question["options"]) == 1
        assert all(option["reply"] for option in question["options"])
        assert question["given"] is None
    assert all(beat["before"] for beat in found if beat["question"])
    assert all(beat["said"] for beat in found)


ANSWERS = [
    None,
    "one-step",
    {},
    {"beat": "other", "option": "a"},
    {"beat": "first", "option": "z"},
    {"beat": ["first"]},
]


def question() -> Choice:
    """Three options."""
    about = About("guess-forward-test", "forward", ("forward-pass",))
    return choice(about, "Which?", {"one": "Yes.", "two": "No.", "three": "No."}, "one", "It is one.")


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_fits_no_question_is_left_alone(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that tells nonsense, or of a network that is gone, changes nothing."""
    monkeypatch.setattr(beats.guess, "settle", lambda *_: pytest.fail("it was kept"))
    monkeypatch.setattr(path, "reached", lambda *_: pytest.fail("it was reached"))
    beats._keeper("forward", {"first": question()}, {"first": 2})(answer)


@pytest.mark.parametrize("option", ["", question().options[1].id])
def test_an_answer_is_kept_under_its_question(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was chosen, and "Show me", reach the store by the lesson and the question; so does how far one came."""
    kept: list[Any] = []
    monkeypatch.setattr(beats.guess, "settle", lambda *told: kept.append(told))
    asked = question()
    monkeypatch.setattr(path, "reached", lambda *told: kept.append(told))
    beats._keeper("forward", {"first": asked}, {"opening": 1, "first": 2})({"beat": "first", "option": option})
    assert kept == [("forward", asked, option), ("forward", 2)]


TOLD_OF = [None, "first", {}, {"beat": "other"}, {"beat": ["first"]}, {"beat": None}]


@pytest.mark.parametrize("told", TOLD_OF)
def test_a_beat_that_there_is_not_is_none(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a figure says was reached."""
    monkeypatch.setattr(path, "reached", lambda *_: pytest.fail("it was reached"))
    beats._counter("forward", {"first": 2})(told)


def test_a_beat_that_is_stayed_on_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its number in the lesson."""
    kept: list[Any] = []
    monkeypatch.setattr(path, "reached", lambda *told: kept.append(told))
    beats._counter("forward", {"opening": 1, "first": 2})({"beat": "first"})
    assert kept == [("forward", 2)]


@pytest.mark.parametrize(("hosted", "counted"), [("0", False), ("1", True)])
def test_only_a_hosted_server_wants_to_hear_of_beats(
    monkeypatch: pytest.MonkeyPatch, hosted: str, counted: bool
) -> None:
    """On one's own nobody counts them, and going from beat to beat tells the server nothing."""
    monkeypatch.setenv("UNROLLED_HOSTED", hosted)
    sent: list[Any] = []
    monkeypatch.setattr(
        asset, "renderer", lambda: lambda *, data, **more: sent.append((json.loads(data)["counted"], {*more}))
    )
    assert not page_at("forward").run().exception
    ((found, heard),) = [each for each in sent if "on_answered_change" in each[1]]
    assert found is counted
    assert ("on_reached_change" in heard) is counted


def test_formulas_of_a_question_stand_in_the_figure_s_notation() -> None:
    """No backslash or dollar sign of TeX is left for the reader."""
    text = repr(beats.plain_tex(r"$\lVert \Delta h_{3} \rVert = 0.5$ and $\hat y_{2}$, so $h_{2} W_h^\top$."))
    assert "$" not in text
    assert not set(text.replace("\\\\hat", "")) & {"\\"}


@pytest.mark.parametrize("words", ["", "no heading", "### Title", "#### Title\n\nText"])
def test_words_that_are_no_beat_are_refused(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the beat."""
    monkeypatch.setattr(beats.words, "say", lambda *_: words)
    with pytest.raises(ValueError, match="one-step"):
        beats.told("forward", "one-step")
