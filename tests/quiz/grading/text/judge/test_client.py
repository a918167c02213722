"""A judge that misbehaves: every fault has its sentence and its end, and the built-in grader judges."""

from __future__ import annotations

import gzip
import json
import logging
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from judge_server import KEY, FakeJudge, proved, reply, said

from quiz.grading.text.grader import grade_text
from quiz.grading.text.judge.client import MOST_BYTES, FaultError, NonsenseError, UnreachableError, ask
from quiz.grading.text.judge.judging import judged_text, sayings
from quiz.grading.text.judge.prompt import items
from quiz.grading.text.judge.settings import Judge
from quiz.load import load_bank
from quiz.schema import Open

TEXT = "It decides how much of the old cell state is kept: 1 keeps all, 0 drops all."
SHORT = 0.5  # seconds after which a test's judge is given up
Handler = BaseHTTPRequestHandler


def forget_gate() -> Open:
    """One of the twelve."""
    question = load_bank()["interview-08"]
    assert isinstance(question, Open)
    return question


def completion(content: object) -> bytes:
    """A server's reply with any content."""
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    """Answer with a status, and the key in the body."""
    return lambda handler: reply(handler, f"no: {KEY}".encode(), code, **headers)


def raw(content: bytes, **headers: str) -> Callable[[Handler], None]:
    """Answer with success and any bytes."""
    return lambda handler: reply(handler, content, **headers)


def cut_off(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "500")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    """End the connection without a word."""
    handler.close_connection = True


def no_http(handler: Handler) -> None:
    """Speak another language."""
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """Send without end and without a length; the other side must leave."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b" " * 65536)


FAULTS: dict[str, tuple[Callable[[Handler], None], type[FaultError], str]] = {
    "401": (status(401), UnreachableError, "refused the key. Set UNROLLED_JUDGE_KEY"),
    "403": (status(403), UnreachableError, "refused the key. Set UNROLLED_JUDGE_KEY"),
    "404": (status(404), UnreachableError, "Check UNROLLED_JUDGE_URL, which usually ends with /v1"),
    "429": (status(429), UnreachableError, "asked too often"),
    "500": (status(500), UnreachableError, "answered with status 500. See its log"),
    "redirect": (status(307, Location="/v1/chat/completions"), UnreachableError, "which is not followed"),
    "redirect elsewhere": (status(302, Location="http://example.org/"), UnreachableError, "which is not followed"),
    "cut off": (cut_off, UnreachableError, "could not be reached"),
    "hang up": (hang_up, UnreachableError, "could not be reached"),
    "no HTTP": (no_http, UnreachableError, "could not be reached"),
    "HTML": (raw(b"<html><body>Welcome</body></html>"), NonsenseError, "as OpenAI-compatible servers do"),
    "empty": (raw(b""), NonsenseError, "as OpenAI-compatible servers do"),
    "truncated JSON": (raw(completion("x")[:-4]), NonsenseError, "as OpenAI-compatible servers do"),
    "deep JSON": (raw(b"[" * 100_000), NonsenseError, "as OpenAI-compatible servers do"),
    "not UTF-8": (raw(completion("x").replace(b"x", b"\xff\xfe")), NonsenseError, "as OpenAI-compatible servers do"),
    "no choices": (raw(b'{"choices": []}'), NonsenseError, "as OpenAI-compatible servers do"),
    "no message": (raw(b'{"choices": [{}]}'), NonsenseError, "as OpenAI-compatible servers do"),
    "content null": (raw(completion(None)), NonsenseError, "as OpenAI-compatible servers do"),
    "content a list": (raw(completion(["yes"])), NonsenseError, "as OpenAI-compatible servers do"),
    "error object": (raw(b'{"error": {"message": "busy"}}'), NonsenseError, "as OpenAI-compatible servers do"),
    "huge": (raw(completion("x" * MOST_BYTES)), NonsenseError, "sent more than 256 kB"),
    "endless": (endless, NonsenseError, "sent more than 256 kB"),
    "compressed": (
        raw(gzip.compress(b" " * (100 << 20)), Content_Encoding="gzip"), NonsenseError, "as OpenAI-compatible",
    ),
    "no JSON inside": (raw(completion("Yes, it does.")), NonsenseError, "not of the form"),
    "JSON in a fence": (raw(completion(f"```json\n{said('yes', TEXT)}\n```")), NonsenseError, "not of the form"),
    "unknown verdict": (raw(completion(said("maybe"))), NonsenseError, "not of the form"),
    "verdict in capitals": (raw(completion(said("YES", TEXT))), NonsenseError, "not of the form"),
    "wrong types": (raw(completion('{"states": true, "quote": ""}')), NonsenseError, "not of the form"),
    "quote a number": (raw(completion('{"states": "yes", "quote": 1}')), NonsenseError, "not of the form"),
    "no quote": (raw(completion('{"states": "yes"}')), NonsenseError, "not of the form"),
    "more than asked": (raw(completion('{"states": "no", "quote": "", "score": 1}')), NonsenseError, "not of the form"),
    "two objects": (raw(completion(said("no") * 2)), NonsenseError, "not of the form"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_named_and_the_built_in_grader_judges(
    name: str, fake: FakeJudge, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a server does, the learner has a verdict, and neither message nor log holds the key."""
    fake.does, error, words = FAULTS[name]
    caplog.set_level(logging.DEBUG)
    question = forget_gate()
    with pytest.raises(error, match=words) as caught:
        sayings(fake.judge(), question, TEXT)
    proved()
    assert judged_text(question, TEXT, fake.judge()) == grade_text(question, TEXT)
    assert str(caught.value) in caplog.text
    assert KEY not in f"{caught.value!r} {caplog.text}"
    assert len(fake.requests) <= 2 * len(items(question)), "a redirect was followed, or a fault tried again"


