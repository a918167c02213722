"""A formula in plain spelling to a line of Python-like tokens: names told apart, left-out products put in.

The line that comes out holds only numbers, declared names, the functions of `FUNCTIONS`, operators and brackets, so
`quiz.formula.tree` can hand it to `ast.parse`. Nothing is evaluated here. ``%`` in it is a product that was left out or
written as a dot, ``//`` is ⊗: what they multiply says what they mean.
"""

from __future__ import annotations

import re

from quiz.formula.functions import ARITIES, CONSTANTS, FUNCTIONS, METHODS
from quiz.formula.spelling import LONGEST, TURNED, spelt
from quiz.formula.symbols import Names
from quiz.grading.typed import Unreadable

DEEPEST = 25  # brackets within brackets
LARGEST = 1e12  # size of a number typed

_TOKEN = re.compile(
    r" *(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|\.(?P<method>[A-Za-z]\w*)"
    r"|(?P<sign>\*\*|[-+*/@(),·×⊗]|(?<=[\w ])=(?=[\w -]))|(?P<other>\S))"
)
_PRODUCTS = {"·": "%", "×": "%", "⊗": "//"}
_KEYWORDS = ("axis", "dim", "keepdims", "keepdim", "ord")
_Piece = tuple[str, str]  # kind and what stands there


