"""The usual slips of a hand-written LSTM."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import permutations
from typing import Any

import numpy as np

from core.activations import sigmoid
from core.check.passes import BACKWARD, Equation
from core.check.slip import Slip, biases, moved, one, sent, upstream
from core.lstm import GATES, block
from core.params import Array

__all__ = ["lstm_slips"]


def lstm_slips() -> Iterator[Slip]:
    """All of them but those in the sums over the steps, which all cells share."""
    yield from biases("a = x[t] @ W_x + h[t] @ W_h + b")
    line = "a = x[t] @ W_x + h[t] @ W_h + b"
    yield one("forward-transposed", "a", "used each gate's W_h for its transpose in the forward pass",
              "a_i = x[t] @ W_xi + h[t] @ W_hi.T + b_i; …", line,
              lambda s: s.x @ s.W_x + s.b + np.concatenate(
                  [s.h_prev @ block(s.W_h, k).T for k in GATES], axis=-1))  # fmt: skip
    yield one("forget-bias", "f", "added 1 to the forget gate's bias once more in the forward pass",
              "f = sigmoid(a_f + 1)", "f = sigmoid(a_f)", lambda s: sigmoid(block(s.a, "f") + 1))  # fmt: skip
    yield one("candidate-sigmoid", "g", "put the candidate through σ for tanh", "g = sigmoid(a_g)",
              "g = np.tanh(a_g)", lambda s: sigmoid(block(s.a, "g")))  # fmt: skip
    yield one("input-forget-swapped", "c", "swapped input and forget gate in c_t", "c = i * c_prev + f * g",
              "c = f * c_prev + i * g", lambda s: s.i * s.c_prev + s.f * s.g)  # fmt: skip
    yield one("no-tanh-c", "h", "left out the tanh of c_t in h_t", "h = o * c", "h = o * np.tanh(c)",
              lambda s: s.o * s.c)  # fmt: skip
    for target in permutations(GATES):
        if target != GATES:
            yield _order(target)
    yield from upstream(kind="lstm")
    yield from _cell()
    yield from _gates()
    right = "dh_next = da @ W_h.T"
    yield one("transpose", "dh_next", "used each gate's W_h for its transpose on the way back",
              "dh_next = da_i @ W_hi + da_f @ W_hf + …", right,
              lambda s: _over(GATES, lambda k: block(s.da, k) @ block(s.W_h, k)))  # fmt: skip
    yield from sent("da @ W_h.T", BACKWARD["lstm"]["dh_next"], right)
    for gate in GATES:
        yield one(f"no-{gate}-back", "dh_next", f"left gate {gate} out of what goes back to h_{{t−1}}",
                   f"dh_next = …, without da_{gate} @ W_h{gate}.T", right,
                   _without(gate))  # fmt: skip
    right = "dc_next = dc * f"
    ways: tuple[tuple[str, str, str, Equation], ...] = (
        ("no-forget-back", "left the forget gate out of the way back along c", "dc", lambda s: s.dc),
        ("forget-after", "took f_{t+1} for f_t on the way back along c", "dc * f[t + 1]", lambda s: s.dc * s.f_next),
        ("forget-before", "took f_{t−1} for f_t on the way back along c", "dc * f[t - 1]", lambda s: s.dc * s.f_prev),
        ("dc-future-kept", "added up what goes back along c over the steps (+= for =)", "dc_next + dc * f",
         lambda s: s.dc_next + s.dc * s.f),
        ("dc-kept", "kept ∂L/∂c_t in what goes back along c: it was not set to zero between steps", "dc + dc * f",
         lambda s: s.dc * (1 + s.f)),
        ("input-gate-back", "took the input gate for the forget gate on the way back along c", "dc * i",
         lambda s: s.dc * s.i),
    )  # fmt: skip
    for id_, words, yours, equation in ways:
        yield one(id_, "dc_next", words, f"dc_next = {yours}", right, equation)


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
    equations["da"] = moved(BACKWARD["lstm"]["da"], target)
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
        ("tanh-c-before", "took c_{t−1} for c_t in the slope of tanh", "dc_next + dh * o * (1 - np.tanh(c[t])**2)",
         lambda s: s.dc_next + s.dh * s.o * (1 - np.tanh(s.c_prev) ** 2)),
        ("tanh-c-not-squared", "left out the square: 1 − tanh(c_t) for 1 − tanh²(c_t)",
         "dc_next + dh * o * (1 - np.tanh(c))", lambda s: s.dc_next + s.dh * s.o * (1 - s.tanh_c)),
        ("tanh-c-twice", "took tanh twice: 1 − tanh²(tanh c_t) for 1 − tanh²(c_t)",
         "dc_next + dh * o * (1 - np.tanh(tanh_c)**2)",
         lambda s: s.dc_next + s.dh * s.o * (1 - np.tanh(s.tanh_c) ** 2)),
        ("h-squared", "took 1 − h_t² for 1 − tanh²(c_t)", "dc_next + dh * o * (1 - h**2)",
         lambda s: s.dc_next + s.dh * s.o * (1 - s.h**2)),
    )  # fmt: skip
    for id_, words, yours, equation in ways:
        yield one(id_, "dc", words, f"dc = {yours}", right, equation)


def _gates() -> Iterator[Slip]:
    lines = {"i": "dc * g * i * (1 - i)", "f": "dc * c[t] * f * (1 - f)", "o": "dh * np.tanh(c) * o * (1 - o)",
             "g": "dc * i * (1 - g**2)"}  # fmt: skip
    up: Mapping[str, Equation] = {"i": lambda s: s.dc * s.g, "f": lambda s: s.dc * s.c_prev,
                                  "o": lambda s: s.dh * s.tanh_c, "g": lambda s: s.dc * s.i}  # fmt: skip

    def of(id_: str, gate: str, words: str, yours: str, equation: Equation) -> Slip:
        at = f"da_{gate}"
        return one(id_, at, words, f"{at} = {yours}", f"{at} = {lines[gate]}", equation)

    for k in GATES:
        yours = lines[k].rsplit(" * (" if k == "g" else f" * {k} *")[0]
        yield of(f"no-slope-{k}", k, f"forgot the slope at gate {k}", yours, up[k])
    every: Mapping[str, Equation] = {f"da_{k}": up[k] for k in "ifo"}
    yield Slip("no-slope-sigmoid", "da_i", "forgot the slope of σ at all three gates", "da_i = dc * g",
               f"da_i = {lines['i']}", every)  # fmt: skip
    for k in "ifo":
        yield of(f"half-slope-{k}", k, f"left 1 − {k}_t out of the slope at gate {k}", lines[k].rsplit(" * (")[0],
                 _times(up[k], k, lambda gate: gate))  # fmt: skip
    halves = {f"da_{k}": _times(up[k], k, lambda gate: gate) for k in "ifo"}
    yield Slip("half-slope", "da_i", "left 1 − σ out of the slope at all three gates", "da_i = dc * g * i",
               f"da_i = {lines['i']}", halves)  # fmt: skip
    none: Mapping[str, Equation] = {f"da_{k}": up[k] for k in GATES}
    yield Slip("no-slopes", "da_i", "forgot the slope at all four gates", "da_i = dc * g", f"da_i = {lines['i']}", none)
    crossed: Mapping[str, Equation] = {f"da_{k}": _times(up[k], k, lambda gate: 1 - gate**2) for k in "ifo"}
    yield Slip("tanh-slope-at-gates", "da_i", "took the slope of tanh for that of σ at all three gates",
               "da_i = dc * g * (1 - i**2)", f"da_i = {lines['i']}", crossed)  # fmt: skip
    twice = {f"da_{k}": _sigmoid_twice(up[k], k) for k in "ifo"}
    yield Slip("sigmoid-twice", "da_i", "took σ twice: the slope at σ(i_t) for that at i_t",
               "da_i = dc * g * sigmoid(i) * (1 - sigmoid(i))", f"da_i = {lines['i']}", twice)  # fmt: skip
    yield of("c-for-c-prev", "f", "took c_t for c_{t−1} at the forget gate", "dc * c[t + 1] * f * (1 - f)",
             lambda s: s.dc * s.c * s.f * (1 - s.f))  # fmt: skip
    yield of("c-wraps", "f", "took the last cell state for c_0 at t = 1 (index −1)", "dc * c[t - 1] * f * (1 - f)",
             lambda s: s.dc * (s.c_last if s.t == 1 else s.c_prev) * s.f * (1 - s.f))  # fmt: skip
    yield of("gate-for-candidate", "i", "took i_t for the candidate g_t at the input gate", "dc * i * i * (1 - i)",
             lambda s: s.dc * s.i * s.i * (1 - s.i))  # fmt: skip
    yield of("gate-for-input", "g", "took g_t for the input gate at the candidate", "dc * g * (1 - g**2)",
             lambda s: s.dc * s.g * (1 - s.g**2))  # fmt: skip
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
    for first, second in (("f", "g"), ("i", "f"), ("i", "o"), ("f", "o"), ("i", "g"), ("o", "g")):
        swapped = {f"da_{first}": right[f"da_{second}"], f"da_{second}": right[f"da_{first}"]}
        yield Slip(f"swapped-{first}{second}", f"da_{first}", f"swapped the gradients of gates {first} and {second}",
                   f"da_{first}, da_{second} = da_{second}, da_{first}",
                   f"da_{first} = {lines[first]}", swapped)  # fmt: skip


def _times(up: Equation, gate: str, slope: Callable[[Array], Array]) -> Equation:
    return lambda s: up(s) * slope(getattr(s, gate))


def _sigmoid_twice(up: Equation, gate: str) -> Equation:
    def equation(s: Any) -> Array:
        again = sigmoid(getattr(s, gate))
        found: Array = up(s) * again * (1 - again)
        return found

    return equation
