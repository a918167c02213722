"""How much of what reaches the end of a text comes through the forget gates alone, in many trained networks.

The beats show two networks. What holds beyond them is measured here: the zoo's recipes for the change of subject from
two forget biases, of two sizes, each from several seeds, on the one text that the beats show.

``python -m dashboard.lessons.gates.shares`` trains them again and stores what was measured; a test measures the
networks that ship as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path

from core import context, model, paths, zoo
from core.model import Model
from core.sentences import ContextSwitch
from core.zoo.recipes import Recipe, trained
from dashboard.lessons.gates.compute import FIRST, begins, encoded, words
from dashboard.lessons.gates.settings import GAP

STORED = Path(__file__).parent / "shares.json"
RECIPES = {5.0: "context-switch-lstm-bias5", 1.0: "context-switch-lstm"}
"""By the forget bias they begin with, the recipes whose size and seed are varied."""
SIZES = (4, 16)
SEEDS = range(10)
SECOND = "Yann"


@dataclass(frozen=True)
class Share:
    """One trained network on the text.

    Attributes:
        bias: Forget bias it began with.
        H: Its units.
        seed: Its seed.
        answers: Whom it names after the last word.
        mean: Mean forget gate over units and words.
        alone: What the path through the forget gates alone adds to ‖∂c_T/∂c_t‖ at the word before the second name.
        whole: That norm.
    """

    bias: float
    H: int
    seed: int
    answers: str
    mean: float
    alone: float
    whole: float

    @property
    def share(self) -> float:
        """The path through the forget gates alone, in parts of the whole."""
        return self.alone / self.whole


def measured(shown: Model, bias: float, seed: int) -> Share:
    """What one network does with the text."""
    x = encoded(words(FIRST, SECOND, GAP))
    trace = model.run(shown, x)
    found = paths.cell_paths(shown, trace)
    t = begins(GAP) - 1
    alone, whole = (float(part) for part in (paths.in_norm(found)[0, t], paths.in_norm(found)[:, t].sum()))
    named = ContextSwitch.classes[int(context.answers(shown, x)[-1, 0].argmax())]
    mean = float(trace.cell.f.mean())  # type: ignore[union-attr]
    return Share(bias, shown.cell.H, seed, named, round(mean, 4), float(f"{alone:.6g}"), float(f"{whole:.6g}"))


def _trained(recipe: Recipe) -> Share:
    return measured(trained(recipe), recipe.forget_bias, recipe.seed)


def recipes() -> Iterable[Recipe]:
    """The recipes of all networks."""
    return [
        replace(zoo.RECIPES[name], H=H, seed=seed, forget_bias=bias)
        for (bias, name), H, seed in product(RECIPES.items(), SIZES, SEEDS)
    ]


@lru_cache(maxsize=1)
def stored() -> tuple[Share, ...]:
    """What was measured beforehand."""
    return tuple(Share(**each) for each in json.loads(STORED.read_text(encoding="utf-8")))


def of(bias: float) -> tuple[Share, ...]:
    """The networks that began with one forget bias and name the second subject."""
    return tuple(each for each in stored() if each.bias == bias and each.answers == SECOND)


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=1) as pool:
        lines = [json.dumps(asdict(each)) for each in pool.map(_trained, recipes())]
    STORED.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
