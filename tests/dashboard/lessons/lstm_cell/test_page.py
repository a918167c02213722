"""The LSTM cell's lesson as a page: gates held at the chosen word, another sentence, vectors typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.kit import model_card
from dashboard.kit.words import say
from dashboard.lessons.lstm_cell import view
from dashboard.lessons.lstm_cell.compute import all_open, cell, trained
from dashboard.lessons.lstm_cell.settings import CELL


def opened(**query: str) -> AppTest:
    """The page after its first run."""
    return page_at("lstm-cell", **query).run()


def shown(app: AppTest) -> list[str]:
    """All words of the page."""
    return [element.value for element in app.markdown]


def test_sentences_follow_the_run() -> None:
    """Every computed sentence of the page is that of the lesson's own run."""
    words, run = shown(opened()), cell(CELL)
    for sentence in (view.finding, view.halves, view.squashed, view.counted):
        assert sentence(run) in words
    assert view.accumulating(run, all_open(CELL)) in words


def test_the_first_gate_is_held_at_the_word_that_is_chosen() -> None:
    """The figure's word, which it keeps in the address, is where a gate is held first; a second gate joins it there."""
    app = opened()
    app.query_params["t"] = "6"
    app.button_group(key="lstm-cell.hold_f").set_value("1").run()
    assert view.finding(cell(replace(CELL, hold_f="1", at=6))) in shown(app)
    app.query_params["t"] = "2"
    app.button_group(key="lstm-cell.hold_i").set_value("0").run()
    assert view.finding(cell(replace(CELL, hold_f="1", hold_i="0", at=6))) in shown(app)
    assert {name: app.query_params[name] for name in ("f", "i", "at")} == {"f": "1", "i": "0", "at": "6"}
    app.button(key="lstm-cell.let-go").click().run()
    assert view.finding(cell(CELL)) in shown(app)


def test_a_link_opens_with_its_gates_held() -> None:
    """A shared link shows the same run: which gate, where, how long, for which unit."""
    app = opened(o="0", at="2", span="onwards", only="1", seed="7")
    expected = replace(CELL, network="fresh", hold_o="0", at=2, span="onwards", only=1, seed=7)
    assert not app.exception
    assert view.finding(cell(expected)) in shown(app)


def test_another_sentence_and_other_weights() -> None:
    """The learner's own words run at once; other weights are the next seed's."""
    app = opened()
    app.text_input(key="lstm-cell.text").set_value("the cat sat").run()
    assert "“cat”" in app.warning[0].value
    next(each for each in app.button if each.label == "Read it with a fresh network").click().run()
    run = replace(CELL, network="fresh", text="the cat sat")
    assert view.finding(cell(run)) in shown(app)
    app.button(key="lstm-cell.draw").click().run()
    assert view.finding(cell(replace(run, seed=CELL.seed + 1))) in shown(app)


@pytest.mark.parametrize("text", ["", "a " * 17])
def test_a_sentence_that_cannot_be_shown_is_explained(text: str) -> None:
    """A plain message and a way back stand in place of the figure."""
    app = opened()
    app.text_input(key="lstm-cell.text").set_value(text).run()
    assert not app.exception
    assert len(app.warning) == 1
    next(each for each in app.button if each.label == "Back to the lesson's sentence").click().run()
    assert not app.warning
    assert view.finding(cell(CELL)) in shown(app)


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
    assert model_card.whole(trained()) in shown(app)
    app.button_group(key="lstm-cell.network").set_value("fresh").run()
    assert not app.exception
    assert say("lstm-cell", "network") in [caption.value for caption in app.caption]
    assert view.finding(cell(replace(CELL, network="fresh"))) in shown(app)
