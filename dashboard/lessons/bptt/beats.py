"""The beats of backpropagation through time, on the network that is on the screen. Nothing here knows Streamlit."""

from __future__ import annotations

import numpy as np

from core.full_batch import Passes
from core.params import Array
from core.written import number, short
from dashboard.figure import Rich, prose
from dashboard.kit.beats import Beat
from dashboard.kit.network.compute import Small
from dashboard.lessons.bptt import sentences
from dashboard.lessons.bptt.compute import presses
from dashboard.lessons.bptt.drawing import NUDGE, first_entry, nudged
from quiz.lessons.bptt import beats as guesses

UPDATE = 7
"""Number of the beat of the updates, which alone needs them."""
TAKEN = 6  # updates before it is asked what comes next


def beats(small: Small, *, updates: bool = True) -> tuple[Beat, ...]:
    """The seven beats; without updates the last one has its words alone."""
    return (
        _one_use(small),
        _whole_knob(small),
        _backward(small),
        _on_the_way(small),
        _shares(small),
        _open_one(small),
        _update(small) if updates else Beat("update", {"scene": "update"}, [], ready=False),
    )


def nudged_step(small: Small) -> int:
    """The step whose use is nudged first: the last but one, so that its change has a way to go."""
    return max(1, small.T - 1)


def _moved(small: Small) -> Array:
    """Change of the loss with the first entry nudged, from down to up, at each use alone and last at all (T+1, n)."""
    assert small.trace.loss is not None
    return nudged(small)[first_entry(small)].loss - small.trace.loss


def _one_use(small: Small) -> Beat:
    entry, t = first_entry(small), nudged_step(small)
    question = guesses.first_use(small.model, small.trace, entry, t, _moved(small)[:-1, -1].tolist())
    show = {"scene": "nudge", "use": t, "t": t, "entry": list(entry), "by": NUDGE, "asked": 1 if question else 0}
    said = prose("**A change runs right:** what comes before the nudged step cannot move.")
    return Beat("one-use", show, said, question, said)


def _whole_knob(small: Small) -> Beat:
    entry = first_entry(small)
    down, *_, up = _moved(small)[-1].tolist()
    question = guesses.turned_down(small.T, NUDGE, up, down)
    show = {"scene": "nudge", "use": 0, "entry": list(entry), "by": NUDGE, "upwards": True}
    said = prose("**Each use is nudged alone, then all of them together.**")
    return Beat("the-whole-knob", show, said, question, said)


def _backward(small: Small) -> Beat:
    show = {
        "scene": "walk",
        "gradients": "walk",
        "t": small.T,
        "entry": list(first_entry(small)),
    }
    said = sentences.dynamic(small)["walk"][-1]
    return Beat("backward", show, said, guesses.heard(small.model, small.trace, small.each), said)


def _on_the_way(small: Small) -> Beat:
    spot = guesses.let_through(small.model, small.trace)
    show = {
        "scene": "walk", "gradients": "all", "slopes": True, "t": nudged_step(small),
        "asked_slopes": list(spot[1:]) if spot else [], "entry": list(first_entry(small)),
    }  # fmt: skip
    said = sentences.dynamic(small)["way"][nudged_step(small) - 1]
    before = prose("**What two of the slopes let through** is yours to say first.")
    return Beat("on-the-way", show, said, guesses.lets_through(small.model, small.trace), before)


def _shares(small: Small) -> Beat:
    entry = first_entry(small)
    show = {
        "scene": "walk",
        "gradients": "all",
        "shares": "walk",
        "t": small.T,
        "entry": list(entry),
    }
    before = prose("**What nudging measured, the shares must fill.** Press Play, or a step.")
    question = guesses.last_share(small.model, small.trace, small.backward, entry)
    said = sentences.dynamic(small)["shares"][sentences.name(entry)]
    return Beat("the-shares", {**show, "asked": 1 if question else 0}, said, question, before)


def _open_one(small: Small) -> Beat:
    entry = first_entry(small)
    show = {
        "scene": "walk",
        "gradients": "all",
        "shares": "all",
        "opened": True,
        "entry": list(entry),
        "t": nudged_step(small),
    }
    question = guesses.opposed(small.model, small.trace, small.backward, entry)
    said = sentences.dynamic(small)["entries"][sentences.name(entry)]
    return Beat("open-one", show, said, question, said)


def _update(small: Small) -> Beat:
    found = presses(small.settings)
    losses, lengths = found.loss.tolist(), found.lengths["W_h"].tolist()
    question = guesses.what_next(losses, lengths, TAKEN)
    return Beat(
        "update",
        {"scene": "update", "taken": TAKEN, "told": TAKEN + guesses.LATER},
        _ended(small, found, losses),
        question,
        _begun(small, losses),
    )


def _begun(small: Small, losses: list[float]) -> Rich:
    return prose(
        f"**Before the first press the losses of both sequences add up to {number(losses[0])}.** "
        f"The learning rate $α$ is {short(small.settings.lr)}."
    )


def _ended(small: Small, found: Passes, losses: list[float]) -> Rich:
    least = int(np.argmin(losses))
    if len(losses) < 2 or least == 0:
        return prose("**The loss does not fall:** the learning rate is too large here, or the gradient is 0.")
    fell = f"from {number(losses[0])} to {number(losses[least])} after {least} {'press' if least == 1 else 'presses'}"
    one, other = (float(v) for v in found.y_hat[least, -1, :, 0])
    answers = (
        f" The last answers are then {number(one)} and {number(other)}, and only $x_1$ tells the two sequences apart."
    )
    return prose(f"**The loss falls {fell}.**" + answers * (small.model.loss != "softmax"))
