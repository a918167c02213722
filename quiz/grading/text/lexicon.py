"""What words mean here: each token with the concepts of `lexicon.txt` that it stands for, alone or in a phrase."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from quiz.grading.text.reading import TOKEN, Clause, Token, plain_line


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[str, list[tuple[tuple[str, ...], str]]], dict[str, list[tuple[tuple[str, ...], str]]]]:
    """Phrases with their concept, by first word; those whose first word has any ending, by its first three letters."""
    exact: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    begun: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in files(__package__).joinpath("lexicon.txt").read_text("utf-8").splitlines():
        name, colon, spellings = row.partition(":")
        if row.startswith("#") or not colon:
            continue
        for spelling in spellings.split(", "):
            words = _words(spelling.strip().lower())
            if not words:
                continue
            if words[0].endswith("*"):
                begun.setdefault(words[0][:2], []).append((words, name.strip()))
            else:
                exact.setdefault(words[0], []).append((words, name.strip()))
    return exact, begun


def _words(spelling: str) -> tuple[str, ...]:
    spelling = spelling.replace("*", "✱") if spelling.rstrip().endswith("*") and "*(" not in spelling else spelling
    words: list[str] = []
    for piece in spelling.split():
        star = piece.endswith("✱")
        found = [match[0] for match in TOKEN.finditer(plain_line(piece.removesuffix("✱")).strip())]
        found = [part for whole in found for part in (whole.split("-") if whole[0].isalpha() else [whole]) if part]
        if star and found:
            found[-1] += "*"
        words += found
    return tuple(words)


def _fits(words: Sequence[str], tokens: Sequence[Token], place: int) -> bool:
    if place + len(words) > len(tokens):
        return False
    for offset, word in enumerate(words):
        text = tokens[place + offset].text
        if word.endswith("*") and len(word) > 1:
            if not text.startswith(word[:-1]):
                return False
        elif text != word:
            return False
    return True


def marked(clause: Clause) -> Clause:
    """The clause with concepts at the tokens where they begin; a longer phrase hides what its words mean alone."""
    tokens = clause.tokens
    exact, begun = _phrases()
    names: list[list[str]] = [[] for _ in tokens]
    hidden = 0
    for place, token in enumerate(tokens):
        options = exact.get(token.text, []) + begun.get(token.text[:2], [])
        found = [(len(words), name) for words, name in options if _fits(words, tokens, place)]
        if not found:
            continue
        longest = max(length for length, _ in found)
        if longest == 1 and place < hidden:
            continue
        names[place] = sorted({name for length, name in found if length == longest})
        hidden = max(hidden, place + longest)
    marked_tokens = [Token(token.text, token.negated, tuple(found)) for token, found in zip(tokens, names, strict=True)]
    return Clause(tuple(marked_tokens), clause.stop)
