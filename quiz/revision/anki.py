r"""The flashcards as files to take along: a deck for Anki (`.apkg`) and a table (CSV).

Deck, note type and notes have fixed ids, so that importing a newer file updates what is there: Anki knows a note by its
guid, which is made from the card's id, and takes the file's text when the file is newer.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

import genanki

from quiz.revision.cards import KINDS, Card
from quiz.revision.hypertext import html

DECK, MODEL = 1_734_200_611, 1_607_392_845
"""Drawn once; what was imported before is found by them."""

NAME = "Unrolled"
FIELDS = ("Front", "Back", "Kind")
CSS = """.card { font: 20px/1.5 sans-serif; text-align: center; max-width: 36rem; margin: 0 auto; }
.kind { font-size: 13px; opacity: 0.7; }
code { font-size: 14px; overflow-wrap: anywhere; }"""


def package(cards: Iterable[Card], now: datetime) -> bytes:
    """The cards as an Anki package.

    Args:
        cards: The cards.
        now: When it is made; Anki keeps the newer text of a note.
    """
    front = '<div class="kind">{{Kind}}</div>{{Front}}'
    model = genanki.Model(
        MODEL,
        f"{NAME} card",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Card", "qfmt": front, "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
        css=CSS,
    )
    deck = genanki.Deck(DECK, NAME, "Backpropagation through time, vanishing gradients and the LSTM.")
    for card in cards:
        fields = [html(card.front), html(card.back), KINDS[card.kind]]
        tags = [f"{NAME.lower()}::{card.lesson}", f"{NAME.lower()}::{card.kind}"]
        deck.add_note(genanki.Note(model=model, fields=fields, guid=genanki.guid_for(NAME, card.id), tags=tags))
    file = io.BytesIO()
    genanki.Package(deck).write_to_file(file, timestamp=now.timestamp())
    return file.getvalue()


def table(cards: Iterable[Card]) -> bytes:
    """The cards as CSV in UTF-8, with a header; texts are Markdown with $formulas$."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("id", "kind", "lesson", "front", "back"))
    writer.writerows((card.id, card.kind, card.lesson, card.front, card.back) for card in cards)
    return file.getvalue().encode()
