"""The LSTM cell's lesson as a page: two names, gates held at the chosen word, another sentence, vectors typed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, unfolded

from dashboard.kit import model_card
from dashboard.kit.run.compute import tokens
from dashboard.kit.words import say
from dashboard.lessons.lstm_cell import names_view, view
from dashboard.lessons.lstm_cell.compute import NAME, all_open, cell, in_inspector, named, trained
from dashboard.lessons.lstm_cell.settings import CELL
from dashboard.lessons.lstm_cell.told import told


def opened(**query: str) -> AppTest:
    """The page with its folds opened."""
    return unfolded(page_at("lstm-cell", **query), "lstm-cell")


@pytest.mark.parametrize(
    ("query", "fold"),
    [({"text": "CNN"}, "steps"), ({"f": "1"}, "steps"), ({"t": "3"}, "steps"), ({"va": "1, 2"}, "operations")],
)
def test_a_link_opens_the_fold_it_sets_something_of(query: dict[str, str], fold: str) -> None:
    """Links from before the folds lead to what they were made for; without them every fold is closed."""
    folds = ("names", "steps", "equations", "halves", "claims", "operations", "check")

    def is_open(app: AppTest) -> set[str]:
        return {name for name in folds if app.session_state[f"deeper-lstm-cell-{name}"]}

    assert is_open(page_at("lstm-cell", **query).run()) == {fold}
    assert is_open(page_at("lstm-cell", first="Maya").run()) == set()


def test_two_names_are_chosen_and_never_the_same() -> None:
    """The table marks the pair; who is chosen twice gives the other place what it had; a link cannot ask for it."""
    app = opened()
    assert names_view.pairs(("Krish", "Yann")) in whole(app)
    app.button_group(key="lstm-cell.first").set_value("Yann").run()
    app.run()  # what ran alone knows no other pages here, to which it links
    assert names_view.pairs(("Yann", "Krish")) in whole(app)
    assert {name: app.query_params[name] for name in ("first", "second")} == {"first": "Yann", "second": "Krish"}
    same = opened(first="Maya", second="Maya")
    assert any("twice" in info.value for info in same.info)
    assert names_view.pairs(("Krish", "Yann")) in whole(same)


def test_the_network_opens_in_the_inspector_by_name() -> None:
    """With the text of the beats, and with one's own sentence; a fresh one as its settings."""
    words = " ".join(told("Krish", "Yann").words)
    found = in_inspector(CELL), named(tokens(replace(CELL, text=words)), words)
    assert all(settings.trained == (NAME,) and settings.target == "1" for settings in found)
    assert (found[0].text, found[1].text) == (CELL.text, words)
    assert in_inspector(replace(CELL, network="fresh")).trained == ()


def whole(app: AppTest) -> str:
    """All words of the page as one text."""
    return "\n".join(shown(app))


def shown(app: AppTest) -> list[str]:
    """All words of the page."""
    return [element.value for element in app.markdown]


def finding(app: AppTest) -> Any:
    """What the figure of the nine steps says above itself."""
    (figure,) = (each for each in app.get("bidi_component") if each.proto.id.endswith("-figure_lstm-cell-steps"))
    return json.loads(figure.proto.bytes)["finding"]


def test_sentences_follow_the_run() -> None:
    """Every computed sentence of the page is that of the lesson's own run."""
    app, run = opened(), cell(CELL)
    words = shown(app)
    assert finding(app) == view.finding(run)
    for sentence in (view.halves, view.squashed, view.counted):
        assert sentence(run) in words
    assert view.accumulating(run, all_open(CELL)) in words


