"""The boundary around every part of a page and every callback: what fails there is told, and all else stands.

Pages, fragments and callbacks catch no errors of their own accord where all they would do is to show them. What a
person can mend (`InputError`, `StoreError`) is told in its own words; anything else is a fault of ours: it is told in
plain words, and its traceback goes to the server's log. `st.stop` and `st.rerun` pass, for they are no errors.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.errors import FragmentHandledException

from core.errors import InputError
from dashboard.kit.words import escaped
from quiz.errors import StoreError

LOG = logging.getLogger(__name__)

Ways = Mapping[str, Callable[[], object]]
"""What helps after a failure: what a button says, and what it does."""

AGAIN: Ways = MappingProxyType({"Try again": lambda: None})
FAILED = (
    "failed. That is a fault of this program and nothing you did; the server's log has it. The rest works as before."
)
LONGEST = 1_500  # characters of an error that are shown; some quote what they were given


@contextmanager
def part(
    what: str,
    ways: Ways = MappingProxyType({}),
    *,
    key: str = "",
    tall: bool = False,
    beside: Callable[[], object] = lambda: None,
) -> Iterator[None]:
    """Hold what fails inside to this part of the page, and say it in its place.

    As a decorator it holds all of a function, which then gives None where it failed.

    Args:
        what: The part's name, as a sentence begins with it.
        ways: Buttons below what is said; after a fault of ours at least one to try again.
        key: Its identity where other parts of the page have the same name.
        tall: Whether what is said keeps the height of a window, so that what stood there leaves no jump.
        beside: Draws what else helps, such as a link, beside the buttons.
    """
    try:
        yield
    except FragmentHandledException:  # a fragment within, without a part of its own: it has been told
        return
    except Exception as problem:
        name = re.sub(r"\W+", "-", (key or what).casefold())
        ours = not isinstance(problem, InputError | StoreError)
        if ours:
            LOG.exception("%s failed", what)
        with st.container(key=f"{name}-problem" if tall else f"{name}-failed"):
            (st.error if ours or isinstance(problem, StoreError) else st.warning)(_told(what, problem))
            with st.container(horizontal=True, vertical_alignment="center"):
                for number, (label, way) in enumerate((ways or (AGAIN if ours else {})).items()):
                    st.button(label, on_click=caught(way), key=f"{name}-way-{number}")
                beside()


def caught(
    callback: Callable[..., object],
    what: str | Callable[[], str] = "",
    tell: Callable[[str], object] | None = None,
) -> Callable[..., None]:
    """A widget's callback that cannot take the page down: what fails in it is told, and the page is drawn as it was.

    Args:
        callback: The callback.
        what: What it is given, as a sentence begins with it; told with all that can be wrong with it.
        tell: Where to say what failed; by default in a note over the page that stays until it is closed.
    """

    @wraps(callback)
    def held(*args: Any, **kwargs: Any) -> None:
        try:
            callback(*args, **kwargs)
        except Exception as problem:
            name = what if isinstance(what, str) else what()
            if not isinstance(problem, InputError | StoreError):
                LOG.exception("%s failed", name or callback)
            (tell or _note)(_told(name or "That change", problem, named=bool(name)))

    return held


def notice(name: str) -> Callable[[str], None]:
    """A place on the page for what `caught` tells; `show_notice` draws it."""

    def tell(text: str) -> None:
        st.session_state[f"{name}-notice"] = text

    return tell


def show_notice(name: str) -> None:
    """Say what a callback found wrong, beneath the place where it was chosen, until the next change."""
    if found := st.session_state.pop(f"{name}-notice", None):
        st.warning(found)


def start_over() -> None:
    """Forget what the pages were set to, here and in the address; who is learning stays known."""
    for name in list(st.session_state):
        if not str(name).startswith(("quiz.visitor", "people.")):
            del st.session_state[name]
    st.query_params.clear()


def listed(problem: Exception) -> str:
    """What is wrong, as Markdown: one sentence, or a list of them."""
    sentences = _shortened(str(problem)).split("\n")
    return "\n".join(f"- {escaped(s)}" for s in sentences) if len(sentences) > 1 else escaped(sentences[0])


def _told(what: str, problem: Exception, *, named: bool = False) -> str:
    """What failed, as Markdown; an error that a person can mend speaks for itself, after its name if that is wanted."""
    if not isinstance(problem, InputError | StoreError):
        return f"**{escaped(what)}** {FAILED}"
    said = listed(problem)
    return said if not named else f"{escaped(what)}:\n\n{said}" if said.startswith("- ") else f"{escaped(what)}: {said}"


def _note(text: str) -> None:
    st.toast(text, duration="infinite")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
