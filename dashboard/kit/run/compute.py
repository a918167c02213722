"""From settings to what the Inspector shows: the sequence, the models, and one record of every number.

Pure functions over `core`, importable without Streamlit. Whatever a learner can cause raises `core.errors.InputError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from core import decompose, flow, gradcheck, jacobian, model, text
from core.doctor import reach
from core.errors import InputError
from core.model import Backward, Model, Trace
from core.params import Array
from core.table import parse_numbers
from core.task import Task
from core.written import short
from dashboard.kit.run import by_name
from dashboard.kit.run import own as own_networks
from dashboard.kit.run.bring import numbers, steps
from dashboard.kit.run.distances import task_of
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import MAX_CHARS, MAX_HIDDEN, MAX_STEPS, Edit, Settings

Floats = NDArray[np.float64]
NAMES = {"rnn": "RNN", "lstm": "LSTM"}
MAX_JACOBIANS = 1_500_000  # numbers in those of one run; these take about a second


class Exploded(InputError):  # noqa: N818 - it reads as what happened
    """A run grew past what a float holds."""


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
        task: The task it was drawn from, or None.
        as_read: The sequence as a learner's own network was given it, where it reads something else than the settings
            say: its own word vectors, or what the layers below it give. "" where it reads what they say.
    """

    labels: tuple[str, ...]
    x: Array
    columns: tuple[str, ...]
    y: np.ndarray
    O: int  # noqa: E741 - field notation
    loss: str
    readout: str
    task: Task | None = None
    as_read: str = ""

    @property
    def T(self) -> int:
        """Number of steps."""
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Spectrum:
    """How much each step stretches a change, and all steps together.

    Attributes:
        values: All singular values of each step's Jacobian, largest first (T, n).
        product_log10: log₁₀ of the largest singular value of ∂s_T/∂s_t for t = 1 … T (T,).
        horizon: Steps back until the product has fallen by e.
    """

    values: Floats
    product_log10: Floats
    horizon: float


@dataclass(frozen=True, eq=False)
class Run:
    """One model on the sequence: what `core` computed.

    Attributes:
        model: The weights.
        trace: Forward pass.
        backward: Backward pass.
        norms: Gradient norms for each step, (T,) by what the gradient is taken with respect to.
        contributions: What each step adds to the norm of each weight's gradient, (T,) by name.
        reach: How much of the gradient that the last step's loss sends into h_T (and so into c_T) comes back to step 1.
        check: Relative error of the gradient against a finite difference in one random direction.
    """

    model: Model
    trace: Trace
    backward: Backward
    norms: Mapping[str, Array]
    contributions: Mapping[str, Floats]
    reach: Mapping[str, float]
    check: float

    @property
    def name(self) -> str:
        """RNN or LSTM."""
        return NAMES[self.model.kind]

    @property
    def has_spectrum(self) -> bool:
        """Whether the Jacobians are few or small enough to be taken apart while somebody waits."""
        n = self.model.cell.H * (2 if self.model.kind == "lstm" else 1)
        return n <= 2 * MAX_HIDDEN or len(self.trace.cell.x) * n**2 <= MAX_JACOBIANS

    @cached_property
    def spectrum(self) -> Spectrum:
        """Singular values of the Jacobians and of their running product, taken when first asked for."""
        jacobians = jacobian.jacobians(self.model, self.trace)
        values = np.asarray(jacobian.singular_values(jacobians.J), np.float64)
        product = np.asarray(jacobian.running_product(jacobians).largest[1:], np.float64)
        return Spectrum(values, product, flow.horizon(10.0 ** np.clip(product, -300, 300)))


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


def sequence(settings: Settings, own: Uploaded | None = None) -> Sequence:
    """Read the learner's sequence and target.

    Args:
        settings: Where it comes from.
        own: The learner's own network that will read it; it may bring its word vectors, and layers that read it first.

    Raises:
        InputError: Nothing typed, too long, not numbers, or a target that does not fit.
    """
    return _as_given(settings, None) if own is None else _fed(_as_given(settings, own), own, settings.activation)


def _fed(given: Sequence, own: Uploaded, activation: str) -> Sequence:
    """The sequence as the chosen layer reads it."""
    x = own_networks.fed(own, given.x, activation)
    if own.plain:
        return given
    columns = own_networks.columns(own) or given.columns
    labels = given.labels[::-1] if own.backward else given.labels
    y = given.y[::-1].copy() if own.backward and given.readout == "every" else given.y
    read = "the output of the layers below" if own.below else given.as_read or "the sequence from its end"
    return replace(given, x=x, columns=columns, labels=labels, y=y, as_read=read)


def _as_given(settings: Settings, own: Uploaded | None) -> Sequence:
    settings = by_name.completed(settings)
    if settings.source == "task":
        task = task_of(settings)
        if (most := steps(settings)) < task.T:
            raise InputError(
                f"This task has {task.T} steps; with {settings.H} units the figure shows at most {most}. "
                "Choose a smaller gap, fewer units, or another task."
            )
        batch = task.sample(np.random.default_rng(settings.example), 1)
        columns = tuple(f"x{k + 1}" for k in range(task.D))
        return Sequence(batch.tokens, batch.x, columns, batch.y, task.O, task.loss, task.readout, task)
    as_read = ""
    if settings.source == "text":
        vectors = own.table if own is not None else None
        labels = tokens(settings, by_character=own_networks.by_character(vectors))
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
    O = settings.O if settings.loss == "softmax" else 1  # noqa: E741
    if own is not None and own.b_y is not None and (settings.loss != "softmax" or len(own.b_y) > 1):
        O = len(own.b_y)  # noqa: E741
    y = target(settings, len(labels), O)
    return Sequence(labels, x, columns, y, O, settings.loss, settings.readout, as_read=as_read)


