"""Make the stored PyTorch traces that `tests/core/test_golden.py` compares `core` with.

PyTorch is not a dependency of the project. To make the files again, in an environment of its own:

    python -m venv torch-env && torch-env/bin/pip install torch==2.13.0 numpy
    torch-env/bin/python tests/core/golden/make.py

One file per cell and dtype, ``{cell}-{dtype}.npz``, plain arrays only. It holds the inputs (x, h0, c0, the weights in
PyTorch's own layout, read-out W_y (H, O) and b_y), the states and, under ``{loss}-{readout}/``, the targets, logits,
loss and every gradient. Layer and gradients come from `torch.nn`; what `torch.nn` hides (gates, their gradients, the
totals that arrive at each state) comes from the same cell written out step by step, after asserting that both agree.
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - PyTorch's own habit

T, B, D, H, O = 6, 3, 2, 4, 3  # noqa: E741 - field notation
HERE = Path(__file__).parent
LOSSES = {
    "bce": lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="sum") / B,
    "softmax": lambda z, y: F.cross_entropy(z.reshape(-1, O), y.reshape(-1), reduction="sum") / B,
    "mse": lambda z, y: F.mse_loss(z, y, reduction="sum") / (O * B),
}


def layer(cell: str, dtype: torch.dtype) -> torch.nn.RNNBase:
    """The PyTorch layer, weights drawn from its own default scheme."""
    if cell == "lstm":
        return torch.nn.LSTM(D, H, dtype=dtype)
    if cell.startswith("gru"):
        return torch.nn.GRU(D, H, dtype=dtype)
    return torch.nn.RNN(D, H, nonlinearity=cell.removeprefix("rnn-"), dtype=dtype)


def unrolled(net, cell, x, h, c):
    """The same layer written out, every intermediate kept with its gradient: a dict of lists over time."""
    kept = {name: [] for name in ("h", "a", "c", "gates", "u")}

    def keep(name, value):
        value.retain_grad()
        kept[name].append(value)
        return value

    for x_t in x:
        if cell.startswith("gru"):
            h = keep("h", gru_step(net, cell, x_t, h, keep))
            continue
        a = keep("a", x_t @ net.weight_ih_l0.T + net.bias_ih_l0 + h @ net.weight_hh_l0.T + net.bias_hh_l0)
        if cell == "lstm":
            i, f, g, o = a.chunk(4, dim=-1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            keep("gates", torch.cat([i, f, g, o], dim=-1))
            c = keep("c", f * c + i * g)
            h = keep("h", o * c.tanh())
        else:
            h = keep("h", a.tanh() if cell == "rnn-tanh" else a.relu())
    return kept


def gru_step(net, cell, x_t, h, keep):
    """One GRU step in PyTorch's form or in that of 2014, which `torch.nn` lacks; its second bias adds to the first.

    What is kept as a holds the input's part alone; its gradient is that of the whole. u is what r multiplies.
    """
    after, H_n = cell == "gru", slice(2 * H, 3 * H)
    a = keep("a", x_t @ net.weight_ih_l0.T + net.bias_ih_l0)
    recurrent = h @ net.weight_hh_l0.T + net.bias_hh_l0
    r, z = (a + recurrent)[..., : 2 * H].sigmoid().chunk(2, dim=-1)
    if after:
        n = (a[..., H_n] + r * keep("u", recurrent[..., H_n])).tanh()
    else:
        n = (a[..., H_n] + (r * h) @ net.weight_hh_l0[H_n].T + net.bias_hh_l0[H_n]).tanh()
    keep("gates", torch.cat([r, z, n], dim=-1))
    return (1 - z) * n + z * h


def case(net, cell, leaves, readout, loss, y):
    """One loss and read-out: logits, loss and every gradient, by name."""
    inputs = ("x", "h0", "c0", "W_y", "b_y") if cell == "lstm" else ("x", "h0", "W_y", "b_y")
    given = {f"d{name}": leaves[name] for name in inputs}
    given |= {f"d{name.removesuffix('_l0')}": weight for name, weight in net.named_parameters()}

    def logits_and_loss(h):
        z = (h if readout == "every" else h[-1:]) @ leaves["W_y"] + leaves["b_y"]
        return z, LOSSES[loss](z, y)

    h0, c0 = leaves["h0"], leaves["c0"]
    if cell == "gru-2014":
        fused = torch.stack(unrolled(net, cell, leaves["x"], h0, c0)["h"])
    else:
        fused = net(leaves["x"], (h0[None], c0[None]) if cell == "lstm" else h0[None])[0]
    z, L = logits_and_loss(fused)
    given["dlogits"] = z
    gradients = torch.autograd.grad(L, list(given.values()))
    record = dict(zip(given, gradients, strict=True)) | {"y": y, "logits": z, "loss": L, "h": fused}

    kept = unrolled(net, cell, leaves["x"], h0, c0)
    torch.testing.assert_close(torch.stack(kept["h"]), fused)
    logits_and_loss(torch.stack(kept["h"]))[1].backward()
    record |= {name: torch.stack(values) for name, values in kept.items() if values and name != "h"}
    for name in ("h", "a", "c", "u"):
        if kept[name]:
            record[f"d{name}"] = torch.stack([value.grad for value in kept[name]])
    return record


def main() -> None:
    """Write all files."""
    for cell in ("rnn-tanh", "rnn-relu", "lstm", "gru", "gru-2014"):
        for dtype in (torch.float64, torch.float32):
            torch.manual_seed(1997)
            net = layer(cell, dtype)
            shapes = {"x": (T, B, D), "h0": (B, H), "c0": (B, H), "W_y": (H, O), "b_y": (O,)}
            leaves = {name: torch.randn(shape, dtype=dtype, requires_grad=True) for name, shape in shapes.items()}
            arrays = dict(leaves)
            arrays |= {name.removesuffix("_l0"): value for name, value in net.named_parameters()}
            for loss in LOSSES:
                for readout, S in (("last", 1), ("every", T)):
                    y = torch.randint(O, (S, B)) if loss == "softmax" else torch.rand(S, B, O, dtype=dtype)
                    for name, value in case(net, cell, leaves, readout, loss, y).items():
                        shared = name in ("h", "a", "c", "gates", "u")
                        arrays[name if shared else f"{loss}-{readout}/{name}"] = value
            stem = f"{cell}-{str(dtype).removeprefix('torch.')}"
            np.savez_compressed(HERE / f"{stem}.npz", **{k: v.detach().numpy() for k, v in arrays.items()})


if __name__ == "__main__":
    main()
