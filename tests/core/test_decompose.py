"""Every part of a gradient is what a slow, separate computation gives, and the parts tie to the whole."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import FORMS, make

from core import decompose, model

SIZES = st.tuples(*(st.integers(1, n) for n in (6, 3, 3, 3, 2)))  # T, B, D, H, O
KINDS, READOUTS = st.sampled_from(FORMS), st.sampled_from(model.READOUTS)
ALL = [(kind, readout) for kind in FORMS for readout in model.READOUTS]


def draw(kind, readout, sizes=(5, 2, 2, 3, 2), seed=0, scale=1.0):
    """Model, trace and backward pass on random data with squared error."""
    T, B, D, H, O = sizes  # noqa: E741 - field notation
    rng = np.random.default_rng(seed)
    drawn = make(kind, D, H, O, rng=rng, readout=readout, loss="mse", activation="tanh")
    x = rng.normal(size=(T, B, D)) * scale
    y = rng.normal(size=(T, B, O) if readout == "every" else (B, O))
    trace = model.run(drawn, x, y)
    return drawn, trace, model.backprop(drawn, trace)


def silent(drawn, trace):
    """Backward pass of losses that are all exactly zero."""
    quiet = replace(trace, dlogits=np.zeros_like(trace.dlogits))
    return drawn, quiet, model.backprop(drawn, quiet)


def slow_parts(drawn, trace, backward, name):
    """G_{s,t} (S, T, rows, columns) from one ordinary backward pass per loss step and one matrix product per pair."""
    T, B = trace.cell.x.shape[:2]
    H, h = drawn.cell.H, trace.cell.h[:-1]
    places = [({"W_x": trace.cell.x, "W_h": h, "b": np.ones((T, B, 1))}[name], np.s_[:])]
    if drawn.kind == "gru":
        after = drawn.cell.reset_after
        candidate = (h, np.s_[3 * H :]) if after else (trace.cell.r * h, np.s_[2 * H :])
        places = {
            "W_x": [(trace.cell.x, np.s_[: 3 * H])],
            "W_h": [(h, np.s_[:H]), (h, np.s_[H : 2 * H]), candidate],
            "b": places,
        }[name]
    parts = []
    for s in range(T - len(trace.logits), T):
        alone = np.zeros_like(backward.dh_out)
        alone[s] = backward.dh_out[s]
        da = model.backward_layer(drawn, trace, alone).da
        parts.append([np.hstack([left[t].T @ da[t][:, columns] for left, columns in places]) for t in range(T)])
    return np.array(parts)


@settings(deadline=None, max_examples=40)
@given(KINDS, READOUTS, SIZES)
def test_immediate_derivatives_add_up_to_the_gradient(kind, readout, sizes):
    """Summed over the steps they are the gradient of every weight, read-out included."""
    parts = draw(kind, readout, sizes)
    found = decompose.immediate(*parts)
    for name, grad in parts[2].grads.items():
        assert found[name].shape == (sizes[0], *grad.shape)
        np.testing.assert_allclose(sum(found[name]), grad, rtol=1e-10, atol=1e-14)


def test_an_immediate_derivative_lets_one_use_of_the_weight_vary():
    """∂⁺/∂W_h of step t is the slope of the loss when the matrix is changed at step t alone."""
    drawn, trace, backward = draw("rnn", "last", (4, 1, 2, 3, 1))
    t, eps = 3, 1e-6
    rng = np.random.default_rng(1)
    direction = rng.normal(size=(3, 3))
    y = trace.y_hat - trace.dlogits / 2

    def loss(step):
        h = trace.cell.h[0]
        for k in range(1, 5):
            W_h = drawn.cell.W_h + (step * direction if k == t else 0)
            h = np.tanh(trace.cell.x[k - 1] @ drawn.cell.W_x + h @ W_h + drawn.cell.b)
        return ((h @ drawn.W_y + drawn.b_y - y) ** 2).sum()

    slope = (loss(eps) - loss(-eps)) / (2 * eps)
    found = decompose.immediate(drawn, trace, backward)["W_h"][t - 1]
    assert (found * direction).sum() == pytest.approx(slope, rel=1e-6)


@settings(deadline=None, max_examples=40)
@given(KINDS, READOUTS, SIZES)
def test_contributions_are_projections_that_add_up_to_the_norm(kind, readout, sizes):
    """Each is ⟨G_t, G⟩/‖G‖ of the full matrices; their sum is ‖G‖."""
    parts = draw(kind, readout, sizes)
    values, lengths = decompose.contributions(*parts), decompose.step_norms(*parts)
    for name, grad in parts[2].grads.items():
        norm = np.linalg.norm(grad)
        steps = decompose.immediate(*parts)[name]
        expected = [(G * grad).sum() / norm if norm else 0.0 for G in steps]
        np.testing.assert_allclose(values[name], expected, rtol=1e-9, atol=1e-12 * (1 + norm))
        assert values[name].sum() == pytest.approx(norm, rel=1e-10)
        np.testing.assert_allclose(lengths[name], [np.linalg.norm(G) for G in steps], rtol=1e-6, atol=1e-7 * norm)


@settings(deadline=None, max_examples=30)
@given(KINDS, READOUTS, SIZES)
def test_own_loss_and_future_make_up_the_hidden_gradient(kind, readout, sizes):
    """The two add up to dh at every step, and nothing comes from beyond the last one."""
    drawn, _, backward = draw(kind, readout, sizes)
    own, future = decompose.own_and_future(drawn, backward)
    np.testing.assert_allclose(own + future, backward.cell.dh, rtol=1e-12, atol=1e-15)
    assert not future[-1].any()


def test_a_tiny_future_part_is_not_lost_beside_a_large_own_loss():
    """It keeps its digits where the difference dh - dh_out would be rounding error."""
    drawn, trace, backward = draw("rnn", "every", (2, 1, 1, 1, 1))
    drawn = replace(drawn, cell=replace(drawn.cell, W_h=np.array([[1e-30]])))
    backward = model.backprop(drawn, trace)
    _, future = decompose.own_and_future(drawn, backward)
    assert future[0, 0, 0] == pytest.approx(backward.cell.da[1, 0, 0] * 1e-30, rel=1e-12, abs=0)
    assert future[0, 0, 0] != 0


@pytest.mark.parametrize("chunk", [1, 2**20])
@pytest.mark.parametrize(("kind", "readout"), ALL)
def test_the_batched_pass_equals_one_pass_per_loss_step(kind, readout, chunk, monkeypatch):
    """Both da and dh of every loss step, in one pass or in several groups of loss steps."""
    monkeypatch.setattr(decompose, "_CHUNK", chunk)
    drawn, trace, backward = draw(kind, readout)
    each = decompose.backprop_each(drawn, trace, backward)
    for row, s in enumerate(each.steps):
        alone = np.zeros_like(backward.dh_out)
        alone[s - 1] = backward.dh_out[s - 1]
        slow = model.backward_layer(drawn, trace, alone)
        np.testing.assert_allclose(each.da[row], slow.da, rtol=1e-12, atol=1e-16)
        np.testing.assert_allclose(each.dh[row], slow.dh, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(each.da.sum(axis=0), backward.cell.da, rtol=1e-10, atol=1e-14)


@settings(deadline=None, max_examples=30)
@given(KINDS, READOUTS, SIZES)
def test_the_map_holds_projections_and_norms_of_every_pair(kind, readout, sizes):
    """Entries equal those of the full matrices; columns give the contributions and everything the norm."""
    parts = draw(kind, readout, sizes)
    each = decompose.backprop_each(*parts)
    found = decompose.step_map(*parts, each)
    for name in decompose.RECURRENT:
        G = np.atleast_2d(parts[2].grads[name])
        norm = np.linalg.norm(G)
        pairs = slow_parts(*parts, name)
        expected = (pairs * G).sum(axis=(2, 3)) / (norm or 1)
        np.testing.assert_allclose(found.values[name], expected, rtol=1e-9, atol=1e-12 * (1 + norm))
        pair_norms = np.linalg.norm(pairs, axis=(2, 3))
        np.testing.assert_allclose(found.norms[name], pair_norms, rtol=1e-6, atol=1e-7 * pair_norms.max())
        columns = decompose.contributions(*parts)[name]
        np.testing.assert_allclose(found.values[name].sum(axis=0), columns, rtol=1e-9, atol=1e-12 * (1 + norm))
        assert found.values[name].sum() == pytest.approx(norm, rel=1e-9)
    np.testing.assert_allclose(found.dh, np.linalg.norm(each.dh, axis=(2, 3)), rtol=1e-12)
    assert (found.dh[np.arange(1, sizes[0] + 1) > found.steps[:, None]] == 0).all()


@settings(deadline=None, max_examples=30)
@given(KINDS, READOUTS, SIZES)
def test_truncation_equals_the_sum_over_short_pairs(kind, readout, sizes):
    """G_k, the norm it loses and its cosine, for every window, against a sum over pairs with s - t < k."""
    parts = draw(kind, readout, sizes)
    each = decompose.backprop_each(*parts)
    found = decompose.truncation(*parts, each)
    lag = each.steps[:, None] - np.arange(1, sizes[0] + 1)
    for name in decompose.RECURRENT:
        G = np.atleast_2d(parts[2].grads[name])
        pairs, norm = slow_parts(*parts, name), np.linalg.norm(G)
        for k in range(1, sizes[0] + 1):
            G_k = pairs[lag < k].sum(axis=0)
            cut = decompose.truncated_gradient(*parts, each, k)
            assert cut[name].shape == parts[2].grads[name].shape
            np.testing.assert_allclose(np.atleast_2d(cut[name]), G_k, rtol=1e-9, atol=1e-13)
            lost = np.linalg.norm(pairs[lag >= k].sum(axis=0))
            assert found.lost[name][k - 1] == pytest.approx(lost, rel=1e-9, abs=1e-15)
            assert found.relative[name][k - 1] == pytest.approx(lost / norm if norm else 0, rel=1e-8, abs=1e-13)
            if np.linalg.norm(G_k) > 1e-9 * norm:
                cosine = (G_k * G).sum() / np.linalg.norm(G_k) / norm
                assert found.cosine[name][k - 1] == pytest.approx(cosine, abs=1e-9)


def test_a_window_as_long_as_the_sequence_is_the_full_gradient():
    """The window T and anything beyond loses nothing; the read-out never does."""
    parts = draw("lstm", "every")
    each = decompose.backprop_each(*parts)
    found = decompose.truncation(*parts, each)
    assert all(found.lost[name][-1] == 0 and found.cosine[name][-1] == pytest.approx(1) for name in found.lost)
    for k in (5, 50):
        for name, grad in decompose.truncated_gradient(*parts, each, k).items():
            np.testing.assert_allclose(grad, parts[2].grads[name], rtol=1e-12, atol=1e-16)
    assert decompose.truncated_gradient(*parts, each, 1)["W_y"] is parts[2].grads["W_y"]


@pytest.mark.parametrize(("kind", "readout"), ALL)
def test_a_zero_gradient_has_zero_parts_and_no_direction(kind, readout):
    """No division by ‖G‖ = 0: contributions and lost parts are 0, the cosine is NaN."""
    drawn, trace, _ = draw(kind, readout)
    parts = silent(drawn, trace)
    each = decompose.backprop_each(*parts)
    assert not any(values.any() for values in decompose.contributions(*parts).values())
    assert not any(values.any() for values in decompose.step_norms(*parts).values())
    assert not any(values.any() for values in decompose.step_map(*parts, each).values.values())
    found = decompose.truncation(*parts, each)
    assert not any(found.lost[name].any() or found.relative[name].any() for name in found.lost)
    assert all(np.isnan(values).all() for values in found.cosine.values())


@pytest.mark.parametrize("kind", FORMS)
def test_gradients_below_the_range_of_squares_are_still_measured(kind):
    """A loss scaled by 1e-250 gives contributions and norms scaled by 1e-250, not zeros."""
    drawn, trace, backward = draw(kind, "every")
    small = replace(trace, dlogits=trace.dlogits * 1e-250)
    tiny = drawn, small, model.backprop(drawn, small)
    for of in (decompose.contributions, decompose.step_norms):
        for name, values in of(*tiny).items():
            np.testing.assert_allclose(values * 1e250, of(drawn, trace, backward)[name], rtol=1e-7, atol=1e-12)
    small_map = decompose.step_map(*tiny, decompose.backprop_each(*tiny))
    large_map = decompose.step_map(drawn, trace, backward, decompose.backprop_each(drawn, trace, backward))
    np.testing.assert_allclose(small_map.norms["W_h"] * 1e250, large_map.norms["W_h"], rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(small_map.dh * 1e250, large_map.dh, rtol=1e-9)


@pytest.mark.parametrize("kind", FORMS)
def test_a_thousand_steps_raise_no_warning(kind):
    """The far end of a long sequence vanishes without overflow or division."""
    parts = draw(kind, "last", (1000, 1, 1, 4, 1))
    each = decompose.backprop_each(*parts)
    found = decompose.truncation(*parts, each)
    assert np.isfinite(found.lost["W_h"]).all()
    assert decompose.contributions(*parts)["W_h"].sum() == pytest.approx(np.linalg.norm(parts[2].grads["W_h"]))


def test_a_gradient_that_is_not_finite_has_no_contributions():
    """Every value is NaN, without a warning."""
    drawn, trace, backward = draw("lstm", "every")
    broken = replace(backward, grads=backward.grads | {"W_h": backward.grads["W_h"] * np.inf})
    assert np.isnan(decompose.contributions(drawn, trace, broken)["W_h"]).all()


def test_float32_runs_are_decomposed_too():
    """Contributions of a float32 run add up to the norm within float32 rounding."""
    rng = np.random.default_rng(0)
    drawn = make("lstm", 2, 3, 1, rng=rng, readout="every", dtype=np.float32)
    trace = model.run(drawn, rng.normal(size=(6, 2, 2)).astype(np.float32), np.ones((6, 2, 1)))
    parts = drawn, trace, model.backprop(drawn, trace)
    found = decompose.step_map(*parts, decompose.backprop_each(*parts))
    assert found.values["W_h"].sum() == pytest.approx(np.linalg.norm(parts[2].grads["W_h"]), rel=1e-5)


def test_what_does_not_belong_together_is_refused():
    """A backward pass of another trace, a trace without a loss, a window of 0, too much memory."""
    drawn, trace, backward = draw("rnn", "every")
    same, shorter, other = draw("rnn", "every", (4, 2, 2, 3, 2))
    with pytest.raises(ValueError, match=r"backward: expected .*Use backprop"):
        decompose.contributions(drawn, trace, other)
    with pytest.raises(ValueError, match="without a loss"):
        decompose.contributions(drawn, model.run(drawn, shorter.cell.x), other)
    with pytest.raises(ValueError, match=r"each: expected .*\(5, 5, 2, 3\).*got \(4, 4, 2, 3\).*Use backprop_each"):
        decompose.step_map(drawn, trace, backward, decompose.backprop_each(same, shorter, other))
    with pytest.raises(ValueError, match="k: expected"):
        decompose.truncated_gradient(drawn, trace, backward, decompose.backprop_each(drawn, trace, backward), 0)


def test_too_large_a_map_is_refused_before_it_is_computed(monkeypatch):
    """The message names the sizes and the mend."""
    monkeypatch.setattr(decompose, "EACH_LIMIT", 100)
    with pytest.raises(ValueError, match=r"5 loss steps × 5 steps × 2 sequences × 3 .*shorter"):
        decompose.backprop_each(*draw("rnn", "every"))
