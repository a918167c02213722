"""From settings to what the Inspector shows: the sequence, the models, and one record of every number.

Pure functions over `core`, importable without Streamlit. Whatever a learner can cause raises `core.errors.InputError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from core import layer, model, text
from core.errors import InputError
from core.model import Model
from core.network import Network
from core.table import Mended, parse_numbers
from core.written import short
from dashboard.kit.run import batch as batches
from dashboard.kit.run import bring, by_name, learning
from dashboard.kit.run import own as own_networks
from dashboard.kit.run.bring import numbers
from dashboard.kit.run.distances import task_of
from dashboard.kit.run.given import Sequence
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.running import NAMES, Exploded, Floats, Run, Spectrum, part_of, run
from dashboard.kit.run.settings import MAX_CHARS, MAX_STEPS, Edit, Settings

__all__ = [
    "NAMES",
    "Exploded",
    "Floats",
    "Inspection",
    "Run",
    "Sequence",
    "Spectrum",
    "adopt",
    "edited",
    "fresh_model",
    "inspect",
    "numbers",
    "sequence",
    "start",
    "target",
    "tokens",
]


@dataclass(frozen=True, eq=False)
class Inspection:
    """All that one view of the Inspector reads.

    Attributes:
        settings: What was asked for.
        sequence: The sequence it was asked of.
        runs: One for each model shown, RNN first.
    """

    settings: Settings
    sequence: Sequence
    runs: tuple[Run, ...]

    @property
    def steps(self) -> range:
        """The steps shown, from 1: all, but for a part of a stack those that the loss can reach."""
        whole = self.runs[0].whole
        return range(1, self.sequence.T + 1) if whole is None else range(int(whole.steps[0]), int(whole.steps[-1]) + 1)

    @property
    def labels(self) -> tuple[str, ...]:
        """One for each step shown."""
        return tuple(self.sequence.labels[t - 1] for t in self.steps)


def sequence(settings: Settings, own: Uploaded | None = None) -> Sequence:
    """Read the learner's sequence and target.

    Args:
        settings: Where it comes from.
        own: The learner's own network that will read it; it may bring its word vectors, and layers that read it first.

    Raises:
        InputError: Nothing typed, too long, not numbers, or a target that does not fit.
    """
    given = _as_given(settings, own)
    if given.task is None and given.batch is None:
        given = _valid(given, settings.length)
    if own is not None:
        own_networks.must_fit(own, given.x)
        given = replace(given, brought=own.from_file)
    return given


def _valid(given: Sequence, length: int) -> Sequence:
    """The sequence without its padding: what stands behind its last valid step is not read."""
    if not 0 < length < given.T:
        return given
    y = given.y[:length] if given.readout == "every" else given.y
    return replace(given, labels=given.labels[:length], x=given.x[:length], y=y)


def _as_given(settings: Settings, own: Uploaded | None) -> Sequence:
    settings = by_name.completed(settings)
    if settings.source == "task":
        task = task_of(settings)
        batch = task.sample(np.random.default_rng(settings.example), 1)
        columns = tuple(f"x{k + 1}" for k in range(task.D))
        return Sequence(batch.tokens, batch.x, columns, batch.y, task.O, task.loss, task.readout, task)
    if learning.in_windows(settings):
        return learning.window(settings)
    as_read = ""
    if settings.source == "text":
        vectors = own.table if own is not None else None
        by_character = own_networks.by_character(vectors)
        each = [tokens(one, by_character=by_character) for one in _lines(settings)]
        sizes, labels = tuple(map(len, each)), tuple(word for words in each for word in words)
        if vectors is not None:
            (x, labels), as_read = own_networks.vectors(vectors, labels), "its own word vectors"
            columns = tuple(f"x{k + 1}" for k in range(x.shape[2]))
        elif settings.trained or settings.encoding == "onehot":
            vocabulary = by_name.vocabulary(settings, labels) if settings.trained else text.Vocabulary.of(labels)
            x, columns = text.one_hot(labels, vocabulary), vocabulary.words
        else:
            D = settings.D if own is None else own.D
            x = text.embedding(labels, D, seed=settings.seed)
            columns = tuple(f"x{k + 1}" for k in range(D))
            as_read = "" if D == settings.D else "random word vectors"
    else:
        read = numbers(settings)
        x, columns = read.x, read.names
        labels = tuple(_first(value) for value in read.values[:, 0].tolist())
        if len(columns) > 1:
            labels = tuple(f"{label} …" for label in labels)
        sizes = _sizes(settings, read) if settings.group == "several" else (len(labels),)
    O = settings.O if settings.loss == "softmax" else 1  # noqa: E741
    if own is not None and own.b_y is not None and (settings.loss != "softmax" or len(own.b_y) > 1):
        O = len(own.b_y)  # noqa: E741
    readout = "every" if settings.readout == "every" else "last"
    if settings.group == "several":
        return _one_of(settings, Sequence(labels, x, columns, x, O, settings.loss, readout, as_read=as_read), sizes)
    y = target(settings, len(labels), O)
    return Sequence(labels, x, columns, y, O, settings.loss, readout, as_read=as_read)


def _lines(settings: Settings) -> list[Settings]:
    """The settings of each sentence: one, or one a line."""
    lines = [line for line in settings.text.splitlines() if line.strip()]
    several = settings.group == "several" and lines
    return [replace(settings, text=line) for line in lines] if several else [settings]


def _sizes(settings: Settings, read: Mended) -> tuple[int, ...]:
    """Steps of each sequence of the rows that are read; some may have been left out."""
    sizes = batches.divided(settings, len(bring.table(settings).values))
    of_row = np.repeat(np.arange(len(sizes)), sizes)[np.searchsorted(bring.table(settings).rows, read.rows)]
    left = np.bincount(of_row, minlength=len(sizes))
    return batches.must_fit([int(n) for n in left if n])


def _one_of(settings: Settings, rows: Sequence, sizes: tuple[int, ...]) -> Sequence:
    """The sequence that is shown, among the others; ``rows`` has those of all."""
    batches.must_fit(sizes)
    starts = np.cumsum([0, *sizes[:-1]])
    valid = tuple(min(n, settings.length) if settings.length else n for n in sizes)
    kept = np.concatenate([np.arange(first, first + n) for first, n in zip(starts, valid, strict=True)])
    b = min(settings.member, len(valid)) - 1
    y = _targets(settings, valid, rows.O)
    batch = batches.made(rows.x[kept], y, valid, b)
    own = slice(int(starts[b]), int(starts[b]) + valid[b])
    mine = y[: valid[b], b : b + 1] if rows.readout == "every" else y[b : b + 1]
    return replace(rows, labels=rows.labels[own], x=rows.x[own], y=mine, batch=batch)


def tokens(settings: Settings, *, by_character: bool = False) -> tuple[str, ...]:
    """The words of the sentence, or its characters for a network that reads those.

    Raises:
        InputError: None, or too many.
    """
    if by_character and settings.text:
        return own_networks.characters(settings.text)
    found = text.tokenise(settings.text, max_tokens=MAX_STEPS, max_chars=MAX_CHARS)
    if not found:
        raise InputError("There is no sentence yet. Type at least one word.")
    return found


@lru_cache(maxsize=4_096)
def _first(value: float) -> str:
    """A step's first number, as its label; a longer sequence mostly begins with the numbers of the shorter one."""
    return short(value, 3)


