"""Home: three ways in, the path with what was done, going on where one stopped, and the tour."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.home import controls as home
from dashboard.home import pair
from dashboard.home.controls import following
from dashboard.kit.asking import path
from dashboard.kit.words import say, sections
from quiz.lessons import LESSONS, TOPICS
from quiz.store import Store


def visit(path: str = "", **query: str) -> AppTest:
    """A new visit, on Home or straight to a page."""
    return page_at(path, **query).run()


def captions(app: AppTest) -> list[str]:
    """All small lines of the page."""
    return [element.value for element in app.caption]


def test_a_newcomer_is_led_to_the_first_lesson() -> None:
    """Nothing was opened yet: the button says so, and every lesson is on the path."""
    app = visit()
    assert not app.exception
    assert app.button(key="home.learn").label == "Start with lesson 1"
    assert sum(text.startswith("not opened yet") for text in captions(app)) == len(LESSONS)
    app.button(key="home.learn").click().run()
    assert app.title[0].value == say(LESSONS[0], "title")


def test_one_goes_on_where_one_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart of the server Home leads to the last lesson, with the settings it was left with."""
    monkeypatch.setattr(path, "learner", lambda: "local")
    visit("forward")
    visit("bptt", activation="relu")
    with Store.open() as store:
        last, first = store.places("local")
    assert (last.lesson, last.query) == ("bptt", "activation=relu")
    assert first.lesson == "forward"
    app = visit()
    assert app.button(key="home.learn").label == f"Go on: {TOPICS['bptt']}"
    assert sum(text.startswith("✓ opened") for text in captions(app)) == 2
    app.button(key="home.learn").click().run()
    assert app.title[0].value == say("bptt", "title")
    assert app.session_state["network.activation"] == "relu"


def test_after_its_last_beat_a_lesson_leads_on() -> None:
    """To the next that was not opened, from the last one to those before it, and nowhere else when all were."""
    beats = sum(name.startswith("beat-") for name in sections("gates"))
    assert following("gates", beats - 1, frozenset({"gates"})) == "gates"
    assert following("gates", beats, frozenset({"gates"})) == "compare"
    assert following("compare", 0, frozenset({"compare", "forward"})) == "bptt"  # it has no beats
    assert following("compare", 0, frozenset(LESSONS)) == "compare"


def test_a_lesson_that_is_done_is_not_gone_back_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Home leads to the next lesson, without what the address of the last one asked for."""
    monkeypatch.setattr(path, "learner", lambda: "local")
    visit("bptt", activation="relu", beat="7")
    app = visit()
    assert app.button(key="home.learn").label == f"Go on: {TOPICS['gradients']}"
    app.button(key="home.learn").click().run()
    assert app.title[0].value == say("gradients", "title")


def test_home_works_without_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database can't be used, the three ways and the path are there all the same."""
    monkeypatch.setattr(path, "learner", lambda: "local")
    monkeypatch.setenv("UNROLLED_DATA", "/dev/null/nowhere")
    app = visit()
    assert not app.exception
    assert app.button(key="home.open").label == "Open the Inspector"
    assert len([text for text in captions(app) if text == "not opened yet"]) == len(LESSONS)


def test_one_goes_on_where_one_stopped_though_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson that was open while the clock stood a year ahead is not the last one for a year."""
    monkeypatch.setattr(path, "learner", lambda: "local")
    monkeypatch.setattr(path, "now", lambda: datetime(2027, 1, 1, tzinfo=UTC))
    visit("bptt")
    monkeypatch.setattr(path, "now", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    visit("forward")
    assert visit().button(key="home.learn").label == f"Go on: {TOPICS['forward']}"


def test_answered_questions_are_counted_by_lesson() -> None:
    """Every lesson has questions, and none is answered at first."""
    for name in LESSONS:
        seen, total = path.answered(name)
        assert seen == 0
        assert total > 0


def test_home_says_what_its_networks_are_and_how_usual() -> None:
    """Below the figure stands what all pairs of names give; the networks by name are one fold away."""
    app = visit()
    assert pair.usual() in captions(app)
    app.session_state["deeper-home-networks"] = True
    assert pair.cards() in [element.value for element in app.run().markdown]


def test_what_is_due_is_the_way_into_practice(monkeypatch: pytest.MonkeyPatch) -> None:
    """With questions to be asked again today the button says how many; without it leads to the quiz."""
    assert visit().button(key="home.quiz").label == "Go to the quiz"
    monkeypatch.setattr("quiz.practice.schedule.due", lambda *_: ("one", "two"))
    assert visit().button(key="home.quiz").label == "2 due today"


def test_a_lesson_is_gone_on_with_without_the_tour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What belonged to one visit, a stop of the tour or a run, is not taken up again."""
    monkeypatch.setattr(path, "learner", lambda: "local")
    visit("bptt", activation="relu", tour="2", run="gone")
    assert home.place().query == {"activation": "relu"}
