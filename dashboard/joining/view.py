"""The page on which a learner joins a class: the code, what the teacher will see, and the private link to keep."""

from __future__ import annotations

import streamlit as st

from dashboard.joining import signing_in
from dashboard.kit import hosting
from dashboard.kit.asking import keep, path
from dashboard.kit.boundary import part
from dashboard.kit.people import addresses, browser, carried, notice, signed, stores, who
from dashboard.kit.words import escaped, say
from quiz.classes.codes import LONGEST as LONGEST_CODE
from quiz.classes.keys import SecretError
from quiz.classes.people import Person
from quiz.classes.records import LONGEST_NAME, Membership
from quiz.classes.resume import new_learner
from quiz.errors import ClassError
from quiz.store.classes import Notice

PROGRESS = "progress/page.py"
NEW = "people.joining"
"""In the session: the id that a visitor joins with, the same when joining is tried again."""
DONE = "people.joined"
"""In the session: the membership and the private link, until the page is left."""
REFUSED = "people.refused"
"""In the session: whether the browser did not take the cookie."""
LINKS = {"unknown": "unknown-link", "away": "away-link"}


def draw() -> None:
    """Draw the page."""
    if not hosting.hosted():
        st.title("Join a class", anchor=False)
        st.markdown(say("joining", "local"))
        return
    st.title("Join a class", anchor=False)
    told = browser.answered()
    signing_in.go_on(told)
    if told == "failed":
        st.session_state[REFUSED] = True
    if done := st.session_state.get(DONE):
        _welcome(*done)
        return
    if words := LINKS.get(st.query_params.get("link", "")):
        st.warning(say("joining", words))
    with part("Joining"):
        _join()
    if who.visiting():
        signing_in.draw()


def _join() -> None:
    code = st.query_params.get("code", "")[:LONGEST_CODE]
    if not code:
        st.markdown(say("joining", "intro"))
    with st.form("joining.look", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Class code", code, key="joining.code", max_chars=LONGEST_CODE, width=280)
        looked = st.form_submit_button("Look it up", type="secondary" if code else "primary")
    if looked:
        st.query_params.from_dict({"code": typed.strip()} if typed.strip() else {})
        code = typed.strip()
    if not code:
        return
    try:
        found = stores.classes().find(code, addresses.place(), who.now())
    except ClassError as problem:
        st.warning(escaped(str(problem)))
        return
    _before(code, found)


def _before(code: str, found: Notice) -> None:
    """What there is to know before one joins, and the button."""
    st.divider()
    people = {0: "nobody is in it yet", 1: "1 is in it"}.get(found.members, f"{found.members} are in it")
    st.header(escaped(found.title), anchor=False)
    st.caption(f"{people.capitalize()}, open since {found.opened_at.day} {found.opened_at:%b %Y}")
    notice.draw()
    name = st.text_input(
        "Your name (optional)", key="joining.name", max_chars=LONGEST_NAME, width=320, help=say("joining", "name")
    )
    shown = st.toggle("Show my name to the teacher", key="joining.shown") if name.strip() else False
    if who.visiting() and keep.VISITED in st.session_state:
        st.caption(say("joining", "guest"))
    if st.button("Join this class", type="primary", key="joining.join"):
        try:
            st.session_state[DONE] = _joined(code, name, shown)
        except (ClassError, SecretError) as problem:
            st.warning(escaped(str(problem)) if isinstance(problem, ClassError) else say("people", "no-secret"))
            return
        st.rerun()


def _joined(code: str, name: str, shown: bool) -> tuple[Membership, str]:
    """Join; who has no account gets an id and a private link, and takes along what they did as a visitor."""
    visit, visiting = who.learner(), who.visiting()
    if visiting:
        stores.keys()  # without it nobody could come back
    me = Person(st.session_state.setdefault(NEW, new_learner())) if visiting else who.person()
    classes = stores.classes()
    joined = classes.join(me, code, addresses.place(), who.now(), name=name)
    if shown and name.strip():
        joined = classes.agree(me, joined.class_id, name=True)
    return (joined, _known(me, visit)) if visiting else (joined, "")


def _known(me: Person, visit: str) -> str:
    """Make a visitor who has joined known, here and to the browser; the secret of their private link."""
    made = who.now()
    secret = stores.resumes().renew(me, made)
    if kept := st.session_state.pop(keep.VISITED, None):
        carried.take_along(me.learner, visit, kept)
    session = signed.Session(me.learner, signed.moment(made))
    browser.keep(session)
    who.become(session)
    path.take_along()
    st.session_state.pop(NEW, None)
    return secret


def _welcome(joined: Membership, secret: str) -> None:
    """What was given: the name in the class, and the link to keep."""
    with st.container(key="finding-joined"):
        st.markdown(f"You are {escaped(joined.shown)} in this class.")
    st.markdown(say("joining", "joined"))
    if secret:
        st.header("Your private link", anchor=False)
        st.markdown(say("people", "link-kept"))
        with st.container(key="link-resume", width=640):
            st.code(addresses.link("resume", secret), language=None)
        if st.session_state.get(REFUSED):
            st.warning(say("people", "not-kept"))
    if st.button("Go to your class", type="primary", key="joining.progress"):
        st.session_state.pop(DONE, None)
        st.switch_page(PROGRESS)
