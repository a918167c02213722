"""One use of a weight nudged, and all of them: against whole runs with other weights, and against the gradient."""

from __future__ import annotations

import numpy as np
import pytest

from core import model
from core.decompose import immediate
from core.nudges import nudge_each, nudge_use, nudge_weight

BY = (-0.1, 0.0, 1e-5, 0.1)


def run(readout="every", loss="bce", activation="tanh", *, B=1, kind="rnn", O=1):  # noqa: E741
    """A small network with its target, trace and backward pass."""
    rng = np.random.default_rng(4)
    net = model.init(kind, 2, 3, O, rng=rng, activation=activation, readout=readout, loss=loss)
    steps = (4,) if readout == "every" else ()
    y = rng.integers(0, O, (*steps, B)) if loss == "softmax" else rng.integers(0, 2, (*steps, B, O)).astype(float)
    trace = model.run(net, rng.normal(size=(4, B, 2)), y)
    return net, trace, y, model.backprop(net, trace)


@pytest.mark.parametrize("readout", model.READOUTS)
@pytest.mark.parametrize(("loss", "outputs"), [("bce", 1), ("softmax", 3), ("mse", 2)])
def test_the_weight_nudged_is_the_run_with_another_weight(readout, loss, outputs):
    """States, outputs and losses are those of a network whose entry is larger by the nudge."""
    net, trace, y, _ = run(readout, loss, O=outputs)
    found = nudge_weight(net, trace, y, (1, 2), BY)
    for k, by in enumerate(BY):
        W_h = net.cell.W_h.copy()
        W_h[1, 2] += by
        other = model.run(model.with_parameters(net, {"W_h": W_h}), trace.cell.x, y)
        np.testing.assert_allclose(found.h[:, k], other.cell.h[:, 0], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(found.y_hat[:, k], other.y_hat[:, 0], rtol=1e-12)
        np.testing.assert_allclose(found.losses[:, k], other.losses[:, 0], rtol=1e-12)
        assert found.loss[k] == pytest.approx(other.loss, rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "identity"])
def test_one_use_nudged_measures_its_share(activation):
    """A tiny nudge at step t moves the loss by what step t adds to the gradient; nothing before it moves."""
    net, trace, y, backward = run(activation=activation)
    for t in range(1, 5):
        found = nudge_use(net, trace, y, (0, 1), t, (-1e-5, 1e-5))
        share = immediate(net, trace, backward)["W_h"][t - 1, 0, 1]
        assert (found.loss[1] - found.loss[0]) / 2e-5 == pytest.approx(share, rel=1e-6, abs=1e-9)
        np.testing.assert_array_equal(found.h[:t], np.repeat(trace.cell.h[:t], 2, axis=1))


def test_a_use_follows_the_cell_with_another_weight_at_that_step():
    """The state of the nudged step is that of the cell with the larger entry; the steps after it have the old one."""
    net, trace, y, _ = run()
    found = nudge_use(net, trace, y, (2, 0), 3, (0.1,))
    W_h = net.cell.W_h.copy()
    W_h[2, 0] += 0.1
    h, x, cell = trace.cell.h[:, 0], trace.cell.x[:, 0], net.cell
    third = np.tanh(x[2] @ cell.W_x + h[2] @ W_h + cell.b)
    np.testing.assert_allclose(found.h[3, 0], third)
    np.testing.assert_allclose(found.h[4, 0], np.tanh(x[3] @ cell.W_x + third @ cell.W_h + cell.b))


@pytest.mark.parametrize("readout", model.READOUTS)
def test_all_at_once_is_one_by_one(readout):
    """Nudging each use and then the weight, of several entries, gives in one run what it gives one after the other."""
    net, trace, y, _ = run(readout, O=2, loss="mse")
    by = {(1, 2): BY, (0, 0): BY[:2], (2, 1): (0.3,)}
    found = nudge_each(net, trace, y, by)
    assert found.keys() == by.keys()
    for entry, nudges in by.items():
        singly = [nudge_use(net, trace, y, entry, t, nudges) for t in range(1, 5)]
        singly.append(nudge_weight(net, trace, y, entry, nudges))
        for part, axis in {"h": 1, "y_hat": 1, "losses": 1, "loss": 0}.items():
            together = np.stack([getattr(other, part) for other in singly], axis=axis)
            np.testing.assert_allclose(getattr(found[entry], part), together, rtol=1e-13, atol=1e-15)


def test_what_is_not_there_is_named():
    """A step, an entry, a batch or a cell that cannot be nudged gets a sentence."""
    net, trace, y, _ = run()
    with pytest.raises(ValueError, match="from 1 to T = 4, got 5"):
        nudge_use(net, trace, y, (0, 0), 5, BY)
    with pytest.raises(ValueError, match=r"from 0 to 2, got \(0, 3\)"):
        nudge_weight(net, trace, y, (0, 3), BY)
    for parts in (run(B=2), run(kind="lstm")):
        with pytest.raises(ValueError, match="expected an RNN's run of one sequence"):
            nudge_weight(*parts[:3], (0, 0), BY)
