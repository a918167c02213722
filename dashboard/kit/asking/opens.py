"""An open question: write first, then the checks that carry the score, then the verdict on one's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.kit.asking import elements, feedback, fields, flow, judge_notice, judged, keep
from dashboard.kit.asking.draft import text_area, too_long
from dashboard.kit.asking.judged import Spoken
from dashboard.kit.asking.keep import Asking
from dashboard.kit.words import say
from quiz.grading.grade import Grade, Verdict, after_second, again, grade, judge_written, text_fields
from quiz.grading.text.grader import TextGrade
from quiz.schema import Exact, Open

COMPARED = "compared"  # another verdict line than the result's, which takes the focus anew
HALF = {0.5: "½", 1.5: "1½", 2.5: "2½", 3.5: "3½"}


def draw(asking: Asking, question: Open, place: str) -> Asking:
    """Draw an open question at the stage it has reached: writing, checks, comparing, result."""
    response: dict[str, Any] = dict(asking.response or {})
    if asking.grade is not None:
        return _result(asking, question, response, place)
    if not response.get("written"):
        return _writing(asking, question, response, place)
    text = response.get("text") or ""
    done = all(answered(probe, response) for probe in question.probes)
    said = judge_written(question, text) if done else None
    undecided = said is not None and not said.decided
    if not (undecided and response.get("comparing")):  # there the words stand beside the key points
        st.markdown("**Your answer**")
        judged.own(text, asking.key)
    st.header("Checks", anchor=False)
    for number, probe in enumerate(question.probes, 1):
        _heading(number, probe, response)
        elements.code(probe.code)
        if not answered(probe, response):
            return _probe(asking, probe, response, place)
        _answered(probe, response, asking.key)
    if undecided and response.get("comparing"):
        return _compare(asking, question, response, said, place)
    return _done(asking, question, response, said, place)


def _done(asking: Asking, question: Open, response: dict[str, Any], said: TextGrade | None, place: str) -> Asking:
    """All checks are answered: the way on leads to the verdict on the words, or without one to comparing them."""
    asking = replace(asking, certainty=flow.certainty_of(asking))
    if st.button("See the verdict", type="primary", key=f"{asking.key}.compare", shortcut=flow.GO_ON):
        if said is None or said.decided:
            _finish(asking, question, response, said, place)
        elif flow.save(replace(asking, response=response | {"comparing": True}), place):
            st.session_state[flow.FOCUS] = f"{asking.key}.{COMPARED}"
            flow.again(place)
    return asking


def answered(probe: Exact, response: dict[str, Any]) -> bool:
    """Whether nothing more is asked of a probe: it was right, had its second try, or was shown."""
    probes, second = response.get("probes", {}), response.get("second", {})
    if probe.id not in probes:
        return False
    given = probes[probe.id]
    return given is None or probe.id in second or not again(probe, grade(probe, given))


def score(question: Open, response: dict[str, Any]) -> Grade:
    """The grade of an open question: the first tries', with a share of what the second gained.

    A check whose answer was shown is a miss, so that a question shown through and through is wrong, not undecided.
    """
    first = {name: given for name, given in response.get("probes", {}).items() if given is not None}
    found = grade(question, {"text": response.get("text") or "", "probes": first})
    total = sum(share(probe, response) for probe in question.probes) / len(question.probes)
    verdict: Verdict = "correct" if total == 1 else "partial" if total else "wrong"
    return replace(found, score=total, verdict=verdict, text=None)


def share(probe: Exact, response: dict[str, Any]) -> float:
    """What one check of an answer counts, 0 … 1."""
    given = response.get("probes", {}).get(probe.id)
    second = response.get("second", {}).get(probe.id)
    if given is None:
        return 0.0
    first = grade(probe, given)
    return (after_second(first, grade(probe, second)) if second is not None else first).score


def _writing(asking: Asking, question: Open, response: dict[str, Any], place: str) -> Asking:
    st.caption(say("asking", "write-first"))
    text = text_area("Your answer", key=f"{asking.key}.text", text=response.get("text", ""))
    fits = not too_long(text)
    if fits and text != response.get("text", ""):
        response = response | {"text": text}
        asking = replace(asking, response=response)
        flow.save(asking, place)
    flow.hints(asking, question, place)
    with st.container(horizontal=True, vertical_alignment="center"):
        done = st.button("Go to the checks", type="primary", key=f"{asking.key}.written", shortcut="Ctrl+Enter")
        flow.hint_button(asking, question, place)
    if done and not fits:
        st.warning(say("asking", "too-long"))
    elif done:
        asking = replace(asking, response=response | {"text": text, "written": True, "probes": {}, "second": {}})
        flow.save(asking, place)
        flow.again(place)
    return asking


def _heading(number: int, probe: Exact, response: dict[str, Any]) -> None:
    """A check's prompt, and what it counted."""
    with st.container(key=f"check-{probe.id}", horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"**{number}. {probe.prompt}**")
        if answered(probe, response):
            given = response["probes"][probe.id]
            points = grade(probe, given).points if given is not None else ()
            met = sum(point.met for point in points)
            if len(points) > 1:
                st.caption(f"{met} of {len(points)}", width="content")
            else:
                st.caption(f"{halves(share(probe, response))} of 1", width="content")


