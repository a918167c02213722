"""Going through flashcards: what each answer does, and the short form in an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.revision.cards import Card, all_cards
from quiz.revision.deck import Deck, Mark, packed, unpacked

CARDS = tuple(
    Card(f"c{k}", "term" if k % 2 else "formula", "bptt" if k < 3 else "forward", "front", "back") for k in range(6)
)


def gone_through(deck: Deck, marks: list[Mark]) -> Deck:
    """The deck after some answers."""
    for mark in marks:
        deck = deck.mark(mark)
    return deck


def test_order_is_a_shuffle_that_its_seed_gives_again() -> None:
    """Every chosen card once; the same seed, the same order; another seed, another order."""
    assert sorted(Deck(CARDS, seed=3).order) == [card.id for card in CARDS]
    assert Deck(CARDS, seed=3).order == Deck(CARDS, seed=3).order
    assert len({Deck(CARDS, seed=seed).order for seed in range(20)}) > 10


def test_kind_and_lesson_choose_the_cards() -> None:
    """Only cards of that kind and lesson are gone through; where there are none, none is on top."""
    assert set(Deck(CARDS, kind="term", lesson="bptt").order) == {"c1"}
    assert set(Deck(CARDS, lesson="forward").order) == {"c3", "c4", "c5"}
    assert Deck(CARDS, lesson="gates").begun().card is None
    assert Deck(CARDS, lesson="gates").move(1).at == ""


def test_known_cards_leave_and_the_others_come_round() -> None:
    """After a round with one "again", that card alone is left; once known, none is."""
    deck = gone_through(Deck(CARDS).begun(), ["known", "again", "known", "known", "known", "known"])
    assert deck.at == Deck(CARDS).order[1]
    assert (deck.count("known"), deck.count("again")) == (5, 1)
    assert deck.move(1).at == deck.move(-1).at == deck.at
    done = deck.mark("known")
    assert done.card is None
    assert done.mark("again") == done.turn() == done


def test_next_and_back_undo_each_other_and_show_the_front() -> None:
    """Going on and back leads to the same card, its front up; past the last comes the first."""
    deck = Deck(CARDS).begun().turn()
    assert deck.turned
    assert deck.move(1).move(-1) == deck.turn()
    assert deck.move(-1).at == deck.order[-1]


def test_marks_outlive_another_choice_and_starting_over_takes_them_back() -> None:
    """Marks belong to cards: a filter keeps them, and only those gone through are forgotten."""
    deck = gone_through(Deck(CARDS).begun(), ["known"] * 6)
    other = Deck(CARDS, kind="term", marks=deck.marks).begun()
    assert other.card is None
    fresh = other.fresh()
    assert fresh.card is not None
    assert set(fresh.marks) == {"c0", "c2", "c4"}


@given(st.dictionaries(st.sampled_from([card.id for card in CARDS]), st.sampled_from(["known", "again"])))
def test_marks_survive_the_address(marks: dict[str, Mark]) -> None:
    """What is packed is unpacked again, in letters that need no escaping."""
    text = packed(Deck(CARDS, marks=marks))
    assert dict(unpacked(text, CARDS)) == marks
    assert text.replace("-", "").replace("_", "").isalnum() or text == ""


@given(st.text(max_size=40))
def test_nonsense_in_the_address_is_no_error(text: str) -> None:
    """Any text gives marks of known cards, or none."""
    assert set(unpacked(text, CARDS)) <= {card.id for card in CARDS}


@pytest.mark.parametrize("text", ["?", "AAAA__8=", "_" * 200])
def test_marks_of_more_cards_than_there_are_count_for_nothing(text: str) -> None:
    """A link from another set of cards starts afresh."""
    assert not unpacked(text, CARDS)


def test_all_marks_fit_into_a_link() -> None:
    """With every card marked, the packed text stays within the setting's limit."""
    cards = all_cards()
    assert len(packed(Deck(cards, marks={card.id: "again" for card in cards}))) <= 200
