"""The clipping lab: one gradient, three ways to clip it, and where each step lands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from core import clipping, decompose, model
from core.clipping import ClippedStep
from core.model import Backward, Model, Trace
from core.params import Array
from core.rnn import RNNParams
from dashboard.lessons.gradients.compute import flow_run
from dashboard.lessons.gradients.settings import FlowSettings

Floats = NDArray[np.float64]
CLIFF_T, CLIFF_INPUT, CLIFF_TARGET = 30, -1.1, -0.4
POINTS = 160
RATES, LIMITS = (0.001, 0.01, 0.1), (0.1, 1.0, 10.0)


@dataclass(frozen=True, eq=False)
class Case:
    """One gradient under every way of clipping.

    Attributes:
        name: One of `gradients_settings.CASES`.
        grads: It, by parameter, before clipping.
        before: Loss before the step.
        steps: One for each of `clipping.WAYS`.
        large: Entries of the gradient beyond the limit.
        entries: Entries in all.
        lengths: Lengths of a step, from short to beyond the longest taken (n,).
        losses: Loss that far along the direction of each way (n,), at the cliff only: elsewhere it changes faster than
            a curve could show. The norm keeps the direction of "none".
    """

    name: str
    grads: Mapping[str, Array]
    before: float
    steps: tuple[ClippedStep, ...]
    large: int
    entries: int
    lengths: Floats
    losses: Mapping[str, Floats]

    @property
    def untouched(self) -> bool:
        """Whether clipping changed nothing."""
        return all(step.length == self.steps[0].length and step.across == 0 for step in self.steps)


def case(settings: FlowSettings) -> Case:
    """The lab's case with its three numbers; of the other settings only what the case depends on counts."""
    if settings.case == "cliff":
        asked = FlowSettings()
    else:
        asked = FlowSettings(
            preset=settings.case, T=settings.T, seed=settings.seed, H=settings.H, inputs=settings.inputs,
            readout="last" if settings.case == "vanishing" else settings.readout,
        )  # fmt: skip
    return _case(settings.case, asked, settings.lr, settings.limit, settings.max_norm)


@lru_cache(maxsize=64)
def _case(name: str, asked: FlowSettings, lr: float, limit: float, max_norm: float) -> Case:
    network, x, y = at_cliff() if name == "cliff" else _of_page(asked)
    trace = model.run(network, x, y)
    backward = model.backprop(network, trace)
    grads = early(network, trace, backward) if name == "vanishing" else backward.grads
    steps = clipping.steps(network, x, y, grads, lr=lr, limit=limit, max_norm=max_norm)
    taken = [step.step for step in steps if step.step > 0] or [lr]
    lengths = np.geomspace(min(taken) / 100, max(taken) * 10**0.5, POINTS)
    losses = {}
    for step in steps[:2] if name == "cliff" else ():  # clipping by norm goes the same way as no clipping
        length = step.length or 1.0
        direction = {key: g / length for key, g in step.grads.items()}
        losses[step.way] = np.asarray(clipping.losses_along(network, x, y, direction, lengths), np.float64)
    large, entries = clipping.beyond(grads, limit)
    return Case(name, grads, float(trace.loss or 0.0), steps, large, entries, lengths, losses)


@dataclass(frozen=True)
class Grid:
    """Which way of clipping lands lower at the cliff, over learning rates and limits.

    Attributes:
        rates: Learning rates.
        limits: Limits, each taken for the entries and for the norm.
        value: Cases in which clipping by value lands lower than clipping by norm.
        norm: Cases in which it is the other way round.
    """

    rates: tuple[float, ...]
    limits: tuple[float, ...]
    value: int
    norm: int

    @property
    def cases(self) -> int:
        """Cases in all."""
        return len(self.rates) * len(self.limits)


@lru_cache(maxsize=1)
def at_other_limits() -> Grid:
    """The step from the cliff at each of `RATES` with each of `LIMITS`."""
    network, x, y = at_cliff()
    grads = model.backprop(network, model.run(network, x, y)).grads
    lower = {"value": 0, "norm": 0}
    for lr, limit in product(RATES, LIMITS):
        _, value, norm = clipping.steps(network, x, y, grads, lr=lr, limit=limit, max_norm=limit)
        lower["value"] += value.loss < norm.loss
        lower["norm"] += norm.loss < value.loss
    return Grid(RATES, LIMITS, lower["value"], lower["norm"])


def _of_page(asked: FlowSettings) -> tuple[Model, Array, Array]:
    run = flow_run(asked)
    return run.flows["tanh"].model, run.sequence.x, run.sequence.y


def early(network: Model, trace: Trace, backward: Backward, steps: int | None = None) -> dict[str, Array]:
    """What the first steps, by default half, bring to the gradients of W_x, W_h and b; zeros for the read-out."""
    until = len(trace.cell.h) // 2 if steps is None else steps
    each = decompose.immediate(network, trace, backward)
    whole = {name: shares[:until].sum(axis=0) for name, shares in each.items()}
    return whole | {name: np.zeros_like(whole[name]) for name in ("W_y", "b_y")}


def at_cliff() -> tuple[Model, Array, Array]:
    """A network of one tanh unit whose loss has a wall beside its valley (as in Pascanu et al. 2013, figure 6).

    The unit has two resting states, one above and one below 0. The first input pushes it almost exactly between the
    two, so a small change of b decides in which one it ends: there the gradient is more than a hundred long.
    """
    network = Model(
        RNNParams(np.array([[1.0]]), np.array([[1.35]]), np.array([0.14])),
        np.array([[1.0]]),
        np.zeros(1),
        activation="tanh",
        readout="last",
        loss="mse",
    )
    x = np.zeros((CLIFF_T, 1, 1))
    x[0] = CLIFF_INPUT
    return network, x, np.array([[CLIFF_TARGET]])
