"""Behaviour of the vanilla RNN layer beyond its gradients (those are in test_proofs and test_golden)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import rnn
from core.activations import ACTIVATIONS
from core.rnn import RNNParams

SIZES = st.integers(1, 5)
CASES = settings(deadline=None, max_examples=40)
PHI = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: a * (a > 0),
    "identity": lambda a: a,
}


@st.composite
def runs(draw, steps=SIZES):
    """A layer, a sequence, an initial state, an upstream gradient and an activation, of any small size."""
    T, B, D, H = draw(steps), draw(SIZES), draw(SIZES), draw(SIZES)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    params = rnn.init(D, H, rng=rng)
    phi = draw(st.sampled_from(list(ACTIVATIONS)))
    return params, rng.normal(size=(T, B, D)), rng.normal(size=(B, H)), rng.normal(size=(T, B, H)), phi


def same(ours, expected):
    """Equal up to the rounding that another order of summation gives."""
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-12)


@CASES
@given(runs())
def test_forward_is_the_cell_repeated(case):
    """Each step of a run is φ(x W_x + h W_h + b) applied to the state before it."""
    params, x, h, _, phi = case
    trace = rnn.forward(params, x, h, activation=phi)
    for t, x_t in enumerate(x):
        a = x_t @ params.W_x + h @ params.W_h + params.b
        h = PHI[phi](a)
        same(trace.a[t], a)
        same(trace.h[t + 1], h)
    assert trace.activation == phi


@CASES
@given(runs())
def test_batch_rows_are_independent(case):
    """A sequence gives the same states and gradients alone as in any batch; weight gradients add up."""
    params, x, h0, dh_out, phi = case
    trace = rnn.forward(params, x, h0, activation=phi)
    back = rnn.backward(params, trace, dh_out)
    summed = np.zeros_like(params.W_h)
    for k in range(x.shape[1]):
        row = slice(k, k + 1)
        alone = rnn.forward(params, x[:, row], h0[row], activation=phi)
        back_alone = rnn.backward(params, alone, dh_out[:, row])
        same(trace.h[:, row], alone.h)
        for name in ("dx", "da", "dh"):
            same(getattr(back, name)[:, row], getattr(back_alone, name))
        same(back.dh0[row], back_alone.dh0)
        summed += back_alone.grads.W_h
    same(back.grads.W_h, summed)


@CASES
@given(runs(steps=st.integers(2, 6)), st.data())
def test_splitting_a_sequence_changes_nothing(case, data):
    """Carrying the state forward and dh0 back across a cut gives the whole run's states and gradients."""
    params, x, h0, dh_out, phi = case
    cut = data.draw(st.integers(1, len(x) - 1))
    whole = rnn.forward(params, x, h0, activation=phi)
    first = rnn.forward(params, x[:cut], h0, activation=phi)
    second = rnn.forward(params, x[cut:], first.h[-1], activation=phi)
    same(np.concatenate([first.h, second.h[1:]]), whole.h)

    back = rnn.backward(params, whole, dh_out)
    back_2 = rnn.backward(params, second, dh_out[cut:])
    carried = dh_out[:cut].copy()
    carried[-1] += back_2.dh0
    back_1 = rnn.backward(params, first, carried)
    for name in ("dx", "da", "dh"):
        same(np.concatenate([getattr(back_1, name), getattr(back_2, name)]), getattr(back, name))
    same(back_1.dh0, back.dh0)
    for name in ("W_x", "W_h", "b"):
        same(getattr(back_1.grads, name) + getattr(back_2.grads, name), getattr(back.grads, name))


