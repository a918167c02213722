"""Workbenches opened on the page, from a file or by a short link, and the links that a hosted server keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from core.errors import InputError
from dashboard.inspector import controls
from dashboard.inspector.controls import INSPECTOR, key, write
from dashboard.kit.boundary import caught
from dashboard.kit.hosting import hosted
from dashboard.kit.page_settings import Problems, without_figure
from dashboard.kit.people import addresses, stores, who
from dashboard.kit.run import workbench
from dashboard.kit.run.workbench import Workbench
from dashboard.kit.words import say
from quiz.errors import StoreError
from quiz.store.workbenches import LIFE_DAYS, MOST

PARAMETER = "kept"
MADE = "kept-made"


def in_address() -> bool:
    """Whether the page's address brings the weights of a workbench that is kept."""
    return PARAMETER in st.query_params


def restore() -> Problems:
    """Bring the widgets in step with the link, and with the workbench that it opens.

    The address keeps the short link beside what is changed afterwards, so that a reload has the weights as well.
    """
    problems = controls.restore()
    secret = st.query_params.get(PARAMETER)
    if secret is None or st.session_state.get(key(PARAMETER)) == secret:
        return problems
    write(**{PARAMETER: secret})
    try:
        content = stores.workbenches().open(secret, who.now()) if hosted() else None
        if content is None:
            del st.query_params[PARAMETER]
            return *problems, _gone()
        found = workbench.read(content)
    except (InputError, StoreError) as problem:
        return *problems, str(problem)
    query = without_figure(st.query_params.to_dict())
    settings, _ = found.settings.updated({name: text for name, text in query.items() if name in _names()})
    take(replace(found, settings=settings, own=dict(found.own) | workbench.drifted(found), seeded={}), moves=False)
    return *problems, *found.problems


def leave() -> None:
    """Other weights were brought: those that the short link holds are no longer the ones shown."""
    st.query_params.pop(PARAMETER, None)


def _gone() -> str:
    return say("inspector", "kept-over").format(days=LIFE_DAYS) if hosted() else say("inspector", "kept-elsewhere")


def _names() -> set[str]:
    return {f.metadata["name"] for f in INSPECTOR.base.__dataclass_fields__.values()}


def take(found: Workbench, *, moves: bool = True) -> None:
    """Show what a workbench holds.

    Args:
        found: From `dashboard.kit.run.workbench.read`.
        moves: Whether the address is to name its step; a link may name another one.
    """
    controls.forget_weights()
    INSPECTOR.take(found.settings)
    write(turn=controls.turn() + 1, own=dict(found.own) | workbench.drifted(found))
    if moves:
        st.query_params.pop(PARAMETER, None)
        if found.settings.t:
            st.query_params["t"] = str(found.settings.t)


def draw(make: Callable[[], bytes]) -> None:
    """Draw what makes and ends short links, on a server that others use."""
    if not hosted():
        return
    if who.visiting():
        st.caption(say("inspector", "kept-visitor").format(days=LIFE_DAYS))
        return
    st.caption(say("inspector", "kept").format(days=LIFE_DAYS, most=MOST))
    st.button(
        f"Keep it behind a short link for {LIFE_DAYS} days", on_click=caught(_keep, "The short link"), args=(make,),
        key=key("keep"), width="stretch",
    )  # fmt: skip
    made: tuple[str, str] | None = st.session_state.get(key(MADE))
    if made:
        st.code(made[0], language=None, wrap_lines=True)
        st.caption(say("inspector", "kept-made").format(until=made[1]))
    if count := stores.workbenches().count(who.person(), who.now()):
        label = "End my short link" if count == 1 else f"End my {count} short links"
        st.button(label, on_click=caught(_end, "The short links"), type="tertiary", key=key("end-kept"))


def _keep(make: Callable[[], bytes]) -> None:
    now = who.now()
    secret = stores.workbenches().keep(who.person(), make(), now)
    until = (now + timedelta(days=LIFE_DAYS)).strftime("%-d %B %Y")
    write(**{MADE: (addresses.link("inspector", **{PARAMETER: secret}), until)})


def _end() -> None:
    stores.workbenches().end(who.person())
    st.session_state.pop(key(MADE), None)
