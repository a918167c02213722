"""The figures for whoever watches a server: who may read them, what they are, and that they name nobody."""

from __future__ import annotations

import sys

import pytest
from asgi import Answer, Below, ask, scope
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from dashboard.serving.counts import Counts
from dashboard.serving.metrics import CAUSES, Metrics
from dashboard.serving.ready import Ready
from dashboard.serving.seats import Seats
from dashboard.serving.settings import Settings
from dashboard.serving.stopping import Stopping

TOKEN = "0123456789abcdef-token"
HERE = {"host": "localhost:8501"}


def metrics(token: str = "", base: str = "/") -> Metrics:
    """The middleware after some visitors."""
    counts, seats = Counts(messages=7), Seats(50, 30)
    counts.answers.update({"2xx": 5, "5xx": 1})
    counts.refusals["full"] = 3
    seats.sit("203.0.113.9", "a-browser")
    ready = Ready({"database": lambda: "", "experiments": lambda: "is closed"})
    return Metrics(Below(), Settings(token=token, sessions=50), counts, ready, Stopping(seats, 0), base)


def figures(answer: Answer) -> dict[tuple[str, ...], float]:
    """Each figure by its name and labels, as Prometheus reads them."""
    families = text_string_to_metric_families(answer.text)
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def test_figures_are_what_was_counted() -> None:
    """In the form that Prometheus reads; causes that did not occur are there as 0."""
    answer = ask(metrics(), scope("/metrics", headers=HERE))
    found = figures(answer)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert {name: found[name] for name in found if name[0].startswith("unrolled_") and "seconds" not in name[0]} == {
        ("unrolled_sessions",): 1, ("unrolled_sessions_most",): 50, ("unrolled_stopping",): 0,
        ("unrolled_messages_total",): 7, ("unrolled_http_answers_total", "2xx"): 5,
        ("unrolled_http_answers_total", "3xx"): 0, ("unrolled_http_answers_total", "4xx"): 0,
        ("unrolled_http_answers_total", "5xx"): 1, ("unrolled_part_up", "database"): 1,
        ("unrolled_part_up", "experiments"): 0, ("unrolled_experiments", "running"): 0,
        ("unrolled_experiments", "waiting"): 0,
        **{("unrolled_refusals_total", cause): 3 * (cause == "full") for cause in CAUSES},
    }  # fmt: skip
    assert found["process_resident_memory_bytes",] > 1e6
    assert found["process_cpu_seconds_total",] > 0


def test_figures_name_nobody() -> None:
    """No address and no browser stands in them."""
    text = ask(metrics(), scope("/metrics", headers=HERE)).text
    assert "203.0.113" not in text
    assert "a-browser" not in text


@pytest.mark.parametrize(
    ("token", "peer", "headers", "open_"),
    [("", "127.0.0.1", {}, True), ("", "::1", {"host": "[::1]:8501"}, True), ("", "203.0.113.9", {}, False),
     ("", "127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, False),
     ("", "127.0.0.1", {"host": "study.example.org"}, False),
     ("", "203.0.113.9", {"authorization": "Bearer "}, False), ("", "127.0.0.1", {"authorization": "Bearer x"}, False),
     (TOKEN, "203.0.113.9", {"authorization": f"Bearer {TOKEN}"}, True),
     (TOKEN, "203.0.113.9", {"authorization": f"bearer  {TOKEN}"}, True), (TOKEN, "203.0.113.9", {}, False),
     (TOKEN, "203.0.113.9", {"authorization": f"Basic {TOKEN}"}, False), (TOKEN, "127.0.0.1", {}, True),
     (TOKEN, "127.0.0.1", {"authorization": "Bearer wrong-wrong-wrong"}, False),
     (TOKEN, "203.0.113.9", {"authorization": f"Bearer {TOKEN}x"}, False)],
)  # fmt: skip
def test_who_may_read_them(token: str, peer: str, headers: dict[str, str], open_: bool) -> None:
    """A program on this machine with nothing between, and whoever has the token; for others there is nothing."""
    answer = ask(metrics(token), scope("/metrics", peer=peer, headers=HERE | headers))
    assert answer.status == (200 if open_ else 404)
    assert ("unrolled_sessions" in answer.text) == open_


@given(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)))
def test_no_nonsense_opens_them(given_token: str, forwarded: str) -> None:
    """Neither a guess nor a forged chain."""
    headers = HERE | {"authorization": f"Bearer {given_token}", "x-forwarded-for": forwarded}
    for peer in ("203.0.113.9", "127.0.0.1"):
        assert ask(metrics(TOKEN), scope("/metrics", peer=peer, headers=headers)).status == 404


def test_route_is_there_below_a_path_and_without() -> None:
    """By GET alone; anything else passes, or finds nothing."""
    app = metrics(base="/rnn/")
    assert ask(app, scope("/rnn/metrics", headers=HERE)).status == 200
    assert ask(app, scope("/metrics", headers=HERE)).status == 200
    assert ask(app, scope("/metrics", method="POST", headers=HERE)).status == 404
    assert ask(app, scope("/metrics/x", headers=HERE)).text == "below"


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it; the server does without it otherwise."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    answer = ask(metrics(), scope("/metrics", headers=HERE))
    assert (answer.status, "unrolled[hosted]" in answer.text) == (501, True)
