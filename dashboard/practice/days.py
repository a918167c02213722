"""A plain record of days: how much was answered, beside a goal that the learner may set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard.kit.asking.keep import local, mine
from dashboard.kit.boundary import caught
from dashboard.kit.people.who import learner, now
from dashboard.kit.words import say
from quiz.asides import MOST_A_DAY, Goal
from quiz.practice.progress import days

SHOWN = 14
GOAL = "quiz.goal"
STYLE = f"""<style>
[data-testid="stMain"] .days {{
  display: grid; grid-template-columns: repeat({SHOWN}, minmax(0, 1fr)); gap: 4px; max-width: 40rem; margin: 0;
  padding: 0; list-style: none; text-align: center; font-size: 0.8125rem; line-height: 1.35; color: var(--second_ink);
}}
[data-testid="stMain"] .days li {{ margin: 0; padding: 0; font-size: inherit; }}
.days b {{
  display: block; font-weight: 400; color: var(--ink); min-height: 1.8em; line-height: 1.8; margin-bottom: 4px;
  border-bottom: 1px solid var(--border);
}}
.days .some b {{ border-bottom: 3px solid var(--second_ink); margin-bottom: 2px; }}
.days .reached b {{ border-bottom: 3px solid var(--right); margin-bottom: 2px; }}
.days .today {{ color: var(--ink); font-weight: 600; }}
@media (max-width: 640px) {{ [data-testid="stMain"] .days {{ gap: 2px; font-size: 0.75rem; }} }}
</style>"""


def draw() -> None:
    """Draw the record with the goal."""
    here, kept = local(now()), mine()
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    times = kept.answer_times(learner(), now() - (here - midnight) - timedelta(days=SHOWN))
    record, goal = days(times, here, SHOWN), kept.goal(learner())
    st.header("Your days", anchor=False)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(today(record[-1][1], goal))
        with st.popover("Change the goal" if goal else "Set a goal of your own", type="tertiary"):
            st.number_input(
                say("practice", "goal"), 0, MOST_A_DAY, goal, key=GOAL, on_change=caught(_set), width=240
            )  # fmt: skip
    st.html(STYLE + row(record, goal))


def _set() -> None:
    mine().save_goal(Goal(learner=learner(), answers=int(st.session_state[GOAL])))


def today(answers: int, goal: int) -> str:
    """The day in one sentence."""
    if not goal:
        return f"**{answers}** answer{'s' * (answers != 1)} today"
    return f"**{answers}** of **{goal}** answers today" + (": your goal is reached." if answers >= goal else "")


def row(record: Sequence[tuple[date, int]], goal: int) -> str:
    """The days in a row, today last: how many answers, and whether they reached the goal."""
    items = []
    for place, (day, answers) in enumerate(record):
        reached = bool(goal) and answers >= goal
        said = f"{day:%a} {day.day} {day:%b}: {answers} answer{'s' * (answers != 1)}"
        names = ["reached" if reached else "some" if answers else "none"]
        names += ["today"] if place == len(record) - 1 else []
        items.append(
            f'<li class="{" ".join(names)}"><span class="unseen">{said}{", goal reached" if reached else ""}</span>'
            f'<b aria-hidden="true">{answers or ""}{"✓" if reached else ""}</b>'
            f'<span aria-hidden="true">{f"{day:%a}"[:2]}<br>{day.day}</span></li>'
        )
    return f'<ol class="days">{"".join(items)}</ol>'
