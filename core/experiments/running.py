"""Running one experiment: train, look at fresh sequences now and then, end when it is solved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core import model
from core.chrono import chrono
from core.experiments.outcome import Outcome
from core.experiments.settings import Experiment
from core.lstm import LSTMParams
from core.model import Model
from core.train import Diverged, train

__all__ = ["EVALUATED", "progress", "run", "start"]

EVALUATED = 256  # sequences


def start(experiment: Experiment) -> Model:
    """The model before its first training step."""
    task = experiment.make_task()
    rng = np.random.default_rng([experiment.seed, model.KINDS.index(experiment.cell)])
    drawn = model.init(
        experiment.cell,
        task.D,
        experiment.H,
        task.O,
        rng=rng,
        readout=task.readout,
        loss=task.loss,
        scheme=experiment.scheme,
        gain=experiment.gain,
        activation=experiment.activation,
        forget_bias=experiment.forget_bias,
        dtype=experiment.dtype,
    )
    if experiment.chrono and isinstance(drawn.cell, LSTMParams):
        drawn = replace(drawn, cell=chrono(drawn.cell, task.T, rng=rng))
    return drawn


def progress(experiment: Experiment) -> Iterator[Outcome]:
    """Run an experiment, and say how far it is after each evaluation.

    Every ``experiment.every`` steps the network answers 256 fresh sequences, which it does not learn from. Nothing
    happens between two results but computing: stop by not asking for the next one.

    Returns:
        Outcomes that grow; the last one is done.
    """
    began = time.perf_counter()
    task, trained = experiment.make_task(), start(experiment)
    kind = np.dtype(experiment.dtype)
    looks = np.random.default_rng([experiment.seed, 2])
    steps = train(
        trained,
        task,
        steps=experiment.steps,
        batch_size=experiment.batch,
        optimiser=experiment.make_optimiser(),
        clip=experiment.make_clip(),
        rng=np.random.default_rng([experiment.seed, 3]),
    )
    found = Outcome(experiment)
    while not found.done:
        try:
            for step in steps:
                trained = step.model
                if step.step % experiment.every == 0 or step.step == experiment.steps:
                    break
        except Diverged as problem:
            yield replace(found, problem=str(problem), seconds=time.perf_counter() - began, done=True)
            return
        batch = task.sample(looks, EVALUATED)
        trace = model.run(trained, batch.x.astype(kind, copy=False), batch.y)
        accuracy = task.accuracy(trace, batch.y)
        solved = step.step if accuracy >= experiment.solved_at else None
        found = replace(
            found,
            at=(*found.at, step.step),
            accuracy=(*found.accuracy, accuracy),
            loss=found.loss if trace.loss is None else (*found.loss, trace.loss),
            solved=solved,
            seconds=time.perf_counter() - began,
            done=solved is not None or step.step == experiment.steps,
        )
        yield found


def run(experiment: Experiment) -> Outcome:
    """Run an experiment to its end: solved, out of steps, or diverged."""
    *_, last = progress(experiment)
    return last
