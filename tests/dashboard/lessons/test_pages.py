"""The lessons as pages: each runs, with the frame around it, and what it shows follows its controls."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, unfolded

from dashboard.kit import words
from dashboard.kit.rooms import DASHBOARD, page
from quiz.lessons import LESSONS
from quiz.load import load_bank


def opened(name: str, **query: str) -> AppTest:
    """A lesson's page after its first run."""
    return page_at(name, **query).run()


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_all_that_the_frame_asks_for(name: str) -> None:
    """Page, words, and questions of the bank exist by the lesson's name."""
    assert (DASHBOARD / page(name)).is_file()
    assert {"title", "promise", "take-away"} <= set(words.sections(name))
    bank = load_bank()
    assert any(name in bank.lessons(bank[each]) for each in bank)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_and_stands_in_its_frame(name: str) -> None:
    """Title, take-away and check question are there, and nothing failed."""
    app = unfolded(page_at(name), name)
    assert not app.exception
    assert app.title[0].value == words.say(name, "title")
    shown = [element.value for element in app.markdown]
    assert words.say(name, "promise") in shown
    assert words.say(name, "take-away") in shown
    assert any(button.label == "Ask me a question" for button in app.button)


@pytest.mark.parametrize("name", LESSONS)
def test_what_a_lesson_folds_is_not_computed_until_it_is_opened(name: str) -> None:
    """A closed fold has a line and nothing in it."""
    app = opened(name)
    folds = [fold for fold in app.expander if str(fold.proto.id).endswith(tuple(deeper(name)))]
    assert len(folds) == len(deeper(name))
    assert all(not fold.children for fold in folds)


def deeper(name: str) -> list[str]:
    """Keys of a lesson's folds."""
    return [
        f"deeper-{name}-{anchor.removeprefix('deeper-')}"
        for anchor in words.sections(name)
        if anchor.startswith("deeper-")
    ]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_what_a_bad_link_asked_for(name: str) -> None:
    """Nonsense in the address is named, nothing in it is markup, and the page shows its defaults."""
    app = opened(name, seed="**many**", **{"**colour**": "red"})
    assert not app.exception
    said = " ".join(element.value for element in app.info)
    assert "seed" in said
    assert r"\*\*colour\*\*" in said
    assert "**" not in said


@pytest.mark.parametrize("name", ["forward", "bptt"])
@pytest.mark.parametrize("query", [{"H": "9"}, {"numbers": "1, x"}, {"y": "much"}, {"w": "rnn.W_h.5.5=1.0"}])
def test_a_network_that_cannot_be_shown_is_explained(name: str, query: dict[str, str]) -> None:
    """A plain message with a way back, and to the Inspector with all that was asked for, stands there."""
    app = opened(name, **query)
    assert not app.exception
    assert len(app.warning) == 1
    (link,) = [each.proto for each in app.get("page_link") if each.proto.label == "Open in the Inspector"]
    (asked,) = query.items()
    assert asked in parse_qsl(link.query_string)
    next(each for each in app.button if each.label == "Back to the lesson's numbers").click().run()
    assert not app.exception
    assert not app.warning


@pytest.mark.parametrize("name", ["forward", "bptt"])
def test_a_change_that_cannot_be_shown_is_taken_back(name: str) -> None:
    """A slip in one field costs that change, not the network that was set before."""
    app = opened(name, activation="relu", H="3")
    app.session_state["network.target"] = "much"
    app.run()
    assert len(app.warning) == 1
    next(each for each in app.button if each.label == "Take the last change back").click().run()
    assert not app.exception
    assert not app.warning
    settings = app.session_state["network.settings"]
    assert (settings.activation, settings.H, settings.target) == ("relu", 3, "1")


def test_one_network_goes_through_the_lessons() -> None:
    """What is set in one lesson is still set in the next."""
    app = unfolded(page_at("forward"), "forward")
    app.button_group(key="network.activation").set_value("relu").run()
    assert not app.exception
    app.switch_page(page("bptt")).run()
    assert not app.exception
    assert app.session_state["network.activation"] == "relu"


def test_a_slider_sets_the_number_it_names() -> None:
    """Choosing a weight and moving the slider changes that weight of the network."""
    app = unfolded(page_at("forward"), "forward")
    app.selectbox(key="network.one").select("W_h[0,1]").run()
    (slider,) = [each for each in app.slider if each.label == "W_h[0,1]"]
    assert slider.value == -0.5
    slider.set_value(1.25).run()
    assert not app.exception
    edits = {(e.array, e.index): e.value for e in app.session_state["network.settings"].edits}
    assert edits["W_h", (0, 1)] == 1.25
    assert edits["W_h", (0, 0)] == 0.7
