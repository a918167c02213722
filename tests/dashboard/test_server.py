"""The server's start: what it asks of its sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from streamlit import config

from dashboard import server


def test_what_is_sent_does_not_wait_for_the_visitor() -> None:
    """A connection to the server's socket sends small pieces at once, though asyncio alone would not ask for it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def origins() -> Iterator[list[str]]:
    """Streamlit's list of hosts that may steer a page, put back afterwards."""
    found = list(config.get_option(server.ORIGINS))
    yield found
    config.set_option(server.ORIGINS, found, "<default>")


def test_no_page_steers_the_one_that_stands_in_it(origins: list[str]) -> None:
    """Of Streamlit's own hosts none may; those that somebody has set may."""
    assert origins
    server.steered_by_nobody()
    assert config.get_option(server.ORIGINS) == []
    config.set_option(server.ORIGINS, ["https://school.example.org"])
    server.steered_by_nobody()
    assert config.get_option(server.ORIGINS) == ["https://school.example.org"]
