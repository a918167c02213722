"""Panels of the comparison of the two cells: claims against measurements, horizons, tasks and loss curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.figure import drawings, panels
from dashboard.figure.panels import Key, Panel
from dashboard.figure.rows import Floats, log10_or_none, log_axis

INK: Mapping[str, Key] = {name: {"model": name, "role": "ink", "shape": "circle"} for name in ("RNN", "LSTM")}
LINE: Mapping[str, Key] = {name: {"model": name, "role": "ink"} for name in ("RNN", "LSTM")}
SIDE = 0.19  # of the distance between two tasks, from its middle to a cell's runs
JITTER = 0.034  # the same, from seed to seed
SHORT_SEED = 1_000  # from here on the place of a seed is named by its distance from the first
TONES = {"holds": "✓", "partly": "◐", "fails": "✕"}
LETTERS = {"aspect": 18, "claims": 16, "measured": 28, "verdict": 24, "phone": 21}  # in a line of each column


@dataclass(frozen=True)
class Aspect:
    """One row of the comparison.

    Attributes:
        name: What is compared.
        claims: What is said of the RNN and of the LSTM.
        measured: What was measured of the RNN and of the LSTM.
        tone: One of `TONES`: whether the claim holds.
        word: The verdict in a word or two.
        text: Why, in a sentence.
        to: Key of the fold of the page that measured it, or anchor of a part of it.
    """

    name: str
    claims: tuple[str, str]
    measured: tuple[str, str]
    tone: str
    word: str
    text: str
    to: str


def comparison(aspects: Sequence[Aspect], link: str) -> Panel:
    """Claims against measurements.

    Args:
        aspects: The rows.
        link: Words of the link to a measurement.
    """
    return {
        "kind": "comparison",
        "said": "The chapter says",
        "measured": "Measured",
        "verdict": "Verdict: press it for why",
        "short": ["chapter", "measured"],
        "models": list(INK),
        "rows": [
            {
                "aspect": a.name,
                "claims": list(a.claims),
                "measured": [[text] for text in a.measured],
                "sign": TONES[a.tone],
                "tone": a.tone,
                "word": a.word,
                "text": [a.text],
                "how": {"to": a.to, "text": link, "name": a.name},
            }
            for a in aspects
        ],
        "height": HEAD + sum(_row(a) for a in aspects),
        "middle": HEAD + sum(_row(a, room=0.7) for a in aspects),
        "narrow": sum(_group(a) for a in aspects),
    }


HEAD = 50  # px of the two lines of heads


def _row(a: Aspect, room: float = 1.0) -> int:
    """Height in px of a row of the table, with so much of the width that it has at most."""
    texts = {"aspect": (a.name,), "claims": a.claims, "measured": a.measured, "verdict": (f"x {a.word}",)}
    return 15 + 19 * max(_lines(text, column, room) for column, of in texts.items() for text in of)


def _group(a: Aspect) -> int:
    """Height in px of the same as three lines on a phone."""
    return 44 + sum(19 * max(_lines(text, "phone") for text in of) for of in (a.claims, a.measured))


def _lines(text: str, column: str, room: float = 1.0) -> int:
    return max(1, -(-len(text) // int(room * LETTERS[column])))


def horizons(found: Mapping[str, Floats], *, first: int, back: int, beside: Panel) -> Panel:
    """Horizons of fresh networks, by seed.

    Args:
        found: By model, steps (n,); infinite beyond ``back``.
        first: The first seed; the others follow it.
        back: Steps back that were looked at.
        beside: A table beside it.
    """
    n = len(next(iter(found.values())))
    rows = [
        (k + 1 + (SIDE / 2 if name == "LSTM" else -SIDE / 2), value, name, k)
        for name, values in found.items()
        for k, value in enumerate(values.tolist())
    ]
    shown = [min(value, float(back)) for _, value, _, _ in rows]
    middles = {name: min(float(np.median(values)), float(back)) for name, values in found.items()}
    return panels.chart(
        "compare_horizons",
        {
            "points": {
                "x": [row[0] for row in rows],
                "log10": log10_or_none(np.array(shown)),
                "model": [row[2] for row in rows],
                "open": [not np.isfinite(row[1]) for row in rows],
                "text": [f"{name}, seed {first + k}: {_steps(value, back)}" for _, value, name, k in rows],
            },
            "middle": {"log10": log10_or_none(np.array(list(middles.values()))), "model": list(middles)},
            "labels": {
                "x": list(range(1, n + 1)),
                "label": [str(first + k) if first < SHORT_SEED else f"+{k}" for k in range(n)],
            },
        },
        params={"last": n, "hi": float(np.log10(back)) + 0.12, "ticks": [0.0, float(np.log10(5)), 1.0, *_upper(back)]},
        symbols=[],
        label="steps back, by seed",
        title=["Steps back in which the gradient falls by e, by seed"],
        keys=[(INK[name], [name]) for name in found],
        profile=beside,
        table=panels.numbers(
            "Horizon by seed, in steps", {n: np.where(np.isfinite(v), v, np.nan) for n, v in found.items()}
        ),
        height=200,
        cursor=False,
        axis=24,
    )


def _upper(back: int) -> list[float]:
    return [float(np.log10(20)), float(np.log10(50)), float(np.log10(back))]


def _steps(value: float, back: int) -> str:
    return f"{value:.1f} steps" if np.isfinite(value) else f"not within {back} steps"


@dataclass(frozen=True)
class TaskRuns:
    """The runs on one task.

    Attributes:
        label: Its name below the axis.
        below: A second line.
        chance: Accuracy of guessing.
        accuracy: By model, one a seed, with its words.
        middle: By model, the median.
    """

    label: str
    below: str
    chance: float
    accuracy: Mapping[str, Sequence[tuple[float, str]]]
    middle: Mapping[str, float]


def tasks(found: Sequence[TaskRuns]) -> Panel:
    """Accuracy after training, by task and seed."""
    sides = {"RNN": -SIDE, "LSTM": SIDE}
    runs = [
        (k + 1 + sides[name] + JITTER * (seed - (len(of) - 1) / 2), accuracy, name, text)
        for k, task in enumerate(found)
        for name, of in task.accuracy.items()
        for seed, (accuracy, text) in enumerate(of)
    ]
    middles = [
        (k + 1 + sides[name], value, name) for k, task in enumerate(found) for name, value in task.middle.items()
    ]
    return panels.chart(
        "compare_tasks",
        {
            "runs": _columns(("x", "accuracy", "model", "text"), runs),
            "middle": {
                "low": [x - 0.15 for x, _, _ in middles],
                "high": [x + 0.15 for x, _, _ in middles],
                "accuracy": [value for _, value, _ in middles],
                "model": [name for _, _, name in middles],
            },
            "chance": {
                "low": [k + 0.6 for k in range(len(found))],
                "high": [k + 1.4 for k in range(len(found))],
                "accuracy": [task.chance for task in found],
            },
            "labels": {
                "x": list(range(1, len(found) + 1)),
                "label": [task.label for task in found],
                "below": [task.below for task in found],
            },
        },
        params={"last": len(found)},
        symbols=[],
        label="right answers, by task",
        title=["Right answers after training, by task"],
        keys=[(INK[name], [f"{name}, one seed each"]) for name in INK],
        height=240,
        cursor=False,
        axis=40,
    )


@dataclass(frozen=True)
class Curve:
    """The loss of one run.

    Attributes:
        model: "RNN" or "LSTM".
        seed: Its seed.
        at: Training steps (n,).
        loss: Loss there (n,).
        ended: Whether it has come to its end.
        text: What it came to, in words.
    """

    model: str
    seed: int
    at: Sequence[int]
    loss: Sequence[float]
    ended: bool
    text: str


def losses(title: str, curves: Sequence[Curve], *, last: int, floor: float, beside: Panel) -> Panel:
    """Loss over training steps.

    Args:
        title: Name of the task.
        curves: One a run.
        last: Training steps of the longest possible run.
        floor: The least loss that the axis has room for from the beginning.
        beside: A table beside it.
    """
    rows = [
        (step, loss, c.model, f"{c.model} {c.seed}") for c in curves for step, loss in zip(c.at, c.loss, strict=True)
    ]
    ends = [(c.at[-1], c.loss[-1], c.model, c.text) for c in curves if c.ended and c.loss]
    every = np.array([row[1] for row in rows] + [floor, 1.0])
    return panels.chart(
        "compare_losses",
        {
            "series": _columns(("step", "loss", "model", "series"), rows, log="loss"),
            "ends": _columns(("step", "loss", "model", "text"), ends, log="loss"),
        },
        params={**log_axis(every), "last": last},
        symbols=[[{"strong": title}]],
        label="loss on fresh sequences, by training step",
        title=[f"{title}: loss by training step"],
        keys=[(LINE[name], [f"{name}, one line a seed"]) for name in LINE],
        profile=beside,
        height=200,
        cursor=False,
        axis=22,
    )


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]], *, log: str = "") -> dict[str, list[Any]]:
    """Columns from rows; one of them as its logarithm, under the name "log10"."""
    found = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    if log:
        found["log10"] = log10_or_none(np.array(found.pop(log), dtype=np.float64))
    return found


def one_line(table: Panel) -> Panel:
    """A table that is the figure, each row of it on one line on a phone too."""
    return drawings.large(table) | {"narrow": 76 + 30 * len(table["rows"])}
