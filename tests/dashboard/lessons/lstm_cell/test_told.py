"""The runs behind the beats: each is `core`'s own, and what they show of held gates is what the card counts."""

from __future__ import annotations

import numpy as np
import pytest

from core import lstm, zoo
from core.override import Override, forward_with
from core.sentences import ContextSwitch
from core.text import one_hot
from dashboard.lessons.lstm_cell.compute import trained
from dashboard.lessons.lstm_cell.told import ALWAYS, COMPUTED, NAMES, told

KRISH = told("Krish", "Yann")
OVERRIDES = {
    "1--": [Override("f", 1.0, 9, 9)],
    "10-": [Override("f", 1.0, 9, 9), Override("i", 0.0, 9, 9)],
    "-5-": [Override("i", 0.5, 9, 9)],
    "--0": [Override("o", 0.0, 9, 9)],
    ALWAYS: [Override("f", 1.0)],
}


@pytest.mark.parametrize("name", OVERRIDES)
def test_a_run_is_named_by_what_it_holds(name: str) -> None:
    """The letters are what f, i and o are held at where the second name comes; "all" holds f at every word."""
    x = one_hot(KRISH.words, ContextSwitch.vocabulary)
    expected = forward_with(KRISH.params, x, OVERRIDES[name])
    for part in ("h", "c", "gates", "tanh_c"):
        np.testing.assert_allclose(getattr(KRISH.runs[name].trace, part), getattr(expected, part), atol=1e-12)


def test_every_choice_beside_the_cell_has_its_run() -> None:
    """F and i together in any way, o alone, and f at every word."""
    assert len(set(NAMES)) == len(NAMES) == 4 * 4 + 3 + 1
    assert set(KRISH.runs) == set(NAMES)


@pytest.mark.parametrize("pair", zoo.PAIRS)
def test_the_second_name_stands_where_gates_are_held(pair: tuple[str, str]) -> None:
    """The text is the task's; as computed the network answers with the second name, whoever it is."""
    found = told(*pair)
    assert (found.words[0], found.words[found.at - 1]) == pair
    x = one_hot(found.words, ContextSwitch.vocabulary)
    np.testing.assert_array_equal(found.computed.trace.h, lstm.forward(found.params, x).h)
    assert found.computed.named == found.second
    assert found.runs[COMPUTED] is found.computed


def test_the_names_that_come_back_are_those_the_card_counts() -> None:
    """What the beat shows and what is said of how usual it is are one thing."""
    card = trained().card
    turned = {pair for pair in zoo.PAIRS if told(*pair).runs["1--"].named == pair[0]}
    assert turned == set(card.switches[card.place].turned)


def test_the_followed_unit_lets_go_of_most() -> None:
    """Its share of what it held falls most at the second name; it changes sides only where it truly does."""
    f, c = KRISH.computed.trace.f[8, 0], KRISH.computed.trace.c[8, 0]
    assert KRISH.follow == int(np.argmax((1 - f) * np.abs(c)))
    assert KRISH.sides == ("Krish", "Yann")
    assert told("Lena", "Krish").sides is None
