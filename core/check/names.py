"""What learners call their arrays: many spellings, one name each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

__all__ = ["SEQUENCES", "canonical", "is_gru", "numbered", "stepwise"]

_GATE = {"i": "i", "f": "f", "o": "o", "g": "g", "c": "g"}
_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("x", "xs", "inputs", "input", "x_seq", "x_t", "input_seq", "x_in"), "x"),
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
        **dict.fromkeys(("gates", "ifog", "ifgo", "gate"), "gates"),
        **dict.fromkeys(("tanh_c", "tanhc", "c_tanh"), "tanh_c"),
        **dict.fromkeys(("i", "i_t", "input_gate", "i_gate", "it"), "i"),
        **dict.fromkeys(("f", "f_t", "forget_gate", "f_gate", "ft", "forget"), "f"),
        **dict.fromkeys(("o", "o_t", "output_gate", "o_gate", "ot"), "o"),
        **dict.fromkeys(("g", "g_t", "candidate", "c_tilde", "c_bar", "c_hat", "g_gate", "cell_candidate", "gt"), "g"),
    }
)  # fmt: skip
_WHOLE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "dh_out",
                "dhout",
                "dout",
                "d_out",
                "grad_output",
                "upstream",
                "dh_own",
                "own",
                "dh_loss",
                "dloss_dh",
                "dl_dh_own",
            ),
            "dh_out",
        ),
        **dict.fromkeys(("dh_next", "dh_future", "future", "dhnext", "dh_prev", "dhprev"), "dh_next"),
        **dict.fromkeys(("dc_next", "dc_future", "dcnext", "dc_prev", "dcprev"), "dc_next"),
        **dict.fromkeys(("dc_t", "dc_last", "dc_out"), "dc_T"),
        **dict.fromkeys(
            ("dtanh", "delta", "deltas", "delta_t", "dz", "dpre", "da_t", "dgates", "dgate", "dhraw", "dh_raw"), "da"
        ),
    }
)
_LAYER = re.compile(r"(_l\d+|_layer\d+)$")
_PREFIX = re.compile(r"^(?:.*[.:/])")
# a gate's own arrays, for x, for h, or for both: W_xi, Wxi, W_ix, W_i; torch's b_ii and b_hi
_OF_GATE = re.compile(r"^(w|u|b|bias|weight)_?(x|h|i)?_?([ifogc])_?(x|h)?$")


SEQUENCES = frozenset(
    {"x", "dh_out", "target", "a", "gates", "i", "f", "o", "g", "c", "tanh_c", "h", "dh", "dc", "da", "da_i", "da_f",
     "da_o", "da_g", "dh_next", "dc_next", "dx", "r", "z", "n", "da_r", "da_z", "da_n", "da_u"}
)  # fmt: skip
"""What there is one row of for each step, by canonical name."""
_OF_GRU: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("r", "r_t", "rt", "rs", "reset", "reset_gate", "r_gate"), "r"),
        **dict.fromkeys(("z", "z_t", "zt", "zs", "update", "update_gate", "z_gate"), "z"),
        **dict.fromkeys(("n", "n_t", "nt", "ns", "new", "new_gate", "candidate", "candidates", "g", "g_t", "h_tilde",
                         "h_hat", "h_bar", "h_cand", "h_candidate", "htilde", "hhat", "h_tilda", "h_tilde_t"), "n"),
        "b_u": "b_u", "bu": "b_u", "u_t": "u", "a_u": "a_u",
    }
)  # fmt: skip
# W_xz, W_hr, W_in, U_z, b_r, b_hn
_OF_GRU_GATE = re.compile(r"^(w|u|b|bias|weight)_?(x|h|i)?_?([rzn])$")
_GRU_ONLY = re.compile(r"^(?:d|grad_)?(?:(?:w|u|weight)_?[xhi]?_?[rz]|r|rs|r_t|reset|reset_gate|update_gate)$")
_NUMBER = re.compile(r"^()(-?\d+)$")
_STEP = re.compile(r"^(.*?)(?:@(-?\d+)|[_ ]?(?:t ?= ?)?(\d+))$")


def stepwise(name: str) -> tuple[str, int | None]:
    """A name with the step it ends in, such as ("h", 3) for ``h[3]`` (written h@3) or ``h_3``; None without one."""
    found = _STEP.match(name)
    if found is None:
        return name, None
    if found[2] is not None:
        return found[1], int(found[2])
    return (found[1], int(found[3])) if canonical(found[1]) in SEQUENCES else (name, None)


def numbered(names: Iterable[str]) -> list[str] | None:
    """Names that end in one number each, in its order; None where they do not, or where one is missing between."""
    found: dict[int, str] = {}
    bases = set()
    for name in names:
        match = _NUMBER.match(name) or _STEP.match(name)
        if match is None:
            return None
        bases.add(match[1])
        found[int(match[2] if match[2] is not None else match[3])] = name
    steps = sorted(found)
    if len(bases) != 1 or not steps or steps != list(range(steps[0], steps[0] + len(steps))):
        return None
    return [found[step] for step in steps]


def canonical(name: str, *, gru: bool = False) -> str | None:
    """The name that this package knows an array by, or None for one it does not know.

    A gate's own array has the gate behind a dot: "W_x.f", "dW.g". A gradient begins with d.

    Args:
        name: As the learner has it.
        gru: Whether it is a GRU's, of which z is a gate.
    """
    known = _known_gru if gru else _known
    if name in ("H", "C"):  # one letter, and capital
        return name.lower()
    if name == "dc_T":
        return name
    plain = name.strip().replace("∂", "d").replace("δ", "delta").replace("~", "_tilde").replace(" ", "_")
    plain, gradient = _without_grad(plain.lower())
    plain = _LAYER.sub("", _PREFIX.sub("", plain))
    if not gradient and plain in _WHOLE:
        return _WHOLE[plain]
    if found := known(plain):
        return ("d" if gradient else "") + found
    if not gradient and plain.startswith(("d_", "d")) and (found := known(plain[1:].removeprefix("_"))):
        return "d" + found
    return None


def is_gru(names: Iterable[str]) -> bool:
    """Whether gates by name are a GRU's: a reset gate, or an update gate with weights of its own."""
    plain = [_PREFIX.sub("", name.lower()) for name in names]
    return any(_GRU_ONLY.match(name) for name in plain)


def _known_gru(plain: str) -> str | None:
    if plain in _OF_GRU:
        return _OF_GRU[plain]
    if (gate := re.fullmatch(r"a_?([rznu])(?:_t)?", plain)) is not None:
        return f"a_{gate[1]}"
    found = _OF_GRU_GATE.match(plain)
    if found is None:
        return _known(plain)
    letter, before, gate_name = found[1], found[2], found[3]
    if letter in ("b", "bias"):
        return f"b_{before}h.{gate_name}" if before in ("i", "h") else f"b.{gate_name}"
    if letter == "u":
        return f"W_h.{gate_name}" if before is None else None
    return f"W_{'h' if before == 'h' else 'x'}.{gate_name}" if before else f"W.{gate_name}"


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
