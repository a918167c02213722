"""What was typed into a blank, as it is compared: words and symbols for one thing are one filling.

``σ``, ``sigma`` and ``a sigmoid function`` are the same, ``C_{t−1}`` and ``the previous cell state`` are.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from quiz.formula.spelling import spelt
from quiz.formula.symbols import Names
from quiz.grading.numbers import number
from quiz.grading.typed import Unreadable, plain

_SAME = (
    ("sigmoid", "sigma", "logistic", "logistic sigmoid", "sigm", "expit"),
    ("tanh", "hyperbolic tangent", "tangens hyperbolicus", "tangent hyperbolicus", "tan h", "tgh", "hyperbolic tan",
     "tangent hyperbolic"),
    ("relu", "rectified linear unit", "rectifier"),
    ("cell", "cell state", "memory", "memory cell", "cell memory", "memory state", "long-term memory",
     "c", "c_t"),
    ("hidden", "hidden state", "h", "h_t"),
    ("candidate", "candidate value", "candidate state", "candidate vector", "candidate memory", "candidate cell",
     "candidate cell state", "candidate g", "cell candidate", "new candidate", "new candidate value", "new value",
     "content", "g", "g_t", "c_tilde", "c_tilde_t", "c tilde"),
    ("forget gate", "f", "f_t"),
    ("input gate", "update gate i", "i", "i_t"),
    ("output gate", "o", "o_t"),
    ("learning rate", "alpha", "eta", "lr", "step size"),
    ("loss", "cost"),
)  # fmt: skip
_ARTICLE = re.compile(r"^(?:an?|the|its|their)\s+(?=\S{2})")
_FUNCTION = re.compile(r"[\s-]+(?:(?:activation|squashing|transfer)\s+)?(?:function|nonlinearity|activation)s?$")
_BEFORE = re.compile(r"^(?:previous|prev|old|last|prior|past|former|earlier)[\s_]+(.+)$")
_AT_STEP_BEFORE = re.compile(
    r"^(.+?)\s+(?:at|of|from|in)\s+(?:time |step )?(?:t ?- ?1|the (?:previous|last|prior) (?:time )?step)$"
)
_BOTH = re.compile(r"^(.*\S)\s+\((.+)\)$")
_TAKEN_OF = re.compile(r"^(sigmoid|sigma|tanh)\s*\(\w{0,2}(?:_\w)?\)$")


def same_filling(typed: str, accepted: str) -> bool:
    """Whether what was typed is the accepted filling: the same words, a synonym, or the same number."""
    if meaning(typed) == meaning(accepted):
        return True
    if both := _BOTH.fullmatch(plain(typed)):  # hyperbolic tangent (tanh)
        return all(meaning(one) == meaning(accepted) for one in both.groups())
    try:
        return math.isclose(number(typed).value, number(accepted).value, rel_tol=1e-9, abs_tol=1e-12)
    except Unreadable:
        return False


def meaning(text: object) -> str:
    """What a filling says: the name of its group, or the words without case, articles, spaces and plural."""
    line = unicodedata.normalize("NFKC", _symbols(plain(text))).casefold().rstrip(". ")
    line = _ARTICLE.sub("", line)
    if match := _TAKEN_OF.fullmatch(line):
        line = match[1]
    line = _FUNCTION.sub("", line)
    if match := _BEFORE.fullmatch(line) or _AT_STEP_BEFORE.fullmatch(line):
        return f"previous {meaning(match[1])}"
    key = filling(line)
    if match := re.fullmatch(r"(.+?)_?prev|(.+)_old", line):
        return f"previous {meaning(match[1] or match[2])}"
    return _GROUPS.get(key) or _GROUPS.get(_singular(key)) or _singular(key)


def filling(text: object) -> str:
    """A filling without case, spaces, quotes, hyphens between letters and a last full stop."""
    line = unicodedata.normalize("NFKC", plain(text)).casefold()
    close = re.sub(r"[\s_'’\"“”`]+", "", line.rstrip(". "))
    return re.sub(r"(?<=[^\W\d])[-‐‑](?=[^\W\d])", "", close) or line


def _singular(key: str) -> str:
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else key


def _symbols(line: str) -> str:
    """Symbols in their plain spelling, ``C_{t−1}`` as C_prev; words as they are."""
    line = re.sub(r"(?<=^\w)\((t ?- ?1|t)\)$", r"[\1]", line)
    if not re.search(r"[\\$^{}~]|_[^\W\d]|\[t|[^\x00-\x7f]", line):
        return line
    try:
        return re.sub(r"\s*\*\*?\s*\(?\s*\)?$", "", spelt(line, Names.of(())))
    except Unreadable:
        return line


_GROUPS: Mapping[str, str] = MappingProxyType({filling(one): group[0] for group in _SAME for one in group})
