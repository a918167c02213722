"""An open question: write first, then the checks that carry the score, then one's own words beside the key points."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.kit.asking import elements, feedback, fields, flow
from dashboard.kit.asking.draft import text_area, too_long
from dashboard.kit.asking.keep import Asking
from dashboard.kit.asking.marks import Piece, letter, pieces
from dashboard.kit.words import say
from quiz.grading.grade import Grade, after_second, again, grade, suggest
from quiz.schema import Exact, Open

HALF = {0.5: "½", 1.5: "1½", 2.5: "2½", 3.5: "3½"}


def draw(asking: Asking, question: Open, place: str) -> Asking:
    """Draw an open question at the stage it has reached: writing, checks, comparing, result."""
    response: dict[str, Any] = dict(asking.response or {})
    if asking.grade is not None:
        return _result(asking, question, response)
    if not response.get("written"):
        return _writing(asking, question, response, place)
    if response.get("comparing"):
        return _compare(asking, question, response, place)
    st.markdown("**Your answer**")
    _own_words(response, (Piece(response.get("text") or ""),), asking.key)
    st.header("Checks", anchor=False)
    for number, probe in enumerate(question.probes, 1):
        _heading(number, probe, response)
        elements.code(probe.code)
        if not answered(probe, response):
            return _probe(asking, probe, response, place)
        _answered(probe, response, asking.key)
    if st.button("Compare with the key points", type="primary", key=f"{asking.key}.compare", shortcut=flow.GO_ON):
        flow.save(replace(asking, response=response | {"comparing": True}), place)
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
    return replace(found, score=total, verdict="correct" if total == 1 else "partial" if total else "wrong")


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


def _own_words(response: dict[str, Any], marked: tuple[Piece, ...], key: str) -> None:
    if response.get("text"):
        elements.own_words(marked, key=f"{key}.words")
    else:
        st.markdown(say("asking", "nothing-written"))


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


def _beside(asking: Asking, question: Open, response: dict[str, Any]) -> list[str]:
    """One's own words, underlined, beside the key points; the points that are ticked."""
    text = response.get("text") or ""
    suggested, wrong = suggest(question, text)
    left, right = st.columns([13, 10], gap="large")
    with left:
        st.markdown("**Your answer**")
        _own_words(response, pieces(question, text), asking.key)
        if suggested or wrong:
            st.html(LEGEND)
        with st.expander("Show a model answer"):
            st.markdown(question.model_answer)
    with right:
        st.markdown("**Key points**")
        ticked = response.get("confirmed", ())
        confirmed = []
        with st.container(key=f"points-{asking.key}", gap="small"):
            for number, point in enumerate(question.points, 1):
                label = f":gray[{number}] {point.text}"
                if asking.grade is not None:
                    st.markdown(f"{'☑' if point.id in ticked else '☐'} {label}")
                elif st.checkbox(label, point.id in ticked, key=f"{asking.key}.{point.id}"):
                    confirmed.append(point.id)
        for item in question.misconceptions:
            if item.id in wrong:
                st.markdown(f":red[{letter(question, item.id)} · against] {item.text}  \n:gray[{item.reply}]")
        if asking.grade is None:
            st.caption(say("asking", "suggested"))
    return confirmed


LEGEND = (
    '<p class="legend"><span class="point">words</span> taken for a key point'
    '<span class="against">words</span> that speak against one</p>'
)


def _checks(question: Open, response: dict[str, Any], key: str) -> None:
    st.header("Checks", anchor=False)
    for number, probe in enumerate(question.probes, 1):
        _heading(number, probe, response)
        _answered(probe, response, key)


def _compare(asking: Asking, question: Open, response: dict[str, Any], place: str) -> Asking:
    confirmed = _beside(asking, question, response)
    suggested, _ = suggest(question, response.get("text") or "")
    if confirmed != response.get("confirmed", []):
        response = response | {"confirmed": confirmed}
        flow.save(replace(asking, response=response), place)
    certainty = flow.certainty_of(asking)
    if st.button("Save and see the score", type="primary", key=f"{asking.key}.save", shortcut="Ctrl+Enter"):
        tries = {name: given for name, given in response["probes"].items() if given is not None}
        final = {
            "text": response.get("text") or "", "confirmed": confirmed, "probes": tries,
            "second": {name: given for name, given in response.get("second", {}).items() if given is not None},
        }  # fmt: skip
        more = {"certainty": certainty, "suggested": suggested, "confirmed": tuple(confirmed)}
        flow.finish(replace(asking, response=final), score(question, response), place, **more)
    _checks(question, response, asking.key)
    return asking


def _result(asking: Asking, question: Open, response: dict[str, Any]) -> Asking:
    assert asking.grade is not None
    _beside(asking, question, response)
    probes = {probe.id: None for probe in question.probes} | response["probes"]
    _checks(question, response | {"probes": probes}, asking.key)
    st.markdown(question.explanation)
    return asking


def halves(value: float) -> str:
    """A number of checks: 4½, or 3.7."""
    return HALF.get(value) or f"{value:.2g}"
