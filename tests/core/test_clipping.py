"""What each way of clipping makes of a gradient: its length, its direction, and where the step lands."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core import clipping, model
from core.flow import global_norm

GRADS = st.fixed_dictionaries(
    {
        "W": hnp.arrays(np.float64, (3, 2), elements=st.floats(-1e3, 1e3)),
        "b": hnp.arrays(np.float64, (2,), elements=st.floats(-1e3, 1e3)),
    }
)


def drawn(gain=1.0, T=6):
    """A small network with its sequence, target and gradient."""
    rng = np.random.default_rng(0)
    found = model.init("rnn", 2, 4, 1, rng=rng, loss="mse", gain=gain)
    x, y = rng.normal(size=(T, 1, 2)), np.array([[2.0]])
    return found, x, y, model.backprop(found, model.run(found, x, y)).grads


@given(GRADS, st.floats(1e-3, 1e3))
def test_scaling_keeps_the_direction(grads, factor):
    """A gradient and its multiple have an angle of 0, its opposite 180; zero has no direction."""
    if global_norm(grads) == 0:
        assert math.isnan(clipping.degrees_between(grads, grads))
        return
    scaled = {name: g * factor for name, g in grads.items()}
    assert clipping.degrees_between(grads, scaled) == pytest.approx(0, abs=1e-5)
    assert clipping.degrees_between(grads, {name: -g for name, g in scaled.items()}) == pytest.approx(180, abs=1e-5)


def test_small_and_right_angles_are_exact():
    """An angle of 1e-9 radians is not lost, as by an arccosine; sizes at the ends of the float range do not matter."""
    one, turned = {"w": np.array([1e200, 0.0])}, {"w": np.array([1e-200, 1e-209])}
    assert clipping.degrees_between(one, turned) == pytest.approx(math.degrees(1e-9), rel=1e-6)
    assert clipping.degrees_between(one, {"w": np.array([0.0, 3.0])}) == pytest.approx(90)


def test_angle_refuses_other_names():
    """Two gradients of different parameters have no angle."""
    with pytest.raises(ValueError, match="expected the names W"):
        clipping.degrees_between({"W": np.ones(2)}, {"b": np.ones(2)})


def test_steps_tell_length_direction_and_loss():
    """By norm keeps the direction and ends at the limit, by value turns; each loss is that of the moved weights."""
    found, x, y, grads = drawn()
    none, value, norm = clipping.steps(found, x, y, grads, lr=0.1, limit=0.05, max_norm=0.2)
    assert [step.way for step in (none, value, norm)] == list(clipping.WAYS)
    assert none.length == global_norm(grads)
    assert none.degrees == 0
    assert norm.length == pytest.approx(0.2)
    assert norm.degrees == pytest.approx(0, abs=1e-6)
    assert value.degrees > 1
    assert math.hypot(value.along, value.across) == pytest.approx(value.length)
    for step in (none, value, norm):
        theta = {name: p - 0.1 * step.grads[name] for name, p in model.parameters(found).items()}
        assert step.loss == model.run(model.with_parameters(found, theta), x, y).loss
        assert step.step == pytest.approx(0.1 * step.length)


def test_a_short_gradient_is_left_alone():
    """Under both limits the three steps are the same: clipping cannot make a gradient longer."""
    found, x, y, grads = drawn()
    tiny = {name: 1e-9 * g for name, g in grads.items()}
    steps = clipping.steps(found, x, y, tiny, lr=0.1, limit=0.5, max_norm=1.0)
    assert len({(step.length, step.degrees, step.loss) for step in steps}) == 1


def test_losses_along_a_direction_start_at_the_loss_and_bear_overflow():
    """No step has the loss before; a step that overflows gives no number and no warning."""
    found, x, y, grads = drawn()
    linear = model.Model(found.cell, found.W_y, found.b_y, activation="identity", loss="mse")
    losses = clipping.losses_along(linear, x, y, grads, [0.0, 1e-3, 1e200])
    assert losses[0] == model.run(linear, x, y).loss
    assert losses[1] < losses[0]
    assert not np.isfinite(losses[2])


def test_beyond_counts_single_entries():
    """How many entries exceed a limit, of how many."""
    assert clipping.beyond({"W": np.array([[0.6, -0.7], [0.5, 0.1]]), "b": np.array([2.0])}, 0.5) == (3, 5)
