"""What the lesson on gates at work computes, by settings; bounded caches, nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import cycle, islice
from types import MappingProxyType

import numpy as np

from core import context, flow, jacobian, model, paths, zoo
from core.activations import sigmoid
from core.lstm import LSTMBackward, LSTMParams, LSTMTrace
from core.model import Model, Trace
from core.params import Array
from core.paths import CellPaths, Horizons
from core.sentences import ContextSwitch
from core.text import one_hot
from core.zoo.recipes import fresh as drawn
from dashboard.kit.run.settings import Settings
from dashboard.lessons.gates.settings import EXAMPLES, TASK, GatesSettings, H

NAMES: Mapping[str, str] = MappingProxyType({"trained": "context-switch-lstm", "bias5": "context-switch-lstm-bias5"})
"""The trained networks, by what `GatesSettings.network` calls them."""
RNNS = ("context-switch-rnn", "context-switch-rnn-slow", "context-switch-rnn-orthogonal")
"""Vanilla networks of as many units: as the first LSTM, at a lower rate, and from an orthogonal start at that rate."""
FIRST = "Krish"
BIASES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
LONG = 240  # words of the running text on which memory is measured
EXPLODING_GAP = 8


@dataclass(frozen=True, eq=False)
class GatesRun:
    """One LSTM on one text.

    Attributes:
        words: T of them.
        model: The weights.
        trace: Forward pass.
        backward: Backward pass of the loss.
        norms: Gradient norms for each step (T,) by "h" and "c".
        paths: What reaches the last cell state from each earlier one.
        same: What each of `core.paths.PARTS` adds to ∂c_T[u]/∂c_t[u], for t = 1 … T (3, T, H).
        across: What each adds to ‖∂c_T/∂c_t[u]‖, from a unit to all units (3, T, H).
        together: What each adds to ‖∂c_T/∂c_t‖, all units together (3, T).
        at: Step at which the second sentence begins, from 1.
    """

    words: tuple[str, ...]
    model: Model
    trace: Trace
    backward: LSTMBackward
    norms: Mapping[str, Array]
    paths: CellPaths
    same: Array
    across: Array
    together: Array
    at: int

    @property
    def T(self) -> int:
        """Steps."""
        return len(self.words)

    @property
    def cell(self) -> LSTMTrace:
        """The layer's own trace."""
        assert isinstance(self.trace.cell, LSTMTrace), "the lesson's networks are LSTMs"
        return self.trace.cell


def words(first: str, second: str, gap: int) -> tuple[str, ...]:
    """The text: two sentences, each with its filler, up to the word that is asked for."""
    filler = tuple(islice(cycle(ContextSwitch.filler.split()), gap))
    return (first, "likes", "pizza", ".", *filler, second, "likes", "CNN", ".", *filler, "we", "now", "speak", "of")


def begins(gap: int) -> int:
    """Step at which the second sentence begins."""
    return 5 + gap


def encoded(*texts: tuple[str, ...]) -> Array:
    """Texts of one length as a batch (T, B, D)."""
    return np.concatenate([one_hot(text, ContextSwitch.vocabulary) for text in texts], axis=1)


@lru_cache(maxsize=len(NAMES) + 1)  # one name may come by default, too
def trained(network: str = "trained") -> zoo.Trained:
    """A trained network, by a name of `NAMES`."""
    return zoo.load(NAMES[network])


@lru_cache(maxsize=1)
def trained_rnns() -> tuple[zoo.Trained, ...]:
    """Vanilla networks trained on the same task, in the order of `RNNS`."""
    return tuple(zoo.load(name) for name in RNNS)


@lru_cache(maxsize=32)
def fresh(bias: float, seed: int) -> Model:
    """The network as it is drawn: its recipe with another forget bias and seed."""
    return drawn(replace(zoo.RECIPES[NAMES["trained"]], forget_bias=bias, seed=seed))


def run_of(settings: GatesSettings) -> GatesRun:
    """The chosen network on the chosen text."""
    if settings.network == "fresh":
        return _run("fresh", settings.bias, settings.seed, settings.second, settings.gap)
    return _run(settings.network, 0.0, 0, settings.second, settings.gap)


def learned(settings: GatesSettings) -> GatesRun:
    """A trained network on a text with a new subject.

    The chosen one on the chosen text; from bias 1 where a fresh one is shown, and Yann where the text stays with Krish.
    """
    network = settings.network if settings.network in NAMES else "trained"
    return _run(network, 0.0, 0, new_subject(settings.second), settings.gap)


