"""What came of a mock interview: the score, each question with its checks and time, and what to study next."""

from __future__ import annotations

from datetime import datetime
from html import escape

import streamlit as st

from dashboard.kit.asking.flow import percent
from dashboard.kit.asking.keep import learner, local, mine
from dashboard.kit.navigation import way
from dashboard.kit.words import say
from dashboard.practice import start
from quiz.interview.interview import PACE, Report, Share
from quiz.load import Bank

NUMBERS = ("", "this one", "these two", "these three")
SCALE = 2.0  # the time bars end at so many times the pace


def draw(report: Report, bank: Bank, at: datetime) -> None:
    """Draw the report and the ways on.

    Args:
        report: What came of the interview.
        bank: For the questions' words.
        at: When it ended.
    """
    day = local(at)
    st.caption(f"Practise · mock interview · {day.day} {day:%b %Y}")
    st.title("Your mock interview", anchor=False)
    slow = f"{report.slow} question{'s' * (report.slow != 1)} over {clock(PACE)}"
    figures = (
        (percent(report.score), f"{report.right} of {report.checks} checks right"),
        (f"{report.flawless} of {len(report.questions)}", "questions without a miss"),
        (clock(report.seconds), f"minutes, {slow}"),
    )
    st.html('<dl class="figures">' + "".join(f"<div><dt>{b}</dt><dd>{a}</dd></div>" for a, b in figures) + "</dl>")
    questions, advice = st.columns([12, 7], gap="large")
    with questions:
        rows = "".join(_row(number, share, bank) for number, share in enumerate(report.questions, 1))
        st.html(
            '<table class="report"><thead><tr><td></td><th>question</th><th>checks</th>'
            f"<th>time, line at {clock(PACE)}</th><td></td></tr></thead><tbody>{rows}</tbody></table>"
        )
    with advice:
        _strong(report, bank)
        _study(report, bank)
    st.divider()
    with st.container(horizontal=True):
        if st.button("Another interview", key="quiz.again"):
            mine().save_interview(learner(), None)
            start.go(mode="interview")
        if st.button("All ways to practise", key="quiz.back"):
            start.go()


def _strong(report: Report, bank: Bank) -> None:
    st.header("Strong", anchor=False)
    rows = "".join(
        f"<tr><td>{escape(bank.concepts[share.id].title)}</td><td>{share.right} of {share.checks}</td></tr>"
        for share in report.strong
    )
    if rows:
        st.html(f'<table class="strong"><tbody>{rows}</tbody></table>')
    else:
        st.markdown(say("practice", "none-strong"))


def _study(report: Report, bank: Bank) -> None:
    st.header("Study next", anchor=False)
    if not report.study:
        st.markdown(say("practice", "nothing-to-study"))
        return
    for share in report.study:
        concepts = ", ".join(bank.concepts[name].title for name in bank[share.id].concepts)
        st.markdown(f"{bank[share.id].prompt} :gray[{share.right} of {share.checks}]  \n:gray[{concepts}]")
        for name in share.lessons:
            way(name)
    if st.button(f"Practise {NUMBERS[len(report.study)]}", type="primary", key="quiz.study"):
        first, *rest = (share.id for share in report.study)
        start.go(mode="practice", q=first, list=",".join(rest))


def _row(number: int, share: Share, bank: Bank) -> str:
    """One question: filled squares right, hollow ones missed, its time against the pace."""
    boxes = '<i class="met"></i>' * share.right + '<i class="missed"></i>' * (share.checks - share.right)
    words = f"{share.right} of {share.checks}"
    over = share.seconds > PACE
    width = 100 * min(share.seconds / (SCALE * PACE), 1)
    bar = f'<span class="bar"><i class="{"over" * over}" style="width: {width:.1f}%"></i></span>'
    return (
        f"<tr><td>{number}</td><th scope='row'>{escape(bank[share.id].prompt)}</th>"
        f'<td><span class="boxes" aria-hidden="true">{boxes}</span> <span class="count">{words}</span></td>'
        f"<td>{bar}</td><td>{clock(share.seconds)}{'<span class=unseen> over the line</span>' * over}</td></tr>"
    )


def clock(seconds: float) -> str:
    """Seconds as minutes:seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
