"""Long-term dependencies: what of an early input is left."""

from __future__ import annotations

import math

import numpy as np

from core import model as network
from core import rnn
from core.jacobian import jacobians, running_product
from quiz.computed.generator import Fields, Generator, choice, count, decimal, decimals, numeric, others, weight, whole
from quiz.computed.numbers import Clash, inline, shown
from quiz.computed.toys import rnn_model, rnn_params, rnn_trace


def input_influence(rng: np.random.Generator) -> Fields:
    """∂h_T/∂x_1 of one unit."""
    T = 3
    h, w_x, w_h = [0.0, *decimals(rng, T, -0.8, 0.8)], weight(rng), decimal(rng, 0.5, 2.0)
    back = rnn.backward(rnn_params(w_x, w_h), rnn_trace(h), [[[0.0]]] * (T - 1) + [[[1.0]]])
    answer = back.dx[0].item()
    slopes = [1 - v * v for v in h[1:]]
    states = r",\ ".join(shown(v) for v in h[1:])
    return numeric(
        rf"A tanh RNN with one unit, $w_x = {shown(w_x)}$, $w_h = {shown(w_h)}$, went through "
        rf"$h_1, h_2, h_3 = {states}$. How strongly does its last state depend on the first input: what is "
        rf"$\partial h_{T} / \partial x_1$? Three significant digits are enough.",
        answer,
        [
            (
                w_x * w_h ** (T - 1),
                "forgot the activation's slope",
                r"The slopes are missing: each step multiplies by $1 - h_t^2$.",
            ),
            (answer / w_x, "left out the input", r"The input comes in through $w_x$: one more factor."),
            (
                answer / slopes[0],
                "forgot the activation's slope",
                r"The slope of step 1 is missing: $x_1$ goes through $\tanh$ there too.",
            ),
            (answer * w_h, "miscounted the steps", rf"One $w_h$ too many: from $h_1$ to $h_{T}$ there are {T - 1}."),
            (w_x * slopes[-1], "took the wrong time step", "That is the influence of the last input."),
        ],
        rf"$w_x (1 - h_1^2) \prod_{{t=2}}^{{{T}}} w_h (1 - h_t^2) = {shown(answer)}$ with slopes "
        rf"${', '.join(shown(v) for v in slopes)}$.",
        hints=[r"Into $h_1$ through $w_x$ and a slope; each later step adds a factor $w_h (1 - h_t^2)$."],
        abs_=0.0,
    )


def steps_until(rng: np.random.Generator) -> Fields:
    """Steps until a constant factor has brought a gradient below a bound."""
    slope, w_h, percent = decimal(rng, 0.3, 0.95, 2), decimal(rng, 0.4, 1.1), (50, 20, 10, 5, 1)[whole(rng, 0, 4)]
    factor, bound = slope * w_h, percent / 100
    exact = math.log(bound) / math.log(factor) if factor < 1 else 0.0
    if factor > 0.92 or not 2 < exact < 60 or abs(exact - round(exact)) < 0.02:
        raise Clash("too few or too many steps, or decided by rounding")
    T = math.ceil(exact) + 2
    model = rnn_model(0.0, factor, activation="identity")
    fall = running_product(jacobians(model, network.run(model, np.zeros((T, 1, 1)), [[1.0]]))).largest[::-1]
    answer = int(np.argmax(fall < math.log10(bound)))
    by_slope, halves = math.ceil(math.log(bound) / math.log(slope)), math.ceil((1 - bound) / (1 - factor))
    wrong = [
        (
            float(answer - 1),
            "rounded to the wrong side",
            rf"After {answer - 1} steps ${shown(100 * factor ** (answer - 1), 3)}$ % are left, not yet less.",
        ),
        (float(answer + 1), "rounded to the wrong side", "One step earlier it is already below."),
        (
            float(by_slope),
            "left out the recurrent weight",
            "That is the slope alone: each step also multiplies by $w_h$.",
        ),
        (
            float(halves),
            "took off a fixed amount per step",
            "The factor is multiplied in at each step; nothing fixed is taken away.",
        ),
    ]
    return count(
        rf"In an RNN with one unit and $w_h = {shown(w_h)}$ every step has the slope $\varphi' = {shown(slope)}$. "
        f"After how many steps back is less than {percent} % of a gradient left for the first time?",
        answer,
        wrong,
        rf"Each step multiplies by ${shown(w_h)} \cdot {shown(slope)} = {shown(factor)}$, and "
        rf"$\ln {shown(bound)} / \ln {shown(factor)} = {shown(exact)}$: the first whole number above is {answer}.",
        hints=[
            rf"The factor of one step is ${shown(factor)}$.",
            r"Solve $r^k = p$ for $k$ by logarithms, then round up.",
        ],
    )


