"""What an update of all weights and a nudge of one do to the loss."""

from __future__ import annotations

import numpy as np

from core.flow import global_norm
from core.model import Backward, Model, Trace, parameters
from quiz.computed import mistaken
from quiz.computed.guess import SEEN, About, Run, choice, d, numeric, worked
from quiz.computed.numbers import Candidate, inline, shown
from quiz.schema import Choice, Numeric

NUDGES = (0.1, 0.01, 0.001)
STRAIGHT = 0.02  # relative distance of a nudge's effect from the gradient's straight line

UPDATE = About("guess-bptt-update", "bptt", ("weight-update",))
NUDGE = About("guess-bptt-nudge", "bptt", ("gradient-check", "read-out-and-loss"))


def update(model: Model, trace: Trace, backward: Backward, lr: float) -> Choice | None:
    """Whether one update of all weights lowers the loss."""
    assert trace.loss is not None
    before, after = trace.loss, mistaken.loss_after(model, trace, backward, lr)
    up = mistaken.loss_after(model, trace, backward, -lr)
    change, squares = after - before, global_norm(backward.grads) ** 2
    if not np.isfinite([after, up]).all() or abs(change) < 1e-6 or abs(change) < 1e-4 * before:
        return None
    measured = f"$L$ goes from {inline(before)} to {inline(after)}"
    line = rf"$L - \alpha \lVert g \rVert^2 = {shown(before - lr * squares)}$"
    falls = (
        f"Yes: {measured}."
        if change < 0
        else f"That trusts the straight line, {line}. The step of $\\alpha = {shown(lr)}$ is too long: {measured}."
    )
    rises = (
        f"Yes, it is too long a step: {measured}."
        if change > 0
        else rf"You went up the gradient: $W + \alpha\, \partial L / \partial W$ gives {inline(up)}. "
        f"The rule subtracts: {measured}."
    )
    stays = (
        rf"It stays only where the gradient is 0; here $\lVert g \rVert = {shown(float(np.sqrt(squares)))}$, "
        f"and {measured}."
    )
    return choice(
        UPDATE,
        rf"All weights take one step, $W \leftarrow W - \alpha\, \partial L / \partial W$ with "
        rf"$\alpha = {shown(lr)}$. What does the loss do?",
        {"it falls": falls, "it rises": rises, "it stays the same": stays},
        "it falls" if change < 0 else "it rises",
        f"{measured}; the straight line along the gradient promises {line}.",
        {"it falls": "trusted the straight line too far", "it rises": "went up the gradient"},
    )


def nudge(model: Model, trace: Trace, backward: Backward, run: Run) -> Numeric | None:
    """What a small change of one read-out weight does to the loss."""
    assert trace.dlogits is not None
    assert trace.loss is not None
    grad = backward.grads["W_y"]
    k, o = (int(v) for v in np.unravel_index(int(np.argmax(np.abs(grad))), grad.shape))
    slope = float(grad[k, o])
    for by in NUDGES:
        moved = parameters(model)["W_y"].copy()
        moved[k, o] += by
        change = mistaken.loss_with(model, trace, {"W_y": moved}) - trace.loss
        if abs(slope) >= SEEN and abs(slope * by - change) <= STRAIGHT * abs(change):
            break
    else:
        return None
    dz, h = trace.dlogits[:, 0, o], run.h[run.T + 1 - len(trace.dlogits) :, k]
    y_hat = trace.y_hat[:, 0, o]
    wrong: list[Candidate] = [
        (
            slope,
            "took another change for that of the loss",
            f"That is the gradient, the change for each unit of weight: times the nudge of {by}.",
        ),
        (-change, "turned the sign", r"The sign is turned: $\partial L / \partial z = \hat y - y$."),
        (
            by * float(dz.sum()),
            "left out what the weight multiplies",
            f"You left out the state: $W_y[{k},{o}]$ multiplies $h_t[{k}]$.",
        ),
        (
            by * float(h.sum()),
            "left out the delta",
            r"You left out $\hat y - y$: that is the change of the logit, not of the loss.",
        ),
        (by, "took another change for that of the loss", "That is the change of the weight, not of the loss."),
    ]
    if model.loss != "mse":
        squeezed = by * float((h * dz * y_hat * (1 - y_hat)).sum())
        wrong.insert(
            2,
            (
                squeezed,
                "kept the sigmoid's slope beside cross-entropy",
                r"The slope of the read-out cancels against the loss: $\hat y - y$ is all.",
            ),
        )
    if len(dz) > 1:
        wrong.insert(
            2,
            (
                by * float(h[-1] * dz[-1]),
                "counted the last step alone",
                "You forgot to sum: every step's loss goes through $W_y$.",
            ),
        )
    pairs = [*zip(h.tolist(), dz.tolist(), strict=True)]
    return numeric(
        NUDGE,
        rf"$W_y[{k},{o}]$ is raised by {by} and the network runs again. By how much does $L$ change, with its sign?",
        change,
        wrong,
        rf"${d('W_y', k, o)} = {worked(pairs, slope)}$; times {by} that is {inline(slope * by)}. "
        f"Measured: {inline(change)}.",
        abs_=0.0,
    )
