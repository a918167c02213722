"""A stack with read-out and loss, run as real ones are: from given states, over padded batches, read at any step.

    z = output W_y + b_y    at the steps that ``readout`` names, ŷ and the loss of each as in `core.model`
    L = Σ loss / B          ``over_steps="sum"``: summed over the scored steps, mean over the batch
    L = Σ loss / n          "mean": mean over the n scored steps of all sequences, padding not counted (PyTorch's
                            ``reduction="mean"``; a bce of several outputs is still summed over them)

A `core.model.Model` is the network of one layer and one direction (`of`).

**A view of one part** (`view`) is an ordinary (Model, Trace, Backward), so that whatever reads a run of one layer reads
a layer of a stack: `core.decompose`, `core.factors`, `core.flow`, `core.jacobian`. Its x is what the layer below gives.
In the last layer its read-out is the network's, with the rows of W_y that belong to the part; ŷ and the loss are the
network's, to which the other direction adds as well. In the layers below nothing reads the state but the layers above,
and what they send back is given as the gradient of a read-out that hands h on as it is (W_y = I): there "loss step s"
means what arrives from above at step s. Its gradients are the network's: those of the sequences shown, the mean over
the batch included. A part that reads backwards is shown in its own order of time; ``steps`` says which step each row
reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core import model, stack
from core.activations import ACTIVATIONS
from core.flow import sequence
from core.layer import cut
from core.losses import LOSSES, predict, targets
from core.model import OVER_STEPS, Backward, Model, Trace
from core.params import Array, finite_in, finite_weights
from core.stack import DIRECTIONS, StackBackward, StackParams, StackTrace, States

__all__ = [
    "READOUTS",
    "Network",
    "NetworkBackward",
    "NetworkTrace",
    "View",
    "backprop",
    "of",
    "parameters",
    "run",
    "view",
    "with_parameters",
]

READOUTS = ("last", "final", "every")


@dataclass(frozen=True, eq=False)
class Network:
    """Weights and wiring.

    Attributes:
        stack: The recurrent layers.
        W_y: Read-out weights (width, O).
        b_y: Read-out bias (O,).
        activation: φ of the RNN; LSTM and GRU have their own.
        readout: What is read: "last", the output at each sequence's last step (``output[-1]`` without padding);
            "final", the last states of the last layer, of both directions (``h_n[-1]``, or ``h_n[-2:]`` side by side);
            "every"; or a step, counted from 1. "last" and "final" differ in two directions: at the last step the part
            that reads backwards has read one step only.
        loss: "bce", "softmax" or "mse".
        over_steps: "sum" or "mean".
    """

    stack: StackParams
    W_y: Array
    b_y: Array
    activation: str = "tanh"
    readout: str | int = "last"
    loss: str = "bce"
    over_steps: str = "sum"

    def __post_init__(self) -> None:
        width = self.stack.sizes[1]
        if self.W_y.ndim != 2 or len(self.W_y) != width or self.b_y.shape != self.W_y.shape[1:]:
            raise ValueError(
                f"Network: expected W_y ({width}, O), b_y (O,), got {self.W_y.shape}, {self.b_y.shape}. "
                "Give W_y one row per unit of the last layer, those of the forward direction first."
            )
        choices = {"activation": tuple(ACTIVATIONS), "loss": tuple(LOSSES), "over_steps": OVER_STEPS}
        for name, known in choices.items():
            if (value := getattr(self, name)) not in known:
                raise ValueError(f"{name}: {value!r} is not known. Choose one of {', '.join(known)}.")
        step = isinstance(self.readout, int) and not isinstance(self.readout, bool) and self.readout >= 1
        if not step and self.readout not in READOUTS:
            raise ValueError(
                f"readout: {self.readout!r} is not known. Choose one of {', '.join(READOUTS)}, or a step from 1."
            )


@dataclass(frozen=True, eq=False)
class NetworkTrace:
    """All that `run` computed. S is T for a read-out at every step, else 1.

    Attributes:
        stack: The layers' traces.
        logits: z (S, B, O).
        y_hat: ŷ (S, B, O).
        losses: Loss of each scored step and sequence (S, B), 0 in the padding, or None when no target was given.
        loss: L, or None.
        dlogits: ∂L/∂z (S, B, O), 0 in the padding, or None.
    """

    stack: StackTrace
    logits: Array
    y_hat: Array
    losses: Array | None = None
    loss: float | None = None
    dlogits: Array | None = None


@dataclass(frozen=True, eq=False)
class NetworkBackward:
    """All that `backprop` computed.

    Attributes:
        stack: The layers' records.
        grads: Gradient of every parameter, by the names of `parameters`.
        dh_out: What each step's own loss sends into the output (T, B, width); zero for a "final" read-out, whose loss
            enters at the last states.
    """

    stack: StackBackward
    grads: dict[str, Array]
    dh_out: Array


@dataclass(frozen=True, eq=False)
class View:
    """One part as a run of one layer; the module's text says what stands for what.

    Attributes:
        model: Weights of the part, and the read-out it has here.
        trace: Its trace; ``loss`` is None below the last layer.
        backward: Its backward pass.
        steps: Which step of the sequence, from 1, each row of the trace reads.
    """

    model: Model
    trace: Trace
    backward: Backward
    steps: NDArray[np.intp]


def of(single: Model) -> Network:
    """The network of one layer and one direction that a model is."""
    names = [part.name for part in fields(Model) if part.name != "cell"]
    return Network(StackParams(((single.cell,),)), **{name: getattr(single, name) for name in names})


def run(
    network: Network,
    x: ArrayLike,
    y: ArrayLike | None = None,
    states: States | None = None,
    lengths: ArrayLike | None = None,
    *,
    scored: int | None = None,
) -> NetworkTrace:
    """Forward pass, and the loss where a target is given.

    Args:
        network: Weights and wiring.
        x: (T, B, D).
        y: For a read-out at every step (T, B, O) numbers, or (T, B) labels for softmax; what stands in the padding is
            not read. Else the same without T. None: no loss.
        states: Where each part starts, such as ``trace.stack.last`` of another run; None for zeros.
        lengths: Steps of each sequence (B,), the rest being padding; None if all have T.
        scored: By how many scored steps a "mean" divides, where these are a part of more; None counts them.

    Raises:
        ValueError: Wrong axes, sizes, lengths or labels, a read-out beyond a sequence's end, NaN or infinity.
    """
    ran = stack.forward(network.stack, x, states, lengths, activation=network.activation)
    (T, B, width), kind = ran.output.shape, ran.output.dtype
    W_y, b_y = finite_weights(kind, W_y=network.W_y, b_y=network.b_y)
    read = _read(network, ran)
    logits = (read.reshape(-1, width) @ W_y).reshape(len(read), B, -1) + b_y
    if y is None:
        return NetworkTrace(ran, logits, predict(network.loss, logits))
    if network.readout == "every":
        padding = np.arange(T)[:, None] >= ran.lengths
        given: NDArray[Any] = np.asarray(y)
        if padding.any() and given.shape[:2] == (T, B):
            given = given.copy()
            given[padding] = 0
        wanted, real = targets(network.loss, given, logits.shape, kind), ~padding
    else:
        wanted, real = targets(network.loss, y, logits.shape[1:], kind)[None], np.ones((1, B), bool)
    losses, y_hat, dlogits = LOSSES[network.loss](logits, wanted)
    losses, dlogits = losses * real, dlogits * real[:, :, None]
    by = B if network.over_steps == "sum" else scored or int(real.sum())
    dlogits /= by
    return NetworkTrace(ran, logits, y_hat, losses, float(losses.sum() / by), dlogits)


def backprop(network: Network, trace: NetworkTrace) -> NetworkBackward:
    """Backward pass through read-out, layers, directions and time.

    Raises:
        ValueError: The trace has no loss because `run` got no target; NaN or infinity in network or trace.
    """
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss to backpropagate. Give run() a target y.")
    dz, ran = trace.dlogits, trace.stack
    finite_in("trace", dlogits=dz)
    (W_y,) = finite_weights(dz.dtype, W_y=network.W_y)
    arriving, dh_out, dlast = dz @ W_y.T, np.zeros_like(ran.output), None
    finite_in("trace", **{"what its loss sends back": arriving})
    if network.readout == "every":
        dh_out[:] = arriving
    elif network.readout == "final":
        above = np.split(arriving[0], len(ran.layers[-1]), axis=1)
        below = [np.zeros_like(part.h[0]) for cells in ran.layers[:-1] for part in cells]
        dlast = States((*below, *above))
    else:
        dh_out[_read_at(network, ran.lengths) - 1, np.arange(dz.shape[1])] = arriving[0]
    back = stack.backward(network.stack, ran, dh_out, dlast)
    read = _read(network, ran)
    finite_in("trace", output=read)
    dW_y = read.reshape(-1, read.shape[2]).T @ dz.reshape(-1, dz.shape[2])
    grads = _named(back.grads) | {"W_y": dW_y, "b_y": dz.sum(axis=(0, 1))}
    return NetworkBackward(back, grads, dh_out)


def parameters(network: Network) -> dict[str, Array]:
    """Every parameter by name: W_x.1.forward, W_h.1.forward, b.1.forward, … with the layer from 1, then W_y, b_y."""
    return _named(network.stack) | {"W_y": network.W_y, "b_y": network.b_y}


def with_parameters(network: Network, values: Mapping[str, Array]) -> Network:
    """The network with some parameters replaced, by the names of `parameters`.

    Raises:
        ValueError: An unknown name, or shapes that do not belong together.
    """
    known = parameters(network)
    if unknown := sorted(set(values) - set(known)):
        raise ValueError(f"values: unknown parameter {unknown[0]!r}. Expected {', '.join(known)}.")
    given = known | dict(values)
    layers = tuple(
        tuple(
            replace(cell, **{name: given[f"{name}.{k}.{direction}"] for name in ("W_x", "W_h", "b")})
            for cell, direction in zip(cells, DIRECTIONS, strict=False)
        )
        for k, cells in enumerate(network.stack.layers, start=1)
    )
    return replace(network, stack=StackParams(layers), W_y=given["W_y"], b_y=given["b_y"])


def view(
    network: Network,
    trace: NetworkTrace,
    backward: NetworkBackward,
    layer: int = 1,
    direction: str = "forward",
    b: int | None = None,
) -> View:
    """One direction of one layer as a run of its own, cut to the steps that the loss can reach.

    Args:
        network: Weights and wiring.
        trace: What `run` returned.
        backward: What `backprop` returned for it.
        layer: From 1, the lowest.
        direction: "forward" or "backward".
        b: Which sequence, 0 … B-1; None for the whole batch, if its sequences are equally long.

    Raises:
        ValueError: A layer, a direction or a sequence that is not there, None for sequences of unequal length, or NaN
            or infinity in what is read.
    """
    ran, cells = trace.stack, network.stack.layers
    if isinstance(layer, bool) or not isinstance(layer, int) or not 1 <= layer <= len(cells):
        raise ValueError(f"layer: expected 1 to {len(cells)}, got {layer!r}.")
    if direction not in (known := DIRECTIONS[: len(cells[0])]):
        raise ValueError(f"direction: {direction!r} is not there. Choose {' or '.join(known)}.")
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss. Give run() a target y.")
    rows = sequence(b, len(ran.lengths))
    if len(lengths := set(ran.lengths[rows].tolist())) > 1:
        raise ValueError("b: the sequences are not equally long. Choose one of them.")
    (length,), turned = lengths, DIRECTIONS.index(direction)
    part, cell = ran.layers[layer - 1][turned], cells[layer - 1][turned]
    n = length
    if layer == len(cells):
        given = {
            name: _own(getattr(trace, name), ran.lengths, turned) for name in ("logits", "y_hat", "losses", "dlogits")
        }
        readout, W_y, b_y, loss = "every", np.split(network.W_y, len(cells[0]))[turned], network.b_y, network.loss
        if network.readout != "every":
            at = int(_read_at(network, ran.lengths)[rows][0])
            n = length + 1 - at if turned and network.readout != "final" else at
            readout = "last"
    else:
        sent, h = backward.stack.dh_out[layer - 1][turned], part.h[1:]
        given = {"logits": h, "y_hat": h, "losses": None, "dlogits": sent}
        readout, W_y, b_y, loss = "every", np.eye(cell.H, dtype=h.dtype), np.zeros(cell.H, h.dtype), "mse"
    kept = {name: array if array is None else array[:n, rows] for name, array in given.items()}
    share = None if trace.losses is None or kept["losses"] is None else _share(trace, kept["losses"])
    shown = Trace(cut(part, 0, n, rows), loss=share, **kept)  # type: ignore[arg-type]
    single = Model(cell, W_y, b_y, network.activation, readout, loss, network.over_steps)
    steps = np.arange(length, length - n, -1) if turned else np.arange(1, n + 1)
    return View(single, shown, model.backprop(single, shown), steps)


def _named(params: StackParams) -> dict[str, Array]:
    return {
        f"{name}.{k}.{direction}": getattr(cell, name)
        for k, cells in enumerate(params.layers, start=1)
        for cell, direction in zip(cells, DIRECTIONS, strict=False)
        for name in ("W_x", "W_h", "b")
    }


def _read(network: Network, ran: StackTrace) -> Array:
    """What the read-out reads (S, B, width)."""
    if network.readout == "every":
        return ran.output
    if network.readout == "final":
        return np.concatenate([part.h[-1:] for part in ran.layers[-1]], axis=2)
    return ran.output[_read_at(network, ran.lengths) - 1, np.arange(len(ran.lengths))][None]


def _read_at(network: Network, lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """The step at which each sequence is read, from 1 (B,); for a "final" read-out the last."""
    if not isinstance(network.readout, int):
        return lengths
    if network.readout > lengths.min():
        raise ValueError(
            f"readout: step {network.readout} is beyond the end of sequence {int(lengths.argmin())}, which has "
            f"{lengths.min()} steps. Read an earlier step, or the last one."
        )
    return np.full_like(lengths, network.readout)


def _own(array: Array | None, lengths: NDArray[np.intp], turned: int) -> Array | None:
    """What belongs to each step, in the order of time of a part."""
    return stack.flipped(array, lengths) if turned and array is not None and len(array) > 1 else array


def _share(trace: NetworkTrace, losses: Array) -> float:
    """The part of L that some of the losses make."""
    assert trace.losses is not None
    assert trace.loss is not None
    whole = float(trace.losses.sum())
    return trace.loss * float(losses.sum()) / whole if whole else 0.0
