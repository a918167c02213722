"""Where a recurrent weight is used at each step: what it multiplies there, and which deltas it meets.

A weight's gradient is a sum over steps and, where one array serves in several places, over its uses side by side:

    ∂L/∂W = [Σ_t leftᵀ da_t[columns]  for each use]        left is x_t for W_x, h_{t-1} for W_h, 1 for b

RNN and LSTM use each weight once a step, all columns of da. In the GRU the columns of da are r, z, n, u: W_x meets the
first three, W_h the blocks r and z and, for its candidate, u; in the form of 2014 da has no u, and W_hn multiplies
r_t ⊙ h_{t-1} and meets da_n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.gru import GRUTrace
from core.layer import CellTrace
from core.lstm import LSTMTrace
from core.params import Array

__all__ = ["Stack", "Use", "find", "parts", "split", "stacked", "uses"]


@dataclass(frozen=True, eq=False)
class Use:
    """One use of a weight at every step.

    Attributes:
        left: What it multiplies (T, B, rows).
        columns: The columns of da that it meets.
    """

    left: Array
    columns: slice

    @property
    def width(self) -> int:
        """How many columns."""
        return int(self.columns.stop - self.columns.start)


def uses(trace: CellTrace, name: str) -> tuple[Use, ...]:
    """The uses of W_x, W_h or b, in the order in which their columns lie side by side in the weight.

    Args:
        trace: The layer's own trace.
        name: W_x, W_h or b.
    """
    H = trace.h.shape[2]
    if isinstance(trace, GRUTrace):
        if name == "W_h":
            candidate = Use(trace.h[:-1], slice(3 * H, 4 * H))
            if not trace.reset_after:
                candidate = Use(trace.r * trace.h[:-1], slice(2 * H, 3 * H))
            return Use(trace.h[:-1], slice(0, 2 * H)), candidate
        width = 4 * H if name == "b" and trace.reset_after else 3 * H
    else:
        width = 4 * H if isinstance(trace, LSTMTrace) else H
    left = {"W_x": trace.x, "W_h": trace.h[:-1]}.get(name)
    return (Use(np.ones((*trace.x.shape[:2], 1), trace.h.dtype) if left is None else left, slice(0, width)),)


def find(trace: CellTrace, name: str, col: int) -> tuple[Array, int]:
    """What a column of a weight multiplies (T, B, rows), and the column of da that it meets."""
    for use in uses(trace, name):
        if col < use.width:
            return use.left, use.columns.start + col
        col -= use.width
    raise ValueError(f"col: {name} has fewer columns. Count from 0.")


def split(matrix: Array, widths: Sequence[int]) -> list[Array]:
    """The columns of a weight or its gradient, a block for each use."""
    return np.split(matrix, np.cumsum(widths)[:-1], axis=1)


@dataclass(frozen=True, eq=False)
class Stack:
    """Uses that meet the same columns, laid on one another, so that one product serves them all.

    Attributes:
        left: What they multiply (T, B, rows).
        columns: The columns of da that they meet.
        places: Name of the weight and the rows of each.
    """

    left: Array
    columns: slice
    places: tuple[tuple[str, slice], ...]


def stacked(trace: CellTrace, names: Sequence[str]) -> tuple[Stack, ...]:
    """The uses of several weights in as few stacks as their columns allow; those of one weight stay in their order."""
    grouped: dict[tuple[int, int], list[tuple[str, Array]]] = {}
    for name in names:
        for use in uses(trace, name):
            grouped.setdefault((use.columns.start, use.columns.stop), []).append((name, use.left))
    stacks = []
    for columns, members in grouped.items():
        ends = np.cumsum([left.shape[2] for _, left in members]).tolist()
        places = tuple((name, slice(end - left.shape[2], end)) for end, (name, left) in zip(ends, members, strict=True))
        stacks.append(Stack(np.concatenate([left for _, left in members], axis=2), slice(*columns), places))
    return tuple(stacks)


def parts(stacks: Sequence[Stack], matrices: Sequence[Array], name: str) -> list[Array]:
    """The blocks of one weight, from one matrix (rows, columns) for each stack."""
    pairs = zip(stacks, matrices, strict=True)
    return [matrix[rows] for stack, matrix in pairs for owner, rows in stack.places if owner == name]
