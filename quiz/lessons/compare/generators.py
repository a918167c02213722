"""RNN or LSTM: counting parameters."""

from __future__ import annotations

import numpy as np

from core import model as network
from core.model import parameters
from quiz.computed.generator import DECIMALS, Fields, Generator, choice, count, numeric, others, whole
from quiz.computed.numbers import Clash, inline, shown

TORCH = "PyTorch's convention: it keeps two biases in each block, of which only the sum acts. Right too."


def _sizes(kind: str, D: int, H: int, O: int) -> tuple[int, int]:  # noqa: E741 - field notation
    """Parameters of the recurrent layer and of the read-out, counted on a real model."""
    arrays = parameters(network.init(kind, D, H, O, rng=np.random.default_rng(0)))
    layer = sum(arrays[name].size for name in ("W_x", "W_h", "b"))
    return layer, arrays["W_y"].size + arrays["b_y"].size


def _draw(rng: np.random.Generator) -> tuple[int, int, int]:
    D, H, O = (int(n) for n in rng.choice(np.arange(2, 41), 3, replace=False))  # noqa: E741
    return D, H, O


def rnn_parameters(rng: np.random.Generator) -> Fields:
    """Parameters of an RNN layer."""
    D, H, _ = _draw(rng)
    layer, _ = _sizes("rnn", D, H, 1)
    return count(
        f"How many parameters has a vanilla RNN layer with $D = {D}$ inputs and $H = {H}$ units, biases included, "
        "without a read-out?",
        layer,
        [
            (float(layer - H), "forgot the biases", f"The biases are missing: {H} more."),
            (float(layer - H * H), "left out a weight matrix", "The recurrent weights $W_h$ are missing."),
            (float(layer - D * H), "left out a weight matrix", "The input weights $W_x$ are missing."),
            (float(4 * layer), "counted four blocks for one", "That is an LSTM: the RNN has one block, not four."),
            (
                float(D * H + H * D + H),
                "mixed up input and state sizes",
                f"$W_h$ goes from units to units: ${H} \\cdot {H}$.",
            ),
        ],
        rf"$DH + H^2 + H = {D * H} + {H * H} + {H} = {layer}$.",
        accept=[(float(layer + H), "counted two bias vectors", TORCH)],
        hints=[r"$W_x$ is $D \times H$, $W_h$ is $H \times H$, $b$ has $H$ entries."],
    )


