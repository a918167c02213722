"""How a learner is known on a hosted server: the private link, and signing out."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.boundary import caught
from dashboard.kit.people import addresses, browser, signed, stores, who
from dashboard.kit.people.endings import endings
from dashboard.kit.words import say
from quiz.classes.keys import SecretError

SAID = {"login": "by-login", "campus": "by-campus", "code": "by-link"}
NEW = "progress.link"
"""In the session: the secret of a link just made, until it is kept; "" for one just ended."""


def draw() -> None:
    """Draw how one is known, and the ways out of it."""
    how = who.way()
    if how not in SAID:
        return
    st.divider()
    st.header("You", anchor=False)
    st.markdown(say("people", SAID[how]))
    if how == "code":
        _link()
    with st.container(horizontal=True):
        if how == "code":
            st.button("Make a new private link", key="progress.renew", on_click=caught(_renew, "Your link"))
            st.button("End the private link", key="progress.end", on_click=caught(_end, "Your link"))
        if how == "login" and st.button("Sign out", key="progress.out"):
            endings().end(who.learner())
            st.logout()
        if how == "code":
            st.button("Sign out", key="progress.out", on_click=caught(browser.forget))
    if browser.answered() == "failed":
        st.warning(say("people", "not-kept"))


def _link() -> None:
    secret = st.session_state.get(NEW)
    if secret:
        st.markdown(say("people", "link-new"))
        with st.container(key="link-new", width=640):
            st.code(addresses.link("resume", secret), language=None)
        st.button("I have kept it", key="progress.kept", on_click=caught(lambda: st.session_state.pop(NEW)))
    elif secret == "":
        st.info(say("people", "link-ended"))


def _renew() -> None:
    st.session_state[NEW] = _made()


def _end() -> None:
    """End the link: another one is made that nobody is told, so that this browser alone stays signed in."""
    _made()
    st.session_state[NEW] = ""


def _made() -> str:
    try:
        stores.keys()
    except SecretError:
        raise AssertionError("who is known by a link was signed by a secret") from None
    made, me = who.now(), who.person()
    secret = stores.resumes().renew(me, made)
    session = signed.Session(me.learner, signed.moment(made))
    browser.keep(session)
    who.become(session)
    who.end_others()
    return secret
