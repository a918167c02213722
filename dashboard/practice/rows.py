"""One question of a debrief: closed, how it went; open, the verdict on one's own words, and every check."""

from __future__ import annotations

from typing import Any, NoReturn

import streamlit as st

from dashboard.kit.asking import elements, feedback, judged
from dashboard.kit.asking.judged import MARKS, Spoken
from dashboard.kit.asking.marks import Piece
from dashboard.kit.boundary import part
from dashboard.kit.navigation import way
from dashboard.kit.words import say
from dashboard.practice import start
from quiz.grading.text.told import VERDICTS
from quiz.interview.debrief import Judged, Row
from quiz.interview.follow_ups import Talk
from quiz.interview.pace import clock
from quiz.load import load_bank

STAYS = "debrief.stays"


def head(*, clocked: bool) -> str:
    """What stands in the columns of closed rows, as HTML."""
    names = ["question", "checks", "key points", "your text", *["time"] * clocked]
    return '<p class="debrief-head">' + "".join(f"<span>{name}</span>" for name in names) + "</p>"


def draw(row: Row, interview: str, *, clocked: bool, opened: bool) -> None:
    """Draw one row, in a fragment of its own: opening it runs nothing else.

    Args:
        row: The question.
        interview: The interview's key.
        clocked: Whether times are told.
        opened: Whether it is open at first.
    """
    _row(row, f"{interview}.{row.number}", clocked, opened)


@st.fragment
def _row(row: Row, key: str, clocked: bool, opened: bool) -> None:
    if st.session_state.get(STAYS) == key:  # another label makes another row of it, which would be closed
        del st.session_state[STAYS]
        st.session_state[f"{key}.row"] = True
    with part(f"Question {row.number}", key=f"debrief-{row.number}"), st.container(key=f"debrief-row-{row.number}"):
        label = _label(row, clocked)
        with st.expander(label, expanded=opened, on_change="rerun", key=f"{key}.row", type="compact") as fold:
            if fold.open:
                _open(row, key, clocked)


def _label(row: Row, clocked: bool) -> str:
    """The question, squares for its checks, dots for its key points, the verdict on the text, and its time."""
    share = row.share
    back = [each.met for each in row.followed if each.met is not None]
    asked = f" · follow-up {'right' if all(back) else 'missed'}" if back else ""
    boxes = f":green[{'■' * share.right}]:red[{'□' * (share.checks - share.right)}]"
    parts = [
        f"**{row.number}. {row.question.prompt}**",
        f":gray[{boxes} {share.right} of {share.checks}{asked}]",
        f":gray[{_dots(row)}]",
        f":gray[{_text(row)}]",
    ]
    return " ".join([*parts, f":gray[{clock(share.seconds)}{' over' * share.slow}]"] if clocked else parts)


def _dots(row: Row) -> str:
    """A dot for each key point, filled where it was found; "–" where no verdict stands behind them."""
    if not row.verdict:
        return "–"
    found, of = len(row.verdict.points), len(row.question.points)
    return f"{'●' * found}{'○' * (of - found)} {found} of {of}"


def _text(row: Row) -> str:
    """The verdict on a text in a sign and a few words."""
    if row.said is None:
        return "– no text"
    if row.disagreed:
        return f"{MARKS['undecided']} you disagree"
    wrong = len(row.misconceptions)
    told = f" :red[{wrong} misconception{'s' * (wrong > 1)}]" if wrong else ""
    return f"{MARKS[row.said.verdict]} {VERDICTS[row.said.verdict].lower()}{told}"


def _open(row: Row, key: str, clocked: bool) -> None:
    if not row.kept:
        st.info(say("practice", "answer-lost"))
    spoken = Spoken(row.question, row.text, row.said, row.key, row.disagreed)
    st.markdown("**Your words**")
    judged.head(spoken, lambda: _again(key))
    left, right = st.columns([13, 10], gap="large")
    with left:
        judged.words(spoken)
    with right:
        judged.points(spoken)
    for number, one in enumerate(row.checks, 1):
        _check(f"{number}. ", one, f"{key}.{number}")
    for number, one in enumerate(row.followed, 1):
        st.caption(f"The interviewer asked back{f' · {clock(one.seconds)}' if clocked else ''}")
        _check("", one, f"{key}.back.{number}")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if st.button("Practise this question", key=f"{key}.practise"):
            start.go(mode="practice", q=row.question.id)
        for name in load_bank().lessons(load_bank()[row.question.id]):
            way(name)
    if clocked:
        st.caption(say("practice", "time-of").format(time=clock(row.share.seconds), pace=clock(row.share.pace)))


def _again(key: str) -> NoReturn:
    """Draw the whole page again, with this row open: the verdicts that stand are counted above."""
    st.session_state[STAYS] = key
    st.rerun()


def _check(number: str, one: Judged, key: str) -> None:
    """A check as it was asked, with the answer given, the right one and the reason."""
    with st.container(key=f"check-{key}"):
        if one.ask is None:
            st.markdown(f"**{number}**{say('practice', 'check-changed')} {'✓' if one.met else '✕'}")
            return
        head, _, rest = one.ask.prompt.partition("\n\n")
        st.markdown(f"**{number}{head}**\n\n{rest}")
        if isinstance(one.ask, Talk):
            _talked(one.ask, one.response, key)
            return
        elements.code(one.ask.code)
        if one.response is None or one.grade is None:
            st.markdown(f"**:red[{say('practice', 'left-blank')}]**")
            feedback.details(one.ask, None, key)
            return
        words, tone = feedback.VERDICTS[one.grade.verdict]
        colour = {"right": "green", "wrong": "red"}.get(tone, "gray")
        slips = f" · “{'”, “'.join(one.slips)}”" if one.slips else ""
        st.markdown(f"**:{colour}[{words}]**{slips}")
        feedback.details(one.ask, one.response, key)


def _talked(ask: Talk, response: Any, key: str) -> None:
    if isinstance(response, str) and response.strip():
        elements.own_words((Piece(response),), key=f"{key}.said")
    else:
        st.markdown(say("practice", "passed"))
    st.markdown(f"**A model answer**  \n{ask.model_answer}")
    st.markdown("\n".join(f"- {point.text}" for point in ask.points))
    st.caption(say("practice", "not-judged"))
