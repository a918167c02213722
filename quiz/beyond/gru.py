r"""A GRU step in PyTorch's form, in which the reset gate acts after the product with W_hn.

    r = σ(x W_xr + b_xr + h W_hr + b_hr)
    z = σ(x W_xz + b_xz + h W_hz + b_hz)
    n = tanh(x W_xn + b_xn + r ⊙ (h W_hn + b_hn))
    h' = (1 - z) ⊙ n + z ⊙ h

Source: PyTorch, `torch.nn.GRU`; after Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014),
whose last version has the reset before the product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.activations import sigmoid
from core.params import Array

BLOCKS = 3  # r, z, n


@dataclass(frozen=True, eq=False)
class GRUParams:
    """Weights, blocks in the order r, z, n: W_x (D, 3H), W_h (H, 3H), b_x and b_h (3H,)."""

    W_x: Array
    W_h: Array
    b_x: Array
    b_h: Array


def zeros(D: int, H: int) -> GRUParams:
    """A layer of that size with all weights 0."""
    wide = BLOCKS * H
    return GRUParams(np.zeros((D, wide)), np.zeros((H, wide)), np.zeros(wide), np.zeros(wide))


def step(params: GRUParams, x: Array, h: Array) -> Array:
    """The next state (H,) from an input (D,) and a state (H,)."""
    x_r, x_z, x_n = np.split(x @ params.W_x + params.b_x, BLOCKS)
    h_r, h_z, h_n = np.split(h @ params.W_h + params.b_h, BLOCKS)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)
    return np.asarray((1 - z) * n + z * h)
