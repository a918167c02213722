"""What the RNN and the LSTM share: array checks at the boundary, and ways to initialise weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = [
    "SCHEMES",
    "Array",
    "finite_in",
    "finite_weights",
    "float_array",
    "float_type",
    "made_with",
    "recurrent_weights",
    "sequence",
    "size",
    "sized",
]

Array = NDArray[np.floating[Any]]

SCHEMES = ("uniform", "xavier", "orthogonal", "identity")


def float_array(name: str, value: ArrayLike, axes: Sequence[str], dtype: DTypeLike | None = None) -> Array:
    """Check one array at the boundary of the package.

    Args:
        name: The argument's name, for the message.
        value: Anything NumPy can turn into an array of real numbers.
        axes: What each axis means, such as ("T", "B", "D"). Every axis must have at least one entry.
        dtype: Wanted float type. None keeps float32 and float64 and turns everything else into float64.

    Returns:
        An array with ``len(axes)`` axes. It is the caller's own array where that already fits: never write to it.

    Raises:
        ValueError: Not numeric, wrong number of axes, an empty axis, NaN, infinity, a number beyond the dtype's range.
    """
    try:
        array = np.asarray(value)
    except ValueError as cause:
        raise ValueError(f"{name}: rows of different lengths. Give every row the same length.") from cause
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name}: expected real numbers, got dtype {array.dtype}. Convert it to float64.")
    if dtype is None:
        dtype = array.dtype if array.dtype in (np.float32, np.float64) else np.float64
    expected = _named(axes)
    if array.ndim != len(axes):
        raise ValueError(
            f"{name}: expected {len(axes)} axes {expected}, got shape {array.shape}. Reshape it to {expected}."
        )
    if array.size == 0:
        empty = axes[array.shape.index(0)]
        raise ValueError(
            f"{name}: {empty} is 0 in shape {array.shape}, expected {expected} with every size at least 1. "
            f"Give at least one entry along {empty}."
        )
    return _finite(name, "", array, dtype, "Replace or remove it.")


def finite_weights(dtype: DTypeLike, **weights: Array) -> tuple[Array, ...]:
    """Check weights that came inside ``params`` or a model, and bring them into the type of a run.

    Args:
        dtype: The run's float type.
        weights: The arrays by name, such as ``W_h``.

    Returns:
        The weights in that type, the caller's own where they fit already: never write to them.

    Raises:
        ValueError: NaN, infinity, or a number beyond the type's range; the message names weight and place.
    """
    mend = "Set it to a finite number, or take weights from before the run diverged."
    return tuple([_finite(name, "", array, dtype, mend) for name, array in weights.items()])


def finite_in(owner: str, **arrays: Array) -> None:
    """Check what a forward or backward pass computed.

    Args:
        owner: The argument that brought the arrays, such as "trace".
        arrays: Its arrays by name; under the name of ``owner`` where it is the array itself.

    Raises:
        ValueError: NaN or infinity; the message names owner, array and place.
    """
    for name, array in arrays.items():
        _finite(
            owner,
            "" if name == owner else f" in {name}",
            array,
            array.dtype,
            "The run has overflowed: use smaller weights or inputs.",
        )


def _finite(name: str, inside: str, array: NDArray[Any], dtype: DTypeLike, mend: str) -> Array:
    floats = array
    if array.dtype != dtype:
        with np.errstate(over="ignore"):  # a number beyond the new type's range becomes infinite and is found below
            floats = array.astype(dtype)
    finite = np.isfinite(floats)
    if np.count_nonzero(finite) < finite.size:  # half the time of `finite.all()`, and every run asks for each weight
        where = tuple(np.argwhere(~finite)[0].tolist())
        wanted = "finite numbers" if not np.isfinite(array[where]) else f"numbers within the range of {floats.dtype}"
        raise ValueError(f"{name}: expected {wanted}, got {array[where]}{inside} at index {where}. {mend}")
    return floats


def sized(name: str, value: ArrayLike, axes: Sequence[str], shape: Sequence[int], dtype: DTypeLike) -> Array:
    """`float_array` with a known shape.

    Raises:
        ValueError: As `float_array`, or the shape differs from ``shape``.
    """
    array = float_array(name, value, axes, dtype)
    if array.shape != tuple(shape):
        wanted = tuple(shape)
        raise ValueError(f"{name}: expected shape {_named(axes)} = {wanted}, got {array.shape}. Make it {wanted}.")
    return array


def _named(axes: Sequence[str]) -> str:
    return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"


def sequence(x: ArrayLike, W_x: Array) -> Array:
    """Check an input sequence x (T, B, D) against the weights that will read it.

    Raises:
        ValueError: As `float_array`, or D is not the number of rows of ``W_x``.
    """
    array = float_array("x", x, ("T", "B", "D"))
    D, got = len(W_x), array.shape[2]
    if got != D:
        raise ValueError(
            f"x: expected D = {D} as in W_x {W_x.shape}, got D = {got}. "
            f"Give {D} numbers per step, or take a layer made for D = {got}."
        )
    return array


def made_with(W_x: Array, W_h: Array, x: Array, h: Array) -> None:
    """Check that a trace with inputs ``x`` and states ``h`` can come from these weights.

    Raises:
        ValueError: D or H differ.
    """
    weights, trace = (len(W_x), len(W_h)), (x.shape[-1], h.shape[-1])
    if weights != trace:
        raise ValueError(
            f"trace: made with (D, H) = {trace}, but params have {weights}. Run forward with these params."
        )


def size(name: str, value: int) -> int:
    """Check a size such as D, H or O.

    Raises:
        ValueError: Not a whole number, or below 1.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name}: expected a whole number of at least 1, got {value!r}. Choose 1 or more.")
    return int(value)


