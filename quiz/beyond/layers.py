"""Drawn questions on layers: two directions, stacks, PyTorch's outputs; and on other networks."""

from __future__ import annotations

import numpy as np

from core import lstm, rnn
from quiz.beyond import gru
from quiz.beyond.shapes import shape
from quiz.computed.generator import Fields, Generator, count, whole
from quiz.computed.numbers import Clash

KINDS = {"a plain RNN": 1, "a GRU": 3, "an LSTM": 4}
TORCH = "Right as PyTorch counts: it keeps two bias vectors for each block."


def _layer(kind: str, D: int, H: int) -> tuple[int, int]:
    """Parameters of one layer with one bias vector, and the entries of that vector, counted on real arrays."""
    if kind == "a GRU":
        made = gru.zeros(D, H)
        return made.W_x.size + made.W_h.size + made.b_x.size, made.b_x.size
    cell = (rnn if kind == "a plain RNN" else lstm).init(D, H, rng=np.random.default_rng(0))
    return cell.W_x.size + cell.W_h.size + cell.b.size, cell.b.size


def _drawn(rng: np.random.Generator) -> tuple[str, int, int]:
    D, H = (int(n) for n in rng.choice(np.arange(3, 33), 2, replace=False))
    return list(KINDS)[whole(rng, 0, 2)], D, H


def bidirectional_parameters(rng: np.random.Generator) -> Fields:
    """One layer, both directions."""
    kind, D, H = _drawn(rng)
    one, bias = _layer(kind, D, H)
    wide = _layer(kind, D, 2 * H)[0]
    return count(
        f"How many parameters has {kind} layer that reads in both directions, with $D = {D}$ inputs and $H = {H}$ "
        "units in each direction, biases included, without a read-out?",
        2 * one,
        [
            (one, "counted one of several", "That is one direction; the other has weights of its own."),
            (
                wide,
                "joined both directions into one",
                "That is one layer with 2H units, whose units all see each other. The directions do not: each has a "
                "$W_h$ of H by H.",
            ),
            (2 * (one - bias), "forgot the biases", "The biases are missing."),
            (2 * one - D * H * KINDS[kind], "let both directions share weights", "Each direction has its own $W_x$."),
        ],
        rf"Two layers of {one} that share nothing: $2 \cdot {one} = {2 * one}$. A read-out then sees $2H = {2 * H}$ "
        "numbers.",
        accept=[(2 * (one + bias), "counted two bias vectors", TORCH)],
        hints=["Each direction is a layer of its own.", f"One direction has {one}."],
    )


def stacked_parameters(rng: np.random.Generator) -> Fields:
    """L layers, each reading the states below."""
    kind, D, H = _drawn(rng)
    L = whole(rng, 2, 4)
    (first, bias), (next_, _) = _layer(kind, D, H), _layer(kind, H, H)
    answer = first + (L - 1) * next_
    return count(
        f"How many parameters has {kind} of $L = {L}$ stacked layers with $D = {D}$ inputs and $H = {H}$ units in "
        "each layer, biases included, without a read-out?",
        answer,
        [
            (
                L * first,
                "took the wrong input size for a layer",
                f"Only layer 1 reads the {D} inputs; the others read the {H} states below.",
            ),
            (L * next_, "took the wrong input size for a layer", f"Layer 1 reads the {D} inputs, not {H} states."),
            (first, "counted one of several", f"That is layer 1; {L - 1} more stand{'s' if L == 2 else ''} on it."),
            (
                first + (L - 1) * (next_ - H * H * KINDS[kind]),
                "left out a weight matrix",
                "An upper layer has both: $W_x$ for the layer below and $W_h$ for its own last state.",
            ),
            (answer - L * bias, "forgot the biases", "The biases are missing."),
        ],
        rf"Layer 1: {first}. Each layer above reads $H$ states: {next_}. Together {answer}.",
        accept=[(answer + L * bias, "counted two bias vectors", TORCH)],
        hints=["What does layer 2 read?", f"Layer 1 has {first}."],
    )


