"""Experiments small enough to check by hand: one unit, a few steps, an update, a clipped gradient, a count."""

from __future__ import annotations

import math

import numpy as np

from core import lstm, rnn, tasks
from core import model as network
from core.flow import clip_by_norm, clip_by_value, global_norm
from core.model import Model, parameters, with_parameters
from core.optim import SGD
from core.written import short
from quiz.computed.numbers import Candidate, inline, vector
from quiz.computed.predictions.base import Result
from quiz.computed.toys import held_gates, rnn_model, steps

SAMPLE = 4_000


def _loss(model: Model, x: float, T: int, y: float) -> float:
    loss = network.run(model, np.full((T, 1, 1), x), [[y]]).loss
    assert loss is not None
    return loss


def loss_after_update(
    w_x: float = 0.5, w_h: float = 0.8, w_y: float = 1.0, x: float = 1.0, T: int = 3, y: float = 1.0, lr: float = 0.5
) -> Result:
    """BCE loss of a one-unit tanh RNN (constant input, no biases at the start) after one SGD update of everything."""
    model = rnn_model(w_x, w_h, 0.0, w_y)
    trace = network.run(model, np.full((T, 1, 1), x), [[y]])
    grads = network.backprop(model, trace).grads
    old = parameters(model)

    def after(rate: float) -> float:
        optimiser = SGD(abs(rate))
        signed_ = grads if rate > 0 else {name: -grad for name, grad in grads.items()}
        moved, _ = optimiser.update(old, signed_, optimiser.init(old))
        return _loss(with_parameters(model, moved), x, T, y)

    before, loss, up = _loss(model, x, T, y), after(lr), after(-lr)
    squares = global_norm(grads) ** 2
    return Result(
        loss,
        [
            (before, "took the value before the change", "That is the loss before the update."),
            (
                up,
                "went up the gradient",
                r"That goes up the gradient: the rule is $W - \alpha \, \partial L / \partial W$.",
            ),
            (
                before - lr * squares,
                "trusted the straight line too far",
                r"That is the straight line $L - \alpha \lVert g \rVert^2$, but the loss is curved.",
            ),
            (
                0.0,
                "misjudged the outcome",
                "One update takes a step downhill, it does not reach the bottom.",
            ),
        ],
        f"The loss goes from {inline(before)} to {inline(loss)}.",
    )


def nudge(
    weight: str = "w_h",
    by: float = 0.1,
    w_x: float = 0.5,
    w_h: float = 0.8,
    w_y: float = 1.0,
    x: float = 1.0,
    T: int = 3,
    y: float = 1.0,
) -> Result:
    """Change of the BCE loss of a one-unit tanh RNN when one weight (w_x, w_h, w_y) is raised by ``by``."""
    names = {"w_x": "W_x", "w_h": "W_h", "w_y": "W_y"}
    if weight not in names:
        raise ValueError(f"weight: {weight!r} is not known. Choose one of {', '.join(names)}.")
    model, name = rnn_model(w_x, w_h, 0.0, w_y), names[weight]
    gradient = network.backprop(model, network.run(model, np.full((T, 1, 1), x), [[y]])).grads[name].item()
    moved = with_parameters(model, {name: parameters(model)[name] + by})
    change = _loss(moved, x, T, y) - _loss(model, x, T, y)
    return Result(
        change,
        [
            (
                -change,
                "turned the sign",
                "The other way: a gradient below zero means that raising the weight lowers the loss.",
            ),
            (
                gradient,
                "took another change for that of the loss",
                "That is the gradient, the change per unit; multiply it by the size of the nudge.",
            ),
            (by, "took another change for that of the loss", "That is the change of the weight, not of the loss."),
        ],
        f"The gradient is {inline(gradient)}: {inline(gradient * by, 3)} expected, {inline(change, 3)} measured.",
    )


