"""Behaviour of the LSTM layer beyond its gradients (those are in test_proofs and test_golden)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import lstm
from core.lstm import LSTMParams

SIZES = st.integers(1, 5)
CASES = settings(deadline=None, max_examples=40)


@st.composite
def runs(draw, steps=SIZES):
    """A layer, a sequence, both initial states and an upstream gradient, of any small size."""
    T, B, D, H = draw(steps), draw(SIZES), draw(SIZES), draw(SIZES)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    params = lstm.init(D, H, rng=rng, forget_bias=draw(st.floats(-3, 3)))
    x, h0, c0 = rng.normal(size=(T, B, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    return params, x, h0, c0, rng.normal(size=(T, B, H)), rng.normal(size=(B, H))


def same(ours, expected):
    """Equal up to the rounding that another order of summation gives."""
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-12)


@CASES
@given(runs())
def test_forward_is_the_cell_repeated(case):
    """Each step of a run is the textbook cell, gate by gate, applied to the state before it."""
    params, x, h, c, *_ = case
    trace = lstm.forward(params, x, h, c)
    for t, x_t in enumerate(x):
        a = {gate: x_t @ lstm.block(params.W_x, gate) + h @ lstm.block(params.W_h, gate) for gate in lstm.GATES}
        i, f, o = (1 / (1 + np.exp(-a[gate] - lstm.block(params.b, gate))) for gate in "ifo")
        g = np.tanh(a["g"] + lstm.block(params.b, "g"))
        c = f * c + i * g
        h = o * np.tanh(c)
        for name, expected in (("i", i), ("f", f), ("o", o), ("g", g), ("tanh_c", np.tanh(c))):
            same(getattr(trace, name)[t], expected)
        same(trace.c[t + 1], c)
        same(trace.h[t + 1], h)


@CASES
@given(runs())
def test_pre_activations_are_the_gates_arguments(case):
    """Squashing the recomputed pre-activations gives the gates of the trace."""
    params, x, h0, c0, *_ = case
    trace = lstm.forward(params, x, h0, c0)
    a = lstm.pre_activations(params, trace)
    for gate in "ifo":
        same(1 / (1 + np.exp(-lstm.block(a, gate))), lstm.block(trace.gates, gate))
    same(np.tanh(lstm.block(a, "g")), trace.g)


@CASES
@given(runs())
def test_batch_rows_are_independent(case):
    """A sequence gives the same states and gradients alone as in any batch; weight gradients add up."""
    params, x, h0, c0, dh_out, dc_T = case
    trace = lstm.forward(params, x, h0, c0)
    back = lstm.backward(params, trace, dh_out, dc_T)
    summed = np.zeros_like(params.W_h)
    for k in range(x.shape[1]):
        row = slice(k, k + 1)
        alone = lstm.forward(params, x[:, row], h0[row], c0[row])
        back_alone = lstm.backward(params, alone, dh_out[:, row], dc_T[row])
        for name in ("h", "c", "gates"):
            same(getattr(trace, name)[:, row], getattr(alone, name))
        for name in ("dx", "da", "dh", "dc"):
            same(getattr(back, name)[:, row], getattr(back_alone, name))
        for name in ("dh0", "dc0"):
            same(getattr(back, name)[row], getattr(back_alone, name))
        summed += back_alone.grads.W_h
    same(back.grads.W_h, summed)


@CASES
@given(runs(steps=st.integers(2, 6)), st.data())
def test_splitting_a_sequence_changes_nothing(case, data):
    """Carrying the state forward and (dh0, dc0) back across a cut gives the whole run's states and gradients."""
    params, x, h0, c0, dh_out, dc_T = case
    cut = data.draw(st.integers(1, len(x) - 1))
    whole = lstm.forward(params, x, h0, c0)
    first = lstm.forward(params, x[:cut], h0, c0)
    second = lstm.forward(params, x[cut:], first.h[-1], first.c[-1])
    same(np.concatenate([first.h, second.h[1:]]), whole.h)
    same(np.concatenate([first.c, second.c[1:]]), whole.c)

    back = lstm.backward(params, whole, dh_out, dc_T)
    back_2 = lstm.backward(params, second, dh_out[cut:], dc_T)
    carried = dh_out[:cut].copy()
    carried[-1] += back_2.dh0
    back_1 = lstm.backward(params, first, carried, back_2.dc0)
    for name in ("dx", "da", "dh", "dc"):
        same(np.concatenate([getattr(back_1, name), getattr(back_2, name)]), getattr(back, name))
    same(back_1.dh0, back.dh0)
    same(back_1.dc0, back.dc0)
    for name in ("W_x", "W_h", "b"):
        same(getattr(back_1.grads, name) + getattr(back_2.grads, name), getattr(back.grads, name))


