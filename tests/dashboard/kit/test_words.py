"""The words of the pages, by file and anchor."""

from __future__ import annotations

import pytest

from dashboard.kit import rooms, words


@pytest.mark.parametrize("page", rooms.files("words.md"))
def test_every_file_of_words_can_be_read(page: str) -> None:
    """Each `words.md` splits into sections that all have words."""
    assert all(words.say(page, anchor) for anchor in words.sections(page))


def test_section_is_returned_without_its_heading() -> None:
    """Words come back as they stand between two headings; a smaller heading belongs to them."""
    found = words.parse("## one\n\nFirst *words*.\n\n### Part\nMore.\n\n## two-b\nLast.\n", "a.md")
    assert dict(found) == {"one": "First *words*.\n\n### Part\nMore.", "two-b": "Last."}


def test_missing_anchor_names_the_ones_there_are() -> None:
    """A mistyped anchor fails with the file's name and its anchors, not with empty words."""
    with pytest.raises(KeyError, match=r"anchor 'promises' is not in the words of 'home', which have: promise, "):
        words.say("home", "promises")


@pytest.mark.parametrize("page", ["hom", "../README", ""])
def test_missing_page_names_the_ones_there_are(page: str) -> None:
    """A page without a file, or a path that leaves the folder, fails with the list of files."""
    with pytest.raises(KeyError, match=r"has no words\.md; these have: .*home"):
        words.say(page, "promise")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "must begin with a heading"),
        ("Words.\n## one\nMore.", "must begin with a heading"),
        ("## Not An Anchor\nWords.", "must begin with a heading"),
        ("## one\n## two\nWords.", "'one' has no words"),
        ("## one\nWords.\n## one\nMore.", "'one' stands there twice"),
    ],
)
def test_faulty_file_is_refused(text: str, complaint: str) -> None:
    """Words that no anchor reaches, empty sections and doubled anchors are errors that name the file."""
    with pytest.raises(ValueError, match=rf"^lessons/x\.md.*{complaint}"):
        words.parse(text, "lessons/x.md")
