"""The sign of a state's gradient, a weight's gradient, the step that adds most, an update and a nudge."""

from __future__ import annotations

import numpy as np

from core.decompose import EachLoss, contributions, own_and_future, step_norms
from core.flow import global_norm, lengths
from core.model import Backward, Model, Trace
from core.params import Array
from core.rnn import RNNBackward
from quiz.computed import mistaken
from quiz.computed.guess import (
    SEEN,
    About,
    Led,
    Run,
    choice,
    d,
    fewer,
    first_names,
    first_reply,
    largest,
    numeric,
    one_sequence,
    products,
    sign,
    worked,
)
from quiz.computed.numbers import Candidate, inline, shown, signed, total
from quiz.lessons.bptt import update_guesses as updates
from quiz.schema import Choice, Exact, Numeric

CLEAR = 1e-3  # size of a gradient whose sign can be told
BY_HAND = 4 * 2 * 2  # steps times units squared: beyond it one step's term is asked for, not the whole sum

STATE = About("guess-bptt-state", "bptt", ("bptt", "chain-rule"))
WEIGHT = About("guess-bptt-weight", "bptt", ("accumulation", "bptt"), "hard")
STEP = About("guess-bptt-step", "bptt", ("accumulation", "weight-sharing"))


def questions(model: Model, trace: Trace, backward: Backward, each: EachLoss, *, lr: float = 0.5) -> tuple[Exact, ...]:
    """Up to five predictions on a backward pass, in the order of the chapter's steps.

    Args:
        model: A vanilla RNN.
        trace: Its run of one sequence, with a loss.
        backward: What `core.model.backprop` returned for it.
        each: What `core.decompose.backprop_each` returned for both.
        lr: Learning rate of the update that is asked about.

    Returns:
        Of a state's sign, a weight's number, the step that adds most, the update and a nudge those that this network
        allows; none where there is no gradient, or one that is not finite.

    Raises:
        ValueError: Another cell, a batch of more than one sequence, or a trace without a loss.
    """
    run = one_sequence(model, trace)
    length = global_norm(backward.grads)
    if not 0 < length < np.inf:
        return ()
    made = (
        state(model, backward, run),
        weight(backward, each, run),
        step(model, trace, backward, run),
        updates.update(model, trace, backward, lr),
        updates.nudge(model, trace, backward, run),
    )
    return tuple(question for question in made if question is not None)


def state(model: Model, backward: Backward, run: Run) -> Choice | None:
    """The sign of one entry of ∂L/∂h_t before the last step, where the future path counts."""
    own, future = (part[:, 0] for part in own_and_future(model, backward))
    dh = backward.cell.dh[:, 0]
    steps = [t for t in (run.T - 2, run.T - 1, *range(run.T - 3, 0, -1)) if t >= 1]
    clear = [(t, j) for t in steps for j in range(run.H) if abs(float(dh[t - 1, j])) >= CLEAR]
    if not clear:
        return None
    # Where a step's own loss points the other way, dropping the future turns the sign.
    decided = [(t, j) for t, j in clear if own[t - 1, j] * dh[t - 1, j] < 0]
    t, j = (decided or clear)[0]
    own_, future_, value = float(own[t - 1, j]), float(future[t - 1, j]), float(dh[t - 1, j])
    da, W = backward.cell.da[t, 0].tolist(), run.params.W_h[j].tolist()
    sum_ = rf"${d(f'h_{{{t}}}', j)} = {shown(own_)} + {products(zip(da, W, strict=True))} = {shown(value)}$"
    slips = _state_slips(backward, run, t, j, own_, future_)
    replies = {
        name: f"Yes. {sum_}." if name == sign(value) else first_reply(name, slips, _cancelled(value))
        for name in ("positive", "negative", "zero")
    }
    meaning = "raise" if value > 0 else "lower"
    return choice(
        STATE,
        f"What is the sign of ${d(f'h_{{{t}}}', j)}$?",
        replies,
        sign(value),
        f"Own loss and what step {t + 1} sends back through row {j} of $W_h$: {sum_}. "
        f"It is {sign(value)}: a little more $h_{{{t}}}[{j}]$ would {meaning} the loss.",
        first_names(slips),
    )


def _state_slips(backward: Backward, run: Run, t: int, j: int, own: float, future: float) -> list[Led]:
    """Slips by the sign that each leads to on this network."""
    out = backward.dh_out
    path = f"$h_{{{t}}}$ also feeds $h_{{{t + 1}}}$, which sends {inline(future)} back"
    dropped = (
        f"You dropped the future path. No loss is read at step {t}, but {path}."
        if own == 0
        else f"You dropped the future path. The own loss is {inline(own)}, but {path}."
    )
    made = {name: float(result.dh[t - 1, 0, j]) for name, result in _slipped(run, out).items()}
    return [
        (sign(own), "dropped the future path", dropped),
        (
            sign(made["turned"]),
            "transposed the matrix wrongly",
            rf"You used $W_h$ for $W_h^\top$: back to $h_{{{t}}}[{j}]$ lead the weights of row {j}, not of column {j}. "
            f"That gives {inline(made['turned'])}.",
        ),
        (
            sign(made["flat"]),
            "forgot the activation's slope",
            rf"You forgot $\varphi'$: $\delta_t$ is ${d('h_t')}$ times the slope. Without it the sum is "
            f"{inline(made['flat'])}.",
        ),
        (
            sign(-(own + future)),
            "turned the sign",
            r"The sign is turned: the way back starts from $\hat y - y$, not from $y - \hat y$. "
            f"Own loss {inline(own)}, future {inline(future)}.",
        ),
    ]


