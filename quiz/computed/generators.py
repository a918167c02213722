"""Generated questions: drawn from a seed, every true answer computed by `core`, slips the values of real slips.

``generate(name, seed)`` gives a question with the id "gen-<name>"; the same seed gives the same question. What a
question shows is what it was computed from: the numbers in a prompt reproduce the answer within its tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from pydantic import TypeAdapter

from quiz.computed.generator import Generator
from quiz.computed.numbers import Clash
from quiz.lessons import modules
from quiz.schema import Question

TRIES = 200
_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)

_ALL = (
    replace(generator, lessons=(lesson, *generator.lessons))
    for lesson, module in modules("generators")
    for generator in module.GENERATORS
)
GENERATORS: Mapping[str, Generator] = MappingProxyType({generator.name: generator for generator in _ALL})
"""All generators by name: those of each lesson's `generators.py`."""

NAMES = tuple(GENERATORS)


def generate(name: str, seed: int) -> Question:
    """Draw one question.

    Args:
        name: One of `NAMES`.
        seed: 0 or more; the store keeps it as the attempt's variant.

    Raises:
        KeyError: An unknown name.
        ValueError: A negative seed.
    """
    if name not in GENERATORS:
        raise KeyError(f"name: no generator is called {name!r}. Choose one of {', '.join(NAMES)}.")
    if seed < 0:
        raise ValueError(f"seed: expected 0 or more, got {seed}. Choose 0.")
    generator = GENERATORS[name]
    rng = np.random.default_rng([seed, *name.encode()])
    for _ in range(TRIES):
        try:
            fields = generator.draw(rng)
        except Clash:
            continue
        shared = {"concepts": generator.concepts, "level": generator.level, "lessons": generator.lessons}
        return _QUESTION.validate_python({"id": f"gen-{name}"} | shared | fields)
    raise RuntimeError(f"{name}: {TRIES} draws gave no question whose slips differ from its answer")
