"""The network as the beats take it: nudges, the way back, shares and updates, so that they need no server."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from core.activations import activation
from core.decompose import immediate, own_and_future
from core.nudges import Nudged, nudge_each
from core.params import Array
from core.written import short
from dashboard.figure.pack import Packed, pack
from dashboard.figure.panels import Panel
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import Small
from dashboard.kit.network.view import parts, scored_steps, targets
from dashboard.kit.run.settings import Settings
from dashboard.lessons.bptt import sentences
from dashboard.lessons.bptt.compute import both, presses

NUDGE = 0.1
FINE = tuple(round(-NUDGE + 0.01 * k, 2) for k in range(21))
"""Nudges that the opened entry can be dragged to."""
COARSE = (-NUDGE, 0.0, NUDGE)
FEW = 16  # steps times units: up to here every entry can be nudged
CURVE = np.linspace(-2.6, 2.6, 53)


def first_entry(small: Small) -> tuple[int, int]:
    """The entry of W_h that is opened first: one through which one unit speaks to another, if there is one."""
    return (1, 0) if small.model.cell.H > 1 else (0, 0)


def _grid(small: Small) -> dict[tuple[int, int], Sequence[float]]:
    """The nudges of each entry, from down to up: fine ones of the one that is opened first."""
    first, H = first_entry(small), small.model.cell.H
    return {(i, j): FINE if (i, j) == first else COARSE for i, j in np.ndindex(H, H)}


@lru_cache(maxsize=16)
def nudged(small: Small) -> dict[tuple[int, int], Nudged]:
    """The runs with each entry nudged."""
    return nudge_each(small.model, small.trace, small.sequence.y, _grid(small))


@lru_cache(maxsize=16)
def drawn(settings: Settings, *, updates: bool = True) -> Panel:
    """The panel; a run that only tells an answer takes it as it is.

    Args:
        settings: Of the network.
        updates: Whether with them.
    """
    small = network.small(settings)
    params, trace = parts(small)
    entry, found = first_entry(small), nudged(small)
    shares, slope = immediate(small.model, small.trace, small.backward), activation(trace.activation).slope
    return {
        "kind": "backward",
        "T": small.T,
        "activation": trace.activation,
        "alpha": small.settings.lr,
        "nudge": NUDGE,
        "x": _listed(trace.x[:, 0]),
        "weights": {"W_h": _listed(params.W_h)},
        "outputs": _outputs(small),
        "run": _run(small),
        "slope": _listed(slope(trace.h[1:, 0])),
        "a": _listed(trace.a[:, 0]),
        "curve": _curve(trace.activation),
        "shares": _listed(shares["W_h"]),
        "lengths": _lengths(shares),
        "nudges": {
            sentences.name(at): _nudges(small, runs, _grid(small)[at])
            for at, runs in found.items()
            if at == entry or small.T * params.H <= FEW
        },
        "measured": {sentences.name(at): _measured(runs) for at, runs in found.items()},
        "presses": _presses(small) if updates else None,
        "said": sentences.dynamic(small),
    }


@cache
def _curve(name: str) -> list[list[float]]:
    """Points of an activation."""
    heights = activation(name).apply(CURVE, np.empty_like(CURVE))
    return [[float(a), round(float(v), 4)] for a, v in zip(CURVE, heights, strict=True)]


def _number(value: float) -> float | None:
    """As it is sent: nothing where it is no number."""
    return value if math.isfinite(value) else None


def _listed(values: Array) -> Any:
    """An array as lists of numbers as they are sent."""
    return values.tolist() if np.isfinite(values).all() else _sent(values.tolist())


def _sent(values: Any) -> Any:
    return [_sent(part) for part in values] if isinstance(values, list) else _number(values)


def targets_of(small: Small) -> list[int]:
    """Which output of each scored step is shown: that of the target's class, else the only one."""
    softmax = small.model.loss == "softmax"
    return [int(float(target)) if softmax else 0 for target in targets(small)]


