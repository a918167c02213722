"""Backpropagation through time: the chapter's five steps as stages on the unrolled network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.activations import activation
from core.decompose import immediate, own_and_future
from core.factors import prediction_factors
from core.flow import global_norm
from dashboard import figure
from dashboard.figure import Rich, Stage, matrix, number, prose, short
from dashboard.kit.network.compute import Small
from dashboard.kit.network.view import loss as loss_equations
from dashboard.kit.network.view import output as read_out
from dashboard.kit.network.view import parts, row, scored_steps, targets, total, typed
from dashboard.lessons.bptt import update_figure
from dashboard.lessons.bptt.compute import EXPONENTS, Nudged, Updated
from dashboard.lessons.bptt.figure import entry as entry_panel

LOSS_SIGN = "\\hat{y} − y"


def stages(small: Small) -> list[Stage]:
    """Forward, loss, backward from the output to the first step, accumulate, update."""
    T = small.T
    known: dict[str, Any] = {"states": T, "outputs": True, "losses": True, "own": True, "role": "grad"}
    found = [
        Stage("1 Forward", ["1 Forward"], states=T, outputs=True, role="grad"),
        Stage("2 Loss", ["2 Loss"], states=T, outputs=True, losses=True, role="grad"),
        Stage("3 Backward, output ŷ", ["3 Backward"], prose("$\\hat{y}$"), **known),
    ]
    found += [Stage(f"3 Backward, t = {t}", ["3 Backward"], [str(t)], t=t, reached=t, **known) for t in range(T, 0, -1)]
    found.append(Stage("4 Accumulate", ["4 Accumulate"], reached=1, **known))
    found.append(Stage("5 Update", ["5 Update"], reached=1, **known))
    return found


def bptt(small: Small, updated: Updated) -> dict[str, Any]:
    """The payload of the algorithm's figure: its stages, and under them any entry as it is known by then.

    It begins with the loss, so that nothing of the backward pass is seen before it is asked for.

    Args:
        small: The network.
        updated: One update of it.
    """
    steps, T = stages(small), small.T
    backward = [step for step in steps if step.t]
    remarks = [forward(), loss(small), output(small), *(remark(small, step.t) for step in backward)]
    equations = [read_out(small), loss_equations(small), output_equations(small)]
    equations += [equations_at(small, step.t) for step in backward]
    return figure.payload(
        tokens=[step.name for step in steps],
        panels=[
            figure.unrolled(small.model, small.trace, steps, targets(small), small.backward),
            figure.said([[line] for line in (*remarks, accumulated(small), stepped(updated))], "status"),
            figure.said([*equations, sums(small), update_equations(small, updated)], "equation"),
            entry_panel(
                small.model,
                small.trace,
                small.backward,
                small.each,
                reached=[min(step.reached, T + 1) for step in steps],
                chosen=[step.t for step in steps],
                reached_output=3,
            ),
        ],
        H=0,
        t=2,
        stages=steps,
        label="Backpropagation through time, stage by stage",
    )


def opened(small: Small, chosen: Mapping[str, Any], *, shows: str) -> dict[str, Any]:
    """The payload of any entry opened, once all of it is known.

    Args:
        small: The network.
        chosen: From `controls.opened`: the entry, such as W_h.0.1, and the truncation window, 0 for none.
        shows: "chain" for the factors of its terms, "map" for losses and states.
    """
    panel = entry_panel(
        small.model, small.trace, small.backward, small.each, reached=[1], chosen=[0], first=chosen["entry"],
        window=chosen["window"],
    )  # fmt: skip
    label = "One entry, opened link by link" if shows == "chain" else "One entry, by losses and states"
    return figure.payload(tokens=[], panels=[{**panel, "shows": shows}], H=0, address=True, label=label)


def forward() -> Rich:
    """What the forward stage left."""
    return prose(
        "**1 Forward.** Every state and the output are known; keep them, the way back needs each of them again. "
        "Next: the loss."
    )


def loss(small: Small) -> Rich:
    """What the loss stage left."""
    return prose(
        f"**2 Loss.** $L$ = {total(small)}. From here everything runs from right to left: how does $L$ change with the "
        "output, with each state, with each weight? Next: the output."
    )


def output(small: Small) -> Rich:
    """The read-out's gradient, and what each loss sends into its own state."""
    where = "each state" if len(small.trace.logits) > 1 else f"$h_{small.T}$, the only state that is read"
    through = "" if small.model.loss == "mse" else f": $∂L/∂z$ = ${LOSS_SIGN}$"
    return prose(
        f"**3 Backward, output.** The loss goes back through the output{through}. It gives the gradient of $W_y$ and "
        f"the **own loss** of {where}. Next: t = {small.T}."
    )


