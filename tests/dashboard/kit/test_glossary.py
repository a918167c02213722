"""The lessons' terms: each is in the glossary, and is a link to it where it first stands."""

from __future__ import annotations

import re

import pytest

from dashboard.kit import rooms, words
from dashboard.kit.glossary import BOLD, linked
from quiz.lessons import LESSONS
from quiz.revision.terms import load_terms

EMPHASIS = {
    *("transformed", "mixed", "forgotten"),  # what happens to a word on its way through the states
    *("forget", "keep", "add", "and exploding"),  # what the gates are asked for
    *("kept", "replaced", "calculated", "Two", "ahead"),  # what a task asks for, and who does it better
}
"""Bold in a lesson, and no terms."""


@pytest.mark.parametrize("page", rooms.files("words.md"))
def test_every_bold_term_has_an_entry(page: str) -> None:
    """What a page explains in bold can be looked up."""
    missing = {
        bold[1]
        for text in words.sections(page).values()
        for bold in BOLD.finditer(text)
        if bold[1] not in load_terms() and bold[1] not in EMPHASIS
    }
    assert not missing, (
        f"the words of {page} set in bold what the glossary does not have: {', '.join(sorted(missing))}. Add a "
        "[[term]] to quiz/revision/content/terms.toml, or the word to the `also` of one; "
        "what is no term is set in italics."
    )


@pytest.mark.parametrize("page", LESSONS)
def test_each_term_of_a_lesson_is_linked_once(page: str) -> None:
    """The first place of each term is a link to it, relative to the page; no other place is."""
    shown = "\n".join(words.say(page, anchor) for anchor in words.sections(page))
    found = re.findall(r'\[\*\*([^*]+)\*\*\]\(revision\?term=([a-z0-9-]+) "([^"]+)"\)', shown)
    assert found
    assert [term for _, term, _ in found] == list(dict.fromkeys(load_terms()[bold].id for bold, _, _ in found))
    assert shown.count("](revision?term=") == len(found)


def test_links_stand_at_the_first_place_only_and_leave_the_rest_alone() -> None:
    """Later places, unknown words, links and formulas stay as they are written."""
    sections = {
        "a": "A **gap** of $a^{**}$ and **no term**. The **gap**.",
        "b": "**Gap** again, [**norm**](#x), ***norm*** and **norm**.",
    }
    found = linked("made-up", sections)
    gap = load_terms()["gap"]
    assert found["a"] == (f'A [**gap**](revision?term=gap "{gap.text}") of $a^{{**}}$ and **no term**. The **gap**.')
    assert found["b"].startswith("**Gap** again, [**norm**](#x), ***norm*** and [**norm**](revision?term=norm ")


def test_what_is_said_at_a_link_is_plain_text() -> None:
    """No entry's text can end the title of its link, or be taken for something to fill in."""
    for term in load_terms().terms:
        title = linked(f"of {term.id}", {"a": f"**{term.name}**"})["a"].partition('"')[2].removesuffix('")')
        assert title
        assert not set(title) & set('"{}\\')


def test_pages_that_are_no_lessons_link_no_terms() -> None:
    """On the page of the sheet itself, and on Home, words lead nowhere."""
    for page in ("home", "revision", "practice", "asking"):
        assert not any("](revision" in words.say(page, anchor) for anchor in words.sections(page))


def test_a_heading_that_runs_into_its_text_is_no_term() -> None:
    """Bold words with a full stop are left as they are."""
    assert linked("with a heading", {"a": "**Gap.** A **gap**."})["a"].startswith("**Gap.** A [**gap**](")
