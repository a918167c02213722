"""The list of pages: each has its file, its own address, and a name for what the bank says belongs to it."""

from __future__ import annotations

from dashboard.kit import navigation
from dashboard.kit.rooms import DASHBOARD
from quiz.lessons import LESSONS, TOPICS

LISTED = [place for groups in (navigation.GROUPS, navigation.HOSTED) for places in groups.values() for place in places]
PLACES = [*LISTED, *navigation.UNLISTED]


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


def test_what_is_not_listed_is_there_all_the_same() -> None:
    """Whoever may not see a page in the sidebar still opens it by its address, and it says for whom it is."""
    for hosted, teacher in ((False, False), (True, False), (True, True)):
        groups = navigation.groups(hosted=hosted, teacher=teacher)
        listed = [place for places in groups.values() for place in places]
        assert {*listed, *navigation.unlisted(hosted=hosted, teacher=teacher)} == set(PLACES)
        assert ("Class" in groups, "Teach" in groups) == (hosted, hosted and teacher)
