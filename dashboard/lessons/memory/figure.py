"""Panels of the lesson on long-term dependencies: the shaded sentence, retention, fillers, and success across gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.figure import panels
from dashboard.figure.pack import pack
from dashboard.figure.panels import Key, Panel
from dashboard.figure.rich import Rich, math
from dashboard.figure.rows import Floats, joined, log_axis, points, texts

INK: Mapping[str, Key] = {name: {"model": name, "role": "ink", "shape": "circle"} for name in ("RNN", "LSTM")}
SQUARE: Mapping[str, Key] = {name: {"model": name, "role": "x", "shape": "square"} for name in ("RNN", "LSTM")}
LETTER, WORD, LINE = 7.3, 14, 46  # px: of a letter, around a word, of a line with its numbers
WIDE, NARROW = 900, 330
JITTER = 0.055  # of the distance between two gaps, from seed to seed


def reading(words: Sequence[str], shares: Mapping[str, Floats], said: Mapping[str, str]) -> Panel:
    """The sentence, once for each model, every word shaded by its share.

    Args:
        words: T of them; the figure's tokens.
        shares: By model, each word's part of the whole (T,).
        said: By model, what stands beside its name.
    """
    across = sum(LETTER * len(word) + WORD for word in words)
    heights = [len(shares) * (56 + LINE * -(-int(across * 1.04) // room)) for room in (WIDE, NARROW)]
    return {
        "kind": "reading",
        "rows": [
            {"name": name, "key": SQUARE[name], "said": said.get(name, ""), "shares": pack(share)}
            for name, share in shares.items()
        ],
        "largest": max(float(share.max()) for share in shares.values()),
        "height": heights[0],
        "narrow": heights[1],
    }


def sensitivity(sizes: Mapping[str, Floats], shares: Mapping[str, Floats]) -> Panel:
    """‖∂z/∂x_t‖ of each word on an absolute log axis."""
    rows = [
        points(size, model=name, role="x", series=f"{name} ∂z/∂x", norm=texts(size)) for name, size in sizes.items()
    ]
    zeros = [(t, "x", name) for name, size in sizes.items() for t in (np.flatnonzero(size == 0) + 1).tolist()]
    heads = [panels.column(["step ", math("t", live=True)], "left"), panels.column("size"), panels.column("share")]
    return panels.chart(
        "norms",
        {
            "series": joined(rows),
            "zeros": {"t": [z[0] for z in zeros], "role": [z[1] for z in zeros], "model": [z[2] for z in zeros]},
            "bracket": {},
        },
        params=log_axis(*sizes.values()),
        symbols=[[math("‖∂z/∂x_t‖", "x")]],
        label="how far the output moves with each word",
        title=["How far the output moves with each word"],
        keys=[(SQUARE[name], [name]) for name in sizes],
        profile=panels.table(
            heads,
            [
                [
                    panels.keyed([name], SQUARE[name]),
                    panels.values_at(sizes[name], "scientific"),
                    panels.values_at(shares[name], "fixed3"),
                ]
                for name in sizes
            ],
        ),
        table=panels.numbers("Size of ∂z/∂x", sizes),
    )


def fillers(right: Mapping[str, Floats], gap: int, chance: float, beside: Panel) -> Panel:
    """The probability of the right answer after each number of words (n + 1,), by model, and a table beside it."""
    last = len(next(iter(right.values()))) - 1
    return panels.chart(
        "memory_fillers",
        {
            "series": joined(
                [
                    {"words": list(range(last + 1)), "share": share.tolist(), "model": [name] * (last + 1)}
                    for name, share in right.items()
                ]
            ),
            "chosen": {"words": [gap]},
            "points": {
                "words": [gap] * len(right),
                "share": [float(share[gap]) for share in right.values()],
                "model": list(right),
            },
            "chance": {"share": [chance]},
        },
        params={"last": last},
        symbols=[],
        label="right answer, by words in between",
        title=["Probability of the right language, against the words in between"],
        keys=[(INK[name], [name]) for name in right],
        profile=beside,
        height=196,
        cursor=False,
        axis=22,
    )


def retention(
    series: Sequence[tuple[str, str, Floats]], printed: Sequence[float], rows: Sequence[Sequence[Any]]
) -> Panel:
    """What is left of the first word, beside the chapter's bars.

    Args:
        series: Model, role (h or c) and what is left (T,).
        printed: The chapter's shares, as many as there are steps here at most.
        rows: The table beside it: name, then a cell for each model.
    """
    top = max([1.0, *(float(left.max()) for _, _, left in series)])
    keys: list[tuple[Key, Rich]] = [
        ({"model": name, "role": role, "shape": "circle" if role == "h" else "diamond"}, [f"{name} ", math(role)])
        for name, role, _ in series
    ]
    heads = [panels.column(["step ", math("t", live=True)], "left"), panels.column("RNN"), panels.column("LSTM")]
    return panels.chart(
        "memory_retention",
        {
            "printed": {"t": list(range(1, len(printed) + 1)), "share": list(printed)},
            "series": joined(
                [
                    {
                        "t": list(range(1, len(left) + 1)),
                        "share": left.tolist(),
                        "model": [name] * len(left),
                        "role": [role] * len(left),
                        "series": [f"{name} {role}"] * len(left),
                        "text": [f"{v:.0%}" for v in left],
                    }
                    for name, role, left in series
                ]
            ),
        },
        params={"hi": 1.08 * top},
        symbols=[],
        label="left of word 1",
        title=["What is left of the first word"],
        keys=[*keys, ({"role": "second", "shape": "block"}, ["the chapter’s bars"])],
        profile=panels.table(heads, rows),
        table=panels.numbers("Left of the first word", {f"{name} {role}": left for name, role, left in series}),
        height=230,
    )


@dataclass(frozen=True)
class Runs:
    """The runs at one gap.

    Attributes:
        gap: Steps.
        points: Accuracy of each run at its end or so far, whether it still runs, and what it is called.
        spread: Lowest, median and highest accuracy of those that have ended; None while there are none.
        cells: The gap's row of the table: solved, steps, time.
    """

    gap: int
    points: Sequence[tuple[float, bool, str]]
    spread: tuple[float, float, float] | None
    cells: Sequence[str]


def gaps(name: str, runs: Sequence[Runs], *, chance: float) -> Panel:
    """Accuracy against the gap for one model."""
    placed = [
        (k + 1 + JITTER * (seed - (len(at.points) - 1) / 2), accuracy, running, text)
        for k, at in enumerate(runs)
        for seed, (accuracy, running, text) in enumerate(at.points)
    ]
    ended = [(k + 1, *at.spread) for k, at in enumerate(runs) if at.spread is not None]
    columns = ("x", "low", "middle", "high")
    heads = [
        panels.column(f"{name}, gap", "left"),
        *(panels.column(head) for head in ("solved", "in steps", "seconds")),
    ]
    return panels.chart(
        "memory_gaps",
        {
            "runs": {
                "x": [p[0] for p in placed],
                "accuracy": [p[1] for p in placed],
                "running": [p[2] for p in placed],
                "text": [p[3] for p in placed],
                "model": [name] * len(placed),
            },
            "spread": {column: [row[k] for row in ended] for k, column in enumerate(columns)}
            | {"model": [name] * len(ended)},
            "labels": {"x": list(range(1, len(runs) + 1)), "label": [str(at.gap) for at in runs]},
            "chance": {"accuracy": [chance]},
        },
        params={"last": len(runs)},
        symbols=[[{"strong": name}]],
        label="right answers, by gap",
        title=[f"{name}: right answers, against the gap"],
        keys=[(INK[name], [f"{name}, one seed each"])],
        profile=panels.table(heads, [[[str(at.gap)], *([cell] for cell in at.cells)] for at in runs]),
        height=210,
        cursor=False,
        axis=24,
    )
