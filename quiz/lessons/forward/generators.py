"""The forward pass: steps, loss and shapes."""

from __future__ import annotations

import math

import numpy as np

from core import model as network
from core import rnn
from core.model import Model
from quiz.computed.generator import DECIMALS, Fields, Generator, decimal, decimals, numeric, weight, whole
from quiz.computed.numbers import Clash, matrix, shown, signed, vector
from quiz.computed.toys import gate, rnn_model, rnn_params, rnn_step, steps
from quiz.schema import Slip

STEP = r"$a_t = x_t W_x + h_{t-1} W_h + b$, $h_t = \tanh(a_t)$"
ONE_UNIT = r"$a_t = x_t w_x + h_{t-1} w_h + b$, $h_t = \tanh(a_t)$"


def forward_step(rng: np.random.Generator) -> Fields:
    """h_t of one unit."""
    x, w_x, h, w_h, b = weight(rng), weight(rng), decimal(rng, -0.9, 0.9), weight(rng), decimal(rng, -0.3, 0.3)
    trace = rnn_step(rnn_params(w_x, w_h, b), [x], [h])
    a, answer = trace.a.item(), trace.h[1].item()
    terms = rf"{shown(x)} \cdot {signed(w_x)} + {signed(h)} \cdot {signed(w_h)} + {signed(b)}"
    return numeric(
        rf"A tanh RNN with one unit has the input weight $w_x = {shown(w_x)}$, the recurrent weight "
        rf"$w_h = {shown(w_h)}$ and the bias $b = {shown(b)}$. "
        rf"With $x_t = {shown(x)}$ and $h_{{t-1}} = {shown(h)}$, what is $h_t$?" + DECIMALS,
        answer,
        [
            (a, "forgot the activation", r"That is the pre-activation $a_t$: it still goes through $\tanh$."),
            (math.tanh(x * w_x + b), "left out the state before", r"The old state is missing: add $h_{t-1} w_h$."),
            (math.tanh(x * w_x + h * w_h), "forgot the biases", r"The bias $b$ is missing."),
            (
                math.tanh(x * w_h + h * w_x + b),
                "swapped the input and recurrent weights",
                r"The weights are swapped: $w_x$ belongs to $x_t$, $w_h$ to $h_{t-1}$.",
            ),
            (gate(a), "took another activation", r"That is $\sigma(a_t)$; this network's activation is $\tanh$."),
        ],
        rf"$a_t = {terms} = {shown(a)}$, so $h_t = \tanh({shown(a)}) = {shown(answer)}$.",
        hints=[ONE_UNIT + ".", rf"The input's part is ${shown(x)} \cdot {signed(w_x)} = {shown(x * w_x)}$."],
    )


def forward_two_units(rng: np.random.Generator) -> Fields:
    """One entry of h_t with two units: rows and columns of W_h matter."""
    x, h, b = weight(rng), decimals(rng, 2, -0.9, 0.9), [0.0, 0.0]
    W_x, W_h = [[weight(rng), weight(rng)]], [[weight(rng), weight(rng)] for _ in range(2)]
    k = whole(rng, 0, 1)
    a, state = (v.ravel() for v in (lambda t: (t.a, t.h[1]))(rnn_step(rnn_params(W_x, W_h, b), [x], h)))
    transposed = rnn_step(rnn_params(W_x, np.transpose(W_h)), [x], h).h[1].ravel()
    answer, w = float(state[k]), [W_h[0][k], W_h[1][k]]
    return numeric(
        rf"A tanh RNN has $W_x = {matrix(W_x)}$, $W_h = {matrix(W_h)}$, $b = 0$. With $x_t = {shown(x)}$ and "
        rf"$h_{{t-1}} = {vector(h)}$ (row vectors: $a_t = x_t W_x + h_{{t-1}} W_h + b$), what is $h_t[{k}]$ "
        "(units are counted from 0)?" + DECIMALS,
        answer,
        [
            (
                float(transposed[k]),
                "transposed the matrix wrongly",
                rf"That is $h_{{t-1}} W_h^\top$: a row vector takes column {k} of $W_h$.",
            ),
            (float(a[k]), "forgot the activation", r"That is the pre-activation: it still goes through $\tanh$."),
            (float(state[1 - k]), "took another unit's entry", f"That is $h_t[{1 - k}]$."),
            (math.tanh(x * W_x[0][k]), "left out the state before", r"The old state is missing: add $h_{t-1} W_h$."),
            (
                math.tanh(x * W_x[0][k] + h[k] * W_h[k][k]),
                "counted one unit alone",
                r"Each unit hears from all of $h_{t-1}$, not only itself.",
            ),
        ],
        rf"Column {k}: ${shown(x)} \cdot {signed(W_x[0][k])} + {signed(h[0])} \cdot "
        rf"{signed(w[0])} + {signed(h[1])} "
        rf"\cdot {signed(w[1])} = {shown(float(a[k]))}$, and $\tanh$ of it is ${shown(answer)}$.",
        hints=[STEP + ".", f"Entry {k} of $h_{{t-1}} W_h$ uses column {k} of $W_h$."],
    )


