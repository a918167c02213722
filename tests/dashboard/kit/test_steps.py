"""What the words alone say of a lesson's beats is what its beats are."""

from __future__ import annotations

import re

import pytest

from dashboard.kit.rooms import DASHBOARD
from dashboard.kit.steps import steps
from dashboard.kit.words import sections
from quiz.lessons import LESSONS, folder

MADE = re.compile(r'\bBeat\(\s*"([\w-]+)"')


@pytest.mark.parametrize("lesson", LESSONS)
def test_words_have_every_beat_and_no_other(lesson: str) -> None:
    """The names in `words.md` are those in `beats.py`, so a teacher's steps are the learner's."""
    source = DASHBOARD / "lessons" / folder(lesson) / "beats.py"
    made = MADE.findall(source.read_text(encoding="utf-8")) if source.exists() else []
    named = [anchor.removeprefix("beat-") for anchor in sections(lesson) if anchor.startswith("beat-")]
    assert set(made) == set(named)
    assert len(steps(lesson)) == len(named)
    assert all(title and not title.startswith("#") for title in steps(lesson))
