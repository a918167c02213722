"""How much of an early word is still there later: in the output, in the states, and on the way in between.

    sensitivity   ‖∂z/∂x_t‖   z = h_T W_y + b_y, the output before the softmax; every entry of both, Frobenius norm
    difference    ‖h_t - h'_t‖ of two sequences that differ in the first step alone, of its size after step 1
    passage       what each step does to it: the activation's slope (transforms), the new input's part (mixes)
    factors       what each step of an RNN multiplies it by: W_h (mixes), φ (squashes), the new input (overwrites)

Before the softmax, because a network that is sure of its answer has a softmax that hardly moves with anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from core.activations import activation
from core.flow import lengths
from core.gru import GRUTrace
from core.losses import predict
from core.lstm import LSTMParams, LSTMTrace
from core.model import Model, backward_layer, run
from core.params import Array, finite_weights, float_array
from core.rnn import RNNParams, RNNTrace

__all__ = ["Passage", "answers_by_gap", "factors", "passage", "sensitivity", "shares"]


def sensitivity(model: Model, x: ArrayLike) -> Array:
    """How much the output at the last step moves with each input: ‖∂z_T/∂x_t‖, Frobenius, for t = 1 … T.

    One backward pass for all outputs: the sequence stands O times in the batch, each with another output's gradient.

    Args:
        model: Weights and wiring.
        x: One sequence (T, 1, D).

    Returns:
        (T,), 0 or larger.

    Raises:
        ValueError: More than one sequence, or one the model cannot read.
    """
    x = np.asarray(x)
    if x.ndim != 3 or x.shape[1] != 1:
        raise ValueError(f"x: expected one sequence (T, 1, D), got shape {x.shape}. Pass one sequence of the batch.")
    O = len(model.b_y)  # noqa: E741 - field notation
    finite_weights(np.float64, W_y=model.W_y)
    trace = run(model, np.repeat(x, O, axis=1))
    dh_out = np.zeros_like(trace.cell.h[1:])
    dh_out[-1] = model.W_y.T
    return lengths(backward_layer(model, trace, dh_out).dx, axis=(1, 2))


def shares(sizes: Array) -> Array:
    """Each size as its part of the sum, or 0 for all where there is none.

    Raises:
        ValueError: ``sizes`` is not one row of finite numbers.
    """
    sizes = float_array("sizes", sizes, ("n",))
    total = float(sizes.sum())
    return sizes / total if total > 0 else np.zeros_like(sizes)


@dataclass(frozen=True, eq=False)
class Passage:
    """What happens to the first word on its way through a sequence, as seen against another first word.

    Attributes:
        left: ‖h_t - h'_t‖ / ‖h_1 - h'_1‖ (T,), 1 at the first step.
        left_c: The same of the cell state, or None for the RNN.
        slope: Mean slope (T,): of the RNN's activation; for the LSTM the mean forget gate, for the GRU the mean update
            gate, which take its place.
        mixed: The new input's part (T,), 0 to 1: ‖x_t W_x + b‖ of itself and ‖h_{t-1} W_h‖; for the LSTM
            ‖i_t ⊙ g_t‖ of itself and ‖f_t ⊙ c_{t-1}‖, for the GRU ‖(1 - z_t) ⊙ n_t‖ of itself and ‖z_t ⊙ h_{t-1}‖.
        direct: What the forget gates alone leave of c_1 (the GRU's update gates of h_1), the mean over units of the
            product of f_2 … f_t (T,). None for the RNN.
    """

    left: Array
    left_c: Array | None
    slope: Array
    mixed: Array
    direct: Array | None


def passage(model: Model, x: ArrayLike, other: ArrayLike) -> Passage:
    """Follow the first word of a sequence.

    Args:
        model: Weights and wiring.
        x: The sequence (T, 1, D).
        other: The same with another first step; the mean over several (T, B, D) is taken.

    Raises:
        ValueError: The sequences do not fit each other or the model; NaN or infinity in model or sequences.
    """
    x, other = float_array("x", x, ("T", "1", "D")), float_array("other", other, ("T", "B", "D"))
    if x.shape[::2] != other.shape[::2] or x.shape[1] != 1:
        raise ValueError(f"other: expected (T, B, D) beside x (T, 1, D), got {other.shape} beside {x.shape}.")
    trace = run(model, np.concatenate([x, other], axis=1)).cell
    left = _left(trace.h)
    if isinstance(trace, LSTMTrace) and isinstance(model.cell, LSTMParams):
        f, new = trace.f[:, 0], trace.i[:, 0] * trace.g[:, 0]
        return Passage(left, _left(trace.c), f.mean(axis=1), _part(new, f * trace.c[:-1, 0]), _product(f))
    if isinstance(trace, GRUTrace):
        z, new = trace.z[:, 0], ((1 - trace.z) * trace.n)[:, 0]
        return Passage(left, None, z.mean(axis=1), _part(new, z * trace.h[:-1, 0]), _product(z))
    assert isinstance(trace, RNNTrace), "a trace is of one of the three cells"
    phi, h = activation(trace.activation), trace.h[:, 0]
    slope = phi.slope(h[1:]).mean(axis=1)
    new = trace.x[:, 0] @ model.cell.W_x + model.cell.b
    return Passage(left, None, slope, _part(new, h[:-1] @ model.cell.W_h), None)


def factors(model: Model, x: ArrayLike, other: ArrayLike) -> Array:
    """What each step of an RNN multiplies the difference by, in three parts (T-1, 3); their product is what it leaves.

    With Δ the difference of two sequences: ‖Δh_{t-1} W_h‖ of ‖Δh_{t-1}‖ is what mixing leaves of it; ‖Δφ(h_{t-1} W_h +
    b)‖ of that what squashing leaves; the rest, ‖Δh_t‖ of that, is the new input's doing: it is the same in both
    sequences, but moves φ to where its slope is another. What the last two take depends on this order of theirs. Means
    over the sequences are taken before they are divided.

    Args:
        model: An RNN.
        x: The sequence (T, 1, D).
        other: Others with another first step (T, B, D).

    Raises:
        ValueError: The model is no RNN; else as `passage`.
    """
    x, other = float_array("x", x, ("T", "1", "D")), float_array("other", other, ("T", "B", "D"))
    trace = run(model, np.concatenate([x, other], axis=1)).cell
    if not isinstance(trace, RNNTrace) or not isinstance(model.cell, RNNParams):
        raise ValueError(f"model: expected an RNN, got {model.kind}. Pass a vanilla RNN.")
    mixed = trace.h[1:-1] @ model.cell.W_h
    squashed = _applied(trace.activation, mixed + model.cell.b)
    sizes = [_apart(states) for states in (trace.h[1:-1], mixed, squashed, trace.h[2:])]
    found: Array = np.stack([_ratio(after, before) for before, after in pairwise(sizes)], axis=1)
    return found


def answers_by_gap(model: Model, before: ArrayLike, filler: ArrayLike, after: ArrayLike) -> Array:
    """What a model answers when the filler is cut off after 0, 1, … words: ŷ (n + 1, O).

    Two passes for all of them: the states after each word of the filler are the batch that reads the end.

    Args:
        model: Weights and wiring of a many-to-one network.
        before: What stands before the filler (T_1, 1, D).
        filler: The filler (n, 1, D).
        after: What stands after it (T_2, 1, D).

    Raises:
        ValueError: One that the model cannot read; NaN or infinity in any of the arguments.
    """
    start, filled, rest = (
        float_array(name, part, ("T", "1", "D"))
        for name, part in (("before", before), ("filler", filler), ("after", after))
    )
    cell = run(model, np.concatenate([start, filled])).cell
    h0 = cell.h[len(start) :, 0]
    c0 = cell.c[len(start) :, 0] if isinstance(cell, LSTMTrace) else None
    end = run(model, np.repeat(rest, len(h0), axis=1), h0=h0, c0=c0)
    return predict(model.loss, end.logits[-1])


def _left(states: Array) -> Array:
    """Mean distance of the first sequence's states to the others', of what it is after step 1 (T,)."""
    apart = _apart(states[1:])
    return apart / apart[0] if apart[0] > 0 else np.zeros_like(apart)


def _product(gate: Array) -> Array:
    """Mean over units of the product of a gate from the second step on (T,), 1 at the first."""
    found: Array = np.cumprod(np.concatenate([np.ones_like(gate[:1]), gate[1:]]), axis=0).mean(axis=1)
    return found


def _apart(states: Array) -> Array:
    """Mean distance of the first sequence's states to the others' (T,)."""
    apart: Array = lengths(states[:, 1:] - states[:, :1], axis=2).mean(axis=1)
    return apart


def _applied(phi: str, a: Array) -> Array:
    return activation(phi).apply(a, np.empty_like(a))


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _part(new: Array, old: Array) -> Array:
    """‖new‖ / (‖new‖ + ‖old‖) of each step (T,)."""
    a, b = lengths(new, axis=1), lengths(old, axis=1)
    both = a + b
    return _ratio(a, both)
