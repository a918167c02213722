"""Mathematics as people write it to one plain spelling: scripts, bars, primes, module names and words made ordinary.

``C_{t−1}`` and ``Cₜ₋₁`` become ``C_prev``, ``w^{T-1}`` becomes ``w^(T-1)``, ``hᵀ`` and ``h'`` become ``h.T``, ``‖g‖``
becomes ``norm(g)`` and ``np.tanh`` becomes ``tanh``.
"""

from __future__ import annotations

import re
import unicodedata

from quiz.formula import latex
from quiz.formula.symbols import Names, ascii_name
from quiz.grading.typed import Unreadable, fractions, plain

LONGEST = 300  # characters of a formula
TURNED = "Q"  # a transpose that only an array can have: h' and T(h); h^T is one of a number as well
DERIVED = "_slope"  # follows the name of a function: tanh' is tanh_slope

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("⊙∘◦⨀∗＊", "*"),
        **dict.fromkeys("·⋅∙•", "·"),
        **dict.fromkeys("⨂", "⊗"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("⊕＋", "+"),
        **dict.fromkeys("∣｜", "|"),
        **dict.fromkeys("∥", "‖"),
        **dict.fromkeys("′’ʹ‘´", "'"),
        **dict.fromkeys("〈⟨", "<"),
        **dict.fromkeys("〉⟩", ">"),
        **dict.fromkeys("⟵⇐", "←"),
        **dict(zip("асеохрСТНВОХ", "aceoxpCTHBOX", strict=True)),  # letters of a Cyrillic keyboard that look the same
        **dict.fromkeys("⊺┬", "⊤"),
    }
)
_ACCENTS = {"\u0303": "_tilde", "\u0302": "_hat", "\u0304": "_bar"}
_WORDS = {
    r"times": "·", r"multiplied by": "·", r"plus": "+", r"minus": "-", r"divided by": "/", r"over": "/",
    r"to the power(?: of)?": "^", r"to the(?= \d)": "^", r"squared": "^2", r"cubed": "^3", r"transposed?(?! ?\()": "^⊤",
}  # fmt: skip
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS |= {word: str(value) for value, word in enumerate(_NUMBERS, 1)} | {"half": "(1/2)"}
_MODULES = re.compile(
    r"(?<![\w.])(?:(?:np|numpy|jnp|torch|math|nn|functional|F|linalg|special|scipy|tf|Math)\.)+"
    r"(?!T\b|t\b(?! ?\())(?=[A-Za-z_])"
)
_TIMES = {"t-1": "prev", "t+1": "next", "t": "t", "+": "plus", "-": "minus"}
_TIMES |= {f"{before}{mark}{after}": word for mark, word in list(_TIMES.items()) for before, after in ("()", "<>")}
_FUNCTIONS_WITH_SLOPES = ("sigmoid", "sigma", "logistic", "expit", "tanh", "relu")
_SEVERAL = re.compile(
    r"(?<![A-Za-z_])(?:matmul|dot|mm|inner|outer|f?max|f?min|maximum|minimum|clip|clamp|pow|power|multiply|mul|add"
    r"|subtract|sub|divide|div|true_divide|norm|sum|transpose|permute|swapaxes) ?\("
)
_SYMBOL = re.compile(r"[A-Za-z]\w*(?:[_^]\{[^{}]*\})*")
_NUDGED = re.compile(r"(?<!\w)([A-Za-z]\w*) ?\( ?[A-Za-z]\w* ?([+-]) ?(?:eps|epsilon|h|delta|Delta) ?\)")


