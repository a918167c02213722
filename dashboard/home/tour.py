"""The tour: a few stops on the pages themselves, each with one thing to do.

Which stop one is at stands in the address of the page it is on, so that a reload finds it, and in the session, so that
it outlives other pages; it shows only where it has something to do. It can be left, and Home offers to go on with it.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard.kit import parts
from dashboard.kit.boundary import caught
from dashboard.kit.navigation import PLACES
from dashboard.kit.rooms import page
from dashboard.kit.words import say
from quiz.lessons import LESSONS

TOUR = "tour"
"""In the address: the number of the stop, from 1. In the session: the same, and whether one is on it."""
LEFT = "tour.left"
ANSWER = "tour.answer"
ANSWERS = ("rnn", "lstm", "both")


class Stop(NamedTuple):
    """A page of the tour; what to do there is in the words of Home, by its path."""

    path: str
    query: dict[str, str]


STOPS = (
    Stop("", {}),
    Stop("bptt", {"beat": "1"}),
    Stop("inspector", {"show": "norms", "t": "1"}),
    Stop("quiz", {"mode": "practice", "q": "accumulation-why-sum"}),
)


def here(path: str) -> int | None:
    """The stop that the page at a path is now, from 1; None where it is none."""
    asked = st.query_params.get(TOUR, "")
    if asked.isdecimal() and 1 <= int(asked) <= len(STOPS) and st.session_state.get(LEFT) is not True:
        st.session_state[TOUR] = int(asked)
    at: int | None = st.session_state.get(TOUR)
    if at is None or st.session_state.get(LEFT) or STOPS[at - 1].path != path:
        return None
    return at


def coach(path: str) -> None:
    """Draw what to do on this page, if it is the stop that the tour is at."""
    if (at := here(path)) is None:
        return
    with st.container(key=f"tour-{path or 'home'}"), st.container(key="coach", gap="xsmall"):
        st.markdown(say("home", f"tour-{path}") if path else at_home())
        if not path:
            parts.part("tour.asked", asked, shows=lambda: None, what="The question")
        with st.container(horizontal=True, vertical_alignment="center", key="coach-ways"):
            if at > 1:
                way(at - 1, "Back")
            if at < len(STOPS):
                way(at + 1, say("home", f"tour-next-{STOPS[at].path}"))
            else:
                st.page_link(page(LESSONS[0]), label=say("home", "tour-lessons"))
            end = "End the tour" if at == len(STOPS) else "Leave the tour"
            st.button(end, type="tertiary", key="tour.leave", on_click=caught(leave), args=(at,))
            st.caption(f"{at} of {len(STOPS)}")
            if 1 < at < len(STOPS):
                st.caption(say("home", "tour-stay"))


def at_home() -> str:
    """What is said on Home, with the word and the name of the figure as it opens."""
    from dashboard.home import pair  # loaded with Home, and not with every page

    words, first = pair.data()["words"], pair.NAMES[pair.PAIRS[0][0]]
    return say("home", "tour-home").format(word=words[pair.switch() - 1], first=first)


def asked() -> None:
    """Draw the question on Home, and what is said to the answer."""
    with st.container(horizontal=True, key="coach-asked"):
        for name in ANSWERS:
            st.button(say("home", f"tour-ask-{name}"), key=f"tour.ask-{name}", on_click=caught(answer), args=(name,))
    if given := st.session_state.get(ANSWER):
        st.markdown(reply(given))


def answer(name: str) -> None:
    """Keep an answer."""
    st.session_state[ANSWER] = name


def reply(given: str) -> str:
    """What is said to an answer, from the networks of the figure as it opens."""
    from dashboard.home import pair

    (first, second), at = pair.PAIRS[0], pair.switch() - 1
    start = next(iter(pair.RNNS))
    said = {"rnn": pair.read(pair.RNNS[start]), "lstm": pair.read(pair.LSTM)}
    still = [name for name, of in said.items() if of.answers[0, at] == first]
    right = "both" if len(still) == len(said) else "".join(still)
    told = ", the ".join(
        f"{name.upper()} says {pair.NAMES[of.answers[0, at]]} with {of.probabilities[0, at].max():.2f}"
        for name, of in said.items()
    )
    words, names = pair.data()["words"], f"{pair.NAMES[first]} and {pair.NAMES[second]}"
    verdict = "Yes." if given == right else "Not quite."
    return (
        f"**{verdict}** You said: {say('home', f'tour-ask-{given}')}. At “{words[at]}”, with {names} and the RNN begun "
        f"{start}, the {told}. {say('home', 'tour-asked')}"
    )


def way(at: int, label: str) -> None:
    """Draw the link to a stop."""
    stop = STOPS[at - 1]
    st.page_link(PLACES[stop.path].file, label=label, query_params={**stop.query, TOUR: str(at)})


def offer() -> None:
    """Draw the way into the tour, or back to where it was left."""
    if here("") is not None:
        return
    at: int = st.session_state.get(TOUR, 1)
    on = 1 < at < len(STOPS)
    with st.container(key="home-offer"):
        label = f"{say('home', 'tour-again')}, stop {at} of {len(STOPS)}" if on else say("home", "tour-offer")
        st.button(label, type="tertiary", key="tour.start", on_click=caught(begin), args=(at if on else 1,))
    if st.session_state.pop("tour.go", False):
        stop = STOPS[at - 1]
        st.switch_page(PLACES[stop.path].file, query_params={**stop.query, TOUR: str(at)})


def begin(at: int) -> None:
    """Go to a stop."""
    st.session_state[TOUR] = at
    st.session_state[LEFT] = False
    if STOPS[at - 1].path:
        st.session_state["tour.go"] = True
    else:
        st.query_params[TOUR] = str(at)


def leave(at: int) -> None:
    """Stop at a stop; after the last one the tour begins anew."""
    st.session_state[TOUR] = at if at < len(STOPS) else 1
    st.session_state[LEFT] = True
    st.query_params.pop(TOUR, None)
