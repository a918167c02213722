"""What the revision sheet is set to, in its link: the part shown, the term looked up, and where one is in the cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.kit.link_settings import Linked, entry, one_of, up_to, whole
from dashboard.kit.page_settings import PageSettings
from quiz.lessons import LESSONS
from quiz.revision.cards import KINDS
from quiz.revision.terms import load_terms

MODES: Mapping[str, str] = MappingProxyType({"sheet": "Sheet", "cards": "Flashcards"})
MOST_SEEDS = 9_999


def _read_term(text: str) -> str:
    """Read the id of a term, or a word that stands for it."""
    if text and text not in load_terms():
        raise ValueError
    return load_terms()[text].id if text else ""


_read_term.__doc__ = "a term of the glossary"


@dataclass(frozen=True)
class Revision(Linked):
    """The settings.

    Attributes:
        mode: "sheet" or "cards".
        term: Id of the term looked up; "" for none.
        kind: Kind of the cards gone through; "" for all.
        lesson: Their lesson; "" for all.
        seed: Of their shuffle.
        at: Id of the card on top; "" for the first that is not known.
        marks: What was known, as `quiz.revision.deck.packed` writes it.
    """

    mode: str = entry("sheet", "mode", one_of(*MODES))
    term: str = entry("", "term", _read_term)
    kind: str = entry("", "kind", one_of("", *KINDS))
    lesson: str = entry("", "lesson", one_of("", *LESSONS))
    seed: int = entry(1, "seed", whole(0, MOST_SEEDS))
    at: str = entry("", "card", up_to(80))
    marks: str = entry("", "marks", up_to(200))


REVISION = PageSettings("revision", Revision())
