"""What the beats of the lesson ask: nudges of W_h, the walk back from the losses, its shares, and updates.

A reply may lead to its place in the figure: ``[step to t = 2](#t=2)``, ``[open it](#entry=0,1)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.activations import activation
from core.decompose import EachLoss
from core.model import Backward, Model, Trace
from quiz.computed.guess import About, choice, d, one_sequence, sign
from quiz.computed.numbers import inline, shown, signed, total
from quiz.schema import Choice

MOVES = 1e-4  # change of the loss that is seen
APART = 0.05  # of two slopes
PULL = 0.02  # of the smaller of the two sides that shares pull to
ALIKE = 0.3  # of the larger of two changes, up to which they differ
CLEARLY = 1.5  # times as much as the next entry
ALONE = 0.7  # of all that shares move, from which on one of them is nearly all
STEEP, RISE = 3.0, 0.02  # times the fall of the last presses, and share of the loss
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")
WAYS = ("up", "down", "nowhere")
LATER = 8  # presses that "next" reaches

FIRST_USE = About("guess-bptt-first-use", "bptt", ("weight-sharing", "bptt"), "easy")
DOWN = About("guess-bptt-turned-down", "bptt", ("bptt", "weight-sharing"), "easy")
HEARD = About("guess-bptt-heard", "bptt", ("bptt", "chain-rule"))
THROUGH = About("guess-bptt-lets-through", "bptt", ("chain-rule",), "easy")
LAST_SHARE = About("guess-bptt-last-share", "bptt", ("accumulation", "weight-sharing"), "easy")
OPPOSED = About("guess-bptt-opposed", "bptt", ("accumulation", "weight-sharing"), "hard")
NEXT = About("guess-bptt-what-next", "bptt", ("weight-update",))


def first_use(model: Model, trace: Trace, entry: tuple[int, int], t: int, moved: Sequence[float]) -> Choice | None:
    """What the nudge of step t does at the first step; None where that step is the first or moves nothing.

    Args:
        model: The weights.
        trace: Their run.
        entry: Row and column of the nudged entry of W_h.
        t: The step.
        moved: Change of the loss with the entry nudged at step 1 … T alone.
    """
    run, (i, j), changes = one_sequence(model, trace), entry, (moved[0], moved[t - 1])
    if t < 2 or abs(changes[1]) < MOVES:
        return None
    there = f"$h_{{{t - 1}}}[{i}] = {shown(float(run.h[t - 1, i]), 3)}$"
    zero = f"$W_h[{i},{j}]$ multiplies the state before, and $h_0[{i}] = 0$"
    carried = (
        f"You carried it over from $t = {t}$, where it met {there}. Here it meets $h_0 = 0$: [step to t = 1](#t=1)."
    )
    turned = "Nothing is turned round: the nudge is multiplied by $h_0 = 0$ and moves no state: [step to t = 1](#t=1)."
    right = WAYS[2] if abs(changes[0]) < 1e-12 else _way(changes[0])
    replies = {way: carried if way == _way(changes[1]) else turned for way in WAYS}
    replies[right] = f"{zero}: 0 times the nudge is 0." if right == WAYS[2] else f"By {inline(changes[0])}."
    if right != WAYS[2]:
        replies[WAYS[2]] = "The state before the first step is not 0 here."
    return choice(
        FIRST_USE,
        f"The same nudge at $t = 1$, where $h_0$ = [{', '.join('0' for _ in range(run.H))}]. Where will $L$ go?",
        replies,
        right,
        f"{zero}: the nudge moves nothing at the first step. At $t = {t}$ it met {there}.",
    )


def _way(change: float) -> str:
    return "up" if change > 0 else "down"


def turned_down(T: int, by: float, up: float, down: float) -> Choice | None:
    """Where the loss goes when a weight with T uses is turned down instead of up.

    Args:
        T: Steps.
        by: The size of the nudge.
        up: Change of the loss when it is turned up by as much.
        down: Likewise down.
    """
    if min(abs(up), abs(down)) < MOVES:
        return None
    measured = f"turned up, $L$ moves by {inline(up, 3)}; turned down, by {inline(down, 3)}"
    same = up * down > 0
    alike = abs(up + down) <= ALIKE * max(abs(up), abs(down))
    slope = "nearly the same slope" if alike else "a slope of the same sign"
    right = _way(down)
    wrong = "down" if right == "up" else "up"
    flat = (
        f"You took the uses to cancel. They do not: {measured}."
        if T > 1
        else f"Only where the gradient is 0 does nothing move; here {measured}."
    )
    replies = {
        right: (
            f"A small nudge turned round turns the change round; here the loss is too curved for that: {measured}."
            if same
            else f"To either side $L$ has {slope}, so a nudge turned round turns the change round: {measured}."
        ),
        wrong: (
            f"A smaller nudge would do so; here the loss is so curved that both ways lead {right}: {measured}."
            if same
            else f"That is where turning it up leads. To either side $L$ has {slope}: {measured}."
        ),
        WAYS[2]: flat,
    }
    return choice(
        DOWN,
        f"Turn it down by {by:g} instead. Where will $L$ go?",
        {way: replies[way] for way in WAYS},
        right,
        f"As long as the nudge is small, the change turns round with it: {measured}."
        if not same
        else f"The loss is curved so much that both ways lead {right}: {measured}.",
    )


def heard(model: Model, trace: Trace, each: EachLoss) -> Choice | None:
    """How many losses have a say in the gradient of the first state; None with fewer than three."""
    one_sequence(model, trace)
    T, S = len(trace.cell.x), len(each.steps)
    if S < 3:
        return None
    reaching = int((np.abs(each.dh[:, 0, 0]).max(axis=-1) > 0).sum())
    replies = {
        "one": "You counted its own loss alone. What comes back from $h_2$ carries all later losses: "
        "[step to t = 1](#t=1).",
        "two": "The future is more than the next loss: what step 2 sends back holds what it heard from step 3, and so "
        "on: [step to t = 2](#t=2).",
        NUMBERS[T]: "You counted all losses, but on the way some meet a slope of 0, and nothing of them is left.",
    }
    right = NUMBERS[reaching]
    replies[right] = (
        f"Its own, and in the future part those of the steps 2 to {T}, handed on from state to state."
        if reaching == T
        else "The others meet a slope of 0 on the way."
    )
    return choice(
        HEARD,
        rf"How many of the {NUMBERS[T]} losses will have had a say in $\partial L/\partial h_1$?",
        replies,
        right,
        f"A loss reaches every state before it, handed on from step to step: $h_1$ hears {right} of {NUMBERS[T]}.",
    )


def let_through(model: Model, trace: Trace) -> tuple[int, int, int] | None:
    """Unit and two steps, not the last but one, whose slopes differ most; None where all are alike."""
    run = one_sequence(model, trace)
    slopes = activation(run.trace.activation).slope(run.h[1:])
    steps = [t for t in range(1, run.T + 1) if t != run.T - 1]
    found = [
        (abs(slopes[s - 1, k] - slopes[t - 1, k]), k, s, t) for s in steps for t in steps if s < t for k in range(run.H)
    ]
    gap, k, s, t = max(found, default=(0.0, 0, 0, 0))
    return (k, s, t) if gap >= APART else None


def lets_through(model: Model, trace: Trace) -> Choice | None:
    """Which of two states lets more of the gradient through."""
    spot = let_through(model, trace)
    if spot is None:
        return None
    run, (k, s, t) = one_sequence(model, trace), spot
    slope = {step: float(activation(run.trace.activation).slope(run.h[step])[k]) for step in (s, t)}
    names = {step: f"$h_{{{step}}}[{k}]$" for step in (s, t)}
    right = max(slope, key=lambda step: slope[step])
    other = s + t - right
    why = {
        "tanh": "tanh is steepest at 0 and flat where it nears 1 or −1",
        "sigmoid": "the sigmoid is steepest where it is 0.5 and flat near 0 and 1",
        "relu": "ReLU passes all of it where the state is above 0, and nothing elsewhere",
    }.get(run.trace.activation, "the slope decides")
    measured = (
        f"the slopes are {inline(slope[right], 3)} at {names[right]} and {inline(slope[other], 3)} at {names[other]}"
    )
    return choice(
        THROUGH,
        f"{names[s][:-1]} = {shown(float(run.h[s, k]), 3)}$ and {names[t][:-1]} = {shown(float(run.h[t, k]), 3)}$. "
        "Which one lets more through?",
        {
            names[right]: f"{why[0].upper()}{why[1:]}: {measured}.",
            names[other]: f"You took a large state for a steep slope: {why}. See [step {other}](#t={other}).",
            "both alike": f"They lie at different places of the curve: {why}. Here {measured}.",
        },
        names[right],
        f"{why[0].upper()}{why[1:]}: {measured}.",
    )


def last_share(model: Model, trace: Trace, backward: Backward, entry: tuple[int, int]) -> Choice | None:
    """What the first step adds to an entry of ∂L/∂W_h."""
    run, (i, j) = one_sequence(model, trace), entry
    delta, before = float(backward.cell.da[0, 0, j]), float(run.h[0, i])
    if run.T < 2 or not np.isfinite(delta):
        return None
    share = before * delta
    product = rf"$h_0[{i}] \cdot δ_1[{j}] = {shown(before)} \cdot {signed(delta, 3)} = {shown(share)}$"
    followed = (
        f"You followed the sign of $δ_1[{j}]$ alone. It is multiplied by the state before: {product}. "
        "[Step to t = 1](#t=1)"
    )
    neither = f"One factor of a share is the state before: {product}."
    replies = {name: followed if name == sign(delta) else neither for name in ("positive", "negative", "zero")}
    replies[sign(share)] = f"{product}. Nudging at $t = 1$ had moved nothing, either."
    return choice(
        LAST_SHARE,
        f"What will the share of $W_h[{i},{j}]$ at $t = 1$ be?",
        replies,
        sign(share),
        f"The state before the first step is $h_0 = 0$: {product}.",
    )


def opposed(model: Model, trace: Trace, backward: Backward, opened: tuple[int, int]) -> Choice | None:
    """In which entry the shares pull against each other most; None where none stands out, or for one unit."""
    run = one_sequence(model, trace)
    shares = run.h[:-1, :, None] * backward.cell.da[:, 0, None, :]  # (T, H, H)
    pull = np.minimum(np.maximum(shares, 0).sum(axis=0), np.maximum(-shares, 0).sum(axis=0))
    entries = [at for at in np.ndindex(*pull.shape) if at != opened]
    ranked = sorted(entries, key=lambda at: -pull[at])
    if len(ranked) < 3 or not PULL <= pull[ranked[0]] < np.inf or pull[ranked[0]] < CLEARLY * pull[ranked[1]]:
        return None
    right, offered = ranked[0], sorted([*ranked[:1], *ranked[-2:]] if len(ranked) > 3 else ranked)

    def added(at: tuple[int, ...]) -> str:
        values = [float(v) for v in shares[:, at[0], at[1]]]
        return f"${total(values, 3)} = {shown(sum(values), 3)}$"

    def reply(at: tuple[int, ...]) -> str:
        if at == right:
            return f"Its shares are {added(at)}."
        sizes = np.abs(shares[:, at[0], at[1]])
        alone = sizes.max() > ALONE * sizes.sum()
        slip = "One share there is nearly all of it" if alone else "They mostly pull one way there"
        return f"{slip}: {added(at)}. [Open it](#entry={at[0]},{at[1]})"

    return choice(
        OPPOSED,
        "In which entry do large shares pull against each other?",
        {f"$[{i},{j}]$": reply((i, j)) for i, j in offered},
        f"$[{right[0]},{right[1]}]$",
        f"The shares of ${d('W_h', *right)}$ are {added(right)}.",
    )


def what_next(losses: Sequence[float], lengths: Sequence[float], taken: int) -> Choice | None:
    """What the loss does after some updates.

    Args:
        losses: L before the first update and after each.
        lengths: ‖∂L/∂W_h‖ at each of them.
        taken: Updates that the learner has seen.
    """
    if len(losses) <= taken + LATER or not np.isfinite(losses).all():
        return None
    before, ahead = np.asarray(losses[: taken + 1]), np.asarray(losses[taken : taken + LATER + 1])
    pace = float(before[-4] - before[-1]) / 3 if taken >= 3 else float(before[0] - before[-1]) / taken
    falls = ahead[:-1] - ahead[1:]
    steepest = int(np.argmax(falls))
    at = taken + steepest + 1
    if falls[steepest] > STEEP * max(pace, 0) and falls[steepest] > RISE * before[0]:
        right = "a steep fall"
    elif ahead.max() > before[-1] + RISE * before[0]:
        right = "a rise"
    else:
        right = "it goes on as before"
    measured = f"press {at} takes it from {inline(losses[at - 1], 3)} to {inline(losses[at], 3)}"
    longest = max(lengths[taken : taken + LATER + 1])
    grown = f": ${d('W_h')}$ has grown to {inline(longest, 3)}, and the step with it"
    top = inline(float(ahead.max()), 3)
    what = {
        "a steep fall": measured + grown * (longest > CLEARLY * lengths[taken]),
        "a rise": f"the presses overshoot and it climbs to {top}: the learning rate is too large here",
        "it goes on as before": f"after {LATER} more presses it stands at {inline(float(ahead[-1]), 3)}",
    }
    slips = {
        "a steep fall": "No steep place lies ahead",
        "a rise": "Small steps against the gradient do not climb",
        "it goes on as before": "You drew the line on, but the gradient changes from press to press",
    }
    replies = {
        name: f"{what[right][0].upper()}{what[right][1:]}." if name == right else f"{slip}: {what[right]}."
        for name, slip in slips.items()
    }
    recent = ", ".join(inline(float(v), 3) for v in lengths[max(0, taken - 2) : taken + 1])
    return choice(
        NEXT,
        f"At presses {max(0, taken - 2)} to {taken} ${d('W_h')}$ is {recent} long, each step $α$ times that. "
        "How will $L$ go on?",
        replies,
        right,
        f"{what[right][0].upper()}{what[right][1:]}.",
    )
