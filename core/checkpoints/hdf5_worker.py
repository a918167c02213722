"""Opens an HDF5 file in a process of its own: the library behind it is C and was not made for files from strangers.

The file comes on standard input; an NPZ goes to standard output, with the configuration as bytes. Links that lead out
of the file, data kept in other files and virtual data are left out, sizes are known before anything is read. It stands
alone, so that it can be started by its path: ``python -I hdf5_worker.py BYTES SECONDS``.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any

import numpy as np

__all__ = ["main"]

_MAX_ENTRIES = 20_000


def main() -> int:
    """Read standard input, write standard output; 3 where h5py is not installed, 4 for more than is read."""
    most, seconds = int(sys.argv[1]), int(sys.argv[2])
    _confine(most, seconds)
    try:
        import h5py
    except ImportError:
        return 3
    arrays: dict[str, Any] = {}
    configuration = b""
    left = most
    with h5py.File(io.BytesIO(sys.stdin.buffer.read()), "r") as file:
        with contextlib.suppress(Exception):  # another type, or too large for an attribute
            given = file.attrs.get("model_config", b"")
            configuration = given.encode() if isinstance(given, str) else bytes(given)
        for name, dataset in _datasets(file, h5py):
            left -= dataset.size * dataset.dtype.itemsize
            if left < 0:
                return 4
            arrays[name] = dataset[()]
        layers = _layer_names(file)
    buffer = io.BytesIO()
    held: dict[str, Any] = {f"a{k}": np.asarray(array) for k, array in enumerate(arrays.values())}
    held["names"] = np.array([*arrays], np.str_) if arrays else np.array([], "<U1")
    held["configuration"] = np.frombuffer(configuration, np.uint8)
    held["layers"] = np.array(layers or [""])
    np.savez(buffer, **held)
    sys.stdout.buffer.write(buffer.getvalue())
    return 0


def _datasets(file: Any, h5py: Any) -> Any:
    """Names and data sets of numbers, by hard links alone, each group entered once."""
    seen: set[Any] = set()
    waiting = [("", file)]
    count = 0
    while waiting:
        prefix, group = waiting.pop()
        found = []
        for name in group:
            count += 1
            if count > _MAX_ENTRIES or not isinstance(group.get(name, getlink=True), h5py.HardLink):
                continue
            child = group[name]
            place = f"{prefix}/{name}" if prefix else name
            if isinstance(child, h5py.Group):
                if (key := h5py.h5o.get_info(child.id).addr) not in seen:
                    seen.add(key)
                    found.append((place, child))
            elif _is_plain(child, h5py):
                yield place, child
        waiting += reversed(found)


def _is_plain(child: Any, h5py: Any) -> bool:
    """Whether it is a data set of numbers that lie in this file."""
    numbers = isinstance(child, h5py.Dataset) and child.dtype.kind in "fiub" and child.shape is not None
    return numbers and not child.external and not child.is_virtual


def _layer_names(file: Any) -> list[str]:
    """Layers in the model's order, as files of Keras 2 keep them."""
    group = file.get("model_weights", file)
    names = group.attrs.get("layer_names", [])
    return [name.decode() if isinstance(name, bytes) else str(name) for name in list(names)[:_MAX_ENTRIES]]


def _confine(most: int, seconds: int) -> None:
    """Bound memory and time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (most * 8 + 2_000_000_000,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
