"""The losses: values, gradients, extremes and the checks of the targets."""

import numpy as np
import pytest

from core.losses import LOSSES, predict, targets

S, B, O = 2, 3, 4  # noqa: E741 - field notation


def targets_for(loss, rng):
    """Sound targets for logits (S, B, O)."""
    return rng.integers(O, size=(S, B)) if loss == "softmax" else rng.uniform(size=(S, B, O))


def naive(loss, z, y):
    """The loss as its definition reads, for moderate logits."""
    y_hat = predict(loss, z)
    if loss == "bce":
        return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)).sum(axis=-1)
    if loss == "softmax":
        return -np.log(np.take_along_axis(y_hat, y[..., None], axis=-1))[..., 0]
    return ((y_hat - y) ** 2).mean(axis=-1)


@pytest.mark.parametrize("loss", LOSSES)
def test_loss_is_its_definition(loss):
    """The stable form gives the definition's value, and the prediction that goes with it."""
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(S, B, O)), targets_for(loss, rng)
    losses, y_hat, _ = LOSSES[loss](z, y)
    np.testing.assert_allclose(losses, naive(loss, z, y), rtol=1e-13)
    np.testing.assert_allclose(y_hat, predict(loss, z), rtol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_at_every_logit(loss):
    """The gradient is the measured slope of the summed losses, entry by entry."""
    rng, eps = np.random.default_rng(1), 1e-5
    z, y = rng.normal(size=(S, B, O)), targets_for(loss, rng)
    dz = LOSSES[loss](z, y)[2]
    for where in np.ndindex(z.shape):
        one = np.zeros(z.shape)
        one[where] = eps
        numeric = (LOSSES[loss](z + one, y)[0].sum() - LOSSES[loss](z - one, y)[0].sum()) / (2 * eps)
        np.testing.assert_allclose(dz[where], numeric, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("loss", ["bce", "softmax"])
def test_certain_and_wrong_costs_the_logit(loss, dtype):
    """At logits of ±1000 a wrong prediction costs the distance and a right one nothing, in either dtype."""
    z = np.array([[[1e3, -1e3]]], dtype)
    right, wrong = (np.array([[[1, 0]]], dtype), np.array([[[0, 1]]], dtype)) if loss == "bce" else ([[0]], [[1]])
    losses, y_hat, dz = LOSSES[loss](z, np.asarray(right))
    assert losses == 0
    np.testing.assert_array_equal(y_hat, [[[1, 0]]])
    assert not dz.any()
    losses, _, dz = LOSSES[loss](z, np.asarray(wrong))
    assert losses == 2e3
    np.testing.assert_array_equal(dz, [[[1, -1]]])
    assert losses.dtype == y_hat.dtype == dz.dtype == dtype


@pytest.mark.parametrize("loss", LOSSES)
def test_logits_and_targets_are_left_alone(loss):
    """No loss writes to what it was given, nor into the prediction when the gradient is scaled later."""
    rng = np.random.default_rng(2)
    z, y = rng.normal(size=(S, B, O)), targets_for(loss, rng)
    z.flags.writeable = y.flags.writeable = False
    _, y_hat, dz = LOSSES[loss](z, y)
    before = y_hat.copy()
    dz /= 2
    np.testing.assert_array_equal(y_hat, before)


def test_softmax_probabilities_sum_to_one():
    """ŷ is a distribution, whatever constant the logits carry."""
    z = np.random.default_rng(3).normal(size=(S, B, O))
    np.testing.assert_allclose(predict("softmax", z + 500).sum(axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(predict("softmax", z + 500), predict("softmax", z), rtol=1e-12)


FLOAT64 = np.dtype(np.float64)
BAD_TARGETS = {
    "labels as fractions": (
        "softmax",
        [0.0, 1.0, 2.0],
        r"y: softmax expects whole-number labels of shape \(B,\) = \(3,\)",
    ),
    "labels of another batch": (
        "softmax",
        [0, 1],
        r"got int64 of shape \(2,\)\. Give each scored step its class from 0 to 3",
    ),
    "one-hot labels": ("softmax", np.eye(4, dtype=int)[:3], r"y: softmax expects .* got int64 of shape \(3, 4\)"),
    "label O": (
        "softmax",
        [0, 4, 1],
        r"y: expected labels from 0 to 3 for 4 outputs, got 4\. Number the classes from 0",
    ),
    "label -1": ("softmax", [0, 1, -1], r"y: expected labels from 0 to 3 for 4 outputs, got -1"),
    "bce of another shape": ("bce", np.ones((3, 1)), r"y: expected shape \(B, O\) = \(3, 4\), got \(3, 1\)\. Make it"),
    "bce without outputs": ("bce", np.ones(3), r"y: expected 2 axes \(B, O\), got shape \(3,\)\. Reshape"),
    "bce of -1 and 1": (
        "bce",
        np.eye(3, 4) - 1,
        r"y: bce expects targets from 0 to 1, got -1 to 0\. Rescale them or use mse",
    ),
    "bce of 2": ("bce", 2 * np.eye(3, 4), r"y: bce expects targets from 0 to 1, got 0 to 2"),
    "NaN": ("mse", np.full((3, 4), np.nan), r"y: expected finite numbers, got nan at index \(0, 0\)"),
}


@pytest.mark.parametrize(("loss", "y", "message"), BAD_TARGETS.values(), ids=BAD_TARGETS)
def test_bad_targets_are_named(loss, y, message):
    """The error says what the loss expects, what came and how to mend it."""
    with pytest.raises(ValueError, match=message):
        targets(loss, y, (B, O), FLOAT64)


def test_targets_at_every_step_carry_the_time_axis():
    """With one loss per step the expected shape has T in front, in the message too."""
    assert targets("softmax", np.zeros((S, B), int), (S, B, O), FLOAT64).shape == (S, B)
    with pytest.raises(ValueError, match=r"y: expected 3 axes \(T, B, O\), got shape \(3, 4\)"):
        targets("mse", np.ones((B, O)), (S, B, O), FLOAT64)
