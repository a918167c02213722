"""The drawing that the lesson's beats drive: a word swapped, what is left of it, who takes it, and the fair bench."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from core import model
from core.activations import sigmoid
from core.experiments import bench
from core.experiments.bench import FRESH, RATES, STARTS, Cell, Outcomes, Problem, Setting
from core.experiments.interval import Share
from core.params import Array
from core.retention import factors, sensitivity
from core.sentences import Language
from core.text import embedding, one_hot
from core.written import adding_up, short
from dashboard.figure import prose
from dashboard.figure.pack import Packed, pack
from dashboard.figure.panels import Panel
from dashboard.lessons.memory import compute
from dashboard.lessons.memory.compute import CHAPTER, MODELS, OTHERS, SEEDS, D, H
from dashboard.lessons.memory.settings import MemorySettings

SEED = 0  # of the fresh networks
READ = MemorySettings(sentence="krish", seed=SEED)
"""The sentence that they read, and whose."""
LIMIT = 0.5  # of a state's colours
FILLERS = 0, 8, 20, 50
"""Words between the country and the question that the drawing lets one choose."""
FILLER = FILLERS[1]
COUNTRY, ASKED = "France", 5
START = "orthogonal"
"""Of the trained RNN, which then answers every country."""
FLOOR = -9.0
"""log₁₀ of the smallest shade."""
GAPS = 20, 50, 100
CELLS: Mapping[str, Cell] = MappingProxyType({"RNN": "rnn", "LSTM": "lstm"})
USUAL: Mapping[str, str] = MappingProxyType({"RNN": "plain", "LSTM": "bias1"})


@dataclass(frozen=True, eq=False)
class Nudges:
    """How far the answer of four networks moves with each word.

    Attributes:
        words: T of them.
        sizes: ‖∂z/∂x_t‖ (4, T): RNN and LSTM fresh, then trained.
    """

    words: tuple[str, ...]
    sizes: Array


@dataclass(frozen=True)
class Tally:
    """A start at one learning rate, and how many of its runs solve a gap."""

    setting: Setting
    share: Share


@lru_cache(maxsize=1)
def drawn() -> Panel:
    """The panel."""
    found = compute.way("fresh", SEED)
    return {
        "kind": "kept",
        "words": list(found.words),
        "others": list(OTHERS),
        "H": H,
        "seed": SEED,
        "seeds": len(SEEDS),
        "limit": LIMIT,
        "printed": list(CHAPTER),
        "networks": [_network(name) for name in MODELS],
        "split": _split(),
        "names": [f"{name} {weights}" for weights in ("fresh", "trained") for name in MODELS],
        "asked": ASKED,
        "floor": FLOOR,
        "nudges": [
            {"gap": gap, "words": list(found.words), "sizes": _logs(found.sizes)}
            for gap, found in ((gap, nudges(gap)) for gap in FILLERS)
        ],
        "gaps": list(GAPS),
        "pairs": [_pair("A common pair", usual), _pair("Each at its best", best)],
        "rates": [short(rate) for rate in RATES],
        "starts": [_start(name) for name in STARTS],
    }


def _network(name: str) -> dict[str, Any]:
    ends = left_over_seeds(name)
    return {
        "name": name,
        "states": pack(states(name).astype(np.float32)),
        "left": ends[SEEDS.index(SEED)].tolist(),
        "low": ends.min(axis=0).tolist(),
        "high": ends.max(axis=0).tolist(),
    }


def encoded(seed: int) -> list[Array]:
    """The sentence up to "he", with Krish and with each of the others (T, 1, D)."""
    words = compute.way("fresh", seed).words
    return [embedding((who, *words[1:]), D, seed=seed) for who in ("Krish", *OTHERS)]


def states(name: str) -> Array:
    """The states of a fresh network with Krish and with each of the others (5, T, H)."""
    trace = model.run(compute.fresh(name, SEED), np.concatenate(encoded(SEED), axis=1)).cell
    found: Array = trace.h[1:].transpose(1, 0, 2)
    return found


def left_over_seeds(name: str) -> Array:
    """What is left of the first word at each word, by seed (seeds, T)."""
    found: Array = np.stack([compute.way("fresh", seed).passages[name].left for seed in SEEDS])
    return found


@lru_cache(maxsize=32)
def split(seed: int = SEED) -> Array:
    """What W_h, tanh and the new word multiply the RNN's difference by, at each word from the second on (T-1, 3)."""
    first, *others = encoded(seed)
    return factors(compute.fresh("RNN", seed), first, np.concatenate(others, axis=1))


