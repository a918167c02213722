"""The networks on the Inspector's screen, handed to another page of the session: a link can't hold their weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.model import Model
from dashboard.kit.run.compute import Sequence
from dashboard.kit.run.settings import Settings

_KEY = "handed.networks"


@dataclass(frozen=True, eq=False)
class Handed:
    """What is handed on.

    Attributes:
        query: The link that leads to it, as its parameters.
        settings: All of them; the link may be too short for a long sequence.
        sequence: What the networks read.
        models: The networks by kind, as they are on the screen: drawn, trained or brought.
    """

    query: Mapping[str, str]
    settings: Settings
    sequence: Sequence
    models: Mapping[str, Model]


def hand(given: Handed) -> None:
    """Keep it for the page that its link leads to; one at a time."""
    st.session_state[_KEY] = given


def taken(query: Mapping[str, str]) -> Handed | None:
    """What this session handed on with that link, None for a link from elsewhere."""
    found: Handed | None = st.session_state.get(_KEY)
    return found if found is not None and dict(found.query) == dict(query) else None
