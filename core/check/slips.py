"""The usual slips of a hand-written backward pass, each as the equations that it replaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from core.activations import sigmoid
from core.check.passes import BACKWARD, WEIGHTS, Equation, order
from core.lstm import GATES, block
from core.params import Array

__all__ = ["Slip", "reordered", "slips"]


@dataclass(frozen=True, eq=False)
class Slip:
    """One way to be wrong.

    Attributes:
        id: Its name in tests and links.
        at: The quantity whose equation is wrong; of several the first in the order of computing.
        words: What was done, to follow “you ”.
        yours: The line as it acts, in Python.
        mended: The line as it should be.
        replaced: The wrong equations by quantity.
        target: Where gate blocks are in a wrong order: what stands where i, f, o, g should.
    """

    id: str
    at: str
    words: str
    yours: str
    mended: str
    replaced: Mapping[str, Equation]
    target: tuple[str, ...] = ()

    def said(self, blocks: tuple[str, ...] = GATES) -> str:
        """What was done; `blocks` is the order in which the learner's weights have their gates."""
        if not self.target:
            return self.words
        taken = [self.target[GATES.index(gate)] for gate in blocks]
        return f"{self.words} {', '.join(taken)}; the weights have {', '.join(blocks)}"


def slips(kind: str, activation: str = "tanh") -> tuple[Slip, ...]:
    """All known slips of a cell, in the order of computing.

    Args:
        kind: "rnn" or "lstm".
        activation: φ of the RNN: some slips belong to one alone.
    """
    own = _lstm() if kind == "lstm" else _rnn(activation)
    places = order(kind)
    return tuple(sorted([*own, *_sums(kind)], key=lambda slip: places.index(slip.at)))


def reordered(array: Array, source: tuple[str, ...], target: tuple[str, ...] = GATES) -> Array:
    """Gate blocks along the last axis, from one order into another."""
    blocks = np.split(array, 4, axis=-1)
    return np.concatenate([blocks[source.index(gate)] for gate in target], axis=-1)


def _one(id: str, at: str, words: str, yours: str, mended: str, equation: Equation) -> Slip:  # noqa: A002
    return Slip(id, at, words, yours, mended, {at: equation})


def _rnn(activation: str) -> Iterator[Slip]:
    line = "a = x[t] @ W_x + h[t] @ W_h + b"
    yield from _biases(line)
    yield _one("forward-transposed", "a", "used W_h for its transpose in the forward pass", "h[t] @ W_h.T", line,
               lambda s: s.x @ s.W_x + s.h_prev @ s.W_h.T + s.b)  # fmt: skip
    yield from _upstream(kind="rnn")
    mended = "da = dh * (1 - h[t + 1]**2)"
    right = {"tanh": mended, "sigmoid": "da = dh * h[t + 1] * (1 - h[t + 1])", "relu": "da = dh * (a[t] > 0)"}
    mended = right.get(activation, "da = dh")
    if activation != "identity":
        yield _one("no-slope", "da", f"forgot the slope of {activation}", "da = dh", mended, lambda s: s.dh)
    if activation == "tanh":
        tanh_slips: tuple[tuple[str, str, str, Equation], ...] = (
            ("slope-of-state", "took tanh twice: 1 − tanh²(h_t) for 1 − h_t²", "1 - np.tanh(h[t + 1])**2",
             lambda s: s.dh * (1 - np.tanh(s.h) ** 2)),
            ("slope-before", "took the slope at h_{t−1} for h_t", "1 - h[t]**2", lambda s: s.dh * (1 - s.h_prev**2)),
            ("slope-of-a", "took the square of a_t for that of h_t in the slope", "1 - a[t]**2",
             lambda s: s.dh * (1 - s.a**2)),
            ("slope-not-squared", "left out the square in the slope of tanh", "1 - h[t + 1]",
             lambda s: s.dh * (1 - s.h)),
            ("slope-sigmoid", "took the slope of a sigmoid for that of tanh", "h[t + 1] * (1 - h[t + 1])",
             lambda s: s.dh * s.h * (1 - s.h)),
        )  # fmt: skip
        for id_, words, yours, equation in tanh_slips:
            yield _one(id_, "da", words, f"da = dh * ({yours})", mended, equation)
    if activation == "relu":
        yield _one("relu-at-zero", "da", "took the slope of ReLU at 0 as 1", "da = dh * (a[t] >= 0)", mended,
                   lambda s: s.dh * (s.a >= 0))  # fmt: skip
    mended = "dh_next = da @ W_h.T"
    yield _one("transpose", "dh_next", "used W_h for its transpose on the way back", "dh_next = da @ W_h", mended,
               lambda s: s.da @ s.W_h)  # fmt: skip
    yield _one("back-from-dh", "dh_next", "sent ∂L/∂h back for ∂L/∂a, past the activation", "dh_next = dh @ W_h.T",
               mended, lambda s: s.dh @ s.W_h.T)  # fmt: skip


