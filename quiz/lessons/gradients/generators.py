"""Vanishing and exploding gradients: products, bounds, radius, clipping."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from core.activations import activation as activation_named
from core.flow import clip_by_norm, clip_by_value, global_norm, growth, log10_bound
from core.jacobian import jacobians
from core.model import Trace
from quiz.computed.generator import DECIMALS, Fields, Generator, choice, decimal, decimals, numeric, weight, whole
from quiz.computed.numbers import Clash, inline, matrix, shown, vector
from quiz.computed.toys import rnn_model, rnn_trace

THREE_DIGITS = " Three significant digits are enough."
SHRINKS, GROWS, KEEPS = "It shrinks at every step.", "It grows at every step.", "It keeps its size."
OPEN = "It may shrink or grow."
OUTCOMES = (SHRINKS, GROWS, KEEPS, OPEN)


def slope_product(rng: np.random.Generator) -> Fields:
    """∂h_T/∂h_0 of one unit from its states."""
    k, name = whole(rng, 2, 4), ("tanh", "sigmoid")[whole(rng, 0, 1)]
    low = -0.8 if name == "tanh" else 0.1
    h, w_h = decimals(rng, k + 1, low, 0.8), decimal(rng, 0.6, 2.5)
    if name == "sigmoid":
        w_h *= 2
    model, trace = rnn_model(0.0, w_h, activation=name), rnn_trace(h, activation=name)
    factors = jacobians(model, Trace(trace, np.zeros((1, 1, 1)), np.zeros((1, 1, 1)))).J.ravel()
    answer = float(np.prod(factors))
    slopes = [float(v) for v in factors / w_h]
    slope = "1 - h_t^2" if name == "tanh" else "h_t (1 - h_t)"
    own = np.array(h[1:])
    other = np.prod(own * (1 - own) if name == "tanh" else 1 - own * own)
    states = r",\ ".join(shown(v) for v in h)
    worked = r" \cdot ".join(rf"({shown(w_h)} \cdot {shown(v)})" for v in slopes)
    return numeric(
        rf"A {name} RNN with one unit and $w_h = {shown(w_h)}$ went through the states "
        rf"$h_0, \dots, h_{k} = {states}$. What is $\partial h_{k} / \partial h_0$?" + THREE_DIGITS,
        answer,
        [
            (
                w_h**k,
                "forgot the activation's slope",
                rf"The slopes are missing: each step multiplies by $w_h \cdot ({slope})$.",
            ),
            (
                math.prod(slopes),
                "left out the recurrent weight",
                "The weight is missing: each step multiplies by $w_h$ as well.",
            ),
            (
                answer * float(activation_named(name).slope(np.array(h[0]))) * w_h,
                "miscounted the steps",
                rf"One factor too many: {k} steps lie between $h_0$ and $h_{k}$; the slope at $h_0$ is not on the way.",
            ),
            (
                float(other) * w_h**k,
                "took another activation's slope",
                rf"That is the slope of the other activation: for {name} it is ${slope}$.",
            ),
            (float(factors.sum()), "added where factors multiply", "The factors of a chain are multiplied, not added."),
        ],
        rf"${worked} = {shown(answer)}$.",
        hints=[rf"$\partial h_t / \partial h_{{t-1}} = ({slope}) \, w_h$.", f"There are {k} factors."],
        abs_=0.0,
    )


def slope_bound(rng: np.random.Generator) -> Fields:
    """(max φ' · σ_max)^k."""
    name: Literal["tanh", "sigmoid"] = "tanh" if rng.random() < 0.4 else "sigmoid"
    k = whole(rng, 3, 10)
    sigma = decimal(rng, 0.5, 1.6) if name == "tanh" else decimal(rng, 0.6, 5.0)
    radius = decimal(rng, 0.3, sigma - 0.1)
    steepest = activation_named(name).steepest
    answer = 10 ** (k * log10_bound(rnn_model(0.0, sigma, activation=name)))
    wrong = [
        (
            (steepest * radius) ** k,
            "mixed up spectral radius and singular value",
            r"That uses the spectral radius; one step can stretch by $\sigma_{\max}$, which is larger.",
        ),
        (steepest * sigma, "took one step for all of them", f"That is the bound of one step; there are {k}."),
        (k * steepest * sigma, "added where factors multiply", "The factors of the steps are multiplied, not added."),
    ]
    if name == "sigmoid":
        wrong += [
            (
                steepest**k,
                "left out the recurrent weight",
                r"That is $0.25^k$, the slopes alone: each step also multiplies by $W_h$.",
            ),
            (
                sigma**k,
                "forgot the activation's slope",
                r"That is $\sigma_{\max}^k$; the sigmoid's slope is at most 0.25.",
            ),
        ]
    return numeric(
        rf"In a {name} RNN, $W_h$ has the largest singular value $\sigma_{{\max}} = {shown(sigma)}$ and the "
        rf"spectral radius "
        rf"$\rho = {shown(radius)}$ (largest size of an eigenvalue). The steepest slope and one of these two numbers "
        rf"bound the factor by which the length of a gradient is multiplied on its way {k} steps back. What is that "
        rf"bound?" + THREE_DIGITS,
        answer,
        wrong,
        rf"$(\max \varphi' \cdot \sigma_{{\max}})^k = ({shown(steepest)} \cdot "
        rf"{shown(sigma)})^{{{k}}} = {shown(answer)}$.",
        hints=[
            rf"The steepest slope of {name} is {shown(steepest)}.",
            "Which number says how far one step can stretch a vector? One factor for each step.",
        ],
        rel=0.02,
        abs_=0.0,
    )


def spectral_radius(rng: np.random.Generator) -> Fields:
    """Spectral radius of a 2×2 with real eigenvalues."""
    W = [[weight(rng), weight(rng)], [weight(rng), weight(rng)]]
    trace, det = W[0][0] + W[1][1], W[0][0] * W[1][1] - W[0][1] * W[1][0]
    inside = trace * trace / 4 - det
    if inside < 0.01 or abs(trace) < 0.15:
        raise Clash("complex eigenvalues, or two of one size")
    size = growth(np.array(W))
    low, high = trace / 2 - math.sqrt(inside), trace / 2 + math.sqrt(inside)
    return numeric(
        rf"What is the spectral radius (the largest size of an eigenvalue) of $W_h = {matrix(W)}$?" + DECIMALS,
        size.radius,
        [
            (
                size.sigma_max,
                "mixed up spectral radius and singular value",
                "That is the largest singular value: it bounds the radius from above.",
            ),
            (
                min(abs(low), abs(high)),
                "took another number of the matrix",
                "That is the smaller eigenvalue's size; the radius is the largest.",
            ),
            (
                abs(det),
                "took another number of the matrix",
                "That is the determinant, the product of both eigenvalues.",
            ),
            (abs(trace), "took another number of the matrix", "That is the trace, the sum of both eigenvalues."),
            (
                max(abs(v) for row in W for v in row),
                "took another number of the matrix",
                "That is the largest entry; the radius is the largest eigenvalue's size.",
            ),
        ],
        rf"$\lambda = {shown(trace / 2)} \pm \sqrt{{{shown(inside)}}}$, so $\lambda = {shown(low)}$ "
        rf"and ${shown(high)}$; "
        rf"the larger size is $\rho = {shown(size.radius)}$.",
        hints=[
            r"$\lambda^2 - \operatorname{tr}(W) \lambda + \det W = 0$.",
            rf"$\operatorname{{tr}} = {shown(trace)}$, $\det = {shown(det)}$.",
        ],
    )


def clip_norm(rng: np.random.Generator) -> Fields:
    """One entry after clipping by norm."""
    g, k = [round(weight(rng) * whole(rng, 2, 8), 1) for _ in range(3)], whole(rng, 0, 2)
    limit = decimal(rng, 0.5, 3.0)
    length = global_norm({"g": np.array(g)})
    if length <= 1.2 * limit:
        raise Clash("nothing is clipped")
    answer = float(clip_by_norm({"g": np.array(g)}, limit)["g"][k])
    cut = float(clip_by_value({"g": np.array(g)}, limit)["g"][k])
    if cut == g[k]:
        raise Clash("clipping the entry would change nothing")
    return numeric(
        rf"The gradient is $g = {vector(g)}$. It is clipped by norm to a length of at most ${shown(limit)}$. "
        f"What is $g[{k}]$ afterwards (entries are counted from 0)?" + DECIMALS,
        answer,
        [
            (
                cut,
                "mixed up clipping by norm and by value",
                "That clips the entry by itself; by norm, all entries are scaled by one factor.",
            ),
            (
                g[k],
                "left a long gradient unclipped",
                rf"$\lVert g \rVert = {shown(length)}$ is above the limit: it is scaled.",
            ),
            (g[k] / length, "scaled to length 1", "That makes the length 1; the limit is the new length."),
            (
                g[k] * limit / sum(abs(v) for v in g),
                "got the norm wrong",
                "The length is the root of the sum of squares, not the sum of sizes.",
            ),
            (
                g[k] * limit / length**2,
                "got the norm wrong",
                "Divide by the length, the root of the sum of squares.",
            ),
        ],
        rf"$\lVert g \rVert = {shown(length)}$, the factor is ${shown(limit)} / {shown(length)} = "
        rf"{shown(limit / length)}$, "
        rf"and ${shown(g[k])} \cdot {shown(limit / length)} = {shown(answer)}$.",
        hints=[r"$g \cdot \text{limit} / \lVert g \rVert$ when the gradient is too long."],
    )


def clip_value(rng: np.random.Generator) -> Fields:
    """Length after clipping each entry."""
    g, limit = [round(weight(rng) * whole(rng, 1, 5), 1) for _ in range(3)], decimal(rng, 0.5, 2.0)
    before, clipped = {"g": np.array(g)}, clip_by_value({"g": np.array(g)}, limit)
    answer, inside = global_norm(clipped), sum(abs(v) < limit for v in g)
    if not 0 < inside < 3:
        raise Clash("every entry or none is clipped")
    one_sided = float(np.linalg.norm(np.minimum(g, limit)))
    wrong = [
        (
            limit,
            "took the limit for the result",
            "The limit holds for each entry; the length of the whole can be larger.",
        ),
        (global_norm(before), "left a long gradient unclipped", "That is the length before clipping."),
        (
            float(np.abs(clipped["g"]).sum()),
            "got the norm wrong",
            "That adds sizes; the length is the root of the sum of squares.",
        ),
        (limit * math.sqrt(3), "clipped the wrong entries", "Entries inside the limit stay as they are."),
    ]
    if min(g) < -limit:
        wrong.append((one_sided, "clipped the wrong entries", r"Large negative entries are clipped too, at $-$limit."))
    return numeric(
        rf"The gradient $g = {vector(g)}$ is clipped by value to $\pm {shown(limit)}$. What is its length afterwards?"
        + DECIMALS,
        answer,
        wrong,
        rf"Clipped it is ${vector(clipped['g'])}$, of length ${shown(answer)}$. Its direction has changed too.",
        hints=["Each entry by itself: beyond the limit it becomes the limit."],
    )


def vanish_or_not(rng: np.random.Generator) -> Fields:
    """What slopes and singular values say about the gradient; each of the four outcomes is as frequent."""
    outcome = OUTCOMES[whole(rng, 0, 3)]
    name, (low, high), (smallest, largest) = _ranges(rng, outcome)
    least, most = low * smallest, high * largest
    product = rf"${shown(high)} \cdot {shown(largest)} = {shown(most)}$"
    step = f"a step multiplies by {inline(least)}" + ("" if least == most else f" to {inline(most)}")
    told = {
        SHRINKS: f"{product} is the most that a step can multiply by: it is below 1.",
        GROWS: rf"${shown(low)} \cdot {shown(smallest)} = {shown(least)}$ is the least that a step can multiply by: it "
        "is above 1.",
        KEEPS: f"Every step multiplies by {product}.",
        OPEN: f"From {inline(least)} to {inline(most)}, below 1 and above: the numbers do not decide.",
    }
    unsaid = outcome == OPEN
    why = {
        SHRINKS: ("took the bound for the value", f"That is the smallest factor alone: {step}.")
        if unsaid
        else ("left out the recurrent weight", f"The slopes alone would shrink it; with $W_h$ {step}."),
        GROWS: ("took the bound for the value", f"That is the largest factor alone: {step}.")
        if unsaid
        else ("forgot the activation's slope", f"That takes $W_h$ alone; with the slopes {step}.")
        if largest > 1
        else ("misjudged the outcome", f"Neither slopes nor $W_h$ lengthen it: {step}."),
        KEEPS: ("let it pass every step unchanged", f"Only where every step multiplies by 1; here {step}."),
        OPEN: ("left open what the bounds decide", f"The numbers decide it: {step}."),
    }
    return choice(
        rng,
        f"On one run of a {name} RNN {_between('slopes', low, high)}, and "
        f"{_between('singular values of $W_h$', smallest, largest)}. What becomes of a gradient's length on its way "
        "back?",
        (outcome, told[outcome]),
        [(text, *why[text]) for text in OUTCOMES if text != outcome],
        f"Slope times singular value: {step}. Only if all of it lies on one side of 1 is the outcome certain.",
        hints=[
            "The factor of a step lies between the product of the smallest numbers and that of the largest.",
            f"Here {step}.",
        ],
    )


def _ranges(rng: np.random.Generator, outcome: str) -> tuple[str, tuple[float, float], tuple[float, float]]:
    """Activation, range of its slopes and range of the singular values that lead to an outcome."""
    name, steepest = ("tanh", 1.0) if rng.random() < 0.5 else ("sigmoid", 0.25)
    while True:
        slopes = sorted(round(steepest * decimal(rng, 0.2, 0.9), 3) for _ in range(2))
        values = sorted(round(decimal(rng, 0.3, 3.0) / steepest, 2) for _ in range(2))
        if outcome == KEEPS or rng.random() < 0.3:
            slopes[0] = slopes[1]
        if outcome == KEEPS:
            values = [float(f"{1 / slopes[1]:.6g}")] * 2
        elif rng.random() < 0.3:
            values[0] = values[1]
        least, most = slopes[0] * values[0], slopes[1] * values[1]
        found = {
            SHRINKS: most < 0.95,
            GROWS: least > 1.05,
            KEEPS: least == most == 1 and len(f"{values[0]:g}") <= 4,
            OPEN: least < 0.95 and most > 1.05,
        }
        if found[outcome]:
            return name, (slopes[0], slopes[1]), (values[0], values[1])


def _between(what: str, low: float, high: float) -> str:
    return f"all {what} are {inline(low)}" if low == high else f"all {what} lie from {inline(low)} to {inline(high)}"


GENERATORS = (
    Generator("slope-product", ("vanishing", "activation-slopes"), "medium", slope_product),
    Generator("slope-bound", ("vanishing", "exploding"), "hard", slope_bound),
    Generator("spectral-radius", ("exploding",), "hard", spectral_radius),
    Generator("clip-norm", ("clipping",), "easy", clip_norm),
    Generator("clip-value", ("clipping",), "medium", clip_value),
    Generator("vanish-or-not", ("exploding", "vanishing"), "easy", vanish_or_not),
)
