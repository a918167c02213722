"""What the guesses are put together from: the numbers of one sequence, slips that can be told apart, words for them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.model import Model, Trace
from core.params import Array
from core.rnn import RNNParams, RNNTrace
from core.written import short
from quiz.attempt import MAX_INTEGER
from quiz.computed.numbers import MOST_SLIPS, Candidate, apart, shown, signed, typed
from quiz.schema import Choice, Exact, Lesson, Level, Numeric, Option, Slip

REL = 0.05
ABS = 0.0006  # so that three decimals, as the pages show them, are always accepted
PERCENT = "\N{NARROW NO-BREAK SPACE}%"
MOST_OPTIONS = 6
Led = tuple[str, str, str]  # the option that a slip leads to, its name, the reply
OUTCOME = "misjudged the outcome"  # what a wrong guess is called that no slip leads to
SEEN = 2e-3  # size of a gradient that can be worked out from numbers with four decimals
PHI = {"tanh": r"\tanh", "sigmoid": r"\sigma", "relu": r"\operatorname{ReLU}", "identity": r"\operatorname{id}"}


@dataclass(frozen=True)
class About:
    """What a question is about.

    Attributes:
        id: The question's id, the same for every network.
        lesson: Where it is asked.
        concepts: What it asks about, the main one first.
        level: How hard it is.
    """

    id: str
    lesson: Lesson
    concepts: tuple[str, ...]
    level: Level = "medium"


@dataclass(frozen=True, eq=False)
class Run:
    """A vanilla RNN's run of one sequence.

    Attributes:
        params: Its recurrent weights.
        trace: Its own trace (T, 1, …).
        x: Inputs (T, D).
        a: Pre-activations (T, H).
        h: States, h_0 first (T+1, H).
    """

    params: RNNParams
    trace: RNNTrace
    x: Array
    a: Array
    h: Array

    @property
    def T(self) -> int:
        """Steps."""
        return len(self.x)

    @property
    def H(self) -> int:
        """Units."""
        return self.params.H


def one_sequence(model: Model, trace: Trace) -> Run:
    """The run without its batch axis.

    Raises:
        ValueError: The model is no vanilla RNN, or the batch has more than one sequence.
    """
    if not isinstance(model.cell, RNNParams) or not isinstance(trace.cell, RNNTrace) or trace.cell.x.shape[1] != 1:
        B = trace.cell.x.shape[1]
        raise ValueError(f"trace: expected an RNN's run of one sequence, got {model.kind} with B = {B}. Pick one.")
    cell = trace.cell
    return Run(model.cell, cell, cell.x[:, 0], cell.a[:, 0], cell.h[:, 0])


def variant(question: Exact) -> int:
    """A number that stands for all a question says, so that another network's question is another one to the store.

    What slips are called is not among it: a guess kept under other names is still found.
    """
    unnamed = {each: {"__all__": {"name"}} for each in ("slips", "accept", "options")}
    digest = hashlib.sha256(question.model_dump_json(exclude=unnamed).encode()).digest()
    return int.from_bytes(digest[:4], "big") & MAX_INTEGER


def told_apart(answer: float, wrong: Iterable[Candidate], *, rel: float = REL, abs_: float = ABS) -> list[Candidate]:
    """The slips that can be told from the answer and from the slips before them, at most `MOST_SLIPS`."""
    kept: list[Candidate] = []
    for value, name, reply in wrong:
        known = [answer, *(other for other, *_ in kept)]
        if math.isfinite(value) and all(apart(value, other, rel=rel, abs_=abs_) for other in known):
            kept.append((value, name, reply))
    return kept[:MOST_SLIPS]


def numeric(
    about: About,
    prompt: str,
    answer: float,
    wrong: Iterable[Candidate],
    explanation: str,
    *,
    rel: float = REL,
    abs_: float = ABS,
    unit: str = "",
    within: str = "",
    accept: Sequence[Candidate] = (),
) -> Numeric:
    """A question for a number; slips that coincide with the answer or one another are left out.

    Args:
        about: What it is about.
        prompt: The question, without its tolerance.
        answer: The true value.
        wrong: Values of slips with their names and replies, the most telling first.
        explanation: Shown after the answer.
        rel: Relative tolerance.
        abs_: Absolute tolerance; the wider of the two counts.
        unit: What it counts, shown beside the field.
        within: The tolerance in words; empty for "5 %" or whatever ``rel`` is.
        accept: Values under another convention, each with a reply that names it.
    """
    told = told_apart(answer, wrong, rel=rel, abs_=abs_)
    slips = [
        Slip(answer=typed(value), name=name, reply=reply)
        for value, name, reply in told
        if all(apart(value, other, rel=rel, abs_=abs_) for other, *_ in accept)
    ]
    tolerance = within or f"{short(100 * rel)}{PERCENT}"
    return Numeric(
        id=about.id, concepts=about.concepts, level=about.level, lessons=(about.lesson,),
        prompt=f"{prompt} Within {tolerance} is right.", answer=float(f"{answer:.12g}"), rel=rel, abs=abs_, unit=unit,
        accept=tuple(Slip(answer=f"{value:.12g}", name=name, reply=reply) for value, name, reply in accept),
        slips=tuple(slips), explanation=explanation,
    )  # fmt: skip


def choice(
    about: About,
    prompt: str,
    replies: Mapping[str, str],
    right: str,
    explanation: str,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Choice:
    """A question with one right option.

    Args:
        about: What it is about.
        prompt: The question.
        replies: Three to six options, each with its reply.
        right: The right one of them.
        explanation: Shown after the answer.
        names: The slip that leads to an option, by its text; `OUTCOME` where none does.
    """
    options = tuple(
        Option(
            id=letter,
            text=text,
            right=text == right,
            name="" if text == right else names.get(text, OUTCOME),
            reply=reply,
        )
        for letter, (text, reply) in zip("abcdef", replies.items(), strict=False)
    )
    return Choice(
        id=about.id, concepts=about.concepts, level=about.level, lessons=(about.lesson,), prompt=prompt,
        options=options, explanation=explanation,
    )  # fmt: skip


def first_reply(option: str, slips: Sequence[Led], otherwise: str) -> str:
    """The reply of the first slip that leads to the option, or else ``otherwise``."""
    return next((reply for leads_to, _, reply in slips if leads_to == option), otherwise)


def first_names(slips: Sequence[Led]) -> dict[str, str]:
    """By option, the name of the first slip that leads to it."""
    return {leads_to: name for leads_to, name, _ in reversed(slips)}


def fewer(steps: Sequence[int], wanted: Iterable[int]) -> list[int]:
    """At most `MOST_OPTIONS` of the steps, in their order; those ``wanted`` first, then from the end."""
    ranked = list(dict.fromkeys([t for t in wanted if t in steps] + list(steps)[::-1]))
    return sorted(ranked[:MOST_OPTIONS])


def largest(values: Array, lead: float = 1.05) -> int | None:
    """Place of the largest value, or None if it leads the second by less than the factor ``lead``."""
    order = np.argsort(-values, kind="stable")
    if not np.isfinite(values).all() or not values[order[0]] > 0:
        return None
    if len(values) > 1 and values[order[0]] < lead * values[order[1]]:
        return None
    return int(order[0])


def sign(value: float) -> str:
    """In a word."""
    return "positive" if value > 0 else "negative" if value < 0 else "zero"


def d(name: str, *at: int) -> str:
    r"""∂L/∂name as TeX, with an entry's places: ``\partial L / \partial h_{2}[0]``."""
    return rf"\partial L / \partial {name}" + (f"[{','.join(map(str, at))}]" if at else "")


def products(pairs: Iterable[tuple[float, float]]) -> str:
    r"""A sum of products as TeX: ``0.5 \cdot (-1) + 2 \cdot 3``."""
    return " + ".join(rf"{signed(a)} \cdot {signed(b)}" for a, b in pairs)


def worked(pairs: Sequence[tuple[float, float]], result: float) -> str:
    """`products` with what they come to."""
    return f"{products(pairs)} = {shown(result)}"