def _cancelled(value: float) -> str:
    return f"Only if own loss and future cancelled; they add up to {inline(value)}."


def _slipped(run: Run, dh_out: Array) -> dict[str, RNNBackward]:
    """The way back with each of the usual slips."""
    return {
        "turned": mistaken.back(run, dh_out, mistaken.turned(run.params)),
        "flat": mistaken.back(run, dh_out, slopes=False),
        "alone": mistaken.back(run, dh_out, mistaken.without_recurrence(run.params)),
    }


def weight(backward: Backward, each: EachLoss, run: Run) -> Numeric | None:
    """One entry of ∂L/∂W_h; in a network too large for that by hand, what one step adds to it."""
    if run.T < 2:
        return None
    whole = run.T * run.H**2 <= BY_HAND
    made = []
    for i in range(run.H):
        for j in range(run.H):
            question = _entry(backward, each, run, i, j) if whole else _term(backward, run, i, j)
            if question is not None and question.slips:
                made.append(question)
    # The largest entries can be worked out best; among those, the one that tells most slips.
    biggest = max((abs(question.answer) for question in made), default=0.0)
    large = [question for question in made if abs(question.answer) >= 0.3 * biggest]
    return max(large, key=lambda question: len(question.slips), default=None)


def _entry(backward: Backward, each: EachLoss, run: Run, i: int, j: int) -> Numeric | None:
    """The whole entry W_h[i, j]."""
    answer, T, da = float(backward.cell.grads.W_h[i, j]), run.T, backward.cell.da
    if not SEEN <= abs(answer) < np.inf:
        return None
    slipped = {name: float(made.grads.W_h[i, j]) for name, made in _slipped(run, backward.dh_out).items()}
    terms = [float(v) for v in run.h[:-1, i] * da[:, 0, j]]
    after = float(mistaken.with_state_after(run, da)[i, j])
    here, sum_ = f"${d('W_h', i, j)}$", f"${total(terms)} = {shown(answer)}$"
    dropped = (
        f"You dropped the future path and so kept step {T} alone: the steps before live on what is sent back."
        if len(each.steps) == 1
        else "You dropped the future path: each step has its own loss and what the next one sends back."
    )
    last_loss = float(run.h[:-1, i] @ each.da[-1, :, 0, j])
    wrong: list[Candidate] = [
        (
            slipped["flat"],
            "forgot the activation's slope",
            rf"You forgot $\varphi'$: $\delta_t = {d('h_t')} \odot \varphi'(a_t)$ at every step.",
        ),
        (
            after,
            "took the state after the step",
            f"You took $h_t$ for $h_{{t-1}}$: $W_h$ multiplies the state before. With that, {sum_}.",
        ),
        (slipped["alone"], "dropped the future path", f"{dropped} In all {sum_}."),
        (
            terms[-1],
            "counted the last step alone",
            f"You forgot to sum: that is step {T} alone. Every step uses $W_h$: {sum_}.",
        ),
        (
            slipped["turned"],
            "transposed the matrix wrongly",
            rf"You sent $\delta_t W_h$ back; it is $\delta_t W_h^\top$. With that, {sum_}.",
        ),
        (-answer, "turned the sign", r"The sign is turned: the way back starts from $\hat y - y$."),
        (
            last_loss,
            "counted the last step alone",
            f"You counted the loss of step {T} alone: every step has one, and all of them come back.",
        ),
        (
            float(backward.cell.grads.W_h[j, i]),
            "transposed the matrix wrongly",
            f"That is ${d('W_h', j, i)}$: the row is the unit it comes from.",
        ),
        (answer / T, "took the mean", f"That is the mean over the steps: they are added up, {sum_}."),
    ]
    pairs = [*zip(run.h[:-1, i].tolist(), da[:, 0, j].tolist(), strict=True)]
    return numeric(
        WEIGHT,
        rf"From the states, slopes and weights on this page: what is {here}, the gradient of the weight from unit {i} "
        f"to unit {j}, over all steps?",
        answer,
        wrong,
        rf"{here[:-1]} = \sum_t h_{{t-1}}[{i}]\, \delta_t[{j}] = {worked(pairs, answer)}$ for $t = 1 \dots {T}$.",
    )


