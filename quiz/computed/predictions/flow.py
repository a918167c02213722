"""Experiments on how far gradients and memories reach."""

from __future__ import annotations

import math

import numpy as np

from core import model as network
from core.activations import activation as activation_named
from core.decompose import backprop_each, truncation
from core.flow import constant_gate_horizon, growth, log10, log10_bound, norms
from core.jacobian import jacobians, running_product, singular_values
from core.model import Backward, Model, Trace
from core.params import Array
from quiz.computed.numbers import inline, shown
from quiz.computed.predictions.base import Result
from quiz.computed.toys import gate, held_gates, rnn_model, steps


def _random_run(model: Model, T: int, seed: int) -> tuple[Trace, Backward]:
    """Standard normal inputs, target 1 for every output, one sequence."""
    x = np.random.default_rng([seed, 1]).standard_normal((T, 1, model.sizes[0]))
    trace = network.run(model, x, np.ones((1, model.sizes[2])))
    return trace, network.backprop(model, trace)


def _rnn(H: int, activation: str, scheme: str, gain: float, seed: int) -> Model:
    rng = np.random.default_rng(seed)
    return network.init("rnn", 4, H, 1, rng=rng, activation=activation, scheme=scheme, gain=gain)


def _lstm(H: int, forget_bias: float, seed: int) -> Model:
    return network.init("lstm", 4, H, 1, rng=np.random.default_rng(seed), forget_bias=forget_bias)


def _decades(norm: Array) -> float:
    """By how many powers of ten the first norm lies below the last."""
    logs = log10(norm)
    return float(logs[-1] - logs[0])


def rnn_decades(
    T: int = 20, H: int = 8, activation: str = "tanh", scheme: str = "uniform", gain: float = 1.0, seed: int = 0
) -> Result:
    """Powers of ten that ‖dh_t‖ loses from step T to step 1 (negative: it grows)."""
    model = _rnn(H, activation, scheme, gain, seed)
    _, back = _random_run(model, T, seed)
    norm = norms(back)["h"]
    lost, k, size = _decades(norm), T - 1, growth(model.cell.W_h)
    steepest = activation_named(activation).steepest
    return Result(
        lost,
        [
            (
                -k * log10_bound(model),
                "took the bound for the value",
                r"That is the upper bound $(\max \varphi' \cdot \sigma_{\max})^k$; no run exceeds it, few reach it.",
            ),
            (
                -k * math.log10(size.radius),
                "forgot the activation's slope",
                r"That is $\rho(W_h)^k$ alone: it leaves out the slopes $\varphi'$ at each step.",
            ),
            (
                -k * math.log10(steepest),
                "left out the recurrent weight",
                r"That is the steepest slope alone: each step also multiplies by $W_h$.",
            ),
            (lost * math.log(10), "took a logarithm to another base", "That counts in powers of e, not of ten."),
            (lost / k, "took one step for all of them", f"That is the loss of one step; the gradient crosses {k}."),
        ],
        rf"$\lVert dh_{{{T}}}\rVert = {shown(norm[-1], 3)}$ and $\lVert dh_1\rVert = {shown(norm[0], 3)}$: "
        f"{inline(lost, 3)} powers of ten in {k} steps.",
    )


def lstm_decades(T: int = 20, H: int = 8, forget_bias: float = 1.0, seed: int = 0) -> Result:
    """Powers of ten that ‖dc_t‖ loses from step T to step 1."""
    _, back = _random_run(_lstm(H, forget_bias, seed), T, seed)
    norm = norms(back)["c"]
    lost, k, f = _decades(norm), T - 1, gate(forget_bias)
    return Result(
        lost,
        [
            (
                0.0,
                "left the forget gate out of the path",
                r"The cell adds, but its direct path is still multiplied by $f_t$ at every step, and $f_t < 1$.",
            ),
            (
                k * math.log10(4),
                "took the gate's slope for its value",
                r"That is $0.25^k$, the slope of a sigmoid: on the direct path stands the gate $f_t$, not its slope.",
            ),
            (
                -k * math.log10(f),
                "took one path for the whole derivative",
                r"That is the direct path alone, with $f = \sigma(b_f)$. Inputs move $f_t$, and $c_t$ also moves "
                "$h_t$, and by it all gates of the next step.",
            ),
            (lost * math.log(10), "took a logarithm to another base", "That counts in powers of e, not of ten."),
        ],
        rf"$\lVert dc_{{{T}}}\rVert = {shown(norm[-1], 3)}$ and $\lVert dc_1\rVert = {shown(norm[0], 3)}$: "
        f"{inline(lost, 3)} powers of ten in {k} steps.",
    )