@CASES
@given(runs())
def test_arguments_are_left_alone_and_results_do_not_alias(case):
    """Neither pass writes to what it was given, and a second call leaves the first one's results as they were."""
    params, x, h0, c0, dh_out, dc_T = case
    given_ = [params.W_x, params.W_h, params.b, x, h0, c0, dh_out, dc_T]
    for array in given_:
        array.flags.writeable = False
    trace = lstm.forward(params, x, h0, c0)
    kept = {name: getattr(trace, name).copy() for name in ("x", "h", "c", "gates", "tanh_c")}
    back = lstm.backward(params, trace, dh_out, dc_T)
    before = {name: getattr(back, name).copy() for name in ("dx", "dh0", "dc0", "da", "dh", "dc")}
    lstm.backward(params, lstm.forward(params, x + 1, c0, h0), 2 * dh_out)
    for name, values in kept.items():
        np.testing.assert_array_equal(getattr(trace, name), values)
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(back, name), values)


@CASES
@given(runs())
def test_torch_layout_round_trip(case):
    """to_torch and from_torch undo each other, and two PyTorch biases act by their sum."""
    params = case[0]
    weight_ih, weight_hh, bias_ih, bias_hh = lstm.to_torch(params)
    again = lstm.from_torch(weight_ih, weight_hh, bias_ih - 1, bias_hh + 1)
    np.testing.assert_array_equal(again.W_x, params.W_x)
    np.testing.assert_array_equal(again.W_h, params.W_h)
    np.testing.assert_allclose(again.b, params.b, atol=1e-15)


def test_missing_initial_states_are_zero():
    """Without h0, c0 and dc_T the run is the one with zeros."""
    rng = np.random.default_rng(0)
    params, x, dh_out = lstm.init(2, 3, rng=rng), rng.normal(size=(4, 2, 2)), rng.normal(size=(4, 2, 3))
    bare, zeros = lstm.forward(params, x), lstm.forward(params, x, np.zeros((2, 3)), np.zeros((2, 3)))
    np.testing.assert_array_equal(bare.h, zeros.h)
    back, back_zeros = lstm.backward(params, bare, dh_out), lstm.backward(params, zeros, dh_out, np.zeros((2, 3)))
    np.testing.assert_array_equal(back.dx, back_zeros.dx)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("sign", [1, -1])
def test_saturated_gates_stay_finite(dtype, sign):
    """Pre-activations of ±1000 give finite states and gradients without a warning."""
    H = 3
    params = LSTMParams(np.ones((1, 4 * H), dtype), np.zeros((H, 4 * H), dtype), np.full(4 * H, sign * 1e3, dtype))
    trace = lstm.forward(params, np.zeros((4, 2, 1), dtype))
    assert np.abs(lstm.pre_activations(params, trace)).min() == 1e3
    back = lstm.backward(params, trace, np.ones((4, 2, H), dtype))
    for values in (trace.h, trace.c, trace.gates, back.dx, back.dh, back.dc, back.grads.W_x, back.grads.W_h):
        assert np.isfinite(values).all()
    assert trace.i.min() == (1 if sign > 0 else 0)


