r"""The flashcards as files to take along: a deck for Anki (`.apkg`) and a table (CSV).

Deck, note type and notes have fixed ids, so that importing a newer file updates what is there: Anki knows a note by its
guid, which is made from the card's id, and takes the file's text when the file is newer.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from html import escape

import genanki

from quiz.revision.cards import KINDS, Card

DECK, MODEL = 1_734_200_611, 1_607_392_845
"""Drawn once; what was imported before is found by them."""

NAME = "Unrolled"
FIELDS = ("Front", "Back", "Kind")
CSS = """.card { font: 20px/1.5 sans-serif; text-align: center; max-width: 36rem; margin: 0 auto; }
.kind { font-size: 13px; opacity: 0.7; }
code { font-size: 14px; overflow-wrap: anywhere; }"""

_LIFTED = re.compile(r"\$\$([^$]+)\$\$|\$([^$]+)\$|`([^`]+)`")


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


def html(text: str) -> str:
    r"""Markdown of ours as the HTML of a note; formulas go to MathJax, between \( and \)."""
    lifted: list[str] = []

    def lift(match: re.Match[str]) -> str:
        block, inline, code = match.groups()
        form = (
            rf"\[{escape(block)}\]" if block else rf"\({escape(inline)}\)" if inline else f"<code>{escape(code)}</code>"
        )
        lifted.append(form)
        return f"\ue000{len(lifted) - 1}\ue001"

    plain = escape(_LIFTED.sub(lift, text), quote=False)
    plain = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", plain)
    plain = re.sub(r"(?<!\w)\*([^*\s][^*]*)\*", r"<i>\1</i>", plain)
    paragraphs = "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", plain) if part.strip())
    return re.sub("\ue000(\\d+)\ue001", lambda match: lifted[int(match[1])], paragraphs)
