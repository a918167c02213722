"""Every number the lessons' questions state as right, computed again by `core` or plain arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core import losses, lstm, rnn
from core import model as network
from core.activations import activation, sigmoid
from core.flow import clip_by_norm, clip_by_value
from quiz.computed.predictions import EXPERIMENTS
from quiz.load import load_bank
from quiz.schema import Count, Numeric

STATED = {
    question.id: question
    for question in load_bank().questions
    if isinstance(question, Numeric | Count) and load_bank().files[question.id].startswith("lessons/")
}


def gate(a: float) -> float:
    """A gate at a pre-activation."""
    return float(sigmoid(np.array([a]))[0])


def cell(c_prev: float, i: float, f: float, o: float, g: float, T: int = 1) -> tuple[float, float]:
    """Cell and hidden state after T steps of a one-unit LSTM whose gates are held by its biases."""
    bias = [*(math.log(p / (1 - p)) for p in (i, f, o)), math.atanh(g)]
    params = lstm.LSTMParams(np.zeros((1, 4)), np.zeros((1, 4)), np.array(bias))
    trace = lstm.forward(params, np.zeros((T, 1, 1)), c0=[[c_prev]])
    return trace.c[-1].item(), trace.h[-1].item()


def two_steps() -> list[float]:
    """States of the forward lesson's small network."""
    params = rnn.RNNParams(np.array([[0.5]]), np.array([[0.8]]), np.zeros(1))
    return [float(h) for h in rnn.forward(params, np.ones((2, 1, 1))).h.ravel()]


def delta_one_back() -> float:
    """∂L/∂a_1 of a network whose states and prediction are the prompt's, made so by its inputs and read-out bias."""
    logit = math.log(0.6 / 0.4)
    layer = rnn.RNNParams(np.ones((1, 1)), np.array([[0.8]]), np.zeros(1))
    x = np.array([math.atanh(0.6), math.atanh(0.5) - 0.8 * 0.6]).reshape(2, 1, 1)
    drawn = network.init("rnn", 1, 1, 1, rng=np.random.default_rng(0), activation="tanh")
    weights = {"W_x": layer.W_x, "W_h": layer.W_h, "b": layer.b, "W_y": [[1.5]], "b_y": [logit - 1.5 * 0.5]}
    model = network.with_parameters(drawn, {name: np.array(value, float) for name, value in weights.items()})
    trace = network.run(model, x, [[1.0]])
    return float(network.backprop(model, trace).cell.da[0].item())


def layer_size(kind: str, D: int, H: int) -> int:
    """Parameters of a layer with one bias."""
    params = (rnn if kind == "rnn" else lstm).init(D, H, rng=np.random.default_rng(0))
    return int(params.W_x.size + params.W_h.size + params.b.size)


def total_derivative(slope: float, W_h: float, states: list[float]) -> float:
    """Total derivative of h_T by W_h of a one-unit RNN with one slope at all steps: the product rule, run forward."""
    total = 0.0
    for h_prev in states:
        total = slope * (h_prev + W_h * total)
    return total


def first(reached: Callable[[float], bool], factor: float) -> int:
    """The first power of a factor that satisfies a condition."""
    return next(k for k in range(2_000) if reached(factor**k))


def input_gradient(x: list[float], deltas: list[float]) -> float:
    """∂L/∂W_x of a one-unit RNN without recurrence, whose losses send just these deltas."""
    params = rnn.RNNParams(np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1))
    trace = rnn.forward(params, np.array(x).reshape(-1, 1, 1), activation="identity")
    return float(rnn.backward(params, trace, np.array(deltas).reshape(-1, 1, 1)).grads.W_x.item())


def limit_of(gradient: np.ndarray, first: float) -> float:
    """The limit at which clipping by norm leaves that first entry."""
    limit = float(np.linalg.norm(gradient)) * first / float(gradient[0])
    assert clip_by_norm({"g": gradient}, limit)["g"][0] == pytest.approx(first)
    return limit


def turn() -> float:
    """Degrees by which clipping by value turns (3, 0.4)."""
    before = np.array([3.0, 0.4])
    after = clip_by_value({"g": before}, 1.0)["g"]
    return math.degrees(math.acos(before @ after / np.linalg.norm(before) / np.linalg.norm(after)))


