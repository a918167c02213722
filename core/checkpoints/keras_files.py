"""Files that Keras writes: ``.weights.h5``, ``.keras`` and the ``.h5`` of Keras 2, all of them HDF5 inside."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints import hdf5_worker
from core.checkpoints.limits import MAX_BYTES, MAX_DEPTH
from core.checkpoints.records import Module, Stored
from core.errors import InputError

__all__ = ["from_archive", "from_hdf5"]

_SECONDS = 30
_AGAIN = 'Save it again with model.save_weights("model.weights.h5") and bring the new file.'
_NEEDS = (
    "Files of Keras are HDF5, and the package that reads them is not installed where this runs. Whoever runs it can "
    "bring it with: pip install h5py. Or save the weights with numpy.savez."
)
_VARS = {3: ("kernel", "recurrent_kernel", "bias"), 2: ("kernel", "recurrent_kernel")}


def from_hdf5(content: bytes) -> Stored:
    """Read the weights in an HDF5 file by the names that Keras gives them.

    Raises:
        InputError: h5py is not installed, or a file that it cannot open.
    """
    arrays, configuration, order = _opened(content)
    return _stored("a Keras weights file", arrays, configuration, order)


def from_archive(parts: Mapping[str, bytes]) -> Stored:
    """Read a ``.keras`` archive: a configuration and the weights beside it. Nothing of it is built or called.

    Raises:
        InputError: As `from_hdf5`.
    """
    arrays, _, order = _opened(parts["model.weights.h5"])
    return _stored("a Keras model", arrays, parts.get("config.json", b""), order)


def _opened(content: bytes) -> tuple[dict[str, NDArray[Any]], bytes, tuple[str, ...]]:
    """All arrays by name, the configuration and the order of layers, from a process that opens the file."""
    command = [sys.executable, "-I", str(Path(hdf5_worker.__file__)), str(MAX_BYTES), str(_SECONDS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=2 * _SECONDS, check=False)
    except (subprocess.TimeoutExpired, OSError) as problem:
        raise InputError(f"The file takes too long to open: it is damaged. {_AGAIN}") from problem
    if done.returncode == 3:
        raise InputError(_NEEDS)
    if done.returncode == 4:
        raise InputError(
            f"The file unpacks to more than {MAX_BYTES // 1_000_000} MB. Save the weights of a smaller model, without "
            "the optimiser."
        )
    if done.returncode:
        raise InputError(f"This HDF5 file is cut short or damaged. {_AGAIN}")
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as found:
        names = [str(name) for name in found["names"]]
        arrays = {name: found[f"a{k}"] for k, name in enumerate(names)}
        return arrays, found["configuration"].tobytes(), tuple(str(name) for name in found["layers"] if str(name))


def _stored(form: str, arrays: Mapping[str, NDArray[Any]], configuration: bytes, order: tuple[str, ...]) -> Stored:
    kept = {
        name: array for name, array in arrays.items()
        if not re.match(r"(?:optimizer|optimizer_weights|top_level_model_weights|metrics)(?:/|$)", name)
    }  # fmt: skip
    modules = _modules(configuration)
    by_vars = any("/vars/" in f"/{name}" for name in kept)
    named = _by_vars(kept) if by_vars else _by_names(kept)
    if by_vars:
        named = _as_configured(named, modules)
    order = order or tuple(modules)
    if order:
        named = dict(sorted(named.items(), key=lambda item: _rank(item[0], order)))
    notes = ("The optimiser’s state in it is left aside.",) if len(kept) < len(arrays) else ()
    if not named:
        raise InputError(f"The HDF5 file holds no weights of Keras. {_AGAIN}")
    return Stored(form, "Keras", named, modules, notes=notes)


def _rank(name: str, order: tuple[str, ...]) -> int:
    head = name.split("/")[0]
    return order.index(head) if head in order else len(order)


def _by_names(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Keras 2: ``lstm/lstm/lstm_cell/kernel:0`` is the layer's name, then its path again, then the array's."""
    named: dict[str, NDArray[Any]] = {}
    for full, array in arrays.items():
        parts = full.removeprefix("model_weights/").removesuffix(":0").split("/")
        layer, leaf = parts[0], parts[-1]
        inner = [part for part in parts[1:-1] if re.match(r"forward|backward", part)]
        cells = [part for part in parts[1:-1] if re.fullmatch(r"(?:cell|\w+_cell)_\d+", part)]
        named["/".join([layer, *inner[:1], *cells[-1:], leaf])] = array
    if len(named) == len(arrays):
        return named
    return {full.removeprefix("model_weights/").removesuffix(":0"): array for full, array in arrays.items()}


