"""The drawing that the lesson's beats drive: the gates of trained networks over one text, and what reaches its end.

The text is the one of the lesson before, with its network of four units; the other trained network, the networks drawn
afresh and the shares over many seeds are what the later beats compare it with.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, islice
from types import MappingProxyType
from typing import Any

import numpy as np

from core import jacobian, lstm, model, paths, zoo
from core.activations import sigmoid
from core.lstm import LSTMParams, LSTMTrace
from core.model import Model
from core.override import Override, forward_with
from core.params import Array
from core.paths import CellPaths, Horizons
from core.sentences import ContextSwitch
from dashboard.figure.pack import pack
from dashboard.figure.panels import Panel
from dashboard.kit.run.settings import Settings
from dashboard.lessons.gates import shares
from dashboard.lessons.gates.compute import FIRST, LONG, begins, by_name, encoded, fresh, words
from dashboard.lessons.gates.nudging import nudged
from dashboard.lessons.gates.sentences import signed_percent
from dashboard.lessons.gates.settings import GAP

SECOND = "Yann"
WORDS = words(FIRST, SECOND, GAP)
AT = begins(GAP)
"""Place of the second name, from 1."""
SMALL, OTHER = "context-switch-lstm-small", "context-switch-lstm"
UNIT = 0
"""The unit followed first: that of the lesson before, which lets go at the second name."""
LETTERS = MappingProxyType(
    {"f": "forget gate", "c": "cell state", "h": "hidden state", "i": "input gate", "o": "output gate",
     "g": "candidate"}
)  # fmt: skip
BIASES = tuple(0.5 * k for k in range(11))
START, OPEN = 2, 4
"""Places among these of the bias begun with, and of the last that is open while the question is."""
GAINS = (1, 2, 4, 8)
SEED = 0
BIAS = 1.0
"""Of the fresh network whose W_h is made larger."""


@dataclass(frozen=True, eq=False)
class Read:
    """One LSTM on the text.

    Attributes:
        model: Its weights.
        trace: Its run.
        paths: What reaches the last cell state from each earlier one.
        same: What each of `core.paths.PARTS` adds to ∂c_T[u]/∂c_t[u], t = 1 … T (3, T, H).
        together: What each adds to ‖∂c_T/∂c_t‖, all units together (3, T).
    """

    model: Model
    trace: LSTMTrace
    paths: CellPaths
    same: Array
    together: Array


def read(shown: Model) -> Read:
    """Follow a network over the text, which is too short to leave the float range."""
    ran = model.run(shown, encoded(WORDS))
    assert isinstance(ran.cell, LSTMTrace), "the lesson's networks are LSTMs"
    found = paths.cell_paths(shown, ran)
    plain = 10.0 ** found.scale[1:]
    same, together = paths.same_unit(found)[:, 1:], paths.in_norm(found)[:, 1:]
    return Read(shown, ran.cell, found, same * plain[:, None], together * plain)


@lru_cache(maxsize=2)
def trained(name: str) -> Read:
    """One of the two trained networks."""
    return read(zoo.load(name).model)


def held_open(units: tuple[int, ...]) -> str:
    """Whom the small network names if these units' forget gates are 1 at the second name."""
    cell = _small_cell()
    ran = forward_with(cell, encoded(WORDS), [Override("f", 1.0, AT, AT, units)])
    return _names(ran.h[-1])


def exchanged(units: tuple[int, ...]) -> dict[str, str]:
    """Whom it names if, before the second name, these units' cells come from the text with another first name."""
    cell, own, named = _small_cell(), trained(SMALL).trace, {}
    for first in ContextSwitch.classes:
        if first in (FIRST, SECOND):
            continue
        other = lstm.forward(cell, encoded(words(first, SECOND, GAP)))
        c = own.c[AT - 1].copy()
        c[:, list(units)] = other.c[AT - 1][:, list(units)]
        named[first] = _names(lstm.forward(cell, encoded(WORDS)[AT - 1 :], own.h[AT - 1], c).h[-1])
    return named


def _small_cell() -> LSTMParams:
    cell = trained(SMALL).model.cell
    assert isinstance(cell, LSTMParams), "the lesson's networks are LSTMs"
    return cell


def _names(h: Array) -> str:
    """The name that the small network's read-out gives most, from a last hidden state (1, H)."""
    shown = trained(SMALL).model
    return ContextSwitch.classes[int((h @ shown.W_y + shown.b_y)[0].argmax())]


@lru_cache(maxsize=1)
def measured() -> Array:
    """∂c_T/∂c_t of the small network, by nudging (T, H, H)."""
    return nudged(_small_cell(), trained(SMALL).trace)


@lru_cache(maxsize=1)
def by_jacobians() -> tuple[Array, Array]:
    """∂c_T/∂c_t of the small network from the product of its state's Jacobians, with h_t moved along and held.

    Returns:
        Two arrays (T, H, H): the c–c block with the h–c block times ∂h_t/∂c_t, and the c–c block alone.
    """
    small = trained(SMALL)
    H = small.model.cell.H
    P, scale = jacobian.products(jacobian.jacobians(small.model, model.run(small.model, encoded(WORDS))))
    P = P[1:] * 10.0 ** scale[1:, None, None]
    dh_dc = (small.trace.o * (1 - small.trace.tanh_c**2))[:, 0, None, :]
    return P[:, H:, H:] + P[:, H:, :H] * dh_dc, P[:, H:, H:]


