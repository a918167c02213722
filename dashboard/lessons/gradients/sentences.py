"""The sentences of the lesson on vanishing and exploding gradients, made from its runs."""

from __future__ import annotations

import numpy as np

from core import slopes
from core.activations import activation
from core.written import power_of_ten, short, significant
from dashboard.figure import math
from dashboard.figure.rich import Rich
from dashboard.lessons.gradients.compute import (
    CHAPTER_ACTIVATION,
    CHAPTER_SLOPE,
    CHAPTER_STEPS,
    CHAPTER_WEIGHT,
    Flow,
    FlowRun,
    elsewhere,
    share,
)
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.settings import ACTIVATIONS, PRESETS, FlowSettings

NEAR = 0.005  # a radius this near to 1 is neither above nor below it
NEARLY_QUARTER = 1.0  # powers of ten within which 0.25^k comes near what is left
NEARLY_LINEAR = 0.99  # plain mean of tanh's slope above which a run hardly leaves its straight part


def finding(run: FlowRun, settings: FlowSettings) -> Rich:
    """What the chapter's product says, what was measured, and by what slope and W_h multiply a step.

    0.25 is the sigmoid's, so it is held against the network with sigmoids; the chosen activation stands beside it.
    """
    name, found, k = ACTIVATIONS[settings.activation], run.flows[settings.activation], run.T - 1
    if found.factors is None:
        where = "" if found.place is None else f" at step {found.place.t}"
        return [f"With {name} this run overflows{where}: a number grew past what a float can hold. Use smaller inputs."]
    said: Rich = [math(f"0.25^{{{k}}}"), f" says {power_of_ten(float(run.chapter[0]))}; {k} steps back "]
    sigmoid = run.flows[CHAPTER_ACTIVATION]
    if settings.activation == CHAPTER_ACTIVATION or sigmoid.factors is None:
        said.append(f"this network leaves at most {power_of_ten(found.left)} with {_the(settings.activation)}")
    else:
        said.append(
            f"this network leaves at most {power_of_ten(sigmoid.left)} with the sigmoid, whose largest slope is 0.25, "
            f"and {power_of_ten(found.left)} with {name}"
        )
    # Without step 1, whose factor leads to h_0.
    slope, weight = slopes.typical(found.factors.activation[1:]), slopes.typical(found.factors.weight[1:])
    if not (slope > 0 and weight > 0):
        return [*said, ": the gradient is cut off on the way, for a slope of exactly 0 lets nothing through."]
    return [
        *said,
        f". The typical factor of a step is {significant(slope)} (slope) × {significant(weight)} (",
        math("W_h"),
        ").",
    ]


def _the(activation: str) -> str:
    """An activation's name in a sentence."""
    return "the sigmoid" if activation == CHAPTER_ACTIVATION else ACTIVATIONS[activation]


def take_away(run: FlowRun, settings: FlowSettings) -> str:
    """The sentence below the main figure, for `dashboard.figure.prose`."""
    found = run.flows[settings.activation]
    if found.factors is None:
        return "What overflowed cannot be measured; the other two activations are drawn."
    said = (_quarter(run), f"With {_the(settings.activation)}, {_verdict(run, found)}", _inputs(settings, found))
    return " ".join(part for part in said if part)


def _quarter(run: FlowRun) -> str:
    """What the sigmoid's network, the case that 0.25^k is meant for, keeps against it."""
    left = run.flows[CHAPTER_ACTIVATION].left
    gap = left - float(run.chapter[0])
    if np.isnan(gap):
        return ""
    if not np.isfinite(gap):
        return "$0.25^k$ is not the gradient: with the sigmoid this network keeps nothing at all."
    times = f"{power_of_ten(abs(gap))} times {'more' if gap > 0 else 'less'}"
    factors = run.flows[CHAPTER_ACTIVATION].factors
    if abs(gap) > NEARLY_QUARTER or factors is None:
        return f"$0.25^k$ is not the gradient: with the sigmoid this network keeps {times}."
    slope, weight = slopes.typical(factors.activation[1:]), slopes.typical(factors.weight[1:])
    return (
        f"$0.25^k$ comes near here: with the sigmoid this network keeps {times}, as a typical slope of "
        f"{significant(slope)} and a typical factor of {significant(weight)} from $W_h$ happen to make "
        f"{significant(slope * weight)} together."
    )


