"""An open question: write first, then the checks that carry the score, then the model answer beside one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.asking import feedback, fields, flow
from dashboard.asking.draft import text_area
from dashboard.asking.keep import Asking
from dashboard.words import escaped, say
from quiz.answers import Unreadable
from quiz.grading import grade, suggest
from quiz.schema import Exact, Open


def draw(asking: Asking, question: Open, place: str) -> Asking:
    """Draw an open question at the stage it has reached: writing, checks, comparing."""
    response: dict[str, Any] = dict(asking.response or {})
    if asking.grade is not None:
        return _result(asking, question, response)
    if not response.get("written"):
        return _writing(asking, question, response, place)
    _own_words(response)
    st.subheader("Checks", anchor=False)
    open_probe = next((probe for probe in question.probes if probe.id not in response.get("probes", {})), None)
    for probe in question.probes:
        if probe.id in response.get("probes", {}):
            _answered(probe, response["probes"][probe.id], asking.key)
    if open_probe is not None:
        return _probe(asking, open_probe, response, place)
    return _compare(asking, question, response, place)


def _writing(asking: Asking, question: Open, response: dict[str, Any], place: str) -> Asking:
    st.caption(say("quiz", "write-first"))
    text = text_area("Your answer", key=f"{asking.key}.text", text=response.get("text", ""))
    if text != response.get("text", ""):
        response = response | {"text": text}
        asking = replace(asking, response=response)
        flow.save(asking, place)
    asking = flow.hints(asking, question, place)
    if st.button("Go to the checks", type="primary", key=f"{asking.key}.written"):
        asking = replace(asking, response=response | {"text": text, "written": True, "probes": {}})
        flow.save(asking, place)
        flow.again(place)
    return asking


def _own_words(response: dict[str, Any]) -> None:
    st.markdown("**Your answer**")
    st.markdown(escaped(response.get("text") or "") or say("quiz", "nothing-written"))


def _answered(probe: Exact, given: Any, key: str) -> None:
    st.markdown(f"**{probe.prompt}**")
    fields.draw(probe, key, before=given, locked=True)
    if given is None:
        st.markdown(feedback.MARKS["undecided"])
        st.markdown(f"{say('quiz', 'answer')} {feedback.right_answer(probe)}")
        st.markdown(probe.explanation)
    else:
        feedback.draw(probe, grade(probe, given))
    st.divider()


def _probe(asking: Asking, probe: Exact, response: dict[str, Any], place: str) -> Asking:
    st.markdown(f"**{probe.prompt}**")
    given = fields.draw(probe, asking.key)
    problem = None
    with st.container(horizontal=True):
        pressed = st.button("Check", type="primary", key=f"{asking.key}.{probe.id}.check", shortcut="Ctrl+Enter")
        skipped = st.button("Show the answer", key=f"{asking.key}.{probe.id}.skip")
    if pressed:
        try:
            grade(probe, given)
        except Unreadable as trouble:
            problem = str(trouble)
    if skipped or (pressed and problem is None):
        answered = response.get("probes", {}) | {probe.id: None if skipped else given}
        asking = replace(asking, response=response | {"probes": answered})
        flow.save(asking, place)
        flow.again(place)
    if problem:
        st.warning(escaped(problem))
    return asking


def _compare(asking: Asking, question: Open, response: dict[str, Any], place: str) -> Asking:
    points, wrong = suggest(question, response.get("text") or "")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**A model answer**")
        st.markdown(question.model_answer)
    with right:
        st.markdown("**Key points: which did you say?**")
        confirmed = [
            point.id
            for point in question.points
            if st.checkbox(point.text, point.id in points, key=f"{asking.key}.point.{point.id}")
        ]
        st.caption(say("quiz", "suggested"))
        for misconception in question.misconceptions:
            if misconception.id in wrong:
                st.markdown(f":red[✗] {misconception.text}  \n{misconception.reply}")
    certainty = flow.certainty_of(asking)
    if st.button("Save and see the score", type="primary", key=f"{asking.key}.save"):
        probes = {name: given for name, given in response["probes"].items() if given is not None}
        final = {"text": response.get("text") or "", "confirmed": confirmed, "probes": probes}
        return flow.check(
            replace(asking, response=final),
            question,
            place,
            certainty=certainty,
            suggested=points,
            confirmed=tuple(confirmed),
        )
    return asking


def _result(asking: Asking, question: Open, response: dict[str, Any]) -> Asking:
    assert asking.grade is not None
    met = sum(point.met for point in asking.grade.points)
    _own_words(response)
    said = f"{len(response.get('confirmed', ()))} of {len(question.points)} key points by your own ticks"
    st.markdown(
        f"{feedback.MARKS[asking.grade.verdict]} · {asking.grade.score:.0%} in the checks, {met} of "
        f"{len(asking.grade.points)} without a miss · {said}"
    )
    with st.expander("Model answer"):
        st.markdown(question.model_answer)
    st.markdown(question.explanation)
    return asking
