"""What a browser holds of a learner: only this server makes it, for one purpose, for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import SECRET

from dashboard.kit.people import signed
from quiz.classes.keys import Keys

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYS = Keys(SECRET)
SESSION = signed.Session("by-code-1", 1_795_000_000_000_000)


def test_what_was_signed_is_read() -> None:
    """Until its life is over, for the purpose it was signed for alone."""
    for purpose, life in signed.LIVES.items():
        value = signed.write(purpose, SESSION, KEYS, NOW)
        assert signed.read(purpose, value, KEYS, NOW + life) == SESSION
        assert signed.read(purpose, value, KEYS, NOW + life + timedelta(seconds=1)) is None
        (other,) = set(signed.LIVES) - {purpose}
        assert signed.read(other, value, KEYS, NOW) is None


def test_clocks_of_two_servers_may_differ_a_little() -> None:
    """One that signed a minute ahead is believed, one further ahead is not."""
    value = signed.write("session", SESSION, KEYS, NOW)
    assert signed.read("session", value, KEYS, NOW - signed.AHEAD) == SESSION
    assert signed.read("session", value, KEYS, NOW - 2 * signed.AHEAD) is None


def test_another_server_s_is_not_read_and_an_earlier_secret_s_is() -> None:
    """A changed secret keeps everybody signed in as long as it is read."""
    value = signed.write("session", SESSION, KEYS, NOW)
    assert signed.read("session", value, Keys("x1y2z3w4" * 8), NOW) is None
    assert signed.read("session", value, Keys(f"{'x1y2z3w4' * 8} {SECRET}"), NOW) == SESSION


@given(st.integers(0, 500), st.characters(codec="utf-8"))
def test_one_changed_character_spoils_it(place: int, character: str) -> None:
    """Wherever it stands."""
    value = signed.write("session", SESSION, KEYS, NOW)
    at = place % len(value)
    changed = value[:at] + character + value[at + 1 :]
    assert (signed.read("session", changed, KEYS, NOW) == SESSION) == (changed == value)


@pytest.mark.parametrize(
    "value", [None, 3, "", "1..", "1.a.b", "1." + "A" * 900 + "." + "A" * 43, "x" * 5_000, "\ud800"]
)
def test_what_is_none_is_nobody(value: object) -> None:
    """Whatever a browser sends."""
    assert signed.read("session", value, KEYS, NOW) is None


def test_signed_nonsense_is_nobody() -> None:
    """What another edition signed is left alone."""
    for held in ("W10", "bm9uZQ", "WzEsMiwzXQ", "WyJhIiwgIngiLCAxXQ", "WyJhIiwgMSwgMWU5OTld"):
        signature = signed._text(KEYS.sign("session", held))
        assert signed.read("session", f"1.{held}.{signature}", KEYS, NOW) is None
