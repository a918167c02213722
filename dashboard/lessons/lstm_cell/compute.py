"""One LSTM, small enough to read every number of, on a sentence: as computed, and with gates held by hand.

Beside it a vanilla RNN of the same size on the same words. Nothing here knows Streamlit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

from core import lstm, model
from core.errors import InputError
from core.inside import Inside, inside
from core.lstm import LSTMParams, LSTMTrace
from core.override import Override, forward_with, held
from core.params import Array
from core.rnn import RNNParams, RNNTrace
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings
from dashboard.lessons.lstm_cell.settings import COMPUTED, HOLDABLE, MOST_INPUTS, MOST_STEPS, MOST_UNITS, CellSettings


@dataclass(frozen=True, eq=False)
class Cell:
    """All that the lesson reads.

    Attributes:
        settings: What it was made from.
        labels: The T words.
        params: The LSTM's weights.
        computed: Its forward pass.
        trace: The same with gates held; `computed` itself where none is.
        held: Values of held gates (T, 4H), NaN where a gate is computed.
        parts: What each step of `trace` consists of.
        before: The same of `computed`.
        rnn: The vanilla RNN's weights.
        rnn_trace: Its forward pass.
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
        """Entries of a word vector."""
        return len(self.params.W_x)

    @property
    def holds(self) -> bool:
        """Whether any gate is held."""
        return self.trace is not self.computed


def holds_any(settings: CellSettings) -> bool:
    """Whether the settings hold a gate."""
    return any(getattr(settings, f"hold_{gate}") != COMPUTED for gate in HOLDABLE)


def overrides(settings: CellSettings, T: int) -> tuple[Override, ...]:
    """The gates that are held, on a sentence of T words."""
    first = min(settings.at, T)
    last = first if settings.span == "there" else None
    units = None if not 0 <= settings.only < settings.H else (settings.only,)
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
    sequence = compute.sequence(settings)
    sizes = (
        ("words", sequence.T, MOST_STEPS),
        ("units", settings.H, MOST_UNITS),
        ("numbers a word", sequence.x.shape[2], MOST_INPUTS),
    )
    if large := [f"{n} {what} (at most {most})" for what, n, most in sizes if n > most]:
        raise InputError(
            f"This lesson shows every number, so its sentence is short and its cell small. Too large here: "
            f"{', '.join(large)}. Shorten it, or open it in the Inspector."
        )
    models = compute.start(settings, sequence)
    params, rnn = models["lstm"].cell, models["rnn"].cell
    rnn_trace = model.run(models["rnn"], sequence.x).cell
    assert isinstance(params, LSTMParams)
    assert isinstance(rnn, RNNParams)
    assert isinstance(rnn_trace, RNNTrace)
    computed = lstm.forward(params, sequence.x)
    before = inside(params, computed)
    by_hand = overrides(settings, sequence.T)
    trace = forward_with(params, sequence.x, by_hand) if by_hand else computed
    parts = inside(params, trace) if by_hand else before
    values = held(by_hand, sequence.T, settings.H)
    return Cell(settings, sequence.labels, params, computed, trace, values, parts, before, rnn, rnn_trace)


def all_open(settings: CellSettings) -> Cell:
    """The same LSTM with f = 1 and i = 1 at every word: nothing is forgotten, everything is written."""
    return cell(replace(settings, hold_f="1", hold_i="1", hold_o=COMPUTED, at=1, span="onwards", only=-1))


def in_inspector(settings: CellSettings) -> Settings:
    """The same network and sentence for the Inspector, which holds no gates."""
    return Settings(**{f.name: getattr(settings, f.name) for f in fields(Settings)})


def admitted(settings: CellSettings) -> tuple[CellSettings, tuple[str, ...]]:
    """Settings from a link, made fit for this lesson: a sentence in word vectors, both cells, fresh weights."""
    fixed = replace(settings, source="text", encoding="embedding", cell="both", activation="tanh", steps=0, edits=())
    if settings == fixed:
        return settings, ()
    return fixed, ("The link asks for what this lesson has no place for; it shows fresh weights on a sentence.",)
