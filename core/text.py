"""From what a learner types to numbers: sentences to tokens and vectors, tables of numbers to a sequence.

Everything here treats text as text: nothing is interpreted as markup, a formula or a path.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

MAX_TOKENS = 200
MAX_CHARS = 100_000

# Typed by nobody on purpose: soft hyphen, word joiner, byte order mark and the marks that turn the reading direction.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x2060, 0xFEFF, 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)

# One letter for each kind of character; the pattern below is matched on the string of letters.
_KINDS = {"L": "W", "N": "W", "M": "M", "Z": " ", "C": " "}  # by general category; the rest is punctuation, "P"
_SPECIAL = {"Nd": "D", "So": "E", "Pc": "W", "Cn": "P", "Co": "P", "Sk": "P"}
_APOSTROPHES, _HYPHENS = "'’＇", "-‐‑"
_TOKEN = re.compile(
    r"""(?x)
      RR                                                  # a flag is a pair of regional indicators
    | [ER](?:[MVK]|Z(?=E)|(?<=Z)E)*                       # an emoji with its skin tones, joined ones as one
    | (?:H[MVZ]*)                                         # Chinese and Japanese: each character
    | [WD](?:[WDMVZ]|['-](?=[WD])|(?<=D)[.,](?=D))*       # words, with inner apostrophes; numbers such as 3.14
    | ([!-/:-@\[-`{-~])\1*[MVZ]*                          # ASCII punctuation, "..." as one
    | [^\ VZ][MVZ]*                                       # any other visible character
    """
)


def _kind(char: str) -> str:
    """The letter that stands for a character in `_TOKEN`."""
    code = ord(char)
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if code < 128 and not char.isalnum() and char.isprintable() and char not in " _":
        return char
    if code in (0x200C, 0x200D):
        return "Z"  # zero-width joiner and non-joiner
    if 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE01EF:
        return "V"  # variation selectors and tags: parts of an emoji
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "R"
    if 0x1F3FB <= code <= 0x1F3FF:
        return "K"
    category = unicodedata.category(char)
    if category[0] == "L" and (0x3041 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF):
        return "H"
    if category[0] == "L" and 0x20000 <= code <= 0x3FFFF:
        return "H"
    return _SPECIAL.get(category) or _KINDS.get(category[0], "P")


def tokenise(text: str, *, max_tokens: int = MAX_TOKENS, max_chars: int = MAX_CHARS) -> tuple[str, ...]:
    """Split a sentence into words, numbers, emoji and punctuation marks.

    Case is kept, punctuation makes its own tokens ("France." is two), an apostrophe or hyphen inside a word stays in it
    ("don't" is one), a run of the same mark is one token ("..."). Scripts without spaces: Chinese and Japanese go by
    character, others need spaces typed between words. No visible character is lost. The text is first put into Unicode
    form NFC, so that é typed in one or two keystrokes is the same token.

    Args:
        text: Any text. Empty text gives no tokens.
        max_tokens: Most tokens allowed.
        max_chars: Most characters allowed, checked before anything else.

    Raises:
        InputError: Too many characters or tokens.
    """
    if len(text) > max_chars:
        raise InputError(f"The text has {len(text):,} characters; at most {max_chars:,} can be read. Shorten it.")
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    kinds = "".join(map(_kind, text))
    tokens = tuple(text[match.start() : match.end()] for match in _TOKEN.finditer(kinds))
    if len(tokens) > max_tokens:
        raise InputError(
            f"The sentence has {len(tokens):,} words and punctuation marks; at most {max_tokens:,} fit. Shorten it."
        )
    return tokens


@dataclass(frozen=True)
class Vocabulary:
    """The words that one-hot vectors stand for.

    Attributes:
        words: All different, in index order.
    """

    words: tuple[str, ...]
    _index: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {word: k for k, word in enumerate(self.words)})
        if len(self._index) != len(self.words):
            raise InputError("words: expected all different. Use Vocabulary.of(tokens) to drop repetitions.")

    @classmethod
    def of(cls, tokens: Iterable[str]) -> Vocabulary:
        """The vocabulary of a sentence: index 0 is the first token, and so on by first appearance."""
        return cls(tuple(dict.fromkeys(tokens)))

    def __len__(self) -> int:
        return len(self.words)

    def indices(self, tokens: Sequence[str]) -> NDArray[np.intp]:
        """Index of each token (T,).

        Raises:
            InputError: No tokens, or tokens that are not in the vocabulary (all named at once).
        """
        if not tokens:
            raise InputError("The sentence has no words. Type at least one.")
        unknown = [token for token in dict.fromkeys(tokens) if token not in self._index]
        if unknown:
            known = ", ".join(self.words[:30]) + (", …" if len(self) > 30 else "")
            raise InputError(f"“{word}” is not among the words known here: {known}." for word in unknown)
        return np.array([self._index[token] for token in tokens], np.intp)


def one_hot(tokens: Sequence[str], vocabulary: Vocabulary) -> NDArray[np.float64]:
    """A sentence as an input sequence (T, 1, D) with D = len(vocabulary): a single 1 at each step's word.

    Raises:
        InputError: No tokens, or tokens that are not in the vocabulary.
    """
    x = np.zeros((len(tokens), 1, len(vocabulary)))
    x[np.arange(len(tokens)), 0, vocabulary.indices(tokens)] = 1
    return x


def embedding(tokens: Sequence[str], D: int, *, seed: int) -> NDArray[np.float64]:
    """A sentence as an input sequence (T, 1, D) of random word vectors, uniform in [-1, 1).

    A word's vector depends on the word and the seed alone (a hash of both), so editing one word leaves the others
    as they were, on every machine and version. The first D entries stay when D grows.

    Args:
        tokens: The sentence, at least one token.
        D: Entries in each vector.
        seed: Any whole number.

    Raises:
        InputError: No tokens, or D below 1.
    """
    if not tokens:
        raise InputError("The sentence has no words. Type at least one.")
    if D < 1:
        raise InputError(f"D: expected a vector size of at least 1, got {D}.")
    vocabulary = Vocabulary.of(tokens)
    vectors = np.stack([_word_vector(word, D, seed) for word in vocabulary.words])
    return vectors[vocabulary.indices(tokens), None, :]


def _word_vector(word: str, D: int, seed: int) -> NDArray[np.float64]:
    # SHAKE gives as many bytes as wanted, and the first ones are the same however many are asked for.
    digest = hashlib.shake_256(f"{seed}\0{word}".encode("utf-8", "surrogatepass")).digest(8 * D)
    bits = np.frombuffer(digest, "<u8") >> np.uint64(11)
    return bits.astype(np.float64) * 2.0**-52 - 1.0  # 53 bits, exact in float64
