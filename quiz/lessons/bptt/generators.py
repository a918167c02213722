"""Backpropagation through time: deltas and what is sent back."""

from __future__ import annotations

import numpy as np

from core import model as network
from core import rnn
from quiz.computed.generator import DECIMALS, Fields, Generator, decimal, decimals, numeric, weight, whole
from quiz.computed.numbers import matrix, shown, signed, total, vector
from quiz.computed.toys import rnn_model, rnn_params, rnn_trace, steps
from quiz.lessons.bptt.update_generators import UPDATES


def read_out_delta(rng: np.random.Generator) -> Fields:
    """∂L/∂h_T from a prediction, a target and w_y."""
    h, w_y, y = decimal(rng, -0.9, 0.9), weight(rng) * 2, whole(rng, 0, 1)
    y_hat = decimal(rng, 0.05, 0.95, 2)
    # The read-out's bias brings the prediction to the very number shown.
    b_y = float(np.log(y_hat / (1 - y_hat))) - h * w_y
    model = rnn_model(1.0, 0.0, 0.0, w_y, b_y, activation="identity")
    answer = network.backprop(model, network.run(model, steps([h]), [[float(y)]])).dh_out.item()
    dz = y_hat - y
    return numeric(
        rf"A network predicts $\hat y = {shown(y_hat)}$ for the target $y = {y}$ (sigmoid read-out, binary "
        rf"cross-entropy) from the last state $h_T = {shown(h)}$ with $w_y = {shown(w_y)}$. "
        r"What is $\partial L / \partial h_T$?" + DECIMALS,
        answer,
        [
            (
                dz,
                "left out the read-out",
                r"That is $\partial L / \partial z$: it still goes back through $w_y$.",
            ),
            (-answer, "turned the sign", r"The sign is turned: $\partial L / \partial z = \hat y - y$."),
            (
                dz * y_hat * (1 - y_hat) * w_y,
                "kept the sigmoid's slope beside cross-entropy",
                r"The slope of the sigmoid cancels against the loss: $\partial L / \partial z = \hat y - y$.",
            ),
            (
                dz * h,
                "took the gradient of something else",
                r"That is $\partial L / \partial w_y$: towards $h_T$ multiply by $w_y$.",
            ),
        ],
        rf"$\partial L / \partial z = {shown(y_hat)} - {y} = {shown(dz)}$, times $w_y = "
        rf"{shown(w_y)}$ is ${shown(answer)}$.",
        hints=[r"Sigmoid and cross-entropy together: $\partial L / \partial z = \hat y - y$."],
    )


def step_delta(rng: np.random.Generator) -> Fields:
    """da_t from dh_t and h_t."""
    h_prev, h, dh = decimal(rng, -0.9, 0.9), decimal(rng, -0.9, 0.9), weight(rng)
    answer = rnn.backward(rnn_params(0.0, 0.0), rnn_trace([h_prev, h]), [[[dh]]]).da.item()
    return numeric(
        rf"At step $t$ of a tanh RNN with one unit, $dh_t = \partial L / \partial h_t = {shown(dh)}$, own loss and "
        rf"future together. The states are $h_{{t-1}} = {shown(h_prev)}$ and $h_t = {shown(h)}$. "
        r"What is $da_t = \partial L / \partial a_t$?" + DECIMALS,
        answer,
        [
            (dh, "forgot the activation's slope", r"The slope of $\tanh$ is missing: $da_t = dh_t (1 - h_t^2)$."),
            (
                dh * (1 - h_prev * h_prev),
                "took the slope at the wrong place",
                r"That takes the slope at $h_{t-1}$; it belongs to $h_t = \tanh(a_t)$.",
            ),
            (
                dh * h * (1 - h),
                "took another activation's slope",
                r"That is the slope of the sigmoid; for $\tanh$ it is $1 - h_t^2$.",
            ),
            (dh * (1 - h), "got the slope's formula wrong", r"The square is missing: $\varphi' = 1 - h_t^2$."),
            (
                dh * (1 - np.tanh(h) ** 2),
                "applied the activation in the wrong place",
                r"$h_t$ is $\tanh(a_t)$ already: do not take $\tanh$ of it again.",
            ),
        ],
        rf"$da_t = dh_t (1 - h_t^2) = {shown(dh)} \cdot (1 - {shown(h * h)}) = {shown(answer)}$.",
        hints=[r"The slope of $\tanh$ in terms of its own output is $1 - h_t^2$."],
    )


