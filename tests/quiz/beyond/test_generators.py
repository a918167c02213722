"""Beyond the chapter: drawn questions worked out again from the numbers of their prompts, without their own code."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from quiz.beyond import gru
from quiz.computed.generators import generate
from quiz.schema import Count, Numeric, Shape

SEEDS = 60
BLOCKS = {"plain RNN": 1, "GRU": 3, "LSTM": 4}


def numbers(prompt: str) -> list[float]:
    """The numbers a prompt shows, in order; indices of symbols and exponents are not among them."""
    bare = re.sub(r"[_^](\{[^}]*\}|\w)", "", prompt)
    return [float(n) for n in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", bare)]


def sigma(a: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-a))


def blocks(text: str) -> int:
    """Blocks of the layer that a prompt names."""
    return next(count for name, count in BLOCKS.items() if name in text)


def gru_unit(n: list[float], _: str) -> float:
    """PyTorch's form; the numbers of the unit stand last in the prompt."""
    r, z, u, w, b, h = n[-6:]
    return (1 - z) * math.tanh(u + r * (h * w + b)) + z * h


def peephole(n: list[float], text: str) -> float:
    """The output gate reads the new cell, the others the old one."""
    a, p, old, new = n
    return sigma(a + p * (new if "output gate" in text else old))


def two_units(n: list[float], text: str) -> float:
    """Blocks i, f, o, g of two numbers each."""
    k = int(re.findall(r"`h\[(\d)\]`", text)[0])
    a, c = n[-11:-3], n[-3:-1]
    return sigma(a[4 + k]) * math.tanh(sigma(a[2 + k]) * c[k] + sigma(a[k]) * math.tanh(a[6 + k]))


def relu(n: list[float], _: str) -> float:
    """Sums, cut at 0."""
    w, x, h = n[2], n[4:], 0.0
    for value in x:
        h = max(0.0, h + w * value)
    return h


def scored(n: list[float], text: str) -> float:
    """By the sentence's own words."""
    if "reviews" in text:
        return n[0]
    return n[0] * (n[2] if "translates" in text else n[1])


def masked(_: list[float], text: str) -> float:
    """The mean of the losses at real tokens."""
    told = re.search(r"real tokens are (.*?); at", text)
    assert told
    return statistics.fmean(numbers(told[1]))


def standardised(n: list[float], _: str) -> float:
    """By the four training values."""
    return (n[4] - statistics.fmean(n[:4])) / statistics.pstdev(n[:4])


def chunk(n: list[float], _: str) -> float:
    """h_3 + w h_2."""
    w, x = n[0], n[2:6]
    h = [0.0]
    for value in x:
        h.append(value + w * h[-1])
    return h[3] + w * h[2]


def normalised(_: list[float], text: str) -> float:
    """The row that is asked for."""
    rows = {int(k): numbers(values) for k, values in re.findall(r"sequence (\d): \$\((.*?)\)\$", text)}
    asked = re.search(r"unit (\d), counted from 0, of sequence (\d)", text)
    assert asked
    row = rows[int(asked[2])]
    return (row[int(asked[1])] - statistics.fmean(row)) / statistics.pstdev(row)


def percentile(n: list[float], _: str) -> float:
    """So many of the others lie below."""
    values = sorted(n[:11])
    return values[int(n[12])]


def spoilt(_: list[float], text: str) -> float:
    """The first line whose gradient is not finite."""
    return next(float(step) for step, norm in re.findall(r"`(\d+): .*norm (\S+)`", text) if norm in ("inf", "nan"))


def dropped(n: list[float], text: str) -> float:
    """One draw, or one for each step."""
    return n[0] if "one mask" in text else n[0] ** n[1]


