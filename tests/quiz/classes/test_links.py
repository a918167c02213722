"""Signed links: what was given comes back, and nothing that was forged, changed or cut is taken."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from traceback import format_exception
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.attempt import MAX_INTEGER
from quiz.classes.assignments import MOST_ITEMS, Assignment, at, new_id
from quiz.classes.keys import Keys, SecretError
from quiz.classes.links import EDITION, LONGEST, PURPOSE, LinkError, OverError, read_link, write_link

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECRET = "a long and quite irregular secret, 0123456789".replace(" ", "_")
KEYS = Keys(SECRET)
PLAIN = Assignment(id="0123456789abcdef", title="Backprop through time", items=("gen-bptt-h3", "interview-02"), seed=7)
TOKEN = write_link(PLAIN, KEYS)

names = st.text(st.characters(categories=["Ll", "Lu", "Nd", "Pd", "So"]), min_size=1, max_size=40)
times = st.none() | st.datetimes(datetime(2001, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))


@st.composite
def assignments(draw: st.DrawFn) -> Assignment:
    """Any assignment that can be made."""
    due, closes = draw(times), draw(times)
    if due and closes and closes < due:
        due, closes = closes, due
    return Assignment(
        id=draw(st.from_regex(r"[0-9a-f]{16}", fullmatch=True)),
        title=draw(names),
        items=tuple(draw(st.lists(names, max_size=MOST_ITEMS, unique=True))),
        lessons=tuple(draw(st.lists(names, min_size=1, max_size=5, unique=True))),
        seed=draw(st.integers(0, MAX_INTEGER)),
        each=draw(st.booleans()),
        due_at=due,
        closes_at=closes,
    )


@given(assignment=assignments())
def test_link_carries_the_whole_assignment(assignment: Assignment) -> None:
    """Title, questions, lessons, seed, times: all of it is in the link, which every server with the key reads."""
    token = write_link(assignment, KEYS)
    before = min((time for time in (assignment.closes_at,) if time), default=NOW)
    assert read_link(token, Keys(SECRET), before) == assignment
    assert token.isascii()


def test_link_of_a_whole_course_is_short_enough() -> None:
    """Sixty questions still fit what browsers, mail and course pages take."""
    items = tuple(f"gen-some-generated-question-{number}" for number in range(MOST_ITEMS))
    assert len(write_link(replace(PLAIN, items=items), KEYS)) < 2_000


@settings(max_examples=1_500)
@given(at_=st.integers(0, len(TOKEN) - 1), sign=st.characters(codec="ascii"))
def test_changed_link_is_refused(at_: int, sign: str) -> None:
    """Whatever sign is changed, wherever, the link is refused with a plain sentence."""
    changed = TOKEN[:at_] + sign + TOKEN[at_ + 1 :]
    if changed.strip() != TOKEN:
        with pytest.raises(LinkError, match=r"^This link .*\.$"):
            read_link(changed, KEYS, NOW)


@settings(max_examples=1_600)
@given(
    token=st.text(max_size=300)
    | st.from_regex(r"[0-9]{1,4}\.[A-Za-z0-9_-]{1,200}\.[A-Za-z0-9_-]{43}", fullmatch=True)
    | st.integers(0, len(TOKEN)).map(lambda n: TOKEN[:n])
    | st.sampled_from([None, 7, b"x", [], "x" * (LONGEST + 1)])
)
def test_forged_link_is_refused(token: Any) -> None:
    """Random text, random tokens, cut ones and what is no text at all."""
    if token != TOKEN:
        with pytest.raises(LinkError):
            read_link(token, KEYS, NOW)


def test_link_of_another_server_or_purpose_is_refused() -> None:
    """Another key's signature does not hold, nor one that was made for something else."""
    with pytest.raises(LinkError, match="was not made by this server"):
        read_link(write_link(PLAIN, Keys(SECRET[::-1])), KEYS, NOW)
    signed = TOKEN.rpartition(".")[0]
    other = urlsafe_b64encode(KEYS.sign("something else", signed)).decode().rstrip("=")
    with pytest.raises(LinkError, match="was not made by this server"):
        read_link(f"{signed}.{other}", KEYS, NOW)


def test_parts_of_two_links_make_no_third() -> None:
    """The signature of one assignment does not hold for another."""
    other = write_link(replace(PLAIN, closes_at=None, title="Other"), KEYS)
    with pytest.raises(LinkError, match="was not made by this server"):
        read_link(f"{TOKEN.rpartition('.')[0]}.{other.rpartition('.')[2]}", KEYS, NOW)


def signed(content: bytes, edition: str = EDITION) -> str:
    """A token with a good signature over anything."""
    head = f"{edition}.{urlsafe_b64encode(content).decode().rstrip('=')}"
    return f"{head}.{urlsafe_b64encode(KEYS.sign(PURPOSE, head)).decode().rstrip('=')}"


