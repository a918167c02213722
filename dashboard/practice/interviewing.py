"""The mock interview: questions in one pass, each with what the interviewer asks back, and then the debrief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from dashboard.kit.asking import elements, fields
from dashboard.kit.asking.draft import text_area, too_long
from dashboard.kit.asking.keep import mine
from dashboard.kit.people.who import learner, now
from dashboard.kit.words import escaped, say
from dashboard.practice import asking_back, report, start, timing, waiting, window
from quiz.attempt import Attempt, Draft, ResponseTooLongError
from quiz.drafts import interview_answer
from quiz.errors import StoreError
from quiz.grading.grade import grade, judge_written, text_fields
from quiz.interview.interview import Interview
from quiz.interview.pace import pace
from quiz.interview.past import over, past
from quiz.load import load_bank
from quiz.schema import Open


def draw() -> None:
    """Draw what the interview has reached: a question, a follow-up, or the debrief."""
    if (given := waiting.found()) is not None:
        _head(given.interview)
        waiting.draw(given)
        return
    interview = _taken_up() or _begun()
    if interview.done:
        mine().save_interviewed(over(learner(), interview))
        window.forget()
        report.draw(interview.keys[0])
        return
    window.noticed(interview)
    interview = timing.seen(interview)
    window.keeps(interview)
    if interview.following is not None:
        _head(interview, asking_back.pace_of(interview))
        asking_back.draw(interview)
        return
    question = interview.asked(load_bank())
    _head(interview, pace(question))
    with st.container(key=window.key(interview, "question")):
        st.title(question.prompt, anchor=False)
    _answer(interview, question)


def earlier() -> list[Interview]:
    """The interviews that are over, the last one first."""
    return [each.interview for each in past(mine().interviewed(learner()))]


def _taken_up() -> Interview | None:
    """The interview that is kept, if it can be read; while the database is away, as this window showed it last."""
    try:
        kept = mine().interview(learner())
    except StoreError:
        if (shown := window.shown()) is None:
            raise
        return shown
    try:
        return Interview.resumed(load_bank(), kept) if kept is not None else None
    except ValueError as problem:
        st.info(escaped(str(problem)))
        return None


def _begun() -> Interview:
    length, clock = window.chosen()
    interview = Interview.start(
        load_bank(), np.random.default_rng(), now(), length=length, clock=clock, before=earlier(),
    )  # fmt: skip
    mine().save_interview(learner(), interview.to_json())
    window.forget()
    return interview


def _head(interview: Interview, seconds: float = 0.0) -> None:
    """How far one is, the time on this question out of some seconds, 0 for no clock, and the way out."""
    of = len(interview.questions)
    done = len(interview.answers) - (interview.following is not None)
    elements.segments(done, of)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(f"Mock interview · {done + 1} of {of}")
        if interview.clock and seconds:
            with st.container(width=140):
                timing.draw(interview, seconds)
        if st.button("Leave; the interview waits", type="tertiary", key="quiz.leave"):
            window.forget()
            start.go()


def _answer(interview: Interview, question: Open) -> None:
    """Own words and all checks on one page, in any order; nothing is told before the debrief."""
    kept = window.draft(interview.question, interview.seed, interview.key)
    before = interview_answer(question, kept.response if kept is not None else None)
    text = text_area("Your answer", key=f"{interview.key}.text", text=before["text"])
    if not interview.answers:
        st.caption(say("practice", "spoken"))
    probes: dict[str, Any] = {}
    for number, probe in enumerate(question.probes, 1):
        st.divider()
        st.markdown(f"**{number}. {probe.prompt}**")
        elements.code(probe.code)
        given = fields.draw(probe, interview.key, before=before["probes"].get(probe.id))
        if given is not None:
            probes[probe.id] = given
    typed = {"text": text, "probes": probes}
    window.holds(text)
    draft = Draft(
        learner=learner(), question=interview.question, variant=interview.seed, key=interview.key,
        asked_at=interview.asked_at, response=None,
    )  # fmt: skip
    try:
        if not too_long(text) and typed != before:
            mine().save_draft(replace(draft, response=typed))
    except (ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))
    _handing_in(interview, question, typed, draft)


def _handing_in(interview: Interview, question: Open, typed: dict[str, Any], draft: Draft) -> None:
    """The way on: what can't be read is refused, what is blank is named first."""
    st.divider()
    sure = f"{interview.key}.sure"
    pressed = st.button("Hand in and go on", type="primary", key=f"{interview.key}.hand-in", shortcut="Ctrl+Enter")
    blank = _blank(question, typed)
    problems = [
        f"Check {number}: {problem}"
        for number, probe in enumerate(question.probes, 1)
        if not fields.missing(probe, typed["probes"].get(probe.id))
        and (problem := fields.refused(probe, typed["probes"][probe.id]))
    ]
    if too_long(typed["text"]):
        problems.insert(0, say("asking", "too-long"))
    if pressed:
        st.session_state[sure] = bool(blank) and not problems
    if pressed and problems:
        st.warning("  \n".join(problems))
        return
    if st.session_state.get(sure) and blank and not problems:
        if not confirmed(blank, interview.key):
            return
    elif not pressed:
        return
    try:
        _hand_in(interview, question, typed, draft)
    except (ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))


