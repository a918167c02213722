"""Text in which arrays are printed one after another, each behind its name: which there are, and their numbers.

Brackets and numbers are read by `core.table.printed`; here is what stands around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.check.names import numbered, stepwise
from core.check.rounding import rounding
from core.errors import InputError
from core.table.printed import parsed

__all__ = ["TIDY", "printed"]

TIDY: Mapping[int, str | None] = {
    ord("−"): "-", ord("–"): "-", ord("\N{NO-BREAK SPACE}"): " ", ord("\ufeff"): None, ord("\r"): None,
}  # fmt: skip
_Floats = NDArray[np.float64]

_NAME = re.compile(r"[\"']?([A-Za-z_∂δ][\w.∂/~@-]*)[\"']?\s*[:=,]?\s*$")
_CALLS = re.compile(r"(?<![\w.])(?:[A-Za-z_][\w.]*\s*\(\s*)+$|Parameter containing:?\s*$")
# what stands behind the array before: , dtype=float32) and the like
_AFTER = re.compile(r"\b(dtype|device|grad_fn|requires_grad|shape)\s*=\s*('[^']*'|<[^>]*>+|\([\d, ]*\)|[\w.]+)\s*,?"
                    r"|^[\s,)}\]>]+")  # fmt: skip
_NOT_NAMES = frozenset({"array", "tensor", "parameter", "containing", "parameter_containing", "np", "print"})
# an entry of a printed dict by step, {-1: array(…), 0: array(…)}, and the name of the dict
_BY_STEP = re.compile(r"(?<![\w.])(-?\d+)\s*:\s*$")
_DICT = re.compile(r"[\"']?([A-Za-z_∂δ][\w.∂/~]*)[\"']?\s*[:=]\s*(?:[A-Za-z_][\w.]*\s*\(\s*)*\{\s*-?\d+\s*:\s*$")
# what shells and libraries put around a name or a print
_AROUND = (
    (re.compile(r"^(?:In|Out) ?\[\d+\]:|^>>> |^\.\.\. ", re.M), ""),
    (re.compile(r"<tf\.\w+[^\n]*?numpy=\s*"), ""),
    (re.compile(r"\b(?:torch\.Size\(\[[\d, ]*\]\)|(?:with )?\.?shape\s*[:=]?\s*[(\[][\d, ]*[)\]])"), ""),
    (re.compile(r"^\s*(?:OrderedDict\(\s*)?\[\s*(?=\(\s*[\"'])"), ""),  # a list of (name, array)
    (re.compile(r"(?<=[\w])\[(-?\d+)\](?=\s*[:=])"), r"@\1"),  # h[3] = …
)
_CALL = re.compile(r"(?<![\w.])[A-Za-z_][\w.]*\s*\(")
_CALL_END = re.compile(r"(?:\s*,\s*\w+\s*=\s*(?:'[^']*'|<[^>]*>|[\w.]+))*\s*\)")
_STRANGE = re.compile(r"(?![+-]?(?:nan|inf|none|null)\b)[^\s,\[\]()\d.+-][^\s,\[\]]*", re.I)


def printed(text: str) -> Iterator[tuple[str, _Floats, _Floats]]:
    """Each array in a text: its name, its numbers, and how far each of them may be off.

    Arrays of one name by step (``h[0] = …``, ``h_1: …``, a dict by step, a list of arrays) are one array.

    Raises:
        InputError: A bracket is missing, numbers are left out by "...", or something is no number.
    """
    for pattern, instead in _AROUND:
        text = pattern.sub(instead, text)
    found: list[tuple[str, _Floats, _Floats]] = [(name, *_numbers(name, body)) for name, body in _bodies(text)]
    by_name: dict[str, list[tuple[str, _Floats, _Floats]]] = {}
    for each in found:
        by_name.setdefault(stepwise(each[0])[0], []).append(each)
    for name, parts in by_name.items():
        rows = {each[0]: each for each in parts}
        ordered = numbered(rows) if len(rows) == len(parts) and len(parts) > 1 else None
        if ordered is None or len({rows[k][1].shape for k in ordered}) > 1:
            yield from parts
        else:
            yield name, np.stack([rows[k][1] for k in ordered]), np.stack([rows[k][2] for k in ordered])


def _bodies(text: str) -> Iterator[tuple[str, str]]:
    """The name before each array, and its text from the first bracket to the last."""
    at, group = 0, ""
    while (opened := text.find("[", at)) >= 0:
        depth, end = 0, opened
        for end in range(opened, len(text)):
            depth += (text[end] == "[") - (text[end] == "]")
            if depth == 0:
                break
        if depth:
            raise InputError("A bracket [ is never closed. Paste the whole print.")
        lines = [line for line in text[at:opened].split("\n") if line.strip()]
        before = _CALLS.sub("", " ".join(lines[-2:]))
        if (step := _BY_STEP.search(before)) is not None:
            group = opens[1] if (opens := _DICT.search(before)) is not None else group
            yield f"{group}@{step[1]}", text[opened : end + 1]
        else:
            yield _name(lines), text[opened : end + 1]
        at = end + 1


def _name(lines: list[str]) -> str:
    """The name that the last lines before a bracket give."""
    for line in reversed(lines[-2:]):
        plain = _AFTER.sub("", line)
        found = _NAME.search(_CALLS.sub("", plain))
        if found:
            return "" if found[1].lower() in _NOT_NAMES else found[1]
    return ""


def _numbers(name: str, body: str) -> tuple[_Floats, _Floats]:
    """The numbers of one print, and half a unit of the last digit of each."""
    what = f"“{name}”" if name else "The array"
    if _CALL.search(body):  # a list of arrays
        body = _CALL.sub("", _CALL_END.sub("", body))
    try:
        lists = parsed(body)
    except InputError as problem:
        cut = " is cut short" if "..." in body or "…" in body else ""
        raise InputError(f"{what}{cut}: {problem}") from problem
    if lists is None:
        strange = _STRANGE.search(body)
        raise InputError(f"{what} has “{strange[0][:30] if strange else ''}” where a number should be. "
                         "Paste numbers alone.")  # fmt: skip
    tokens: list[str] = []
    shape = _shape(lists, tokens)
    if shape is None:
        raise InputError(f"{what} has rows of different lengths. Give every row the same length.")
    try:
        array = np.array([float(token or "nan") for token in tokens], np.float64).reshape(shape)
    except ValueError as problem:
        raise InputError(f"{what} has a word where a number should be. Paste numbers alone.") from problem
    return array, rounding(tokens).reshape(shape)


def _shape(lists: Any, tokens: list[str]) -> tuple[int, ...] | None:
    """The shape of nested lists, None where they are uneven; what they hold is put into `tokens`."""
    if not isinstance(lists, list):
        tokens.append(lists)
        return ()
    inner = {_shape(each, tokens) for each in lists}
    if len(inner) > 1 or None in inner:
        return None
    return (len(lists), *(inner.pop() if inner else ()))  # type: ignore[misc]
