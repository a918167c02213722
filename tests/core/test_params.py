"""Initialisation schemes and the checks at the boundary."""

import numpy as np
import pytest

from core import lstm, rnn
from core.params import SCHEMES, float_array, recurrent_weights, sized

D, H = 40, 50


def weights(scheme, *, blocks=1, gain=1.0, seed=0):
    """W_x, W_h, b drawn from a seed."""
    return recurrent_weights(D, H, blocks, rng=np.random.default_rng(seed), scheme=scheme, gain=gain)


@pytest.mark.parametrize("blocks", [1, 4])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_shapes_and_seed(scheme, blocks):
    """Every scheme gives the layer's shapes, the same numbers for the same seed, others for another."""
    W_x, W_h, b = weights(scheme, blocks=blocks)
    assert (W_x.shape, W_h.shape, b.shape) == ((D, blocks * H), (H, blocks * H), (blocks * H,))
    np.testing.assert_array_equal(W_x, weights(scheme, blocks=blocks)[0])
    assert not np.array_equal(W_x, weights(scheme, blocks=blocks, seed=1)[0])


def test_uniform_fills_its_bounds():
    """PyTorch's default: weights and bias lie in ±1/√H and use the whole range."""
    for array in weights("uniform"):
        assert 0.9 / np.sqrt(H) < np.abs(array).max() <= 1 / np.sqrt(H)


def test_xavier_fills_its_bounds_and_has_no_bias():
    """Glorot's bound uses each matrix's own fans, per gate block; the bias starts at 0."""
    W_x, W_h, b = weights("xavier", blocks=4)
    for W, bound in ((W_x, np.sqrt(6 / (D + H))), (W_h, np.sqrt(6 / (2 * H)))):
        assert 0.95 * bound < np.abs(W).max() <= bound
    assert not b.any()


@pytest.mark.parametrize("blocks", [1, 4])
def test_orthogonal_keeps_lengths_in_every_block(blocks):
    """Each H x H block of W_h is a rotation: all singular values are 1."""
    W_h = weights("orthogonal", blocks=blocks)[1]
    for W in np.split(W_h, blocks, axis=1):
        np.testing.assert_allclose(W.T @ W, np.eye(H), atol=1e-13)


def test_orthogonal_draws_reflections_as_often_as_rotations():
    """With one unit both of the two orthogonal matrices come up, which a bare QR decomposition never gives."""
    rng = np.random.default_rng(0)
    drawn = {float(recurrent_weights(1, 1, 1, rng=rng, scheme="orthogonal", gain=1.0)[1][0, 0]) for _ in range(20)}
    assert drawn == {-1.0, 1.0}


def test_identity_is_the_identity_in_every_block():
    """W_h = I per block (IRNN)."""
    np.testing.assert_array_equal(weights("identity", blocks=4)[1], np.tile(np.eye(H), 4))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_gain_scales_only_the_recurrent_weights(scheme):
    """`gain` multiplies W_h and leaves W_x and b."""
    W_x, W_h, b = weights(scheme)
    scaled = weights(scheme, gain=1.5)
    np.testing.assert_array_equal(scaled[0], W_x)
    np.testing.assert_allclose(scaled[1], 1.5 * W_h, rtol=1e-15)
    np.testing.assert_array_equal(scaled[2], b)


@pytest.mark.parametrize("layer", [rnn, lstm])
def test_layers_pass_scheme_and_gain_on(layer):
    """Both layers draw W_h by the asked scheme and gain."""
    W_h = layer.init(2, 3, rng=np.random.default_rng(0), scheme="identity", gain=0.5).W_h
    np.testing.assert_array_equal(W_h[:, :3], 0.5 * np.eye(3))


@pytest.mark.parametrize("gain", [np.nan, np.inf])
def test_gain_must_be_finite(gain):
    """A gain that is no number is refused by name."""
    with pytest.raises(ValueError, match=r"gain: expected a finite number, got (nan|inf)\. Start from 1\.0"):
        weights("uniform", gain=gain)


@pytest.mark.parametrize("bad", [0, -1, 2.0, True, "3", None])
def test_sizes_are_whole_numbers_from_one(bad):
    """A size that is no whole number of at least 1 is refused with what came, also True."""
    with pytest.raises(ValueError, match=rf"H: expected a whole number of at least 1, got {bad!r}\. Choose 1 or more"):
        recurrent_weights(2, bad, 1, rng=np.random.default_rng(0), scheme="uniform", gain=1.0)


def test_fitting_arrays_are_not_copied():
    """The boundary check hands a fitting array through, so it costs no memory."""
    for dtype in (np.float64, np.float32):
        array = np.ones((2, 3), dtype)
        assert float_array("x", array, ("B", "D")) is array


def test_other_numbers_become_float64():
    """Lists, whole numbers, booleans and half precision are computed in float64."""
    for value in ([[1, 2]], np.ones((1, 2), int), np.ones((1, 2), bool), np.ones((1, 2), np.float16)):
        assert float_array("x", value, ("B", "D")).dtype == np.float64


def test_the_first_bad_entry_is_located():
    """Among many numbers the message points at the first that is not finite."""
    x = np.ones((4, 5))
    x[2, 3] = x[3, 0] = -np.inf
    with pytest.raises(
        ValueError, match=r"x: expected finite numbers, got -inf at index \(2, 3\)\. Replace or remove it"
    ):
        float_array("x", x, ("T", "D"))


def test_one_axis_is_written_as_a_tuple():
    """Shapes in messages read like NumPy's own, with the comma of a one-tuple."""
    with pytest.raises(ValueError, match=r"b: expected shape \(H,\) = \(3,\), got \(2,\)\. Make it \(3,\)\."):
        sized("b", np.ones(2), ("H",), (3,), np.float64)


def test_numbers_too_large_for_float32_are_refused():
    """A value that only float64 can hold is named instead of becoming infinity in float32."""
    with pytest.raises(ValueError, match=r"h0: expected numbers within the range of float32, got 1e\+300 at index"):
        sized("h0", [[1e300]], ("B", "H"), (1, 1), np.float32)
