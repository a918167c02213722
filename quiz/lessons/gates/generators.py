"""Gates at work: the direct path, horizons, the forget bias, and the gradient of the cell."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from core import lstm
from core.flow import constant_gate_horizon
from quiz.computed.generator import (
    DECIMALS,
    Fields,
    Generator,
    choice,
    decimal,
    decimals,
    numeric,
    others,
    weight,
    whole,
)
from quiz.computed.numbers import Clash, inline, shown, signed
from quiz.computed.toys import gate as sigma
from quiz.computed.toys import held_gates, logit

THREE_DIGITS = " Three significant digits are enough."


def _left(f: list[float]) -> float:
    """∂c_T/∂c_0 along the cell alone, through given forget gates (T,): a backward pass of a cell without weights."""
    T = len(f)
    params, trace = held_gates(0.5, 0.5, 0.5, 0.5, T=T)
    gates = trace.gates.copy()
    lstm.block(gates, "f")[:, 0, 0] = f
    return float(lstm.backward(params, replace(trace, gates=gates), np.zeros((T, 1, 1)), np.ones((1, 1))).dc0.item())


def constant_gate(rng: np.random.Generator) -> Fields:
    """f^k."""
    f, k = decimal(rng, 0.5, 0.99, 2), whole(rng, 5, 40)
    answer = _left([f] * k)
    if answer < 1e-4:
        raise Clash("hardly anything is left")
    return numeric(
        rf"A forget gate stays at $f = {shown(f)}$. What share of a gradient is left {k} steps back on the direct "
        "path, along the cell state alone?" + THREE_DIGITS,
        answer,
        [
            (
                1.0,
                "left the forget gate out of the path",
                r"The addition passes it on whole, but the way to $c_{t-1}$ is multiplied by $f_t$.",
            ),
            (f, "took one step for all of them", f"That is one step; there are {k}."),
            (f / k, "divided where factors multiply", "The gate multiplies at each step; do not divide by the steps."),
            (
                0.25**k,
                "took the gate's slope for its value",
                r"That is the steepest slope of a sigmoid; on this path stands the gate itself.",
            ),
        ],
        rf"$f^k = {shown(f)}^{{{k}}} = {shown(answer)}$.",
        hints=[r"$\partial c_t / \partial c_{t-1} = f_t$ along the cell."],
        rel=0.02,
        abs_=0.0,
    )


def varying_gate(rng: np.random.Generator) -> Fields:
    """∏ f_t over the steps between two cells."""
    f, t = decimals(rng, 5, 0.3, 0.95, 2), whole(rng, 1, 3)
    between = f[t:]
    answer, states = _left(between), r",\ ".join(shown(v) for v in f)
    factors = r" \cdot ".join(shown(v) for v in between)
    return numeric(
        rf"One unit's forget gate takes the values $f_1, \dots, f_5 = {states}$. What is $\partial "
        rf"c_5 / \partial c_{t}$ "
        r"along the cell state alone?" + DECIMALS,
        answer,
        [
            (
                answer * f[t - 1],
                "miscounted the steps",
                rf"$f_{t}$ belongs to the step into $c_{t}$, which is before the way begins.",
            ),
            (answer / f[4], "miscounted the steps", r"$f_5$ is missing: the step from $c_4$ to $c_5$ is on the way."),
            (sum(between) / len(between), "took the mean", "The gates are multiplied, not averaged."),
            (
                1.0,
                "left the forget gate out of the path",
                r"The addition passes it on whole, but each step multiplies by its $f_t$.",
            ),
            (
                min(between),
                "counted one factor or term alone",
                "Every gate on the way multiplies, not only the smallest.",
            ),
        ],
        rf"$\prod_{{k={t + 1}}}^{{5}} f_k = {factors} = {shown(answer)}$.",
        hints=[rf"The steps from $c_{t}$ on: which gates do they use?"],
    )


def horizon(rng: np.random.Generator) -> Fields:
    """-1/ln f."""
    f = decimal(rng, 0.5, 0.97, 3)
    answer = constant_gate_horizon(f)
    return numeric(
        rf"A forget gate stays at $f = {shown(f)}$. After how many steps $k$, not rounded, is $f^k = 1/e$ (the memory "
        r"horizon)?" + THREE_DIGITS,
        answer,
        [
            (answer * math.log(2), "took another measure of memory", "That is the half-life, where a half is left."),
            (
                1 / (1 - f),
                "mixed up exact value and estimate",
                r"That is the rule of thumb $1/(1-f)$; the horizon is $-1/\ln f$.",
            ),
            (
                -1 / math.log10(f),
                "took another measure of memory",
                "That is where a tenth is left: take the natural logarithm.",
            ),
            (1 / f, "took another measure of memory", r"Solve $f^k = 1/e$ for $k$ by logarithms."),
            (-answer, "turned the sign", "The sign: the logarithm of a number below 1 is negative."),
        ],
        rf"$k \ln f = -1$, so $k = -1 / \ln {shown(f)} = {shown(answer)}$.",
        hints=[r"$f^k = e^{k \ln f}$."],
        rel=0.006,
        abs_=0.0,
    )


def forget_bias(rng: np.random.Generator) -> Fields:
    """Which bias gives a horizon of N steps?"""
    steps = whole(rng, 3, 200)
    f = math.exp(-1 / steps)
    answer = float(logit(f))
    if not math.isclose(constant_gate_horizon(sigma(answer)), steps, rel_tol=1e-6):
        raise ArithmeticError(f"the bias {answer} does not give a horizon of {steps}")
    return numeric(
        f"Nothing but its bias feeds a forget gate: $f = \\sigma(b_f)$. Which bias gives a memory horizon $-1/\\ln "
        f"f$ of "
        f"{steps} steps?" + THREE_DIGITS,
        answer,
        [
            (f, "took a gate for its argument", r"That is the gate; the bias is its argument, $\ln \frac{f}{1-f}$."),
            (-answer, "turned the sign", r"The sign: a gate above ½ needs a positive bias."),
            (f / (1 - f), "forgot the logarithm", r"That is $f/(1-f)$; the bias is its logarithm."),
        ],
        rf"$f = e^{{-1/{steps}}} = {shown(f, 6)}$ and $b_f = \ln \frac{{f}}{{1-f}} = {shown(answer)}$, close to "
        rf"$\ln {steps} = {shown(math.log(steps))}$.",
        hints=[r"First the gate: $f = e^{-1/N}$.", r"Then the argument: $\sigma^{-1}(f) = \ln \frac{f}{1-f}$."],
        abs_=0.02,
    )


def bias_to_gate(rng: np.random.Generator) -> Fields:
    """F and f^k from a forget bias."""
    b, k = decimal(rng, -1.0, 4.0, 2), whole(rng, 2, 12)
    f = sigma(b)
    answer = _left([f] * k)
    if answer < 1e-3:
        raise Clash("hardly anything is left")
    return numeric(
        rf"An LSTM's forget bias is $b_f = {shown(b)}$ and nothing else feeds the gate. What share of a "
        rf"gradient at $c_T$ is left "
        rf"on the direct path {k} steps earlier?" + THREE_DIGITS,
        answer,
        [
            (f, "took one step for all of them", f"That is the gate, one step; there are {k}."),
            (
                1.0,
                "left the forget gate out of the path",
                "The direct path is multiplied by the forget gate at every step.",
            ),
            (
                sigma(b * k),
                "scaled the argument, not the result",
                r"The steps multiply the gates, they do not add up the biases.",
            ),
            (
                math.exp(-k),
                "forgot the biases",
                r"That loses $1/e$ at each step, whatever the bias. Compute $f = \sigma(b_f)$ first.",
            ),
        ],
        rf"$f = \sigma({shown(b)}) = {shown(f)}$, and $f^{{{k}}} = {shown(answer)}$.",
        hints=[rf"$f = {shown(f, 4)}$."],
        rel=0.02,
        abs_=0.0,
    )


def cell_gradient(rng: np.random.Generator) -> Fields:
    """dc_{t-1}'s direct part from dh_t, dc_next, o_t, c_t, f_t."""
    o, f, c, c_prev = decimal(rng, 0.1, 0.9), decimal(rng, 0.2, 0.9), weight(rng), weight(rng)
    dh, dc_next = weight(rng), weight(rng)
    params, trace = held_gates(0.5, f, o, 0.5, c_prev)
    # The cell state shown takes the place of the one these gates would give.
    states, squashed = np.array([[[c_prev]], [[c]]]), np.tanh([[[c]]])
    back = lstm.backward(params, replace(trace, c=states, tanh_c=squashed), [[[dh]]], [[dc_next]])
    answer, dc, tanh_c = back.dc0.item(), back.dc.item(), math.tanh(c)
    return numeric(
        rf"At step $t$ of one LSTM unit the gradient $dh_t = \partial L / \partial h_t = {shown(dh)}$ has arrived at "
        rf"$h_t$, and ${shown(dc_next)}$ at $c_t$ along the cell state from later steps. With $o_t = {shown(o)}$, "
        rf"$c_t = {shown(c)}$, $f_t = {shown(f)}$, what goes on to $c_{{t-1}}$ on the direct path?" + DECIMALS,
        answer,
        [
            (
                dc,
                "left the forget gate out of the path",
                r"That is $dc_t$; on the way to $c_{t-1}$ it is multiplied by $f_t$.",
            ),
            (
                dc_next * f,
                "left out the step's own loss",
                r"The part that comes in from $h_t$ is missing: $dh_t \, o_t (1 - \tanh^2 c_t)$.",
            ),
            ((dc - dc_next) * f, "dropped the future path", "The part from later steps is missing."),
            ((dc_next + dh * o) * f, "forgot the activation's slope", r"The slope $1 - \tanh^2 c_t$ is missing."),
            (
                (dc_next + dh * (1 - tanh_c**2)) * f,
                "left out the output gate",
                r"The output gate is missing: $h_t = o_t \tanh(c_t)$.",
            ),
        ],
        rf"$dc_t = {shown(dc_next)} + {signed(dh)} \cdot {shown(o)} \cdot (1 - {shown(tanh_c**2)}) = {shown(dc)}$, "
        rf"times $f_t = {shown(f)}$ is ${shown(answer)}$.",
        hints=[r"$dc_t = dc^{\text{next}}_t + dh_t \odot o_t \odot (1 - \tanh^2 c_t)$.", rf"$dc_t = {shown(dc, 3)}$."],
    )


