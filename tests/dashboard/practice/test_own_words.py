"""One's own words on a question's page and in the debrief: judged after the checks, disagreed with, or compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from support import PATIENCE, written

from dashboard.kit.asking import elements, flow, interviews, judge_notice, keep, path
from dashboard.practice import practising, report, start
from quiz.attempt import Attempt, Draft
from quiz.errors import StoreError
from quiz.grading.grade import grade, judge_written, right_response, text_fields
from quiz.grading.text.grader import Found, TextGrade
from quiz.interview.interview import Interview
from quiz.interview.past import over
from quiz.load import load_bank
from quiz.measured import measured, told
from quiz.schema import Open
from quiz.store.disagreements import Verdicts

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = str(UUID(int=5))
FORMS = {
    "correct": ("Convincing", "full"),
    "partial": ("Partly convincing", "half"),
    "wrong": ("Not convincing", "empty"),
}


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner on their own machine at `NOW`; what components draw stands on the page as plain text."""
    for page in (flow, interviews, keep, path, practising, report, start):
        for name, value in (("now", lambda: NOW), ("learner", lambda: "local")):
            if hasattr(page, name):
                monkeypatch.setattr(page, name, value)
    monkeypatch.setattr(st, "page_link", lambda *_, label, **__: st.markdown(label))

    def line(
        words: str, more: str, _tone: str, *, key: str, focus: bool, shape: str = "", scroll: bool = False
    ) -> None:
        del key, scroll
        st.text(f"verdict: {words}{more} [{shape}]{' focused' * focus}")

    monkeypatch.setattr(elements, "verdict", line)
    monkeypatch.setattr(elements, "own_words", lambda cut, **_: st.text(f"own: {[(p.label, p.text) for p in cut]}"))


def script(debrief: str) -> None:
    """The practice page or a debrief, and nothing else."""
    from dashboard.practice import practising, report

    report.draw(debrief) if debrief else practising.draw("practice")


def opened(question: str = "", debrief: str = "") -> AppTest:
    """A visit in a window of its own."""
    app = AppTest.from_function(script, args=(debrief,), default_timeout=PATIENCE)
    if question:
        app.query_params["q"] = question
    app.run()
    assert not app.exception
    return app


def answered(about: Open, text: str, **more: Any) -> AppTest:
    """The page of a question whose text is written and whose checks are right."""
    probes = {probe.id: right_response(probe) for probe in about.probes}
    response = {"text": text, "written": True, "probes": probes} | more
    keep.store().save_draft(Draft(learner="local", question=about.id, key=KEY, asked_at=NOW, response=response))
    return opened(about.id)


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button whose label begins so."""
    next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception
    return app


def labels(app: AppTest) -> list[str]:
    """The buttons of a page."""
    return [button.label for button in app.button]


def said(app: AppTest) -> str:
    """All that is written on a page."""
    return "\n".join(str(each.value) for part in (app.markdown, app.caption, app.text, app.header) for each in part)


def verdict(app: AppTest) -> str:
    """The verdict on the words, as the component gets it."""
    return next(each.value for each in app.text if "[" in each.value and each.value.startswith("verdict: ")
                and not each.value.endswith("[]"))  # fmt: skip


@pytest.mark.parametrize("which", FORMS)
def test_verdict_comes_after_the_checks_with_its_evidence(which: str) -> None:
    """Before: the words alone. After: shape, word and how sure, points found and missing; the score is the checks'."""
    about, text, found = written(which)
    app = answered(about, text)
    assert "Your words" not in said(app)
    assert "I disagree" not in labels(app)
    press(app, "See the verdict")
    word, shape = FORMS[which]
    assert verdict(app).startswith(f"verdict: {word} · ")
    assert f"{min(round(100 * found.confidence), 99)} %" in verdict(app)
    assert verdict(app).endswith(f"[{shape}] focused")
    assert f"{len(found.points)} of {len(about.points)} found" in said(app)
    assert ("**Missing**" in said(app)) == (len(found.points) < len(about.points))
    assert all(each.words in said(app) for each in found.points)
    assert not app.checkbox
    (kept,) = keep.store().attempts("local")
    assert (kept.verdict, kept.score, kept.text_verdict) == ("correct", 1.0, which)
    assert set(kept.suggested) == {point.id for point in found.points}
    assert kept.confirmed == ()


