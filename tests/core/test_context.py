"""What a network still holds of one word: distances between texts that differ in it."""

from __future__ import annotations

import numpy as np
import pytest

from core import model, zoo
from core.context import answers, holders, shares, spread
from core.sentences import ContextSwitch
from core.text import one_hot


def test_spread_is_the_root_mean_square_distance() -> None:
    """Of two states at a distance of 2 each lies 1 from the mean; equal states have none."""
    states = np.zeros((2, 2, 3))
    states[1, 1] = [0.0, 2.0, 0.0]
    assert spread(states) == pytest.approx([0.0, 1.0])


def test_shares_are_parts_of_one() -> None:
    """A unit that differs twice as far has four times the part; with no difference at all every part is 0."""
    assert shares(np.array([[0.0, 0.0, 5.0], [2.0, 1.0, 5.0]])) == pytest.approx([0.8, 0.2, 0.0])
    assert not shares(np.ones((3, 4))).any()


@pytest.mark.parametrize(("part", "units"), [(0.5, [2]), (0.6, [2, 0]), (0.8, [2, 0]), (0.81, [2, 0, 3])])
def test_holders_are_the_fewest_units_that_reach_the_part(part: float, units: list[int]) -> None:
    """The largest share first, and no unit more than needed."""
    assert holders(np.array([0.3, 0.05, 0.5, 0.15]), part).tolist() == units


@pytest.mark.parametrize("part", [0.0, -0.1, 1.1])
def test_a_part_that_is_none_is_refused(part: float) -> None:
    """The message says what was expected."""
    with pytest.raises(ValueError, match="expected a share above 0"):
        holders(np.array([0.5, 0.5]), part)


def test_answers_end_with_the_networks_own() -> None:
    """The last of the answers after each word is what the many-to-one network says; all are probabilities."""
    found = zoo.load("context-switch-lstm").model
    x = one_hot(["Krish", "likes", "pizza", ".", "Yann", "likes", "CNN", "."], ContextSwitch.vocabulary)
    said = answers(found, x)
    assert said.shape == (8, 1, 4)
    assert said[-1] == pytest.approx(model.run(found, x).y_hat[0])
    assert said.sum(axis=-1) == pytest.approx(np.ones((8, 1)))
