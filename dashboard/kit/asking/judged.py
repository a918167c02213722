"""The verdict on one's own words, in practice and in the debrief: what shows it, what is missing, and "I disagree"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.kit.asking import elements, flow, keep
from dashboard.kit.asking.marks import Piece, letter, pieces
from dashboard.kit.words import escaped, say
from quiz.errors import StoreError
from quiz.grading.text.grader import TextGrade
from quiz.grading.text.told import VERDICTS, how_sure, unnamed
from quiz.measured import measured, told
from quiz.schema import Open

SHAPES = {"correct": "full", "partial": "half", "wrong": "empty", "undecided": "dashed"}
MARKS = {"correct": "●", "partial": "◐", "wrong": "○", "undecided": "◌"}
LEGEND = (
    '<p class="legend"><span class="point">words</span> that show a key point'
    '<span class="against">words</span> that state a misconception</p>'
)
PLAIN_LEGEND = '<p class="legend"><span class="point">words</span> that show a key point</p>'


@dataclass(frozen=True)
class Spoken:
    """An answer in words and what was made of it.

    Attributes:
        question: What was asked.
        text: The learner's own words.
        said: The verdict on them; None where nothing was written.
        key: The attempt's key.
        disagreed: Whether the learner does not accept the verdict.
    """

    question: Open
    text: str
    said: TextGrade | None
    key: str
    disagreed: bool = False

    @property
    def verdict(self) -> TextGrade | None:
        """The verdict, if there is one that stands."""
        return self.said if self.said and self.said.decided and not self.disagreed else None


def head(spoken: Spoken, again: Callable[[], object]) -> None:
    """Draw the verdict with how sure it is, and the way to disagree with it; that nothing was written otherwise.

    A verdict that is new takes the focus.

    Args:
        spoken: The answer.
        again: Draws the place again.
    """
    said = spoken.said
    if said is None:
        st.markdown(say("asking", "nothing-written"))
        return
    name, shape = f"{spoken.key}.words", SHAPES["undecided" if spoken.disagreed else said.verdict]
    first, turned = flow.focused(spoken.key), flow.focused(f"{spoken.key}.turned")
    title, more = VERDICTS[said.verdict], f" · {how_sure(said.confidence)} · no part of the score"
    if spoken.disagreed:
        title, more = "You disagree", f" · the verdict “{title.lower()}” is withdrawn"
    with st.container(key=f"verdict-{spoken.key}", horizontal=True, vertical_alignment="center", gap="small"):
        more = more if said.decided else ""
        elements.verdict(title, more, "", key=name, focus=first or turned, shape=shape, scroll=first)
        if said.decided or spoken.disagreed:
            _objection(spoken, said, again)
    if not spoken.verdict:
        st.caption(say("asking", "withdrawn" if spoken.disagreed else "undecided"))


def words(spoken: Spoken, *, model_answer: bool = True) -> None:
    """Draw the words with what they show, the misconceptions in them with their replies, and a model answer."""
    found = spoken.verdict
    own = pieces(spoken.question, spoken.text, found)
    if spoken.text.strip():
        elements.own_words(own, key=f"{spoken.key}.own")
    if any(piece.label for piece in own):
        st.html(LEGEND if any(piece.against for piece in own) else PLAIN_LEGEND)
    if found:
        _misconceptions(spoken, found)
    if found and (why := unnamed(found)):
        st.caption(why)
    if model_answer:
        with st.expander("A model answer", expanded=found is None, key=f"{spoken.key}.model", type="compact"):
            st.markdown(spoken.question.model_answer)


def points(spoken: Spoken, *, ticked: Collection[str] = ()) -> None:
    """Draw the key points: those found in the words and those missing, or all of them where there is no verdict.

    Args:
        spoken: The answer.
        ticked: Points that the learner ticked where there was no verdict.
    """
    of = len(spoken.question.points)
    if spoken.verdict is None:
        signs = {point.id: ("☑ " if point.id in ticked else "☐ ") if ticked else "" for point in spoken.question.points}
        _listed(spoken, "**Key points**", signs)
        return
    found = {point.id for point in spoken.verdict.points}
    stated = {point.id: "" for point in spoken.question.points if point.id in found}
    _listed(spoken, f"**Key points** :gray[{len(stated)} of {of} found]", stated)
    if missing := {point.id: "" for point in spoken.question.points if point.id not in found}:
        _listed(spoken, "**Missing**", missing)


def how_judged() -> None:
    """Draw the folded lines that say how words are judged, with the grader's figures."""
    with st.expander("How this is judged", type="compact"):
        st.markdown(say("asking", "how-judged").format(figures=told(measured().grader)))


def own(text: str, key: str) -> None:
    """Draw the words as they are, or that nothing was written."""
    if text.strip():
        elements.own_words((Piece(text),), key=f"{key}.plain")
    else:
        st.markdown(say("asking", "nothing-written"))


def _objection(spoken: Spoken, said: TextGrade, again: Callable[[], object]) -> None:
    """One press disagrees, another takes it back; both are kept at once."""
    label = "Take it back" if spoken.disagreed else "I disagree"
    if not st.button(label, key=f"{spoken.key}.disagree"):
        return
    try:
        if spoken.disagreed:
            keep.agree(spoken.key)
        else:
            keep.disagree(spoken.key, spoken.question.id, said)
    except StoreError as problem:
        st.warning(escaped(str(problem)))
        return
    st.session_state[flow.FOCUS] = f"{spoken.key}.turned"
    again()


def _misconceptions(spoken: Spoken, found: TextGrade) -> None:
    stated = {wrong.id for wrong in found.misconceptions}
    for item in spoken.question.misconceptions:
        if item.id in stated:
            name = f": {item.name}" if item.name else ""
            with st.container(key=f"said-{spoken.key}-{item.id}"):
                st.markdown(
                    f"**:red[{letter(spoken.question, item.id)} · Misconception{name}.]** {item.text}  \n{item.reply}"
                )


def _listed(spoken: Spoken, title: str, signs: Mapping[str, str]) -> None:
    """Some key points under a title, each with its number and what stands before it."""
    with st.container(gap="xsmall"):
        st.markdown(title)
        for number, point in enumerate(spoken.question.points, 1):
            if point.id in signs:
                st.markdown(f"{signs[point.id]}:gray[{number}] {point.text}")
