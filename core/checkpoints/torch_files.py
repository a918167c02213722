"""Files that PyTorch writes: ``torch.save`` as it is and as it was before 1.6, TorchScript, and plain pickles."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.limits import SAVE_STATE, must_be_few, quoted
from core.checkpoints.objects import Found, search, shortened
from core.checkpoints.pickled import load
from core.checkpoints.records import Stored
from core.checkpoints.tensors import Storage, Strided, Unreadable, array, rebuild, referred
from core.errors import InputError

__all__ = ["from_pickle", "from_zip"]

_MAGIC = 0x1950A86A20F9469CFC6C
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
    """Read a bare pickle: PyTorch's former format, or a dictionary of arrays.

    Raises:
        InputError: Damaged, or without tensors.
    """
    stream = io.BytesIO(content)
    first = load(stream, rebuild, referred)
    if first != _MAGIC or isinstance(first, float):
        found = search(first)
        return _stored(found, "a pickle", "", lambda _: None, False)
    load(stream, rebuild, referred)  # the format's version
    system = load(stream, rebuild, referred)
    big_endian = isinstance(system, dict) and system.get("little_endian") is False
    storages: dict[str, Storage] = {}

    def refer(value: Any) -> Any:
        made = referred(value)
        if isinstance(made, Storage):
            storages.setdefault(made.key, made)
        return made

    root = load(stream, rebuild, refer)
    kept = _storages(stream, load(stream, rebuild, referred), storages, big_endian)
    found = search(root)
    return _stored(found, _form(found, root) + ", in the format before 1.6", "PyTorch", kept.get, big_endian)


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
    if not tensors:
        raise InputError(
            f"The file holds no weights{': ' + unread[0] if unread else '.'} It may hold the optimiser alone, or a "
            f"model of another kind. {SAVE_STATE}"
        )
    if found.training:
        notes += ("The optimiser's state in it is left aside.",)
    if found.quantised:
        notes += ("Some of its layers are quantised (packed in whole numbers) and are not read.",)
    if found.whole or "TorchScript" in form:
        notes += ("The program that belongs to the model was not run: its parts were read from their names.",)
    return Stored(form, framework, tensors, modules, found.words, (*notes, *unread[:3]), types)