@CASES
@given(runs())
def test_arguments_are_left_alone_and_results_do_not_alias(case):
    """Neither pass writes to what it was given, and a second call leaves the first one's results as they were."""
    params, x, h0, dh_out, phi = case
    for array in (params.W_x, params.W_h, params.b, x, h0, dh_out):
        array.flags.writeable = False
    trace = rnn.forward(params, x, h0, activation=phi)
    kept = {name: getattr(trace, name).copy() for name in ("x", "a", "h")}
    back = rnn.backward(params, trace, dh_out)
    before = {name: getattr(back, name).copy() for name in ("dx", "dh0", "da", "dh")}
    rnn.backward(params, rnn.forward(params, x + 1, activation=phi), 2 * dh_out)
    for name, values in kept.items():
        np.testing.assert_array_equal(getattr(trace, name), values)
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(back, name), values)


@CASES
@given(runs())
def test_torch_layout_round_trip(case):
    """to_torch and from_torch undo each other, and two PyTorch biases act by their sum."""
    params = case[0]
    weight_ih, weight_hh, bias_ih, bias_hh = rnn.to_torch(params)
    again = rnn.from_torch(weight_ih, weight_hh, bias_ih - 1, bias_hh + 1)
    np.testing.assert_array_equal(again.W_x, params.W_x)
    np.testing.assert_array_equal(again.W_h, params.W_h)
    np.testing.assert_allclose(again.b, params.b, atol=1e-15)


def test_missing_initial_state_is_zero():
    """Without h0 the run is the one from zeros."""
    rng = np.random.default_rng(0)
    params, x = rnn.init(2, 3, rng=rng), rng.normal(size=(4, 2, 2))
    np.testing.assert_array_equal(rnn.forward(params, x).h, rnn.forward(params, x, np.zeros((2, 3))).h)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("phi", ACTIVATIONS)
def test_large_pre_activations_stay_finite(phi, sign, dtype):
    """Pre-activations of ±1000 give finite states and gradients without a warning."""
    H = 3
    params = RNNParams(np.ones((1, H), dtype), np.zeros((H, H), dtype), np.full(H, sign * 1e3, dtype))
    trace = rnn.forward(params, np.zeros((4, 2, 1), dtype), activation=phi)
    assert np.abs(trace.a).min() == 1e3
    back = rnn.backward(params, trace, np.ones((4, 2, H), dtype))
    for values in (trace.h, back.dx, back.dh, back.da, back.grads.W_x, back.grads.W_h, back.grads.b):
        assert np.isfinite(values).all()


@pytest.mark.parametrize("phi", ACTIVATIONS)
def test_float32_follows_the_input(phi):
    """float32 in, float32 everywhere out, whatever the weights' type; whole numbers are computed in float64."""
    params = rnn.init(2, 3, rng=np.random.default_rng(0))
    x = np.ones((4, 2, 2), np.float32)
    trace = rnn.forward(params, x, activation=phi)
    back = rnn.backward(params, trace, np.ones((4, 2, 3)))
    for values in (trace.h, trace.a, back.dx, back.dh, back.da, back.dh0, *vars(back.grads).values()):
        assert values.dtype == np.float32
    assert rnn.forward(params, x.astype(int)).h.dtype == np.float64


PARAMS = rnn.init(2, 3, rng=np.random.default_rng(0))
X = np.ones((4, 5, 2))


def backward(dh_out):
    """Backward pass of a sound run with the given upstream gradient."""
    return rnn.backward(PARAMS, rnn.forward(PARAMS, X), dh_out)