def spelt(text: object, names: Names) -> str:
    """One typed formula in the plain spelling.

    Args:
        text: What was typed.
        names: The declared names.

    Raises:
        Unreadable: If it is empty, too long, or its brackets, bars or scripts are not whole.
    """
    line = plain(text, LONGEST)
    if latex.is_latex(line):
        line = latex.plain_notation(line)
    line = _letters(line.rstrip(" .;,"))
    if names.find("x", loosely=True) is None:
        line = re.sub(r"(?<=[\d)])(?<!\b0) ?x ?(?=[\d(])", "·", line)
    line = _right_hand_side(line, names)
    line = _nudged(_derivatives(line), names)
    if names.steps:
        line = re.sub(r"∑ ?_ ?(?:\{[^{}]*\}|\w)(?: ?\^ ?(?:\{[^{}]*\}|\w))?", "∑", line)
    line = _bars(line)
    line = _Scripts(line, names).read()
    line = _MODULES.sub("", line)
    return _decimal_commas(line)


def _letters(line: str) -> str:
    """Accents, fractions, raised and lowered characters, Greek letters and signs in ASCII."""
    line = unicodedata.normalize("NFD", line)
    for accent, mark in _ACCENTS.items():
        line = line.replace(accent, mark)
    line = unicodedata.normalize("NFC", line)
    line = _runs(fractions(line))
    line = unicodedata.normalize("NFKC", line.translate(_SIGNS)).translate(_SIGNS)
    line = re.sub(r"(?<=[A-Za-z])~", "_tilde", line)
    line = re.sub(r"(?<=[\w)\]}])\.(?=[*/^])", "", line)  # entry by entry in MATLAB
    line = re.sub(r"(?<![_^\w])\{ ?(\w+) ?\}(?=[_^'])", r"\1", line)
    line = re.sub(r"(?<![_^])\{ ?([-·×*+⊗]) ?\}", r"\1", line)
    for word, sign in _WORDS.items():
        line = re.sub(rf"(?<![\w.\\({{_]){word}(?!\w)", f" {sign} ", line)
    line = re.sub(" +", " ", ascii_name(line)).strip()
    if len(line) > 2 * LONGEST:  # a tilde has become a word
        raise Unreadable("The formula is too long.")
    return line


def _runs(line: str) -> str:
    """``ₜ₋₁`` as ``_{t-1}`` and ``ᵀ⁻¹`` as ``^{T-1}``."""
    result: list[str] = []
    kind = ""
    for character in line:
        form, _, code = unicodedata.decomposition(character).partition(" ")
        here = {"<sub>": "_", "<super>": "^"}.get(form, "") if " " not in code else ""
        if here != kind:
            result.append(("}" if kind else "") + (here + "{" if here else ""))
            kind = here
        result.append(chr(int(code, 16)) if here else character)
    text = "".join(result) + "}" * bool(kind)
    return text.translate({0x2212: "-", 0x1D7D: "t"})


def _right_hand_side(line: str, names: Names) -> str:
    """What follows ``c_t =``, ``W ←`` or ``∂L/∂W :=``; ``W -= x`` is W − x."""
    if match := re.fullmatch(r"([^=]*[^=\s]) ?([-+*/])= ?([^=]+)", line):
        left, sign, right = match[1], match[2], match[3]
        if names.find(_Scripts(left, names).read().strip()):
            return f"{left} {sign} ({right})"
        return right if sign == "+" else line
    left, equals, right = re.sub(":=|<-(?!-)|←|==", "=", line).partition("=")
    if not equals or "=" in right or not right.strip() or re.search(r"\w\([^)]*$", left):
        return line
    named = [_SYMBOL.fullmatch(side.strip()) is not None for side in (left, right)]
    return left if named == [False, True] and names.find(right.strip()) is None else right


def _derivatives(line: str) -> str:
    """``dL/da_t`` (∂ has become d) and ``∇_W L`` as ``da_t`` and ``dW``."""
    line = re.sub(r"(?<![A-Za-z_\d])d ?L ?/ ?(\( ?)?d ?([A-Za-z]\w*)(?(1) ?\))", r" d\2", line)
    line = re.sub(r"∇ ?_ ?\{? ?([A-Za-z]\w*) ?\}? ?(L\b)?", r" d\1 ", line)
    line = re.sub(r"∇ ?L\b", " grad ", line)
    return re.sub(r"\b([A-Za-z]\w*)\.grad\b", r"\1_grad", line)


