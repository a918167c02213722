"""From one cell state to a later one: the path that only the forget gates multiply, and every path together.

    direct   Π_{k=t+1..T} f_k[u]           the gates held as they were
    own      |∂c_T[u]/∂c_t[u]|             every path from a unit's cell to the same unit's, through h and the gates too
    all      ‖∂c_T/∂c_t[u]‖                every path from a unit's cell to all units' cells

Both differ because c_t also moves h_t, and h_t moves the gates and candidates of all later steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.flow import horizon, log10
from core.jacobian import direct_product, jacobians, products
from core.model import Model, Trace
from core.params import Array

__all__ = ["MOST", "CellPaths", "Horizons", "cell_paths", "horizons"]

MOST = 300.0  # decades; powers of ten beyond would leave float64


@dataclass(frozen=True, eq=False)
class CellPaths:
    """Sizes of what reaches c_T from each c_t of one sequence, as base-10 logarithms; row t is t = 0 … T.

    Attributes:
        direct: By unit (T+1, H), through the forget gates alone.
        own: By unit (T+1, H), through every path, to the same unit.
        all: By unit (T+1, H), through every path, to all units (Euclidean norm).
    """

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
        direct: Of the mean over units of the direct path.
        fastest: Of the direct path of the unit that forgets first.
        slowest: Of the unit that forgets last.
        all: Of ‖∂c_T/∂c_t‖, Frobenius, through every path.
    """

    direct: float
    fastest: float
    slowest: float
    all: float


def cell_paths(model: Model, trace: Trace, b: int = 0) -> CellPaths:
    """Follow each unit's cell to the end of a sequence.

    Args:
        model: Weights of an LSTM.
        trace: What `core.model.run` returned.
        b: Which sequence of the batch, 0 … B-1.

    Raises:
        ValueError: The model is no LSTM, ``b`` is out of range, or the sequence is too long (`core.jacobian.LIMIT`).
    """
    found = jacobians(model, trace, b)
    if found.direct is None:
        raise ValueError(f"model: expected an LSTM, got {model.kind!r}, which has no cell state.")
    P, scale = products(found)
    H = found.direct.shape[1]
    cell, scales = P[:, H:, H:], scale[:, None]
    own = log10(np.abs(np.diagonal(cell, axis1=1, axis2=2))) + scales
    return CellPaths(direct_product(found.direct), own, log10(np.linalg.norm(cell, axis=1)) + scales)


def horizons(paths: CellPaths) -> Horizons:
    """How far each path reaches back from the last step."""
    direct, everything = _powers(paths.direct), _powers(paths.all)
    by_unit = [horizon(direct[:, unit]) for unit in range(direct.shape[1])]
    return Horizons(
        horizon(direct.mean(axis=1)), min(by_unit), max(by_unit), horizon(np.linalg.norm(everything, axis=1))
    )


def _powers(logs: Array) -> Array:
    # Half of the range, so that squares stay finite too.
    return np.asarray(10.0 ** np.clip(logs, -MOST, MOST / 2))
