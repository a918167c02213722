"""The small trained network on a text about two people: as computed, and with gates held where the second is named.

Nothing here knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from core import lstm, zoo
from core.inside import Inside, inside
from core.losses import predict
from core.lstm import LSTMParams, LSTMTrace
from core.override import Override, forward_with
from core.params import Array
from core.sentences import ContextSwitch
from core.text import one_hot
from core.zoo.cards import SWITCH_GAP
from dashboard.lessons.lstm_cell.compute import trained

VALUES: Mapping[str, float] = {"0": 0.0, "5": 0.5, "1": 1.0}
"""What a gate is held at, by its letter in the name of a run; "-" is for as computed."""
COMPUTED = "---"
ALWAYS = "all"
"""The run with f = 1 at every word."""
NAMES = (
    *("".join(letters) + "-" for letters in product("-051", repeat=2)),
    *(f"--{o}" for o in VALUES),
    ALWAYS,
)
"""Every run: f and i held together in any way, o alone, f everywhere. A name has what f, i and o are held at."""


@dataclass(frozen=True, eq=False)
class Run:
    """One way through the text.

    Attributes:
        trace: The forward pass, a batch of one.
        parts: What was kept and written at each step.
        y: Probability of each name after the last word.
    """

    trace: LSTMTrace
    parts: Inside
    y: Array

    @property
    def named(self) -> str:
        """The name that is answered."""
        return ContextSwitch.classes[int(np.argmax(self.y))]

    @property
    def sure(self) -> float:
        """Its probability."""
        return float(self.y.max())


@dataclass(frozen=True, eq=False)
class Told:
    """All that the beats read.

    Attributes:
        first: Whom the text is about first.
        second: Whom it is about in the end.
        words: The T words.
        at: Step at which the second is named, from 1.
        params: The network's weights.
        runs: By name.
        follow: The unit that is followed: the one that lets go of most at the second name.
    """

    first: str
    second: str
    words: tuple[str, ...]
    at: int
    params: LSTMParams
    runs: Mapping[str, Run]
    follow: int

    @property
    def computed(self) -> Run:
        """With every gate as computed."""
        return self.runs[COMPUTED]

    @property
    def sides(self) -> tuple[str, str] | None:
        """Who was named on the followed unit's negative and positive side; None where it does not change sides."""
        c = self.computed.trace.c[1:, 0, self.follow]
        before, after = c[: self.at - 1], c[self.at - 1 :]
        if (before < 0).all() and (after > 0).all():
            return self.first, self.second
        return (self.second, self.first) if (before > 0).all() and (after < 0).all() else None


@lru_cache(maxsize=len(zoo.PAIRS))
def told(first: str, second: str) -> Told:
    """The network on the text about these two."""
    model = trained().model
    params = model.cell
    assert isinstance(params, LSTMParams)
    words = ContextSwitch.text(first, second, SWITCH_GAP)
    at = len(words) - words[::-1].index(second)
    x = one_hot(words, ContextSwitch.vocabulary)

    computed = lstm.forward(params, x)

    def run(name: str) -> Run:
        trace = _held(params, computed, name, at)
        y = predict(model.loss, trace.h[-1] @ model.W_y + model.b_y)[0]
        return Run(trace, inside(params, trace), y)

    runs = {name: run(name) for name in NAMES}
    before = runs[COMPUTED].trace
    follow = int(np.argmax(np.abs(before.c[at - 1, 0]) * (1 - before.f[at - 1, 0])))
    return Told(first, second, words, at, params, runs, follow)


def _held(params: LSTMParams, computed: LSTMTrace, name: str, at: int) -> LSTMTrace:
    """A run: as computed up to the word at which its gates are held, and an ordinary one from there on."""
    if name == COMPUTED:
        return computed
    if name == ALWAYS:
        return forward_with(params, computed.x, [Override("f", 1.0)])
    x, h, c = computed.x, computed.h[at - 1], computed.c[at - 1]
    holds = [Override(gate, VALUES[letter]) for gate, letter in zip("fio", name, strict=True) if letter in VALUES]
    there = forward_with(params, x[at - 1 : at], holds, h, c)
    after = lstm.forward(params, x[at:], there.h[-1], there.c[-1])
    return LSTMTrace(
        x,
        np.concatenate([computed.h[:at], there.h[1:], after.h[1:]]),
        np.concatenate([computed.c[:at], there.c[1:], after.c[1:]]),
        np.concatenate([computed.gates[: at - 1], there.gates, after.gates]),
        np.concatenate([computed.tanh_c[: at - 1], there.tanh_c, after.tanh_c]),
    )
