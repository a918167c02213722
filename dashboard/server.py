"""The server: Streamlit's, with what `dashboard.serving` puts around it. `app.py` also runs without this file."""

from __future__ import annotations

import gc
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import AF_INET, AF_INET6

import streamlit as st
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

if (root := str(Path(__file__).resolve().parents[1])) not in sys.path:
    sys.path.append(root)  # `streamlit run` puts this folder on the path, not the one above; needed when not installed

from dashboard import warm
from dashboard.kit import hosting
from dashboard.kit.jobs import configured as jobs_configured
from dashboard.kit.people import configured
from dashboard.serving import hosts, logs, stack, together
from dashboard.serving.settings import ServingError, Settings

ORIGINS = "client.allowedOrigins"
THEME = "_populate_theme_msg"  # Streamlit's own; where another version has none of that name, it is left alone

try:
    settings = Settings.read() if hosting.hosted() else Settings()
    configured.check()
    jobs_configured.scheduler()
except (hosting.HostedError, configured.ConfiguredError, jobs_configured.DaskError, ServingError) as refused:
    sys.exit(str(refused))

serving = stack.hosted(settings) if hosting.hosted() else stack.own()


@asynccontextmanager
async def begin(_: st.App) -> AsyncIterator[dict[str, object]]:
    """Say who may come, and load what the pages need while the first visitor's browser is still starting."""
    if hosting.hosted():
        listen()
    hosting.announce(st.get_option("server.address"))
    send_at_once()
    steered_by_nobody()
    themed_once()
    together.run_the_page()
    warm.begin()
    yield {}


def listen() -> None:
    """Have a hosted server write its log as it is asked to, say what it misses, and stop with grace."""
    if settings.json:
        logs.begin(addresses=settings.addresses)
    if missing := hosts.warning():
        logging.getLogger(__name__).warning(missing)
    serving.stopping.listen()


def send_at_once() -> None:
    """Have the kernel send what is written without waiting for the visitor to confirm what came before.

    asyncio asks for that on sockets made for TCP by name, and Streamlit's listening socket is not. Each answer in two
    pieces, head and body, then waited 40 ms for the confirmation, as did small messages after one another; the 57 files
    of the first page took 2.5 s. Connections inherit it from the socket that listens.
    """
    for found in gc.get_objects():
        inet = isinstance(found, socket.socket) and found.family in (AF_INET, AF_INET6) and found.fileno() != -1
        if inet and found.type == socket.SOCK_STREAM:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def steered_by_nobody() -> None:
    """Have a page take no orders from one that it stands in, unless somebody has set which ones may give some.

    Streamlit expects its own cloud around it. Alone, a page gets back what it tells the page around it, and looks in a
    list of 16 hosts whether it may be told so: a millisecond each time, several times a change.
    """
    if not config.is_manually_set(ORIGINS):
        config.set_option(ORIGINS, [])


def themed_once() -> None:
    """Have the theme put together once.

    Streamlit tells it at the beginning of every run, each time out of some 300 options of its config: a millisecond,
    and a twentieth of what a small change costs. While the code is being changed the config may change with it, and
    the theme is told anew as ever.
    """
    put_together, known = getattr(app_session, THEME, None), dict[str, CustomThemeConfig]()
    if put_together is None or config.get_option("server.fileWatcherType") != "none":
        return

    def tell(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section not in known:
            found = CustomThemeConfig()
            put_together(found, section)
            known[section] = found
        if known[section].ByteSize():  # nothing is not the same as an empty theme
            msg.MergeFrom(known[section])

    setattr(app_session, THEME, tell)


app = st.App(Path(__file__).with_name("app.py"), lifespan=begin, middleware=serving.middleware)
