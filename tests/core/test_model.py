"""Read-out, loss and wiring of a whole model (its gradients are in test_proofs and test_golden)."""

from dataclasses import replace

import numpy as np
import pytest

from core import layer, lstm, model, rnn

T, B, D, H, O = 4, 3, 2, 5, 3  # noqa: E741 - field notation
X = np.random.default_rng(9).normal(size=(T, B, D))


def fresh(kind="lstm", **settings):
    """A model from a fixed seed."""
    return model.init(kind, D, H, O, rng=np.random.default_rng(1), **settings)


@pytest.mark.parametrize("kind", layer.CELLS)
def test_the_readout_reads_the_chosen_states(kind):
    """Logits are h W_y + b_y, at the last step only or at each."""
    for readout, first in (("last", -1), ("every", 1)):
        net = fresh(kind, readout=readout)
        net = model.with_parameters(net, {"b_y": np.arange(3.0)})
        trace = model.run(net, X)
        np.testing.assert_allclose(trace.logits, trace.cell.h[first:] @ net.W_y + np.arange(3), rtol=1e-13)


@pytest.mark.parametrize("loss", ["bce", "softmax", "mse"])
def test_without_a_target_there_is_a_prediction_and_no_loss(loss):
    """run() without y gives the same prediction as with y, and nothing to backpropagate."""
    net = fresh(loss=loss, readout="every")
    bare = model.run(net, X)
    y = np.zeros((T, B), int) if loss == "softmax" else np.zeros((T, B, O))
    np.testing.assert_array_equal(bare.y_hat, model.run(net, X, y).y_hat)
    assert bare.loss is bare.losses is bare.dlogits is None
    with pytest.raises(ValueError, match=r"trace: it has no loss to backpropagate\. Give run\(\) a target y"):
        model.backprop(net, bare)


