"""The sign of a state, a state in numbers, which state an input moves most, and the prediction."""

from __future__ import annotations

import math

import numpy as np

from core import model as network
from core.losses import predict
from core.model import Model, Trace
from core.params import Array
from quiz.computed import mistaken
from quiz.computed.guess import (
    PHI,
    About,
    Run,
    choice,
    fewer,
    first_names,
    first_reply,
    largest,
    numeric,
    one_sequence,
    products,
)
from quiz.computed.numbers import Candidate, inline, matrix, shown, signed, vector
from quiz.schema import Choice, Exact, Numeric

MOST = 3
CLEAR = 0.05  # size of a pre-activation whose sign can be told
UNSATURATED = 0.95
LARGE = 1e4  # beyond it nobody works a number out
NUDGE = 0.1
NEAR = 0.02  # tolerance that tells φ(a) from a also where φ is nearly straight

STATE = About("guess-forward-state", "forward", ("forward-pass", "weight-sharing"), "easy")
NUMBER = About("guess-forward-number", "forward", ("forward-pass",))
REACH = About("guess-forward-reach", "forward", ("weight-sharing", "forward-pass"), "hard")
OUTPUT = About("guess-forward-output", "forward", ("read-out-and-loss", "forward-pass"))

NAMES = ("state", "number", "reach", "output")


def questions(model: Model, trace: Trace) -> tuple[Exact, ...]:
    """Up to three predictions on a forward pass.

    Args:
        model: A vanilla RNN.
        trace: Its run of one sequence, with or without a loss.

    Returns:
        Of the sign of a state, a state's number, the state that an input moves most and the prediction, the first
        three that this network allows.

    Raises:
        ValueError: Another cell, or a batch of more than one sequence.
    """
    made = (question(name, model, trace) for name in NAMES)
    return tuple(found for found in made if found is not None)[:MOST]


def question(name: str, model: Model, trace: Trace) -> Exact | None:
    """One of the predictions; None where this network does not allow it.

    Args:
        name: One of `NAMES`.
        model: As for `questions`.
        trace: Likewise.

    Raises:
        ValueError: Another name, another cell, or a batch of more than one sequence.
    """
    run = one_sequence(model, trace)
    match name:
        case "state":
            return state(run)
        case "number":
            return number(run)
        case "reach":
            return reach(model, run)
        case "output":
            return output(model, trace, run)
    raise ValueError(f"name={name!r}; expected one of {', '.join(NAMES)}")


def state(run: Run) -> Choice | None:
    """On which side one entry of a later state lies; best one where the recurrent term decides."""
    spot = telling_entry(run)
    if spot is None:
        return None
    t, k = spot
    name, p, a = run.trace.activation, run.params, float(run.a[t - 1, k])
    into = float(run.x[t - 1] @ p.W_x[:, k])
    recurrent = float(run.h[t - 1] @ p.W_h[:, k])
    alone = [
        (
            mistaken.without_recurrence(p),
            "left out the state before",
            f"You left out $h_{{{t - 1}}} W_h$, which adds {inline(recurrent)}.",
        ),
        (
            mistaken.turned(p),
            "transposed the matrix wrongly",
            rf"You took row {k} of $W_h$. In $h_{{{t - 1}}} W_h$, unit {k} gets column {k}: {inline(recurrent)}.",
        ),
        (
            mistaken.without_bias(p),
            "forgot the biases",
            f"You forgot the bias: $b[{k}] = {shown(p.b[k])}$ is added too.",
        ),
        (
            mistaken.without_input(p),
            "left out the input",
            f"You left out the input: $x_{{{t}}} W_x$ adds {inline(into)}.",
        ),
    ]
    kept = ", and tanh keeps its sign" if name == "tanh" else ""
    slips = [
        (_side(float(mistaken.summed(run, t, params)[k]), name), slip, f"{reply} The sum is {inline(a)}{kept}.")
        for params, slip, reply in alone
    ]
    if name == "relu" and a < 0:
        slips.insert(
            0,
            (
                "negative",
                "forgot the activation",
                f"You forgot ReLU: the sum is {inline(a)}, and ReLU makes 0 of what is negative.",
            ),
        )
    whole = (
        rf"$a_{{{t}}}[{k}] = {shown(into)} + {signed(recurrent)} + {signed(float(p.b[k]))} = {shown(a)}$: "
        r"input, recurrent part, bias."
    )
    right, entry = _side(a, name), f"$h_{{{t}}}[{k}]$"
    replies = {
        side: f"Yes. {whole}{' And tanh keeps the sign.' if kept else ''}"
        if side == right
        else first_reply(side, slips, _against(side, name, a))
        for side in _sides(name)
    }
    return choice(
        STATE,
        rf"Unit [{k}] of step {t} gets {inline(into + float(p.b[k]), 3)} from $x_{{{t}}}$ and the bias, and "
        rf"{inline(recurrent, 3)} from $h_{{{t - 1}}}$. "
        + (f"On which side of 0.5 is {entry}?" if name == "sigmoid" else f"What is the sign of {entry}?"),
        replies,
        right,
        rf"{whole} Then $h_{{{t}}}[{k}] = {PHI[name]}({shown(a)}) = {shown(float(run.h[t, k]))}$.",
        first_names(slips),
    )


