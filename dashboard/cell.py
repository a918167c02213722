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
from dashboard import compute
from dashboard.linked import entry, one_of, up_to, whole
from dashboard.settings import Settings

MOST_STEPS, MOST_UNITS, MOST_INPUTS = 16, 4, 5
HOLDABLE = ("f", "i", "o")
COMPUTED = "computed"
HELD_AT = (COMPUTED, "0", "0.5", "1")
SPANS = ("there", "onwards")


@dataclass(frozen=True)
class CellSettings(Settings):
    """An Inspector's settings and, for this lesson alone, what is held by hand and what is typed beside the figure.

    Attributes:
        hold_f: Forget gate: "computed", or the value at which it is held.
        hold_i: Input gate, likewise.
        hold_o: Output gate, likewise.
        at: First step at which gates are held, from 1.
        span: Whether they are held "there" alone or "onwards".
        only: The one unit they are held for, from 0; -1 for all.
        a: First vector of the pointwise operations, as typed.
        b: Second one.
    """

    hold_f: str = entry(COMPUTED, "f", one_of(*HELD_AT))
    hold_i: str = entry(COMPUTED, "i", one_of(*HELD_AT))
    hold_o: str = entry(COMPUTED, "o", one_of(*HELD_AT))
    at: int = entry(1, "at", whole(1, MOST_STEPS))
    span: str = entry("there", "span", one_of(*SPANS))
    only: int = entry(-1, "only", whole(-1, MOST_UNITS - 1))
    a: str = entry("1, 2, 3", "va", up_to(200))
    b: str = entry("0.5, 1, 0", "vb", up_to(200))


CELL = CellSettings(text="Krish likes pizza. Yann likes CNN.", D=4, H=3, seed=29480, at=4)
"""What the lesson starts from: a fresh LSTM whose unit 2 lets go of more than half at the full stop."""


@dataclass(frozen=True)
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
