"""What a model's card states: how the same recipe does from other seeds, and so how usual the shipped one is.

Computed by ``python -m core.zoo``, which trains the recipe from each of `SEEDS` and keeps the card in the manifest.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from core import model, tasks
from core.experiments.interval import Share
from core.losses import predict
from core.lstm import LSTMParams, LSTMTrace
from core.model import Model
from core.override import Override, forward_with
from core.params import Array
from core.sentences import ContextSwitch
from core.text import one_hot
from core.zoo.recipes import TESTED, Recipe, accuracy, trained

__all__ = ["GATED", "PAIRS", "SEEDS", "SOLVED", "SWITCH_GAP", "Card", "Switch", "card", "from_json", "switch"]

SEEDS = tuple(range(10))
SOLVED = 0.99  # share of right answers from which a seed counts as having learned the task at a gap
GATED = 200  # sequences over which gates are averaged
SWITCH_GAP = 4
"""Words of filler in the texts on which a second name is looked at."""
PAIRS = tuple(permutations(ContextSwitch.classes, 2))
"""The first and the second name of a text with two subjects."""


@dataclass(frozen=True)
class Switch:
    """What an LSTM does at the second name of "Krish likes pizza . … Yann likes CNN . … we now speak of".

    Attributes:
        f: Mean forget gate there, over units and pairs of names.
        forgets: Of all pairs those in which more is forgotten there than at any other word: the largest
            |c_{t-1}| (1 - f_t) of any unit.
        turned: The pairs (first, second) that are answered with the second name, and with the first as soon as every
            forget gate is held at 1 there.
    """

    f: float
    forgets: int
    turned: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Card:
    """A recipe trained from several seeds. What holds a value for each seed has them in the order of ``seeds``.

    Attributes:
        seeds: Those it was trained from.
        shipped: The seed of the model that ships, one of them.
        tested: Sequences behind each accuracy.
        accuracy: By gap, the share of right answers of each seed.
        gate_gap: Gap at which the gates were averaged.
        gates: By "i", "f", "o", each seed's mean over units, steps and sequences; empty for an RNN.
        switches: For the two-subject LSTMs what each seed does at the second name; empty for others.
    """

    seeds: tuple[int, ...]
    shipped: int
    tested: int
    accuracy: Mapping[int, tuple[float, ...]]
    gate_gap: int
    gates: Mapping[str, tuple[float, ...]]
    switches: tuple[Switch, ...]

    @property
    def place(self) -> int:
        """Where the shipped model's values stand."""
        return self.seeds.index(self.shipped)

    def right(self, gap: int) -> Share:
        """The shipped model's right answers at a gap; their interval is over sequences."""
        return Share(round(self.accuracy[gap][self.place] * self.tested), self.tested)

    def solved(self, gap: int) -> Share:
        """The seeds that learned the task at a gap; the interval is over seeds."""
        return Share(sum(share >= SOLVED for share in self.accuracy[gap]), len(self.seeds))

    def mean(self, gate: str) -> tuple[float, float, float]:
        """A gate's mean: the shipped model's, and the lowest and highest of all seeds."""
        values = self.gates[gate]
        return values[self.place], min(values), max(values)

    def middle(self, gap: int) -> tuple[float, float, float]:
        """Right answers at a gap over seeds: lowest, median, highest."""
        values = self.accuracy[gap]
        return min(values), statistics.median(values), max(values)

    def turning(self, pair: tuple[str, str] | None = None) -> Share:
        """The seeds in which a pair of names turns back; without a pair, those in which any does."""
        turned = [switch.turned for switch in self.switches]
        return Share(sum(pair in pairs if pair is not None else bool(pairs) for pairs in turned), len(turned))

    @property
    def turned_pairs(self) -> Share:
        """Of all seeds and pairs together, those that turn back. Pairs of one network are no independent runs."""
        return Share(sum(len(switch.turned) for switch in self.switches), len(PAIRS) * len(self.switches))

    def to_json(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        return asdict(self) | {"accuracy": {str(gap): list(shares) for gap, shares in self.accuracy.items()}}


def from_json(kept: Mapping[str, Any]) -> Card:
    """A card as the manifest keeps it."""
    return Card(
        seeds=tuple(kept["seeds"]),
        shipped=kept["shipped"],
        tested=kept["tested"],
        accuracy={int(gap): tuple(shares) for gap, shares in kept["accuracy"].items()},
        gate_gap=kept["gate_gap"],
        gates={gate: tuple(means) for gate, means in kept["gates"].items()},
        switches=tuple(
            Switch(switch["f"], switch["forgets"], tuple((first, second) for first, second in switch["turned"]))
            for switch in kept["switches"]
        ),
    )


def card(
    recipe: Recipe,
    seeds: Iterable[int] = SEEDS,
    train: Callable[[Callable[[Recipe], Model], Iterable[Recipe]], Iterable[Model]] = map,
) -> tuple[Card, Model]:
    """Train a recipe from several seeds, its own among them.

    Args:
        recipe: What to train.
        seeds: From which seeds.
        train: Calls a function on each of some recipes: `map`, or that of a pool of processes.

    Returns:
        What they reached, and the model of the recipe's own seed.
    """
    all_of = tuple(sorted({*seeds, recipe.seed}))
    recipes = [replace(recipe, seed=seed) for seed in all_of]
    made = [*train(trained, recipes)]
    reached = [accuracy(each, of) for each, of in zip(made, recipes, strict=True)]
    gates = [_gates(each, recipe) for each in made]
    has_switch = recipe.task == ContextSwitch.name and recipe.cell == "lstm"
    found = Card(
        seeds=all_of,
        shipped=recipe.seed,
        tested=TESTED,
        accuracy={gap: tuple(round(shares[gap], 4) for shares in reached) for gap in recipe.gaps},
        gate_gap=recipe.most_gap,
        gates={gate: tuple(round(means[gate], 4) for means in gates) for gate in gates[0]},
        switches=tuple(switch(each) for each in made) if has_switch else (),
    )
    return found, made[found.place]


def switch(shown: Model, gap: int = SWITCH_GAP) -> Switch:
    """What an LSTM of the two-subject task does at the second name, over all pairs of names.

    Args:
        shown: The model.
        gap: Words of filler after each sentence.

    Raises:
        ValueError: The model has NaN or infinity, or does not read the task.
    """
    x = np.concatenate([one_hot(ContextSwitch.text(*pair, gap), ContextSwitch.vocabulary) for pair in PAIRS], axis=1)
    ran = model.run(shown, x)
    assert isinstance(shown.cell, LSTMParams), "an RNN has no forget gate"
    assert isinstance(ran.cell, LSTMTrace), "a trace is of its cell"
    at = 4 + gap
    lost = np.abs(ran.cell.c[:-1] * (1 - ran.cell.f)).max(axis=2)
    held = forward_with(shown.cell, x, [Override("f", 1.0, at + 1, at + 1)]).h[-1]
    before, after = _names(ran.y_hat[-1]), _names(predict(shown.loss, held @ shown.W_y + shown.b_y))
    turned = [pair for pair, was, now in zip(PAIRS, before, after, strict=True) if (was, now) == (pair[1], pair[0])]
    return Switch(round(float(ran.cell.f[at].mean()), 4), int((lost.argmax(axis=0) == at).sum()), tuple(turned))


def _names(y_hat: Array) -> list[str]:
    return [ContextSwitch.classes[k] for k in y_hat.argmax(axis=-1).tolist()]


def _gates(shown: Model, recipe: Recipe) -> dict[str, float]:
    """Mean of each gate over fresh sequences at the longest trained gap; nothing for an RNN."""
    batch = tasks.at(recipe.task, recipe.most_gap).sample(np.random.default_rng([recipe.seed, 9]), GATED)
    trace = model.run(shown, batch.x).cell
    return {gate: float(getattr(trace, gate).mean()) for gate in "ifo"} if isinstance(trace, LSTMTrace) else {}
