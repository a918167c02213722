"""The trained models that ship: they do what they state, and their recipe makes them again."""

from __future__ import annotations

import numpy as np
import pytest

from core import model, zoo
from core.errors import InputError
from core.model import Model
from core.text import one_hot
from core.zoo import Recipe, recipes
from core.zoo.recipes import GRID, accuracy, fresh, trained
from core.zoo.store import MODELS, to_bytes


@pytest.mark.parametrize("name", zoo.names())
def test_model_still_reaches_its_stated_accuracy(name: str) -> None:
    """On fresh sequences, other than those of the statement, the share of right answers is within sampling error."""
    found = zoo.load(name)
    for gap, share in accuracy(found.model, found.recipe, seed=99, B=500).items():
        assert share == pytest.approx(found.accuracy[gap], abs=0.01 + 3 * (0.25 / 500) ** 0.5 * (share < 0.99))


@pytest.mark.slow
def test_recipe_makes_the_same_bytes() -> None:
    """The cheapest model trained anew is the file that ships, byte for byte."""
    name = "pronoun-rnn"
    assert to_bytes(trained(zoo.RECIPES[name])) == (MODELS / f"{name}.npz").read_bytes()


@pytest.mark.parametrize("name", zoo.names())
def test_stored_weights_are_the_trained_ones(name: str) -> None:
    """Single precision holds every weight of the grid exactly, so storing loses nothing."""
    for array in model.parameters(zoo.load(name).model).values():
        assert (array / GRID == np.round(array / GRID)).all()
        assert np.abs(array).max() < 16


@pytest.mark.deep
def test_recipe_does_not_depend_on_the_last_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference as small as that between two processors is gone after a step: any makes the same bytes."""

    def disturbed(recipe: Recipe) -> Model:
        drawn, rng = fresh(recipe), np.random.default_rng(0)
        noise = {k: v * (1 + 1e-15 * rng.standard_normal(v.shape)) for k, v in model.parameters(drawn).items()}
        return model.with_parameters(drawn, noise)

    monkeypatch.setattr(recipes, "fresh", disturbed)
    name = "pronoun-rnn"
    assert to_bytes(trained(zoo.RECIPES[name])) == (MODELS / f"{name}.npz").read_bytes()


def test_every_model_has_a_file_and_no_file_is_left_over() -> None:
    """The recipes and the stored files are the same set."""
    assert {path.stem for path in MODELS.glob("*.npz")} == set(zoo.names())


def test_names_in_links_stay() -> None:
    """Links and scripts hold these names: none of them goes."""
    first = {f"{task}-{cell}" for task in ("language", "pronoun", "context-switch") for cell in model.KINDS}
    assert first | {"language-rnn-orthogonal"} <= set(zoo.names())


def test_unknown_model_is_named() -> None:
    """A wrong name says which there are."""
    with pytest.raises(InputError, match="language-lstm"):
        zoo.load("language-gru")


def test_forget_gate_acts_where_the_subject_changes() -> None:
    """The trained LSTM keeps less of its cell at a new subject than where the text goes on about the same one."""
    found = zoo.load("context-switch-lstm")
    words = found.task(4).vocabulary  # type: ignore[attr-defined]
    kept = {}
    for second in ("Yann", "also"):
        text = f"Krish likes pizza . it was a warm {second} likes CNN . it was a warm we now speak of".split()
        trace = model.run(found.model, one_hot(text, words))
        kept[second] = trace.cell.f[8, 0].mean()  # type: ignore[union-attr]
        answer = found.task(4).classes[int(trace.logits[0, 0].argmax())]
        assert answer == {"Yann": "Yann", "also": "Krish"}[second]
    assert kept["Yann"] < kept["also"] - 0.15
