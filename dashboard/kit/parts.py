"""Parts of a page that run alone: a change runs the parts that show it, and nothing else of the page.

A page draws each part with `part`. A control whose change counts takes `changed` as its callback. Where no other part
shows something else by then, the part it stands in runs alone, as Streamlit has it; where others do, they run with it.
What a part draws into a container of the page around it belongs to it all the same; that must be drawn in each whole
run too, so what opens such a container runs the whole page.

    def figure() -> None:
        st.slider("Hidden size", 1, 64, key="H", on_change=parts.changed())

    def equations() -> None:
        with st.expander("Equations", key="equations", on_change="rerun") as section:
            if section.open:
                ...

    parts.part("figure", figure, what="The figure")
    parts.part("equations", equations, shows=lambda: st.session_state.get("equations") and settings(), what="…")
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.kit import boundary

PARTS = "parts"
"""In the session: name of each part of the page that is open, to what it says it shows, or None, and what that was."""


DRAWN = "parts.drawn"
"""In the session: name of the part that is being drawn."""


def begin() -> None:
    """Forget the parts of the page before; at the beginning of every whole run."""
    st.session_state[PARTS] = {}
    st.session_state[DRAWN] = None


def part(
    name: str,
    draw: Callable[[], object],
    *,
    shows: Callable[[], object] | None = None,
    what: str,
    ways: boundary.Ways = MappingProxyType({}),
    tall: bool = False,
) -> None:
    """Draw a part of the page, here and again by itself whenever a change concerns it.

    Args:
        name: Its identity.
        draw: Draws it; reads what the page is set to anew each time.
        shows: What it depends on, made anew after each change: when that is no longer what it was when the part was
            drawn, the part runs. None is for a part that every change concerns.
        what: What it is called where it fails; see `boundary.part`.
        ways: What helps then.
        tall: Whether it keeps the height of a window then.
    """

    @st.fragment(key=name)
    def drawn() -> None:
        st.session_state[DRAWN] = name
        _known()[name] = shows, object()  # until it is drawn it shows nothing that a change could leave as it is
        with boundary.part(what, ways, key=name, tall=tall):
            draw()
            _known()[name] = shows, shows() if shows is not None else None
        st.session_state[DRAWN] = None

    drawn()


def changed(
    callback: Callable[..., object] = lambda: None,
    what: str | Callable[[], str] = "",
    tell: Callable[[str], object] | None = None,
) -> Callable[..., None]:
    """A callback for a control: does what is asked for; then the parts run that show something else by now.

    Args:
        callback: What else the change does.
        what: What it is given where it may fail, see `boundary.caught`.
        tell: Where to say what failed, likewise.
    """
    own = st.session_state.get(DRAWN)

    def follow(*args: object, **kwargs: object) -> None:
        callback(*args, **kwargs)
        known = _known()
        others = [n for n, (shows, was) in known.items() if n != own and (shows is None or shows() != was)]
        if others:  # only then: asking for a run ends the one that has begun, and costs its messages
            st.rerun(scope=[*others, own] if own in known else others)

    return boundary.caught(follow, what, tell)


def alone() -> bool:
    """Whether this run draws some parts alone, and not the whole page."""
    run = get_script_run_ctx()
    return run is not None and bool(run.fragment_ids_this_run)


def _known() -> dict[str, tuple[Callable[[], object] | None, object]]:
    known: dict[str, tuple[Callable[[], object] | None, object]] = st.session_state.setdefault(PARTS, {})
    return known