def _by_vars(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Keras 3: ``layers/lstm/cell/vars/0``; which variable it is follows from how many there are and their shapes."""
    groups: dict[str, dict[str, NDArray[Any]]] = {}
    for full, array in arrays.items():
        head, _, number = full.rpartition("/vars/")
        groups.setdefault(head, {})[number] = array
    named: dict[str, NDArray[Any]] = {}
    for head, held in groups.items():
        title = _layer(head)
        names = _variables(title, held)
        named |= {f"{title}/{name}": array for name, array in zip(names, held.values(), strict=True)}
    return named


def _layer(head: str) -> str:
    """A layer's name from its path: without the folders and cells that every layer has."""
    parts = [part for part in head.split("/") if part not in ("layers", "_layer_checkpoint_dependencies", "cell")]
    return "/".join(parts) or "model"


def _variables(title: str, held: Mapping[str, NDArray[Any]]) -> list[str]:
    arrays = list(held.values())
    recurrent = len(arrays) in _VARS and arrays[1].ndim == 2 and arrays[0].ndim == 2
    if recurrent and arrays[0].shape[1] == arrays[1].shape[1] and arrays[1].shape[1] % arrays[1].shape[0] == 0:
        return list(_VARS[len(arrays)])
    if len(arrays) == 2 and arrays[0].ndim == 2 and arrays[1].shape == arrays[0].shape[1:]:
        return ["kernel", "bias"]
    if len(arrays) == 1 and arrays[0].ndim == 2:
        return ["embeddings" if "embedding" in title else "kernel"]
    return [f"vars.{number}" for number in held]


def _modules(configuration: bytes) -> dict[str, Module]:
    """Every layer of a configuration by its name, with its plain settings."""
    try:
        document = json.loads(configuration.decode("utf-8")) if configuration else {}
    except (ValueError, RecursionError):
        return {}
    return dict(_layers(document, 0))


def _layers(value: Any, depth: int) -> Iterator[tuple[str, Module]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for each in value:
            yield from _layers(each, depth + 1)
        return
    if not isinstance(value, dict):
        return
    kind, facts = value.get("class_name"), value.get("config")
    if isinstance(kind, str) and isinstance(facts, dict) and isinstance(facts.get("name"), str):
        plain = _plain(facts)
        for inner in ("cell", "layer"):  # of an RNN made of a cell, of a Bidirectional: what it runs says more
            wrapped = facts.get(inner)
            if isinstance(wrapped, dict) and isinstance(wrapped.get("config"), dict):
                plain |= _plain(wrapped["config"])
        yield facts["name"], Module(kind, plain)
    for each in value.values():
        if isinstance(each, dict | list):
            yield from _layers(each, depth + 1)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in facts.items() if isinstance(v, str | int | float | bool) and k != "name"}


def _as_configured(named: Mapping[str, NDArray[Any]], modules: Mapping[str, Module]) -> dict[str, NDArray[Any]]:
    """The same arrays under the layers' own names: the file counts layers of a class anew, a configuration does not."""
    heads = dict.fromkeys(name.split("/")[0] for name in named)
    by_class: dict[str, list[str]] = {}
    for title, module in modules.items():
        by_class.setdefault(_snake(module.kind), []).append(title)
    titles = {}
    for head in heads:
        kind = re.sub(r"_\d+$", "", head)
        number = int(head[len(kind) + 1 :] or 0) if head != kind else 0
        owned = by_class.get(kind, [])
        titles[head] = owned[number] if number < len(owned) and head not in modules else head
    if len(set(titles.values())) < len(titles):
        return dict(named)
    return {"/".join([titles[name.split("/")[0]], *name.split("/")[1:]]): array for name, array in named.items()}


def _snake(name: str) -> str:
    """As Keras makes a layer's name from its class: LSTM → lstm, SimpleRNN → simple_rnn."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).casefold()
