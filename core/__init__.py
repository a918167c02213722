"""The NumPy side of Unrolled: recurrent networks whose every intermediate value can be read.

    import core
    params = core.rnn.init(D=3, H=4, rng=rng)

A module is loaded when it is first used, so that ``import core`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core import (
        activations,
        brought,
        check,
        checkpoints,
        chrono,
        clipping,
        context,
        course,
        decompose,
        doctor,
        equations,
        errors,
        experiments,
        factors,
        flow,
        full_batch,
        gradcheck,
        gru,
        inside,
        jacobian,
        lab,
        layer,
        losses,
        lstm,
        model,
        network,
        nudges,
        optim,
        overflow,
        override,
        pace,
        params,
        paths,
        pointwise,
        reach,
        retention,
        rnn,
        sentences,
        sizes,
        slopes,
        stack,
        table,
        task,
        tasks,
        text,
        torch_weights,
        train,
        uses,
        windows,
        wire,
        work,
        written,
        zoo,
    )

__all__ = [
    "activations",
    "brought",
    "check",
    "checkpoints",
    "chrono",
    "clipping",
    "context",
    "course",
    "decompose",
    "doctor",
    "equations",
    "errors",
    "experiments",
    "factors",
    "flow",
    "full_batch",
    "gradcheck",
    "gru",
    "inside",
    "jacobian",
    "lab",
    "layer",
    "losses",
    "lstm",
    "model",
    "network",
    "nudges",
    "optim",
    "overflow",
    "override",
    "pace",
    "params",
    "paths",
    "pointwise",
    "reach",
    "retention",
    "rnn",
    "sentences",
    "sizes",
    "slopes",
    "stack",
    "table",
    "task",
    "tasks",
    "text",
    "torch_weights",
    "train",
    "uses",
    "windows",
    "wire",
    "work",
    "written",
    "zoo",
]

if not TYPE_CHECKING:  # a type checker would take any name for a module then

    def __getattr__(name: str) -> Any:
        if name in __all__:
            return import_module(f"core.{name}")
        raise AttributeError(f"module 'core' has no attribute {name!r}")
