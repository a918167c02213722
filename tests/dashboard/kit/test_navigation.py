"""The list of pages: each has its file, its own address, and a name for what the bank says belongs to it."""

from __future__ import annotations

from dashboard.kit import navigation
from dashboard.kit.rooms import DASHBOARD
from quiz.lessons import LESSONS, TOPICS

PLACES = [*(place for places in navigation.GROUPS.values() for place in places), *navigation.UNLISTED]


def test_every_page_has_its_file_and_address() -> None:
    """Each entry of the sidebar, and each page it does not list, is a file of its own at an address of its own."""
    files = {place.file for place in PLACES}
    there = (path for pattern in ("*/page.py", "lessons/*/page.py") for path in DASHBOARD.glob(pattern))
    assert {path.relative_to(DASHBOARD).as_posix() for path in there} == files
    assert len({place.path for place in PLACES}) == len(PLACES)
    assert all(place.title for place in PLACES)


def test_every_topic_of_the_bank_has_a_name() -> None:
    """A question may belong to any lesson, and whatever it belongs to can be named."""
    assert set(LESSONS) < set(TOPICS)
    assert all(TOPICS.values())
