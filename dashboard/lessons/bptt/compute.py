"""What is done with a gradient: updates of all weights, one or many, and one weight nudged to check it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from core import model as network
from core.clipping import losses_along
from core.errors import InputError
from core.flow import global_norm
from core.full_batch import Passes, train_full_batch
from core.gradcheck import error_curve, model_loss
from core.optim import SGD
from core.params import Array
from dashboard.kit.network.compute import Small, small, with_readout
from dashboard.kit.run.compute import Floats
from dashboard.kit.run.settings import Settings
from quiz.lessons.bptt import guesses
from quiz.schema import Exact

PRESSES = 20
"""Updates that can be taken one after the other."""
MOST_LOSS = 1e6
"""Beyond it nobody reads the numbers of an update."""


@lru_cache(maxsize=64)
def with_losses(settings: Settings, at: str) -> Settings:
    """The settings with a loss "every" step, as this lesson begins, or at the "last" one; targets fit."""
    chosen = replace(settings, readout=at)
    with suppress(InputError):  # inputs that cannot be read are told of where the network is run
        return settings if settings.readout == at else with_readout(chosen)
    return chosen


def both(shown: Small) -> tuple[Array, Array]:
    """The sequence on the screen beside one whose first input and whose targets are the opposite: x (T, 2, D), y."""
    x, y = shown.sequence.x, np.asarray(shown.sequence.y)
    other = x.copy()
    other[0] = -x[0] if x[0].any() else 1.0
    opposite = {"bce": 1 - y, "softmax": (y + 1) % max(shown.sequence.O, 2), "mse": -y if y.any() else y + 1.0}
    axis = 1 if shown.settings.readout == "every" else 0
    return np.concatenate([x, other], axis=1), np.concatenate([y, opposite[shown.model.loss]], axis=axis)


@lru_cache(maxsize=64)
def presses(settings: Settings) -> Passes:
    """The network before the first update and after each, as far as its loss stays one that can be read.

    Both sequences' losses count, so the gradient is that of their sum.
    """
    shown = small(settings)
    x, y = both(shown)
    return train_full_batch(shown.model, x, y, lr=settings.lr, updates=PRESSES, most=MOST_LOSS)


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