def test_the_first_gate_is_held_at_the_word_that_is_chosen() -> None:
    """The figure's word, which it keeps in the address, is where a gate is held first; a second gate joins it there."""
    app = opened()
    app.query_params["word"] = "6"
    app.button_group(key="lstm-cell.held").set_value(["f = 1"]).run()
    assert finding(app) == view.finding(cell(replace(CELL, hold_f="1", at=6)))
    app.query_params["word"] = "2"
    app.button_group(key="lstm-cell.held").set_value(["f = 1", "i = 0"]).run()
    assert finding(app) == view.finding(cell(replace(CELL, hold_f="1", hold_i="0", at=6)))
    assert {name: app.query_params[name] for name in ("f", "i", "at")} == {"f": "1", "i": "0", "at": "6"}


def test_of_two_values_for_one_gate_the_new_one_holds() -> None:
    """A gate has one value: choosing another replaces it, and taking it away lets the gate go."""
    app = opened(f="1")
    held = app.button_group(key="lstm-cell.held")
    assert held.value == ["f = 1"]
    held.set_value(["f = 0", "f = 1"]).run()
    assert app.button_group(key="lstm-cell.held").value == ["f = 0"]
    assert finding(app) == view.finding(cell(replace(CELL, hold_f="0")))
    app.button_group(key="lstm-cell.held").set_value([]).run()
    assert finding(app) == view.finding(cell(CELL))


def test_a_link_opens_with_its_gates_held() -> None:
    """A shared link shows the same run: which gate, where, how long, for which unit."""
    app = opened(o="0", at="2", span="onwards", only="1", seed="7")
    expected = replace(CELL, network="fresh", hold_o="0", at=2, span="onwards", only=1, seed=7)
    assert not app.exception
    assert finding(app) == view.finding(cell(expected))


def test_another_sentence_and_other_weights() -> None:
    """The learner's own words run at once; other weights are the next seed's."""
    app = opened()
    app.text_input(key="lstm-cell.text").set_value("the cat sat").run()
    assert "“cat”" in app.warning[0].value
    next(each for each in app.button if each.label == "Read it with a fresh network").click().run()
    run = replace(CELL, network="fresh", text="the cat sat")
    assert finding(app) == view.finding(cell(run))
    app.button(key="lstm-cell.draw").click().run()
    assert finding(app) == view.finding(cell(replace(run, seed=CELL.seed + 1)))


@pytest.mark.parametrize("text", ["", "a " * 17])
def test_a_sentence_that_cannot_be_shown_is_explained(text: str) -> None:
    """A plain message and a way back stand in place of the figure."""
    app = opened()
    app.text_input(key="lstm-cell.text").set_value(text).run()
    assert not app.exception
    assert len(app.warning) == 1
    next(each for each in app.button if each.label == "Back to the lesson's sentence").click().run()
    assert not app.warning
    assert finding(app) == view.finding(cell(CELL))


def test_typed_vectors_are_multiplied_added_and_joined() -> None:
    """The operations follow what is typed; unequal lengths and nonsense are told, and the page stays."""
    app = opened()
    assert any("[0.5,\\ 2,\\ 0]" in words for words in shown(app))
    app.text_input(key="lstm-cell.b").set_value("4, 5, 6").run()
    assert any("[5,\\ 7,\\ 9]" in words for words in shown(app))
    app.text_input(key="lstm-cell.b").set_value("4, 5").run()
    assert any("3 and 2 entries" in info.value for info in app.info)
    app.text_input(key="lstm-cell.b").set_value("4, <b>x</b>").run()
    (warning,) = app.warning
    assert "no number" in warning.value
    assert "<b>" not in warning.value
    assert not app.exception


def test_the_page_says_which_network_it_shows() -> None:
    """The trained network's line and card, or that the network is fresh."""
    app = opened()
    line = model_card.line(trained())
    assert any(line in caption.value for caption in app.caption)
    assert model_card.whole(trained()) in whole(app)
    app.button_group(key="lstm-cell.network").set_value("fresh").run()
    assert not app.exception
    assert any(say("lstm-cell", "network") in caption.value for caption in app.caption)
    assert finding(app) == view.finding(cell(replace(CELL, network="fresh")))
