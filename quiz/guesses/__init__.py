"""Predictions on the network on the screen: questions made from a run, answered by `core`, wrong ones named.

Each page's module has ``questions``: objects of `core` in, questions of `quiz.schema` out, the same for the same
network. The number of every slip comes from that network with the slip made (`mistaken`). Questions that the network
does not allow, since signs, ranks or sizes are too close to call, are left out.
"""

from quiz.guesses import bptt, compare, forward, gates, gradients, lstm_cell, memory
from quiz.guesses.parts import variant

__all__ = ["bptt", "compare", "forward", "gates", "gradients", "lstm_cell", "memory", "variant"]