BY_HAND: Mapping[str, Callable[[list[float], str], float]] = {
    "gru-parameters": lambda n, _: 3 * n[1] * (n[0] + n[1] + 1),
    "gru-step": gru_unit,
    "tanh-gate": lambda n, _: math.tanh(n[0]) * n[1] + n[2] * n[3],
    "peephole-gate": peephole,
    "lstm-blocks": two_units,
    "relu-identity": relu,
    "bidirectional-parameters": lambda n, text: 2 * blocks(text) * n[1] * (n[0] + n[1] + 1),
    "stacked-parameters": lambda n, text: blocks(text) * n[2] * (n[1] + n[2] + 1 + (n[0] - 1) * (2 * n[2] + 1)),
    "two-both-ways": lambda n, text: 2 * blocks(text) * n[1] * (n[0] + n[1] + 1 + 3 * n[1] + 1),
    "receptive-field": lambda n, _: 1 + (n[2] - 1) * sum(n[3:]),
    "window-network": lambda n, _: n[2] * (n[0] * n[1] + 1) - n[2] * (n[1] + n[2] + 1),
    "attention-cache": lambda n, _: 2 * n[0] * n[1] * n[3],
    "scored-predictions": scored,
    "bottleneck": lambda n, _: n[1] * n[2] / (2 * n[0]),
    "shifted-targets": lambda n, _: n[int(n[-1])],
    "free-running": lambda n, _: abs(n[2] ** n[3] - n[0] ** n[3]) * n[1],
    "perplexity-of-words": lambda n, _: math.prod(n) ** (-1 / 4),
    "perplexity-of-loss": lambda n, text: (2 if "bits" in text else math.e) ** n[0],
    "masked-loss": masked,
    "shared-windows": lambda n, _: 2 * ((n[0] - 1) // n[1]),
    "scaled-by-training": standardised,
    "detached-gradient": chunk,
    "initial-state-gradient": lambda n, _: n[0] * sum(n[1:4]),
    "stored-numbers": lambda n, _: 6 * n[0] * n[1] * n[2],
    "checkpoints": lambda n, _: n[0] / n[1] + n[1],
    "sequential-depth": lambda n, _: n[1] + n[0] - 1,
    "dropped-memory": dropped,
    "layer-norm": normalised,
    "clip-percentile": percentile,
    "first-not-finite": spoilt,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_numbers_of_the_prompt_give_the_answer(name: str) -> None:
    """What is shown is enough: arithmetic on paper lands within the tolerance."""
    for seed in range(SEEDS):
        question = generate(name, seed)
        assert isinstance(question, Numeric | Count)
        by_hand = BY_HAND[name](numbers(question.prompt), question.prompt)
        assert by_hand == pytest.approx(question.answer, rel=1e-6, abs=1e-9), (seed, question.prompt)


def test_shapes_are_those_of_pytorch() -> None:
    """`output` has the top layer at every step, directions side by side; `h_n`, `c_n` a row for each, batch second."""
    for seed in range(SEEDS):
        question = generate("torch-shapes", seed)
        assert isinstance(question, Shape)
        text = question.prompt
        call = re.search(r"nn\.LSTM\((\d+), (\d+)(.*?)\)\(x\)`.* shape \((\d+), (\d+), (\d+)\)\. .*`(\w+)`\?", text)
        assert call, text
        D, H, options, one, two, width, asked = call.groups()
        assert width == D
        layers = int((re.search(r"num_layers=(\d)", options) or ["", "1"])[1])
        ways = 2 if "bidirectional" in options else 1
        batch = one if "batch_first" in options else two
        expected = (one, two, str(ways * int(H))) if asked == "output" else (str(layers * ways), batch, H)
        assert question.answer == f"({', '.join(expected)})"


def test_a_gru_step_is_pytorchs() -> None:
    """Worked by hand for two units: r acts on the whole recurrent part of the candidate, z keeps the old state."""
    rng = np.random.default_rng(0)
    D, H = 3, 2
    zero = gru.zeros(D, H)
    params = gru.GRUParams(*(rng.standard_normal(array.shape) for array in (zero.W_x, zero.W_h, zero.b_x, zero.b_h)))
    x, h = rng.standard_normal(D), rng.standard_normal(H)
    for unit, found in enumerate(gru.step(params, x, h)):
        in_r, in_z, in_n = (float(x @ params.W_x[:, k * H + unit] + params.b_x[k * H + unit]) for k in range(3))
        by_r, by_z, by_n = (float(h @ params.W_h[:, k * H + unit] + params.b_h[k * H + unit]) for k in range(3))
        z = sigma(in_z + by_z)
        expected = (1 - z) * math.tanh(in_n + sigma(in_r + by_r) * by_n) + z * h[unit]
        assert found == pytest.approx(expected)