@pytest.mark.parametrize(
    "content",
    [
        b"nothing packed",
        zlib.compress(b"no json"),
        zlib.compress(b"[" * 60_000),
        zlib.compress(b" " * 4_000_000),
        zlib.compress(json.dumps({"id": PLAIN.id}).encode()),
        zlib.compress(json.dumps(PLAIN.to_json() | {"items": ["a", "a"]}).encode()),
        zlib.compress(json.dumps(PLAIN.to_json() | {"seed": True}).encode()),
        zlib.compress(json.dumps(PLAIN.to_json() | {"due_at": "soon"}).encode()),
        zlib.compress(json.dumps([1]).encode()),
    ],
)
def test_signed_nonsense_is_refused(content: bytes) -> None:
    """What another version with the same key may have written is refused in words, and never takes the memory."""
    with pytest.raises(LinkError, match="cannot be read here"):
        read_link(signed(content), KEYS, NOW)


def test_link_of_a_later_edition_says_so() -> None:
    """Another edition is told from a forgery."""
    with pytest.raises(LinkError, match="made by another version"):
        read_link(signed(b"x", "2"), KEYS, NOW)


def test_link_ends_when_the_assignment_does() -> None:
    """After its end the message names the assignment; a clock set back opens it again and nothing breaks."""
    token = write_link(replace(PLAIN, due_at=NOW, closes_at=NOW + timedelta(hours=1)), KEYS)
    assert read_link(token, KEYS, NOW + timedelta(minutes=59)).over(NOW) is False
    with pytest.raises(OverError, match="“Backprop through time” is over"):
        read_link(token, KEYS, NOW + timedelta(hours=2))
    assert read_link(token, KEYS, NOW - timedelta(days=9_000)).title == PLAIN.title


def test_secret_can_be_changed() -> None:
    """The new secret signs, and what the one before signed holds as long as it is named."""
    new = Keys(f"{SECRET[::-1]} {SECRET}")
    assert read_link(TOKEN, new, NOW) == PLAIN
    assert read_link(write_link(PLAIN, new), Keys(SECRET[::-1]), NOW) == PLAIN
    with pytest.raises(LinkError):
        read_link(write_link(PLAIN, new), KEYS, NOW)


@pytest.mark.parametrize("weak", ["", "  ", "short-one-1234", "a" * 64, f"{SECRET} short-one-1234"])
def test_weak_secret_stops_the_start(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """None, a short or a regular one is refused with the way to make one, and is not repeated."""
    monkeypatch.setenv("UNROLLED_SECRET", weak)
    with pytest.raises(SecretError, match=r"token_urlsafe\(48\)") as error:
        Keys.configured()
    assert not weak.strip() or "short-one" not in "".join(format_exception(error.value))


def test_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the text of the keys nor a link holds the secret."""
    monkeypatch.setenv("UNROLLED_SECRET", SECRET)
    keys = Keys.configured()
    packed = TOKEN.split(".")[1]
    content = zlib.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4))).decode()
    assert SECRET not in f"{keys!r} {keys} {TOKEN} {content}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "x"), ("id", "0123456789ABCDEF"), ("title", ""), ("title", "x" * 121), ("items", ["a"]),
        ("items", ("a", "a")),
        ("items", ("a\n",)), ("items", tuple(map(str, range(61)))), ("items", ()), ("lessons", ("",)), ("seed", -1),
        ("seed", 2**31), ("each", 1), ("due_at", datetime(2026, 1, 1)), ("closes_at", datetime(2300, 1, 1, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_bad_assignment_is_named(field: str, value: Any) -> None:
    """What cannot be assigned is refused, and the field is named."""
    with pytest.raises(ValueError, match=f"^{field}: "):
        replace(PLAIN, **{field: value})
    with pytest.raises(ValueError, match=r"^closes_at: before due_at"):
        replace(PLAIN, due_at=NOW, closes_at=NOW - timedelta(seconds=1))


def test_variants_are_one_for_all_or_one_each() -> None:
    """The same for all, or each their own; always the same for the same learner; bank questions have one."""
    each = replace(PLAIN, each=True)
    learners = [f"user-{number}" for number in range(40)]
    assert len({PLAIN.variant("gen-bptt-h3", name) for name in learners}) == 1
    assert len({each.variant("gen-bptt-h3", name) for name in learners}) == 40
    assert [each.variant("gen-bptt-h3", name) for name in learners] == [
        each.variant("gen-bptt-h3", n) for n in learners
    ]
    assert {each.variant("interview-02", name) for name in learners} == {0}
    assert PLAIN.variant("gen-bptt-h3", "a") != replace(PLAIN, seed=8).variant("gen-bptt-h3", "a")
    assert all(0 < each.variant("gen-x", name) <= MAX_INTEGER for name in learners)


def test_assignment_without_what_this_server_lacks() -> None:
    """A question that left the bank is left out; if nothing is left there is no assignment."""
    assert PLAIN.known(["interview-02"], []) == replace(PLAIN, items=("interview-02",))
    assert PLAIN.known([], ["bptt"]) is None


def test_new_assignment_has_an_id_and_whole_minutes() -> None:
    """Ids are new each time, and a due time loses its seconds."""
    assert len({replace(PLAIN, id=new_id()).id for _ in range(20)}) == 20
    assert at(NOW.replace(second=7)) == NOW
