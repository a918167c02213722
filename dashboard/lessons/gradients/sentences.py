"""The sentences of the lesson on vanishing and exploding gradients, made from its runs."""

from __future__ import annotations

import numpy as np

from core import slopes
from core.activations import activation
from core.written import power_of_ten, short
from dashboard.figure import math
from dashboard.figure.rich import Rich
from dashboard.lessons.gradients.compute import CHAPTER_SLOPE, CHAPTER_STEPS, CHAPTER_WEIGHT, Flow, FlowRun, share
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.settings import ACTIVATIONS, FlowSettings

NEAR = 0.005  # a radius this near to 1 is neither above nor below it


def finding(run: FlowRun, settings: FlowSettings) -> Rich:
    """What the chapter's bound says, what was measured, and by what slope and W_h multiply a step."""
    name, found, k = ACTIVATIONS[settings.activation], run.flows[settings.activation], run.T - 1
    if found.factors is None:
        where = "" if found.place is None else f" at step {found.place.t}"
        return [f"With {name} this run overflows{where}: a number grew past what a float can hold. Use smaller inputs."]
    said: Rich = [
        math(f"0.25^{{{k}}}"), f" says {power_of_ten(float(run.chapter[0]))}; in this network {name} leaves at most ",
        f"{power_of_ten(found.left)} after {k} steps",
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
    times = f"{power_of_ten(abs(gap))} times {'more' if gap > 0 else 'less'}"
    outcome = (
        f"$0.25^k$ is not the gradient: here {name} keeps {times}."
        if np.isfinite(gap)
        else (f"$0.25^k$ is not the gradient: here {name} keeps nothing at all.")
    )
    return f"{outcome} {_verdict(run, found)}"


def _verdict(run: FlowRun, found: Flow) -> str:
    """Why the product went where it did, from spectral radius, bound and slope."""
    radius, left, sigma_max = run.growth.radius, found.left, run.growth.sigma_max
    bound = float(run.bound(found.model.activation)[0])
    rho = f"spectral radius {radius:.2f}"
    if left < -1 and bound < 0:
        steepest = activation(found.model.activation).steepest
        return (
            f"No step can keep more than {short(steepest)} · {sigma_max:.2f} (largest slope · $\\sigma_{{\\max}}$) "
            f"= {steepest * sigma_max:.2f} of it, so it had to vanish."
        )
    if left < -1 and radius > 1 + NEAR:
        return f"The {rho} is above 1, yet the gradient vanishes: small slopes win over large weights."
    if left > 1 and radius < 1 - NEAR:
        return (
            f"The {rho} is below 1, yet the gradient grows: $W_h$ hands it from unit to unit and stretches single "
            f"steps by up to $\\sigma_{{\\max}} = {sigma_max:.2f}$. The radius speaks of the long run only."
        )
    if left > 1:
        return f"The {rho} is above 1, and slopes are not small enough to make up for it: the gradient explodes."
    if left < -1:
        return f"With {rho} the gradient vanishes; the slopes, all 1 or less, only take away."
    return f"With {rho} what $W_h$ gives and what the slopes take about cancel: the gradient lasts."


def barely(run: FlowRun, settings: FlowSettings) -> str:
    """How little the early steps say in the gradient of W_h, as Markdown."""
    name, found = ACTIVATIONS[settings.activation], run.flows[settings.activation]
    parts = share(found)
    if parts is None or not parts.total > 0:
        return f"With {name} no gradient reaches $W_h$."
    total, early, late = (number(v) for v in (parts.total, parts.early, parts.late))
    said = (
        f"The length of $\\partial L/\\partial W_h$ is {total} ({name}). "
        f"The first {run.T // 2} steps bring {early} of it, the last ten {late}."
    )
    return f"{said} A minus pulls against the whole." if min(parts.early, parts.late) < 0 else said


def powers() -> str:
    """The chapter's two products, computed, with what they leave out, as Markdown."""
    quarter, two = (
        power_of_ten(float(slopes.constant_product_log10(factor, CHAPTER_STEPS)))
        for factor in (CHAPTER_SLOPE, CHAPTER_WEIGHT)
    )
    return (
        f"$0.25^{{{CHAPTER_STEPS}}}$ is {quarter} and $2^{{{CHAPTER_STEPS}}}$ is {two}: neither zero nor infinite, but "
        "far beyond what training can use. Both stand for one number multiplied by itself; a network multiplies "
        "matrices, another one at each step, so neither is its gradient."
    )


def summary(settings: FlowSettings) -> str:
    """The label of the folded settings."""
    where = "loss at the last step only" if settings.readout == "last" else "loss at every step"
    return f"Advanced: seed {settings.seed}, {settings.H} units, 4 inputs, {where}"
