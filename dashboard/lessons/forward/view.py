"""The forward pass: the network step by step, and the chosen step's equation with its numbers in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from core import rnn
from dashboard import figure
from dashboard.figure import Rich, Stage, math, number, prose
from dashboard.kit.network.compute import Small
from dashboard.kit.network.view import loss, output, parts, row, targets, total, typed

PHI = {"tanh": "tanh", "sigmoid": "σ", "relu": "max(0, ·)", "identity": "identity"}


def stages(small: Small) -> list[Stage]:
    """Every state in turn, then the output, then the loss."""
    T = small.T
    found = [Stage(f"State, t = {t}", [math("h_t")], [str(t)], t=t, states=t) for t in range(1, T + 1)]
    found.append(Stage("Output, ŷ", prose("Output $\\hat{y}$"), states=T, outputs=True))
    found.append(Stage("Loss, L", prose("Loss $L$"), states=T, outputs=True, losses=True))
    return found


def forward(small: Small, *, t: int = 0) -> dict[str, Any]:
    """The payload of the lesson's figure.

    Args:
        small: The network.
        t: First stage chosen; 0 takes the first.
    """
    steps = stages(small)
    equations = [*(state(small, step.t) for step in steps[: small.T]), output(small), loss(small)]
    remarks = [*([remark(small, step.t)] for step in steps[: small.T]), [read_out(small)], [scored(small)]]
    return figure.payload(
        tokens=[step.name for step in steps],
        panels=[
            figure.unrolled(small.model, small.trace, steps, targets(small)),
            figure.said(remarks, "status"),
            figure.said(equations, "equation"),
        ],
        H=0,
        t=min(t, len(steps)) or 1,
        address=True,
        stages=steps,
        label="The forward pass, step by step",
    )


def state(small: Small, t: int) -> list[Rich]:
    """One state's equation: in symbols, with its numbers, and what comes out."""
    params, trace = parts(small)
    from_input, from_state = (row(term[t - 1, 0]) for term in rnn.terms(params, trace))
    x, h_prev, W_x, W_h, b = map(typed, (trace.x[t - 1, 0], trace.h[t - 1, 0], params.W_x, params.W_h, params.b))
    if t > 1:
        h_prev = row(trace.h[t - 1, 0], "h")
    a, h = row(trace.a[t - 1, 0]), row(trace.h[t, 0], "h")
    return [
        prose(f"$h_{t}$ = $f$( $x_{t} W_x$ + $h_{t - 1}$ $W_h$ + $b$ ) with $f$ = {PHI[trace.activation]}"),
        prose(f"$a_{t}$ = ", x, W_x, " + ", h_prev, W_h, " + ", b),
        prose("= ", from_input, " + ", from_state, " + ", b, " = ", a),
        prose(f"$h_{t}$ = $f$( ", a, " ) = ", h),
    ]


def remark(small: Small, t: int) -> Rich:
    """What one step did, and what comes next."""
    following = f" Next: $h_{t + 1}$." if t < small.T else " Next: the output."
    if t == 1:
        return prose("**Step 1.** $h_0$ is zero, so the first state sees the first input alone.", following)
    from_input, from_state = (number(float(np.abs(term[t - 1, 0]).max())) for term in rnn.terms(*parts(small)))
    return prose(
        f"**Step {t}.** The same $W_x$, $W_h$ and $b$ again. The input moves $a_{t}$ by up to {from_input}, "
        f"the state before it by up to {from_state}.",
        following,
    )


def read_out(small: Small) -> Rich:
    """What the output is."""
    y_hat = small.trace.y_hat[-1, 0]
    best = int(np.argmax(y_hat))
    first, largest = number(float(y_hat[0])), number(float(y_hat[best]))
    words = {
        "softmax": f"One probability for each class; they add up to 1. The likeliest is class {best}, with {largest}.",
        "bce": f"One probability between 0 and 1, that the answer is yes: {first}.",
        "mse": f"The number itself, {first}, with nothing that squeezes it.",
    }[small.model.loss]
    where = "Every state is read." if small.model.readout == "every" else "Only the last state is read."
    return prose(f"**Output.** {where} {words} Next: the loss.")


def scored(small: Small) -> Rich:
    """What the loss says."""
    return prose(
        f"**Loss.** {total(small)}: the smaller, the better the output agrees with the target; 0 is perfect. "
        "How each weight moves it is the next lesson."
    )
