"""Asking a judge: bounded in time and size, to the named address alone, and every fault a plain sentence."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from quiz.grading.text.judge.settings import KEY, MODEL, SECONDS, URL, Judge

if TYPE_CHECKING:
    import httpx

AT_ONCE = 4  # requests
MOST_BYTES = 256 << 10  # of one reply
_MENDS = {
    401: f"refused the key. Set {KEY} to a valid one",
    403: f"refused the key. Set {KEY} to one that may use the model",
    404: f"knows no such address or model. Check {URL}, which usually ends with /v1, and {MODEL}",
    429: "was asked too often. Wait, or ask the one who runs it for more",
}


class FaultError(Exception):
    """A judge gave no verdict; the message says why, without the key or anything that the judge sent."""


class UnreachableError(FaultError):
    """It didn't answer, not in time, or not with success."""


class NonsenseError(FaultError):
    """It answered in another form than it was asked for."""


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


def ask(judge: Judge, bodies: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a judge says to each request.

    Raises:
        FaultError: To one of them it said nothing usable, or all took longer than `Judge.seconds`.
    """
    return asyncio.run(_all(judge, bodies))


async def _all(judge: Judge, bodies: Sequence[Mapping[str, Any]]) -> list[str]:
    gate = asyncio.Semaphore(AT_ONCE)
    try:
        async with asyncio.timeout(judge.seconds), _client(judge) as client, asyncio.TaskGroup() as group:
            tasks = [group.create_task(_one(client, gate, judge, body)) for body in bodies]
    except TimeoutError:
        said = f"{judge.host} did not answer within {judge.seconds:g} s. Use a faster model, or raise {SECONDS}."
        raise UnreachableError(said) from None
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    return [task.result() for task in tasks]


def _client(judge: Judge) -> httpx.AsyncClient:
    """A client that asks no proxy and follows no redirect: the text goes to the address that was named, or nowhere."""
    import httpx  # slow to import, and only needed where a judge is set

    headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {judge.key}"} if judge.key else {})
    return httpx.AsyncClient(headers=headers, timeout=None, verify=_trusted(), trust_env=False, follow_redirects=False)


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted, those that SSL_CERT_FILE names among them; read once."""
    import httpx

    return httpx.create_ssl_context()


async def _one(client: httpx.AsyncClient, gate: asyncio.Semaphore, judge: Judge, body: Mapping[str, Any]) -> str:
    import httpx

    raw = bytearray()
    try:
        async with gate, client.stream("POST", judge.url, json=body) as reply:
            if not reply.is_success:
                raise UnreachableError(_refused(judge, reply.status_code))
            async for chunk in reply.aiter_raw():
                raw += chunk
                if len(raw) > MOST_BYTES:
                    raise NonsenseError(f"{judge.host} sent more than {MOST_BYTES >> 10} kB in one reply.")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        kind = type(error).__name__
        said = f"{judge.host} could not be reached ({kind}). Check that it runs, and {URL}."
        raise UnreachableError(said) from None
    try:
        return _Completion.model_validate_json(bytes(raw)).choices[0].message.content
    except ValidationError:
        said = f"{judge.host} did not answer as OpenAI-compatible servers do. Check {URL}, which usually ends with /v1."
        raise NonsenseError(said) from None


def _refused(judge: Judge, status: int) -> str:
    if 300 <= status < 400:
        return f"{judge.host} points to another address, which is not followed. Set {URL} to that address."
    return f"{judge.host} {_MENDS.get(status, f'answered with status {status}. See its log')}."