def rnn_share(
    T: int = 10, H: int = 8, activation: str = "tanh", scheme: str = "uniform", gain: float = 1.0, seed: int = 0
) -> Result:
    """‖dh_1‖ as a percentage of ‖dh_T‖."""
    model = _rnn(H, activation, scheme, gain, seed)
    _, back = _random_run(model, T, seed)
    norm, k = norms(back)["h"], T - 1
    share = 100 * 10 ** -_decades(norm)
    return Result(
        share,
        [
            (
                100.0,
                "let it pass every step unchanged",
                "Each step back multiplies by $W_h$ and by the slopes: what arrives is not what left.",
            ),
            (
                100 * growth(model.cell.W_h).radius ** k,
                "forgot the activation's slope",
                r"That is $\rho(W_h)^k$ alone: it leaves out the slopes $\varphi'$.",
            ),
            (
                100 / T,
                "divided where factors multiply",
                "The gradient is not spread evenly over the steps; it is multiplied at each one.",
            ),
            (share / 100, "mixed up share and per cent", "That is the ratio; the question asks for per cent."),
        ],
        rf"Of $\lVert dh_{{{T}}}\rVert$, {inline(share, 3)} % arrives at step 1, {k} steps back.",
    )


def lstm_share(T: int = 10, H: int = 8, forget_bias: float = 1.0, seed: int = 0) -> Result:
    """‖dc_1‖ as a percentage of ‖dc_T‖."""
    _, back = _random_run(_lstm(H, forget_bias, seed), T, seed)
    norm, k = norms(back)["c"], T - 1
    share = 100 * 10 ** -_decades(norm)
    return Result(
        share,
        [
            (
                100.0,
                "left the forget gate out of the path",
                r"The cell adds, but its direct path is still multiplied by $f_t$ at every step, and $f_t < 1$.",
            ),
            (
                100 * gate(forget_bias) ** k,
                "took one path for the whole derivative",
                r"That is the direct path alone, with $f = \sigma(b_f)$. Inputs move $f_t$, and $c_t$ also moves "
                "$h_t$, and by it all gates of the next step.",
            ),
            (
                100 * 0.25**k,
                "took the gate's slope for its value",
                r"That is the slope of a sigmoid; on the direct path stands the gate $f_t$ itself.",
            ),
            (share / 100, "mixed up share and per cent", "That is the ratio; the question asks for per cent."),
        ],
        rf"Of $\lVert dc_{{{T}}}\rVert$, {inline(share, 3)} % arrives at step 1, {k} steps back.",
    )


def steps_below(factor: float = 0.25, bound: float = 1e-6) -> Result:
    """Steps back until a gradient multiplied by the same factor at each is below a bound for the first time."""
    if not (0 < factor < 1 and 0 < bound < 1):
        raise ValueError(f"factor, bound: expected numbers between 0 and 1, got {factor!r} and {bound!r}.")
    # One step more than the logarithm asks for, so that equality at the bound is decided by the run.
    T = math.ceil(math.log(bound) / math.log(factor)) + 2
    model = rnn_model(0.0, factor, activation="identity")
    trace = network.run(model, np.zeros((T, 1, 1)), [[1.0]])
    fall = running_product(jacobians(model, trace)).largest[::-1]
    k = int(np.argmax(fall < math.log10(bound) * (1 + 1e-12)))
    linear = round((1 - bound) / (1 - factor))
    return Result(
        float(k),
        [
            (
                float(k - 1),
                "rounded to the wrong side",
                "One step short: count the first power that is below the bound.",
            ),
            (
                float(round(math.log(1 / bound))),
                "took a logarithm to another base",
                "That is the logarithm of the bound alone; divide by the factor's.",
            ),
            (
                float(round(-math.log10(bound))),
                "took a logarithm to another base",
                "That is the bound's power of ten, as if each step divided by ten.",
            ),
            (
                float(linear),
                "took off a fixed amount per step",
                r"The factor is multiplied in at every step; $1-f$ is not taken away each time.",
            ),
        ],
        rf"${shown(factor)}^{{{k}}} = {shown(factor**k, 3)}$ is the first power below ${shown(bound)}$.",
    )


def steps_to_overflow(factor: float = 2.0) -> Result:
    """Steps back after which a gradient of 1, multiplied by the same factor at each, passes the largest float64."""
    if not 1 < factor <= 1e6:
        raise ValueError(f"factor: expected a number above 1, up to 1e6, got {factor!r}.")
    limit = math.log10(np.finfo(np.float64).max)
    k = math.ceil(limit / math.log10(factor))
    single = math.ceil(math.log10(np.finfo(np.float32).max) / math.log10(factor))
    return Result(
        float(k),
        [
            (
                float(single),
                "misjudged the range of floating point",
                "That is where float32 ends, at about $3.4 \\cdot 10^{38}$.",
            ),
            (
                float(math.ceil(limit)),
                "took a logarithm to another base",
                "That is the power of ten; it would need a factor of 10 at each step.",
            ),
            (
                64.0,
                "misjudged the range of floating point",
                "A float64 has 64 bits, 11 of them for the exponent: it reaches $1.8 \\cdot 10^{308}$.",
            ),
            (
                100.0,
                "misjudged the range of floating point",
                rf"$({shown(factor)})^{{100}}$ is large, but still a number.",
            ),
        ],
        rf"${shown(factor)}^{{{k}}}$ is the first above $1.8 \cdot 10^{{308}}$; after it come infinities and NaN.",
    )