def _nudged(line: str, names: Names) -> str:
    """``L(w + ε)`` as L_plus and ``L+`` before another sign as well, where there is such a name."""
    words = {"+": "plus", "-": "minus"}
    if not any(name.endswith("_plus") for name in names.declared):
        return line
    line = _NUDGED.sub(lambda match: f"{match[1]}_{words[match[2]]}", line)
    return re.sub(
        r"(?<!\w)(L|loss|J) ?(?:\^|_)?\{?([+-])\}?(?= ?[-+)/*]| ?$)",
        lambda match: f"L_{words[match[2]]}",
        line,
        flags=re.I,
    )


def _bars(line: str) -> str:
    """``‖g‖``, ``||g||`` and ``|g|`` as calls."""
    line = line.replace("||", "‖")
    for bar, name in (("‖", "norm"), ("|", "bars")):
        parts = re.split(rf"{re.escape(bar)}(?:_\{{?[2F]\}}?)?", line)
        if len(parts) % 2 == 0:
            raise Unreadable(f"A bar {bar} is open: write norm(…), or close it.")
        line = "".join(
            part if place == 0 else (f" {name}({part}" if place % 2 else f"){part}") for place, part in enumerate(parts)
        )
    return line


class _Scripts:
    """One pass over a line that settles what follows ``_``, ``^``, ``'`` and ``[``."""

    def __init__(self, line: str, names: Names) -> None:
        self.line = line
        self.names = names
        self.place = 0
        self.done: list[str] = []

    def read(self) -> str:
        """The line with its scripts settled and its brackets round."""
        while self.place < len(self.line):
            sign = self.line[self.place]
            self.place += 1
            if sign == "_" and self.done:
                self._lowered()
            elif sign == "^":
                self._raised()
            elif sign == "*" and self.line[self.place : self.place + 1] == "*":
                self.place += 1
                self.done.append("**")
            elif sign == "'":
                self._primed()
            elif sign in "[(" and self._indexed(sign):
                continue
            else:
                self.done.append({"[": "(", "{": "(", "]": ")", "}": ")"}.get(sign, sign))
        return "".join(self.done)

    def _script(self) -> str | None:
        """What is in the brackets that follow, without them; None if there are none, or one character."""
        rest = self.line[self.place :]
        lead = len(rest) - len(rest.lstrip(" "))
        opening = rest[lead : lead + 1]
        closing = {"{": "}", "(": ")", "<": ">"}.get(opening)
        if closing is None:
            return None
        depth = 0
        for place, sign in enumerate(rest[lead:], lead):
            depth += {opening: 1, closing: -1}.get(sign, 0)
            if depth == 0:
                self.place += place + 1
                return rest[lead + 1 : place].strip()
        raise Unreadable(f"A {opening} is open at the end.")

    def _lowered(self) -> None:
        content = self._script()
        if content is not None:
            self._mark(content)
            self._end()
            return
        self.done.append("_")
        base = re.search(r"([A-Za-z]\w*)_$", "".join(self.done))
        step = re.match(r"t ?([-+]) ?1(?![\w.])", self.line[self.place :])
        if base and step:  # c_t-1 is the state before wherever it can't be the state now, less one
            word = {"-": "prev", "+": "next"}[step[1]]
            if self.names.find(base[1]) is None and self.names.find(f"{base[1]}_{word}"):
                self.place += step.end()
                self.done.append(word)

    def _mark(self, content: str) -> None:
        """Marks of a symbol, such as ``t-1`` or ``h, t``."""
        for part in filter(None, (one.strip() for one in re.split(",", content.replace(" ", "").strip("(){}")))):
            word = _TIMES.get(part, part.strip("(){}<>"))
            if not re.fullmatch(r"\w+", word):
                raise Unreadable(f"`{part[:20]}` below the line is not understood; t−1, t and t+1 are.")
            self.done.append(f"_{word}")

    def _end(self) -> None:
        """Keep what follows a script apart from it."""
        if self.line[self.place : self.place + 1].isalnum():
            self.done.append(" ")

    def _is_index(self, content: str) -> bool:
        """Whether what is raised says which step or which one, and is no power."""
        bare = content.replace(" ", "").strip("(){}<>")
        if bare in {"t-1", "t", "t+1"}:
            return self.names.find("t") is None
        return bare in {"+", "-"} or (bare in {"out", "next", "prev", "old", "new", "plus", "minus"})

    def _raised(self) -> None:
        content = self._script()
        if content is None:
            content = self._bare()
        if content == "":
            self._hat()
        elif self._is_index(content):
            later = re.match(r" ?_ ?(\{[^{}]*\}|\w)", self.line[self.place :])
            self._mark(content)
            if later:
                self.place += later.end()
                self._mark(later[1].strip("{}"))
            self._end()
        elif content in {"⊤", "top", "tr"} or (content == "T" and "T" not in self.names.declared):
            self.done.append(".T")
            self._end()
        elif content == "'":
            self._primed()
        else:
            inner = _Scripts(content, self.names).read()
            self.done.append(f"**{inner}" if re.fullmatch(r"\d+(\.\d+)?|[A-Za-z]", inner) else f"**({inner})")

    def _bare(self) -> str:
        """What stands raised without brackets: a sign with nothing to act on, a value with its sign, or a prime."""
        match = re.match(
            r"([+-](?= ?[-+)]| ?$)|[+-]?\d+(?:\.\d+)?|-?[A-Za-z]\w*|⊤|'| (?:\d+|[A-Za-z]\w*|⊤))",
            self.line[self.place :],
        )
        if match is None:
            return ""
        found = match[1].replace(" ", "")
        if found[0] == "T" and "T" not in self.names.declared:  # x^Tda
            self.place += match.end() - len(found) + 1
            return "T"
        self.place += match.end()
        return found

    def _hat(self) -> None:
        """``y^ - y``: a hat typed behind its letter, where a name has one."""
        if (match := re.search(r"([A-Za-z])$", "".join(self.done))) and self.names.find(f"{match[1]}_hat"):
            self.done.append("_hat")
            return
        raise Unreadable("A ^ has nothing after it: write a power as f^k.")

    def _primed(self) -> None:
        """``tanh'`` is the slope of tanh; after anything else ``'`` transposes."""
        before = "".join(self.done).rstrip(" ")
        if (word := re.search(r"[A-Za-z]+$", before)) and word[0].casefold() in _FUNCTIONS_WITH_SLOPES:
            self.done = [before, DERIVED]
            return
        after = self.line[self.place : self.place + 1]
        if not before or not re.search(r"[\w)]$", before) or (after and after in "{[\"'") or after.isalnum():
            raise Unreadable("A ' is read as transpose, right behind a name or a bracket.")
        self.done.append(f".{TURNED}")

    def _indexed(self, opening: str) -> bool:
        """``h[t-1]`` and ``h(t-1)`` as h_prev; other entries can't be picked out."""
        before = re.search(r"[A-Za-z]\w*$", "".join(self.done))
        rest = self.line[self.place :]
        if before is None:
            return False
        match = re.match(r" ?(t ?[-+] ?1|t) ?[\])]", rest) if self.names.find("t") is None else None
        if match and (opening == "[" or self.names.find(before[0]) or self.names.find(f"{before[0]}_prev")):
            self.place += match.end()
            self._mark(match[1])
            return True
        if opening == "[" and (index := re.match(r" ?-?\d+ ?\]| ?[-:\d, ]*:[-:\d, ]*\]", rest)):
            raise Unreadable(f"`{before[0][-1]}[{index[0]}` is not understood: entries can't be picked out.")
        return False


def _decimal_commas(line: str) -> str:
    """``0,5`` as 0.5, where no comma parts what a function is taken of."""
    if _SEVERAL.search(line):
        return line
    if grouped := re.search(r"(?<![\d.])[1-9]\d{0,2},\d{3}(?!\d)", line):
        raise Unreadable(f"“{grouped[0]}” can be read two ways: leave the comma out, or type a point.")
    return re.sub(r"(?<=\d),(?=\d)", ".", line)
