r"""LaTeX to the plain notation of a keyboard: ``\frac{a}{b}`` becomes ``((a)/(b))``, ``\tilde{C}_t`` ``C_tilde_t``.

pylatexenc parses it; nothing is expanded, run or looked up. A command that is not on the lists is refused by name.
"""

from __future__ import annotations

import re
from functools import cache

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexCommentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerParseError,
)
from pylatexenc.macrospec import LatexContextDb, MacroSpec

from quiz.grading.typed import Unreadable

DEEPEST = 25  # braces within braces

_SIGNS = {
    "odot": "⊙", "circ": "∘", "otimes": "⊗", "oplus": "+", "cdot": "·", "times": "×", "ast": "*", "star": "*",
    "div": "/", "bullet": "·", "pm": "±", "top": "⊤", "intercal": "⊤", "prime": "'", "leftarrow": "←", "gets": "←",
    "to": "→", "approx": "≈", "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖",
    "lvert": "|", "rvert": "|", "vert": "|", "mid": "|",
    "langle": "<", "rangle": ">", "lbrack": "[", "rbrack": "]", "{": "(", "}": ")", "lbrace": "(", "rbrace": ")",
    "nabla": "∇", "sum": "∑", "prod": "∏", "colon": ":", "coloneqq": ":=", "equiv": "=", "%": "%", "#": "#", "$": "",
    "&": "", "_": "_", "infty": "∞", "in": "∈", "partial": "∂", "half": "(1/2)", "lt": "<", "gt": ">",
}  # fmt: skip
_NAMES = {
    "sigma", "delta", "Delta", "alpha", "beta", "gamma", "epsilon", "eta", "theta", "lambda", "mu", "nu", "rho", "tau",
    "phi", "psi", "omega", "pi", "tanh", "exp", "ln", "log", "min", "max", "sinh", "cosh",
}  # fmt: skip
_RENAMED = {
    "varepsilon": "epsilon",
    "varphi": "phi",
    "vartheta": "theta",
    "varrho": "rho",
    "varsigma": "sigma",
    "ell": "l",
}
_SPACES = {",", ";", ":", "!", ">", " ", "quad", "qquad", "thinspace", "negthinspace", "enspace", "\\", "allowbreak"}
_DROPPED = {
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
    "Biggr", "displaystyle", "textstyle", "limits", "nolimits", "mathstrut", "strut",
}  # fmt: skip
_FONTS = {
    "mathbf", "mathrm", "mathit", "mathsf", "mathcal", "mathtt", "mathbb", "boldsymbol", "bm", "pmb", "text", "textbf",
    "textit", "textrm", "texttt", "operatorname", "mbox", "mathop", "mathnormal", "underline", "ensuremath", "mathord",
    "mathbin", "mathrel", "mathopen", "mathclose", "mathinner", "boxed", "symbf", "mathscr", "mathfrak", "emph",
}  # fmt: skip
_ACCENTS = {
    "tilde": "_tilde",
    "widetilde": "_tilde",
    "hat": "_hat",
    "widehat": "_hat",
    "bar": "_bar",
    "overline": "_bar",
}
_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac"}
_ARGUMENTS = {
    **dict.fromkeys(_FONTS | _ACCENTS.keys(), "{"),
    **dict.fromkeys(_FRACTIONS, "{{"),
    "sqrt": "[{",
    "operatorname": "*{",
    "norm": "{",
    "abs": "{",
}


def is_latex(line: str) -> bool:
    """Whether a line holds LaTeX's own signs."""
    return "\\" in line or "$" in line


