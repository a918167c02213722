"""Predictions on the networks that the lesson's sliders build, on the run that breaks, and on a step at a cliff.

What is on the screen comes as numbers; sizes of gradients come as log₁₀.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from core.overflow import Descent
from core.params import Array
from core.slopes import slope_at
from core.written import short
from quiz.computed.guess import About, choice
from quiz.computed.numbers import inline, shown
from quiz.schema import Choice

NAMES = {"sigmoid": "the sigmoid", "tanh": "tanh", "relu": "ReLU"}
QUARTER = 0.25
CLEAR = 1.0  # powers of ten between two options
BAND = 1.0  # of the target

LONGER = About("guess-gradients-longer", "gradients", ("activation-slopes",), "easy")
WALKED = About("guess-gradients-walked", "gradients", ("vanishing",))
NEVER = About("guess-gradients-never", "gradients", ("activation-slopes", "vanishing"))
LIFTED = About("guess-gradients-lifted", "gradients", ("vanishing", "exploding"))
PULLS = About("guess-gradients-pulls", "gradients", ("vanishing",))
FIRST = About("guess-gradients-first", "gradients", ("exploding",))
LANDS = About("guess-gradients-lands", "gradients", ("clipping",))


def longer(activation: str, a: Array) -> Choice:
    """Whether the slopes alone could make a gradient longer.

    Args:
        activation: tanh, sigmoid or relu.
        a: Pre-activations of the run on the screen, any shape.
    """
    here = slope_at(activation, a)
    most = f"none of the {a.size} here is above {inline(math.ceil(1e3 * float(here.max())) / 1e3, 4)}"
    top = shown(QUARTER if activation == "sigmoid" else 1.0)
    name = NAMES[activation]
    where = (
        f"The slope of {name} is {top} where $a > 0$ and else 0"
        if activation == "relu"
        else (f"The slope of {name} is {top} at $a = 0$ and less elsewhere")
    )
    return choice(
        LONGER,
        "Can slopes ever make a gradient longer?",
        {
            "yes, often": f"The curve is the slope: its top is ${top}$, and times ${top}$ is no more.",
            "only at $a = 0$": f"There the curve has its top, ${top}$: that leaves a gradient "
            + ("a quarter." if activation == "sigmoid" else "as it is."),
            "never": f"{where}, and to multiply by 1 or less never lengthens; {most}.",
        },
        "never",
        f"{where}, and to multiply by 1 or less never lengthens; {most}.",
    )


def walked(line: Sequence[float], radius: float, steps: int = 10) -> Choice | None:
    """What all steps back leave, from what the first ones left.

    Args:
        line: log₁₀ of what is left at h_0 … h_T.
        radius: Spectral radius of W_h.
        steps: How many are walked.
    """
    T = len(line) - 1
    far, near = float(line[0]), float(line[T - steps])
    alone, quarter = T * math.log10(radius), T * math.log10(QUARTER)
    shared = near - math.log10(T / steps)
    slips = {
        _power(
            shared
        ): f"You divided by {short(T / steps)}. Every further {steps} steps multiply by about as little again.",
        _power(
            alone
        ): rf"That is ${shown(radius)}^{{{T}}}$, what $W_h$ alone leaves. The slopes take their part at each step.",
        _power(quarter): rf"That is $0.25^{{{T}}}$: 0.25 is the sigmoid’s largest slope, and this is no sigmoid.",
    }
    right = _power(far)
    replies = {text: reply for text, reply in slips.items() if text != right}
    if len(replies) < 2 or not abs(far - shared) > CLEAR:
        return None
    times = T / steps
    written = float(f"{10**near:.1e}")  # as the prompt has it, so that its power can be checked
    whole = (
        f"Each further {steps} steps multiply by about as little again: {inline(10**near, 2)} to the power "
        f"{short(times)} is about {inline(written**times, 2)}; measured: {inline(10**far, 2)}"
    )
    replies[right] = f"{whole}."
    return choice(
        WALKED,
        rf"{_words(steps)} steps leave {inline(10**near, 2)}. And all {T}, about?",
        dict(sorted(replies.items(), key=lambda item: -_exponent(item[0]))),
        right,
        f"{whole}.",
    )


def _power(log10: float) -> str:
    return f"$10^{{{round(log10)}}}$"


def _words(steps: int) -> str:
    return "Ten" if steps == 10 else str(steps)


def _exponent(text: str) -> int:
    return int(text.removeprefix("$10^{").removesuffix("}$"))


def never(
    kept: Mapping[str, Sequence[tuple[float, float]]],
    best: Mapping[str, float],
    settings: int,
    radius: float,
    link: float,
) -> Choice | None:
    """Which of the activations stays in the target's band at no setting of the sliders.

    Args:
        kept: By activation the settings that stay, radius and size of the inputs, in any order.
        best: By activation log₁₀ of what the best of its settings leaves.
        settings: How many each activation has.
        radius: The largest of the sliders.
        link: What a chain has beside its diagonal.
    """
    lost = [name for name, found in kept.items() if not found]
    if len(lost) != 1 or len(kept) < 3:
        return None
    (right,) = lost
    top = max(float(slope_at(right, 0.0)), 0.0)
    stretch = radius + link  # the most by which any of the matrices multiplies a gradient
    step = (
        rf", and $W_h$ gives × {short(stretch)} at most (radius {short(radius)}, {short(link)} more in a chain): never "
        f"above × {short(top * stretch)} a step"
        if top * stretch < 1
        else ""
    )
    why = (
        f"its slope is {shown(top)} at most{step}. The best of the {settings} positions of these sliders leaves "
        f"{inline(10 ** best[right], 2)}"
    )
    replies = {}
    for name, found in kept.items():
        text = NAMES[name]
        if name == right:
            replies[text] = f"{why[0].upper()}{why[1:]}."
        else:
            at, inputs = found[0]
            replies[text] = (
                f"{text[0].upper()}{text[1:]} does stay in the band at {len(found)} of the {settings} positions of "
                f"these sliders, as at a radius of {short(at)} with inputs of {short(inputs)}. "
                f"{NAMES[right].capitalize()} at none: {why}."
            )
    return choice(
        NEVER,
        "Which activation never stays in the band here?",
        replies,
        NAMES[right],
        f"{why[0].upper()}{why[1:]}.",
    )


def lifted(before: float, after: float, inputs: float, radius: float) -> Choice:
    """Whether a larger radius makes up for slopes that large inputs took.

    Args:
        before: log₁₀ of what is left at the radius that stands.
        after: Likewise at the larger one.
        inputs: Their size.
        radius: The larger one.
    """
    right = "yes" if abs(after) <= BAND else "not all the way" if before < after else "it falls more"
    true = f"{inline(10**after, 2)} is left, where it was {inline(10**before, 2)}"
    slips = {
        "yes": "You let $W_h$ win; but it also drives the states further out, where slopes are flatter",
        "not all the way": "You expected $W_h$ to give more than the slopes take, yet too little",
        "it falls more": "You let the slopes win; but each step also gets the larger factor of $W_h$",
    }
    reasons = {
        "yes": "The larger $W_h$ gives more than the flatter slopes take",
        "not all the way": "The larger $W_h$ gives more, but drives the units further out, where slopes are flatter",
        "it falls more": "The larger $W_h$ drives the units so far out that the slopes take more than it gives",
    }
    return choice(
        LIFTED,
        f"Inputs at {short(inputs)}: does radius {short(radius)} bring the line back?",
        {text: f"{reasons[text] if text == right else reply}: {true}." for text, reply in slips.items()},
        right,
        f"{reasons[right]}: {true}.",
    )


def pulls(slope: float, weight: float) -> Choice | None:
    """Which part of a typical step pulls a falling line down.

    Args:
        slope: What the slopes multiply by at a typical step.
        weight: Likewise W_h.
    """
    if not slope < 1 < weight or slope * weight > 1:
        return None
    both = f"slopes × {inline(slope, 2)}, $W_h$ × {inline(weight, 2)}"
    return choice(
        PULLS,
        "At bookmark 5, what pulls the line down?",
        {
            "the slopes": f"A typical step has {both}: the slopes take more than $W_h$ gives.",
            "$W_h$": f"You expected the falling to come from the weights. Here they lengthen: {both}.",
            "both": f"The light bars stand above the line, the dark ones below: {both}.",
        },
        "the slopes",
        f"A typical step has {both}: the slopes take more than $W_h$ gives.",
    )


def first(run: Descent) -> Choice | None:
    """Which number of a run that breaks is the first to overflow."""
    place = run.infinity
    if place is None or place.quantity not in ("a", "L", "g"):
        return None
    names = {"L": "the loss", "g": "a gradient", "a": "a state"}
    after = run.updates[-1].update
    true = {
        "a": rf"after update {after} $\lVert W_h \rVert$ is {inline(run.updates[-1].weights, 2)}, every step "
        f"multiplies by such weights, and the forward pass itself overflows, at step {place.t}",
        "L": f"after update {after} every state is finite, and the loss is not",
        "g": f"after update {after} states and loss are finite, and the gradient is not",
    }[place.quantity]
    slips = {
        "L": "It is computed last in the forward pass",
        "g": "A gradient comes after states and loss",
        "a": "You took what is computed first",
    }
    reasons = {
        "a": "States come before the loss and the gradient",
        "L": "The loss is computed from states that are still finite",
        "g": "The gradient is the longest product of all",
    }
    whole = f"{reasons[place.quantity]}: {true}."
    return choice(
        FIRST,
        f"After update {after}, what overflows first?",
        {text: whole if key == place.quantity else f"{slips[key]}: {true}." for key, text in names.items()},
        names[place.quantity],
        whole,
    )


def lands(before: float, after: float, limit: float, rate: float) -> Choice | None:
    """Where a step lands that is clipped by norm to a larger limit.

    Args:
        before: Loss before the step.
        after: Loss after it.
        limit: Of the norm.
        rate: Learning rate.
    """
    if not all(map(np.isfinite, (before, after))) or abs(after - before) < 0.1 * before:
        return None
    right = "lower" if after < before else "higher"
    true = f"the curve at {shown(limit * rate)} is at {inline(after, 2)}, and the loss was {inline(before, 2)}"
    reason = (
        f"The step is short enough to end in the valley: {true}."
        if right == "lower"
        else f"The direction is right, but the step goes past the valley and up the cliff: {true}."
    )
    return choice(
        LANDS,
        f"Limit {short(limit)}, so a step of {short(limit * rate)}: where does it land?",
        {
            "lower": reason
            if right == "lower"
            else f"You counted on the direction: it is right, but the step goes past the valley: {true}.",
            "higher": reason if right == "higher" else f"It is not that long yet: {true}.",
            "where it was": f"Clipping shortens a step, it does not cancel it: {true}.",
        },
        right,
        reason,
    )
