"""The gradients are right: finite differences of everything, and one step worked by hand."""

import numpy as np
import pytest
from networks import FORMS, make

from core import gru, lstm, model, rnn
from core.activations import ACTIVATIONS

T, B, D, H, O = 5, 3, 2, 4, 3  # noqa: E741 - field notation
EPS = 1e-5  # central differences: the error is of order EPS² from the third derivative, and 1e-16/EPS from rounding


def draw(rng, kind, *, D=D, H=H, T=T, B=B):
    """Random weights, input, initial states and upstream gradients of one layer, by name."""
    params = make(kind, D, H, 1, rng=rng).cell
    arrays = {name: getattr(params, name) for name in ("W_x", "W_h", "b")}
    arrays |= {"x": rng.normal(size=(T, B, D)), "h0": rng.normal(size=(B, H))}
    if kind == "lstm":
        arrays["c0"] = rng.normal(size=(B, H))
    return arrays


def layer_loss(kind, arrays, phi, dh_out, dc_T):
    """A scalar whose gradients `backward` returns for the upstream gradients: Σ dh_out ⊙ h + Σ dc_T ⊙ c_T."""
    trace = layer_trace(kind, arrays, phi)
    return (dh_out * trace.h[1:]).sum() + ((dc_T * trace.c[-1]).sum() if kind == "lstm" else 0)


def layer_trace(kind, arrays, phi):
    """Forward pass of one layer from arrays by name."""
    weights = [arrays[name] for name in ("W_x", "W_h", "b")]
    if kind == "lstm":
        return lstm.forward(lstm.LSTMParams(*weights), arrays["x"], arrays["h0"], arrays["c0"])
    if kind.startswith("gru"):
        return gru.forward(gru.GRUParams(*weights), arrays["x"], arrays["h0"])
    return rnn.forward(rnn.RNNParams(*weights), arrays["x"], arrays["h0"], activation=phi)


def layer_gradients(kind, arrays, phi, dh_out, dc_T):
    """Gradient of `layer_loss` with respect to every array, by name."""
    trace = layer_trace(kind, arrays, phi)
    weights = [arrays[name] for name in ("W_x", "W_h", "b")]
    if kind == "lstm":
        back = lstm.backward(lstm.LSTMParams(*weights), trace, dh_out, dc_T)
    elif kind.startswith("gru"):
        back = gru.backward(gru.GRUParams(*weights), trace, dh_out)
    else:
        back = rnn.backward(rnn.RNNParams(*weights), trace, dh_out)
    gradients = {name: getattr(back.grads, name) for name in ("W_x", "W_h", "b")}
    return gradients | {name: getattr(back, f"d{name}") for name in arrays if name not in gradients}


def slope_along(loss, arrays, name, direction):
    """Central difference of the loss as one array moves along a direction."""
    plus, minus = (loss(arrays | {name: arrays[name] + sign * EPS * direction}) for sign in (1, -1))
    return (plus - minus) / (2 * EPS)


def assert_directional(loss, arrays, gradients, rng):
    """Along one random unit direction per array, the slope is the gradient's projection."""
    assert set(gradients) == set(arrays)
    for name, array in arrays.items():
        direction = rng.normal(size=array.shape)
        direction /= np.linalg.norm(direction)
        numeric = slope_along(loss, arrays, name, direction)
        analytic = (gradients[name] * direction).sum()
        assert abs(numeric - analytic) < 1e-8 * max(1, abs(analytic)), f"d{name}: {analytic=} {numeric=}"


CELLS = [("rnn", phi) for phi in ACTIVATIONS] + [(form, "tanh") for form in FORMS if form != "rnn"]


@pytest.mark.parametrize(("kind", "phi"), CELLS)
@pytest.mark.parametrize("seed", range(3))
def test_layer_gradients_along_random_directions(kind, phi, seed):
    """Every parameter, the input and the initial states of each layer: analytic slope equals the measured one."""
    rng = np.random.default_rng(seed)
    arrays = draw(rng, kind)
    dh_out, dc_T = rng.normal(size=(T, B, H)), rng.normal(size=(B, H))
    gradients = layer_gradients(kind, arrays, phi, dh_out, dc_T)
    assert_directional(lambda moved: layer_loss(kind, moved, phi, dh_out, dc_T), arrays, gradients, rng)


