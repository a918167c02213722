"""Where a visitor comes from, and addresses as they are given out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard.kit.people import addresses


@pytest.mark.parametrize(
    ("peer", "passed", "place"),
    [(None, None, "here"), ("93.184.216.34", None, "93.184.216.34"), (None, "93.184.216.34", "93.184.216.34"),
     ("10.0.0.2", "198.51.100.1, 93.184.216.34", "93.184.216.34"), ("93.184.216.34", "198.51.100.1", "93.184.216.34"),
     ("no address", "198.51.100.1", "no address"), (None, "x" * 999, "x" * addresses.LONGEST), (None, " , ", "here")],
)  # fmt: skip
def test_visitor_is_told_by_who_stands_nearest(
    monkeypatch: pytest.MonkeyPatch, peer: str | None, passed: str | None, place: str
) -> None:
    """A forwarder beside the server is believed, what a visitor from afar claims is not."""
    headers = {} if passed is None else {"X-Forwarded-For": passed}
    monkeypatch.setattr(addresses.st, "context", SimpleNamespace(ip_address=peer, headers=headers))
    assert addresses.place() == place


def test_links_stand_below_the_address_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the path of the app, and what is in the query and after the # quoted."""
    monkeypatch.setattr(addresses.st, "context", SimpleNamespace(url="https://study.example.org/rnn/classes"))
    assert addresses.link("join", code="A-1&b") == "https://study.example.org/rnn/join?code=A-1%26b"
    assert addresses.link("resume", "a#b") == "https://study.example.org/rnn/resume#a%23b"
    assert addresses.site() == "https://study.example.org/rnn"