def _biases(line: str) -> Iterator[Slip]:
    yield _one("bias-twice", "a", "added the bias twice in the forward pass", line + " + b", line,
               lambda s: s.x @ s.W_x + s.h_prev @ s.W_h + 2 * s.b)  # fmt: skip
    yield _one("no-bias", "a", "left the bias out of the forward pass", line.removesuffix(" + b"), line,
               lambda s: s.x @ s.W_x + s.h_prev @ s.W_h)  # fmt: skip


def _upstream(kind: str) -> Iterator[Slip]:
    right = "dh = dh_out[t] + dh_next"
    yield _one("no-future", "dh", "left the future out of ∂L/∂h_t", "dh = dh_out[t]", right, lambda s: s.own)
    yield _one("no-own", "dh", "counted the loss of the last step only", "dh = dh_next", right,
               lambda s: s.own + s.dh_next if s.t == s.T else s.dh_next)  # fmt: skip
    yield _one("own-before", "dh", "added the loss of the step before", "dh = dh_out[t - 1] + dh_next", right,
               lambda s: s.own_prev + s.dh_next)  # fmt: skip
    yield _one("own-after", "dh", "added the loss of the step after", "dh = dh_out[t + 1] + dh_next", right,
               lambda s: s.own_next + s.dh_next)  # fmt: skip
    yield _one("future-minus", "dh", "took the future away where it is added", "dh = dh_out[t] - dh_next", right,
               lambda s: s.own - s.dh_next)  # fmt: skip
    yield _one("loss-doubled", "dh", "doubled the gradient of the loss", "dh = 2 * dh_out[t] + dh_next", right,
               lambda s: 2 * s.own + s.dh_next)  # fmt: skip
    yield _one("loss-halved", "dh", "halved the gradient of the loss", "dh = dh_out[t] / 2 + dh_next", right,
               lambda s: s.own / 2 + s.dh_next)  # fmt: skip
    yield _one("loss-minus", "dh", "turned the sign of the loss's gradient", "dh = -dh_out[t] + dh_next", right,
               lambda s: -s.own + s.dh_next)  # fmt: skip
    yield _one("batch-mean-early", "dh", "divided the loss's gradient by the number of sequences once more",
               "dh = dh_out[t] / B + dh_next", right, lambda s: s.own / s.B + s.dh_next)  # fmt: skip
    if kind == "lstm":
        zero: Mapping[str, Equation] = {"dh": lambda s: s.own, "dc": lambda s: s.dh * s.o * (1 - s.tanh_c**2)}
        yield Slip("detached", "dh", "detached the state: neither ∂L/∂h nor ∂L/∂c comes from the step after",
                   "dh = dh_out[t]; dc = dh * o * (1 - tanh_c**2)", right, zero)  # fmt: skip


def _lstm() -> Iterator[Slip]:
    yield from _biases("a = x[t] @ W_x + h[t] @ W_h + b")
    yield _one("candidate-sigmoid", "g", "put the candidate through σ for tanh", "g = sigmoid(a_g)",
               "g = np.tanh(a_g)", lambda s: sigmoid(block(s.a, "g")))  # fmt: skip
    yield _one("input-forget-swapped", "c", "swapped input and forget gate in c_t", "c = i * c_prev + f * g",
               "c = f * c_prev + i * g", lambda s: s.i * s.c_prev + s.f * s.g)  # fmt: skip
    yield _one("no-tanh-c", "h", "left out the tanh of c_t in h_t", "h = o * c", "h = o * np.tanh(c)",
               lambda s: s.o * s.c)  # fmt: skip
    for target in permutations(GATES):
        if target != GATES:
            yield _order(target)
    yield from _upstream(kind="lstm")
    yield from _cell()
    yield from _gates()
    right = "dh_next = da @ W_h.T"
    yield _one("transpose", "dh_next", "used each gate's W_h for its transpose on the way back",
               "dh_next = da_i @ W_hi + da_f @ W_hf + …", right,
               lambda s: _over(GATES, lambda k: block(s.da, k) @ block(s.W_h, k)))  # fmt: skip
    for gate in GATES:
        yield _one(f"no-{gate}-back", "dh_next", f"left gate {gate} out of what goes back to h_{{t−1}}",
                   f"dh_next = …, without da_{gate} @ W_h{gate}.T", right,
                   _without(gate))  # fmt: skip
    right = "dc_next = dc * f"
    ways: tuple[tuple[str, str, str, Equation], ...] = (
        ("no-forget-back", "left the forget gate out of the way back along c", "dc", lambda s: s.dc),
        ("forget-after", "took f_{t+1} for f_t on the way back along c", "dc * f[t + 1]", lambda s: s.dc * s.f_next),
        ("forget-before", "took f_{t−1} for f_t on the way back along c", "dc * f[t - 1]", lambda s: s.dc * s.f_prev),
        ("input-back", "took the input gate for the forget gate on the way back along c", "dc * i",
         lambda s: s.dc * s.i),
    )  # fmt: skip
    for id_, words, yours, equation in ways:
        yield _one(id_, "dc_next", words, f"dc_next = {yours}", right, equation)