def telling_entry(run: Run) -> tuple[int, int] | None:
    """A step, from 2 on if there is one, and a unit whose sign is clear, at best one that W_h decides."""
    found: tuple[int, int] | None = None
    bare = mistaken.without_recurrence(run.params)
    for t in range(min(2, run.T), run.T + 1):
        without = mistaken.summed(run, t, bare)
        for k in range(run.H):
            a, h = float(run.a[t - 1, k]), float(run.h[t, k])
            full = abs(2 * h - 1) if run.trace.activation == "sigmoid" else abs(h)
            bounded = run.trace.activation in ("tanh", "sigmoid")
            if not CLEAR <= abs(a) < np.inf or (bounded and full > UNSATURATED):
                continue
            if a * without[k] < 0:
                return t, k
            found = found or (t, k)
    return found


def _sides(name: str) -> tuple[str, str, str]:
    return ("above 0.5", "below 0.5", "exactly 0.5") if name == "sigmoid" else ("positive", "negative", "zero")


def _side(a: float, name: str) -> str:
    """On which side φ(a) lies, told from a."""
    above, below, between = _sides(name)
    if name == "relu":
        return above if a > 0 else between
    return above if a > 0 else below if a < 0 else between


def _against(side: str, name: str, a: float) -> str:
    """What to say to a side that no slip leads to."""
    if name == "relu" and side == "negative":
        return f"ReLU gives no negative numbers; the sum is {inline(a)}."
    if side in ("zero", "exactly 0.5") and name != "relu":
        return f"Only if input, recurrent part and bias cancelled; they add up to {inline(a)}."
    return f"Input, recurrent part and bias add up to {inline(a)}."


def number(run: Run) -> Numeric | None:
    """One entry of h_2 or h_3 from the state before, that with most slips; of a later one if those are near 0."""
    steps = range(min(2, run.T), run.T + 1)
    for some in (steps[:2], steps[2:]):
        spots = [(t, k) for t in some for k in range(run.H) if CLEAR <= abs(float(run.h[t, k])) < LARGE]
        if spots:
            return max((_state_number(run, t, k) for t, k in spots), key=lambda question: len(question.slips))
    return None