def parts_of_fall(seed: int = SEED) -> Array:
    """The part of the whole fall, on a log axis, that each of the three takes (3,)."""
    fall = np.log(split(seed)).sum(axis=0)
    parts: Array = fall / fall.sum()
    return parts


def shares_of_fall() -> list[str]:
    """The same in per cent that add up to 100 as they are written."""
    return [
        f"{part}\N{NARROW NO-BREAK SPACE}%" for part in adding_up([100 * float(part) for part in parts_of_fall()], 1)
    ]


def _split() -> dict[str, Any]:
    each = split()
    whole = each.prod(axis=0)
    return {
        "factors": each.tolist(),
        "whole": whole.tolist(),
        "together": float(whole.prod()),
        "parts": shares_of_fall(),
    }


@lru_cache(maxsize=8)
def nudges(gap: int) -> Nudges:
    """How far the answer moves with each word, with so many words in between."""
    words = compute.fill_words(COUNTRY, gap)
    fresh, trained = embedding(words, D, seed=SEED), one_hot(words, Language.vocabulary)
    known = compute.language_models(START)
    sizes = [sensitivity(compute.fresh(name, SEED), fresh) for name in MODELS]
    sizes += [sensitivity(known[name].model, trained) for name in MODELS]
    return Nudges(words, np.stack(sizes))


def _logs(sizes: Array) -> Packed:
    tiny = np.finfo(np.float64).tiny
    return pack(np.log10(np.maximum(sizes, tiny)).astype(np.float32))


def problem(gap: int) -> Problem:
    """Recall of one of 4 keys after a gap of distractors."""
    return Problem("recall", gap)


def tally(setting: Setting, of: Outcomes, seeds: Iterable[int]) -> Tally:
    """A setting with its runs of some seeds."""
    return Tally(setting, setting.solved(of, seeds))


@lru_cache(maxsize=64)
def at_best(start: str, gap: int) -> Tally:
    """A start at the learning rate that was best for it on the picking seeds, on fresh ones."""
    of = bench.stored()
    return tally(bench.best(problem(gap), start, of), of, FRESH)


def usual(name: str, gap: int) -> Tally:
    """The start that textbooks compare, at its best rate."""
    return at_best(USUAL[name], gap)


@lru_cache(maxsize=16)
def best(name: str, gap: int) -> Tally:
    """A cell at the start and rate that were best on the picking seeds, on fresh ones."""
    of = bench.stored()
    every = [Setting(problem(gap), start, rate) for start in starts(name) for rate in RATES]
    return tally(bench.pick(every, of), of, FRESH)


def starts(name: str) -> tuple[str, ...]:
    """Names of a cell's starts."""
    return tuple(start for start, known in STARTS.items() if known.cell == CELLS[name])


def plain(start: str) -> str:
    """What a start does, in plain words."""
    of = STARTS[start]
    if of.cell == "rnn":
        return {
            "plain": "$W_h$ of small random numbers",
            "orthogonal": "$W_h$ turns the state",
            "identity-relu": "$W_h$ copies each unit, max(0, $a$) in tanh’s place",
            "identity-tanh": "$W_h$ copies each unit",
        }[start]
    if start == "chrono":
        return "forget gates by unit: memories from short to as long as the task"
    bias = start.removeprefix("bias")
    return f"forget gates begin at σ({bias}) = {short(float(sigmoid(np.array([float(bias)]))[0]), 2)}"


def _pair(title: str, found: Any) -> dict[str, Any]:
    return {
        "title": title,
        "cells": [[_tally(found(name, gap)) for gap in GAPS] for name in MODELS],
    }


def _start(name: str) -> dict[str, Any]:
    of, start = bench.stored(), STARTS[name]
    return {
        "cell": next(title for title, cell in CELLS.items() if cell == start.cell),
        "title": start.title,
        "plain": prose(plain(name)),
        "best": [_tally(at_best(name, gap)) for gap in GAPS],
        "at": [[_tally(tally(Setting(problem(gap), name, rate), of, bench.PICKING)) for gap in GAPS] for rate in RATES],
    }


def _tally(found: Tally) -> dict[str, Any]:
    low, high = found.share.interval
    return {
        "hits": found.share.hits,
        "runs": found.share.runs,
        "low": low,
        "high": high,
        "rate": short(found.setting.lr),
        "start": STARTS[found.setting.start].title,
    }
