"""The unrolled network as a panel, and the stages that a stepper goes through on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.decompose import own_and_future
from core.model import Backward, Model, Trace
from core.written import short
from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich, math


@dataclass(frozen=True)
class Stage:
    """One stage of an algorithm on the unrolled network, and what is known when it is done.

    Attributes:
        name: Its full name; after the last comma it is short enough for a button.
        group: What it belongs to, the head of its pills; stages of one group follow each other.
        pill: Its own short label within the group; None if it is the group.
        t: The step it works on, or 0.
        states: States h_1 … that are known.
        outputs: Whether ŷ is known.
        losses: Whether the loss is known.
        own: Whether ∂L/∂h of each step's own loss is known.
        reached: The earliest step whose ∂L/∂h is known; above T while none is.
        role: Colour of its pill once it is done.
    """

    name: str
    group: Rich
    pill: Rich | None = None
    t: int = 0
    states: int = 0
    outputs: bool = False
    losses: bool = False
    own: bool = False
    reached: int = 10_000
    role: str = "h"


def groups(stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """The stages as the stepper draws them: names, each with its pills."""
    found: list[dict[str, Any]] = []
    for stage in stages:
        if not found or found[-1]["name"] != stage.group:
            found.append({"name": stage.group, "pills": [], "role": stage.role})
        if stage.pill is not None:
            found[-1]["pills"].append(stage.pill)
    return found


def unrolled(
    model: Model, trace: Trace, stages: Sequence[Stage], targets: Sequence[str], backward: Backward | None = None
) -> Panel:
    """The network of one sequence, step by step.

    Args:
        model: An RNN.
        trace: What `core.model.run` returned for it, with a loss.
        stages: What is known when.
        targets: The target of each scored step, in words.
        backward: What `core.model.backprop` returned; without it no gradients are drawn.
    """
    cell = trace.cell
    T = len(cell.x)
    scored = [
        {
            "y_hat": trace.y_hat[k, 0].tolist(),
            "loss": float(trace.losses[k, 0]) if trace.losses is not None else None,
            "target": [math("y"), f" = {targets[k]}"],
        }
        for k in range(len(trace.y_hat))
    ]
    return {
        "kind": "unrolled",
        "T": T,
        "H": model.cell.H,
        "readout": model.readout,
        "inputs": [f"[{', '.join(short(v) for v in x)}]" for x in cell.x[:, 0]],
        "h": cell.h[:, 0].tolist(),
        "outputs": scored,
        "ownFormula": [math(("2 " if model.loss == "mse" else "") + "(\\hat{y} − y) W_y^⊤")],
        "backward": None if backward is None else _gradients(model, backward),
        "stages": [
            {"t": s.t, "states": s.states, "outputs": s.outputs, "losses": s.losses, "own": s.own, "reached": s.reached}
            for s in stages
        ],
        "stepOf": [next((k for k, s in enumerate(stages, 1) if s.t == t), 1) for t in range(1, T + 1)],
    }


def _gradients(model: Model, backward: Backward) -> dict[str, Any]:
    own, future = own_and_future(model, backward)
    parts = {"own": own, "future": future, "dh": backward.cell.dh, "delta": backward.cell.da}
    limit = max(float(np.abs(part).max()) for part in (own, future))
    return {name: part[:, 0].tolist() for name, part in parts.items()} | {"limit": limit}


def said(lines: Sequence[Sequence[Rich]], style: str) -> Panel:
    """What is said at each step of the cursor, one list of lines a step.

    Args:
        lines: For every step of the cursor its lines.
        style: "status" for sentences, "equation" for formulas with numbers.
    """
    return {"kind": "said", "lines": [list(step) for step in lines], "style": style}
