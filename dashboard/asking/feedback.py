"""What a learner is told after an answer: the verdict in words, each point, the slip by its name, and why."""

from __future__ import annotations

import streamlit as st

from dashboard.words import escaped, say
from quiz.grading import Grade, answer_text
from quiz.schema import Exact

MARKS = {
    "correct": ":green[✓ **Right**]",
    "partial": ":orange[◐ **Partly right**]",
    "wrong": ":red[✗ **Not right**]",
    "undecided": "– **Not judged**",
}
SEVERAL = ("multi", "claims", "cloze", "order")


def right_answer(question: Exact) -> str:
    """The right answer, as Markdown of ours."""
    text = answer_text(question)
    return f"`{text}`" if question.kind in ("formula", "shape", "numeric", "count", "predict") else text


def draw(question: Exact, grade: Grade, *, answer: bool = True) -> None:
    """Draw the feedback to one exact question.

    Args:
        question: What was asked.
        grade: What came of it.
        answer: Whether the right answer is shown with a wrong one.
    """
    met = sum(point.met for point in grade.points)
    count = f" · {met} of {len(grade.points)}" if len(grade.points) > 1 else ""
    read_as = (
        f" · read as {escaped(grade.read_as)}" if grade.read_as and question.kind not in ("choice", *SEVERAL) else ""
    )
    st.markdown(MARKS[grade.verdict] + count + read_as)
    if question.kind in SEVERAL:
        for point in grade.points:
            mark = ":green[✓ right]" if point.met else ":red[✗ missed]"
            st.markdown(f"{mark} {point.text}" + (f"  \n{point.reply}" if point.reply else ""))
    else:
        for reply in dict.fromkeys(grade.mistakes or [point.reply for point in grade.points if point.reply]):
            st.markdown(reply)
    if answer and grade.verdict != "correct" and question.kind not in ("claims", "multi"):
        st.markdown(f"{say('quiz', 'answer')} {right_answer(question)}")
    st.markdown(question.explanation)
