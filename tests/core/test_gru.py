"""Behaviour of the GRU layer beyond its gradients (those are in test_proofs and test_golden)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import gru
from core.gru import GRUParams

SIZES = st.integers(1, 5)
CASES = settings(deadline=None, max_examples=40)


@st.composite
def runs(draw, steps=SIZES):
    """A layer of either form, a sequence, an initial state and an upstream gradient, of any small size."""
    T, B, D, H = draw(steps), draw(SIZES), draw(SIZES), draw(SIZES)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    params = gru.init(D, H, rng=rng, reset_after=draw(st.booleans()))
    return params, rng.normal(size=(T, B, D)), rng.normal(size=(B, H)), rng.normal(size=(T, B, H))


def same(ours, expected):
    """Equal up to the rounding that another order of summation gives."""
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-12)


@CASES
@given(runs())
def test_forward_is_the_cell_repeated(case):
    """Each step of a run is the textbook cell, gate by gate, applied to the state before it."""
    params, x, h, _ = case
    trace, H = gru.forward(params, x, h), params.H
    b = dict(zip("rznu", np.split(params.b, len(params.b) // H), strict=False))
    W_x, W_h = ({gate: gru.block(W, gate) for gate in gru.GATES} for W in (params.W_x, params.W_h))
    for t, x_t in enumerate(x):
        r, z = (1 / (1 + np.exp(-(x_t @ W_x[gate] + h @ W_h[gate] + b[gate]))) for gate in "rz")
        u = h @ W_h["n"] + b["u"] if params.reset_after else h
        n = np.tanh(x_t @ W_x["n"] + b["n"] + (r * u if params.reset_after else (r * h) @ W_h["n"]))
        h = (1 - z) * n + z * h
        for name, expected in (("r", r), ("z", z), ("n", n), ("u", u)):
            same(getattr(trace, name)[t], expected)
        same(trace.h[t + 1], h)


@CASES
@given(runs())
def test_batch_rows_are_independent(case):
    """A sequence gives the same states and gradients alone as in any batch; weight gradients add up."""
    params, x, h0, dh_out = case
    trace = gru.forward(params, x, h0)
    back = gru.backward(params, trace, dh_out)
    summed = np.zeros_like(params.W_h)
    for k in range(x.shape[1]):
        row = slice(k, k + 1)
        alone = gru.forward(params, x[:, row], h0[row])
        back_alone = gru.backward(params, alone, dh_out[:, row])
        for name in ("h", "gates", "u"):
            same(getattr(trace, name)[:, row], getattr(alone, name))
        for name in ("dx", "da", "dh", "sent"):
            same(getattr(back, name)[:, row], getattr(back_alone, name))
        same(back.dh0[row], back_alone.dh0)
        summed += back_alone.grads.W_h
    same(back.grads.W_h, summed)


@CASES
@given(runs(steps=st.integers(2, 6)), st.data())
def test_splitting_a_sequence_changes_nothing(case, data):
    """Carrying the state forward and dh0 back across a cut gives the whole run's states and gradients."""
    params, x, h0, dh_out = case
    cut = data.draw(st.integers(1, len(x) - 1))
    whole = gru.forward(params, x, h0)
    first = gru.forward(params, x[:cut], h0)
    second = gru.forward(params, x[cut:], first.h[-1])
    same(np.concatenate([first.h, second.h[1:]]), whole.h)

    back = gru.backward(params, whole, dh_out)
    back_2 = gru.backward(params, second, dh_out[cut:])
    carried = dh_out[:cut].copy()
    carried[-1] += back_2.dh0
    back_1 = gru.backward(params, first, carried)
    for name in ("dx", "da", "dh", "sent"):
        same(np.concatenate([getattr(back_1, name), getattr(back_2, name)]), getattr(back, name))
    same(back_1.dh0, back.dh0)
    for name in ("W_x", "W_h", "b"):
        same(getattr(back_1.grads, name) + getattr(back_2.grads, name), getattr(back.grads, name))


@CASES
@given(runs())
def test_what_is_sent_back_goes_through_the_gates_or_past_them(case):
    """`sent` is dh_t ⊙ z_t and what `through_gates` finds; with dh_out it makes up dh, and its first row is dh0."""
    params, x, h0, dh_out = case
    trace = gru.forward(params, x, h0)
    back = gru.backward(params, trace, dh_out)
    same(gru.through_gates(params, trace, back.da) + back.dh * trace.z, back.sent)
    same(dh_out[:-1] + back.sent[1:], back.dh[:-1])
    np.testing.assert_array_equal(back.dh0, back.sent[0])


@CASES
@given(runs())
def test_arguments_are_left_alone_and_results_do_not_alias(case):
    """Neither pass writes to what it was given, and a second call leaves the first one's results as they were."""
    params, x, h0, dh_out = case
    for array in (params.W_x, params.W_h, params.b, x, h0, dh_out):
        array.flags.writeable = False
    trace = gru.forward(params, x, h0)
    kept = {name: getattr(trace, name).copy() for name in ("x", "h", "gates", "u")}
    back = gru.backward(params, trace, dh_out)
    before = {name: getattr(back, name).copy() for name in ("dx", "dh0", "da", "dh", "sent")}
    gru.backward(params, gru.forward(params, x + 1), 2 * dh_out)
    for name, values in kept.items():
        np.testing.assert_array_equal(getattr(trace, name), values)
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(back, name), values)