def output_equations(small: Small) -> list[Rich]:
    """∂L/∂ŷ · ∂ŷ/∂z = ∂L/∂z, ∂L/∂W_y and what goes into the states, with their numbers."""
    trace, every = small.trace, len(small.trace.logits) > 1
    lines: list[Rich] = []
    for k, t in scored_steps(trace):
        dL_dy, dy_dz, dL_dz = prediction_factors(small.model, trace, k)
        at, of = (f"_{t}", f"_{t}") if every else ("", "")
        lines.append(
            prose(
                f"$∂L/∂z{at}$ = $∂L/∂\\hat{{y}}{of}$ · $∂\\hat{{y}}{of}/∂z{at}$ = ",
                row(dL_dy),
                " · ",
                matrix([[number(float(v)) for v in line] for line in dy_dz]),
                " = ",
                row(dL_dz, "grad"),
            )
        )
    dW_y = numbers(small.backward.grads["W_y"])
    symbols = "Σ_t h_t^⊤ ∂L/∂z_t" if every else f"h_{small.T}^⊤ ∂L/∂z"
    lines.append(prose(f"$∂L/∂W_y$ = ${symbols}$ = ", dW_y))
    if not every:
        own = small.backward.dh_out[-1, 0]
        lines.append(prose(f"own loss of $h_{small.T}$ = $∂L/∂z$ $W_y^⊤$ = ", row(own)))
    return lines


def numbers(values: Any, role: str | None = "grad") -> Any:
    """A matrix of computed numbers."""
    return matrix([[number(float(v)) for v in line] for line in np.atleast_2d(values)], role)


def remark(small: Small, t: int) -> Rich:
    """Where a state's gradient comes from at one step, and what comes next."""
    own, future = (float(np.abs(part[t - 1, 0]).max()) for part in own_and_future(small.model, small.backward))
    following = f" Next: t = {t - 1}." if t > 1 else " Next: add up what the steps brought."
    head = f"**3 Backward, t = {t}.** "
    if t == small.T:
        source = f"Nothing comes after $h_{t}$, so what reaches it is its own loss alone."
    elif own == future == 0:
        source = f"Nothing reaches $h_{t}$: no loss is read at step {t}, and step {t + 1} sends back exactly 0."
    elif own == 0:
        source = (
            f"No loss is read at step {t}: what reaches $h_{t}$ is all future, sent back by step {t + 1} through $W_h$."
        )
    else:
        larger = "its own loss" if own > future else "the future"
        source = f"$h_{t}$ hears from its own loss and from step {t + 1}; here {larger} says more."
    return prose(head, source, following)


def equations_at(small: Small, t: int) -> list[Rich]:
    """∂L/∂h_t, δ_t and what step t adds to the gradients, with their numbers."""
    params, trace = parts(small)
    own, future = (part[t - 1, 0] for part in own_and_future(small.model, small.backward))
    cell = small.backward.cell
    slope = activation(trace.activation).slope(trace.h[t, 0])
    sent: tuple[Any, ...] = (row(future, "grad"),)
    if t < small.T:
        sent = (row(cell.da[t, 0], "grad"), typed(params.W_h.T), " = ", row(own), " + ", row(future, "grad"))
        symbols = f"own + $δ_{t + 1} W_h^⊤$ = "
    else:
        symbols = "own + 0 = "
    G = {name: each[t - 1] for name, each in immediate(small.model, small.trace, small.backward).items()}
    first = prose(f"$∂L/∂h_{t}$ = ", symbols, row(own), " + ", *sent, " = ", row(cell.dh[t - 1, 0], "grad"))
    return [
        first,
        prose(
            f"$δ_{t}$ = $∂L/∂h_{t}$ ⊙ $φ^′(a_{t})$ = ",
            row(cell.dh[t - 1, 0], "grad"),
            " ⊙ ",
            row(slope),
            " = ",
            row(cell.da[t - 1, 0], "grad"),
        ),
        prose(
            f"step {t} adds $x_{t}^⊤ δ_{t}$ = ",
            numbers(G["W_x"]),
            f" to $∂L/∂W_x$ and $h_{t - 1}^⊤ δ_{t}$ = ",
            numbers(G["W_h"]),
            " to $∂L/∂W_h$",
        ),
        prose(f"$∂L/∂x_{t}$ = $δ_{t} W_x^⊤$ = ", row(cell.dx[t - 1, 0], "grad"), ", what the input itself receives"),
    ]


