"""Formulas: read through a whitelist, compared by value on random draws. Nothing typed is ever executed.

What is typed, in LaTeX, NumPy, PyTorch or a keyboard's signs, is spelt plainly (`quiz.formula.spelling`), cut into
tokens (`tokens`), parsed to a tree of known nodes (`tree`) and evaluated by an interpreter on arrays (`values`).
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from core.params import Array as Values
from core.written import significant
from quiz.formula.notation import plain_text, tex
from quiz.formula.symbols import Names
from quiz.formula.tokens import tokenise
from quiz.formula.tree import syntax
from quiz.formula.values import SIZES, ShapeSlip, shape_name, value
from quiz.grading.shapes import shape
from quiz.grading.typed import Asked

DRAWS = 20
ROUNDS = 200  # of draws, before a condition counts as impossible
RTOL = 1e-8  # of each value
ATOL = 1e-11  # of the largest value, for entries that nearly cancel


@dataclass(frozen=True)
class Parsed:
    """A formula that was read.

    Attributes:
        tree: Its syntax tree, as `quiz.formula.tree.syntax` gives it.
        read_as: How it was understood, as plain text.
        tex: The same for display as mathematics.
    """

    tree: ast.expr
    read_as: str
    tex: str


@dataclass(frozen=True)
class Comparison:
    """Two formulas on the same draws.

    Attributes:
        equal: Whether they agree on every draw.
        words: What was found, one sentence.
        shapes: Whether what was found is that shapes do not fit.
        read: The given formula, its products settled by the shapes of what they multiply.
    """

    equal: bool
    words: str
    read: Parsed
    shapes: bool = False


def parse(text: object, names: Collection[str]) -> Parsed:
    """Read a typed formula.

    Args:
        text: What was typed.
        names: The names that may stand in it.

    Raises:
        Unreadable: If it can't be read; an unknown symbol is named.
    """
    return _parsed(syntax(tokenise(text, Names.of(names)), names))


def _parsed(tree: ast.expr) -> Parsed:
    return Parsed(tree, plain_text(tree), tex(tree))


def draw(
    variables: Mapping[str, str], whole: Collection[str] = (), seed: int = 0, given: Collection[str] = ()
) -> dict[str, Values]:
    """Random values for each name, the same for the same seed.

    Args:
        variables: Names with shapes, as in `quiz.schema.Formula`. Numbers lie in 0.2 … 2, entries of arrays in
            ±(0.2 … 2).
        whole: Names that stand for whole numbers from 2 to 11, all different within a draw.
        seed: Seed.
        given: Conditions: ``n = norm(g)`` defines n, ``n > c`` keeps the draws on which it holds.

    Returns:
        Arrays (DRAWS, n, m) by name.

    Raises:
        ValueError: If a shape has more than two axes, or a letter that is not known; if a condition can't be read or
            hardly ever holds.
    """
    rng = np.random.default_rng(seed)
    kept: list[dict[str, Values]] = []
    for _ in range(ROUNDS):
        values = _once(variables, whole, rng)
        holds = np.ones(DRAWS, dtype=bool)
        for condition in given:
            holds &= _condition(condition, variables, values)
        kept.append({name: drawn[holds] for name, drawn in values.items()})
        if sum(len(part) for one in kept for part in list(one.values())[:1]) >= DRAWS:
            return {name: np.concatenate([one[name] for one in kept])[:DRAWS] for name in variables}
    raise ValueError(f"given: {', '.join(given)} hardly ever hold. Loosen them.")


def _once(variables: Mapping[str, str], whole: Collection[str], rng: np.random.Generator) -> dict[str, Values]:
    counts = rng.permuted(np.tile(np.arange(2.0, 12.0), (DRAWS, 1)), axis=1)
    values = {}
    for place, name in enumerate(sorted(variables)):
        sizes = shape(variables[name]).sizes(SIZES) if variables[name] else ()
        if len(sizes) > 2:
            raise ValueError(f"variables: {name} has {len(sizes)} axes, expected at most two")
        if name in whole:
            values[name] = counts[:, place % counts.shape[1], None, None]
            continue
        entries = rng.uniform(0.2, 2.0, (DRAWS, *(1, 1, *sizes)[-2:]))
        values[name] = entries * rng.choice((-1.0, 1.0), entries.shape) if sizes else entries
    return values


def _condition(condition: str, names: Collection[str], values: dict[str, Values]) -> Values:
    """On which draws a condition holds; a definition sets its name and holds on all."""
    sign = next((sign for sign in "<>=" if sign in condition), "")
    sides = [part.strip() for part in condition.split(sign)] if sign else []
    if len(sides) != 2:
        raise ValueError(f"given: {condition!r} is neither a definition such as n = norm(g) nor one such as n > c")
    right = evaluate(parse(sides[1], names), values)
    if sign == "=":
        values[sides[0]] = np.broadcast_to(right, (DRAWS, *right.shape[1:]))
        return np.ones(DRAWS, dtype=bool)
    left = evaluate(parse(sides[0], names), values)
    found = left < right if sign == "<" else left > right
    return np.broadcast_to(found.all(axis=(1, 2)), (DRAWS,))


def evaluate(formula: Parsed, values: Mapping[str, Values]) -> Values:
    """The formula's value on each draw, (DRAWS, n, m); not finite where it is not defined.

    Raises:
        ShapeSlip: If shapes within it do not fit.
        Unreadable: If an exponent is too large, or a product can be meant in two ways.
    """
    return value(formula.tree, values)[1]


def compare(answer: Parsed, given: Parsed, values: Mapping[str, Values]) -> Comparison:
    """Whether a given formula is the answer, by value.

    Raises:
        Unreadable: If an exponent is too large.
        Asked: If a product can be meant in two ways.
    """
    expected = evaluate(answer, values)
    try:
        tree, found = _meant(given, values, expected.shape[1:])
    except ShapeSlip as slip:
        return Comparison(False, f"The shapes do not fit: {slip}.", given, shapes=True)
    read = _parsed(tree)
    if found.shape[1:] != expected.shape[1:]:
        words = f"The result is {shape_name(found)}, asked for is {shape_name(expected)}."
        return Comparison(False, words, read, shapes=True)
    undefined = int(np.count_nonzero(~np.isfinite(found).all(axis=(1, 2))))
    if undefined:
        words = f"Not a finite number on {undefined * DRAWS // len(found)} of {DRAWS} random draws."
        return Comparison(False, words, read)
    difference = np.abs(found - expected)
    if (difference <= RTOL * np.abs(expected) + ATOL * np.abs(expected).max()).all():
        return Comparison(True, f"Equal on {DRAWS} random draws.", read)
    words = f"Largest difference on {DRAWS} random draws: {significant(float(difference.max()))}."
    return Comparison(False, words, read)


def _meant(given: Parsed, values: Mapping[str, Values], asked: tuple[int, ...]) -> tuple[ast.expr, Values]:
    """The given formula and its value, ⊗ being entry by entry, as the chapter draws it, where that gives what is asked.

    Raises:
        ShapeSlip: If shapes do not fit, whatever ⊗ means.
        Asked: If ⊗ can be meant in either way, and entry by entry does not give the shape that is asked for.
    """
    if not any(isinstance(node, ast.FloorDiv) for node in ast.walk(given.tree)):
        return value(given.tree, values)
    readings = []
    for outer in (False, True):
        try:
            readings.append(value(given.tree, values, outer=outer))
        except ShapeSlip as slip:
            problem = slip
    if not readings:
        raise problem
    fits = [found.shape[1:] == asked for _, found in readings]
    if len(readings) == 1 or fits == [True, False] or fits == [False, False]:
        return readings[0]
    if fits == [True, True] and np.allclose(readings[0][1], readings[1][1]):
        return readings[0]
    raise Asked("⊗ can mean two things. Is it taken entry by entry (write ⊙ or *), or the outer product (@ and .T)?")


def same(one: Parsed, other: Parsed, values: Mapping[str, Values]) -> bool:
    """Whether two formulas agree by value, or word for word where their shapes do not fit."""
    try:
        return compare(one, other, values).equal
    except (ShapeSlip, Asked):
        return ast.dump(one.tree) == ast.dump(other.tree)
