"""The optimisers, against numbers worked by hand and against PyTorch."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.optim import SGD, Adam, Momentum

RULES = [SGD(lr=0.1), Momentum(lr=0.1), Adam(lr=0.1)]


def test_adam_step_by_step_on_paper():
    """Two updates of a single weight, θ = 1, g = 0.5 then -1, every intermediate value written out."""
    adam = Adam(lr=0.1)
    params, state = {"w": np.array([1.0])}, adam.init({"w": np.array([1.0])})
    params, state = adam.update(params, {"w": np.array([0.5])}, state)
    # m = 0.1·0.5 = 0.05, v = 0.001·0.25 = 0.00025; m̂ = 0.05/0.1 = 0.5, v̂ = 0.00025/0.001 = 0.25
    assert [float(m[0]) for m in state.moments] == pytest.approx([0.05, 0.00025], rel=1e-14)
    assert params["w"][0] == pytest.approx(1 - 0.1 * 0.5 / (0.5 + 1e-8), rel=1e-14)
    params, state = adam.update(params, {"w": np.array([-1.0])}, state)
    # m = 0.9·0.05 - 0.1 = -0.055, v = 0.999·0.00025 + 0.001 = 0.00124975; 1 - 0.9² = 0.19, 1 - 0.999² = 0.001999
    assert [float(m[0]) for m in state.moments] == pytest.approx([-0.055, 0.00124975], rel=1e-14)
    before = 1 - 0.1 * 0.5 / (0.5 + 1e-8)
    expected = before + 0.1 * (0.055 / 0.19) / ((0.00124975 / 0.001999) ** 0.5 + 1e-8)
    assert params["w"][0] == pytest.approx(expected, rel=1e-12)
    assert state.step == 2


def test_momentum_and_sgd_on_paper():
    """θ = 1, g = 0.5 then -1, lr 0.1, μ 0.9: v = 0.5, then 0.9·0.5 - 1 = -0.55; plain descent has no v."""
    for rule, expected in ((Momentum(lr=0.1), [0.95, 1.005]), (SGD(lr=0.1), [0.95, 1.05])):
        params = {"w": np.array([1.0])}
        state = rule.init(params)
        for g, value in zip((0.5, -1.0), expected, strict=True):
            params, state = rule.update(params, {"w": np.array([g])}, state)
            assert params["w"][0] == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("rule", "a", "b"),
    [
        (
            SGD(lr=0.1),
            [[0.15119999999999995, -0.3023999999999999], [0.4536, 0.07559999999999997]],
            0.75424,
        ),
        (
            Momentum(lr=0.1, mu=0.9),
            [[-0.5562, 1.1124], [-1.6686000000000003, -0.2781]],
            1.435315,
        ),
        (
            Adam(lr=0.1),
            [[0.5071691667947099, -1.5110667915859688], [2.512375188710581, 0.005246001747391454]],
            0.7371311355815171,
        ),
    ],
)
def test_five_updates_agree_with_pytorch(rule, a, b):
    """torch.optim 2.13 in float64 on the gradients k·a and 2(b - 1), k = 1 … 5, ends at the same numbers."""
    params = {"a": np.array([[1.0, -2.0], [3.0, 0.5]]), "b": np.array([0.25])}
    state = rule.init(params)
    for k in range(1, 6):
        params, state = rule.update(params, {"a": k * params["a"], "b": 2 * (params["b"] - 1)}, state)
    np.testing.assert_allclose(params["a"], a, rtol=1e-13)
    np.testing.assert_allclose(params["b"], [b], rtol=1e-13)


@pytest.mark.parametrize("rule", RULES)
def test_what_goes_in_is_not_written_to(rule):
    """Parameters, gradients and state keep their values, so an update can be repeated from the same start."""
    rng = np.random.default_rng(0)
    params = {"a": rng.normal(size=(2, 3)), "b": rng.normal(size=4)}
    grads = {name: rng.normal(size=p.shape) for name, p in params.items()}
    params, state = rule.update(params, grads, rule.init(params))
    before = pickle.dumps((params, grads, state))
    one, after = rule.update(params, grads, state)
    assert pickle.dumps((params, grads, state)) == before
    again, _ = rule.update(params, grads, state)
    for name in params:
        assert np.array_equal(one[name], again[name])
        assert not np.shares_memory(one[name], params[name])
    assert after.step == 2


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shapes_and_float_type_stay(rule, dtype):
    """New parameters have the names, shapes and float type of the old ones."""
    params = {"W": np.ones((2, 3), dtype), "b": np.zeros(3, dtype)}
    moved, state = rule.update(params, {"W": np.ones((2, 3), dtype), "b": np.ones(3, dtype)}, rule.init(params))
    assert {name: (p.shape, p.dtype) for name, p in moved.items()} == {"W": ((2, 3), dtype), "b": ((3,), dtype)}
    assert all(m.dtype == dtype for m in state.moments)


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data(), order=st.permutations(["a", "b", "c"]))
def test_each_weight_is_updated_by_its_own_gradient(rule, data, order):
    """Updating parameters together, in any order of names, equals updating each alone."""
    values = st.floats(-10, 10)
    params = {name: np.array(data.draw(st.lists(values, min_size=1, max_size=3))) for name in "abc"}
    grads = {name: p - 1 for name, p in params.items()}
    state = rule.init(params)
    for _ in range(2):
        shuffled = {name: params[name] for name in order}
        together, state_after = rule.update(shuffled, grads, state)
        for name, p in params.items():
            if state.step == 0:
                alone, _ = rule.update({name: p}, {name: grads[name]}, rule.init({name: p}))
                np.testing.assert_array_equal(together[name], alone[name])
        in_order, _ = rule.update(params, grads, state)
        assert all(np.array_equal(together[name], in_order[name]) for name in "abc")
        params, state = together, state_after


def test_unlike_numbers_are_refused_together():
    """All faulty settings of an optimiser come in one error."""
    with pytest.raises(InputError) as caught:
        Adam(lr=0, beta1=1.0, beta2=-0.1, eps=float("nan"))
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["lr", "beta1", "beta2", "eps"]
    with pytest.raises(InputError, match="mu: expected 0 to below 1, got 1"):
        Momentum(lr=0.1, mu=1)
    with pytest.raises(InputError, match="lr: expected a number above 0, got inf"):
        SGD(lr=float("inf"))


def test_gradients_and_state_must_belong_to_the_parameters():
    """A transposed or missing gradient and another optimiser's state are errors, not silent nonsense."""
    params = {"W": np.ones((2, 3))}
    adam = Adam()
    with pytest.raises(ValueError, match="grads: expected"):
        adam.update(params, {"W": np.ones((3, 2))}, adam.init(params))
    with pytest.raises(ValueError, match="grads: expected"):
        adam.update(params, {}, adam.init(params))
    for state in (SGD(lr=1).init(params), adam.init({"W": np.ones((1, 1))}), adam.init({"V": np.ones((2, 3))})):
        with pytest.raises(ValueError, match="state: made for other parameters or by another optimiser"):
            adam.update(params, params, state)