def float_type(dtype: DTypeLike) -> np.dtype[np.floating[Any]]:
    """Check a dtype: float32 or float64.

    Raises:
        ValueError: Any other type.
    """
    for kind in (np.dtype(np.float64), np.dtype(np.float32)):
        if np.dtype(dtype) == kind:
            return kind
    raise ValueError(f"dtype: expected float64 or float32, got {dtype!r}. Choose one of the two.")


def recurrent_weights(
    D: int, H: int, blocks: int, *, rng: np.random.Generator, scheme: str, gain: float
) -> tuple[Array, Array, Array]:
    """Draw W_x, W_h and b for a layer with ``blocks`` gates side by side.

    Schemes, per block: ``uniform`` draws everything from ±1/√H (PyTorch's default); ``xavier`` draws from
    ±√(6/(fan_in + fan_out)) (Glorot & Bengio 2010); ``orthogonal`` makes W_h a random rotation (Saxe et al. 2014);
    ``identity`` sets W_h = I (Le, Jaitly & Hinton 2015). The last two keep xavier for W_x, and all but ``uniform``
    start from b = 0. ``gain`` multiplies W_h.

    Args:
        D: Input size.
        H: Hidden size.
        blocks: 1 for the RNN, 4 for the LSTM.
        rng: Source of the draws.
        scheme: One of `SCHEMES`.
        gain: Factor on W_h, finite.

    Returns:
        W_x (D, blocks·H), W_h (H, blocks·H), b (blocks·H,), float64.

    Raises:
        ValueError: A size below 1, an unknown scheme or a gain that is not finite.
    """
    D, H = size("D", D), size("H", H)
    if scheme not in SCHEMES:
        raise ValueError(f"scheme: {scheme!r} is not known. Choose one of {', '.join(SCHEMES)}.")
    if not np.isfinite(gain):
        raise ValueError(f"gain: expected a finite number, got {gain!r}. Start from 1.0.")
    if scheme == "uniform":
        bound = 1 / np.sqrt(H)
        W_x, W_h, b = (rng.uniform(-bound, bound, shape) for shape in ((D, blocks * H), (H, blocks * H), blocks * H))
        return W_x, W_h * gain, b
    W_x = np.hstack([_xavier(D, H, rng) for _ in range(blocks)])
    W_h = np.hstack([_square(H, rng, scheme) for _ in range(blocks)])
    return W_x, W_h * gain, np.zeros(blocks * H)


def _square(H: int, rng: np.random.Generator, scheme: str) -> Array:
    if scheme == "identity":
        return np.eye(H)
    return _orthogonal(H, rng) if scheme == "orthogonal" else _xavier(H, H, rng)


def _xavier(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def _orthogonal(H: int, rng: np.random.Generator) -> Array:
    Q, R = np.linalg.qr(rng.standard_normal((H, H)))
    # Without the signs the QR of a Gaussian matrix is not uniform over rotations (Mezzadri 2007).
    return np.asarray(Q * np.sign(np.diag(R)))
