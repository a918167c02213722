"""What a teacher does most: giving out the code, the join link and the assignment's link; and what they do seldom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from dashboard.classes import editing
from dashboard.kit.asking import assigned
from dashboard.kit.boundary import caught
from dashboard.kit.people import addresses, stores, who
from dashboard.kit.words import escaped, say
from quiz.classes.assignments import Assignment
from quiz.classes.keys import SecretError
from quiz.classes.records import LONGEST_TITLE, Class
from quiz.errors import ClassError
from quiz.lessons import TOPICS

CONFIRMED = "remove"  # what is typed to remove a class
REFUSED = "classes.refused"


def join_link(found: Class) -> str:
    """The link by which learners come to the class's code."""
    return addresses.link("join", code=found.code)


def draw(found: Class, given: Sequence[Assignment], current: Assignment | None, members: int) -> None:
    """Draw code, join link and assignment side by side."""
    with st.container(key="class-ways"):
        code, link, work = st.columns([4, 5, 5], gap="medium")
        with code:
            st.caption("Class code")
            st.html(f'<p class="class-code">{escape(found.code)}</p>')
            joined = f"{members} have joined." if members != 1 else "1 has joined."
            st.caption("Closed: nobody can join. " + joined if found.closed_at else f"{joined} No e-mail, no account.")
        with link:
            st.caption("Join link")
            with st.container(key="link-join"):
                st.code(join_link(found), language=None)
            if st.button("Show large", key="classes.large"):
                large(found)
        with work:
            _work(found, given, current)


def _work(found: Class, given: Sequence[Assignment], current: Assignment | None) -> None:
    if current is None:
        st.caption("Assignment")
        editing.begin_button(found, None, "Set an assignment", first=True)
        return
    due = assigned.due(current, who.now())
    st.caption(f"Assignment{', ' + due if due else ''}")
    if len(given) > 1:
        st.selectbox(
            "Assignment", [each.id for each in reversed(given)], key=f"classes.which.{found.id}.{len(given)}",
            index=[each.id for each in reversed(given)].index(current.id), label_visibility="collapsed",
            format_func={each.id: each.title for each in given}.__getitem__, on_change=caught(_choose),
            args=(f"classes.which.{found.id}.{len(given)}",),
        )  # fmt: skip
    else:
        st.markdown(escaped(current.title))
    lessons = [TOPICS[name] for name in current.lessons if name in TOPICS]
    amount = [f"{len(current.items)} question{'s' * (len(current.items) != 1)}"] if current.items else []
    st.caption(" · ".join([*lessons, *amount, "own numbers for each" if current.each else "the same for all"]))
    try:
        with st.container(key="link-work"):
            st.code(assigned.link_of(current), language=None)
    except SecretError:
        st.warning(say("asking", "no-links"))
    with st.container(horizontal=True):
        editing.begin_button(found, current, "Edit")
        editing.begin_button(found, None, "New")


def _choose(key: str) -> None:
    st.query_params["as"] = st.session_state[key]


@st.dialog("Join the class", width="large")
def large(found: Class) -> None:
    """The code and the link, to be read from the last row."""
    st.html(f'<p class="class-code-large">{escape(found.code)}</p>')
    st.html(f'<p class="join-large">{escape(addresses.link("join"))}</p>')


def settings(found: Class) -> None:
    """What is done seldom: another title or code, closing, removing."""
    st.divider()
    with st.expander("Title, code, closing and removing", on_change="rerun", key="classes.seldom") as fold:
        if fold.open:
            _settings(found)


def _settings(found: Class) -> None:
    with (
        st.form("classes.rename", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        title = st.text_input("Title", found.title, max_chars=LONGEST_TITLE, key="classes.new-title", width=380)
        if st.form_submit_button("Rename"):
            _do(lambda: stores.classes().rename(who.person(), found.id, title))
            st.rerun()
    closed = found.closed_at is not None
    _line(
        say("classes", "close"), "Let learners join again" if closed else "Let nobody join any more", "close",
        lambda: stores.classes().close(who.person(), found.id, None if closed else who.now()),
    )  # fmt: skip
    _line(
        say("classes", "renew"), "Make a new code", "renew", lambda: stores.classes().renew_code(who.person(), found.id)
    )
    st.markdown(say("classes", "remove"))
    typed = st.text_input(f"Type {CONFIRMED} to confirm", key="classes.confirm", max_chars=20, live=True, width=320)
    if st.button("Remove the class", key="classes.remove", disabled=typed.strip().casefold() != CONFIRMED):
        _do(lambda: stores.classes().remove(who.person(), found.id))
        st.query_params.clear()
        st.rerun()


def _line(words: str, label: str, name: str, act: Callable[[], object]) -> None:
    st.markdown(words)
    st.button(label, key=f"classes.{name}", on_click=caught(lambda: _do(act), "Your class"))


def _do(act: Callable[[], object]) -> None:
    try:
        act()
    except ClassError as problem:
        st.session_state[REFUSED] = str(problem)