def send_back(rng: np.random.Generator) -> Fields:
    """dh_{t-1} of one unit: own loss and future."""
    h_prev, h, w_h, dh, own = decimal(rng, -0.9, 0.9), decimal(rng, -0.9, 0.9), weight(rng), weight(rng), weight(rng)
    back = rnn.backward(rnn_params(0.0, w_h), rnn_trace([0.0, h_prev, h]), [[[own]], [[dh]]])
    answer, slope = back.dh[0].item(), 1 - h * h
    return numeric(
        rf"In a tanh RNN with one unit and $w_h = {shown(w_h)}$, the whole gradient "
        rf"$dh_t = \partial L / \partial h_t = {shown(dh)}$ has arrived at step $t$. The states "
        rf"are $h_t = {shown(h)}$ and $h_{{t-1}} = {shown(h_prev)}$; step $t-1$ has a loss of its own that sends "
        rf"${shown(own)}$ into $h_{{t-1}}$. What is $dh_{{t-1}}$ in all?" + DECIMALS,
        answer,
        [
            (own, "dropped the future path", "The future path is missing: step $t$ sends its part back too."),
            (answer - own, "left out the step's own loss", "The own loss is missing: add what it sends."),
            (
                own + dh * w_h,
                "forgot the activation's slope",
                r"The slope of $\tanh$ is missing: $da_t = dh_t (1 - h_t^2)$ goes through $w_h$.",
            ),
            (
                own + dh * (1 - h_prev**2) * w_h,
                "took the slope at the wrong place",
                r"That takes the slope at $h_{t-1}$; the way back runs through $a_t$, so $h_t$.",
            ),
            (
                own + dh * slope,
                "left out the recurrent weight",
                "The way back from $a_t$ to $h_{t-1}$ is multiplied by $w_h$.",
            ),
        ],
        rf"$da_t = {shown(dh)} \cdot (1 - {shown(h * h)}) = {shown(dh * slope)}$; back through $w_h$: "
        rf"${shown(answer - own)}$; with the own loss: ${total([own, answer - own])} = {shown(answer)}$.",
        hints=[
            "Two parts arrive: own loss and future.",
            r"The future part is $da_t \, w_h$ with $da_t = dh_t (1 - h_t^2)$.",
        ],
    )


def send_back_two_units(rng: np.random.Generator) -> Fields:
    """One entry of dh_{t-1} = own + da_t W_hᵀ."""
    da, own, k = decimals(rng, 2, -0.9, 0.9), decimals(rng, 2, -0.5, 0.5), whole(rng, 0, 1)
    W_h = [[weight(rng), weight(rng)] for _ in range(2)]
    # With the identity da_t is dh_t: what the question gives stands in the run as it is.
    trace = rnn_trace(np.zeros((3, 2)).tolist(), activation="identity")

    def sent(W: list[list[float]]) -> list[float]:
        back = rnn.backward(rnn_params([[0.0, 0.0]], W), trace, [[own], [da]])
        return [float(v) for v in back.dh[0, 0]]

    arrived, turned = sent(W_h), sent(np.transpose(W_h).tolist())
    answer = arrived[k]
    return numeric(
        rf"An RNN in row-vector notation, $a_t = x_t W_x + h_{{t-1}} W_h$, has $W_h = {matrix(W_h)}$. "
        rf"At step $t$ the deltas are $da_t = \partial L / \partial a_t = {vector(da)}$; the own loss of step $t-1$ "
        rf"sends ${vector(own)}$ into "
        rf"$h_{{t-1}}$. What is $dh_{{t-1}}[{k}]$, an entry of $dh_{{t-1}} = \partial L / \partial h_{{t-1}}$ "
        "(units are counted from 0)?" + DECIMALS,
        answer,
        [
            (turned[k], "transposed the matrix wrongly", r"That multiplies by $W_h$: the way back is $da_t W_h^\top$."),
            (own[k], "dropped the future path", r"The future path is missing: add $da_t W_h^\top$."),
            (answer - own[k], "left out the step's own loss", "The own loss is missing."),
            (arrived[1 - k], "took another unit's entry", f"That is $dh_{{t-1}}[{1 - k}]$."),
            (
                own[k] + da[k] * W_h[k][k],
                "counted one unit alone",
                f"Unit {k} of $h_{{t-1}}$ acts on both units of $a_t$: both deltas come back.",
            ),
        ],
        rf"Row {k} of $W_h$: ${shown(own[k])} + {signed(da[0])} \cdot {signed(W_h[k][0])} + {signed(da[1])} \cdot "
        rf"{signed(W_h[k][1])} = {shown(answer)}$.",
        hints=[r"$dh_{t-1} = dh^{\text{out}}_{t-1} + da_t W_h^\top$."],
    )


