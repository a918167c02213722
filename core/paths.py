"""The anatomy of ∂c_T/∂c_t: in which ways a change of an early cell state reaches the last one.

c_t acts on what follows in two ways: c_{t+1} takes f_{t+1} ⊙ c_t over, and h_t = o_t ⊙ tanh(c_t), with o_t as it was,
enters the gates and the candidate of step t+1. So the total derivative is that of a run in which c_t and h_t move
together. Each way from c_t to c_T stays in the cell for some steps and leaves it by h_k at the first k at which it
does, or never; that sorts them into three parts which add up to the total:

    forget       diag(Π_{k=t+1..T} f_k)                                  never: through the forget gates alone
    through_h    A_t,  A_k = ∂c_T/∂h_k diag(o_k(1 - tanh²c_k))           at once, k = t
    later        Σ_{k=t+1..T-1} A_k diag(Π_{j=t+1..k} f_j)               at a later step
    total        forget + through_h + later

``forget + later`` is the c-c block of the running product of Jacobians of the state (h, c) (`core.jacobian`), the
derivative with h_t held fixed; ``through_h`` is what that leaves out. In the column convention entry [v, u] is
∂c_T[v]/∂c_t[u]. c_0 moves no h_0, for both are given.

With f = 1 and every other part cut off the derivative is 1 at any distance: the constant error carousel.

Source: Hochreiter & Schmidhuber, "Long short-term memory" (1997), sections 3.2 and 4; the forget gate: Gers,
Schmidhuber & Cummins, "Learning to forget" (2000).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from core.flow import horizon, log10, sequence
from core.jacobian import direct_product, jacobians, local_derivatives
from core.lstm import LSTMTrace
from core.model import Model, Trace
from core.params import Array

__all__ = [
    "MOST",
    "PARTS",
    "CellPaths",
    "Horizons",
    "by_unit",
    "cell_paths",
    "horizons",
    "in_norm",
    "same_unit",
    "total",
]

MOST = 300.0  # decades; powers of ten beyond would leave float64
_PLAIN = 100  # decades to both sides of 1 within which numbers stand as they are, so that squares are safe too
_SURE = (1e-190, 1e190)  # squares of up to a million entries whose sum lies within are those of plain numbers
PARTS = ("forget", "through_h", "later")


@dataclass(frozen=True, eq=False)
class CellPaths:
    """The parts of ∂c_T/∂c_t of one sequence, with their signs, and sizes as base-10 logarithms; row t is t = 0 … T.

    The parts of a row have one scale in common, so they add up however far back it lies: a part is what stands here
    times 10**scale. The scale is 0 as long as all of the row lies within 10^±100.

    Attributes:
        forget: Diagonal of the part through the forget gates alone (T+1, H).
        through_h: Part that leaves the cell at once, by h_t (T+1, H, H); entry [v, u] is of ∂c_T[v]/∂c_t[u].
        later: Part that leaves it at a later step (T+1, H, H).
        scale: Common power of ten (T+1,), a whole number.
        direct: log₁₀ of ``forget`` (T+1, H); finite also where it is too small to stand beside the other parts.
        own: log₁₀ |∂c_T[u]/∂c_t[u]|, the total, to the same unit (T+1, H).
        all: log₁₀ ‖∂c_T/∂c_t[u]‖, the total, to all units, Euclidean norm (T+1, H).
    """

    forget: Array
    through_h: Array
    later: Array
    scale: Array
    direct: Array
    own: Array
    all: Array

    @property
    def T(self) -> int:
        """Steps."""
        return len(self.direct) - 1


@dataclass(frozen=True)
class Horizons:
    """Steps back until what reaches the last step has fallen by e (`core.flow.horizon`); infinite if it never does.

    Attributes:
        direct: Of the mean over units of the forget gates' product.
        fastest: Of the forget gates' product of the unit that forgets first.
        slowest: Of the unit that forgets last.
        total: Of ‖∂c_T/∂c_t‖, Frobenius, every path counted, c_t → h_t too.
    """

    direct: float
    fastest: float
    slowest: float
    total: float


def cell_paths(model: Model, trace: Trace, b: int = 0) -> CellPaths:
    """Follow each unit's cell to the end of a sequence.

    One pass from the last step back, all of it for t = T-1 … 0 and without any subtraction:

        ∂c_T/∂s_t = ∂c_T/∂s_{t+1} J_{t+1},  s = (h, c)
        forget_t = forget_{t+1} f_{t+1},  later_t = (through_h + later)_{t+1} f_{t+1},  through_h_t = A_t

    Args:
        model: Weights of an LSTM.
        trace: What `core.model.run` returned.
        b: Which sequence of the batch, 0 … B-1.

    Raises:
        ValueError: The model is no LSTM, ``b`` is out of range, or the sequence is too long (`core.jacobian.LIMIT`).
    """
    found = jacobians(model, trace, b)
    cell, f = trace.cell, found.direct
    if f is None or not isinstance(cell, LSTMTrace):
        raise ValueError(f"model: expected an LSTM, got {model.kind!r}, which has no cell state.")
    _, dh_dc = local_derivatives(cell, sequence(b, cell.h.shape[1]).start)
    T, H = f.shape
    forget, scale = np.ones((T + 1, H)), np.zeros(T + 1)
    through_h, later = np.zeros((2, T + 1, H, H))
    back = np.concatenate([np.zeros((H, H)), np.eye(H)], axis=1)  # ∂c_T/∂s_t (H, 2H)
    before = forget[T], through_h[T], later[T]
    rows = zip(forget[-2::-1], through_h[-2::-1], later[-2::-1], strict=True)
    for t, J, kept, parts in zip(range(T - 1, -1, -1), found.J[::-1], f[::-1], rows, strict=True):
        back = np.dot(back, J)  # row t of J and of f is of step t+1
        np.multiply(before[0], kept, out=parts[0])
        np.add(before[1], before[2], out=parts[2])
        np.multiply(parts[2], kept, out=parts[2])
        if t:
            np.multiply(back[:, :H], dh_dc[t - 1], out=parts[1])
        if decades := _decades(back, *parts):
            scale[: t + 1] += decades
            for part in (back, *parts):
                part /= 10.0**decades
        before = parts
    whole = np.eye(H) * forget[:, None] + through_h + later
    own = log10(np.abs(np.diagonal(whole, axis1=1, axis2=2))) + scale[:, None]
    every = log10(np.linalg.norm(whole, axis=1)) + scale[:, None]
    return CellPaths(forget, through_h, later, scale, direct_product(f), own, every)


def total(paths: CellPaths, parts: Collection[str] = PARTS) -> Array:
    """∂c_T/∂c_t along chosen parts: all of them give the total derivative, none gives 0.

    Without "through_h" it is the derivative with h_t held fixed.

    Args:
        paths: What `cell_paths` found.
        parts: Any of `PARTS`; those left out are switched off.

    Returns:
        (T+1, H, H), to be taken times 10**paths.scale; entry [v, u] is ∂c_T[v]/∂c_t[u].

    Raises:
        ValueError: A part that is not known.
    """
    if unknown := sorted(set(parts) - set(PARTS)):
        raise ValueError(f"parts: {', '.join(map(repr, unknown))} not known. Choose from {', '.join(PARTS)}.")
    chosen = np.zeros_like(paths.later)
    for name, part in zip(PARTS, _matrices(paths), strict=True):
        if name in parts:
            chosen += part
    return chosen


def same_unit(paths: CellPaths) -> Array:
    """What each part adds to ∂c_T[u]/∂c_t[u], from a unit's cell to the same unit's, with its sign.

    Returns:
        (3, T+1, H), to be taken times 10**paths.scale: parts in the order of `PARTS`, their sum over axis 0 is the
        total.
    """
    return np.stack([np.diagonal(part, axis1=1, axis2=2) for part in _matrices(paths)])


def by_unit(paths: CellPaths) -> Array:
    """What each part adds to ‖∂c_T/∂c_t[u]‖, from a unit's cell to all units': its component along the total.

    Returns:
        (3, T+1, H) as `same_unit`. A part that works against the whole is negative. 0 where the total is 0.
    """
    return _along(paths, axes=(1,))


def in_norm(paths: CellPaths) -> Array:
    """What each part adds to ‖∂c_T/∂c_t‖, Frobenius, all units together: its component along the total.

    Returns:
        (3, T+1) as `by_unit`.
    """
    return _along(paths, axes=(1, 2))


def horizons(paths: CellPaths) -> Horizons:
    """How far each path reaches back from the last step."""
    direct, everything = _powers(paths.direct), _powers(paths.all)
    each = [horizon(direct[:, unit]) for unit in range(direct.shape[1])]
    return Horizons(horizon(direct.mean(axis=1)), min(each), max(each), horizon(np.linalg.norm(everything, axis=1)))


def _matrices(paths: CellPaths) -> tuple[Array, Array, Array]:
    """The parts in the order of `PARTS`, each (T+1, H, H)."""
    return np.eye(paths.forget.shape[1]) * paths.forget[:, None], paths.through_h, paths.later


def _along(paths: CellPaths, axes: tuple[int, ...]) -> Array:
    whole = total(paths)
    size = np.sqrt((whole * whole).sum(axes))
    along = np.stack([(part * whole).sum(axes) for part in _matrices(paths)])
    return np.asarray(np.divide(along, size, out=np.zeros_like(along), where=size > 0))


def _decades(*arrays: Array) -> int:
    """By how many powers of ten to scale: none while the largest entry lies within 10^±100, or all is 0."""
    with np.errstate(over="ignore"):
        squares = sum([float(np.vdot(array, array)) for array in arrays])
    if _SURE[0] < squares < _SURE[1]:  # as nearly always, and a quarter of the time of looking at each entry
        return 0
    largest = float(log10(np.array([np.abs(array).max() for array in arrays])).max())
    return round(largest) if _PLAIN < abs(largest) < np.inf else 0


def _powers(logs: Array) -> Array:
    # Half of the range, so that squares stay finite too.
    return np.asarray(10.0 ** np.clip(logs, -MOST, MOST / 2))
