"""The three losses, each from logits, with its gradient.

Every function takes logits (S, B, O) for S scored steps and returns ``(losses, y_hat, dlogits)``: the loss of each step
and sequence (S, B), the prediction (S, B, O), and the gradient of the *sum* of all losses with respect to the logits.
bce and softmax stay finite and accurate where the exponential of a logit would overflow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.activations import sigmoid
from core.params import Array, sized

__all__ = ["LOSSES", "Loss", "bce", "mse", "predict", "softmax", "targets"]

Loss = Callable[[Array, NDArray[Any]], tuple[Array, Array, Array]]


def bce(z: Array, y: NDArray[Any]) -> tuple[Array, Array, Array]:
    """Binary cross-entropy with logits, summed over outputs: -y log ŷ - (1-y) log(1-ŷ) with ŷ = σ(z).

    Stable form max(z, 0) - z y + log(1 + e^-|z|): the exponential never exceeds 1
    (see ``tf.nn.sigmoid_cross_entropy_with_logits``). Its gradient is ŷ - y.
    """
    y_hat = sigmoid(z)
    losses = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return losses.sum(axis=-1), y_hat, y_hat - y


def softmax(z: Array, y: NDArray[Any]) -> tuple[Array, Array, Array]:
    """Cross-entropy of softmax probabilities: -log ŷ_y with y the label (S, B).

    Stable form by the log-sum-exp shift z - max z (Blanchard, Higham & Higham 2021). Its gradient is ŷ - onehot(y).
    """
    shifted = z - z.max(axis=-1, keepdims=True)
    exp = np.exp(shifted)
    total = exp.sum(axis=-1, keepdims=True)
    y_hat = exp / total
    at_label = y[..., None]
    losses = (np.log(total) - np.take_along_axis(shifted, at_label, axis=-1))[..., 0]
    dz = y_hat.copy()
    np.put_along_axis(dz, at_label, np.take_along_axis(dz, at_label, axis=-1) - 1, axis=-1)
    return losses, y_hat, dz


def mse(z: Array, y: NDArray[Any]) -> tuple[Array, Array, Array]:
    """Squared error, mean over outputs: (1/O) Σ (ŷ - y)² with ŷ = z. Its gradient is 2(ŷ - y)/O."""
    error = z - y
    return (error * error).mean(axis=-1), z, error * (2 / z.shape[-1])


def predict(loss: str, z: Array) -> Array:
    """The prediction ŷ (S, B, O) that belongs to a loss: σ(z), softmax(z), or z itself."""
    if loss == "softmax":
        exp = np.exp(z - z.max(axis=-1, keepdims=True))
        return np.asarray(exp / exp.sum(axis=-1, keepdims=True))
    return sigmoid(z) if loss == "bce" else z


LOSSES: Mapping[str, Loss] = MappingProxyType({"bce": bce, "softmax": softmax, "mse": mse})


def targets(loss: str, y: ArrayLike, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Check targets at the boundary.

    Args:
        loss: Name of the loss.
        y: Numbers of the logits' shape for bce (0 … 1) and mse, whole-number labels without the last axis for softmax.
        shape: Shape of the logits, (B, O) at one step or (T, B, O) at every step.
        dtype: Float type of the run.

    Raises:
        ValueError: Wrong shape, NaN, a label out of range, or a bce target outside 0 … 1.
    """
    axes = ("T", "B", "O")[-len(shape) :]
    if loss != "softmax":
        values = sized("y", y, axes, shape, dtype)
        if loss == "bce" and (values.min() < 0 or values.max() > 1):
            low, high = values.min(), values.max()
            raise ValueError(f"y: bce expects targets from 0 to 1, got {low:g} to {high:g}. Rescale them or use mse.")
        return values
    labels, O = np.asarray(y), shape[-1]  # noqa: E741 - field notation
    if labels.dtype.kind not in "iub" or labels.shape != shape[:-1]:
        wanted = f"({', '.join(axes[:-1])}{',' if len(axes) == 2 else ''}) = {shape[:-1]}"
        raise ValueError(
            f"y: softmax expects whole-number labels of shape {wanted}, got {labels.dtype} of shape {labels.shape}. "
            f"Give each scored step its class from 0 to {O - 1}."
        )
    if labels.min() < 0 or labels.max() >= O:
        bad = labels[(labels < 0) | (labels >= O)][0]
        raise ValueError(f"y: expected labels from 0 to {O - 1} for {O} outputs, got {bad}. Number the classes from 0.")
    return labels.astype(np.intp, copy=False)
