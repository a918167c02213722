"""Are the gradients right? Nudge the numbers, measure the loss, compare.

Central difference along a direction v:  (L(θ + εv) - L(θ - εv)) / 2ε  ≈  ⟨∂L/∂θ, v⟩.
Its error has two parts: ε² times the third derivative (too large a nudge) and about 10⁻¹⁶ |L|/ε from rounding (too
small a one), least near ε = 10⁻⁵ in float64. `error_curve` shows both.

One random direction tests all weights at once with two runs (``check_grads`` in HIPS autograd, ``test_util.py``);
`coordinates` measures each entry, with two runs for each. Nothing that goes in is written to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core import network as networks
from core.lstm import LSTMBackward, LSTMTrace
from core.model import Model, backprop, parameters, run, with_parameters
from core.network import Network
from core.params import Array, finite_in, finite_weights, float_array
from core.stack import DIRECTIONS, States

__all__ = [
    "EPSILON",
    "FLOOR",
    "TOLERANCE",
    "Arrays",
    "Check",
    "CoordinateCheck",
    "ErrorCurve",
    "LossFn",
    "check_model",
    "check_network",
    "coordinates",
    "directional",
    "error_curve",
    "model_loss",
    "network_loss",
]

Arrays = Mapping[str, Array]
LossFn = Callable[[dict[str, Array]], float]

EPSILON = 1e-5
TOLERANCE = 1e-6
# Slopes below FLOOR·max(1, |L|) are compared absolutely: rounding alone puts about 1e-11·|L| into the measured one.
FLOOR = 1e-4


@dataclass(frozen=True)
class Check:
    """A slope from backpropagation beside the measured one.

    Attributes:
        what: What was nudged, such as "W_h" or "W_h[0, 1]".
        analytic: Slope by the gradient, ⟨∂L/∂θ, v⟩.
        numeric: Slope measured by central differences.
        relative_error: |analytic - numeric| relative to the larger of the two, or to `FLOOR`·max(1, |L|) where both are
            smaller; NaN if anything is.
        epsilon: Size of the nudge ε.
    """

    what: str
    analytic: float
    numeric: float
    relative_error: float
    epsilon: float

    @property
    def ok(self) -> bool:
        """Is the relative error at most `TOLERANCE`?"""
        return self.relative_error <= TOLERANCE

    def __str__(self) -> str:
        verdict = "agree" if self.ok else "differ: the gradient or the loss is wrong, or the loss has a kink here"
        return (
            f"{self.what}: by backpropagation {self.analytic:.10g}, measured {self.numeric:.10g} "
            f"(ε = {self.epsilon:g}); relative error {self.relative_error:.2g}: they {verdict}."
        )


@dataclass(frozen=True, eq=False)
class CoordinateCheck:
    """Every entry's gradient beside the measured one.

    Attributes:
        numeric: Measured gradients by name, in the shapes of the parameters.
        relative_error: Relative error of each entry by name.
        worst: The entry with the largest relative error.
    """

    numeric: dict[str, Array]
    relative_error: dict[str, Array]
    worst: Check


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """The error of a finite difference against the size of the nudge, for one entry.

    Attributes:
        analytic: The entry's gradient by backpropagation.
        epsilons: Sizes of the nudge (n,).
        numeric: Measured gradient for each (n,).
        relative_error: Its relative error (n,).
    """

    analytic: float
    epsilons: Array
    numeric: Array
    relative_error: Array


def directional(
    loss_fn: LossFn,
    params: Arrays,
    grads: Arrays,
    *,
    rng: np.random.Generator,
    epsilon: float = EPSILON,
    what: str = "all together",
) -> Check:
    """Compare slopes along one random direction through all parameters, of length 1.

    Args:
        loss_fn: Loss from parameters by name; must not write to them.
        params: Parameters by name, float64.
        grads: Gradients by the same names, in the same shapes.
        rng: Source of the direction.
        epsilon: Size of the nudge, above 0.
        what: Name for the message.

    Raises:
        ValueError: Names, shapes or types that do not fit, parameters that are not finite, or an ``epsilon`` not above
            0.
    """
    _fit(params, grads, epsilon)
    v = {name: rng.standard_normal(param.shape) for name, param in params.items()}
    length = math.sqrt(sum(float(np.vdot(d, d)) for d in v.values()))
    v = {name: d / length for name, d in v.items()}
    analytic = float(sum(np.vdot(grads[name], d) for name, d in v.items()))
    numeric = _slope(loss_fn, params, v, epsilon)
    return Check(what, analytic, numeric, float(_relative(analytic, numeric, loss_fn(dict(params)))), epsilon)


def coordinates(loss_fn: LossFn, params: Arrays, grads: Arrays, *, epsilon: float = EPSILON) -> CoordinateCheck:
    """Compare the gradient of every entry; two runs for each, so for small models.

    Args and errors as `directional`.
    """
    _fit(params, grads, epsilon)
    numeric = {
        name: np.array([_partial(loss_fn, params, name, k, epsilon) for k in np.ndindex(param.shape)])
        for name, param in params.items()
    }
    numeric = {name: n.reshape(params[name].shape) for name, n in numeric.items()}
    loss = loss_fn(dict(params))
    errors = {name: _relative(grads[name], n, loss) for name, n in numeric.items()}
    # NaN counts as the largest, as it does in argmax.
    name = max(errors, key=lambda name: np.nan_to_num(errors[name].max(), nan=np.inf))
    k = tuple(map(int, np.unravel_index(errors[name].argmax(), errors[name].shape)))
    analytic, measured, error = (float(arrays[name][k]) for arrays in (grads, numeric, errors))
    worst = Check(f"{name}{list(k)}", analytic, measured, error, epsilon)
    return CoordinateCheck(numeric, errors, worst)


def error_curve(
    loss_fn: LossFn, params: Arrays, grads: Arrays, name: str, index: tuple[int, ...], epsilons: Sequence[float] | Array
) -> ErrorCurve:
    """The relative error of one entry's finite difference for each size of the nudge.

    Args:
        loss_fn: Loss from parameters by name; must not write to them.
        params: Parameters by name, float64.
        grads: Gradients by the same names, in the same shapes.
        name: The parameter.
        index: The entry in it, one number for each axis.
        epsilons: Sizes of the nudge, each above 0, such as ``np.logspace(-12, 0, 25)``.

    Raises:
        ValueError: As `directional`; an unknown name, or an index that is not an entry.
    """
    eps = float_array("epsilons", epsilons, ("n",), np.float64)
    _fit(params, grads, float(eps.min()))
    if name not in params:
        raise ValueError(f"name: {name!r} is not known. Choose one of {', '.join(params)}.")
    shape = params[name].shape
    if len(index) != len(shape) or not all(0 <= k < n for k, n in zip(index, shape, strict=True)):
        raise ValueError(f"index: expected an entry of {name} with shape {shape}, got {index}.")
    numeric = np.array([_partial(loss_fn, params, name, index, float(e)) for e in eps])
    analytic = grads[name][index]
    return ErrorCurve(float(analytic), eps, numeric, _relative(analytic, numeric, loss_fn(dict(params))))


def check_model(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    rng: np.random.Generator,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    *,
    epsilon: float = EPSILON,
) -> dict[str, Check]:
    """Check every gradient of a model on one batch, each along a random direction of its own.

    Args:
        model: The model; a float32 one is checked in float64, where differences mean something.
        x: (T, B, D).
        y: Target as for `core.model.run`.
        rng: Source of the directions.
        h0: Initial hidden state (B, H), or None for zeros.
        c0: Initial cell state (B, H), LSTM only, or None for zeros.
        epsilon: Size of the nudge.

    Returns:
        A `Check` for each of W_x, W_h, b, W_y, b_y, x, h0 and, for the LSTM, c0.

    Raises:
        ValueError: As `core.model.run`.
    """
    return _each(*model_loss(model, x, y, h0, c0), rng, epsilon)


def check_network(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    rng: np.random.Generator,
    states: States | None = None,
    lengths: ArrayLike | None = None,
    *,
    epsilon: float = EPSILON,
) -> dict[str, Check]:
    """Check every gradient of a network on one batch, each along a random direction of its own.

    Args:
        network: The network; a float32 one is checked in float64.
        x: (T, B, D).
        y: Target as for `core.network.run`.
        rng: Source of the directions.
        states: Where each part starts, or None for zeros.
        lengths: Steps of each sequence (B,), or None if all have T.
        epsilon: Size of the nudge.

    Returns:
        A `Check` for each of `core.network.parameters`, x, and the first states h0.1.forward … and c0.1.forward …

    Raises:
        ValueError: As `core.network.run`.
    """
    return _each(*network_loss(network, x, y, states, lengths), rng, epsilon)


def _each(
    params: dict[str, Array], grads: dict[str, Array], loss_fn: LossFn, rng: np.random.Generator, epsilon: float
) -> dict[str, Check]:
    def one(name: str) -> Check:
        moved, rest = {name: params[name]}, {k: v for k, v in params.items() if k != name}
        return directional(lambda p: loss_fn(rest | p), moved, {name: grads[name]}, rng=rng, epsilon=epsilon, what=name)

    return {name: one(name) for name in params}


def network_loss(
    network: Network, x: ArrayLike, y: ArrayLike, states: States | None = None, lengths: ArrayLike | None = None
) -> tuple[dict[str, Array], dict[str, Array], LossFn]:
    """A network on one batch in the form the checks above take, as `model_loss`.

    Raises:
        ValueError: As `core.network.run`.
    """
    weights = {name: finite_weights(np.float64, **{name: W})[0] for name, W in networks.parameters(network).items()}
    network = networks.with_parameters(network, weights)
    given = np.asarray(x, np.float64)
    trace = networks.run(network, given, y, states, lengths)
    back = networks.backprop(network, trace)
    parts = [f"{k}.{d}" for k, cells in enumerate(trace.stack.layers, start=1) for d in DIRECTIONS[: len(cells)]]
    starts = {f"h0.{name}": part.h[0] for name, part in zip(parts, trace.stack.parts, strict=True)}
    ends = dict(zip(starts, back.stack.dstates.h, strict=True))
    for name, part, dc0 in zip(parts, trace.stack.parts, back.stack.dstates.c, strict=False):
        if isinstance(part, LSTMTrace):
            starts[f"c0.{name}"], ends[f"c0.{name}"] = part.c[0], dc0

    def loss_fn(values: dict[str, Array]) -> float:
        moved = networks.with_parameters(network, {name: values[name] for name in weights})
        h, c = (tuple(values[f"{s}0.{name}"] for name in parts if f"{s}0.{name}" in starts) for s in "hc")
        loss = networks.run(moved, values["x"], y, States(h, c), lengths).loss
        return math.nan if loss is None else loss

    return weights | {"x": trace.stack.x} | starts, back.grads | {"x": back.stack.dx} | ends, loss_fn


def model_loss(
    model: Model, x: ArrayLike, y: ArrayLike, h0: ArrayLike | None = None, c0: ArrayLike | None = None
) -> tuple[dict[str, Array], dict[str, Array], LossFn]:
    """A model on one batch in the form the checks above take.

    Returns:
        All that the loss depends on by name (W_x, W_h, b, W_y, b_y, x, h0 and c0 for the LSTM) in float64, the
        gradients by backpropagation, and the loss as a function of the first.

    Raises:
        ValueError: As `core.model.run`.
    """
    weights = {name: finite_weights(np.float64, **{name: W})[0] for name, W in parameters(model).items()}
    model = with_parameters(model, weights)
    trace = run(model, float_array("x", x, ("T", "B", "D"), np.float64), y, h0, c0)
    backward = backprop(model, trace)
    params = weights | {"x": trace.cell.x, "h0": trace.cell.h[0]}
    grads = backward.grads | {"x": backward.cell.dx, "h0": backward.cell.dh0}
    if isinstance(trace.cell, LSTMTrace) and isinstance(backward.cell, LSTMBackward):
        params["c0"], grads["c0"] = trace.cell.c[0], backward.cell.dc0

    def loss_fn(values: dict[str, Array]) -> float:
        moved = with_parameters(model, {name: values[name] for name in weights})
        loss = run(moved, values["x"], y, values["h0"], values.get("c0")).loss
        return math.nan if loss is None else loss

    return params, grads, loss_fn


def _partial(loss_fn: LossFn, params: Arrays, name: str, index: tuple[int, ...], epsilon: float) -> float:
    direction = np.zeros_like(params[name])
    direction[index] = 1
    return _slope(loss_fn, params, {name: direction}, epsilon)


def _slope(loss_fn: LossFn, params: Arrays, direction: Arrays, epsilon: float) -> float:
    """Central difference of the loss along a direction that names the arrays to move."""
    plus, minus = (
        float(loss_fn({**params, **{name: params[name] + sign * epsilon * v for name, v in direction.items()}}))
        for sign in (1, -1)
    )
    return (plus - minus) / (2 * epsilon)


def _relative(analytic: ArrayLike, numeric: ArrayLike, loss: float) -> Array:
    analytic, numeric = np.asarray(analytic, np.float64), np.asarray(numeric, np.float64)
    larger = np.maximum(np.abs(analytic), np.abs(numeric))
    return np.asarray(np.abs(analytic - numeric) / np.maximum(larger, FLOOR * max(1.0, abs(loss))))


def _fit(params: Arrays, grads: Arrays, epsilon: float) -> None:
    shapes, given = ({name: a.shape for name, a in arrays.items()} for arrays in (params, grads))
    if not params or shapes != given:
        raise ValueError(f"grads: expected the names and shapes of params, {shapes}, got {given}.")
    for name, param in params.items():
        if param.dtype != np.float64:
            raise ValueError(
                f"params: expected float64, got {param.dtype} in {name}. Convert it; rounding hides errors."
            )
    finite_in("params", **params)
    if not 0 < epsilon < math.inf:
        raise ValueError(f"epsilon: expected a number above 0, got {epsilon!r}.")
