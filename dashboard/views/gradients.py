"""What the lesson on vanishing and exploding gradients shows, put into figures and sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from core import slopes
from core.overflow import Descent, Place
from dashboard import figure
from dashboard.figure import drawings, gradients, math, panels
from dashboard.figure.gradients import Line, power_short
from dashboard.figure.rich import Rich
from dashboard.gradients_runs import (
    CHAPTER_SLOPE,
    CHAPTER_STEPS,
    CHAPTER_WEIGHT,
    EDGES,
    GRID,
    Card,
    Flow,
    FlowRun,
    Slopes,
    share,
    slopes_of,
)
from dashboard.gradients_settings import ACTIVATIONS, PRESETS, FlowSettings
from dashboard.views.words import counted

CARD_LOW, CARD_HIGH = -10.0, 5.0
CHAPTER_BARS = {100: "1.0", 90: "0.5", 80: "0.1", 70: "0.01", 60: "0.001", 50: "0.0001", 1: "≈ 0"}
"""The lengths of the chapter's bars, by its steps."""


def cards(found: tuple[Card, ...], chosen: str) -> dict[str, Any]:
    """The payload of the preset cards: names, numbers, and each sparkline as points in percent of its box."""
    T = len(found[0].product)
    return {
        "chosen": chosen,
        "unity": _card_height(0.0),
        "cards": [
            {
                "name": card.name,
                "title": card.title,
                "radius": f"{card.radius:.2f}",
                "product": f"× {power_short(float(card.product[0]))}",
                "points": [[100 * k / (T - 1), _card_height(float(v))] for k, v in enumerate(card.product)],
            }
            for card in found
        ],
    }


def _card_height(log10: float) -> float:
    inside = float(np.clip(log10, CARD_LOW, CARD_HIGH))
    return 100 * (CARD_HIGH - inside) / (CARD_HIGH - CARD_LOW)


def main(run: FlowRun, settings: FlowSettings) -> dict[str, Any]:
    """The payload of the main figure: product, split factor, and norms on one time axis."""
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
                chosen.factors.activation,
                chosen.factors.weight,
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
        finding=finding(run, settings),
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


def finding(run: FlowRun, settings: FlowSettings) -> Rich:
    """What the chapter's bound says, what was measured, and by what slope and W_h multiply a step."""
    name, found, k = ACTIVATIONS[settings.activation], run.flows[settings.activation], run.T - 1
    if found.factors is None:
        where = "" if found.place is None else f" at step {found.place.t}"
        return [f"With {name} this run overflows{where}: a number grew past what a float can hold. Use smaller inputs."]
    said: Rich = [
        math(f"0.25^{{{k}}}"), f" says {power_short(float(run.chapter[0]))}; in this network {name} leaves at most ",
        f"{power_short(found.left)} after {k} steps",
    ]  # fmt: skip
    slope, weight = slopes.typical(found.factors.activation), slopes.typical(found.factors.weight)
    if not (slope > 0 and weight > 0):
        return [*said, ": the gradient is cut off on the way, for a slope of exactly 0 lets nothing through."]
    return [*said, f". A step multiplies by {slope:.2f} (slope) × {weight:.2f} (", math("W_h"), ") on average."]


def take_away(run: FlowRun, settings: FlowSettings) -> str:
    """The sentence below the main figure, as Markdown."""
    name, found = ACTIVATIONS[settings.activation], run.flows[settings.activation]
    if found.factors is None:
        return "What overflowed cannot be measured; the other two activations are drawn."
    gap = found.left - float(run.chapter[0])
    times = f"{power_short(abs(gap))} times {'more' if gap > 0 else 'less'}"
    outcome = f"$0.25^k$ is not the gradient: here {name} keeps {times}." if np.isfinite(gap) else (
        f"$0.25^k$ is not the gradient: here {name} keeps nothing at all."
    )
    return f"{outcome} {_verdict(run, found)}"


def _verdict(run: FlowRun, found: Flow) -> str:
    """Why the product went where it did, from spectral radius, bound and slope."""
    radius, left = run.growth.radius, found.left
    bound = float(run.bound(found.model.activation)[0])
    rho = f"spectral radius {radius:.2f}"
    if left < -1 and bound < 0:
        return f"The bound is below 1 ($\\sigma_{{\\max}} = {run.growth.sigma_max:.2f}$), so it had to vanish."
    if left < -1 and radius > 1:
        return f"The {rho} is above 1, yet the gradient vanishes: small slopes win over large weights."
    if left > 1 and radius < 1:
        return (
            f"The {rho} is below 1, yet the gradient grows: $W_h$ hands it from unit to unit and stretches single "
            f"steps by up to $\\sigma_{{\\max}} = {run.growth.sigma_max:.2f}$. The radius speaks of the long run only."
        )
    if left > 1:
        return f"The {rho} is above 1, and slopes are not small enough to make up for it: the gradient explodes."
    if left < -1:
        return f"With {rho} the gradient vanishes; the slopes, all 1 or less, only take away."
    return f"With {rho} and slopes near 1 a step neither shrinks nor stretches much: the gradient lasts."


