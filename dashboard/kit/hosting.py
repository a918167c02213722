"""Whose server this is, one person's own or hosted for others, and whether a visitor sits at that person's machine.

In local mode whoever sits at the machine is the learner "local", and all others are visitors. In hosted mode nobody is
"local": a forwarder on the machine may pass on anybody, and only a forwarder that says so can be told from a browser.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv6Address, ip_address

VARIABLE = "UNROLLED_HOSTED"
LOCALHOST = "localhost"
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})
AUTHORITY = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[0-9a-z]([0-9a-z.-]*[0-9a-z])?\.?)(:(?P<port>[0-9]{1,5}))?")
FORWARDED = ("x-", "cf-", "fly-", "fastly-", "ngrok-", "tailscale-", "akamai-", "proxy-")
"""How headers begin that a forwarder adds. No browser opens a connection with an `X-` header of its own."""
FORWARDED_WHOLE = frozenset({"forwarded", "via", "true-client-ip", "client-ip", "cdn-loop", "incap-client-ip"})

_log = logging.getLogger(__name__)


class HostedError(ValueError):
    """The variable UNROLLED_HOSTED holds what is neither yes nor no; the message says what to write."""


def hosted() -> bool:
    """Whether the server is hosted for others, as the environment variable UNROLLED_HOSTED says.

    Raises:
        HostedError: It is set to something else than yes or no.
    """
    given = os.environ.get(VARIABLE, "")
    word = given.strip().casefold()
    if word not in YES | NO:
        raise HostedError(
            f"{VARIABLE} is {given[:60]!r}; expected 1 for a server that others use, or 0 (or nothing) for your own "
            "machine. Set one of these and start again."
        )
    return word in YES


def at_home(peer: str | None, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a connection comes from a browser on this machine that asked for this machine, with nothing between.

    The address that was asked for tells a forwarder that keeps it, and a page elsewhere whose name was pointed here.
    A forwarder that writes a loopback address over it leaves the page's own address in `Origin`.

    Args:
        peer: The other end's address; None where it has none, such as on a Unix socket.
        headers: The request's headers, names and values.
    """
    if peer is None or not is_loopback(peer):
        return False
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    if any(name.startswith(FORWARDED) or name in FORWARDED_WHOLE for name in found):
        return False
    origins = [origin.partition("://")[2] for origin in found.get("origin", [])]
    asked = found.get("host", [])
    return len(asked) == 1 and all(_names_this_machine(address) for address in asked + origins)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own: 127.0.0.0/8, ::1, or one of the former written as IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_loopback


def authority(value: str) -> tuple[str, str] | None:
    """The name and the port of a `Host` header, in lower case, "" where it has no port; None if it is not one."""
    found = AUTHORITY.fullmatch(value.strip().lower())
    return (found["name"], found["port"] or "") if found else None


def _names_this_machine(value: str) -> bool:
    found = authority(value)
    if found is None:
        return False
    name = found[0].strip("[].")
    return name == LOCALHOST or name.endswith(f".{LOCALHOST}") or is_loopback(name)


def warning(address: str | None) -> str | None:
    """What to say at the start about the interfaces a server listens on; None where there is nothing to say.

    Args:
        address: Streamlit's option `server.address`; None when it is not set, and Streamlit listens on all.
    """
    if hosted() or (address and (address == LOCALHOST or is_loopback(address))):
        return None
    where = f"at {address}" if address else "on every interface"
    return (
        f"Unrolled is in local mode and listens {where}, where other machines may reach it: set {VARIABLE}=1 if others "
        f"are to use it, or start it with --server.address {LOCALHOST}."
    )


@cache
def announce(address: str | None) -> None:
    """Write the warning to the log, once."""
    if said := warning(address):
        _log.warning(said)
