"""Typed mathematics to a line of Python-like tokens: signs made ordinary, names told apart, left-out products put in.

The line that comes out holds only numbers, declared names, the functions of `FUNCTIONS`, operators and brackets, so
`quiz.formula` can hand it to `ast.parse`. Nothing is evaluated here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from quiz.grading.answers import Unreadable, plain, raised

LONGEST = 300  # characters of a formula
DEEPEST = 25  # brackets within brackets
LARGEST = 1e12  # size of a number typed

#: Functions by what may be typed for them.
FUNCTIONS = {
    "sigmoid": "sigmoid",
    "sigma": "sigmoid",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "exp": "exp",
    "log": "log",
    "ln": "log",
    "sqrt": "sqrt",
    "relu": "relu",
    "sum": "sum",
    "max": "maximum",
    "maximum": "maximum",
    "diag": "diag",
    "matmul": "matmul",
    "dot": "matmul",
    "t": "transpose",
    "transpose": "transpose",
}
CONSTANTS = ("pi", "e")

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("×·⋅∙⊙∘⊗∗⨀•", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("⊕＋", "+"),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        "√": " sqrt ",
        "ᵀ": ".T",
        "ₜ": "_t",
        "ᵏ": "^k",
        "ᵗ": "^t",
        "ⁿ": "^n",
    }
)
_GREEK = str.maketrans(
    {
        "σ": "sigma", "δ": "delta", "Δ": "Delta", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "epsilon",
        "ϵ": "epsilon", "η": "eta", "θ": "theta", "λ": "lambda", "μ": "mu", "ν": "nu", "ρ": "rho", "τ":
        "tau", "φ": "phi", "ϕ": "phi", "ψ": "psi", "ω": "omega", "π": "pi", "∂": "d",
    }
)  # fmt: skip
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-")
_TOKEN = re.compile(
    r" *(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<turn>\.T\b)"
    r"|(?P<sign>\*\*|[-+*/@(),])|(?P<other>\S))"
)
_SUFFIXES = {"t-1": "_prev", "t": "_t", "t+1": "_next", "+": "_plus", "-": "_minus"}


def ascii_name(name: str) -> str:
    """A name with Greek letters spelt out, as it is compared: ``δ_t`` is ``delta_t``."""
    return unicodedata.normalize("NFC", name).translate(_GREEK)


def tokenise(text: object, names: Iterable[str]) -> str:
    """Put a typed formula into plain tokens, parted by spaces.

    Args:
        text: What was typed, such as ``4h(h + x + 1)`` or ``c = f⊙c_{t−1} + i·g``.
        names: The declared names; they come out as declared.

    Raises:
        Unreadable: If it is empty, too long or too deep, or holds a symbol that is not declared, which is named.
    """
    declared = {ascii_name(name): name for name in names}
    line = _plain_signs(plain(text, LONGEST), declared)
    found = [(match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(line)]
    pieces: list[tuple[str, str]] = []
    for place, (kind, piece) in enumerate(found):
        opens = found[place + 1 : place + 2] in ([("sign", "(")], [("sign", "**")])
        pieces += _pieces(kind, piece, opens, declared)
    if len(pieces) > LONGEST:
        raise Unreadable("The formula is too long.")
    return " ".join(_with_products(_powers_after_functions(pieces)))


def _plain_signs(line: str, declared: dict[str, str]) -> str:
    """Subscripts, superscripts, operators and a left-hand side in their plain spelling."""
    line = unicodedata.normalize("NFD", line).replace("\u0303", "_tilde").replace("\u0302", "_hat")
    line = _right_hand_side(unicodedata.normalize("NFC", line))
    if len(line) > LONGEST:  # a tilde has become a word
        raise Unreadable("The formula is too long.")
    line = re.sub("[ₜ₀-₉₊₋]+", _subscript, line)
    line = re.sub(r"(?<=[^\W_])_[{(]([^{}()]{1,12})[})]", lambda match: _suffix(match[1]), line)
    line = raised(line).translate(_GREEK)
    line = re.sub(r"\^ ?\{? ?[T⊤] ?\}?(?!\w)", "^T" if "T" in declared else ".T", re.sub(r"\^? ?⊤", "^T", line))
    if index := re.search(r"\w\[ ?-?\d+ ?\]", line):
        raise Unreadable(f"`{index[0]}` is not understood: entries can't be picked out.")
    line = line.translate(_SIGNS)
    line = re.sub(r"\b([^\W\d_]\w*?)_t ?- ?1\b", lambda match: _previous(match, declared), line)
    if not re.search("matmul|dot|max", line):
        if grouped := re.search(r"(?<![\d.])[1-9]\d{0,2},\d{3}(?!\d)", line):
            raise Unreadable(f"“{grouped[0]}” can be read two ways: leave the comma out, or type a point.")
        line = re.sub(r"(?<=\d),(?=\d)", ".", line)
    return line.replace("^", "**")


def _right_hand_side(line: str) -> str:
    """What follows the equals sign of ``c_t = ...`` or ``∂L/∂W_h = ...``."""
    left, equals, right = line.partition("=")
    return right if equals and "=" not in right and left.count("(") == left.count(")") else line


def _subscript(match: re.Match[str]) -> str:
    return _suffix(match[0].replace("ₜ", "t").translate(_SUBSCRIPTS))


def _suffix(written: str) -> str:
    written = written.replace(" ", "")
    return _SUFFIXES.get(written, "_" + re.sub(r"\W", "", written))


def _previous(match: re.Match[str], declared: dict[str, str]) -> str:
    """``c_t-1`` is the state before wherever it can't be the state now, less one."""
    base = match[1]
    now = {base, f"{base}_t"} & declared.keys()
    return f"{base}_prev" if not now and _match(f"{base}_prev", declared) else match[0]


