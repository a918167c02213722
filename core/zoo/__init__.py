"""Trained models that ship with the project: the chapter's three sentence tasks, each by RNNs and LSTMs.

    trained = load("language-lstm")
    trace = run(trained.model, trained.task(20).sample(rng, 1).x)

`recipes.RECIPES` says how each is trained: by the plain recipe, in which both cells of a task read the same batches, or
by one that its name tells apart. ``trained.card`` says how usual it is over seeds, see `core.zoo.cards`.
``python -m core.zoo`` makes them again, see `core.zoo.__main__`.
"""

from core.zoo.cards import PAIRS, Card
from core.zoo.recipes import RECIPES, Recipe
from core.zoo.store import Trained, load, names

__all__ = ["PAIRS", "RECIPES", "Card", "Recipe", "Trained", "load", "names"]
