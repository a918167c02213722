"""Training as a generator: each step is a record that can be shown, stopped at and continued from.

Small matrix products run slower on several BLAS threads than on one; a caller that trains much should limit them
(``OPENBLAS_NUM_THREADS=1`` before NumPy is loaded). This package leaves that to the caller.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from core import model as models
from core import network as networks
from core.flow import clip_by_norm, clip_by_value, global_norm
from core.model import Model
from core.network import Network
from core.optim import Optimiser, State
from core.params import Array, finite_weights, size
from core.task import Batch, Learnable

__all__ = ["CLIPS", "Clip", "Diverged", "Step", "Trainable", "clip", "train"]

Clip = tuple[Literal["norm", "value"], float]
CLIPS = ("none", "norm", "value")
Trainable = TypeVar("Trainable", bound=Model | Network)
"""One layer, or a whole network of several layers or of two directions."""


@dataclass(frozen=True, eq=False)
class Step(Generic[Trainable]):
    """One training step. Loss, accuracy and norms belong to the weights before its update.

    Attributes:
        step: 1, 2, …
        loss: Loss on the step's batch.
        accuracy: How well the batch is answered, 0 to 1 (`core.task.score`).
        grad_norm: Norm of the gradient over all parameters.
        clipped_norm: The same after clipping; equal to ``grad_norm`` without.
        model: The model after the update. Its arrays are its own: later steps do not write to them.
        state: The optimiser's state after the update.
    """

    step: int
    loss: float
    accuracy: float
    grad_norm: float
    clipped_norm: float
    model: Trainable
    state: State


class Diverged(ArithmeticError):  # noqa: N818 - it reads as what happened
    """Training met a number that is not finite.

    Attributes:
        step: The step at which it happened.
        quantity: The first thing that was not finite, such as "loss" or "gradient of W_h".
    """

    def __init__(self, step: int, quantity: str) -> None:
        super().__init__(step, quantity)
        self.step, self.quantity = step, quantity

    def __str__(self) -> str:
        return (
            f"Training diverged at step {self.step}: the {self.quantity} is not finite. "
            "Clip the gradient or lower the learning rate."
        )


def train(
    model: Trainable,
    task: Learnable,
    *,
    steps: int,
    batch_size: int,
    optimiser: Optimiser,
    clip: Clip | None = None,
    rng: np.random.Generator,
    start: Step[Trainable] | None = None,
) -> Iterator[Step[Trainable]]:
    """Train a model, or a network of several layers or of two directions, on batches of a task.

    Stop by not asking for the next step. To go on later, call again with the last step's model, the same ``rng`` and
    ``start=last``: the numbers are those of one uninterrupted run. Across processes the last step, which holds the
    optimiser's state, and ``rng.bit_generator.state`` are all there is to keep; both can be pickled.

    Args:
        model: The model to start from; never written to. Its float type is the training's.
        task: What to learn; must fit the model's sizes, read-out and loss. A network may be read where it is wired to
            be read: "final" or a step will do for a task with one answer a sequence.
        steps: Steps to make in this call.
        batch_size: Sequences in each batch.
        optimiser: Such as ``Adam(lr=0.01)``.
        clip: ("norm", longest gradient), ("value", largest entry) or None.
        rng: Source of the batches.
        start: The step to continue after; None starts the optimiser anew.

    Returns:
        A generator of ``steps`` records.

    Raises:
        ValueError: Arguments that do not fit, or weights that are not finite, at the call.
        Diverged: While running; the records before it stay valid.
    """
    steps, batch_size = size("steps", steps), size("batch_size", batch_size)
    D = model.sizes[0] if isinstance(model, Model) else model.stack.sizes[0]
    readout = "every" if model.readout == "every" else "last"
    has, needs = (D, len(model.b_y), readout, model.loss), (task.D, task.O, task.readout, task.loss)
    if has != needs:
        raise ValueError(
            f"model: the task {task.name} needs D, O, readout, loss = {needs}, the model has {has}. Make it with "
            f"init(kind, {task.D}, H, {task.O}, readout={task.readout!r}, loss={task.loss!r}, rng=rng)."
        )
    parameters = _functions(model).parameters(model)
    finite_weights(model.W_y.dtype, **parameters)
    if clip is not None:
        _clipped(parameters, clip)  # an unfit clip shows here rather than at the first step
    state, done = (optimiser.init(parameters), 0) if start is None else (start.state, start.step)
    return _steps(model, task, range(done + 1, done + steps + 1), batch_size, optimiser, clip, rng, state)


def _functions(model: Model | Network) -> Any:
    """The module that runs it; both have run, backprop, parameters and with_parameters."""
    return models if isinstance(model, Model) else networks


def _steps(
    model: Trainable,
    task: Learnable,
    numbers: range,
    batch_size: int,
    optimiser: Optimiser,
    clip: Clip | None,
    rng: np.random.Generator,
    state: State,
) -> Iterator[Step[Trainable]]:
    for number in numbers:
        batch = task.sample(rng, batch_size)
        # Inside, not around the yield: an errstate left open there would silence the caller's warnings too.
        with np.errstate(all="ignore"):
            step = _step(model, task, batch, number, optimiser, clip, state)
        model, state = step.model, step.state
        yield step


def _step(
    model: Trainable, task: Learnable, batch: Batch, number: int, optimiser: Optimiser, clip: Clip | None, state: State
) -> Step[Trainable]:
    does = _functions(model)
    params = does.parameters(model)
    trace = does.run(model, batch.x.astype(model.W_y.dtype, copy=False), batch.y)
    loss = trace.loss
    if loss is None or not math.isfinite(loss):
        raise Diverged(number, "loss")
    try:
        grads = does.backprop(model, trace).grads
    except ValueError as cause:  # shapes and weights fit, as run() has shown: a state or a gradient has overflowed
        ran = (trace.cell,) if isinstance(model, Model) else trace.stack.parts
        finite = all(np.isfinite(part.h).all() for part in ran)
        raise Diverged(number, "gradient of h" if finite else "state h") from cause
    grad_norm = global_norm(grads)
    if not math.isfinite(grad_norm):
        raise Diverged(number, f"gradient of {_first_not_finite(grads) or 'all parameters together'}")
    clipped, clipped_norm = grads, grad_norm
    if clip is not None:
        clipped = _clipped(grads, clip)
        clipped_norm = global_norm(clipped)
    moved, state = optimiser.update(params, clipped, state)
    bad = _first_not_finite(moved)
    if bad:
        raise Diverged(number, f"updated {bad}")
    accuracy = task.score(trace.logits, batch.y)
    return Step(number, loss, accuracy, grad_norm, clipped_norm, does.with_parameters(model, moved), state)


def clip(how: str, bound: float) -> Clip | None:
    """What `train` takes as its ``clip``, from one of `CLIPS` and a bound, which "none" does not read.

    Raises:
        ValueError: ``how`` is not known.
    """
    if how not in CLIPS:
        raise ValueError(f"how: {how!r} is not known. Choose one of {', '.join(CLIPS)}.")
    if how == "none":
        return None
    return ("norm", bound) if how == "norm" else ("value", bound)


def _clipped(grads: dict[str, Array], clip: Clip) -> dict[str, Array]:
    how, bound = clip
    if how == "norm":
        return clip_by_norm(grads, bound)
    if how == "value":
        return clip_by_value(grads, bound)
    raise ValueError(f'clip: expected ("norm", bound), ("value", bound) or None, got {clip!r}.')


def _first_not_finite(arrays: dict[str, Array]) -> str | None:
    return next((name for name, array in arrays.items() if not np.isfinite(array).all()), None)
