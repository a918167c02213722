"""Forward and backward of RNN and LSTM as a list of named equations, any of which can be replaced by a wrong one.

The layers in `core.rnn` and `core.lstm` are written for speed: an equation of theirs can't be taken out. Here each is
a function of one step, slow and open. With nothing replaced the numbers are those of the layers; tests hold them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np

from core import gru, lstm, rnn
from core.activations import activation, sigmoid
from core.gru import GRUParams
from core.lstm import GATES, LSTMParams, block
from core.params import Array
from core.rnn import RNNParams

__all__ = [
    "BACKWARD",
    "BLOCKS",
    "FORWARD",
    "TAGS",
    "WEIGHTS",
    "Case",
    "Equation",
    "Pass",
    "clean",
    "forward",
    "from_x",
    "order",
    "run",
    "split",
]

Equation = Callable[[Any], Array]
WEIGHTS = ("dW_x", "dW_h", "db", "db_u")
BLOCKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"rnn": (), "lstm": GATES, "gru": gru.GATES, "gru_before": gru.GATES}
)
"""The gate blocks of a cell's weights; "gru_before" resets before the product with W_hn."""


@dataclass(frozen=True, eq=False)
class Case:
    """What two implementations are compared on.

    Attributes:
        params: Weights, as `core` has them.
        x: Inputs (T, B, D).
        dh_out: What each step's own loss sends into h_t (T, B, H).
        h0: Initial state (B, H), or None for zeros.
        c0: Initial cell state (B, H), LSTM only, or None for zeros.
        dc_T: What enters at c_T from outside (B, H), LSTM only, or None.
        activation: φ of the RNN.
        loss: Where the loss is a function of h: what gives dh_out (T, B, H) from h. A forward pass with a slip has
            other states, and so another dh_out. None where dh_out stands.
    """

    params: RNNParams | LSTMParams | GRUParams
    x: Array
    dh_out: Array
    h0: Array | None = None
    c0: Array | None = None
    dc_T: Array | None = None
    activation: str = "tanh"
    loss: Callable[[Array], Array] | None = None

    @property
    def kind(self) -> str:
        """The cell: "rnn", "lstm", "gru", or "gru_before", whose reset comes before the product."""
        if isinstance(self.params, GRUParams):
            return "gru" if self.params.reset_after else "gru_before"
        return "lstm" if isinstance(self.params, LSTMParams) else "rnn"

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """T, B, D, H."""
        T, B, D = self.x.shape
        return T, B, D, self.params.H


@dataclass(frozen=True, eq=False)
class Pass:
    """What a pass computed.

    Attributes:
        values: Each quantity by name in the order of computing: a sequence (T, B, ·), or a weight's gradient.
        shares: What each step adds to a weight's gradient, (T, ...) by its name.
    """

    values: Mapping[str, Array]
    shares: Mapping[str, Array]


def _joined(s: Any) -> Array:
    return np.concatenate([s.da_i, s.da_f, s.da_o, s.da_g], axis=-1)


