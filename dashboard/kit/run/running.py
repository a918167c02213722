"""One network on the sequence: what `core` computes of it, for a single layer and for any part of a stack.

A single layer from zeros, read as `core.model` reads it, is run by that. All else, a stack, two directions, other first
states, another step that is read, a mean over steps or a truncation window, is run by `core.network`; what is shown is
then one part of it as a run of its own (`core.network.view`), in the order of the sequence also where it reads from the
end. Its gradients are those of the whole network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core import decompose, flow, gradcheck, jacobian, model, windows
from core import network as networks
from core.doctor import reach
from core.errors import InputError
from core.model import Backward, Model, Trace
from core.network import Network, NetworkBackward, NetworkTrace
from core.params import Array
from core.stack import DIRECTIONS, StackParams, States
from core.windows import Windows
from dashboard.kit.run import starting
from dashboard.kit.run.batch import must_be_computed
from dashboard.kit.run.given import Sequence
from dashboard.kit.run.settings import MAX_HIDDEN, Settings

Floats = NDArray[np.float64]
NAMES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
MAX_JACOBIANS = 1_500_000  # numbers in those of one run; these take about a second

Record = TypeVar("Record", bound=Any)


class Exploded(InputError):  # noqa: N818 - it reads as what happened
    """A run grew past what a float holds."""


@dataclass(frozen=True, eq=False)
class Part(Model):
    """One layer and direction of a stack, with the read-out it has there (see `core.network.view`).

    Attributes:
        network: All of it.
        layer: Which layer, from 1.
        direction: "forward" or "backward".
    """

    network: Network | None = None
    layer: int = 1
    direction: str = "forward"

    @property
    def whole(self) -> Network:
        """The network, with the weights that the part has by now."""
        assert self.network is not None
        stack, turned = self.network.stack, DIRECTIONS.index(self.direction)
        layers = [list(cells) for cells in stack.layers]
        layers[self.layer - 1][turned] = self.cell
        given: dict[str, Any] = {"stack": StackParams(tuple(tuple(cells) for cells in layers))}
        if self.is_read:
            H = self.cell.H
            W_y = self.network.W_y.copy()
            W_y[turned * H : (turned + 1) * H] = self.W_y
            given |= {"W_y": W_y, "b_y": self.b_y}
        return replace(self.network, **given)

    @property
    def is_read(self) -> bool:
        """Whether the read-out reads it: it is in the last layer."""
        return self.network is not None and self.layer == len(self.network.stack.layers)


def part_of(network: Network, layer: int, direction: str) -> Part:
    """One layer and direction of a stack as a model of its own."""
    turned, cells = DIRECTIONS.index(direction), network.stack.layers[layer - 1]
    cell = cells[turned]
    if layer == len(network.stack.layers):
        W_y, b_y = np.split(network.W_y, len(cells))[turned], network.b_y
    else:
        W_y, b_y = np.eye(cell.H), np.zeros(cell.H)
    readout = "every" if network.readout == "every" else "last"
    return Part(
        cell, W_y, b_y, network.activation, readout, network.loss, network.over_steps, network, layer, direction
    )


@dataclass(frozen=True, eq=False)
class Spectrum:
    """How much each step stretches a change, and all steps together.

    Attributes:
        values: All singular values of each step's Jacobian, largest first (T, n).
        product_log10: log₁₀ of the largest singular value of ∂s_T/∂s_t for t = 1 … T (T,); T is the step that the part
            reads last, which for one that reads from the end is the first.
        horizon: Steps back until the product has fallen by e.
    """

    values: Floats
    product_log10: Floats
    horizon: float


@dataclass(frozen=True, eq=False)
class Whole:
    """The network that a shown run is a part of.

    Attributes:
        network: Weights and wiring.
        trace: Its forward pass.
        grads: Its gradients by the names of `core.network.parameters`.
        layer: Which layer is shown, from 1.
        direction: In which direction it reads.
        steps: Which steps of the sequence are shown, from 1, ascending; the loss reaches no others.
        norms: ‖∂L/∂h‖ at each step of the sequence (T,), by layer and direction.
        own: The part's trace in its own order of time.
        states: The first states, or None for zeros.
        window: Steps of a truncation window; 0 for none.
        backward: Its backward pass, before it was cut.
        cut: The windows, where there are any.
        b: Which sequence of the batch is shown, from 0.
    """

    network: Network
    trace: NetworkTrace
    grads: Mapping[str, Array]
    layer: int
    direction: str
    steps: NDArray[np.intp]
    norms: tuple[tuple[Array, ...], ...]
    own: Trace
    states: States | None
    window: int
    backward: NetworkBackward
    cut: Windows | None = None
    b: int = 0

    @property
    def turned(self) -> bool:
        """Whether the part reads from the end."""
        return self.direction == "backward"

    @property
    def stacked(self) -> bool:
        """Whether there is more than the part."""
        return len(self.network.stack.parts) > 1

    @property
    def is_read(self) -> bool:
        """Whether the read-out reads the part."""
        return self.layer == len(self.network.stack.layers)

    @property
    def y_hat(self) -> Array:
        """ŷ (S, 1, O) of the sequence that is shown, without its padding."""
        length = int(self.trace.stack.lengths[self.b])
        return self.trace.y_hat[:length, self.b : self.b + 1]


@dataclass(frozen=True, eq=False)
class Run:
    """One model on the sequence: what `core` computed.

    Attributes:
        model: The weights.
        trace: Forward pass.
        backward: Backward pass.
        norms: Gradient norms for each step, (T,) by what the gradient is taken with respect to.
        contributions: What each step adds to the norm of each weight's gradient, (T,) by name.
        reach: How much of the gradient that the last step's loss sends into h_T (and so into c_T) comes back to step 1.
        check: Relative error of the gradient against a finite difference in one random direction; of one that a window
            cuts, before it was cut.
        whole: The network it is a part of; None where it is all there is, run from zeros.
    """

    model: Model
    trace: Trace
    backward: Backward
    norms: Mapping[str, Array]
    contributions: Mapping[str, Floats]
    reach: Mapping[str, float]
    check: float
    whole: Whole | None = None

    @property
    def name(self) -> str:
        """RNN, LSTM or GRU."""
        return NAMES[self.model.kind]

    @property
    def loss(self) -> float:
        """L, of the whole network."""
        found = self.trace.loss if self.whole is None else self.whole.trace.loss
        return 0.0 if found is None else found

    @property
    def y_hat(self) -> Array:
        """ŷ (S, 1, O) of the sequence, of the whole network."""
        return self.trace.y_hat if self.whole is None else self.whole.y_hat

    @property
    def has_spectrum(self) -> bool:
        """Whether the Jacobians are few or small enough to be taken apart while somebody waits."""
        n = self.model.cell.H * (2 if self.model.kind == "lstm" else 1)
        return n <= 2 * MAX_HIDDEN or len(self.trace.cell.x) * n**2 <= MAX_JACOBIANS

    @cached_property
    def spectrum(self) -> Spectrum:
        """Singular values of the Jacobians and of their running product, taken when first asked for."""
        jacobians = jacobian.jacobians(self.model, self.trace if self.whole is None else self.whole.own)
        values = np.asarray(jacobian.singular_values(jacobians.J), np.float64)
        product = np.asarray(jacobian.running_product(jacobians).largest[1:], np.float64)
        horizon = flow.horizon(10.0 ** np.clip(product, -300, 300))
        if self.whole is not None and self.whole.turned:
            values, product = values[::-1], product[::-1]
        return Spectrum(values, product, horizon)


def run(shown: Model, sequence: Sequence, settings: Settings) -> Run:
    """Run a model, or the network it is a part of.

    Raises:
        InputError: What the learner set cannot be computed; the message names the mend.
    """
    if isinstance(shown, Part) or starting.is_real(settings) or sequence.batch is not None:
        return _of_network(shown, sequence, settings)
    with np.errstate(all="ignore"):
        trace, backward = passes(shown, sequence)
        check = gradcheck.model_loss(shown, sequence.x, sequence.y)
        return Run(
            shown, trace, backward, flow.norms(backward), _contributions(shown, trace, backward),
            reach(shown, trace, backward), _checked(*check),
        )  # fmt: skip


def passes(shown: Model, sequence: Sequence) -> tuple[Trace, Backward]:
    """The forward and the backward pass of a model of one layer, from zeros.

    Raises:
        InputError: As `run`.
    """
    _must_read(shown.sizes[0], shown, sequence)
    with np.errstate(all="ignore"):  # what overflows is found and named
        trace = model.run(shown, sequence.x, sequence.y)
        _must_be_finite(trace.cell.h[1:, 0], "hidden state", shown, sequence.T)
        _must_be_finite(trace.logits[:, 0], "output", shown, sequence.T)
        _must_be_finite(np.atleast_2d(trace.loss or 0.0), "loss", shown, sequence.T)
        backward = model.backprop(shown, trace)
        _must_be_finite(backward.cell.dh[:, 0], "gradient", shown, sequence.T, backwards=True)
        for name, grad in backward.grads.items():
            _must_be_finite(np.atleast_2d(grad.sum()), f"gradient of {name}", shown, sequence.T)
    return trace, backward


def network_of(shown: Model, sequence: Sequence, settings: Settings) -> Network:
    """The network that a model is, or is a part of, wired as the settings say."""
    whole = shown.whole if isinstance(shown, Part) else networks.of(shown)
    return replace(whole, readout=starting.readout(settings, sequence), over_steps=settings.over)


def _of_network(shown: Model, sequence: Sequence, settings: Settings) -> Run:
    network, T = network_of(shown, sequence, settings), sequence.T
    layer, direction = (shown.layer, shown.direction) if isinstance(shown, Part) else (1, "forward")
    _must_read(network.stack.sizes[0], shown, sequence)
    window = settings.window if settings.window < T else 0
    starting.must_fit(network, window, T, sequence.batch)
    x, y, lengths, b = sequence.x, sequence.y, None, 0
    if (batch := sequence.batch) is not None:
        must_be_computed(batch, sum(cell.H for cell in network.stack.parts))
        x, y, lengths, b = batch.x, batch.y, batch.lengths, batch.b
    with np.errstate(all="ignore"):
        states = starting.states(settings, network, x, lengths)
        trace = networks.run(network, x, y, states, lengths)
        for part in trace.stack.parts:
            _must_be_finite(part.h[1:].reshape(len(x), -1), "hidden state", shown, len(x))
        _must_be_finite(trace.logits.reshape(len(trace.logits), -1), "output", shown, len(x))
        _must_be_finite(np.atleast_2d(trace.loss or 0.0), "loss", shown, T)
        backward, cut = networks.backprop(network, trace), None
        for k, grad in backward.grads.items():
            _must_be_finite(np.atleast_2d(grad.sum()), f"gradient of {k}", shown, T)
        seen = networks.view(network, trace, backward, layer, direction, b)
        grads, norms, own = backward.grads, _norms_of_parts(backward.stack.layers, T, b), seen.trace
        back = reach(seen.model, own, seen.backward)
        if window:
            cut = windows.in_windows(network, sequence.x, sequence.y, window, states)
            seen, grads, back = windows.view(network, seen, cut, layer), cut.grads, dict.fromkeys(back, 0.0)
            norms = tuple(
                tuple(
                    np.concatenate(
                        [
                            np.zeros(each.last - each.first + 1) if each.backward is None
                            else _lengths(each.backward.stack.layers[k][d].dh)
                            for each in cut.windows
                        ]
                    )
                    for d in range(len(cells))
                )
                for k, cells in enumerate(network.stack.layers)
            )  # fmt: skip
        contributions = _contributions(seen.model, own, seen.backward)
        check = _checked(*gradcheck.network_loss(network, x, y, states, lengths))
    turned = direction == "backward"
    flat: dict[str, Array] = flow.norms(seen.backward)
    seen_trace, seen_backward = own, seen.backward
    if turned:
        flat = {name: values[::-1] for name, values in flat.items()}
        contributions = {name: values[::-1] for name, values in contributions.items()}
        seen_trace = replace(own, cell=_turned(own.cell))
        seen_backward = replace(seen.backward, cell=_turned(seen.backward.cell), dh_out=seen.backward.dh_out[::-1])
    whole = Whole(
        network, trace, grads, layer, direction, np.sort(seen.steps), norms, own, states, window, backward, cut, b
    )
    return Run(seen.model, seen_trace, seen_backward, flat, contributions, back, check, whole)


def _turned(record: Record) -> Record:
    """A record of a part in the other order of time; the first state stays in row 0."""
    T = len(record.x if hasattr(record, "x") else record.dx)
    changed = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray) and value.ndim == 3:
            head = len(value) - T
            changed[field.name] = np.concatenate([value[:head], value[head:][::-1]])
    return replace(record, **changed)


def _norms_of_parts(layers: tuple[tuple[Any, ...], ...], T: int, b: int) -> tuple[tuple[Array, ...], ...]:
    """Of one sequence, of T steps, in its order."""
    return tuple(
        tuple(_lengths(back.dh[:T, b : b + 1])[:: -1 if d else 1] for d, back in enumerate(cells)) for cells in layers
    )


def _lengths(dh: Array) -> Array:
    return flow.lengths(dh, axis=(1, 2))


def _contributions(shown: Model, trace: Trace, backward: Backward) -> dict[str, Floats]:
    return {name: np.asarray(v, float) for name, v in decompose.contributions(shown, trace, backward).items()}


def _checked(params: dict[str, Array], grads: dict[str, Array], loss: Any) -> float:
    return gradcheck.directional(loss, params, grads, rng=np.random.default_rng(0)).relative_error


def _must_read(D: int, shown: Model, sequence: Sequence) -> None:
    if sequence.x.shape[2] != D:
        raise InputError(
            f"These {NAMES[shown.kind]} weights read {D} inputs a step; the sequence has {sequence.x.shape[2]}. "
            f"Use a sequence with {D} columns, or a word vector of {D} entries."
        )


def _must_be_finite(rows: Array, what: str, shown: Model, T: int, *, backwards: bool = False) -> None:
    """Find the step at which a run overflowed; ``rows`` are those of the last steps, up to T."""
    bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if bad.size:
        step = T - len(rows) + 1 + int(bad[-1] if backwards else bad[0])
        raise Exploded(
            f"The {NAMES[shown.kind]}'s {what} grew past the largest number a float64 can hold (1.8 × 10³⁰⁸) at step "
            f"{step}: it exploded. Lower the gain, choose tanh, shorten the sequence, or use smaller numbers."
        )
