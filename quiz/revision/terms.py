"""The glossary, read by itself: a lesson that only links its terms needs neither the bank nor the rest of the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import TypeAdapter

from quiz.load import BankError, parsed, tables
from quiz.revision.schema import Term, same
from quiz.schema import Strict

FOLDER = Path(__file__).with_name("content")

E = TypeVar("E", bound=Strict)


@dataclass(frozen=True)
class Glossary:
    """The terms of the lessons.

    Attributes:
        terms: In the lessons' order.
    """

    terms: tuple[Term, ...]
    _by_name: Mapping[str, Term] = field(repr=False)

    def __getitem__(self, word: str) -> Term:
        """The entry that a word of the lessons, or the id of a term, stands for.

        Raises:
            KeyError: If there is none.
        """
        return self._by_name[same(word)]

    def __contains__(self, word: str) -> bool:
        return same(word) in self._by_name


@lru_cache(maxsize=1)
def load_terms() -> Glossary:
    """The glossary that comes with the package, read once.

    Raises:
        BankError: With every problem found.
    """
    errors: list[str] = []
    found = read_terms(FOLDER, errors)
    if errors:
        raise BankError(errors)
    return found


def read_terms(folder: Path, errors: list[str]) -> Glossary:
    """The glossary in a folder; problems are added to ``errors``."""
    terms = read(folder / "terms.toml", "term", Term, errors)
    named = [(name, term) for term in terms for name in dict.fromkeys((term.id, *term.names))]
    for name, count in Counter(name for name, _ in named).items():
        if count > 1:
            errors.append(f"terms.toml: {name}: stands for {count} terms")
    return Glossary(terms, MappingProxyType(dict(named)))


def read(path: Path, table: str, model: type[E], errors: list[str], *, identity: str = "id") -> tuple[E, ...]:
    """The valid entries of one file; problems are added to ``errors``, each with file and entry.

    Args:
        path: The file.
        table: The one list of tables in it.
        model: What an entry is.
        errors: Gets the problems.
        identity: The field by which an entry is named in them.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    found = []
    for number, entry in enumerate(tables(path, (table,), errors)[table], 1):
        name = entry.get(identity) if isinstance(entry, dict) else None
        if made := parsed(adapter, entry, f"{path.name}: {name or f'{table} {number}'}", errors):
            found.append(made)
    return tuple(found)