_SHARED: Mapping[str, Equation] = MappingProxyType(
    {
        "dW_x": lambda s: s.x.T @ s.da,
        "dW_h": lambda s: s.h_prev.T @ s.da,
        "db": lambda s: s.da.sum(axis=0),
        "dx": lambda s: s.da @ s.W_x.T,
    }
)
_Z: Mapping[str, Equation] = MappingProxyType(
    {
        "r": lambda s: sigmoid(from_x(s, "r") + s.h_prev @ gru.block(s.W_h, "r")),
        "z": lambda s: sigmoid(from_x(s, "z") + s.h_prev @ gru.block(s.W_h, "z")),
    }
)
_MIXED: Equation = lambda s: (1 - s.z) * s.n + s.z * s.h_prev  # noqa: E731
_GRU_BACK: Mapping[str, Equation] = MappingProxyType(
    {
        "dh": lambda s: s.own + s.dh_next,
        "da_n": lambda s: s.dh * (1 - s.z) * (1 - s.n**2),
        "da_z": lambda s: s.dh * (s.h_prev - s.n) * s.z * (1 - s.z),
    }
)
FORWARD: Mapping[str, Mapping[str, Equation]] = MappingProxyType(
    {
        "rnn": {"a": lambda s: s.x @ s.W_x + s.h_prev @ s.W_h + s.b, "h": lambda s: s.phi(s.a)},
        "lstm": {
            "a": lambda s: s.x @ s.W_x + s.h_prev @ s.W_h + s.b,
            "i": lambda s: sigmoid(block(s.a, "i")),
            "f": lambda s: sigmoid(block(s.a, "f")),
            "o": lambda s: sigmoid(block(s.a, "o")),
            "g": lambda s: np.tanh(block(s.a, "g")),
            "c": lambda s: s.f * s.c_prev + s.i * s.g,
            "tanh_c": lambda s: np.tanh(s.c),
            "h": lambda s: s.o * s.tanh_c,
        },
        "gru": {
            **_Z,
            "u": lambda s: s.h_prev @ gru.block(s.W_h, "n") + s.b[3 * s.h_prev.shape[1] :],
            "n": lambda s: np.tanh(from_x(s, "n") + s.r * s.u),
            "h": _MIXED,
        },
        "gru_before": {
            **_Z,
            "n": lambda s: np.tanh(from_x(s, "n") + (s.r * s.h_prev) @ gru.block(s.W_h, "n")),
            "h": _MIXED,
        },
    }
)
BACKWARD: Mapping[str, Mapping[str, Equation]] = MappingProxyType(
    {
        "rnn": {
            "dh": lambda s: s.own + s.dh_next,
            "da": lambda s: s.dh * s.slope(s.h),
            "dh_next": lambda s: s.da @ s.W_h.T,
            **_SHARED,
        },
        "lstm": {
            "dh": lambda s: s.own + s.dh_next,
            "dc": lambda s: s.dc_next + s.dh * s.o * (1 - s.tanh_c**2),
            "da_i": lambda s: s.dc * s.g * s.i * (1 - s.i),
            "da_f": lambda s: s.dc * s.c_prev * s.f * (1 - s.f),
            "da_o": lambda s: s.dh * s.tanh_c * s.o * (1 - s.o),
            "da_g": lambda s: s.dc * s.i * (1 - s.g**2),
            "da": _joined,
            "dh_next": lambda s: s.da @ s.W_h.T,
            "dc_next": lambda s: s.dc * s.f,
            **_SHARED,
        },
        "gru": {
            **_GRU_BACK,
            "da_u": lambda s: s.da_n * s.r,
            "da_r": lambda s: s.da_n * s.u * s.r * (1 - s.r),
            "da": lambda s: np.concatenate([s.da_r, s.da_z, s.da_n], axis=-1),
            "dh_next": lambda s: np.concatenate([s.da_r, s.da_z, s.da_u], axis=-1) @ s.W_h.T + s.dh * s.z,
            **_SHARED,
            "dW_h": lambda s: s.h_prev.T @ np.concatenate([s.da_r, s.da_z, s.da_u], axis=-1),
            "db_u": lambda s: s.da_u.sum(axis=0),
        },
        "gru_before": {
            **_GRU_BACK,
            "da_u": lambda s: s.da_n @ gru.block(s.W_h, "n").T,
            "da_r": lambda s: s.da_u * s.h_prev * s.r * (1 - s.r),
            "da": lambda s: np.concatenate([s.da_r, s.da_z, s.da_n], axis=-1),
            "dh_next": lambda s: (
                s.da_r @ gru.block(s.W_h, "r").T + s.da_z @ gru.block(s.W_h, "z").T + s.da_u * s.r + s.dh * s.z
            ),
            **_SHARED,
            "dW_h": lambda s: np.concatenate(
                [s.h_prev.T @ s.da_r, s.h_prev.T @ s.da_z, (s.r * s.h_prev).T @ s.da_n], axis=-1
            ),
        },
    }
)
TAGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "rnn": {"a": "F1", "h": "F2", "dh": "B1", "da": "B2", "dh_next": "B3", "dW_x": "B4", "dW_h": "B5", "db": "B6",
                "dx": "B7"},
        "lstm": {"i": "F1", "f": "F2", "o": "F3", "g": "F4", "c": "F5", "h": "F6", "dh": "B1", "dc": "B2",
                 "da_i": "B3", "da_f": "B4", "da_o": "B5", "da_g": "B6", "dh_next": "B7", "dc_next": "B8",
                 "dW_x": "B9", "dW_h": "B10", "db": "B11", "dx": "B12"},
        "gru": {"r": "F1", "z": "F2", "u": "F3", "n": "F4", "h": "F6", "dh": "B1", "da_n": "B2", "da_z": "B3",
                "da_u": "B4", "da_r": "B5", "dh_next": "B6", "dW_x": "B9", "dW_h": "B10", "db": "B11", "dx": "B12"},
        "gru_before": {"r": "F1", "z": "F2", "n": "F5", "h": "F6", "dh": "B1", "da_n": "B2", "da_z": "B3",
                       "da_r": "B7", "dh_next": "B8", "dW_x": "B9", "dW_h": "B10", "db": "B11", "dx": "B12"},
    }
)  # fmt: skip
"""By which tag `core.rnn`, `core.lstm` and `core.gru` know an equation."""


