"""Rich text of a figure: a list of runs, each a string or one of the dictionaries below."""

from __future__ import annotations

from typing import TypedDict


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


Run = str | Math | Token
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
