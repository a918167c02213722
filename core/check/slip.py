"""What a slip is: equations of a pass that are replaced by wrong ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core import gru
from core.check.passes import Equation
from core.lstm import GATES
from core.params import Array

__all__ = ["Slip", "biases", "moved", "one", "reordered", "sent", "upstream"]


@dataclass(frozen=True, eq=False)
class Slip:
    """One way to be wrong.

    Attributes:
        id: Its name in tests and links.
        at: The quantity whose equation is wrong; of several the first in the order of computing.
        words: What was done, to follow “you ”.
        yours: The line as it acts, in Python.
        mended: The line as it should be.
        replaced: The wrong equations by quantity.
        limit: Where the weights' gradients are clipped: to ± this; else 0.
        target: Where gate blocks are in a wrong order: what stands where i, f, o, g should.
    """

    id: str
    at: str
    words: str
    yours: str
    mended: str
    replaced: Mapping[str, Equation]
    target: tuple[str, ...] = ()
    limit: float = 0.0

    def said(self, blocks: tuple[str, ...] = GATES) -> str:
        """What was done; `blocks` is the order in which the learner's weights have their gates."""
        if not self.target:
            return self.words
        usual = GATES if len(blocks) == len(GATES) else gru.GATES
        taken = [self.target[usual.index(gate)] for gate in blocks]
        return f"{self.words} {', '.join(taken)}; the weights have {', '.join(blocks)}"


def reordered(array: Array, source: tuple[str, ...], target: tuple[str, ...] = ()) -> Array:
    """Gate blocks along the last axis, from one order into another, `core`'s where none is named."""
    target = target or (GATES if len(source) == len(GATES) else gru.GATES)
    blocks = np.split(array, len(source), axis=-1)
    return np.concatenate([blocks[source.index(gate)] for gate in target], axis=-1)


def one(id: str, at: str, words: str, yours: str, mended: str, equation: Equation) -> Slip:  # noqa: A002
    """A slip in one equation."""
    return Slip(id, at, words, yours, mended, {at: equation})


def biases(line: str) -> Iterator[Slip]:
    """Slips with the bias in the forward pass."""
    yield one("bias-twice", "a", "added the bias twice in the forward pass", line + " + b", line,
              lambda s: s.x @ s.W_x + s.h_prev @ s.W_h + 2 * s.b)  # fmt: skip
    yield one("no-bias", "a", "left the bias out of the forward pass", line.removesuffix(" + b"), line,
              lambda s: s.x @ s.W_x + s.h_prev @ s.W_h)  # fmt: skip


def upstream(kind: str) -> Iterator[Slip]:
    """Slips in ∂L/∂h_t, where the step's own loss and the future meet."""
    right = "dh = dh_out[t] + dh_next"
    yield one("no-future", "dh", "left the future out of ∂L/∂h_t", "dh = dh_out[t]", right, lambda s: s.own)
    yield one("no-own", "dh", "counted the loss of the last step only", "dh = dh_next", right,
              lambda s: s.own + s.dh_next if s.t == s.T else s.dh_next)  # fmt: skip
    yield one("own-before", "dh", "added the loss of the step before", "dh = dh_out[t - 1] + dh_next", right,
              lambda s: s.own_prev + s.dh_next)  # fmt: skip
    yield one("own-after", "dh", "added the loss of the step after", "dh = dh_out[t + 1] + dh_next", right,
              lambda s: s.own_next + s.dh_next)  # fmt: skip
    yield one("future-minus", "dh", "took the future away where it is added", "dh = dh_out[t] - dh_next", right,
              lambda s: s.own - s.dh_next)  # fmt: skip
    yield one("loss-doubled", "dh", "doubled the gradient of the loss", "dh = 2 * dh_out[t] + dh_next", right,
              lambda s: 2 * s.own + s.dh_next)  # fmt: skip
    yield one("loss-halved", "dh", "halved the gradient of the loss", "dh = dh_out[t] / 2 + dh_next", right,
              lambda s: s.own / 2 + s.dh_next)  # fmt: skip
    yield one("loss-minus", "dh", "turned the sign of the loss's gradient", "dh = -dh_out[t] + dh_next", right,
              lambda s: -s.own + s.dh_next)  # fmt: skip
    yield one("batch-mean-early", "dh", "divided the loss's gradient by the number of sequences once more",
              "dh = dh_out[t] / B + dh_next", right, lambda s: s.own / s.B + s.dh_next)  # fmt: skip
    yield one("own-wraps", "dh", "added the loss of the step before, and at t = 1 that of the last (index −1)",
              "dh = dh_out[t - 1] + dh_next", right,
              lambda s: (s.own_last if s.t == 1 else s.own_prev) + s.dh_next)  # fmt: skip
    if kind == "lstm":
        zero: Mapping[str, Equation] = {"dh": lambda s: s.own, "dc": lambda s: s.dh * s.o * (1 - s.tanh_c**2)}
        yield Slip("detached", "dh", "detached the state: neither ∂L/∂h nor ∂L/∂c comes from the step after",
                   "dh = dh_out[t]; dc = dh * o * (1 - tanh_c**2)", right, zero)  # fmt: skip


def sent(of: str, right: Equation, line: str) -> Iterator[Slip]:
    """Slips in what a step sends to the state before.

    Args:
        of: How the product of ∂L/∂a is written.
        right: The right equation.
        line: Its line.
    """
    yield one("dh-kept", "dh_next", "kept ∂L/∂h_t in what goes back to h_{t−1}: it was not set to zero between steps",
              f"dh_next = dh + {of}", line, lambda s: right(s) + s.dh)  # fmt: skip
    yield one("future-kept", "dh_next", "added up what goes back to h_{t−1} over the steps (+= for =)",
              f"dh_next += {of}", line, lambda s: right(s) + s.dh_next)  # fmt: skip
    yield one("input-back", "dh_next", "sent ∂L/∂x_t back for ∂L/∂h_{t−1}: the part of W for x was taken",
              "dh_next = (da @ W.T)[:, :H], where x comes first", line,
              lambda s: np.concatenate([s.da @ s.W_x.T, right(s)], axis=-1)[:, : right(s).shape[1]])  # fmt: skip
    yield one("part-back", "dh_next", "took the last rows of W for those of h, where h comes first",
              "dh_next = (da @ W.T)[:, D:]", line,
              lambda s: np.concatenate([right(s), s.da @ s.W_x.T], axis=-1)[:, -right(s).shape[1] :])  # fmt: skip


def moved(equation: Equation, target: tuple[str, ...]) -> Equation:
    """What an equation gives, with its gate blocks in another order."""
    return lambda s: reordered(equation(s), GATES if len(target) == len(GATES) else gru.GATES, target)
