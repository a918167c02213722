"""The verdict on one's own words, in practice and in the debrief: what shows it, what is missing, and "I disagree"."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import streamlit as st

from dashboard.kit.asking import elements, keep
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


def head(spoken: Spoken, again: Callable[[], object], *, focus: bool = False) -> None:
    """Draw the verdict with how sure it is, and the way to disagree with it; that nothing was written otherwise.

    Args:
        spoken: The answer.
        again: Draws the place again.
        focus: Whether the verdict takes the focus.
    """
    said = spoken.said
    if said is None:
        st.markdown(say("asking", "nothing-written"))
        return
    name = f"{spoken.key}.words"
    with st.container(key=f"verdict-{spoken.key}", horizontal=True, vertical_alignment="center", gap="medium"):
        if spoken.disagreed:
            more = f" · the verdict “{VERDICTS[said.verdict].lower()}” is withdrawn" if said.decided else ""
            elements.verdict("You disagree", more, "", shape="dashed", key=name, focus=focus)
        else:
            more = f" · {how_sure(said.confidence)}" if said.decided else ""
            shape = SHAPES[said.verdict]
            elements.verdict(VERDICTS[said.verdict], more, "", shape=shape, key=name, focus=focus)
        if said.decided or spoken.disagreed:
            _objection(spoken, said, again)
    st.caption(say("asking", "withdrawn" if spoken.disagreed else "not-scored" if said.decided else "undecided"))


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
        st.markdown("**Key points**")
        mark = {True: "☑ ", False: "☐ "} if ticked else {True: "", False: ""}
        _listed(spoken, [point.id for point in spoken.question.points], mark, ticked)
        return
    found = [point.id for point in spoken.verdict.points]
    missing = [point.id for point in spoken.question.points if point.id not in found]
    st.markdown(f"**Key points** :gray[{len(found)} of {of} found]")
    _listed(spoken, found, {False: ""})
    if missing:
        st.markdown("**Missing**")
        _listed(spoken, missing, {False: ""})


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
    if not st.button(label, key=f"{spoken.key}.disagree", type="tertiary" if spoken.disagreed else "secondary"):
        return
    try:
        if spoken.disagreed:
            keep.agree(spoken.key)
        else:
            keep.disagree(spoken.key, spoken.question.id, said)
    except StoreError as problem:
        st.warning(escaped(str(problem)))
        return
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


def _listed(spoken: Spoken, ids: Collection[str], mark: dict[bool, str], ticked: Collection[str] = ()) -> None:
    with st.container(gap="small"):
        for number, point in enumerate(spoken.question.points, 1):
            if point.id in ids:
                st.markdown(f"{mark[point.id in ticked]}:gray[{number}] {point.text}")
