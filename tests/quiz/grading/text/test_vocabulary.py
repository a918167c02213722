"""The words that slips of the pen are mended by are the project's own."""

from __future__ import annotations

from quiz.grading.text import vocabulary


def kept(name: str) -> list[str]:
    """A list as it stands beside the grader."""
    return vocabulary.HERE.joinpath(name).read_text(encoding="utf-8").split()


def test_the_subject_s_words_are_those_of_answers_and_lexicon() -> None:
    """They follow from both; `python -m quiz.grading.text.vocabulary` makes them again."""
    assert kept("subject.txt") == vocabulary.subject()


def test_what_the_project_writes_is_no_slip() -> None:
    """Nearly all of its words are known; pages that were written since may bring a few new ones, and typos never do."""
    words, now = set(kept("words.txt")), set(vocabulary.english())
    assert set().union(*vocabulary.said()) <= words
    assert len(words & now) > 0.9 * len(now)