@pytest.mark.parametrize(("kind", "phi"), CELLS)
def test_layer_gradients_at_every_coordinate(kind, phi):
    """On a 2-unit, 2-input toy each single entry of each gradient is the measured slope."""
    rng = np.random.default_rng(7)
    arrays = draw(rng, kind, D=2, H=2, T=3, B=1)
    dh_out, dc_T = rng.normal(size=(3, 1, 2)), rng.normal(size=(1, 2))
    gradients = layer_gradients(kind, arrays, phi, dh_out, dc_T)
    for name, array in arrays.items():
        for where in np.ndindex(array.shape):
            one = np.zeros(array.shape)
            one[where] = 1
            numeric = slope_along(lambda moved: layer_loss(kind, moved, phi, dh_out, dc_T), arrays, name, one)
            np.testing.assert_allclose(gradients[name][where], numeric, rtol=1e-7, atol=1e-9, err_msg=f"d{name}{where}")


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("loss", ["bce", "softmax", "mse"])
@pytest.mark.parametrize("readout", model.READOUTS)
def test_model_gradients_along_random_directions(kind, loss, readout):
    """Every parameter, the input and the initial states through read-out and loss."""
    rng = np.random.default_rng(11)
    net = make(kind, D, H, O, rng=rng, loss=loss, readout=readout)
    shape = (T, B) if readout == "every" else (B,)
    y = rng.integers(O, size=shape) if loss == "softmax" else rng.uniform(size=(*shape, O))
    arrays = model.parameters(net) | {"x": rng.normal(size=(T, B, D)), "h0": rng.normal(size=(B, H))}
    if kind == "lstm":
        arrays["c0"] = rng.normal(size=(B, H))

    def run(moved):
        weights = {name: moved[name] for name in model.parameters(net)}
        return model.run(model.with_parameters(net, weights), moved["x"], y, moved["h0"], moved.get("c0"))

    back = model.backprop(net, run(arrays))
    gradients = back.grads | {name: getattr(back.cell, f"d{name}") for name in arrays if name not in back.grads}
    assert_directional(lambda moved: run(moved).loss, arrays, gradients, rng)


def test_the_totals_at_a_state_are_measured_slopes():
    """dh_t and dc_t are what the loss gains when the state after step t is nudged and the rest of the run redone."""
    rng = np.random.default_rng(5)
    arrays = draw(rng, "lstm")
    params = lstm.LSTMParams(*(arrays[name] for name in ("W_x", "W_h", "b")))
    dh_out = rng.normal(size=(T, B, H))
    trace = layer_trace("lstm", arrays, "tanh")
    back = lstm.backward(params, trace, dh_out)
    for t in range(1, T):
        rest = {"x": arrays["x"][t:], "h0": trace.h[t], "c0": trace.c[t]}

        def loss_from(moved, t=t):
            # The own loss of step t reads h_t, later losses read what follows from (h_t, c_t).
            later = lstm.forward(params, moved["x"], moved["h0"], moved["c0"])
            return (dh_out[t - 1] * moved["h0"]).sum() + (dh_out[t:] * later.h[1:]).sum()

        toward = rng.normal(size=(B, H))
        np.testing.assert_allclose(
            (back.dh[t - 1] * toward).sum(), slope_along(loss_from, rest, "h0", toward), rtol=1e-7
        )
        # c_t also acts through h_t = o tanh(c_t), which the nudge of c0 above leaves alone.
        through_h = back.dh[t - 1] * trace.o[t - 1] * (1 - trace.tanh_c[t - 1] ** 2)
        direct = slope_along(loss_from, rest, "c0", toward)
        np.testing.assert_allclose((back.dc[t - 1] * toward).sum(), direct + (through_h * toward).sum(), rtol=1e-7)


