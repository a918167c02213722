"""The gradient checks: exact on functions with known gradients, alarmed by every planted mistake."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import FORMS, draw_stack, random_states

from core import model
from core.gradcheck import (
    check_model,
    check_network,
    coordinates,
    directional,
    error_curve,
    model_loss,
    network_loss,
)
from core.network import Network, parameters
from core.stack import DIRECTIONS
from core.tasks import TASKS, make


def cubic(params):
    """Σ a³/3 + Σ b²: gradient a² and 2b, third derivative 2 and 0."""
    return float((params["a"] ** 3).sum() / 3 + (params["b"] ** 2).sum())


def cubic_case(seed=0):
    """Parameters and gradients of `cubic`."""
    rng = np.random.default_rng(seed)
    params = {"a": rng.uniform(0.5, 2, size=(2, 3)), "b": rng.uniform(0.5, 2, size=4)}
    return params, {"a": params["a"] ** 2, "b": 2 * params["b"]}


@given(seed=st.integers(0, 2**32))
def test_right_gradients_pass_and_wrong_ones_fail(seed):
    """Along a random direction the true gradient agrees, and one that is 1 % off in one entry does not."""
    params, grads = cubic_case(seed)
    rng = np.random.default_rng(seed)
    assert directional(cubic, params, grads, rng=rng).ok
    grads["b"][2] += 0.01 * abs(grads["b"][2])
    # The direction may by chance hardly touch that entry; of ten directions most do.
    assert sum(not directional(cubic, params, grads, rng=rng).ok for _ in range(10)) >= 8


def test_slopes_are_those_of_the_unit_direction():
    """The analytic slope is ⟨g, v⟩ with |v| = 1, so it never exceeds the gradient's norm, and it needs three runs."""
    calls = []
    params, grads = cubic_case()
    check = directional(lambda p: calls.append(1) or cubic(p), params, grads, rng=np.random.default_rng(1))
    rng = np.random.default_rng(1)
    v = {name: rng.standard_normal(p.shape) for name, p in params.items()}
    length = math.sqrt(sum((d**2).sum() for d in v.values()))
    assert check.analytic == pytest.approx(sum((grads[name] * d).sum() for name, d in v.items()) / length)
    assert check.numeric == pytest.approx(check.analytic, rel=1e-9)
    assert len(calls) == 3


def test_every_coordinate_is_measured():
    """The measured gradient of each entry equals the known one, and a planted mistake is found and named."""
    params, grads = cubic_case()
    result = coordinates(cubic, params, grads)
    for name, grad in grads.items():
        np.testing.assert_allclose(result.numeric[name], grad, rtol=1e-9)
        assert result.relative_error[name].shape == grad.shape
    assert result.worst.ok
    grads["a"][1, 2] *= 1.5
    worst = coordinates(cubic, params, grads).worst
    assert worst.what == "a[1, 2]"
    assert not worst.ok
    assert worst.relative_error == pytest.approx(1 / 3, rel=1e-6)
    assert worst.relative_error == coordinates(cubic, params, grads).relative_error["a"][1, 2]


def test_the_message_can_be_read():
    """It names what was nudged, both slopes, the error and the verdict."""
    params, grads = cubic_case()
    good = directional(cubic, params, grads, rng=np.random.default_rng(0), what="the lot")
    assert str(good).startswith(
        f"the lot: by backpropagation {good.analytic:.10g}, measured {good.numeric:.10g} (ε = 1e-05)"
    )
    assert str(good).endswith("they agree.")
    bad = directional(cubic, params, {name: -g for name, g in grads.items()}, rng=np.random.default_rng(0))
    assert "they differ: the gradient or the loss is wrong" in str(bad)
    assert bad.relative_error == pytest.approx(2)


def test_tiny_slopes_are_compared_absolutely():
    """Rounding of the loss, large beside a vanished gradient, is not called a mistake, also when the loss is large."""
    params = {"a": np.array([0.3])}
    for offset in (1.0, 1000.0):
        check = directional(
            lambda p, o=offset: o + 1e-9 * float(p["a"][0]),
            params,
            {"a": np.array([1e-9])},
            rng=np.random.default_rng(0),
        )
        assert check.analytic != check.numeric
        assert check.ok


def test_a_loss_that_is_not_finite_is_no_agreement():
    """NaN anywhere gives a NaN error, which is not ok and stands as the worst entry."""
    params, grads = cubic_case()
    broken = directional(lambda _: math.nan, params, grads, rng=np.random.default_rng(0))
    assert math.isnan(broken.relative_error)
    assert not broken.ok
    grads["b"][1] = np.nan
    worst = coordinates(cubic, params, grads).worst
    assert worst.what == "b[1]"
    assert not worst.ok


