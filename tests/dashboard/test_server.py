"""The page that the server sends: its styles are there, and it may load nothing from elsewhere."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import streamlit as st

from dashboard import navigation, server

PAGE = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def test_styles_come_with_the_page() -> None:
    """The style sheet stands in the page, after Streamlit's head, and the title is ours."""
    page = server.dressed(PAGE)
    assert page.index("</head>") < page.index(navigation.stylesheet()) < page.index('<div id="root"')
    assert "<title>Unrolled</title>" in page


def test_policy_lets_only_the_page_itself_load() -> None:
    """No host, no evaluation and no inline script but Streamlit's own, by its digest."""
    policy = server.policy(PAGE)
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert policy.count("'sha256-") == len(re.findall(r"<script>", PAGE))


def test_what_is_sent_does_not_wait_for_the_visitor() -> None:
    """A connection to the server's socket sends small pieces at once, though asyncio alone would not ask for it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