def target(settings: Settings, T: int, O: int) -> np.ndarray:  # noqa: E741
    """Read the target field: one number for every scored step, or one for each.

    Raises:
        InputError: Not a number, the wrong count, or a value the loss cannot take.
    """
    scored = T if settings.readout == "every" else 1
    wanted = f"1 number, or {scored}: one for each step" if scored > 1 else "1 number"
    values = _typed(settings, O, (1, scored), wanted)
    one = np.broadcast_to(values, (scored,)).reshape(scored, 1)
    shaped = one if settings.loss == "softmax" else np.repeat(one[:, :, None], O, axis=2)  # the same for each output
    return shaped if settings.readout == "every" else shaped[0]


def _targets(settings: Settings, sizes: tuple[int, ...], O: int) -> np.ndarray:  # noqa: E741
    """The targets of several sequences: one number for all, one for each, or one for each step of each."""
    T, B, N = max(sizes), len(sizes), sum(sizes)
    every = settings.readout == "every"
    wanted = f"1 number, or {B}: one for each sequence" + (f", or {N}: one for each step" if every else "")
    values = _typed(settings, O, (1, B, N) if every else (1, B), wanted)
    if len(values) in (1, B):
        shaped = np.broadcast_to(values, (T, B)).copy()
    else:
        shaped = np.zeros((T, B), values.dtype)
        for b, own in enumerate(np.split(values, np.cumsum(sizes)[:-1])):
            shaped[: len(own), b] = own
    if settings.loss != "softmax":
        shaped = np.repeat(shaped[:, :, None], O, axis=2)
    return shaped if every else shaped[0]


@lru_cache(maxsize=32)
def _numbers(typed: str) -> np.ndarray:
    """The numbers of a field, which mostly stays as it is while other things change."""
    values = parse_numbers(typed, max_rows=batches.MAX_ROWS, max_chars=MAX_CHARS).values.ravel()
    values.flags.writeable = False
    return values


