"""Activations ranked, powers of ten lost, the step where a gradient is gone, what clipping does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from core.activations import activation as activation_named
from core.flow import clip_by_value, global_norm, growth, log10, log10_bound, norms, step_factors
from core.model import Backward, Model, Trace
from core.params import Array
from core.written import short
from quiz.computed.guess import PERCENT, About, choice, first_names, first_reply, numeric
from quiz.computed.numbers import Candidate, inline, shown
from quiz.schema import Choice, Exact, Numeric, Order, Slip

Runs = Mapping[str, tuple[Model, Trace, Backward]]
NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "identity": "identity"}
TEXTBOOK = ("relu", "tanh", "sigmoid")  # by steepest slope, and by how often the slope is near it
RANKS_APART = 0.1  # decades
# Narrow enough to tell 0.25^k from the truth where they are a few powers of ten apart.
DECADES_REL, DECADES_ABS = 0.03, 0.5
CALLED = 0.05  # decades from a factor of ten within which neither side is asked for
GONE, HUGE = -6, 6  # powers of ten
FIRST, LAST = r"\lVert \partial L / \partial h_1 \rVert", r"\lVert \partial L / \partial h_{%d} \rVert"

RANK = About("guess-gradients-rank", "gradients", ("activation-slopes", "vanishing"))
DECADES = About("guess-gradients-decades", "gradients", ("vanishing", "exploding"), "hard")
CROSSING = About("guess-gradients-crossing", "gradients", ("vanishing", "exploding"))
CLIPPING = About("guess-gradients-clipping", "gradients", ("clipping",), "easy")


def questions(runs: Runs) -> tuple[Exact, ...]:
    """Up to three predictions on how a gradient fares on its way back.

    Args:
        runs: By activation ("sigmoid", "tanh", "relu"): model, trace and backward pass of networks that differ in φ
            only.

    Returns:
        Of rank, powers of ten, and the step where it is gone (or how it fares) those that these runs allow;
        runs whose gradient is not finite are not asked about.
    """
    finite = {
        name: run for name, run in runs.items() if np.isfinite(norms(run[2])["h"]).all() and norms(run[2])["h"][-1] > 0
    }
    made = (rank(finite), decades(finite), crossing(finite) or course(finite))
    return tuple(question for question in made if question is not None)


def rank(runs: Runs) -> Order | None:
    """The activations by ‖∂L/∂h_1‖."""
    T = len(next(iter(runs.values()))[2].dh_out) if runs else 0
    if len(runs) < 3 or T < 2:
        return None
    first = {name: float(log10(norms(backward)["h"][0])) for name, (_, _, backward) in runs.items()}
    order = sorted(first, key=lambda name: -first[name])
    gaps = [first[a] - first[b] for a, b in pairwise(order)]
    # Two gradients of exactly 0 tie; NaN, their difference, is above nothing.
    if not all(gap > RANKS_APART for gap in gaps):
        return None
    sizes = {name: _size(float(norms(run[2])["h"][0])) for name, run in runs.items()}
    listed = ", ".join(f"{NAMES[name]} {sizes[name]}" for name in order)
    last = {name: float(norms(run[2])["h"][-1]) for name, run in runs.items()}
    slopes = {name: _by_slopes(*run) for name, run in runs.items()}
    wrong = [
        (order[::-1], "turned it upside down", f"You began with the smallest. Largest first: {listed}."),
        (
            [name for name in TEXTBOOK if name in runs],
            "took the bound for the value",
            f"You went by the steepest slopes, 1, 1 and 0.25. On this run the order is {listed}.",
        ),
        (
            sorted(last, key=lambda name: -last[name]),
            "took the value before the change",
            f"That is the order at step {T}, before the way back. At step 1: {listed}.",
        ),
        (
            sorted(slopes, key=lambda name: -slopes[name]),
            "left out the recurrent weight",
            f"You went by the slopes of this run and left out $W_h$, which turns and stretches at each step: {listed}.",
        ),
    ]
    factors = ", ".join(
        f"{_size(10 ** ((first[name] - float(log10(last[name]))) / (T - 1)))} ({NAMES[name]})" for name in order
    )
    slips: dict[str, Slip] = {}
    for names, slip, reply in wrong:
        typed = " ".join(str(order.index(name) + 1) for name in names)
        if list(names) != order:
            slips.setdefault(typed, Slip(answer=typed, name=slip, reply=reply))
    return Order(
        id=RANK.id, concepts=RANK.concepts, level=RANK.level, lessons=(RANK.lesson,),
        prompt=rf"Three networks differ in $\varphi$ only. Order them by ${FIRST}$, the length of the gradient that "
        "reaches step 1, largest first.",
        steps=tuple(NAMES[name] for name in order),
        slips=tuple(slips.values()),
        explanation=f"${FIRST}$: {listed}. The typical factor of a step on its way back is {factors}.",
    )  # fmt: skip


def _size(value: float) -> str:
    return inline(value, 2)


def _by_slopes(model: Model, trace: Trace, backward: Backward) -> float:
    """Powers of ten by which the slopes alone change the gradient from step T to step 1."""
    return float(log10(np.nan_to_num(step_factors(model, trace, backward).activation[1:])).sum())


def decades(runs: Runs) -> Numeric | None:
    """Powers of ten between ‖∂L/∂h_T‖ and ‖∂L/∂h_1‖ of one activation, in the direction it went."""
    made = [
        question for name, (model, _, back) in runs.items() if (question := _decades(name, model, back)) is not None
    ]
    return max(made, key=lambda question: len(question.slips), default=None)


def _decades(name: str, model: Model, backward: Backward) -> Numeric | None:
    sizes = norms(backward)["h"]
    k = len(sizes) - 1
    change = float(log10(sizes[0]) - log10(sizes[-1]))
    if k < 2 or not 1 <= abs(change) < math.inf:
        return None
    way, word = math.copysign(1, change), "larger" if change > 0 else "smaller"
    size, steepest = growth(model.cell.W_h), activation_named(name).steepest
    by_radius, by_bound = k * float(log10(size.radius)), k * log10_bound(model)
    true = rf"the typical factor of a step is ${shown(10 ** (change / k), 3)}$, so $10^{{{shown(change, 3)}}}$"
    candidates = [
        (
            k * math.log10(steepest),
            "left out the recurrent weight",
            rf"That is ${shown(steepest)}^{{{k}}}$, the slopes alone. With $W_h$ {true}.",
        ),
        (
            by_radius,
            "forgot the activation's slope",
            rf"That is $\rho(W_h)^{{{k}}} = {shown(size.radius, 3)}^{{{k}}}$, without slopes. With them {true}.",
        ),
        (
            by_bound,
            "took the bound for the value",
            rf"That is the bound $(\max \varphi' \cdot \sigma_{{\max}})^{{{k}}}$ "
            rf"with $\sigma_{{\max}} = {shown(size.sigma_max, 3)}$. On this run {true}.",
        ),
        (
            change / k,
            "took one step for all of them",
            f"That is one step. There are {k} steps from $h_{{{k + 1}}}$ to $h_1$: {true}.",
        ),
        (
            float(log10(sizes[0])),
            "measured against the wrong reference",
            rf"That is ${FIRST}$ itself. At step {k + 1} it is {_size(float(sizes[-1]))} already: {true}.",
        ),
        (
            change * math.log(10),
            "took a logarithm to another base",
            f"You took the natural logarithm; in powers of ten {true}.",
        ),
    ]
    wrong: list[Candidate] = [(way * value, slip, reply) for value, slip, reply in candidates if way * value > 0]
    return numeric(
        DECADES,
        rf"In the {NAMES[name]} network, how many powers of ten is ${FIRST}$ {word} than ${LAST % (k + 1)}$?",
        abs(change),
        wrong,
        rf"${FIRST}$ is {_size(float(sizes[0]))} and ${LAST % (k + 1)}$ is {_size(float(sizes[-1]))}: "
        rf"${shown(abs(change), 3)}$ powers of ten in {k} steps; {true}.",
        within=f"{short(100 * DECADES_REL)}{PERCENT} or {DECADES_ABS}",
        rel=DECADES_REL,
        abs_=DECADES_ABS,
        unit="powers of ten",
    )


def crossing(runs: Runs) -> Numeric | None:
    """The first step, going back, at which the gradient is below 10⁻⁶ or above 10⁶."""
    made = [
        question
        for name, (model, _, back) in runs.items()
        for power in (GONE, HUGE)
        if (question := _crossing(name, model, back, power)) is not None
    ]
    return max(made, key=lambda question: len(question.slips), default=None)


def _first_beyond(logs: Array, power: int) -> int | None:
    """The step, counted from 1, at which going back the sizes first pass the power of ten."""
    beyond = np.flatnonzero(logs < power if power < 0 else logs > power)
    return int(beyond[-1]) + 1 if beyond.size else None


def _crossing(name: str, model: Model, backward: Backward, power: int) -> Numeric | None:
    logs = log10(norms(backward)["h"])
    T, answer = len(logs), _first_beyond(logs, power)
    if answer is None or answer > T - 2:
        return None
    within = max(1, round(T / 20))
    back, start = T - np.arange(1, T + 1), float(logs[-1])
    size, steepest = growth(model.cell.W_h), activation_named(name).steepest
    lines = [
        (
            math.log10(steepest),
            "left out the recurrent weight",
            rf"That is where ${shown(steepest)}^k$, the slopes alone, would get there",
        ),
        (
            float(log10(size.radius)),
            "forgot the activation's slope",
            r"That is where $\rho(W_h)^k$ would get there, without slopes",
        ),
        (
            log10_bound(model),
            "took the bound for the value",
            r"That is where the bound $(\max \varphi' \cdot \sigma_{\max})^k$ gets there",
        ),
    ]
    wrong: list[Candidate] = [
        (
            float(T - answer),
            "miscounted the steps",
            f"You counted the steps back: {T - answer} of them lead from step {T} to step {answer}.",
        )
    ]
    for rate, slip, reason in lines:
        step = _first_beyond(start + rate * back, power)
        if step is not None:
            wrong.append((float(step), slip, f"{reason}; this gradient does at step {answer}."))
    relative = _first_beyond(logs - start, power)
    if relative is not None:
        wrong.append(
            (
                float(relative),
                "measured against the wrong reference",
                f"That measures from step {T}. The length itself passes at step {answer}.",
            )
        )
    verb = "below" if power < 0 else "above"
    here, before = (float(norms(backward)["h"][t - 1]) for t in (answer, answer + 1))
    return numeric(
        CROSSING,
        rf"In the {NAMES[name]} network, going back from step {T}: which is the first step $t$ with "
        rf"$\lVert \partial L / \partial h_t \rVert$ {verb} $10^{{{power}}}$?",
        float(answer),
        wrong,
        rf"At step {answer + 1} it is {_size(before)}, at step {answer} {_size(here)}.",
        rel=0.0,
        abs_=float(within),
        within=f"{within} step{'s' * (within > 1)}",
    )


def course(runs: Runs) -> Choice | None:
    """How the gradient fares where it passes neither power of ten."""
    for name, (model, _, backward) in runs.items():
        sizes = norms(backward)["h"]
        change = float(log10(sizes[0]) - log10(sizes[-1]))
        k = len(sizes) - 1
        if k < 2 or not math.isfinite(change) or abs(abs(change) - 1) < CALLED:
            continue
        options = {"shrinks": "it is less than a tenth", "grows": "it is more than ten times", "keeps": "in between"}
        right = "shrinks" if change < -1 else "grows" if change > 1 else "keeps"
        size = growth(model.cell.W_h)
        by = [
            (
                k * math.log10(activation_named(name).steepest),
                "left out the recurrent weight",
                "You went by the steepest slope alone",
            ),
            (
                k * float(log10(size.radius)),
                "forgot the activation's slope",
                rf"You went by $\rho(W_h) = {shown(size.radius, 3)}$ alone",
            ),
            (k * log10_bound(model), "took the bound for the value", "You took the bound for the value"),
        ]
        slips = [("shrinks" if v < -1 else "grows" if v > 1 else "keeps", slip, reason) for v, slip, reason in by]
        true = rf"it comes to ${shown(10**change, 3)}$ times the last length"
        replies = {
            text: f"Yes: {true}." if key == right else f"{first_reply(key, slips, 'Not on this run')}: {true}."
            for key, text in options.items()
        }
        return choice(
            CROSSING,
            rf"In the {NAMES[name]} network, how long is ${FIRST}$, against ${LAST % (k + 1)}$?",
            replies,
            options[right],
            rf"${FIRST}$ is {_size(float(sizes[0]))} and ${LAST % (k + 1)}$ is {_size(float(sizes[-1]))}.",
            {options[key]: slip for key, slip in first_names(slips).items()},
        )
    return None


def clipped(grads: Mapping[str, Array], limit: float) -> Choice | None:
    """Whether clipping by norm changes the gradient in the lab; None where it is as long as the limit, or no length.

    Args:
        grads: The gradient of all weights, by parameter.
        limit: Of its norm.
    """
    length = global_norm(grads)
    if not 0 < length < math.inf or abs(length - limit) < 0.02 * limit:
        return None
    added = float(sum(np.abs(g).sum() for g in grads.values()))
    cut = clip_by_value(grads, limit)
    cosine = sum(float((g * cut[key]).sum()) for key, g in grads.items()) / (length * global_norm(cut))
    angle = math.degrees(math.acos(min(1.0, cosine)))
    norm, most = rf"$\lVert g \rVert = {shown(length, 3)}$", short(limit)
    stays, shorter, turns, longer = (
        "it stays as it is", "shorter, same direction", "shorter, and it turns", f"it gets length {most} in any case",
    )  # fmt: skip
    cuts = max(float(np.abs(g).max()) for g in grads.values()) > limit
    effect = f"turn this gradient by {shown(angle, 2)}°" if cuts else "cut nothing here, no entry is that large"
    by_value = f"That is clipping by value, and it would {effect}; by norm, {norm}"
    scaled = f"all entries are multiplied by {inline(limit / length, 3)}"
    if length > limit:
        right, replies = (
            shorter,
            {
                stays: f"{norm} is above {most}: {scaled}.",
                shorter: f"Yes: {norm}, and {scaled}.",
                turns: f"{by_value}, and {scaled}.",
                longer: f"The limit is no goal: a shorter gradient would stay. Here {norm}.",
            },
        )
    else:
        right, replies = (
            stays,
            {
                stays: f"Yes: {norm} is below {most}.",
                shorter: f"You took the sum of sizes, {inline(added, 3)}; the norm is the root of all squares: {norm}."
                if added > limit
                else f"Only a gradient longer than {most} is shortened: {norm}.",
                turns: f"{by_value} and nothing is cut.",
                longer: f"The limit is no goal: a shorter gradient stays as it is, {norm}.",
            },
        )
    return choice(
        CLIPPING,
        f"The gradient in the lab is clipped by norm, to at most {most}. What becomes of it?",
        replies,
        right,
        f"{norm}: "
        + (f"{scaled}, so the direction stays." if right == shorter else "clipping never lengthens a gradient."),
        {
            stays: "left a long gradient unclipped",
            shorter: "got the norm wrong" if added > limit else "clipped a short gradient",
            turns: "mixed up clipping by norm and by value",
            longer: "took the limit for the result",
        },
    )