def which_unit(rng: np.random.Generator) -> Fields:
    """Which unit forgets, writes or keeps most?"""
    i, f = ([decimal(rng, 0.05, 0.95, 2) for _ in range(4)] for _ in range(2))
    g, c_prev = decimals(rng, 4, -0.9, 0.9), [weight(rng) for _ in range(4)]
    c = held_gates(i, f, np.full(4, 0.5), g, c_prev)[1].c[1, 0]
    ask, sizes = (
        ("has lost the largest part of its old cell", [1 - v for v in f]),
        (
            "changes its cell state most, up or down",
            [abs(float(new) - old) for new, old in zip(c, c_prev, strict=True)],
        ),
        ("writes most into its cell, up or down", [abs(a * b) for a, b in zip(i, g, strict=True)]),
    )[whole(rng, 0, 2)]
    best = int(np.argmax(sizes))
    if np.sort(sizes)[-1] - np.sort(sizes)[-2] < 0.03:
        raise Clash("two units are too close")
    rows = "\n".join(
        f"| {k} | {' | '.join(inline(v) for v in row)} |" for k, row in enumerate(zip(f, i, g, c_prev, strict=True))
    )
    what = {"has": r"$1 - f_t$", "changes": r"$\lvert c_t - c_{t-1} \rvert$", "writes": r"$\lvert i_t g_t \rvert$"}
    measure = what[ask.split()[0]]
    worded = [(f"unit {k}", f"Here {measure} is {inline(sizes[k], 3)}.") for k in range(4)]
    return choice(
        rng,
        f"Four units of an LSTM at step $t$. Which unit {ask}?\n\n"
        "| unit | $f_t$ | $i_t$ | $g_t$ | $c_{t-1}$ |\n|---|---|---|---|---|\n" + rows,
        worded[best],
        others(worded, best),
        f"Compare {measure}: {', '.join(inline(v, 3) for v in sizes)} for the units 0 to 3.",
        hints=[r"$c_t = f_t \odot c_{t-1} + i_t \odot g_t$."],
    )


GENERATORS = (
    Generator("constant-gate", ("gradient-path", "forget-gate"), "easy", constant_gate),
    Generator("varying-gate", ("gradient-path",), "medium", varying_gate),
    Generator("horizon", ("forget-bias", "gradient-path"), "medium", horizon),
    Generator("forget-bias", ("forget-bias",), "hard", forget_bias),
    Generator("bias-to-gate", ("forget-bias", "gradient-path"), "easy", bias_to_gate),
    Generator("cell-gradient", ("gradient-path", "cell-state"), "hard", cell_gradient),
    Generator("which-unit", ("input-gate", "forget-gate", "context"), "medium", which_unit, lessons=("lstm-cell",)),
)
