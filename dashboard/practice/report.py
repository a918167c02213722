"""The debrief of a mock interview: the result in one sentence, what to study next, and each question to open."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.asking import interviews
from dashboard.kit.asking.flow import percent
from dashboard.kit.asking.keep import disagreed, local, mine
from dashboard.kit.boundary import part
from dashboard.kit.navigation import way
from dashboard.kit.people.who import learner
from dashboard.kit.words import say
from dashboard.practice import rows, start
from quiz.interview.debrief import Debrief, Study, debrief
from quiz.interview.follow_ups import load_follow_ups
from quiz.interview.interview import Interview
from quiz.interview.pace import clock
from quiz.interview.past import Past, past
from quiz.load import Bank, load_bank
from quiz.measured import measured, told

NUMBERS = ("", "this one", "these two", "these three")
MOST = 3  # questions that are practised at once


def draw(key: str) -> None:
    """Draw the debrief of an interview that is over, or say that there is none.

    Args:
        key: Its key in the store.
    """
    one = next((each for each in past(mine().interviewed(learner())) if each.key == key), None)
    bank = load_bank()
    interview = _readable(bank, one) if one else None
    if one is None or interview is None:
        st.title("No such interview", anchor=False)
        st.markdown(say("practice", "no-interview"))
        if st.button("All ways to practise", key="quiz.back"):
            start.go()
        return
    asked = [attempt for name in interview.questions for attempt in mine().attempts(learner(), name)]
    found = debrief(bank, load_follow_ups(), interview, asked, disagreed())
    day = local(one.ended_at)
    st.caption(f"Practise · mock interview · {day.day} {day:%b %Y}")
    st.title("Your mock interview", anchor=False)
    with st.container(key="finding-debrief"):
        st.markdown(found.sentence)
    with st.container(key="debrief-figures"):
        st.html(_figures(found))
    st.divider()
    left, right = st.columns([11, 8], gap="large")
    with left:
        _study(found)
    with right:
        with part("Your interviews"):
            interviews.draw(present=key)
        _strong(found, bank)
    st.divider()
    st.header("Question by question", anchor=False)
    st.caption(say("practice", "open-a-row"))
    st.html(rows.head(clocked=interview.clock))
    for row in found.rows:
        rows.draw(row, key, clocked=interview.clock, opened=row.number == found.weakest)
    st.divider()
    with st.container(horizontal=True):
        if st.button("Another interview", key="quiz.again"):
            _another()
        if st.button("All ways to practise", key="quiz.back"):
            start.go()
    with st.expander("How this is judged", type="compact"):
        st.markdown(say("practice", "how-judged").format(figures=told(measured().grader)))


def _readable(bank: Bank, one: Past) -> Interview | None:
    try:
        return Interview.resumed(bank, one.interview.to_json())
    except ValueError:
        return None


def _another() -> None:
    """Begin another interview of the same kind; one under way is never thrown away for it."""
    kept = mine().interview(learner())
    try:
        over = kept is None or Interview.from_json(kept).done
    except ValueError:
        over = True
    if over:
        mine().save_interview(learner(), None)
    start.go(mode="interview")


def _figures(found: Debrief) -> str:
    """Figures: what was right, what was said, and how it was done."""
    report, interview = found.report, found.interview
    back = [each for row in found.rows for each in row.followed if each.met is not None]
    verdicts = [row.verdict for row in found.rows if row.verdict]
    points = sum(len(row.question.points) for row in found.rows if row.verdict)
    of = len(report.questions)
    figures = [
        (percent(report.score), f"of the credit, {report.right} of {report.checks} checks right"),
        (f"{report.flawless} of {of}", "without a miss"),
    ]
    if back:
        figures.append((f"{sum(bool(each.met) for each in back)} of {len(back)}", "checked follow-ups right"))
    if verdicts:
        said, several = sum(len(each.points) for each in verdicts), "s" * (len(verdicts) > 1)
        figures.append((f"{said} of {points}", f"key points said, {len(verdicts)} text{several} judged"))
    if interview.clock:
        figures.append((clock(report.seconds), f"minutes, {report.slow} over the pace"))
    else:
        words = sum(bool(row.text.strip()) for row in found.rows)
        figures.append((f"{words} of {of}", "answered in your own words"))
    return '<dl class="figures">' + "".join(f"<div><dt>{b}</dt><dd>{a}</dd></div>" for a, b in figures) + "</dl>"


def _study(found: Debrief) -> None:
    st.header("Study next", anchor=False)
    if not found.study:
        st.markdown(say("practice", "nothing-to-study"))
        return
    for number, item in enumerate(found.study):
        with st.container(key=f"study-{number}", gap=None):
            _item(item)
    names = list(dict.fromkeys(name for item in found.study for name in item.questions))[:MOST]
    if st.button(f"Practise {NUMBERS[len(names)]}", type="primary", key="quiz.study"):
        first, *rest = names
        start.go(mode="practice", q=first, list=",".join(rest))


def _item(item: Study) -> None:
    st.markdown(f"**{item.title}**  \n{item.why}")
    with st.container(horizontal=True, gap="medium"):
        for name in item.lessons:
            way(name)


def _strong(found: Debrief, bank: Bank) -> None:
    st.subheader("Strong", anchor=False)
    if not found.report.strong:
        st.markdown(say("practice", "none-strong"))
        return
    lines = [f"- {bank.concepts[one.id].title} :gray[{one.right} of {one.checks}]" for one in found.report.strong]
    with st.container(key="strong"):
        st.markdown("\n".join(lines))