def confirmed(blank: str, key: str) -> bool:
    """Ask whether to hand in although something is blank; True once that is wanted."""
    st.warning(f"{blank} Hand in all the same?")
    return st.button("Hand in all the same", key=f"{key}.all-the-same")


def _blank(question: Open, typed: dict[str, Any]) -> str:
    """What is blank, or begun and not finished, in a sentence or two; "" if nothing is."""
    given = typed["probes"]
    empty = [number for number, probe in enumerate(question.probes, 1) if probe.id not in given]
    half = [
        number
        for number, probe in enumerate(question.probes, 1)
        if number not in empty and fields.missing(probe, given[probe.id])
    ]
    sentences = []
    if empty or not typed["text"].strip():
        parts = ([_checks(empty)] if empty else []) + ["your text"] * (not typed["text"].strip())
        several = len(empty) + (not typed["text"].strip()) > 1
        sentences.append(f"{' and '.join(parts)} {'are' if several else 'is'} empty.")
    if half:
        sentences.append(f"{_checks(half)} {'are' if len(half) > 1 else 'is'} not finished and would count as missed.")
    return " ".join(f"{each[0].upper()}{each[1:]}" for each in sentences)


def _checks(numbers: Sequence[int]) -> str:
    """Some checks by their numbers: check 2, or checks 1, 2 and 4."""
    *most, last = map(str, numbers)
    return f"checks {', '.join(most)} and {last}" if most else f"check {last}"


def _hand_in(interview: Interview, question: Open, typed: dict[str, Any], draft: Draft) -> None:
    """Hand the attempt in, unless another window has handed one in; either way the page goes on."""
    whole = {
        probe.id: typed["probes"][probe.id]
        for probe in question.probes
        if not fields.missing(probe, typed["probes"].get(probe.id))
    }
    checks = [[check.id, check.variant] for check in interview.checks[len(interview.answers)]] if interview.seed else []
    response = {"text": typed["text"], "probes": whole, "checks": checks}
    found = grade(question, response)
    attempt = Attempt(
        key=draft.key, learner=draft.learner, question=draft.question, variant=draft.variant, mode="interview",
        asked_at=draft.asked_at, answered_at=now(), response=response, verdict=found.counted, score=found.score,
        credit=found.score, **text_fields(judge_written(question, typed["text"])),
    )  # fmt: skip
    met = [point.met for point in found.points]
    stood = interview.sighted(attempt.answered_at)
    keep = partial(_keep, stood, attempt, met, typed["text"])
    waiting.hand_in(waiting.Waiting(draft.learner, stood, question.prompt, typed["text"], keep))


def _keep(interview: Interview, attempt: Attempt, met: Sequence[bool], text: str) -> tuple[Interview, bool]:
    """Keep the attempt with the interview that goes on from now; whether it was new."""
    at = now()
    after = interview.sighted(at, away=True).answer(at, attempt, met).asks_back(load_bank(), text, earlier())
    return after, mine().add(attempt, interview=after.to_json(), step=interview.step)
