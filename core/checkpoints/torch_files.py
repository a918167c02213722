"""Files that PyTorch writes: ``torch.save`` as it is and as it was before 1.6, TorchScript, and plain pickles."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.limits import MAX_OPCODES, SAVE_STATE, must_be_few, quoted
from core.checkpoints.objects import Found, search, shortened
from core.checkpoints.pickled import Name, Rebuild, load
from core.checkpoints.records import Stored
from core.checkpoints.tensors import Storage, Strided, Unreadable, array, rebuild, referred
from core.errors import InputError

__all__ = ["from_pickle", "from_zip"]

_MAGIC = 0x1950A86A20F9469CFC6C
_UNPACKED = "Save the model as it was before it was quantised."
_MOST_INNER = 1_000  # storages that pickle keeps each as a file of its own
_INNER_OPCODES = 200
_CUT = "The file is cut short: the numbers that it announces are not all there. Save it again and bring the new file."


def from_zip(parts: Mapping[str, bytes]) -> Stored:
    """Read the entries of an archive that ``torch.save`` or ``torch.jit.save`` wrote.

    Raises:
        InputError: Damaged, or without tensors.
    """
    pickle = min((name for name in parts if name.endswith("data.pkl")), key=len)
    folder = pickle.removesuffix("data.pkl")
    big_endian = parts.get(folder + "byteorder", b"little").strip() == b"big"
    root = load(io.BytesIO(parts[pickle]), rebuild, referred)
    scripted = any(name.startswith(folder + "code/") for name in parts)
    found = search(root)
    form = "a TorchScript archive" if scripted else _form(found, root)
    return _stored(found, form, "PyTorch", lambda key: parts.get(f"{folder}data/{key}"), big_endian)


def from_pickle(content: bytes) -> Stored:
    """Read a bare pickle: PyTorch's former format, a dictionary of arrays, or one of tensors that pickle itself wrote.

    Raises:
        InputError: Damaged, or without tensors.
    """
    inner: dict[str, bytes] = {}

    def rebuilt(name: Name, args: tuple[Any, ...]) -> Any:
        if name.name == "_load_from_bytes" and name.module == "torch.storage" and len(inner) < _MOST_INNER:
            return _storage(args, inner)
        return rebuild(name, args)

    root, kept, big_endian = _legacy(io.BytesIO(content), rebuilt, MAX_OPCODES)
    found = search(root)
    if kept is None:
        return _stored(found, "a pickle", "PyTorch" if inner else "", inner.get, False)
    return _stored(found, _form(found, root) + ", in the format before 1.6", "PyTorch", kept.get, big_endian)


def _legacy(stream: io.BytesIO, rebuilt: Rebuild, most: int) -> tuple[Any, dict[str, bytes] | None, bool]:
    """What a pickle holds; of PyTorch's former format the bytes of each storage as well, and whether they are turned.

    Args:
        stream: The file.
        rebuilt: What to make of a named call.
        most: Instructions of each of its pickles that are read.
    """
    first = load(stream, rebuilt, referred, most=most)
    if first != _MAGIC or isinstance(first, float):
        return first, None, False
    load(stream, rebuilt, referred, most=most)  # the format's version
    system = load(stream, rebuilt, referred, most=most)
    big_endian = isinstance(system, dict) and system.get("little_endian") is False
    storages: dict[str, Storage] = {}

    def refer(value: Any) -> Any:
        made = referred(value)
        if isinstance(made, Storage):
            storages.setdefault(made.key, made)
        return made

    root = load(stream, rebuilt, refer, most=most)
    keys = load(stream, rebuilt, referred, most=most)
    return root, _storages(stream, keys, storages, big_endian), big_endian


def _storage(args: tuple[Any, ...], inner: dict[str, bytes]) -> Any:
    """The numbers of one tensor, which pickle keeps as a whole file of PyTorch's former format."""
    if not args or not isinstance(args[0], bytes):
        return NotImplemented
    root, kept, big_endian = _legacy(io.BytesIO(args[0]), rebuild, _INNER_OPCODES)
    if not isinstance(root, Storage) or kept is None or big_endian:
        return NotImplemented
    key = f"inner {len(inner)}"
    inner[key] = kept.get(root.key, b"")
    return replace(root, key=key)


def _storages(stream: io.BytesIO, keys: Any, known: Mapping[str, Storage], big_endian: bool) -> dict[str, bytes]:
    """The bytes of each storage: its count of numbers, then the numbers, in the order of ``keys``."""
    kept: dict[str, bytes] = {}
    for key in keys if isinstance(keys, list) else []:
        storage = known.get(str(key))
        if storage is None or not storage.dtype:
            raise InputError(f"The file's numbers {quoted(key)} have a type that is not read. {SAVE_STATE}")
        count = int.from_bytes(stream.read(8), "big" if big_endian else "little", signed=True)
        width = 2 if storage.dtype == "bf16" else int(storage.dtype[1:])
        there = stream.getbuffer().nbytes - stream.tell()
        if count < 0 or count * width > there:
            raise InputError(_CUT)
        kept[str(key)] = stream.read(count * width)
    return kept


def _form(found: Found, root: Any) -> str:
    if found.whole:
        return "a whole PyTorch model"
    direct = isinstance(root, dict) and all(place == () for place, _ in found.tensors)
    if direct and not found.training:
        return "a PyTorch state dict"
    lightning = isinstance(root, dict) and "pytorch-lightning_version" in root
    return "a Lightning checkpoint" if lightning else "a PyTorch checkpoint"


def _stored(
    found: Found, form: str, framework: str, content: Callable[[str], bytes | None], big_endian: bool
) -> Stored:
    named, modules, notes = shortened(found)
    tensors: dict[str, NDArray[Any]] = {}
    unread: list[str] = []
    types = {name: "bfloat16" for name, t in named.items() if isinstance(t, Strided) and t.storage.dtype == "bf16"}
    must_be_few(tensor.shape for tensor in named.values() if not isinstance(tensor, Unreadable))
    for name, tensor in named.items():
        if isinstance(tensor, Strided):
            tensors[name] = array(name, tensor, content(tensor.storage.key), big_endian=big_endian)
        elif isinstance(tensor, np.ndarray):
            tensors[name] = tensor
        else:
            unread.append(f"{quoted(name)} is {tensor.what} and is not read.")
    if not tensors and found.quantised:
        raise InputError(f"Its layers are quantised (packed in whole numbers), which is not read. {_UNPACKED}")
    if not tensors and "TorchScript" in form:
        raise InputError(f"This TorchScript archive has no named weights: it was frozen, or has none. {SAVE_STATE}")
    if not tensors:
        raise InputError(
            f"The file holds no weights{': ' + unread[0] if unread else '.'} It may hold the optimiser alone, or a "
            f"model of another kind. {SAVE_STATE}"
        )
    if found.training:
        notes += ("The optimiser's state in it is left aside.",)
    if found.quantised:
        notes += ("Some of its layers are quantised (packed in whole numbers) and are not read.", _UNPACKED)
    if found.whole or "TorchScript" in form:
        notes += ("The program that belongs to the model was not run: its parts were read from their names.",)
    return Stored(form, framework, tensors, modules, found.words, (*notes, *unread[:3]), types)
