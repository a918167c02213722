"""Addresses of this server's pages as links that are sent to others have them, and where a visitor comes from."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import quote, urlencode, urljoin

import streamlit as st

LONGEST = 60  # characters of where somebody comes from


def link(path: str, fragment: str = "", **query: str) -> str:
    """The whole address of a page, below the address under which this visitor found the server."""
    url = urljoin(st.context.url or "/", path)
    url += f"?{urlencode(query)}" if query else ""
    return f"{url}#{quote(fragment)}" if fragment else url


def site() -> str:
    """The server's own address, without a slash at its end."""
    return link(".").rstrip("/")


def place() -> str:
    """Where a visitor comes from, so that codes can be tried only so often from there.

    What a forwarder says counts where it stands beside the server; the last one of them adds what it sees itself.
    """
    peer = st.context.ip_address
    passed = (st.context.headers.get("X-Forwarded-For") or "").rpartition(",")[2].strip()
    return (passed if passed and _near(peer) else peer or "here")[:LONGEST]


def _near(peer: str | None) -> bool:
    try:
        return peer is None or ip_address(peer).is_private
    except ValueError:
        return False
