"""The usual slips of a hand-written GRU, in either form: the reset after the product with W_hn, or before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core import gru
from core.activations import sigmoid
from core.check.passes import BACKWARD, FORWARD, Equation, from_x
from core.check.slip import Slip, one, sent, upstream
from core.params import Array

__all__ = ["gru_slips"]


def gru_slips(kind: str) -> Iterator[Slip]:
    """All of them but those in the sums over the steps, which all cells share."""
    yield from _forward(kind)
    yield from upstream(kind)
    yield from _deltas(kind)
    yield from _back(kind)


def _forward(kind: str) -> Iterator[Slip]:
    right = "h[t + 1] = (1 - z) * n + z * h[t]"
    other: Equation = lambda s: s.z * s.n + (1 - s.z) * s.h_prev  # noqa: E731
    back: Mapping[str, Equation] = {
        "da_n": lambda s: s.dh * s.z * (1 - s.n**2),
        "da_z": lambda s: s.dh * (s.n - s.h_prev) * s.z * (1 - s.z),
        "dh_next": lambda s: BACKWARD[kind]["dh_next"](s) - s.dh * s.z + s.dh * (1 - s.z),
    }
    yield Slip("z-exchanged", "h", "exchanged z and 1 − z, forward and back (the other convention)",
               "h[t + 1] = z * n + (1 - z) * h[t]", right, {"h": other, **back})  # fmt: skip
    yield one("z-exchanged-forward", "h", "exchanged z and 1 − z in the forward pass alone",
              "h[t + 1] = z * n + (1 - z) * h[t]", right, other)  # fmt: skip
    yield Slip("z-exchanged-back", "da_n", "exchanged z and 1 − z on the way back", "da_n = dh * z * (1 - n**2)",
               "da_n = dh * (1 - z) * (1 - n**2)", back)  # fmt: skip
    after, before = "n = np.tanh(x_n + r * (h[t] @ W_hn + b_u))", "n = np.tanh(x_n + (r * h[t]) @ W_hn)"
    lines = (before, after) if kind == "gru" else (after, before)
    words = "reset before the product with W_h, where it comes after" if kind == "gru" else (
        "reset after the product with W_h, where it comes before"
    )  # fmt: skip
    wrong = _reset_early if kind == "gru" else _reset_late
    yield Slip("reset-form", "n", words, *lines, {"n": wrong, **_form(kind)})
    yield one("reset-form-forward", "n", f"{words}, in the forward pass alone", *lines, wrong)
    yield one("no-reset", "n", "left the reset gate out of the candidate", "n = np.tanh(x_n + h[t] @ W_hn)", lines[1],
              lambda s: np.tanh(from_x(s, "n")
                                + (s.u if kind == "gru" else s.h_prev @ gru.block(s.W_h, "n"))))  # fmt: skip
    yield one("candidate-sigmoid", "n", "put the candidate through σ for tanh", "n = sigmoid(a_n)", "n = np.tanh(a_n)",
              lambda s: sigmoid(np.arctanh(np.clip(FORWARD[kind]["n"](s), -1 + 1e-15, 1 - 1e-15))))  # fmt: skip
    swapped: Mapping[str, Equation] = {"r": FORWARD[kind]["z"], "z": FORWARD[kind]["r"]}
    yield Slip("gates-swapped", "r", "swapped the reset and the update gate in the forward pass", "r, z = z, r",
               "r = sigmoid(a_r); z = sigmoid(a_z)", swapped)  # fmt: skip


def _reset_early(s: Any) -> Array:
    b_u = s.b[3 * s.h_prev.shape[1] :]
    return np.asarray(np.tanh(from_x(s, "n") + (s.r * s.h_prev) @ gru.block(s.W_h, "n") + b_u))


def _reset_late(s: Any) -> Array:
    return np.asarray(np.tanh(from_x(s, "n") + s.r * (s.h_prev @ gru.block(s.W_h, "n"))))


def _form(kind: str) -> Mapping[str, Equation]:
    """The way back of the other form, for a forward pass of that form."""
    names = ("da_u", "da_r", "dh_next", "dW_h")
    if kind == "gru_before":
        back = {name: BACKWARD["gru"][name] for name in names}
        return back | {"da_r": lambda s: s.da_n * (s.h_prev @ gru.block(s.W_h, "n")) * s.r * (1 - s.r)}
    back = {name: BACKWARD["gru_before"][name] for name in names}
    return back | {"db_u": lambda s: s.da_n.sum(axis=0)}


def _deltas(kind: str) -> Iterator[Slip]:
    lines = {
        "n": "da_n = dh * (1 - z) * (1 - n**2)",
        "z": "da_z = dh * (h[t] - n) * z * (1 - z)",
        "r": "da_r = da_n * u * r * (1 - r)" if kind == "gru" else "da_r = da_u * h[t] * r * (1 - r)",
        "u": "da_u = da_n * r" if kind == "gru" else "da_u = da_n @ W_hn.T",
    }
    to_r: Equation = (lambda s: s.da_n * s.u) if kind == "gru" else (lambda s: s.da_u * s.h_prev)
    ways: list[tuple[str, str, str, str, Equation]] = [
        ("no-slope-n", "n", "forgot the slope of tanh at the candidate", "dh * (1 - z)", lambda s: s.dh * (1 - s.z)),
        ("no-share-n", "n", "left 1 − z out at the candidate", "dh * (1 - n**2)", lambda s: s.dh * (1 - s.n**2)),
        ("z-for-share", "n", "took z for 1 − z at the candidate", "dh * z * (1 - n**2)",
         lambda s: s.dh * s.z * (1 - s.n**2)),
        ("tanh-n-twice", "n", "took tanh twice: 1 − tanh²(n_t) for 1 − n_t²", "dh * (1 - z) * (1 - np.tanh(n)**2)",
         lambda s: s.dh * (1 - s.z) * (1 - np.tanh(s.n) ** 2)),
        ("no-slope-z", "z", "forgot the slope of σ at the update gate", "dh * (h[t] - n)",
         lambda s: s.dh * (s.h_prev - s.n)),
        ("z-turned", "z", "turned the sign at the update gate: n − h_{t−1} for h_{t−1} − n",
         "dh * (n - h[t]) * z * (1 - z)",
         lambda s: s.dh * (s.n - s.h_prev) * s.z * (1 - s.z)),
        ("z-without-n", "z", "left the candidate out at the update gate", "dh * h[t] * z * (1 - z)",
         lambda s: s.dh * s.h_prev * s.z * (1 - s.z)),
        ("z-without-h", "z", "left h_{t−1} out at the update gate", "-dh * n * z * (1 - z)",
         lambda s: -s.dh * s.n * s.z * (1 - s.z)),
        ("z-new-state", "z", "took h_t for h_{t−1} at the update gate", "dh * (h[t + 1] - n) * z * (1 - z)",
         lambda s: s.dh * (s.h - s.n) * s.z * (1 - s.z)),
        ("no-slope-r", "r", "forgot the slope of σ at the reset gate",
         lines["r"][7:].removesuffix(" * r * (1 - r)"), to_r),
    ]  # fmt: skip
    if kind == "gru":
        ways += [
            ("h-for-u", "r", "took h_{t−1} for h_{t−1} W_h + b at the reset gate", "da_n * h[t] * r * (1 - r)",
             lambda s: s.da_n * s.h_prev * s.r * (1 - s.r)),
            ("no-reset-back", "u", "left the reset gate out of what goes back through W_h of the candidate", "da_n",
             lambda s: s.da_n),
        ]  # fmt: skip
    else:
        ways += [
            ("transpose-n", "u", "used W_h of the candidate for its transpose", "da_n @ W_hn",
             lambda s: s.da_n @ gru.block(s.W_h, "n")),
            ("reset-without-product", "r", "left W_h of the candidate out on the way to the reset gate",
             "da_n * h[t] * r * (1 - r)", lambda s: s.da_n * s.h_prev * s.r * (1 - s.r)),
        ]  # fmt: skip
    for id_, gate, words, yours, equation in ways:
        yield one(id_, f"da_{gate}", words, f"da_{gate} = {yours}", lines[gate], equation)


def _back(kind: str) -> Iterator[Slip]:
    right = BACKWARD[kind]["dh_next"]
    product = "[da_r, da_z, da_u] @ W_h.T" if kind == "gru" else "[da_r, da_z] @ W_h.T + da_u * r"
    line = f"dh_next = {product} + dh * z"
    yield one("no-direct-path", "dh_next", "left out what goes back past the gates, ∂L/∂h_t ⊙ z",
              f"dh_next = {product}", line, lambda s: right(s) - s.dh * s.z)  # fmt: skip
    yield one("direct-share", "dh_next", "took 1 − z for z in what goes back past the gates",
              f"dh_next = {product} + dh * (1 - z)", line, lambda s: right(s) + s.dh * (1 - 2 * s.z))  # fmt: skip
    yield one("no-gates-back", "dh_next", "left out what goes back through the gates", "dh_next = dh * z", line,
              lambda s: s.dh * s.z)  # fmt: skip
    for gate in "rz":
        yield one(f"no-{gate}-back", "dh_next", f"left gate {gate} out of what goes back to h_{{t−1}}",
                  f"dh_next = …, without da_{gate} @ W_h{gate}.T", line, _less(right, gate))  # fmt: skip
    yield one("no-n-back", "dh_next", "left the candidate out of what goes back to h_{t−1}",
              "dh_next = [da_r, da_z] @ W_h.T + dh * z", line,
              lambda s: s.da_r @ gru.block(s.W_h, "r").T + s.da_z @ gru.block(s.W_h, "z").T + s.dh * s.z)  # fmt: skip
    if kind == "gru":
        yield one("transpose", "dh_next", "used each gate's W_h for its transpose on the way back", "da_r @ W_hr + …",
                  line, lambda s: s.da_r @ gru.block(s.W_h, "r") + s.da_z @ gru.block(s.W_h, "z")
                  + s.da_u @ gru.block(s.W_h, "n") + s.dh * s.z)  # fmt: skip
        yield one("dW-without-reset", "dW_h", "left the reset gate out of ∂L/∂W_h of the candidate",
                  "dW_hn += h[t].T @ da_n", "dW_hn += h[t].T @ da_u", lambda s: s.h_prev.T @ s.da)  # fmt: skip
        yield one("db-without-reset", "db_u", "left the reset gate out of ∂L/∂b_u", "db_u += da_n.sum(axis=0)",
                  "db_u += da_u.sum(axis=0)", lambda s: s.da_n.sum(axis=0))  # fmt: skip
    else:
        yield one("no-reset-back", "dh_next", "left the reset gate out of what goes back through the candidate",
                  "… + da_u + dh * z", line, lambda s: right(s) + s.da_u * (1 - s.r))  # fmt: skip
        yield one("dW-without-reset", "dW_h", "left the reset gate out of ∂L/∂W_h of the candidate",
                  "dW_hn += h[t].T @ da_n", "dW_hn += (r * h[t]).T @ da_n", lambda s: s.h_prev.T @ s.da)  # fmt: skip
    yield from sent(product, right, line)


def _less(right: Equation, gate: str) -> Equation:
    return lambda s: right(s) - getattr(s, f"da_{gate}") @ gru.block(s.W_h, gate).T
