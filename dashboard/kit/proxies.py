"""Where a visitor comes from, when forwarders stand before the server: the address that the nearest trusted one saw."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

VARIABLE = "UNROLLED_PROXIES"
LOOPBACK = ("127.0.0.0/8", "::1/128")
MOST = 4_096  # characters of a chain that are looked at, from its end
Address = IPv4Address | IPv6Address


class ProxiesError(ValueError):
    """The variable UNROLLED_PROXIES holds what is no address or network; the message says what to write."""


@dataclass(frozen=True)
class Proxies:
    """The forwarders whose `X-Forwarded-For` is believed.

    Attributes:
        networks: Their addresses.
    """

    networks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def read(cls, text: str) -> Proxies:
        """Addresses and networks with commas or spaces between; "" for this machine's own.

        Raises:
            ProxiesError: One of them is neither.
        """
        found = []
        for each in text.replace(",", " ").split() or LOOPBACK:
            try:
                found.append(ip_network(each))
            except ValueError:
                raise ProxiesError(
                    f"{VARIABLE} has {each[:60]!r}, which is no address or network. Expected such as "
                    '"127.0.0.1 10.0.0.0/8": the addresses from which your proxies connect.'
                ) from None
        return cls(tuple(found))

    def trusted(self, peer: str | None) -> bool:
        """Whether a connection comes from one of them; a Unix socket's other end is on this machine."""
        found = parsed(peer or "")
        return peer is None or (found is not None and self._have(found))

    def visitor(self, peer: str | None, forwarded: Sequence[str] = ()) -> str:
        """The visitor's address, as the nearest forwarder that is trusted saw it.

        Each forwarder writes whom it saw at the end of the chain. What stands before the first one that is not trusted
        may be made up, and so changes nothing.

        Args:
            peer: The connection's other end; None where it has no address.
            forwarded: The values of `X-Forwarded-For`, in the order in which they came.
        """
        return _visitor(self, peer, ",".join(forwarded)[-MOST:])

    def _have(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def configured() -> Proxies:
    """The forwarders that the environment names.

    Raises:
        ProxiesError: See `Proxies.read`.
    """
    return Proxies.read(os.environ.get(VARIABLE, ""))


@lru_cache(maxsize=4_096)
def _visitor(proxies: Proxies, peer: str | None, chain: str) -> str:
    seen = parsed(peer or "")
    if not proxies.trusted(peer):
        return str(seen or peer)
    for hop in reversed(chain.split(",") if chain else []):
        found = parsed(hop.strip())
        if found is None:
            break
        seen = found
        if not proxies._have(found):
            break
    return str(seen or "")


def parsed(text: str) -> Address | None:
    """An address, with or without a port; one of IPv4 that is written as IPv6 is one of IPv4. None if it is none."""
    if len(text) > 60:
        return None
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or found
    return found


def household(address: str) -> str:
    """What counts as one place: an address of IPv4, or the 64 bits of IPv6 that are given to one connection."""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found) >> 64 << 64, 64)))
    return str(found or address[:60])
