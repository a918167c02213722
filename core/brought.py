"""What a learner brought, as something to train on: one sequence, or windows of the rows of a file.

One sequence can be learned by heart: every batch is that sequence, and a loss that goes to 0 says that the network can
hold it, not that it has found a rule. Windows have a rule to find. They are split by time: windows of the first
four fifths of the rows are learned from, those of the rest are held out, and no row lies in windows of both. Means and
deviations are taken from the rows that are learned from alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.params import Array, float_array, size
from core.table.mends import standard
from core.task import Batch, Measure, score
from core.written import short

__all__ = ["LEARNED", "MOST_CLASSES", "Answer", "OneSequence", "RowWindows", "labelled", "longest", "next_step"]

LEARNED = 0.8
"""Share of the rows that are learned from."""
MOST_CLASSES = 32
Answer = Literal["next", "label"]


@dataclass(frozen=True, eq=False)
class OneSequence:
    """One sequence with its target, every batch of it being that sequence alone.

    Attributes:
        x: (T, 1, D).
        y: Target as `core.model.run` takes it: (1,) or (1, O), with T in front where every step is scored.
        O: Outputs.
        loss: "softmax", "bce" or "mse".
        readout: "last" or "every".
        tokens: What each step shows, T short labels.
    """

    x: Array
    y: NDArray[Any]
    O: int  # noqa: E741 - field notation
    loss: str
    readout: str
    tokens: tuple[str, ...] = ()
    name = "one sequence"

    @property
    def D(self) -> int:
        """Input size."""
        return int(self.x.shape[2])

    @property
    def measure(self) -> Measure | None:
        """Labels are answered right or not; of a number there is only the loss."""
        return None if self.loss == "mse" else "right"

    def sample(self, _rng: np.random.Generator, _B: int) -> Batch:
        """The sequence, B = 1, whatever is asked for; nothing is drawn."""
        return Batch(self.x, self.y, self.tokens)

    def score(self, logits: Array, y: NDArray[Any]) -> float:
        """Share of scored steps answered right; 0 for "mse"."""
        return 0.0 if self.loss == "mse" else score(self.loss, logits, y)


@dataclass(frozen=True, eq=False)
class RowWindows:
    """Windows of ``T`` rows each, one beginning at every row, with what is to be answered after the last row.

    Attributes:
        name: "next step" or "labelled windows".
        T: Rows of a window.
        rows: Inputs as the network reads them (R, D).
        answers: What is to be answered for the window that begins at each row, from row 0: (N, O), or (N,) labels.
        learned: Windows that are learned from; they begin at rows 0 to ``learned`` - 1.
        held_from: The first window that is held out; those between overlap both parts and are left out.
        O: Outputs.
        loss: "softmax", "bce" or "mse".
        classes: What each label stands for, by its number; empty for "mse".
        tokens: What each row shows, R short labels.
        mean: Taken away from each column of ``rows`` (D,); zeros where nothing was.
        deviation: What each was divided by (D,); ones where nothing was.
    """

    name: str
    T: int
    rows: Array
    answers: NDArray[Any]
    learned: int
    held_from: int
    O: int  # noqa: E741 - field notation
    loss: str
    classes: tuple[str, ...]
    tokens: tuple[str, ...]
    mean: Array
    deviation: Array
    readout = "last"

    @property
    def D(self) -> int:
        """Input size."""
        return int(self.rows.shape[1])

    @property
    def N(self) -> int:
        """Windows in all, those left out between the parts too."""
        return len(self.answers)

    @property
    def held(self) -> int:
        """Windows that are held out."""
        return self.N - self.held_from

    @property
    def measure(self) -> Measure:
        """What `score` is a share of."""
        return "explained" if self.loss == "mse" else "right"

    @property
    def chance(self) -> float:
        """Score on the windows learned from of always answering their most common label, or their mean."""
        if self.loss == "mse":
            return 0.0
        _, counts = np.unique(self.answers[: self.learned], return_counts=True)
        return float(counts.max() / self.learned)

    def sample(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B of the windows that are learned from, with replacement."""
        return self._batch(rng.integers(self.learned, size=size("B", B)))

    def window(self, k: int) -> Batch:
        """The window that begins at row k, from 0, as a batch of one.

        Raises:
            InputError: There is none.
        """
        if not 0 <= k < self.N:
            raise InputError(f"Window {k + 1:,} is not there; there are {self.N:,}. Choose one from 1 to {self.N:,}.")
        return self._batch(np.array([k]))

    def held_out(self, most: int = 256) -> Batch:
        """The windows that are held out; of more than ``most``, so many at equal distances."""
        return self._batch(np.unique(np.linspace(self.held_from, self.N - 1, min(most, self.held)).astype(np.intp)))

    def score(self, logits: Array, y: NDArray[Any]) -> float:
        """Share of right labels, or of the variance that is explained; that of the windows learned from."""
        return score(self.loss, logits, y, variance=_variance(self.answers[: self.learned]))

    def held_score(self, logits: Array, y: NDArray[Any]) -> float:
        """The same for windows held out: the variance is that of their own answers."""
        return score(self.loss, logits, y, variance=_variance(self.answers[self.held_from :]))

    def _batch(self, starts: NDArray[np.intp]) -> Batch:
        x = self.rows[starts + np.arange(self.T)[:, None]]
        first = int(starts[0])
        return Batch(x, self.answers[starts], self.tokens[first : first + self.T])


