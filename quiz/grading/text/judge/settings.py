"""Which judge the environment names: its address, its model, its key, and how long it may take."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

URL, MODEL, KEY, SECONDS = "UNROLLED_JUDGE_URL", "UNROLLED_JUDGE_MODEL", "UNROLLED_JUDGE_KEY", "UNROLLED_JUDGE_SECONDS"
USUAL_SECONDS, LEAST_SECONDS, MOST_SECONDS = 60.0, 1.0, 600.0
PLACE = "/chat/completions"
LONGEST_NAME = 200
_KEY = re.compile(r"[!-~]{1,4000}")  # what a header can carry


class JudgeError(ValueError):
    """The judge can't be used as it is set or kept; the message names the mend and never holds the key."""


@dataclass(frozen=True)
class Judge:
    """A judge that is set.

    Attributes:
        url: Where it is asked, up to and with ``/chat/completions``.
        model: The model's name, by which its figures are kept.
        seconds: How long all requests on one answer may take together.
        key: What it is asked with; "" for none. Never shown.
    """

    url: str
    model: str
    seconds: float = USUAL_SECONDS
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The machine that gets the text, with its port where one is given."""
        return urlsplit(self.url).netloc


def configured(environment: Mapping[str, str] = os.environ) -> Judge | None:
    """The judge that the environment names; None where it names none.

    Raises:
        JudgeError: Something about it is wrong; the message has a line for each problem.
    """
    url = environment.get(URL, "").strip()
    if not url:
        return None
    model, key = environment.get(MODEL, "").strip(), environment.get(KEY, "").strip()
    seconds = environment.get(SECONDS, "").strip()
    problems = [problem for problem in (_url(url), _model(model), _key(key), _seconds(seconds)) if problem]
    if problems:
        raise JudgeError("\n".join(problems))
    return Judge(url.rstrip("/").removesuffix(PLACE) + PLACE, model, float(seconds or USUAL_SECONDS), key)


def _url(given: str) -> str:
    """What is wrong with an address; it is not repeated, for it may hold a password."""
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        given.encode("ascii")
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\\]", given):
        return f"{URL} is not an address of http or https. Write one such as http://localhost:8080/v1."
    if parts.username is not None or parts.password is not None:
        return f"{URL} holds a name or password. Leave it out, and put the key into {KEY}."
    if parts.query or parts.fragment or "?" in given or "#" in given:
        return f"{URL} has a part after ? or #. End it with the path, such as http://localhost:8080/v1."
    return ""


def _model(given: str) -> str:
    if not given:
        return f"{MODEL} is missing beside {URL}. Set it to the name under which the server knows the model."
    if len(given) > LONGEST_NAME or not given.isprintable():
        return (
            f"{MODEL} must be one line of at most {LONGEST_NAME} characters. Write the model's name as the server does."
        )
    return ""


def _key(given: str) -> str:
    if given and not _KEY.fullmatch(given):
        return f"{KEY} has a space or a sign that no key has. Copy it again, without quotes or line breaks."
    return ""


def _seconds(given: str) -> str:
    try:
        usable = not given or LEAST_SECONDS <= float(given) <= MOST_SECONDS
    except ValueError:
        usable = False
    if usable:
        return ""
    return (
        f"{SECONDS} is {given[:20]!r}. Write a number from {LEAST_SECONDS:.0f} to {MOST_SECONDS:.0f}, or leave it out."
    )