def order(kind: str) -> tuple[str, ...]:
    """All quantities in the order of computing; the weights' gradients, sums over the steps, come last."""
    loop = [name for name in BACKWARD[kind] if name not in WEIGHTS]
    last = ("dh0", "dc0") if kind == "lstm" else ("dh0",)
    return (*FORWARD[kind], *loop, *(name for name in WEIGHTS if name in BACKWARD[kind]), *last)


def from_x(s: Any, gate: str) -> Array:
    """What input and bias bring to a gate of a GRU."""
    found: Array = s.x @ gru.block(s.W_x, gate) + gru.block(s.b[: s.W_h.shape[1]], gate)
    return found


def split(kind: str, array: Array, gate: str) -> Array:
    """The view of one gate's columns."""
    width = array.shape[-1] // len(BLOCKS[kind])
    k = BLOCKS[kind].index(gate)
    return array[..., k * width : (k + 1) * width]


def clean(case: Case) -> Mapping[str, Array]:
    """`core`'s own numbers for a case, by the names of `order`."""
    if isinstance(case.params, LSTMParams):
        return _clean_lstm(case, case.params)
    if isinstance(case.params, GRUParams):
        return _clean_gru(case, case.params)
    ran = rnn.forward(case.params, case.x, case.h0, activation=case.activation)
    back = rnn.backward(case.params, ran, case.dh_out)
    sent = back.da @ case.params.W_h.T
    values = {"a": ran.a, "h": ran.h[1:], "dh": back.dh, "da": back.da, "dh_next": sent, "dx": back.dx}
    return _in_order("rnn", values | _of_weights(back.grads) | {"dh0": back.dh0})


def _clean_lstm(case: Case, params: LSTMParams) -> Mapping[str, Array]:
    ran = lstm.forward(params, case.x, case.h0, case.c0)
    back = lstm.backward(params, ran, case.dh_out, case.dc_T)
    values = {"a": lstm.pre_activations(params, ran), "c": ran.c[1:], "tanh_c": ran.tanh_c, "h": ran.h[1:]}
    values |= {gate: block(ran.gates, gate) for gate in GATES}
    values |= {f"da_{gate}": block(back.da, gate) for gate in GATES}
    values |= {"dh": back.dh, "dc": back.dc, "da": back.da, "dx": back.dx, "dh0": back.dh0, "dc0": back.dc0}
    values |= {"dh_next": back.da @ params.W_h.T, "dc_next": back.dc * ran.f}
    return _in_order("lstm", values | _of_weights(back.grads))


def _clean_gru(case: Case, params: GRUParams) -> Mapping[str, Array]:
    ran = gru.forward(params, case.x, case.h0)
    back = gru.backward(params, ran, case.dh_out)
    wide = 3 * params.H
    da, b = back.da[..., :wide], back.grads.b
    values = {"r": ran.r, "z": ran.z, "n": ran.n, "h": ran.h[1:], "dh": back.dh, "da": da, "dh_next": back.sent}
    values |= {f"da_{gate}": gru.block(da, gate) for gate in gru.GATES}
    if params.reset_after:
        values |= {"u": ran.u, "da_u": back.da[..., wide:], "db_u": b[wide:]}
    else:
        values["da_u"] = values["da_n"] @ gru.block(params.W_h, "n").T
    values |= {"dW_x": back.grads.W_x, "dW_h": back.grads.W_h, "db": b[:wide], "dx": back.dx, "dh0": back.dh0}
    return _in_order(case.kind, values)


