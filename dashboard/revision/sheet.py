"""The sheet on the page: the sections of `quiz.revision.markdown`, with the symbols in their colours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from dashboard.kit.navigation import way
from dashboard.kit.words import coloured, say
from quiz.lessons import TOPICS
from quiz.revision import markdown
from quiz.revision.schema import Term
from quiz.revision.sheet import by_lesson, load_sheet

SECTIONS: Mapping[str, str] = {
    "take-aways": "The chapter’s take-aways, and what holds",
    "mistakes": "Common mistakes",
    "remedies": "Problems and remedies",
    "steps": "Training in five steps",
    "formulas": "Formulas",
    "comparison": "RNN and LSTM",
    "sources": "Sources",
    "glossary": "Glossary",
}
"""Anchors of the sections with their short names."""

_FORMULA = re.compile(r"\$[^$]+\$")
_ROLES = (  # the first that matches at a place decides
    ("own_loss", r"dh\^\{\\text\{out\}\}_t"),
    ("gradient", r"(?<![A-Za-z\\])d(?:[hc](?:\^\{\\text\{next\}\})?_(?:t|\{t-1\})|a_[tifog]|[xz]_t|W_[xhy]|b(?:_y)?)"),
    *((role, rf"(?<![A-Za-z\\]){role}_(?:t|\{{t-1\}})(?:\^\\top)?") for role in "ifogch"),
)
_SYMBOL = re.compile("|".join(f"(?P<{role}>{pattern})" for role, pattern in _ROLES))


def in_colour(text: str) -> str:
    """Markdown of ours with the cell's quantities and the gradients in the palette's colours, inside its formulas."""
    return coloured(_FORMULA.sub(lambda formula: _SYMBOL.sub(_role, formula[0]), text))


def _role(symbol: re.Match[str]) -> str:
    return rf"\textcolor{{{symbol.lastgroup}}}{{{symbol[0]}}}"


@lru_cache(maxsize=1)
def texts() -> Mapping[str, Mapping[str, str]]:
    """The Markdown of each section, by its parts: lessons, cells, or "" for a section of one part."""
    sheet = load_sheet()
    claims = by_lesson([(sheet.lesson(entry), entry) for entry in sheet.takeaways])
    wrong = by_lesson([(sheet.lesson(entry), entry) for entry in sheet.mistakes])
    terms = by_lesson([(term.lesson, term) for term in sheet.terms])
    found: dict[str, dict[str, str]] = {
        "take-aways": {lesson: markdown.take_aways(entries, sheet) for lesson, entries in claims.items()},
        "mistakes": {lesson: markdown.mistakes(entries, sheet) for lesson, entries in wrong.items()},
        "remedies": {"": markdown.remedies(sheet.remedies)},
        "steps": {"": markdown.steps(sheet)},
        "formulas": {name: markdown.formulas(entries) for name, entries in markdown.groups(sheet).items()},
        "comparison": {"": markdown.comparison(sheet.comparison)},
        "sources": {"": markdown.sources(sheet.sources)},
        "glossary": {lesson: markdown.terms(entries) for lesson, entries in terms.items()},
    }
    return {name: {part: in_colour(text) for part, text in parts.items()} for name, parts in found.items()}


def draw() -> None:
    """Draw the whole sheet."""
    with st.container(key="sheet-contents"):
        st.markdown(" · ".join(f"[{name}](#{anchor})" for anchor, name in SECTIONS.items()))
    for anchor, parts in texts().items():
        with st.container(key=f"sheet-{anchor}"):
            _section(anchor, parts)


def _section(anchor: str, parts: Mapping[str, str]) -> None:
    st.divider()
    st.header(SECTIONS[anchor], anchor=anchor)
    if anchor in ("formulas", "comparison", "glossary", "sources"):
        st.caption(say("revision", anchor))
    for part, text in parts.items():
        if part in TOPICS:
            where, what = st.columns([1, 4], gap="medium")
            with where:
                way(part)
            what.markdown(text)
        else:
            if part:
                st.subheader(part, anchor=False)
            st.markdown(text)


def term(entry: Term) -> None:
    """Draw a term that was looked up, with the way to its lesson."""
    with st.container(key="sheet-term"):
        st.markdown(in_colour(markdown.headword(entry)))
        st.markdown(in_colour(entry.text))
        way(entry.lesson)
