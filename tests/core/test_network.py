"""Networks as real runs have them, and a layer of one seen as a run of its own."""

from dataclasses import replace

import numpy as np
import pytest
from networks import FORMS, draw_stack, make, random_states

from core import decompose, factors, flow, gradcheck, jacobian, layer, model, network
from core.network import Network
from core.stack import States

T, B, D, O = 5, 3, 2, 2  # noqa: E741 - field notation
LENGTHS = np.array([5, 2, 3])
READOUTS = ("last", "final", "every", 2)


def build(form="lstm", readout="every", loss="mse", over_steps="sum", *, layers=2, bidirectional=True):
    """A network with layers of 3 and 2 units, its input, target and first states."""
    rng, params = np.random.default_rng(0), draw_stack(form, layers, bidirectional)
    net = Network(params, rng.normal(size=(params.sizes[1], O)), rng.normal(size=O), "tanh", readout, loss, over_steps)
    shape = (T, B) if readout == "every" else (B,)
    y = rng.integers(O, size=shape) if loss == "softmax" else rng.uniform(size=(*shape, O))
    return net, rng.normal(size=(T, B, D)), y, random_states(params, rng, B)


def both(net, x, y, states, lengths=None):
    """Trace and backward pass."""
    trace = network.run(net, x, y, states, lengths)
    return trace, network.backprop(net, trace)


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["whole", "padded"])
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_gradients_along_random_directions(form, readout, lengths):
    """Every parameter, through every read-out, padded or not, with the loss summed or averaged over the steps."""
    for loss, over_steps in (("mse", "sum"), ("softmax", "mean"), ("bce", "mean")):
        net, x, y, states = build(form, readout, loss, over_steps)
        grads = both(net, x, y, states, lengths)[1].grads
        params = network.parameters(net)
        assert set(grads) == set(params)
        for name, value in params.items():

            def loss_fn(moved, net=net, x=x, y=y, states=states):
                return network.run(network.with_parameters(net, moved), x, y, states, lengths).loss

            rng = np.random.default_rng(1)
            check = gradcheck.directional(loss_fn, {name: value}, {name: grads[name]}, rng=rng, what=name)
            assert check.ok, str(check)


def test_what_is_read_is_what_pytorch_would_hand_over():
    """output[-1] of each sequence, h_n of both directions, output at a step, all of output."""
    net, x, _, states = build("gru")
    ran = network.run(net, x, None, states, LENGTHS)
    output, parts = ran.stack.output, ran.stack.layers[-1]
    wanted = {
        "last": [output[n - 1, b] for b, n in enumerate(LENGTHS)],
        "final": np.hstack([part.h[-1] for part in parts]),
        2: output[1],
        "every": output,
    }
    for readout, read in wanted.items():
        logits = network.run(replace(net, readout=readout), x, None, states, LENGTHS).logits
        np.testing.assert_allclose(logits.reshape(*np.shape(read)[:-1], O), read @ net.W_y + net.b_y, rtol=1e-12)


@pytest.mark.parametrize("loss", ["mse", "bce", "softmax"])
def test_the_mean_is_over_all_scored_steps(loss):
    """Padding has no loss and does not count, whatever target stands there."""
    net, x, y, states = build(loss=loss)
    spoiled = y.copy()
    spoiled[4, 1] = -100
    summed = network.run(net, x, spoiled, states, LENGTHS)
    mean = network.run(replace(net, over_steps="mean"), x, y, states, LENGTHS)
    assert not summed.losses[2:, 1].any()
    assert summed.loss == pytest.approx(summed.losses.sum() / B, rel=1e-13)
    assert mean.loss == pytest.approx(summed.losses.sum() / LENGTHS.sum(), rel=1e-13)
    np.testing.assert_allclose(mean.dlogits, summed.dlogits * B / LENGTHS.sum(), rtol=1e-13)


@pytest.mark.parametrize("readout", model.READOUTS)
@pytest.mark.parametrize("over_steps", model.OVER_STEPS)
@pytest.mark.parametrize("form", FORMS)
def test_a_model_is_the_network_of_one_layer(form, over_steps, readout):
    """The same loss and gradients, bit for bit where nothing is added in another order."""
    rng = np.random.default_rng(2)
    single = replace(make(form, D, 3, O, rng=rng, readout=readout, loss="mse"), over_steps=over_steps)
    x, y = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, O) if readout == "every" else (B, O))
    trace, back = both(network.of(single), x, y, None)
    alone = model.run(single, x, y)
    assert trace.loss == pytest.approx(alone.loss, rel=1e-14)
    for name, grad in model.backprop(single, alone).grads.items():
        ours = back.grads[name if "y" in name else f"{name}.1.forward"]
        np.testing.assert_allclose(ours, grad, rtol=1e-12, atol=1e-15)


