"""Gradient descent in three forms. g is the gradient, θ all parameters as one vector, t = 1, 2, … the update.

SGD       O1   θ ← θ - lr g
Momentum  O2   v ← μ v + g                   O3   θ ← θ - lr v
Adam      O4   m ← β₁ m + (1 - β₁) g         O5   v ← β₂ v + (1 - β₂) g²
          O6   m̂ = m / (1 - β₁ᵗ)             O7   v̂ = v / (1 - β₂ᵗ)
          O8   θ ← θ - lr m̂ / (√v̂ + ε)

These are PyTorch's definitions (``torch.optim.SGD`` without dampening, ``torch.optim.Adam`` without weight decay).
Sources: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964); Kingma & Ba, "Adam: a method
for stochastic optimization" (2015), algorithm 1.

An optimiser is a frozen set of numbers; what it remembers is a `State` that goes in and comes out. Nothing that goes in
is written to, so any earlier parameters and state can be taken up again.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from core.errors import InputError
from core.params import Array

__all__ = ["OPTIMISERS", "SGD", "Adam", "Moments", "Momentum", "Optimiser", "State"]

Moments = tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class State:
    """What an optimiser remembers between updates.

    Attributes:
        step: Updates made so far.
        names: The parameters, in the order in which they are laid end to end.
        moments: None for SGD, (v,) for momentum, (m, v) for Adam; each has an entry for every single weight, (P,).
    """

    step: int
    names: tuple[str, ...]
    moments: Moments


@dataclass(frozen=True)
class Optimiser(ABC):
    """A rule that turns gradients into new parameters.

    Attributes:
        lr: Learning rate, above 0.
    """

    lr: float
    slots: ClassVar[int]

    def __post_init__(self) -> None:
        problems = []
        for name, value in vars(self).items():
            decays = name not in ("lr", "eps")
            if not (0 <= value < 1 if decays else 0 < value < math.inf):
                problems.append(f"{name}: expected {'0 to below 1' if decays else 'a number above 0'}, got {value!r}.")
        if problems:
            raise InputError(problems)

    def init(self, params: Mapping[str, Array]) -> State:
        """The state before the first update: all moments zero."""
        flat = _flat(params, tuple(params))
        return State(0, tuple(params), tuple(np.zeros_like(flat) for _ in range(self.slots)))

    def update(
        self, params: Mapping[str, Array], grads: Mapping[str, Array], state: State
    ) -> tuple[dict[str, Array], State]:
        """One update.

        Args:
            params: Parameters by name.
            grads: Their gradients by the same names, in the same shapes.
            state: What `init` or the last update returned.

        Returns:
            New parameters (views of one new vector, in the shapes of ``params``) and the new state.

        Raises:
            ValueError: Names or shapes that do not belong together.
        """
        shapes = {name: param.shape for name, param in params.items()}
        given = {name: grad.shape for name, grad in grads.items()}
        if shapes != given:
            raise ValueError(f"grads: expected the names and shapes of params, {shapes}, got {given}.")
        P = sum(param.size for param in params.values())
        if set(shapes) != set(state.names) or [m.size for m in state.moments] != [P] * self.slots:
            raise ValueError("state: made for other parameters or by another optimiser. Start from init(params).")
        # One vector instead of a loop over parameters: fewer NumPy calls, and the rule reads like the paper.
        step = state.step + 1
        theta, moments = self.rule(_flat(params, state.names), _flat(grads, state.names), state.moments, step)
        moved, end = {}, 0
        for name in state.names:
            start, end = end, end + params[name].size
            moved[name] = theta[start:end].reshape(shapes[name])
        return moved, State(step, state.names, moments)

    @abstractmethod
    def rule(self, theta: Array, g: Array, moments: Moments, t: int) -> tuple[Array, Moments]:
        """The equations: parameters, gradient and moments as vectors (P,), t = 1, 2, … New θ and new moments."""


@dataclass(frozen=True)
class SGD(Optimiser):
    """Plain gradient descent (O1)."""

    slots = 0

    def rule(self, theta: Array, g: Array, moments: Moments, t: int) -> tuple[Array, Moments]:  # noqa: ARG002
        """See the top of the file."""
        return theta - self.lr * g, ()  # O1


@dataclass(frozen=True)
class Momentum(Optimiser):
    """Gradient descent with momentum (O2, O3).

    Attributes:
        lr: Learning rate.
        mu: Momentum μ, from 0 to below 1.
    """

    mu: float = 0.9
    slots = 1

    def rule(self, theta: Array, g: Array, moments: Moments, t: int) -> tuple[Array, Moments]:  # noqa: ARG002
        """See the top of the file."""
        (v,) = moments
        v = self.mu * v + g  # O2
        return theta - self.lr * v, (v,)  # O3


@dataclass(frozen=True)
class Adam(Optimiser):
    """Adam (O4 … O8).

    Attributes:
        lr: Learning rate.
        beta1: Decay β₁ of the mean, from 0 to below 1.
        beta2: Decay β₂ of the mean square, from 0 to below 1.
        eps: ε, keeps the division finite, above 0.
    """

    lr: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    slots = 2

    def rule(self, theta: Array, g: Array, moments: Moments, t: int) -> tuple[Array, Moments]:
        """See the top of the file."""
        m, v = moments
        m = self.beta1 * m + (1 - self.beta1) * g  # O4
        v = self.beta2 * v + (1 - self.beta2) * (g * g)  # O5
        m_hat = m / (1 - self.beta1**t)  # O6
        v_hat = v / (1 - self.beta2**t)  # O7
        return theta - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), (m, v)  # O8


OPTIMISERS: Mapping[str, type[Optimiser]] = MappingProxyType({"adam": Adam, "sgd": SGD, "momentum": Momentum})
"""By the name that settings and links use; each is made with its learning rate alone, ``OPTIMISERS[name](lr=0.01)``."""


def _flat(arrays: Mapping[str, Array], names: tuple[str, ...]) -> Array:
    """All arrays end to end, a new vector (P,)."""
    return np.concatenate([arrays[name].ravel() for name in names])
