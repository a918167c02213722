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

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.kit import boundary

PARTS = "parts"
"""In the session: name of each part of the page that is open, to what is known of it."""

DRAWN = "parts.drawn"
"""In the session: name of the part that is being drawn."""


@dataclass(frozen=True)
class Known:
    """A part as it was drawn last.

    Attributes:
        shows: What it says it shows; None for a part that every change concerns.
        was: What that was.
        within: The part around it, if there is one.
    """

    shows: Callable[[], object] | None
    was: object
    within: str | None

    def stands(self) -> bool:
        """Whether it still shows what it showed."""
        return self.shows is not None and self.shows() == self.was


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

    A part may stand within another, which draws it anew when it runs.

    Args:
        name: Its identity.
        draw: Draws it; reads what the page is set to anew each time.
        shows: What it depends on, made anew after each change: when that is no longer what it was when the part was
            drawn, the part runs. None is for a part that every change concerns.
        what: What it is called where it fails; see `boundary.part`.
        ways: What helps then.
        tall: Whether it keeps the height of a window then.
    """
    within: str | None = st.session_state.get(DRAWN)

    @st.fragment(key=name)
    def drawn() -> None:
        st.session_state[DRAWN] = name
        known = _known()
        for inner in [n for n in known if name in _around(n, known)]:  # what is drawn within comes to be known again
            del known[inner]
        known[name] = Known(shows, object(), within)  # until it is drawn it shows nothing that a change could leave
        with boundary.part(what, ways, key=name, tall=tall):
            draw()
            known[name] = Known(shows, shows() if shows is not None else None, within)
        st.session_state[DRAWN] = within

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
    own: str | None = st.session_state.get(DRAWN)

    def follow(*args: object, **kwargs: object) -> None:
        callback(*args, **kwargs)
        known = _known()
        stale = [name for name, part in known.items() if not part.stands()]
        if any(name != own and own not in list(_around(name, known)) for name in stale):
            # Only then: the own part and those within it run as it is; asking for a run ends that one, at its cost.
            st.rerun(scope=[n for n in stale if not any(outer in stale for outer in _around(n, known))])

    return boundary.caught(follow, what, tell)


def alone() -> bool:
    """Whether this run draws some parts alone, and not the whole page."""
    run = get_script_run_ctx()
    return run is not None and bool(run.fragment_ids_this_run)


def _around(name: str, known: Mapping[str, Known]) -> Iterator[str]:
    """The parts around a part, from within."""
    while name in known and (outer := known[name].within) is not None:
        yield outer
        name = outer


def _known() -> dict[str, Known]:
    known: dict[str, Known] = st.session_state.setdefault(PARTS, {})
    return known
