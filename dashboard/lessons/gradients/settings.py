"""What the folds of the lesson on vanishing and exploding gradients are set to, and five networks as they are drawn.

Each preset is a set of the Inspector's own settings, so "Open in the Inspector" shows the very same network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from core.model import READOUTS
from dashboard.kit.link_settings import Linked, entry, one_of, real, whole
from dashboard.kit.run.settings import Edit, Settings

D = 4
MAX_T = 100
INPUTS = 7  # a stream of the seed beside those of the weights, which take 0 and 1
ACTIVATIONS = MappingProxyType({"tanh": "tanh", "sigmoid": "sigmoid", "relu": "ReLU"})
RATES = 1e-6, 10.0
"""Least and largest learning rate of the clipping lab."""
CASES = MappingProxyType({"exploding": "A long gradient", "cliff": "At a cliff", "vanishing": "What early steps send"})


@dataclass(frozen=True)
class Preset:
    """One of the networks to choose from.

    Attributes:
        title: Its name on the page: how W_h is drawn.
        scheme: How W_h is drawn.
        gain: Factor on W_h.
        inputs: Standard deviation of the inputs.
        chain: What W_h[k, k+1] is set to by hand, from unit to unit; 0 for nothing.
    """

    title: str
    scheme: str
    gain: float
    inputs: float
    chain: float = 0.0


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "vanishing": Preset("Uniform ±1/√H", "uniform", 1.0, 1.0),
        "stable": Preset("Orthogonal", "orthogonal", 1.0, 0.02),
        "exploding": Preset("Orthogonal × 3", "orthogonal", 3.0, 0.3),
        "grows": Preset("Chain, 0.9 and 0.4", "identity", 0.9, 0.002, 0.4),
        "vanishes": Preset("Xavier × 1.5", "xavier", 1.5, 3.0),
    }
)


@dataclass(frozen=True)
class FlowSettings(Linked):
    """Everything that decides what the lesson shows.

    Attributes:
        preset: One of `PRESETS`.
        T: Steps.
        activation: Whose details are shown; all three are drawn.
        seed: Seeds weights and inputs.
        H: Hidden size.
        inputs: Factor on the preset's inputs.
        readout: Where the loss stands: at the "last" step or at "every" one.
        case: Which gradient the clipping lab takes, one of `CASES`.
        lr: Its learning rate.
        limit: Its largest size of an entry.
        max_norm: Its largest norm.
    """

    preset: str = entry("vanishing", "preset", one_of(*PRESETS))
    T: int = entry(50, "T", whole(10, MAX_T))
    activation: str = entry("tanh", "activation", one_of(*ACTIVATIONS))
    seed: int = entry(1, "seed", whole(0, 999_999))
    H: int = entry(16, "H", whole(2, 32))
    inputs: float = entry(1.0, "inputs", real(0, 10))
    readout: str = entry("last", "readout", one_of(*READOUTS))
    case: str = entry("exploding", "case", one_of(*CASES))
    lr: float = entry(0.01, "lr", real(*RATES))
    limit: float = entry(0.5, "limit", real(1e-6, 1e6))
    max_norm: float = entry(1.0, "norm", real(1e-6, 1e6))

    def size(self, preset: str | None = None) -> float:
        """Standard deviation that a preset's inputs are drawn with, by default the chosen one's."""
        return PRESETS[preset or self.preset].inputs * self.inputs

    def network(self, preset: str | None = None, activation: str | None = None) -> Settings:
        """The Inspector's settings of a preset, by default of the chosen one."""
        asked = replace(self, preset=preset or self.preset, activation=activation or self.activation)
        return _network(asked.preset, asked.activation, asked.T, asked.seed, asked.H, asked.inputs, asked.readout)


@lru_cache(maxsize=64)
def _network(preset: str, activation: str, T: int, seed: int, H: int, inputs: float, readout: str) -> Settings:
    chosen = PRESETS[preset]
    return Settings(
        source="numbers",
        numbers=drawn(T, seed, chosen.inputs * inputs),
        cell="rnn",
        H=H,
        activation=activation,
        scheme=chosen.scheme,
        gain=chosen.gain,
        seed=seed,
        readout=readout,
        # Cross-entropy would send back exactly nothing where a large output has settled its probability at 1.
        loss="mse",
        edits=tuple(Edit("rnn", "W_h", (k, k + 1), chosen.chain) for k in range(H - 1)) if chosen.chain else (),
        show=("norms", "states", "jacobians"),
    )


def drawn(T: int, seed: int, scale: float) -> str:
    """Normal inputs as a table of text, one row a step, rounded so that a link holds them exactly.

    A longer sequence begins with the shorter one.
    """
    return "\n".join(_rows(seed, scale)[:T])


@lru_cache(maxsize=32)
def _rows(seed: int, scale: float) -> tuple[str, ...]:
    """The rows of the longest table."""
    values = scale * np.random.default_rng([seed, INPUTS]).standard_normal((MAX_T, D))
    return tuple(", ".join(f"{v:.3f}" for v in row) for row in values.tolist())
