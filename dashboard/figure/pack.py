"""How arrays travel to the browser: base64 of little-endian bytes with shape and dtype."""

from __future__ import annotations

import base64
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

KEPT = (np.dtype(np.float32), np.dtype(np.int16), np.dtype(np.int8), np.dtype(np.uint8))
"""Types that travel as they are: half the bytes of a float64, or an eighth."""


class Packed(TypedDict):
    """An array on the wire: `b64` holds the C-ordered little-endian bytes, `dtype` is f4, f8, i2, i1 or u1."""

    b64: str
    shape: list[int]
    dtype: str


def pack(array: ArrayLike) -> Packed:
    """Pack a real array; float32, int16, int8 and uint8 stay what they are, anything else becomes float64.

    Args:
        array: any shape; NaN and infinities survive.

    Raises:
        ValueError: the array does not hold real numbers.
    """
    values = np.asarray(array)
    if values.dtype.kind not in "fiub":
        raise ValueError(f"array has dtype {values.dtype}; expected real numbers, so convert it to float first")
    dtype = values.dtype.str[1:] if values.dtype in KEPT else "f8"
    data = np.ascontiguousarray(values, dtype=f"<{dtype}").tobytes()
    return {"b64": base64.b64encode(data).decode("ascii"), "shape": list(values.shape), "dtype": dtype}
