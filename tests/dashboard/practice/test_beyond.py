"""What lies beyond the chapter is marked as such on the pages where questions are listed and asked."""

from __future__ import annotations

import pytest
from support import page_at

from quiz.load import load_bank

MARK = "beyond the chapter"


def test_topics_are_listed_apart_and_marked() -> None:
    """The list of topics has the chapter's first, then all beyond it in one entry, then each with its mark."""
    app = page_at("quiz").run()
    assert not app.exception
    listed = app.selectbox(key="quiz.topic").options
    first = listed.index("Beyond the chapter: all")
    beyond = [name for name in load_bank().concepts if load_bank().beyond(name)]
    assert not any(MARK in title for title in listed[:first])
    assert sorted(listed[first + 1 :]) == sorted(load_bank().title(name) for name in beyond)
    assert all(title.endswith(MARK) for title in listed[first + 1 :])


@pytest.mark.parametrize(
    ("question", "marked"), [("gru-against-lstm", True), ("gen-torch-shapes", True), ("params-rnn-layer", False)]
)
def test_a_question_says_whether_it_lies_beyond_the_chapter(question: str, marked: bool) -> None:
    """The line above the question names its concept, with the mark where it is none of the chapter's."""
    app = page_at("quiz", mode="practice", q=question).run()
    assert not app.exception
    assert any(MARK in caption.value for caption in app.caption) is marked


def test_the_topic_beyond_the_chapter_asks_what_lies_beyond() -> None:
    """Picked as a topic, all of it is asked; no page of a lesson is needed for that."""
    app = page_at("quiz", mode="practice", topic="beyond").run()
    assert not app.exception
    assert any(MARK in caption.value for caption in app.caption)