def plain_notation(line: str) -> str:
    r"""A line of LaTeX in plain notation; braces of subscripts and superscripts stay.

    Args:
        line: One line, such as ``$c_t = f_t \odot c_{t-1}$``.

    Raises:
        Unreadable: If braces or dollars do not match, or a command is not known, which is named.
    """
    depth = deepest = 0
    for sign in line:
        depth += {"{": 1, "[": 1, "(": 1, "}": -1, "]": -1, ")": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST or line.count("\\") > 150:
        raise Unreadable(f"More than {DEEPEST} brackets within each other are not read.")
    line = re.sub(r"(?<!\\)%", r"\\%", line)
    if re.search(r"(?<!\\)(\\\\)*\\$", line):
        raise Unreadable("A \\ at the end begins a command that does not follow.")
    try:
        nodes, _, _ = LatexWalker(line, latex_context=_commands(), tolerant_parsing=False).get_latex_nodes()
    except (LatexWalkerParseError, RecursionError, IndexError):
        raise Unreadable("The LaTeX is not whole: see that every {, $ and \\( is closed.") from None
    return re.sub(r" +(?=[_^'])", "", re.sub(" +", " ", _written(nodes))).strip()


@cache
def _commands() -> LatexContextDb:
    """What commands take, and no environments or other specials."""
    known = LatexContextDb()
    macros = [MacroSpec(name, args_parser=arguments) for name, arguments in _ARGUMENTS.items()]
    known.add_context_category("formulas", macros=macros)
    known.set_unknown_macro_spec(MacroSpec("", args_parser=""))
    return known


def _written(nodes: list[LatexNode] | None) -> str:
    return "".join(_node(node) for node in nodes or ())


def _node(node: LatexNode | None) -> str:
    match node:
        case None:
            return ""
        case LatexCharsNode():
            return str(node.chars)
        case LatexGroupNode():
            return "{" + _written(node.nodelist) + "}"
        case LatexMathNode():
            return f" {_written(node.nodelist)} "
        case LatexMacroNode():
            return _command(str(node.macroname), [_argument(one) for one in _arguments(node)])
        case LatexSpecialsNode():
            return " "
        case LatexCommentNode():
            raise Unreadable("`%` begins a comment in LaTeX: write \\%.")
    raise Unreadable("Environments such as \\begin{…} are not read: type the formula on one line.")


def _arguments(node: LatexMacroNode) -> list[LatexNode | None]:
    return list(node.nodeargd.argnlist) if node.nodeargd and node.nodeargd.argnlist else []


def _argument(node: LatexNode | None) -> str:
    """What stands in an argument, without its braces."""
    return _written(node.nodelist) if isinstance(node, LatexGroupNode) else _node(node)


def _command(name: str, given: list[str]) -> str:
    """One command with its arguments."""
    if len(given) < len(_ARGUMENTS.get(name, "")):
        raise Unreadable(f"\\{name} needs what it is written over, in braces.")
    if name in _FRACTIONS:
        top, bottom = given
        if re.fullmatch(r" *(∂|d) *L *", top) and (by := re.fullmatch(r" *(?:∂|d) *(\S+) *", bottom)):
            return f" ∂L/∂{by[1]} "
        return f" (({top})/({bottom})) "
    if name in _ACCENTS:
        return f" {given[0].strip()}{_ACCENTS[name]}" if given[0].strip() else _unknown(name)
    if name in {"norm", "abs"}:
        sign = "‖" if name == "norm" else "|"
        return f" {sign}{given[0]}{sign} "
    if name == "sqrt":
        root, inner = given
        return f" (({inner})^(1/({root}))) " if root else f" sqrt({inner}) "
    if name in _FONTS:
        inner = given[-1]
        return inner if name != "operatorname" else f" {inner}"
    if name in _SIGNS:
        return f" {_SIGNS[name]}" if name in {"partial", "nabla"} else _SIGNS[name]
    if name in _NAMES or name in _RENAMED:
        return f" {_RENAMED.get(name, name)} "
    if name in _SPACES:
        return " "
    if name in _DROPPED:
        return ""
    return _unknown(name)


def _unknown(name: str) -> str:
    raise Unreadable(f"The LaTeX command \\{name[:20]} is not read here: write the formula without it.")