def in_the_inspector(settings: GatesSettings) -> Settings:
    """The same text and network for the Inspector: a fresh one as it is drawn, a trained one by its name."""
    if settings.network == "fresh":
        return Settings(
            source="task", task=TASK, gap=settings.gap, example=EXAMPLES[settings.second], cell="lstm", H=H,
            forget_bias=settings.bias, seed=settings.seed,
        )  # fmt: skip
    return by_name(NAMES[settings.network], settings.second, settings.gap)


def by_name(name: str, second: str, gap: int) -> Settings:
    """A trained network for the Inspector, on the lesson's text with its answer."""
    about = FIRST if second == "also" else second
    return Settings(
        text=" ".join(words(FIRST, second, gap)), trained=(name,), target=str(ContextSwitch.classes.index(about))
    )


def predicted(settings: GatesSettings) -> tuple[tuple[str, ...], int, LSTMParams, LSTMTrace, LSTMTrace]:
    """What the predictions are made from: words, new subject's step, the trained network and its run, the run shown."""
    run = learned(settings)
    assert isinstance(run.model.cell, LSTMParams), "the lesson's networks are LSTMs"
    return run.words, run.at, run.model.cell, run.cell, run_of(settings).cell


def new_subject(second: str) -> str:
    """The new subject to compare with."""
    return "Yann" if second == "also" else second


@lru_cache(maxsize=64)
def _run(network: str, bias: float, seed: int, second: str, gap: int) -> GatesRun:
    shown = fresh(bias, seed) if network == "fresh" else trained(network).model
    text = words(FIRST, second, gap)
    subject = FIRST if second == "also" else second
    y = np.array([ContextSwitch.classes.index(subject)])
    trace = model.run(shown, encoded(text), y)
    backward = model.backprop(shown, trace)
    assert isinstance(backward.cell, LSTMBackward), "the lesson's networks are LSTMs"
    norms, found = MappingProxyType(flow.norms(backward)), paths.cell_paths(shown, trace)
    plain = 10.0 ** found.scale[1:]  # a text is too short to leave the float range
    same, across = (of(found)[:, 1:] * plain[:, None] for of in (paths.same_unit, paths.by_unit))
    together = paths.in_norm(found)[:, 1:] * plain
    return GatesRun(text, shown, trace, backward.cell, norms, found, same, across, together, begins(gap))


@dataclass(frozen=True, eq=False)
class Reader:
    """What one network does with one text, and what tells the text's first subject from others in its cell.

    Attributes:
        f: Mean forget gate of all units at each step (T,).
        i: Mean input gate (T,).
        held: The forget gate at each step, each unit by its share of the first subject (T,).
        apart: How far the cell states of texts with other first subjects lie apart (T,).
        left: The same in parts of what it was at the word before the second sentence (T,).
        answers: ŷ after each word (T, O).
        f_at: Forget gates where the second sentence begins (H,).
        i_at: Input gates there (H,).
        share: Each unit's part of what tells the first subjects apart before the second sentence (H,).
    """

    f: Array
    i: Array
    held: Array
    apart: Array
    left: Array
    answers: Array
    f_at: Array
    i_at: Array
    share: Array


@dataclass(frozen=True, eq=False)
class Switch:
    """The change of subject: with a new one and without, after training and before.

    Attributes:
        words: T words of the text with the new subject.
        second: The new subject.
        at: Step at which it comes, from 1.
        new: The trained network where a new subject comes.
        same: Where the text goes on about the same one.
        before: The network before its training, where a new subject comes.
        holders: Units that together hold 80 % of the first subject, the largest part first.
        carried: What the state of the first of `RNNS` has left of the first subject at each step, in parts of what it
            made of it at word 1 (T,).
        carried_second: The same of the second subject, in parts of what it made at its own word; NaN before (T,).
        at_last: What each of `RNNS` has left of the first subject at the last word.
    """

    words: tuple[str, ...]
    second: str
    at: int
    new: Reader
    same: Reader
    before: Reader
    holders: tuple[int, ...]
    carried: Array
    carried_second: Array
    at_last: tuple[float, ...]