def barely(run: FlowRun, settings: FlowSettings) -> str:
    """How little the early steps say in the gradient of W_h, as Markdown."""
    name, found = ACTIVATIONS[settings.activation], run.flows[settings.activation]
    parts = share(found)
    if parts is None or not parts.total > 0:
        return f"With {name} no gradient reaches $W_h$."
    early = power_short(float(np.log10(abs(parts.early)))) if parts.early else "0"
    sign = "−" if parts.early < 0 else ""
    return (
        f"The length of $\\partial L/\\partial W_h$ is {power_short(float(np.log10(parts.total)))} ({name}). "
        f"The first {run.T // 2} steps bring {sign}{early} of it, the last ten {parts.late:.3g}".replace("-", "−") + "."
    )


def slope_curves(run: FlowRun, shown: str) -> dict[str, Any]:
    """The payload of the derivative curves with the chosen activation's pre-activations under them."""
    found = slopes_of(run)
    order = sorted(found, key=lambda name: name != shown)
    style = {name: "chosen" if name == shown else "other" for name in found}
    counts = found[shown].counts
    most = max(1, int(counts.max()))
    peak = {"sigmoid": (0.0, "0.25"), "tanh": (0.0, "1"), "relu": (3.0, "1")}
    data = {
        "curves": {
            "a": [float(a) for _ in order for a in GRID],
            "slope": [float(v) for name in order for v in found[name].curve],
            "series": [name for name in order for _ in GRID],
            "style": [style[name] for name in order for _ in GRID],
        },
        "counts": {
            "left": EDGES[:-1].tolist(),
            "right": EDGES[1:].tolist(),
            "height": [0.9 * float(c) / most for c in counts],
            "count": counts.tolist(),
            "from": [f"{a:.1f} to {b:.1f}".replace("-", "−") for a, b in zip(EDGES, EDGES[1:], strict=False)],
        },
        "marks": {
            "a": [peak[name][0] for name in ("sigmoid", "tanh")],
            "slope": [found[name].largest for name in ("sigmoid", "tanh")],
            "style": [style[name] for name in ("sigmoid", "tanh")],
        },
        "ends": {
            "a": [0.9, 0.62, 3.4],
            "slope": [float(slopes.slope_at("sigmoid", 0.9)) + 0.07, 0.78, 0.93],
            "name": ["σ′, at most 0.25", "tanh′, at most 1", "ReLU′, 0 or 1"],
            "style": [style[name] for name in ("sigmoid", "tanh", "relu")],
        },
    }
    chart = panels.chart(
        "gradients_slopes", data, params={}, symbols=[[math("φ'(a)")]], label="slope over pre-activation",
        title=["Slope of each activation over the pre-activation"], keys=_slope_keys(shown), height=236, cursor=False,
        axis=22, profile=_slope_table(found, order),
    )  # fmt: skip
    return figure.payload(tokens=[], panels=[chart], H=0, finding=_slope_finding(found[shown], ACTIVATIONS[shown]))


def _slope_keys(shown: str) -> list[Any]:
    return [({"role": "pending", "shape": "block"}, [f"where {ACTIVATIONS[shown]}’s pre-activations lie"])]


def _slope_table(found: dict[str, Slopes], order: list[str]) -> panels.Panel:
    columns = [panels.column("this run", "left"), panels.column("mean slope"), panels.column("beyond ±6")]
    rows = [[[ACTIVATIONS[name]], [f"{found[name].mean:.3f}"], [f"{found[name].outside:.0%}"]] for name in order]
    return panels.table(columns, rows)


def _slope_finding(found: Slopes, name: str) -> Rich:
    return [
        f"{name}’s slope is {found.mean:.2f} on average where this run’s pre-activations lie, of "
        f"{found.largest:.2g} at most."
    ]


