"""The offer to have an answer judged by a model elsewhere: who it is, what it gets, what it was measured to do.

Nothing is sent before the learner has pressed the button, and never to a model that was not proved here.
"""

from __future__ import annotations

import streamlit as st

from dashboard.kit.boundary import caught
from dashboard.kit.hosting import hosted
from dashboard.kit.words import escaped, listed, say
from quiz.corpus.corpus import rubric
from quiz.grading.text.grader import TextGrade
from quiz.grading.text.judge.judging import judged_text
from quiz.grading.text.judge.prompt import items, shown
from quiz.grading.text.judge.proof import Proof, objections, proved, read
from quiz.grading.text.judge.settings import Judge, JudgeError, configured
from quiz.schema import Open

HEIGHT = 320  # px at most of what is sent


def draw(question: Open, text: str, *, key: str) -> TextGrade | None:
    """Draw the offer, or what came of it; nothing where no judge is set.

    Args:
        question: The interview question.
        text: What was answered.
        key: Identity, the attempt's.

    Returns:
        The judge's grade once it spoke; None as long as the built-in grader's counts.
    """
    judge = _judge()
    if judge is None or question.id not in rubric().essential or not text.strip():
        return None
    proof = proved(judge)
    if proof is None:
        _silent(judge)
        return None
    name, asked = f"{key}.judged", (text, judge.model, judge.url)
    kept: tuple[tuple[str, str, str] | None, TextGrade | None] = st.session_state.get(name, (None, None))
    agreed, grade = kept[0] == asked, kept[1]
    if agreed and grade is None:
        with st.spinner(say("asking", "judge-waiting").format(host=escaped(judge.host))):
            grade = judged_text(question, text, judge)
        st.session_state[name] = (asked, grade)
    if agreed and grade and grade.judge:
        names = {"model": escaped(judge.model), "host": escaped(judge.host)}
        st.caption(f"{say('asking', 'judge-spoke').format(**names)} {_figures(proof)}")
        return grade
    with st.container(border=True):
        if agreed:
            st.warning(say("asking", "judge-failed").format(model=escaped(judge.model)))
        _offer(judge, proof, question, text, sent=agreed)
        send = say("asking", "judge-send").format(host=escaped(judge.host))
        st.button(send, key=f"{key}.judge", on_click=caught(_agreed), args=(name, asked))
    return None


def _judge() -> Judge | None:
    """The judge that is set; what is wrong with it is told on one's own machine, where one can mend it."""
    try:
        return configured()
    except JudgeError as problem:
        if not hosted():
            st.warning(listed(problem))
        return None


def _silent(judge: Judge) -> None:
    """Say to the one whose machine it is why their judge is not offered."""
    if hosted():
        return
    try:
        why = "; ".join(objections(read().get(judge.model)))
    except JudgeError as problem:
        st.warning(listed(problem))
        return
    st.caption(say("asking", "judge-silent").format(model=escaped(judge.model), why=escaped(why)))


def _offer(judge: Judge, proof: Proof, question: Open, text: str, *, sent: bool) -> None:
    """Who would judge, how well, and every word that it would get."""
    names = {"model": escaped(judge.model), "host": escaped(judge.host)}
    unsent = "" if sent else f" {say('asking', 'judge-unsent')}"
    st.markdown(say("asking", "judge-offer").format(**names) + unsent)
    st.caption(_figures(proof))
    with st.expander(say("asking", "judge-sent"), type="compact"):
        st.caption(say("asking", "judge-requests").format(count=len(items(question))))
        st.code(shown(question, text), language=None, wrap_lines=True, height=HEIGHT)


def _agreed(name: str, asked: tuple[str, str, str]) -> None:
    """Take the press as consent to these words and this judge; the run that follows sends them."""
    st.session_state[name] = (asked, None)


def _figures(proof: Proof) -> str:
    return say("asking", "judge-figures").format(
        count=proof.count,
        decided=f"{1 - proof.undecided:.0%}",
        right=f"{proof.accuracy:.0%}",
        good=f"{proof.wrong_called_correct / max(proof.wrong, 1):.0%}",
        bad=f"{proof.correct_called_wrong / max(proof.correct, 1):.0%}",
    )