@lru_cache(maxsize=48)
def switch(second: str, gap: int) -> Switch:
    """Follow a change of subject."""
    who, shown = new_subject(second), trained().model
    new, same = _reader(shown, who, gap), _reader(shown, "also", gap)
    before = _reader(trained().fresh(), who, gap)
    holders = tuple(int(unit) for unit in context.holders(new.share))
    at, seconds = begins(gap), [name for name in ContextSwitch.classes if name != FIRST]
    texts = [words(first, who, gap) for first in _firsts(who)]
    plain, *others = trained_rnns()
    carried = _carried(plain.model, texts, 1)
    carried_second = _carried(plain.model, [words(FIRST, name, gap) for name in seconds], at)
    at_last = (float(carried[-1]), *(float(_carried(other.model, texts, 1)[-1]) for other in others))
    return Switch(words(FIRST, who, gap), who, at, new, same, before, holders, carried, carried_second, at_last)


def _firsts(second: str) -> list[str]:
    """First subjects of the texts that are compared."""
    return [FIRST, *(name for name in ContextSwitch.classes if name not in (FIRST, second))]


def _carried(rnn: Model, texts: list[tuple[str, ...]], at: int) -> Array:
    """How far an RNN's states of texts that differ in word ``at`` lie apart, in parts of that word's own."""
    apart = context.spread(model.run(rnn, encoded(*texts)).cell.h)[1:]
    return np.where(np.arange(1, len(apart) + 1) < at, np.nan, apart / apart[at - 1])


def _reader(network: Model, second: str, gap: int) -> Reader:
    x = encoded(*(words(first, second, gap) for first in _firsts(second)))
    cell, t = model.run(network, x).cell, begins(gap) - 1
    assert isinstance(cell, LSTMTrace), "the lesson's networks are LSTMs"
    apart, share = context.spread(cell.c), context.shares(cell.c[t])
    f, i = cell.f[:, 0], cell.i[:, 0]
    answers = context.answers(network, x)[:, 0]
    return Reader(f.mean(1), i.mean(1), f @ share, apart[1:], apart[1:] / apart[t], answers, f[t], i[t], share)


@dataclass(frozen=True, eq=False)
class Measured:
    """How long one forget bias keeps a cell.

    Attributes:
        bias: The forget bias.
        gate: σ(bias).
        formula: Horizon of a gate that stays there.
        horizons: Measured on a fresh network that reads the running text.
        paths: What it was measured on.
    """

    bias: float
    gate: float
    formula: float
    horizons: Horizons
    paths: CellPaths


@lru_cache(maxsize=64)
def measured(bias: float, seed: int) -> Measured:
    """Measure one forget bias."""
    text = tuple(islice(cycle(ContextSwitch.filler.split()), LONG))
    network = fresh(bias, seed)
    found = paths.cell_paths(network, model.run(network, encoded(text)))
    gate = float(sigmoid(np.array([bias]))[0])
    return Measured(bias, gate, flow.constant_gate_horizon(gate), paths.horizons(found), found)


@lru_cache(maxsize=1)
def formula_curve() -> tuple[Array, Array]:
    """Forget biases from 0 to 5, and the horizon of a gate that stays at σ of each."""
    biases = np.linspace(BIASES[0], BIASES[-1], 51)
    return biases, np.array([flow.constant_gate_horizon(float(f)) for f in sigmoid(biases)])


@dataclass(frozen=True, eq=False)
class Exploding:
    """A fresh LSTM with larger recurrent weights.

    Attributes:
        words: T of them.
        factor: Factor on W_h.
        largest: log₁₀ of the largest singular value of ∂s_T/∂s_t, s = (h, c), for t = 1 … T (T,).
        direct: log₁₀ of the direct path of the unit that keeps most, for t = 1 … T (T,).
        gate: Mean forget gate.
    """

    words: tuple[str, ...]
    factor: float
    largest: Array
    direct: Array
    gate: float


@lru_cache(maxsize=16)
def exploding(factor: float, seed: int) -> Exploding:
    """Let the same text run through a network whose W_h is so many times as large."""
    drawn_so = fresh(1.0, seed)
    network = model.with_parameters(drawn_so, {"W_h": factor * drawn_so.cell.W_h})
    text = words(FIRST, "Yann", EXPLODING_GAP)
    trace = model.run(network, encoded(text))
    assert isinstance(trace.cell, LSTMTrace), "the lesson's networks are LSTMs"
    found = jacobian.running_product(jacobian.jacobians(network, trace))
    assert found.direct is not None, "an LSTM has a direct path"
    return Exploding(text, factor, found.largest[1:], found.direct[1:].max(axis=1), float(trace.cell.f.mean()))
