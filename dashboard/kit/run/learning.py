"""What the networks shown can learn: a task, windows of the rows of a file, or the one sequence by heart.

Windows stand in the figure one at a time, with the answer that belongs to it, as an example of a task does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from core import course
from core.brought import OneSequence, RowWindows, labelled, longest, next_step
from core.errors import InputError
from core.model import Model
from core.network import Network
from core.task import Learnable
from dashboard.kit.run import bring, starting
from dashboard.kit.run.given import Sequence
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.running import Part, network_of, part_of
from dashboard.kit.run.settings import MAX_STEPS, Settings

LESSONS: Mapping[str, str] = MappingProxyType(
    {"task": "The task", "sequence": "This sequence", "next": "Next step", "label": "Labelled windows"}
)
MOST_WEIGHTS = 200_000
"""Of a network that is trained; each step of a larger one takes a second and more."""


def offered(settings: Settings) -> tuple[str, ...]:
    """What can be learned from the sequence's source, by the names of `LESSONS`."""
    if settings.source == "task":
        return ("task", "sequence")
    one = settings.source == "numbers" and settings.group != "several"
    return ("sequence", "next", "label") if one else ("sequence",)


def chosen(settings: Settings) -> str:
    """What is to be learned; the first that is offered where nothing else is said."""
    fit = offered(settings)
    return settings.learn if settings.learn in fit else fit[0]


def in_windows(settings: Settings) -> bool:
    """Whether windows of rows are learned from, of which one is shown."""
    return chosen(settings) in ("next", "label")


def windows(settings: Settings) -> RowWindows:
    """The windows of a learner's rows.

    Raises:
        InputError: They cannot be learned from, or are too long for the figure; the message names the mend.
    """
    if settings.rows > MAX_STEPS:
        raise InputError(
            f"The figure shows at most {MAX_STEPS:,} steps; the windows have {settings.rows:,}. Choose shorter windows."
        )
    read = bring.rows(settings)
    standardise = settings.scale == "standard"
    if chosen(settings) == "next":
        return next_step(read.raw, settings.rows, standardise=standardise)
    found = label(settings)
    column = read.raw[:, found.places].argmax(axis=1) if found.kinds else read.raw[:, found.places[0]]
    rows = np.column_stack([np.delete(read.raw, found.places, axis=1), column])
    return labelled(rows, rows.shape[1] - 1, settings.rows, standardise=standardise, kinds=found.kinds)


@dataclass(frozen=True)
class Label:
    """What can be the label of a row.

    Attributes:
        name: What it is called.
        places: Its columns among those that go in: one, or for a column of words one for each word.
        kinds: These words; empty for a column of numbers.
    """

    name: str
    places: tuple[int, ...]
    kinds: tuple[str, ...] = ()


def labels(settings: Settings) -> tuple[Label, ...]:
    """What can be the label, in the order of the columns.

    Raises:
        InputError: The rows cannot be read.
    """
    table, names = bring.table(settings), bring.rows(settings).names
    found: list[Label] = []
    taken: set[int] = set()
    for column in table.columns:
        parts = [table.names[k] for k in column.inputs]
        if column.role == "category" and len(parts) > 1 and set(parts) <= set(names):
            places = tuple(names.index(part) for part in parts)
            taken.update(places)
            found.append(Label(column.name, places, tuple(part.removeprefix(f"{column.name} ") for part in parts)))
    found += [Label(name, (place,)) for place, name in enumerate(names) if place not in taken]
    return tuple(sorted(found, key=lambda each: each.places))


def label(settings: Settings) -> Label:
    """The one that is chosen, by any of its columns; the last one where none is."""
    offered_here = labels(settings)
    return next((each for each in offered_here if settings.answer in each.places), offered_here[-1])


def words_left_out(settings: Settings) -> tuple[str, ...]:
    """Columns of words that would do as a label, once they are read as one-hot."""
    return tuple(each.name for each in bring.table(settings).columns if each.role == "category" and not each.inputs)


def fitting(settings: Settings) -> int:
    """How long windows can be, so that some are held out; 0 where the rows are too few."""
    answer: Literal["next", "label"] = "next" if chosen(settings) == "next" else "label"
    return min(longest(len(bring.rows(settings).raw), answer), MAX_STEPS)


def window(settings: Settings) -> Sequence:
    """The window that is shown, with its answer.

    Raises:
        InputError: There is none.
    """
    found = windows(settings)
    one, names = found.window(settings.example - 1), bring.rows(settings).names
    if chosen(settings) == "label":
        names = tuple(name for k, name in enumerate(names) if k not in label(settings).places)
    return Sequence(one.tokens, one.x, names, one.y, found.O, found.loss, found.readout, found)


def learnable(settings: Settings, sequence: Sequence) -> Learnable:
    """What is learned: the sequence's task or windows, or the sequence itself."""
    if sequence.task is not None and chosen(settings) != "sequence":
        return sequence.task
    return OneSequence(sequence.x, sequence.y, sequence.O, sequence.loss, sequence.readout, sequence.labels)


def trainable(model: Model, sequence: Sequence, settings: Settings) -> Model | Network:
    """What is trained where a model is shown: it, or the network that it is a part of, read as it is read there."""
    if isinstance(model, Part) or starting.is_real(settings):
        return network_of(model, sequence, settings)
    return model


def trained(before: Model, after: Model | Network) -> Model:
    """What is shown of trained weights where a model was shown before."""
    if isinstance(after, Model):
        return after
    if isinstance(before, Part):
        return part_of(after, before.layer, before.direction)
    ((cell,),) = after.stack.layers
    return replace(before, cell=cell, W_y=after.W_y, b_y=after.b_y)


def as_own(shown: Model, before: Uploaded | None) -> Uploaded:
    """Weights that are shown as weights of one's own; ``before`` are those that were trained, if they were brought."""
    if before is None:
        return Uploaded(shown.kind, shown.cell, shown.W_y, shown.b_y)
    whole = shown.whole if isinstance(shown, Part) else None
    read = shown if whole is None else whole
    stack = before.stack if whole is None else whole.stack
    return replace(before, cell=shown.cell, W_y=read.W_y, b_y=read.b_y, stack=stack)


def why_not(models: Mapping[str, Model | Network]) -> str:
    """Why networks are not trained here, and the mend; "" where they are."""
    largest = max(course.count(each) for each in models.values())
    if largest <= MOST_WEIGHTS:
        return ""
    return (
        f"This network has {largest:,} weights and runs and is shown here; up to {MOST_WEIGHTS:,} are trained. Take a "
        "smaller one."
    )
