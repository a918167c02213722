"""The server's start: what it asks of its sockets."""

from __future__ import annotations

import socket

from dashboard import server


def test_what_is_sent_does_not_wait_for_the_visitor() -> None:
    """A connection to the server's socket sends small pieces at once, though asyncio alone would not ask for it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
