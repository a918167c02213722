"""The offer of another judge: what is said before anything is sent, consent, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from judge_server import MODEL, NO, FakeJudge, asked, proved, running, said
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from quiz.grading.text.judge.prompt import items, messages
from quiz.grading.text.judge.settings import KEY, SECONDS, URL
from quiz.grading.text.judge.settings import MODEL as NAME
from quiz.load import load_bank
from quiz.schema import Open

TEXT = "It decides <b>how much</b> of the old cell state is kept."


def script(text: str) -> None:
    """A page with the offer and nothing else; it writes what was returned."""
    import streamlit as st

    from dashboard.kit.asking import judge_notice
    from quiz.load import load_bank

    grade = judge_notice.draw(load_bank()["interview-08"], text, key="a")
    st.text("none" if grade is None else f"{grade.judge} {grade.verdict}")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeJudge]:
    """A judge that is set, and says no to everything."""
    monkeypatch.delenv("UNROLLED_HOSTED", raising=False)
    with running() as server:
        for name, value in {URL: server.url, NAME: MODEL, KEY: "sk-1", SECONDS: "30"}.items():
            monkeypatch.setenv(name, value)
        yield server


def page(text: str = TEXT) -> AppTest:
    """The page, run once."""
    return AppTest.from_function(script, args=(text,), default_timeout=PATIENCE).run()


def words(app: AppTest) -> str:
    """All that stands on the page, but for code."""
    return "\n".join(each.value for kind in ("markdown", "caption", "warning") for each in app.get(kind))


def forget_gate() -> Open:
    """The question that is asked."""
    question = load_bank()["interview-08"]
    assert isinstance(question, Open)
    return question


@pytest.mark.usefixtures("fake")
def test_nothing_is_offered_unless_a_judge_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is off by default, and nothing is offered where nothing was written."""
    proved()
    assert not page("  \n").button
    monkeypatch.delenv(URL)
    app = page()
    assert (app.text[0].value, words(app)) == ("none", "")
    assert not app.button


def test_nothing_is_sent_before_consent(fake: FakeJudge) -> None:
    """The page names the model and its host, says what it was measured to do, and shows every word that would leave."""
    proved(wrong_called_correct=6)
    app = page()
    said_ = words(app).replace("\\", "")
    assert f"{MODEL} at 127.0.0.1:{fake.server.server_port}" in said_
    assert "683 labelled answers: it judged 100% of them, 90% of these as labelled" in said_
    assert "called 3% correct, of the correct ones 1% wrong" in said_
    shown = app.code[0].value
    for item in items(forget_gate()):
        for message in messages(forget_gate(), item.statement, TEXT):
            assert message["content"] in shown
    assert "sk-1" not in said_ + shown
    assert "They have not been sent." in said_
    assert app.text[0].value == "none"
    assert not fake.requests


def test_consent_sends_once(fake: FakeJudge) -> None:
    """Pressed, the button sends the answer; what the judge says stays, and is not asked for again."""
    statements = {item.statement: item.id for item in items(forget_gate())}
    fake.says = lambda body: said("yes", "old cell") if statements[asked(body)["statement"]] == "p4" else NO
    proved()
    app = page()
    app.button[0].click().run()
    assert app.text[0].value == f"{MODEL} partial"
    assert "Judged by" in words(app)
    assert not app.button
    count = len(fake.requests)
    assert count == len(items(forget_gate()))
    app.run()
    assert app.text[0].value == f"{MODEL} partial"
    assert len(fake.requests) == count


def test_another_text_or_judge_needs_consent_again(fake: FakeJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Consent is to these words and this judge alone."""
    proved()
    proved("other")
    app = page()
    app.button[0].click().run()
    assert not app.button
    monkeypatch.setenv(NAME, "other")
    count = len(fake.requests)
    app.run()
    assert app.button
    assert app.text[0].value == "none"
    assert len(fake.requests) == count


def test_judge_that_fails_is_said_and_may_be_asked_again(fake: FakeJudge) -> None:
    """The built-in verdict stands; nothing is sent again without another press."""
    proved()
    fake.says = lambda _: "?"
    app = page()
    app.button[0].click().run()
    assert "The verdict of the built-in grader stands" in words(app)
    assert app.text[0].value == "none"
    assert "have not been sent" not in words(app)
    count = len(fake.requests)
    app.run()
    assert "The verdict of the built-in grader stands" in words(app)
    assert len(fake.requests) == count
    fake.says = lambda _: NO
    app.button[0].click().run()
    assert app.text[0].value == f"{MODEL} wrong"
    assert "stands" not in words(app)


@pytest.mark.usefixtures("fake")
def test_judge_without_proof_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """On one's own machine the page says why and what to do; a class isn't told of what it can't mend."""
    app = page()
    assert "stays silent: it was not measured here" in words(app).replace("\\", "")
    assert "python -m quiz evaluate --judge" in words(app)
    assert not app.button
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    app = page()
    assert (words(app), len(app.button), app.text[0].value) == ("", 0, "none")


@pytest.mark.usefixtures("fake")
def test_wrong_setting_is_named_to_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page never breaks on it; the message stands where the judge would."""
    monkeypatch.setenv(SECONDS, "soon")
    app = page()
    assert not app.exception
    assert "Write a number from 1 to 600" in words(app).replace("\\", "")
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    assert words(page()) == ""