def test_float32_follows_the_input():
    """float32 in, float32 everywhere out, whatever the weights' type; whole numbers are computed in float64."""
    params = lstm.init(2, 3, rng=np.random.default_rng(0))
    x = np.ones((4, 2, 2), np.float32)
    trace = lstm.forward(params, x)
    back = lstm.backward(params, trace, np.ones((4, 2, 3)))
    for values in (trace.h, trace.c, trace.gates, trace.tanh_c, lstm.pre_activations(params, trace)):
        assert values.dtype == np.float32
    for values in (
        back.dx,
        back.dh,
        back.dc,
        back.da,
        back.dh0,
        back.dc0,
        back.grads.W_x,
        back.grads.W_h,
        back.grads.b,
    ):
        assert values.dtype == np.float32
    assert lstm.forward(params, x.astype(int)).h.dtype == np.float64


@pytest.mark.parametrize("layout", ["strided", "fortran", "broadcast"])
def test_any_memory_layout_gives_the_same_run(layout):
    """Views, transposed and broadcast inputs are read as the numbers they show."""
    rng = np.random.default_rng(3)
    params = lstm.init(2, 3, rng=rng)
    x = {
        "strided": rng.normal(size=(8, 6, 2))[::2, ::3],
        "fortran": np.asfortranarray(rng.normal(size=(4, 2, 2))),
        "broadcast": np.broadcast_to(rng.normal(size=(2, 2)), (4, 2, 2)),
    }[layout]
    dh_out = np.broadcast_to(1.0, (4, 2, 3))
    trace, plain = lstm.forward(params, x), lstm.forward(params, x.copy())
    same(trace.h, plain.h)
    same(lstm.backward(params, trace, dh_out).dx, lstm.backward(params, plain, np.ones((4, 2, 3))).dx)


def test_init_sets_the_forget_bias_and_nothing_else():
    """Every forget bias is the asked one, the other draws are the scheme's, and a seed repeats them."""
    first, again = (lstm.init(2, 3, rng=np.random.default_rng(4), forget_bias=2.5) for _ in range(2))
    other = lstm.init(2, 3, rng=np.random.default_rng(4), forget_bias=-1)
    np.testing.assert_array_equal(lstm.block(first.b, "f"), 2.5)
    for gate in "iog":
        np.testing.assert_array_equal(lstm.block(first.b, gate), lstm.block(other.b, gate))
        assert np.abs(lstm.block(first.b, gate)).max() <= 1 / np.sqrt(3)
    np.testing.assert_array_equal(first.W_h, again.W_h)
    assert lstm.init(2, 3, rng=np.random.default_rng(0), dtype="float32").W_h.dtype == np.float32


