"""The small LSTM of the lesson: its defaults, what can be held, its link, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import lstm, model
from core.errors import InputError
from core.lstm import block
from core.sentences import ContextSwitch
from core.text import one_hot
from dashboard.kit.run.settings import Edit, Settings
from dashboard.lessons.lstm_cell import compute as cells
from dashboard.lessons.lstm_cell.compute import cell
from dashboard.lessons.lstm_cell.settings import CELL, CellSettings

FRESH = replace(CELL, network="fresh", text="Krish likes pizza. Yann likes CNN.", at=4)


def test_the_lesson_shows_a_trained_network_that_forgets_at_the_new_subject() -> None:
    """Most is forgotten at the second name, where some units shut and others stay open; it answers that name."""
    shown = cell(CELL)
    at, unit, lost = cells.most_forgotten(shown)
    f = shown.trace.f[:, 0]
    assert (at, shown.labels[at - 1], CELL.at) == (5, "Yann", 5)
    assert f[4].min() < 0.1
    assert f[4].max() > 0.9
    assert lost == abs(shown.trace.c[4, 0, unit]) * (1 - f[4, unit])
    assert shown.answer is not None
    assert (shown.answer.name, shown.holds) == ("Yann", False)


def test_the_forget_gate_held_open_brings_the_first_subject_back() -> None:
    """Held at 1 at the second name alone, it turns the answer to the first; the answer as computed stays beside it."""
    shown = cell(replace(CELL, hold_f="1"))
    assert shown.answer is not None
    assert shown.answer_before is not None
    assert (shown.answer_before.name, shown.answer.name) == ("Yann", "Krish")


def test_the_trained_network_is_the_stored_one() -> None:
    """Left out are inputs that are 0 at every step alone: states and answer are those of the whole network."""
    shown, whole = cell(CELL), cells.trained().model
    trace = model.run(whole, one_hot(shown.labels, ContextSwitch.vocabulary))
    assert isinstance(trace.cell, lstm.LSTMTrace)
    np.testing.assert_allclose(shown.computed.c, trace.cell.c, atol=1e-13)
    assert shown.answer is not None
    assert shown.answer.sure == pytest.approx(trace.y_hat[0, 0].max())
    assert whole.sizes[1] == shown.H
    assert len(set(shown.labels)) == shown.D


def test_words_the_trained_network_never_met_are_named() -> None:
    """A sentence typed for it in other words is refused with the word, and a way to go on."""
    with pytest.raises(InputError, match=r"“dog”.*fresh network"):
        cell(replace(CELL, text="Krish likes dog"))
    assert cell(replace(FRESH, text="Krish likes dog")).answer is None


def test_others_drawn_alike_are_counted() -> None:
    """Of other fresh networks those count that forget most at the same word; held gates make no difference to it."""
    found = cells.alike(FRESH)
    at, _, _ = cells.most_forgotten(cell(FRESH))
    others = [cell(replace(FRESH, seed=seed)) for seed in (0, *range(2, 101))]
    assert FRESH.seed == 1
    assert found == (sum(cells.most_forgotten(other)[0] == at for other in others), 100)
    assert cells.alike(replace(FRESH, hold_f="0", span="onwards")) == found


def test_what_is_held_is_held_where_it_was_asked_for() -> None:
    """A gate is held at the word alone or from it on, for all units or one; `computed` stays the plain run."""
    plain = cell(FRESH)
    there = cell(replace(FRESH, hold_f="0.5"))
    assert (there.trace.f[3] == 0.5).all()
    assert not (there.trace.f[4] == 0.5).any()
    onwards = cell(replace(FRESH, hold_f="0", hold_i="1", span="onwards", only=1))
    assert (onwards.trace.f[3:, 0, 1] == 0).all()
    assert (onwards.trace.i[3:, 0, 1] == 1).all()
    assert np.isnan(block(onwards.held, "f")[:, [0, 2]]).all()
    np.testing.assert_array_equal(onwards.computed.c, plain.trace.c)
    np.testing.assert_allclose(onwards.parts.kept + onwards.parts.written, onwards.trace.c[1:], atol=1e-15)


def test_a_shorter_sentence_or_cell_keeps_what_is_held_inside() -> None:
    """A word or unit that is gone holds the last word, or all units, instead of failing."""
    shown = cell(replace(FRESH, text="Krish likes", hold_f="1", at=9, only=3))
    assert (shown.trace.f[1] == 1).all()
    assert not (shown.trace.f[0] == 1).any()


def test_all_open_adds_every_candidate() -> None:
    """With f = 1 and i = 1 at every word the last cell state is the sum of the candidates."""
    shown = cells.all_open(replace(CELL, hold_o="0", only=2))
    np.testing.assert_allclose(shown.trace.c[-1], shown.trace.g.sum(axis=0), atol=1e-14)
    assert (shown.trace.o != 0).all()


def test_the_inspector_shows_the_same_network() -> None:
    """Settings for the Inspector have no gates held, and its LSTM gives the lesson's numbers."""
    settings = cells.in_inspector(replace(FRESH, hold_f="1", seed=7))
    assert type(settings) is Settings
    assert settings.to_query().keys() == {"text", "D", "H", "seed"}
    sequence = cells.compute.sequence(settings)
    params = cells.compute.start(settings, sequence)["lstm"].cell
    assert isinstance(params, lstm.LSTMParams)
    np.testing.assert_array_equal(lstm.forward(params, sequence.x).gates, cell(replace(FRESH, seed=7)).computed.gates)