def test_misconception_has_its_letter_its_name_and_its_reply() -> None:
    """Each one named in the words stands below them."""
    about, text, found = written("wrong", slip=True)
    app = press(answered(about, text), "See the verdict")
    for item in about.misconceptions:
        stated = item.id in {wrong.id for wrong in found.misconceptions}
        assert (item.reply in said(app)) == stated
        assert (f"Misconception: {item.name}." in said(app)) == stated


def test_one_press_disagrees_and_another_takes_it_back() -> None:
    """The verdict and its evidence are withdrawn, the score stays, it is kept and counted; taken back all returns."""
    about, text, found = written("partial")
    app = press(answered(about, text), "See the verdict")
    before = verdict(app).removesuffix(" focused")
    press(app, "I disagree")
    assert verdict(app) == "verdict: You disagree · the verdict “partly convincing” is withdrawn [dashed] focused"
    assert f"own: {[('', text)]}" in said(app)
    assert "**Missing**" not in said(app)
    (kept,) = keep.store().attempts("local")
    assert keep.store().disagreements("local")[kept.key].verdict == found.verdict
    assert keep.store().text_verdicts() == {about.id: Verdicts(1, 1)}
    assert kept.score == 1.0
    press(app, "Take it back")
    assert verdict(app).removesuffix(" focused") == before
    assert keep.store().disagreements("local") == {}


def test_undecided_words_are_compared_with_nothing_ticked() -> None:
    """It says so, marks nothing, offers the points unticked and a model answer; what is ticked is kept, not counted."""
    about, text, _ = written("undecided")
    app = press(answered(about, text), "See the verdict")
    assert verdict(app) == "verdict: Not judged [dashed] focused"
    assert "not sure enough" in said(app)
    assert f"own: {[('', text)]}" in said(app)
    assert len(app.checkbox) == len(about.points)
    assert not any(box.value for box in app.checkbox)
    assert about.model_answer in said(app)
    assert "I disagree" not in labels(app)
    assert keep.store().attempts("local") == ()
    app.checkbox[0].check().run()
    press(app, "Save and see the score")
    (kept,) = keep.store().attempts("local")
    assert (kept.text_verdict, kept.suggested, kept.confirmed) == ("undecided", (), (about.points[0].id,))
    assert kept.score == 1.0
    assert f"☑ :gray[1] {about.points[0].text}" in said(app)


def test_comparison_is_taken_up_after_a_reload() -> None:
    """A draft that was being compared comes back with its ticks."""
    about, text, _ = written("undecided")
    app = answered(about, text, comparing=True, confirmed=[about.points[1].id])
    assert [box.value for box in app.checkbox][:2] == [False, True]


def test_draft_that_was_compared_by_hand_is_judged() -> None:
    """One of an edition without a grader goes on to the verdict."""
    about, text, _ = written("correct")
    app = answered(about, text, comparing=True, confirmed=[])
    assert not app.checkbox
    press(app, "See the verdict")
    assert verdict(app).startswith("verdict: Convincing")


def test_nothing_written_is_not_judged() -> None:
    """Without words there is no verdict, nothing to tick and nothing to disagree with."""
    about, _, _ = written("correct")
    app = press(answered(about, " "), "See the verdict")
    assert "Nothing was written" in said(app)
    assert not [each for each in app.text if each.value.startswith("verdict: ") and not each.value.endswith("[]")]
    assert "I disagree" not in labels(app)
    assert keep.store().attempts("local")[0].text_verdict is None


@pytest.mark.parametrize("which", ["correct", "undecided"])
def test_certainty_is_asked_before_the_verdict(which: str) -> None:
    """How sure one is, said before, is kept, whether or not the words are judged."""
    about, text, _ = written(which)
    app = answered(about, text)
    app.button_group[0].set_value(75).run()
    press(app, "See the verdict")
    if which == "undecided":
        press(app, "Save and see the score")
    assert keep.store().attempts("local")[0].certainty == 75


