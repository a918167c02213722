"""The beats of a lesson: one idea each, with its words, what it sets of the drawing, and one question about the screen.

A lesson's `beats.py` lists them; their words are sections `beat-<name>` of its `words.md`, a heading and a paragraph of
at most `MOST_WORDS` words. Going from beat to beat needs no server: the figure has them all, but for what `whole`
leaves out. It tells the server what was answered, which keeps it under the question's id, like every other prediction,
and on a hosted server how far somebody came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.figure import Rich, figure, payload, prose
from dashboard.figure.panels import Panel
from dashboard.kit import words
from dashboard.kit.asking import guess
from dashboard.kit.hosting import hosted
from dashboard.kit.parts import alone
from dashboard.kit.run.settings import Settings
from quiz.lessons import LESSONS
from quiz.schema import Choice

MOST_WORDS = 55
MOST_KNOWN = 300  # questions of a session
GIVEN = "beats.given"
"""In the session: the key of each question to what had been answered."""
WHOLE = "beats.whole"
"""In the session: lesson to what its figure was last sent whole for."""
WANTED = "beats.wanted"
"""In the session: the lessons whose figure is wanted whole after every change."""
_YES = re.compile(r"^Yes[:.,] (?=[A-Z$])")
"""What the verdict above a reply has said already."""
_TERM = re.compile(r"\[\*\*([^*]+)\*\*\]\(revision\?term=[^)\s]*(?: \"[^\"]*\")?\)")
"""A term as the pages' words link it to the glossary; the figure has it in bold alone."""
_SECTION = re.compile(r"### (?P<title>.+)\n\n(?P<words>.+)", re.DOTALL)


@dataclass(frozen=True)
class Beat:
    """One idea of a lesson.

    Attributes:
        name: Of its words; also what the button that leads to it says.
        show: What it sets of the drawing; the keys are the drawing's.
        said: The sentence below the drawing, from what is on the screen.
        question: What it asks, made from what is on the screen; None for nothing.
        before: The sentence while the question is open, which gives nothing away.
        ready: Whether the drawing has what it sets, see `whole`.
    """

    name: str
    show: Mapping[str, Any]
    said: Rich
    question: Choice | None = None
    before: Rich = ()  # type: ignore[assignment]
    ready: bool = True


def told(lesson: str, name: str) -> tuple[str, str]:
    """A beat's title and words."""
    match = _SECTION.fullmatch(words.say(lesson, f"beat-{name}"))
    if match is None:
        raise ValueError(f"words of beat {name!r} of {lesson}: expected a heading ### and one paragraph.")
    return match["title"], _TERM.sub(r"**\1**", " ".join(match["words"].split()))


@lru_cache(maxsize=256)
def _rich(text: str) -> Rich:
    return prose(text)


def described(lesson: str, beats: Sequence[Beat]) -> list[dict[str, Any]]:
    """Beats as the figure takes them, with what was answered before."""
    found = []
    questions = _asked(lesson, [beat.question for beat in beats if beat.question is not None])
    for beat in beats:
        title, text = told(lesson, beat.name)
        found.append(
            {
                "name": beat.name,
                "title": title,
                "words": _rich(text),
                "show": dict(beat.show),
                "question": None if beat.question is None else next(questions),
                "before": list(beat.before),
                "said": list(beat.said),
                "ready": beat.ready,
            }
        )
    return found


_SIGNS = {
    r"\lVert": "‖",
    r"\rVert": "‖",
    r"\Delta": "Δ",
    r"\cdot": "·",
    r"\varphi": "φ",
    r"\sigma": "σ",
    r"\,": " ",
    r"\tanh": "tanh",
    r"\partial": "∂",
    r"\top": "⊤",
}
_HAT = re.compile(r"\\hat (\w)")
_INDEX = re.compile(r"_\{(\w)\}")


@lru_cache(maxsize=512)
def plain_tex(text: str) -> Rich:
    """Words with formulas in TeX, as questions have them, in the figure's small notation; never write to it."""
    for name, sign in _SIGNS.items():
        text = text.replace(name, sign)
    return prose(_INDEX.sub(r"_\1", _HAT.sub(r"\\hat{\1}", text)))


