"""The Inspector's controls: widgets in, one frozen `Settings` out, kept in step with the link.

The settings of a session live under one key of its state. Widgets are seeded from it, so a page change loses nothing;
the link is read when it differs from what this page wrote last (a new window, a pasted link, the back button).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any, TypeVar

import streamlit as st

from core.errors import InputError
from core.model import Model
from dashboard import compute
from dashboard.compute import Inspection, Sequence
from dashboard.settings import MAX_LINK, PANELS, Settings
from dashboard.words import escaped

PAGE = "inspector"
STEP = "t"  # of the link: the figure writes it there by itself, so it is no sign of another link
LATE = 1.0  # seconds
MOST_LATE = 20

Made = TypeVar("Made")


def key(name: str) -> str:
    """The session-state key of one control."""
    return f"{PAGE}.{name}"


def setting(name: str) -> dict[str, Any]:
    """The options of a setting's widget: its key, and that its value outlives being hidden and a change of page."""
    return {"key": key(name), "persist_state": "session"}


def choice(label: str, name: str, names: Mapping[str, str], **options: Any) -> None:
    """Draw a setting with a few values, each by its name."""
    st.segmented_control(label, list(names), format_func=names.__getitem__, **setting(name), required=True, **options)


def restore() -> tuple[str, ...]:
    """Bring the widgets' state in step with the link or with the last settings of this session.

    Returns:
        A sentence for each part of the link that could not be used.
    """
    query = st.query_params.to_dict()
    problems: tuple[str, ...] = ()
    settings = st.session_state.get(key("settings"))
    if settings is None or _is_another_link(query):
        settings, problems = Settings.from_query(query)
        low, high, own = compute.gaps(settings.task)
        if settings.gap != -1 and not low <= settings.gap <= high:
            name = compute.distance_of(settings.task)
            problems += (f"The link sets gap to {settings.gap}; expected {low} to {high}. Used instead: {name} {own}.",)
            settings = replace(settings, gap=-1)
        st.session_state.pop(key("own"), None)  # a link describes the seed's weights
        write(**{f.name: _widget(settings, f.name) for f in fields(Settings)}, replay=settings.steps > 0)
    for f in fields(Settings):
        st.session_state.setdefault(key(f.name), _widget(settings, f.name))
    return problems


def _is_another_link(query: dict[str, str]) -> bool:
    """Whether the address asks for something else than this page wrote into it."""
    query = _stepless(query)
    late = time.monotonic() - LATE
    # A change that was on its way while this page wrote the address comes with the address as it was before.
    if query == st.session_state.get(key("query")) or (query, True) in [
        (replaced, when > late) for when, replaced in st.session_state.get(key("replaced"), ())
    ]:
        return False
    # The navigation leads here without a query and means the last settings. Where the controls are still alive the page
    # never left the screen, and the empty query is an older entry of the browser's history.
    return bool(query) or key("field-Sequence") in st.session_state


def _stepless(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name != STEP}


def _widget(settings: Settings, name: str) -> Any:
    """A setting in the form its widget keeps it: several chosen panels are a list."""
    value = getattr(settings, name)
    return list(value) if name == "show" else value


def write(**values: Any) -> None:
    """Set controls from code, before they are drawn or in a callback."""
    for name, value in values.items():
        st.session_state[key(name)] = value


def collect() -> Settings:
    """The settings as the widgets stand, remembered for the session."""
    values = {f.name: st.session_state[key(f.name)] for f in fields(Settings)}
    values["show"] = tuple(name for name in PANELS if name in values["show"])
    low, high, own = compute.gaps(values["task"])
    if values["gap"] == own or not low <= values["gap"] <= high:
        values["gap"] = -1  # the task's own, which a link need not say
    settings = Settings(**values)
    st.session_state[key("settings")] = settings
    return settings


def publish(settings: Settings) -> bool:
    """Put the settings into the address of the page, beside the step that the figure keeps there.

    Returns:
        False if they are too long for a link; the address then leaves out the typed sequence and hand-set weights.
    """
    query = _stepless(settings.to_query())
    fits = sum(len(name) + len(value) for name, value in query.items()) <= MAX_LINK
    if not fits:
        query = {name: value for name, value in query.items() if name not in ("text", "numbers", "w", "y")}
    before = _stepless(st.query_params.to_dict())
    if query != before:
        recent = st.session_state.get(key("replaced"), ())[-MOST_LATE:]
        write(replaced=(*recent, (time.monotonic(), before)))
        st.query_params.from_dict(query | step())
    st.session_state[key("query")] = query
    return fits


def step() -> dict[str, str]:
    """The chosen step as the address has it; empty if it has none."""
    return {STEP: st.query_params[STEP]} if STEP in st.query_params else {}


def kept(name: str, made_from: object, make: Callable[[], Made]) -> Made:
    """What ``make`` gives, remembered by the session until ``made_from`` is another.

    A rerun that changes nothing, such as opening a popover, then computes nothing.
    """
    known: tuple[object, Made] | None = st.session_state.get(key(name))
    if known is None or known[0] != made_from:
        known = made_from, make()
        write(**{name: known})
    return known[1]


def start(settings: Settings) -> tuple[Sequence, Mapping[str, Model]]:
    """The sequence and the models before any training."""
    own = own_weights()
    shown = replace(settings, show=(), t=0, steps=0)

    def make() -> tuple[Sequence, Mapping[str, Model]]:
        sequence = compute.sequence(settings)
        return sequence, compute.start(settings, sequence, own)

    return kept("start", (shown, own), make)


def inspect(settings: Settings, sequence: Sequence, models: Mapping[str, Model]) -> Inspection:
    """What `compute.inspect` gives; choosing panels or a place in the link is no reason to compute it again."""
    shown = replace(settings, show=(), t=0, steps=0)
    # The inspection holds the models, so none of them can pass its identity on to another while it is kept.
    made_from = shown, tuple(id(models[kind]) for kind in settings.kinds)
    found = kept("inspection", made_from, lambda: compute.inspect(settings, sequence, models))
    return replace(found, settings=settings)


def digest(*values: object) -> str:
    """A short name for some values, the same in every process: for the keys of widgets that belong to them."""
    return hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()


def own_weights() -> dict[str, Any]:
    """The learner's own weights in this session, by kind of model."""
    found: dict[str, Any] = st.session_state.get(key("own"), {})
    return found


def forget_weights() -> None:
    """Go back to the weights that the seed draws."""
    st.session_state.pop(key("own"), None)
    if known := st.session_state.pop(key("training"), None):
        known[1].stop()
    write(edits=(), steps=0)


@contextmanager
def reporting(settings: Settings) -> Iterator[None]:
    """Where the learner's input cannot be used, say why in place of what would stand here."""
    try:
        yield
    except InputError as problem:
        with st.container(key=key("problem")):  # as high as a window, so that nothing jumps
            st.warning(listed(problem))
            if settings.steps or settings.edits or own_weights():
                st.button("Back to the seed's weights", on_click=forget_weights, key=key("forget-problem"))


def show_notice(name: str) -> None:
    """Say what a callback found wrong with a file, beneath the place where it was chosen, until the next change."""
    notice = st.session_state.pop(key(f"{name}-notice"), None)
    if notice:
        st.warning(escaped(notice))


def listed(problem: InputError) -> str:
    """What is wrong, as Markdown: one sentence, or a list of them."""
    sentences = str(problem).split("\n")
    return "\n".join(f"- {escaped(s)}" for s in sentences) if len(sentences) > 1 else escaped(sentences[0])
