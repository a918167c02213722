"""A model's card in words: its numbers are the card's, and its sentences turn with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import zoo
from dashboard.figure.rows import percent
from dashboard.kit import model_card


@pytest.mark.parametrize("name", zoo.names())
def test_every_model_has_a_card_with_its_numbers(name: str) -> None:
    """Recipe, accuracy at every gap with its interval, seeds, gates of an LSTM and what happens at a second name."""
    found = zoo.load(name)
    words, card = model_card.whole(found), found.card
    assert words.startswith(f"**{name}**")
    assert found.recipe.shows in words
    assert f"seed {found.recipe.seed}: {found.recipe.picked}" in words
    for gap in card.accuracy:
        right, solved = card.right(gap), card.solved(gap)
        assert f"| {gap} | {percent(right.value)} ({percent(right.interval[0])}" in words
        assert f"{solved} ({percent(solved.interval[0])}" in words
    assert ("Mean gates" in words) == (found.recipe.cell == "lstm")
    assert ("At the second name" in words) == bool(card.switches)
    assert percent(card.right(found.recipe.most_gap).value) in model_card.line(found)


def test_the_line_turns_with_the_card() -> None:
    """A network whose answer does not turn back says so, and in how many seeds it does."""
    found = zoo.load("context-switch-lstm-small")
    assert "holding f = 1 at “Yann” brings Krish back; it does in 6 of 10 seeds" in model_card.line(found)
    at = next(k for k, switch in enumerate(found.card.switches) if zoo.PAIRS[0] not in switch.turned)
    other = replace(found, card=replace(found.card, shipped=found.card.seeds[at]))
    assert "holding f = 1 at “Yann” does not bring Krish back; it does in 6 of 10 seeds" in model_card.line(other)
    assert "Yann" not in model_card.line(zoo.load("language-lstm"))
