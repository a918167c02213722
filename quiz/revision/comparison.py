"""The numbers in the comparison of RNN and LSTM, counted and computed by `core`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from core import lstm, rnn
from core.activations import sigmoid
from core.written import short
from quiz.revision.schema import Row

D, H = 10, 20
STEPS = 20
FORGET_BIASES = (1.0, 3.0, 5.0)


def parameters() -> tuple[str, str]:
    """Parameters of one recurrent layer of each kind, counted on arrays."""
    rng = np.random.default_rng(0)
    small, large = (
        sum(array.size for array in (made.W_x, made.W_h, made.b))
        for made in (rnn.init(D, H, rng=rng), lstm.init(D, H, rng=rng))
    )
    return f"{small:,} at $D = {D}$, $H = {H}$", f"{large:,} at $D = {D}$, $H = {H}$"


def path() -> tuple[str, str]:
    r"""What a constant forget gate at its starting value $\sigma(b)$ leaves on the direct path."""
    shares = sigmoid(np.array(FORGET_BIASES)) ** STEPS
    left = ", ".join(
        f"{share:.1%} with a bias of {short(bias)}" for bias, share in zip(FORGET_BIASES, shares, strict=True)
    )
    return "", f"on the direct path, {STEPS} steps leave {left}".replace("%", "\N{NARROW NO-BREAK SPACE}%")


MEASURES: Mapping[str, Callable[[], tuple[str, str]]] = MappingProxyType({"parameters": parameters, "path": path})


def cells(row: Row) -> tuple[str, str]:
    """What stands in a row for RNN and LSTM, as Markdown, with the numbers measured."""
    measured = MEASURES[row.measure]() if row.measure else ("", "")
    rnn_says, lstm_says = (
        f"{said}; {number}" if number else said for said, number in zip((row.rnn, row.lstm), measured, strict=True)
    )
    return rnn_says, lstm_says
