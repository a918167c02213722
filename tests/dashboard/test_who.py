"""Who is learning, by real connections: a dual-stack server, a hosted one, and a forwarder before it."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from support import PATIENCE, until
from websockets import Subprotocol
from websockets.sync.client import connect

from dashboard.kit.words import say
from quiz.attempt import Draft
from quiz.store import Store

pytestmark = pytest.mark.slow

SERVER = Path(__file__).resolve().parents[2] / "dashboard" / "server.py"
RUN = (sys.executable, "-m", "streamlit", "run", str(SERVER))
NAME = "study.example.org"
LOCAL, VISITOR = say("practice", "kept-here"), say("asking", "visitor")


def greeting(to: tuple[str, int], host: str, **headers: str) -> str:
    """How the quiz greets who comes to an address of the server and asks for a host: as `LOCAL` or as `VISITOR`."""
    said = b""
    with socket.create_connection(to, timeout=PATIENCE) as plain:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"ws://{host}/_stcore/stream"
        with connect(
            address,
            sock=plain,
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=named,
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
        ) as page:
            ask = BackMsg()
            ask.rerun_script.page_name = "quiz"
            page.send(ask.SerializeToString())
            message = ForwardMsg()
            while message.WhichOneof("type") != "script_finished":
                answer = page.recv(timeout=PATIENCE)
                assert isinstance(answer, bytes)
                message = ForwardMsg.FromString(answer)
                said += answer
    (found,) = [words for words in (LOCAL, VISITOR) if words.encode() in said]
    return found


def port(server: Any) -> int:
    """The port of a server."""
    return int(urlsplit(server.url).port or 0)


@pytest.fixture(scope="module")
def open_to_all(start_server: Callable[..., Any]) -> Any:
    """The server as `streamlit run` starts it: on every interface, with one socket for IPv4 and IPv6."""
    return start_server(RUN, address=None)


@pytest.fixture(scope="module")
def hosted(start_server: Callable[..., Any]) -> Any:
    """A hosted server."""
    return start_server(RUN, hosted=True)


@pytest.fixture
def forwarder(open_to_all: Any) -> Iterator[tuple[str, int]]:
    """The address of a forwarder to the server that passes on what comes and adds nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        ends: list[socket.socket] = []

        def serve() -> None:
            with suppress(OSError):  # the door is shut
                while True:
                    ours, _ = door.accept()
                    theirs = socket.create_connection(("127.0.0.1", port(open_to_all)))
                    ends.extend((ours, theirs))
                    for one, other in ((ours, theirs), (theirs, ours)):
                        threading.Thread(target=pass_on, args=(one, other), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield door.getsockname()
        door.shutdown(socket.SHUT_RDWR)
        for end in ends:
            end.close()


def pass_on(one: socket.socket, other: socket.socket) -> None:
    """Send on what comes until there is no more."""
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize(
    ("to", "host"),
    [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "localhost"), ("127.0.0.2", "127.0.0.2"), ("::1", "[::1]"),
     ("::1", "localhost"), ("localhost", "localhost")],
)  # fmt: skip
def test_every_way_to_one_s_own_machine_is_local(open_to_all: Any, to: str, host: str) -> None:
    """By name, by IPv4 and by IPv6, on a socket that reports IPv4 as IPv6."""
    assert greeting((to, port(open_to_all)), f"{host}:{port(open_to_all)}") == LOCAL


def test_open_server_says_so_in_its_log(open_to_all: Any) -> None:
    """One's own server that other machines may reach tells it once, at the start."""
    assert open_to_all.log.read_text().count("Unrolled is in local mode and listens on every interface") == 1


def test_another_name_or_a_forwarding_header_is_a_visitor(open_to_all: Any) -> None:
    """Also from this machine, and whatever the header says."""
    to = ("127.0.0.1", port(open_to_all))
    assert greeting(to, NAME) == VISITOR
    assert greeting(to, f"localhost:{to[1]}", X_Forwarded_For="127.0.0.1") == VISITOR
    assert greeting(to, f"localhost:{to[1]}", Via="1.1 proxy") == VISITOR


def test_forwarder_without_headers(forwarder: tuple[str, int]) -> None:
    """Who asks it for the study's name is a visitor; one's own forwarded port is still one's own machine."""
    assert greeting(forwarder, NAME) == VISITOR
    assert greeting(forwarder, f"localhost:{forwarder[1]}") == LOCAL


def test_nobody_is_local_on_a_hosted_server(hosted: Any) -> None:
    """Not even who asks this machine for this machine."""
    assert greeting(("127.0.0.1", port(hosted)), f"localhost:{port(hosted)}") == VISITOR
    assert "local mode" not in hosted.log.read_text()


def test_what_an_earlier_version_kept_of_visits_is_removed(start_server: Callable[..., Any], tmp_path: Path) -> None:
    """It kept them in the database for ever; a server removes them when it starts, and nothing else."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with Store.open(tmp_path / "quiz.sqlite3") as store:
        for name in (f"visit-{UUID(int=1)}", "local", "user-visit-1"):
            store.save_draft(Draft(learner=name, question="q", key=str(UUID(int=2)), asked_at=now, response=""))
            store.save_interview(name, {"x": 1})
        start_server(RUN, folder=tmp_path, hosted=True)
        until(lambda: not store.interview(f"visit-{UUID(int=1)}"))
        assert store.draft(f"visit-{UUID(int=1)}", "q") is None
        assert store.draft("local", "q")
        assert store.interview("user-visit-1")
