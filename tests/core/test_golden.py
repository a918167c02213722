"""`core` against stored PyTorch traces (made by `golden/make.py`), tensor by tensor."""

from pathlib import Path

import numpy as np
import pytest

from core import gru, lstm, model, rnn

GOLDEN = Path(__file__).parent / "golden"
CELLS = ("rnn-tanh", "rnn-relu", "lstm", "gru", "gru-2014")
TOLERANCE = {"float64": {"rtol": 1e-12, "atol": 1e-14}, "float32": {"rtol": 2e-5, "atol": 1e-6}}
HINT = {
    "gates": "gate order (ours i, f, o, g and r, z, n) or a sigmoid where tanh belongs",
    "c": "F5 of core.lstm",
    "h": "F6 of core.lstm, F2 of core.rnn",
    "dlogits": "B13 of core.model or the loss's own gradient",
    "dc": "B2 or B8 of core.lstm",
    "dh": "B1 or the product with W_hᵀ",
    "da": "B3-B6 of core.lstm, B2 of core.rnn, B2-B7 of core.gru",
}


@pytest.fixture(params=[(cell, dtype) for cell in CELLS for dtype in TOLERANCE], ids="-".join)
def stored(request):
    """One golden file as a dict, with the cell's name and a comparison at its dtype's tolerance."""
    cell, dtype = request.param
    with np.load(GOLDEN / f"{cell}-{dtype}.npz", allow_pickle=False) as file:
        arrays = dict(file)

    def same(name, ours, expected):
        assert ours.dtype == dtype, f"{name}: float32 must follow the input"
        np.testing.assert_allclose(
            ours, expected, **TOLERANCE[dtype], err_msg=f"{name}: look at {HINT.get(name, name)}"
        )

    return cell, arrays, same


def gru_2014(weight_ih, weight_hh, bias_ih, bias_hh):
    """The weights of the GRU that PyTorch lacks: both biases add up in every block."""
    return gru.GRUParams(weight_ih.T, weight_hh.T, bias_ih + bias_hh)


CONVERT = {"rnn-tanh": rnn.from_torch, "rnn-relu": rnn.from_torch, "lstm": lstm.from_torch, "gru": gru.from_torch}
CONVERT |= {"gru-2014": gru_2014}


def in_torch_layout(cell, grads):
    """The gradients of PyTorch's four arrays, from ours. Two biases whose sum acts each have the whole gradient."""
    if cell.startswith("gru"):
        return grads.W_x.T, grads.W_h.T, grads.b[: 3 * 4], np.concatenate([grads.b[: 2 * 4], grads.b[-4:]])
    weight_ih, weight_hh, bias, _ = (lstm if cell == "lstm" else rnn).to_torch(grads)
    return weight_ih, weight_hh, bias, bias


def our_model(cell, arrays, *, readout="every", loss="bce"):
    """The stored weights as a `core` model."""
    weights = CONVERT[cell](*(arrays[name] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")))
    phi = cell.removeprefix("rnn-") if cell.startswith("rnn") else "tanh"
    return model.Model(weights, arrays["W_y"], arrays["b_y"], phi, readout, loss)


def run(ours, cell, arrays, y=None):
    """Our trace of the stored sequence from the stored initial states."""
    return model.run(ours, arrays["x"], y, arrays["h0"], arrays["c0"] if cell == "lstm" else None)


def in_our_order(array):
    """PyTorch's blocks i, f, g, o along the last axis as i, f, o, g."""
    i, f, g, o = np.split(array, 4, axis=-1)
    return np.concatenate([i, f, o, g], axis=-1)


def test_states_and_gates_agree_with_pytorch(stored):
    """Every state, gate and pre-activation of every step is PyTorch's."""
    cell, arrays, same = stored
    ours = our_model(cell, arrays)
    trace = run(ours, cell, arrays).cell
    same("h", trace.h[0], arrays["h0"])
    same("h", trace.h[1:], arrays["h"])
    if cell == "lstm":
        same("c", trace.c[0], arrays["c0"])
        same("c", trace.c[1:], arrays["c"])
        same("tanh_c", trace.tanh_c, np.tanh(arrays["c"]))
        i, f, g, o = np.split(arrays["gates"], 4, axis=-1)
        for name, gate in (("i", i), ("f", f), ("o", o), ("g", g)):
            same("gates", getattr(trace, name), gate)
        same("a", lstm.pre_activations(ours.cell, trace), in_our_order(arrays["a"]))
    elif cell.startswith("gru"):
        same("gates", trace.gates, arrays["gates"])
        same("u", trace.u, arrays["u"] if cell == "gru" else np.concatenate([arrays["h0"][None], arrays["h"][:-1]]))
    else:
        same("a", trace.a, arrays["a"])


@pytest.mark.parametrize("readout", model.READOUTS)
@pytest.mark.parametrize("loss", ["bce", "softmax", "mse"])
def test_loss_and_every_gradient_agree_with_pytorch(stored, loss, readout):
    """Logits, loss, deltas, and the gradients of all weights, inputs and initial states are PyTorch's."""
    cell, arrays, same = stored
    expected = {name: arrays[f"{loss}-{readout}/{name}"] for name in ("y", "logits", "loss", "dlogits", "dh", "da")}
    ours = our_model(cell, arrays, readout=readout, loss=loss)
    trace = run(ours, cell, arrays, expected["y"][-1] if readout == "last" else expected["y"])
    back = model.backprop(ours, trace)
    same("logits", trace.logits, expected["logits"])
    same("loss", np.asarray(trace.loss, expected["loss"].dtype), expected["loss"])
    same("dlogits", trace.dlogits, expected["dlogits"])
    same("dh", back.cell.dh, expected["dh"])
    da = in_our_order(expected["da"]) if cell == "lstm" else expected["da"]
    same("da", back.cell.da, np.concatenate([da, arrays[f"{loss}-{readout}/du"]], axis=-1) if cell == "gru" else da)
    for name in ("dx", "dh0", *(("dc0", "dc") if cell == "lstm" else ())):
        same(name, getattr(back.cell, name), arrays[f"{loss}-{readout}/{name}"])
    for name in ("W_y", "b_y"):
        same(f"d{name}", back.grads[name], arrays[f"{loss}-{readout}/d{name}"])
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    for name, ours_ in zip(names, in_torch_layout(cell, back.cell.grads), strict=True):
        same(f"d{name}", ours_, arrays[f"{loss}-{readout}/d{name}"])


@pytest.mark.parametrize("cell", CELLS)
def test_golden_files_hold_what_the_script_writes(cell):
    """Each file has B > 1 sequences, initial states that are not zero, and the same arrays in both dtypes."""
    files = [np.load(GOLDEN / f"{cell}-{dtype}.npz", allow_pickle=False) for dtype in TOLERANCE]
    assert files[0].files == files[1].files
    for file in files:
        assert file["x"].shape[1] > 1
        assert np.abs(file["h0"]).min() > 0
        file.close()
