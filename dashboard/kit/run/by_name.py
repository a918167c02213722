"""Trained networks by the names the zoo has them under: what they read, and what of the settings they decide.

Nothing here knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core import tasks, zoo
from core.errors import InputError
from core.model import Model
from core.sentences import SentenceTask
from core.text import Vocabulary
from dashboard.kit.run.settings import Settings


def task(names: Sequence[str]) -> type[SentenceTask]:
    """The task that networks were trained on; of the first, if they differ."""
    found = tasks.TASKS[zoo.RECIPES[names[0]].task]
    assert issubclass(found, SentenceTask)
    return found


def admitted(settings: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Settings from a link, made fit for the networks they name: one of each kind, all of one task, read by its words.

    A link that names a network and gives it nothing it can read has it read an example of its task.
    """
    if not settings.trained:
        return settings, ()
    problems: tuple[str, ...] = ()
    if not _alike(settings.trained):
        problems = ("The link names trained networks that cannot stand side by side; only the first is shown.",)
        settings = replace(settings, trained=settings.trained[:1])
    if settings.source == "numbers" or (settings.source == "text" and settings.text == Settings.text):
        settings = replace(settings, source="task")
    if settings.source == "task" and settings.task != task(settings.trained).name:
        settings = replace(settings, task=task(settings.trained).name, gap=-1)
    return settings, problems


def _alike(names: Sequence[str]) -> bool:
    recipes = [zoo.RECIPES[name] for name in names]
    kinds = [recipe.cell for recipe in recipes]
    return len({recipe.task for recipe in recipes}) == 1 and len(set(kinds)) == len(kinds)


def completed(settings: Settings) -> Settings:
    """The settings with the loss, the read-out and the outputs that the named networks were trained with.

    Raises:
        InputError: The networks do not fit each other, or read no such sequence.
    """
    if not settings.trained:
        return settings
    if not _alike(settings.trained):
        raise InputError(
            "These trained networks cannot stand side by side: take one alone, or an RNN and an LSTM of the same task."
        )
    own = task(settings.trained)
    if settings.source == "numbers" or (settings.source == "task" and settings.task != own.name):
        raise InputError(
            f"{' and '.join(settings.trained)} {'were' if len(settings.trained) > 1 else 'was'} trained on the task "
            f"“{own.title}”. Under Sequence, choose that task, or a sentence in its words."
        )
    return replace(settings, loss=own.loss, readout=own.readout, O=own.O)


def vocabulary(settings: Settings, words: Sequence[str]) -> Vocabulary:
    """The words that the named networks read.

    Raises:
        InputError: A word of the sentence is none of them.
    """
    known = task(settings.trained).vocabulary
    if unknown := [word for word in words if word not in known.words]:
        raise InputError(
            f"The trained network knows {len(known)} words, and not “{unknown[0]}”. Its words are: "
            f"{' '.join(known.words)}."
        )
    return known


def models(settings: Settings) -> Mapping[str, Model]:
    """The named networks, by kind."""
    return {zoo.RECIPES[name].cell: zoo.load(name).model for name in settings.trained}
