"""The beats of the forward pass, on the network that is on the screen. Nothing here knows Streamlit."""

from __future__ import annotations

import numpy as np

from dashboard.figure import prose
from dashboard.kit.beats import Beat
from dashboard.kit.network.compute import Small
from dashboard.kit.network.drawing import TITLES, answering
from dashboard.kit.network.view import parts, total
from quiz.lessons.forward import beats as asked_by
from quiz.lessons.forward import guesses
from quiz.schema import Choice


def beats(small: Small) -> tuple[Beat, ...]:
    """The six beats."""
    entry = _entry(small)
    return (
        _one_step(small),
        _same_weights(small, entry),
        _memory(small),
        _squash(small),
        _answers(small),
        _names(small),
    )


def _one_step(small: Small) -> Beat:
    question = guesses.question("state", small.model, small.trace)
    asked = asked_by.asked_step(small.model, small.trace)
    show = {"field": "parts", "vessel": "products", "control": "walk", "walked": True, "t": asked, "asked": asked}
    phi = TITLES[parts(small)[1].activation]
    through = "$a_t$ as it is is the new state" if phi == "none" else f"{phi} turns $a_t$ into the new state"
    said = prose(
        f"**Added up, then squeezed.** The two parts add up to $a_t$; {through} $h_t$, all that the next step will "
        "know of the steps before."
    )
    sign = f" {phi} keeps the sign of a sum." if phi == "tanh" else ""
    before = prose(f"**Step {asked} is yours.** {_units(small)}{sign} Play shows the steps before.")
    return Beat("one-step", show, said, question if isinstance(question, Choice) else None, before)


def _same_weights(small: Small, entry: tuple[int, int]) -> Beat:
    show = {"field": "parts", "vessel": "uses", "control": "turn", "entry": list(entry)}
    said = prose(
        f"**One number, {small.T} uses.** At $t$ = 1 it meets $h_0$ = 0 and sends nothing; at each later step it sends "
        "itself times what it meets."
    )
    return Beat("same-weights", show, said, asked_by.uses(small.model, small.trace, entry), said)


def _memory(small: Small) -> Beat:
    show = {"field": "change", "vessel": "lengths", "control": "drag", "t": 1}
    said = prose("**How far a state moves is what it still has of that number.** Compare the bars, step by step.")
    before = prose("**Nothing moves yet.** Say first which states will; then the slider is yours.")
    return Beat("memory", show, said, asked_by.felt(small.model, small.trace), before)


def _squash(small: Small) -> Beat:
    show = {"field": "parts", "vessel": "curves", "control": "activation"}
    said = prose(
        "**Each function makes its own run.** Other states go into the steps that follow, and change the sums there. "
        "Flat parts of a curve will matter in lesson 3."
    )
    before = prose("**Answer first;** then the functions are yours to choose.")
    return Beat("squash", show, said, asked_by.squashed(small.model, small.trace), before)


def _answers(small: Small) -> Beat:
    every, last = answering(small, "every"), answering(small, "last")
    show = {"field": "parts", "vessel": "losses", "control": "readout", "readout": "every", "t": small.T}
    said = prose(
        f"**With a loss at every step, the sum is {total(every)}**; if only the last answer counts, {total(last)}. How "
        "each weight moves $L$ is the next lesson."
    )
    before = prose("**Every answer has its own target.** The losses are yours to compare.")
    wanted = [float(v) for v in np.ravel(every.sequence.y)]
    return Beat("answers", show, said, asked_by.missed(every.trace, wanted), before)


def _names(small: Small) -> Beat:
    said = prose("**The same picture, the chapter's letters or ours.** This network has its biases in both.")
    return Beat("names", {"field": "parts", "vessel": "products", "control": "letters", "t": small.T}, said)


def _units(small: Small) -> str:
    """What the indices at the bars are."""
    H = small.model.cell.H
    if H == 1:
        return "A state here is one number, its unit [0]."
    return f"A state here is {H} numbers, its units, counted from 0: [0] to [{H - 1}]."


def _entry(small: Small) -> tuple[int, int]:
    """The entry of W_h opened first: below the diagonal if there is one, so that one unit speaks to another."""
    H = small.model.cell.H
    return (1, 0) if H > 1 else (0, 0)
