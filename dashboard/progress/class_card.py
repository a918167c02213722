"""A learner's classes: what the teacher sees of them, what they let be seen, what is assigned, and leaving."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard.kit.asking import assigned
from dashboard.kit.boundary import caught
from dashboard.kit.people import notice, stores, who
from dashboard.kit.words import escaped, say
from quiz.classes.assignments import Assignment
from quiz.classes.keys import SecretError
from quiz.classes.records import LONGEST_NAME, Class, Membership
from quiz.classes.reports import Member, Seen
from quiz.errors import ClassError
from quiz.lessons import TOPICS

JOIN = "joining/page.py"
AGREED = (
    ("name", "Show my name to the teacher", "name_agreed"),
    ("examples", "Let answers of mine be shown as examples, without my name", "examples_agreed"),
    ("grades", "Put my scores into the teacher’s grade file", "grades_agreed"),
)


def draw() -> None:
    """Draw a card for each class, or the way into one."""
    joined = stores.classes().memberships(who.person()) if not who.visiting() else ()
    if not joined:
        st.page_link(JOIN, label="Join a class by its code")
        return
    for found, mine in joined:
        with st.container(key=f"class-card-{found.id}", gap="small"):
            _card(found, mine)


def _card(found: Class, mine: Membership) -> None:
    st.header(f"Your class: {escaped(found.title)}", anchor=False)
    st.markdown(say("progress", "class").format(name=f"**{escaped(mine.shown)}**"))
    _assignments(found)
    _agreed(found, mine)
    with st.container(horizontal=True):
        key = f"progress.seen.{found.id}"
        label = "Hide what the teacher sees" if st.session_state.get(key) else "See what the teacher sees"
        st.button(label, key=f"{key}.button", on_click=caught(lambda: st.session_state.update({key: not _open(key)})))
        if st.button("Leave the class", key=f"progress.leave.{found.id}"):
            leaving(found)
    if _open(key):
        st.html(seen(stores.reports().seen(who.person(), found.id)))
        notice.draw()


def _open(key: str) -> bool:
    return bool(st.session_state.get(key))


def _assignments(found: Class) -> None:
    given = stores.classes().assignments(who.person(), found.id)
    if not given:
        st.caption("Nothing is assigned yet.")
    for each in reversed(given):
        with st.container(horizontal=True, vertical_alignment="center", key=f"assigned-{found.id[:8]}-{each.id}"):
            st.markdown(f"**{escaped(each.title)}** :gray[{escaped(_state(each))}]")
            if st.button("Open", key=f"progress.open.{found.id}.{each.id}"):
                try:
                    assigned.open_page(assigned.token_of(each))
                except SecretError:
                    st.warning(say("asking", "no-links"))


def _state(each: Assignment) -> str:
    number, now = len(each.items), who.now()
    done = len(assigned.answered(assigned.Given(each, ""))) if number else 0
    parts = [f"{done} of {number} answered"] if number else []
    parts += [TOPICS[name] for name in each.lessons if name in TOPICS][:2]
    return " · ".join([*parts, *filter(None, [assigned.due(each, now)])])


def _agreed(found: Class, mine: Membership) -> None:
    """Switches for what a learner lets be seen; each is kept as it is turned."""
    for name, label, field in AGREED:
        key = f"progress.agree.{name}.{found.id}"
        st.session_state.setdefault(key, getattr(mine, field))
        st.toggle(label, key=key, on_change=caught(_follow(found, name, key), "Your class"))
    if mine.name_agreed:
        _line(found, "called", "Your name", mine.name, say("progress", "class-name"))
    if mine.grades_agreed:
        _line(found, "gradebook", "Your e-mail or number in the grade file", mine.gradebook, "")


def _line(found: Class, name: str, label: str, kept: str, hint: str) -> None:
    key = f"progress.{name}.{found.id}"
    st.session_state.setdefault(key, kept)
    st.text_input(
        label, key=key, max_chars=LONGEST_NAME, width=320, on_change=caught(_follow(found, name, key), "Your class")
    )
    if hint and not kept:
        st.caption(hint)


def _follow(found: Class, name: str, key: str) -> Callable[[], None]:
    """What keeps what a control under `key` now says."""

    def change() -> None:
        try:
            stores.classes().agree(who.person(), found.id, **{name: st.session_state[key]})
        except ClassError as problem:
            st.session_state["progress.refused"] = str(problem)

    return change


@st.dialog("Leave the class?")
def leaving(found: Class) -> None:
    """Ask once more, and leave."""
    st.markdown(say("progress", "leave").format(title=escaped(found.title)))
    with st.container(horizontal=True):
        if st.button("Leave", type="primary", key="progress.leave.yes"):
            stores.classes().leave(who.person(), found.id, who.now())
            st.session_state["progress.done"] = say("progress", "left")
            st.rerun()
        if st.button("Stay", key="progress.leave.no"):
            st.rerun()


def seen(found: Seen) -> str:
    """What the teacher sees of one learner, all of it, as HTML."""
    rows = [_row("You are called", found.shown + ("" if found.named else " (a pseudonym)"))]
    rows += [_row(title, _line_of(member)) for title, member in found.work]
    rows += [_row(f"Points for {title}", "none yet" if got is None else f"{got:g}") for title, got in found.grades]
    rows += [_row("In the grade file as", found.gradebook)] if found.gradebook else []
    rows.append(_row("First answers in figures of the whole class", str(found.counted)))
    rows.append(_row("Single answers of yours", "may be shown without your name" if found.examples else "never shown"))
    return f'<table class="standing seen-table"><tbody>{"".join(rows)}</tbody></table>'


def _line_of(member: Member) -> str:
    steps = [f"step {step} of {TOPICS.get(lesson, lesson)}" for lesson, step in member.steps.items()]
    said = [f"{member.answered} answered"] if member.answered else []
    return ", ".join([*said, *steps]) or "not started"


def _row(name: str, value: str) -> str:
    return f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
