"""Weights of a learner's own PyTorch model, from an ``.npz`` file.

Made in PyTorch with ``np.savez("weights.npz", **{name: p.detach().numpy() for name, p in net.named_parameters()})``.
Nothing is unpickled: an archive that asks for it is refused.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from dataclasses import dataclass

import numpy as np
from numpy.lib import format  # noqa: A004 - NumPy's name for it

from core import lstm, rnn
from core.errors import InputError
from core.lstm import LSTMParams
from core.params import Array, float_array
from core.rnn import RNNParams
from dashboard.settings.inspector import MAX_HIDDEN, MAX_INPUTS

MAX_BYTES = 5_000_000
_RECURRENT = re.compile(r"(?:.*\.)?(weight_ih|weight_hh|bias_ih|bias_hh)(?:_l0)?")
_FURTHER = re.compile(r".*_(?:l[1-9]\d*|reverse|l0_reverse)")


@dataclass(frozen=True, eq=False)
class Uploaded:
    """One recurrent layer, and a read-out if the file has one. Two are equal when they are the same object.

    Attributes:
        kind: "rnn" or "lstm", from the number of rows.
        cell: The layer's weights in the house order.
        W_y: (H, O), or None.
        b_y: (O,), or None.
    """

    kind: str
    cell: RNNParams | LSTMParams
    W_y: Array | None
    b_y: Array | None


def read(content: bytes) -> Uploaded:
    """Read an ``.npz`` with the names of ``nn.RNN``/``nn.LSTM`` (``weight_ih_l0`` …), optionally an ``nn.Linear``.

    Raises:
        InputError: Not such a file, pickled or oversized content, several layers, or sizes that do not fit together.
    """
    arrays = _arrays(content)
    found: dict[str, Array] = {}
    for name, array in arrays.items():
        match = _RECURRENT.fullmatch(name)
        if match:
            found[match[1]] = array
    further = [name for name in arrays if _FURTHER.fullmatch(name)]
    if further:
        raise InputError(
            f"The file holds {further[0]!r}: only one layer in one direction can be read. Save layer 0 alone."
        )
    missing = [name for name in ("weight_ih", "weight_hh") if name not in found]
    if missing:
        names = ", ".join(sorted(arrays)[:8]) or "nothing"
        raise InputError(
            f"The file has no {missing[0]}_l0; it holds {names}. Save the named parameters of an nn.RNN or nn.LSTM."
        )
    rows = found["weight_ih"].shape[0] if found["weight_ih"].ndim == 2 else 0
    H = found["weight_hh"].shape[-1] if found["weight_hh"].ndim == 2 else 0
    if not H or rows not in (H, 4 * H):
        raise InputError(
            f"weight_ih_l0 {found['weight_ih'].shape} and weight_hh_l0 {found['weight_hh'].shape} belong neither to an "
            "nn.RNN (H rows) nor to an nn.LSTM (4H rows)."
        )
    D = found["weight_ih"].shape[1]
    if H > MAX_HIDDEN or D > MAX_INPUTS:
        raise InputError(
            f"The layer has {H} units and {D} inputs; this page shows at most {MAX_HIDDEN} units and {MAX_INPUTS} "
            "inputs. Save a smaller layer."
        )
    kind = "lstm" if rows == 4 * H else "rnn"
    zero = np.zeros(rows)
    try:
        cell = (lstm if kind == "lstm" else rnn).from_torch(
            found["weight_ih"], found["weight_hh"], found.get("bias_ih", zero), found.get("bias_hh", zero)
        )
    except ValueError as problem:
        raise InputError(str(problem)) from problem
    W_y, b_y = _readout(arrays, H)
    return Uploaded(kind, cell, W_y, b_y)


def _readout(arrays: dict[str, Array], H: int) -> tuple[Array | None, Array | None]:
    """The one linear layer that reads H units, if there is exactly one."""
    layers = [
        (name.removesuffix("weight"), array)
        for name, array in arrays.items()
        if name.endswith("weight") and array.ndim == 2 and array.shape[1] == H
    ]
    if len(layers) != 1:
        return None, None
    prefix, weight = layers[0]
    bias = arrays.get(prefix + "bias", np.zeros(len(weight)))
    if bias.shape != (len(weight),):
        raise InputError(f"{prefix}bias has shape {bias.shape}; expected ({len(weight)},) to go with {prefix}weight.")
    return weight.T.copy(), bias


def _arrays(content: bytes) -> dict[str, Array]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # A small archive can unpack into a huge one: the sizes are read before anything is unpacked.
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise InputError(f"The file unpacks to more than {MAX_BYTES // 1_000_000} MB. Save one small layer.")
            found = {
                name.removesuffix(".npy"): archive.read(name) for name in archive.namelist() if name.endswith(".npy")
            }
            others = ", ".join(archive.namelist()[:3]) or "nothing"
        if not found:
            raise InputError(f"This is an archive, but no .npz: it holds {others}. Save the weights with numpy.savez.")
        return {name: _array(name, file) for name, file in found.items()}
    except InputError:
        raise
    except Exception as problem:  # what zipfile and NumPy raise on bytes that were never theirs is not foreseen
        raise InputError("This is not an .npz file. Save it with numpy.savez and choose it again.") from problem


def _array(name: str, file: bytes) -> Array:
    """One array; its head is read first, for it may ask for more memory than there is, or to be unpickled."""
    head = io.BytesIO(file)
    reader = {1: format.read_array_header_1_0, 2: format.read_array_header_2_0}[format.read_magic(head)[0]]
    shape, _, dtype = reader(head)
    if dtype.hasobject:
        raise InputError("The file holds pickled objects, which are never opened. Save plain arrays.")
    if math.prod(shape) * dtype.itemsize > len(file):
        raise InputError(f"{name} says it has the shape {shape}, but the file is shorter. Save it again.")
    array = format.read_array(io.BytesIO(file), allow_pickle=False)
    try:
        return float_array(name, array, ("n",) * array.ndim, np.float64)
    except ValueError as problem:
        raise InputError(str(problem)) from problem
