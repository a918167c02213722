"""What the interviewer asks back: one follow-up on a page of its own, exact or in a few words."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from dashboard.kit.asking import elements, fields
from dashboard.kit.asking.draft import text_area
from dashboard.kit.asking.keep import mine
from dashboard.kit.people.who import learner, now
from dashboard.kit.words import escaped, say
from dashboard.practice import waiting, window
from quiz.attempt import Draft, ResponseTooLongError
from quiz.drafts import half_given
from quiz.errors import StoreError
from quiz.grading.grade import grade
from quiz.interview.answered import LONGEST_REPLY
from quiz.interview.follow_ups import Talk, asked, load_follow_ups
from quiz.interview.interview import Interview
from quiz.interview.pace import SHORT_TEXT, pace
from quiz.interview.past import past
from quiz.load import load_bank
from quiz.schema import Exact


def pace_of(interview: Interview) -> float:
    """Seconds that the follow-up should take."""
    question = _question(interview)
    return SHORT_TEXT if isinstance(question, Talk) else pace(question)


def draw(interview: Interview) -> None:
    """Draw the follow-up that is being asked."""
    question = _question(interview)
    st.caption(say("practice", "asks-back"))
    with st.container(key=window.key(interview, "question")):
        head, _, rest = question.prompt.partition("\n\n")
        st.title(head, anchor=False)
        st.markdown(rest)
        if not isinstance(question, Talk):
            elements.code(question.code)
    draft = _draft(interview)
    given = _field(question, draft)
    if given != draft.response and not _too_long(given):
        try:
            mine().save_draft(replace(draft, response=given))
        except (ResponseTooLongError, StoreError) as problem:
            st.warning(escaped(str(problem)))
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Answer and go on", type="primary", key=f"{draft.key}.answer", shortcut="Ctrl+Enter")
        passed = st.button("Pass on this one", type="tertiary", key=f"{draft.key}.pass")
    if passed:
        _hand_in(interview, question, None, draft)
    elif pressed and (refused := _refused(question, given)):
        st.warning(refused)
    elif pressed:
        _hand_in(interview, question, given, draft)


def _question(interview: Interview) -> Exact | Talk:
    assert interview.following is not None, "a follow-up is being asked"
    question = asked(load_follow_ups(), load_bank(), *interview.following)
    assert question is not None, "an interview is taken up with known follow-ups only"
    return question


def _field(question: Exact | Talk, draft: Draft) -> Any:
    if not isinstance(question, Talk):
        return fields.draw(question, draft.key, before=half_given(question, draft.response))
    before = draft.response if isinstance(draft.response, str) else ""
    return text_area("Your answer, in two or three sentences", key=f"{draft.key}.text", text=before) or None


def _refused(question: Exact | Talk, given: Any) -> str:
    """Why an answer can't be handed in, as Markdown; "" when it can."""
    if not isinstance(question, Talk):
        return fields.refused(question, given)
    if _too_long(given):
        return say("practice", "reply-too-long")
    return "" if given and given.strip() else say("practice", "reply-empty")


def _too_long(given: Any) -> bool:
    return isinstance(given, str) and len(given.encode("utf-8", "surrogatepass")) > LONGEST_REPLY


def _draft(interview: Interview) -> Draft:
    """What is kept of the answer to the follow-up, or an empty one."""
    assert interview.following is not None, "a follow-up is being asked"
    name, variant = interview.following
    key = str(uuid.uuid5(uuid.UUID(interview.keys[len(interview.answers) - 1]), f"{name} {variant}"))
    return window.draft(name, variant, key) or Draft(
        learner=learner(), question=name, variant=variant, key=key, asked_at=interview.asked_at, response=None
    )


def _hand_in(interview: Interview, question: Exact | Talk, given: Any, draft: Draft) -> None:
    """Hand the answer in, unless another window has gone on; either way the page goes on."""
    met = None if isinstance(question, Talk) else given is not None and grade(question, given).verdict == "correct"
    stood = interview.sighted(now())
    try:
        stood.followed(now(), given, met)
    except ResponseTooLongError as problem:
        st.warning(escaped(str(problem)))
        return
    text = given if isinstance(question, Talk) and given else ""
    keep = partial(_keep, stood, given, met, draft)
    waiting.hand_in(waiting.Waiting(draft.learner, stood, question.prompt.partition("\n\n")[0], text, keep))


def _keep(interview: Interview, given: Any, met: bool | None, draft: Draft) -> tuple[Interview, bool]:
    """Keep the interview with the answer, going on from now; whether that was new."""
    store, who, at = mine(), draft.learner, now()
    text = interview.text_of(store.attempts(who, interview.answers[-1].question, newest=1))
    before = [each.interview for each in past(store.interviewed(who))]
    after = interview.sighted(at, away=True).followed(at, given, met).asks_back(load_bank(), text, before)
    return after, store.move_interview(who, after.to_json(), interview.step, answers=draft)
