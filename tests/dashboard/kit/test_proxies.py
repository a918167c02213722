"""Where a visitor comes from: what a trusted forwarder saw, and nothing that anybody else can write."""

from __future__ import annotations

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit import proxies
from dashboard.kit.proxies import Proxies, ProxiesError, household

OURS = Proxies.read("127.0.0.1, 10.0.0.0/8  ::1")
NOBODY = "203.0.113.9"
ADDRESSES = st.ip_addresses().map(str)
NONSENSE = st.one_of(st.text(), ADDRESSES, st.sampled_from(["", ",", "unknown", "127.0.0.1", "10.1.1.1", "[::1]:80"]))


@pytest.mark.parametrize(
    ("peer", "chain", "visitor"),
    [("127.0.0.1", [], "127.0.0.1"), ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
     ("10.2.3.4", ["6.6.6.6, 198.51.100.1, 10.0.0.7"], "198.51.100.1"),
     ("10.2.3.4", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
     (NOBODY, ["127.0.0.1"], NOBODY), (NOBODY, ["10.0.0.1, 10.0.0.2"], NOBODY), ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
     ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1"), ("::1", ["2001:db8::7"], "2001:db8::7"),
     ("127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"), ("127.0.0.1", ["[2001:db8::7]:80"], "2001:db8::7"),
     ("127.0.0.1", ["6.6.6.6, nonsense"], "127.0.0.1"), (None, ["198.51.100.1"], "198.51.100.1"), (None, [], ""),
     ("127.0.0.1", ["198.51.100.1, "], "127.0.0.1"), ("no address", ["198.51.100.1"], "no address")],
)  # fmt: skip
def test_nearest_forwarder_that_is_trusted_tells(peer: str | None, chain: list[str], visitor: str) -> None:
    """From the end of the chain to the first address that is not one of ours."""
    assert OURS.visitor(peer, chain) == visitor


@given(st.lists(NONSENSE), ADDRESSES)
def test_what_others_write_changes_nothing(chain: list[str], peer: str) -> None:
    """Whoever is not a trusted forwarder is where they connect from, whatever their headers say."""
    nobody = Proxies.read("192.0.2.1")
    assert nobody.visitor(peer, chain) == nobody.visitor(peer)


@given(st.lists(NONSENSE), ADDRESSES.filter(lambda found: not OURS.trusted(found)))
def test_what_stands_before_the_visitor_changes_nothing(forged: list[str], visitor: str) -> None:
    """A visitor may send any chain; the forwarder writes whom it saw behind it."""
    assert OURS.visitor("127.0.0.1", [*forged, visitor]) == OURS.visitor("127.0.0.1", [visitor])


@given(st.lists(NONSENSE), st.one_of(st.none(), NONSENSE))
def test_any_chain_gives_a_place(chain: list[str], peer: str | None) -> None:
    """Nonsense of any kind and length ends in something short, and the same each time."""
    found = OURS.visitor(peer, chain)
    assert found == OURS.visitor(peer, chain)
    assert len(household(found)) <= 60


def test_huge_chain_is_read_from_its_end() -> None:
    """Only so much of it is looked at."""
    assert OURS.visitor("127.0.0.1", ["6.6.6.6," * 100_000 + "198.51.100.1"]) == "198.51.100.1"


@given(st.ip_addresses(v=6).filter(lambda found: int(found) >> 64 not in (0, 1)))
def test_one_connection_s_addresses_are_one_place(address: IPv6Address) -> None:
    """Of IPv6 a household has 64 bits to itself, and could take another address for each request."""
    number = int(address)
    assert household(str(address)) == household(str(IPv6Address(number ^ 12345)))
    assert household(str(address)) != household(str(IPv6Address(number ^ 1 << 64)))


@pytest.mark.parametrize("text", ["proxy.example.org", "10.0.0.0/8, x", "10.0.0.1/8", "300.0.0.1", "*"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """The message says what to write."""
    with pytest.raises(ProxiesError, match=r'UNROLLED_PROXIES has .*Expected such as "127\.0\.0\.1 10\.0\.0\.0/8"'):
        Proxies.read(text)


def test_without_the_variable_this_machine_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy beside the server needs no configuration; one elsewhere is to be named."""
    monkeypatch.delenv(proxies.VARIABLE, raising=False)
    usual = proxies.configured()
    assert usual.trusted("127.9.9.9")
    assert usual.trusted("::1")
    assert not usual.trusted("10.0.0.1")
    monkeypatch.setenv(proxies.VARIABLE, "10.0.0.1")
    assert proxies.configured().trusted("10.0.0.1")
