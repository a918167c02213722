"""What the lesson on vanishing and exploding gradients shows, put into figures and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from core import slopes
from core.written import number, power_of_ten, short
from dashboard import figure
from dashboard.figure import drawings, math, panels
from dashboard.figure.rich import Rich
from dashboard.figure.rows import Floats
from dashboard.lessons.gradients import figure as gradients
from dashboard.lessons.gradients import sentences as words
from dashboard.lessons.gradients.compute import (
    CARD_ACTIVATION,
    CHAPTER_ACTIVATION,
    CHAPTER_SLOPE,
    CHAPTER_STEPS,
    EDGES,
    GRID,
    Card,
    Flow,
    FlowRun,
    Slopes,
    slopes_of,
)
from dashboard.lessons.gradients.figure import Line
from dashboard.lessons.gradients.settings import ACTIVATIONS, FlowSettings

CARD_LOW, CARD_HIGH = -10.0, 5.0
CHAPTER_BARS = {
    100: (8, "1.0"),
    90: (6, "0.5"),
    80: (4, "0.1"),
    70: (2, "0.01"),
    60: (1, "0.001"),
    50: (0, "0.0001"),
    1: (0, "≈ 0"),
}
"""By the chapter's steps, the blocks of its bar and the number beside it."""
BLOCKS, FULL = CHAPTER_BARS[100]
WORDS = {9: "Nine", 10: "Ten"}


def cards(found: tuple[Card, ...], chosen: str) -> dict[str, Any]:
    """The payload of the preset cards: names, numbers, and each sparkline as points in percent of its box."""
    return {
        "chosen": chosen,
        "unity": _card_height(0.0),
        "cards": [
            {
                "name": card.name,
                "title": card.title,
                "radius": number(card.radius, 2),
                "product": f"× {power_of_ten(float(card.product[0]))}",
                "made": f"inputs {short(card.inputs)}, {CARD_ACTIVATION}",
                "points": _inside(card.product),
            }
            for card in found
        ],
    }


def _card_height(log10: float) -> float:
    return 100 * (CARD_HIGH - log10) / (CARD_HIGH - CARD_LOW)


def _inside(product: Floats) -> list[list[float]]:
    """The line from the last step back until it leaves the card."""
    T = len(product)
    left = np.flatnonzero(~((product >= CARD_LOW) & (product <= CARD_HIGH)))
    first = int(left[-1]) + 1 if left.size else 0
    return [[100 * k / (T - 1), _card_height(float(product[k]))] for k in range(first, T)]


def main(run: FlowRun, settings: FlowSettings, ways: Sequence[Rich] = ()) -> dict[str, Any]:
    """The payload of the main figure: product, split factor, and norms on one time axis; below it the ways on."""
    T, shown = run.T, settings.activation
    chosen = run.flows[shown]
    name = ACTIVATIONS[shown]
    products = [*_flows(run, shown, "product"), Line("chapter", "chapter", "0.25ᵏ", run.chapter)]
    products.append(Line("bound", "bound", f"bound, {name}", run.bound(shown)))
    parts = [
        gradients.lines(
            products,
            title=f"The most that is left at step t of a gradient of length 1 at step {T}",
            subtitle=["largest singular value of ", math("∂h_T/∂h_t")],
            table="log10 of the running product",
        )
    ]
    if chosen.factors is not None:
        parts.append(
            gradients.factors(
                np.asarray(chosen.factors.activation, np.float64),
                np.asarray(chosen.factors.weight, np.float64),
                name=name,
                subtitle=[f"{name}, along the gradient that arrives: slope, then ", math("W_h")],
            )
        )
    parts.append(
        gradients.lines(
            _flows(run, shown, "norms"),
            title="The gradient that arrives",
            subtitle=[math("‖∂L/∂h_t‖"), " from the loss " + _where(settings)],
            table="log10 of the gradient norms",
            height=176,
        )
    )
    return figure.payload(
        tokens=[_distance(T - t) for t in range(1, T + 1)],
        panels=parts,
        H=0,
        finding=words.finding(run, settings),
        paragraphs=[figure.prose(words.take_away(run, settings)), [words.summary(settings)], *ways],
        t=(2 * T) // 5,
        address=True,
        named=False,
        backward=True,
        note="",
    )


def _flows(run: FlowRun, shown: str, what: str) -> list[Line]:
    """The chosen activation first."""
    order = sorted(run.flows, key=lambda name: name != shown)
    style = {name: "chosen" if name == shown else "other" for name in order}
    return [Line(name, style[name], ACTIVATIONS[name], getattr(run.flows[name], what)) for name in order]


def _distance(back: int) -> str:
    return "the last one" if back == 0 else f"{back} step{'s' * (back > 1)} back"


def _where(settings: FlowSettings) -> str:
    return "at the last step" if settings.readout == "last" else "at every step"