def tokenise(text: object, names: Names) -> str:
    """Put a typed formula into plain tokens, parted by spaces.

    Args:
        text: What was typed, such as ``4h(h + x + 1)`` or ``c = f⊙c_{t−1} + i·g``.
        names: The declared names; they come out as declared.

    Raises:
        Unreadable: If it is empty, too long or too deep, or holds a symbol that is not declared, which is named.
    """
    line = spelt(text, names)
    if "√" in line or "∑" in line or "∏" in line:
        line = _large(line)
    found = [(match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(line)]
    pieces: list[_Piece] = []
    for place, (kind, piece) in enumerate(found):
        if piece == "=" and [kind for kind, _ in pieces[-1:]] != ["keyword"]:
            kind = "other"
        pieces += _pieces(kind, piece, found[place + 1 : place + 2], names)
    if len(pieces) > LONGEST:
        raise Unreadable("The formula is too long.")
    return " ".join(_with_products(_arguments(pieces)))


def _large(line: str) -> str:
    """√ and Σ as functions; sums and products over steps are to be written out."""
    if "∏" in line:
        raise Unreadable("A product sign ∏ is not read: write equal factors as a power, such as f^k.")
    if re.search(r"∑ ?_", line):
        raise Unreadable("A sum over an index is not read: write what one step gives, or sum(…) of all entries.")
    return line.replace("√", " sqrt ").replace("∑", " sum ")


def _pieces(kind: str, piece: str, after: list[_Piece], names: Names) -> list[_Piece]:
    """One token of the text as one or, for names side by side, more tokens."""
    opens = after == [("sign", "(")]
    match kind:
        case "number":
            if len(piece) > 20 or float(piece) > LARGEST:
                raise Unreadable(f"The number {piece[:20]} is too large.")
            return [("number", repr(float(piece)))]
        case "other":
            raise Unreadable(f"`{piece}` is not understood in a formula; {names.use()}")
        case "sign":
            return [("sign", _PRODUCTS.get(piece, piece))]
        case "method":
            return [_method(piece, opens)]
    return _word(piece, opens, after, names)


def _method(piece: str, opens: bool) -> _Piece:
    if piece in {"T", "mT", TURNED}:
        return "turn", f".{TURNED if piece == TURNED else 'T'}"
    if piece in METHODS and opens:
        return "method", f".{piece}"
    raise Unreadable(f"`.{piece[:20]}` is not understood; .T is the transpose.")


def _word(piece: str, opens: bool, after: list[_Piece], names: Names) -> list[_Piece]:
    """A word: a declared name, a function, a constant, or several of them run together."""
    if name := names.find(piece):
        return [("name", name)]
    if piece in _KEYWORDS and after == [("sign", "=")]:
        return [("keyword", piece)]
    if piece in {"True", "False", "None"}:
        return [("word", piece)]
    function = FUNCTIONS.get(piece) or FUNCTIONS.get(piece.casefold())
    if piece in {"T", "t"} and not opens:
        function = None
    if function:
        return [("function", function)]
    if piece in CONSTANTS:
        if piece == "e" and names.declared and after != [("sign", "**")]:
            raise Unreadable(f"`e` is read in powers such as e^-x only; {names.use()}")
        return [("name", piece)]
    if split := names.split(piece) or [name for name in [names.find(piece, loosely=True)] if name]:
        return [("name", name) for name in split]
    if opens and (both := _before_function(piece, names)):
        return both
    raise Unreadable(_unknown(piece, names))


def _before_function(piece: str, names: Names) -> list[_Piece]:
    """``otanh(…)``: names run together with a function behind them."""
    for start in range(1, len(piece)):
        function = FUNCTIONS.get(piece[start:].casefold())
        if function and piece[start:] not in {"t", "T"} and (split := names.split(piece[:start])):
            return [*(("name", name) for name in split), ("function", function)]
    return []


def _unknown(piece: str, names: Names) -> str:
    """What to say to a symbol that is not known."""
    if near := names.near(piece):
        return f"`{piece[:30]}` can be {' or '.join(near)} here: write which."
    return f"`{piece[:30]}` is not known here; {names.use()}"


def _arguments(pieces: list[_Piece]) -> list[_Piece]:
    """``tanh² (c)`` as (tanh(c))², ``√ x`` as sqrt(x) and ``tanh c`` as tanh(c) where nothing else can be meant."""
    result = list(pieces)
    place = 0
    while place < len(result):
        if result[place][0] == "function":
            _argument(result, place)
        place += 1
    return result


def _argument(pieces: list[_Piece], place: int) -> None:
    """Put brackets round what the function at a place is taken of."""
    function = pieces[place]
    after = [piece for _, piece in pieces[place + 1 : place + 2]]
    if after == ["**"] and len(pieces) > place + 3 and pieces[place + 2][0] in {"number", "name"}:
        end = _taken(pieces, place + 3, function[1])
        inner = pieces[place + 3 : end]
        if inner[0] != ("sign", "("):
            inner = [("sign", "("), *inner, ("sign", ")")]
        raised = [("sign", "**"), pieces[place + 2]]
        pieces[place:end] = [("sign", "("), function, *inner, *raised, ("sign", ")")]
    elif after != ["("]:
        end = _taken(pieces, place + 1, function[1])
        pieces[place + 1 : end] = [("sign", "("), *pieces[place + 1 : end], ("sign", ")")]


def _taken(pieces: list[_Piece], start: int, function: str) -> int:
    """Where the argument ends that begins at a place: brackets, or one value with nothing behind that might belong."""
    if start < len(pieces) and pieces[start] == ("sign", "("):
        return _closing(pieces, start) + 1
    kinds = [kind for kind, _ in pieces[start : start + 3]]
    end = start + 1
    if kinds[:1] == ["function"] and pieces[start + 1 : start + 2] == [("sign", "(")]:  # ln σ(b)
        end = _closing(pieces, start + 1) + 1
    elif function == "sum":  # Σ g²
        return _term(pieces, start)
    elif kinds[:1] not in (["number"], ["name"]):
        end = 0
    ends = end >= len(pieces) or pieces[end][1] in {"+", "-", ")", ","}
    if end and 1 in ARITIES[function] and (ends or function == "sqrt"):
        return end
    raise Unreadable(f"Write {function}(…) with brackets round what it is taken of.")


def _term(pieces: list[_Piece], start: int) -> int:
    """Where the product ends that begins at a place."""
    depth = 0
    for place in range(start, len(pieces)):
        sign = pieces[place][1]
        if depth == 0 and place > start and sign in {"+", "-", "/", ",", ")"}:
            return place
        depth += {"(": 1, ")": -1}.get(sign, 0)
    return len(pieces)


def _closing(pieces: list[_Piece], opening: int) -> int:
    depth = 0
    for place in range(opening, len(pieces)):
        depth += {"(": 1, ")": -1}.get(pieces[place][1], 0)
        if depth == 0:
            return place
    raise Unreadable("A bracket is open at the end.")


def _with_products(pieces: list[_Piece]) -> list[str]:
    """All tokens, with ``%`` between a value and the value beside it; brackets checked."""
    line: list[str] = []
    depth = 0
    before = ""
    for place, (kind, piece) in enumerate(pieces):
        begins = kind in {"number", "name", "function"} or piece == "("
        if begins and (before in {"number", "name", "turn"} or before == ")"):
            after = pieces[place + 1 : place + 2]
            if kind == "number" and not (before == ")" and after and after[0][0] in {"name", "function"}):  # (L-1)4H
                raise Unreadable(f"Put a sign before {piece.removesuffix('.0')}: a product as *, a power as ^.")
            line.append("%")
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
