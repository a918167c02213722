"""Simulated learners, who answer a list of questions over a connection that may be lost at any moment."""

from __future__ import annotations

import asyncio
import json
import random
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs

from bench.visitor import PATIENCE, Traffic, Visitor
from websockets.exceptions import WebSocketException

from quiz.classes.people import Person
from quiz.classes.resume import new_learner
from quiz.grading.grade import right_response
from quiz.load import load_bank
from quiz.schema import Choice, Count, Numeric, Predict, Shape
from quiz.store import Store
from quiz.store.resumes import Resumes

GONE = (OSError, WebSocketException, LookupError, TimeoutError)
"""What a learner notices of a fault: no connection, or a page that is not the one expected."""
WRONG = "123456"
PAUSE = 0.2  # seconds before a learner whose server is away tries again
MOST = 40  # questions in one address


def questions() -> list[str]:
    """Ids of questions that a learner here can answer: one field, or one choice."""
    found = [q.id for q in load_bank().questions if isinstance(q, Choice | Numeric | Count | Predict | Shape)]
    return found[:MOST]


@dataclass
class Learner:
    """One of a class, at one page of the quiz.

    Attributes:
        port: Where the server answers.
        number: Which one of the class.
        person: Who they are to the server.
        cookies: By which it knows them.
        ids: What they are to answer, in that order.
        told: Questions of which the page has said what came of the answer.
        lost: How often the server was away.
    """

    port: int
    number: int
    person: Person
    cookies: dict[str, str]
    ids: Sequence[str]
    told: list[str] = field(default_factory=list)
    lost: int = 0
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.number)
        self._open(f"mode=practice&q={self.ids[0]}&list={','.join(self.ids[1:])}&sitting=1", self.cookies)
        self._between = True

    def _open(self, query: str, cookies: dict[str, str]) -> None:
        """Begin at an address, as a page that is loaded does."""
        self.visitor = Visitor(self.port, f"quiz?{query}", f"203.0.113.{self.number + 1}", cookies)

    @property
    def done(self) -> bool:
        """Whether all was answered."""
        return len(self.told) == len(self.ids)

    def ends(self, until: asyncio.Event | None) -> bool:
        """Whether there is nothing more to do: all was answered, or it was ended, and nothing given is untold."""
        return self.done or (until is not None and until.is_set() and self._between)

    @property
    def question(self) -> str:
        """Which question stands on the page."""
        return parse_qs(self.visitor.query).get("q", [""])[0]

    async def work(self, until: asyncio.Event | None = None) -> None:
        """Answer all, however often the server goes; stop between two answers once the event is set."""
        while not self.ends(until):
            try:
                await self.visitor.open()
                while not self.ends(until):
                    whole(await self._step())
            except GONE as fault:
                self.lost += 1
                await self.visitor.close()
                if isinstance(fault, LookupError):  # not the page that was expected: it is loaded again
                    self._open(self.visitor.query, self.visitor.cookies)
                await asyncio.sleep(PAUSE)
        await self.visitor.close()

    async def _step(self) -> Traffic:
        """Do what the page asks for next."""
        if on := self._button("Next question") or self._button("Finish"):
            if self.question not in self.told:
                self.told.append(self.question)
            self._between = True
            return await self.visitor.change(on, 1)
        self._between = False
        if waiting := self._button("Hand it in now"):
            return await self.visitor.change(waiting, 1)
        await self._fill()
        return await self.visitor.change(self._button("Check") or "Check", 1)

    async def _fill(self) -> None:
        """Answer, right mostly."""
        for shown in self._shown("text_input", "radio"):
            content = load_bank()[self.question]
            if shown.kind == "radio":
                given = self._chance.choice(list(shown.widget.options))
            else:
                wrong = isinstance(content, Numeric | Predict) and self._chance.random() < 0.3
                given = WRONG if wrong else str(right_response(content))
                if self.visitor.states[shown.widget.id].string_value == WRONG:  # the second try
                    given = str(right_response(content))
            whole(await self.visitor.give(shown.key, given))

    def _shown(self, *kinds: str) -> list:
        return [shown for shown in self.visitor.shown.values() if shown.kind in kinds]

    def _button(self, label: str) -> str:
        """The key of the button with this label; "" where there is none."""
        return next((shown.key for shown in self._shown("button") if shown.name.startswith(label)), "")


def whole(traffic: Traffic) -> Traffic:
    """What came, once the run that was asked for has ended.

    Raises:
        TimeoutError: It has not.
    """
    if traffic.finished is None:
        raise TimeoutError(f"no answer in {PATIENCE} s")
    return traffic


def signed_in(url: str, secret: str) -> dict[str, str]:
    """The cookies of whom a private link names, as its page asks for them."""
    body = json.dumps({"resume": secret}).encode()
    asked = urllib.request.Request(f"{url}/session", body, {"Content-Type": "application/json", "Origin": url})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        assert json.load(answer) == {"done": True}
        given = answer.headers.get_all("Set-Cookie") or []
    pairs = (cookie.partition(";")[0].partition("=") for cookie in given)
    return {name: value for name, _, value in pairs}


def class_of(number: int, url: str, store: Store, ids: Sequence[str]) -> list[Learner]:
    """Learners who came by private links, each with the questions in an order of their own."""
    port, made = int(url.rpartition(":")[2]), []
    for k in range(number):
        person = Person(new_learner())
        secret = Resumes(store.engine).renew(person, datetime.now(UTC))
        made.append(Learner(port, k, person, signed_in(url, secret), random.Random(k).sample(list(ids), len(ids))))
    return made


def kept(store: Store, learner: Learner) -> list[str]:
    """The questions of which an answer is kept, one for each answer, in their order."""
    return [attempt.question for attempt in reversed(store.attempts(learner.person.learner))]
