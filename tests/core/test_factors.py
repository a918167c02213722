"""An opened entry adds up to the gradient, its factors multiply to its terms, its derivatives are slopes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import FORMS, make

from core import decompose, factors, jacobian, model

KINDS, READOUTS = st.sampled_from(FORMS), st.sampled_from(model.READOUTS)


def draw(kind, readout="every", loss="mse", *, T=5, B=2, D=2, H=3, O=2, phi="tanh"):  # noqa: E741 - field notation
    """Model, trace and backward pass on random data."""
    rng = np.random.default_rng(0)
    drawn = make(kind, D, H, O, rng=rng, activation=phi, readout=readout, loss=loss)
    shape = (T, B) if readout == "every" else (B,)
    y = rng.integers(0, O, shape) if loss == "softmax" else rng.uniform(size=(*shape, O))
    trace = model.run(drawn, rng.normal(size=(T, B, D)), y, rng.normal(size=(B, H)))
    return drawn, trace, model.backprop(drawn, trace)


def opened(drawn, trace, backward, name, row, col, b=0):
    """The entry, from its own pass over the loss steps."""
    each = decompose.backprop_each(drawn, trace, backward)
    return factors.open_entry(drawn, trace, backward, each, name, row, col, b)


def states(drawn, trace, b):
    """The recurrent states s_1 … s_T of sequence b (T, n) of a fresh run."""
    initial = (trace.cell.h[0], trace.cell.c[0] if drawn.kind == "lstm" else None)
    cell = model.run(drawn, trace.cell.x, None, *initial).cell
    parts = [cell.h[1:, b], cell.c[1:, b]] if drawn.kind == "lstm" else [cell.h[1:, b]]
    return np.concatenate(parts, axis=1)


def nudged(drawn, name, row, col, eps):
    """The model with one entry moved."""
    weight = np.atleast_2d(model.parameters(drawn)[name]).copy()
    weight[row, col] += eps
    return model.with_parameters(drawn, {name: weight.reshape(model.parameters(drawn)[name].shape)})


def every_entry(drawn):
    """(name, row, col) of every entry of the recurrent weights."""
    for name in decompose.RECURRENT:
        for row, col in np.ndindex(np.atleast_2d(model.parameters(drawn)[name]).shape):
            yield name, row, col


@settings(deadline=None, max_examples=25)
@given(KINDS, READOUTS, st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), st.integers(1, 3))
def test_the_terms_of_every_entry_add_up_to_the_gradient(kind, readout, T, B, D, H):
    """Over loss steps, state steps and sequences; each term is the entry's own value times the delta it meets."""
    parts = draw(kind, readout, T=T, B=B, D=D, H=H)
    for at in every_entry(parts[0]):
        shares = [opened(*parts, *at, b=b) for b in range(B)]
        assert sum(entry.value for entry in shares) == pytest.approx(shares[0].gradient, rel=1e-9, abs=1e-14)
        assert shares[0].gradient == np.atleast_2d(parts[2].grads[at[0]])[at[1:]]
        for entry in shares:
            np.testing.assert_array_equal(entry.terms, entry.own * entry.delta)
            # What a GRU resets after the product meets the last block of da.
            moved = H * (kind == "gru" and at[0] == "W_h" and at[2] >= 2 * H)
            np.testing.assert_allclose(
                entry.delta.sum(axis=0), parts[2].cell.da[:, entry.b, at[2] + moved], rtol=1e-9, atol=1e-14
            )


@pytest.mark.parametrize("kind", FORMS)
def test_the_own_value_is_what_the_entry_multiplies(kind):
    """x_k[row] for W_x, h_{k-1}[row] for W_h, 1 for b; r_k h_{k-1} where a GRU resets before the product."""
    parts = draw(kind)
    cell = parts[1].cell
    for name, row, expected in (("W_x", 1, cell.x[:, 1, 1]), ("W_h", 2, cell.h[:-1, 1, 2]), ("b", 0, np.ones(5))):
        np.testing.assert_array_equal(opened(*parts, name, row, 0, b=1).own, expected)
    if kind.startswith("gru"):
        kept = cell.h[:-1, 1, 2] * (cell.r[:, 1, 2] if kind == "gru-2014" else 1)
        np.testing.assert_array_equal(opened(*parts, "W_h", 2, 7, b=1).own, kept)