def test_refused_connection_is_named(fake: FakeJudge) -> None:
    """Where nothing listens, the message says what to check."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # and as long as it is held, nobody else can
        port = probe.getsockname()[1]
        with pytest.raises(UnreachableError, match=rf"127.0.0.1:{port} could not be reached \(ConnectError\)"):
            ask(Judge(f"http://127.0.0.1:{port}/v1/chat/completions", "m"), [{}])
    with pytest.raises(UnreachableError, match="could not be reached"):
        ask(Judge(fake.judge().url.replace("http:", "https:"), "m"), [{}])


def test_time_is_bounded_as_a_whole(fake: FakeJudge) -> None:
    """A server that says nothing, or sends a byte now and then in head or body, is left when the time is over."""

    def silent(handler: Handler) -> None:
        fake.over.wait()
        handler.close_connection = True

    def dripping(head: bytes) -> Callable[[Handler], None]:
        def drip(handler: Handler) -> None:
            handler.close_connection = True
            handler.wfile.write(head)
            while not fake.over.wait(0.02):
                handler.wfile.write(b"x")

        return drip

    for fake.does in (silent, dripping(b"HTTP/1.1 200 OK\r\nServer: "), dripping(b"HTTP/1.1 200 OK\r\n\r\n")):
        with pytest.raises(UnreachableError, match=r"did not answer within 0.5 s.*raise UNROLLED_JUDGE_SECONDS"):
            ask(fake.judge(SHORT), [{}])


def test_key_and_text_go_to_the_named_address_alone(fake: FakeJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key travels in its header and nowhere else; a proxy of the environment gets nothing."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    question = forget_gate()
    sayings(fake.judge(), question, TEXT)
    assert len(fake.requests) == len(items(question))
    for path, headers, body in fake.requests:
        assert path == "/v1/chat/completions"
        assert headers["Authorization"] == f"Bearer {KEY}"
        assert KEY not in json.dumps(body)
    fake.requests.clear()
    ask(Judge(fake.judge().url, "m"), [{}])
    assert "Authorization" not in fake.requests[0][1]