def tokens(settings: Settings, *, by_character: bool = False) -> tuple[str, ...]:
    """The words of the sentence, or its characters for a network that reads those.

    Raises:
        InputError: None, or too many.
    """
    if by_character and settings.text:
        return own_networks.characters(settings.text)
    found = text.tokenise(settings.text, max_tokens=steps(settings), max_chars=MAX_CHARS)
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
    try:
        values = parse_numbers(settings.target, max_rows=MAX_STEPS, max_chars=MAX_CHARS).values.ravel()
    except InputError as problem:
        came = " ".join(settings.target.split())
        shown = f"reads “{came if len(came) <= 40 else came[:39] + '…'}”" if came else "is empty"
        raise InputError(f"The target {shown}; expected {wanted}, such as 1. Type another target.") from problem
    if len(values) not in (1, scored):
        raise InputError(f"The target has {len(values)} numbers; expected {wanted}. Type another target.")
    values = np.broadcast_to(values, (scored,))
    if settings.loss == "bce" and not ((values >= 0) & (values <= 1)).all():
        raise InputError("For binary cross-entropy the target is a probability: type a number from 0 to 1.")
    if settings.loss == "softmax":
        if not (np.isin(values, np.arange(O))).all():
            raise InputError(f"With {O} classes the target is a whole number from 0 to {O - 1}.")
        values = values.astype(np.intp)
    one = values.reshape(scored, 1)
    shaped = one if settings.loss == "softmax" else np.repeat(one[:, :, None], O, axis=2)  # the same for each output
    return shaped if settings.readout == "every" else shaped[0]


def fresh_model(settings: Settings, kind: str, sequence: Sequence) -> Model:
    """Draw a model. Each kind has its own stream of the seed, so showing one or both changes nothing in either."""
    rng = np.random.default_rng([settings.seed, model.KINDS.index(kind)])
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
        InputError: The read-out has another number of outputs than the loss needs.
    """
    fresh = fresh_model(replace(settings, H=uploaded.cell.H), uploaded.kind, sequence)
    W_y = fresh.W_y if uploaded.W_y is None else uploaded.W_y
    b_y = fresh.b_y if uploaded.b_y is None else uploaded.b_y
    if W_y.shape[1] != sequence.O:
        raise InputError(
            f"The read-out of your own {NAMES[uploaded.kind]} weights has {W_y.shape[1]} where the loss needs "
            f"{sequence.O} outputs. Choose a loss with {W_y.shape[1]}, or take no read-out of the file."
        )
    return replace(fresh, cell=uploaded.cell, W_y=W_y, b_y=b_y)


def inspect(settings: Settings, sequence: Sequence, models: Mapping[str, Model]) -> Inspection:
    """Run every model shown on the sequence.

    Raises:
        InputError: What the learner set cannot be computed; the message names the mend.
    """
    return Inspection(settings, sequence, tuple(_run(models[kind], sequence) for kind in settings.kinds))


def _run(shown: Model, sequence: Sequence) -> Run:
    D = shown.sizes[0]
    if sequence.x.shape[2] != D:
        raise InputError(
            f"These {NAMES[shown.kind]} weights read {D} inputs a step; the sequence has {sequence.x.shape[2]}. "
            f"Use a sequence with {D} columns, or a word vector of {D} entries."
        )
    with np.errstate(all="ignore"):  # what overflows is found and named below
        trace = model.run(shown, sequence.x, sequence.y)
        _must_be_finite(trace.cell.h[1:, 0], "hidden state", shown, sequence.T)
        _must_be_finite(trace.logits[:, 0], "output", shown, sequence.T)
        _must_be_finite(np.atleast_2d(trace.loss or 0.0), "loss", shown, sequence.T)
        backward = model.backprop(shown, trace)
        _must_be_finite(backward.cell.dh[:, 0], "gradient", shown, sequence.T, backwards=True)
        for name, grad in backward.grads.items():
            _must_be_finite(np.atleast_2d(grad.sum()), f"gradient of {name}", shown, sequence.T)
        return Run(
            shown,
            trace,
            backward,
            flow.norms(backward),
            {name: np.asarray(v, float) for name, v in decompose.contributions(shown, trace, backward).items()},
            reach(shown, trace, backward),
            _check(shown, sequence),
        )


def _check(shown: Model, sequence: Sequence) -> float:
    params, grads, loss = gradcheck.model_loss(shown, sequence.x, sequence.y)
    return gradcheck.directional(loss, params, grads, rng=np.random.default_rng(0)).relative_error


def _must_be_finite(rows: Array, what: str, shown: Model, T: int, *, backwards: bool = False) -> None:
    """Find the step at which a run overflowed; ``rows`` are those of the last steps, up to T."""
    bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if bad.size:
        step = T - len(rows) + 1 + int(bad[-1] if backwards else bad[0])
        raise Exploded(
            f"The {NAMES[shown.kind]}'s {what} grew past the largest number a float64 can hold (1.8 × 10³⁰⁸) at step "
            f"{step}: it exploded. Lower the gain, choose tanh, shorten the sequence, or use smaller numbers."
        )