PARAMS = lstm.init(2, 3, rng=np.random.default_rng(0))
X = np.ones((4, 5, 2))
NAN = np.where(np.arange(40).reshape(4, 5, 2) == 13, np.nan, 1.0)
BAD_CALLS = {
    "x of two axes": (lambda: lstm.forward(PARAMS, X[0]), r"x: expected 3 axes \(T, B, D\), got shape \(5, 2\)\. Resh"),
    "T = 0": (lambda: lstm.forward(PARAMS, X[:0]), r"x: T is 0 in shape \(0, 5, 2\), .* at least one entry along T"),
    "D of another layer": (
        lambda: lstm.forward(PARAMS, X[..., :1]),
        r"x: expected D = 2 as in W_x.*got D = 1\. .*D = 1",
    ),
    "NaN": (lambda: lstm.forward(PARAMS, NAN), r"x: expected finite numbers, got nan at index \(1, 1, 1\)\. Replace"),
    "infinity": (lambda: lstm.forward(PARAMS, X * np.inf), r"x: expected finite numbers, got inf at index \(0, 0, 0\)"),
    "words": (lambda: lstm.forward(PARAMS, [[["a", "b"]]]), r"x: expected real numbers, got dtype <U1\. Convert"),
    "complex": (lambda: lstm.forward(PARAMS, X + 1j), r"x: expected real numbers, got dtype complex128\. Convert"),
    "ragged": (lambda: lstm.forward(PARAMS, [[[1, 2]], [[1]]]), r"x: rows of different lengths\. Give every row"),
    "h0": (
        lambda: lstm.forward(PARAMS, X, np.ones((1, 3))),
        r"h0: expected shape \(B, H\) = \(5, 3\), got \(1, 3\)\. ",
    ),
    "c0": (
        lambda: lstm.forward(PARAMS, X, None, np.ones(3)),
        r"c0: expected 2 axes \(B, H\), got shape \(3,\)\. Reshape",
    ),
    "NaN in c0": (
        lambda: lstm.forward(PARAMS, X, None, np.full((5, 3), np.nan)),
        r"c0: expected finite numbers, got nan",
    ),
    "dh_out": (
        lambda: backward(np.ones((4, 5, 2))),
        r"dh_out: expected shape \(T, B, H\) = \(4, 5, 3\), got \(4, 5, 2\)",
    ),
    "NaN in dh_out": (lambda: backward(np.full((4, 5, 3), np.nan)), r"dh_out: expected finite numbers, got nan"),
    "dc_T": (lambda: backward(np.ones((4, 5, 3)), np.ones((4, 5, 3))), r"dc_T: expected 2 axes \(B, H\), got shape"),
    "another layer's trace": (
        lambda: lstm.backward(
            lstm.init(2, 4, rng=np.random.default_rng(0)), lstm.forward(PARAMS, X), np.ones((4, 5, 4))
        ),
        r"trace: made with \(D, H\) = \(2, 3\), but params have \(2, 4\)\. Run forward with these params",
    ),
    "H = 0": (
        lambda: lstm.init(2, 0, rng=np.random.default_rng(0)),
        r"H: expected a whole number of at least 1, got 0",
    ),
    "D = 1.5": (lambda: lstm.init(1.5, 2, rng=np.random.default_rng(0)), r"D: expected a whole number .* got 1\.5"),
    "forget bias": (
        lambda: lstm.init(2, 3, rng=np.random.default_rng(0), forget_bias=np.inf),
        r"forget_bias: expected a finite number, got inf",
    ),
    "dtype": (
        lambda: lstm.init(2, 3, rng=np.random.default_rng(0), dtype=np.float16),
        r"dtype: expected float64 or float32, got .*float16",
    ),
    "weights that do not fit": (
        lambda: LSTMParams(np.ones((2, 12)), np.ones((4, 12)), np.ones(12)),
        r"LSTMParams: expected W_x \(D, 4H\), W_h \(H, 4H\), b \(4H,\), got \(2, 12\), \(4, 12\), \(12,\)",
    ),
    "H = 0 weights": (lambda: LSTMParams(np.ones((2, 0)), np.ones((0, 0)), np.ones(0)), r"LSTMParams: .* got \(2, 0\)"),
    "weights of one axis": (
        lambda: LSTMParams(np.ones(12), np.ones((3, 12)), np.ones(12)),
        r"LSTMParams: .* got \(12,\)",
    ),
    "torch weight_hh": (
        lambda: from_torch(weight_hh=np.ones((12, 4))),
        r"weight_hh: expected shape \(4H, H\) = \(16, 4\)",
    ),
    "torch weight_ih": (
        lambda: from_torch(weight_ih=np.ones((9, 2))),
        r"weight_ih: expected shape \(4H, D\) = \(12, 2\)",
    ),
    "torch bias": (lambda: from_torch(bias_hh=np.ones(3)), r"bias_hh: expected shape \(4H,\) = \(12,\), got \(3,\)"),
    "torch NaN": (lambda: from_torch(bias_ih=np.full(12, np.nan)), r"bias_ih: expected finite numbers, got nan"),
}


def backward(dh_out, dc_T=None):
    """Backward pass of a sound run with the given upstream gradients."""
    return lstm.backward(PARAMS, lstm.forward(PARAMS, X), dh_out, dc_T)


def from_torch(**wrong):
    """Sound PyTorch weights with one replaced."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return lstm.from_torch(**dict(zip(names, lstm.to_torch(PARAMS), strict=True)) | wrong)


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_arguments_are_named_at_the_boundary(call, message):
    """The error names the argument, what came, what was expected and how to mend it."""
    with pytest.raises(ValueError, match=message):
        call()
