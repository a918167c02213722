"""The Inspector's controls: widgets in, one frozen `Settings` out, kept in step with the link (`controls.page`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from core.course import Course
from core.model import Model
from dashboard.kit.boundary import Ways, part
from dashboard.kit.jobs.engine import engine
from dashboard.kit.jobs.runs import RUN
from dashboard.kit.page_settings import PageSettings, Problems
from dashboard.kit.run import bring, by_name, compute, distances, learning
from dashboard.kit.run.compute import Inspection, Sequence
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import PANELS, Settings
from dashboard.kit.words import say

INSPECTOR = PageSettings(
    "inspector", Settings(), lists=("show", "trained"), droppable=("text", "numbers", "edits", "target", "h0", "c0")
)
ALIVE = "field-Sequence"
BROUGHT = "brought"
"""In the link: that own weights were shown, which it cannot carry."""

key, setting, choice, write = INSPECTOR.key, INSPECTOR.setting, INSPECTOR.choice, INSPECTOR.write

Made = TypeVar("Made")


def restore() -> Problems:
    """Bring the widgets' state in step with the link or with the last settings of this session."""
    return INSPECTOR.restore(alive=ALIVE, admit=_admit)


def _admit(settings: Settings) -> tuple[Settings, Problems]:
    settings, problems = by_name.admitted(settings)
    fit = distances.gaps(settings.task)
    if settings.gap != -1 and fit is None:
        problems += (f"The link sets gap to {settings.gap}; this task has none, so it is left out.",)
        settings = replace(settings, gap=-1)
    elif fit is not None and settings.gap != -1 and not fit.low <= settings.gap <= fit.high:
        expected = f"expected {fit.low} to {fit.high}. Used instead: {fit.name} {fit.own}."
        problems += (f"The link sets gap to {settings.gap}; {expected}",)
        settings = replace(settings, gap=-1)
    st.session_state.pop(key("own"), None)  # a link describes the seed's weights
    st.session_state.pop(key("file"), None)
    if BROUGHT in st.query_params:
        again, settings = _at_work(settings), replace(settings, steps=0, edits=())
        if again:
            write(own=again)
        else:
            write(lost=settings)
            problems += (say("inspector", "weights-lost"),)
    write(replay=settings.steps > 0)
    return settings, problems


def _at_work(settings: Settings) -> Mapping[str, Uploaded]:
    """The own weights that the training which the link names set out with, while it runs; none where it has ended.

    A sentence may have been read by the file's own word vectors, which the training does not hold.
    """
    owner = st.query_params.get(RUN)
    job = engine().find(owner) if owner else None
    course = None if job is None else job.plan[0]
    if not isinstance(course, Course) or settings.source == "text" or set(course.models) != set(settings.kinds):
        return {}
    plain = {kind: each for kind, each in course.models.items() if isinstance(each, Model)}
    return {kind: learning.as_own(each, None) for kind, each in plain.items()} if plain == course.models else {}


def mark(settings: Settings, *, carried: bool) -> None:
    """Say in the address that own weights are shown, so that a reload does not pass others off as them.

    Args:
        settings: As they stand.
        carried: Whether the address brings these weights.
    """
    shown = any(kind in own_weights() for kind in settings.kinds) and not carried
    # Where they could not be had, a further reload says so as well, until something else is set.
    if shown or st.session_state.get(key("lost")) == settings:
        if BROUGHT not in st.query_params:
            st.query_params[BROUGHT] = "1"
    else:
        st.query_params.pop(BROUGHT, None)


def collect() -> Settings:
    """The settings as the widgets stand, remembered for the session."""
    now = INSPECTOR.standing()
    fit = distances.gaps(now.task)
    # The task's own gap need not stand in a link.
    own = fit is None or now.gap == fit.own or not fit.low <= now.gap <= fit.high
    return INSPECTOR.collect(gap=-1 if own else now.gap, show=tuple(name for name in PANELS if name in now.show))


def publish(settings: Settings) -> bool:
    """Put the settings into the address; False where they are too long for it."""
    short, whole = kept("sendable", settings, lambda: bring.sendable(settings))
    return INSPECTOR.publish(short) and whole


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
        sequence = compute.sequence(settings, reading())
        return sequence, compute.start(settings, sequence, own)

    return kept("start", (shown, own), make)


def which(settings: Settings, name: str) -> str:
    """One of the models shown, by choice where there are two."""
    kind = settings.kinds[0]
    if len(settings.kinds) == 1:
        return kind
    chosen: str = st.segmented_control(
        "Model", settings.kinds, format_func=compute.NAMES.__getitem__, key=key(name), default=kind, required=True,
        **INSPECTOR.help(name),
    )  # fmt: skip
    return chosen


def inspect(settings: Settings, sequence: Sequence, models: Mapping[str, Model]) -> Inspection:
    """What `compute.inspect` gives; choosing panels or a place in the link is no reason to compute it again."""
    shown = replace(settings, show=(), t=0, steps=0)
    # The inspection holds the models, so none of them can pass its identity on to another while it is kept.
    made_from = shown, tuple(id(models[kind]) for kind in settings.kinds)
    try:
        found = kept("inspection", made_from, lambda: compute.inspect(settings, sequence, models))
    except compute.Exploded as problem:
        if not settings.steps:
            raise
        what = str(problem).partition(": it exploded")[0]  # its mends are those of fresh weights
        raise compute.Exploded(
            f"{what}: training has made its weights too large. Lower the learning rate or clip the gradient, and train "
            "again."
        ) from problem
    return replace(found, settings=settings)


def is_open(name: str) -> bool:
    """Whether what opens under that name is open."""
    return bool(st.session_state.get(key(name)))


def turn() -> int:
    """How often numbers came from elsewhere than their field; a part of the keys of what shows them.

    What a browser says of its fields may be older than a file that came meanwhile; a field of another name is not
    taken for the one that is meant.
    """
    return int(st.session_state.get(key("turn"), 0))


def bring_numbers(**values: Any) -> None:
    """Set the numbers, and what is done with them, from elsewhere than their field."""
    write(turn=turn() + 1, source="numbers", **values)


def uploaded(name: str) -> str:
    """What to call the file that a learner chose."""
    return f"“{st.session_state[key(name)].name}”"


def own_weights() -> dict[str, Uploaded]:
    """The learner's own weights in this session, by kind of model."""
    found: dict[str, Uploaded] = st.session_state.get(key("own"), {})
    return found


def reading() -> Uploaded | None:
    """The learner's own network that the sequence is made for: the one shown, of two the one of the file."""
    own, kinds = own_weights(), collect().kinds
    shown = [own[kind] for kind in kinds if kind in own]
    return next((each for each in shown if each.from_file), shown[0] if shown else None)


def forget_weights() -> None:
    """Go back to the weights that the seed draws; a file that was brought is put away."""
    st.session_state.pop(key("own"), None)
    st.session_state.pop(key("file"), None)
    st.session_state.pop(key("lost"), None)
    if known := st.session_state.pop(key("training"), None):
        known.job.cancel()
    write(edits=(), steps=0)


def reporting(settings: Settings, mends: Callable[[Ways], Ways]) -> AbstractContextManager[None]:
    """Where the learner's input cannot be used, say why in place of what would stand here.

    Args:
        settings: As they stand.
        mends: Puts what else would help before the ways back.
    """
    forget = {"Back to the seed's weights": forget_weights} if settings.steps or settings.edits or own_weights() else {}
    return part("The networks", mends({**forget, **INSPECTOR.back()}), tall=True)