def lstm_parameters(rng: np.random.Generator) -> Fields:
    """Parameters of an LSTM layer."""
    D, H, _ = _draw(rng)
    layer, _ = _sizes("lstm", D, H, 1)
    return count(
        f"How many parameters has an LSTM layer with $D = {D}$ inputs and $H = {H}$ units, biases included, without a "
        "read-out?",
        layer,
        [
            (
                float(layer // 4),
                "counted one block of four",
                "That is one block; the LSTM has four: $i$, $f$, $o$ and $g$.",
            ),
            (
                float(layer // 4 * 3),
                "left out the candidate's block",
                "That is three gates; the candidate $g$ is a block too.",
            ),
            (float(layer - 4 * H), "forgot the biases", f"The biases are missing: {4 * H} more."),
            (float(layer - 3 * H), "forgot the biases", "Each of the four blocks has a bias of its own."),
            (
                float(layer // 4 * 8),
                "counted eight blocks",
                "Four blocks, each reading $x$ and $h$: not eight of both.",
            ),
        ],
        rf"$4 (DH + H^2 + H) = 4 \cdot ({D * H} + {H * H} + {H}) = {layer}$.",
        accept=[(float(layer + 4 * H), "counted two bias vectors", TORCH)],
        hints=["Four blocks, each the size of an RNN layer.", rf"One block has ${layer // 4}$."],
    )


def model_parameters(rng: np.random.Generator) -> Fields:
    """Parameters with a read-out."""
    D, H, O = _draw(rng)  # noqa: E741
    kind = "lstm" if rng.random() < 0.6 else "rnn"
    layer, read_out = _sizes(kind, D, H, O)
    blocks, name = (4, "an LSTM") if kind == "lstm" else (1, "a vanilla RNN")
    answer = layer + read_out
    return count(
        f"How many parameters has {name} with $D = {D}$ inputs, $H = {H}$ units and a linear "
        f"read-out to $O = {O}$ outputs, "
        "all biases included?",
        answer,
        [
            (float(layer), "left out the read-out", f"The read-out is missing: $HO + O = {read_out}$ more."),
            (float(answer - O), "forgot the biases", f"The read-out's bias is missing: {O} more."),
            (float(answer - blocks * H), "forgot the biases", "The biases of the recurrent layer are missing."),
            (
                float(layer + blocks * read_out),
                "counted what does not belong",
                "There is one read-out, on $h_t$; it has no gates.",
            ),
            (
                float(layer + D * O + O),
                "mixed up input and state sizes",
                "The read-out reads the $H$ units, not the $D$ inputs.",
            ),
        ],
        rf"Layer ${'' if blocks == 1 else '4 '}(DH + H^2 + H) = {layer}$, read-out $HO + O = "
        rf"{read_out}$: {answer} in all.",
        accept=[(float(answer + blocks * H), "counted two bias vectors", TORCH)],
        hints=["Count the recurrent layer, then $W_y$ and $b_y$.", f"The recurrent layer has {layer}."],
    )


def parameter_ratio(rng: np.random.Generator) -> Fields:
    """LSTM over RNN, read-out included."""
    D, H, O = whole(rng, 2, 30), whole(rng, 4, 40), whole(rng, 5, 60)  # noqa: E741
    (rnn, read_out), (lstm, _) = _sizes("rnn", D, H, O), _sizes("lstm", D, H, O)
    ratio = (lstm + read_out) / (rnn + read_out)
    return numeric(
        f"An RNN and an LSTM have the same $D = {D}$, $H = {H}$ and a read-out to $O = {O}$ outputs "
        "(biases included). How many times as many parameters as the whole RNN has the whole LSTM?" + DECIMALS,
        ratio,
        [
            (4.0, "left out the read-out", "That is the recurrent layer alone; the read-out is the same size in both."),
            (3.0, "left out the candidate's block", "The LSTM has four blocks: three gates and the candidate."),
            ((lstm + read_out) / rnn, "counted the read-out on one side only", "The RNN has the read-out too."),
            (lstm / (rnn + read_out), "counted the read-out on one side only", "The LSTM has the read-out too."),
            (1 / ratio, "turned it upside down", "That is the other way round."),
        ],
        rf"$\frac{{{lstm} + {read_out}}}{{{rnn} + {read_out}}} = {shown(ratio)}$: below 4, for the "
        rf"read-out has no gates.",
        accept=[((lstm + 4 * H + read_out) / (rnn + H + read_out), "counted two bias vectors", TORCH)],
        hints=["The read-out has $HO + O$ parameters in both."],
    )


def most_parameters(rng: np.random.Generator) -> Fields:
    """Which of four layers has most parameters?"""
    D = whole(rng, 2, 40)
    drawn = [("rnn", whole(rng, 30, 99)) for _ in range(2)] + [("lstm", whole(rng, 12, 50)) for _ in range(2)]
    counts = [_sizes(kind, D, H, 1)[0] for kind, H in drawn]
    best = int(np.argmax(counts))
    if np.sort(counts)[-1] < 1.08 * np.sort(counts)[-2]:
        raise Clash("two layers are too close")
    names = {"rnn": "an RNN", "lstm": "an LSTM"}
    worded = [
        (f"{names[kind]} with $H = {H}$", f"It has {inline(count_, 6)} parameters.")
        for (kind, H), count_ in zip(drawn, counts, strict=True)
    ]
    return choice(
        rng,
        f"All read $D = {D}$ inputs. Which recurrent layer has the most parameters?",
        worded[best],
        others(worded, best),
        "RNN $DH + H^2 + H$, LSTM four times that: "
        + "; ".join(f"{text}: {inline(count_, 6)}" for (text, _), count_ in zip(worded, counts, strict=True))
        + ".",
        hints=["At equal $H$ the LSTM has four times as many; twice the $H$ is about the same for large $H$."],
    )


GENERATORS = (
    Generator("rnn-parameters", ("parameter-count", "shapes"), "easy", rnn_parameters),
    Generator("lstm-parameters", ("parameter-count", "lstm-cell"), "medium", lstm_parameters),
    Generator("model-parameters", ("parameter-count", "read-out-and-loss"), "hard", model_parameters),
    Generator("parameter-ratio", ("parameter-count", "when-to-use"), "hard", parameter_ratio),
    Generator("most-parameters", ("when-to-use", "parameter-count"), "medium", most_parameters),
)
