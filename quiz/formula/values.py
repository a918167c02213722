"""A formula's value on random draws, by a small interpreter on float64 arrays; nothing typed is ever executed.

All draws are computed at once: a number is (draws, 1, 1), a vector (draws, 1, n), a matrix (draws, n, m). A vector is a
row, as in ``x @ W``, so ``h.T @ da`` is an outer product. Letters of shapes stand for unequal sizes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from core.activations import sigmoid
from core.params import Array as Values
from quiz.formula.spelling import TURNED
from quiz.grading.typed import Asked, Unreadable

SIZES = {"H": 4, "D": 3, "O": 2, "T": 5, "B": 7}
LARGEST_EXPONENT = 1_000.0
_NAMES_OF_SIZES = {1: "1", **{size: letter for letter, size in SIZES.items()}, 4 * SIZES["H"]: "4H"}
_CONSTANTS = {"pi": np.full((1, 1, 1), np.pi), "e": np.full((1, 1, 1), np.e)}


class ShapeSlip(ValueError):  # noqa: N818 - a learner's slip, not a failure
    """The shapes inside a formula do not fit. The message names them."""


def value(tree: ast.expr, values: Mapping[str, Values], *, outer: bool = False) -> tuple[ast.expr, Values]:
    """The formula's value on each draw, (draws, n, m), not finite where it is not defined, and how it was understood.

    Args:
        tree: As `quiz.formula.tree.syntax` gives it.
        values: Of each name.
        outer: Whether ⊗ is the outer product; otherwise it is taken entry by entry.

    Returns:
        The tree with each product of arrays marked as what it is (``BitAnd`` is ⊙), and the value.

    Raises:
        ShapeSlip: If shapes within it do not fit.
        Unreadable: If an exponent is too large, or a product can be meant in two ways.
    """
    with np.errstate(all="ignore"):
        return _value(tree, _CONSTANTS | dict(values), outer)


def shape_name(values: Values) -> str:
    """The shape of one draw, in letters."""
    sizes = values.shape[1:]
    if sizes == (1, 1):
        return "a number"
    return f"({', '.join(_NAMES_OF_SIZES.get(size, str(size)) for size in sizes)})"


def _value(node: ast.expr, values: Mapping[str, Values], outer: bool) -> tuple[ast.expr, Values]:
    match node:
        case ast.Constant(value=float() as number):
            return node, np.full((1, 1, 1), number)
        case ast.Name(id=name):
            return node, values[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner, found = _value(operand, values, outer)
            return ast.UnaryOp(op, inner), -found if isinstance(op, ast.USub) else found
        case ast.Attribute(value=turned, attr=turn):
            inner, found = _value(turned, values, outer)
            if turn == TURNED and found.shape[1:] == (1, 1):
                raise Unreadable(
                    "A transpose of a number was read: leave it out, or write the product T*(…) with a sign."
                )
            return ast.Attribute(inner, "T"), found.swapaxes(1, 2)
        case ast.Call(func=ast.Name(id=name) as function, args=args):
            known = [_value(one, values, outer) for one in args]
            found = _FUNCTIONS[name](*(one for _, one in known))
            return ast.Call(function, [inner for inner, _ in known], []), found
        case ast.BinOp(left=left, op=op, right=right):
            (first, one), (second, other) = _value(left, values, outer), _value(right, values, outer)
            meant = _meant(op, one, other, outer)
            return ast.BinOp(first, meant, second), _ARITHMETIC[type(meant)](one, other)
    raise AssertionError(ast.dump(node))  # syntax() lets no other node pass


def _meant(op: ast.operator, left: Values, right: Values, outer: bool) -> ast.operator:
    """A product by what is multiplied: numbers (``Mult``), entry by entry (``BitAnd``), or matrices."""
    if not isinstance(op, ast.Mult | ast.Mod | ast.FloorDiv):
        return op
    one, other = left.shape[1:], right.shape[1:]
    if (1, 1) in {one, other}:
        return ast.Mult()
    if isinstance(op, ast.FloorDiv):
        return ast.LShift() if outer else ast.BitAnd()
    fits = one[1] == other[0]
    if isinstance(op, ast.Mult):
        if fits and one != other:
            shapes = f"{shape_name(left)} @ {shape_name(right)}"
            raise Unreadable(f"Write @ for a matrix product: {shapes}, not *.")
        return ast.BitAnd()
    if fits and one == other:
        raise Asked("Is that product taken entry by entry, or is it the matrix product? Write * or @.")
    return ast.MatMult() if fits else ast.BitAnd()


def _entrywise(apply: Callable[[Values, Values], Values], sign: str) -> Callable[[Values, Values], Values]:
    """An operation entry by entry: a number goes with all, a row with every row; nothing else is stretched."""

    def fitted(left: Values, right: Values) -> Values:
        shapes = {left.shape[1:], right.shape[1:]}
        rows = {(1, columns) for _, columns in shapes}
        if len(shapes) == 2 and (1, 1) not in shapes and not (len(rows) == 1 and rows < shapes):
            raise ShapeSlip(f"{shape_name(left)} {sign} {shape_name(right)}")
        return np.asarray(apply(left, right))

    return fitted


def _power(base: Values, exponent: Values) -> Values:
    if not (np.abs(exponent) <= LARGEST_EXPONENT).all():
        raise Unreadable(f"Exponents up to {LARGEST_EXPONENT:.0f} are read.")
    return np.asarray(np.power(base, exponent))


def _matmul(left: Values, right: Values) -> Values:
    one, other = left.shape[1:], right.shape[1:]
    if one == other and one[0] == 1:  # two vectors, as NumPy multiplies them
        return np.asarray((left * right).sum(axis=2, keepdims=True))
    if one[1] != other[0]:
        raise ShapeSlip(f"{shape_name(left)} @ {shape_name(right)}")
    return left @ right


def _outer(left: Values, right: Values) -> Values:
    """Each row of one by the same row of the other, added up over the rows."""
    if left.shape[2] == right.shape[1] == 1:
        return left @ right
    if left.shape[1] != right.shape[1]:
        raise ShapeSlip(f"{shape_name(left)} ⊗ {shape_name(right)}")
    return left.swapaxes(1, 2) @ right


def _outer_call(left: Values, right: Values) -> Values:
    if 1 not in left.shape[1:] or 1 not in right.shape[1:]:
        shapes = f"{shape_name(left)} and {shape_name(right)}"
        raise Unreadable(f"outer(…) takes two vectors; these are {shapes}. Write a matrix product with @ and .T.")
    draws = max(len(left), len(right))
    columns = np.broadcast_to(left.reshape(len(left), -1, 1), (draws, left[0].size, 1))
    return columns * right.reshape(len(right), 1, -1)


def _diag(inner: Values) -> Values:
    rows, columns = inner.shape[1:]
    if min(rows, columns) == 1:
        return inner.reshape(len(inner), 1, -1) * np.eye(rows * columns)
    if rows != columns:
        raise ShapeSlip(f"diag of {shape_name(inner)}")
    return np.diagonal(inner, axis1=1, axis2=2)[:, None, :]


def _norm(inner: Values) -> Values:
    return np.asarray(np.sqrt(np.square(inner).sum(axis=(1, 2), keepdims=True)))


def _sigmoid_slope(inner: Values) -> Values:
    return sigmoid(inner) * (1.0 - sigmoid(inner))


_MINIMUM = _entrywise(np.minimum, "and")
_MAXIMUM = _entrywise(np.maximum, "and")

_FUNCTIONS: Mapping[str, Callable[..., Values]] = MappingProxyType(
    {
        "sigmoid": sigmoid,
        "tanh": np.tanh,
        "exp": np.exp,
        "log": np.log,
        "log2": np.log2,
        "log10": np.log10,
        "sqrt": np.sqrt,
        "relu": lambda inner: np.maximum(inner, 0.0),
        "cosh": np.cosh,
        "sinh": np.sinh,
        "sech": lambda inner: 1.0 / np.cosh(inner),
        "abs": np.abs,
        "bars": _norm,
        "norm": _norm,
        "sum": lambda inner: inner.sum(axis=(1, 2), keepdims=True),
        "sum_rows": lambda inner: inner.sum(axis=1, keepdims=True),
        "sum_columns": lambda inner: inner.sum(axis=2, keepdims=True),
        "diag": _diag,
        "ones": np.ones_like,
        "sign": np.sign,
        "sigmoid_slope": _sigmoid_slope,
        "tanh_slope": lambda inner: 1.0 - np.tanh(inner) ** 2,
        "relu_slope": lambda inner: (inner > 0).astype(float),
        "maximum": _MAXIMUM,
        "minimum": _MINIMUM,
        "clip": lambda inner, low, high: _MINIMUM(_MAXIMUM(inner, low), high),
        "outer": _outer_call,
    }
)
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Values, Values], Values]] = MappingProxyType(
    {
        ast.Add: _entrywise(np.add, "+"),
        ast.Sub: _entrywise(np.subtract, "−"),
        ast.Mult: _entrywise(np.multiply, "*"),
        ast.BitAnd: _entrywise(np.multiply, "*"),
        ast.Div: _entrywise(np.divide, "/"),
        ast.Pow: _entrywise(_power, "^"),
        ast.MatMult: _matmul,
        ast.LShift: _outer,
    }
)
