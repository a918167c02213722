"""The cell as the beats take it: every run on the text, so that no gate that is held needs a server."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.params import Array
from core.sentences import ContextSwitch
from core.zoo.cards import SWITCH_GAP
from dashboard.figure.pack import Packed, pack
from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich, prose
from dashboard.figure.rows import percent
from dashboard.lessons.lstm_cell.compute import trained
from dashboard.lessons.lstm_cell.told import ALWAYS, COMPUTED, NAMES, Run, Told, told

VECTORS = ("f", "i", "g", "o", "kept", "written", "c", "tanh", "h", "dropped")
"""What of a step is sent; of c and h the values before the first step come first."""


@lru_cache(maxsize=12)
def drawn(first: str, second: str) -> Panel:
    """The panel on the text about two people."""
    found = told(first, second)
    T, at = len(found.words), found.at
    whole = (COMPUTED, ALWAYS)
    return {
        "kind": "gated",
        "T": T,
        "H": found.params.H,
        "words": list(found.words),
        "at": at,
        "follow": found.follow,
        "sides": list(found.sides) if found.sides else None,
        "names": list(ContextSwitch.classes),
        "limit": _limit([run for name, run in found.runs.items() if name != ALWAYS], found),
        "wide": _limit([found.runs[ALWAYS]], found),
        "shares": _letting_go(found),
        "runs": {
            name: {"from": 1 if name in whole else at} | _packed(found.runs[name], 1 if name in whole else at)
            for name in NAMES
        },
        "network": _network(found),
    }


def _packed(run: Run, first: int) -> dict[str, Packed]:
    """The vectors of a run from a step on, one beneath the other (steps, vectors, H), and its answer."""
    trace, parts = run.trace, run.parts
    arrays: dict[str, Array] = {
        **{gate: getattr(trace, gate) for gate in "figo"},
        "kept": parts.kept,
        "written": parts.written,
        "c": trace.c[1:],
        "tanh": trace.tanh_c,
        "h": trace.h[1:],
        "dropped": trace.c[:-1] - parts.kept,
    }
    stacked = np.stack([arrays[name][first - 1 :, 0] for name in VECTORS], axis=1)
    return {"values": pack(stacked.astype(np.float32)), "y": pack(run.y.astype(np.float32))}


def _limit(runs: list[Run], found: Told) -> float:
    """The largest cell value where gates are looked at: up to the word at which they are held."""
    upto = found.at + 1 if len(runs) > 1 else len(found.words) + 1
    return round(max(float(np.abs(run.trace.c[:upto]).max()) for run in runs), 2)


def _letting_go(found: Told) -> list[int]:
    """Units that keep less than half at the second name."""
    return [int(k) for k in np.flatnonzero(found.computed.trace.f[found.at - 1, 0] < 0.5)]


def _network(found: Told) -> Rich:
    """What is on the screen."""
    shown = trained()
    card = shown.card
    gap = min(card.accuracy, key=lambda known: abs(known - SWITCH_GAP))
    return prose(
        f"**The network:** a trained LSTM of {found.params.H} units, right on {percent(card.right(gap).value)} of "
        f"{card.tested:,} new texts of this kind. How it was trained: “Other names, other networks”."
    )
