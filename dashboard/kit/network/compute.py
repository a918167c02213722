"""The small network of the first lessons: small enough to read every number of, and all of them the learner's own.

It is an Inspector's `Settings` like any other, so the Inspector opens it as it stands. Nothing here knows Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from core import model as network
from core.decompose import EachLoss, backprop_each
from core.errors import InputError
from core.model import Backward, Model, Trace
from core.params import Array
from dashboard.kit.run import bring, compute
from dashboard.kit.run.compute import Sequence
from dashboard.kit.run.running import passes
from dashboard.kit.run.settings import Edit, Settings

MOST_STEPS, MOST_INPUTS, MOST_UNITS, MOST_CLASSES = 8, 4, 4, 4
LARGEST = 100.0
WEIGHTS: Mapping[str, list[list[float]] | list[float]] = {
    "W_x": [[0.6, -0.4], [0.5, 0.8]],
    "W_h": [[0.7, -0.5], [0.4, 0.6]],
    "b": [0.0, 0.1],
    "W_y": [[0.9], [-1.2]],
}


def edits_of(arrays: Mapping[str, list[list[float]] | list[float] | Array]) -> tuple[Edit, ...]:
    """Whole arrays as weights set by hand."""
    return tuple(
        Edit("rnn", name, tuple(map(int, index)), float(value))
        for name, array in arrays.items()
        for index, value in np.ndenumerate(np.asarray(array, np.float64))
    )


SMALL = Settings(
    source="numbers",
    numbers="1, 0.5\n-0.5, 1\n0.5, -1\n1, 0",
    cell="rnn",
    H=2,
    O=3,
    target="1",
    optimiser="sgd",
    lr=0.5,
    edits=edits_of(WEIGHTS),
)
"""What the lessons start from: T = 4 steps, D = 2 inputs, H = 2 units, one sigmoid output, target 1."""


@dataclass(frozen=True, eq=False)
class Small:
    """The small network on its sequence: all that the lessons read.

    Attributes:
        settings: What it was made from.
        sequence: Inputs and target.
        model: The weights.
        trace: The forward pass.
        backward: The backward pass.
    """

    settings: Settings
    sequence: Sequence
    model: Model
    trace: Trace
    backward: Backward

    @cached_property
    def each(self) -> EachLoss:
        """The backward pass of every loss step on its own, taken when first asked for."""
        return backprop_each(self.model, self.trace, self.backward)

    @property
    def T(self) -> int:
        """Steps."""
        return self.sequence.T


@lru_cache(maxsize=64)
def small(settings: Settings) -> Small:
    """Run the small network; the parts of a page that show one and the same share a run.

    Raises:
        InputError: It cannot be run, or is too large to read every number of.
    """
    sequence = compute.sequence(settings)
    sizes = (
        ("steps", sequence.T, MOST_STEPS),
        ("inputs a step", sequence.x.shape[2], MOST_INPUTS),
        ("units", settings.H, MOST_UNITS),
        ("classes", sequence.O, MOST_CLASSES),
    )
    if large := [f"{n} {what} (at most {most})" for what, n, most in sizes if n > most]:
        raise InputError(
            f"This lesson shows every number, so its network is small. Too large here: {', '.join(large)}. "
            "Make it smaller under “All numbers”, or open it in the Inspector."
        )
    (model,) = compute.start(settings, sequence).values()
    return Small(settings, sequence, model, *passes(model, sequence))


def admitted(settings: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Settings from a link, made fit for a lesson: one sequence of numbers, one RNN from zeros, nothing trained."""
    readout = "every" if settings.readout == "every" else "last"
    fixed = replace(
        settings, source="numbers", cell="rnn", steps=0, trained=(), learn="own", readout=readout, begin="zeros",
        over="sum", window=0, **bring.ALONE,
    )  # fmt: skip
    if fixed == settings:
        return settings, ()
    return fixed, ("The link asks for what this lesson has no place for; it shows an RNN on rows of numbers.",)