def _over(gates: Iterable[str], share: Callable[[str], Array]) -> Array:
    total: Array = np.sum([share(gate) for gate in gates], axis=0)
    return total


def _without(gate: str) -> Equation:
    left = [k for k in GATES if k != gate]
    return lambda s: _over(left, lambda k: block(s.da, k) @ block(s.W_h, k).T)


def _order(target: tuple[str, ...]) -> Slip:
    """Gate blocks read, and written on the way back, in another order than the weights have."""
    roles = {gate: GATES[target.index(gate)] for gate in GATES}  # whose block he takes for it
    equations: dict[str, Equation] = {k: _read_at(roles[k], np.tanh if k == "g" else sigmoid) for k in GATES}
    equations["da"] = _moved(BACKWARD["lstm"]["da"], target)
    yours = f"a_{', a_'.join(target)} = np.split(a, 4, axis=-1)"
    mended = "a_i, a_f, a_o, a_g = np.split(a, 4, axis=-1)"
    return Slip("forward-" + "".join(target), "i", "read the gate blocks as", yours, mended, equations, target)


def _read_at(gate: str, phi: Callable[[Array], Array]) -> Equation:
    return lambda s: phi(block(s.a, gate))


def _cell() -> Iterator[Slip]:
    right = "dc = dc_next + dh * o * (1 - np.tanh(c)**2)"
    ways: tuple[tuple[str, str, str, Equation], ...] = (
        ("no-direct-path", "left the direct path, ∂L/∂c_{t+1} ⊙ f_{t+1}, out of ∂L/∂c_t",
         "dh * o * (1 - np.tanh(c)**2)", lambda s: s.dh * s.o * (1 - s.tanh_c**2)),
        ("no-output-gate", "left the output gate out of ∂L/∂c_t", "dc_next + dh * (1 - np.tanh(c)**2)",
         lambda s: s.dc_next + s.dh * (1 - s.tanh_c**2)),
        ("no-tanh-c-slope", "forgot the slope of tanh(c_t) in ∂L/∂c_t", "dc_next + dh * o",
         lambda s: s.dc_next + s.dh * s.o),
        ("no-way-by-h", "left o and the slope of tanh(c_t) out of ∂L/∂c_t", "dc_next + dh",
         lambda s: s.dc_next + s.dh),
        ("c-squared", "took 1 − c_t² for 1 − tanh²(c_t)", "dc_next + dh * o * (1 - c**2)",
         lambda s: s.dc_next + s.dh * s.o * (1 - s.c**2)),
        ("tanh-c-twice", "took tanh twice: 1 − tanh²(tanh c_t) for 1 − tanh²(c_t)",
         "dc_next + dh * o * (1 - np.tanh(tanh_c)**2)",
         lambda s: s.dc_next + s.dh * s.o * (1 - np.tanh(s.tanh_c) ** 2)),
        ("h-squared", "took 1 − h_t² for 1 − tanh²(c_t)", "dc_next + dh * o * (1 - h**2)",
         lambda s: s.dc_next + s.dh * s.o * (1 - s.h**2)),
    )  # fmt: skip
    for id_, words, yours, equation in ways:
        yield _one(id_, "dc", words, f"dc = {yours}", right, equation)


