"""The log as JSON lines: one object each, without who somebody is or what they wrote."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from asgi import Below, ask, scope
from hypothesis import given
from hypothesis import strategies as st
from streamlit import logger as streamlit_logger

from dashboard.serving import logs
from dashboard.serving.counts import Counts
from dashboard.serving.logs import FIELDS, JsonFormatter
from dashboard.serving.noted import Noted
from dashboard.serving.settings import Settings


def line(message: str, *arguments: object, addresses: bool = False, **more: Any) -> dict[str, Any]:
    """What is written of a record."""
    record = logging.LogRecord("a.b", logging.WARNING, "x.py", 1, message, arguments, more.pop("exc_info", None))
    for name, value in more.items():
        setattr(record, name, value)
    written = JsonFormatter(addresses=addresses).format(record)
    assert "\n" not in written
    found = json.loads(written)
    assert isinstance(found, dict)
    return found


def test_line_has_time_level_logger_and_event() -> None:
    """And the fields that its event has beside these."""
    found = line("%d pages", 3, **{FIELDS: {"status": 200}})
    assert found.pop("time").endswith("+00:00")
    assert found == {"level": "warning", "logger": "a.b", "event": "3 pages", "status": 200}


@pytest.mark.parametrize(
    ("message", "left"),
    [("Session with id 0f8fad5b-d9cb-469f-a165-70867728950e is", "Session with id … is"),
     ("GET /resume?code=TIDE-1&x=y failed", "GET /resume… failed"), ("from ada@example.edu now", "from … now"),
     ("token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9_x end", "token … end"),
     ("peer 203.0.113.9:80 left", "peer … left"),
     ("it was 203.0.113.9.", "it was …."), ("[2001:db8::7]:443", "…"),
     ("version 1.67.0, dashboard.kit", "version 1.67.0, dashboard.kit"),
     ("peer 2001:db8::7 left", "peer … left"), ("at postgresql://u:pw@db/name", "at postgresql:…db/name"),
     ("at 12:30:05 all", "at 12:30:05 all"), ("is 5 MB?", "is 5 MB?")],
)  # fmt: skip
def test_what_tells_who_somebody_is_is_taken_out(message: str, left: str) -> None:
    """Ids, queries, tokens, e-mail and network addresses; a time of day stays."""
    assert line(message)["event"] == left


def test_addresses_may_be_wanted() -> None:
    """By a setting of their own."""
    assert line("peer 203.0.113.9 left", addresses=True)["event"] == "peer 203.0.113.9 left"


def test_error_is_told_by_its_kind_and_place() -> None:
    """Its message may hold what a learner typed."""
    try:
        raise ValueError("what Ada typed")
    except ValueError:
        found = line("A page failed", exc_info=sys.exc_info())
    assert found["error"] == "ValueError"
    assert found["at"][-1].endswith("test_error_is_told_by_its_kind_and_place")
    assert "Ada" not in json.dumps(found)
    assert line("It broke\nTraceback (most recent call last):\n  Ada")["event"] == "It broke"


@given(st.text(max_size=5_000))
def test_any_message_is_one_line_of_json(message: str) -> None:
    """Of a bounded length."""
    assert len(line("%s", message)["event"]) <= logs.LONGEST


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the access log writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter(addresses=True))
    log = logging.getLogger("unrolled.access")
    log.addHandler(handler)
    level = log.level
    log.setLevel(logging.INFO)
    yield out
    log.removeHandler(handler)
    log.setLevel(level)


def test_request_is_written_by_its_kind(written: io.StringIO) -> None:
    """Method, kind of address, status and time; no name, no query, no file, and no address of the visitor."""
    app = Noted(Below(404), Settings(json=True), Counts(), "/rnn/")
    ask(app, scope("/rnn/_stcore/upload_file/secret/essay.txt", method="PUT", query=b"who=ada"))
    ask(app, scope("/rnn/ada-lovelace", method="ADA!"))
    ask(app, scope("/rnn/bptt", headers={"x-forwarded-for": "203.0.113.9"}))
    rows = [json.loads(each) for each in written.getvalue().splitlines()]
    assert [(row["method"], row["route"], row["status"]) for row in rows] == [
        ("PUT", "/_stcore/upload_file/…", 404), ("…", "/…", 404), ("GET", "/bptt", 404)
    ]  # fmt: skip
    assert all(row["ms"] >= 0 for row in rows)
    assert not any(word in written.getvalue() for word in ("ada", "secret", "essay", "203.0"))


def test_address_is_written_where_it_is_wanted(written: io.StringIO) -> None:
    """As the trusted proxy saw it."""
    app = Noted(Below(), Settings(json=True, addresses=True), Counts(), "/")
    ask(app, scope("/bptt", headers={"x-forwarded-for": "203.0.113.9"}))
    assert json.loads(written.getvalue())["address"] == "203.0.113.9"


def test_good_answers_for_files_are_counted_only(written: io.StringIO) -> None:
    """A page asks for dozens of them; one that fails is written."""
    counts = Counts()
    for status in (200, 404):
        ask(Noted(Below(status), Settings(json=True), counts, "/"), scope("/static/js/x.js"))
    ask(Noted(Below(), Settings(), counts, "/"), scope("/bptt"))
    assert counts.answers == {"2xx": 2, "4xx": 1}
    assert [json.loads(each)["status"] for each in written.getvalue().splitlines()] == [404]


def test_connection_is_written_at_its_end(written: io.StringIO) -> None:
    """With how long it lasted; it is no answer of HTTP."""
    counts = Counts()
    ask(Noted(Below(), Settings(json=True), counts, "/"), scope("/_stcore/stream", kind="websocket"))
    row = json.loads(written.getvalue())
    assert (row["method"], row["route"], row["status"]) == ("WEBSOCKET", "/_stcore/stream", 101)
    assert not counts.answers


def test_failed_request_counts(written: io.StringIO) -> None:
    """As one that was answered with 500."""

    async def fail(*_: object) -> None:
        raise RuntimeError

    counts = Counts()
    with pytest.raises(RuntimeError):
        ask(Noted(fail, Settings(json=True), counts, "/"), scope())
    assert counts.answers == {"5xx": 1}
    assert json.loads(written.getvalue())["status"] == 500


def test_loggers_made_later_write_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit makes some with the first page, each with a handler of its own."""
    assert logging.lastResort is not None
    handlers = [logging.lastResort, *(handler for each in _loggers() for handler in each.handlers)]
    before = [(handler, handler.formatter) for handler in handlers]
    plain = streamlit_logger.setup_formatter
    monkeypatch.setattr(streamlit_logger, "setup_formatter", plain)  # to be put back
    access = logging.getLogger("unrolled.access")
    level = access.level
    try:
        logs.begin(addresses=False)
        made = streamlit_logger.get_logger("made.later")
        assert all(isinstance(handler.formatter, JsonFormatter) for handler in made.handlers)
        assert all(isinstance(handler.formatter, JsonFormatter) for handler in handlers)
    finally:
        access.setLevel(level)
        for handler, formatter in before:
            handler.setFormatter(formatter)


def _loggers() -> list[logging.Logger]:
    named = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    return [logging.getLogger(), *named]
