"""The page of a teacher: the list of classes, and one of them."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from dashboard.classes import one
from dashboard.kit import hosting
from dashboard.kit.boundary import part
from dashboard.kit.people import stores, who
from dashboard.kit.words import escaped, say
from quiz.classes.records import LONGEST_TITLE, Class
from quiz.errors import ClassError

JOIN = "joining/page.py"
REFUSED = "classes.refused"


def draw() -> None:
    """Draw the page."""
    if not hosting.hosted() or not who.person().teacher:
        st.title("Classes", anchor=False)
        st.markdown(say("classes", "not-teacher" if hosting.hosted() else "local"))
        if hosting.hosted() and who.visiting():
            st.page_link(JOIN, label="Sign in")
        return
    if said := st.session_state.pop(REFUSED, ""):
        st.warning(escaped(said))
    with part("Your classes"):
        _draw()


def _draw() -> None:
    taught = stores.classes().taught(who.person())
    wanted = st.query_params.get("c", "")
    found = next((each for each in taught if each.id == wanted), None)
    if found is not None:
        one.draw(found)
        return
    st.title("Classes", anchor=False)
    if wanted:
        st.info("There is no such class of yours.")
    if not taught:
        st.markdown(say("classes", "none"))
    with st.container(key="class-list"):
        for each in taught:
            _listed(each)
    with (
        st.form("classes.open", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        title = st.text_input("Title of a new class", key="classes.title", max_chars=LONGEST_TITLE, width=380)
        opened = st.form_submit_button("Open a class", type="secondary" if taught else "primary")
    if opened:
        _open(title)


def _listed(each: Class) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if st.button(escaped(each.title), type="tertiary", key=f"classes.go.{each.id}"):
            go(each.id)
        state = "closed" if each.closed_at else each.code
        st.caption(f"{state} · since {each.opened_at.day} {each.opened_at:%b %Y}")


def _open(title: str) -> None:
    try:
        go(stores.classes().open(who.person(), title, who.now()).id)
    except ClassError as problem:
        st.warning(escaped(str(problem)))


def go(class_id: str) -> NoReturn:
    """Open a class; the address says which."""
    st.query_params.from_dict({"c": class_id})
    st.rerun()