def test_one_lstm_step_worked_by_hand():
    """D = H = B = T = 1 with numbers chosen so that every gate is a plain fraction."""
    # x = 1, h0 = 1/2, c0 = 1. With W_x = (0, ln 3, 0, 0), W_h = 0 except o, b = (0, 0, 0, 0):
    # a_i = 0            i = σ(0)      = 1/2
    # a_f = ln 3         f = σ(ln 3)   = 3/4
    # a_o = 2 ln 3 · 1/2 o = σ(ln 3)   = 3/4         (W_ho = 2 ln 3 acts on h0 = 1/2)
    # a_g = ½ ln 3       g = tanh(½ ln 3) = (3-1)/(3+1) = 1/2    (b_g = ½ ln 3)
    # c = f c0 + i g = 3/4 · 1 + 1/2 · 1/2 = 1                   F5
    # h = o tanh(1) = 3/4 · tanh 1                               F6
    ln3 = np.log(3)
    params = lstm.LSTMParams(np.array([[0, ln3, 0, 0]]), np.array([[0, 0, 2 * ln3, 0]]), np.array([0, 0, 0, ln3 / 2]))
    trace = lstm.forward(params, [[[1.0]]], [[0.5]], [[1.0]])
    for gate, value in (("i", 1 / 2), ("f", 3 / 4), ("o", 3 / 4), ("g", 1 / 2)):
        np.testing.assert_allclose(getattr(trace, gate), [[[value]]], rtol=1e-15)
    np.testing.assert_allclose(trace.c[:, 0, 0], [1, 1], rtol=1e-15)
    np.testing.assert_allclose(trace.h[:, 0, 0], [0.5, 0.75 * np.tanh(1)], rtol=1e-15)

    # Upstream dh_out = 4, dc_T = 0, and s = 1 - tanh²(1):
    # dh = 4                                                      B1
    # dc = dh o s = 4 · 3/4 · s = 3 s                             B2
    # da_i = dc g i(1-i)  = 3s · 1/2 · 1/4  = 3/8 s               B3
    # da_f = dc c0 f(1-f) = 3s · 1   · 3/16 = 9/16 s              B4
    # da_o = dh tanh(1) o(1-o) = 4 · tanh 1 · 3/16 = 3/4 tanh 1   B5
    # da_g = dc i (1-g²)  = 3s · 1/2 · 3/4  = 9/8 s               B6
    # dh0 = da_o · 2 ln 3 = 3/2 ln 3 tanh 1                       B7  (only o sees h0)
    # dc0 = dc f = 9/4 s                                          B8
    # dW_x = x da = da   B9     dW_h = h0 da = da/2   B10     db = da   B11
    # dx = da_f ln 3 = 9/16 ln 3 s                                B12 (only f sees x)
    back = lstm.backward(params, trace, [[[4.0]]])
    s, tanh1 = 1 - np.tanh(1) ** 2, np.tanh(1)
    da = [3 / 8 * s, 9 / 16 * s, 3 / 4 * tanh1, 9 / 8 * s]
    by_hand = [
        (back.dh, 4),
        (back.dc, 3 * s),
        (back.da[0, 0], da),
        (back.dh0, 1.5 * ln3 * tanh1),
        (back.dc0, 9 / 4 * s),
        (back.grads.W_x[0], da),
        (back.grads.W_h[0], np.divide(da, 2)),
        (back.grads.b, da),
        (back.dx, 9 / 16 * ln3 * s),
    ]
    for ours, expected in by_hand:
        np.testing.assert_allclose(ours, np.broadcast_to(expected, ours.shape), rtol=1e-14)


def test_two_rnn_steps_worked_by_hand():
    """A scalar sigmoid RNN over two steps: the second step's loss reaches the first through one factor."""
    # x = (1, 0), h0 = 0, W_x = ln 3, W_h = 4/3 ln 3, b = 0.
    # a_1 = ln 3                 h_1 = 3/4      φ' = 3/4 · 1/4 = 3/16
    # a_2 = 3/4 · 4/3 ln 3 = ln 3  h_2 = 3/4    φ' = 3/16
    # Loss only at step 2, dh_out = (0, 1):
    # dh_2 = 1             da_2 = 3/16
    # dh_1 = da_2 W_h = 3/16 · 4/3 ln 3 = 1/4 ln 3        da_1 = 3/64 ln 3
    # dW_x = x_1 da_1 + x_2 da_2 = 3/64 ln 3              dW_h = h_0 da_1 + h_1 da_2 = 9/64
    # db = da_1 + da_2     dx = da ln 3                   dh0 = da_1 W_h = 1/16 ln² 3
    ln3 = np.log(3)
    params = rnn.RNNParams(np.array([[ln3]]), np.array([[4 / 3 * ln3]]), np.zeros(1))
    trace = rnn.forward(params, [[[1.0]], [[0.0]]], activation="sigmoid")
    np.testing.assert_allclose(trace.h.ravel(), [0, 3 / 4, 3 / 4], rtol=1e-15)
    back = rnn.backward(params, trace, [[[0.0]], [[1.0]]])
    da = np.array([3 / 64 * ln3, 3 / 16])
    by_hand = [
        (back.dh, [ln3 / 4, 1]),
        (back.da, da),
        (back.grads.W_x, [da[0]]),
        (back.grads.W_h, [9 / 64]),
        (back.grads.b, [da.sum()]),
        (back.dx, da * ln3),
        (back.dh0, [ln3**2 / 16]),
    ]
    for ours, expected in by_hand:
        np.testing.assert_allclose(ours.ravel(), expected, rtol=1e-14)