def _outputs(small: Small) -> list[dict[str, Any]]:
    several = small.model.loss == "softmax"
    return [
        {"t": t, "target": target, "index": f"[{target}]" if several else ""}
        for (_, t), target in zip(scored_steps(small.trace), targets(small), strict=True)
    ]


def _run(small: Small) -> dict[str, Any]:
    """The run forward and back."""
    trace, backward = small.trace, small.backward
    own, future = own_and_future(small.model, backward)
    assert trace.losses is not None
    return {
        "h": _listed(trace.cell.h[:, 0]),
        "y": [_number(float(trace.y_hat[k, 0, o])) for k, o in enumerate(targets_of(small))],
        "losses": _listed(trace.losses[:, 0]),
        "loss": _number(float(trace.losses.sum())),
        "own": _listed(own[:, 0]),
        "future": _listed(future[:, 0]),
        "dh": _listed(backward.cell.dh[:, 0]),
        "delta": _listed(backward.cell.da[:, 0]),
    }


def _lengths(shares: Mapping[str, Array]) -> dict[str, Any]:
    """Length of what the steps from t on have added up to, for t = 1 … T, by weight.

    Args:
        shares: What each step adds to the gradient of each weight (T, …).
    """
    sums = {name: np.cumsum(shares[name][::-1], axis=0)[::-1] for name in ("W_x", "W_h", "W_y")}
    return {name: _listed(np.linalg.norm(values, axis=(1, 2))) for name, values in sums.items()}


def _nudges(small: Small, runs: Nudged, by: Sequence[float]) -> dict[str, Any]:
    """The runs with one entry nudged, at each use alone and last at all of them, as they are sent: (T+1, n, …)."""
    outputs = targets_of(small)
    return {
        "by": list(by),
        "h": _packed(np.moveaxis(runs.h[1:], 0, 2)),
        "y": _packed(np.stack([runs.y_hat[k, :, :, o] for k, o in enumerate(outputs)], axis=2)),
        "losses": _packed(np.moveaxis(runs.losses, 0, 2)),
        "loss": _packed(runs.loss),
    }


def _packed(values: Array) -> Packed:
    with np.errstate(over="ignore"):
        return pack(values.astype(np.float32))


def _measured(runs: Nudged) -> Any:
    """What nudging by `NUDGE` either way, the ends of the grid, says of each share: (L₊ - L₋) / 2ε at each use."""
    return _listed((runs.loss[:-1, -1] - runs.loss[:-1, 0]) / (2 * NUDGE))


def _presses(small: Small) -> dict[str, Any]:
    """The network before the first update and after each; gradients are those of both sequences' losses together.

    Arrays are (P, 2, …): by update and sequence.
    """
    (x, y), found, outputs = both(small), presses(small.settings), targets_of(small)
    scored = np.stack([found.y_hat[:, k, :, o] for k, o in enumerate(outputs)], axis=2)

    def by_sequence(values: Array) -> Packed:
        return _packed(values.swapaxes(1, 2))

    lengths = {name: _listed(found.lengths[name]) for name in ("W_x", "W_h", "W_y")}
    return {
        "x": _listed(x.swapaxes(0, 1)),
        "targets": _targets(small, y),
        "loss": _listed(found.loss),
        "W_h": _listed(found.weights["W_h"]),
        "lengths": [dict(zip(lengths, of_press, strict=True)) for of_press in zip(*lengths.values(), strict=True)],
        "h": by_sequence(found.h),
        "y": _packed(scored),
        "losses": by_sequence(found.losses),
        "own": by_sequence(found.dh_out),
        "future": by_sequence(found.future),
        "dh": by_sequence(found.dh),
        "delta": by_sequence(found.da),
    }


def _targets(small: Small, y: Array) -> list[list[str]]:
    """The targets of both sequences, in words."""
    by_sequence = y.swapaxes(0, 1) if small.settings.readout == "every" else y
    return [[short(float(v)) for v in np.ravel(part)] for part in by_sequence]
