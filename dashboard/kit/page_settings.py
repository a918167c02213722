"""The settings of one page: widgets in, one frozen dataclass out, kept in step with the link.

The settings of a session live under one key of its state. Widgets are seeded from it, so a page change loses nothing;
the link is read when it differs from what this page wrote last (a new window, a pasted link, the back button).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

import streamlit as st

from dashboard.kit import rooms
from dashboard.kit.boundary import Ways
from dashboard.kit.link_settings import Linked, link_length
from dashboard.kit.parts import changed
from dashboard.kit.run.settings import MAX_LINK
from dashboard.kit.words import coloured, sections

HELP = "help.md"
BY_FIGURE = (
    "beat",
    "t",
    "word",
    "gates",
    "network",
    "entry",
    "window",
    "losses",
    "substep",
    "gate",
    "unit",
    "run",
    "tour",
    "kept",
    "brought",
)
"""Of the link: a figure, or a page for itself, writes them there; they ask for no other page."""
LATE = 1.0  # seconds
MOST_LATE = 20

S = TypeVar("S", bound=Linked)
Problems = tuple[str, ...]


@dataclass(frozen=True)
class PageSettings(Generic[S]):
    """Keeper of one page's settings; pages that share a name share their settings.

    Attributes:
        page: Prefix of all its keys in the session's state.
        base: The settings without a link; a link holds what differs from them.
        lists: Fields that their widget keeps as a list.
        droppable: Fields left out of an address that would be too long.
        controlled: Fields that a widget on the page controls; None where all may be. The others stand in the settings
            alone, which spares the session as many reads at every change.
    """

    page: str
    base: S
    lists: tuple[str, ...] = ()
    droppable: tuple[str, ...] = ()
    controlled: tuple[str, ...] | None = None

    def key(self, name: str) -> str:
        """The session-state key of one control."""
        return f"{self.page}.{name}"

    def setting(self, name: str, then: Callable[[], object] = lambda: None) -> dict[str, Any]:
        """The options of a setting's widget.

        They are its key, its help, that its value outlives being hidden or out of sight, and that the parts of the
        page that show it run when it changes.

        Args:
            name: The setting.
            then: What else is done then.
        """
        return {"key": self.key(name), "persist_state": "session", "on_change": changed(then)} | self.help(name)

    def help(self, name: str) -> dict[str, Any]:
        """What the room's `help.md` says of a control, as an option of its widget."""
        if self.page not in rooms.files(HELP):
            return {}
        found = sections(self.page, HELP).get(name.lower().replace("_", "-"))
        return {"help": coloured(found)} if found else {}

    def choice(
        self, label: str, name: str, names: Mapping[str, str], then: Callable[[], object] = lambda: None, **options: Any
    ) -> None:
        """Draw a setting with a few values, each by its name; see `setting`."""
        st.segmented_control(
            label, list(names), format_func=names.__getitem__, **self.setting(name, then), required=True, **options
        )

    def write(self, **values: Any) -> None:
        """Set controls from code, before they are drawn or in a callback."""
        for name, value in values.items():
            st.session_state[self.key(name)] = value

    def take(self, settings: S) -> None:
        """Set every control at once; in a callback."""
        self.write(settings=settings, **{name: self._widget(settings, name) for name in self._controlled})

    def change(self, by: Callable[[S], S]) -> None:
        """Set the controls that a change of the settings concerns, and no other; in a callback."""
        before = self.collect()
        after = by(before)
        names = [name for name in self._controlled if getattr(after, name) != getattr(before, name)]
        self.write(settings=after, **{name: self._widget(after, name) for name in names})

    def back(self, label: str = "Back to the defaults") -> Ways:
        """The way back from settings that cannot be shown, for `boundary.part`."""
        return {label: lambda: self.take(self.base)}

    def restore(self, *, alive: str, admit: Callable[[S], tuple[S, Problems]] | None = None) -> Problems:
        """Bring the widgets' state in step with the link or with the last settings of this session.

        Args:
            alive: Name of a control that this page always draws: while its state is there, the page never left.
            admit: What else happens to settings that come from a link, and what is wrong with them.

        Returns:
            A sentence for each part of the link that could not be used.
        """
        return self._restored(alive, admit)[1]

    def _restored(self, alive: str, admit: Callable[[S], tuple[S, Problems]] | None) -> tuple[S, Problems]:
        """The settings as the widgets stand after `restore`, and what that returns."""
        query = st.query_params.to_dict()
        problems: Problems = ()
        settings: S | None = st.session_state.get(self.key("settings"))
        if settings is None or self.is_another_link(query, alive=alive):
            own = {f.metadata["name"] for f in fields(self.base)}
            asked = {name: text for name, text in query.items() if name in own or name not in BY_FIGURE}
            settings, problems = self.base.updated(asked)
            if admit is not None:
                settings, more = admit(settings)
                problems += more
            self.take(settings)
        stand = self._stand()
        self.write(**{name: self._widget(settings, name) for name in self._controlled if name not in stand})
        return self._with(settings, stand), problems

    def restored(self, *, alive: str, admit: Callable[[S], tuple[S, Problems]] | None = None) -> tuple[S, Problems]:
        """The settings as the page opens, remembered and in its address, and what is wrong with its link.

        Args:
            alive: See `restore`.
            admit: See `restore`.
        """
        settings, problems = self._restored(alive, admit)
        self._remember(settings)
        self.publish(settings)
        return settings, problems

    def is_another_link(self, query: Mapping[str, str], *, alive: str) -> bool:
        """Whether the address asks for something else than this page wrote into it."""
        query = without_figure(query)
        late = time.monotonic() - LATE
        # A change that was on its way while this page wrote the address comes with the address as it was before.
        if query == st.session_state.get(self.key("query")) or (query, True) in [
            (replaced, when > late) for when, replaced in st.session_state.get(self.key("replaced"), ())
        ]:
            return False
        # The navigation leads here without a query and means the last settings. Where the controls are still alive the
        # page never left the screen, and the empty query is an older entry of the browser's history.
        return bool(query) or self.key(alive) in st.session_state

    @property
    def _controlled(self) -> tuple[str, ...]:
        return tuple(f.name for f in fields(self.base)) if self.controlled is None else self.controlled

    def _widget(self, settings: S, name: str) -> Any:
        """A setting in the form its widget keeps it."""
        value = getattr(settings, name)
        return list(value) if name in self.lists else value

    def _stand(self) -> dict[str, Any]:
        """The controls that have a value.

        A choice whose page was drawn twice before a slow browser came to it reports that nothing is chosen, since its
        value came with the first drawing alone. What was chosen last holds then, until `restore` says it again.
        """
        found = {name: st.session_state.get(self.key(name)) for name in self._controlled}
        return {name: value for name, value in found.items() if value is not None}

    def _with(self, settings: S, values: Mapping[str, Any]) -> S:
        """Some settings with other values; the same object where none is another."""
        own = {name: tuple(value) if name in self.lists else value for name, value in values.items()}

        def another(value: Any, was: Any) -> bool:
            return type(value) is not type(was) or value != was

        other = {name: value for name, value in own.items() if another(value, getattr(settings, name))}
        return replace(settings, **other) if other else settings

    def standing(self) -> S:
        """The settings as the widgets stand, or as they were last where they have none."""
        return self._with(st.session_state.get(self.key("settings"), self.base), self._stand())

    def collect(self, **changed: Any) -> S:
        """The settings as the widgets stand, but for some values, remembered for the session."""
        settings = self._with(self.standing(), changed)
        self._remember(settings)
        return settings

    def _remember(self, settings: S) -> None:
        if st.session_state.get(self.key("settings")) is not settings:
            self.write(settings=settings)

    def publish(self, settings: S) -> bool:
        """Put the settings into the address of the page, beside what the figure keeps there.

        Returns:
            False if they are too long for a link; the address then leaves out the droppable ones.
        """
        query = without_figure(settings.to_query(self.base))
        fits = link_length(query) <= MAX_LINK
        if not fits:
            long = {f.metadata["name"] for f in fields(settings) if f.name in self.droppable}
            query = {name: value for name, value in query.items() if name not in long}
        address = st.query_params.to_dict()
        before = without_figure(address)
        if query != before:
            recent = st.session_state.get(self.key("replaced"), ())[-MOST_LATE:]
            self.write(replaced=(*recent, (time.monotonic(), before)))
            st.query_params.from_dict(query | by_figure(address))
        self.write(query=query)
        return fits


def next_seed(seed: int) -> int:
    """The seed after one, among those that a link can hold."""
    return (seed + 1) % 1_000_000


def without_figure(query: Mapping[str, str]) -> dict[str, str]:
    """A query less what the figure keeps in it."""
    return {name: value for name, value in query.items() if name not in BY_FIGURE}


def by_figure(query: Mapping[str, str]) -> dict[str, str]:
    """Of a query what the figure keeps in it."""
    return {name: text for name, text in query.items() if name in BY_FIGURE}


def digest(*values: object) -> str:
    """A short name for some values, the same in every process: for the keys of widgets that belong to them."""
    return hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()