def inputs(settings: Settings) -> Array:
    """The rows of numbers (T, D).

    Raises:
        InputError: They cannot be read.
    """
    return bring.numbers(settings).values


def with_inputs(settings: Settings, x: Array) -> Settings:
    """The settings with other rows of numbers (T, D); weights that fit no more are left out."""
    rows = [", ".join(f"{v:.10g}" for v in row) for row in x]
    if len(x) == 1 and x.shape[1] > 1:  # without a head, one row would be read downwards
        rows.insert(0, ", ".join(f"x{k + 1}" for k in range(x.shape[1])))
    return fitting(replace(settings, numbers="\n".join(rows)), x.shape[1])


def resized(settings: Settings, T: int, D: int, H: int) -> Settings:
    """The settings with other sizes: rows and columns of zeros come last, and go first from the end."""
    x = inputs(settings)
    grown = np.zeros((T, D))
    t, d = min(T, len(x)), min(D, x.shape[1])
    grown[:t, :d] = x[:t, :d]
    values = settings.target.split()
    target = " ".join((values + values[-1:] * T)[:T]) if len(values) > 1 else settings.target
    return with_inputs(replace(settings, H=H, target=target), grown)


def with_readout(settings: Settings) -> Settings:
    """The settings with a target for each scored step: alternating ones for a loss at every step."""
    values = settings.target.split()
    if settings.readout == "last" and len(values) > 1:
        return replace(settings, target=values[-1])
    if settings.readout == "every" and settings.loss == "bce" and values in (["0"], ["1"]):
        other = "0" if values == ["1"] else "1"
        T = len(inputs(settings))
        return replace(settings, target=" ".join(values[0] if (T - t) % 2 == 0 else other for t in range(1, T + 1)))
    return settings


def fitting(settings: Settings, D: int) -> Settings:
    """The settings without weights set by hand outside the arrays of their sizes."""
    O = settings.O if settings.loss == "softmax" else 1  # noqa: E741
    shapes = {"W_x": (D, settings.H), "W_h": (settings.H,) * 2, "b": (settings.H,), "W_y": (settings.H, O), "b_y": (O,)}
    kept = tuple(e for e in settings.edits if all(k < n for k, n in zip(e.index, shapes[e.array], strict=True)))
    return replace(settings, edits=kept)


def entries(settings: Settings, shown: Model) -> dict[str, float]:
    """Every number of the network by its name on the page, such as x_1[0] or W_h[0,1]."""
    found = {f"x_{t}[{k}]": float(v) for t, row in enumerate(inputs(settings), 1) for k, v in enumerate(row)}
    for name, array in network.parameters(shown).items():
        found |= {f"{name}[{','.join(map(str, index))}]": float(v) for index, v in np.ndenumerate(array)}
    return found


_NAME = re.compile(r"(x_(?P<t>\d+)|(?P<array>\w+?))\[(?P<index>[\d,]+)\]")


def with_value(settings: Settings, name: str, value: float) -> Settings:
    """The settings with one number set, by its name from `entries`.

    Raises:
        KeyError: No number has this name.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise KeyError(f"name: {name!r} is not a number of the network, such as x_1[0] or W_h[0,1].")
    index = tuple(map(int, match["index"].split(",")))
    if match["t"]:
        x = inputs(settings).copy()
        x[int(match["t"]) - 1, index[0]] = value
        return with_inputs(settings, x)
    edit = Edit("rnn", match["array"], index, value)
    others = tuple(e for e in settings.edits if (e.array, e.index) != (edit.array, edit.index))
    return replace(settings, edits=(*others, edit))


def with_array(settings: Settings, name: str, values: Array) -> Settings:
    """The settings with a whole array set by hand."""
    others = tuple(e for e in settings.edits if e.array != name)
    return replace(settings, edits=(*others, *edits_of({name: values})))