def _gates() -> Iterator[Slip]:
    lines = {"i": "dc * g * i * (1 - i)", "f": "dc * c[t] * f * (1 - f)", "o": "dh * np.tanh(c) * o * (1 - o)",
             "g": "dc * i * (1 - g**2)"}  # fmt: skip
    up: Mapping[str, Equation] = {"i": lambda s: s.dc * s.g, "f": lambda s: s.dc * s.c_prev,
                                  "o": lambda s: s.dh * s.tanh_c, "g": lambda s: s.dc * s.i}  # fmt: skip

    def of(id_: str, gate: str, words: str, yours: str, equation: Equation) -> Slip:
        at = f"da_{gate}"
        return _one(id_, at, words, f"{at} = {yours}", f"{at} = {lines[gate]}", equation)

    for k in GATES:
        yours = lines[k].rsplit(" * (" if k == "g" else f" * {k} *")[0]
        yield of(f"no-slope-{k}", k, f"forgot the slope at gate {k}", yours, up[k])
    every: Mapping[str, Equation] = {f"da_{k}": up[k] for k in "ifo"}
    yield Slip("no-slope-sigmoid", "da_i", "forgot the slope of σ at all three gates", "da_i = dc * g",
               f"da_i = {lines['i']}", every)  # fmt: skip
    twice = {f"da_{k}": _sigmoid_twice(up[k], k) for k in "ifo"}
    yield Slip("sigmoid-twice", "da_i", "took σ twice: the slope at σ(i_t) for that at i_t",
               "da_i = dc * g * sigmoid(i) * (1 - sigmoid(i))", f"da_i = {lines['i']}", twice)  # fmt: skip
    yield of("c-for-c-prev", "f", "took c_t for c_{t−1} at the forget gate", "dc * c[t + 1] * f * (1 - f)",
             lambda s: s.dc * s.c * s.f * (1 - s.f))  # fmt: skip
    yield of("no-c-prev", "f", "left c_{t−1} out at the forget gate", "dc * f * (1 - f)",
             lambda s: s.dc * s.f * (1 - s.f))  # fmt: skip
    yield of("no-candidate", "i", "left the candidate out at the input gate", "dc * i * (1 - i)",
             lambda s: s.dc * s.i * (1 - s.i))  # fmt: skip
    yield of("output-from-dc", "o", "took ∂L/∂c_t for ∂L/∂h_t at the output gate", "dc * np.tanh(c) * o * (1 - o)",
             lambda s: s.dc * s.tanh_c * s.o * (1 - s.o))  # fmt: skip
    yield of("output-c", "o", "took c_t for tanh(c_t) at the output gate", "dh * c * o * (1 - o)",
             lambda s: s.dh * s.c * s.o * (1 - s.o))  # fmt: skip
    yield of("output-h", "o", "took h_t for tanh(c_t) at the output gate", "dh * h * o * (1 - o)",
             lambda s: s.dh * s.h * s.o * (1 - s.o))  # fmt: skip
    yield of("tanh-g-twice", "g", "took tanh twice: 1 − tanh²(g_t) for 1 − g_t²", "dc * i * (1 - np.tanh(g)**2)",
             lambda s: s.dc * s.i * (1 - np.tanh(s.g) ** 2))  # fmt: skip
    yield of("g-not-squared", "g", "left out the square in the candidate's slope", "dc * i * (1 - g)",
             lambda s: s.dc * s.i * (1 - s.g))  # fmt: skip
    yield of("g-sigmoid", "g", "took the slope of σ for that of tanh at the candidate", "dc * i * g * (1 - g)",
             lambda s: s.dc * s.i * s.g * (1 - s.g))  # fmt: skip
    yield of("candidate-without-i", "g", "left the input gate out at the candidate", "dc * (1 - g**2)",
             lambda s: s.dc * (1 - s.g**2))  # fmt: skip
    right = BACKWARD["lstm"]
    for one, other in (("f", "g"), ("i", "f"), ("i", "o"), ("f", "o"), ("i", "g"), ("o", "g")):
        swapped = {f"da_{one}": right[f"da_{other}"], f"da_{other}": right[f"da_{one}"]}
        yield Slip(f"swapped-{one}{other}", f"da_{one}", f"swapped the gradients of gates {one} and {other}",
                   f"da_{one}, da_{other} = da_{other}, da_{one}", f"da_{one} = {lines[one]}", swapped)  # fmt: skip


def _sigmoid_twice(up: Equation, gate: str) -> Equation:
    def equation(s: Any) -> Array:
        again = sigmoid(getattr(s, gate))
        found: Array = up(s) * again * (1 - again)
        return found

    return equation