def _asked(lesson: str, questions: Sequence[Choice]) -> Iterator[dict[str, Any]]:
    """Questions as the figure takes them.

    Each is given what had been answered when the page was opened; the figure itself knows what has been since. So its
    data stays the same while one answers, and none of it is sent again.
    """
    known: dict[str, str | None] = st.session_state.setdefault(GIVEN, {})
    anew = not alone()
    for question, (variant, standing) in zip(questions, guess.standing(lesson, questions), strict=True):
        key = f"{question.id} {variant}"
        if key not in known or anew:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = standing.given if standing.committed else "" if standing.shown else None
        yield {
            "key": key,
            "prompt": plain_tex(question.prompt),
            "options": [
                {
                    "id": option.id,
                    "text": plain_tex(option.text),
                    "right": option.right,
                    "reply": plain_tex(_YES.sub("", option.reply)),
                }
                for option in question.options
            ],
            "given": known[key],
            "explanation": plain_tex(question.explanation),
        }


def whole(lesson: str, number: int, of: Hashable) -> bool:
    """Whether a figure has to be sent with what one of its beats alone shows, where that takes long to compute.

    It comes with the page, so that no beat needs the server. After a change the figure asks for it when that beat is
    gone to; who has been there since a change gets it with each further one.

    Args:
        lesson: Its name.
        number: Of the beat, from 1.
        of: What the figure is made from.
    """
    sent: dict[str, Hashable] = st.session_state.setdefault(WHOLE, {})
    wanted = _wanted()
    if st.query_params.get("beat") == str(number):  # the page was opened there
        wanted.add(lesson)
    if not alone() or lesson in wanted:
        sent[lesson] = of
    return sent.get(lesson) == of


def _wanted() -> set[str]:
    wanted: set[str] = st.session_state.setdefault(WANTED, set())
    return wanted


def play(
    lesson: str, beats: Sequence[Beat], drawing: Panel, *, steps: Sequence[str], label: str, inspector: Settings
) -> None:
    """Draw a lesson's figure with its beats; to be called inside a part of the page, which an answer runs.

    On a hosted server a beat that is stayed on is told, too: once, and not beside an answer in it.

    Args:
        lesson: Its name, also the figure's key.
        beats: In their order.
        drawing: What they drive.
        steps: Names of the steps that the cursor goes through.
        label: What the figure is called for those who cannot see it.
        inspector: What the Inspector is set to when it is opened from here.
    """
    by_name = {beat.name: beat.question for beat in beats if beat.question is not None}
    first = beats[0].show.get("t", 1)
    data = payload(
        tokens=steps,
        panels=[drawing],
        H=0,
        t=first,
        address=True,
        label=label,
        beats=described(lesson, beats),
        onward=onward(lesson),
        inspector=f"inspector?{urlencode(inspector.to_query())}",
        counted=hosted(),
    )
    numbers = {beat.name: number for number, beat in enumerate(beats, 1)}
    told = {"answered": _keeper(lesson, by_name, numbers), "wanted": lambda _: _wanted().add(lesson)}
    figure(data, key=lesson, told=told | ({"reached": _counter(lesson, numbers)} if hosted() else {}))


def onward(lesson: str) -> dict[str, str] | None:
    """Where the last beat leads: the lesson after this one, if there is one."""
    at = LESSONS.index(lesson) + 1
    return {"path": LESSONS[at], "title": words.say(LESSONS[at], "title")} if at < len(LESSONS) else None


def _keeper(lesson: str, questions: Mapping[str, Choice], numbers: Mapping[str, int]) -> Callable[[Any], None]:
    """Keeps an answer that the figure tells of, and that its beat was reached; what fits no question is left alone."""

    def keep(answer: Any) -> None:
        from dashboard.kit.asking import path  # with the store, when the first answer comes

        if not isinstance(answer, dict):
            return
        question, option = questions.get(str(answer.get("beat"))), str(answer.get("option"))
        if question is not None and (option == "" or any(option == known.id for known in question.options)):
            guess.settle(lesson, question, option)
            path.reached(lesson, numbers[str(answer.get("beat"))])

    return keep


def _counter(lesson: str, numbers: Mapping[str, int]) -> Callable[[Any], None]:
    """Keeps that a beat was reached, for who teaches a class where its learners stop."""

    def keep(told: Any) -> None:
        from dashboard.kit.asking import path  # with the store, as above

        if isinstance(told, dict) and (number := numbers.get(str(told.get("beat")))):
            path.reached(lesson, number)

    return keep
