"""What the last word gives: predictions on the weight that is set."""

from __future__ import annotations

import math

from quiz.computed.guess import About, numeric
from quiz.computed.numbers import shown
from quiz.schema import Exact

STATE = About("guess-last-word-state", "last-word", ("last-input",))


def questions(weight: float) -> tuple[Exact, ...]:
    """The state after the input 1.

    Args:
        weight: The input weight.
    """
    state = math.tanh(weight)
    wrong = [(weight, "forgot the activation", "That is the pre-activation; it still goes through tanh.")]
    prompt = f"The input is 1 and its weight {shown(weight)}. What is the state?"
    return (numeric(STATE, prompt, state, wrong, rf"$\tanh({shown(weight)}) = {shown(state)}$."),)
