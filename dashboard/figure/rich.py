"""Rich text of a figure: a list of runs, each a string or one of the dictionaries below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypedDict


class Math(TypedDict, total=False):
    r"""A formula in the figure's small notation, such as ``∂L/∂h_t``, ``h_{t-1}``, ``10^{-3}``, ``\hat{y}``, ``tanh``.

    Letters are set italic, digits and signs upright. A symbol i, f, o, g, c, h with an index takes its role's colour
    unless ``role`` colours the whole formula. With ``live``, an index t is replaced by the chosen step.
    """

    math: str
    role: str
    live: bool


class Token(TypedDict):
    """Text a learner wrote. It is shown literally, never parsed."""

    token: str


class Matrix(TypedDict, total=False):
    """Rows of numbers, already in words, between brackets."""

    matrix: list[list[str]]
    role: str


class Strong(TypedDict):
    """Words in bold."""

    strong: str


class Go(TypedDict):
    """Words that lead to a place in the figure: a step, or an entry of W_h."""

    go: dict[str, Any]
    says: str


class Link(TypedDict):
    """Words that open another page of ours."""

    link: str
    says: str


Run = str | Math | Token | Matrix | Strong | Go | Link
Rich = list[Run]


def math(source: str, role: str | None = None, *, live: bool = False) -> Math:
    """One formula; see `Math`."""
    run: Math = {"math": source}
    if role is not None:
        run["role"] = role
    if live:
        run["live"] = True
    return run


def token(text: str) -> Token:
    """Text a learner wrote."""
    return {"token": text}


def matrix(rows: Sequence[Sequence[str]], role: str | None = None) -> Matrix:
    """Rows of numbers between brackets."""
    run: Matrix = {"matrix": [list(row) for row in rows]}
    if role is not None:
        run["role"] = role
    return run


def strong(text: str) -> Strong:
    """Words in bold."""
    return {"strong": text}


def link(address: str, says: str) -> Link:
    """Words that open another page of ours, by its address from this one, such as ``inspector?T=5``."""
    return {"link": address, "says": says}


_MARKED = re.compile(r"\$([^$]+)\$|\*\*([^*]+)\*\*|\[([^\]]+)\]\(#(t|entry)=([\d,]+)\)")


def prose(*parts: Run) -> Rich:
    """Rich text from words of ours and from other runs.

    In the words ``$h_t$`` is a formula, ``**words**`` are bold, and ``[step 2](#t=2)`` and ``[open it](#entry=0,1)``
    lead to a place in the figure.
    """
    found: Rich = []
    for part in parts:
        if not isinstance(part, str):
            found.append(part)
            continue
        end = 0
        for match in _MARKED.finditer(part):
            found += [part[end : match.start()]] if match.start() > end else []
            found += _marked(match)
            end = match.end()
        found += [part[end:]] if end < len(part) else []
    return found


def _marked(match: re.Match[str]) -> Rich:
    if match[1]:
        return [math(match[1])]
    if match[2]:  # a formula among words in bold stands between two bold runs
        pieces = match[2].split("$")
        return [math(piece) if k % 2 else strong(piece) for k, piece in enumerate(pieces) if piece]
    numbers = [int(part) for part in match[5].split(",")]
    return [{"go": {match[4]: numbers[0] if match[4] == "t" else numbers}, "says": match[3]}]
