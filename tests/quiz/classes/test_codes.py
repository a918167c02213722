"""Codes that can be read aloud and not guessed, pseudonyms, names and titles, and who may teach."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.classes.codes import MOST, WORDS, Misses, new_code, read_code
from quiz.classes.people import Person, teaches
from quiz.classes.pseudonyms import FIRST, SECOND, new_pseudonym
from quiz.classes.records import LONGEST_NAME, check_line, line
from quiz.classes.resume import digest, new_learner, new_secret

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ODD = st.text(max_size=200) | st.text(st.characters(), max_size=200) | st.binary(max_size=9) | st.none() | st.integers()


def apart(one: str, other: str) -> bool:
    """Whether two words differ in more than one letter added, left out or changed."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return True
    at = next((i for i, sign in enumerate(one) if sign != other[i]), len(one))
    return one[at + (len(one) == len(other)) :] != other[at + 1 :]


def test_words_of_codes_are_told_apart() -> None:
    """No slip of one letter makes another code of one, and there are enough of them."""
    assert len(WORDS) ** 2 * 10**4 > 5e8
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 8 for word in WORDS)
    assert [(a, b) for i, a in enumerate(WORDS) for b in WORDS[i + 1 :] if not apart(a, b)] == []
    assert len({a + b for a in WORDS for b in WORDS}) == len(WORDS) ** 2


@given(seed=st.integers(), between=st.sampled_from([" ", "-", " - ", "–", ", ", "/"]), upper=st.booleans())
def test_code_is_read_as_people_write_it(seed: int, between: str, upper: bool) -> None:
    """Small letters, spaces, other dashes and the signs of wide keyboards give the same code."""
    code = new_code(random.Random(seed))
    typed = between.join(code.split("-"))
    assert read_code(f" {typed if upper else typed.lower()}\n") == code
    assert read_code(code.replace("-", "")) == code
    assert read_code("".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in code)) == code


@given(typed=ODD)
def test_what_is_no_code_is_none(typed: object) -> None:
    """Whatever is typed is a code in its one spelling, or none."""
    read = read_code(typed)  # type: ignore[arg-type]
    assert read is None or read == read_code(read)


def test_guessing_is_slowed_down() -> None:
    """So many wrong codes from a place are enough for ten minutes, another place is free, and memory has a bound."""
    misses = Misses(places=3)
    for number in range(MOST):
        assert not misses.too_many("here", NOW)
        misses.add("here", NOW + number * MINUTE / MOST)
    assert misses.too_many("here", NOW + MINUTE)
    assert not misses.too_many("there", NOW + MINUTE)
    assert not misses.too_many("here", NOW + 12 * MINUTE)
    assert not misses.too_many("here", NOW - timedelta(days=400))
    for place in "abc":
        misses.add(place, NOW)
    assert not misses.too_many("here", NOW + MINUTE)


def test_pseudonyms_are_never_twice_in_a_class() -> None:
    """Even where every pair of words is used up, the next one is new and can be read."""
    rng = random.Random(0)
    taken: set[str] = set()
    for _ in range(len(FIRST) * len(SECOND) // 8):
        new = new_pseudonym(taken, rng)
        assert new not in taken
        taken.add(new)
    every = {f"{one} {other}" for one in FIRST for other in SECOND}
    late = new_pseudonym(every, rng)
    assert late not in every
    check_line("pseudonym", late, LONGEST_NAME)
    assert late not in {new_pseudonym(every | {late}, random.Random(0)) for _ in range(3)}


@pytest.mark.parametrize(
    "name",
    ["Zoë", "Nguyễn Thị Minh Khai", "محمد", "نیما\u200cپور", "O’Brien-Smith", "李雷", "Łukasz", "x" * 80, "-1", "=cmd"],
)
def test_names_of_people_are_taken(name: str) -> None:
    """Names of every script are names, also with the unseen joiners that some of them need."""
    check_line("name", line(f"  {name} "), LONGEST_NAME)


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 81, "a\0b", "a\u202eb", "\ud800", "\u200d\u200c", "a\x1b[31m", "\u2066x", 7, None]
)
def test_what_nobody_can_read_is_no_name(name: object) -> None:
    """Nothing, too much, signs that turn the line or steer a terminal, and what is no text at all."""
    with pytest.raises(ValueError, match="name: "):
        check_line("name", name, LONGEST_NAME)  # type: ignore[arg-type]


@given(typed=st.text(max_size=300))
def test_line_is_a_line(typed: str) -> None:
    """What comes of any text is one line without spaces at its ends, and stays the same."""
    found = line(typed)
    assert found == line(found) == found.strip()
    assert len(found.splitlines()) <= 1


CONFIGURED = "ada@example.edu, groups=staff ,x=, =y"


@pytest.mark.parametrize(
    ("claims", "teacher"),
    [
        ({"email": "ada@example.edu"}, True),
        ({"email": "ADA@Example.EDU", "email_verified": True}, True),
        ({"email": "ada@example.edu", "email_verified": "true"}, True),
        ({"email": "ada@example.edu", "email_verified": False}, False),
        ({"email": "ada@example.edu.evil.org"}, False),
        ({"email": ["ada@example.edu"]}, False),
        ({"groups": ["staff", "x"]}, True),
        ({"groups": "staff"}, True),
        ({"groups": ["staffs"]}, False),
        ({"groups": {"staff": 1}}, False),
        ({"x": ""}, False),
        ({"": "y"}, True),
        ({}, False),
    ],
)
def test_teachers_are_who_the_configuration_says(claims: dict[str, object], teacher: bool) -> None:
    """A verified address or a claim makes a teacher, and nothing that only looks like it."""
    assert teaches(claims, CONFIGURED) is teacher
    assert teaches(claims, "") is False


def test_teachers_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable names them; without it there are none."""
    monkeypatch.delenv("UNROLLED_TEACHERS", raising=False)
    assert not teaches({"email": "ada@example.edu"})
    monkeypatch.setenv("UNROLLED_TEACHERS", "ada@example.edu")
    assert teaches({"email": "ada@example.edu"})


def test_who_asks_has_an_id() -> None:
    """A person without an id, or with one no database takes, cannot ask."""
    for learner in ("", "a\0", "x" * 300):
        with pytest.raises(ValueError, match="learner: "):
            Person(learner)


@given(typed=ODD)
def test_only_a_secret_has_a_digest(typed: object) -> None:
    """What is no secret of ours is looked up nowhere."""
    assert digest(typed) is None  # type: ignore[arg-type]


def test_secrets_are_long_and_new() -> None:
    """A secret has 256 bits, no two are alike, and the digest does not hold it."""
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    for secret in secrets:
        assert len(secret) == 43
        assert secret not in str(digest(secret))
    assert new_learner() != new_learner()
