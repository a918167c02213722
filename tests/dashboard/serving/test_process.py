"""A hosted server as it runs: what bears its headers, what a full one says, and how it stops."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgi import AS_PAGE
from people import HOSTED
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from support import PATIENCE, until
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard.kit.words import say
from dashboard.serving.headers import FIXED

pytestmark = pytest.mark.slow

RUN = (sys.executable, "-m", "dashboard.launch")
NONE: Mapping[str, str] = MappingProxyType({})


def ask(
    server: Any, path: str, *, method: str = "GET", headers: Mapping[str, str] = NONE, body: bytes | None = None
) -> tuple[int, dict[str, str], str]:
    """A server's answer: its status, its headers by lower-case name, and its body."""
    with closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=PATIENCE)) as line:
        line.request(method, path, body, dict(headers))
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


@contextmanager
def tab(server: Any, session: str = "") -> Iterator[ClientConnection]:
    """A page's connection, which may have had a session."""
    parts = [Subprotocol(each) for each in ("streamlit", "token", session) if each]
    address = f"{server.url.replace('http', 'ws')}/_stcore/stream"
    with connect(
        address, subprotocols=parts, open_timeout=PATIENCE, ping_interval=None, max_size=None, max_queue=None
    ) as line:
        yield line


def rerun() -> bytes:
    """What a page sends first."""
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    message.rerun_script.query_string = ""
    return bytes(message.SerializeToString())


def until_message(line: ClientConnection, wanted: Callable[[ForwardMsg], bool]) -> ForwardMsg:
    """The first message that is wanted; those before it are let go."""
    while True:
        message = ForwardMsg()
        message.ParseFromString(bytes(line.recv(timeout=PATIENCE)))  # type: ignore[arg-type]
        if wanted(message):
            return message


def opened(line: ClientConnection) -> str:
    """The id of the session that a page was given."""
    line.send(rerun())
    return str(until_message(line, lambda message: message.HasField("new_session")).new_session.initialize.session_id)


def closed(line: ClientConnection) -> int:
    """The code with which the server closes."""
    with pytest.raises(ConnectionClosed) as end:
        deque(receiving(line), maxlen=0)
    assert end.value.rcvd is not None
    return int(end.value.rcvd.code)


def receiving(line: ClientConnection) -> Iterator[str | bytes]:
    """What comes, until the server closes."""
    while True:
        yield line.recv(timeout=PATIENCE)


@pytest.fixture(scope="module")
def hosted(start_server: Callable[..., Any]) -> Any:
    """A hosted server with room for one, below a path, under one name."""
    hosts = "127.0.0.1 study.example.org"
    variables = {"UNROLLED_SESSIONS": "1", "UNROLLED_LOG": "json", "STREAMLIT_SERVER_ALLOWED_HOSTS": hosts}
    server = start_server(RUN, hosted=True, below="/rnn", variables=variables)
    until(lambda: ask(server, "/readyz")[0] == 200)
    return server


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/rnn/_stcore/health", "GET", 200), ("/rnn/session", "POST", 403), ("/rnn/media/none.png", "GET", 404),
     ("/rnn/static/js/none.js", "GET", 200), ("/rnn/_stcore/upload_file/a/b", "PUT", 403), ("/rnn/healthz", "GET", 200),
     ("/rnn/_stcore/metrics", "GET", 404), ("/rnn/_stcore/agent/mcp", "POST", 404), ("/readyz", "GET", 200)],
)  # fmt: skip
def test_every_answer_bears_the_headers(hosted: Any, path: str, method: str, status: int) -> None:
    """Files, refusals, uploads and the route of cookies."""
    found, headers, _ = ask(hosted, path, method=method)
    assert found == status
    assert {name: headers.get(name.lower()) for name in FIXED} == FIXED
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers


def test_probes_say_what_is(hosted: Any) -> None:
    """The process lives and its parts can be used; no cookie is set and no line written."""
    before = hosted.log.read_text()
    assert json.loads(ask(hosted, "/rnn/healthz")[2]) == {"healthy": True, "state": "running"}
    status, headers, body = ask(hosted, "/readyz", headers={"Host": "10.1.2.3:8501"})
    assert (status, "set-cookie" in headers) == (200, False)
    assert json.loads(body)["parts"] == {"database": "ok", "experiments": "ok", "server": "ok"}
    assert hosted.log.read_text() == before


