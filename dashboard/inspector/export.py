"""The numbers on the screen as files: tidy CSV, NPZ, JSON, and a script on `core` that prints them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from core import gru, lstm, model, rnn
from core import network as networks
from core.gru import GRUBackward, GRUTrace
from core.layer import Cell
from core.lstm import GATES, LSTMBackward, LSTMParams, LSTMTrace
from core.network import Network
from core.params import Array
from core.rnn import RNNTrace
from dashboard.inspector import network_script
from dashboard.kit.run.compute import Inspection, Run
from dashboard.kit.run.settings import Settings


def states(run: Run) -> dict[str, Array]:
    """Every value that a unit has at a step, by its name in the exports: each (T, H)."""
    cell, back = run.trace.cell, run.backward.cell
    named: dict[str, Array] = {"h": cell.h[1:, 0], "dh": back.dh[:, 0], "dh_out": run.backward.dh_out[:, 0]}
    if isinstance(cell, LSTMTrace) and isinstance(back, LSTMBackward):
        named |= {gate: getattr(cell, gate)[:, 0] for gate in GATES}
        named |= {"c": cell.c[1:, 0], "tanh_c": cell.tanh_c[:, 0], "dc": back.dc[:, 0]}
        named |= {f"da_{gate}": lstm.block(back.da, gate)[:, 0] for gate in GATES}
        if isinstance(run.model.cell, LSTMParams):
            a = lstm.pre_activations(run.model.cell, cell)
            named |= {f"a_{gate}": lstm.block(a, gate)[:, 0] for gate in GATES}
    elif isinstance(cell, GRUTrace) and isinstance(back, GRUBackward):
        named |= {gate: getattr(cell, gate)[:, 0] for gate in gru.GATES} | {"u": cell.u[:, 0]}
        H = cell.h.shape[2]
        named |= {f"da_{gate}": gru.block(back.da[..., : 3 * H], gate)[:, 0] for gate in gru.GATES}
    elif isinstance(cell, RNNTrace):
        named |= {"a": cell.a[:, 0], "da": back.da[:, 0]}
    return named


def summaries(run: Run) -> dict[str, Array]:
    """Every value that a step has: gradient norms, contributions and Jacobians, each (T,).

    Of a step's Jacobian all singular values come, the largest first: (T, n).
    """
    named = {f"norm_d{name}": values for name, values in run.norms.items()}
    named |= {f"contribution_{name}": values for name, values in run.contributions.items()}
    if run.has_spectrum:
        named["jacobian_sigma_max"] = run.spectrum.values[:, 0]
        named["jacobian_sigma"] = run.spectrum.values
        named["product_log10_sigma_max"] = run.spectrum.product_log10
    return named


def outputs(run: Run) -> dict[str, Array]:
    """Every value that a scored step has, the last ones of the sequence: each (S, O), the losses (S,)."""
    if run.whole is not None:  # its read-out is that of all its parts, and may stand at any step
        return {}
    trace = run.trace
    named = {"z": trace.logits[:, 0], "y_hat": trace.y_hat[:, 0]}
    if trace.losses is not None and trace.dlogits is not None:
        named |= {"step_loss": trace.losses[:, 0], "dz": trace.dlogits[:, 0]}
    return named


def totals(run: Run) -> dict[str, float]:
    """Every value that a run has once."""
    named = {"loss": run.loss, "gradient_check": run.check}
    named |= {f"reach_d{name}": ratio for name, ratio in run.reach.items()}
    named |= {f"norm_total_d{name}": float(np.linalg.norm(grad)) for name, grad in run.backward.grads.items()}
    if run.has_spectrum:
        named["horizon"] = run.spectrum.horizon
    return named


def tidy(inspection: Inspection) -> pd.DataFrame:
    """One row a value: model, quantity, step, token, unit, value.

    ``unit`` is empty where a step has one value, ``step`` where the run has. Of an output it is the output's number, of
    `jacobian_sigma` the singular value's, 0 the largest.
    """
    tokens, steps = inspection.labels, np.asarray(inspection.steps)
    parts = []
    for run in inspection.runs:
        parts += [
            _rows(run, name, values, tokens, steps)
            for name, values in (states(run) | summaries(run) | outputs(run)).items()
        ]
        once = totals(run)
        parts.append(
            pd.DataFrame({"model": run.name, "quantity": list(once), "token": "", "value": list(once.values())})
        )
    together = pd.concat(parts, ignore_index=True).astype({"step": "Int64", "unit": "Int64"})
    return together[["model", "quantity", "step", "token", "unit", "value"]]


def _rows(run: Run, name: str, values: Array, tokens: Sequence[str], steps: Array) -> pd.DataFrame:
    """The rows of one quantity, which stands at the last steps."""
    columns = values.reshape(len(values), -1)
    S, n = columns.shape
    rows = {
        "model": run.name,
        "quantity": name,
        "step": np.repeat(steps[len(steps) - S :], n),
        "token": np.repeat(np.asarray(tokens[len(tokens) - S :], dtype=object), n),
        "unit": np.tile(np.arange(n), S) if values.ndim == 2 else np.full(S, None),
        "value": columns.ravel(),
    }
    return pd.DataFrame(rows).astype({"unit": "Int64"})


def csv(inspection: Inspection) -> bytes:
    """`tidy` as CSV in UTF-8, every digit of every float."""
    return bytes(tidy(inspection).to_csv(index=False).encode())


def npz(inspection: Inspection) -> bytes:
    """Arrays by name (``lstm.f`` and so on) with input, target, tokens and weights; opens without pickle."""
    shown = inspection.sequence
    arrays: dict[str, Any] = {"x": shown.x, "y": shown.y, "tokens": np.array(shown.labels, dtype=np.str_)}
    if (batch := shown.batch) is not None:
        arrays |= {"batch.x": batch.x, "batch.y": batch.y, "batch.lengths": batch.lengths, "batch.shown": batch.b}
    for run in inspection.runs:
        named = states(run) | summaries(run) | outputs(run)
        named |= {name: np.array(value) for name, value in totals(run).items()}
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
    values = states(run) | summaries(run) | outputs(run)
    return {
        "loss": run.loss,
        "y_hat": run.y_hat[:, 0].tolist(),
        "totals": {name: value if np.isfinite(value) else None for name, value in totals(run).items()},
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

from core import decompose, flow, gradcheck, gru, jacobian, lstm, model
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
    cell, back = trace.cell, backward.cell
    states = {{"h": cell.h[1:], "dh": back.dh, "dh_out": backward.dh_out}}
    if kind == "lstm":
        states |= {{gate: getattr(cell, gate) for gate in "ifog"}}
        states |= {{"c": cell.c[1:], "tanh_c": cell.tanh_c, "dc": back.dc}}
        a = lstm.pre_activations(shown.cell, cell)
        states |= {{f"a_{{gate}}": lstm.block(a, gate) for gate in "ifog"}}
        states |= {{f"da_{{gate}}": lstm.block(back.da, gate) for gate in "ifog"}}
    elif kind == "gru":
        states |= {{gate: getattr(cell, gate) for gate in "rzn"}} | {{"u": cell.u}}
        states |= {{f"da_{{gate}}": gru.block(back.da[..., : 3 * cell.h.shape[2]], gate) for gate in "rzn"}}
    else:
        states |= {{"a": cell.a, "da": back.da}}
    if kind in {spectra!r}:
        J = jacobian.jacobians(shown, trace)
        sigma, product = jacobian.singular_values(J.J), jacobian.running_product(J).largest[1:]
    print(f"{{kind}}: loss {{trace.loss!r}}")
    for t, token in enumerate(tokens):
        values = {{f"|dL/d{{name}}|": norm[t] for name, norm in norms.items()}}
        values |= {{f"adds to |dL/d{{name}}|": added[t] for name, added in contributions.items()}}
        print(t + 1, token, *(f"{{name}} {{float(value)!r}}" for name, value in values.items()))
        for name, values in states.items():
            print(f"  {{name}}", values[t, 0].tolist())
        if kind in {spectra!r}:
            print("  singular values of the Jacobian", sigma[t].tolist())
            print("  log10 of what is left of a gradient", float(product[t]))
    for s in range(len(trace.y_hat)):
        step = len(tokens) - len(trace.y_hat) + s + 1
        print(f"output at step {{step}}: loss {{float(trace.losses[s, 0])!r}}")
        for name, values in (("z", trace.logits), ("y_hat", trace.y_hat), ("dz", trace.dlogits)):
            print(f"  {{name}}", values[s, 0].tolist())
    params, grads, loss = gradcheck.model_loss(shown, x, y)
    check = gradcheck.directional(loss, params, grads, rng=np.random.default_rng(0))
    print("gradient check, relative error", check.relative_error)
    for name, grad in backward.grads.items():
        print(f"|dL/d{{name}}|", float(np.linalg.norm(grad)))
    alone = backward.dh_out.copy()
    alone[:-1] = 0
    last = flow.norms(model.Backward(model.backward_layer(shown, trace, alone), backward.grads, alone))
    for name in ("h", "c"):
        if name in last:
            share = last[name][0] / last[name][-1] if last[name][-1] else 0.0
            print(f"of |dL/d{{name}}| at the last step comes to the first", float(share))
    if kind in {spectra!r}:
        print("falls by e in steps", flow.horizon(10.0 ** np.clip(product, -300, 300)))
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
        spectra=tuple(run.model.kind for run in inspection.runs if run.has_spectrum),
        weights=(FRESH if fresh else LITERAL).format(**facts),
    )
    return source.encode()


def _facts(settings: Settings, inspection: Inspection) -> dict[str, Any]:
    shown = inspection.sequence
    facts = {f.name: getattr(settings, f.name) for f in fields(Settings)}
    return facts | {"D": shown.x.shape[2], "O": shown.O, "readout": shown.readout, "loss": shown.loss}


def _lists(arrays: Mapping[str, Array]) -> dict[str, Any]:
    return {name: array.tolist() for name, array in arrays.items()}