def _state_number(run: Run, t: int, k: int) -> Numeric:
    p, name, h, a = run.params, run.trace.activation, run.h[t], float(run.a[t - 1, k])
    phi, before = PHI[name], f"h_{{{t - 1}}}"
    recurrent = float(run.h[t - 1] @ p.W_h[:, k])
    wrong: list[Candidate] = [
        (
            a,
            "forgot the activation",
            rf"You forgot the activation: $a_{{{t}}}[{k}] = {shown(a)}$ still goes through ${phi}$.",
        ),
        (
            float(mistaken.step(run, t, mistaken.without_recurrence(p))[k]),
            "left out the state before",
            f"You left out ${before} W_h$: it adds {inline(recurrent)} to $a_{{{t}}}[{k}]$.",
        ),
        (
            float(mistaken.step(run, t, mistaken.turned(p))[k]),
            "transposed the matrix wrongly",
            rf"You used $W_h^\top$: unit {k} gets column {k} of $W_h$, not row {k}; ${before} W_h$ adds "
            f"{inline(recurrent)}.",
        ),
        (
            float(mistaken.step(run, t, mistaken.without_bias(p))[k]),
            "forgot the biases",
            f"You forgot the bias: $b[{k}] = {shown(p.b[k])}$ is added before ${phi}$.",
        ),
    ]
    if t > 1:
        earlier = float(mistaken.step(run, t, p, x=run.x[t - 2])[k])
        stale = float(mistaken.step(run, t, p, h=run.h[t - 2])[k])
        wrong += [
            (
                earlier,
                "took the wrong time step",
                f"You used $x_{{{t - 1}}}$: step {t} reads $x_{{{t}}} = {vector(run.x[t - 1])}$.",
            ),
            (
                stale,
                "took the wrong time step",
                f"You used $h_{{{t - 2}}}$: step {t} starts from ${before} = {vector(run.h[t - 1])}$.",
            ),
        ]
    wrong += [
        (float(h[j]), "took another unit's entry", f"That is $h_{{{t}}}[{j}]$, another unit.")
        for j in range(run.H)
        if j != k
    ]
    into = [*zip(run.x[t - 1].tolist(), p.W_x[:, k].tolist(), strict=True)]
    again = [*zip(run.h[t - 1].tolist(), p.W_h[:, k].tolist(), strict=True)]
    return numeric(
        NUMBER,
        rf"Step {t} reads $x_{{{t}}} = {vector(run.x[t - 1])}$ and ${before} = {vector(run.h[t - 1])}$. "
        rf"With the weights on this page, what is $h_{{{t}}}[{k}]$?",
        float(h[k]),
        wrong,
        rf"$a_{{{t}}}[{k}] = {products(into + again)} + {signed(float(p.b[k]))} = {shown(a)}$"
        rf" and $h_{{{t}}}[{k}] = {phi}({shown(a)}) = {shown(float(h[k]))}$.",
        rel=NEAR,
    )


def reach(model: Model, run: Run) -> Choice | None:
    """Which state one input moves most; best one that it does not move most at its own step."""
    if run.T < 2:
        return None
    found: tuple[int, int, Array] | None = None
    for s in (2, 1, *range(3, run.T)) if run.T > 2 else (1,):
        for i in range(run.x.shape[1]):
            x = run.trace.x.copy()
            x[s - 1, 0, i] += NUDGE
            moved = np.linalg.norm(network.run(model, x, h0=run.trace.h[0]).cell.h[1:, 0] - run.h[1:], axis=1)
            top = largest(moved)
            if top is None or moved[top] < 1e-4:
                continue
            if top + 1 != s:
                return _reach(run, s, i, moved, top + 1)
            found = found or (s, i, moved)
    return None if found is None else _reach(run, *found, found[0])


