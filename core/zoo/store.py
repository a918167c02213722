"""Trained models as files: one `.npz` a model, and a manifest that says what each is and how well it does."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from core import model, tasks
from core.errors import InputError
from core.model import Model
from core.task import Task
from core.zoo.cards import Card, from_json
from core.zoo.recipes import RECIPES, Recipe, fresh

__all__ = ["MANIFEST", "MODELS", "Trained", "load", "names", "to_bytes"]

MODELS = Path(__file__).parent / "models"
MANIFEST = "manifest.json"


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained model.

    Attributes:
        name: Such as "language-lstm".
        model: Its weights, float64, for this caller alone.
        recipe: How it was trained.
        accuracy: Stated share of right answers by gap, 0 to 1.
        card: What the same recipe reaches from other seeds.
    """

    name: str
    model: Model
    recipe: Recipe
    accuracy: Mapping[int, float]
    card: Card

    @property
    def title(self) -> str:
        """Title of its task."""
        return tasks.TASKS[self.recipe.task].title

    def task(self, gap: int) -> Task:
        """Its task at a gap.

        Raises:
            InputError: A gap out of the task's bounds.
        """
        return tasks.at(self.recipe.task, gap)

    def fresh(self) -> Model:
        """The model as it was before training."""
        return fresh(self.recipe)


def names() -> tuple[str, ...]:
    """Every model there is: the task's name, the cell, and what sets it apart from the plain recipe."""
    return tuple(RECIPES)


def load(name: str) -> Trained:
    """Read a model.

    Raises:
        InputError: No model has this name.
    """
    if name not in RECIPES:
        raise InputError(f"name: no trained model is called {name!r}. Choose one of {', '.join(RECIPES)}.")
    recipe = RECIPES[name]
    with np.load(MODELS / f"{name}.npz", allow_pickle=False) as stored:
        weights = {key: stored[key].astype(np.float64) for key in stored.files}
    stated = json.loads((MODELS / MANIFEST).read_text(encoding="utf-8"))[name]
    by_gap = MappingProxyType({int(gap): float(share) for gap, share in stated["accuracy"].items()})
    shown = model.with_parameters(fresh(recipe), weights)
    return Trained(name, shown, recipe, by_gap, from_json(stated["card"]))


def to_bytes(shown: Model) -> bytes:
    """A model as the bytes of its file: float32, not compressed, no date."""
    out = io.BytesIO()
    weights = {name: array.astype(np.float32) for name, array in model.parameters(shown).items()}
    np.savez(out, allow_pickle=False, **weights)
    return out.getvalue()
