"""Who sits at the server's own machine, by the connection alone; and the one setting that says nobody does."""

from __future__ import annotations

import logging

import pytest

from dashboard.kit import hosting

HOME = "127.0.0.1"


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "127.1.2.3", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f01:1"]
)
def test_every_loopback_address_is_at_home(peer: str) -> None:
    """The whole of 127.0.0.0/8 and ::1, also as a dual-stack socket reports them."""
    assert hosting.at_home(peer, [("host", "localhost:8501")])


@pytest.mark.parametrize(
    "peer",
    [None, "", "testclient", "localhost", "10.0.0.1", "128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1", "fe80::1",
     "::127.0.0.1", "127.0.0.1:80", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_other_peers_are_not_at_home(peer: str | None) -> None:
    """Another machine, a Unix socket's peer without an address, and what is no address at all."""
    assert not hosting.at_home(peer, [("host", "localhost:8501")])


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8501", "localhost.:8501", "unrolled.localhost", "127.0.0.1", "127.9.9.9:80", "[::1]",
     "[::1]:8501", "[::ffff:7f00:1]:8501"],
)  # fmt: skip
def test_every_name_of_this_machine_is_at_home(host: str) -> None:
    """With and without a port, in any case."""
    assert hosting.at_home(HOME, [("Host", host)])


@pytest.mark.parametrize(
    "host",
    ["", "study.example.org", "study.example.org:8501", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1",
     "0.0.0.0:8501", "[::]", "[::2]:8501", "::1", "notlocalhost", "localhost@evil.org", "localhost:8501/evil",
     "localhost:x", "evil.org localhost", "[localhost]"],
)  # fmt: skip
def test_who_asked_for_another_name_is_not_at_home(host: str) -> None:
    """A forwarder that keeps the name, or a name that someone pointed at this machine."""
    assert not hosting.at_home(HOME, [("host", host)])


@pytest.mark.parametrize("headers", [[], [("host", "localhost"), ("host", "study.example.org")]])
def test_one_host_is_asked_for(headers: list[tuple[str, str]]) -> None:
    """None, or two that may differ, are not believed."""
    assert not hosting.at_home(HOME, headers)


@pytest.mark.parametrize(
    "name",
    ["X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP",
     "CF-Ray", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "Fastly-Client-IP", "Fly-Client-IP",
     "X-Envoy-External-Address", "X-Amzn-Trace-Id", "X-Azure-ClientIP", "X-Request-Id", "CDN-Loop",
     "Tailscale-User-Login"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_forwarder_that_says_so_ends_it(name: str, value: str) -> None:
    """Whatever the header says: also that it forwards for this machine, as anybody may write."""
    assert not hosting.at_home(HOME, [("host", "localhost"), (name, value)])


@pytest.mark.parametrize(
    ("origin", "home"),
    [
        ("http://localhost:8501", True),
        ("http://[::1]:8501", True),
        ("https://study.example.org", False),
        ("null", False),
    ],
)
def test_page_must_come_from_this_machine_too(origin: str, home: bool) -> None:
    """A forwarder that writes its own address over the one asked for leaves the page's."""
    assert hosting.at_home(HOME, [("host", "127.0.0.1:8501"), ("origin", origin)]) == home


def test_a_browser_s_own_headers_do_no_harm() -> None:
    """What Chromium sends with a websocket."""
    names = ["Connection", "Pragma", "Cache-Control", "User-Agent", "Upgrade", "Sec-WebSocket-Version", "Cookie",
             "Accept-Encoding", "Accept-Language", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol"]  # fmt: skip
    assert hosting.at_home(HOME, [("Host", "localhost:8501"), *((name, "something") for name in names)])


@pytest.mark.parametrize(
    ("given", "hosted"),
    [(None, False), ("", False), ("0", False), ("No", False), ("false", False), ("off", False), ("1", True),
     (" TRUE ", True), ("yes", True), ("on", True)],
)  # fmt: skip
def test_one_variable_says_that_the_server_is_hosted(
    given: str | None, hosted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yes or no in the usual ways of writing them; without it the server is one person's own."""
    monkeypatch.delenv(hosting.VARIABLE, raising=False)
    if given is not None:
        monkeypatch.setenv(hosting.VARIABLE, given)
    assert hosting.hosted() == hosted


@pytest.mark.parametrize("given", ["2", "maybe", "local", "tru", "-1"])
def test_nonsense_is_refused_with_the_mend(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what came and what to write."""
    monkeypatch.setenv(hosting.VARIABLE, given)
    with pytest.raises(hosting.HostedError, match=f"UNROLLED_HOSTED is '{given}'; expected 1 .* or 0"):
        hosting.hosted()


@pytest.mark.parametrize(
    ("address", "where"),
    [(None, "on every interface"), ("", "on every interface"), ("0.0.0.0", "at 0.0.0.0"), ("::", "at ::"),
     ("192.168.1.5", "at 192.168.1.5"), ("localhost", ""), ("127.0.0.1", ""), ("::1", "")],
)  # fmt: skip
def test_open_door_is_told_once(
    address: str | None, where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One's own server that others may reach says so in its log; a hosted one is meant to be reached."""
    hosting.announce.cache_clear()
    monkeypatch.setenv(hosting.VARIABLE, "1")
    assert hosting.warning(address) is None
    monkeypatch.setenv(hosting.VARIABLE, "0")
    with caplog.at_level(logging.WARNING):
        hosting.announce(address)
        hosting.announce(address)
    assert len(caplog.messages) == bool(where)
    assert all(f"listens {where}, " in message for message in caplog.messages)
    hosting.announce.cache_clear()
