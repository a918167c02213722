"""The predictions that the small network on the screen allows. Nothing here knows Streamlit."""

from __future__ import annotations

from functools import lru_cache

from core.errors import InputError
from dashboard.kit.network.compute import small
from dashboard.kit.run.settings import Settings
from quiz.lessons.forward import guesses
from quiz.schema import Exact


@lru_cache(maxsize=256)
def prediction(name: str, settings: Settings) -> Exact | None:
    """One prediction by the last part of its id; None where the network allows none, or cannot be run.

    Args:
        name: "state", "number", "reach" or "output".
        settings: What the network is set to.
    """
    try:
        shown = small(settings)
    except InputError:  # said in place of the figure
        return None
    return guesses.question(name, shown.model, shown.trace)