def direct_path(forget_bias: float = 1.0, k: int = 20) -> Result:
    """Share of a cell's gradient left after k steps of the direct path, inputs silent: σ(b_f)^k."""
    f = gate(forget_bias)
    _, trace = held_gates(0.5, f, 0.5, 0.5, T=k)
    left = float(np.prod(trace.f))
    return Result(
        left,
        [
            (
                1.0,
                "left the forget gate out of the path",
                r"The addition passes the gradient on whole, but the way to $c_{t-1}$ is multiplied by $f_t$.",
            ),
            (f, "took one step for all of them", f"That is one step; the gradient crosses {k}."),
            (
                0.25**k,
                "took the gate's slope for its value",
                r"That is the slope of a sigmoid; on the direct path stands the gate itself.",
            ),
            (
                max(0.0, 1 - k * (1 - f)),
                "took off a fixed amount per step",
                r"The gate multiplies at every step; $1-f$ is not taken away each time.",
            ),
            (f / k, "divided where factors multiply", "Multiply the gate in at each step; do not divide by the steps."),
        ],
        rf"$\sigma({shown(forget_bias)}) = {shown(f)}$, and $\sigma({shown(forget_bias)})^{{{k}}} = {shown(left, 3)}$.",
    )


def memory_horizon(forget_bias: float = 1.0) -> Result:
    """Steps until the direct path has lost all but 1/e, inputs silent: -1/ln σ(b_f)."""
    f = gate(forget_bias)
    steps_ = constant_gate_horizon(f)
    return Result(
        steps_,
        [
            (
                steps_ * math.log(2),
                "took another measure of memory",
                r"That is the half-life; the horizon is where $1/e$ is left.",
            ),
            (1 / f, "took another measure of memory", r"$1/f$ is no number of steps: solve $f^k = 1/e$."),
            (
                -1 / math.log10(f),
                "took another measure of memory",
                r"That takes the logarithm to base ten, so where a tenth is left.",
            ),
            (
                math.exp(forget_bias),
                "mixed up exact value and estimate",
                r"$e^{b}$ is what the horizon comes near to for large biases, half a step too short.",
            ),
        ],
        rf"$f = \sigma({shown(forget_bias)}) = {shown(f)}$, so $-1/\ln f = {shown(steps_, 3)}$ steps.",
    )


def truncation_lost(T: int = 12, window: int = 4, H: int = 8, gain: float = 1.0, seed: int = 0) -> Result:
    """Percentage of ‖∂L/∂W_h‖ that truncated BPTT with a window of k steps loses, ‖G - G_k‖/‖G‖."""
    if not 1 <= window <= T:
        raise ValueError(f"window: expected 1 to T = {T}, got {window}.")
    model = _rnn(H, "tanh", "uniform", gain, seed)
    trace, back = _random_run(model, T, seed)
    cut = truncation(model, trace, back, backprop_each(model, trace, back))
    lost = 100 * float(cut.relative["W_h"][window - 1])
    return Result(
        lost,
        [
            (
                100 * (T - window) / T,
                "divided where factors multiply",
                "The steps do not contribute equally: the late ones carry most of the gradient.",
            ),
            (
                100 - lost,
                "took what is lost for what is left",
                "That is what the lengths would leave; the question asks for what is lost.",
            ),
            (100 * window / T, "took what is lost for what is left", "That is the share of the steps that are kept."),
            (
                100.0,
                "took what is lost for what is left",
                "The last steps are kept, and they carry part of the gradient.",
            ),
        ],
        f"With a window of {window} of {T} steps, {inline(lost, 3)} % of the gradient of $W_h$ is lost.",
    )


def largest_singular_value(
    w11: float = 0.5, w12: float = 0.0, w21: float = 0.0, w22: float = 0.5, h1: float = 0.0, h2: float = 0.0
) -> Result:
    """Largest singular value of one step's Jacobian of a tanh RNN whose new state is (h1, h2)."""
    if not (abs(h1) < 1 and abs(h2) < 1):
        raise ValueError(f"h1, h2: expected states of tanh between -1 and 1, got {h1!r}, {h2!r}.")
    W_h = [[w11, w12], [w21, w22]]
    model = rnn_model([[0.0, 0.0]], W_h, [math.atanh(h1), math.atanh(h2)])
    trace = network.run(model, steps([0.0]), [[1.0]])
    J = jacobians(model, trace).J
    sigma, size, radius = float(singular_values(J)[0, 0]), growth(model.cell.W_h), growth(J[0]).radius
    return Result(
        sigma,
        [
            (
                size.sigma_max,
                "forgot the activation's slope",
                r"That is $\sigma_{\max}(W_h)$: the Jacobian also has the slopes $1 - h_t^2$.",
            ),
            (
                radius,
                "mixed up spectral radius and singular value",
                "That is the spectral radius of the Jacobian, which the largest singular value never falls below.",
            ),
            (size.radius, "forgot the activation's slope", "That is the spectral radius of $W_h$, without slopes."),
            (
                float(np.linalg.norm(J)),
                "took another number of the matrix",
                "That is the Frobenius norm, over all singular values together.",
            ),
        ],
        rf"$\sigma_{{\max}}(\operatorname{{diag}}(1-h_t^2)\, W_h^\top) = {shown(sigma, 4)}$.",
    )
