"""Times of training steps: medians and quartiles of what the clock said, bounded, and stored with their conditions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from core import model, pace
from core.experiments import comparison


def ticking() -> Callable[[], float]:
    """A clock on which every look is one second after the last."""
    seconds = count()
    return lambda: float(next(seconds))


def test_times_are_what_the_clock_says() -> None:
    """Between the two looks around a step one second passes, for both cells; the ratio is then 1."""
    found = pace.measure({"rnn": 3, "lstm": 2}, 2, T=4, rounds=5, clock=ticking())
    assert (found.units, found.B, found.T, found.rounds) == ({"rnn": 3, "lstm": 2}, 2, 4, 5)
    assert found.low == found.middle == found.high == {"rnn": 1.0, "lstm": 1.0}
    assert found.ratio == 1.0


def test_slow_machine_ends_early() -> None:
    """No further round begins once the time is up; one there is always."""
    assert pace.measure({"rnn": 2, "lstm": 2}, 1, T=3, rounds=50, seconds=-1.0).rounds == 1


def test_real_times_are_ordered() -> None:
    """On a real clock times are positive and the median lies within its quartiles."""
    found = pace.measure({"rnn": 4, "lstm": 4}, 1, rounds=8)
    for kind in model.KINDS:
        assert 0 < found.low[kind] <= found.middle[kind] <= found.high[kind]


def test_stored_times_say_where_they_are_from() -> None:
    """Every reference is stored for every batch, with the machine it is from; the sizes of the runs are among them."""
    stored = pace.stored()
    assert set(stored.paces) == {(*units, B) for units in pace.REFERENCES for B in pace.BATCHES}
    assert "NumPy" in stored.machine
    assert all(found.T == pace.T for found in stored.paces.values())
    same = comparison.rnn(*comparison.LONG, start="uniform", same_size=True)[0].H
    assert (same, comparison.H) in pace.REFERENCES


def test_longer_batches_bring_the_ratio_up() -> None:
    """What the page says of the stored times: the LSTM is slower, by less than 4, and more so in large batches."""
    for units in pace.REFERENCES:
        few, many = (pace.stored().paces[(*units, B)].ratio for B in pace.BATCHES)
        assert 1 < few < many < 4


def test_unfit_size_is_refused() -> None:
    """No units is said before anything is timed."""
    with pytest.raises(ValueError, match="H"):
        pace.measure({"rnn": 0, "lstm": 2}, 1)
