"""What the environment says of how a hosted server answers, read once when it starts."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.kit.proxies import Proxies, ProxiesError

FRAMES, HSTS, DRAIN, LOG = "UNROLLED_FRAMES", "UNROLLED_HSTS", "UNROLLED_DRAIN", "UNROLLED_LOG"
SESSIONS, PER_ADDRESS, REQUESTS = "UNROLLED_SESSIONS", "UNROLLED_SESSIONS_PER_ADDRESS", "UNROLLED_REQUESTS"
TOKEN, ADDRESSES, PROXIES = "UNROLLED_METRICS_TOKEN", "UNROLLED_LOG_ADDRESSES", "UNROLLED_PROXIES"
A_YEAR = 31_536_000  # seconds
SHORTEST_TOKEN = 16  # characters
_FRAME = re.compile(r"'self'|'none'|https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:([0-9]{1,5}|\*))?", re.IGNORECASE)
_TOKEN = re.compile(r"[!-~]*")


class ServingError(ValueError):
    """Variables hold what cannot be meant; the message names each and says what to write."""


@dataclass(frozen=True)
class Settings:
    """How a hosted server answers.

    Attributes:
        frames: Who may show its pages in a frame, as a policy's `frame-ancestors` takes it.
        hsts: Seconds for which browsers are told to come encrypted only; 0 to say nothing.
        sessions: Most pages that are open at once.
        per_address: Most of them from one address.
        requests: Requests a second from one address, on average over half a minute.
        proxies: The forwarders that are believed.
        token: What whoever reads the figures from elsewhere must know; "" for nobody.
        drain: Seconds that open pages are given when the server is stopped.
        json: Whether the log is one JSON object a line.
        addresses: Whether visitors' addresses may stand in the log.
    """

    frames: str = "'self'"
    hsts: int = 0
    sessions: int = 200
    per_address: int = 120
    requests: int = 200
    proxies: Proxies = field(default_factory=lambda: Proxies.read(""))
    token: str = ""
    drain: int = 10
    json: bool = False
    addresses: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of an environment.

        Raises:
            ServingError: Some cannot be meant; the message has a line for each.
        """
        reader = _Reader(environment)
        sessions = reader.number(SESSIONS, cls.sessions, least=1, most=1_000_000)
        found = cls(
            frames=reader.frames(),
            hsts=reader.number(HSTS, cls.hsts, least=0, most=10 * A_YEAR),
            sessions=sessions,
            per_address=reader.number(PER_ADDRESS, max(1, sessions * 6 // 10), least=1, most=1_000_000),
            requests=reader.number(REQUESTS, cls.requests, least=1, most=1_000_000),
            proxies=reader.proxies(),
            token=reader.token(),
            drain=reader.number(DRAIN, cls.drain, least=0, most=3_600),
            json=reader.word(LOG, ("", "json")) == "json",
            addresses=reader.word(ADDRESSES, ("", "0", "1")) == "1",
        )
        if reader.faults:
            raise ServingError("\n".join(reader.faults))
        return found


class _Reader:
    """Reads one variable after the other, and keeps what is wrong with each."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.faults: list[str] = []

    def _given(self, name: str) -> str:
        return self._environment.get(name, "").strip()

    def _fault(self, name: str, expected: str) -> None:
        self.faults.append(f"{name} is {self._given(name)[:60]!r}; expected {expected}.")

    def number(self, name: str, usual: int, *, least: int, most: int) -> int:
        """A whole number."""
        given = self._given(name)
        if not given:
            return usual
        if not re.fullmatch(r"[0-9]{1,9}", given, re.ASCII) or not least <= int(given) <= most:
            self._fault(name, f"a whole number from {least} to {most}, or nothing for {usual}")
            return usual
        return int(given)

    def word(self, name: str, known: tuple[str, ...]) -> str:
        """One of a few words."""
        given = self._given(name).lower()
        if given not in known:
            self._fault(name, " or ".join(f'"{each}"' if each else "nothing" for each in known))
        return given

    def frames(self) -> str:
        """Who may show a page in a frame."""
        given = self._given(FRAMES)
        wrong = [each for each in given.split() if not _FRAME.fullmatch(each)]
        if wrong or ("'none'" in given and given != "'none'"):
            self._fault(FRAMES, "addresses with spaces between, such as \"'self' https://lms.example.org\", or 'none'")
        return " ".join(given.split()) or Settings.frames

    def proxies(self) -> Proxies:
        """The forwarders that are believed."""
        try:
            return Proxies.read(self._given(PROXIES))
        except ProxiesError as problem:
            self.faults.append(str(problem))
            return Proxies.read("")

    def token(self) -> str:
        """The token for the figures; it is not repeated in a message."""
        given = self._given(TOKEN)
        if given and (len(given) < SHORTEST_TOKEN or not _TOKEN.fullmatch(given)):
            self.faults.append(
                f"{TOKEN} is too short, or has characters that no header can carry; expected {SHORTEST_TOKEN} or more "
                'letters and digits. Make one with: python -c "import secrets; print(secrets.token_urlsafe(24))"'
            )
        return given