def step_contribution(rng: np.random.Generator) -> Fields:
    """One step's part in one entry of dW_h."""
    h_prev, h, da = decimals(rng, 2, -0.9, 0.9), decimals(rng, 2, -0.9, 0.9), decimals(rng, 2, -0.9, 0.9)
    row, col = whole(rng, 0, 1), whole(rng, 0, 1)
    params = rnn_params([[0.0, 0.0]], np.zeros((2, 2)))
    back = rnn.backward(params, rnn_trace([h_prev, h], activation="identity"), [[da]])
    answer = float(back.grads.W_h[row, col])
    wrong = [
        (
            h[row] * da[col],
            "took the state after the step",
            "That uses $h_t$: $W_h$ multiplies the state before, $h_{t-1}$.",
        ),
        (
            da[col],
            "left out what the weight multiplies",
            "The delta is multiplied by what the weight multiplies, an entry of $h_{t-1}$.",
        ),
        (
            h_prev[row] * sum(da),
            "multiplied where terms add",
            "Column of the weight and unit of the delta go together: one delta only.",
        ),
        (
            h[row] * (1 - h[row] ** 2) * da[col],
            "took the state after the step",
            r"$da_t$ holds the slope already, and the state is $h_{t-1}$.",
        ),
    ]
    if row != col:
        turned = (
            h_prev[col] * da[row],
            "transposed the matrix wrongly",
            "Transposed: the row is the unit of $h_{t-1}$, the column that of $a_t$.",
        )
        wrong = [turned, *wrong]
    return numeric(
        rf"At step $t$ of an RNN, $h_{{t-1}} = {vector(h_prev)}$, $h_t = {vector(h)}$ and the deltas are "
        rf"$da_t = \partial L / \partial a_t = {vector(da)}$ (row vectors). What does step $t$ contribute to the "
        rf"entry of $\partial L / \partial W_h$ in row {row}, column {col} (both counted from 0)?" + DECIMALS,
        answer,
        wrong,
        rf"The contribution of step $t$ is $h_{{t-1}}^\top da_t$; in row {row}, column {col}: "
        rf"${shown(h_prev[row])} \cdot {signed(da[col])} = {shown(answer)}$.",
        hints=[r"$\partial L / \partial W_h = \sum_t h_{t-1}^\top da_t$: an outer product for each step."],
    )


def gradient_sum(rng: np.random.Generator) -> Fields:
    """dW_h of one unit from given states and deltas: the sum over steps."""
    h, da = [0.0, *decimals(rng, 3, -0.9, 0.9)], decimals(rng, 3, -0.9, 0.9)
    # No way back (w_h = 0) and slope 1: the deltas are what the losses send, the numbers shown.
    trace = rnn_trace(h, activation="identity")
    answer = rnn.backward(rnn_params(0.0, 0.0), trace, [[[d]] for d in da]).grads.W_h.item()
    terms = [before * d for before, d in zip(h[:-1], da, strict=True)]
    return numeric(
        rf"An RNN with one unit went through $h_0, \dots, h_3 = 0,\ {shown(h[1])},\ {shown(h[2])},\ "
        rf"{shown(h[3])}$; the "
        rf"backward pass gave the deltas $da_t = \partial L / \partial a_t$: $da_1, da_2, da_3 = {shown(da[0])},\ "
        rf"{shown(da[1])},\ {shown(da[2])}$. "
        r"What is $\partial L / \partial w_h$?" + DECIMALS,
        answer,
        [
            (
                terms[2],
                "counted the last step alone",
                "That is the last step's part: $w_h$ is used at every step, the parts are added up.",
            ),
            (
                sum(a * d for a, d in zip(h[1:], da, strict=True)),
                "took the state after the step",
                "That pairs $da_t$ with $h_t$; $w_h$ multiplies $h_{t-1}$.",
            ),
            (answer / 3, "took the mean", "That is the mean; the parts are added up."),
            (
                sum(da),
                "left out what the weight multiplies",
                r"That is $\partial L / \partial b$: for $w_h$ each delta is multiplied by $h_{t-1}$.",
            ),
            (
                sum(h[:-1]) * sum(da),
                "multiplied where terms add",
                "That is the product of two sums. Multiply step by step, then add.",
            ),
        ],
        rf"$\sum_t h_{{t-1}} da_t = {total(terms)} = {shown(answer)}$; the first is 0 because $h_0 = 0$.",
        hints=[r"$\partial L / \partial w_h = \sum_t h_{t-1} \, da_t$."],
    )


