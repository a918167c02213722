"""Setting and changing an assignment: what, by when, and with which numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache

import streamlit as st

from dashboard.kit.asking import assigned
from dashboard.kit.asking.keep import local
from dashboard.kit.boundary import caught
from dashboard.kit.people import stores, who
from dashboard.kit.words import escaped, say
from quiz.attempt import MAX_INTEGER
from quiz.classes.assignments import MOST_ITEMS, Assignment, at, new_id
from quiz.classes.links import LinkError
from quiz.classes.records import LONGEST_TITLE, Class, line
from quiz.errors import ClassError
from quiz.lessons import LESSONS, TOPICS
from quiz.load import load_bank
from quiz.plaintext import inline
from quiz.practice.catalogue import catalogue

EDITED = "classes.edited"
"""In the session: (class, assignment or "" for a new one) that is being edited."""
ITEMS, TAUGHT = "classes.edit.items", "classes.edit.lessons"
SHORT = 90
DAYS = 7  # until a new assignment is due


def open_(found: Class) -> bool:
    """Whether an assignment of the class is being edited."""
    edited = st.session_state.get(EDITED)
    return edited is not None and edited[0] == found.id


def begin_button(found: Class, which: Assignment | None, label: str, *, first: bool = False) -> None:
    """Draw a button that begins to edit an assignment, or a new one."""
    kind = which.id if which else "new"
    st.button(
        label, key=f"classes.edit.{kind}", type="primary" if first else "secondary",
        on_click=caught(lambda: _begin(found, which), "The assignment"),
    )  # fmt: skip


def _begin(found: Class, which: Assignment | None) -> None:
    st.session_state[EDITED] = (found.id, which.id if which else "")
    st.session_state[ITEMS] = [name for name in which.items if name in _titles()] if which else []
    st.session_state[TAUGHT] = [name for name in which.lessons if name in LESSONS] if which else []


def _end() -> None:
    st.session_state[EDITED] = None


@cache
def _titles() -> dict[str, str]:
    """Every question that can be assigned, with its first words."""
    bank = load_bank()
    found = {}
    for name, entry in catalogue(bank).items():
        content = bank.question(name, 1 if entry.generated else 0)
        words = " ".join(inline(content.prompt.partition("\n\n")[0]).split())
        short = words if len(words) <= SHORT else words[:SHORT].rsplit(" ", 1)[0] + " …"
        found[name] = f"{bank.title(entry.concepts[0])}: {short}" + (" (drawn)" if entry.generated else "")
    return found


def draw(found: Class, given: Sequence[Assignment]) -> None:
    """Draw the form."""
    which = next((each for each in given if each.id == st.session_state[EDITED][1]), None)
    st.header("Edit the assignment" if which else "A new assignment", anchor=False)
    title = st.text_input(
        "Title", which.title if which else "", key="classes.edit.title", max_chars=LONGEST_TITLE, width=480
    )
    st.multiselect("Lessons", LESSONS, key=TAUGHT, format_func=TOPICS.__getitem__, width=640)
    st.multiselect(
        "Questions, in their order", [*_titles()], key=ITEMS, format_func=_titles().__getitem__,
        max_selections=MOST_ITEMS, width=944,
    )  # fmt: skip
    if st.session_state[TAUGHT]:
        st.button(
            "Add drawn questions of these lessons", key="classes.edit.add", on_click=caught(_add, "The questions")
        )
    due, closes = _due(which)
    each = st.radio(
        "Numbers", (False, True), int(which.each) if which else 0, key="classes.edit.each", horizontal=True,
        format_func={False: "the same for all", True: "others for each learner"}.__getitem__,
    )  # fmt: skip
    st.caption(say("classes", "each"))
    seed = st.number_input(
        "Seed", 0, MAX_INTEGER, which.seed if which else 0, 1, key="classes.edit.seed", width=200,
        help=say("classes", "seed"),
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button("Set it" if which is None else "Save", type="primary", key="classes.edit.save"):
            made = _made(which, title, due, closes, each=each, seed=int(seed))
            if isinstance(made, str):
                st.warning(escaped(made))
            elif _do(found, made):
                st.rerun()
        st.button("Cancel", key="classes.edit.cancel", on_click=caught(_end))
        if which is not None and st.button("Take it back", key="classes.edit.back", help=say("classes", "take-back")):
            stores.classes().take_back(who.person(), found.id, which.id)
            st.query_params.pop("as", None)
            _end()
            st.rerun()
    if which is None:
        _bring(found)


def _add() -> None:
    """Add the drawn questions of the chosen lessons that are not there yet."""
    entries = catalogue(load_bank()).values()
    wanted = set(st.session_state[TAUGHT])
    more = [entry.id for entry in entries if entry.generated and wanted & set(entry.lessons)]
    st.session_state[ITEMS] = list(dict.fromkeys([*st.session_state[ITEMS], *more]))[:MOST_ITEMS]


def _due(which: Assignment | None) -> tuple[datetime | None, bool]:
    """When it is due on the teacher's own clock, and whether answers count only until then."""
    here = local(who.now())
    kept = local(which.due_at) if which and which.due_at else None
    dated = st.toggle("It has a date", which is None or kept is not None, key="classes.edit.dated")
    if not dated:
        return None, False
    usual = kept or datetime.combine(here.date() + timedelta(days=DAYS), time(10), here.tzinfo)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input("Due", usual.date(), key="classes.edit.day", width=160)
        hour = st.time_input("at", usual.time(), key="classes.edit.hour", width=120, step=900)
    closes = st.toggle("Count answers only until then", bool(which and which.closes_at), key="classes.edit.closes")
    if not isinstance(day, date) or hour is None:
        return None, False
    return at(datetime.combine(day, hour, here.tzinfo)), closes


def _made(
    which: Assignment | None, title: str, due: datetime | None, closes: bool, *, each: bool, seed: int
) -> Assignment | str:
    """The assignment as the form has it, or what is wrong with it."""
    items, lessons = tuple(st.session_state[ITEMS]), tuple(st.session_state[TAUGHT])
    if not items and not lessons:
        return "Choose a lesson or a question."
    if not line(title):
        return "Give it a title."
    fields = {
        "title": line(title), "items": items, "lessons": lessons, "seed": seed, "each": each, "due_at": due,
        "closes_at": due if closes else None,
    }  # fmt: skip
    try:
        return replace(which, **fields) if which else Assignment(id=new_id(), **fields)  # type: ignore[arg-type]
    except ValueError as problem:
        return f"This can't be set: {problem}."


def _do(found: Class, made: Assignment) -> bool:
    try:
        stores.classes().assign(who.person(), found.id, made, who.now())
    except ClassError as problem:
        st.warning(escaped(str(problem)))
        return False
    st.query_params["as"] = made.id
    _end()
    return True


def _bring(found: Class) -> None:
    st.divider()
    with st.form("classes.bring", border=False, clear_on_submit=True):
        st.markdown(say("classes", "link-bring"))
        link = st.text_input("Or bring one by its link", key="classes.edit.link", max_chars=9_000, width=640)
        if st.form_submit_button("Bring it"):
            try:
                made = assigned.read(link.strip().rpartition("a=")[2]).assignment
            except LinkError as problem:
                st.warning(escaped(str(problem)))
                return
            if _do(found, made):
                st.rerun()
