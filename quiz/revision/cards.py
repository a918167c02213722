"""The flashcards: what stands on the sheet, as a front and a back each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from core.equations import LATEX, source_line
from quiz.revision.schema import Formula, TakeAway, Term
from quiz.revision.sheet import Sheet, load_sheet
from quiz.schema import Lesson

Kind = Literal["takeaway", "mistake", "formula", "term"]
KINDS: Mapping[Kind, str] = MappingProxyType(
    {"takeaway": "Take-away", "mistake": "Common mistake", "formula": "Formula", "term": "Term"}
)
"""Each kind of card with its name."""

CELLS: Mapping[str, str] = MappingProxyType({"rnn": "RNN", "lstm": "LSTM", "model": "Read-out and loss"})
"""The modules that have equations, by their names on the screen."""


@dataclass(frozen=True)
class Card:
    """One flashcard.

    Attributes:
        id: Stable for ever: what learners have imported elsewhere is updated by it.
        kind: What it comes from.
        lesson: Where its matter is taught.
        front: What is asked, as Markdown with $formulas$.
        back: The answer, likewise.
    """

    id: str
    kind: Kind
    lesson: Lesson
    front: str
    back: str


@lru_cache(maxsize=1)
def all_cards() -> tuple[Card, ...]:
    """The cards of the package's own sheet, made once."""
    return cards(load_sheet())


def cards(sheet: Sheet) -> tuple[Card, ...]:
    """Every card of a sheet, in its order."""
    made = [
        Card(
            entry.id, "takeaway", sheet.lesson(entry), entry.ask,
            f"{entry.says}\n\n{sheet.holds(entry)}" + (f"\n\n{simplified(entry)}" if entry.but else ""),
        )
        for entry in sheet.takeaways
    ]  # fmt: skip
    made += [
        Card(entry.id, "mistake", sheet.lesson(entry), f"“{entry.says}”\n\nWhat is wrong with it?", sheet.holds(entry))
        for entry in sheet.mistakes
    ]
    made += [_formula(entry) for entry in sheet.formulas]
    made += [Card(f"term-{entry.id}", "term", entry.lesson, entry.name, _term(entry)) for entry in sheet.terms]
    return tuple(made)


def simplified(entry: TakeAway) -> str:
    """How far a claim that simplifies goes."""
    return f"The claim simplifies: {entry.but}"


def _formula(entry: Formula) -> Card:
    module, _, number = entry.tag.partition(".")
    return Card(
        f"formula-{module}-{number.lower()}", "formula", entry.lesson, f"{entry.name} ({CELLS[module]}, {number})",
        f"$${LATEX[entry.tag]}$$\n\n`{source_line(entry.tag)}`",
    )  # fmt: skip


def _term(entry: Term) -> str:
    symbol = f"${entry.symbol}$" if entry.symbol else ""
    notation = ", ".join(part for part in (symbol, entry.shape and f"shape {entry.shape}") if part)
    return entry.text + (f"\n\n{notation}" if notation else "")