@pytest.mark.parametrize("loss", ["bce", "softmax", "mse"])
@pytest.mark.parametrize(("kind", "phi"), [("rnn", "sigmoid"), ("rnn", "relu"), *((form, "tanh") for form in FORMS)])
@pytest.mark.parametrize("readout", model.READOUTS)
def test_the_factors_of_every_term_multiply_out_to_it(kind, phi, readout, loss):
    """From ∂L/∂ŷ to the immediate derivative, for every pair of loss step and state step and every gate."""
    parts = draw(kind, readout, loss, phi=phi)
    columns = range(0, parts[0].cell.W_h.shape[1], 2)
    for entry in (opened(*parts, "W_h", 1, col, b=1) for col in columns):
        for index, s in enumerate(entry.steps):
            for k in range(1, s + 1):
                found = factors.chain(*parts[:2], entry, s, k)
                assert len(found.J) == s - k
                product = np.linalg.multi_dot(
                    [found.dL_dy_hat, found.dy_hat_dz, found.dz_ds, *found.J, found.immediate]
                )
                assert product == pytest.approx(entry.terms[index, k - 1], rel=1e-9, abs=1e-15)
                assert found.value == pytest.approx(entry.terms[index, k - 1], rel=1e-9, abs=1e-15)
                np.testing.assert_allclose(found.dL_dy_hat @ found.dy_hat_dz, found.dL_dz, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("kind", FORMS)
def test_total_derivatives_are_the_slopes_of_the_states(kind):
    """ds_k/dw by finite differences over the whole run, for every entry."""
    parts = draw(kind)
    eps = 1e-6
    for at in every_entry(parts[0]):
        plus, minus = (states(nudged(parts[0], *at, sign * eps), parts[1], 1) for sign in (1, -1))
        total = opened(*parts, *at, b=1).total
        np.testing.assert_allclose(total, (plus - minus) / (2 * eps), atol=1e-8)


@pytest.mark.parametrize("kind", FORMS)
def test_immediate_derivatives_are_the_slopes_of_one_step(kind):
    """∂⁺s_k/∂w by finite differences with the state before step k held fixed, for every entry and step."""
    drawn, trace, backward = draw(kind)
    eps = 1e-6
    for at in every_entry(drawn):
        immediate = opened(drawn, trace, backward, *at).immediate
        for k in range(1, 6):
            before = replace(trace.cell, x=trace.cell.x[k - 1 : k], h=trace.cell.h[k - 1 : k])
            if kind == "lstm":
                before = replace(before, c=trace.cell.c[k - 1 : k])
            held = replace(trace, cell=before)
            plus, minus = (states(nudged(drawn, *at, sign * eps), held, 0)[0] for sign in (1, -1))
            np.testing.assert_allclose(immediate[k - 1], (plus - minus) / (2 * eps), atol=1e-8)


@pytest.mark.parametrize("kind", FORMS)
def test_total_derivatives_forwards_give_the_same_gradient(kind):
    """Σ_s ∂L_s/∂h_s · dh_s/dw equals the backward sum."""
    parts = draw(kind, B=1)
    for at in every_entry(parts[0]):
        entry = opened(*parts, *at)
        forwards = (parts[2].dh_out[:, 0] * entry.total[:, :3]).sum()
        assert forwards == pytest.approx(entry.value, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("readout", model.READOUTS)
def test_total_derivatives_are_summed_over_loss_steps_alone(kind, readout):
    """One product per loss step gives the gradient; one per state step counts earlier uses again and does not."""
    parts = draw(kind, readout, B=1)
    for at in every_entry(parts[0]):
        entry = opened(*parts, *at)
        found = factors.total_sum(*parts, entry)
        assert len(found.products) == len(found.own) == len(entry.steps)
        assert found.value == pytest.approx(entry.value, rel=1e-9, abs=1e-14)
        if kind == "rnn":
            again = (parts[2].cell.dh[:, 0] * entry.total).sum()
            assert found.counted_again == pytest.approx(again, rel=1e-9, abs=1e-14)
            assert abs(found.counted_again - found.value) > 1e-6


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("readout", model.READOUTS)
@pytest.mark.parametrize("loss", ["bce", "softmax", "mse"])
def test_entries_of_the_read_out_open_too(kind, readout, loss):
    """One term per loss step, h_s[row] · dz_s[col]; terms, chains and total derivatives give the gradient."""
    parts = draw(kind, readout, loss)
    for name, row, col in (("W_y", 1, 1), ("W_y", 2, 0), ("b_y", 0, 1)):
        shares = [opened(*parts, name, row, col, b=b) for b in range(2)]
        assert sum(entry.value for entry in shares) == pytest.approx(shares[0].gradient, rel=1e-9, abs=1e-15)
        for entry in shares:
            left = parts[1].cell.h[1:, entry.b, row] if name == "W_y" else np.ones(5)
            for index, s in enumerate(entry.steps):
                term = left[s - 1] * parts[1].dlogits[index, entry.b, col]
                assert entry.terms[index].sum() == entry.terms[index, s - 1] == term
                found = factors.chain(*parts[:2], entry, s, s)
                assert found.value == pytest.approx(term, rel=1e-9, abs=1e-15)
                assert found.J.shape == (0, 2, 2)
            np.testing.assert_array_equal(entry.total, entry.immediate)
            assert factors.total_sum(*parts, entry).value == pytest.approx(entry.value, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("loss", ["bce", "softmax"])
def test_a_saturated_prediction_keeps_a_finite_term(loss):
    """Where ŷ is 0 or 1 beyond floats the two outer factors may not be finite; the term is, and nothing warns."""
    drawn, trace, _ = draw("rnn", "last", loss)
    drawn = replace(drawn, W_y=drawn.W_y * 1e5)
    y = np.argmin(trace.y_hat[0], axis=1) if loss == "softmax" else 1 - np.round(trace.y_hat[0])
    trace = model.run(drawn, trace.cell.x, y)
    backward = model.backprop(drawn, trace)
    entry = opened(drawn, trace, backward, "W_h", 0, 0)
    assert factors.chain(drawn, trace, entry, 5, 2).value == pytest.approx(entry.terms[0, 1], rel=1e-9)


@pytest.mark.parametrize("kind", FORMS)
def test_a_thousand_steps_open_without_a_warning(kind):
    """Also where the total derivative explodes past the largest float."""
    parts = draw(kind, "last", phi="identity", T=1000, B=1)
    grown = model.with_parameters(parts[0], {"W_h": parts[0].cell.W_h * 0})
    trace = model.run(grown, parts[1].cell.x, np.zeros((1, 2)))
    backward = model.backprop(grown, trace)
    steep = replace(grown, cell=replace(grown.cell, W_h=np.tile(np.eye(3) * 9, grown.cell.W_h.shape[1] // 3)))
    entry = opened(steep, trace, backward, "b", 0, 0)
    assert np.isfinite(entry.terms).all()
    assert kind != "rnn" or not np.isfinite(entry.total).all()


def test_what_is_not_there_is_refused():
    """Each message names the argument and the range."""
    parts = draw("rnn", "last")
    entry = opened(*parts, "W_h", 0, 0)
    longer = decompose.backprop_each(*draw("rnn", "last", T=6))
    for call, message in (
        (lambda: opened(*parts, "W_i", 0, 0), "name: 'W_i' is not a weight"),
        (lambda: opened(*parts, "W_y", 3, 0), "row: expected 0 to 2 for W_y"),
        (lambda: opened(*parts, "W_x", 2, 0), r"row: expected 0 to 1 for W_x \(2, 3\), got 2"),
        (lambda: opened(*parts, "b", 1, 0), "row: expected 0 to 0 for b"),
        (lambda: opened(*parts, "W_x", 0, -1), "col: expected 0 to 2"),
        (lambda: opened(*parts, "W_x", 0, 0, b=2), "b: expected"),
        (lambda: factors.open_entry(*parts, longer, "W_x", 0, 0), r"each: expected .*Use backprop_each"),
        (lambda: factors.chain(*parts[:2], entry, 4, 1), "s: expected a scored step, 5, got 4"),
        (lambda: factors.chain(*parts[:2], entry, 5, 0), "k: expected a state step from 1 to s = 5, got 0"),
        (lambda: factors.chain(*parts[:2], entry, 5, 6), "k: expected"),
        (lambda: factors.chain(*parts[:2], opened(*parts, "b_y", 0, 0), 5, 4), "k: b_y is used at the loss step alone"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_the_factors_use_the_jacobians_of_the_chosen_sequence():
    """From step s down to k+1, in the order in which they are multiplied."""
    parts = draw("lstm")
    entry = opened(*parts, "W_h", 0, 0, b=1)
    J = jacobian.jacobians(*parts[:2], 1).J
    np.testing.assert_array_equal(factors.chain(*parts[:2], entry, 4, 2).J, [J[3], J[2]])