def forward_two_steps(rng: np.random.Generator) -> Fields:
    """h_2 from h_0 = 0 and two inputs."""
    x, w_x, w_h = [weight(rng), weight(rng)], weight(rng), weight(rng)
    trace = rnn.forward(rnn_params(w_x, w_h), steps(x))
    h, a = trace.h.ravel(), trace.a.ravel()
    answer = float(h[2])
    return numeric(
        rf"A tanh RNN with one unit has the input weight $w_x = {shown(w_x)}$, the recurrent weight "
        rf"$w_h = {shown(w_h)}$, $b = 0$ and starts from $h_0 = 0$. "
        rf"It reads $x_1 = {shown(x[0])}$ and $x_2 = {shown(x[1])}$. What is $h_2$?" + DECIMALS,
        answer,
        [
            (float(h[1]), "took one step for all of them", "That is $h_1$: one more step, with $x_2$."),
            (
                math.tanh(x[1] * w_x),
                "left out the state before",
                "That starts again at step 2: the state $h_1$ comes in through $w_h$.",
            ),
            (
                math.tanh(x[1] * w_x + x[0] * w_x * w_h),
                "forgot the activation",
                r"At step 1 the $\tanh$ is missing: $h_1 = \tanh(a_1)$ goes on.",
            ),
            (float(a[1]), "forgot the activation", r"That is $a_2$: it still goes through $\tanh$."),
            (math.tanh(x[0] * w_x + float(h[1]) * w_h), "took the wrong time step", "That reads $x_1$ twice."),
        ],
        rf"$h_1 = \tanh({shown(x[0])} \cdot {signed(w_x)}) = {shown(float(h[1]))}$, then "
        rf"$h_2 = \tanh({shown(x[1])} \cdot {signed(w_x)} + {signed(float(h[1]))} \cdot "
        rf"{signed(w_h)}) = {shown(answer)}$.",
        hints=["First $h_1$, from $x_1$ alone.", rf"$h_1 = {shown(float(h[1]), 3)}$."],
    )


def read_out_loss(rng: np.random.Generator) -> Fields:
    """BCE of a last state."""
    h, w_y, b_y, y = decimal(rng, -0.9, 0.9), weight(rng) * 2, decimal(rng, -0.5, 0.5), whole(rng, 0, 1)
    # A linear layer that passes its input on makes h_T the very number shown.
    trace = network.run(rnn_model(1.0, 0.0, 0.0, w_y, b_y, activation="identity"), steps([h]), [[float(y)]])
    y_hat, z = trace.y_hat.item(), trace.logits.item()
    loss = -math.log(y_hat if y else 1 - y_hat)
    if trace.loss is None or not math.isclose(loss, trace.loss, rel_tol=1e-9):
        raise ArithmeticError(f"loss {trace.loss} is not the cross-entropy {loss} of its prediction")
    term = r"-\ln \hat y" if y else r"-\ln(1 - \hat y)"
    return numeric(
        rf"The last state is $h_T = {shown(h)}$; the read-out has the weight $w_y = {shown(w_y)}$, the bias $b_y = "
        rf"{shown(b_y)}$ and a "
        rf"sigmoid. The target is $y = {y}$. What is the binary cross-entropy $L$ (natural logarithm)?" + DECIMALS,
        trace.loss,
        [
            (
                y_hat,
                "forgot the logarithm",
                r"That is the prediction $\hat y$; the loss is $-\ln$ of what it gives the target.",
            ),
            (
                -math.log(1 - y_hat if y else y_hat),
                "took the other class",
                f"That is the loss for the other target: with $y = {y}$ take ${term}$.",
            ),
            (loss / math.log(10), "took a logarithm to another base", "That takes the logarithm to base ten."),
            ((y_hat - y) ** 2, "forgot the logarithm", "That is the squared error."),
            (-loss, "turned the sign", "The sign: a logarithm of a probability is negative, the loss is minus that."),
        ],
        rf"$z = {shown(h)} \cdot {signed(w_y)} + {signed(b_y)} = {shown(z)}$, $\hat y = \sigma(z) = {shown(y_hat)}$, "
        rf"$L = {term} = {shown(loss)}$.",
        hints=[r"$z = h_T w_y + b_y$, $\hat y = \sigma(z)$.", rf"$\hat y = {shown(y_hat, 3)}$."],
    )