def test_one_gru_step_worked_by_hand():
    """D = H = B = T = 1 with numbers chosen so that every gate is a plain fraction, in both forms."""
    # x = 1, h0 = 1/2. W_x = (ln 3, 0, 0), W_h = (0, 2 ln 3, ln 3), b = 0, and b_u = 1/2 ln 3 where there is one.
    # a_r = ln 3                     r = σ(ln 3) = 3/4                                     F1
    # a_z = 2 ln 3 · 1/2 = ln 3      z = σ(ln 3) = 3/4                                     F2
    # after:  u = 1/2 ln 3 + 1/2 ln 3 = ln 3, n = tanh(3/4 ln 3)                            F3 F4
    # before: n = tanh(3/4 · 1/2 · ln 3) = tanh(3/8 ln 3)                                  F5
    # h = n/4 + 3/4 · 1/2                                                                  F6
    # Upstream dh_out = 16, and s = 1 - n²:
    # da_n = 16 · 1/4 · s = 4 s                                                            B2
    # da_z = 16 (1/2 - n) · 3/16 = 3 (1/2 - n)                                             B3
    # after:  du = 4 s · 3/4 = 3 s, da_r = 4 s · ln 3 · 3/16 = 3/4 ln 3 s                   B4 B5
    #         dh0 = da_z · 2 ln 3 + du ln 3 + 16 · 3/4                                     B6  (r does not see h0)
    # before: da_r = 4 s ln 3 · 1/2 · 3/16 = 3/8 ln 3 s                                    B7
    #         dh0 = da_z · 2 ln 3 + 4 s ln 3 · 3/4 + 12                                    B8
    # dx = da_r ln 3, dW_x = da, dW_h = (da_r, da_z, du or 3/4 da_n)/2, db = da with du behind
    ln3 = np.log(3)
    W_x, W_h, b = np.array([[ln3, 0, 0]]), np.array([[0, 2 * ln3, ln3]]), np.array([0, 0, 0, ln3 / 2])
    for biases, n, to_r in ((b, np.tanh(3 / 4 * ln3), 3 / 4), (b[:3], np.tanh(3 / 8 * ln3), 3 / 8)):
        params = gru.GRUParams(W_x, W_h, biases)
        trace = gru.forward(params, [[[1.0]]], [[0.5]])
        np.testing.assert_allclose(trace.gates[0, 0], [3 / 4, 3 / 4, n], rtol=1e-15)
        np.testing.assert_allclose(trace.h[:, 0, 0], [0.5, n / 4 + 3 / 8], rtol=1e-15)
        back = gru.backward(params, trace, [[[16.0]]])
        s = 1 - n * n
        da = [to_r * ln3 * s, 3 * (1 / 2 - n), 4 * s]
        np.testing.assert_allclose(back.da[0, 0], [*da, 3 * s][: len(biases)], rtol=1e-14)
        np.testing.assert_allclose(back.dh0[0, 0], 6 * (1 / 2 - n) * ln3 + 3 * s * ln3 + 12, rtol=1e-14)
        np.testing.assert_allclose(back.dx[0, 0, 0], da[0] * ln3, rtol=1e-14)
        np.testing.assert_allclose(back.grads.W_x[0], da, rtol=1e-14)
        np.testing.assert_allclose(back.grads.W_h[0], np.array([*da[:2], 3 * s]) / 2, rtol=1e-14)
        np.testing.assert_allclose(back.grads.b, back.da[0, 0], rtol=1e-14)