def test_another_judge_takes_the_place_of_the_grader(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a judge said that the learner asked is shown as the verdict, and can be disagreed with likewise."""
    about, text, _ = written("wrong", slip=True)
    other = TextGrade("correct", "correct", 0.8, (Found(about.points[0].id, text[:9], 0.9),), judge="another")
    monkeypatch.setattr(judge_notice, "draw", lambda *_, **__: other)
    app = press(answered(about, text), "See the verdict")
    assert verdict(app).startswith("verdict: Convincing · fairly sure, 80 %")
    assert f"own: {[('1', text[:9]), ('', text[9:])]}" in said(app)
    press(app, "I disagree")
    (kept,) = keep.store().attempts("local")
    assert keep.store().disagreements("local")[kept.key].verdict == "correct"


def test_page_states_the_graders_figures() -> None:
    """A folded line has them, as they were measured."""
    about, text, _ = written("correct")
    app = press(answered(about, text), "See the verdict")
    assert any(fold.label == "How this is judged" for fold in app.expander)
    assert told(measured().grader) in said(app)


def test_store_that_refuses_is_told_and_the_verdict_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disagreement that can't be kept is not pretended."""
    about, text, _ = written("correct")
    app = press(answered(about, text), "See the verdict")

    def refused(*_: object) -> None:
        raise StoreError("The disk is full. Nothing was saved.")

    monkeypatch.setattr(keep, "disagree", refused)
    press(app, "I disagree")
    assert "disk is full" in app.warning[0].value
    assert verdict(app).startswith("verdict: Convincing")


# The debrief


def interview(texts: dict[str, str]) -> Interview:
    """An interview that is over: no check was answered, some questions in words."""
    state = Interview.start(load_bank(), np.random.default_rng(2), NOW)
    while not state.done:
        about = state.asked(load_bank())
        text = texts.get(state.question, "")
        response = {"text": text, "probes": {}}
        now = state.asked_at + timedelta(seconds=60)
        attempt = Attempt(
            key=state.key, learner="local", question=state.question, mode="interview", asked_at=state.asked_at,
            answered_at=now, response=response, verdict=grade(about, response).counted, score=0.0, credit=0.0,
            **text_fields(judge_written(about, text)),
        )  # fmt: skip
        keep.store().add(attempt)
        state = state.answer(now, attempt, [False] * len(about.probes))
    keep.store().save_interviewed(over("local", state))
    return state


def row(app: AppTest, about: Open) -> str:
    """The line of a question's closed row."""
    return next(fold.label for fold in app.expander if about.prompt in fold.label)


def test_closed_rows_say_what_came_of_the_words() -> None:
    """Dots for key points, the verdict's sign and word; undecided; nothing written. Points of verdicts are counted."""
    right, right_text, found = written("correct")
    unsure, unsure_text, _ = next(
        written("undecided", question=name) for name in load_bank().interview[6:] if name != right.id
    )
    app = opened(debrief=interview({right.id: right_text, unsure.id: unsure_text}).keys[0])
    count, of = len(found.points), len(right.points)
    assert f"{'●' * count}{'○' * (of - count)} {count} of {of}" in row(app, right)
    assert "● convincing" in row(app, right)
    assert "◌ not judged" in row(app, unsure)
    assert ":gray[–]" in row(app, unsure)
    silent = next(load_bank()[name] for name in load_bank().interview if name not in (right.id, unsure.id))
    assert isinstance(silent, Open)
    assert "– no text" in row(app, silent)
    figures = "".join(str(each.proto.body) for each in app.get("html"))
    assert f"<dt>key points said, 1 text judged</dt><dd>{count} of {of}</dd>" in figures


def test_wrong_words_count_their_misconceptions() -> None:
    """In the closed row, and among what to study, for its checks were missed as well."""
    about, text, found = written("wrong", slip=True)
    app = opened(debrief=interview({about.id: text}).keys[0])
    count = len(found.misconceptions)
    assert f":red[{count} misconception{'s' * (count > 1)}]" in row(app, about)
    assert "You say so in your text" in said(app)


def test_disagreement_in_the_debrief_survives_another_visit() -> None:
    """The row says so and stays open, and Study next forgets it; another visit finds it; it can be taken back."""
    about, text, _ = written("wrong", slip=True)
    state = interview({about.id: text})
    app = opened(debrief=state.keys[0])
    name = f"{state.keys[0]}.{load_bank().interview.index(about.id) + 1}"
    app.session_state[f"{name}.row"] = True
    app.run()
    press(app, "I disagree")
    for visit in (app, opened(debrief=state.keys[0])):
        assert "◌ you disagree" in row(visit, about)
        assert "misconception" not in row(visit, about)
        assert "You say so in your text" not in said(visit)
    assert app.session_state[f"{name}.row"]
    assert keep.store().text_verdicts()[about.id] == Verdicts(1, 1)
    press(app, "Take it back")
    assert "○ not convincing" in row(app, about)
    assert "You say so in your text" in said(app)


def test_debrief_states_the_graders_figures() -> None:
    """Its folded line has them too."""
    assert told(measured().grader) in said(opened(debrief=interview({}).keys[0]))