def _term(backward: Backward, run: Run, i: int, j: int) -> Numeric | None:
    """What step T-1 adds to W_h[i, j]: one step of the way back."""
    t, da = run.T - 1, backward.cell.da
    before, answer = float(run.h[t - 1, i]), float(run.h[t - 1, i] * da[t - 1, 0, j])
    if not SEEN <= abs(answer) < np.inf:
        return None
    delta = float(da[t - 1, 0, j])
    slipped = {name: float(made.da[t - 1, 0, j]) for name, made in _slipped(run, backward.dh_out).items()}
    slope = delta / float(backward.cell.dh[t - 1, 0, j])
    wrong: list[Candidate] = [
        (
            before * slipped["flat"],
            "forgot the activation's slope",
            rf"You forgot $\varphi'$: at step {t} it is ${shown(slope)}$, at step {t + 1} too.",
        ),
        (
            float(run.h[t, i]) * delta,
            "took the state after the step",
            f"You took $h_{{{t}}}$ for $h_{{{t - 1}}}$: $h_{{{t - 1}}}[{i}] = {shown(before)}$.",
        ),
        (
            before * slipped["alone"],
            "dropped the future path",
            rf"You dropped the future path: step {t + 1} sends $\delta_{{{t + 1}}} W_h^\top$ back.",
        ),
        (
            before * slipped["turned"],
            "transposed the matrix wrongly",
            rf"You sent $\delta_{{{t + 1}}} W_h$ back; it is $\delta_{{{t + 1}}} W_h^\top$: row {j} of $W_h$.",
        ),
        (-answer, "turned the sign", r"The sign is turned: the way back starts from $\hat y - y$."),
        (
            float(backward.cell.grads.W_h[i, j]),
            "took the gradient of something else",
            "That is the whole entry, summed over all steps.",
        ),
        (float(run.h[t, i] * da[t, 0, j]), "took the wrong time step", f"That is what step {t + 1} adds."),
    ]
    return numeric(
        WEIGHT,
        rf"From the states, slopes and weights on this page: what does step {t} add to ${d('W_h', i, j)}$, "
        rf"the term $h_{{{t - 1}}}[{i}]\, \delta_{{{t}}}[{j}]$?",
        answer,
        wrong,
        rf"$\delta_{{{t}}}[{j}] = {d(f'h_{{{t}}}', j)} \cdot \varphi' = "
        rf"{shown(float(backward.cell.dh[t - 1, 0, j]))} \cdot {shown(slope)} = {shown(delta)}$, and "
        rf"${shown(before)} \cdot {signed(delta)} = {shown(answer)}$.",
    )


def step(model: Model, trace: Trace, backward: Backward, run: Run) -> Choice | None:
    """Which step has the largest share in the length of ∂L/∂W_h."""
    if run.T < 2:
        return None
    shares = contributions(model, trace, backward)["W_h"]
    top = largest(shares)
    if top is None or shares[top] < CLEAR:
        return None
    right = top + 1
    states, deltas = lengths(run.h[:-1], axis=1), lengths(backward.cell.da, axis=(1, 2))
    flat = mistaken.back(run, backward.dh_out, slopes=False)
    leads = [
        (deltas, "counted one factor or term alone", r"You looked at $\lVert \delta_t \rVert$ alone"),
        (states, "counted one factor or term alone", r"You looked at $\lVert h_{t-1} \rVert$ alone"),
        (lengths(run.h[1:], axis=1) * deltas, "took the state after the step", "You took $h_t$ for $h_{t-1}$"),
        (states * lengths(flat.da, axis=(1, 2)), "forgot the activation's slope", r"You forgot $\varphi'$"),
        (
            step_norms(model, trace, backward)["W_h"],
            "counted one factor or term alone",
            "The longest term need not point along the sum",
        ),
    ]
    slips = [(f"step {int(np.argmax(values)) + 1}", slip, reason) for values, slip, reason in leads]

    def reply(t: int) -> str:
        own, best = inline(float(shares[t - 1]), 3), inline(float(shares[top]), 3)
        if t == right:
            return f"Yes: its share is {own}."
        if states[t - 1] == 0:
            return f"Step {t} adds nothing: $h_{{{t - 1}}} = 0$, so $h_{{{t - 1}}}^\\top \\delta_{{{t}}} = 0$."
        reason = first_reply(f"step {t}", slips, "Not that one")
        return f"{reason}: step {t} has {own}, step {right} has {best}."

    shown_steps = fewer(range(1, run.T + 1), (right, run.T, *(int(name[5:]) for name, *_ in slips), 1))
    replies = {f"step {t}": reply(t) for t in shown_steps}
    if len(replies) < 3:
        replies["both alike"] = f"They have {inline(float(shares[0]), 3)} and {inline(float(shares[1]), 3)}."
    return choice(
        STEP,
        r"The terms $G_t = h_{t-1}^\top \delta_t$ add up to $G = \partial L / \partial W_h$. Which step has the "
        r"largest share in its length: how far does $G_t$ reach in the direction of $G$, "
        r"$\langle G_t, G \rangle / \lVert G \rVert$, with $\langle \cdot, \cdot \rangle$ entry times entry, added up?",
        replies,
        f"step {right}",
        rf"The shares of $t = 1 \dots {run.T}$ add up to the length: "
        rf"$\lVert G \rVert = {total([float(v) for v in shares], 3)} = {shown(float(shares.sum()), 3)}$.",
        first_names(slips),
    )