def test_another_name_is_refused_for_pages_and_the_websocket(hosted: Any) -> None:
    """By Streamlit's own option."""
    status, _, body = ask(hosted, "/rnn/", headers={"Host": "evil.org", **AS_PAGE})
    assert (status, "No such server here" in body) == (421, True)
    assert ask(hosted, "/rnn/_stcore/health", headers={"Host": "study.example.org:8501"})[0] == 200
    there = urlsplit(hosted.url)
    plain = socket.create_connection((there.hostname, there.port), timeout=PATIENCE)
    with closing(plain), pytest.raises(InvalidStatus) as refused:
        connect("ws://evil.org/rnn/_stcore/stream", sock=plain, open_timeout=PATIENCE)
    assert refused.value.response.status_code == 421


def test_full_server_keeps_who_is_in(hosted: Any) -> None:
    """Others are told, a lost connection finds its session again, and then there is no room for two."""
    with tab(hosted) as mine:
        session = opened(mine)
        status, headers, body = ask(hosted, "/rnn/bptt", headers=AS_PAGE)
        assert (status, headers["retry-after"], "This server is full" in body) == (503, "30", True)
        with tab(hosted) as another:
            assert closed(another) == 1013
    until(lambda: " 0.0" in next(each for each in figures(hosted) if each.startswith("unrolled_sessions ")))
    with tab(hosted) as another:
        opened(another)
        with tab(hosted, session) as mine:
            assert opened(mine) == session
        with tab(hosted, "no-session-of-this-server") as stranger:
            assert closed(stranger) == 1013


def figures(server: Any) -> list[str]:
    """The lines of the figures."""
    return ask(server, "/metrics")[2].splitlines()


def test_log_is_json_without_who_somebody_is(hosted: Any) -> None:
    """Every line of it, with what was asked by its kind."""
    ask(hosted, "/rnn/ada-lovelace?code=TIDE-OTTER-4827", headers=AS_PAGE)
    with tab(hosted) as line:
        opened(line)

    def rows() -> list[dict[str, Any]]:
        return [json.loads(each) for each in hosted.log.read_text().splitlines(keepends=True) if each.endswith("\n")]

    until(lambda: {"/…", "/_stcore/stream"} <= {row.get("route") for row in rows()})
    assert {"time", "level", "logger", "event"} <= set.intersection(*(set(row) for row in rows()))
    assert not any(word in hosted.log.read_text() for word in ("ada-lovelace", "TIDE", "127.0.0.1"))


def test_stopping_server_tells_its_pages_and_ends_when_they_have_left(start_server: Callable[..., Any]) -> None:
    """Ready no more, nobody new, and what is open goes on; the process ends well."""
    server = start_server(RUN, hosted=True, variables={"UNROLLED_DRAIN": "3600"})
    with tab(server) as line:
        opened(line)
        server.process.send_signal(signal.SIGTERM)
        told = until_message(line, lambda message: message.delta.new_element.HasField("toast"))
        assert told.delta.new_element.toast.body == say("serving", "going")
        status, _, body = ask(server, "/readyz")
        assert (status, json.loads(body)["parts"]["server"]) == (503, "is being stopped")
        assert json.loads(ask(server, "/healthz")[2]) == {"healthy": True, "state": "stopping"}
        assert "This server is being restarted" in ask(server, "/", headers=AS_PAGE)[2]
        with pytest.raises(InvalidStatus, match="503"), tab(server):
            pass
        opened(line)  # still answered
    assert server.process.wait(timeout=PATIENCE) == 0
    assert "Traceback" not in server.log.read_text()


@pytest.mark.few(1)
@pytest.mark.parametrize("signals", [1, 2])
def test_stopping_server_does_not_wait_for_ever(start_server: Callable[..., Any], signals: int) -> None:
    """Who stays is cut off when the time is over, or by a second signal; the process ends well nevertheless."""
    server = start_server(RUN, hosted=True, variables={"UNROLLED_DRAIN": "1" if signals == 1 else "3600"})
    with tab(server) as line:
        opened(line)
        for _ in range(signals):
            server.process.send_signal(signal.SIGTERM)
            until_message(line, lambda message: message.delta.new_element.HasField("toast")) if signals > 1 else None
            signals = 1
        assert closed(line) == 1012
    assert server.process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize(
    ("variables", "said"),
    [({"UNROLLED_SECRET": ""}, "UNROLLED_SECRET is not set. Make one with: python -c"),
     ({"UNROLLED_SESSIONS": "none", "UNROLLED_DRAIN": "-1"}, "UNROLLED_SESSIONS is 'none'; expected a whole number"),
     ({"UNROLLED_PROXIES": "nginx"}, "UNROLLED_PROXIES has 'nginx', which is no address")],
)  # fmt: skip
def test_what_cannot_be_meant_stops_the_start(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    """With a sentence and nothing else."""
    environment = {"HOME": str(tmp_path), "UNROLLED_DATA": str(tmp_path), "PATH": "", **HOSTED, **variables}
    environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    done = subprocess.run(RUN, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
