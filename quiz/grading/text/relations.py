"""What is said of what: the nearest partner of each concept, directions of time, and formulas known right or wrong."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Item(NamedTuple):
    """A concept where it stands in a sentence."""

    name: str
    negated: bool
    place: int  # number of the token within the sentence


_GROUPS = {
    "gate": "forget_gate input_gate output_gate candidate gate",
    "state": "cell hidden memory old new input output",
    "value": "one zero open_ closed half below_one above_one near",
    "effect": "keep drop write show overwrite carry",
    "size": "small large exponential linear_ zero",
    "way": "backward forward",
    "when": "early late first_ last_",
    "each": "each once all only",
    "op": "multiply add sum_ product average divide subtract",
    "model": "rnn lstm gru",
    "count": "two three four eight sixteen half quarter",
    "range": "sigmoid tanh range01 range11 binary",
    "parts": "weights wh wx matrix bias layer no_weights",
    "grad": "gradient loss slope shares",
    "need": "short long fast slow data distance length depend",
    "do": "learn clip update unroll decide measure mix",
    "same": "same different unit",
    "sure": "always cannot guarantee usually never_ never possible",
}
_OF = {name: group for group, names in _GROUPS.items() for name in names.split()}
_PAIRS = [
    ("value", "effect"), ("gate", "effect"), ("gate", "state"), ("state", "effect"), ("gate", "value"),
    ("value", "size"), ("grad", "size"), ("grad", "way"), ("when", "size"), ("when", "grad"), ("when", "do"),
    ("op", "state"), ("op", "gate"), ("op", "grad"), ("op", "parts"), ("op", "each"), ("model", "need"),
    ("model", "count"), ("model", "state"), ("model", "gate"), ("model", "size"), ("model", "effect"),
    ("count", "parts"), ("count", "gate"), ("range", "gate"), ("range", "state"), ("range", "value"), ("same", "parts"),
    ("do", "grad"), ("do", "parts"), ("do", "size"), ("do", "each"), ("grad", "sure"), ("model", "sure"),
    ("size", "sure"), ("parts", "state"), ("parts", "size"), ("parts", "grad"), ("need", "effect"), ("need", "do"),
    ("same", "gate"), ("grad", "effect"), ("state", "need"), ("op", "op"), ("gate", "gate"), ("model", "model"),
    ("effect", "sure"), ("value", "grad"), ("need", "need"),
]  # fmt: skip
_REACH = 10  # words between two that are taken together


def pairs(items: Sequence[Item]) -> Iterator[str]:
    """For each concept of one group its nearest partner of the other, in order, with a mark if either is denied."""
    by: dict[str, list[Item]] = {}
    for item in items:
        if group := _OF.get(item.name):
            by.setdefault(group, []).append(item)
    for left, right in _PAIRS:
        for item in by.get(left, ()):
            partner = _nearest(item, by.get(right, []))
            if partner:
                sign = "~" if partner.negated or item.negated else ""
                yield f"{item.name}>{partner.name}{sign}"


def _nearest(item: Item, others: Sequence[Item]) -> Item | None:
    """The one that stands nearest, within reach; of two as near, the one that follows."""
    begin = bisect_left(others, item.place - _REACH, key=lambda other: other.place)
    best: Item | None = None
    for other in others[begin : begin + 4 * _REACH]:
        if other.place > item.place + _REACH:
            break
        if other.place != item.place and (best is None or _far(item, other) < _far(item, best)):
            best = other
    return best


def _far(item: Item, other: Item) -> tuple[int, bool]:
    return abs(other.place - item.place), other.place < item.place


_LEADS = frozenset(
    ["from", "begin", "begins", "starts", "start", "starting", "beginning", "for", "with", "between", "at"]
)
_FIRST = frozenset(
    [
        "1",
        "first",
        "beginning",
        "begin",
        "start",
        "early",
        "earliest",
        "earlier",
        "opening",
        "oldest",
        "initial",
        "h_1",
        "x_1",
        "distant",
        "past",
        "front",
    ]
)
_LAST = frozenset(
    ["t", "last", "end", "late", "latest", "newest", "final", "recent", "h_now", "present", "finish", "current"]
)


def directions(words: Sequence[str]) -> Iterator[str]:
    """Which end of the sequence is named first: ``from the last step to the first``."""
    for place, word in enumerate(words):
        if word not in _LEADS:
            continue
        seen: list[str] = []
        for after in words[place + 1 : place + 16]:
            kind = "first" if after in _FIRST else "last" if after in _LAST else ""
            if kind and (not seen or seen[-1] != kind):
                seen.append(kind)
                if len(seen) == 2:
                    yield f"from_{seen[0]}_to_{seen[1]}"
                    break
            if after == "from":
                break


_C, _P = r"c(?:_now|')?", r"(?:c_prev|c_old|old_?c)"
_I, _G = r"i(?:_now)?", r"(?:g(?:_now)?|tanh\([^)]{0,40}\))"
_F = r"f(?:_now)?"
_X = r"[*.]?"
#: Formulas of the chapter, right (`+`) and as they are got wrong (`-`), in a line without spaces.
_FORMULAS = [
    ("+cell", rf"{_F}{_X}{_P}\+\(?{_I}{_X}{_G}|{_P}{_X}{_F}\+\(?{_I}{_X}{_G}|{_I}{_X}{_G}\)?\+\(?{_F}{_X}{_P}"),
    ("+kept", rf"{_F}{_X}{_P}|{_P}{_X}{_F}\b"),
    ("+write", rf"\b{_I}{_X}{_G}|{_G}{_X}{_I}\b"),
    ("-cell_crossed", rf"{_F}{_X}{_G}|{_I}{_X}{_P}"),
    ("-cell_product", rf"{_P}{_X}\*{_I}\*{_G}"),
    ("-cell_bare_gate", rf"{_P}\+{_I}(?![_*.a-z])"),
    ("-cell_tied", rf"\(?1-{_I}\)?{_X}{_P}|{_F}=1-{_I}|{_I}=1-{_F}"),
    ("-cell_one_minus", rf"\(?1-{_F}\)?{_X}"),
    ("-hidden_forgotten", rf"{_F}{_X}h_prev|h_prev{_X}{_F}\b"),
    ("-cell_matrix", rf"w_?c{_X}{_P}|wh?{_X}{_P}|{_P}{_X}w"),
    ("-minus_write", rf"-{_I}{_X}{_G}"),
    ("-divided", rf"{_I}/{_G}|{_P}/{_F}"),
    ("+shown", rf"o(?:_now)?{_X}tanh\({_C}\)|o(?:_now)?\.?tanh"),
    ("-shown_h", r"tanh\(h"),
    ("+gate", r"f(?:_now)?=(?:sigmoid|sigma|sig)|sigm?a?(?:oid)?\((?:w|x|\()"),
    ("+direct", rf"d{_C}/d{_P}[^=]{{0,12}}(?:=|≈|is)(?:diag\()?{_F}"),
    ("-direct", rf"d{_C}/d{_P}[^=]{{0,12}}=(?:1|w|0)"),
    ("+prod_f", r"prod[^=]{0,20}f(?:_|\b)|f(?:_now)?\^k|\bf\^"),
    ("+decay", r"0?\.\d+\^(?:\(?[tk]|\d)"),
    ("+growth", r"[1-9](?:\.\d+)?\^(?:\(?[tk]|\d)"),
    ("-quarter", r"0?\.25\^\d|\(1/4\)\^|0?\.25\*\*"),
    ("+layer", r"(?<![\d)])h\*?\(\(?(?:d\+h|h\+d)(?:\+1)?\)|dh\+hh|dh\+h\^?2|d\*h\+h\*h|h\^2\+dh|hd\+h"),
    ("+four", r"4\*?h\*?\(|4\*?\(|\*4\b|4x\b|4n\b|=4\b"),
    ("-count", r"(?:3|8|16|2|7)\*?h\*?\(|(?:3|8|16)\*?\(d|(?:8|3|16|2)x\b"),
    ("+against", r"-=?(?:alpha|eta|lr|learning_?rate|a|n)?\*?(?:d?l?/?d?w|grad|nabla|dw|g\b|dl|sum)|-(?:alpha|eta|lr)"),
    ("-uphill", r"w\+(?:alpha|eta|lr|a)\*?|\+(?:alpha|eta|lr)\b"),
    ("+sum_t", r"sum_?(?:\(t|t|\()|sum[^=]{0,12}(?:x_now|h_prev|delta|dl)"),
    ("-prod_t", r"prod_?\(?t=1[^=]{0,6}(?:dl|delta|dw)|=prod"),
    ("-mean_t", r"1/t\)?\*?(?:sum)?|/t\b"),
    ("+share_h", r"h_prev\^?t?\*?\.?t?\)?delta|outer\(h(?:_prev)?"),
    ("-share_h", r"h_now\^?t?\*?delta"),
    ("+clip", r"g\*?c/\|\||c\*?g/\|\||c/\|\|g|\*c/\|\||\d\*g/norm"),
    ("-clip", r"\|\|g\|\|/c"),
    ("+backstep", r"delta_(?:next|now|\(t\+1\))|w_?h\^?t|wh\^?t\b|wh\.t"),
]  # fmt: skip
_KNOWN = [(name, re.compile(pattern)) for name, pattern in _FORMULAS]


def known_formulas(line: str) -> Iterator[str]:
    """Formulas that are known, wherever a line has mathematics."""
    squeezed = "".join(line.split())
    for name, pattern in _KNOWN:
        if pattern.search(squeezed):
            yield name
