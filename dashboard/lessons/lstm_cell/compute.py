"""One LSTM, small enough to read every number of, on a sentence: as computed, and with gates held by hand.

It is a trained one, or one as it is drawn. Beside it a fresh vanilla RNN of the same size on the same words. Nothing
here knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from core import lstm, model, zoo
from core.errors import InputError
from core.experiments.interval import Share
from core.inside import Inside, inside
from core.losses import predict
from core.lstm import LSTMParams, LSTMTrace
from core.model import Model
from core.override import Override, forward_with, held
from core.params import Array
from core.rnn import RNNParams, RNNTrace
from core.sentences import ContextSwitch
from core.text import Vocabulary, embedding, one_hot
from core.zoo.recipes import fresh as drawn
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings
from dashboard.lessons.lstm_cell.settings import (
    CELL,
    COMPUTED,
    HOLDABLE,
    MOST_INPUTS,
    MOST_STEPS,
    MOST_UNITS,
    CellSettings,
)

NAME = "context-switch-lstm-small"
DRAW = ("D", "H", "scheme", "gain", "forget_bias", "seed")
"""Settings that say how a fresh network is drawn."""
OTHERS = 100  # fresh networks that one is compared with


@dataclass(frozen=True)
class Answer:
    """What a trained network says at the last word.

    Attributes:
        name: Of whom the text now speaks.
        sure: Its probability.
    """

    name: str
    sure: float


@dataclass(frozen=True, eq=False)
class Cell:
    """All that the lesson reads.

    Attributes:
        settings: What it was made from.
        labels: The T words.
        params: The LSTM's weights; a trained one's W_x has the rows of the words that stand here, since the others are
            multiplied by 0 at every step.
        computed: Its forward pass.
        trace: The same with gates held; `computed` itself where none is.
        held: Values of held gates (T, 4H), NaN where a gate is computed.
        parts: What each step of `trace` consists of.
        before: The same of `computed`.
        rnn: The vanilla RNN's weights.
        rnn_trace: Its forward pass.
        answer: A trained network's answer in `trace`; None of a fresh one, which has none to give.
        answer_before: The same in `computed`.
    """

    settings: CellSettings
    labels: tuple[str, ...]
    params: LSTMParams
    computed: LSTMTrace
    trace: LSTMTrace
    held: Array
    parts: Inside
    before: Inside
    rnn: RNNParams
    rnn_trace: RNNTrace
    answer: Answer | None
    answer_before: Answer | None

    @property
    def T(self) -> int:
        """Steps."""
        return len(self.labels)

    @property
    def H(self) -> int:
        """Units."""
        return self.params.H

    @property
    def D(self) -> int:
        """Entries of a word vector; of a trained network those that are not always 0."""
        return len(self.params.W_x)

    @property
    def holds(self) -> bool:
        """Whether any gate is held."""
        return self.trace is not self.computed


def overrides(settings: CellSettings, T: int, H: int) -> tuple[Override, ...]:
    """The gates that are held, on a sentence of T words in a cell of H units."""
    first = min(settings.at, T)
    last = first if settings.span == "there" else None
    units = None if not 0 <= settings.only < H else (settings.only,)
    chosen = ((gate, getattr(settings, f"hold_{gate}")) for gate in HOLDABLE)
    return tuple(Override(gate, float(value), first, last, units) for gate, value in chosen if value != COMPUTED)


def cell(settings: CellSettings) -> Cell:
    """Run the small LSTM.

    Raises:
        InputError: There is no sentence, or the sentence or the network is too large to read every number of.
    """
    return _cell(replace(settings, a="", b="", t=0))


@lru_cache(maxsize=64)
def _cell(settings: CellSettings) -> Cell:
    labels, x, models = _trained(settings) if settings.network == "trained" else _fresh(settings)
    shown, params, rnn = models["lstm"], models["lstm"].cell, models["rnn"].cell
    rnn_trace = model.run(models["rnn"], x).cell
    assert isinstance(params, LSTMParams)
    assert isinstance(rnn, RNNParams)
    assert isinstance(rnn_trace, RNNTrace)
    computed = lstm.forward(params, x)
    before = inside(params, computed)
    by_hand = overrides(settings, len(labels), params.H)
    trace = forward_with(params, x, by_hand) if by_hand else computed
    parts = inside(params, trace) if by_hand else before
    values = held(by_hand, len(labels), params.H)
    told = [_answer(shown, each) if settings.network == "trained" else None for each in (trace, computed)]
    return Cell(settings, labels, params, computed, trace, values, parts, before, rnn, rnn_trace, *told)


def _fresh(settings: CellSettings) -> tuple[tuple[str, ...], Array, dict[str, Model]]:
    """Words, their random vectors, and both networks as they are drawn."""
    sequence = compute.sequence(settings)
    _must_fit(
        ("words", sequence.T, MOST_STEPS),
        ("units", settings.H, MOST_UNITS),
        ("numbers a word", sequence.x.shape[2], MOST_INPUTS),
    )
    return sequence.labels, sequence.x, compute.start(settings, sequence)


def _trained(settings: CellSettings) -> tuple[tuple[str, ...], Array, dict[str, Model]]:
    """Words, one-hot vectors of those that stand here, and the networks that read no others."""
    labels = compute.tokens(settings)
    _must_fit(("words", len(labels), MOST_STEPS))
    if unknown := [word for word in labels if word not in ContextSwitch.vocabulary.words]:
        raise InputError(
            f"The trained network knows {len(ContextSwitch.vocabulary)} words, and not “{unknown[0]}”. Use words such "
            "as those of its own sentence, or a fresh network, which reads any word."
        )
    there = Vocabulary.of(labels)
    rows = ContextSwitch.vocabulary.indices(there.words)
    rnn = drawn(replace(zoo.RECIPES[NAME], cell="rnn"))
    models = {"lstm": trained().model, "rnn": rnn}
    narrow = {kind: replace(m, cell=replace(m.cell, W_x=m.cell.W_x[rows])) for kind, m in models.items()}
    return labels, one_hot(labels, there), narrow


def _must_fit(*sizes: tuple[str, int, int]) -> None:
    if large := [f"{n} {what} (at most {most})" for what, n, most in sizes if n > most]:
        raise InputError(
            f"This lesson shows every number, so its sentence is short and its cell small. Too large here: "
            f"{', '.join(large)}. Shorten it, or open it in the Inspector."
        )


def _answer(shown: Model, trace: LSTMTrace) -> Answer:
    y_hat = predict(shown.loss, trace.h[-1] @ shown.W_y + shown.b_y)[0]
    best = int(np.argmax(y_hat))
    return Answer(ContextSwitch.classes[best], float(y_hat[best]))


@lru_cache(maxsize=1)
def trained() -> zoo.Trained:
    """The trained network."""
    return zoo.load(NAME)


def most_forgotten(shown: Cell) -> tuple[int, int, float]:
    """Step, from 1, and unit at which the cell gives up most, and how much."""
    lost = np.abs(shown.computed.c[:-1, 0] * (1 - shown.computed.f[:, 0]))
    t, k = (int(v) for v in np.unravel_index(int(np.argmax(lost)), lost.shape))
    return t + 1, k, float(lost[t, k])


def alike(settings: CellSettings) -> Share:
    """Of other fresh networks, drawn alike from seeds 0, 1, …, those that forget most at the same word."""
    at, _, _ = most_forgotten(cell(settings))
    drawn_so = {name: getattr(settings, name) for name in DRAW} | {"seed": 0}  # one count for all seeds
    steps = _forgets_most_at(replace(CELL, text=settings.text, **drawn_so))
    others = [step for seed, step in enumerate(steps) if seed != settings.seed][:OTHERS]
    return Share(others.count(at), OTHERS)


@lru_cache(maxsize=16)
def _forgets_most_at(settings: CellSettings) -> tuple[int, ...]:
    """Of the first seeds' fresh networks the step, from 1, at which each forgets most, whatever seed is set."""
    first = compute.sequence(settings)
    found = []
    for seed in range(OTHERS + 1):
        x = embedding(first.labels, settings.D, seed=seed)
        params = compute.fresh_model(replace(settings, seed=seed), "lstm", replace(first, x=x)).cell
        assert isinstance(params, LSTMParams)
        trace = lstm.forward(params, x)
        found.append(int(np.abs(trace.c[:-1, 0] * (1 - trace.f[:, 0])).max(axis=1).argmax()) + 1)
    return tuple(found)


