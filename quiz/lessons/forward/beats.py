"""What the beats of the forward pass ask, about the network on the screen: one choice each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from core import model as network
from core.model import Model, Trace
from quiz.computed.guess import About, choice, fewer, largest, one_sequence
from quiz.computed.numbers import inline, shown
from quiz.lessons.forward.guesses import CLEAR, NUDGE, telling_entry
from quiz.schema import Choice

USES = About("guess-forward-uses", "forward", ("weight-sharing", "forward-pass"), "easy")
FELT = About("guess-forward-felt", "forward", ("forward-pass", "weight-sharing"))
SQUASHED = About("guess-forward-squashed", "forward", ("forward-pass",), "easy")
MISSED = About("guess-forward-missed", "forward", ("read-out-and-loss", "forward-pass"))
FEWEST = 3  # steps of a sequence worth comparing


def asked_step(model: Model, trace: Trace) -> int:
    """The step whose state the first question asks for; the second where it asks for none."""
    run = one_sequence(model, trace)
    spot = telling_entry(run)
    return spot[0] if spot is not None else min(2, run.T)


def uses(model: Model, trace: Trace, entry: tuple[int, int]) -> Choice | None:
    """At which steps one entry of W_h pushes its unit down; None where it does so at none, or at each.

    Args:
        model: A vanilla RNN.
        trace: Its run of one sequence.
        entry: Row and column of W_h.
    """
    run, (i, j) = one_sequence(model, trace), entry
    sent = run.h[:-1, i] * run.params.W_h[i, j]
    down = [t for t in range(1, run.T + 1) if sent[t - 1] < 0]
    if not down or len(down) == run.T or run.T < FEWEST:
        return None
    right = min(down, key=lambda t: sent[t - 1])

    def at(t: int) -> str:
        met = f"$h_{{{t - 1}}}[{i}] = {shown(float(run.h[t - 1, i]), 3)}$"
        return f"at step {t} it meets {met} and sends {inline(float(sent[t - 1]), 3)}"

    def reply(t: int) -> str:
        if t == right:
            return f"Yes: {at(t)}."
        if t == 1:
            return f"At step 1 it meets $h_0 = 0$ and sends nothing; {at(right)}."
        way = "less" if t in down else "upwards"
        return f"A{at(t)[1:]}, {way}; {at(right)}."

    steps = fewer(range(1, run.T + 1), (right, 1, *[t for t in range(2, run.T + 1) if t not in down]))
    return choice(
        USES,
        f"$W_h[{i},{j}] = {shown(float(run.params.W_h[i, j]))}$ leads from unit [{i}] to unit [{j}]. "
        f"At which step does it push unit [{j}] down most?",
        {f"step {t}": reply(t) for t in steps},
        f"step {right}",
        f"It sends {_listed(sent)}, step by step.",
    )


def felt(model: Model, trace: Trace) -> Choice | None:
    """Which states move when the first input does."""
    run = one_sequence(model, trace)
    if run.T < FEWEST:
        return None
    x = run.trace.x.copy()
    x[0, 0, 0] += NUDGE
    moved = np.linalg.norm(network.run(model, x, h0=run.trace.h[0]).cell.h[1:, 0] - run.h[1:], axis=1)
    if not moved.any():
        return None
    lengths = _listed(moved)
    right = "every state" if (moved > 0).all() else "some of them"
    replies = {
        "the first state alone": "The first state goes on into the second, through $W_h$, and so on: each hears of it.",
        "every state": f"Yes: each goes into the next. A nudge of {NUDGE} moves them by {lengths}.",
        "the last state alone": "The change comes in at the first step and has to pass all other states first.",
    }
    if right == "some of them":
        replies[right] = f"Where the activation is flat, nothing gets through: they move by {lengths}."
    return choice(
        FELT, "$x_1[0]$ is changed, no other input. Which states move?", replies, right,
        f"Each state goes into the next. A nudge of {NUDGE} moves them by {lengths}, from the first to the last.",
    )  # fmt: skip


def squashed(model: Model, trace: Trace) -> Choice | None:
    """What ReLU makes of the most negative sum."""
    run = one_sequence(model, trace)
    t, k = np.unravel_index(int(np.argmin(run.a)), run.a.shape)
    a = float(run.a[t, k])
    if a > -CLEAR:
        return None
    replies = {
        "0": f"ReLU cuts off what is below 0: {inline(a, 3)} becomes 0.",
        inline(-a, 3): "That would be the absolute value; ReLU makes 0 of what is negative.",
        inline(a, 3): "Only what is above 0 passes as it is; of what is negative ReLU makes 0.",
        inline(math.tanh(a), 3): "That is tanh of it; ReLU makes 0 of what is negative.",
    }
    asked = f"The lowest sum of this run is $a_{{{t + 1}}}[{k}] = {shown(a, 3)}$. What would ReLU make of it?"
    return choice(
        SQUASHED, asked, replies, "0",
        f"ReLU is max(0, a): {inline(a, 3)} becomes 0. Its slope there is 0, too.",
    )  # fmt: skip


def missed(trace: Trace, targets: Sequence[float]) -> Choice | None:
    """Which of the answers misses its target most; this is not always the largest one.

    Args:
        trace: A run of one sequence with one output at every step, with its losses.
        targets: T targets.
    """
    if trace.losses is None or trace.y_hat.shape[-1] > 1 or len(trace.losses) < FEWEST:
        return None
    losses, answers = trace.losses[:, 0], trace.y_hat[:, 0, 0]
    top, highest = largest(losses), int(np.argmax(answers))
    if top is None:
        return None

    def reply(k: int) -> str:
        has = rf"$\hat y_{{{k + 1}}} = {shown(float(answers[k]), 3)}$ for the target {inline(targets[k])}"
        costs = f"a loss of ${shown(float(losses[k]), 3)}$"
        if k == top:
            return f"Yes: {has}, {costs}."
        if k == highest:
            return f"The largest answer, but not the largest miss: {has}, {costs}. Step {top + 1} misses by more."
        return f"There it is {has}, {costs}. Step {top + 1} misses by more."

    steps = fewer(range(len(losses)), (top, highest, int(np.argmin(losses))))
    return choice(
        MISSED,
        "Each answer is held against its own target. Which step has the largest loss?",
        {f"step {k + 1}": reply(k) for k in steps},
        f"step {top + 1}",
        f"The losses are {_listed(losses)}, step by step.",
    )


def _listed(values: Iterable[float]) -> str:
    return f"${', '.join(shown(float(v), 3) for v in values)}$"