def _answered(probe: Exact, response: dict[str, Any], key: str) -> None:
    given, second = response["probes"][probe.id], response.get("second", {}).get(probe.id)
    name = f"{key}.{probe.id}"
    focus = flow.focused(name)
    if given is None:
        shown = Grade(probe.id, "wrong", 0.0, (), (), "", "")
        feedback.verdict(shown, key=name, focus=focus, shown=True)
    else:
        last = grade(probe, given if second is None else second)
        feedback.verdict(last, key=name, focus=focus, more="" if second is None else "at the second try")
    feedback.details(probe, given, key, second=second)


def _probe(asking: Asking, probe: Exact, response: dict[str, Any], place: str) -> Asking:
    """The check that is being asked: a first try, or a second after the slip of the first."""
    second = probe.id in response.get("probes", {})
    name = f"{asking.key}.{probe.id}"
    if second:
        focus = flow.focused(name)
        feedback.slip(probe, response["probes"][probe.id], key=name, focus=focus)
    kept = response.get("typing", {}).get(probe.id, response.get("probes", {}).get(probe.id))
    with st.container(key=f"{name}.fields"):
        given = fields.draw(probe, asking.key, before=kept, second=second)
    if given != kept:
        response = response | {"typing": {probe.id: given}}
        asking = replace(asking, response=response)
        flow.save(asking, place)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Check", type="primary", key=f"{name}.check{'.second' * second}", shortcut="Ctrl+Enter")
        counts = "show-after-try" if second else "show"
        shown = st.button(say("asking", counts), key=f"{name}.show{'.second' * second}", type="tertiary")
        elements.enter(fields=f"{name}.fields", button=f"{name}.check{'.second' * second}")
    if pressed and (problem := fields.refused(probe, given)):
        st.warning(problem)
        return asking
    if pressed and second and given == response["probes"][probe.id]:
        st.warning(say("asking", "same-again"))
        return asking
    if pressed or shown:
        tries = "second" if second else "probes"
        known = response.get(tries, {}) | {probe.id: given if pressed else None}
        if flow.save(replace(asking, response=response | {tries: known, "typing": {}}), place):
            st.session_state[flow.FOCUS] = name
            flow.again(place)
    return asking


def _checks(question: Open, response: dict[str, Any], key: str) -> None:
    st.header("Checks", anchor=False)
    for number, probe in enumerate(question.probes, 1):
        _heading(number, probe, response)
        _answered(probe, response, key)


def _compare(asking: Asking, question: Open, response: dict[str, Any], said: TextGrade | None, place: str) -> Asking:
    """No verdict: the key points to tick, none of them ticked beforehand."""
    spoken = Spoken(question, response["text"], said, f"{asking.key}.{COMPARED}")
    _verdict(spoken, place)
    left, right = st.columns([13, 10], gap="large")
    with left:
        judged.words(spoken)
    with right:
        confirmed = _ticks(question, response, asking.key)
    if confirmed != response.get("confirmed", []):
        response = response | {"confirmed": confirmed}
        asking = replace(asking, response=response)
        flow.save(asking, place)
    if st.button("Save and see the score", type="primary", key=f"{asking.key}.save", shortcut="Ctrl+Enter"):
        _finish(asking, question, response, said, place)
    judged.how_judged()
    return asking


def _verdict(spoken: Spoken, place: str) -> None:
    with st.container(key=f"words-{spoken.key}"):
        st.header("Your words", anchor=False)
        judged.head(spoken, lambda: flow.again(place))


def _ticks(question: Open, response: dict[str, Any], key: str) -> list[str]:
    """The key points to tick; those that are ticked."""
    st.markdown("**Key points**")
    ticked, confirmed = response.get("confirmed", ()), []
    with st.container(key=f"points-{key}", gap="small"):
        for number, point in enumerate(question.points, 1):
            if st.checkbox(f":gray[{number}] {point.text}", point.id in ticked, key=f"{key}.{point.id}"):
                confirmed.append(point.id)
    st.caption(say("asking", "tick"))
    return confirmed


def _finish(asking: Asking, question: Open, response: dict[str, Any], said: TextGrade | None, place: str) -> None:
    """Keep the attempt with the verdict on its text, which counts nothing."""
    confirmed = response.get("confirmed", [])
    final = {
        "text": response.get("text") or "", "confirmed": confirmed,
        "probes": {name: given for name, given in response["probes"].items() if given is not None},
        "second": {name: given for name, given in response.get("second", {}).items() if given is not None},
    }  # fmt: skip
    more = {"certainty": asking.certainty, "confirmed": tuple(confirmed)} | text_fields(said)
    flow.finish(replace(asking, response=final), score(question, response), place, **more)


def _result(asking: Asking, question: Open, response: dict[str, Any], place: str) -> Asking:
    assert asking.grade is not None
    probes = {probe.id: None for probe in question.probes} | response["probes"]
    _checks(question, response | {"probes": probes}, asking.key)
    text = response.get("text") or ""
    above = st.container()  # another judge is offered below the verdict, and what it says takes its place
    said = judge_notice.draw(question, text, key=asking.key) or judge_written(question, text)
    spoken = Spoken(question, text, said, asking.key, asking.key in keep.disagreed())
    with above:
        _verdict(spoken, place)
        left, right = st.columns([13, 10], gap="large")
        with left:
            judged.words(spoken)
        with right:
            judged.points(spoken, ticked=response.get("confirmed", ()))
    st.markdown(question.explanation)
    judged.how_judged()
    return asking


def halves(value: float) -> str:
    """A number of checks: 4½, or 3.7."""
    return HALF.get(value) or f"{value:.2g}"