def _sums(kind: str) -> Iterator[Slip]:
    right = BACKWARD[kind]
    lines = {"dW_x": "dW_x += x[t].T @ da", "dW_h": "dW_h += h[t].T @ da", "db": "db += da.sum(axis=0)"}
    words = {"dW_x": "∂L/∂W_x", "dW_h": "∂L/∂W_h", "db": "∂L/∂b"}
    added = {name: lines[name].split("+= ")[1] for name in lines}

    def scaled(name: str, factor: Callable[[Any], float]) -> Equation:
        return lambda s: right[name](s) * factor(s)

    ways: tuple[tuple[str, str, str, Callable[[Any], float]], ...] = (
        ("mean-steps", "took the mean over the steps for the sum in", "{name} += ({added}) / T", lambda s: 1 / s.T),
        ("mean-batch", "divided by the number of sequences once more in", "{name} += ({added}) / B",
         lambda s: 1 / s.B),
        ("mean-both", "took the mean over steps and sequences for the sum in", "{name} += ({added}) / (T * B)",
         lambda s: 1 / (s.T * s.B)),
        ("last-step", "counted the last step alone in", "{name} = {added}, at t = T alone", lambda s: s.t == s.T),
        ("assigned", "overwrote where steps add up (= for +=) in", "{name} = {added}", lambda s: s.t == 1),
        ("first-left-out", "left the first step out of", "{name} += {added}, from t = 2", lambda s: s.t > 1),
        ("minus", "turned the sign of", "{name} -= {added}", lambda _: -1),
        ("doubled", "counted twice what adds up in", "{name} += 2 * ({added})", lambda _: 2),
    )  # fmt: skip
    for id_, said, yours, factor in ways:
        for name in WEIGHTS:
            yield _one(f"{id_}-{name}", name, f"{said} {words[name]}",
                       yours.format(name=name, added=added[name]), lines[name], scaled(name, factor))  # fmt: skip
        every = {name: scaled(name, factor) for name in WEIGHTS}
        yield Slip(id_, "dW_x", f"{said} all three weights’ gradients", yours.format(name="dW_x", added=added["dW_x"]),
                   lines["dW_x"], every)  # fmt: skip
    yield _one("h-for-h-prev", "dW_h", "used h_t where h_{t−1} belongs, in ∂L/∂W_h", "dW_h += h[t + 1].T @ da",
               lines["dW_h"], lambda s: s.h.T @ s.da)  # fmt: skip
    yield _one("x-before", "dW_x", "used x_{t−1} where x_t belongs, in ∂L/∂W_x", "dW_x += x[t - 1].T @ da",
               lines["dW_x"], lambda s: s.x_prev.T @ s.da)  # fmt: skip
    yield _one("x-after", "dW_x", "used x_{t+1} where x_t belongs, in ∂L/∂W_x", "dW_x += x[t + 1].T @ da",
               lines["dW_x"], lambda s: s.x_next.T @ s.da)  # fmt: skip
    yield _one("dh-for-da", "dW_h", "used ∂L/∂h_t where ∂L/∂a_t belongs, in ∂L/∂W_h", "dW_h += h[t].T @ dh",
               lines["dW_h"], lambda s: s.h_prev.T @ (np.tile(s.dh, 4) if kind == "lstm" else s.dh))  # fmt: skip
    if kind == "rnn":
        yield _one("dW-h-transposed", "dW_h", "transposed ∂L/∂W_h", "dW_h += da.T @ h[t]", lines["dW_h"],
                   lambda s: s.da.T @ s.h_prev)  # fmt: skip
        return
    yield _one("dW-h-transposed", "dW_h", "transposed each gate's block of ∂L/∂W_h", "dW_hi += da_i.T @ h[t]; …",
               lines["dW_h"],
               lambda s: np.concatenate([block(s.da, k).T @ s.h_prev for k in GATES], axis=-1))  # fmt: skip
    for target in permutations(GATES):
        if target != GATES:
            lines_ = (f"da = np.concatenate([da_{', da_'.join(target)}], axis=-1)",
                      "da = np.concatenate([da_i, da_f, da_o, da_g], axis=-1)")  # fmt: skip
            id_ = "".join(target)
            yield Slip(f"joined-{id_}", "da", "joined the gates’ ∂L/∂a in the order", *lines_,
                       {"da": _moved(right["da"], target)}, target)  # fmt: skip
            moved = {name: _moved(right[name], target) for name in WEIGHTS}
            yield Slip(f"blocks-{id_}", "dW_x", "put the gate blocks of the weights’ gradients in the order", *lines_,
                       moved, target)  # fmt: skip


def _moved(equation: Equation, target: tuple[str, ...]) -> Equation:
    return lambda s: reordered(equation(s), GATES, target)
