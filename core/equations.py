r"""The equations of `core` as LaTeX, by the tags that stand beside the lines of code that compute them.

A tag is the module's name and the number used there: ``rnn.F1``, ``lstm.B3``, ``model.F7``. F is forward, B backward.
dX stands for ∂L/∂X as in the code, h_0 and c_0 are the initial states, ⊙ is the product entry by entry.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType, ModuleType

from core import gru, lstm, model, rnn

__all__ = ["LATEX", "MODULES", "source_line", "tagged_lines"]

MODULES: Mapping[str, ModuleType] = MappingProxyType({"rnn": rnn, "lstm": lstm, "model": model, "gru": gru})

LATEX: Mapping[str, str] = MappingProxyType(
    {
        "rnn.F1": r"a_t = x_t W_x + h_{t-1} W_h + b",
        "rnn.F2": r"h_t = \varphi(a_t)",
        "rnn.B1": r"dh_t = dh^{\text{out}}_t + dh^{\text{next}}_t",
        "rnn.B2": r"da_t = dh_t \odot \varphi'(a_t)",
        "rnn.B3": r"dh^{\text{next}}_{t-1} = da_t W_h^\top",
        "rnn.B4": r"dW_x = \sum_t x_t^\top da_t",
        "rnn.B5": r"dW_h = \sum_t h_{t-1}^\top da_t",
        "rnn.B6": r"db = \sum_t da_t",
        "rnn.B7": r"dx_t = da_t W_x^\top",
        "lstm.F1": r"i_t = \sigma(x_t W_{xi} + h_{t-1} W_{hi} + b_i)",
        "lstm.F2": r"f_t = \sigma(x_t W_{xf} + h_{t-1} W_{hf} + b_f)",
        "lstm.F3": r"o_t = \sigma(x_t W_{xo} + h_{t-1} W_{ho} + b_o)",
        "lstm.F4": r"g_t = \tanh(x_t W_{xg} + h_{t-1} W_{hg} + b_g)",
        "lstm.F5": r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        "lstm.F6": r"h_t = o_t \odot \tanh(c_t)",
        "lstm.B1": r"dh_t = dh^{\text{out}}_t + dh^{\text{next}}_t",
        "lstm.B2": r"dc_t = dc^{\text{next}}_t + dh_t \odot o_t \odot (1 - \tanh^2 c_t)",
        "lstm.B3": r"da_i = dc_t \odot g_t \odot i_t (1 - i_t)",
        "lstm.B4": r"da_f = dc_t \odot c_{t-1} \odot f_t (1 - f_t)",
        "lstm.B5": r"da_o = dh_t \odot \tanh(c_t) \odot o_t (1 - o_t)",
        "lstm.B6": r"da_g = dc_t \odot i_t \odot (1 - g_t^2)",
        "lstm.B7": r"dh^{\text{next}}_{t-1} = da_t W_h^\top",
        "lstm.B8": r"dc^{\text{next}}_{t-1} = dc_t \odot f_t",
        "lstm.B9": r"dW_x = \sum_t x_t^\top da_t",
        "lstm.B10": r"dW_h = \sum_t h_{t-1}^\top da_t",
        "lstm.B11": r"db = \sum_t da_t",
        "lstm.B12": r"dx_t = da_t W_x^\top",
        "model.F7": r"z_t = h_t W_y + b_y",
        "model.F8": r"\hat{y}_t = \sigma(z_t),\ \operatorname{softmax}(z_t)\ \text{or}\ z_t",
        "model.F9": r"L = \frac{1}{B} \sum_b \sum_t \ell(\hat{y}_t, y_t)",
        "model.B13": r"dz_t = \frac{1}{B} \, \frac{\partial \ell}{\partial z_t}",
        "model.B14": r"dW_y = \sum_t h_t^\top dz_t",
        "model.B15": r"db_y = \sum_t dz_t",
        "model.B16": r"dh^{\text{out}}_t = dz_t W_y^\top",
        "gru.F1": r"r_t = \sigma(x_t W_{xr} + h_{t-1} W_{hr} + b_r)",
        "gru.F2": r"z_t = \sigma(x_t W_{xz} + h_{t-1} W_{hz} + b_z)",
        "gru.F3": r"u_t = h_{t-1} W_{hn} + b_u",
        "gru.F4": r"n_t = \tanh(x_t W_{xn} + b_n + r_t \odot u_t)",
        "gru.F5": r"n_t = \tanh(x_t W_{xn} + b_n + (r_t \odot h_{t-1}) W_{hn})",
        "gru.F6": r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
        "gru.B1": r"dh_t = dh^{\text{out}}_t + dh^{\text{next}}_t",
        "gru.B2": r"da_n = dh_t \odot (1 - z_t) \odot (1 - n_t^2)",
        "gru.B3": r"da_z = dh_t \odot (h_{t-1} - n_t) \odot z_t (1 - z_t)",
        "gru.B4": r"du_t = da_n \odot r_t",
        "gru.B5": r"da_r = da_n \odot u_t \odot r_t (1 - r_t)",
        "gru.B6": r"dh^{\text{next}}_{t-1} = (da_r, da_z, du_t) W_h^\top + dh_t \odot z_t",
        "gru.B7": r"da_r = (da_n W_{hn}^\top) \odot h_{t-1} \odot r_t (1 - r_t)",
        "gru.B8": r"dh^{\text{next}}_{t-1} = (da_r, da_z) W_h^\top + (da_n W_{hn}^\top) \odot r_t + dh_t \odot z_t",
        "gru.B9": r"dW_x = \sum_t x_t^\top da_t",
        "gru.B10": r"dW_h = \sum_t h_{t-1}^\top (da_r, da_z, du_t)",
        "gru.B11": r"db = \sum_t da_t",
        "gru.B12": r"dx_t = da_t W_x^\top",
    }
)

_TAGGED = re.compile(r"^\s*(?P<code>\S.*?)\s+# (?P<tags>[FB]\d+(?: [FB]\d+)*)$")


def source_line(tag: str) -> str:
    """The line of `core` that computes an equation, without its indentation and tags.

    Args:
        tag: Such as "lstm.B3". F1, F2 and F3 of the LSTM share a line, because one call serves all gates.

    Raises:
        KeyError: No line bears the tag.
    """
    module, _, number = tag.partition(".")
    if module not in MODULES or len(lines := tagged_lines(module).get(number, ())) != 1:
        raise KeyError(f"tag: {tag!r} is not known. Choose one of {', '.join(LATEX)}.")
    return lines[0]


@cache
def tagged_lines(module: str) -> Mapping[str, tuple[str, ...]]:
    """Every tag in the code of one of `MODULES`, with the lines that bear it (one each, as the tests see to)."""
    found: dict[str, tuple[str, ...]] = {}
    for line in inspect.getsource(MODULES[module]).splitlines():
        if match := _TAGGED.match(line):
            for number in match["tags"].split():
                found[number] = (*found.get(number, ()), match["code"])
    return MappingProxyType(found)
