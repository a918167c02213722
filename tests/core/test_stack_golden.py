"""`core.stack` against stored PyTorch traces (made by `golden/make_stacks.py`), tensor by tensor."""

from pathlib import Path

import numpy as np
import pytest

from core import stack, torch_weights
from core.stack import States

GOLDEN = Path(__file__).parent / "golden"
CASES = [(cell, shape) for cell in ("rnn", "gru", "lstm") for shape in ("both", "deep")]


@pytest.fixture(params=CASES, ids="-".join)
def stored(request):
    """One golden file as a dict, with our stack of its weights."""
    with np.load(GOLDEN / f"stack-{'-'.join(request.param)}.npz", allow_pickle=False) as file:
        arrays = dict(file)
    return arrays, torch_weights.from_torch(arrays, "state/")


def same(name, ours, expected):
    """Equal to 1e-13, as numbers of about 1 are."""
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-13, err_msg=name)


def states(arrays, h, c):
    """States or their gradients under PyTorch's names."""
    return States(tuple(arrays[h]), tuple(arrays.get(c, ())))


def test_outputs_and_last_states_agree_with_pytorch(stored):
    """`output`, `h_n` and `c_n` of every layer and direction, padding included, are PyTorch's."""
    arrays, params = stored
    trace = stack.forward(params, arrays["x"], states(arrays, "h_0", "c_0"), arrays["lengths"])
    same("output", trace.output, arrays["output"])
    same("h_n", np.stack(trace.last.h), arrays["h_n"])
    if "c_n" in arrays:
        same("c_n", np.stack(trace.last.c), arrays["c_n"])


def test_every_gradient_agrees_with_pytorch(stored):
    """Gradients that enter at output, h_n and c_n reach weights, inputs and first states as in PyTorch."""
    arrays, params = stored
    trace = stack.forward(params, arrays["x"], states(arrays, "h_0", "c_0"), arrays["lengths"])
    back = stack.backward(params, trace, arrays["doutput"], states(arrays, "dh_n", "dc_n"))
    same("dx", back.dx, arrays["dx"])
    same("dh_0", np.stack(back.dstates.h), arrays["dh_0"])
    if "c_n" in arrays:
        same("dc_0", np.stack(back.dstates.c), arrays["dc_0"])
    H = params.parts[0].H
    for name, ours in torch_weights.to_torch(back.grads).items():
        expected = arrays[f"dstate/{name}"]
        if name.startswith("bias_hh"):  # acts by its sum with the other, but for the candidate of a GRU
            if params.kind == "gru":
                same(name, ours[2 * H :], expected[2 * H :])
            continue
        same(name, ours, expected)


def test_padding_is_not_read(stored):
    """NaN in the padding changes no result."""
    arrays, params = stored
    spoiled = arrays["x"].copy()
    spoiled[np.arange(len(spoiled))[:, None] >= arrays["lengths"]] = np.nan
    trace = stack.forward(params, spoiled, states(arrays, "h_0", "c_0"), arrays["lengths"])
    same("output", trace.output, arrays["output"])
    assert np.isfinite(trace.x).all()
