"""A lesson on paper: all its beats with their questions, nothing that gives an answer away, and its take-away."""

from __future__ import annotations

import pytest
from support import page_at

from dashboard.handout.beats import printed
from dashboard.kit import words
from dashboard.kit.rooms import DASHBOARD
from quiz.lessons import LESSONS, folder


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_handout_has_the_whole_lesson(lesson: str) -> None:
    """Every beat's words and every option stand there, and the take-away; replies and explanations do not."""
    app = page_at("handout", lesson=lesson).run()
    assert not app.exception
    assert app.title[0].value == words.say(lesson, "title")
    said = "\n".join(element.value for element in app.markdown)
    assert words.say(lesson, "take-away") in said
    beats = printed(lesson)
    there = [(DASHBOARD / "lessons" / folder(lesson) / f"{name}.py").is_file() for name in ("beats", "handout")]
    assert bool(beats) == any(there)
    for beat in beats:
        assert beat.title in said
        assert beat.words in said
        assert beat.shown in said
        for option in () if beat.question is None else beat.question.options:
            assert option.text in said
            assert option.reply not in said


def test_an_unknown_lesson_is_the_first() -> None:
    """A link with a lesson that there is not prints no error."""
    app = page_at("handout", lesson="nowhere").run()
    assert not app.exception
    assert app.title[0].value == words.say(LESSONS[0], "title")
