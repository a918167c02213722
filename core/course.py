"""A course of training: all that decides it, what it has come to, and the weights on its way, for another process.

A `Course` trains its models on the same batches, step by step in turn. What it comes to is a `Learned`, told in pieces:
each piece holds the points since the one before, the weights at some steps, and all that is needed to go on. Of the
steps in between, weights are kept at equal strides from step 0, the last ones always; the stride is the smallest power
of 2 with which they are few enough.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np

from core import model as models
from core import network as networks
from core.brought import RowWindows
from core.model import Model
from core.network import Network
from core.optim import OPTIMISERS
from core.task import Batch, Learnable
from core.train import Diverged, Step, clip, train

__all__ = [
    "FEWEST_SNAPSHOTS",
    "MOST_SNAPSHOTS",
    "Course",
    "Held",
    "Learned",
    "Point",
    "Trained",
    "count",
    "progress",
    "stride",
]

MOST_SNAPSHOTS = 60
FEWEST_SNAPSHOTS = 4
_MOST_NUMBERS = 500_000
"""Of the weights kept on the way, in each model."""
_BETWEEN = 0.25
"""Seconds between two pieces; of large models more, which take time to be told."""
_LARGE = 20_000

Trained = Model | Network


@dataclass(frozen=True)
class Point:
    """One training step of one model, as drawn. Numbers belong to the weights before its update.

    Attributes:
        step: 1, 2, …
        loss: Loss on the step's batch.
        accuracy: What the task's ``measure`` says, 0 to 1.
        norm: Norm of the gradient over all parameters.
        clipped: The same after clipping.
    """

    step: int
    loss: float
    accuracy: float
    norm: float
    clipped: float


@dataclass(frozen=True)
class Held:
    """How the weights after a step answer the windows that are held out.

    Attributes:
        step: Steps made.
        loss: Mean loss.
        score: As `core.brought.RowWindows.held_score`.
    """

    step: int
    loss: float
    score: float


@dataclass(frozen=True, eq=False)
class Learned:
    """What a course has come to, or a piece of it.

    Attributes:
        points: Of each model, one for each step.
        held: Of each model; empty where the task holds nothing out.
        snapshots: Of each model the weights after some steps; not those before the first.
        last: Of each model that made a step the last one.
        draws: Of each model the state of the generator that its next batch is drawn from.
        problems: Of each model that diverged, what was not finite, and where.
        done: Whether the course has ended.
    """

    points: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    held: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    snapshots: Mapping[str, Mapping[int, Trained]] = field(default_factory=dict)
    last: Mapping[str, Step[Any]] = field(default_factory=dict)
    draws: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    done: bool = False

    @property
    def steps(self) -> int:
        """Steps made, by the model that went on longest."""
        return max((last.step for last in self.last.values()), default=0)

    @property
    def shown(self) -> tuple[int, ...]:
        """The steps whose weights are kept, ascending, 0 among them."""
        kept = {step for each in self.snapshots.values() for step in each}
        return tuple(sorted({0, *kept, self.steps}))

    def at(self, kind: str, step: int) -> Trained | None:
        """A model's weights after the last step up to ``step`` that is kept; None for those it set out with."""
        last = self.last.get(kind)
        if last is not None and last.step <= step:
            return last.model  # type: ignore[no-any-return]
        kept = self.snapshots.get(kind, {})
        before = [k for k in kept if k <= step]
        return kept[max(before)] if before else None

    def grown(self, piece: Learned, every: int) -> Learned:
        """This with what a later piece adds; never less than before.

        A piece of which this has a part adds the rest; one that would leave a gap adds nothing, and comes again.

        Args:
            piece: What was told.
            every: The stride at which weights are kept.
        """
        had = {kind: points[-1].step if points else 0 for kind, points in self.points.items()}
        for kind, points in piece.points.items():
            if points and points[0].step > had.get(kind, 0) + 1:
                return self
        longer = {
            kind: self.points.get(kind, ()) + _after(points, had.get(kind, 0)) for kind, points in piece.points.items()
        }
        held = {}
        for kind, told in piece.held.items():
            before = self.held.get(kind, ())
            held[kind] = before + _after(told, before[-1].step if before else -1)
        snapshots = {}
        for kind in {*self.snapshots, *piece.snapshots}:
            both = {**self.snapshots.get(kind, {}), **piece.snapshots.get(kind, {})}
            snapshots[kind] = {step: each for step, each in both.items() if step % every == 0}
        newer = [kind for kind, last in piece.last.items() if last.step >= had.get(kind, 0)]
        return Learned(
            {**self.points, **longer},
            {**self.held, **held},
            snapshots,
            {**self.last, **{kind: piece.last[kind] for kind in newer}},
            {**self.draws, **{kind: piece.draws[kind] for kind in newer}},
            {**self.problems, **piece.problems},
            piece.done,
        )


