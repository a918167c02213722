"""Where a visitor comes from, and addresses as they are given out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard.kit.people import addresses


class Headers(dict[str, list[str]]):
    """Headers as a page has them."""

    def get_all(self, name: str) -> list[str]:
        """Every value of one."""
        return self.get(name, [])


@pytest.mark.parametrize(
    ("peer", "passed", "place"),
    [(None, [], "here"), ("93.184.216.34", [], "93.184.216.34"), (None, ["93.184.216.34"], "93.184.216.34"),
     ("10.0.0.2", ["198.51.100.1, 93.184.216.34"], "93.184.216.34"), ("10.0.0.3", ["198.51.100.1"], "10.0.0.3"),
     ("93.184.216.34", ["198.51.100.1"], "93.184.216.34"), ("no address", ["198.51.100.1"], "no address"),
     (None, ["x" * 999], "here"), (None, [" , "], "here"), ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64")],
)  # fmt: skip
def test_visitor_is_told_by_who_stands_nearest(
    monkeypatch: pytest.MonkeyPatch, peer: str | None, passed: list[str], place: str
) -> None:
    """A forwarder that is named is believed; what a visitor, or another machine beside the server, claims is not."""
    monkeypatch.setenv("UNROLLED_PROXIES", "127.0.0.1 10.0.0.2")
    context = SimpleNamespace(ip_address=peer, headers=Headers({"X-Forwarded-For": passed}))
    monkeypatch.setattr(addresses.st, "context", context)
    assert addresses.place() == place


def test_links_stand_below_the_address_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the path of the app, and what is in the query and after the # quoted."""
    monkeypatch.setattr(addresses.st, "context", SimpleNamespace(url="https://study.example.org/rnn/classes"))
    assert addresses.link("join", code="A-1&b") == "https://study.example.org/rnn/join?code=A-1%26b"
    assert addresses.link("resume", "a#b") == "https://study.example.org/rnn/resume#a%23b"
    assert addresses.site() == "https://study.example.org/rnn"