def gradient_from_states(rng: np.random.Generator) -> Fields:
    """dW_h of one unit from states and the gradient at the last one: deltas and sum together."""
    h, w_h, dh = decimals(rng, 3, -0.8, 0.8), weight(rng), weight(rng)
    back = rnn.backward(rnn_params(0.0, w_h), rnn_trace(h), [[[0.0]], [[dh]]])
    (da_1, da_2), answer = back.da.ravel().tolist(), back.grads.W_h.item()
    slopes = [1 - v * v for v in h]
    return numeric(
        rf"The last two steps of a tanh RNN with one unit and $w_h = {shown(w_h)}$: $h_0 = {shown(h[0])}$, "
        rf"$h_1 = {shown(h[1])}$, $h_2 = {shown(h[2])}$. The only loss stands at the last step and sends "
        rf"$dh_2 = \partial L / \partial h_2 = {shown(dh)}$. "
        r"What do these two steps give for $\partial L / \partial w_h$ together?" + DECIMALS,
        answer,
        [
            (h[1] * da_2, "counted the last step alone", "That is the last step alone: step 1 uses $w_h$ as well."),
            (
                dh * (h[1] + w_h * h[0]),
                "forgot the activation's slope",
                r"The slopes are missing: $da_t = dh_t (1 - h_t^2)$.",
            ),
            (
                h[2] * da_2 + h[1] * da_1,
                "took the state after the step",
                "That pairs $da_t$ with $h_t$; $w_h$ multiplies $h_{t-1}$.",
            ),
            (
                h[1] * da_2 + h[0] * da_2 * slopes[1],
                "left out the recurrent weight",
                "The way back from step 2 to step 1 is multiplied by $w_h$.",
            ),
            (
                h[1] * da_2 + h[0] * da_2 * w_h,
                "forgot the activation's slope",
                r"At step 1 the slope $1 - h_1^2$ is missing.",
            ),
        ],
        rf"$da_2 = {shown(dh)} \cdot {shown(slopes[2])} = {shown(da_2)}$, "
        rf"$da_1 = {shown(da_2)} \cdot {signed(w_h)} \cdot {shown(slopes[1])} = {shown(da_1)}$; "
        rf"$h_1 da_2 + h_0 da_1 = {total([h[1] * da_2, h[0] * da_1])} = {shown(answer)}$.",
        hints=["First the deltas, last step first.", rf"$da_2 = {shown(da_2, 3)}$, $da_1 = {shown(da_1, 3)}$."],
    )


GENERATORS = (
    Generator("read-out-delta", ("chain-rule", "read-out-and-loss"), "easy", read_out_delta),
    Generator("step-delta", ("chain-rule", "activation-slopes"), "easy", step_delta),
    Generator("send-back", ("bptt", "chain-rule"), "medium", send_back),
    Generator("send-back-two-units", ("bptt", "shapes"), "hard", send_back_two_units),
    Generator("step-contribution", ("accumulation", "shapes"), "medium", step_contribution),
    Generator("gradient-sum", ("accumulation", "weight-sharing"), "easy", gradient_sum),
    Generator("gradient-from-states", ("accumulation", "bptt"), "hard", gradient_from_states),
    *UPDATES,
)
