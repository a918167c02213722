"""The drawing that the beats drive: the run's arrays, the parts and what nudging measures, and what is stored."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from core import paths, zoo
from dashboard.lessons.gates import checked, drawing, shares
from dashboard.lessons.gates.drawing import AT, LETTERS, OTHER, SMALL, WORDS


def unpacked(packed: Any) -> np.ndarray:
    """An array as it travels."""
    return np.frombuffer(base64.b64decode(packed["b64"]), f"<{packed['dtype']}").reshape(packed["shape"])


def test_the_panel_holds_the_runs_arrays() -> None:
    """Every map, every part, and the other networks; as JSON without a number that is not finite."""
    panel = drawing.drawn()
    json.dumps(panel, allow_nan=False)
    small, other = drawing.trained(SMALL), drawing.trained(OTHER)
    for letter in LETTERS:
        values = drawing.values(small, letter)
        assert unpacked(panel["network"]["maps"][letter]) == pytest.approx(values, abs=1e-6)
        limit = panel["network"]["limit"].get(letter, 1)
        assert np.abs(values).max() <= limit
    assert unpacked(panel["network"]["same"]) == pytest.approx(small.same, abs=1e-6)
    assert unpacked(panel["network"]["together"]) == pytest.approx(small.together, abs=1e-6)
    assert unpacked(panel["other"]["together"]) == pytest.approx(other.together, abs=1e-6)
    assert unpacked(panel["explode"]["f"]).shape == (len(drawing.GAINS), len(WORDS), panel["explode"]["H"])


def test_nudges_measure_the_sum_of_the_parts() -> None:
    """Entry by entry to 1e-11, and the product of Jacobians to 1e-14; with h held it lacks the second part."""
    small = drawing.trained(SMALL)
    whole = paths.total(small.paths)[1:]
    assert drawing.measured() == pytest.approx(whole, abs=1e-11)
    moved, held = drawing.by_jacobians()
    assert moved == pytest.approx(whole, abs=1e-14)
    assert held == pytest.approx(whole - small.paths.through_h[1:], abs=1e-14)
    said = checked.sentences()
    assert f"{held[AT - 1, 0, 0]:.2f}" in said
    assert f"{whole[AT - 1, 0, 0]:.2f}" in said


def test_what_is_stored_of_many_networks_is_measured_on_those_that_ship() -> None:
    """Three of them are in the zoo: each is measured again, to the digits that are stored."""
    kept = {(each.bias, each.H, each.seed): each for each in shares.stored()}
    assert len(kept) == len(shares.RECIPES) * len(shares.SIZES) * len(shares.SEEDS)
    for name in (SMALL, OTHER, "context-switch-lstm-bias5"):
        shipped = zoo.load(name)
        recipe = shipped.recipe
        again = shares.measured(shipped.model, recipe.forget_bias, recipe.seed)
        found = kept[recipe.forget_bias, recipe.H, recipe.seed]
        assert (again.answers, again.mean) == (found.answers, found.mean)
        assert (again.alone, again.whole) == pytest.approx((found.alone, found.whole), rel=1e-5)


def test_the_networks_of_the_shares_are_trained_by_the_zoos_recipes() -> None:
    """All of one recipe but for size, seed and bias; the small one that ships is among them."""
    recipes = list(shares.recipes())
    assert len({(recipe.task, recipe.steps, recipe.lr, recipe.most_gap, recipe.batch) for recipe in recipes}) == 1
    small = zoo.RECIPES[SMALL]
    same = [each for each in recipes if (each.H, each.seed, each.forget_bias) == (small.H, small.seed, 5.0)]
    assert len(same) == 1
    assert (same[0].lr, same[0].steps, same[0].most_gap) == (small.lr, small.steps, small.most_gap)


def test_the_inspector_opens_the_text_and_the_small_network() -> None:
    """By its name, so that its very states are there."""
    there = drawing.in_the_inspector()
    assert there.text.split() == list(WORDS)
    assert there.trained == (SMALL,)