@CASES
@given(runs())
def test_torch_layout_round_trip(case):
    """to_torch and from_torch undo each other; the biases of r and z act by their sum, those of n apart."""
    params = case[0]
    if not params.reset_after:
        with pytest.raises(ValueError, match=r"params: torch\.nn\.GRU resets after the product, this layer before"):
            gru.to_torch(params)
        return
    weight_ih, weight_hh, bias_ih, bias_hh = gru.to_torch(params)
    moved = np.repeat([1.0, 1.0, 0.0], params.H)
    again = gru.from_torch(weight_ih, weight_hh, bias_ih - moved, bias_hh + moved)
    np.testing.assert_array_equal(again.W_x, params.W_x)
    np.testing.assert_array_equal(again.W_h, params.W_h)
    np.testing.assert_allclose(again.b, params.b, atol=1e-15)


@CASES
@given(runs())
def test_keras_weights_run_as_keras_does(case):
    """Blocks z, r, h with one bias vector or two give the step that Keras's own formulas give."""
    params, x, h, _ = case
    rng, H, after = np.random.default_rng(0), params.H, params.reset_after
    kernel, recurrent = rng.normal(size=params.W_x.shape), rng.normal(size=params.W_h.shape)
    bias = rng.normal(size=(2, 3 * H) if after else 3 * H)
    b_x, b_h = bias if after else (bias, np.zeros(3 * H))
    xz, xr, xh = np.split(x[0] @ kernel + b_x, 3, axis=1)
    hz, hr, hh = np.split(h @ recurrent + b_h, 3, axis=1)
    z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
    candidate = np.tanh(xh + (r * hh if after else (r * h) @ recurrent[:, 2 * H :]))
    ours = gru.from_keras(kernel, recurrent, bias, reset_after=after)
    assert ours.reset_after == after
    same(gru.forward(ours, x[:1], h).h[1], z * h + (1 - z) * candidate)
    bare = gru.from_keras(kernel, recurrent, None, reset_after=after)
    np.testing.assert_array_equal(bare.b, np.zeros(4 * H if after else 3 * H))


@pytest.mark.parametrize("reset_after", [True, False])
def test_missing_initial_state_is_zero(reset_after):
    """Without h0 the run is the one with zeros."""
    rng = np.random.default_rng(0)
    params, x = gru.init(2, 3, rng=rng, reset_after=reset_after), rng.normal(size=(4, 2, 2))
    np.testing.assert_array_equal(gru.forward(params, x).h, gru.forward(params, x, np.zeros((2, 3))).h)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("blocks", [3, 4])
def test_saturated_gates_stay_finite(dtype, sign, blocks):
    """Pre-activations of ±1000 give finite states and gradients without a warning."""
    H = 3
    params = GRUParams(np.ones((1, 3 * H), dtype), np.zeros((H, 3 * H), dtype), np.full(blocks * H, sign * 1e3, dtype))
    trace = gru.forward(params, np.zeros((4, 2, 1), dtype), np.full((2, H), 1e3, dtype))
    back = gru.backward(params, trace, np.ones((4, 2, H), dtype))
    for values in (trace.h, trace.gates, back.dx, back.dh, back.dh0, back.grads.W_x, back.grads.W_h, back.grads.b):
        assert np.isfinite(values).all()
    assert trace.z.min() == (1 if sign > 0 else 0)


@pytest.mark.parametrize("reset_after", [True, False])
def test_float32_follows_the_input(reset_after):
    """float32 in, float32 everywhere out, whatever the weights' type; whole numbers are computed in float64."""
    params = gru.init(2, 3, rng=np.random.default_rng(0), reset_after=reset_after)
    x = np.ones((4, 2, 2), np.float32)
    trace = gru.forward(params, x)
    back = gru.backward(params, trace, np.ones((4, 2, 3)))
    grads = (back.grads.W_x, back.grads.W_h, back.grads.b)
    for values in (trace.h, trace.gates, trace.u, back.dx, back.dh, back.da, back.dh0, back.sent, *grads):
        assert values.dtype == np.float32
    assert gru.forward(params, x.astype(int)).h.dtype == np.float64


@pytest.mark.parametrize("layout", ["strided", "fortran", "broadcast"])
@pytest.mark.parametrize("reset_after", [True, False])
def test_any_memory_layout_gives_the_same_run(layout, reset_after):
    """Views, transposed and broadcast inputs are read as the numbers they show."""
    rng = np.random.default_rng(3)
    params = gru.init(2, 3, rng=rng, reset_after=reset_after)
    x = {
        "strided": rng.normal(size=(8, 6, 2))[::2, ::3],
        "fortran": np.asfortranarray(rng.normal(size=(4, 2, 2))),
        "broadcast": np.broadcast_to(rng.normal(size=(2, 2)), (4, 2, 2)),
    }[layout]
    dh_out = np.broadcast_to(1.0, (4, 2, 3))
    trace, plain = gru.forward(params, x), gru.forward(params, x.copy())
    same(trace.h, plain.h)
    same(gru.backward(params, trace, dh_out).dx, gru.backward(params, plain, np.ones((4, 2, 3))).dx)


