"""From a line of tokens to a syntax tree that holds nothing but what is on the list.

Of the functions that NumPy and PyTorch have for signs (``np.add``, ``torch.mul``, ``W.t()``) none is left: they become
the signs. Product signs stand for: ``Mult`` entry by entry, ``MatMult`` the matrix product, ``Mod`` a product that was
left out or written as a dot or cross, ``FloorDiv`` ⊗.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from quiz.formula.functions import ARITIES, CONSTANTS, FUNCTIONS, METHODS
from quiz.formula.spelling import TURNED
from quiz.grading.typed import Unreadable

MOST_NODES = 150
DEEPEST = 60
LIST = "Only numbers, the names given, + − * / ^ @, brackets and functions can be read."

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.Mod, ast.FloorDiv)
_SIGNS = (ast.UAdd, ast.USub)
_AS_OPERATOR: dict[str, type[ast.operator]] = {
    "matmul": ast.MatMult, "power": ast.Pow, "multiply": ast.Mult, "add": ast.Add, "subtract": ast.Sub,
    "divide": ast.Div,
}  # fmt: skip


def syntax(line: str, names: Collection[str]) -> ast.expr:
    """The tree of a line of tokens.

    Args:
        line: What `quiz.formula.tokens.tokenise` gives.
        names: The names that may stand in it.

    Raises:
        Unreadable: If the line is not complete, too large or deep, or holds anything that is not on the list.
    """
    try:
        tree = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable("The formula is not complete: look for a sign or a value that is missing.") from None
    _bounded(tree)
    return _plain(tree, frozenset(names) | frozenset(CONSTANTS))


def _bounded(tree: ast.expr) -> None:
    """Refuse trees too large or deep; without recursion."""
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    nodes = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += isinstance(node, ast.expr)
        if nodes > MOST_NODES or depth > DEEPEST:
            raise Unreadable("The formula is too long.")
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        waiting += [(word.value, depth + 1) for word in getattr(node, "keywords", ())]


def _plain(node: ast.expr, names: frozenset[str]) -> ast.expr:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
            return ast.BinOp(_plain(left, names), op, _plain(right, names))
        case ast.UnaryOp(op=op, operand=operand) if isinstance(op, _SIGNS):
            return ast.UnaryOp(op, _plain(operand, names))
        case ast.Attribute(value=value, attr="T" | "Q" as turn):
            return ast.Attribute(_plain(value, names), turn)
        case ast.Call(func=ast.Name(id="clip"), args=[one, low, ast.Constant(value=None)], keywords=[]):
            return _plain(ast.Call(ast.Name("maximum"), [one, low], []), names)
        case ast.Call(func=ast.Name(id="clip"), args=[one, ast.Constant(value=None), high], keywords=[]):
            return _plain(ast.Call(ast.Name("minimum"), [one, high], []), names)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=words) if name in FUNCTIONS.values():
            return _call(name, [_plain(one, names) for one in args], words)
        case ast.Call(func=ast.Attribute(value=value, attr=method), args=args, keywords=words) if method in METHODS:
            return _call(METHODS[method], [_plain(one, names) for one in (value, *args)], words)
        case ast.Name(id=name) if name in names:
            return ast.Name(name)
        case ast.Constant(value=float()):
            return node
    raise Unreadable(LIST)


def _call(name: str, given: list[ast.expr], words: list[ast.keyword]) -> ast.expr:
    """A call whose arguments are plain already, as a sign where there is one for it."""
    wanted = ARITIES[name]
    if len(given) not in wanted:
        number = wanted[0]
        raise Unreadable(f"{name} takes {number} value{'s' * (number > 1)}; {len(given)} were given.")
    if name == "norm":
        given += [word.value for word in words if word.arg == "ord"]
        words = [word for word in words if word.arg != "ord"]
    axis = _axis(name, given[1:] if name == "sum" else [], words)
    if name in _AS_OPERATOR:
        return ast.BinOp(given[0], _AS_OPERATOR[name](), given[1])
    if name == "transpose":
        return ast.Attribute(given[0], TURNED)
    if name == "square":
        return ast.BinOp(given[0], ast.Pow(), ast.Constant(2.0))
    if name == "norm" and any(not _is(one, 2.0) for one in given[1:]):
        raise Unreadable("norm(…) is read as the length, with squares: leave the second value out.")
    kept = given[:1] if name in {"norm", "sum"} else given
    return ast.Call(ast.Name(f"{name}{axis}"), kept, [])


def _axis(name: str, places: list[ast.expr], words: list[ast.keyword]) -> str:
    """Along which axis entries are added: ``_rows``, ``_columns`` or nothing for all."""
    for word in words:
        if name == "sum" and word.arg in {"axis", "dim"}:
            places = [*places, word.value]
        elif not (name in {"sum", "norm"} and word.arg in {"keepdims", "keepdim"} and _is_flag(word.value)):
            raise Unreadable(f"`{word.arg}=` is not understood in {name}(…).")
    if not places:
        return ""
    if len(places) == 1 and _is(places[0], 0.0):
        return "_rows"
    if len(places) == 1 and (_is(places[0], 1.0) or _is(places[0], -1.0)):
        return "_columns"
    raise Unreadable("sum(…) adds up all entries, or those along axis 0 or 1.")


def _is_flag(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _is(node: ast.expr, value: float) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _is(node.operand, -value)
    return isinstance(node, ast.Constant) and node.value == value
