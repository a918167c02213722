"""A training run on a thread of its own, watched by the page that started it.

The run ends by itself: at its last step, when it is stopped, when the numbers stop being finite, or when no page has
looked at it for `PATIENCE` seconds (the learner closed the page). Knows nothing of Streamlit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.model import Model
from core.optim import OPTIMISERS
from core.task import Task
from core.train import Diverged, Step, clip, train
from dashboard.kit.run.settings import MAX_TRAIN, Settings

PATIENCE = 20.0


@dataclass(frozen=True)
class Point:
    """One training step of one model, as drawn."""

    step: int
    loss: float
    accuracy: float  # what it is a share of says the task's `measure`
    norm: float
    clipped: float


class Training:
    """Training of one or two models on the same batches, step by step in turn.

    Args:
        models: Fresh models by kind.
        task: Where the batches come from.
        settings: Optimiser, learning rate, batch size, clipping and seed.
        slots: Bounds how many runs go on at once on this server; shared by all sessions.
    """

    def __init__(
        self, models: Mapping[str, Model], task: Task, settings: Settings, slots: threading.BoundedSemaphore
    ) -> None:
        self.points: dict[str, list[Point]] = {kind: [] for kind in models}
        self.models: dict[str, Model] = dict(models)
        self._rested = (0, dict(models))
        self.problems: dict[str, str] = {}
        self.goal = 0
        self._slots = slots
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen = time.monotonic()
        self._runs: dict[str, Iterator[Step[Model]]] = {
            kind: train(
                model,
                task,
                steps=MAX_TRAIN,
                batch_size=settings.batch,
                optimiser=OPTIMISERS[settings.optimiser](lr=settings.lr),
                clip=clip(settings.clip, settings.clip_at),
                rng=np.random.default_rng([settings.seed, 7]),
            )
            for kind, model in models.items()
        }

    @property
    def done(self) -> int:
        """Steps that every model still running has finished."""
        return max((len(points) for points in self.points.values()), default=0)

    @property
    def running(self) -> bool:
        """Whether the thread is at work, or waiting for a free slot."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def rested(self) -> tuple[int, Mapping[str, Model]]:
        """Steps made and weights when the run last stood still; they do not move while it runs."""
        return self._rested if self.running else (self.done, self.models)

    def go(self, steps: int) -> None:
        """Train ``steps`` further steps in the background, up to `MAX_TRAIN` in all."""
        if self.running:
            return
        self._rested = self.done, dict(self.models)
        self.goal = min(self.done + steps, MAX_TRAIN)
        self._stop.clear()
        self.watched()
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the step at work and wait for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def watched(self) -> None:
        """Say that a page is still looking."""
        self._seen = time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Wait for the run to end, at most ``seconds``; True if it has."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.running

    def _abandoned(self) -> bool:
        return time.monotonic() - self._seen > PATIENCE

    def _work(self) -> None:
        while not self._slots.acquire(timeout=0.2):
            if self._stop.is_set() or self._abandoned():
                return
        try:
            while self.done < self.goal and not self._stop.is_set() and not self._abandoned():
                if not self._advance():
                    return
        finally:
            self._slots.release()

    def _advance(self) -> bool:
        """One step of every model that has not diverged; False if none is left."""
        alive = False
        for kind, run in self._runs.items():
            if kind in self.problems:
                continue
            try:
                step = next(run)
            except Diverged as problem:
                self.problems[kind] = str(problem)
                continue
            alive = True
            self.models[kind] = step.model
            self.points[kind].append(Point(step.step, step.loss, step.accuracy, step.grad_norm, step.clipped_norm))
        return alive
