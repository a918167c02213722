r"""Our Markdown with TeX as plain text for a terminal: ``$\frac{\partial L}{\partial h_{t-1}}$`` becomes ∂L/∂h_{t-1}.

Only what the bank writes is understood; a command that is not known shows its name. Scripts stay as they would be
typed (``c_t``, ``h_{t-1}``), but for numbers raised (0.25¹⁰⁰) and primes.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import deque

WIDTH = 80
SHORT = 24  # characters of a formula that stays on one line

_SYMBOLS = {
    "partial": "∂", "nabla": "∇", "sigma": "σ", "varphi": "φ", "phi": "φ", "delta": "δ", "Delta": "Δ", "alpha": "α",
    "beta": "β", "gamma": "γ", "lambda": "λ", "rho": "ρ", "varepsilon": "ε", "epsilon": "ε", "theta": "θ", "eta": "η",
    "tau": "τ", "pi": "π", "infty": "∞", "ldots": "…", "dots": "…", "cdots": "⋯", "top": "ᵀ", "prime": "′",
    "circ": "°",
}  # fmt: skip
_OPERATORS = {
    "cdot": "·", "times": "×", "odot": "⊙", "oplus": "⊕", "pm": "±", "approx": "≈", "to": "→", "leftarrow": "←",
    "rightarrow": "→", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "in": "∈", "sim": "~",
    "propto": "∝", "Rightarrow": "⇒", "ll": "≪", "gg": "≫", "mid": "|",
    "+": "+", "-": "−", "=": "=", "<": "<", ">": ">",
}  # fmt: skip
_FUNCTIONS = {"tanh", "ln", "log", "exp", "max", "min", "arctan", "det", "sin", "cos", "diag"}
_LARGE = {"sum": "Σ", "prod": "∏", "int": "∫"}
_ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304"}
_BARS = {"lVert": ("open", "‖"), "rVert": ("mark", "‖"), "lvert": ("open", "|"), "rvert": ("mark", "|")}
_DROPPED = {"left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "!"}
_SPACES = {" ", ",", ";", ":", "quad", "qquad"}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_ATOM = re.compile(r"[∂d]?(?:\d+(?:\.\d+)?|[^\W\d_][\u0302\u0303\u0304]?)(?:[_^]\S+|[⁰¹²³⁴-⁹′ᵀ]+)*")
_FORMULA = re.compile(r"\$\$?([^$]+)\$\$?")
_HARD = "\u00a0"  # a space at which no line breaks
_LIFTED = re.compile(r"`([^`]*)`|\$\$?([^$]+)\$\$?")
_ITEM = re.compile(r"(\s*(?:[-*]|\d+\.) )(.*)", re.DOTALL)

_Piece = tuple[str, str]  # kind: word, operator, function, large, open, mark or space; and its text


def readable(text: str, width: int = WIDTH) -> str:
    """Markdown of ours as plain text, wrapped; paragraphs, lists and tables stay.

    Args:
        text: Markdown with $formulas$.
        width: Characters in a line; a table keeps its own.
    """
    return "\n\n".join(_paragraph(part.strip("\n"), width) for part in re.split(r"\n\s*\n", text) if part.strip())


def inline(text: str) -> str:
    """Markdown of ours as plain text, without wrapping."""
    lifted: list[str] = []

    def lift(match: re.Match[str]) -> str:
        lifted.append(match[1] if match[1] is not None else formula(match[2]))
        return f"\ue000{len(lifted) - 1}\ue001"

    plain = _LIFTED.sub(lift, text)
    plain = re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", plain)
    plain = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", plain)
    plain = re.sub(r"(?<![\w*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\w*])", r"\1", plain)
    plain = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|$])", r"\1", plain)
    return re.sub("\ue000(\\d+)\ue001", lambda match: lifted[int(match[1])], plain)


def formula(tex: str) -> str:
    """A formula in TeX on one line of plain text."""
    return _expression(deque(_TOKEN.findall(tex.strip())))


def _paragraph(text: str, width: int) -> str:
    lines = text.splitlines()
    if all(line.lstrip().startswith("|") for line in lines):
        return _table(lines)
    blocks: list[str] = []
    for line in lines:
        if blocks and not _ITEM.match(line):
            blocks[-1] += f" {line.strip()}"
        else:
            blocks.append(line)
    return "\n".join(_filled(block, width) for block in blocks)


def _filled(block: str, width: int) -> str:
    lead, rest = match.groups() if (match := _ITEM.match(block)) else ("", block)
    whole = _FORMULA.sub(_unbroken, rest)
    return textwrap.fill(
        inline(whole), width, initial_indent=lead, subsequent_indent=" " * len(lead), break_long_words=False,
        break_on_hyphens=False,
    ).replace(_HARD, " ")  # fmt: skip


def _unbroken(match: re.Match[str]) -> str:
    """A short formula that no line break may part."""
    text = formula(match[1])
    return f"`{text.replace(' ', _HARD)}`" if len(text) <= SHORT else match[0]


def _table(lines: list[str]) -> str:
    rows = [[inline(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in lines]
    rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    return "\n".join(
        "  ".join(cell.ljust(room) for cell, room in zip(row, widths, strict=False)).rstrip() for row in rows
    )


def _expression(tokens: deque[str], end: str = "", *, tight: bool = False) -> str:
    """What stands before `end`, which is consumed; tight inside scripts."""
    pieces: list[_Piece] = []
    while tokens:
        token = tokens.popleft()
        if token == end:
            break
        if token in "_^":
            _script(pieces, token, tokens)
        elif piece := _piece(token, tokens):
            pieces.append(piece)
    return _joined(pieces, tight=tight)


def _piece(token: str, tokens: deque[str]) -> _Piece | None:
    name = token.removeprefix("\\")
    if token.isspace() or (token.startswith("\\") and name in _SPACES):
        return "space", " "
    if token.startswith("\\") and (taken := _command(name, tokens)):
        return taken
    if name in _OPERATORS:
        return "operator", _OPERATORS[name]
    if name in _DROPPED or not name:
        return None
    if token == "{":
        return "word", _expression(tokens, "}")
    if token == "'":
        return "mark", "′"
    if token in "([":
        return "open", token
    if token in ")],;:/!|.":
        return "mark", token
    return "word", _SYMBOLS.get(name, name)


def _command(name: str, tokens: deque[str]) -> _Piece | None:
    """A command that takes arguments or is set as a name; None for others."""
    if name == "frac":
        above, below = _argument(tokens), _argument(tokens)
        above = above if not re.search(r"[\s+−/]", above) else f"({above})"
        return "word", f"{above}/{below if _ATOM.fullmatch(below) else f'({below})'}"
    if name == "sqrt":
        inside = _argument(tokens)
        return "word", f"√{inside if _ATOM.fullmatch(inside) else f'({inside})'}"
    if name in _ACCENTS:
        return "word", unicodedata.normalize("NFC", _argument(tokens) + _ACCENTS[name])
    if name in ("mathrm", "operatorname", "text", "mathbf"):
        word = _argument(tokens, verbatim=True)
        return ("function" if word in _FUNCTIONS else "word"), word
    if name == "begin":
        _argument(tokens)
        return "word", _matrix(tokens)
    if name in _FUNCTIONS:
        return "function", name
    if name in _BARS:
        return _BARS[name]
    return ("large", _LARGE[name]) if name in _LARGE else None


def _argument(tokens: deque[str], *, tight: bool = False, verbatim: bool = False) -> str:
    """The next group or token."""
    while tokens and tokens[0].isspace():
        tokens.popleft()
    if not tokens:
        return ""
    token = tokens.popleft()
    if token != "{":
        piece = _piece(token, tokens)
        return piece[1] if piece else ""
    if not verbatim:
        return _expression(tokens, "}", tight=tight)
    inside = ""
    while tokens and (token := tokens.popleft()) != "}":
        inside += token.removeprefix("\\")
    return inside


def _matrix(tokens: deque[str]) -> str:
    r"""A matrix up to ``\end{…}``, its rows parted by semicolons."""
    inside: deque[str] = deque()
    while tokens and (token := tokens.popleft()) != r"\end":
        inside.append({"&": ",", r"\\": ";"}.get(token, token))
    _argument(tokens)
    return f"[{re.sub(r' ?([,;]) ?', chr(92) + '1 ', _expression(inside)).strip()}]"


def _script(pieces: list[_Piece], sign: str, tokens: deque[str]) -> None:
    """Hang a script on the piece before it."""
    script = _argument(tokens, tight=True).replace("−", "-")
    if sign == "^" and re.fullmatch(r"-?\d+", script):
        script = script.translate(_RAISED)
    elif not (sign == "^" and script in ("′", "ᵀ", "°")):
        plain = script.isalnum() or (sign == "^" and script.startswith("(") and script.endswith(")"))
        script = sign + (script if plain or len(script) == 1 else f"{{{script}}}" if sign == "_" else f"({script})")
    kind, base = pieces.pop() if pieces else ("word", "")
    pieces.append((kind, base + script))


def _joined(pieces: list[_Piece], *, tight: bool) -> str:
    text = ""
    before = "operator"  # what is signed at the beginning is not a difference
    spaced = False
    for kind, word in pieces:
        if kind == "space":
            spaced = True
            continue
        gap = before == "function" and kind != "open" if tight else _apart(before, kind, text, word, spaced=spaced)
        text += f" {word}" if gap and text else word
        before = _after(before, kind, word)
        spaced = False
    return text


def _apart(before: str, kind: str, text: str, word: str, *, spaced: bool) -> bool:
    """Whether a piece is set off from what stands before it."""
    if before in ("open", "sign") or text.endswith(("/", "∂", "Δ", "∇")):
        return False
    if kind == "mark":
        return False
    if kind == "operator" or before in ("operator", "large"):
        return True
    if kind == "open":
        return spaced and before in ("word", "comma")
    if before in ("function", "word") and (kind in ("function", "large") or before == "function"):
        return True
    last = text.rpartition(" ")[2]
    return spaced or (before == "word" and ("_" in last or "^" in last or "/" in word))


def _after(before: str, kind: str, word: str) -> str:
    """What the next piece stands after."""
    if kind == "operator" and before in ("operator", "open"):
        return "sign"
    if kind != "mark":
        return kind
    return "comma" if word in ",;:" else "mark" if word in "/!" else "word"
