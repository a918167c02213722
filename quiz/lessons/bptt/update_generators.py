"""What is done with a gradient: the update, its check, and truncation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core import model as network
from core.decompose import backprop_each, truncated_gradient
from core.optim import SGD
from quiz.computed.generator import DECIMALS, Fields, Generator, decimal, decimals, numeric, weight, whole
from quiz.computed.numbers import Clash, shown, signed, total
from quiz.computed.toys import rnn_model, steps


def _updated(w: float, gradient: float, lr: float) -> float:
    optimiser, params = SGD(lr), {"w": np.array([w])}
    moved, _ = optimiser.update(params, {"w": np.array([gradient])}, optimiser.init(params))
    return float(moved["w"].item())


def weight_update(rng: np.random.Generator) -> Fields:
    """One SGD step of one weight."""
    w, gradient, lr = weight(rng), weight(rng) * 2, decimal(rng, 0.05, 0.5, 2)
    answer = _updated(w, gradient, lr)
    return numeric(
        rf"A weight $w = {shown(w)}$ has the gradient $\partial L / \partial w = {shown(gradient)}$. "
        rf"What is it after one "
        rf"step of gradient descent with learning rate $\alpha = {shown(lr)}$?" + DECIMALS,
        answer,
        [
            (w + lr * gradient, "went up the gradient", "That goes uphill: subtract, so that the loss falls."),
            (
                w - gradient,
                "left out the learning rate",
                r"The learning rate is missing: subtract $\alpha$ times the gradient.",
            ),
            (-lr * gradient, "took the change for the new value", "That is the change; add it to the old weight."),
            (
                w - lr,
                "misplaced the learning rate",
                "That subtracts the learning rate alone: multiply it by the gradient.",
            ),
            (
                w * (1 - lr * gradient),
                "misplaced the learning rate",
                "That also multiplies the change by the weight itself; subtract $\\alpha$ times the gradient.",
            ),
        ],
        rf"$w - \alpha \, \partial L / \partial w = {shown(w)} - {shown(lr)} \cdot "
        rf"{signed(gradient)} = {shown(answer)}$.",
        hints=[r"$w^{\text{new}} = w - \alpha \, \partial L / \partial w$."],
    )


def update_from_steps(rng: np.random.Generator) -> Fields:
    """One SGD step from the parts of all time steps."""
    w, parts, lr = weight(rng), decimals(rng, 4, -0.9, 0.9), decimal(rng, 0.1, 0.5)
    gradient = sum(parts)
    answer = _updated(w, gradient, lr)
    return numeric(
        rf"The entry $w = {shown(w)}$ of $W_h$ is used at four steps. They contribute "
        rf"${', '.join(shown(part) for part in parts)}$ ($t = 1, \dots, 4$) to its gradient. What is "
        rf"$w$ after one step of "
        rf"gradient descent with $\alpha = {shown(lr)}$?" + DECIMALS,
        answer,
        [
            (
                w - lr * parts[-1],
                "counted the last step alone",
                "That uses the last step alone: the weight is shared, the parts are added up.",
            ),
            (w - lr * gradient / 4, "took the mean", "That takes the mean; the parts are added up."),
            (w + lr * gradient, "went up the gradient", "That goes uphill: subtract."),
            (w - gradient, "left out the learning rate", r"The learning rate $\alpha$ is missing."),
            (
                w - lr * sum(abs(part) for part in parts),
                "lost a sign on the way",
                "The parts keep their signs and may cancel.",
            ),
        ],
        rf"The gradient is ${total(parts)} = {shown(gradient)}$, so "
        rf"$w = {shown(w)} - {shown(lr)} \cdot {signed(gradient)} = {shown(answer)}$.",
        hints=["One shared weight has one gradient: the sum over the steps."],
    )


def gradient_check(rng: np.random.Generator) -> Fields:
    """Central difference from losses as a table would show them."""
    w_x, w_h, w_y, eps = weight(rng), weight(rng), weight(rng) * 2, (0.1, 0.05, 0.01)[whole(rng, 0, 2)]
    x, y = steps(decimals(rng, 3, -1.2, 1.2)), [[float(whole(rng, 0, 1))]]

    def loss(w: float) -> float:
        value = network.run(rnn_model(w_x, w, 0.0, w_y), x, y).loss
        if value is None:
            raise ArithmeticError("the run has no loss")
        return round(value, 6)

    low, mid, high = loss(w_h - eps), loss(w_h), loss(w_h + eps)
    rise = high - low
    answer = rise / (2 * eps)
    if abs(rise) < 100e-6:
        raise Clash("too few digits would be left of the difference")
    return numeric(
        rf"To check $\partial L / \partial w_h$ at $w_h = {shown(w_h)}$, the loss was run three times: "
        rf"$L({shown(w_h - eps)}) = {low:.6f}$, $L({shown(w_h)}) = {mid:.6f}$, "
        rf"$L({shown(w_h + eps)}) = {high:.6f}$. What "
        "does the central difference give? Three significant digits are enough.",
        answer,
        [
            (rise / eps, "divided by the wrong distance", r"The two points lie $2\varepsilon$ apart."),
            (-answer, "turned the sign", r"The sign: $L(w + \varepsilon) - L(w - \varepsilon)$."),
            (rise, "divided by the wrong distance", r"Divide the difference by the distance $2\varepsilon$."),
            (rise / 2, "divided by the wrong distance", r"Divide by $2\varepsilon$, not by 2."),
        ],
        rf"$\frac{{{high:.6f} - {low:.6f}}}{{2 \cdot {shown(eps)}}} = {shown(answer)}$. The error of "
        rf"the central difference "
        r"falls with $\varepsilon^2$, that of a one-sided one with $\varepsilon$.",
        hints=[r"$\frac{L(w + \varepsilon) - L(w - \varepsilon)}{2 \varepsilon}$."],
        rel=0.01,
        abs_=0.0,
    )


def truncation_window(rng: np.random.Generator) -> Fields:
    """Which (loss step, use of W_h) terms truncated BPTT keeps."""
    T, window = whole(rng, 5, 8), whole(rng, 2, 4)
    model = replace(rnn_model(0.5, 0.9), readout="every")
    trace = network.run(model, np.ones((T, 1, 1)), np.zeros((T, 1, 1)))
    back = network.backprop(model, trace)
    each = backprop_each(model, trace, back)
    pairs = [(s, t) for s in range(1, T + 1) for t in range(1, T + 1) if -2 <= s - t <= window + 2]
    options = []
    for letter, k in zip("abcde", rng.choice(len(pairs), 5, replace=False), strict=True):
        s, t = pairs[k]
        # The one term alone: it is in the truncated gradient or it is not.
        alone = np.zeros_like(each.da)
        alone[s - 1, t - 1] = each.da[s - 1, t - 1]
        kept = truncated_gradient(model, trace, back, replace(each, da=alone), window)["W_x"].item() != 0
        if t > s:
            name = "let the past depend on the future"
            reply = f"There is no such term: what happens at step {t} cannot change the loss of step {s}."
        else:
            name = "" if kept else "went beyond the window"
            reply = f"{'Kept' if kept else 'Cut'}: $s - t = {s - t}$, and the window reaches {window - 1} back."
        text = f"loss of step {s}, weights at step {t}"
        options.append({"id": letter, "text": text, "right": kept, "name": name, "reply": reply})
    if not 0 < sum(bool(option["right"]) for option in options) < 5:
        raise Clash("all kept or none")
    return {
        "kind": "multi",
        "prompt": f"An RNN has a loss at each of its $T = {T}$ steps. Truncated BPTT lets each loss "
        f"reach {window} steps, "
        f"its own included. Which terms are in the gradient of $W_x$?",
        "options": options,
        "explanation": f"The term (loss step $s$, state step $t$) is kept when $0 \\le s - t < {window}$.",
        "hints": (
            "A loss cannot depend on what happens after its own step.",
            f"From $s$ the window reaches back to $s - {window - 1}$.",
        ),
    }


UPDATES = (
    Generator("weight-update", ("weight-update",), "easy", weight_update),
    Generator("update-from-steps", ("weight-update", "accumulation"), "medium", update_from_steps),
    Generator("gradient-check", ("gradient-check",), "medium", gradient_check),
    Generator("truncation-window", ("truncation",), "hard", truncation_window),
)
