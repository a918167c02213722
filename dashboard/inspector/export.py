"""The numbers on the screen as files: tidy CSV, NPZ, JSON, and a script on `core` that prints them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from core import lstm, model
from core.lstm import GATES, LSTMBackward, LSTMTrace
from core.params import Array
from core.rnn import RNNTrace
from dashboard.kit.run.compute import Inspection, Run
from dashboard.kit.run.settings import Settings


def states(run: Run) -> dict[str, Array]:
    """Every value that a unit has at a step, by its name in the exports: each (T, H)."""
    cell, back = run.trace.cell, run.backward.cell
    named: dict[str, Array] = {"h": cell.h[1:, 0], "dh": back.dh[:, 0]}
    if isinstance(cell, LSTMTrace) and isinstance(back, LSTMBackward):
        named |= {gate: getattr(cell, gate)[:, 0] for gate in GATES}
        named |= {"c": cell.c[1:, 0], "tanh_c": cell.tanh_c[:, 0], "dc": back.dc[:, 0]}
        named |= {f"da_{gate}": lstm.block(back.da, gate)[:, 0] for gate in GATES}
    elif isinstance(cell, RNNTrace):
        named |= {"a": cell.a[:, 0], "da": back.da[:, 0]}
    return named


def summaries(run: Run) -> dict[str, Array]:
    """Every value that a step has: gradient norms, contributions and Jacobians, each (T,)."""
    named = {f"norm_d{name}": values for name, values in run.norms.items()}
    named |= {f"contribution_{name}": values for name, values in run.contributions.items()}
    if run.has_spectrum:
        named["jacobian_sigma_max"] = run.spectrum.values[:, 0]
        named["product_log10_sigma_max"] = run.spectrum.product_log10
    return named


def tidy(inspection: Inspection) -> pd.DataFrame:
    """One row a value: model, quantity, step, token, unit, value. ``unit`` is empty where a step has one value."""
    tokens = inspection.sequence.labels
    steps = np.arange(1, len(tokens) + 1)
    parts = []
    for run in inspection.runs:
        for name, values in (states(run) | summaries(run)).items():
            columns = values.reshape(len(tokens), -1)
            H = columns.shape[1]
            parts.append(
                pd.DataFrame(
                    {
                        "model": run.name,
                        "quantity": name,
                        "step": np.repeat(steps, H),
                        "token": np.repeat(np.asarray(tokens, dtype=object), H),
                        "unit": np.tile(np.arange(H), len(tokens)) if values.ndim == 2 else None,
                        "value": columns.ravel(),
                    }
                ).astype({"unit": "Int64"})
            )
    return pd.concat(parts, ignore_index=True)


def csv(inspection: Inspection) -> bytes:
    """`tidy` as CSV in UTF-8, every digit of every float."""
    return bytes(tidy(inspection).to_csv(index=False).encode())


def npz(inspection: Inspection) -> bytes:
    """Arrays by name (``lstm.f`` and so on) with input, target, tokens and weights; opens without pickle."""
    shown = inspection.sequence
    arrays: dict[str, Any] = {"x": shown.x, "y": shown.y, "tokens": np.array(shown.labels, dtype=np.str_)}
    for run in inspection.runs:
        named = states(run) | summaries(run) | model.parameters(run.model)
        named |= {f"d{name}": grad for name, grad in run.backward.grads.items()}
        arrays |= {f"{run.model.kind}.{name}": values for name, values in named.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def as_json(inspection: Inspection) -> bytes:
    """Settings, sequence and all values as nested lists: what `npz` holds, readable anywhere."""
    shown = inspection.sequence
    document = {
        "settings": inspection.settings.to_query(),
        "tokens": shown.labels,
        "x": shown.x[:, 0].tolist(),
        "y": shown.y.tolist(),
        "models": {run.model.kind: _plain(run) for run in inspection.runs},
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _plain(run: Run) -> dict[str, Any]:
    values = states(run) | summaries(run)
    return {
        "loss": run.trace.loss,
        "y_hat": run.trace.y_hat[:, 0].tolist(),
        "values": {name: _listed(array) for name, array in values.items()},
        "weights": {name: array.tolist() for name, array in model.parameters(run.model).items()},
        "gradients": {name: array.tolist() for name, array in run.backward.grads.items()},
    }


def _listed(array: Array) -> Any:
    """Nested lists with None for the logarithm of an exact zero, which JSON cannot write."""
    listed = array.astype(object)
    listed[~np.isfinite(array)] = None
    return listed.tolist()


SCRIPT = '''"""Prints the numbers that the Inspector showed. Run it where the package `core` is installed."""

import numpy as np

from core import decompose, flow, model
{imports}
tokens = {tokens!r}
{sequence}
for kind in {kinds!r}:
{weights}
    trace = model.run(shown, x, y)
    backward = model.backprop(shown, trace)
    norms = flow.norms(backward)
    contributions = decompose.contributions(shown, trace, backward)
    print(f"{{kind}}: loss {{trace.loss!r}}")
    for t, token in enumerate(tokens):
        values = {{f"|dL/d{{name}}|": norm[t] for name, norm in norms.items()}}
        values["adds to |dL/dW_h|"] = contributions["W_h"][t]
        print(t + 1, token, *(f"{{name}} {{float(value)!r}}" for name, value in values.items()))
        print("  h", trace.cell.h[t + 1, 0].tolist())
        if kind == "lstm":
            for gate in "ifog":
                print(f"  {{gate}}", getattr(trace.cell, gate)[t, 0].tolist())
            print("  c", trace.cell.c[t + 1, 0].tolist())
'''

FRESH = """    shown = model.init(
        kind, {D}, {H}, {O}, rng=np.random.default_rng([{seed}, model.KINDS.index(kind)]),
        activation={activation!r}, readout={readout!r}, loss={loss!r},
        scheme={scheme!r}, gain={gain!r}, forget_bias={forget_bias!r},
    )"""

LITERAL = """    weights = {{name: np.array(values) for name, values in WEIGHTS[kind].items()}}
    cell = (LSTMParams if kind == "lstm" else RNNParams)(weights["W_x"], weights["W_h"], weights["b"])
    shown = model.Model(
        cell, weights["W_y"], weights["b_y"], activation={activation!r}, readout={readout!r}, loss={loss!r}
    )"""


def script(inspection: Inspection, *, fresh: bool) -> bytes:
    """A Python script on `core` that computes the same numbers from scratch.

    Args:
        inspection: What is on the screen.
        fresh: The weights are the seed's own draw. If not (trained, set by hand, uploaded) they stand in the script.
    """
    shown, settings = inspection.sequence, inspection.settings
    imports, lines = "", []
    if shown.as_read:  # what a network of the learner's own makes of it, or has in its place
        lines.append(f"x = np.array({shown.x.tolist()!r})")
    elif settings.source == "text" and settings.encoding == "embedding" and not settings.trained:
        imports = "from core.text import embedding\n"
        lines.append(f"x = embedding(tokens, {settings.D}, seed={settings.seed})")
    elif settings.source == "text" and not settings.trained:
        imports = "from core.text import Vocabulary, one_hot\n"
        lines.append("x = one_hot(tokens, Vocabulary.of(tokens))")
    else:
        lines.append(f"x = np.array({shown.x.tolist()!r})")
    lines.append(f"y = np.array({shown.y.tolist()!r})")
    facts = _facts(settings, inspection)
    if not fresh:
        imports += "from core.lstm import LSTMParams\nfrom core.rnn import RNNParams\n"
        weights = {run.model.kind: _lists(model.parameters(run.model)) for run in inspection.runs}
        lines.append(f"WEIGHTS = {weights!r}")
    source = SCRIPT.format(
        imports=imports,
        tokens=tuple(shown.labels),
        sequence="\n".join(lines),
        kinds=tuple(run.model.kind for run in inspection.runs),
        weights=(FRESH if fresh else LITERAL).format(**facts),
    )
    return source.encode()


def _facts(settings: Settings, inspection: Inspection) -> dict[str, Any]:
    shown = inspection.sequence
    facts = {f.name: getattr(settings, f.name) for f in fields(Settings)}
    return facts | {"D": shown.x.shape[2], "O": shown.O, "readout": shown.readout, "loss": shown.loss}


def _lists(arrays: Mapping[str, Array]) -> dict[str, Any]:
    return {name: array.tolist() for name, array in arrays.items()}