def two_both_ways(rng: np.random.Generator) -> Fields:
    """Two layers, both directions: the second reads both directions of the first."""
    kind, D, H = _drawn(rng)
    (first, bias), (second, _) = _layer(kind, D, H), _layer(kind, 2 * H, H)
    answer = 2 * (first + second)
    narrow = _layer(kind, H, H)[0]
    return count(
        f"How many parameters has {kind} of two stacked layers, both bidirectional, with $D = {D}$ inputs and $H = "
        f"{H}$ units in each direction of each layer, biases included, without a read-out?",
        answer,
        [
            (
                2 * (first + narrow),
                "took the wrong input size for a layer",
                f"Layer 2 reads both directions of layer 1: {2 * H} numbers, not {H}.",
            ),
            (
                4 * first,
                "took the wrong input size for a layer",
                f"Layer 2 reads the {2 * H} states of layer 1, not the {D} inputs.",
            ),
            (first + second, "counted one of several", "Each layer has two directions with weights of their own."),
            (
                answer - 4 * bias,
                "forgot the biases",
                "The biases are missing, in two layers with two directions each.",
            ),
        ],
        rf"Layer 1: $2 \cdot {first}$. Layer 2 reads $2H = {2 * H}$ numbers: $2 \cdot {second}$. Together {answer}.",
        accept=[(answer + 4 * bias, "counted two bias vectors", TORCH)],
        hints=["How many numbers does layer 1 hand up at each step?", f"One direction of layer 1 has {first}."],
    )


def torch_shapes(rng: np.random.Generator) -> Fields:
    """The shape of output, h_n or c_n."""
    T, B, D, H = (int(n) for n in rng.choice(np.arange(3, 33), 4, replace=False))
    L, both, first = whole(rng, 1, 3), bool(rng.random() < 0.5), bool(rng.random() < 0.5)
    asked = ("output", "h_n", "c_n")[whole(rng, 0, 2)]
    ways = 2 if both else 1
    options = (f", num_layers={L}" if L > 1 else "") + (", bidirectional=True" if both else "")
    options += ", batch_first=True" if first else ""
    given = (B, T, D) if first else (T, B, D)
    output = (B, T, ways * H) if first else (T, B, ways * H)
    state = (L * ways, B, H)
    prompt = (
        f"In PyTorch, `output, (h_n, c_n) = nn.LSTM({D}, {H}{options})(x)` with x of shape {given}. What is the shape "
        f"of `{asked}`?"
    )
    meaning = f"x holds {B} sequences of {T} steps." + (" `batch_first=True` turns x and output only." if first else "")
    if asked == "output":
        return shape(
            prompt,
            output,
            [
                (
                    state,
                    "took the shape of another array",
                    "That is the shape of `h_n`: the last states. `output` has every step.",
                ),
                (
                    (*output[:2], H),
                    "counted one of several",
                    "Both directions stand side by side in the last axis: 2H.",
                ),
                ((*output[:2], L * ways * H), "stacked all layers into one axis", "`output` has the top layer only."),
                (
                    (output[1], output[0], output[2]),
                    "put the axes in the wrong order",
                    f"{meaning} The first two axes lie as in x.",
                ),
                (
                    (*output[:2], D),
                    "took the shape of another array",
                    f"The states have {H} entries in each direction, not {D}.",
                ),
            ],
            f"{meaning} `output` has the top layer's state at every step, "
            + ("both directions side by side: 2H." if both else "H numbers each."),
            hints=["Every step, top layer."],
        )
    return shape(
        prompt,
        state,
        [
            (
                output,
                "took the shape of another array",
                f"That is `output`. `{asked}` has the last state of each layer and direction.",
            ),
            (
                (B, L * ways, H),
                "put the batch first",
                f"The batch is the second axis of `{asked}`, with or without `batch_first`.",
            ),
            (
                (L, B, ways * H),
                "joined both directions into one",
                f"In `{asked}` each direction has a row of its own: layers times directions.",
            ),
            ((1, B, H), "counted one of several", f"`{asked}` has all layers and directions."),
            (
                (B, H),
                "left out an axis",
                f"`{asked}` always has a first axis: layers times directions, here {L * ways}.",
            ),
        ],
        f"{meaning} `{asked}` has one row for each layer and direction, {L * ways} here; the batch stays second.",
        hints=["First axis: layers times directions."],
    )