def _match(name: str, declared: dict[str, str]) -> str | None:
    """The declared name meant by one typed: as it stands, without ``_t``, or in the other case if only one fits."""
    now = name.removesuffix("_t").removesuffix("_old")
    candidate = {"c_tilde": "g", "epsilon": "eps"}.get(now.casefold(), now)  # the chapter writes C̃ for g
    for spelling in (name, now, candidate):
        if spelling in declared:
            return declared[spelling]
    folded = [kept for key, kept in declared.items() if key.casefold() == now.casefold()]
    return folded[0] if len(folded) == 1 else None


def _pieces(kind: str, piece: str, opens: bool, declared: dict[str, str]) -> list[tuple[str, str]]:
    """One token of the text as one or, for names side by side, more tokens."""
    if kind == "number":
        if len(piece) > 20 or float(piece) > LARGEST:
            raise Unreadable(f"The number {piece[:20]} is too large.")
        return [("number", repr(float(piece)))]
    if kind == "other":
        raise Unreadable(f"`{piece}` is not understood in a formula; {_use(declared)}")
    if kind != "name":
        return [(kind, piece)]
    if name := _match(piece, declared):
        return [("name", name)]
    function = FUNCTIONS.get(piece.casefold())
    if function == "transpose" and not opens:
        function = None
    if function and (opens or function == "sqrt"):
        return [("function", function)]
    if piece in CONSTANTS:
        return [("name", piece)]
    if function:
        raise Unreadable(f"Write {piece}(…) with brackets round what it is taken of.")
    if split := _split(piece, declared, opens):
        return split
    raise Unreadable(f"`{piece}` is not known here; {_use(declared)}")


def _split(piece: str, declared: dict[str, str], opens: bool) -> list[tuple[str, str]]:
    """``fc_prev`` as f, c_prev, with as few names as will do; the last may be a function. Empty if it can't be."""
    best: list[list[tuple[str, str]] | None] = [[]]
    for end in range(1, len(piece) + 1):
        options = []
        for start in range(end):
            before, part = best[start], piece[start:end]
            if before is None:
                continue
            if part in declared:
                options.append([*before, ("name", declared[part])])
            elif end == len(piece) and opens and part.casefold() in FUNCTIONS and part != "t":
                options.append([*before, ("function", FUNCTIONS[part.casefold()])])
        best.append(min(options, key=len) if options else None)
    return best[-1] or []


def _use(declared: dict[str, str]) -> str:
    return f"use {', '.join(declared.values())}"


def _powers_after_functions(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """``tanh² (c)`` as (tanh(c))², and ``√ x`` as sqrt(x)."""
    result = list(pieces)
    place = 0
    while place < len(result):
        if result[place][0] == "function":
            after = result[place + 1 : place + 4]
            if [piece for _, piece in after[:1]] == ["**"] and len(after) == 3 and after[1][0] == "number":
                end = _closing(result, place + 3)
                result[place : end + 1] = [
                    ("sign", "("), result[place], *result[place + 3 : end + 1], ("sign", "**"), after[1], ("sign", ")"),
                ]  # fmt: skip
            elif after and after[0][0] in {"number", "name"}:
                result[place + 1 : place + 2] = [("sign", "("), after[0], ("sign", ")")]
        place += 1
    return result


def _closing(pieces: list[tuple[str, str]], opening: int) -> int:
    depth = 0
    for place in range(opening, len(pieces)):
        depth += {"(": 1, ")": -1}.get(pieces[place][1], 0)
        if depth == 0:
            return place
    raise Unreadable("A bracket is open at the end.")


def _with_products(pieces: list[tuple[str, str]]) -> list[str]:
    """All tokens, with ``*`` between a value and the value beside it; brackets checked."""
    line: list[str] = []
    depth = 0
    before = ""
    for kind, piece in pieces:
        begins = kind in {"number", "name", "function"} or piece == "("
        if begins and (before in {"number", "name", "turn"} or before == ")"):
            if kind == "number":
                raise Unreadable(f"Put a sign before {piece.removesuffix('.0')}: a product as *, a power as ^.")
            line.append("*")
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth < 0:
            raise Unreadable("A bracket is closed that was not opened.")
        if depth > DEEPEST:
            raise Unreadable(f"More than {DEEPEST} brackets within each other are not read.")
        line.append(piece)
        before = piece if piece == ")" else kind
    if depth:
        raise Unreadable("A bracket is open at the end.")
    return line
