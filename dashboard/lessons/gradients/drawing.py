"""The drawing that the lesson's beats drive: every network of the sliders, the run that breaks, one step at a cliff."""

from __future__ import annotations

import math
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np

from core import clipping as steps
from core import flow, model, slopes
from core.written import power, power_of_ten, short
from dashboard.figure import prose
from dashboard.figure.pack import pack
from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich
from dashboard.kit.run import compute as runs
from dashboard.lessons.gradients import clipping, grid
from dashboard.lessons.gradients.compute import FAILING, failing
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.grid import BOOKMARKS, Position
from dashboard.lessons.gradients.settings import ACTIVATIONS

CURVE = np.linspace(-6.0, 6.0, 121)
RATE = 0.01
NORMS, VALUES = (0.1, 1.0, 20.0), (0.1, 0.5, 2.0)
"""Limits of the gradient's length and of its entries that the last beat lets one choose."""
FIRST = 1, 1
"""Of those, the places of the two it begins with."""
LENGTHS = np.geomspace(1e-4, 10**0.55, 140)
EARLY = 10  # steps
SHORT = "vanishes", "stable", "explodes", "ρ<1, grows", "ρ>1, falls"
"""Names of the bookmarks where there is little room."""


@lru_cache(maxsize=1)
def drawn() -> Panel:
    """The panel."""
    found = grid.stored()
    return {
        "kind": "product",
        "T": grid.T,
        "H": grid.H,
        "unit": grid.UNIT,
        "coarse": grid.COARSE,
        "band": grid.BAND,
        "radii": list(grid.RADII),
        "inputs": list(grid.INPUTS),
        "shapes": list(grid.SHAPES),
        "activations": [_activation(name) for name in grid.ACTIVATIONS],
        "even": np.log10(grid.RADII).tolist(),
        "link": grid.LINK,
        "bookmarks": [
            {"title": title, "short": name, "at": asdict(at)}
            for (title, at), name in zip(BOOKMARKS.items(), SHORT, strict=True)
        ],
        **{name: pack(values) for name, values in vars(found).items()},
        "failing": _failing(),
        "clipping": _clipping(),
    }


def _activation(name: str) -> dict[str, Any]:
    """An activation with the curve of its slope, and what is said of it where no setting of the sliders keeps."""
    curve = [(-6.0, 0.0), (0.0, 0.0), (0.0, 1.0), (6.0, 1.0)]  # ReLU's jump, which a grid would slant
    if name != "relu":
        points = zip(CURVE, slopes.slope_at(name, CURVE), strict=True)
        curve = [(round(float(a), 2), round(float(v), 4)) for a, v in points]
    return {"name": name, "label": ACTIVATIONS[name], "curve": curve, "never": never(name)}


def never(name: str) -> Rich:
    """That no setting of the sliders keeps the gradient with an activation, and the best one; nothing if one does."""
    found = grid.stored()
    lines = {at: found.at(at) for at in grid.positions() if at.activation == name}
    if any(each.left is None for each in lines.values()):
        return []
    best = max(lines, key=lambda at: -abs(float(lines[at].line[0])))
    return prose(
        f"**With the {ACTIVATIONS[name]} it does so at all {len(lines)} positions of the sliders:** the best leaves "
        f"{power_of_ten(float(lines[best].line[0]), 2)}."
    )


def _failing() -> dict[str, Any]:
    """The run that breaks, update by update: its largest state at each step, its gradient and its loss."""
    plain, _, T = failing()
    return {
        "T": T,
        "ceiling": math.log10(np.finfo(np.float64).max),
        "ceilingText": number(float(np.finfo(np.float64).max)),
        "rate": short(FAILING.lr),
        "updates": [
            {
                "loss": number(each.loss),
                "gradient": number(each.norm),
                "states": [round(math.log10(v), 4) if 0 < v < math.inf else None for v in each.states],
            }
            for each in plain.updates
        ],
        "infinite": plain.infinity.t if plain.infinity else None,
        "nan": plain.nan.t if plain.nan else None,
        "broken": plain.updates[-1].update,
    }


def _clipping() -> dict[str, Any]:
    """One step from the cliff with each limit of the norm and of the entries, and the loss along both directions."""
    network, x, y = clipping.at_cliff()
    trace = model.run(network, x, y)
    grads = model.backprop(network, trace).grads
    taken = {
        (norm, value): steps.steps(network, x, y, grads, lr=RATE, limit=value, max_norm=norm)
        for norm, value in zip(NORMS, VALUES, strict=True)
    }

    def along(way: Any) -> Any:
        direction = {name: g / way.length for name, g in way.grads.items()}
        return pack(steps.losses_along(network, x, y, direction, LENGTHS).astype(np.float32))

    none = next(iter(taken.values()))[0]
    return {
        "rate": short(RATE),
        "before": float(trace.loss or 0.0),
        "lengths": pack(LENGTHS.astype(np.float32)),
        "along": along(none),
        "none": _step(none, math.inf),
        "norms": [_step(each[2], limit) for (limit, _), each in taken.items()],
        "values": [_step(each[1], limit) | {"along": along(each[1])} for (_, limit), each in taken.items()],
        "first": list(FIRST),
    }


def _step(found: steps.ClippedStep, limit: float) -> dict[str, Any]:
    degrees = float(np.nan_to_num(found.degrees))
    return {
        "limit": "" if math.isinf(limit) else short(limit), "length": found.length, "degrees": degrees,
        "step": found.step, "loss": found.loss,
    }  # fmt: skip


def reach() -> list[tuple[str, float]]:
    """Lengths of four gradients of all weights: what a limit of 1 shortens, and what it leaves alone."""
    exploding, vanishing = BOOKMARKS["Exploding"], BOOKMARKS["Vanishing"]
    return [
        ("the network of beat 6, before its first update", failing()[0].updates[0].norm),
        ("the network at the cliff", drawn()["clipping"]["none"]["length"]),
        ("bookmark 3, “Exploding”", _length(exploding)),
        (f"bookmark 1, “Vanishing”: the share of steps 1 to {EARLY}", _length(vanishing, EARLY)),
    ]


def _length(at: Position, first: int | None = None) -> float:
    """Length of the gradient of all weights, or of what the first steps bring to it."""
    sequence = runs.sequence(at.network)
    network = runs.start(at.network, sequence)["rnn"]
    trace = model.run(network, sequence.x, sequence.y)
    backward = model.backprop(network, trace)
    grads = backward.grads if first is None else clipping.early(network, trace, backward, first)
    return flow.global_norm(grads)


def about(log10: float) -> str:
    """A power of ten for an option: the nearest whole one where it is below a hundredth."""
    return power(round(log10)) if log10 < -2 else power_of_ten(log10, 2)