def _typed(settings: Settings, O: int, counts: tuple[int, ...], wanted: str) -> np.ndarray:  # noqa: E741
    """The numbers of the target field.

    Raises:
        InputError: Not a number, another count, or a value the loss cannot take.
    """
    try:
        values = _numbers(settings.target)
    except InputError as problem:
        came = " ".join(settings.target.split())
        shown = f"reads “{came if len(came) <= 40 else came[:39] + '…'}”" if came else "is empty"
        raise InputError(f"The target {shown}; expected {wanted}, such as 1. Type another target.") from problem
    if len(values) not in counts:
        raise InputError(f"The target has {len(values)} numbers; expected {wanted}. Type another target.")
    if settings.loss == "bce" and not ((values >= 0) & (values <= 1)).all():
        raise InputError("For binary cross-entropy the target is a probability: type a number from 0 to 1.")
    if settings.loss == "softmax":
        if not (np.isin(values, np.arange(O))).all():
            raise InputError(f"With {O} classes the target is a whole number from 0 to {O - 1}.")
        values = values.astype(np.intp)
    return values


def fresh_model(settings: Settings, kind: str, sequence: Sequence) -> Model:
    """Draw a model. Each kind has its own stream of the seed, so showing one or both changes nothing in either."""
    rng = np.random.default_rng([settings.seed, layer.CELLS.index(kind)])
    return model.init(
        kind,
        sequence.x.shape[2],
        settings.H,
        sequence.O,
        rng=rng,
        activation=settings.activation,
        readout=sequence.readout,
        loss=sequence.loss,
        scheme=settings.scheme,
        gain=settings.gain,
        forget_bias=settings.forget_bias,
    )


def edited(fresh: Model, edits: tuple[Edit, ...]) -> Model:
    """The model with the weights that were set by hand.

    Raises:
        InputError: An edit points outside its array, as when the sizes were changed afterwards.
    """
    values = {name: array.copy() for name, array in model.parameters(fresh).items()}
    for edit in edits:
        if edit.kind != fresh.kind:
            continue
        array = values[edit.array]
        if len(edit.index) != array.ndim or any(k >= n for k, n in zip(edit.index, array.shape, strict=True)):
            raise InputError(
                f"A weight set by hand, {edit.array}{list(edit.index)} of the {NAMES[edit.kind]}, lies outside the "
                f"present size {array.shape}. Go back to the seed's weights, or to the sizes they were set for."
            )
        array[edit.index] = edit.value
    return model.with_parameters(fresh, values)


def start(settings: Settings, sequence: Sequence, own: Mapping[str, Uploaded] | None = None) -> dict[str, Model]:
    """The models before any training: the learner's own, the named or freshly drawn, then what was set by hand.

    Raises:
        InputError: An edit, or the learner's own weights, do not fit the present settings.
    """
    models, named = {}, by_name.models(settings)
    for kind in settings.kinds:
        given = (own or {}).get(kind)
        drawn = adopt(given, settings, sequence) if given else named.get(kind) or fresh_model(settings, kind, sequence)
        models[kind] = edited(drawn, settings.edits)
    return models


def adopt(uploaded: Uploaded, settings: Settings, sequence: Sequence) -> Model:
    """A learner's own weights as a model for the present sequence; a missing read-out is drawn from the seed.

    Raises:
        OutputsMisfitError: The read-out has another number of outputs than are needed.
    """
    fresh = fresh_model(replace(settings, H=uploaded.width), uploaded.kind, sequence)
    W_y = fresh.W_y if uploaded.W_y is None else uploaded.W_y
    b_y = fresh.b_y if uploaded.b_y is None else uploaded.b_y
    if W_y.shape[1] != sequence.O:
        gives, needs = (f"{n} output{'s' * (n != 1)}" for n in (W_y.shape[1], sequence.O))
        said = f"The read-out of your own {NAMES[uploaded.kind]} weights gives {gives}"
        if sequence.task is not None:
            raise own_networks.OutputsMisfitError(f"{said}; what is to be learned needs {needs}. Draw a new read-out.")
        raise own_networks.OutputsMisfitError(
            f"{said}; the loss needs {needs}. Choose a loss with {W_y.shape[1]}, or draw a new read-out."
        )
    if uploaded.stack is None:
        return replace(fresh, cell=uploaded.cell, W_y=W_y, b_y=b_y)
    whole = Network(uploaded.stack, W_y, b_y, fresh.activation, sequence.readout, sequence.loss)
    return part_of(whole, uploaded.layer, uploaded.direction)


def inspect(settings: Settings, sequence: Sequence, models: Mapping[str, Model]) -> Inspection:
    """Run every model shown on the sequence.

    Raises:
        InputError: What the learner set cannot be computed; the message names the mend.
    """
    return Inspection(settings, sequence, tuple(run(models[kind], sequence, settings) for kind in settings.kinds))
