"""Files to take along: made on the click, not before."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.people.who import now
from dashboard.kit.words import say
from quiz.lessons import LESSONS, TOPICS

NAME = "unrolled-revision"
QUESTIONS = "unrolled-questions"


def draw() -> None:
    """Draw the downloads of cards and sheet, those of the questions, and how to print."""
    st.markdown(say("revision", "take-along"))
    with st.container(horizontal=True):
        st.download_button(
            "Anki", _anki, f"{NAME}.apkg", "application/octet-stream", key="revision.anki", on_click="ignore"
        )
        st.download_button("CSV", _csv, f"{NAME}.csv", "text/csv", key="revision.csv", on_click="ignore")
        st.download_button("Markdown", _markdown, f"{NAME}.md", "text/markdown", key="revision.md", on_click="ignore")
    st.markdown(say("revision", "take-questions"))
    with st.container(horizontal=True):
        st.download_button(
            "Moodle XML", _moodle, f"{QUESTIONS}.xml", "application/xml", key="revision.moodle", on_click="ignore"
        )
        st.download_button("GIFT", _gift, f"{QUESTIONS}.gift.txt", "text/plain", key="revision.gift", on_click="ignore")
    st.caption(say("revision", "print"))


def _anki() -> bytes:
    from quiz.revision import anki  # with the libraries it brings
    from quiz.revision.cards import all_cards

    return anki.package(all_cards(), now())


def _csv() -> bytes:
    from quiz.revision import anki
    from quiz.revision.cards import all_cards

    return anki.table(all_cards())


def _moodle() -> bytes:
    from quiz.load import load_bank
    from quiz.revision import exchange, moodle

    return moodle.document(exchange.items(load_bank()))


def _gift() -> bytes:
    from quiz.load import load_bank
    from quiz.revision import exchange, gift

    return gift.document(exchange.items(load_bank()))


def _markdown() -> bytes:
    from quiz.revision import markdown
    from quiz.revision.sheet import load_sheet

    return markdown.document(load_sheet(), {name: TOPICS[name] for name in LESSONS}).encode()
