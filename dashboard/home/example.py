"""The run that Home shows, as numbers and as a picture, and the examples it links to."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from core import model
from core.lstm import LSTMBackward
from core.written import short, significant
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings

TOP, PLOT, HEIGHT = 12, 216, 290  # pixels: first grid line, height of the axis, height with the slanted words

SEEDS = 20  # of networks that the one shown is compared with

EXAMPLES = {
    "context": Settings(text="Krish likes to eat pizza. Yann LeCun likes CNN."),
    "forget": Settings(forget_bias=3.0),
    "recall": Settings(source="task", task="recall"),
}


@dataclass(frozen=True)
class Reach:
    """How large one gradient is when it arrives at each word.

    Attributes:
        model: RNN or LSTM.
        quantity: "h", or "c" for the LSTM's cell state.
        norms: ‖∂L/∂h_t‖ or ‖∂L/∂c_t‖ for t = 1 ... T.
    """

    model: str
    quantity: str
    norms: tuple[float, ...]

    @property
    def part(self) -> float:
        """Size at the first word as a part of the size at the last."""
        return self.norms[0] / self.norms[-1]

    @property
    def share(self) -> str:
        """The same in per cent."""
        return _percent(self.part)


@dataclass(frozen=True)
class Example:
    """The Inspector's default run.

    Attributes:
        words: The sentence.
        reaches: RNN h, LSTM h, LSTM c.
    """

    words: tuple[str, ...]
    reaches: tuple[Reach, ...]

    @property
    def finding(self) -> str:
        """What the picture shows, with its numbers."""
        rnn, lstm, cell = (reach.share for reach in self.reaches)
        return (
            f"Before any training the gradient at ‘{self.words[0]}’ has {rnn} of its length at the last word, "
            f"‘{self.words[-1]}’, in the RNN; in the LSTM {lstm} for the hidden state and {cell} for the cell state."
        )


def home_example() -> Example:
    """Both models on the Inspector's default settings."""
    return _example(Settings())


@lru_cache(maxsize=1)
def usual() -> str:
    """How usual it is what the default seed shows: the same shares over other seeds, as a sentence."""
    parts = [[reach.part for reach in _example(Settings(seed=seed)).reaches] for seed in range(SEEDS)]
    rnn, lstm, cell = (f"{_percent(min(found))} to {_percent(max(found))}" for found in zip(*parts, strict=True))
    return (
        f"It is one draw, seed {Settings().seed}; over {SEEDS} seeds {rnn} are left in the RNN, in the LSTM {lstm} "
        f"for the hidden state and {cell} for the cell state."
    )


def _percent(part: float) -> str:
    return f"{short(100 * part, 2)}\N{NARROW NO-BREAK SPACE}%"


@lru_cache(maxsize=32)
def _example(settings: Settings) -> Example:
    sequence = compute.sequence(settings)
    reaches = []
    for kind, shown in compute.start(settings, sequence).items():
        cell = model.backprop(shown, model.run(shown, sequence.x, sequence.y)).cell
        gradients = {"h": cell.dh, "c": cell.dc} if isinstance(cell, LSTMBackward) else {"h": cell.dh}
        for quantity, gradient in gradients.items():
            norms = tuple(np.linalg.norm(gradient[:, 0], axis=1).tolist())
            reaches.append(Reach(compute.NAMES[kind], quantity, norms))
    return Example(sequence.labels, tuple(reaches))


def picture(example: Example) -> str:
    """Draw the example as HTML with two SVGs: a log axis of fixed width, and a plot as wide as there is room.

    Horizontal places are percentages, so that a phone gets the same type as a wide window; colours are the page's CSS
    variables, so that a change of theme needs no new drawing. Home does without Vega and pandas, which take longer to
    load than the rest of the page; classes are styled in `theme`.
    """
    exponents = [math.log10(norm) for reach in example.reaches for norm in reach.norms]
    low, high = math.floor(min(exponents)), math.ceil(max(exponents))

    def y(exponent: float) -> str:
        return f"{TOP + PLOT * (high - exponent) / (high - low):.1f}"

    decades = range(low, high + 1)
    ticks = [f'<text class="tick" x="44" y="{y(k)}" dy="4" text-anchor="end">{short(10.0**k)}</text>' for k in decades]
    grid = [f'<line class="grid" x1="0" x2="100%" y1="{y(k)}" y2="{y(k)}"/>' for k in decades]
    centres = [f"{100 * (t + 0.5) / len(example.words):.2f}%" for t in range(len(example.words))]
    words = [
        f'<text class="word" x="{x}" y="{TOP + PLOT + 22}">{html.escape(word)}</text>'
        for x, word in zip(centres, example.words, strict=True)
    ]
    lines = [part for reach in example.reaches for part in _line(reach, example.words, centres, y)]
    return (
        f'<div class="reach" role="img" aria-label="{html.escape(example.finding)}">'
        f'<svg width="52" height="{HEIGHT}">{"".join(ticks)}</svg>'
        f'<svg class="plot" height="{HEIGHT}">{"".join(grid + lines + words)}</svg></div>'
    )


def _line(reach: Reach, words: tuple[str, ...], xs: list[str], y: Callable[[float], str]) -> Iterator[str]:
    """Segments, then points with their values, then the name: RNN dashed and hollow, c with diamonds."""
    style = f"{reach.model.lower()} {reach.quantity}"
    ys = [y(math.log10(norm)) for norm in reach.norms]
    for (x1, y1), (x2, y2) in pairwise(zip(xs, ys, strict=True)):
        yield f'<line class="{style}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'
    shape = "M0-5L5 0L0 5L-5 0Z" if reach.quantity == "c" else "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z"
    for x, height, word, norm in zip(xs, ys, words, reach.norms, strict=True):
        value = f"{reach.model} {reach.quantity}, ‘{html.escape(word)}’: {significant(norm)}"
        point = f'<path class="point {style}" d="{shape}"><title>{value}</title></path>'
        yield f'<svg x="{x}" y="{height}" overflow="visible">{point}</svg>'
    yield f'<text class="name {style}" x="{xs[0]}" y="{ys[0]}" dx="-4" dy="-12">{reach.model} {reach.quantity}</text>'
