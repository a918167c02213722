"""How large and how frequent requests may be."""

from __future__ import annotations

import pytest
import streamlit
from asgi import Below, ask, scope
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit.proxies import Proxies
from dashboard.serving import limits
from dashboard.serving.counts import Counts
from dashboard.serving.limits import HEADERS, LONGEST, MEGABYTE, SMALL, Limited
from dashboard.serving.rates import MOST_KNOWN, Rates
from dashboard.serving.settings import Settings

PIECE = bytes(1 << 14)


class Clock:
    """A time that tests set."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def limited(below: Below, counts: Counts | None = None, requests: int = 1_000, proxies: str = "") -> Limited:
    """The middleware around a server."""
    return Limited(below, Settings(requests=requests, proxies=Proxies.read(proxies)), counts or Counts(), "/")


@pytest.mark.parametrize(("pieces", "status"), [(0, 200), (4, 200), (5, 413), (50, 413)])
@pytest.mark.parametrize("says", ["truth", "nothing", "less"])
def test_body_is_small_whatever_is_said_of_it(pieces: int, status: int, says: str) -> None:
    """It is counted as it comes; at most one piece beyond the limit is taken from the visitor."""
    length = {"truth": {"content-length": str(pieces * len(PIECE))}, "nothing": {}, "less": {"content-length": "1"}}
    below, counts = Below(), Counts()
    request = scope("/session", method="POST", headers=length[says])
    answer = ask(limited(below, counts), request, [PIECE] * pieces or [b""])
    assert answer.status == status
    assert below.read <= SMALL
    assert counts.refusals["large"] == (status == 413)


def test_upload_may_be_as_large_as_the_option_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a little more for what stands around the file."""
    asked = streamlit.get_option
    monkeypatch.setattr(limits.st, "get_option", lambda name: 2 if name == "server.maxUploadSize" else asked(name))
    most = 2 * MEGABYTE + SMALL
    for size, status in ((most, 200), (most + 1, 413)):
        request = scope("/_stcore/upload_file/s/f", method="PUT")
        assert ask(limited(Below()), request, [bytes(size)]).status == status


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣", "9" * 5_000, "", "0x10", "65537"])
def test_nonsense_about_the_length_is_refused(length: str) -> None:
    """Before anything is read."""
    below = Below()
    assert ask(limited(below), scope(method="POST", headers={"content-length": length})).status == 413
    assert not below.asked


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_address_and_headers_have_a_length(kind: str) -> None:
    """A pasted sequence in the query is far below it."""
    for query, status in ((b"x" * (LONGEST - 1), 0), (b"x" * LONGEST, 414)):
        answer = ask(limited(Below()), scope(kind=kind, query=query))
        assert not status or answer.status == status
    assert ask(limited(Below()), scope(kind=kind, headers={"x": "y" * HEADERS})).status == 431


def test_one_network_asks_so_often_and_others_are_not_kept_waiting() -> None:
    """A burst, then as many as come back with time; the refusal says when to try again."""
    counts = Counts()
    app = limited(Below(), counts, requests=1)
    clock = app.rates._clock = Clock()
    asked = [ask(app, scope(peer="203.0.113.9")).status for _ in range(31)]
    assert asked == [200] * 30 + [429]
    answer = ask(app, scope(peer="203.0.113.9"))
    assert (answer.status, answer.headers["retry-after"], counts.refusals["rate"]) == (429, "30", 2)
    assert ask(app, scope(peer="203.0.113.10")).status == 200
    clock.now += 2
    assert [ask(app, scope(peer="203.0.113.9")).status for _ in range(3)] == [200, 200, 429]


def test_forged_addresses_share_one_burst() -> None:
    """A header of the visitor's own gives no new start; a trusted proxy's visitors have one each."""
    for proxies, status in (("192.0.2.1", 429), ("203.0.113.9", 200)):
        app = limited(Below(), requests=1, proxies=proxies)
        app.rates._clock = Clock()
        sent = [scope(peer="203.0.113.9", headers={"x-forwarded-for": f"198.51.100.{n}"}) for n in range(31)]
        assert ask(app, sent[0]).status == 200
        assert [ask(app, each).status for each in sent[1:]][-1] == status


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from("ab")), max_size=60), st.integers(1, 5), st.integers(1, 9))
def test_nobody_takes_more_than_there_was(steps: list[tuple[float, str]], rate: int, burst: int) -> None:
    """In any order of requests: no more than the burst and what came back since."""
    clock = Clock()
    rates = Rates(rate, burst, clock)
    began, taken = clock.now, {"a": 0, "b": 0}
    for wait, place in steps:
        clock.now += wait
        taken[place] += rates.take(place)
        assert taken[place] <= burst + rate * (clock.now - began) + 1e-6


def test_places_that_are_remembered_have_a_limit() -> None:
    """Whoever comes from ever new addresses fills no memory."""
    rates = Rates(1, 1)
    for number in range(MOST_KNOWN + 50):
        rates.take(str(number))
    assert len(rates) == MOST_KNOWN
    assert not rates.take(str(MOST_KNOWN + 49))