def array_shape(rng: np.random.Generator) -> Fields:
    """Shape of one array of a run."""
    T, B, D, H = (int(n) for n in rng.choice(np.arange(2, 13), 4, replace=False))
    kind = "lstm" if rng.random() < 0.5 else "rnn"
    model = network.init(kind, D, H, 1, rng=rng)
    trace = network.run(model, np.zeros((T, B, D)), np.zeros((B, 1)))
    back = network.backprop(model, trace)
    n, cell = (4 * H, "an LSTM (gates and candidate side by side)") if kind == "lstm" else (H, "a vanilla RNN")
    blocks = "Three gates and the candidate stand side by side: that axis is $4H$ long."
    arrays = _arrays(model, trace, back, T, B, D, H, n)
    name, (answer, wrong, why) = list(arrays.items())[whole(rng, 0, len(arrays) - 1)]
    if kind == "lstm" and n in answer:
        wrong = [(tuple(H if size == n else size for size in answer), "counted one block of four", blocks), *wrong]
    kept: list[Slip] = []
    for shape, slip, reply in wrong:
        if shape != answer and shape not in [_parsed(slip.answer) for slip in kept]:
            kept.append(Slip(answer=_shape(shape), name=slip, reply=reply))
    if not kept:
        raise Clash(f"no slip differs from {answer}")
    return {
        "kind": "shape",
        "prompt": f"A batch of {B} sequences of {T} steps with {D} numbers each runs through {cell} with {H} units. "
        f"Time comes first, vectors are rows. What is the shape of {name}?",
        "answer": _shape(answer),
        "slips": tuple(kept[:5]),
        "explanation": f"{name} has shape ${shown_shape(answer)}$: {why}",
        "hints": (
            "Time-major: steps, then sequences, then numbers.",
            "A gradient has the shape of what it belongs to.",
        ),
    }


def _arrays(
    model: Model, trace: network.Trace, back: network.Backward, T: int, B: int, D: int, H: int, n: int
) -> dict[str, tuple[tuple[int, ...], list[tuple[tuple[int, ...], str, str]], str]]:
    """Name, true shape, slips and reason of the arrays asked for."""
    batch_first = "Time comes first, the batch second."
    turned = "Transposed: vectors are rows and multiply from the left, so rows belong to what comes in."
    return {
        "the input $x$": (
            trace.cell.x.shape,
            [
                ((B, T, D), "put the batch first", batch_first),
                ((T, B, H), "mixed up input and state sizes", "The input has $D$ numbers at each step, not $H$."),
                ((T, D), "left out an axis", "The batch axis is missing."),
            ],
            "steps, sequences, inputs.",
        ),
        "$h$, all states with the initial one": (
            trace.cell.h.shape,
            [
                ((T, B, H), "mistook the initial state", r"Row 0 is $h_0$: there are $T + 1$ states."),
                ((B, T + 1, H), "put the batch first", batch_first),
                ((T + 1, B, D), "mixed up input and state sizes", "A state has $H$ numbers, not $D$."),
            ],
            r"$T$ steps give $T + 1$ states, $h_0$ being the first.",
        ),
        "$W_x$": (
            model.cell.W_x.shape,
            [
                ((n, D), "transposed the matrix wrongly", turned),
                ((H, n), "took the shape of another array", "That is $W_h$: $W_x$ has a row for each input."),
                ((D + H, n), "took the shape of another array", "That holds $W_x$ and $W_h$ on one another."),
            ],
            "a row for each input.",
        ),
        r"$\partial L / \partial W_h$": (
            back.grads["W_h"].shape,
            [
                ((D, n), "took the shape of another array", r"That is $W_x$: $W_h$ has a row for each unit."),
                (
                    (T, H, n),
                    "did not sum over steps or sequences",
                    "The steps are summed: weights are shared, there is one gradient.",
                ),
                ((B, H, n), "did not sum over steps or sequences", "The sequences are summed into one gradient."),
            ],
            "that of $W_h$, summed over steps and sequences.",
        ),
        "$da$ (the deltas of all pre-activations)": (
            back.cell.da.shape,
            [
                (
                    (T + 1, B, n),
                    "mistook the initial state",
                    r"There is no pre-activation for $h_0$: $T$ steps.",
                ),
                ((B, T, n), "put the batch first", batch_first),
                ((B, n), "left out an axis", "There is a delta at every step."),
            ],
            "one delta for each pre-activation at each step.",
        ),
        r"$\partial L / \partial b$": (
            back.grads["b"].shape,
            [
                (
                    (T, n),
                    "did not sum over steps or sequences",
                    "The bias is shared by all steps: the deltas are summed.",
                ),
                ((D,), "mixed up input and state sizes", "The bias is added to the pre-activation, not to the input."),
                ((B, n), "did not sum over steps or sequences", "The sequences are summed."),
            ],
            "that of $b$, summed over steps and sequences.",
        ),
    }


def shown_shape(shape: tuple[int, ...]) -> str:
    """A shape for a formula."""
    return _shape(shape).replace(" ", r"\ ")


def _shape(shape: tuple[int, ...]) -> str:
    return str(tuple(int(size) for size in shape))


def _parsed(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.strip("()").split(",") if size.strip())


GENERATORS = (
    Generator("forward-step", ("forward-pass",), "easy", forward_step),
    Generator("forward-two-units", ("forward-pass", "shapes"), "hard", forward_two_units),
    Generator("forward-two-steps", ("weight-sharing", "forward-pass"), "medium", forward_two_steps),
    Generator("read-out-loss", ("read-out-and-loss",), "medium", read_out_loss),
    Generator("array-shape", ("shapes",), "medium", array_shape),
)
