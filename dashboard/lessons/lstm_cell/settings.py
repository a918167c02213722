"""What the lesson on the inside of the LSTM cell is set to."""

from __future__ import annotations

from dataclasses import dataclass

from core.sentences import ContextSwitch
from dashboard.kit.link_settings import entry, one_of, up_to, whole
from dashboard.kit.run.settings import Settings

MOST_STEPS, MOST_UNITS, MOST_INPUTS = 16, 4, 5
HOLDABLE = ("f", "i", "o")
COMPUTED = "computed"
HELD_AT = (COMPUTED, "0", "0.5", "1")
SPANS = ("there", "onwards")
NETWORKS = ("trained", "fresh")


@dataclass(frozen=True)
class CellSettings(Settings):
    """An Inspector's settings and, for this lesson alone, what is held by hand and what is typed beside the figure.

    Attributes:
        network: The "trained" one, or a "fresh" one of the Inspector's settings.
        hold_f: Forget gate: "computed", or the value at which it is held.
        hold_i: Input gate, likewise.
        hold_o: Output gate, likewise.
        at: First step at which gates are held, from 1.
        span: Whether they are held "there" alone or "onwards".
        only: The one unit they are held for, from 0; -1 for all.
        first: Whom the text of the beats is about first.
        second: Whom it is about in the end.
        a: First vector of the pointwise operations, as typed.
        b: Second one.
    """

    network: str = entry("trained", "network", one_of(*NETWORKS))
    hold_f: str = entry(COMPUTED, "f", one_of(*HELD_AT))
    hold_i: str = entry(COMPUTED, "i", one_of(*HELD_AT))
    hold_o: str = entry(COMPUTED, "o", one_of(*HELD_AT))
    at: int = entry(1, "at", whole(1, MOST_STEPS))
    span: str = entry("there", "span", one_of(*SPANS))
    only: int = entry(-1, "only", whole(-1, MOST_UNITS - 1))
    first: str = entry("Krish", "first", one_of(*ContextSwitch.classes))
    second: str = entry("Yann", "second", one_of(*ContextSwitch.classes))
    a: str = entry("1, 2, 3", "va", up_to(200))
    b: str = entry("0.5, 1, 0", "vb", up_to(200))


CELL = CellSettings(text="Krish likes pizza. Yann likes CNN. we now speak of", D=4, H=3, at=5)
"""What the lesson starts from: the trained network, at the name that replaces the first."""
