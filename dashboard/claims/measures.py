"""What several claims measure: fresh networks, how much of a gradient is left, and the bench's runs by start."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core import model, written, zoo
from core.experiments.bench import RATES, STARTS, Outcomes, Problem, Setting, Size, best
from core.flow import log10
from core.model import Backward, Model, Trace
from core.params import Array
from dashboard.claims.trial import Evidence, Row, Sample

D = 8
H = 24
NAMES = {"rnn": "RNN", "lstm": "LSTM"}
FRESH = "Fresh networks of 24 units, 8 one-hot inputs drawn at random, a random gradient sent into the last state"


def inputs(seed: int, T: int) -> Array:
    """One sequence of one-hot inputs (T, 1, D)."""
    drawn = np.random.default_rng([seed, 1]).integers(D, size=(T, 1))
    return np.eye(D)[drawn]


def fresh(
    cell: str,
    seed: int,
    *,
    activation: str = "tanh",
    scheme: str = "uniform",
    gain: float = 1.0,
    forget_bias: float = 1.0,
    readout: str = "last",
) -> Model:
    """A network before any training; the same seed gives the same one."""
    return model.init(
        cell,
        D,
        H,
        1,
        rng=np.random.default_rng([seed, 0]),
        activation=activation,
        scheme=scheme,
        gain=gain,
        forget_bias=forget_bias,
        readout=readout,
        loss="mse",
    )


def passes(shown: Model, seed: int, T: int) -> tuple[Trace, Backward]:
    """Both passes over a sequence with targets drawn at random."""
    rng = np.random.default_rng([seed, 2])
    y = rng.standard_normal((T, 1, 1) if shown.readout == "every" else (1, 1))
    trace = model.run(shown, inputs(seed, T), y)
    return trace, model.backprop(shown, trace)


def left(shown: Model, seed: int, T: int, back: int) -> float:
    """log₁₀ of how much of a gradient at the last step is left so many steps back.

    It is that of the state which carries the memory, h in the RNN and c in the LSTM; a random direction is sent into
    h_T.
    """
    trace = model.run(shown, inputs(seed, T))
    dh_out = np.zeros_like(trace.cell.h[1:])
    dh_out[-1] = np.random.default_rng([seed, 2]).standard_normal(dh_out[-1].shape)
    found = model.backward_layer(shown, trace, dh_out)
    carried = found.dh if shown.kind == "rnn" else found.dc  # type: ignore[union-attr]
    sizes = log10(np.linalg.norm(carried[:, 0], axis=1))
    return float(sizes[T - 1 - back] - sizes[-1])


def left_of(label: str, sample: Sample, cell: str, *, T: int, back: int, **settings: str | float) -> Row:
    """A row of what is left of a gradient, one value a fresh network."""
    values = tuple(left(fresh(cell, seed, **settings), seed, T, back) for seed in sample.seeds)  # type: ignore[arg-type]
    return Row(label, values, model=NAMES[cell], note=f"median {power(float(np.median(values)))}")


def power(log: float) -> str:
    """10 to the power of a logarithm as text: with two digits, or far from 1 the power of ten alone."""
    if math.isfinite(log) and not -2 <= log < 4:
        return written.power(round(log))
    return written.power_of_ten(log, 2)


def at_best(problem: Problem, cell: str, of: Outcomes, *, size: Size = "units") -> tuple[Setting, ...]:
    """Every start of a cell at its best learning rate."""
    return tuple(best(problem, start, of, size=size) for start, known in STARTS.items() if known.cell == cell)


def solved(settings: Sequence[Setting], sample: Sample) -> Evidence:
    """A row for each setting: how many of its runs solved the task."""
    return tuple(
        Row(
            f"{NAMES[setting.cell]}, {STARTS[setting.start].title}, rate {setting.lr:g}",
            share=setting.solved(sample.outcomes, sample.seeds),
            model=NAMES[setting.cell],
            note=f"{setting.solved(sample.outcomes, sample.seeds)} solved",
        )
        for setting in settings
    )


def every(problem: Problem, cell: str) -> tuple[Setting, ...]:
    """Every start of a cell at every learning rate."""
    return tuple(Setting(problem, start, lr) for start, known in STARTS.items() if known.cell == cell for lr in RATES)


TRAINED = "context-switch-lstm"
FROM_FIVE = "context-switch-lstm-bias5"
FILLER = 8


def told_twice(seed: int, name: str = TRAINED) -> tuple[Model, Trace]:
    """A trained LSTM of the two-subject task on one of its texts in which a second subject replaces the first."""
    known = zoo.load(name)
    task = known.task(FILLER)
    batch = task.sample(np.random.default_rng([seed, 6]), 64)
    second = 4 + FILLER  # the word after the first sentence and its filler
    switched = int(np.argmax(batch.x[second, :, : task.O].any(axis=-1)))
    return known.model, model.run(known.model, batch.x[:, [switched]])


SECOND = 4 + FILLER
"""Row of the second subject in the gates of that text."""
