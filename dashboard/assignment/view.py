"""The page of one assignment: what is to be done by when, whether it counts, and the way into it."""

from __future__ import annotations

import streamlit as st

from dashboard.kit import hosting
from dashboard.kit.asking import assigned, elements
from dashboard.kit.boundary import part
from dashboard.kit.people import who
from dashboard.kit.rooms import page
from dashboard.kit.words import escaped, say
from quiz.classes.assignments import Assignment
from quiz.classes.links import LinkError
from quiz.lessons import TOPICS

JOIN = "joining/page.py"
DRAWN = ("forward", "bptt", "gradients")
"""Lessons whose network can be drawn from another seed by their address."""
SEEDS = 999_999


def draw() -> None:
    """Draw the page."""
    token = st.query_params.get("a", "")
    if not token or not hosting.hosted():
        st.title("Assignment", anchor=False)
        st.markdown(say("assignment", "no-link" if hosting.hosted() else "local"))
        return
    try:
        given = assigned.read(token)
    except LinkError as problem:
        st.title("Assignment", anchor=False)
        st.warning(escaped(str(problem)))
        return
    with part("The assignment"):
        _draw(given)


def _draw(given: assigned.Given) -> None:
    assignment, now = given.assignment, who.now()
    st.title(escaped(assignment.title), anchor=False)
    st.caption(" · ".join(filter(None, (_amount(assignment), assigned.due(assignment, now)))))
    if assignment.over(now):
        st.warning(escaped(f"“{assignment.title}” is over. What you answer now does not count for it."))
    else:
        _counts(given)
    _lessons(assignment)
    if assignment.items:
        _questions(given)


def _amount(assignment: Assignment) -> str:
    lessons, items = len(assignment.lessons), len(assignment.items)
    parts = [f"{lessons} lesson{'s' * (lessons != 1)}"] if lessons else []
    parts += [f"{items} question{'s' * (items != 1)}"] if items else []
    return " and ".join(parts)


def _counts(given: assigned.Given) -> None:
    if who.visiting():
        st.info(say("assignment", "visitor"))
        st.page_link(JOIN, label="Join your class")
    elif not given.class_id:
        st.info(say("assignment", "no-class"))
    elif given.assignment.items:
        st.markdown(say("assignment", "counts").format(title=escaped(given.title)))


def _lessons(assignment: Assignment) -> None:
    if not assignment.lessons:
        return
    st.header("Lessons" if len(assignment.lessons) > 1 else "Lesson", anchor=False)
    with st.container(gap="small"):
        for name in assignment.lessons:
            st.page_link(page(name), label=TOPICS[name], query_params=query(assignment, name, who.learner()))


def query(assignment: Assignment, lesson: str, learner: str) -> dict[str, str]:
    """What a lesson is opened with: with a seed the network drawn from it, each learner's own where that is wanted."""
    if lesson not in DRAWN or not (assignment.seed or assignment.each):
        return {}
    return {"seed": str(1 + assignment.variant(f"gen-{lesson}", learner) % SEEDS)}


def _questions(given: assigned.Given) -> None:
    items, done = given.assignment.items, assigned.answered(given)
    st.header("Questions", anchor=False)
    st.markdown(f"**{len(done)} of {len(items)}** answered")
    elements.segments([number for number, name in enumerate(items) if name in done], len(items))
    if given.assignment.each:
        st.caption(say("assignment", "one-each"))
    if len(done) == len(items):
        st.markdown(say("assignment", "done").format(number=len(items)))
    elif st.button("Go on" if done else "Start", type="primary", key="assignment.start"):
        assigned.go_on(given)
