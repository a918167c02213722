"""The numbers on the screen as files: tidy CSV, NPZ, JSON, and a script on `core` that prints them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from core import gru, lstm, model, rnn
from core import network as networks
from core.gru import GRUBackward, GRUTrace
from core.layer import Cell
from core.lstm import GATES, LSTMBackward, LSTMTrace
from core.network import Network
from core.params import Array
from core.rnn import RNNTrace
from dashboard.inspector import network_script
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
    elif isinstance(cell, GRUTrace) and isinstance(back, GRUBackward):
        named |= {gate: getattr(cell, gate)[:, 0] for gate in gru.GATES} | {"u": cell.u[:, 0]}
        H = cell.h.shape[2]
        named |= {f"da_{gate}": gru.block(back.da[..., : 3 * H], gate)[:, 0] for gate in gru.GATES}
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
    tokens = inspection.labels
    steps = np.asarray(inspection.steps)
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
        named = states(run) | summaries(run)
        if not _is_stack(run):
            named |= model.parameters(run.model)
            named |= {f"d{name}": grad for name, grad in run.backward.grads.items()}
        arrays |= {f"{run.model.kind}.{name}": values for name, values in named.items()}
        arrays |= _of_stack(run)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _is_stack(run: Run) -> bool:
    return run.whole is not None and run.whole.stacked


def _of_stack(run: Run) -> dict[str, Array]:
    """Weights of a stack by PyTorch's names, so that the file can be brought again; gradients by ours."""
    if run.whole is None or not run.whole.stacked:
        return {}
    kind = run.model.kind
    grads = {f"{kind}.d{name}": grad for name, grad in run.whole.grads.items()}
    return _weights_of_stack(kind, run.whole.network) | grads


def _weights_of_stack(kind: str, network: Network) -> dict[str, Array]:
    if any(isinstance(cell, gru.GRUParams) and not cell.reset_after for cell in network.stack.parts):
        # PyTorch has no such layer.
        return {f"{kind}.{name}": weight for name, weight in networks.parameters(network).items()}
    named: dict[str, Array] = {}
    for k, cells in enumerate(network.stack.layers):
        for cell, end in zip(cells, ("", "_reverse"), strict=False):
            arrays = zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), _to_torch(cell), strict=True)
            named |= {f"{kind}.{name}_l{k}{end}": array for name, array in arrays}
    return named | {"head.weight": network.W_y.T, "head.bias": network.b_y}


def _to_torch(cell: Cell) -> tuple[Array, Array, Array, Array]:
    if isinstance(cell, gru.GRUParams):
        return gru.to_torch(cell)
    return lstm.to_torch(cell) if isinstance(cell, lstm.LSTMParams) else rnn.to_torch(cell)


def as_json(inspection: Inspection) -> bytes:
    """Settings, sequence and all values as nested lists: what `npz` holds, readable anywhere."""
    shown = inspection.sequence
    document = {
        "settings": inspection.settings.to_query(),
        "tokens": shown.labels,
        "steps": list(inspection.steps),
        "x": shown.x[:, 0].tolist(),
        "y": shown.y.tolist(),
        "models": {run.model.kind: _plain(run) for run in inspection.runs},
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _plain(run: Run) -> dict[str, Any]:
    values = states(run) | summaries(run)
    return {
        "loss": run.loss,
        "y_hat": run.y_hat[:, 0].tolist(),
        "values": {name: _listed(array) for name, array in values.items()},
        "weights": _lists(_weights(run)),
        "gradients": _lists(run.whole.grads if run.whole is not None and run.whole.stacked else run.backward.grads),
    }


def _weights(run: Run) -> Mapping[str, Array]:
    if run.whole is not None and run.whole.stacked:
        return _weights_of_stack(run.model.kind, run.whole.network)
    return model.parameters(run.model)


def _listed(array: Array) -> Any:
    """Nested lists with None for the logarithm of an exact zero, which JSON cannot write."""
    listed = array.astype(object)
    listed[~np.isfinite(array)] = None
    return listed.tolist()


SCRIPT = '''"""Prints the numbers that the Inspector showed. Run it where the package `core` is installed."""

import numpy as np

from core import decompose, flow, model
from core.layer import CELLS
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
        for gate in {{"rnn": "", "lstm": "ifog", "gru": "rzn"}}[kind]:
            print(f"  {{gate}}", getattr(trace.cell, gate)[t, 0].tolist())
        if kind == "lstm":
            print("  c", trace.cell.c[t + 1, 0].tolist())
'''

FRESH = """    shown = model.init(
        kind, {D}, {H}, {O}, rng=np.random.default_rng([{seed}, CELLS.index(kind)]),
        activation={activation!r}, readout={readout!r}, loss={loss!r},
        scheme={scheme!r}, gain={gain!r}, forget_bias={forget_bias!r},
    )"""

LITERAL = """    weights = {{name: np.array(values) for name, values in WEIGHTS[kind].items()}}
    made = {{"rnn": RNNParams, "lstm": LSTMParams, "gru": GRUParams}}[kind]
    cell = made(weights["W_x"], weights["W_h"], weights["b"])
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
    if any(run.whole is not None for run in inspection.runs):
        return network_script.script(inspection)
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
        imports += "from core.gru import GRUParams\nfrom core.lstm import LSTMParams\nfrom core.rnn import RNNParams\n"
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
