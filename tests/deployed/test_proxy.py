"""nginx in front of two replicas: a visitor stays with one, forged headers change nothing, what is closed is closed."""

from __future__ import annotations

import asyncio
import http.client
import json
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

import pytest
from bench.visitor import Visitor
from learners import class_of, questions
from native import REPLICAS, Deployment, says_yes
from people import AS_TEACHER

from quiz.store import Store

pytestmark = pytest.mark.deep


def asked(deployment: Deployment, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """What the proxy answers."""
    connection = http.client.HTTPConnection("127.0.0.1", deployment.ports["nginx"], timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def affinity(headers: Any) -> str:
    """Which replica an answer's cookie names; "" for none."""
    named = [each for each in headers.get_all("Set-Cookie") or [] if each.startswith("unrolled_replica=")]
    return named[0].partition("=")[2].partition(";")[0] if named else ""


async def stays(deployment: Deployment, cookie: str) -> tuple[str, int]:
    """Open a page with that cookie: where the websocket went, and the session's messages."""
    visitor = Visitor(deployment.ports["nginx"], "", cookies={"unrolled_replica": cookie} if cookie else {})
    traffic = await visitor.open()
    await visitor.close()
    return visitor.cookies["unrolled_replica"], traffic.messages


@pytest.mark.parametrize("cookie", ["one", "two"])
def test_websocket_goes_where_the_cookie_says(deployment: Deployment, cookie: str) -> None:
    """Who has a cookie comes to that replica, again and again."""
    for _ in range(3):
        assert asyncio.run(stays(deployment, cookie))[0] == cookie


@pytest.mark.parametrize("forged", ["", "three", "one:two", "x" * 4_000, "127.0.0.1:1", "one%0d%0aX: y"])
def test_cookie_that_names_no_replica(deployment: Deployment, forged: str) -> None:
    """A cookie of nobody's making is as good as none: the page opens, and the cookie is mended."""
    went, messages = asyncio.run(stays(deployment, forged))
    assert went in ("one", "two")
    assert messages > 0


def test_first_page_gives_the_cookie(deployment: Deployment) -> None:
    """A visitor's first page names a replica, closed to scripts; the next page, a file and a wrong path do not."""
    _, headers, _ = asked(deployment, "/", Accept="text/html")
    first = affinity(headers)
    assert first in ("one", "two")
    assert "HttpOnly" in headers["Set-Cookie"]
    other = "two" if first == "one" else "one"
    for path, accept, cookie in (("/", "text/html", other), ("/healthz", "*/*", "")):
        _, headers, _ = asked(deployment, path, Accept=accept, Cookie=f"unrolled_replica={cookie}")
        assert affinity(headers) == ""


def test_newcomers_are_shared_out(deployment: Deployment) -> None:
    """Of visitors without a cookie each replica gets about half."""

    async def open_all() -> Counter[str]:
        visitors = [Visitor(deployment.ports["nginx"], "revision") for _ in range(8)]
        await asyncio.gather(*(visitor.open() for visitor in visitors))
        found = Counter(visitor.cookies["unrolled_replica"] for visitor in visitors)
        await asyncio.gather(*(visitor.close() for visitor in visitors))
        return found

    assert min(asyncio.run(open_all()).values()) >= 2


@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics", "/_stcore/metrics/x"])
def test_figures_are_not_for_visitors(deployment: Deployment, path: str) -> None:
    """The proxy gives no figures, whatever a visitor claims to be."""
    status, _, body = asked(deployment, path, Host="localhost", Authorization="Bearer x")
    assert status == 404
    assert b"unrolled_sessions" not in body


def test_signed_in_is_not_who_says_so(kept_by: Store, deployment: Deployment) -> None:
    """Headers by which a campus proxy names people do not pass: who sends them is a visitor."""

    async def names() -> str:
        visitor = Visitor(deployment.ports["nginx"], "classes")
        visitor.address = {**AS_TEACHER, "X-Forwarded-User": "ada", "Remote-User": "ada"}
        await visitor.open()
        said = " ".join(str(getattr(shown.widget, "body", "")) for shown in visitor.shown.values())
        await visitor.close()
        return said

    assert "Open a class" not in asyncio.run(names())
    (learner,) = class_of(1, deployment.url, kept_by, questions()[:1])
    assert learner.cookies["unrolled_session"]


@pytest.mark.parametrize(
    ("path", "size", "status"), [("/session", 70_000, 413), ("/_stcore/upload_file/a/b", 28_000_000, 413)]
)
def test_bodies_are_bounded(deployment: Deployment, path: str, size: int, status: int) -> None:
    """A body that is larger than any of ours is refused from its announcement, before it is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", deployment.ports["nginx"], timeout=60)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == status
    connection.close()


def test_upload_reaches_the_session_it_is_for(deployment: Deployment) -> None:
    """With its cookie a browser's request comes to the replica that has the session; the other one has none."""

    async def where() -> tuple[str, str]:
        visitor = Visitor(deployment.ports["nginx"], "inspector")
        await visitor.open()
        found = visitor.cookies["unrolled_replica"], visitor.session
        statuses = [upload(deployment, found[1], cookie) for cookie in ("one", "two")]
        await visitor.close()
        assert statuses[("one", "two").index(found[0])] == 204
        assert sorted(statuses)[1] >= 400
        return found

    asyncio.run(where())


def upload(deployment: Deployment, session: str, cookie: str) -> int:
    """The answer to a file that is sent for a session."""
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n1 2 3\r\n--x--\r\n'
    url = f"{deployment.url}/_stcore/upload_file/{session}/11111111-1111-1111-1111-111111111111"
    _, given, _ = asked(deployment, "/_stcore/health")
    token = given["Set-Cookie"].partition(";")[0]  # no other site's page can send it along
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-Xsrftoken": token.partition("=")[2]}
    headers |= {"Cookie": f"unrolled_replica={cookie}; {token}"}
    request = urllib.request.Request(url, body, headers | {"Origin": deployment.url}, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_one_replica_is_enough(deployment: Deployment) -> None:
    """Without one replica its visitors' pages and websockets go to the other; without both, a plain page says so."""
    try:
        deployment["replica-1"].kill()
        assert asked(deployment, "/", Accept="text/html", Cookie="unrolled_replica=one")[0] == 200
        assert asyncio.run(stays(deployment, "one"))[0] == "two"
        deployment["replica-2"].kill()
        status, headers, body = asked(deployment, "/", Accept="text/html")
        assert (status, headers["Retry-After"]) == (503, "5")
        assert b"What you answered is kept" in body
    finally:
        for name in REPLICAS:
            if deployment[name].process is None or deployment[name].process.poll() is not None:
                deployment[name].start()
    assert asyncio.run(stays(deployment, "one"))[0] == "one"
    assert says_yes(f"{deployment.url}/readyz")


def test_readiness_names_its_parts(deployment: Deployment) -> None:
    """Through the proxy whoever watches hears whether a replica can take visitors."""
    status, _, body = asked(deployment, "/readyz")
    assert status == 200
    assert json.loads(body)["parts"]["database"] == "ok"