def accumulated(small: Small) -> Rich:
    """Why the terms are summed."""
    if small.T == 1:
        return prose("**4 Accumulate.** There is only one step, so what it added is the whole sum. Next: the update.")
    return prose(
        f"**4 Accumulate.** One $W_h$ and one $W_x$ served all {small.T} steps, so each collects the sum of what the "
        "steps added. Next: the update."
    )


def sums(small: Small) -> list[Rich]:
    """The gradients as the sums they are, each beside what the backward pass returned in one product."""
    each = immediate(small.model, small.trace, small.backward)
    lines: list[Rich] = []
    for name in ("W_x", "W_h"):
        gradient = small.backward.grads[name]
        gap = float(np.abs(sum(each[name]) - gradient).max())
        terms: list[Any] = []
        for share in each[name]:
            terms += [" + ", numbers(share, None)]
        tie = "exactly" if gap == 0 else f"to within {number(gap)}"
        lines.append(prose(f"$∂L/∂{name}$ = ", *terms[1:], " = ", numbers(gradient), f" ✓ the code's gradient, {tie}"))
    return lines


def stepped(updated: Updated) -> Rich:
    """What one update did."""
    verdict = "The loss fell" if updated.after < updated.before else "The loss did not fall"
    return prose(
        f"**5 Update.** Every weight moves a little against its gradient, all at once. {verdict}: "
        f"{number(updated.before)} → {number(updated.after)}. Below you choose the learning rate $α$."
    )


def update_equations(small: Small, updated: Updated) -> list[Rich]:
    """W ← W - α ∂L/∂W with its numbers."""
    lines = []
    for name in ("W_x", "W_h", "W_y"):
        before, after = updated.weights[name]
        lines.append(
            prose(
                f"${name}$ ← ${name}$ − $α$ $∂L/∂{name}$ = ",
                typed(before),
                f" − {short(small.settings.lr)} · ",
                numbers(small.backward.grads[name]),
                " = ",
                numbers(after, None),
            )
        )
    return lines


def descent(small: Small, updated: Updated) -> dict[str, Any]:
    """The payload of the loss along the gradient's line."""
    curve = update_figure.descent(updated.alphas, updated.losses, updated.slope, small.settings.lr, updated.after)
    return figure.payload(tokens=[], panels=[curve], H=0, label="Loss after one update")


def update_finding(small: Small, updated: Updated) -> str:
    """What one update did, as a sentence."""
    change = updated.after - updated.before
    length = number(global_norm(small.backward.grads))
    word = "falls" if change < 0 else "rises" if change > 0 else "stays"
    return (
        f"With a learning rate of {short(small.settings.lr)} the loss {word} from {number(updated.before)} to "
        f"{number(updated.after)}. The gradient has length {length}."
    )


def nudge(nudged: Nudged, exponent: int) -> dict[str, Any]:
    """The payload of the gradient check's curve."""
    digits = 12  # so that one can see which of them the difference has lost
    rows: list[list[Rich]] = [
        [prose("$L$ with the weight raised by $ε$"), [number(nudged.plus, digits)]],
        [prose("$L$ with it lowered by $ε$"), [number(nudged.minus, digits)]],
        [prose("difference / 2$ε$"), [number(nudged.numeric, digits)]],
        [["backpropagation"], [number(nudged.analytic, digits)]],
        [["relative error"], [number(float(nudged.error[EXPONENTS.index(exponent)]))]],
    ]
    curve = update_figure.nudge(list(EXPONENTS), nudged.error, exponent, rows)
    return figure.payload(tokens=[], panels=[curve], H=0, label="Error of the measured slope")


def nudge_finding(nudged: Nudged, exponent: int) -> str:
    """What the nudge says, as a sentence."""
    error = float(nudged.error[EXPONENTS.index(exponent)])
    best = EXPONENTS[int(np.argmin(nudged.error))]
    if error <= 1e-6:
        return f"The measured slope agrees with backpropagation to {number(error)}."
    if exponent < best:
        return (
            f"The two differ by {number(error)}: the nudge is so small that the two losses agree in almost all their "
            "digits, and rounding is what is left."
        )
    return f"The two differ by {number(error)}: the nudge is so large that the loss is no parabola on the way."
