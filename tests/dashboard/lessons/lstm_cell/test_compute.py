"""The small LSTM of the lesson: its defaults, what can be held, its link, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import lstm
from core.errors import InputError
from core.lstm import block
from dashboard.kit.run.settings import Edit, Settings
from dashboard.lessons.lstm_cell import compute as cells
from dashboard.lessons.lstm_cell.compute import cell
from dashboard.lessons.lstm_cell.settings import CELL, CellSettings


def test_the_default_is_worth_looking_at() -> None:
    """Unit 2 gives up more than half of a value above 1 at the first full stop, the others keep most."""
    shown = cell(CELL)
    f, c = shown.trace.f[:, 0], shown.trace.c[:, 0]
    assert shown.labels[CELL.at - 1] == "."
    assert f[3, 2] < 0.45
    assert f[3, :2].min() > 0.7
    assert c[3, 2] > 1
    assert np.abs(c[:-1] * (1 - f)).argmax() == 3 * 3 + 2
    assert not shown.holds


def test_what_is_held_is_held_where_it_was_asked_for() -> None:
    """A gate is held at the word alone or from it on, for all units or one; `computed` stays the plain run."""
    plain = cell(CELL)
    there = cell(replace(CELL, hold_f="0.5"))
    assert (there.trace.f[3] == 0.5).all()
    assert not (there.trace.f[4] == 0.5).any()
    onwards = cell(replace(CELL, hold_f="0", hold_i="1", span="onwards", only=1))
    assert (onwards.trace.f[3:, 0, 1] == 0).all()
    assert (onwards.trace.i[3:, 0, 1] == 1).all()
    assert np.isnan(block(onwards.held, "f")[:, [0, 2]]).all()
    np.testing.assert_array_equal(onwards.computed.c, plain.trace.c)
    np.testing.assert_allclose(onwards.parts.kept + onwards.parts.written, onwards.trace.c[1:], atol=1e-15)


def test_a_shorter_sentence_or_cell_keeps_what_is_held_inside() -> None:
    """A word or unit that is gone holds the last word, or all units, instead of failing."""
    shown = cell(replace(CELL, text="Krish likes", hold_f="1", at=9, only=3))
    assert (shown.trace.f[1] == 1).all()
    assert not (shown.trace.f[0] == 1).any()


def test_all_open_adds_every_candidate() -> None:
    """With f = 1 and i = 1 at every word the last cell state is the sum of the candidates."""
    shown = cells.all_open(replace(CELL, hold_o="0", only=2))
    np.testing.assert_allclose(shown.trace.c[-1], shown.trace.g.sum(axis=0), atol=1e-14)
    assert (shown.trace.o != 0).all()


def test_the_inspector_shows_the_same_network() -> None:
    """Settings for the Inspector have no gates held, and its LSTM gives the lesson's numbers."""
    settings = cells.in_inspector(replace(CELL, hold_f="1"))
    assert type(settings) is Settings
    assert settings.to_query().keys() == {"text", "D", "H", "seed"}
    sequence = cells.compute.sequence(settings)
    params = cells.compute.start(settings, sequence)["lstm"].cell
    assert isinstance(params, lstm.LSTMParams)
    np.testing.assert_array_equal(lstm.forward(params, sequence.x).gates, cell(CELL).computed.gates)


def test_a_link_brings_everything_back() -> None:
    """What is held, where, and both typed vectors travel in the link, beside the Inspector's own settings."""
    settings = replace(CELL, hold_o="0.5", at=2, span="onwards", only=0, a="7", b="8, 9", seed=3, text="a b")
    assert CELL.updated(settings.to_query(CELL)) == (settings, ())
    assert CELL.to_query(CELL) == {}


@pytest.mark.parametrize(
    "other", [{"source": "task"}, {"cell": "rnn"}, {"edits": (Edit("lstm", "b", (0,), 9.0),)}, {"encoding": "onehot"}]
)
def test_what_the_lesson_cannot_show_is_put_right_and_said(other: dict[str, object]) -> None:
    """A link made for the Inspector opens with a sentence and fresh weights, and a note; a chosen step is kept."""
    settings, notes = cells.admitted(replace(CELL, t=5, **other))  # type: ignore[arg-type]
    assert settings == replace(CELL, t=5)
    assert len(notes) == 1
    assert cells.admitted(replace(CELL, t=5)) == (replace(CELL, t=5), ())


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
        cell(replace(CellSettings(text="a", D=4, H=3), **change))  # type: ignore[arg-type]