def test_error_curve_falls_with_epsilon_squared_then_rises_from_rounding():
    """Central differences on a cubic: the error is ε²/3 for large nudges, and larger again for tiny ones."""
    params, grads = cubic_case()
    curve = error_curve(cubic, params, grads, "a", (0, 1), np.logspace(-12, -1, 12))
    a = params["a"][0, 1]
    assert curve.analytic == a**2
    np.testing.assert_allclose(
        curve.relative_error[-3:], curve.epsilons[-3:] ** 2 / 3 / (a**2 + curve.epsilons[-3:] ** 2 / 3), rtol=1e-4
    )
    best = curve.epsilons[curve.relative_error.argmin()]
    assert 1e-8 < best < 1e-3
    assert curve.relative_error[0] > 1e3 * curve.relative_error.min()


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_models_pass_in_every_quantity(name, kind):
    """Parameters, input and initial states of both cells, with the read-out and loss of every task."""
    task, rng = make(name), np.random.default_rng(0)
    net = model.init(kind, task.D, 4, task.O, rng=rng, readout=task.readout, loss=task.loss)
    batch = task.sample(rng, 3)
    states = [rng.normal(size=(3, 4)) for _ in range(2 if kind == "lstm" else 1)]
    for given_states in (states, []):
        checks = check_model(net, batch.x, batch.y, rng, *given_states)
        assert list(checks) == ["W_x", "W_h", "b", "W_y", "b_y", "x", "h0"] + ["c0"] * (kind == "lstm")
        assert [str(check) for check in checks.values() if not check.ok] == []
        assert all(check.what == name for name, check in checks.items())


def test_every_entry_of_a_small_model():
    """Each single weight, input and initial state of a 2×2 LSTM."""
    rng = np.random.default_rng(0)
    net = model.init("lstm", 2, 2, 1, rng=rng)
    params, grads, loss_fn = model_loss(net, rng.normal(size=(3, 2, 2)), [[1.0], [0.0]], rng.normal(size=(2, 2)))
    assert coordinates(loss_fn, params, grads).worst.ok


def test_float32_models_are_checked_in_float64():
    """Differences in float32 would drown in rounding; the check casts weights and input."""
    rng = np.random.default_rng(0)
    net = model.init("rnn", 2, 3, 1, rng=rng, dtype=np.float32)
    x = rng.normal(size=(4, 2, 2)).astype(np.float32)
    assert all(check.ok for check in check_model(net, x, np.ones((2, 1)), rng).values())


def test_nothing_that_goes_in_is_written_to():
    """Parameters, gradients, model and input keep their values."""
    params, grads = cubic_case()
    before = {name: p.copy() for name, p in params.items()}, {name: g.copy() for name, g in grads.items()}
    directional(cubic, params, grads, rng=np.random.default_rng(0))
    coordinates(cubic, params, grads)
    error_curve(cubic, params, grads, "a", (0, 0), [1e-5])
    for arrays, copies in zip((params, grads), before, strict=True):
        assert all(np.array_equal(arrays[name], copies[name]) for name in copies)


def test_unfit_arguments_are_refused():
    """Names, shapes, types, nudges and entries that do not fit are named with the mend."""
    params, grads = cubic_case()
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="grads: expected the names and shapes"):
        directional(cubic, params, {"a": grads["a"]}, rng=rng)
    with pytest.raises(ValueError, match="grads: expected the names and shapes"):
        coordinates(cubic, params, grads | {"a": grads["a"].T})
    with pytest.raises(ValueError, match="params: expected float64, got float32 in b"):
        directional(cubic, params | {"b": params["b"].astype(np.float32)}, grads, rng=rng)
    for epsilon in (0, -1e-5, math.nan):
        with pytest.raises(ValueError, match="epsilon: expected a number above 0"):
            directional(cubic, params, grads, rng=rng, epsilon=epsilon)
    with pytest.raises(ValueError, match=r"name: 'z' is not known\. Choose one of a, b"):
        error_curve(cubic, params, grads, "z", (0,), [1e-5])
    for index in ((0,), (0, 3), (-1, 0)):
        with pytest.raises(ValueError, match=r"index: expected an entry of a with shape \(2, 3\)"):
            error_curve(cubic, params, grads, "a", index, [1e-5])


@pytest.mark.parametrize("form", FORMS)
def test_networks_pass_in_every_quantity(form):
    """Every weight of every part, the input and all first states of a padded stack of two directions."""
    rng = np.random.default_rng(0)
    params = draw_stack(form)
    net = Network(params, rng.normal(size=(4, 2)), np.zeros(2), readout="every", loss="mse", over_steps="mean")
    x, y = rng.normal(size=(5, 3, 2)), rng.normal(size=(5, 3, 2))
    found = check_network(net, x, y, rng, random_states(params, rng, 3), [5, 2, 3])
    states = {f"{s}0.{k}.{d}" for s in ("hc" if form == "lstm" else "h") for k in (1, 2) for d in DIRECTIONS}
    assert set(found) == set(parameters(net)) | {"x"} | states
    assert all(check.ok for check in found.values()), [str(check) for check in found.values() if not check.ok]


def test_a_wrong_gradient_of_a_network_is_found():
    """One part's gradient off by 1 % shows at that part."""
    rng = np.random.default_rng(0)
    net = Network(draw_stack("gru"), rng.normal(size=(4, 1)), np.zeros(1), loss="mse")
    params, grads, loss_fn = network_loss(net, rng.normal(size=(4, 2, 2)), rng.normal(size=(2, 1)))
    name = "W_h.2.forward"
    wrong = {name: grads[name] * 1.01}
    assert not directional(lambda p: loss_fn(params | p), {name: params[name]}, wrong, rng=rng).ok