H1, H2 = two_steps()[1:]
WORDS = ("Krish", "likes", "to", "eat", "pizza", "and", "he")
TRUE = {
    "forward-first-step": H1,
    "forward-second-step": H2,
    "sharing-how-many-w-h": layer_size("rnn", 2, 3) - 3,
    "sharing-derivative-of-a-power": total_derivative(1.0, 2.0, [1.0, 2.0, 4.0]),
    "readout-bce": losses.bce(np.full((1, 1, 1), math.log(0.7 / 0.3)), np.ones((1, 1, 1)))[0].item(),
    "chain-one-jacobian": activation("tanh").slope(np.array([0.6])).item() * 1.2,
    "chain-total-derivative": total_derivative(0.5, 2.0, [0.0, 0.3, 0.4]),
    "bptt-delta-one-back": delta_one_back(),
    "accumulation-by-hand": input_gradient([1.0, -2.0, 0.5], [0.3, 0.2, 0.5]),
    "update-one-weight": (0.5 - 0.52) / 0.1,
    "truncation-how-many-steps": len(range(10, 10 - 4, -1)),
    "check-cubic": (2.1**3 - 1.9**3) / 0.2,
    "slopes-largest-sigmoid": activation("sigmoid").steepest,
    "slopes-tanh-from-output": activation("tanh").slope(np.array([0.9])).item(),
    "vanishing-scalar-sigmoid": 1 / activation("sigmoid").slope(np.array([0.5])).item(),
    "vanishing-drawn-bars": 0.5 ** (1 / 10),
    "exploding-steps-to-a-thousand": first(lambda power: power > 1000, 1.5),
    "exploding-overflow": int(np.flatnonzero([k * math.log2(16) >= 1024 for k in range(1024)])[0]),
    "clipping-by-norm": limit_of(np.array([8.0, 15.0]), first=1.6),
    "clipping-by-value-turns": turn(),
    "memory-krish-factors": len(WORDS[WORDS.index("Krish") : WORDS.index("he") + 1]),
    "memory-eighty-per-cent": 100 * 0.8**6,
    "context-switch-by-hand": cell(0.9, i=0.9, f=0.1, o=0.5, g=-0.8)[0],
    "cell-whole-step": cell(0.5, i=gate(0), f=gate(1), o=gate(0), g=math.tanh(1))[1],
    "output-gate-one-unit": 0.1904 / math.tanh(1),
    "cell-state-one-update": (1.6 - cell(2.0, i=0.5, f=0.9, o=0.5, g=0.0)[0]) / 0.5,
    "cell-state-where-it-settles": cell(0.0, i=0.5, f=0.9, o=0.5, g=0.4, T=400)[0],
    "pointwise-concatenation": np.concatenate([np.zeros(9), np.zeros(4)]).size,
    "path-three-gates": math.prod([0.9, 0.5, 0.99]),
    "path-point-nine-twenty": 0.9**20,
    "bias-one-gives": gate(1),
    "bias-for-a-gate": math.log(0.95 / 0.05),
    "bias-half-life": first(lambda power: power < 0.5, 0.97),
    "bias-for-a-horizon": math.log(0.99 / 0.01),
    "params-rnn-layer": layer_size("rnn", 3, 4),
    "params-lstm-layer": layer_size("lstm", 6, 13) - layer_size("lstm", 6, 12),
    "params-ratio-with-read-out": (layer_size("lstm", 6, 15) + 15 + 1) / (layer_size("rnn", 6, 15) + 15 + 1),
    "params-matched-rnn": max(H for H in range(1, 100) if layer_size("rnn", 8, H) <= layer_size("lstm", 8, 16)),
}


def test_every_number_is_computed_here() -> None:
    """A question of the lessons that states a number has its computation above, and none is left over."""
    assert set(TRUE) == set(STATED)


@pytest.mark.parametrize("name", sorted(STATED.keys() & TRUE.keys()))
def test_the_stated_number_is_true(name: str) -> None:
    """The key agrees with the computation, far within what an answer is allowed to miss."""
    assert STATED[name].answer == pytest.approx(TRUE[name], rel=1e-4)


# Settings of a fresh network: share of the gradient left 6 and 20 steps back, as the bank's texts round it
QUOTED: dict[str, tuple[dict[str, Any], float, float]] = {
    "tanh": ({}, 0.025, 9e-6),
    "sigmoid": ({"activation": "sigmoid"}, 7e-6, 1e-17),
    "orthogonal": ({"scheme": "orthogonal"}, 0.39, 0.04),
    "bias-0": ({"forget_bias": 0.0}, 0.04, 5e-5),
    "bias-1": ({"forget_bias": 1.0}, 0.24, 0.02),
    "bias-3": ({"forget_bias": 3.0}, 0.77, 0.6),
}


def left_in_fresh_network(seed: int, settings: dict[str, Any]) -> tuple[float, float]:
    """Length of ∂L/∂h (RNN) or ∂L/∂c (LSTM) 6 and 20 steps back as a share of that at the last step."""
    D, H, T = 8, 24, 60
    rng = np.random.default_rng(seed)
    if "forget_bias" in settings:
        gated = lstm.init(D, H, rng=rng, **settings)
    else:
        plain = rnn.init(D, H, rng=rng, scheme=settings.get("scheme", "uniform"))
    x = np.eye(D)[rng.integers(0, D, T)][:, None]
    dh_out = np.zeros((T, 1, H))
    dh_out[-1] = rng.standard_normal(H)
    if "forget_bias" in settings:
        gradient = lstm.backward(gated, lstm.forward(gated, x), dh_out).dc
    else:
        trace = rnn.forward(plain, x, activation=settings.get("activation", "tanh"))
        gradient = rnn.backward(plain, trace, dh_out).dh
    length = np.linalg.norm(gradient[:, 0], axis=-1)
    return float(length[-7] / length[-1]), float(length[-21] / length[-1])


@pytest.mark.parametrize("name", QUOTED)
def test_the_quoted_gradients_are_measured(name: str) -> None:
    """What explanations say of fresh networks is the median of 200 seeds, rounded to one or two digits."""
    settings, *quoted = QUOTED[name]
    measured = np.median([left_in_fresh_network(seed, settings) for seed in range(200)], axis=0)
    assert measured == pytest.approx(quoted, rel=0.12)


def test_the_quoted_spread_of_fresh_cells_is_measured() -> None:
    """Half of the runs beside the question on a fresh LSTM lie between the two percentages it tells."""
    run = EXPERIMENTS["lstm-share"]
    shares = [run({"T": 10, "H": 8, "forget_bias": 3.0, "seed": seed}).answer for seed in range(60)]
    assert np.quantile(shares, [0.25, 0.75]) == pytest.approx([65, 106], abs=0.5)


def test_the_worked_powers_of_the_non_normal_matrix() -> None:
    """The norms in the question on spectral radius are those of the matrix it shows."""
    W_h = np.array([[0.5, 10.0], [0.0, 0.5]])
    norms = [float(np.linalg.norm(np.linalg.matrix_power(W_h, k), 2)) for k in (1, 2, 3, 10)]
    assert norms == pytest.approx([10.02, 10.01, 7.50, 0.195], abs=0.006)
