"""Parameters by formula, by count, and matched: all three agree at any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import model
from core.sizes import by_count, by_formula, matched

SIZE = st.integers(1, 40)


@given(st.sampled_from(model.KINDS), SIZE, SIZE, SIZE, st.sampled_from((1, 2)))
def test_formula_is_the_count(kind: str, D: int, H: int, O: int, biases: int) -> None:  # noqa: E741
    """The formula gives what the arrays of a real model hold, part by part, with one bias and with PyTorch's two."""
    assert by_formula(kind, D, H, O, biases=biases) == by_count(kind, D, H, O, biases=biases)


@given(SIZE, SIZE, SIZE)
def test_count_is_of_every_parameter(D: int, H: int, O: int) -> None:  # noqa: E741
    """With one bias the total is the number of all entries that training moves."""
    for kind in model.KINDS:
        made = model.parameters(model.init(kind, D, H, O, rng=np.random.default_rng(1)))
        assert by_count(kind, D, H, O).total(readout=True) == sum(array.size for array in made.values())


@given(SIZE, SIZE, SIZE, st.sampled_from((1, 2)))
def test_ratio_is_four_for_the_layer_and_less_with_the_readout(D: int, H: int, O: int, biases: int) -> None:  # noqa: E741
    """The layer has exactly four times as many parameters; the read-out is the same and brings the two closer."""
    rnn, lstm = (by_formula(kind, D, H, O, biases=biases) for kind in model.KINDS)
    assert lstm.layer == 4 * rnn.layer
    assert lstm.readout == rnn.readout
    assert lstm.total(readout=True) < 4 * rnn.total(readout=True)


@given(SIZE, SIZE, SIZE, st.booleans(), st.sampled_from((1, 2)))
def test_no_other_size_matches_better(D: int, H: int, O: int, readout: bool, biases: int) -> None:  # noqa: E741
    """One unit more or less in the RNN is no nearer to the LSTM's number of parameters."""
    wanted = by_formula("lstm", D, H, O, biases=biases).total(readout=readout)
    units = matched(D, H, O, readout=readout, biases=biases)
    apart = [
        abs(by_formula("rnn", D, n, O, biases=biases).total(readout=readout) - wanted)
        for n in (units, units + 1, max(1, units - 1))
    ]
    assert apart[0] == min(apart)


def test_known_sizes() -> None:
    """Worked out by hand: D = 12, H = 24, O = 4."""
    assert by_formula("lstm", 12, 24, 4).layer == 3552
    assert by_formula("rnn", 12, 24, 4).layer == 888
    assert by_formula("lstm", 12, 24, 4).total(readout=True) == 3652
    assert by_formula("lstm", 12, 24, 4, biases=2).layer == 3648
    assert matched(12, 24, 4) == 52


@pytest.mark.parametrize(
    ("arguments", "message"), [(("gru", 1, 1, 1), "gru"), (("rnn", 0, 1, 1), "D"), (("rnn", 1, 1, 0), "O")]
)
def test_wrong_sizes_are_named(arguments: tuple[str, int, int, int], message: str) -> None:
    """An unknown cell or a size below 1 is said."""
    for count in (by_formula, by_count):
        with pytest.raises(ValueError, match=message):
            count(*arguments)
    with pytest.raises(ValueError, match="biases"):
        by_formula("rnn", 1, 1, 1, biases=3)
