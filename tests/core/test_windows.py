"""Backpropagation window by window: the whole sequence's states and loss, and gradients that stop at the borders."""

from dataclasses import replace

import numpy as np
import pytest
from networks import FORMS, draw_stack, make, random_states

from core import decompose, model, network
from core.network import Network
from core.windows import in_windows, view

T, B, O = 7, 2, 2  # noqa: E741 - field notation


def build(form="lstm", readout="every", over_steps="sum", *, bidirectional=False):
    """A network of two layers, its input, target and first states."""
    rng, params = np.random.default_rng(0), draw_stack(form, 2, bidirectional)
    W_y = rng.normal(size=(params.sizes[1], O))
    net = Network(params, W_y, rng.normal(size=O), readout=readout, loss="mse", over_steps=over_steps)
    y = rng.normal(size=(T, B, O) if readout == "every" else (B, O))
    return net, rng.normal(size=(T, B, 2)), y, random_states(params, rng, B)


@pytest.mark.parametrize("over_steps", model.OVER_STEPS)
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("form", FORMS)
def test_states_and_loss_are_those_of_the_whole_sequence(form, readout, over_steps):
    """Cutting changes no forward number; one window as long as the sequence gives the full gradient."""
    net, x, y, states = build(form, readout, over_steps)
    whole = network.run(net, x, y, states)
    cut = in_windows(net, x, y, 3, states)
    assert [(w.first, w.last) for w in cut.windows] == [(1, 3), (4, 6), (7, 7)]
    output = np.concatenate([w.trace.stack.output for w in cut.windows])
    np.testing.assert_allclose(output, whole.stack.output, rtol=1e-12)
    assert cut.loss == pytest.approx(whole.loss, rel=1e-12)
    for ours, theirs in zip(cut.last.h + cut.last.c, whole.stack.last.h + whole.stack.last.c, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    full = network.backprop(net, whole).grads
    for name, grad in in_windows(net, x, y, T + 5, states).grads.items():
        np.testing.assert_allclose(grad, full[name], rtol=1e-12, atol=1e-16)
    assert not np.allclose(cut.grads["W_h.1.forward"], full["W_h.1.forward"])


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("form", FORMS)
def test_only_pairs_within_a_window_are_left(form, k):
    """Of all pairs of a loss step and a state step, those that share a window add up to the truncated gradient."""
    rng = np.random.default_rng(1)
    single = make(form, 2, 3, O, rng=rng, readout="every", loss="mse")
    x, y = rng.normal(size=(T, B, 2)), rng.normal(size=(T, B, O))
    trace = model.run(single, x, y)
    back = model.backprop(single, trace)
    each = decompose.backprop_each(single, trace, back)
    kept = replace(each, da=each.da.copy())
    for row, s in enumerate(each.steps - 1):
        outside = np.arange(T) // k != s // k
        kept.da[row, outside] = 0
    expected = decompose.truncated_gradient(single, trace, back, kept, T)
    cut = in_windows(network.of(single), x, y, k)
    for name in decompose.RECURRENT:
        np.testing.assert_allclose(cut.grads[f"{name}.1.forward"], expected[name], rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(cut.grads["W_y"], back.grads["W_y"], rtol=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_the_gradient_is_the_slope_with_the_carried_states_held(form):
    """Moving a weight and running each window from the state that was carried, not from the one it would then be."""
    net, x, y, states = build(form, over_steps="mean")
    cut, eps = in_windows(net, x, y, 3, states), 1e-6
    starts = [states, *(w.trace.stack.last for w in cut.windows)]
    for name, weight in network.parameters(net).items():
        direction = np.random.default_rng(2).normal(size=weight.shape)
        losses = []
        for sign in (1, -1):
            moved = network.with_parameters(net, {name: weight + sign * eps * direction})
            parts = [
                network.run(moved, x[w.first - 1 : w.last], y[w.first - 1 : w.last], start, scored=T * B).loss
                for w, start in zip(cut.windows, starts, strict=False)
            ]
            losses.append(sum(parts))
        slope = (losses[0] - losses[1]) / (2 * eps)
        assert (cut.grads[name] * direction).sum() == pytest.approx(slope, rel=1e-6, abs=1e-9)


def test_a_window_before_the_only_loss_sends_nothing_back():
    """With a read-out at the last step the earlier windows carry the state and have no backward pass."""
    net, x, y, states = build(readout="last")
    cut = in_windows(net, x, y, 3, states)
    assert [w.backward is None for w in cut.windows] == [True, True, False]


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layer", [1, 2])
def test_a_layer_of_a_truncated_run_is_a_run_of_its_own(form, readout, layer):
    """Its gradients are the windows', what arrives at its steps too, and the shares of the steps add up to them."""
    net, x, y, states = build(form, readout)
    trace = network.run(net, x, y, states)
    whole = network.view(net, trace, network.backprop(net, trace), layer)
    cut = in_windows(net, x, y, 3, states)
    seen = view(net, whole, cut, layer)
    for name in ("W_x", "W_h", "b"):
        expected = cut.grads[f"{name}.{layer}.forward"]
        np.testing.assert_allclose(seen.backward.grads[name], expected, rtol=1e-12)
        total = sum(decompose.immediate(seen.model, seen.trace, seen.backward)[name])
        np.testing.assert_allclose(total, expected, rtol=1e-9, atol=1e-14)
    for each in cut.windows:
        shown = seen.backward.cell.dh[each.first - 1 : each.last]
        arrived = np.zeros_like(shown) if each.backward is None else each.backward.stack.layers[layer - 1][0].dh
        np.testing.assert_allclose(shown, arrived, rtol=1e-12)
    np.testing.assert_array_equal(seen.trace.cell.h, whole.trace.cell.h)


NET, X, Y, STATES = build()
BAD_CALLS = {
    "two directions": (
        lambda: in_windows(build(bidirectional=True)[0], X, Y, 3),
        r"network: a direction that reads backwards has no state to carry on\. Use one direction",
    ),
    "a step": (lambda: in_windows(replace(NET, readout=2), X, Y[0], 3), r"readout: windows are read at the last step"),
    "k = 0": (lambda: in_windows(NET, X, Y, 0), r"k: expected a whole number of at least 1, got 0"),
    "too few targets": (
        lambda: in_windows(NET, X, Y[:4], 3),
        r"y: expected \(T, B, …\) = \(7, 2, …\), got \(4, 2, 2\)",
    ),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_arguments_are_named_at_the_boundary(call, message):
    """The error names the argument, what came, what was expected and how to mend it."""
    with pytest.raises(ValueError, match=message):
        call()