def test_the_inspector_opens_the_trained_network_itself() -> None:
    """It travels by its name: the same weights read the same sentence there."""
    settings = cells.in_inspector(CELL)
    sequence = cells.compute.sequence(settings)
    opened = cells.compute.start(settings, sequence)["lstm"]
    trained = cells.trained().model
    for name, array in model.parameters(trained).items():
        np.testing.assert_array_equal(model.parameters(opened)[name], array)
    np.testing.assert_allclose(model.run(opened, sequence.x).cell.h, cells.cell(CELL).computed.h, atol=1e-12)


def test_a_link_brings_everything_back() -> None:
    """What is held, where, and both typed vectors travel in the link, beside the Inspector's own settings."""
    settings = replace(CELL, hold_o="0.5", at=2, span="onwards", only=0, a="7", b="8, 9", seed=3, text="a b")
    assert CELL.updated(settings.to_query(CELL)) == (settings, ())
    assert CELL.to_query(CELL) == {}


@pytest.mark.parametrize(
    "other", [{"source": "task"}, {"cell": "rnn"}, {"edits": (Edit("lstm", "b", (0,), 9.0),)}, {"encoding": "onehot"}]
)
def test_what_the_lesson_cannot_show_is_put_right_and_said(other: dict[str, object]) -> None:
    """A link made for the Inspector opens with a sentence and this lesson's network, and a note; a step is kept."""
    settings, notes = cells.admitted(replace(CELL, t=5, **other))  # type: ignore[arg-type]
    assert settings == replace(CELL, t=5)
    assert len(notes) == 1
    assert cells.admitted(replace(CELL, t=5)) == (replace(CELL, t=5), ())


@pytest.mark.parametrize("asked", [{"seed": "7"}, {"H": "2"}, {"forget_bias": "3"}, {"text": "the cat sat"}])
def test_an_older_link_still_opens_its_fresh_network(asked: dict[str, str]) -> None:
    """Links from before the trained network was there name a seed, a size, a bias or any words: those draw one."""
    settings, _ = CELL.updated(asked)
    admitted, notes = cells.admitted(settings)
    assert admitted == replace(settings, network="fresh")
    assert not notes
    assert cell(admitted).answer is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": "  "}, "no sentence"),
        ({"text": "a " * 17}, "17 words"),
        ({"H": 5}, "5 units"),
        ({"D": 8}, "8 numbers"),
    ],
)
def test_what_is_too_large_to_read_is_refused(change: dict[str, object], message: str) -> None:
    """No sentence, or more numbers than a page can show, is answered with what to do."""
    with pytest.raises(InputError, match=message):
        cell(replace(CellSettings(network="fresh", text="a", D=4, H=3), **change))  # type: ignore[arg-type]
