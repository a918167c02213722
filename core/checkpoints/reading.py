"""From the bytes of a file to what they hold: the format is told by how it begins, never by its name alone."""

from __future__ import annotations

import re
from contextlib import suppress

from core.checkpoints import keras_files, plain_files, torch_files
from core.checkpoints.archive import entries, names
from core.checkpoints.limits import must_be_small
from core.checkpoints.other_files import refuse, refuse_archive
from core.checkpoints.records import Checkpoint, Stored
from core.checkpoints.understood import understood
from core.errors import InputError

__all__ = ["read"]


def read(content: bytes, filename: str) -> Checkpoint:
    """Read what a file of weights holds, without running anything of it.

    PyTorch's ``.pt``, ``.pth`` and ``.ckpt`` (both formats; state dicts, checkpoints, whole models, TorchScript),
    safetensors, NPZ, JSON, and Keras's ``.weights.h5``, ``.keras`` and ``.h5`` (with h5py).

    Args:
        content: The file's bytes.
        filename: Its name, for the card; it is never opened.

    Raises:
        InputError: A file that holds no recurrent network, cannot be read, or is too large; one sentence says which,
            another names the mend.
    """
    must_be_small(content)
    try:
        return understood(_stored(content, filename), filename)
    except InputError:
        raise
    except Exception as problem:  # a file can be wrong in more ways than its format's readers foresee
        raise InputError(
            "The file makes no sense to the reader of its format: it is damaged, or written in a way that is not known "
            "here. Save the weights again, by name, and bring the new file."
        ) from problem


def _stored(content: bytes, filename: str) -> Stored:
    if content.startswith(b"PK"):
        return _archive(content)
    if content.startswith(b"\x89HDF\r\n\x1a\n"):
        return keras_files.from_hdf5(content)
    if content[:1] == b"\x80" and content[1:2] <= b"\x05" and len(content) > 2:
        return torch_files.from_pickle(content)
    if plain_files.is_safetensors(content):
        return plain_files.from_safetensors(content)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        return plain_files.from_json(content)
    if re.search(
        r"\.(pkl|pickle|p|pt|pth)$", filename.casefold()
    ):  # the first protocols have no beginning of their own
        with suppress(InputError):
            return torch_files.from_pickle(content)
    raise refuse(content, filename)


def _archive(content: bytes) -> Stored:
    found = names(content)
    if any(name.endswith("data.pkl") for name in found):
        return torch_files.from_zip(entries(content))
    if "model.weights.h5" in found:
        return keras_files.from_archive(entries(content))
    if found and all(name.endswith(".npy") for name in found):
        return plain_files.from_npz(entries(content))
    raise refuse_archive(found)
