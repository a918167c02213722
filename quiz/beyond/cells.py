"""Drawn questions on cells: GRU, why gates squash as they do, peepholes, an LSTM step in NumPy, ReLU with identity."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from core import lstm, rnn
from core.lstm import LSTMParams
from quiz.beyond import gru
from quiz.computed.generator import DECIMALS, Fields, Generator, count, decimal, decimals, numeric, weight, whole
from quiz.computed.numbers import Clash, shown, signed, vector
from quiz.computed.toys import gate, held_gates, logit, rnn_params, steps


def gru_parameters(rng: np.random.Generator) -> Fields:
    """Parameters of a GRU layer, right under both conventions on biases."""
    D, H = (int(n) for n in rng.choice(np.arange(2, 41), 2, replace=False))
    layer = gru.zeros(D, H)
    weights, bias = layer.W_x.size + layer.W_h.size, layer.b_x.size
    block = (weights + bias) // gru.BLOCKS
    return count(
        f"How many parameters has a GRU layer with $D = {D}$ inputs and $H = {H}$ units, biases included, without a "
        "read-out?",
        weights + bias,
        [
            (4 * block, "counted the blocks of another cell", "That is an LSTM: the GRU has three blocks, not four."),
            (
                2 * block,
                "left out the candidate's block",
                "Two gates, but the candidate has weights as well: three blocks.",
            ),
            (block, "counted the blocks of another cell", "That is one block, or a plain RNN; a GRU has three."),
            (
                weights,
                "forgot the biases",
                f"The biases are missing: at least one for each unit of each block, {bias}.",
            ),
            (weights + H, "forgot the biases", "Each of the three blocks has biases of its own."),
        ],
        rf"Three blocks ($r$, $z$ and the candidate $n$): $3H(D + H + 1) = 3 \cdot {H} \cdot {D + H + 1} = "
        f"{weights + bias}$. PyTorch keeps two bias vectors: $3H(D + H + 2) = {weights + 2 * bias}$.",
        accept=[
            (
                weights + 2 * bias,
                "counted two bias vectors",
                "Right as PyTorch counts: two bias vectors. The second one of the candidate stands inside of the "
                "reset, so the two do not act by their sum.",
            )
        ],
        hints=[
            "How many blocks of the size of a plain RNN layer has a GRU?",
            f"One block has ${block}$ with one bias.",
        ],
    )


def gru_step(rng: np.random.Generator) -> Fields:
    """One unit's new state in PyTorch's form."""
    r, z, part, w, b, h = (
        decimal(rng, 0.1, 0.9),
        decimal(rng, 0.1, 0.9),
        weight(rng),
        weight(rng),
        weight(rng),
        decimal(rng, -0.9, 0.9),
    )
    params = replace(
        gru.zeros(1, 1),
        W_x=np.array([[logit(r).item(), logit(z).item(), part]]),
        W_h=np.array([[0.0, 0.0, w]]),
        b_h=np.array([0.0, 0.0, b]),
    )
    answer = gru.step(params, np.ones(1), np.array([h])).item()
    n = math.tanh(part + r * (w * h + b))
    before = math.tanh(part + r * h * w + b)
    return numeric(
        r"A GRU in PyTorch's form computes $n_t = \tanh(u_t + r_t (h_{t-1} w + b))$, where $u_t$ is the "
        f"input's part, and $h_t = (1 - z_t) n_t + z_t h_{{t-1}}$.\n\nOne unit has $r_t = {shown(r)}$, $z_t "
        f"= {shown(z)}$, $u_t = {shown(part)}$, $w = {shown(w)}$, $b = {shown(b)}$ and $h_{{t-1}} = "
        f"{shown(h)}$. What is $h_t$?" + DECIMALS,
        answer,
        [
            (
                z * n + (1 - z) * h,
                "read the gate the wrong way round",
                "$z_t$ keeps the old state here; $1 - z_t$ lets the candidate in.",
            ),
            (n, "stopped one operation early", "That is $n_t$; the new state mixes it with $h_{t-1}$."),
            (
                (1 - z) * math.tanh(part + w * h + b) + z * h,
                "left out the reset gate",
                "The reset gate $r_t$ is missing: it scales what the old state sends into the candidate.",
            ),
            (
                (1 - z) * before + z * h,
                "reset before the product",
                "That resets $h_{t-1}$ alone, as other texts do; in this form $r_t$ scales the bias $b$ as well.",
            ),
            ((1 - z) * n, "left out what is kept", "The old state is missing: $z_t h_{t-1}$ is added."),
        ],
        rf"$n_t = \tanh({shown(part)} + {shown(r)} \cdot ({shown(h)} \cdot {signed(w)} + {signed(b)})) = {shown(n)}$ "
        rf"and $h_t = {shown(1 - z)} \cdot {signed(n)} + {shown(z)} \cdot {signed(h)} = {shown(answer)}$.",
        hints=["First the candidate $n_t$, with the whole bracket times $r_t$.", rf"$n_t = {shown(n, 3)}$."],
    )


def tanh_gate(rng: np.random.Generator) -> Fields:
    """What a forget gate would do if it went through tanh."""
    a, c_prev, i, g = -decimal(rng, 0.3, 1.5), decimal(rng, 0.5, 2.5), decimal(rng, 0.1, 0.9), decimal(rng, -0.9, 0.9)
    f = math.tanh(a)
    c, proper = f * c_prev + i * g, held_gates(i, gate(a), 0.5, g, c_prev)[1].c[1].item()
    return numeric(
        r"Suppose the forget gate of an LSTM went through $\tanh$ instead of $\sigma$, all else as usual."
        f"\n\nOne unit has the forget gate's pre-activation $a_f = {shown(a)}$, and $c_{{t-1}} = "
        f"{shown(c_prev)}$, $i_t = {shown(i)}$, $g_t = {shown(g)}$. What would $c_t$ be?" + DECIMALS,
        c,
        [
            (
                proper,
                "took another activation",
                r"That is the real LSTM with $\sigma(a_f)$; the question puts $\tanh$ in its place.",
            ),
            (
                i * g,
                "took the gate for all or nothing",
                r"That treats a negative gate as closed. $\tanh$ does give a negative factor.",
            ),
            (
                -f * c_prev + i * g,
                "lost a sign on the way",
                r"$\tanh(a_f)$ is negative here: it turns the old content round.",
            ),
            (a * c_prev + i * g, "forgot the activation", r"The pre-activation goes through $\tanh$ first."),
            (f * c_prev, "left out the write", r"The step also writes $i_t g_t$."),
        ],
        rf"$\tanh({shown(a)}) = {shown(f)}$, so $c_t = {shown(f)} \cdot {shown(c_prev)} + {shown(i)} \cdot "
        rf"{signed(g)} = {shown(c)}$: the old content comes back with its sign turned. $\sigma$ gives "
        f"{shown(gate(a), 3)}, a share to keep.",
        hints=[r"The gate's value is $\tanh(a_f)$, and it is negative.", r"$c_t = f_t c_{t-1} + i_t g_t$."],
    )


def peephole_gate(rng: np.random.Generator) -> Fields:
    """A gate that also sees the cell: the output gate the new one, the others the old one."""
    a, p, old, new = weight(rng), weight(rng), weight(rng), weight(rng)
    name = "fio"[whole(rng, 0, 2)]
    title = {"f": "forget", "i": "input", "o": "output"}[name]
    seen, unseen = (new, old) if name == "o" else (old, new)
    answer = gate(a + p * seen)
    which = "c_t" if name == "o" else "c_{t-1}"
    return numeric(
        f"An LSTM has peepholes, which let its gates see the cell state.\n\nThe {title} gate of one unit has "
        f"${shown(a)}$ from input, old state and bias, and the peephole weight $p = {shown(p)}$. The cell "
        f"goes from $c_{{t-1}} = {shown(old)}$ to $c_t = {shown(new)}$. What is ${name}_t$?" + DECIMALS,
        answer,
        [
            (
                gate(a + p * unseen),
                "looked at the wrong cell state",
                f"The {title} gate sees ${which}$: "
                + (
                    "it is computed after the cell."
                    if name == "o"
                    else "the new cell is not there yet, it needs this gate."
                ),
            ),
            (
                gate(a),
                "left out the peephole",
                rf"The peephole is missing: $p \cdot {which}$ is added before $\sigma$.",
            ),
            (gate(a) + p * seen, "applied the activation in the wrong place", r"The peephole acts inside of $\sigma$."),
            (
                gate(a + p * math.tanh(seen)),
                "looked at the wrong cell state",
                r"The peephole sees the cell itself, not its $\tanh$.",
            ),
        ],
        rf"${name}_t = \sigma({shown(a)} + {signed(p)} \cdot {signed(seen)}) = {shown(answer)}$, with ${which}$.",
        hints=["Forget and input gate come before the new cell, the output gate after it."],
    )


def lstm_blocks(rng: np.random.Generator) -> Fields:
    """One unit from one fused product, whose four blocks must be told apart."""
    a, c_prev = [decimal(rng, -1.9, 1.9) for _ in range(8)], decimals(rng, 2, -1.5, 1.5)
    unit = whole(rng, 0, 1)
    params = LSTMParams(np.zeros((1, 8)), np.zeros((2, 8)), np.array(a))
    trace = lstm.forward(params, np.zeros((1, 1, 1)), c0=np.array([c_prev]))
    h, c = trace.h[1, 0], trace.c[1, 0]
    i, f, o, g = (float(getattr(trace, name)[0, 0, unit]) for name in "ifog")
    # PyTorch's order i, f, g, o read into the same numbers
    torch = gate(a[6 + unit]) * math.tanh(f * c_prev[unit] + i * math.tanh(a[4 + unit]))
    each = np.array(a).reshape(2, 4)[unit]
    strided = gate(each[2]) * math.tanh(gate(each[1]) * c_prev[unit] + gate(each[0]) * math.tanh(each[3]))
    return numeric(
        "One step of an LSTM with two units in NumPy, the blocks in the order i, f, o, g:\n\n"
        "`a = x @ W_x + h @ W_h + b`\n\n`i, f, o, g = np.split(a, 4)`\n\n"
        "`i, f, o = map(sigmoid, (i, f, o))`\n\n`c = f * c + i * np.tanh(g)`\n\n`h = o * np.tanh(c)`\n\n"
        f"The first line gives $a = {vector(a)}$, and before the step $c = {vector(c_prev)}$. What is "
        f"`h[{unit}]` after it?" + DECIMALS,
        float(h[unit]),
        [
            (
                torch,
                "read the blocks in another order",
                "That reads the blocks as i, f, g, o, as PyTorch stores them; here o comes before g.",
            ),
            (
                strided,
                "read the blocks in another order",
                "That takes four neighbours as one unit's. The blocks lie one after the other, two numbers each.",
            ),
            (float(h[1 - unit]), "took another unit's entry", f"That is `h[{1 - unit}]`."),
            (
                float(c[unit]),
                "mixed up cell state and hidden state",
                f"That is `c[{unit}]`; the last line makes h of it.",
            ),
            (o * math.tanh(f * c_prev[unit]), "left out the write", "The write is missing: `i * np.tanh(g)`."),
        ],
        rf"Unit {unit} has $a_i, a_f, a_o, a_g = {shown(a[unit])},\ {shown(a[2 + unit])},\ {shown(a[4 + unit])},\ "
        rf"{shown(a[6 + unit])}$. So $c = {shown(f, 3)} \cdot {signed(c_prev[unit])} + {shown(i, 3)} \cdot "
        rf"{signed(g, 3)} = {shown(float(c[unit]))}$ and $h = {shown(o, 3)} \cdot \tanh({shown(float(c[unit]))}) = "
        f"{shown(float(h[unit]))}$.",
        hints=["`np.split(a, 4)` gives four pieces of two numbers.", f"Of each piece take entry {unit}."],
    )


def relu_identity(rng: np.random.Generator) -> Fields:
    """The state of a ReLU unit with W_h = 1 after some inputs."""
    x = [decimal(rng, -1.5, 1.5) for _ in range(whole(rng, 3, 4))]
    w = decimal(rng, 0.4, 1.8)
    trace = rnn.forward(rnn_params(w, 1.0), steps(x), activation="relu")
    h = trace.h.ravel()
    if h[-1] == 0 or trace.a.min() > 0:
        raise Clash("the unit should be cut once, and be on at the end")
    tanh = rnn.forward(rnn_params(w, 1.0), steps(x), activation="tanh").h[-1].item()
    cut = float(np.maximum(w * np.array(x), 0).sum())
    inputs = r",\ ".join(shown(v) for v in x)
    states = r",\ ".join(shown(float(v)) for v in h[1:])
    return numeric(
        "A ReLU RNN with one unit starts as an IRNN: $w_h = 1$, $b = 0$. Its input weight is $w_x = "
        f"{shown(w)}$, and $h_0 = 0$. It reads ${inputs}$. What is its last state?" + DECIMALS,
        float(h[-1]),
        [
            (w * sum(x), "forgot the activation", "A plain sum; the ReLU cuts the state at 0 on the way."),
            (
                cut,
                "applied the activation in the wrong place",
                "The ReLU acts on the sum of state and input, not on each input by itself.",
            ),
            (tanh, "took another activation", r"That is with $\tanh$; here negative sums become 0 and others stay."),
            (max(w * x[-1], 0.0), "left out the state before", "$w_h = 1$: the old state is kept whole and added."),
        ],
        rf"$h_t = \max(0, h_{{t-1}} + {shown(w)} x_t)$ gives ${states}$.",
        hints=["Each step adds $w_x x_t$ to the state; below 0 it becomes 0."],
    )


GENERATORS = (
    Generator("gru-parameters", ("gru",), "medium", gru_parameters),
    Generator("gru-step", ("gru",), "hard", gru_step),
    Generator("tanh-gate", ("gate-functions",), "medium", tanh_gate),
    Generator("peephole-gate", ("gate-functions",), "hard", peephole_gate),
    Generator("lstm-blocks", ("lstm-in-code",), "hard", lstm_blocks),
    Generator("relu-identity", ("identity-start",), "medium", relu_identity),
)