def _course(left: float) -> str:
    """What became of a gradient, by the powers of ten that are left of it."""
    return "vanishes" if left < -1 else "grows" if left > 1 else "lasts"


def _inputs(settings: FlowSettings, found: Flow) -> str:
    """Whether that outcome hangs on the size of the inputs, from the same network with others."""
    other = elsewhere(settings)
    if np.isnan(other.left):
        return ""
    sizes, leaves = f"of size {short(other.size)} instead of {short(settings.size())}", power_of_ten(other.left)
    if _course(other.left) == _course(found.left):
        return f"Inputs {sizes} do not turn that: the same $W_h$ leaves {leaves}."
    linear = settings.activation == "tanh" and _plain_mean(found) > NEARLY_LINEAR
    rests = "inputs so small that tanh is nearly linear" if linear else "its inputs"
    return f"That rests on {rests}: with inputs {sizes} the same $W_h$ leaves {leaves}."


def _plain_mean(found: Flow) -> float:
    """Mean of the activation's slope over all units and steps."""
    return float(slopes.slope_at(found.model.activation, found.trace.cell.a).mean())  # type: ignore[union-attr]


def _verdict(run: FlowRun, found: Flow) -> str:
    """Why the product went where it did, from spectral radius, bound and slope; what follows "With tanh,"."""
    radius, left, sigma_max = run.growth.radius, found.left, run.growth.sigma_max
    bound = float(run.bound(found.model.activation)[0])
    rho = f"spectral radius {radius:.2f}"
    if left < -1 and bound < 0:
        steepest = activation(found.model.activation).steepest
        most = (
            f"no step can keep more than {short(steepest)} · {sigma_max:.2f} (largest slope · $σ_{{max}}$) "
            f"= {steepest * sigma_max:.2f} of the gradient, "
        )
        if bound < -1:
            return most + "so it had to vanish."
        return most + f"which leaves {power_of_ten(bound)} at most; it falls faster than that."
    if left < -1 and radius > 1 + NEAR:
        return f"the {rho} is above 1, yet the gradient vanishes: small slopes win over large weights."
    if left > 1 and radius < 1 - NEAR:
        return (
            f"the {rho} is below 1, yet the gradient grows: $W_h$ hands it from unit to unit and stretches single "
            f"steps by up to $σ_{{max}} = {sigma_max:.2f}$. The radius speaks of the long run only."
        )
    if left > 1:
        return f"the {rho} is above 1, and slopes are not small enough to make up for it: the gradient explodes."
    if left < -1:
        return f"and {rho}, the gradient vanishes; the slopes, all 1 or less, only take away."
    return f"and {rho}, up to {power_of_ten(left)} of it is left, within a factor of ten: the gradient lasts."


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


def named(settings: FlowSettings) -> str:
    """Which network a figure measures, and where another is chosen."""
    where = "the last step" if settings.readout == "last" else "every step"
    return (
        f"Measured on the network “{PRESETS[settings.preset].title}” with inputs of {short(settings.size())}, "
        f"{settings.H} units, {settings.T} steps, seed {settings.seed}, a loss at {where}; choose another under "
        "“Other networks”."
    )


def summary(settings: FlowSettings) -> str:
    """How the network on the screen was drawn."""
    where = "loss at the last step only" if settings.readout == "last" else "loss at every step"
    return f"This network: seed {settings.seed}, {settings.H} units, 4 inputs, {where}."
