"""What was typed, read as a number, a count, a shape, an order of steps or a filling; never whether it is right.

Whatever can't be read raises `Unreadable`, which is shown and not counted. Numbers may be typed as
``0.25``, ``-3``, ``1/3``, ``1e-3``, ``6.2 × 10^-61``, ``10⁻³``, ``12,345.6``, ``12 345`` or with a decimal comma,
``0,25``. ``1,234`` has two readings and is refused with both; a count, having no decimals, reads it as 1234.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from core.written import short

LONGEST = 200  # characters of a short answer
LARGEST_COUNT = 10**15  # beyond it float64 no longer holds every whole number
LETTERS = "TBDHO"

_MINUS = dict.fromkeys(map(ord, "−–—‒﹣－"), "-")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\t\r\n"), " ")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_RAISED = str.maketrans(_SUPERSCRIPTS, "0123456789+-")

_DECIMAL = r"[+-]? ?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_NUMBER = re.compile(_DECIMAL)
_FRACTION = re.compile(rf"({_DECIMAL}) ?/ ?({_DECIMAL})")
_POWER_OF_TEN = re.compile(r"(?:(.+?) ?[×x*·⋅] ?|([+-]? ?))10 ?(?:\^|\*\*) ?[({]?([+-]? ?\d+)[)}]?")
_GROUPED = re.compile(r"([+-]? ?)([1-9]\d{0,2}(?:([ ,'_])\d{3})(?:\3\d{3})*)(\.\d+)?")
_CONTINENTAL = re.compile(r"([+-]? ?[1-9]\d{0,2}(?:\.\d{3})+),(\d+)")
_DECIMAL_COMMA = re.compile(r"([+-]? ?\d+),(\d+)(e[+-]?\d+)?")


class Unreadable(ValueError):  # noqa: N818 - nothing failed: the answer is handed back
    """The answer can't be read. The message says what was typed and what to type; nothing is counted."""


@dataclass(frozen=True)
class Number:
    """A number and how it was understood."""

    value: float
    read_as: str