def test_the_loss_is_the_batch_mean_of_the_sums_over_steps():
    """Repeating the batch leaves L and every gradient as they are; each step's own loss is in `losses`."""
    net = fresh(loss="softmax", readout="every")
    y = np.random.default_rng(0).integers(O, size=(T, B))
    once, twice = model.run(net, X, y), model.run(net, np.tile(X, (1, 2, 1)), np.tile(y, 2))
    assert once.losses.shape == (T, B)
    assert once.loss == pytest.approx(once.losses.sum(axis=0).mean(), rel=1e-14)
    assert twice.loss == pytest.approx(once.loss, rel=1e-14)
    for name, gradient in model.backprop(net, once).grads.items():
        np.testing.assert_allclose(model.backprop(net, twice).grads[name], gradient, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("readout", model.READOUTS)
def test_the_mean_over_steps_is_the_sum_divided_by_their_number(readout):
    """Loss and every gradient alike; one scored step is its own mean."""
    net, n = fresh(readout=readout, loss="mse"), T if readout == "every" else 1
    y = np.random.default_rng(0).normal(size=(T, B, O) if readout == "every" else (B, O))
    mean = replace(net, over_steps="mean")
    summed, averaged = model.run(net, X, y), model.run(mean, X, y)
    assert averaged.loss == pytest.approx(summed.loss / n, rel=1e-14)
    np.testing.assert_array_equal(averaged.losses, summed.losses)
    for name, grad in model.backprop(net, summed).grads.items():
        np.testing.assert_allclose(model.backprop(mean, averaged).grads[name], grad / n, rtol=1e-12, atol=1e-16)


def test_only_scored_steps_send_a_gradient():
    """With a read-out at the last step dh_out is zero before it."""
    net = fresh()
    back = model.backprop(net, model.run(net, X, np.ones((B, O))))
    assert back.dh_out.shape == (T, B, H)
    assert not back.dh_out[:-1].any()
    assert back.dh_out[-1].all()


@pytest.mark.parametrize("kind", layer.CELLS)
def test_initial_states_reach_the_layer(kind):
    """h0 and, for the LSTM, c0 are row 0 of the trace."""
    h0, c0 = np.ones((B, H)), np.full((B, H), 2.0)
    trace = model.run(fresh(kind), X, h0=h0, c0=c0 if kind == "lstm" else None).cell
    np.testing.assert_array_equal(trace.h[0], h0)
    if kind == "lstm":
        np.testing.assert_array_equal(trace.c[0], c0)


def test_float32_follows_the_input():
    """A float64 model on float32 input runs and differentiates in float32."""
    net = fresh(loss="mse")
    trace = model.run(net, X.astype(np.float32), np.ones((B, O)))
    back = model.backprop(net, trace)
    for array in (trace.logits, trace.y_hat, trace.losses, trace.dlogits, back.dh_out, *back.grads.values()):
        assert array.dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", layer.CELLS)
def test_init_passes_every_setting_on(kind, dtype):
    """Sizes, kind, wiring, scheme, gain, forget bias and dtype arrive, and a seed repeats the draw."""
    net = fresh(kind, activation="relu", readout="every", loss="mse", scheme="identity", gain=0.5, dtype=dtype)
    assert (net.kind, net.sizes, net.activation, net.readout, net.loss) == (kind, (D, H, O), "relu", "every", "mse")
    np.testing.assert_array_equal(net.cell.W_h[:, :H], 0.5 * np.eye(H))
    assert {array.dtype for array in model.parameters(net).values()} == {np.dtype(dtype)}
    if kind == "lstm":
        np.testing.assert_array_equal(lstm.block(fresh(kind, forget_bias=3).cell.b, "f"), 3)
    for name, array in model.parameters(fresh(kind)).items():
        np.testing.assert_array_equal(array, model.parameters(fresh(kind))[name])
    assert np.abs(net.W_y).max() <= 1 / np.sqrt(H)


@pytest.mark.parametrize("kind", layer.CELLS)
def test_parameters_can_be_replaced_by_name(kind):
    """with_parameters changes the named arrays, keeps the rest, and leaves the old model as it was."""
    net = fresh(kind)
    before = {name: array.copy() for name, array in model.parameters(net).items()}
    other = model.with_parameters(net, {"W_h": 2 * net.cell.W_h, "b_y": np.ones(O)})
    np.testing.assert_array_equal(other.cell.W_h, 2 * net.cell.W_h)
    np.testing.assert_array_equal(other.b_y, 1)
    assert other.W_y is net.W_y
    assert (other.kind, other.readout, other.loss) == (net.kind, net.readout, net.loss)
    for name, array in model.parameters(net).items():
        np.testing.assert_array_equal(array, before[name])
    assert set(model.backprop(net, model.run(net, X, np.ones((B, O)))).grads) == set(before)


def test_the_layer_alone_takes_any_upstream_gradient():
    """backward_layer is the cell's own backward pass."""
    dh_out = np.random.default_rng(2).normal(size=(T, B, H))
    for kind, cell in layer.MODULES.items():
        net = fresh(kind)
        trace = model.run(net, X)
        ours, expected = model.backward_layer(net, trace, dh_out), cell.backward(net.cell, trace.cell, dh_out)
        np.testing.assert_array_equal(ours.dx, expected.dx)


CELL = rnn.init(D, H, rng=np.random.default_rng(0))
BAD_CALLS = {
    "kind": (lambda: fresh("ntm"), r"kind: 'ntm' is not known\. Choose one of rnn, lstm, gru"),
    "readout": (lambda: fresh(readout="first"), r"readout: 'first' is not known\. Choose one of last, every"),
    "loss": (lambda: fresh(loss="hinge"), r"loss: 'hinge' is not known\. Choose one of bce, softmax, mse"),
    "over_steps": (
        lambda: replace(fresh(), over_steps="max"),
        r"over_steps: 'max' is not known\. Choose one of sum, m",
    ),
    "activation": (lambda: fresh("rnn", activation="gelu"), r"activation: 'gelu' is not known\. Choose one of tanh"),
    "O = 0": (
        lambda: model.init("rnn", D, H, 0, rng=np.random.default_rng(0)),
        r"O: expected a whole number of at least 1, got 0",
    ),
    "H = 0": (
        lambda: model.init("lstm", D, 0, O, rng=np.random.default_rng(0)),
        r"H: expected a whole number of at least 1, got 0",
    ),
    "W_y of another H": (
        lambda: model.Model(CELL, np.ones((2, O)), np.ones(O)),
        r"Model: expected W_y \(5, O\), b_y \(O,\), got \(2, 3\), \(3,\)\. Give W_y one row per unit",
    ),
    "b_y of another O": (
        lambda: model.Model(CELL, np.ones((H, O)), np.ones(1)),
        r"Model: expected W_y .* got \(5, 3\), \(1,\)",
    ),
    "c0 for an RNN": (
        lambda: model.run(fresh("rnn"), X, c0=np.ones((B, H))),
        r"c0: the RNN has no cell state\. Leave c0 out",
    ),
    "c0 for a GRU": (
        lambda: model.run(fresh("gru"), X, c0=np.ones((B, H))),
        r"c0: the GRU has no cell state\. Leave c0 out or use an LSTM",
    ),
    "y of another batch": (
        lambda: model.run(fresh(), X, np.ones((1, O))),
        r"y: expected shape \(B, O\) = \(3, 3\), got",
    ),
    "label out of range": (
        lambda: model.run(fresh(loss="softmax"), X, [0, 1, 3]),
        r"y: expected labels from 0 to 2 for 3 outputs, got 3",
    ),
    "T = 0": (lambda: model.run(fresh(), X[:0]), r"x: T is 0"),
    "another cell's trace": (
        lambda: model.backprop(fresh("rnn"), model.run(fresh("lstm"), X, np.ones((B, O)))),
        r"trace: made by another cell than the model's rnn\. Run the model first",
    ),
    "unknown parameter": (
        lambda: model.with_parameters(fresh(), {"W": np.ones(1)}),
        r"values: unknown parameter 'W'\. Expected W_x, W_h, b, W_y, b_y",
    ),
    "parameter of another shape": (
        lambda: model.with_parameters(fresh(), {"W_h": np.ones((2, 2))}),
        r"LSTMParams: expected",
    ),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_arguments_are_named_at_the_boundary(call, message):
    """The error names the argument, what came, what was expected and how to mend it."""
    with pytest.raises(ValueError, match=message):
        call()
