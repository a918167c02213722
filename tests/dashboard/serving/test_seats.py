"""Places on a server: how many, for whom, and that who is in can stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.serving import seats
from dashboard.serving.seats import KNOWN, MORE, MOST_KNOWN, PROMISED, Seats


class Clock:
    """A time that tests set."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time of the places."""
    return Clock()


def test_room_ends_with_the_last_place(clock: Clock) -> None:
    """In all and for each address; a page that closes gives its place back."""
    places = Seats(3, 2, clock)
    places.sit("a", "")
    assert places.room("a", "") == ""
    places.sit("a", "")
    assert (places.room("a", ""), places.room("b", "")) == ("address", "")
    places.sit("b", "")
    assert (places.room("b", ""), places.room("c", "")) == ("full", "full")
    places.rise("a", "")
    assert places.room("a", "") == places.room("c", "") == ""


def test_page_that_was_sent_holds_a_place_for_a_while(clock: Clock) -> None:
    """A hundred that load at once are not let in on one place; one that never connects gives it back."""
    places = Seats(2, 2, clock)
    places.promise("a", "")
    places.promise("b", "")
    assert places.room("c", "") == "full"
    assert places.redeem("a")
    assert not places.redeem("a")
    clock.now += PROMISED
    assert not places.redeem("b")
    assert places.room("c", "") == ""


def test_who_is_in_may_load_the_page_again(clock: Clock) -> None:
    """The browser asks for the new page before it closes the old one; for a few pages, and for a while."""
    places = Seats(1, 1, clock)
    places.sit("a", "mine")
    assert (places.room("a", "mine"), places.room("a", "other"), places.room("a", "")) == ("", "full", "full")
    places.promise("a", "mine")
    assert not places.redeem("a")  # its own place is what it has
    places.rise("a", "mine")
    places.sit("b", "other")
    clock.now += KNOWN - 1
    assert places.room("a", "mine") == ""
    clock.now += 2
    assert places.room("a", "mine") == "full"
    for _ in range(MORE - 1):
        assert places.room("b", "other") == ""
        places.sit("b", "other")
    assert places.room("b", "other") == "full"


def test_lost_connections_come_back_though_the_old_ones_still_count(clock: Clock) -> None:
    """Each page of an address may have two; what piles up beyond that may not."""
    places = Seats(2, 2, clock)
    for _ in range(2):
        places.sit("a", "")
    for _ in range(2):
        assert places.again("a")
        places.sit("a", "")
    assert not places.again("a")


STEPS = st.lists(
    st.tuples(st.sampled_from(["come", "go", "load", "wait"]), st.sampled_from("abc"), st.sampled_from(["", "x", "y"]))
)


@given(STEPS, st.integers(1, 6), st.integers(1, 6))
def test_places_are_neither_lost_nor_doubled(steps: list[tuple[str, str, str]], most: int, per_address: int) -> None:
    """Whatever comes and goes: never more strangers than places, and all free at the end."""
    clock = Clock()
    places = Seats(most, per_address, clock)
    inside: list[tuple[str, str]] = []
    for step, address, browser in steps:
        if step == "wait":
            clock.now += PROMISED / 2
        elif step == "load" and not places.room(address, browser):
            places.promise(address, browser)
        elif step == "come" and (places.redeem(address) or not places.room(address, browser)):
            places.sit(address, browser)
            inside.append((address, browser))
        elif step == "go" and inside:
            places.rise(*inside.pop(0))
        assert places.taken == len(inside)
        assert places.empty.is_set() == (not inside)
        assert sum(not browser for _, browser in inside) <= most
    for each in inside:
        places.rise(*each)
    clock.now += PROMISED + KNOWN
    assert places.taken == 0
    assert places.room("new", "") == ""
    assert not places._taken_from
    assert not places._promised


def test_browsers_that_are_remembered_have_a_limit(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes under ever new names fills no memory."""
    assert MOST_KNOWN >= 10_000
    monkeypatch.setattr(seats, "MOST_KNOWN", 100)
    places = Seats(10, 10, clock)
    for number in range(300):
        places.sit("a", str(number))
        places.rise("a", str(number))
    assert len(places._browsers) == 100