def plain(text: object, longest: int = LONGEST) -> str:
    """One line of text with ordinary minus signs and spaces.

    Args:
        text: What was typed.
        longest: Most characters.

    Raises:
        Unreadable: If it is not text, is empty, too long, or holds control characters.
    """
    if not isinstance(text, str):
        raise Unreadable(f"An answer is typed text here, not {type(text).__name__}.")
    line = re.sub(" +", " ", text.translate(_MINUS).translate(_SPACES)).strip()
    if not line:
        raise Unreadable("Nothing was typed.")
    if len(line) > longest:
        raise Unreadable(f"The answer has {len(line)} characters; {longest} are read.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in line):
        raise Unreadable("The answer holds characters that can't be shown. Type it again.")
    return line


def raised(line: str) -> str:
    """The line with ``10⁻³`` written ``10^-3``."""
    return re.sub(f"[{_SUPERSCRIPTS}]+", lambda match: "^" + match[0].translate(_RAISED), line)


def shown(value: float) -> str:
    """A number for reading: six significant digits, no trailing zeros, whole numbers whole."""
    if value == int(value) and abs(value) < LARGEST_COUNT:
        return str(int(value)).replace("-", "−")
    return short(value, 6)


def number(text: object, unit: str = "", *, whole: bool = False) -> Number:
    """Read a number.

    Args:
        text: What was typed; the unit may follow it. A percent sign divides by 100 unless the unit is ``%`` itself.
        unit: The unit shown beside the field.
        whole: Read ``1,234`` as 1234 instead of refusing it.

    Raises:
        Unreadable: If it is not one finite number.
    """
    line = raised(plain(text)).casefold().lstrip("=≈~ ")
    percent = line.endswith("%")
    if percent:
        line = line[:-1].rstrip()
    elif unit and line.endswith(unit.casefold()):
        line = line[: -len(unit)].rstrip()
    value = _value(line, whole)
    if not math.isfinite(value):
        raise Unreadable(f"“{line}” is no finite number. Type one such as 0.25 or 6.2e-61.")
    if percent and unit != "%":
        value /= 100
    return Number(value, f"{shown(value)} {unit}".strip())


def count(text: object) -> Number:
    """Read a whole number that is not negative.

    Raises:
        Unreadable: If it is anything else.
    """
    read = number(text, whole=True)
    if read.value != int(read.value) or not 0 <= read.value <= LARGEST_COUNT:
        raise Unreadable(f"A count is a whole number such as 12; this was read as {read.read_as}.")
    return read


def _value(line: str, whole: bool) -> float:
    """The value of a cleaned line: power of ten, fraction or a number in one of the ways to group digits."""
    if match := _POWER_OF_TEN.fullmatch(line):
        factor = _value(match[1], whole) if match[1] else float(f"{match[2]}1".replace(" ", ""))
        return factor * float(f"1e{_exponent(match[3])}")
    if match := _FRACTION.fullmatch(line):
        top, bottom = _float(match[1]), _float(match[2])
        if bottom == 0:
            raise Unreadable(f"“{line}” divides by zero.")
        return top / bottom
    if _NUMBER.fullmatch(line):
        return _float(line)
    if match := _GROUPED.fullmatch(line):
        digits = re.sub("[ ,'_]", "", match[2])
        if match[3] == "," and match[2].count(",") == 1 and not match[4] and not whole:
            raise Unreadable(f"“{line}” can be read two ways: type {digits} or {match[2].replace(',', '.')}.")
        return _float(f"{match[1]}{digits}{match[4] or ''}")
    if match := _CONTINENTAL.fullmatch(line):
        return _float(f"{match[1].replace('.', '')}.{match[2]}")
    if match := _DECIMAL_COMMA.fullmatch(line):
        return _float(f"{match[1]}.{match[2]}{match[3] or ''}")
    raise Unreadable(f"“{line}” is not a number. Type one such as 0.25, 1/3, 1e-3 or 6.2 × 10^-61.")


def _exponent(digits: str) -> int:
    digits = digits.replace(" ", "")
    if len(digits) > 5:
        raise Unreadable(f"The exponent {digits} is too large.")
    return int(digits)


def _float(digits: str) -> float:
    mantissa, _, exponent = digits.replace(" ", "").partition("e")
    return float(f"{mantissa}e{_exponent(exponent)}" if exponent else mantissa)


Axis = frozenset[tuple[str, int]]


@dataclass(frozen=True)
class ShapeRead:
    """A shape and how it was understood.

    Attributes:
        axes: For each axis its terms: letters in alphabetical order ("" for none) with their factor. 4H + 1 is
            {("H", 4), ("", 1)}, so two spellings of one size are equal.
    """

    axes: tuple[Axis, ...]

    @property
    def read_as(self) -> str:
        """The shape as it is written in NumPy."""
        names = [_axis_name(axis) for axis in self.axes]
        return f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"

    def sizes(self, letters: dict[str, int]) -> tuple[int, ...]:
        """The axes' sizes for given sizes of the letters."""
        return tuple(
            sum(factor * math.prod(letters[letter] for letter in term) for term, factor in axis) for axis in self.axes
        )


def shape(text: object) -> ShapeRead:
    """Read a shape such as ``(T, B, 4H)``, ``T×B×4H``, ``[5, 1, 8]``, ``H`` or ``(B, H+D)``.

    Axes are parted by commas; where there is none, by ``×``, ``x``, ``by`` or spaces. ``*`` always multiplies within an
    axis. Letters are T B D H O, in either case.

    Raises:
        Unreadable: If an axis is empty or holds another symbol, which is named.
    """
    line = plain(text)
    if line[0] in "([" and line[-1] in ")]":
        line = line[1:-1].strip().removesuffix(",")
    if "," in line:
        parts = line.split(",")
    else:
        spread = re.sub(r" ?\* ?", "*", re.sub(r" ?\+ ?", "+", line))
        parts = re.split(r" ?[×⨯] ?| [xX] |(?<=[\dTBDHOtbdho])[xX](?=[\dTBDHOtbdho])| by | ", spread)
    if not 1 <= len(parts) <= 5:
        raise Unreadable(f"A shape has one to five axes; this has {len(parts)}.")
    return ShapeRead(tuple(_axis(part.strip(), line) for part in parts))


def _axis(part: str, line: str) -> Axis:
    """The terms of one axis: ``4*H``, ``4H``, ``H4`` and ``2H+2H`` are the same."""
    terms: Counter[str] = Counter()
    for term in part.upper().split("+"):
        factors = re.findall(r"\d+|[^\d\s*×·.]", term)
        if not factors or not re.fullmatch(r"[\w\s*×·]+", term):
            raise Unreadable(f"“{line}” is not a shape. Type one such as (T, B, 4H).")
        if len(factors) > 8 or any(len(factor) > 9 for factor in factors):
            raise Unreadable(f"“{part}” is too long for the size of an axis.")
        factor = 1
        letters = []
        for piece in factors:
            if piece.isascii() and piece.isdigit():
                factor *= int(piece)
            elif piece in LETTERS and len(piece) == 1:
                letters.append(piece)
            else:
                raise Unreadable(f"`{piece}` is not known here; use {', '.join(LETTERS)} and whole numbers.")
        terms["".join(sorted(letters))] += factor
    return frozenset(terms.items())


def _axis_name(axis: Axis) -> str:
    ordered = sorted(axis, key=lambda item: (item[0] == "", item[0]))
    return "+".join(f"{'' if factor == 1 and term else factor}{term}" for term, factor in ordered)


def order(answer: object, steps: int) -> tuple[int, ...]:
    """Read an order of steps: a list of step numbers, or a line such as ``3 1 2``, ``3, 1, 2`` or ``3 → 1 → 2``.

    Args:
        answer: What was given.
        steps: How many steps there are, numbered from 1.

    Raises:
        Unreadable: If not every step stands in it exactly once.
    """
    if isinstance(answer, list | tuple):
        answer = " ".join(str(item) for item in answer[:20])
    line = plain(answer)
    pieces = [piece for piece in re.split(r"[\s,;.→>-]+", line) if piece]
    if len(pieces) == 1 and steps < 10 and len(pieces[0]) == steps:
        pieces = list(pieces[0])
    if sorted(pieces) != sorted(str(number) for number in range(1, steps + 1)):
        raise Unreadable(f"“{line}” does not hold every step from 1 to {steps} exactly once.")
    return tuple(int(piece) for piece in pieces)


def filling(text: object) -> str:
    """A filling as it is compared: case, spaces, quotes, hyphens between letters and a last full stop do not count."""
    line = unicodedata.normalize("NFKC", plain(text)).casefold()
    close = re.sub(r"[\s_'’\"“”`]+", "", line.rstrip(". "))
    return re.sub(r"(?<=[^\W\d])[-‐‑](?=[^\W\d])", "", close) or line
