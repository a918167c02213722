"""Assignments as learners have them: read from their signed links, as their class has them now, and gone through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import streamlit as st

from dashboard.kit.asking.keep import local, mine
from dashboard.kit.people import stores, who
from dashboard.kit.people.addresses import link
from dashboard.kit.words import escaped, say
from quiz.attempt import FIRST
from quiz.classes.assignments import Assignment
from quiz.classes.keys import SecretError
from quiz.classes.links import LinkError, read_link, write_link
from quiz.errors import StoreError
from quiz.lessons import LESSONS
from quiz.load import load_bank
from quiz.practice.catalogue import catalogue

PAGE, QUIZ = "assignment/page.py", "practice/page.py"


@dataclass(frozen=True)
class Given:
    """An assignment that a link opened.

    Attributes:
        assignment: As the learner's class has it now, or as the link has it.
        token: Of the link.
        class_id: The class that counts what is answered; "" where none of the learner's classes has it.
        title: That class's.
    """

    assignment: Assignment
    token: str
    class_id: str = ""
    title: str = ""


def read(token: str) -> Given:
    """The assignment of a link.

    A class may have changed it since the link was given out: then its members get what the class has now.

    Raises:
        LinkError: The link can't be followed; the message says why.
    """
    try:
        written = read_link(token, stores.keys(), FIRST)  # whether it is over is what the class says now
    except SecretError:
        raise LinkError(say("asking", "no-links")) from None
    found = _in_class(written, token) or Given(written, token)
    known = found.assignment.known(catalogue(load_bank()), LESSONS)
    if known is None:
        raise LinkError(say("asking", "nothing-assigned"))
    return Given(known, token, found.class_id, found.title)


def _in_class(written: Assignment, token: str) -> Given | None:
    if who.visiting():
        return None
    me = who.person()
    try:
        for joined, _ in stores.classes().memberships(me):
            for each in stores.classes().assignments(me, joined.id):
                if each.id == written.id:
                    return Given(each, token, joined.id, joined.title)
    except StoreError:  # away: the link says enough to go on
        return None
    return None


def in_address() -> Given | None:
    """The assignment that the address names, None for none; one that can't be followed is refused here."""
    token = st.query_params.get("a", "")
    if not token:
        return None
    try:
        given = read(token)
    except LinkError as problem:
        st.warning(escaped(str(problem)))
        st.stop()
    return given if given.assignment.items else None


def token_of(assignment: Assignment) -> str:
    """The token of an assignment, for its link.

    Raises:
        SecretError: The server has no secret.
    """
    return write_link(assignment, stores.keys())


def link_of(assignment: Assignment) -> str:
    """The whole link to an assignment, to be given out."""
    return link("assignment", a=token_of(assignment))


def answered(given: Given) -> frozenset[str]:
    """The questions of an assignment that the learner has answered for it."""
    return mine().assigned(who.learner(), given.assignment.id) & set(given.assignment.items)


def after(given: Given, question: str) -> str | None:
    """The next question that is not answered, after one of them or from the first; None when all are."""
    items, done = given.assignment.items, answered(given)
    start = items.index(question) + 1 if question in items else 0
    return next((each for each in (*items[start:], *items[:start]) if each not in done and each != question), None)


def go_on(given: Given, question: str = "") -> NoReturn:
    """Open the next question, or the assignment's page when all are answered."""
    following = after(given, question)
    if following is None:
        open_page(given.token)
    open_question(given, following)


def open_question(given: Given, question: str) -> NoReturn:
    """Open one question of an assignment."""
    st.switch_page(QUIZ, query_params={"mode": "practice", "a": given.token, "q": question})


def open_page(token: str) -> NoReturn:
    """Open an assignment's own page."""
    st.switch_page(PAGE, query_params={"a": token})


def due(assignment: Assignment, now: datetime) -> str:
    """When it is due, in words on the learner's own clock; "" where there is no time."""
    if assignment.due_at is None:
        return ""
    at = local(assignment.due_at)
    said = f"{at:%a} {at.day} {at:%b}" + (f" {at.year}" if at.year != local(now).year else "") + f", {at:%H:%M}"
    return f"was due {said}" if assignment.due_at < now else f"due {said}"