@lru_cache(maxsize=len(GAINS))
def larger(gain: int) -> Read:
    """A fresh network with its W_h so many times as large."""
    drawn_so = fresh(BIAS, SEED)
    return read(model.with_parameters(drawn_so, {"W_h": gain * drawn_so.cell.W_h}))


@lru_cache(maxsize=1)
def horizons() -> tuple[Horizons, ...]:
    """How long fresh networks of each of `BIASES` keep a cell, on filler."""
    return tuple(horizon(fresh(bias, SEED)) for bias in BIASES)


@lru_cache(maxsize=1)
def horizons_trained() -> tuple[Horizons, ...]:
    """The same of the two trained networks."""
    return tuple(horizon(trained(name).model) for name in (SMALL, OTHER))


def horizon(shown: Model) -> Horizons:
    """How far each path reaches back over `LONG` words of filler."""
    return paths.horizons(paths.cell_paths(shown, model.run(shown, encoded(_filler()))))


def on_filler(name: str) -> float:
    """The mean forget gate of a trained network on that text."""
    ran = model.run(trained(name).model, encoded(_filler()))
    assert isinstance(ran.cell, LSTMTrace), "the lesson's networks are LSTMs"
    return float(ran.cell.f.mean())


def _filler() -> tuple[str, ...]:
    return tuple(islice(cycle(ContextSwitch.filler.split()), LONG))


def in_the_inspector() -> Settings:
    """The Inspector's settings: the text, read by the small network."""
    return by_name(SMALL, SECOND, GAP)


@lru_cache(maxsize=1)
def drawn() -> Panel:
    """The panel."""
    small, other = trained(SMALL), trained(OTHER)
    limit = float(np.ceil(10 * np.abs(small.trace.c[1:]).max()) / 10)
    return {
        "kind": "gates",
        "words": list(WORDS),
        "first": AT - 1,
        "second": AT,
        "names": dict(LETTERS),
        "network": {
            "H": small.model.cell.H,
            "bias": _bias(SMALL),
            "unit": UNIT,
            "limit": {"c": limit, "h": 1, "g": 1},
            "maps": {letter: _packed(values(small, letter)) for letter in LETTERS},
            "same": _packed(small.same),
            "together": _packed(small.together),
            "measured": _packed(np.diagonal(measured(), axis1=1, axis2=2)),
            "whole": _packed(np.linalg.norm(measured(), axis=(1, 2))),
        },
        "other": {
            "H": other.model.cell.H,
            "bias": _bias(OTHER),
            "f": _packed(values(other, "f")),
            "together": _packed(other.together),
        },
        "shares": [_shares(bias) for bias in shares.RECIPES],
        "bias": _biases(),
        "explode": _exploding(),
    }


def values(run: Read, letter: str) -> Array:
    """Gates or states of a run by letter (T, H)."""
    found: Array = getattr(run.trace, letter)[:, 0]
    return found[1:] if letter in "ch" else found


def _packed(array: Array) -> Any:
    return pack(np.asarray(array, np.float32))


def _bias(name: str) -> float:
    return zoo.RECIPES[name].forget_bias


def _shares(bias: float) -> dict[str, Any]:
    found = shares.of(bias)
    shown = {(zoo.RECIPES[name].forget_bias, zoo.RECIPES[name].H, zoo.RECIPES[name].seed) for name in (SMALL, OTHER)}
    low, high = (signed_percent(of(each.share for each in found)) for of in (min, max))
    return {
        "bias": bias,
        "small": min(shares.SIZES),
        "large": max(shares.SIZES),
        "low": low,
        "high": high,
        "networks": [
            {"share": each.share, "H": each.H, "shown": (each.bias, each.H, each.seed) in shown} for each in found
        ],
    }


def _biases() -> dict[str, Any]:
    gates = sigmoid(np.array(BIASES))
    return {
        "values": list(BIASES),
        "gates": gates.tolist(),
        "rule": (1 / (1 - gates)).tolist(),
        "alone": [each.direct for each in horizons()],
        "every": [_finite(each.total) for each in horizons()],
        "T": LONG,
        "H": fresh(BIAS, SEED).cell.H,
        "seed": SEED,
        "start": START,
        "open": OPEN,
        "trained": [
            {"bias": _bias(name), "H": zoo.RECIPES[name].H, "alone": _finite(each.direct), "every": _finite(each.total)}
            for name, each in zip((SMALL, OTHER), horizons_trained(), strict=True)
        ],
    }


def _finite(steps: float) -> float | None:
    return float(steps) if np.isfinite(steps) else None


def _exploding() -> dict[str, Any]:
    runs = [larger(gain) for gain in GAINS]
    return {
        "gains": list(GAINS),
        "H": runs[0].model.cell.H,
        "bias": BIAS,
        "seed": SEED,
        "f": _packed(np.stack([values(run, "f") for run in runs])),
        "whole": _packed(np.stack([whole(run) for run in runs])),
        "alone": _packed(np.stack([alone(run) for run in runs])),
    }


def whole(run: Read) -> Array:
    """log₁₀ of ‖∂c_T/∂c_t‖, all three ways together, t = 1 … T (T,)."""
    return np.asarray(np.log10(run.together.sum(axis=0)))


def alone(run: Read) -> Array:
    """log₁₀ of the length of the forget gates' products, all units together as in `whole`, t = 1 … T (T,)."""
    return np.asarray(np.log10(np.linalg.norm(10.0 ** run.paths.direct[1:], axis=1)))
