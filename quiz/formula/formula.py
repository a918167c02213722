"""Formulas: read through a whitelist, compared by value on random draws. Nothing typed is ever executed.

A formula is tokenised (`quiz.formula.tokens`), parsed to a syntax tree by `ast.parse` and walked; each node that is not
on the list is refused. Values are computed by a small interpreter on float64 arrays, all draws at once: a number is
(draws, 1, 1), a vector (draws, 1, n), a matrix (draws, n, m). A vector is a row, as in ``x @ W``, so ``h.T @ da`` is an
outer product. Letters of shapes stand for unequal sizes: a forgotten transpose shows as a shape that does not fit.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.activations import sigmoid
from core.params import Array as Values
from core.written import significant
from quiz.formula.notation import plain_text, tex
from quiz.formula.tokens import CONSTANTS, FUNCTIONS, tokenise
from quiz.grading.answers import Unreadable, shape

DRAWS = 20
SIZES = {"H": 4, "D": 3, "O": 2, "T": 5, "B": 7}
MOST_NODES = 150
DEEPEST = 60
LARGEST_EXPONENT = 1_000.0
RTOL = 1e-8  # of each value
ATOL = 1e-11  # of the largest value, for entries that nearly cancel

_NAMES_OF_SIZES = {1: "1", **{size: letter for letter, size in SIZES.items()}, 4 * SIZES["H"]: "4H"}
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
_SIGNS = (ast.UAdd, ast.USub)


class ShapeSlip(ValueError):  # noqa: N818 - a learner's slip, not a failure
    """The shapes inside a formula do not fit. The message names them."""


@dataclass(frozen=True)
class Parsed:
    """A formula that was read.

    Attributes:
        tree: Its syntax tree, checked against the whitelist.
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
    """

    equal: bool
    words: str
    shapes: bool = False


def parse(text: object, names: Collection[str]) -> Parsed:
    """Read a typed formula.

    Args:
        text: What was typed.
        names: The names that may stand in it.

    Raises:
        Unreadable: If it can't be read; an unknown symbol is named.
    """
    line = tokenise(text, names)
    try:
        tree = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable("The formula is not complete: look for a sign or a value that is missing.") from None
    _check(tree, names)
    return Parsed(tree, plain_text(tree), tex(tree))


def _check(tree: ast.expr, names: Collection[str]) -> None:
    """Refuse every node that is not on the list, and trees too large or deep; without recursion."""
    waiting: list[tuple[ast.expr, int]] = [(tree, 1)]
    nodes = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if nodes > MOST_NODES or depth > DEEPEST:
            raise Unreadable("The formula is too long.")
        match node:
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
                inner = [left, right]
            case ast.UnaryOp(op=op, operand=operand) if isinstance(op, _SIGNS):
                inner = [operand]
            case ast.Attribute(value=value, attr="T"):
                inner = [value]
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS.values():
                wanted = 2 if name in _BINARY else 1
                if len(args) != wanted:
                    raise Unreadable(f"{name} takes {wanted} value{'s'[: wanted - 1]}; {len(args)} were given.")
                inner = args
            case ast.Name(id=name) if name in names or name in CONSTANTS:
                inner = []
            case ast.Constant(value=float()):
                inner = []
            case _:
                raise Unreadable("Only numbers, the names given, + − * / ^ @, brackets and functions can be read.")
        waiting += [(child, depth + 1) for child in inner]


def draw(variables: Mapping[str, str], whole: Collection[str] = (), seed: int = 0) -> dict[str, Values]:
    """Random values for each name, the same for the same seed.

    Args:
        variables: Names with shapes, as in `quiz.schema.Formula`. Numbers lie in 0.2 … 2, entries of arrays in
            ±(0.2 … 2).
        whole: Names that stand for whole numbers from 2 to 11, all different within a draw.
        seed: Seed.

    Returns:
        Arrays (DRAWS, n, m) by name.

    Raises:
        ValueError: If a shape has more than two axes, or a letter that is not known.
    """
    rng = np.random.default_rng(seed)
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


def evaluate(formula: Parsed, values: Mapping[str, Values]) -> Values:
    """The formula's value on each draw, (DRAWS, n, m); not finite where it is not defined.

    Raises:
        ShapeSlip: If shapes within it do not fit.
        Unreadable: If an exponent is too large.
    """
    known = {"pi": np.full((1, 1, 1), np.pi), "e": np.full((1, 1, 1), np.e)} | dict(values)
    with np.errstate(all="ignore"):
        return _value(formula.tree, known)


def compare(answer: Parsed, given: Parsed, values: Mapping[str, Values]) -> Comparison:
    """Whether a given formula is the answer, by value."""
    expected = evaluate(answer, values)
    try:
        found = evaluate(given, values)
    except ShapeSlip as slip:
        return Comparison(False, f"The shapes do not fit: {slip}.", shapes=True)
    if found.shape[1:] != expected.shape[1:]:
        words = f"The result is {_shape_name(found)}, asked for is {_shape_name(expected)}."
        return Comparison(False, words, shapes=True)
    undefined = int(np.count_nonzero(~np.isfinite(found).all(axis=(1, 2))))
    if undefined:
        return Comparison(False, f"Not a finite number on {undefined * DRAWS // len(found)} of {DRAWS} random draws.")
    difference = np.abs(found - expected)
    if (difference <= RTOL * np.abs(expected) + ATOL * np.abs(expected).max()).all():
        return Comparison(True, f"Equal on {DRAWS} random draws.")
    return Comparison(False, f"Largest difference on {DRAWS} random draws: {significant(float(difference.max()))}.")


def same(one: Parsed, other: Parsed, values: Mapping[str, Values]) -> bool:
    """Whether two formulas agree by value, or word for word where their shapes do not fit."""
    try:
        return compare(one, other, values).equal
    except ShapeSlip:
        return ast.dump(one.tree) == ast.dump(other.tree)


def _value(node: ast.expr, values: Mapping[str, Values]) -> Values:
    match node:
        case ast.Constant(value=float() as number):
            return np.full((1, 1, 1), number)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _value(operand, values)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.Attribute(value=inner_node):
            return _value(inner_node, values).swapaxes(1, 2)
        case ast.Call(func=ast.Name(id=name), args=[one]):
            return _UNARY[name](_value(one, values))
        case ast.Call(func=ast.Name(id=name), args=[left, right]):
            return _BINARY[name](_value(left, values), _value(right, values))
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_value(left, values), _value(right, values))
    raise AssertionError(ast.dump(node))  # _check lets no other node pass


def _entrywise(apply: Callable[[Values, Values], Values], sign: str) -> Callable[[Values, Values], Values]:
    """An operation entry by entry: a number goes with all, a row with every row; nothing else is stretched."""

    def fitted(left: Values, right: Values) -> Values:
        shapes = {left.shape[1:], right.shape[1:]}
        rows = {(1, columns) for _, columns in shapes}
        if len(shapes) == 2 and (1, 1) not in shapes and not (len(rows) == 1 and rows < shapes):
            raise ShapeSlip(f"{_shape_name(left)} {sign} {_shape_name(right)}")
        return apply(left, right)

    return fitted


def _product(left: Values, right: Values) -> Values:
    """Entry by entry; where only a matrix product can be meant, that is a matter of spelling and handed back."""
    shapes = {left.shape[1:], right.shape[1:]}
    if len(shapes) == 2 and (1, 1) not in shapes and left.shape[2] == right.shape[1]:
        raise Unreadable(f"Write @ for a matrix product: {_shape_name(left)} @ {_shape_name(right)}, not * or nothing.")
    return _entrywise(np.multiply, "*")(left, right)


def _power(base: Values, exponent: Values) -> Values:
    if not (np.abs(exponent) <= LARGEST_EXPONENT).all():
        raise Unreadable(f"Exponents up to {LARGEST_EXPONENT:.0f} are read.")
    return np.asarray(np.power(base, exponent))


def _matmul(left: Values, right: Values) -> Values:
    if left.shape[2] != right.shape[1]:
        raise ShapeSlip(f"{_shape_name(left)} @ {_shape_name(right)}")
    return left @ right


def _diag(inner: Values) -> Values:
    rows, columns = inner.shape[1:]
    if min(rows, columns) == 1:
        return inner.reshape(len(inner), 1, -1) * np.eye(rows * columns)
    if rows != columns:
        raise ShapeSlip(f"diag of {_shape_name(inner)}")
    return np.diagonal(inner, axis1=1, axis2=2)[:, None, :]


def _shape_name(values: Values) -> str:
    sizes = values.shape[1:]
    if sizes == (1, 1):
        return "a number"
    return f"({', '.join(_NAMES_OF_SIZES.get(size, str(size)) for size in sizes)})"


_UNARY: Mapping[str, Callable[[Values], Values]] = MappingProxyType(
    {
        "sigmoid": sigmoid,
        "tanh": np.tanh,
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "relu": lambda inner: np.maximum(inner, 0.0),
        "sum": lambda inner: inner.sum(axis=(1, 2), keepdims=True),
        "diag": _diag,
        "transpose": lambda inner: inner.swapaxes(1, 2),
    }
)
_BINARY: Mapping[str, Callable[[Values, Values], Values]] = MappingProxyType(
    {"maximum": _entrywise(np.maximum, "and"), "matmul": _matmul}
)
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Values, Values], Values]] = MappingProxyType(
    {
        ast.Add: _entrywise(np.add, "+"),
        ast.Sub: _entrywise(np.subtract, "−"),
        ast.Mult: _product,
        ast.Div: _entrywise(np.divide, "/"),
        ast.Pow: _entrywise(_power, "^"),
        ast.MatMult: _matmul,
    }
)