def all_open(settings: CellSettings) -> Cell:
    """The same LSTM with f = 1 and i = 1 at every word: nothing is forgotten, everything is written."""
    return cell(replace(settings, hold_f="1", hold_i="1", hold_o=COMPUTED, at=1, span="onwards", only=-1))


def in_inspector(settings: CellSettings) -> Settings:
    """The same for the Inspector, which holds no gates: the network, by name if it is the trained one, and its text."""
    if settings.network == "fresh":
        shared = {f.name: getattr(settings, f.name) for f in fields(Settings)}
        return Settings(**shared | {"at": Settings().at})  # there the step that is read, here that of held gates
    return named(compute.tokens(settings), settings.text)


def named(words: Sequence[str], text: str) -> Settings:
    """The trained network for the Inspector, on a text that should end with the last name in it."""
    about = [ContextSwitch.classes.index(word) for word in words if word in ContextSwitch.classes]
    return Settings(text=text, trained=(NAME,), target=str(about[-1]) if about else "0")


def admitted(settings: CellSettings) -> tuple[CellSettings, tuple[str, ...]]:
    """Settings from a link, made fit for this lesson: a sentence, both cells, weights that are fresh or the trained.

    A link that says how a network is drawn, or has words that the trained one does not know, is one for a fresh one.
    """
    fixed = replace(
        settings, source="text", encoding="embedding", cell="both", activation="tanh", steps=0, edits=(), trained=()
    )
    notes: tuple[str, ...] = ()
    note = "The link asks for what this lesson has no place for; it shows the network on a sentence."
    if settings != fixed:
        notes = (note,)
    if any(getattr(fixed, name) != getattr(CELL, name) for name in DRAW) or not _knows(fixed):
        fixed = replace(fixed, network="fresh")
    if fixed.first == fixed.second:
        fixed = replace(fixed, first=CELL.first, second=CELL.second)
        notes += ("The link names the same person twice; the lesson's own two names are used.",)
    return fixed, notes


def _knows(settings: CellSettings) -> bool:
    """Whether the trained network knows all words; also where there is no sentence that could be read."""
    try:
        return set(compute.tokens(settings)) <= set(ContextSwitch.vocabulary.words)
    except InputError:
        return True