def _after(records: tuple[Any, ...], step: int) -> tuple[Any, ...]:
    return tuple(each for each in records if each.step > step)


@dataclass(frozen=True, eq=False, repr=False)
class Course:
    """All that decides a training run. Two are equal that train the same models on the same batches up to one step.

    Attributes:
        models: Fresh models by kind.
        task: What they learn.
        optimiser: "adam", "sgd" or "momentum".
        lr: Learning rate.
        batch: Sequences in each step.
        clip: "none", "norm" or "value".
        clip_at: Largest norm, or largest size of an entry.
        seed: Of the batches.
        steps: Steps to make in all.
        begun: What was learned before; the course goes on from there. It changes nothing in what comes out.
    """

    models: Mapping[str, Trained]
    task: Learnable
    optimiser: str
    lr: float
    batch: int
    clip: str
    clip_at: float
    seed: int
    steps: int
    begun: Learned = field(default_factory=Learned)

    @cached_property
    def origin(self) -> str:
        """A digest of all that decides it but the number of its steps."""
        found = sha256()
        for each in fields(self):
            if each.name not in ("steps", "begun"):
                _digest(getattr(self, each.name), found)
        return found.hexdigest()

    @property
    def every(self) -> int:
        """The stride at which weights are kept."""
        return stride(self.steps, max(map(count, self.models.values())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Course) and (self.origin, self.steps) == (other.origin, other.steps)

    def __hash__(self) -> int:
        return hash((self.origin, self.steps))

    def __repr__(self) -> str:  # its arrays may be a learner's own, and logs are no place for them
        return f"Course({', '.join(self.models)}, steps={self.steps})"

    def to_send(self) -> Course:
        """The same without what the process that goes on with it has no use for."""
        return replace(self, begun=Learned(last=self.begun.last, draws=self.begun.draws, problems=self.begun.problems))


def stride(steps: int, numbers: int) -> int:
    """The smallest power of 2 at which so many steps leave few enough weights of so many numbers to be kept."""
    most = max(FEWEST_SNAPSHOTS, min(MOST_SNAPSHOTS, _MOST_NUMBERS // max(numbers, 1)))
    found = 1
    while steps // found > most:
        found *= 2
    return found


def count(trained: Trained) -> int:
    """How many numbers a model has."""
    return sum(array.size for array in _module(trained).parameters(trained).values())


def progress(course: Course, between: float | None = None) -> Iterator[Learned]:
    """Train, and tell what was learned in pieces; the last is done.

    Nothing happens between two pieces but computing: stop by not asking for the next one.

    Args:
        course: What to train.
        between: Seconds between two pieces; None for `_BETWEEN`, or four times that for a large model.
    """
    if between is None:
        between = _BETWEEN * (4 if max(map(count, course.models.values())) > _LARGE else 1)
    runs = {kind: _run(course, kind) for kind in course.models if kind not in course.begun.problems}
    held_out = course.task.held_out() if isinstance(course.task, RowWindows) else None
    piece, told = _Piece(course, held_out), time.monotonic()
    if not course.begun.steps:
        for kind, start in course.models.items():
            piece.look(kind, 0, start)
    for number in range(course.begun.steps + 1, course.steps + 1):
        for kind, (run, rng) in list(runs.items()):
            try:
                piece.add(kind, next(run), rng)
            except Diverged as problem:
                piece.problems[kind] = str(problem)
                del runs[kind]
        if not runs or number == course.steps:
            break
        if time.monotonic() - told >= between:
            yield piece.taken()
            told = time.monotonic()
    yield replace(piece.taken(), done=True)


def _run(course: Course, kind: str) -> tuple[Iterator[Step[Any]], np.random.Generator]:
    """The steps of one model that are left, and the generator they draw from."""
    rng, last = np.random.default_rng([course.seed, 7]), course.begun.last.get(kind)
    if kind in course.begun.draws:
        rng.bit_generator.state = dict(course.begun.draws[kind])
    done = 0 if last is None else last.step
    run = train(
        course.models[kind] if last is None else last.model,
        course.task,
        steps=max(course.steps - done, 1),
        batch_size=course.batch,
        optimiser=OPTIMISERS[course.optimiser](lr=course.lr),
        clip=clip(course.clip, course.clip_at),
        rng=rng,
        start=last,
    )
    return run, rng


class _Piece:
    """What has not been told yet."""

    def __init__(self, course: Course, held_out: Batch | None) -> None:
        self._course, self._held_out, self._every = course, held_out, course.every
        self._begin()

    def _begin(self) -> None:
        self._points: dict[str, list[Point]] = {kind: [] for kind in self._course.models}
        self._held: dict[str, list[Held]] = {}
        self._snapshots: dict[str, dict[int, Trained]] = {}
        self._last: dict[str, Step[Any]] = {}
        self._draws: dict[str, dict[str, Any]] = {}
        self.problems: dict[str, str] = {}

    def add(self, kind: str, step: Step[Any], rng: np.random.Generator) -> None:
        """Take in a step."""
        self._points[kind].append(Point(step.step, step.loss, step.accuracy, step.grad_norm, step.clipped_norm))
        self._last[kind], self._draws[kind] = step, dict(rng.bit_generator.state)
        if step.step % self._every == 0:
            self._snapshots.setdefault(kind, {})[step.step] = step.model
        if step.step % self._every == 0 or step.step == self._course.steps:
            self.look(kind, step.step, step.model)

    def look(self, kind: str, step: int, trained: Trained) -> None:
        """See how the windows that are held out are answered, where there are some."""
        if self._held_out is None or not isinstance(self._course.task, RowWindows):
            return
        with np.errstate(all="ignore"):
            trace = _module(trained).run(trained, self._held_out.x, self._held_out.y)
        score = self._course.task.held_score(trace.logits, self._held_out.y)
        self._held.setdefault(kind, []).append(Held(step, float(trace.loss), score))

    def taken(self) -> Learned:
        """All of it; the next piece begins."""
        piece = Learned(
            {kind: tuple(points) for kind, points in self._points.items()},
            {kind: tuple(each) for kind, each in self._held.items()},
            self._snapshots, self._last, self._draws, self.problems,
        )  # fmt: skip
        self._begin()
        return piece


def _module(trained: Trained) -> Any:
    return models if isinstance(trained, Model) else networks


def _digest(value: object, into: Any) -> None:
    """Feed all that a value holds to a hash."""
    if isinstance(value, np.ndarray):
        into.update(f"{value.dtype}{value.shape}".encode() + value.tobytes())
    elif isinstance(value, Mapping):
        _digest(tuple(value.items()), into)
    elif is_dataclass(value):
        into.update(type(value).__name__.encode())
        _digest(tuple(getattr(value, each.name) for each in fields(value)), into)
    elif isinstance(value, tuple):
        into.update(f"({len(value)}".encode())
        for each in value:
            _digest(each, into)
    else:
        into.update(f"{value!r},".encode())
