"""Addresses of this server's pages as links that are sent to others have them, and where a visitor comes from."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urljoin

import streamlit as st

from dashboard.kit import proxies
from dashboard.kit.proxies import household


def link(path: str, fragment: str = "", **query: str) -> str:
    """The whole address of a page, below the address under which this visitor found the server."""
    url = urljoin(st.context.url or "/", path)
    url += f"?{urlencode(query)}" if query else ""
    return f"{url}#{quote(fragment)}" if fragment else url


def site() -> str:
    """The server's own address, without a slash at its end."""
    return link(".").rstrip("/")


def place() -> str:
    """Where a visitor comes from, so that codes can be tried only so often from there."""
    passed = st.context.headers.get_all("X-Forwarded-For")
    return household(proxies.configured().visitor(st.context.ip_address, passed)) or "here"
