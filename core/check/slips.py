"""The usual slips of a hand-written backward pass, each as the equations that it replaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import numpy as np

from core.check.passes import BACKWARD, BLOCKS, WEIGHTS, Equation, order, split
from core.check.slip import Slip, biases, moved, one, sent, upstream
from core.check.slips_gru import gru_slips
from core.check.slips_lstm import lstm_slips
from core.params import Array

__all__ = ["slips"]


def slips(kind: str, activation: str = "tanh") -> tuple[Slip, ...]:
    """All known slips of a cell, in the order of computing.

    Args:
        kind: "rnn", "lstm", "gru", or "gru_before", whose reset comes before the product.
        activation: φ of the RNN: some slips belong to one alone.
    """
    own = lstm_slips() if kind == "lstm" else _rnn(activation) if kind == "rnn" else gru_slips(kind)
    places = order(kind)
    return tuple(sorted([*own, *_sums(kind)], key=lambda slip: places.index(slip.at)))


def _rnn(activation: str) -> Iterator[Slip]:
    line = "a = x[t] @ W_x + h[t] @ W_h + b"
    yield from biases(line)
    yield one("forward-transposed", "a", "used W_h for its transpose in the forward pass", "h[t] @ W_h.T", line,
              lambda s: s.x @ s.W_x + s.h_prev @ s.W_h.T + s.b)  # fmt: skip
    if activation != "identity":
        yield one("no-activation", "h", f"left {activation} out of the forward pass", "h[t + 1] = a",
                  f"h[t + 1] = {activation}(a)",
                  lambda s: s.a)  # fmt: skip
    yield from upstream(kind="rnn")
    mended = "da = dh * (1 - h[t + 1]**2)"
    right = {"tanh": mended, "sigmoid": "da = dh * h[t + 1] * (1 - h[t + 1])", "relu": "da = dh * (a[t] > 0)"}
    mended = right.get(activation, "da = dh")
    if activation != "identity":
        yield one("no-slope", "da", f"forgot the slope of {activation}", "da = dh", mended, lambda s: s.dh)
    if activation == "tanh":
        tanh_slips: tuple[tuple[str, str, str, Equation], ...] = (
            ("slope-of-state", "took tanh twice: 1 − tanh²(h_t) for 1 − h_t²", "1 - np.tanh(h[t + 1])**2",
             lambda s: s.dh * (1 - np.tanh(s.h) ** 2)),
            ("slope-before", "took the slope at h_{t−1} for h_t", "1 - h[t]**2", lambda s: s.dh * (1 - s.h_prev**2)),
            ("slope-of-a", "took the square of a_t for that of h_t in the slope", "1 - a[t]**2",
             lambda s: s.dh * (1 - s.a**2)),
            ("slope-not-squared", "left out the square in the slope of tanh", "1 - h[t + 1]",
             lambda s: s.dh * (1 - s.h)),
            ("slope-of-one", "left out the 1 in the slope of tanh: h_t² for 1 − h_t²", "h[t + 1]**2",
             lambda s: s.dh * s.h**2),
            ("slope-tanh-h", "took 1 − tanh(h_t) for 1 − h_t²", "1 - np.tanh(h[t + 1])",
             lambda s: s.dh * (1 - np.tanh(s.h))),
            ("slope-added", "took 1 + h_t² for 1 − h_t²", "1 + h[t + 1]**2", lambda s: s.dh * (1 + s.h**2)),
            ("slope-sigmoid", "took the slope of a sigmoid for that of tanh", "h[t + 1] * (1 - h[t + 1])",
             lambda s: s.dh * s.h * (1 - s.h)),
        )  # fmt: skip
        for id_, words, yours, equation in tanh_slips:
            yield one(id_, "da", words, f"da = dh * ({yours})", mended, equation)
    if activation == "relu":
        yield one("relu-at-zero", "da", "took the slope of ReLU at 0 as 1", "da = dh * (a[t] >= 0)", mended,
                   lambda s: s.dh * (s.a >= 0))  # fmt: skip
    mended = "dh_next = da @ W_h.T"
    yield one("transpose", "dh_next", "used W_h for its transpose on the way back", "dh_next = da @ W_h", mended,
              lambda s: s.da @ s.W_h)  # fmt: skip
    yield one("no-product", "dh_next", "left W_h out of what goes back to h_{t−1}", "dh_next = da", mended,
              lambda s: s.da)  # fmt: skip
    yield from sent("da @ W_h.T", BACKWARD["rnn"]["dh_next"], mended)
    yield one("back-from-dh", "dh_next", "sent ∂L/∂h back for ∂L/∂a, past the activation", "dh_next = dh @ W_h.T",
              mended, lambda s: s.dh @ s.W_h.T)  # fmt: skip


def _sums(kind: str) -> Iterator[Slip]:
    right = BACKWARD[kind]
    lines = {
        "dW_x": "dW_x += x[t].T @ da",
        "dW_h": "dW_h += h[t].T @ da",
        "db": "db += da.sum(axis=0)",
        "db_u": "db_u += da_u.sum(axis=0)",
    }
    words = {"dW_x": "∂L/∂W_x", "dW_h": "∂L/∂W_h", "db": "∂L/∂b", "db_u": "∂L/∂b_u"}
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
    count = "four" if kind == "gru" else "three"
    for id_, said, yours, factor in ways:
        for name in WEIGHTS:
            if name not in right:
                continue
            yield one(f"{id_}-{name}", name, f"{said} {words[name]}",
                       yours.format(name=name, added=added[name]), lines[name], scaled(name, factor))  # fmt: skip
        every = {name: scaled(name, factor) for name in WEIGHTS if name in right}
        yield Slip(id_, "dW_x", f"{said} all {count} weights’ gradients",
                   yours.format(name="dW_x", added=added["dW_x"]),
                   lines["dW_x"], every)  # fmt: skip
    yield one("h-for-h-prev", "dW_h", "used h_t where h_{t−1} belongs, in ∂L/∂W_h", "dW_h += h[t + 1].T @ da",
              lines["dW_h"], lambda s: s.h.T @ s.da)  # fmt: skip
    yield one("x-before", "dW_x", "used x_{t−1} where x_t belongs, in ∂L/∂W_x", "dW_x += x[t - 1].T @ da",
              lines["dW_x"], lambda s: s.x_prev.T @ s.da)  # fmt: skip
    wraps = (("x-wraps", "dW_x", "x_{t−1} where x_t belongs, and at t = 1 the last input (index −1)", "x[t - 1].T @ da",
              lambda s: (s.x_last if s.t == 1 else s.x_prev).T @ s.da),
             ("h-wraps", "dW_h", "the last state for h_0 at t = 1 (index −1)", "h[t - 1].T @ da, h without its row h_0",
              lambda s: (s.h_last if s.t == 1 else s.h_prev).T @ s.da))  # fmt: skip
    for id_, name, said, yours, equation in wraps:
        yield one(id_, name, f"used {said}, in {words[name]}", f"{name} += {yours}", lines[name], equation)
    yield one("x-after", "dW_x", "used x_{t+1} where x_t belongs, in ∂L/∂W_x", "dW_x += x[t + 1].T @ da",
              lines["dW_x"], lambda s: s.x_next.T @ s.da)  # fmt: skip
    if kind in ("rnn", "lstm"):
        yield one("dh-for-da", "dW_h", "used ∂L/∂h_t where ∂L/∂a_t belongs, in ∂L/∂W_h", "dW_h += h[t].T @ dh",
                  lines["dW_h"], lambda s: s.h_prev.T @ np.tile(s.dh, len(BLOCKS[kind]) or 1))  # fmt: skip
    if kind == "rnn":
        yield one("dW-h-transposed", "dW_h", "transposed ∂L/∂W_h", "dW_h += da.T @ h[t]", lines["dW_h"],
                  lambda s: s.da.T @ s.h_prev)  # fmt: skip
        return
    usual = BLOCKS[kind]
    yield one("dW-h-transposed", "dW_h", "transposed each gate's block of ∂L/∂W_h",
              f"dW_h{usual[0]} += da_{usual[0]}.T @ h[t]; …", lines["dW_h"], _blocks_transposed(kind))  # fmt: skip
    for target in permutations(usual):
        if target == usual:
            continue
        lines_ = (f"da = np.concatenate([da_{', da_'.join(target)}], axis=-1)",
                  f"da = np.concatenate([da_{', da_'.join(usual)}], axis=-1)")  # fmt: skip
        id_ = "".join(target)
        if kind == "lstm":
            yield Slip(f"joined-{id_}", "da", "joined the gates’ ∂L/∂a in the order", *lines_,
                       {"da": moved(right["da"], target)}, target)  # fmt: skip
        blocks = {name: moved(right[name], target) for name in ("dW_x", "dW_h", "db")}
        yield Slip(f"blocks-{id_}", "dW_x", "put the gate blocks of the weights’ gradients in the order", *lines_,
                   blocks, target)  # fmt: skip


def _blocks_transposed(kind: str) -> Equation:
    def equation(s: Any) -> Array:
        whole = BACKWARD[kind]["dW_h"](s)
        return np.concatenate([split(kind, whole, gate).T for gate in BLOCKS[kind]], axis=-1)

    return equation
