"""What is done with a gradient: one update of all weights, and one weight nudged to check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core import model as network
from core.clipping import losses_along
from core.errors import InputError
from core.flow import global_norm
from core.gradcheck import error_curve, model_loss
from core.optim import SGD
from core.params import Array
from dashboard.kit.network.compute import Small, small
from dashboard.kit.run.compute import Floats
from dashboard.kit.run.settings import Settings
from quiz.lessons.bptt import guesses
from quiz.schema import Exact


@dataclass(frozen=True, eq=False)
class Updated:
    """One update by plain gradient descent.

    Attributes:
        before: Loss before it.
        after: Loss after it.
        weights: Every parameter before and after it.
        alphas: Learning rates from 0 to past the chosen one (n,).
        losses: Loss after one update with each (n,).
        slope: dL/dα at 0: -‖G‖².
    """

    before: float
    after: float
    weights: Mapping[str, tuple[Array, Array]]
    alphas: Floats
    losses: Floats
    slope: float


def update(shown: Small) -> Updated:
    """Make one update with the learning rate of the settings, and try the others on its line."""
    lr, grads, theta = shown.settings.lr, shown.backward.grads, network.parameters(shown.model)
    rule = SGD(lr)
    moved, _ = rule.update(theta, grads, rule.init(theta))
    x, y = shown.sequence.x, shown.sequence.y
    alphas = np.linspace(0, max(2.0, 1.5 * lr), 41)
    losses = np.asarray(losses_along(shown.model, x, y, grads, [*alphas, lr]), np.float64)
    weights = {name: (theta[name], moved[name]) for name in theta}
    return Updated(float(losses[0]), float(losses[-1]), weights, alphas, losses[:-1], -(global_norm(grads) ** 2))


EXPONENTS = tuple(range(-13, 1))


@dataclass(frozen=True, eq=False)
class Nudged:
    """One weight nudged up and down.

    Attributes:
        plus: Loss with the weight raised by ε.
        minus: Loss with it lowered by ε.
        numeric: (plus - minus) / 2ε.
        analytic: What backpropagation says.
        error: Relative error of the measured slope for each ε = 10^k, k in `EXPONENTS`.
    """

    plus: float
    minus: float
    numeric: float
    analytic: float
    error: Floats


def nudge(shown: Small, name: str, index: tuple[int, ...], exponent: int) -> Nudged:
    """Nudge one entry of a weight by ε = 10^exponent either way, and compare slopes for every size of the nudge."""
    params, grads, loss = model_loss(shown.model, shown.sequence.x, shown.sequence.y)
    curve = error_curve(loss, params, grads, name, index, [10.0**k for k in EXPONENTS])
    at = EXPONENTS.index(exponent)
    moved = np.zeros_like(params[name])
    moved[index] = 10.0**exponent
    plus, minus = (loss({**params, name: params[name] + sign * moved}) for sign in (1, -1))
    return Nudged(plus, minus, float(curve.numeric[at]), curve.analytic, np.asarray(curve.relative_error, np.float64))


@lru_cache(maxsize=64)
def predictions(settings: Settings) -> Mapping[str, Exact]:
    """The predictions that the network on the screen allows, by the last part of their ids; none if it cannot run."""
    try:
        shown = small(settings)
    except InputError:  # said in place of the figure
        return {}
    found = guesses.questions(shown.model, shown.trace, shown.backward, shown.each, lr=settings.lr)
    return {question.id.rpartition("-")[2]: question for question in found}


def prediction(name: str, settings: Settings) -> Exact | None:
    """One of `predictions`; None where the network does not allow it."""
    return predictions(settings).get(name)
