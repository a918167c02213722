"""A server as OpenAI-compatible ones are, for tests: it says what it is told to, or does what no server should."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from quiz.corpus.corpus import answers
from quiz.grading.text.judge import proof
from quiz.grading.text.judge.prompt import OTHER, judged_questions, version
from quiz.grading.text.judge.settings import Judge

MODEL, KEY = "fake-1", "sk-secret-4711"
NO = '{"states": "no", "quote": ""}'
Says = Callable[[dict[str, Any]], str]
Does = Callable[[BaseHTTPRequestHandler], None]


def said(states: str, quote: str = "") -> str:
    """A reply of the form that is asked for."""
    return json.dumps({"states": states, "quote": quote})


def asked(body: dict[str, Any]) -> dict[str, str]:
    """The question, answer and statement of a request."""
    found: dict[str, str] = json.loads(body["messages"][-1]["content"])
    return found


class FakeJudge:
    """A server on a free port of this machine.

    Attributes:
        says: Makes the content of each reply from the request's body.
        does: Answers in its stead, for what is no reply; None for replies.
        requests: Path, headers and body of all that was asked.
        over: Set at the end; whoever waits in `does` waits for it.
    """

    def __init__(self) -> None:
        self.says: Says = lambda _: NO
        self.does: Does | None = None
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, dict(self.headers.items()), body))
                with suppress(ConnectionError):  # whoever asked has gone
                    if outer.does:
                        outer.does(self)
                    else:
                        completion = {"choices": [{"message": {"role": "assistant", "content": outer.says(body)}}]}
                        reply(self, json.dumps(completion).encode())

            def log_message(self, *_: object) -> None:
                """Nothing is written."""

        self.server = _Server(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Its address, as a learner sets it."""
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def judge(self, seconds: float = 60.0) -> Judge:
        """The judge that is this server."""
        return Judge(f"{self.url}/chat/completions", MODEL, seconds, KEY)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that have gone, as they do when a reply is too long; other errors are shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def reply(handler: BaseHTTPRequestHandler, content: bytes, status: int = 200, **headers: str) -> None:
    """Send a whole reply."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def running() -> Iterator[FakeJudge]:
    """A server while it is needed."""
    fake = FakeJudge()
    thread = threading.Thread(target=fake.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        fake.over.set()
        fake.server.shutdown()
        thread.join()
        fake.server.server_close()


def perfect() -> Says:
    """What a judge says that knows how the test answers are labelled, and quotes them whole."""
    named = {}
    for question in judged_questions():
        wrong = {each.text: each.id for each in question.misconceptions}
        named[question.prompt] = {point.text: point.id for point in question.points} | wrong
    labels = {row.text: {*row.points, *row.errors} for row in answers("test")}

    def says(body: dict[str, Any]) -> str:
        data = asked(body)
        listed, label = named[data["question"]], labels[data["answer"]]
        name = listed.get(data["statement"], OTHER)
        states = name in label if name != OTHER else bool(label - set(listed.values()))
        return said("yes", data["answer"]) if states else NO

    return says


def proved(model: str = MODEL, **other: Any) -> proof.Proof:
    """Figures with which a judge may speak, kept for a model, but for those that are given."""
    count = len(answers("test"))
    sound: dict[str, Any] = {
        "measured_at": datetime(2026, 1, 1, tzinfo=UTC), "prompt": version(), "answers": proof.tested(), "count": count,
        "decided": count, "right": round(0.9 * count), "kappa": 0.9, "wrong": 200, "wrong_called_correct": 4,
        "correct": 200, "correct_called_wrong": 2, "found": 1000, "found_rightly": 800,
    }  # fmt: skip
    found = proof.Proof(**(sound | other))
    proof.keep(model, found)
    return found
