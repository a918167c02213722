"""The training run that breaks: its updates, and where the first number stops being one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from core.overflow import Descent, Place
from core.written import short
from dashboard import figure
from dashboard.figure import drawings, math, panels
from dashboard.figure.rich import Rich
from dashboard.lessons.gradients.compute import FAILING, FAILING_NORM
from dashboard.lessons.gradients.figure import number


def failing(found: tuple[Descent, Descent, int]) -> dict[str, Any]:
    """The payload of the run that breaks: its updates beside those of the same run with clipping."""
    plain, clipped, _ = found
    columns = [
        panels.column("update", "left"), panels.column("loss"), panels.column("gradient"),
        panels.column([math("‖W_h‖")], wide=True), panels.column("loss, clipped to length 1"),
        panels.column("its gradient before clipping", wide=True),
    ]  # fmt: skip
    rows = []
    for k, kept in enumerate(clipped.updates):
        left = [number(v) for v in (u.loss, u.norm, u.weights)] if (u := _at(plain, k)) else ["–", "–", "–"]
        rows.append([[str(k)], *([text] for text in left), [number(kept.loss)], [number(kept.norm)]])
    table = panels.table(
        columns, rows, caption=["A ReLU network in training: loss, and length of its gradient"], place="full"
    )
    large = drawings.large(table) | {"narrow": 62 + 31 * len(rows)}  # cells of numbers take one line
    last, first, end = plain.updates[-1], clipped.updates[0], clipped.updates[-1]
    rises = sum(after.loss > before.loss for before, after in pairwise(clipped.updates))
    said: Rich = [
        f"After {last.update} updates the loss is {number(last.loss)}. With the gradient clipped to length "
        f"{short(FAILING_NORM)} it stays finite and goes up and down: it rises in {rises} of {end.update} updates and "
        f"ends at {number(end.loss)}, from {number(first.loss)}."
    ]
    return figure.payload(tokens=[], panels=[large], H=0, label="Updates", finding=said)


def _at(run: Descent, k: int) -> Any:
    return run.updates[k] if k < len(run.updates) else None


def failure(found: tuple[Descent, Descent, int]) -> str:
    """Where in the failing run the first infinity and the first NaN arise, and why, as Markdown."""
    plain, _, T = found
    said = [f"The largest float64 is {number(LARGEST)}."]
    if plain.infinity is not None:
        said.append(_overflow(plain.infinity, T))
    if plain.nan is not None:
        said.append(_not_a_number(plain.nan))
    return " ".join(said)


def take_away(found: tuple[Descent, Descent, int]) -> str:
    """Where this run goes wrong, and what tells it first, as Markdown."""
    plain, first = found[0], found[0].updates[0]
    after = plain.updates[1]
    return (
        f"NaN is not where this run goes wrong. Its first update is {number(FAILING.lr * first.norm)} long and already "
        f"takes the loss from {number(first.loss)} to {number(after.loss)}; NaN comes "
        f"{plain.updates[-1].update - after.update} updates later. Only the gradient’s length, {number(first.norm)}, "
        "gave warning before."
    )


LARGEST = float(np.finfo(np.float64).max)
QUANTITY = {
    "a": "the pre-activation $a_{%d}[%d]$",
    "z": "the output $z_{%d}[%d]$",
    "L": "the loss",
    "g": "the gradient",
}


def _place(place: Place) -> str:
    text = QUANTITY[place.quantity]
    return text % (place.t, place.unit - 1) if "%" in text else text


def _overflow(place: Place, T: int) -> str:
    before = f": the largest state before it was {number(place.before)}" if np.isfinite(place.before) else ""
    where = f"In the forward pass after the last update {_place(place)}"
    return f"{where} passes it at step {place.t} of {T} and becomes infinite{before}."


REASON = {
    "inf - inf": "infinite terms of both signs meet in one sum, and ∞ − ∞ has no value",
    "0 * inf": "a zero meets an infinite number, and 0 · ∞ has no value",
}


def _not_a_number(place: Place) -> str:
    return (
        f"At step {place.t} {_place(place)} becomes NaN: {REASON[place.cause]}. "
        "Every sum that NaN enters is NaN, so loss, gradient and then all weights follow."
    )
