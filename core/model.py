"""A recurrent layer with its read-out and loss: one run gives a `Trace`, one backward pass a `Backward`.

F7   z_t = h_t W_y + b_y                 at the last step or at every step
F8   ŷ_t = σ(z_t), softmax(z_t) or z_t
F9   L = (1/B) Σ_b Σ_t loss(ŷ_t, y_t)    mean over the batch, sum over the scored steps; or their mean, see `Model`

B13  dz_t = (1/B) ∂loss/∂z_t
B14  dW_y = Σ_t h_tᵀ dz_t     B15  db_y = Σ_t dz_t     B16  dh_out_t = dz_t W_yᵀ
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from core import layer
from core.activations import ACTIVATIONS
from core.layer import Cell, CellBackward, CellTrace
from core.losses import LOSSES, predict, targets
from core.params import Array, finite_in, finite_weights, size

__all__ = [
    "KINDS",
    "OVER_STEPS",
    "READOUTS",
    "Backward",
    "Model",
    "Trace",
    "backprop",
    "backward_layer",
    "init",
    "parameters",
    "run",
    "with_parameters",
]

KINDS = ("rnn", "lstm")  # the two that are compared everywhere; `core.layer.CELLS` has all that there are
READOUTS = ("last", "every")
OVER_STEPS = ("sum", "mean")


@dataclass(frozen=True, eq=False)
class Model:
    """Weights and wiring of one model.

    Attributes:
        cell: Weights of the recurrent layer; their type says which cell it is.
        W_y: Read-out weights (H, O).
        b_y: Read-out bias (O,).
        activation: φ of the RNN; LSTM and GRU have their own.
        readout: "last" (many-to-one) or "every" (many-to-many).
        loss: "bce", "softmax" or "mse".
        over_steps: "sum", or "mean": L and all its gradients divided by the number of scored steps, as the losses of
            PyTorch and Keras do.
    """

    cell: Cell
    W_y: Array
    b_y: Array
    activation: str = "tanh"
    readout: str = "last"
    loss: str = "bce"
    over_steps: str = "sum"

    def __post_init__(self) -> None:
        H = self.cell.H
        if self.W_y.ndim != 2 or len(self.W_y) != H or self.b_y.shape != self.W_y.shape[1:]:
            raise ValueError(
                f"Model: expected W_y ({H}, O), b_y (O,), got {self.W_y.shape}, {self.b_y.shape}. "
                "Give W_y one row per unit."
            )
        choices = {"activation": tuple(ACTIVATIONS), "readout": READOUTS, "loss": tuple(LOSSES)}
        choices["over_steps"] = OVER_STEPS
        for name, known in choices.items():
            if (value := getattr(self, name)) not in known:
                raise ValueError(f"{name}: {value!r} is not known. Choose one of {', '.join(known)}.")

    @property
    def kind(self) -> str:
        """Which cell: "rnn", "lstm" or "gru"."""
        return layer.kind_of(self.cell)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """(D, H, O)."""
        return len(self.cell.W_x), self.cell.H, len(self.b_y)


@dataclass(frozen=True, eq=False)
class Trace:
    """All that `run` computed. S is 1 for a read-out at the last step, T for one at every step.

    Attributes:
        cell: The layer's own trace: x, h, and gates or pre-activations.
        logits: z (S, B, O).
        y_hat: ŷ (S, B, O).
        losses: Loss of each scored step and sequence (S, B), or None when no target was given.
        loss: L, or None.
        dlogits: ∂L/∂z (S, B, O), or None.
    """

    cell: CellTrace
    logits: Array
    y_hat: Array
    losses: Array | None = None
    loss: float | None = None
    dlogits: Array | None = None


@dataclass(frozen=True, eq=False)
class Backward:
    """All that `backprop` computed.

    Attributes:
        cell: The layer's own record: dh, da, dx, dh0, for the LSTM dc and dc0. dc is the total ∂L/∂c_t, through c_{t+1}
            and through h_t (see `core.lstm.LSTMBackward`).
        grads: Gradient of every parameter by name: W_x, W_h, b, W_y, b_y.
        dh_out: What each step's own loss sends into h_t (T, B, H); zero where no loss stands.
    """

    cell: CellBackward
    grads: dict[str, Array]
    dh_out: Array


def init(
    kind: str,
    D: int,
    H: int,
    O: int,  # noqa: E741 - field notation
    *,
    rng: np.random.Generator,
    activation: str = "tanh",
    readout: str = "last",
    loss: str = "bce",
    scheme: str = "uniform",
    gain: float = 1.0,
    forget_bias: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Model:
    """Draw a fresh model. The read-out is drawn from ±1/√H like PyTorch's ``nn.Linear``.

    Args:
        kind: "rnn", "lstm" or "gru".
        D: Input size.
        H: Hidden size.
        O: Outputs.
        rng: Source of all draws. The recurrent layer is drawn first, then the read-out.
        activation: φ of the RNN.
        readout: "last" or "every".
        loss: "bce", "softmax" or "mse".
        scheme: How to draw the recurrent layer, see `core.params.recurrent_weights`.
        gain: Factor on W_h.
        forget_bias: Bias of the LSTM's forget gates.
        dtype: float64 or float32.

    Raises:
        ValueError: Any of them out of its range; the message says which.
    """
    O = size("O", O)  # noqa: E741
    cell = layer.init(kind, D, H, rng=rng, scheme=scheme, gain=gain, forget_bias=forget_bias, dtype=dtype)
    bound = 1 / np.sqrt(H)
    W_y = rng.uniform(-bound, bound, (H, O)).astype(dtype)
    return Model(cell, W_y, np.zeros(O, dtype), activation, readout, loss)


def run(
    model: Model, x: ArrayLike, y: ArrayLike | None = None, h0: ArrayLike | None = None, c0: ArrayLike | None = None
) -> Trace:
    """Forward pass, and the loss where a target is given (F7 … F9).

    Args:
        model: Weights and wiring.
        x: (T, B, D).
        y: For "last": (B, O) numbers, or (B,) labels for softmax. For "every": the same with T in front. None: no loss.
        h0: Initial hidden state (B, H), or None for zeros.
        c0: Initial cell state (B, H), LSTM only.

    Raises:
        ValueError: Wrong axes, sizes or labels, NaN or infinity in any of the arguments, ``c0`` for a cell without one.
    """
    cell = layer.forward(model.cell, x, h0, c0, activation=model.activation)
    kind = cell.h.dtype
    scored = cell.h[1:] if model.readout == "every" else cell.h[-1:]
    S, B, H = scored.shape
    W_y, b_y = finite_weights(kind, W_y=model.W_y, b_y=model.b_y)
    logits = (scored.reshape(S * B, H) @ W_y).reshape(S, B, -1)  # F7
    logits += b_y
    if y is None:
        return Trace(cell, logits, predict(model.loss, logits))
    if model.readout == "last":
        y_scored = targets(model.loss, y, logits.shape[1:], kind)[None]
    else:
        y_scored = targets(model.loss, y, logits.shape, kind)
    losses, y_hat, dlogits = LOSSES[model.loss](logits, y_scored)  # F8
    dlogits /= B  # B13
    loss = float(losses.sum() / B)  # F9
    if model.over_steps == "mean":
        loss, dlogits = loss / S, dlogits / S
    return Trace(cell, logits, y_hat, losses, loss, dlogits)


def backprop(model: Model, trace: Trace) -> Backward:
    """Backward pass through read-out and time (B14 … B16, then the layer's own equations).

    Raises:
        ValueError: The trace has no loss because `run` got no target; NaN or infinity in model or trace, or on the way
            from the loss into the states.
    """
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss to backpropagate. Give run() a target y.")
    dz = trace.dlogits
    finite_in("trace", dlogits=dz)
    (W_y,) = finite_weights(dz.dtype, W_y=model.W_y)
    S, B, O = dz.shape  # noqa: E741
    T, H = len(trace.cell.h) - 1, model.cell.H
    flat_h, flat_dz = trace.cell.h[T + 1 - S :].reshape(S * B, H), dz.reshape(S * B, O)
    dh_out = np.zeros((T, B, H), dz.dtype)
    dh_out[T - S :] = (flat_dz @ W_y.T).reshape(S, B, H)  # B16
    if not np.isfinite(dh_out).all():
        raise ValueError(
            f"trace: its loss sends back more than {dz.dtype} holds, although dlogits and W_y are finite. "
            "Use smaller weights or targets."
        )
    cell = backward_layer(model, trace, dh_out)
    grads = {name: getattr(cell.grads, name) for name in ("W_x", "W_h", "b")}
    grads["W_y"] = flat_h.T @ flat_dz  # B14
    grads["b_y"] = flat_dz.sum(axis=0)  # B15
    return Backward(cell, grads, dh_out)


def backward_layer(model: Model, trace: Trace, dh_out: ArrayLike) -> CellBackward:
    """Backward pass of the recurrent layer alone, for any ``dh_out`` (T, B, H)."""
    return layer.backward(model.cell, trace.cell, dh_out)


def parameters(model: Model) -> dict[str, Array]:
    """Every parameter by name, the model's own arrays: W_x, W_h, b, W_y, b_y."""
    return {
        "W_x": model.cell.W_x,
        "W_h": model.cell.W_h,
        "b": model.cell.b,
        "W_y": model.W_y,
        "b_y": model.b_y,
    }


def with_parameters(model: Model, values: Mapping[str, NDArray[Any]]) -> Model:
    """The model with some parameters replaced, by the names of `parameters`.

    Raises:
        ValueError: An unknown name, or shapes that do not belong together.
    """
    unknown = sorted(set(values) - set(parameters(model)))
    if unknown:
        raise ValueError(f"values: unknown parameter {unknown[0]!r}. Expected {', '.join(parameters(model))}.")
    given = parameters(model) | dict(values)
    cell = replace(model.cell, W_x=given["W_x"], W_h=given["W_h"], b=given["b"])
    return replace(model, cell=cell, W_y=given["W_y"], b_y=given["b_y"])
