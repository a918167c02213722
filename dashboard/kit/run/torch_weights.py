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

from core import lstm, rnn
from core.errors import InputError
from core.layer import Cell
from core.params import Array, float_array
from dashboard.kit.run.settings import MAX_HIDDEN, MAX_INPUTS, MAX_WEIGHT

MAX_BYTES = 5_000_000
MAX_ARRAYS = 1_000
MAX_AXES = 8
_SAVE = "Save it with numpy.savez and choose it again."
_OTHERS = {
    b"\x93NUMPY": "a single array (.npy)",
    b"\x80": "a pickle, such as torch.save wrote in former times",
    b"\x89HDF": "an HDF5 file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
}
"""What else is chosen by mistake, by how it begins."""
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
    cell: Cell
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
        if match and match[1] in found:
            raise InputError(
                f"The file holds {match[1]} twice, the second time as {_shown(name)}: only one layer can be read. "
                "Save the parameters of that layer alone."
            )
        if match:
            found[match[1]] = array
    further = [name for name in arrays if _FURTHER.fullmatch(name)]
    if further:
        raise InputError(
            f"The file holds {_shown(further[0])}: only one layer in one direction can be read. Save layer 0 alone."
        )
    missing = [name for name in ("weight_ih", "weight_hh") if name not in found]
    if missing:
        names = ", ".join(_shown(name) for name in sorted(arrays)[:8]) or "nothing"
        raise InputError(
            f"The file has no {missing[0]}_l0; it holds {names}. Save the named parameters of an nn.RNN or nn.LSTM."
        )
    rows = found["weight_ih"].shape[0] if found["weight_ih"].ndim == 2 else 0
    H = found["weight_hh"].shape[-1] if found["weight_hh"].ndim == 2 else 0
    if not H or rows not in (H, 4 * H):
        raise InputError(
            f"weight_ih_l0 {found['weight_ih'].shape} and weight_hh_l0 {found['weight_hh'].shape} belong neither to an "
            "nn.RNN (H rows) nor to an nn.LSTM (4H rows). Save the named parameters of one such layer."
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
        raise InputError(
            f"{_shown(prefix + 'bias')} has shape {bias.shape}; expected ({len(weight)},) to go with its weight. "
            "Save the two of one layer."
        )
    return weight.T.copy(), bias


def _arrays(content: bytes) -> dict[str, Array]:
    """Every array of the archive as float64, by name; nothing is unpacked or made before its size is known."""
    if len(content) > MAX_BYTES:
        raise InputError(
            f"The file has {len(content):,} bytes; at most {MAX_BYTES:,} can be read. Save one small layer."
        )
    for start, what in _OTHERS.items():
        if content.startswith(start):
            raise InputError(f"This is {what}, not an .npz file. {_SAVE}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _must_be_npz([entry.filename for entry in entries])
            # A small archive can unpack into a huge one: the sizes are read before anything is unpacked.
            if sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise InputError(f"The file unpacks to more than {MAX_BYTES // 1_000_000} MB. Save one small layer.")
            if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
                raise InputError(f"The file is packed in a way that NumPy does not use. {_SAVE}")
            packed = {entry.filename.removesuffix(".npy"): archive.read(entry) for entry in entries}
    except InputError:
        raise
    except Exception as problem:  # zipfile raises some ten kinds for a damaged, encrypted or unusually packed archive
        raise InputError(f"This is not an .npz file, or it is damaged or encrypted. {_SAVE}") from problem
    return {name: _array(name, data) for name, data in packed.items()}


def _must_be_npz(names: list[str]) -> None:
    """Tell apart what else is a zip archive inside, by the files in it."""
    if any(name.endswith("data.pkl") for name in names):
        raise InputError(f"This file was written by torch.save, not an .npz file; it asks to be unpickled. {_SAVE}")
    if "[Content_Types].xml" in names:
        raise InputError(f"This is an Office file (such as .xlsx), not an .npz file. {_SAVE}")
    if len(names) > MAX_ARRAYS:
        raise InputError(f"The file holds {len(names):,} arrays; at most {MAX_ARRAYS} are read. Save one small layer.")
    other = next((name for name in names if not name.endswith(".npy")), None)
    if other is not None:
        raise InputError(f"The file holds {_shown(other)}, which is no array: this is not an .npz file. {_SAVE}")


def _array(name: str, data: bytes) -> Array:
    """One ``.npy`` of the archive as float64.

    The header says type and shape. It is read first, since an array of the shape that it states would be made before
    anything shows that the numbers are not there.
    """
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, by_columns, dtype = header(stream)
    except Exception as problem:  # the header is Python text of any kind
        raise InputError(f"The file's {_shown(name)} is not an array in NumPy's format. {_SAVE}") from problem
    if dtype.hasobject:
        raise InputError(f"The file's {_shown(name)} holds pickled objects, which are never opened. Save plain arrays.")
    if dtype.kind not in "fiub" or dtype.subdtype is not None:
        raise InputError(f"The file's {_shown(name)} holds {dtype}, not real numbers. Convert it to float32 and save.")
    axes, there = len(shape), len(data) - stream.tell()
    if axes > MAX_AXES or any(size < 1 for size in shape) or math.prod(shape) * dtype.itemsize != there:
        stated = str(shape) if len(str(shape)) <= 60 else f"{axes} axes"
        raise InputError(
            f"The file's {_shown(name)} states the shape {stated} of {dtype}, but {there:,} bytes of numbers follow: "
            f"it is empty, cut short or damaged. {_SAVE}"
        )
    values = np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape, order="F" if by_columns else "C")
    try:
        array = float_array(_shown(name), values, ("",) * axes, np.float64)
    except ValueError as problem:
        raise InputError(str(problem)) from problem
    if (largest := float(np.abs(array).max())) > MAX_WEIGHT:
        raise InputError(
            f"The file's {_shown(name)} holds a number of size {largest:.3g}; at most {MAX_WEIGHT:,.0f} can be shown. "
            "Save weights from before they grew."
        )
    return array


def _shown(name: str) -> str:
    """A name from the file as a message has it: quoted, and not long."""
    return repr(name if len(name) <= 40 else name[:39] + "…")