def from_torch(**wrong):
    """Sound PyTorch weights with one replaced."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return rnn.from_torch(**dict(zip(names, rnn.to_torch(PARAMS), strict=True)) | wrong)


BAD_CALLS = {
    "x of two axes": (
        lambda: rnn.forward(PARAMS, X[0]),
        r"x: expected 3 axes \(T, B, D\), got shape \(5, 2\)\. Reshape",
    ),
    "T = 0": (lambda: rnn.forward(PARAMS, X[:0]), r"x: T is 0 in shape \(0, 5, 2\), .* at least one entry along T"),
    "D of another layer": (
        lambda: rnn.forward(PARAMS, X[..., :1]),
        r"x: expected D = 2 as in W_x.*got D = 1\. .*D = 1",
    ),
    "NaN": (
        lambda: rnn.forward(PARAMS, X * np.nan),
        r"x: expected finite numbers, got nan at index \(0, 0, 0\)\. Repl",
    ),
    "h0": (
        lambda: rnn.forward(PARAMS, X, np.ones((1, 3))),
        r"h0: expected shape \(B, H\) = \(5, 3\), got \(1, 3\)\. Make",
    ),
    "activation": (
        lambda: rnn.forward(PARAMS, X, activation="gelu"),
        r"activation: 'gelu' is not known\. Choose one of tanh, sigmoid, relu, identity",
    ),
    "dh_out": (
        lambda: backward(np.ones((4, 5, 2))),
        r"dh_out: expected shape \(T, B, H\) = \(4, 5, 3\), got \(4, 5, 2\)",
    ),
    "infinite dh_out": (lambda: backward(np.full((4, 5, 3), np.inf)), r"dh_out: expected finite numbers, got inf"),
    "another layer's trace": (
        lambda: rnn.backward(rnn.init(2, 4, rng=np.random.default_rng(0)), rnn.forward(PARAMS, X), np.ones((4, 5, 4))),
        r"trace: made with \(D, H\) = \(2, 3\), but params have \(2, 4\)\. Run forward with these params",
    ),
    "H = 0": (lambda: rnn.init(2, 0, rng=np.random.default_rng(0)), r"H: expected a whole number of at least 1, got 0"),
    "scheme": (
        lambda: rnn.init(2, 3, rng=np.random.default_rng(0), scheme="he"),
        r"scheme: 'he' is not known\. Choose one of uniform, xavier, orthogonal, identity",
    ),
    "weights that do not fit": (
        lambda: RNNParams(np.ones((2, 3)), np.ones((3, 4)), np.ones(3)),
        r"RNNParams: expected W_x \(D, H\), W_h \(H, H\), b \(H,\), got \(2, 3\), \(3, 4\), \(3,\)\. Take",
    ),
    "H = 0 weights": (lambda: RNNParams(np.ones((2, 0)), np.ones((0, 0)), np.ones(0)), r"RNNParams: .* got \(2, 0\)"),
    "weights of no axis": (lambda: RNNParams(np.ones(()), np.ones((3, 3)), np.ones(3)), r"RNNParams: .* got \(\), "),
    "torch weight_hh": (
        lambda: from_torch(weight_hh=np.ones((3, 4))),
        r"weight_hh: expected shape \(H, H\) = \(3, 3\)",
    ),
    "torch weight_ih": (
        lambda: from_torch(weight_ih=np.ones((9, 2))),
        r"weight_ih: expected shape \(H, D\) = \(3, 2\)",
    ),
    "torch bias": (lambda: from_torch(bias_hh=np.ones(4)), r"bias_hh: expected shape \(H,\) = \(3,\), got \(4,\)"),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_arguments_are_named_at_the_boundary(call, message):
    """The error names the argument, what came, what was expected and how to mend it."""
    with pytest.raises(ValueError, match=message):
        call()


def test_terms_add_up_to_the_pre_activation() -> None:
    """What the input brings, what the last state brings and the bias are the whole pre-activation."""
    rng = np.random.default_rng(3)
    params = rnn.RNNParams(*(rng.standard_normal(shape) for shape in ((3, 4), (4, 4), (4,))))
    trace = rnn.forward(params, rng.standard_normal((5, 2, 3)))
    from_input, from_state = rnn.terms(params, trace)
    np.testing.assert_allclose(from_input + from_state + params.b, trace.a, rtol=1e-12)
    np.testing.assert_allclose(from_state[0], 0)
    np.testing.assert_allclose(from_input[4, 1], trace.x[4, 1] @ params.W_x)
