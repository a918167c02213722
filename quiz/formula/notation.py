"""A formula's syntax tree as plain text and as TeX, with no more brackets than it takes to read it one way."""

from __future__ import annotations

import ast
from collections.abc import Callable

from quiz.formula.spelling import DERIVED
from quiz.formula.symbols import ascii_name

_LEVELS: dict[type[ast.AST], int] = {
    ast.Add: 1,
    ast.Sub: 1,
    ast.Mult: 2,
    ast.Div: 2,
    ast.MatMult: 2,
    ast.Mod: 2,
    ast.BitAnd: 2,
    ast.FloorDiv: 2,
    ast.LShift: 2,
    ast.USub: 3,
    ast.UAdd: 3,
    ast.Pow: 4,
}
_ATOM = 5
_PLAIN: dict[type[ast.operator], str] = {
    ast.Add: " + ", ast.Sub: " − ", ast.Mult: " × ", ast.Mod: " × ", ast.Div: " / ", ast.MatMult: " @ ", ast.Pow: "^",
    ast.BitAnd: " ⊙ ", ast.FloorDiv: " ⊗ ", ast.LShift: " ⊗ ",
}  # fmt: skip
_TEX: dict[type[ast.operator], str] = {
    ast.Add: " + ", ast.Sub: " - ", ast.Mult: r" \times ", ast.Mod: r" \times ", ast.MatMult: r" \, ",
    ast.BitAnd: r" \odot ", ast.FloorDiv: r" \otimes ", ast.LShift: r" \otimes ",
}  # fmt: skip
_TEX_FUNCTIONS = {
    "sigmoid": r"\sigma", "tanh": r"\tanh", "exp": r"\exp", "log": r"\ln", "log2": r"\log_2", "log10": r"\log_{10}",
    "maximum": r"\max", "minimum": r"\min",
    "cosh": r"\cosh", "sinh": r"\sinh", f"sigmoid{DERIVED}": r"\sigma'", f"tanh{DERIVED}": r"\tanh'",
    f"relu{DERIVED}": r"\operatorname{relu}'", "sum_rows": r"\operatorname{sum}_{0}",
    "sum_columns": r"\operatorname{sum}_{1}",
}  # fmt: skip
_PLAIN_FUNCTIONS = {f"{name}{DERIVED}": f"{name}'" for name in ("sigmoid", "tanh", "relu")}
_TEX_SUBSCRIPTS = {"prev": "t-1", "next": "t+1", "plus": "+", "minus": "-"}
_GREEK_NAMES = frozenset(
    {"alpha", "beta", "gamma", "delta", "Delta", "epsilon", "varepsilon", "eta", "theta", "lambda", "mu", "nu", "rho"}
    | {"sigma", "tau", "phi", "psi", "omega", "pi"}
)


def plain_text(node: ast.expr) -> str:
    """The formula on one line, such as ``f × c_prev + i × g``."""
    match node:
        case ast.Constant(value=float() as number):
            return f"{number:.12g}"
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner):
            return _bracketed(inner, _ATOM, plain_text) + ".T"
        case ast.Call(func=ast.Name(id="bars" | "norm"), args=[inner]):
            return f"‖{plain_text(inner)}‖"
        case ast.Call(func=ast.Name(id="sum_rows" | "sum_columns" as name), args=[inner]):
            return f"sum({plain_text(inner)}, axis={int(name == 'sum_columns')})"
        case ast.Call(func=ast.Name(id=name), args=args):
            return f"{_PLAIN_FUNCTIONS.get(name, name)}({', '.join(plain_text(argument) for argument in args)})"
        case ast.UnaryOp(op=op, operand=inner):
            return ("−" if isinstance(op, ast.USub) else "+") + _bracketed(inner, 3, plain_text)
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(left, op, right)
    raise AssertionError(ast.dump(node))


def _binary(left: ast.expr, op: ast.operator, right: ast.expr) -> str:
    level = _LEVELS[type(op)]
    if isinstance(op, ast.Pow):
        return f"{_bracketed(left, _ATOM, plain_text)}^{_bracketed(right, _ATOM, plain_text)}"
    # a / b * c is read from the left; the bracket makes that plain. A sum to the right needs none: + is associative.
    divided = (
        level == 2 and isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div) and not isinstance(op, ast.Div)
    )
    first = f"({plain_text(left)})" if divided else _bracketed(left, level, plain_text)
    return first + _PLAIN[type(op)] + _bracketed(right, level if isinstance(op, ast.Add) else level + 1, plain_text)


def tex(node: ast.expr) -> str:
    r"""The formula in TeX, such as ``f \times c_{t-1} + i \times g``."""
    match node:
        case ast.Constant(value=float() as number):
            return f"{number:.12g}"
        case ast.Name(id=name):
            return _tex_name(name)
        case ast.Attribute(value=inner):
            return _bracketed(inner, _ATOM, tex) + r"^{\top}"
        case ast.Call(func=ast.Name(id="sqrt"), args=[inner]):
            return rf"\sqrt{{{tex(inner)}}}"
        case ast.Call(func=ast.Name(id="bars" | "norm"), args=[inner]):
            return rf"\lVert {tex(inner)} \rVert"
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            return rf"\lvert {tex(inner)} \rvert"
        case ast.Call(func=ast.Name(id=name), args=args):
            inside = ", ".join(tex(argument) for argument in args)
            inside = rf"\left({inside}\right)" if r"\frac" in inside else f"({inside})"
            return _TEX_FUNCTIONS.get(name, rf"\operatorname{{{name}}}") + inside
        case ast.UnaryOp(op=op, operand=inner):
            return ("-" if isinstance(op, ast.USub) else "+") + _tex_bracketed(inner, 3)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{tex(left)}}}{{{tex(right)}}}"
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return f"{_bracketed(left, _ATOM, tex)}^{{{tex(right)}}}"
        case ast.BinOp(left=left, op=op, right=right):
            level = _LEVELS[type(op)]
            after = _tex_bracketed(right, level if isinstance(op, ast.Add) else level + 1)
            return _tex_bracketed(left, level) + _TEX[type(op)] + after
    raise AssertionError(ast.dump(node))


def _tex_name(name: str) -> str:
    base, _, rest = ascii_name(name).partition("_")
    parts = [part for part in rest.split("_") if part]
    accents = [part for part in parts if part in {"hat", "tilde", "bar"}]
    rest = ", ".join(_TEX_SUBSCRIPTS.get(part, _sub(part)) for part in parts if part not in accents)
    base = "varepsilon" if base == "eps" else base
    base = f"\\{base}" if base in _GREEK_NAMES else base if len(base) == 1 else rf"\mathrm{{{base}}}"
    for accent in accents:
        base = rf"\{accent}{{{base}}}"
    return f"{base}_{{{rest}}}" if rest else base


def _tex_bracketed(node: ast.expr, level: int) -> str:
    """A fraction needs no brackets unless it is raised."""
    fraction = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return tex(node) if fraction else _bracketed(node, level, tex)


def _sub(part: str) -> str:
    return part if len(part) == 1 else rf"\mathrm{{{part}}}"


def _bracketed(node: ast.expr, level: int, write: Callable[[ast.expr], str]) -> str:
    own = _LEVELS[type(node.op)] if isinstance(node, ast.BinOp | ast.UnaryOp) else _ATOM
    inner = write(node)
    if own >= level:
        return inner
    return rf"\left({inner}\right)" if r"\frac" in inner else f"({inner})"
