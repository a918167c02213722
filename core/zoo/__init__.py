"""Trained models that ship with the project: the chapter's three sentence tasks, each by an RNN and an LSTM.

    trained = load("language-lstm")
    trace = run(trained.model, trained.task(20).sample(rng, 1).x)

`recipes.RECIPES` says how each is trained; both cells of a task are trained in the same way on the same batches.
``python -m core.zoo`` makes them again, see `core.zoo.__main__`.
"""

from core.zoo.recipes import RECIPES, Recipe
from core.zoo.store import Trained, load, names

__all__ = ["RECIPES", "Recipe", "Trained", "load", "names"]
