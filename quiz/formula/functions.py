"""The functions a formula may hold, by what may be typed for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from quiz.formula.spelling import DERIVED

CONSTANTS = ("pi", "e")

_SPELLINGS = {
    "sigmoid": "sigmoid sigma logistic expit sigm",
    "tanh": "tanh tgh",
    "exp": "exp",
    "log": "log ln",
    "log2": "log2",
    "log10": "log10",
    "sqrt": "sqrt root",
    "relu": "relu",
    "cosh": "cosh",
    "sinh": "sinh",
    "sech": "sech",
    "abs": "abs absolute fabs",
    "bars": "bars",
    "norm": "norm vector_norm l2norm",
    "sum": "sum",
    "diag": "diag diagflat",
    "ones": "ones_like",
    "sign": "sign",
    "transpose": "t transpose swapaxes permute",
    "square": "square",
    "maximum": "max maximum fmax",
    "minimum": "min minimum fmin",
    "clip": "clip clamp",
    "matmul": "matmul dot mm inner",
    "outer": "outer",
    "power": "power pow",
    "multiply": "multiply mul",
    "add": "add",
    "subtract": "subtract sub",
    "divide": "divide div true_divide",
    f"sigmoid{DERIVED}": " ".join(f"{name}{DERIVED}" for name in ("sigmoid", "sigma", "logistic", "expit")),
    f"tanh{DERIVED}": f"tanh{DERIVED}",
    f"relu{DERIVED}": f"relu{DERIVED}",
}

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {typed: name for name, spellings in _SPELLINGS.items() for typed in spellings.split()}
)
"""Functions by what may be typed for them, in small letters."""

METHODS: Mapping[str, str] = MappingProxyType(
    {typed: name for typed, name in FUNCTIONS.items() if name not in {"bars", "ones"} and typed not in {"max", "min"}}
)
"""Functions by what may be typed behind a value and a full stop: ``x.dot(w)``, ``W.t()``."""

_ARITIES = {
    **dict.fromkeys(("maximum", "minimum", "matmul", "outer", "power", "multiply", "add", "subtract", "divide"), (2,)),
    "clip": (3,),
    "transpose": (1, 2, 3),
    "norm": (1, 2),
    "sum": (1, 2),
}
ARITIES: Mapping[str, tuple[int, ...]] = MappingProxyType({name: _ARITIES.get(name, (1,)) for name in _SPELLINGS})
"""How many values a function takes."""
