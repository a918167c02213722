"""Inside the LSTM cell: gates, cell, output and the operations on vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from core import lstm
from core.lstm import LSTMParams, block
from quiz.computed.generator import DECIMALS, Fields, Generator, count, decimal, numeric, weight, whole
from quiz.computed.numbers import shown, signed, typed, vector
from quiz.computed.toys import gate as sigma
from quiz.computed.toys import held_gates

GATE_NAMES = {"i": "input gate", "f": "forget gate", "o": "output gate", "g": "candidate"}


def gate_value(rng: np.random.Generator) -> Fields:
    """One gate from its inputs."""
    name = "ifog"[whole(rng, 0, 3)]
    x, h, w_x, w_h, b = weight(rng), decimal(rng, -0.9, 0.9), weight(rng) * 2, weight(rng), decimal(rng, -1.0, 1.5)
    params = LSTMParams(np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))
    for array, value in ((params.W_x, w_x), (params.W_h, w_h), (params.b, b)):
        block(array, name)[...] = value
    trace = lstm.forward(params, [[[x]]], [[h]])
    answer = float(getattr(trace, name).item())
    a = float(block(lstm.pre_activations(params, trace), name).item())
    squash, other = (np.tanh, sigma) if name == "g" else (sigma, np.tanh)
    is_, is_not = (r"\tanh", r"\sigma") if name == "g" else (r"\sigma", r"\tanh")
    wrong = [
        (a, "forgot the activation", rf"That is the pre-activation; ${name}_t$ is ${is_}$ of it."),
        (float(other(a)), "took another activation", rf"That is ${is_not}$; the {GATE_NAMES[name]} uses ${is_}$."),
        (float(squash(a - b)), "forgot the biases", "The bias is missing."),
        (
            float(squash(x * w_x + b)),
            "left out the state before",
            r"The old state is missing: gates read $h_{t-1}$ as well as $x_t$.",
        ),
    ]
    if name != "g":
        wrong.append(
            (1 - answer, "turned the sign", r"That is $\sigma(-a)$: the sign in the exponent of $1/(1 + e^{-a})$.")
        )
    return numeric(
        rf"The {GATE_NAMES[name]} ${name}_t$ of one LSTM unit has the input weight $w_x = {shown(w_x)}$, the recurrent "
        rf"weight $w_h = {shown(w_h)}$ and the bias $b = {shown(b)}$. With $x_t = {shown(x)}$ and $h_{{t-1}} = "
        rf"{shown(h)}$, what is ${name}_t$?" + DECIMALS,
        answer,
        wrong,
        rf"The pre-activation is ${shown(x)} \cdot {signed(w_x)} + {signed(h)} \cdot {signed(w_h)} + "
        rf"{signed(b)} = {shown(a)}$, "
        rf"and ${is_}({shown(a)}) = {shown(answer)}$.",
        hints=[rf"${name}_t = {is_}(x_t w_x + h_{{t-1}} w_h + b)$."],
    )


def cell_update(rng: np.random.Generator) -> Fields:
    """c_t from f, i, g, c_{t-1}."""
    f, i, g, c_prev = decimal(rng, 0.1, 0.9), decimal(rng, 0.1, 0.9), decimal(rng, -0.9, 0.9), weight(rng) * 2
    c = held_gates(i, f, 0.5, g, c_prev)[1].c[1].item()
    return numeric(
        rf"One unit of an LSTM has $f_t = {shown(f)}$, $i_t = {shown(i)}$, $g_t = {shown(g)}$ (the candidate) and "
        rf"$c_{{t-1}} = {shown(c_prev)}$. What is $c_t$?" + DECIMALS,
        c,
        [
            (f * c_prev, "left out the write", r"That only forgets; the step also writes $i_t \cdot g_t$."),
            (i * g, "left out what is kept", r"That only writes; $f_t$ of the old cell stays."),
            (
                i * c_prev + f * g,
                "swapped the forget and input gates",
                r"The gates are swapped: $f_t$ belongs to $c_{t-1}$, $i_t$ to $g_t$.",
            ),
            (
                f * c_prev + g,
                "left out the input gate",
                r"The input gate is missing: it lets $i_t$ of the candidate in.",
            ),
            (
                math.tanh(c),
                "squashed the cell state itself",
                r"That is $\tanh(c_t)$, as on the way to $h_t$; the cell itself is not squashed.",
            ),
        ],
        rf"$c_t = f_t c_{{t-1}} + i_t g_t = {shown(f)} \cdot {signed(c_prev)} + {shown(i)} \cdot "
        rf"{signed(g)} = {shown(c)}$.",
        hints=[r"$c_t = f_t \odot c_{t-1} + i_t \odot g_t$."],
    )


def hidden_from_cell(rng: np.random.Generator) -> Fields:
    """h_t from o_t and c_t."""
    o, c = decimal(rng, 0.05, 0.95, 2), weight(rng) * 2
    # f = 1 and i = 0 carry the cell over unchanged.
    h = held_gates(0.0, 1.0, o, 0.5, c)[1].h[1].item()
    return numeric(
        rf"One unit of an LSTM has $c_t = {shown(c)}$ and $o_t = {shown(o)}$. What is $h_t$?" + DECIMALS,
        h,
        [
            (o * c, "forgot the tanh around the cell", r"The $\tanh$ is missing: $h_t = o_t \tanh(c_t)$."),
            (
                math.tanh(c),
                "left out the output gate",
                r"The output gate is missing: it lets $o_t$ of $\tanh(c_t)$ out.",
            ),
            (math.tanh(o * c), "let the output gate act before the tanh", r"First $\tanh$ of the cell, then the gate."),
            (o * sigma(c), "took another activation", r"The cell goes through $\tanh$, not $\sigma$."),
        ],
        rf"$h_t = {shown(o)} \cdot \tanh({shown(c)}) = {shown(o)} \cdot {signed(math.tanh(c))} = {shown(h)}$.",
        hints=[r"$h_t = o_t \odot \tanh(c_t)$."],
    )


def lstm_step(rng: np.random.Generator) -> Fields:
    """h_t from the four arguments and the old cell."""
    args, c_prev = {name: weight(rng) * 2 for name in "ifog"}, weight(rng)
    params = LSTMParams(np.zeros((1, 4)), np.zeros((1, 4)), np.array([args[name] for name in lstm.GATES]))
    trace = lstm.forward(params, [[[0.0]]], c0=[[c_prev]])
    i, f, o, g = (float(getattr(trace, name).item()) for name in "ifog")
    h, c = trace.h[1].item(), trace.c[1].item()
    shown_args = r",\ ".join(rf"a_{name} = {shown(args[name])}" for name in "ifog")
    return numeric(
        rf"The pre-activations of one LSTM unit are ${shown_args}$ (gates $i$, $f$, $o$ and candidate $g$), and "
        rf"$c_{{t-1}} = {shown(c_prev)}$. What is $h_t$?" + DECIMALS,
        h,
        [
            (c, "mixed up cell state and hidden state", r"That is $c_t$; $h_t = o_t \tanh(c_t)$."),
            (o * math.tanh(f * c_prev), "left out the write", r"The write is missing: $c_t = f_t c_{t-1} + i_t g_t$."),
            (
                o * math.tanh(i * c_prev + f * g),
                "swapped the forget and input gates",
                "The input and the forget gate are swapped.",
            ),
            (o * c, "forgot the tanh around the cell", r"The $\tanh$ on the cell is missing."),
            (
                o * math.tanh(f * c_prev + i * sigma(args["g"])),
                "took another activation",
                r"The candidate goes through $\tanh$, not $\sigma$.",
            ),
        ],
        rf"$i, f, o = {shown(i, 3)},\ {shown(f, 3)},\ {shown(o, 3)}$, $g = \tanh({shown(args['g'])}) = {shown(g, 3)}$; "
        rf"$c_t = {shown(f, 3)} \cdot {signed(c_prev)} + {shown(i, 3)} \cdot {signed(g, 3)} = {shown(c)}$ and "
        rf"$h_t = {shown(o, 3)} \tanh({shown(c)}) = {shown(h)}$.",
        hints=[
            r"$\sigma$ for $i$, $f$, $o$, $\tanh$ for $g$.",
            rf"$c_t = f_t c_{{t-1}} + i_t g_t = {shown(c, 3)}$.",
        ],
    )


def pointwise_product(rng: np.random.Generator) -> Fields:
    """F ⊙ c, entry by entry."""
    f = [float(rng.choice([0.0, 0.1, 0.2, 0.5, 0.8, 1.0])) for _ in range(3)]
    c = [float(n) for n in rng.choice(np.arange(2, 10), 3, replace=False)]
    # i = 0: nothing is written, c_t is what the forget gate keeps.
    kept = held_gates(np.zeros(3), f, np.full(3, 0.5), np.full(3, 0.5), c)[1].c[1, 0]
    blanks: list[dict[str, Any]] = []
    for f_k, c_k, entry in zip(f, c, kept, strict=True):
        right = typed(round(float(entry), 9))
        slips = {
            typed(round(f_k + c_k, 9)): ("added where a gate multiplies", "That adds; ⊙ multiplies entry by entry."),
            typed(c_k): ("kept the old cell whole", f"That keeps all of it; the gate is {typed(f_k)}."),
            typed(round((1 - f_k) * c_k, 9)): (
                "read the gate the wrong way round",
                f"The gate says how much is kept, not how much goes: {typed(f_k)} of {typed(c_k)}.",
            ),
        }
        accept = tuple(dict.fromkeys((right, right.removeprefix("0") or right, f"{float(right):.2f}")))
        blanks.append(
            {
                "accept": accept,
                "slips": tuple({"answer": a, "name": n, "reply": r} for a, (n, r) in slips.items() if a not in accept),
            }
        )
    worked = r",\ ".join(
        rf"{shown(f_k)} \cdot {shown(c_k)} = {shown(float(v))}" for f_k, c_k, v in zip(f, c, kept, strict=True)
    )
    return {
        "kind": "cloze",
        "prompt": f"The forget gate acts on the old cell, entry by entry: $f_t = {vector(f)}$, "
        f"$c_{{t-1}} = {vector(c)}$. "
        "Fill in the entries of the product.",
        "text": r"$f_t \odot c_{t-1}$ = ( {1} ; {2} ; {3} )",
        "blanks": tuple(blanks),
        "explanation": f"${worked}$: one gate for each entry, 1 keeps it, 0 drops it.",
        "hints": ("Multiply the first entries, then the second, then the third.",),
    }


def concatenation(rng: np.random.Generator) -> Fields:
    """Rows of the one matrix that acts on [h, x], or its number of entries."""
    D, H = (int(n) for n in rng.choice(np.arange(2, 33), 2, replace=False))
    params = lstm.init(D, H, rng=rng)
    gate, length = "if"[whole(rng, 0, 1)], len(params.W_h) + len(params.W_x)
    entries = int(block(params.W_h, gate).size + block(params.W_x, gate).size)
    if rng.random() < 0.5:
        return count(
            f"An LSTM with {H} units reads vectors of {D} numbers. How many numbers are in the concatenation "
            r"$[h_{t-1}, x_t]$?",
            length,
            [
                (
                    float(D * H),
                    "multiplied where terms add",
                    "The vectors are put one after the other, not multiplied.",
                ),
                (float(2 * H), "mixed up input and state sizes", f"$x_t$ has {D} numbers, not {H}."),
                (float(length + H), "counted what does not belong", r"The cell $c_{t-1}$ is not part of it."),
                (float(H), "left out the input", r"$x_t$ stands behind $h_{t-1}$."),
            ],
            f"{H} of $h_{{t-1}}$ and {D} of $x_t$: {H} + {D} = {length}.",
            hints=["One after the other: the lengths are added."],
        )
    return count(
        f"An LSTM with {H} units reads vectors of {D} numbers. The {GATE_NAMES[gate]} is "
        rf"$\sigma([h_{{t-1}}, x_t] W_{gate} + b_{gate})$. How many entries has $W_{gate}$?",
        entries,
        [
            (
                float(4 * entries),
                "counted four blocks for one",
                f"That is all four blocks, the candidate included; $W_{gate}$ is one of them.",
            ),
            (float(entries + H), "counted what does not belong", f"That counts the bias $b_{gate}$ too."),
            (
                float(length * length),
                "mixed up input and state sizes",
                f"The matrix has {length} rows, but only {H} columns: one for each unit.",
            ),
            (float(H * H), "left out the input", f"The rows for $x_t$ are missing: {D} more."),
            (float(D * H), "left out the state before", f"The rows for $h_{{t-1}}$ are missing: {H} more."),
        ],
        rf"{H} + {D} = {length} rows and {H} columns: ${length} \cdot {H} = {entries}$.",
        hints=["A row for each entry of the concatenation, a column for each unit."],
    )


GENERATORS = (
    Generator("gate-value", ("lstm-cell", "forget-gate", "input-gate"), "easy", gate_value),
    Generator("cell-update", ("cell-state", "forget-gate", "input-gate"), "easy", cell_update),
    Generator("hidden-from-cell", ("output-gate", "cell-state"), "easy", hidden_from_cell),
    Generator("lstm-step", ("lstm-cell", "cell-state"), "hard", lstm_step),
    Generator("pointwise-product", ("pointwise-operations", "forget-gate"), "easy", pointwise_product),
    Generator("concatenation", ("pointwise-operations", "shapes"), "medium", concatenation),
)
