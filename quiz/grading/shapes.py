"""What was typed, read as the shape of an array."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from quiz.formula import latex
from quiz.grading.typed import Unreadable, plain

LETTERS = "TBDHO"

_WRAPPED = re.compile(
    r"^(?:(?:(?:[\w.]*shape|torch\.Size|size|it is|is|the|a)\b|[=:∈]|ℝ ?\^?|R ?\^) ?)+(?=[\[({\dTBDHOtbdho])"
    r"| ?(?:matrix|matrices|array|tensor|vector)$",
    re.IGNORECASE,
)

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
    r"""Read a shape such as ``(T, B, 4H)``, ``T×B×4H``, ``[5, 1, 8]``, ``\mathbb{R}^{H \times D}`` or ``(B, H+D)``.

    Axes are parted by commas; where there is none, by ``×``, ``x``, ``by`` or spaces. ``*`` always multiplies within an
    axis. Letters are T B D H O, in either case.

    Raises:
        Unreadable: If an axis is empty or holds another symbol, which is named.
    """
    line = plain(text)
    if latex.is_latex(line):
        line = latex.plain_notation(line)
    line = _WRAPPED.sub("", line.rstrip(" .")).strip()
    if line[:1] == "{" and line[-1:] == "}":
        line = line[1:-1].strip()
    if not line:
        raise Unreadable("That holds no size. Type a shape such as (T, B, 4H).")
    for _ in range(2):  # torch.Size([5, 1, 8])
        if line[:1] in tuple("([") and line[-1:] in tuple(")]"):
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
