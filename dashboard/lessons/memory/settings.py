"""What the lesson on long-term dependencies is set to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.experiments.gaps import LSTM_STARTS, RNN_STARTS
from core.sentences import Language
from dashboard.kit.link_settings import Linked, entry, one_of, up_to, whole

MOST_FILLER = 100
MOST_TEXT = 400
SENTENCES: Mapping[str, str] = MappingProxyType({"france": "France", "krish": "Krish", "own": "Your own"})
WEIGHTS: Mapping[str, str] = MappingProxyType({"fresh": "Fresh", "trained": "Trained"})
RNN_NAMES: Mapping[str, str] = MappingProxyType(
    {"uniform": "Plain", "orthogonal": "Orthogonal", "identity": "Identity"}
)
LSTM_NAMES: Mapping[str, str] = MappingProxyType({**{f"bias{b}": str(b) for b in (0, 1, 3, 5)}, "chrono": "Chrono"})
FILL_STARTS = ("uniform", "orthogonal")
"""Starts from which an RNN of the zoo was trained on the fill-in."""


@dataclass(frozen=True)
class MemorySettings(Linked):
    """Everything that decides what the lesson shows.

    Attributes:
        country: Where the speaker grew up.
        gap: Words between the country and the question.
        start: How the RNN of the fill-in was drawn before its training.
        sentence: Which sentence is read, one of `SENTENCES`.
        weights: By "trained" networks or by "fresh" ones.
        text: The learner's own sentence.
        way: Which networks' states are followed from the first word on.
        seed: Of the fresh networks.
        rnn: Start of the RNNs that are trained across gaps.
        lstm: Start of the LSTMs.
    """

    country: str = entry("France", "country", one_of(*Language.countries))
    gap: int = entry(20, "gap", whole(0, MOST_FILLER))
    start: str = entry("uniform", "start", one_of(*FILL_STARTS))
    sentence: str = entry("france", "sentence", one_of(*SENTENCES))
    weights: str = entry("fresh", "weights", one_of(*WEIGHTS))
    text: str = entry("", "text", up_to(MOST_TEXT))
    way: str = entry("fresh", "way", one_of(*WEIGHTS))
    seed: int = entry(0, "seed", whole(0, 999_999))
    rnn: str = entry("uniform", "rnn", one_of(*RNN_STARTS))
    lstm: str = entry("bias1", "lstm", one_of(*LSTM_STARTS))
