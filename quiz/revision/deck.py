"""Going through flashcards: a frozen state, what can be done with it, and its short form for an address.

A card is answered "known" or "again". Those not known come round again, in the same order, until all are known. Marks
belong to cards and not to places, so that another filter or another shuffle keeps them. Nothing here knows the clock;
the order comes from the seed.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from quiz.revision.cards import Card

Mark = Literal["known", "again"]
_BITS: Mapping[str, int] = MappingProxyType({"known": 1, "again": 2})


@dataclass(frozen=True)
class Deck:
    """Where somebody is in the cards.

    Attributes:
        cards: All cards, in the sheet's order.
        kind: Kind of the cards gone through; "" for all.
        lesson: Their lesson; "" for all.
        seed: Of the shuffle.
        at: Id of the card on top; "" when none is left.
        turned: Whether its back is shown.
        marks: What was answered, by id.
    """

    cards: tuple[Card, ...]
    kind: str = ""
    lesson: str = ""
    seed: int = 0
    at: str = ""
    turned: bool = False
    marks: Mapping[str, Mark] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def order(self) -> tuple[str, ...]:
        """Ids of the cards gone through, shuffled."""
        chosen = [
            card.id
            for card in self.cards
            if self.kind in ("", card.kind) and self.lesson in ("", card.lesson)
        ]  # fmt: skip
        shuffle = np.random.default_rng(self.seed).permutation(len(chosen))
        return tuple(chosen[int(k)] for k in shuffle)

    @property
    def card(self) -> Card | None:
        """The card on top; None when all are known, or none is chosen."""
        return next((card for card in self.cards if card.id == self.at), None)

    def count(self, mark: Mark) -> int:
        """How many of the cards gone through bear a mark."""
        return sum(self.marks.get(name) == mark for name in self.order)

    def begun(self) -> Deck:
        """The same deck with a card on top that is among those gone through and not known, if there is one."""
        left = [name for name in self.order if self.marks.get(name) != "known"]
        return self if self.at in left else replace(self, at=left[0] if left else "", turned=False)

    def turn(self) -> Deck:
        """Turn the card on top."""
        return replace(self, turned=not self.turned and self.card is not None)

    def move(self, by: int) -> Deck:
        """Go on to the next card that is not known, or back to the one before; past the last comes the first.

        Args:
            by: 1 or −1.
        """
        order = self.order
        here = order.index(self.at) if self.at in order else -1
        around = [order[(here + by * k) % len(order)] for k in range(1, len(order) + 1)]
        left = [name for name in around if self.marks.get(name) != "known"]
        return replace(self, at=left[0] if left else "", turned=False)

    def mark(self, mark: Mark) -> Deck:
        """Say whether the card on top was known, and go on."""
        if self.card is None:
            return self
        return replace(self, marks=MappingProxyType({**self.marks, self.at: mark})).move(1)

    def fresh(self) -> Deck:
        """The same cards with no mark on any of those gone through."""
        gone = set(self.order)
        kept = {name: mark for name, mark in self.marks.items() if name not in gone}
        return replace(self, marks=MappingProxyType(kept), at="", turned=False).begun()


def packed(deck: Deck) -> str:
    """The marks in two bits a card, in letters that an address may have; "" for none."""
    number = sum(_BITS[deck.marks[card.id]] << 2 * k for k, card in enumerate(deck.cards) if card.id in deck.marks)
    raw = number.to_bytes((number.bit_length() + 7) // 8, "little")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpacked(text: str, cards: Sequence[Card]) -> Mapping[str, Mark]:
    """The marks that `packed` wrote; none at all from a text that it did not write."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError:
        return MappingProxyType({})
    number = int.from_bytes(raw, "little")
    if number >> 2 * len(cards):
        return MappingProxyType({})
    marks: dict[int, Mark] = {1: "known", 2: "again"}
    found = ((card.id, number >> 2 * k & 3) for k, card in enumerate(cards))
    return MappingProxyType({name: marks[bits] for name, bits in found if bits in marks})