def bars(run: FlowRun, settings: FlowSettings) -> dict[str, Any]:
    """The chapter's bars: its steps at this length, with what was measured, 0.25 to that power, and what it prints."""
    name, found, T = ACTIVATIONS[settings.activation], run.flows[settings.activation], run.T
    columns = [
        panels.column("step", "left"), panels.column("measured, as a bar", "left"), panels.column(f"measured, {name}"),
        panels.column(["if each step were ", math("0.25")]), panels.column("the chapter’s bar"),
    ]  # fmt: skip
    rows = []
    for chapter_t, printed in CHAPTER_BARS.items():
        t = max(1, round(chapter_t * T / CHAPTER_STEPS))
        log10 = float(found.product[t - 1])
        measured = 10.0 ** min(log10, 0.0) if np.isfinite(log10) else 0.0
        rows.append(
            [
                [math("t"), f" = {t}"], drawings.bar(measured), [power_short(log10)],
                [power_short(float(run.chapter[t - 1]))], [f"{printed} at t = {chapter_t}"],
            ]  # fmt: skip
        )
    table = panels.table(columns, rows, caption=["Gradient magnitude across time steps"], place="full")
    ten = power_short(float(slopes.constant_product_log10(CHAPTER_SLOPE, 10)))
    said: Rich = [
        f"Ten steps of 0.25 are {ten}, not 0.5; ten steps of this network leave {power_short(_ten_back(found))} at most."
    ]
    return figure.payload(tokens=[], panels=[table], H=0, finding=said)


def _ten_back(found: Flow) -> float:
    return float(found.product[max(0, len(found.product) - 11)])


def chapter_powers() -> dict[str, str]:
    """The chapter's two products, computed."""
    return {
        "quarter": power_short(float(slopes.constant_product_log10(CHAPTER_SLOPE, CHAPTER_STEPS))),
        "two": power_short(float(slopes.constant_product_log10(CHAPTER_WEIGHT, CHAPTER_STEPS))),
    }


def failing(found: tuple[Descent, Descent, int]) -> dict[str, Any]:
    """The payload of the run that breaks: its updates beside those of the same run with clipping."""
    plain, clipped, _ = found
    columns = [
        panels.column("update", "left"), panels.column("loss"), panels.column("length of the gradient"),
        panels.column([math("‖W_h‖")]), panels.column("loss with clipping to length 1"),
        panels.column("length before clipping"),
    ]  # fmt: skip
    rows = []
    for k, kept in enumerate(clipped.updates):
        left = [_number(v) for v in (u.loss, u.norm, u.weights)] if (u := _at(plain, k)) else ["–", "–", "–"]
        rows.append([[str(k)], *([text] for text in left), [_number(kept.loss)], [_number(kept.norm)]])
    table = panels.table(columns, rows, caption=["A ReLU network in training, plain gradient descent"], place="full")
    last = plain.updates[-1]
    said: Rich = [
        f"After {counted(last.update, 'update')} the loss is {_number(last.loss)}; with the gradient clipped to length 1 "
        f"the same network still learns after {clipped.updates[-1].update}."
    ]
    return figure.payload(tokens=[], panels=[table], H=0, finding=said)


def _at(run: Descent, k: int) -> Any:
    return run.updates[k] if k < len(run.updates) else None


def _number(value: float) -> str:
    """A number of any size as text."""
    if np.isnan(value):
        return "NaN"
    with np.errstate(divide="ignore"):
        return ("−" if value < 0 else "") + power_short(float(np.log10(abs(value))))


def failure(found: tuple[Descent, Descent, int], largest: float) -> str:
    """Where in the failing run the first infinity and the first NaN arise, and why, as Markdown."""
    plain, _, T = found
    said = [f"The largest float is {_number(largest)}."]
    if plain.infinity is not None:
        said.append(_overflow(plain.infinity, T))
    if plain.nan is not None:
        said.append(_not_a_number(plain.nan))
    return " ".join(said)


QUANTITY = {
    "a": "the pre-activation $a_{%d}$ of unit %d",
    "h": "the state $h_{%d}$ of unit %d",
    "z": "the output $z_{%d}$, entry %d,",
    "L": "the loss",
    "g": "the gradient",
}


def _place(place: Place) -> str:
    text = QUANTITY[place.quantity]
    return text % (place.t, place.unit) if "%" in text else text


def _overflow(place: Place, T: int) -> str:
    before = f": the largest state before it was {_number(place.before)}" if np.isfinite(place.before) else ""
    return f"In the last run {_place(place)} passes it at step {place.t} of {T} and becomes infinite{before}."


REASON = {
    "inf - inf": "infinite terms of both signs meet in one sum, and ∞ − ∞ has no value",
    "0 * inf": "a zero meets an infinite number, and 0 · ∞ has no value",
    "inherited": "a NaN, or what came of one, went into it",
    "overflow": "it grew past the largest float",
}


def _not_a_number(place: Place) -> str:
    return (
        f"At step {place.t} {_place(place)} becomes NaN: {REASON[place.cause]}. "
        "Every sum that NaN enters is NaN, so loss, gradient and then all weights follow."
    )


def summary(settings: FlowSettings) -> str:
    """The label of the folded settings."""
    where = "loss at the last step only" if settings.readout == "last" else "loss at every step"
    return f"Advanced: seed {settings.seed}, {settings.H} units, 4 inputs, {where}"


def preset_title(settings: FlowSettings) -> str:
    """Name of the chosen preset."""
    return PRESETS[settings.preset].title
