"""One class: the sentence that is the lesson plan, what a teacher does most, what to teach, and who."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from dashboard.classes import editing, files, pictures, questions, sentence, ways
from dashboard.kit.asking.flow import CERTAINTIES
from dashboard.kit.asking.keep import local
from dashboard.kit.boundary import part
from dashboard.kit.people import notice, stores, who
from dashboard.kit.steps import steps
from dashboard.kit.words import escaped, say
from quiz.classes.assignments import Assignment
from quiz.classes.records import Class
from quiz.classes.reports import Figures, Member
from quiz.lessons import LESSONS, TOPICS

PLAIN = "classes.plain"
"""In the session: whether the page is shown without numbers, to the class."""


def titles() -> dict[str, tuple[str, ...]]:
    """The titles of the steps of each lesson that has any."""
    return {name: found for name in LESSONS if (found := steps(name))}


def draw(found: Class) -> None:
    """Draw the class."""
    given = stores.classes().assignments(who.person(), found.id)
    current = _current(given)
    with st.container(key="class-back"):
        if st.button("Teach · your classes", type="tertiary", key="classes.back"):
            st.query_params.clear()
            st.rerun()
    st.title(escaped(found.title), anchor=False)
    if editing.open_(found):
        editing.draw(found, given)
        return
    figures, members = _read(found, current)
    plain = bool(st.session_state.get(PLAIN))
    with st.container(key="finding-class"):
        st.markdown(escaped(_headline(figures, numbers=not plain)))
    if plain:
        with part("The questions"):
            questions.draw(found, current, figures, numbers=False, key=PLAIN)
        return
    ways.draw(found, given, current, len(members))
    if current is None or figures is None:
        _who(members, None)
        _seen()
        return
    _numbers(members, figures, current)
    if current.items:
        with part("The questions"):
            questions.draw(found, current, figures, numbers=True, key=PLAIN)
    _lessons_and_sure(figures, current)
    _who(members, current)
    files.draw(found, figures, len(members))
    _seen()
    ways.settings(found)


def _current(given: Sequence[Assignment]) -> Assignment | None:
    """The assignment that is looked at: the one the address names, or the last one."""
    wanted = st.query_params.get("as", "")
    return next((each for each in given if each.id == wanted), given[-1] if given else None)


def _read(found: Class, current: Assignment | None) -> tuple[Figures | None, tuple[Member, ...]]:
    if current is None:
        return None, stores.reports().everybody(who.person(), found.id)
    reports, me = stores.reports(), who.person()
    numbers = {name: len(each) for name, each in titles().items()}
    figures = reports.figures(me, found.id, current.id, certainties=CERTAINTIES, steps=numbers)
    return figures, reports.members(me, found.id, current.id)


def _headline(figures: Figures | None, *, numbers: bool) -> str:
    if figures is None:
        return say("classes", "no-assignment")
    return sentence.headline(figures, titles(), numbers=numbers) or say("classes", "too-few")


def _numbers(members: Sequence[Member], figures: Figures, current: Assignment) -> None:
    """Four figures; who has begun is known by pseudonym, what was answered only by threes."""
    started = sum(each.started for each in members)
    found = [(str(started), f"of {len(members)} have started")]
    if items := len(current.items):
        found.append((str(sum(each.answered >= items for each in members)), f"have answered all {items}"))
        found.append((str(figures.answers), "first answers in the figures"))
    if left := _left(current, who.now()):
        found.append(left)
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for value, name in found)
    st.html(f'<dl class="figures">{rows}</dl>')


def _left(current: Assignment, now: datetime) -> tuple[str, str] | None:
    if current.due_at is None:
        return None
    days = (local(current.due_at).date() - local(now).date()).days
    if current.due_at < now:
        return str(-days), "day since it was due" if days == -1 else "days since it was due"
    return (str(days), "day left" if days == 1 else "days left") if days else ("today", "is when it is due")


def _lessons_and_sure(figures: Figures, current: Assignment) -> None:
    st.divider()
    stops, calibration = st.columns(2, gap="large") if figures.stops else (None, st.container())
    if stops is not None:
        with stops:
            st.header("Where people stop", anchor=False)
            _stops(figures)
    if current.items:
        with calibration:
            st.header("How sure, how right", anchor=False)
            none = not any(each.answers for each in figures.sure)
            st.caption(say("classes", "sure-none" if none else "sure"))
            if not none:
                st.html(pictures.sure(figures.sure))


def _stops(figures: Figures) -> None:
    st.caption(say("classes", "stops"))
    for each in figures.stops:
        with st.container(key=f"stops-{each.lesson}"):
            st.markdown(f"**{TOPICS[each.lesson]}**" + (f" :gray[· {each.began} opened it]" if each.began else ""))
            if each.began:
                st.html(pictures.steps(each, steps(each.lesson)))
            else:
                st.caption(say("classes", "stops-none"))


def _who(members: Sequence[Member], current: Assignment | None) -> None:
    st.divider()
    st.header("Who has started" if current else "Who is in it", anchor=False)
    if not members:
        st.markdown(say("classes", "nobody"))
        return
    named = sum(each.named for each in members)
    st.caption(f"{say('classes', 'who')} {named} of {len(members)} did.")
    if current is None:
        st.html(pictures.everybody(members))
        return
    last = {name: len(steps(name)) for name in current.lessons}
    st.html(pictures.members(members, len(current.items), last))


def _seen() -> None:
    st.divider()
    st.header("What you see, and what they know about it", anchor=False)
    st.html(notice.lists("You see", "You do not see", "classes"))
    st.markdown(say("classes", "rules"))
