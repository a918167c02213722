"""How a server stops: who is told, how long it waits, and how its process ends."""

from __future__ import annotations

import asyncio
import signal
from types import SimpleNamespace

import pytest
from asgi import run
from starlette.types import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from support import PATIENCE

from dashboard.kit.words import say
from dashboard.serving import stopping as module
from dashboard.serving.seats import Seats
from dashboard.serving.stopping import Stopping, end, notice


def test_notice_is_a_message_of_streamlit_s() -> None:
    """Words over the page, for as long as is said."""
    message = ForwardMsg()
    message.ParseFromString(notice(say("serving", "going"), 30))
    assert list(message.metadata.delta_path) == [2, 0]
    toast = message.delta.new_element.toast
    assert (toast.body, toast.duration) == (say("serving", "going"), 30)
    assert "\n" not in toast.body


def test_it_ends_when_nobody_is_left_or_the_time_is_over() -> None:
    """At once where nobody is; not before the last page has closed; after the time at the latest."""

    async def stopped(pages: int, seconds: float, leaving: int) -> bool:
        places, ended = Seats(9, 9), asyncio.Event()
        for _ in range(pages):
            places.sit("a", "")
        server = Stopping(places, seconds)
        server._end = ended.set
        server.stop()
        for _ in range(20):  # rounds of the event loop
            await asyncio.sleep(0)
        assert not (pages and ended.is_set())
        for _ in range(leaving):
            places.rise("a", "")
        if leaving == pages or seconds < 1:
            await asyncio.wait_for(ended.wait(), PATIENCE)
        for _ in range(20):
            await asyncio.sleep(0)
        return ended.is_set()

    assert run(stopped(0, 999, 0))
    assert run(stopped(2, 999, 2))
    assert not run(stopped(2, 999, 1))
    assert run(stopped(2, 0.1, 0))


def test_every_open_page_is_told_and_one_that_is_gone_hinders_none() -> None:
    """By one message each."""

    async def tell() -> list[Message]:
        sent: list[Message] = []

        async def gone(_: Message) -> None:
            raise RuntimeError("closed")

        async def there(message: Message) -> None:
            sent.append(message)

        server = Stopping(Seats(1, 1), 0)
        server.pages = {1: there, 2: gone, 3: there}
        await server.tell(b"words")
        return sent

    assert [each["bytes"] for each in run(tell())] == [b"words", b"words"]


def test_second_signal_ends_it_at_once() -> None:
    """Though pages are open and there is time."""

    async def twice() -> list[str]:
        places, ended = Seats(1, 1), []
        places.sit("a", "")
        server = Stopping(places, 999)
        server._end = lambda: ended.append("ended")
        server.stop()
        assert not ended
        server.stop()
        return ended

    assert run(twice()) == ["ended"]


def test_server_is_told_to_exit_as_if_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uvicorn's handler is the server's own method; any other handler gets its signal."""

    class Server:
        should_exit = False
        config = SimpleNamespace(timeout_graceful_shutdown=None)

        def handle_exit(self, *_: object) -> None:
            raise AssertionError("the signal would be raised again at the end")

    server = Server()
    end(server.handle_exit)
    assert server.should_exit
    assert server.config.timeout_graceful_shutdown == module.CLOSING
    called: list[object] = []
    monkeypatch.setattr(module.signal, "signal", lambda *given: called.append(given))
    monkeypatch.setattr(module.signal, "raise_signal", called.append)
    end(signal.SIG_DFL)
    assert called == [(signal.SIGTERM, signal.SIG_DFL), signal.SIGTERM]


def test_signals_of_a_server_in_another_thread_are_left_alone() -> None:
    """They are the main thread's."""
    before = signal.getsignal(signal.SIGTERM)

    async def listen() -> None:
        Stopping(Seats(1, 1), 0).listen()

    run(listen())
    assert signal.getsignal(signal.SIGTERM) is before
