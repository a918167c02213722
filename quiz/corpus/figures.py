"""Figures on verdicts: agreement and intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Verdicts = NDArray[np.int64]  # numbers of labels, from worst to best
Z = 1.959964  # of a normal distribution, for 95 %
DRAWS = 1_000


def kappa(right: Verdicts, given: Verdicts, labels: int = 3) -> float:
    """Quadratically weighted κ; 1 is full agreement, 0 what chance gives."""
    table = np.zeros((labels, labels))
    np.add.at(table, (right, given), 1)
    weights = np.subtract.outer(np.arange(labels), np.arange(labels)) ** 2
    chance = np.outer(table.sum(1), table.sum(0)) / max(table.sum(), 1)
    expected = float((weights * chance).sum())
    return 1 - float((weights * table).sum()) / expected if expected else 0.0


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval of a share, 95 %; all there is if nothing was counted."""
    if not of:
        return 0.0, 1.0
    share = hits / of
    middle = share + Z * Z / (2 * of)
    half = Z * np.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    return max(0.0, float((middle - half) / whole)), min(1.0, float((middle + half) / whole))


def kappa_interval(right: Verdicts, given: Verdicts) -> tuple[float, float]:
    """The interval of κ, 95 %, by drawing the answers again with a fixed seed."""
    if not len(right):
        return -1.0, 1.0
    draws = np.random.default_rng(0).integers(0, len(right), (DRAWS, len(right)))
    found = [kappa(right[draw], given[draw]) for draw in draws]
    return float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))
