"""The flashcards: one at a time, by button or key, with the place and the marks kept in the address."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from dashboard.kit.boundary import caught, part
from dashboard.kit.words import say
from dashboard.revision import elements, sheet
from dashboard.revision.settings import MOST_SEEDS, REVISION
from quiz.lessons import LESSONS, TOPICS
from quiz.plaintext import inline
from quiz.revision.cards import KINDS, Card, all_cards
from quiz.revision.deck import Deck, packed, unpacked

TURNED = REVISION.key("turned")
KIND_NAMES = {"takeaway": "Take-aways", "mistake": "Mistakes", "formula": "Formulas", "term": "Terms"}
LESSON_NAMES = {"": "All lessons", **{name: TOPICS[name] for name in LESSONS}}


@st.fragment
@part("The flashcards", REVISION.back())
def draw() -> None:
    """Draw the card on top with all that can be done with it; nothing else of the page runs again."""
    with st.container(horizontal=True, key="cards-choice"):
        for label, name, names in (
            ("Kind", "kind", {"": "All cards", **KIND_NAMES}),
            ("Lesson", "lesson", LESSON_NAMES),
        ):
            st.selectbox(
                label, list(names), format_func=names.__getitem__, width=165, label_visibility="collapsed",
                **REVISION.setting(name, _pick),
            )  # fmt: skip
    deck = _deck()
    _keep(deck)
    REVISION.publish(REVISION.collect())  # first: whoever sees an answer counted may reload
    _counts(deck)
    if (card := deck.card) is None:
        _end(deck)
    else:
        _card(deck, card)


def _deck() -> Deck:
    """The cards as the settings have them."""
    state, cards = st.session_state, all_cards()
    return Deck(
        cards, kind=state[REVISION.key("kind")], lesson=state[REVISION.key("lesson")], seed=state[REVISION.key("seed")],
        at=state[REVISION.key("at")], turned=state.get(TURNED, False),
        marks=unpacked(state[REVISION.key("marks")], cards),
    ).begun()  # fmt: skip


def _keep(deck: Deck) -> None:
    REVISION.write(at=deck.at, marks=packed(deck), seed=deck.seed, turned=deck.turned)


def _do(change: Callable[[Deck], Deck]) -> None:
    _keep(change(_deck()))


def _pick() -> None:
    """Other cards: the first of them comes on top, its front up."""
    REVISION.write(at="", turned=False)


def _shuffle() -> None:
    """Another order, from the first card."""
    REVISION.write(seed=int(np.random.default_rng().integers(1, MOST_SEEDS)), at="", turned=False)


def _counts(deck: Deck) -> None:
    known, again, of = deck.count("known"), deck.count("again"), len(deck.order)
    left = f"**{known}** of {of} known" + (f", **{again}** to see again" if again else "")
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="cards-counts"
    ):
        st.markdown(left)
        with st.container(horizontal=True, width="content"):
            st.button("Shuffle", type="tertiary", key="revision.shuffle", on_click=caught(_shuffle), disabled=not of)
            st.button(
                "Start over", type="tertiary", key="revision.over", on_click=caught(_do), args=(Deck.fresh,),
                disabled=not known + again,
            )  # fmt: skip
    elements.bar(known, again, of)


def _card(deck: Deck, card: Card) -> None:
    with st.container(key="card"):
        st.caption(f"{KINDS[card.kind]} · {TOPICS[card.lesson]}")
        with st.container(key="card-front"):
            st.markdown(sheet.in_colour(card.front))
        if deck.turned:
            with st.container(key="card-back"):
                st.markdown(sheet.in_colour(card.back))
    elements.spoken(inline(card.back if deck.turned else f"{KINDS[card.kind]}. {card.front}"), key="card-spoken")
    _keys(deck)
    st.caption(say("revision", "cards"))


def _keys(deck: Deck) -> None:
    turn = "Turn back" if deck.turned else "Turn"
    with st.container(horizontal=True, key="card-keys"):
        _button("Before", "back", "Left", partial(Deck.move, by=-1))
        _button(turn, "turn", "Space", Deck.turn, primary=not deck.turned)
        _button("Next", "next", "Right", partial(Deck.move, by=1))
        _button("Known", "known", "1", partial(Deck.mark, mark="known"))
        _button("Again", "again", "2", partial(Deck.mark, mark="again"))


def _button(label: str, name: str, shortcut: str, change: Callable[[Deck], Deck], *, primary: bool = False) -> None:
    st.button(
        label, key=f"revision.{name}", shortcut=shortcut, on_click=caught(_do), args=(change,),
        type="primary" if primary else "secondary",
    )  # fmt: skip


def _end(deck: Deck) -> None:
    """No card is left: either all are known, or there is none of this kind in this lesson."""
    with st.container(key="card"):
        if not deck.order:
            st.markdown(say("revision", "none"))
            return
        st.markdown(say("revision", "all-known"))
        st.button(
            "Go through them again", type="primary", key="revision.more", on_click=caught(_do), args=(Deck.fresh,)
        )