def _reach(run: Run, s: int, i: int, moved: Array, top: int) -> Choice:
    """Input i of step s is raised; ``moved`` (T,) has the length of each state's change, largest at step ``top``."""
    best = rf"$\lVert \Delta h_{{{top}}} \rVert = {shown(float(moved[top - 1]), 3)}$"

    def reply(t: int) -> str:
        own = rf"$\lVert \Delta h_{{{t}}} \rVert = {shown(float(moved[t - 1]), 3)}$"
        if t == top:
            return f"Yes: {own}, more than at any other step."
        if t < s:
            return (
                f"You went against the arrows: $h_{{{t}}}$ is computed before $x_{{{s}}}$ is read and stays as it is."
            )
        if t == s:
            return f"That is where the change comes in, {own}; on its way $W_h$ stretches it: {best}."
        if t == run.T:
            return f"You let the change build up to the end. Each step multiplies it anew: {own}, but {best}."
        return f"There it is {own}, but {best}."

    replies = {
        f"the state of step {t}": reply(t)
        for t in fewer(range(1, run.T + 1), (top, s, run.T, *([s - 1] if s > 1 else [])))
    }
    if len(replies) < 3:
        sizes = " and ".join(rf"$\lVert \Delta h_{{{t}}} \rVert = {shown(float(moved[t - 1]), 3)}$" for t in (1, 2))
        replies["both by the same length"] = f"The second step multiplies the change once more: {sizes}."
    lengths = r",\ ".join(shown(float(v), 3) for v in moved)
    return choice(
        REACH,
        rf"$x_{{{s}}}[{i}]$ is raised by {NUDGE} and the network runs again. Which state moves most "
        r"(length of its change, $\lVert \Delta h_t \rVert$)?",
        replies,
        f"the state of step {top}",
        rf"$\lVert \Delta h_t \rVert$ for $t = 1 \dots {run.T}$: ${lengths}$. "
        rf"Nothing moves before step {s}; from there on each step multiplies the change by its slopes and $W_h$.",
        {f"the state of step {t}": "let the past depend on the future" for t in range(1, s)},
    )


def output(model: Model, trace: Trace, run: Run) -> Numeric | None:
    """The prediction at the last step from the last state; for several classes that of the likeliest one."""
    z, y_hat = trace.logits[-1, 0], trace.y_hat[-1, 0]
    o = int(np.argmax(np.abs(y_hat)))
    top = LARGE if model.loss == "mse" else UNSATURATED
    if not CLEAR <= abs(float(y_hat[o])) < top:
        return None
    W, T = model.W_y, run.T

    def read(h: Array, b: Array) -> float:
        return float(predict(model.loss, (h @ W + b)[None, None])[0, 0, o])

    part, of = (f"[{o}]", rf"$z = {vector(z)}$") if len(z) > 1 else ("", rf"$z = {shown(float(z[o]))}$")
    wrong: list[Candidate] = [
        (float(z[o]), "forgot the activation", f"That is the logit: {of} still goes through {_read_out(model.loss)}."),
        (
            read(run.h[T], np.zeros_like(model.b_y)),
            "forgot the biases",
            f"You forgot the read-out's bias $b_y = {vector(model.b_y)}$.",
        ),
        (
            read(run.h[T - 1], model.b_y),
            "took the wrong time step",
            f"You read $h_{{{T - 1}}}$: the last state is $h_{{{T}}}$.",
        ),
    ]
    if model.loss == "softmax":
        alone = float(predict("bce", z[None, None])[0, 0, o])
        wrong.insert(
            1,
            (
                alone,
                "took another activation",
                "That is the sigmoid of one logit: softmax divides by the sum over all classes.",
            ),
        )
        if z[o] < math.log(LARGE):
            wrong.insert(
                2,
                (
                    float(np.exp(z[o])),
                    "took another activation",
                    r"You forgot to divide by $\sum_k e^{z_k}$.",
                ),
            )
    if model.loss == "bce":
        wrong.append((1 - float(y_hat[o]), "took the other class", r"That is $1 - \hat y$, the other class."))
    pairs = [*zip(run.h[T].tolist(), W[:, o].tolist(), strict=True)]
    return numeric(
        OUTPUT,
        rf"The last state is $h_{{{T}}} = {vector(run.h[T])}$. With $W_y = {matrix(W)}$ and $b_y = {vector(model.b_y)}$"
        rf", what is $\hat y_{{{T}}}{part}$?",
        float(y_hat[o]),
        wrong,
        rf"$z_{{{T}}}{part} = {products(pairs)} + {signed(float(model.b_y[o]))} = {shown(float(z[o]))}$, "
        rf"so $\hat y_{{{T}}}{part} = {shown(float(y_hat[o]))}$.",
        rel=NEAR,
    )


def _read_out(loss: str) -> str:
    return {"bce": r"$\sigma$", "softmax": "softmax"}.get(loss, "nothing more")