def _of_weights(grads: RNNParams | LSTMParams) -> dict[str, Array]:
    return {"dW_x": grads.W_x, "dW_h": grads.W_h, "db": grads.b}


def _in_order(kind: str, values: Mapping[str, Array]) -> Mapping[str, Array]:
    return {name: values[name] for name in order(kind)}


def run(case: Case, replaced: Mapping[str, Equation] = MappingProxyType({}), ahead: list[Any] | None = None) -> Pass:
    """Run both passes step by step.

    Args:
        case: What to run on.
        replaced: Equations to use instead of the right ones, by the quantity they compute. An equation reads the step:
            ``t`` (from 1) and ``T``, ``B``, the weights, all that the step has computed, ``x``, ``own`` (its row of
            dh_out), ``dh_next`` and ``dc_next`` as they arrive, and the neighbours' rows as ``h_prev``, ``x_next`` ...,
            the last step's as ``h_last`` ...
        ahead: The steps of the right forward pass, from `forward`, where many backward passes follow it.
    """
    kind = case.kind
    anew = ahead is None or any(name in FORWARD[kind] for name in replaced)
    steps = forward(case, {**FORWARD[kind], **replaced}) if anew or ahead is None else ahead
    return _backward(case, steps, {**BACKWARD[case.kind], **replaced})


def forward(case: Case, equations: Mapping[str, Equation] | None = None) -> list[Any]:
    """The steps of the forward pass, the right one without equations."""
    equations = equations or FORWARD[case.kind]
    T, B, _, H = case.sizes
    phi = activation(case.activation)
    p, zeros = case.params, np.zeros((B, H))
    h, c = (zeros if first is None else first for first in (case.h0, case.c0))
    steps: list[Any] = []
    for t in range(1, T + 1):
        s = SimpleNamespace(
            t=t, T=T, B=B, W_x=p.W_x, W_h=p.W_h, b=p.b, x=case.x[t - 1], own=case.dh_out[t - 1], h_prev=h, c_prev=c,
            phi=lambda a: phi.apply(a, np.empty_like(a)), slope=phi.slope,
        )  # fmt: skip
        for name in FORWARD[case.kind]:
            setattr(s, name, equations[name](s))
        h, c = s.h, getattr(s, "c", c)
        steps.append(s)
    if case.loss is not None:
        for s, own in zip(steps, case.loss(np.stack([s.h for s in steps])), strict=True):
            s.own = own
    return steps


def _backward(case: Case, steps: list[Any], equations: Mapping[str, Equation]) -> Pass:
    kind, zeros = case.kind, np.zeros_like(steps[0].h)
    dh_next, dc_next = zeros, zeros if case.dc_T is None else case.dc_T
    for k, s in reversed(list(enumerate(steps))):
        before, after = steps[max(k - 1, 0)], steps[min(k + 1, len(steps) - 1)]
        first, last = k == 0, k == len(steps) - 1
        for name in ("x", "own", "f"):
            row = getattr(s, name, zeros)
            setattr(s, f"{name}_prev", np.zeros_like(row) if first else getattr(before, name, zeros))
            setattr(s, f"{name}_next", np.zeros_like(row) if last else getattr(after, name, zeros))
        s.h_last, s.c_last, s.x_last, s.own_last = (
            steps[-1].h,
            getattr(steps[-1], "c", zeros),
            steps[-1].x,
            steps[-1].own,
        )
        s.dh_next, s.dc_next = dh_next, dc_next
        s.sent = SimpleNamespace()
        for name in BACKWARD[kind]:
            value = equations[name](s)
            setattr(s.sent if name.endswith("_next") else s, name, value)
        dh_next, dc_next = s.sent.dh_next, getattr(s.sent, "dc_next", zeros)
        s.dh_next, s.dc_next = dh_next, dc_next  # what it sends; what arrived is used up
    shares = {name: np.stack([getattr(s, name) for s in steps]) for name in WEIGHTS if name in BACKWARD[kind]}
    values = {name: np.stack([getattr(s, name) for s in steps]) for name in order(kind) if hasattr(steps[0], name)}
    values |= {name: share.sum(axis=0) for name, share in shares.items()}
    return Pass(_in_order(kind, values | {"dh0": dh_next, "dc0": dc_next}), shares)
