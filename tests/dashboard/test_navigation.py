"""The list of pages: each has its file, its own address, and a name for what the bank says belongs to it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from dashboard import navigation
from dashboard.lesson import LESSONS
from quiz.schema import Lesson

PLACES = [place for places in navigation.GROUPS.values() for place in places]


def test_every_page_has_its_file_and_address() -> None:
    """Each entry of the sidebar is a file of its own, at an address of its own, with a title."""
    files = {place.file for place in PLACES}
    folder = Path(navigation.__file__).parent
    assert {str(path.relative_to(folder)) for path in folder.glob("app_pages/*.py")} == files
    assert len({place.path for place in PLACES}) == len(PLACES)
    assert all(place.title for place in PLACES)


def test_every_topic_of_the_bank_has_a_name() -> None:
    """A question may belong to any lesson, and whatever it belongs to can be named."""
    assert set(LESSONS) < set(get_args(Lesson))
    assert set(navigation.TOPICS) == set(get_args(Lesson))
