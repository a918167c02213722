"""Numbers written in English words: ``twenty-four``, ``two thirds``, ``minus one``, ``zero point two five``."""

from __future__ import annotations

import re

_BELOW_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_BY_TEN = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_BELOW_TWENTY.split())} | {"nought": 0, "none": 0, "dozen": 12}
_TENS = {word: 10 * value for value, word in enumerate(_BY_TEN.split(), 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_PARTS |= {f"{word}s": value for word, value in _PARTS.items() if word not in {"half", "halves"}}
_OTHERS = {"a", "an", "and", "point", "minus", "negative", "plus"}

_BEGIN = {"", "hundred", "thousand", "and"}  # after what a number below a hundred may begin

NUMBER_WORDS = frozenset(_SMALL) | _TENS.keys() | _SCALES.keys() | _PARTS.keys() | _OTHERS


def in_words(line: str) -> float | None:
    """The number that words say; None if they say none. Digits may stand before a part or a scale: ``3 quarters``."""
    words = [word for word in re.split(r"\s+|(?<=[a-z])-(?=[a-z])", line.casefold().strip()) if word]
    if not 0 < len(words) <= 14:
        return None
    if words[0] in {"minus", "negative", "plus"} and len(words) > 1:
        found = _positive(words[1:])
        return found if found is None or words[0] == "plus" else -found
    return _positive(words)


def _positive(words: list[str]) -> float | None:
    if "point" in words:
        place = words.index("point")
        before = _whole(words[:place]) if place else 0.0
        digits = [str(_SMALL[word]) for word in words[place + 1 :] if _SMALL.get(word, 10) < 10]
        good = before is not None and digits and len(digits) == len(words) - place - 1
        return float(f"{int(before or 0)}.{''.join(digits)}") if good else None
    if words[-1] in _PARTS:
        return _part(words)
    return _whole(words)


def _part(words: list[str]) -> float | None:
    """``half``, ``a quarter``, ``two thirds``, ``one and a half``."""
    size = 1.0 / _PARTS[words[-1]]
    before = words[:-1]
    if not before or before in (["a"], ["an"]):
        return size
    if len(before) > 2 and before[-2:] in (["and", "a"], ["and", "one"]):
        ones = _whole(before[:-2])
        return None if ones is None else ones + size
    ones = _whole(before)
    return None if ones is None else ones * size


def _whole(words: list[str]) -> float | None:
    """A number without parts; None unless each word may follow the one before it."""
    total = current = 0.0
    before = ""
    for word in words:
        if word in {"a", "an"} and before == "" and len(words) > 1:
            kind, current = "one", 1.0
        elif re.fullmatch(r"\d+(\.\d+)?", word) and before == "" and len(word) < 16:
            kind, current = "digits", float(word)
        elif word in _SMALL and word != "dozen" and (before in _BEGIN or (before == "tens" and 0 < _SMALL[word] < 10)):
            kind, current = "ones", current + _SMALL[word]
        elif word in _TENS and before in _BEGIN:
            kind, current = "tens", current + _TENS[word]
        elif word == "dozen" and before in {"", "one"}:
            kind, current = "ones", 12.0
        elif word == "hundred" and before in {"ones", "one", "tens", "digits"} and current < 100:
            kind, current = "hundred", current * 100
        elif word in {"thousand", "million"} and before in {"ones", "one", "tens", "hundred", "digits"}:
            total, current, kind = total + current * _SCALES[word], 0.0, "thousand"
        elif word == "and" and before in {"hundred", "thousand"}:
            kind = "and"
        else:
            return None
        before = kind
    return total + current if before not in {"", "and", "one"} and words != ["digits"] else None
