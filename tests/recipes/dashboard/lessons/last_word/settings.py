"""What the lesson on the last word is set to."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.kit.link_settings import Linked, entry, real


@dataclass(frozen=True)
class LastWordSettings(Linked):
    """Everything that decides what the lesson shows.

    Attributes:
        weight: The input weight.
    """

    weight: float = entry(0.5, "weight", real(0, 2))
