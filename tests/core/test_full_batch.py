"""Updates on one batch: each pass is a plain run's, each update the rule's, and the passes end where numbers do."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from core import model
from core.activations import ACTIVATIONS
from core.decompose import own_and_future
from core.full_batch import train_full_batch
from core.losses import LOSSES
from core.model import READOUTS, Model
from core.optim import SGD
from core.params import Array

T, B, D, H, O = 5, 3, 2, 4, 3  # noqa: E741 - field notation


def drawn(
    seed: int, *, activation: str = "tanh", readout: str = "every", loss: str = "bce"
) -> tuple[Model, Array, Array]:
    """A model, inputs and targets that fit it."""
    rng = np.random.default_rng(seed)
    made = model.init("rnn", D, H, O, rng=rng, activation=activation, readout=readout, loss=loss)
    shape = (T, B) if readout == "every" else (B,)
    y = rng.integers(0, O, shape) if loss == "softmax" else rng.uniform(0, 1, (*shape, O))
    return made, rng.normal(size=(T, B, D)), y


@pytest.mark.parametrize(("activation", "readout", "loss"), list(itertools.product(ACTIVATIONS, READOUTS, LOSSES)))
def test_each_pass_is_that_of_a_plain_run(activation: str, readout: str, loss: str) -> None:
    """States, answers, losses and gradients are `core.model`'s, the sum over the batch in place of its mean."""
    made, x, y = drawn(1, activation=activation, readout=readout, loss=loss)
    found = train_full_batch(made, x, y, lr=0.05, updates=6)
    assert len(found) == 7
    lengths, future, rule = found.lengths, found.future, SGD(0.05)
    for p in range(len(found)):
        trace = model.run(made, x, y)
        backward = model.backprop(made, trace)
        assert trace.loss is not None
        close(found.loss[p], B * trace.loss)
        close(found.losses[p], trace.losses)
        close(found.h[p], trace.cell.h)
        close(found.y_hat[p], trace.y_hat)
        close(found.dh_out[p], B * backward.dh_out)
        close(found.dh[p], B * backward.cell.dh)
        close(found.da[p], B * backward.cell.da)
        close(future[p], B * own_and_future(made, backward)[1])
        grads = {name: B * grad for name, grad in backward.grads.items()}
        for name, grad in grads.items():
            close(found.grads[name][p], grad)
            close(lengths[name][p], np.linalg.norm(grad))
            close(found.weights[name][p], model.parameters(made)[name])
        before = model.parameters(made)
        made = model.with_parameters(made, rule.update(before, grads, rule.init(before))[0])


def close(found: object, wanted: object) -> None:
    """Equal but for rounding."""
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)  # type: ignore[arg-type]


def test_nothing_that_goes_in_is_written_to() -> None:
    """The weights to start from, inputs and targets are the caller's own."""
    made, x, y = drawn(2)
    before = {name: value.copy() for name, value in model.parameters(made).items()}, x.copy(), y.copy()
    train_full_batch(made, x, y, lr=0.5, updates=3)
    for name, value in model.parameters(made).items():
        np.testing.assert_array_equal(value, before[0][name])
    np.testing.assert_array_equal(x, before[1])
    np.testing.assert_array_equal(y, before[2])


def test_float32_stays_float32() -> None:
    """The inputs' type is that of all passes, as in `core.model.run`."""
    made, x, y = drawn(3)
    found = train_full_batch(made, x.astype(np.float32), y, lr=0.5, updates=2)
    arrays = (found.loss, found.h, found.y_hat, found.losses, found.dh, found.da, found.future, *found.weights.values())
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_passes_end_before_a_loss_too_large() -> None:
    """A learning rate that explodes leaves the passes whose loss can be read, and the first in any case."""
    made, x, y = drawn(4, activation="identity", loss="mse")
    all_of_it = train_full_batch(made, x, y, lr=1.0, updates=20)
    found = train_full_batch(made, x, y, lr=1.0, updates=20, most=1e6)
    assert 1 < len(found) < len(all_of_it) < 21
    assert (found.loss[1:] < 1e6).all()
    assert all_of_it.loss[len(found)] >= 1e6
    assert len(train_full_batch(made, x, y, lr=1.0, updates=20, most=0.0)) == 1


def test_the_last_pass_may_have_a_gradient_that_is_not_finite() -> None:
    """A backward pass that overflows is kept, without a warning, and nothing is taken after it."""
    made, x, y = drawn(6)
    steep = model.with_parameters(made, {"W_h": np.full((H, H), 1e200), "b": np.zeros(H)})
    found = train_full_batch(steep, np.zeros_like(x), y, lr=0.1, updates=5)
    assert len(found) == 1
    assert np.isfinite(found.loss).all()
    assert not np.isfinite(found.lengths["W_h"]).any()
    assert not np.isfinite(found.future).all()


def test_what_it_is_not_made_for_is_refused() -> None:
    """Another cell, a mean over steps, and inputs that do not fit are said at the call."""
    made, x, y = drawn(5)
    lstm = model.init("lstm", D, H, O, rng=np.random.default_rng(0), readout="every")
    for other in (lstm, Model(made.cell, made.W_y, made.b_y, readout="every", over_steps="mean")):
        with pytest.raises(ValueError, match=r"core\.train"):
            train_full_batch(other, x, y, lr=0.1, updates=1)
    with pytest.raises(ValueError, match="got D = 1"):
        train_full_batch(made, x[..., :1], y, lr=0.1, updates=1)
    with pytest.raises(ValueError, match="y: expected"):
        train_full_batch(made, x, y[:-1], lr=0.1, updates=1)