def receptive_field(rng: np.random.Generator) -> Fields:
    """Steps that a stack of dilated causal convolutions sees."""
    k, L, base = whole(rng, 2, 9), whole(rng, 2, 7), whole(rng, 1, 4)
    dilations = [base**layer for layer in range(L)]
    sees = np.zeros(1, dtype=int)  # how far back, by layer
    for dilation in dilations:
        sees = np.unique(sees[:, None] + dilation * np.arange(k))
    answer = int(sees.max()) + 1
    spread = ", ".join(map(str, dilations))
    return count(
        f"A stack of $L = {L}$ causal 1-D convolutions has kernels of width ${k}$ and the dilations {spread}, from "
        "the first layer up. Over how many input steps, the present one included, does its last output stretch?",
        answer,
        [
            (answer - 1, "miscounted the receptive field", "The present step belongs to it: one more."),
            (
                1 + (k - 1) * L,
                "left out the dilations",
                "That is without dilation. A layer with dilation $d$ reaches $(k - 1) d$ steps further back.",
            ),
            (
                k * sum(dilations),
                "miscounted the receptive field",
                "Each layer adds $(k - 1) d$ steps: its present step is counted already.",
            ),
            (k**L, "miscounted the receptive field", "The reaches of the layers are added."),
            (k, "counted one of several", "That is one layer without dilation."),
        ],
        rf"$1 + (k - 1) \sum d = 1 + {k - 1} \cdot {sum(dilations)} = {answer}$. What lies before does not reach this "
        "output; the state of an RNN has no such edge.",
        hints=["How far back does one layer with dilation $d$ look?", f"The dilations add up to {sum(dilations)}."],
    )


def window_network(rng: np.random.Generator) -> Fields:
    """First layer of a feed-forward network on a window against a recurrent layer."""
    T, D, H = (int(n) for n in rng.choice(np.arange(3, 33), 3, replace=False))
    recurrent, bias = _layer("a plain RNN", D, H)
    dense = np.zeros((T * D, H)).size + bias
    if dense <= recurrent:
        raise Clash("the window should need more")
    return count(
        f"A feed-forward network reads a window of $T = {T}$ steps with $D = {D}$ numbers each, all at once, into $H "
        f"= {H}$ units.\n\nA plain RNN with $H = {H}$ units reads the same steps one by one. How many parameters more "
        "does the feed-forward layer have, one bias for each unit in both?",
        dense - recurrent,
        [
            (dense, "counted one of several", "That is the feed-forward layer alone; take the RNN's off."),
            (dense - D * H - H, "left out a weight matrix", "The RNN has $W_h$ as well: H by H."),
            (
                T * recurrent - dense,
                "gave every step its own weights",
                "The RNN uses the same weights at every step; it is not T times as large.",
            ),
            (recurrent, "counted one of several", "That is the RNN alone."),
        ],
        f"$H(TD + 1) = {dense}$ against $H(D + H + 1) = {recurrent}$: {dense - recurrent} more. The first grows with "
        "$T$, the second does not.",
        hints=["The window is one vector of T·D numbers.", f"The RNN has {recurrent}."],
    )


def attention_cache(rng: np.random.Generator) -> Fields:
    """Numbers kept for the past while generating."""
    L, d, T = whole(rng, 2, 12), 16 * whole(rng, 2, 16), 10 * whole(rng, 5, 90)
    keys = np.empty((L, T, d), np.int8)
    answer = 2 * keys.size
    return count(
        f"A Transformer decoder with {L} layers of width {d} keeps a key and a value of width {d} for each token and "
        f"layer. How many numbers are kept after {T} tokens of one text?",
        answer,
        [
            (
                2 * L * d,
                "took a growing cache for a fixed state",
                "That is for one token; the cache grows with each. An LSTM's $h$ and $c$ do not.",
            ),
            (keys.size, "counted one of several", "Keys and values are both kept: twice that."),
            (2 * T * d, "counted one of several", "Each layer has its own keys and values."),
            (L * T * T, "counted pairs of positions", "Scores between tokens need not be kept; keys and values are."),
            (2 * L * T * T, "counted pairs of positions", f"Each key and value has {d} numbers."),
        ],
        rf"$2 \cdot {L} \cdot {T} \cdot {d} = {answer}$. An LSTM of as many layers and units keeps $2 \cdot {L} \cdot "
        f"{d} = {2 * L * d}$ numbers, whatever the length.",
        hints=["Two vectors for each token and layer."],
    )


GENERATORS = (
    Generator("bidirectional-parameters", ("layers-and-directions",), "medium", bidirectional_parameters),
    Generator("stacked-parameters", ("layers-and-directions",), "medium", stacked_parameters),
    Generator("two-both-ways", ("layers-and-directions",), "hard", two_both_ways),
    Generator("torch-shapes", ("lstm-in-code",), "medium", torch_shapes),
    Generator("receptive-field", ("other-networks",), "medium", receptive_field),
    Generator("window-network", ("other-networks",), "medium", window_network),
    Generator("attention-cache", ("other-networks",), "medium", attention_cache),
)