def largest_gradient(rng: np.random.Generator) -> Fields:
    """At which state is the gradient largest?"""
    T = 4
    best = whole(rng, 0, T - 1)  # drawn first, so that each state has its share
    while True:
        w_h, h = decimal(rng, 0.8, 2.2), decimals(rng, T, -0.9, 0.9)
        dh = rnn.backward(rnn_params(0.0, w_h), rnn_trace([0.0, *h]), [[[0.0]]] * (T - 1) + [[[1.0]]]).dh.ravel()
        sizes = np.abs(dh)
        if np.argmax(sizes) == best and np.sort(sizes)[-1] >= 1.1 * np.sort(sizes)[-2]:
            break
    factors = [float(v) for v in dh[:-1] / dh[1:]]
    worded = [
        (
            f"at $h_{t + 1}$",
            f"There it is {inline(float(sizes[t]), 3)} times its size at $h_{T}$."
            + (" That is the largest." if t == best else ""),
        )
        for t in range(T)
    ]
    states = r",\ ".join(shown(v) for v in h)
    return choice(
        rng,
        rf"A tanh RNN with one unit and $w_h = {shown(w_h)}$ went through $h_1, \dots, h_4 = {states}$; the only loss "
        r"stands at step 4. Where is $\lvert \partial L / \partial h_t \rvert$ largest?",
        worded[best],
        others(worded, best),
        r"Going back from $h_t$ to $h_{t-1}$ multiplies by $w_h (1 - h_t^2)$: "
        rf"${', '.join(shown(v, 3) for v in factors[::-1])}$ from step 4 on. Factors above 1 make it grow.",
        hints=[r"The factor from $h_t$ to $h_{t-1}$ is $w_h (1 - h_t^2)$.", "Is it above or below 1?"],
    )


def best_memory(rng: np.random.Generator) -> Fields:
    """Which of three products of constant factors is largest?"""
    pairs = [(decimal(rng, *bounds, 2), whole(rng, *lengths)) for bounds, lengths in _RANGES]
    left = []
    for factor, k in pairs:
        model = rnn_model(0.0, factor, activation="identity")
        run = network.run(model, np.zeros((k, 1, 1)), [[1.0]])
        left.append(float(running_product(jacobians(model, run)).largest[0]))
    order = np.argsort(left)[::-1]
    if left[order[0]] - left[order[1]] < 0.15:
        raise Clash("two are too close")
    worded = [
        (f"factor ${factor:.2f}$ over {k} steps", f"${factor:.2f}^{{{k}}} = {shown(10**log, 2)}$.")
        for (factor, k), log in zip(pairs, left, strict=True)
    ]
    best = int(order[0])
    return choice(
        rng,
        "Each step back multiplies a gradient by the same factor. Which one has kept the most of it?",
        worded[best],
        others(worded, best),
        "Compare the powers: " + ", ".join(reply.rstrip(".") for _, reply in worded) + ".",
        hints=["Small factors over few steps can beat large ones over many: compute $f^k$."],
    )


_RANGES = (((0.93, 0.98), (60, 99)), ((0.84, 0.94), (20, 40)), ((0.7, 0.9), (10, 15)))

GENERATORS = (
    Generator("input-influence", ("long-term-dependencies", "chain-rule"), "hard", input_influence),
    Generator("steps-until", ("long-term-dependencies", "vanishing"), "medium", steps_until),
    Generator("largest-gradient", ("vanishing", "long-term-dependencies"), "medium", largest_gradient),
    Generator("best-memory", ("long-term-dependencies",), "easy", best_memory),
)