def test_init_draws_every_bias_by_the_scheme():
    """Uniform draws all four blocks from ±1/√H, the others start from 0; a seed repeats the draw."""
    first, again = (gru.init(2, 3, rng=np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(first.b, again.b)
    assert first.b.shape == (12,)
    assert 0 < np.abs(first.b).min() < np.abs(first.b).max() <= 1 / np.sqrt(3)
    assert not gru.init(2, 3, rng=np.random.default_rng(4), scheme="orthogonal").b.any()
    before = gru.init(2, 3, rng=np.random.default_rng(4), reset_after=False, dtype=np.float32)
    assert before.b.shape == (9,)
    assert before.W_h.dtype == np.float32


PARAMS, BEFORE = (gru.init(2, 3, rng=np.random.default_rng(0), reset_after=after) for after in (True, False))
X = np.ones((4, 5, 2))


def from_torch(**wrong):
    """Sound PyTorch weights with one replaced."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return gru.from_torch(**dict(zip(names, gru.to_torch(PARAMS), strict=True)) | wrong)


BAD_CALLS = {
    "x of two axes": (lambda: gru.forward(PARAMS, X[0]), r"x: expected 3 axes \(T, B, D\), got shape \(5, 2\)\. Resh"),
    "D of another layer": (lambda: gru.forward(PARAMS, X[..., :1]), r"x: expected D = 2 as in W_x.*got D = 1"),
    "h0": (lambda: gru.forward(PARAMS, X, np.ones((1, 3))), r"h0: expected shape \(B, H\) = \(5, 3\), got \(1, 3\)"),
    "dh_out": (
        lambda: gru.backward(PARAMS, gru.forward(PARAMS, X), np.ones((4, 5, 2))),
        r"dh_out: expected shape \(T, B, H\) = \(4, 5, 3\), got \(4, 5, 2\)",
    ),
    "the other form's trace": (
        lambda: gru.backward(PARAMS, gru.forward(BEFORE, X), np.ones((4, 5, 3))),
        r"trace: made with the reset before the product, but params have it after\. Run forward",
    ),
    "another layer's trace": (
        lambda: gru.through_gates(gru.init(2, 4, rng=np.random.default_rng(0)), gru.forward(PARAMS, X), X),
        r"trace: made with \(D, H\) = \(2, 3\), but params have \(2, 4\)",
    ),
    "H = 0": (lambda: gru.init(2, 0, rng=np.random.default_rng(0)), r"H: expected a whole number of at least 1"),
    "dtype": (lambda: gru.init(2, 3, rng=np.random.default_rng(0), dtype=np.float16), r"dtype: expected float64 or"),
    "weights of an LSTM": (
        lambda: GRUParams(np.ones((2, 16)), np.ones((4, 16)), np.ones(16)),
        r"GRUParams: expected W_x \(D, 3H\), W_h \(H, 3H\), b \(4H,\) or \(3H,\), got \(2, 16\), \(4, 16\), \(16,\)",
    ),
    "a bias too short": (
        lambda: GRUParams(np.ones((2, 9)), np.ones((3, 9)), np.ones(3)),
        r"GRUParams: .* got .*\(3,\)",
    ),
    "weights of one axis": (lambda: GRUParams(np.ones(9), np.ones((3, 9)), np.ones(9)), r"GRUParams: .* got \(9,\)"),
    "torch weight_hh": (lambda: from_torch(weight_hh=np.ones((9, 4))), r"weight_hh: expected shape .* = \(12, 4\)"),
    "torch weight_ih": (lambda: from_torch(weight_ih=np.ones((8, 2))), r"weight_ih: expected shape .* = \(9, 2\)"),
    "torch bias": (lambda: from_torch(bias_hh=np.ones(3)), r"bias_hh: expected shape \(3H,\) = \(9,\), got \(3,\)"),
    "keras kernel": (
        lambda: gru.from_keras(np.ones((2, 8)), np.ones((3, 9)), None),
        r"kernel: expected shape \(D, 3H\) = \(2, 9\), got \(2, 8\)",
    ),
    "keras recurrent": (
        lambda: gru.from_keras(np.ones((2, 9)), np.ones((3, 8)), None),
        r"recurrent_kernel: expected shape \(H, 3H\) = \(3, 9\), got \(3, 8\)",
    ),
    "keras bias of the other form": (
        lambda: gru.from_keras(np.ones((2, 9)), np.ones((3, 9)), np.ones(9)),
        r"bias: expected 2 axes \(2, 3H\), got shape \(9,\)",
    ),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_arguments_are_named_at_the_boundary(call, message):
    """The error names the argument, what came, what was expected and how to mend it."""
    with pytest.raises(ValueError, match=message):
        call()