def next_step(
    rows: ArrayLike, T: int, *, standardise: bool = False, tokens: tuple[str, ...] | None = None
) -> RowWindows:
    """Windows of T rows, each followed by the row that is to be foretold; squared error.

    Args:
        rows: (R, D) in the order of time.
        T: Rows of a window.
        standardise: Whether each column is brought to mean 0 and deviation 1 over the rows that are learned from; the
            rows to be foretold are brought to the same scale.
        tokens: A short label for each row; None writes its first number.

    Raises:
        InputError: Too few rows; the message says how many are needed.
        ValueError: ``rows`` is no (R, D), or holds NaN or infinity.
    """
    given = float_array("rows", rows, ("R", "D"))
    cut = _cut(len(given), T, "next")
    scaled, mean, deviation = _scaled(given, cut, standardise)
    answers = scaled[T:]
    names = _tokens(given) if tokens is None else tokens
    return RowWindows(
        "next step", T, scaled, answers, cut - T, cut, given.shape[1], "mse", (), names, mean, deviation
    )  # fmt: skip


def labelled(
    rows: ArrayLike,
    label: int,
    T: int,
    *,
    standardise: bool = False,
    tokens: tuple[str, ...] | None = None,
    kinds: tuple[str, ...] = (),
) -> RowWindows:
    """Windows of T rows, each with the label of its last row; the label's column is not among the inputs.

    Whole numbers of at most 32 kinds are classes: two are told apart with a sigmoid, more with a softmax. Other labels
    are numbers, with squared error; standardised, they are on the scale of the rows learned from as well.

    Args:
        rows: (R, C) in the order of time, C of 2 or more.
        label: The column that is the label, from 0.
        T: Rows of a window.
        standardise: As in `next_step`; classes are left as they are.
        tokens: A short label for each row; None writes its first number.
        kinds: What the classes 0, 1, … stand for, where the label's column holds these; empty writes the numbers.

    Raises:
        InputError: Too few rows or columns, one class only, or a class that is only in the rows held out.
        ValueError: ``rows`` is no (R, C), or holds NaN or infinity.
    """
    given = float_array("rows", rows, ("R", "C"))
    C = given.shape[1]
    if C < 2:
        raise InputError("There is one column: a label, and nothing to tell it from. Bring a column beside it.")
    if not 0 <= label < C:
        raise InputError(f"Column {label} is not there; there are {C}. Choose a label from 0 to {C - 1}.")
    cut = _cut(len(given), T, "label")
    inputs, mean, deviation = _scaled(np.delete(given, label, axis=1), cut, standardise)
    names = _tokens(np.delete(given, label, axis=1)) if tokens is None else tokens
    column = given[:, label]
    values = np.unique(column[:cut])
    whole = bool((column == np.round(column)).all()) and len(values) <= MOST_CLASSES
    classes: tuple[str, ...] = ()
    answers: NDArray[Any] = _scaled(column[:, None], cut, standardise)[0]
    loss, O = "mse", 1  # noqa: E741
    if whole:
        classes, answers = _classes(column, values, cut, kinds)
        loss, O = ("bce", 1) if len(values) == 2 else ("softmax", len(values))  # noqa: E741
    if loss == "bce":
        answers = answers[:, None].astype(np.float64)
    return RowWindows(
        "labelled windows", T, inputs, answers[T - 1 :], cut - T + 1, cut, O, loss, classes, names, mean, deviation
    )


def longest(R: int, answer: Answer) -> int:
    """The most rows that a window of R rows in all can have, so that one is left to learn from and one held out."""
    cut = int(R * LEARNED)
    return max(0, min(cut, R - cut) - (answer == "next"))


def _cut(R: int, T: int, answer: Answer) -> int:
    """The first row that is held out.

    Raises:
        InputError: So many rows do not hold a window of T to learn from and one to hold out.
    """
    size("T", T)
    most = longest(R, answer)
    if most < 1:
        least = next(n for n in range(1, 100) if longest(n, answer))
        raise InputError(
            f"{R} row{'s are' if R != 1 else ' is'} too few: four fifths are learned from and the rest is held out. "
            f"Bring at least {least} rows, or learn the one sequence."
        )
    if most < T:
        raise InputError(
            f"Windows of {T} rows do not fit: of {R} rows the last {R - int(R * LEARNED)} are held out, and a window "
            f"has to fit there. Choose windows of at most {most}, or bring more rows."
        )
    return int(R * LEARNED)


def _scaled(rows: Array, cut: int, standardise: bool) -> tuple[Array, Array, Array]:
    D = rows.shape[1]
    if not standardise:
        return rows, np.zeros(D), np.ones(D)
    return standard(np.asarray(rows, np.float64), cut)


def _classes(
    column: Array, values: Array, cut: int, kinds: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    def named(value: float) -> str:
        return kinds[int(value)] if kinds else short(float(value))

    if len(values) < 2:
        raise InputError(
            f"The label is “{named(values[0])}” in every row that is learned from, so there is nothing to tell "
            "apart. Choose another label, or other rows."
        )
    new = np.flatnonzero(~np.isin(column, values))
    if new.size:
        raise InputError(
            f"The label “{named(column[new[0]])}” first comes at row {new[0] + 1:,}, after the {cut:,} rows that "
            "are learned from: the network would never see it. Choose another label, or other rows."
        )
    return tuple(named(value) for value in values), np.searchsorted(values, column)


def _tokens(rows: Array) -> tuple[str, ...]:
    more = " …" if rows.shape[1] > 1 else ""
    return tuple(short(value, 3) + more for value in rows[:, 0].tolist())


def _variance(answers: NDArray[Any]) -> float:
    """Mean over outputs of the variance of numbers to be answered."""
    return float(answers.var(axis=0).mean())
