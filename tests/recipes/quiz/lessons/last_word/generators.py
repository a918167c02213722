"""The last word: its way into the state."""

from __future__ import annotations

import numpy as np

from quiz.computed.generator import DECIMALS, Fields, Generator, numeric, weight
from quiz.computed.numbers import shown, signed
from quiz.computed.toys import rnn_params, rnn_step


def last_state(rng: np.random.Generator) -> Fields:
    """h_1 from x_1 alone."""
    x, w_x = weight(rng), weight(rng)
    trace = rnn_step(rnn_params(w_x, 0.0), [x], [0.0])
    a, answer = trace.a.item(), trace.h[1].item()
    return numeric(
        rf"A tanh RNN with $W_x = {shown(w_x)}$ and no bias reads $x_1 = {shown(x)}$ from $h_0 = 0$. What is $h_1$?"
        + DECIMALS,
        answer,
        [
            (a, "forgot the activation", "That is the pre-activation; it still goes through tanh."),
            (x, "let it pass every step unchanged", "That is the input itself."),
        ],
        rf"$h_1 = \tanh({shown(x)} \cdot {signed(w_x)}) = {shown(answer)}$.",
    )


GENERATORS = (Generator("last-word-state", ("last-input",), "easy", last_state),)
