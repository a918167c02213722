"""An answer in words as clauses of tokens: mathematics in one spelling, slips of the pen mended, negation marked.

What comes out keeps the order of the words: who does what to whom is what an answer says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from quiz.formula.symbols import ascii_name

LONGEST = 4_000  # characters that are read
LONGEST_CLAUSE = 60  # words between two stops
LONGEST_WORD = 24  # letters of a word that is looked up; longer ones are cut

_LATEX = [
    (r"\\(?:left|right|big|Big|bigg|displaystyle|quad|qquad|,|;|!|:)", " "),
    (r"\\(?:odot|cdot|times|circ|otimes|ast)", "*"),
    (r"\\oplus", "+"),
    (r"\\d?t?frac\{([^{}]{1,80})\}\{([^{}]{1,80})\}", r"\1/\2"),
    (r"\\(?:mathbb|mathrm|mathbf|operatorname|text|boldsymbol|mathcal)\*?\{([^{}]{1,60})\}", r" \1 "),
    (r"\\(?:tilde|hat|bar|widetilde)\s*\{?\s*([cC])\s*\}?(?:_\{?t\}?)?", " g "),
    (r"\\(?:partial)", "d"),
    (r"\\(?:lVert|rVert|Vert|\|)", "||"),
    (r"\\(?:leq?)\b", "<="),
    (r"\\(?:geq?)\b", ">="),
    (r"\\(?:approx|sim|simeq|lesssim)\b", "≈"),
    (r"\\(?:ll)\b", "<"),
    (r"\\(?:gg)\b", ">"),
    (r"\\(?:to|rightarrow|Rightarrow|leftarrow|gets|mapsto)\b", " -> "),
    (r"\\(?:dots|ldots|cdots)\b", " ... "),
    (r"\\(?:infty)\b", " inf "),
    (r"\\(?:top|intercal)\b", "T"),
    (r"\\(?:varphi|phi)\b", "phi"),
    (r"\\([a-zA-Z]+)", r" \1 "),
]  # fmt: skip
_LATEX_RULES = [(re.compile(pattern), instead) for pattern, instead in _LATEX]
_SYMBOLS = [
    (r"c[~]_?t?|c̃_?t?|\bc[-_ ]?tilde\b", " g "),
    (r"\b([chxo])[_ ]?[\[({]?\s*\(?t\s*-\s*1\)?\s*[\])}]?", r" \1_prev "),
    (r"[\[({]\s*-\s?1\s*(?:,|\.\.+|…)\s*\+?1\s*[\])}]|\+/?-1\b|±\s?1", " range11 "),
    (r"\{\s*0\s*,\s*1\s*\}", " binary01 "),
    (r"[\[({]\s*0(?:\.0)?\s*(?:,|\.\.+|…)\s*1(?:\.0)?\s*[\])}]|\b0\s?(?:\.\.+|…|-)\s?1\b", " range01 "),
    (r"\b([ch])[_ ](?:prev|old|last)\b|\b(?:old|prev|previous)[_ ]([ch])\b", r" \1\2_prev "),
    (r"\b([chxfiog])[_]?[\[({]\s*t\s*[\])}]|\b([chxfiog])_t\b|\b([chx]) t\b|\b([chxfiog])ₜ", r" \1\2\3\4_now "),
    (r"\bw[_ ]?\{?h{1,2}\}?\b|\bw_\{hh\}", " wh "),
    (r"\bw[_ ]?\{?x{1,1}h?\}?\b", " wx "),
    (r"\b([chxfiog])_([1-9])\b", r" \1_\2 "),
]  # fmt: skip
_SYMBOL_RULES = [(re.compile(pattern), instead) for pattern, instead in _SYMBOLS]
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("⊙·⋅∙∘×⊗•", "*"),
        **dict.fromkeys("−–—‐‑", "-"),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("{[", "("),
        **dict.fromkeys("}]", ")"),
        "≤": "<=",
        "≥": ">=",
        "∂": "d",
        "∇": " nabla ",
        "∑": " sum ",
        "Σ": " sum ",
        "∏": " prod ",
        "Π": " prod ",
        "²": "^2",
        "→": " -> ",
        "⇒": " -> ",
        "←": " = ",
        "$": " ",
        "~": "≈",
    }
)
TOKEN = re.compile(
    r"(?P<word>[a-z][a-z']*(?:-[a-z]{2,})*(?:_[a-z0-9]+)?)|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<sign>->|=>|<=|>=|\*\*|\|\||[-+*/^=<>≈%()|])|(?P<stop>[.;:?!\n]+|,)"
)
_RUNS = re.compile(r"([-+*/^=<>≈%().,;:!?|])\1{2,}")  # a line of dashes is one dash
_NEGATORS_WORDS = (
    "not no never neither nor none nothing without cannot isn't aren't doesn't don't didn't wasn't won't can't "
    "couldn't wouldn't shouldn't hasn't haven't hadn't dont doesnt isnt cant wont aint nobody nowhere hardly "
    "barely rarely untouched unaltered"
)
NEGATORS = frozenset(_NEGATORS_WORDS.split())
_TURNS_WORDS = "but however though although whereas while yet instead because since so then and"
_TURNS = frozenset(_TURNS_WORDS.split())


@dataclass(frozen=True)
class Token:
    """A word, number or sign.

    Attributes:
        text: As it is compared: small letters, slips mended.
        negated: Whether a negation stands over it.
        concepts: What it stands for, see `quiz.grading.text.lexicon`.
    """

    text: str
    negated: bool = False
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """Tokens between two stops.

    Attributes:
        tokens: In order.
        stop: The comma that ended it, or a full stop for any other end.
    """

    tokens: tuple[Token, ...]
    stop: str = "."


@dataclass(frozen=True)
class Reading:
    """An answer as read.

    Attributes:
        line: The answer in one spelling.
        clauses: In order.
    """

    line: str
    clauses: tuple[Clause, ...]


def plain_line(text: str) -> str:
    """Text with LaTeX, Unicode signs and ways to write an index in one spelling."""
    line = unicodedata.normalize("NFKC", text[:LONGEST].replace("ₜ₋₁", "_t-1").replace("ₜ", "_t"))
    for rule, instead in _LATEX_RULES:
        line = rule.sub(instead, line)
    line = ascii_name(line).translate(_SIGNS).lower()
    for rule, instead in _SYMBOL_RULES:
        line = rule.sub(instead, line)
    return _RUNS.sub(r"\1", line)


def read(text: str) -> Reading:
    """Read an answer."""
    line = plain_line(text)
    clauses: list[Clause] = []
    tokens: list[Token] = []
    for match in TOKEN.finditer(line):
        if match.lastgroup == "stop" or len(tokens) >= LONGEST_CLAUSE:
            if tokens:
                clauses.append(Clause(_negated(tokens), "," if match[0] == "," else "."))
            tokens = []
            if match.lastgroup == "stop":
                continue
        piece = match[0].strip("'") or "'"
        if match.lastgroup == "word":
            tokens += [Token(mended(part)) for part in piece.split("-") if part]
        else:
            tokens.append(Token(piece))
    if tokens:
        clauses.append(Clause(_negated(tokens)))
    return Reading(line, tuple(clauses))


def _negated(tokens: list[Token]) -> tuple[Token, ...]:
    """Mark the words a negation stands over: those after it, until the thought turns or eight words have passed."""
    marked = []
    left = 0
    for token in tokens:
        if token.text in NEGATORS or token.text.endswith("n't"):
            left = 8
            marked.append(token)
            continue
        if token.text in _TURNS:
            left = 0
        marked.append(Token(token.text, left > 0))
        left -= left > 0
    return tuple(marked)


# --- words ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def vocabulary() -> tuple[frozenset[str], dict[str, str]]:
    """Known English words, and the words of this subject by what is left when one letter is taken out."""
    here = files(__package__)
    english = frozenset(here.joinpath("words.txt").read_text("utf-8").split())
    subject = here.joinpath("subject.txt").read_text("utf-8").split()
    nearby: dict[str, str] = {}
    for word in reversed(subject):  # the most frequent come first in the file and win
        if len(word) >= 4:
            nearby["".join(sorted(word))] = word
    for word in reversed(subject):
        if len(word) >= 4:
            for shorter in _shorter(word):
                nearby[shorter] = word
            nearby[word] = word
    return english | frozenset(subject), nearby


def _shorter(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


@lru_cache(maxsize=20_000)
def mended(word: str) -> str:
    """The word meant, where one letter is wrong, missing, too many or exchanged with its neighbour."""
    word = word[:LONGEST_WORD]
    english, nearby = vocabulary()
    if len(word) < 4 or word in english or not word.isalpha():
        return word
    if any(word.endswith(ending) and word.removesuffix(ending) in english for ending in ("s", "ed", "ing", "ly", "er")):
        return word
    if found := nearby.get(word):
        return found
    for shorter in _shorter(word):
        if found := nearby.get(shorter):
            return found
    return nearby.get("".join(sorted(word)), word)


_ENDINGS = ("ations", "ation", "ingly", "ments", "ment", "ness", "ings", "ing", "ied", "ies", "edly", "ed", "ers", "er",
            "ally", "ly", "es", "s", "al", "e")  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending, so that forms of one word fall together."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            return word + "y" if ending in ("ied", "ies") else word[:-1] if word[-1:] == word[-2:-1] else word
    return word
