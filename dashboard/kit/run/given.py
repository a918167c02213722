"""The sequence that a network is given, with its target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.brought import RowWindows
from core.params import Array
from core.task import Task


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences that are run together; the loss is the mean over them.

    Attributes:
        x: (T, B, D), zeros in the padding.
        y: Target in the form `core.network.run` takes.
        lengths: Steps of each (B,).
        b: Which of them is shown, from 0.
    """

    x: Array
    y: np.ndarray
    lengths: NDArray[np.intp]
    b: int


@dataclass(frozen=True, eq=False)
class Sequence:
    """The learner's sequence with its target.

    Attributes:
        labels: One for each step: the word, or a rounded value.
        x: (T, 1, D).
        columns: Name of each input (D of them).
        y: Target in the form `core.model.run` takes.
        O: Outputs.
        loss: Name of the loss.
        readout: "last" or "every".
        task: The task it was drawn from, or the windows it is one of, or None.
        as_read: What a learner's own network reads where that is something else than the settings say, such as its own
            word vectors. "" where it reads what they say.
        brought: Whether a network of a learner's file reads it.
        batch: The sequences among which it is run, itself one of them; None where it is alone.
    """

    labels: tuple[str, ...]
    x: Array
    columns: tuple[str, ...]
    y: np.ndarray
    O: int  # noqa: E741 - field notation
    loss: str
    readout: str
    task: Task | RowWindows | None = None
    as_read: str = ""
    brought: bool = False
    batch: Batch | None = None

    @property
    def T(self) -> int:
        """Number of steps."""
        return len(self.labels)
