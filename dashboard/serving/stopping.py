"""How a hosted server stops: new visitors are sent elsewhere, open pages are told, and what they send is still kept.

The signal that stops a server (SIGTERM) would end every connection at once. Here it begins a grace: readiness says no,
so that a proxy sends nobody any more; pages have time to send what was typed last; and the process ends by itself, with
code 0, when nobody is left or the time is over. A second signal ends it at once.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from starlette.types import Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer

from dashboard.kit.words import say
from dashboard.serving.seats import Seats

LINGERS = 20  # seconds for which the words stay after the server has gone
CLOSING = 5  # seconds that connections have to close once the server ends
log = logging.getLogger(__name__)


class Stopping:
    """Whether and how a server stops.

    Args:
        seats: Its places; it ends when all are empty.
        seconds: How long open pages have.

    Attributes:
        pages: The ways to all open pages.
        began: Whether it is stopping.
    """

    def __init__(self, seats: Seats, seconds: float) -> None:
        self.seats, self.seconds = seats, seconds
        self.pages: dict[object, Send] = {}
        self.began = False
        self._end: Callable[[], None] = lambda: None
        self._task: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Take over the signal from the server that runs us; call it in its event loop."""
        if threading.current_thread() is not threading.main_thread():
            return  # signals are the main thread's, and so whoever runs the server elsewhere stops it
        loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
        self._end = lambda: end(before)

        def told(_number: int, _frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.stop)

        signal.signal(signal.SIGTERM, told)

    def stop(self) -> None:
        """Begin to stop; said again, end at once."""
        if self.began:
            self._end()
            return
        self.began = True
        log.warning("Stopping: %d pages are open and have %g s.", self.seats.taken, self.seconds)
        self._task = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        await self.tell(notice(say("serving", "going"), int(self.seconds) + LINGERS))
        with suppress(TimeoutError):
            await asyncio.wait_for(self.seats.empty.wait(), self.seconds)
        self._end()

    async def tell(self, message: bytes) -> None:
        """Send something to every open page."""
        for send in list(self.pages.values()):
            with suppress(Exception):  # it has just gone
                await send({"type": "websocket.send", "bytes": message})


def notice(words: str, seconds: int) -> bytes:
    """A message in Streamlit's protocol that shows words over the page, for so long."""
    message = ForwardMsg()
    message.metadata.delta_path.extend((RootContainer.EVENT, 0))
    message.delta.new_element.toast.body = words
    message.delta.new_element.toast.duration = seconds
    return bytes(message.SerializeToString())


def end(before: Any) -> None:
    """End the server as its own handler of the signal would, but as something that went well.

    Args:
        before: That handler. Uvicorn's is a method of the server, which it tells to exit; it would also raise the
            signal once more at the end, and so the process would end by it.
    """
    server = getattr(before, "__self__", None)
    if server is not None and hasattr(server, "should_exit"):
        server.config.timeout_graceful_shutdown = CLOSING
        server.should_exit = True
        return
    signal.signal(signal.SIGTERM, before)
    signal.raise_signal(signal.SIGTERM)
