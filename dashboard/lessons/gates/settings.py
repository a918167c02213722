"""What the lesson on gates at work is set to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.kit.link_settings import Linked, entry, one_of, real, whole

TASK = "context-switch"
MOST_GAP = 10
GAP = 4
H = 16
NETWORKS: Mapping[str, str] = MappingProxyType(
    {"trained": "Trained from bias 1", "bias5": "Trained from bias 5", "fresh": "Fresh"}
)
EXAMPLES: Mapping[str, int] = MappingProxyType({"Yann": 149_334, "Maya": 22_468, "Lena": 308_290, "also": 17_662})
"""Who the second sentence is about ("also": still Krish), and which example of the task is that very text."""
SECONDS: Mapping[str, str] = MappingProxyType({"Yann": "Yann", "Maya": "Maya", "Lena": "Lena", "also": "still Krish"})
LINKED, BEFORE = "weights", "network"
"""Name of the chosen network in a link, and what it was in links of the first edition; figures write that one now."""
GAINS: Mapping[str, str] = MappingProxyType({"1": "as drawn", "4": "times 4", "12": "times 12"})


@dataclass(frozen=True)
class GatesSettings(Linked):
    """Everything that decides what the lesson shows.

    Attributes:
        network: Whose gates are shown, one of `NETWORKS`.
        second: Who the second sentence is about, one of `SECONDS`.
        gap: Words of filler after each sentence.
        bias: Forget bias of the fresh network.
        seed: Its seed; 0 is the trained network before its training.
        held: Forget bias whose memory is measured below.
        gain: Factor on W_h where gradients explode, one of `GAINS`.
    """

    network: str = entry("trained", LINKED, one_of(*NETWORKS))
    second: str = entry("Yann", "second", one_of(*SECONDS))
    gap: int = entry(GAP, "gap", whole(0, MOST_GAP))
    bias: float = entry(1.0, "bias", real(0, 5))
    seed: int = entry(0, "seed", whole(0, 999_999))
    held: float = entry(1.0, "held", real(0, 5))
    gain: str = entry("12", "gain", one_of(*GAINS))