def slope_curves(run: FlowRun, shown: str) -> dict[str, Any]:
    """The payload of the derivative curves with the chosen activation's pre-activations under them."""
    found = slopes_of(run)
    order = sorted(found, key=lambda name: name != shown)
    style = {name: "chosen" if name == shown else "other" for name in found}
    counts = found[shown].counts
    most = max(1, int(counts.max()))
    curve = {name: [(float(a), float(v)) for a, v in zip(GRID, found[name].curve, strict=True)] for name in order}
    curve["relu"] = [(-6.0, 0.0), (0.0, 0.0), (0.0, 1.0), (6.0, 1.0)]  # a jump, which a grid would slant
    peak = {"sigmoid": 0.0, "tanh": 0.0}
    data = {
        "curves": {
            "a": [a for name in order for a, _ in curve[name]],
            "slope": [v for name in order for _, v in curve[name]],
            "series": [name for name in order for _ in curve[name]],
            "style": [style[name] for name in order for _ in curve[name]],
        },
        "counts": {
            "left": EDGES[:-1].tolist(),
            "right": EDGES[1:].tolist(),
            "height": [0.9 * float(c) / most for c in counts],
            "count": counts.tolist(),
            "from": [f"{short(a)} to {short(b)}" for a, b in pairwise(EDGES)],
        },
        "marks": {
            "a": [peak[name] for name in ("sigmoid", "tanh")],
            "slope": [found[name].largest for name in ("sigmoid", "tanh")],
            "style": [style[name] for name in ("sigmoid", "tanh")],
        },
        "ends": {
            "a": [1.5, 0.62, 3.4],
            "slope": [float(slopes.slope_at("sigmoid", 1.5)) + 0.09, 0.78, 0.93],
            "name": ["σ′, at most 0.25", "tanh′, at most 1", "ReLU′, 0 or 1"],
            "style": [style[name] for name in ("sigmoid", "tanh", "relu")],
        },
    }
    chart = panels.chart(
        "gradients_slopes", data, params={}, symbols=[[math("φ'(a)")]], label="slope over pre-activation",
        title=["Slope of each activation over the pre-activation"], keys=_slope_keys(shown), height=236, cursor=False,
        axis=22, profile=_slope_table(found, order),
    )  # fmt: skip
    return figure.payload(
        tokens=[], panels=[chart], H=0, label="Slopes", finding=_slope_finding(found[shown], ACTIVATIONS[shown])
    )


def _slope_keys(shown: str) -> list[Any]:
    return [({"role": "pending", "shape": "block"}, [f"where {ACTIVATIONS[shown]}’s pre-activations lie"])]


def _slope_table(found: dict[str, Slopes], order: list[str]) -> panels.Panel:
    columns = [panels.column("this run", "left"), panels.column("plain mean"), panels.column("beyond ±6")]
    rows = [[[ACTIVATIONS[name]], [number(found[name].mean)], [f"{found[name].outside:.0%}"]] for name in order]
    return panels.table(columns, rows)


def _slope_finding(found: Slopes, name: str) -> Rich:
    return [
        f"Over all units and steps of this run, {name}’s slope has a plain mean of {number(found.mean)}, of "
        f"{short(found.largest, 2)} at most."
    ]


def bars(run: FlowRun, settings: FlowSettings) -> dict[str, Any]:
    """The chapter's bars: its steps at this length, with what was measured, 0.25 to that power, and what it prints.

    0.25 is the sigmoid's largest slope, so what the network keeps with the sigmoid always stands beside it.
    """
    shown = settings.activation
    name, found, sigmoid, T = ACTIVATIONS[shown], run.flows[shown], run.flows[CHAPTER_ACTIVATION], run.T
    columns = [
        panels.column("step", "left"),
        panels.column(f"measured, {name}", "left"),
        panels.column(""),
        *([] if shown == CHAPTER_ACTIVATION else [panels.column("with the sigmoid")]),
        panels.column(["if each step were ", math("0.25")], wide=shown != CHAPTER_ACTIVATION),
        panels.column("the chapter’s bar", "left", wide=True),
        panels.column("the chapter"),
    ]
    full = max(0.0, float(found.product.max(initial=0.0, where=np.isfinite(found.product))))
    rows: list[list[Any]] = []
    for chapter_t, (blocks, printed) in CHAPTER_BARS.items():
        t = max(1, round(chapter_t * T / CHAPTER_STEPS))
        log10 = float(found.product[t - 1])
        measured = drawings.bar(10.0 ** (log10 - full) if np.isfinite(log10) else 0.0)
        beside = [] if shown == CHAPTER_ACTIVATION else [[power_of_ten(float(sigmoid.product[t - 1]))]]
        told = [[power_of_ten(log10)], *beside, [power_of_ten(float(run.chapter[t - 1]))]]
        drawn = drawings.bar(blocks / BLOCKS, hollow=True)
        rows.append([[math("t"), f" = {t}"], measured, *told, drawn, [f"{printed} at {chapter_t}"]])
    table = drawings.large(
        panels.table(
            columns,
            rows,
            caption=[
                f"Gradient magnitude across time steps. A full bar is {power_of_ten(full)} as measured, "
                f"{FULL} in the chapter’s"
            ],
            place="full",
        )
    )
    table |= {"narrow": 116 + 38 * len(rows)}  # heads of three lines, and a caption
    k = min(10, T - 1)
    steps, quarter = WORDS[k], power_of_ten(float(slopes.constant_product_log10(CHAPTER_SLOPE, k)))
    here = [f"{power_of_ten(_back(sigmoid, k))} with the sigmoid"]
    here += [] if shown == CHAPTER_ACTIVATION else [f"{power_of_ten(_back(found, k))} with {name}"]
    said: Rich = [f"{steps} steps of 0.25 leave {quarter}, not 0.5; here they leave at most {' and '.join(here)}."]
    return figure.payload(tokens=[], panels=[table], H=0, label="Bars", finding=said)


def _back(found: Flow, k: int) -> float:
    return float(found.product[len(found.product) - 1 - k])
