"""Make the stored PyTorch traces of stacks that `tests/core/test_stack_golden.py` compares `core.stack` with.

Run like `make.py` beside this file, which says how. One file per cell and shape, ``stack-{cell}-{shape}.npz``, float64:
"both" has two layers of two directions and sequences of unequal length (`pack_padded_sequence`), "deep" three layers of
one direction. Each holds the state dict under ``state/``, inputs, states, what enters from the losses (dh_out, dh_n,
dc_n) and all results and gradients of `torch.nn` under the names that PyTorch gives them.
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

T, B, D, H = 6, 4, 3, 5
HERE = Path(__file__).parent
CELLS = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
SHAPES = {"both": (2, True, [6, 2, 5, 1]), "deep": (3, False, [T] * B)}


def main() -> None:
    """Write all files."""
    torch.set_default_dtype(torch.float64)
    for cell, layer in CELLS.items():
        for shape, (layers, bidirectional, lengths) in SHAPES.items():
            torch.manual_seed(1997)
            net = layer(D, H, num_layers=layers, bidirectional=bidirectional)
            parts = layers * (1 + bidirectional)
            leaves = {"x": torch.randn(T, B, D), "h_0": torch.randn(parts, B, H)}
            if cell == "lstm":
                leaves["c_0"] = torch.randn(parts, B, H)
            for leaf in leaves.values():
                leaf.requires_grad_()
            packed = pack_padded_sequence(leaves["x"], lengths, enforce_sorted=False)
            states = (leaves["h_0"], leaves["c_0"]) if cell == "lstm" else leaves["h_0"]
            output, last = net(packed, states)
            given = dict(zip(("h_n", "c_n"), last if cell == "lstm" else (last,), strict=False))
            given = {"output": pad_packed_sequence(output, total_length=T)[0]} | given
            upstream = {f"d{name}": torch.randn_like(value) for name, value in given.items()}
            loss = sum((value * upstream[f"d{name}"]).sum() for name, value in given.items())
            weights = {f"state/{name}": weight for name, weight in net.named_parameters()}
            wanted = leaves | weights
            gradients = dict(zip(wanted, torch.autograd.grad(loss, list(wanted.values())), strict=True))
            arrays = wanted | given | upstream | {f"d{name}": value for name, value in gradients.items()}
            arrays = {name: value.detach().numpy() for name, value in arrays.items()} | {"lengths": np.array(lengths)}
            np.savez_compressed(HERE / f"stack-{cell}-{shape}.npz", **arrays)


if __name__ == "__main__":
    main()
