"""The cards of the trained models: what they state is measured, and what the models are said to show they show."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from core import model, zoo
from core.lstm import LSTMParams
from core.override import Override, forward_with
from core.sentences import ContextSwitch
from core.text import one_hot
from core.zoo import cards
from core.zoo.recipes import RECIPES, TESTED, accuracy
from core.zoo.store import MANIFEST, MODELS

SMALL = "context-switch-lstm-small"
ON_THE_PAGE = ("Krish", "Yann")


@pytest.mark.parametrize("name", zoo.names())
def test_card_states_the_recipe_from_enough_seeds(name: str) -> None:
    """Every card has at least six seeds, the shipped one among them, and each one's accuracy at every stated gap."""
    found = zoo.load(name)
    assert found.card.shipped == found.recipe.seed
    assert len(found.card.seeds) >= 6
    assert found.card.tested == TESTED
    for gap in found.recipe.gaps:
        assert len(found.card.accuracy[gap]) == len(found.card.seeds)
        assert found.card.accuracy[gap][found.card.place] == found.accuracy[gap]
    assert found.recipe.shows


@pytest.mark.parametrize("name", zoo.names())
def test_manifest_has_the_recipe_that_is_in_the_code(name: str) -> None:
    """What stands beside the card is the recipe it was made by."""
    kept = json.loads((MODELS / MANIFEST).read_text(encoding="utf-8"))[name]
    recipe = json.loads(json.dumps(asdict(RECIPES[name])))
    assert {key: kept[key] for key in recipe} == recipe


def test_card_is_made_again_by_training() -> None:
    """A short recipe from two seeds: each number is that of the model it belongs to, and survives the manifest."""
    recipe = replace(RECIPES[SMALL], steps=20, seed=1, gaps=(0, 3), most_gap=3)
    card, made = cards.card(recipe, seeds=(0, 1))
    other, _ = cards.card(replace(recipe, seed=0), seeds=())
    assert (card.seeds, card.shipped, other.seeds) == ((0, 1), 1, (0,))
    assert {gap: shares[1] for gap, shares in card.accuracy.items()} == accuracy(made, recipe)
    assert {gap: shares[0] for gap, shares in card.accuracy.items()} == {g: s[0] for g, s in other.accuracy.items()}
    assert card.switches == (other.switches[0], cards.switch(made))
    assert cards.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_what_a_card_sums_up_is_counted_over_its_seeds() -> None:
    """Learned seeds, spread, turned pairs and seeds of a card written by hand."""
    card = cards.Card(
        seeds=(0, 1, 2), shipped=1, tested=200, accuracy={5: (0.4, 0.99, 1.0)}, gate_gap=5,
        gates={"f": (0.5, 0.9, 0.7)},
        switches=(
            cards.Switch(0.1, 3, ()), cards.Switch(0.2, 4, (ON_THE_PAGE,)), cards.Switch(0.3, 5, (("Maya", "Lena"),)),
        ),
    )  # fmt: skip
    assert card.solved(5) == (2, 3)
    assert card.middle(5) == (0.4, 0.99, 1.0)
    assert card.right(5) == (198, 200)
    assert card.mean("f") == (0.9, 0.5, 0.9)
    assert (card.turning(), card.turning(ON_THE_PAGE), card.turned_pairs) == ((2, 3), (1, 3), (2, 36))


def test_a_pair_turns_only_from_the_second_name_to_the_first() -> None:
    """Each turned pair of the small network is one whose answer, run by hand, goes from second name to first."""
    found = zoo.load(SMALL)
    assert isinstance(found.model.cell, LSTMParams)
    for first, second in zoo.PAIRS:
        x = one_hot(ContextSwitch.text(first, second, 4), ContextSwitch.vocabulary)
        plain = ContextSwitch.classes[int(model.run(found.model, x).logits[-1, 0].argmax())]
        h = forward_with(found.model.cell, x, [Override("f", 1.0, 9, 9)]).h[-1, 0]
        held = ContextSwitch.classes[int((h @ found.model.W_y + found.model.b_y).argmax())]
        assert ((plain, held) == (second, first)) == ((first, second) in cards.switch(found.model).turned)


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.task == "context-switch"])
def test_card_still_holds_for_the_shipped_model(name: str) -> None:
    """What the card states of gates and of the second name is what the stored weights do."""
    found = zoo.load(name)
    assert bool(found.card.switches) == (found.recipe.cell == "lstm")
    if found.card.switches:
        assert found.card.switches[found.card.place] == cards.switch(found.model)
        batch = found.task(found.card.gate_gap).sample(np.random.default_rng(5), 200)
        f = model.run(found.model, batch.x).cell.f.mean()  # type: ignore[union-attr]
        assert f == pytest.approx(found.card.mean("f")[0], abs=0.02)


def test_small_cell_is_the_first_seed_with_the_property() -> None:
    """It was picked by a rule, the first seed that learned the task and whose answer turns; all others have seed 0."""
    card = zoo.load(SMALL).card
    trained = [gap for gap in card.accuracy if gap <= RECIPES[SMALL].most_gap]
    fit = [
        seed
        for at, seed in enumerate(card.seeds)
        if all(card.accuracy[gap][at] >= cards.SOLVED for gap in trained) and ON_THE_PAGE in card.switches[at].turned
    ]
    assert card.shipped == fit[0]
    others = [name for name, recipe in RECIPES.items() if name != SMALL]
    assert all(RECIPES[name].seed == 0 for name in others)


def test_models_show_what_their_cards_say() -> None:
    """Each thing a model is said to be good for, by its card's numbers."""
    card = {name: zoo.load(name).card for name in zoo.names()}
    chance = ContextSwitch.chance
    assert card["language-rnn"].right(0).value < 0.6
    for keeps in ("language-lstm", "language-rnn-orthogonal", "pronoun-rnn", "pronoun-lstm"):
        assert min(card[keeps].right(gap).value for gap in card[keeps].accuracy) > 0.99
    assert all(abs(card["context-switch-rnn"].right(gap).value - chance) < 0.05 for gap in (0, 5, 10, 20))
    assert card["context-switch-rnn-orthogonal"].right(20).value > 0.99
    assert 0 < card["context-switch-rnn-orthogonal"].solved(20).hits < 10
    assert card["context-switch-rnn-slow"].right(20).value < 0.9
    assert 0 < card["pronoun-rnn"].solved(20).hits < 10
    assert card["context-switch-lstm"].mean("f")[2] < 0.85
    assert card["context-switch-lstm-bias5"].mean("f")[1] > 0.9
    small = card[SMALL].switches[card[SMALL].place]
    assert card[SMALL].mean("f")[0] > 0.9
    assert small.f < 0.6


def test_start_alone_tells_the_two_rnns_apart() -> None:
    """The two recipes differ in nothing else, and the orthogonal start learns the two subjects from more seeds."""
    plain, orthogonal = (RECIPES[f"context-switch-rnn-{name}"] for name in ("slow", "orthogonal"))
    assert replace(plain, scheme="orthogonal", shows=orthogonal.shows) == orthogonal
    shares = [zoo.load(f"context-switch-rnn-{name}").card.solved(20) for name in ("orthogonal", "slow")]
    assert shares[0].hits > shares[1].hits