def every_view(net, parts, b=None):
    """Layer, direction and view of each part."""
    for k, cells in enumerate(net.stack.layers, start=1):
        for direction in ("forward", "backward")[: len(cells)]:
            yield k, direction, network.view(net, *parts, k, direction, b)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_views_have_the_gradients_of_the_network(form, readout, bidirectional):
    """Of the whole batch at once, and of its padded sequences one by one, added up."""
    net, x, y, states = build(form, readout, bidirectional=bidirectional)
    whole, padded = both(net, x, y, states), both(net, x, y, states, LENGTHS)
    for k, direction, shown in every_view(net, whole):
        alone = [network.view(net, *padded, k, direction, b) for b in range(B)]
        for name in decompose.RECURRENT:
            at = f"{name}.{k}.{direction}"
            np.testing.assert_allclose(shown.backward.grads[name], whole[1].grads[at], rtol=1e-10, atol=1e-14)
            shares = sum(one.backward.grads[name] for one in alone)
            np.testing.assert_allclose(shares, padded[1].grads[at], rtol=1e-10, atol=1e-14)
        if k == len(net.stack.layers):
            assert sum(one.trace.loss for one in alone) == pytest.approx(padded[0].loss, rel=1e-12)
            rows = np.split(whole[1].grads["W_y"], 1 + bidirectional)[direction == "backward"]
            np.testing.assert_allclose(shown.backward.grads["W_y"], rows, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("form", FORMS)
def test_all_that_reads_a_run_reads_a_layer(form, readout):
    """Entries, contributions, maps, factors and Jacobians of each part fit the network's loss and its slopes."""
    net, x, y, states = build(form, readout)
    parts, eps = both(net, x, y, states, LENGTHS), 1e-6
    for k, direction, shown in every_view(net, parts, b=2):
        seen = shown.model, shown.trace, shown.backward
        each = decompose.backprop_each(*seen)
        for name in decompose.RECURRENT:
            grad = shown.backward.grads[name]
            assert decompose.contributions(*seen)[name].sum() == pytest.approx(np.linalg.norm(grad), rel=1e-9)
            full = decompose.step_map(*seen, each).values[name]
            assert full.sum() == pytest.approx(np.linalg.norm(grad), rel=1e-9)
        # One entry's share of this sequence, against the slope of the loss of a network run on it alone.
        entry = factors.open_entry(*seen, each, "W_h", 1, 1)
        start = States(*(tuple(a[2:3] for a in of) for of in (states.h, states.c)))
        at, slopes = f"W_h.{k}.{direction}", []
        for sign in (1, -1):
            moved = network.parameters(net)[at].copy()
            moved[1, 1] += sign * eps
            y_one = y[:3, 2:3] if readout == "every" else y[2:3]
            ran = network.run(network.with_parameters(net, {at: moved}), x[:3, 2:3], y_one, start)
            slopes.append(sign * ran.loss / B)
        assert entry.value == pytest.approx(sum(slopes) / (2 * eps), rel=1e-5, abs=1e-9)
        s, first = int(entry.steps[-1]), int(entry.steps[-1])
        value = factors.chain(shown.model, shown.trace, entry, s, first).value
        assert value == pytest.approx(entry.terms[-1, first - 1], rel=1e-9, abs=1e-15)
        total = factors.total_sum(*seen, entry).value
        assert total == pytest.approx(entry.value, rel=1e-9, abs=1e-14)
        own, future = decompose.own_and_future(shown.model, shown.backward)
        np.testing.assert_allclose(own + future, shown.backward.cell.dh, rtol=1e-11, atol=1e-15)
        norms = flow.norms(shown.backward)["h"]
        np.testing.assert_allclose(norms, np.linalg.norm(shown.backward.cell.dh[:, 0], axis=1), rtol=1e-12)
        found = flow.step_factors(*seen)
        assert len(found.total) == len(shown.steps)
        J = jacobian.jacobians(shown.model, shown.trace).J
        cell = shown.trace.cell
        for t in range(len(shown.steps)):
            h, c = cell.h[t], cell.c[t] if form == "lstm" else None
            for unit in range(shown.model.cell.H):
                move = eps * np.eye(shown.model.cell.H)[[unit]]
                after = [layer.forward(shown.model.cell, cell.x[[t]], h + sign * move, c).h[1, 0] for sign in (1, -1)]
                np.testing.assert_allclose(J[t, : len(after[0]), unit], (after[0] - after[1]) / (2 * eps), atol=1e-8)


def test_a_view_reads_the_layer_below_and_says_which_steps():
    """Its x is the joined output below in its own order; a direction is cut to the steps that the loss can reach."""
    net, x, y, states = build("lstm", "last")
    parts = both(net, x, y, states, LENGTHS)
    output = np.concatenate(
        [parts[0].stack.layers[0][0].h[1:4, 2], parts[0].stack.layers[0][1].h[1:4, 2][::-1]], axis=1
    )
    shown = {(k, direction): one for k, direction, one in every_view(net, parts, b=2)}
    np.testing.assert_array_equal(shown[2, "forward"].trace.cell.x[:, 0], output)
    np.testing.assert_array_equal(shown[1, "backward"].trace.cell.x[:, 0], x[:3, 2][::-1])
    steps = {at: one.steps.tolist() for at, one in shown.items()}
    assert steps == {
        (1, "forward"): [1, 2, 3],
        (1, "backward"): [3, 2, 1],
        (2, "forward"): [1, 2, 3],
        (2, "backward"): [3],  # at the last step it has read that step alone
    }
    assert shown[1, "forward"].trace.loss is None
    third = network.view(replace(net, readout=2), *both(replace(net, readout=2), x, y, states), 2, "backward", 0)
    assert third.steps.tolist() == [5, 4, 3, 2]


def test_parameters_can_be_replaced_by_name():
    """The named arrays change, the rest and the old network stay."""
    net = build("gru")[0]
    other = network.with_parameters(net, {"W_h.2.backward": 2 * net.stack.layers[1][1].W_h, "b_y": np.ones(O)})
    np.testing.assert_array_equal(other.stack.layers[1][1].W_h, 2 * net.stack.layers[1][1].W_h)
    assert other.stack.layers[1][0].W_h is net.stack.layers[1][0].W_h
    np.testing.assert_array_equal(other.b_y, 1)


NET, X, Y, STATES = build()
RAN = both(NET, X, Y, STATES)
UNEQUAL = both(NET, X, Y, STATES, LENGTHS)
BAD_CALLS = {
    "W_y of another width": (lambda: replace(NET, W_y=np.ones((2, O))), r"Network: expected W_y \(4, O\), b_y \(O,\)"),
    "readout": (lambda: replace(NET, readout="first"), r"readout: 'first' is not known\. Choose one of last, final"),
    "step 0": (lambda: replace(NET, readout=0), r"readout: 0 is not known"),
    "loss": (lambda: replace(NET, loss="hinge"), r"loss: 'hinge' is not known"),
    "over_steps": (lambda: replace(NET, over_steps="max"), r"over_steps: 'max' is not known\. Choose one of sum, mean"),
    "a step beyond an end": (
        lambda: network.run(replace(NET, readout=3), X, None, None, LENGTHS),
        r"readout: step 3 is beyond the end of sequence 1, which has 2 steps",
    ),
    "a loss in no target": (
        lambda: network.backprop(NET, network.run(NET, X)),
        r"trace: it has no loss to backpropagate\. Give run\(\) a target y",
    ),
    "y of another batch": (lambda: network.run(NET, X, Y[:, :1]), r"y: expected shape \(T, B, O\)"),
    "no such layer": (lambda: network.view(NET, *RAN, 3), r"layer: expected 1 to 2, got 3"),
    "no such direction": (
        lambda: network.view(NET, *RAN, 1, "up"),
        r"direction: 'up' is not there\. Choose forward or",
    ),
    "no such sequence": (lambda: network.view(NET, *RAN, b=3), r"b: expected a sequence from 0 to B-1 = 2, got 3"),
    "unequal sequences at once": (lambda: network.view(NET, *UNEQUAL), r"b: the sequences are not equally long"),
    "a view without a loss": (lambda: network.view(NET, network.run(NET, X), RAN[1]), r"trace: it has no loss"),
    "unknown parameter": (lambda: network.with_parameters(NET, {"W_h": X}), r"values: unknown parameter 'W_h'"),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_arguments_are_named_at_the_boundary(call, message):
    """The error names the argument, what came, what was expected and how to mend it."""
    with pytest.raises(ValueError, match=message):
        call()