def clip_norm(g1: float = 3.0, g2: float = 4.0, g3: float = 0.0, max_norm: float = 1.0, entry: int = 1) -> Result:
    """One entry (1, 2, 3) of the gradient (g1, g2, g3) after clipping its norm."""
    gradient = _entries(g1, g2, g3, entry)
    length = global_norm({"g": gradient})
    clipped, value = clip_by_norm({"g": gradient}, max_norm)["g"], gradient[entry - 1]
    by_value = clip_by_value({"g": gradient}, max_norm)["g"][entry - 1]
    return Result(
        float(clipped[entry - 1]),
        [
            (
                float(value),
                "left a long gradient unclipped",
                f"The norm is {inline(length)}: the gradient is longer than the limit.",
            ),
            (
                float(by_value),
                "mixed up clipping by norm and by value",
                "That clips the entry by itself; by norm, all entries are scaled by one factor.",
            ),
            (float(value / length), "scaled to length 1", "That makes the norm 1; the limit is the new norm."),
            (
                float(value * max_norm / np.abs(gradient).sum()),
                "got the norm wrong",
                "That divides by the sum of the entries; the norm is the root of the sum of squares.",
            ),
            (float(value * max_norm), "scaled wrongly when clipping", "Scale by limit over norm, not by the limit."),
        ],
        f"The norm is {inline(length)}; clipped, the gradient is ${vector(clipped)}$.",
    )


def clip_value(g1: float = 3.0, g2: float = -4.0, g3: float = 0.0, limit: float = 1.0) -> Result:
    """Norm of the gradient (g1, g2, g3) after clipping each entry into ±limit."""
    gradient = _entries(g1, g2, g3, 1)
    clipped = clip_by_value({"g": gradient}, limit)
    length = global_norm(clipped)
    return Result(
        length,
        [
            (
                limit,
                "took the limit for the result",
                "The limit holds for each entry; the norm of the whole can be larger.",
            ),
            (global_norm({"g": gradient}), "left a long gradient unclipped", "That is the norm before clipping."),
            (
                float(np.abs(clipped["g"]).sum()),
                "got the norm wrong",
                "The norm is the root of the sum of squares, not the sum.",
            ),
            (length**2, "got the norm wrong", "That is the sum of squares: take the root."),
        ],
        f"Clipped, the gradient is ${vector(clipped['g'])}$ with norm {inline(length)}.",
    )


def constant_guess(task: str = "recall", seed: int = 0) -> Result:
    """Accuracy, in per cent, of always giving one answer without looking at the input (default settings of a task)."""
    chosen = tasks.make(task)
    batch = chosen.sample(np.random.default_rng(seed), SAMPLE)
    always = batch.y.mean() if chosen.loss == "mse" else np.eye(chosen.O)[0] if chosen.loss == "softmax" else -1.0
    logits = np.broadcast_to(always, (chosen.T if chosen.readout == "every" else 1, SAMPLE, chosen.O))
    measured = chosen.score(logits, batch.y)
    answer = 100 * chosen.chance
    candidates: list[Candidate] = [
        (
            100 / chosen.D,
            "mixed up input and state sizes",
            f"{chosen.D} is the size of the input; count the possible answers.",
        ),
        (
            50.0,
            "misjudged what chance gives",
            "That is a coin's chance; here there are not two equally likely answers.",
        ),
        (0.0, "misjudged what chance gives", "A constant answer is right whenever the target happens to be just that."),
    ]
    return Result(
        answer,
        candidates,
        f"Chance is {short(answer, 3)} %; one constant answer is right in {100 * measured:.1f} % of {SAMPLE:,} "
        "sequences.",
    )


