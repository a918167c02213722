"""From what a learner types to numbers: sentences to tokens and vectors, tables of numbers to a sequence.

Everything here treats text as text: nothing is interpreted as markup, a formula or a path.
"""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

__all__ = ["MAX_CHARS", "MAX_TOKENS", "Vocabulary", "embedding", "one_hot", "tokenise"]

MAX_TOKENS = 200
MAX_CHARS = 100_000

# Typed by nobody on purpose: soft hyphen, word joiner, byte order mark and the marks that turn the reading direction.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x2060, 0xFEFF, 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_MARKS = string.punctuation.replace("_", "") + "…“”„‘’«»¿¡–—।،؟、。，！？；：（）「」"
_WITHOUT_SPACES = re.compile("([\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff])")  # Chinese and Japanese
_RUN = re.compile(r"(.)\1*")  # the same mark again and again, such as "..."


def tokenise(text: str, *, max_tokens: int = MAX_TOKENS, max_chars: int = MAX_CHARS) -> tuple[str, ...]:
    """Split a sentence into words, numbers, emoji and punctuation marks.

    Words are what stands between spaces, less the marks before and after it, which are tokens of their own ("France."
    is two, "..." is one). Case is kept, and so is what stands inside a word ("don't", "3.14"). Chinese and Japanese go
    by character. No visible character is lost. The text is first put into Unicode form NFC, so that é typed in one or
    two keystrokes is the same token.

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
    tokens: list[str] = []
    for chunk in _WITHOUT_SPACES.sub(r" \1 ", text).split():
        rest = chunk.lstrip(_MARKS)
        word = rest.rstrip(_MARKS)
        before, after = chunk[: len(chunk) - len(rest)], rest[len(word) :]
        tokens += (run[0] for run in _RUN.finditer(before))
        if any(unicodedata.category(c)[0] != "C" for c in word):  # not a lone joiner or control character
            tokens.append(word)
        tokens += (run[0] for run in _RUN.finditer(after))
    if len(tokens) > max_tokens:
        raise InputError(
            f"The sentence has {len(tokens):,} words and punctuation marks; at most {max_tokens:,} fit. Shorten it."
        )
    return tuple(tokens)


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
