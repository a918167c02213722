"""What learners call their arrays: many spellings, one name each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["canonical"]

_GATE = {"i": "i", "f": "f", "o": "o", "g": "g", "c": "g"}
_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("x", "xs", "inputs", "input", "x_seq", "x_t"), "x"),
        **dict.fromkeys(("h0", "h_0", "h_init", "h_initial"), "h0"),
        **dict.fromkeys(("c0", "c_0", "c_init", "c_initial"), "c0"),
        **dict.fromkeys(("target", "targets", "y_true", "labels"), "target"),
        **dict.fromkeys(("w_x", "wx", "w_xh", "wxh", "w_ih", "wih", "weight_ih", "kernel", "w_in", "w_input"), "W_x"),
        **dict.fromkeys(("w_h", "wh", "w_hh", "whh", "weight_hh", "recurrent_kernel", "w_rec", "w_hidden"), "W_h"),
        **dict.fromkeys(("b", "bias", "b_h", "bh", "biases"), "b"),
        "bias_ih": "b_ih", "bias_hh": "b_hh", "b_ih": "b_ih", "b_hh": "b_hh", "u": "U",
        **dict.fromkeys(("w", "w_lstm", "w_rnn", "w_all", "w_hx", "weights", "weight"), "W"),
        **dict.fromkeys(("a", "pre", "preact", "pre_activation", "pre_activations", "a_t", "z", "z_t"), "a"),
        **dict.fromkeys(("h", "hs", "h_t", "hidden", "states", "hidden_states", "h_all", "output", "outputs"), "h"),
        **dict.fromkeys(("c", "cs", "c_t", "cell", "cell_state", "cell_states", "c_all"), "c"),
        **dict.fromkeys(("gates", "ifog", "ifgo"), "gates"),
        **dict.fromkeys(("tanh_c", "tanhc", "c_tanh"), "tanh_c"),
        **dict.fromkeys(("i", "i_t", "input_gate", "i_gate", "it"), "i"),
        **dict.fromkeys(("f", "f_t", "forget_gate", "f_gate", "ft"), "f"),
        **dict.fromkeys(("o", "o_t", "output_gate", "o_gate", "ot"), "o"),
        **dict.fromkeys(("g", "g_t", "candidate", "c_tilde", "c_bar", "c_hat", "g_gate", "cell_candidate", "gt"), "g"),
    }
)  # fmt: skip
_WHOLE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("dh_out", "dhout", "dout", "dh_own", "own", "dh_loss", "dloss_dh", "dl_dh_own"), "dh_out"),
        **dict.fromkeys(("dh_next", "dh_future", "future", "dhnext", "dh_prev", "dhprev"), "dh_next"),
        **dict.fromkeys(("dc_next", "dc_future", "dcnext", "dc_prev", "dcprev"), "dc_next"),
        **dict.fromkeys(("dc_t", "dc_last", "dc_out"), "dc_T"),
        **dict.fromkeys(("dtanh", "delta", "deltas", "delta_t", "dz", "dpre", "da_t"), "da"),
    }
)
_LAYER = re.compile(r"(_l\d+|_layer\d+)$")
_PREFIX = re.compile(r"^(?:.*[.:/])")
# a gate's own arrays, for x, for h, or for both: W_xi, Wxi, W_ix, W_i; torch's b_ii and b_hi
_OF_GATE = re.compile(r"^(w|u|b|bias|weight)_?(x|h|i)?_?([ifogc])_?(x|h)?$")


def canonical(name: str) -> str | None:
    """The name that this package knows an array by, or None for one it does not know.

    A gate's own array has the gate behind a dot: "W_x.f", "dW.g". A gradient begins with d.
    """
    if name in ("H", "C"):  # one letter, and capital
        return name.lower()
    if name == "dc_T":
        return name
    plain = name.strip().replace("∂", "d").replace("δ", "delta").replace("~", "_tilde").replace(" ", "_")
    plain, gradient = _without_grad(plain.lower())
    plain = _LAYER.sub("", _PREFIX.sub("", plain))
    if not gradient and plain in _WHOLE:
        return _WHOLE[plain]
    if found := _known(plain):
        return ("d" if gradient else "") + found
    if not gradient and plain.startswith(("d_", "d")) and (found := _known(plain[1:].removeprefix("_"))):
        return "d" + found
    return None


def _without_grad(name: str) -> tuple[str, bool]:
    for end in (".grad", "_grad", ".gradient", "_gradient"):
        if name.endswith(end):
            return name.removesuffix(end), True
    for start in ("grad_", "grads_", "grads.", "dl/d", "dl_d", "dldl_d", "gradient_", "delta_"):
        if name.startswith(start) and len(name) > len(start):
            rest = name.removeprefix(start)
            return ("a_" + rest if start == "delta_" and rest in _GATE else rest), True
    return name, False


def _known(plain: str) -> str | None:
    if plain in _PLAIN:
        return _PLAIN[plain]
    if (gate := re.fullmatch(r"(?:a|z)_?([ifogc])(?:_t)?", plain)) is not None:
        return f"a_{_GATE[gate[1]]}"
    found = _OF_GATE.match(plain)
    if found is None:
        return None
    letter, before, gate_name, after = found[1], found[2], _GATE[found[3]], found[4]
    if letter in ("b", "bias"):
        return f"b_{before}h.{gate_name}" if before in ("i", "h") else f"b.{gate_name}"
    side = after or before
    if letter == "u":
        return f"W_h.{gate_name}" if side is None else None
    return f"W_{'h' if side == 'h' else 'x'}.{gate_name}" if side else f"W.{gate_name}"