def parameter_total(kind: str = "lstm", D: int = 4, H: int = 8, O: int = 0) -> Result:  # noqa: E741 - field notation
    """Number of parameters of a recurrent layer, with a read-out when O is above 0."""
    if kind not in network.KINDS:
        raise ValueError(f"kind: {kind!r} is not known. Choose one of {', '.join(network.KINDS)}.")
    rng = np.random.default_rng(0)
    cell = lstm.init(D, H, rng=rng) if kind == "lstm" else rnn.init(D, H, rng=rng)
    layer = cell.W_x.size + cell.W_h.size + cell.b.size
    read_out = H * O + O
    blocks = 4 if kind == "lstm" else 1
    other = rnn.init(D, H, rng=rng) if kind == "lstm" else lstm.init(D, H, rng=rng)
    total = float(layer + read_out)
    return Result(
        total,
        [
            (total - blocks * H, "forgot the biases", "The biases are missing."),
            (total - blocks * H * H, "left out a weight matrix", "The recurrent weights $W_h$ are missing."),
            (
                float(other.W_x.size + other.W_h.size + other.b.size + read_out),
                "counted one block of four" if kind == "lstm" else "counted four blocks for one",
                "That is the other cell: the LSTM has four blocks, the RNN one.",
            ),
            (
                float(layer) if O else total + blocks * H,
                "left out the read-out" if O else "counted two bias vectors",
                "The read-out is missing."
                if O
                else "Two biases in each block are PyTorch's convention; the equations have one.",
            ),
        ],
        rf"$W_x$ has {cell.W_x.size}, $W_h$ {cell.W_h.size}, $b$ {cell.b.size}"
        + (f", the read-out {read_out}" if O else "")
        + f": {total:.0f} in all.",
    )


def cell_after(i: float = 0.5, f: float = 0.9, g: float = 0.5, c_0: float = 0.0, k: int = 5) -> Result:
    """Cell state after k steps with all gates held: c_t = f c_{t-1} + i g."""
    _, trace = held_gates(i, f, 0.5, g, c_0, k)
    _, swapped = held_gates(f, i, 0.5, g, c_0, k)
    c = float(trace.c[-1].item())
    return Result(
        c,
        [
            (
                c_0 + k * i * g,
                "kept the old cell whole",
                "That never forgets: the old cell is multiplied by $f$ at every step.",
            ),
            (f**k * c_0, "left out the write", "That only forgets: each step also writes $i \\cdot g$."),
            (
                float(swapped.c[-1].item()),
                "swapped the forget and input gates",
                "That swaps the input and the forget gate.",
            ),
            (f * c_0 + i * g, "took one step for all of them", f"That is one step; there are {k}."),
            (
                math.tanh(c),
                "squashed the cell state itself",
                "That is squashed by tanh, as on the way to $h_t$; the cell itself is not.",
            ),
        ],
        "The cell goes through " + ", ".join(inline(float(v)) for v in trace.c[:, 0, 0]) + ".",
    )


def first_input(w_x: float = 0.5, w_h: float = 0.8, k: int = 5, activation: str = "tanh") -> Result:
    """Change of h_{1+k} of a one-unit RNN, else silent, when the first input goes from 0 to 1."""
    model = rnn_model(w_x, w_h, activation=activation)
    first = np.zeros(k + 1)
    first[0] = 1.0
    quiet, loud = (network.run(model, steps(list(x))).cell.h[:, 0, 0] for x in (np.zeros(k + 1), first))
    change = float(loud[-1] - quiet[-1])
    return Result(
        change,
        [
            (
                float(loud[1] - quiet[1]),
                "took one step for all of them",
                f"That is the change at the first step; {k} more steps follow.",
            ),
            (
                w_x * w_h**k,
                "forgot the activation's slope",
                "That is the straight line $w_x w_h^k$: the activation bends each step.",
            ),
            (
                w_h**k,
                "left out the input",
                r"That is $w_h^k$ alone: the input comes in through $w_x$ and each step through $\varphi$.",
            ),
            (
                1.0,
                "let it pass every step unchanged",
                "The state does not hold the input: each step transforms it again.",
            ),
        ],
        "The state differs by "
        + ", ".join(inline(float(v), 3) for v in (loud - quiet)[1:])
        + " at the steps from 1 on.",
    )


def _entries(g1: float, g2: float, g3: float, entry: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    if entry not in (1, 2, 3):
        raise ValueError(f"entry: expected 1, 2 or 3, got {entry}.")
    return np.array([g1, g2, g3], np.float64)
