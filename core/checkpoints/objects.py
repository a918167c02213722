"""From what a pickle held to named tensors: state dicts wherever they lie, whole modules, vocabularies beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core.checkpoints.limits import MAX_DEPTH, MAX_TENSORS
from core.checkpoints.pickled import Made, Name
from core.checkpoints.records import Module
from core.checkpoints.tensors import Strided, Unreadable, numpy_array
from core.errors import InputError

__all__ = ["Found", "search", "shortened"]

_TRAINING = re.compile(
    r"optim|^opt$|param_groups|sched|scaler|callback|^loops$|loss(es)?$|history|rng|metric", re.IGNORECASE
)
_HOLDERS = frozenset(
    [
        "state_dict",
        "model_state_dict",
        "model_state",
        "model_weights",
        "model",
        "net",
        "network",
        "module",
        "modules",
        "weights",
        "params",
        "parameters",
        "state",
        "checkpoint",
    ]
)
"""Under what names a checkpoint keeps a state dict; they say nothing about the network."""
_WRAPPERS = ("module.", "_orig_mod.")
_MOST_WORDS = 200_000
_MOST_VISITS = 500_000


class Found:
    """What a search came upon.

    Attributes:
        tensors: `Strided`, `Unreadable` or NumPy arrays by full name: where it lay, and its name there.
        modules: Modules whose class the file names, likewise.
        words: Vocabularies by the name they are kept under.
        whole: Whether a whole pickled module was among it.
        training: Whether an optimiser or the like lay beside it.
        quantised: Whether some of its layers keep packed, quantised weights.
    """

    def __init__(self) -> None:
        self.tensors: dict[tuple[tuple[str, ...], str], Any] = {}
        self.modules: dict[tuple[tuple[str, ...], str], Module] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self.whole = False
        self.training = False
        self.quantised = False
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # so that none of them can pass its identity on to another
        self._visits = 0

    def visit(self, value: Any, place: tuple[str, ...]) -> None:
        """Look into a container, a module or any other object that was to be built."""
        self._visits += 1
        if len(place) > MAX_DEPTH or self._visits > _MOST_VISITS or id(value) in self._seen:
            return
        self._seen.add(id(value))
        self._kept.append(value)
        if isinstance(value, Made):
            self._object(value, place)
        elif isinstance(value, dict):
            self._dictionary(value, place)
        elif isinstance(value, list | tuple) and not self._vocabulary(value, place):
            self._dictionary({str(k): each for k, each in enumerate(value[: MAX_TENSORS + 1])}, place)

    def _dictionary(self, values: Mapping[Any, Any], place: tuple[str, ...]) -> None:
        if self._vocabulary(values, place):
            return
        for key, value in values.items():
            name = str(key)[:200]
            self.quantised = self.quantised or "_all_weight_values" in name or "_packed_params" in name
            if self._tensor(value, place, name) or not isinstance(value, dict | list | tuple | Made):
                continue
            if _TRAINING.search(name):
                self.training = self.training or "optim" in name.casefold()
                continue
            self.visit(value, (*place, name))

    def _tensor(self, value: Any, place: tuple[str, ...], name: str) -> bool:
        if isinstance(value, Made) and (there := numpy_array(value)) is not None:
            value = there
        elif isinstance(value, np.ndarray):  # of a file that is read as arrays
            pass
        elif not isinstance(value, Strided | Unreadable):
            return False
        if len(self.tensors) >= MAX_TENSORS:
            raise InputError(f"The file holds more than {MAX_TENSORS:,} tensors. Save the weights of a smaller model.")
        self.tensors[place, name] = value
        return True

    def _object(self, made: Made, place: tuple[str, ...]) -> None:
        state = _state(made)
        if isinstance(state.get("_modules"), dict) or isinstance(state.get("_parameters"), dict):
            self.whole = True
            self._module(made, state, place, "")
        elif isinstance(made.of, Name) and made.of.module.startswith("__torch__"):
            self._module(made, state, place, "")
        else:
            for each in (state, made.values, *made.args):
                self.visit(each, place)

    def _module(self, made: Made, state: Mapping[Any, Any], place: tuple[str, ...], name: str) -> None:
        """A module with its parameters; those of a TorchScript archive lie openly among its attributes."""
        if name.count(".") > MAX_DEPTH:
            return
        kind = made.of.name if isinstance(made.of, Name) else "?"
        self.quantised = self.quantised or (isinstance(made.of, Name) and ".quantized" in made.of.module)
        self.modules[place, name] = Module(kind, {k: v for k, v in state.items() if _plain(k, v)})
        scripted = "_modules" not in state and "_parameters" not in state
        parts = state if scripted else {**_dict(state.get("_parameters")), **_dict(state.get("_buffers"))}
        inner = state if scripted else _dict(state.get("_modules"))
        for key, value in parts.items():
            self._tensor(value, place, _under(name, key))
        for key, value in inner.items():
            if isinstance(value, Made) and id(value) not in self._seen:
                self._seen.add(id(value))
                self._module(value, _state(value), place, _under(name, key))
        for key, value in state.items():
            if isinstance(key, str) and not key.startswith("_") and isinstance(value, dict | list | Made):
                self._words_of(value, _under(name, key))

    def _words_of(self, value: Any, name: str) -> None:
        """A vocabulary that a module has for an attribute; one level of objects, such as a Vocab, is opened."""
        inside = _state(value) if isinstance(value, Made) else {}
        for key, each in [("", value), *inside.items()]:
            if isinstance(each, dict | list):
                self._vocabulary(each, (_under(name, key) if key else name,))

    def _vocabulary(self, value: Any, place: tuple[str, ...]) -> bool:
        if (words := _words(value)) is None:
            return False
        self.words.setdefault(".".join(place) or "words", words)
        return True


def search(root: Any) -> Found:
    """Everything of use in what was unpickled."""
    found = Found()
    if isinstance(root, Strided):
        found.tensors[(), "tensor"] = root
    found.visit(root, ())
    return found


def shortened(found: Found) -> tuple[dict[str, Any], dict[str, Module], tuple[str, ...]]:
    """Tensors and modules by the shortest names that keep them apart, and what was left out of the names."""
    places = list(dict.fromkeys(place for place, _ in found.tensors))
    short = {place: tuple(_holder(part) for part in place if part not in _HOLDERS) for place in places}
    names = [".".join((*short[place], name)) for place, name in found.tensors]
    if len(set(names)) < len(names):  # a holder's name is all that keeps two networks apart
        short = {place: tuple(_holder(part) for part in place) for place in places}
        names = [".".join((*short[place], name)) for place, name in found.tensors]
    if len(set(names)) < len(names):
        short = {place: place for place in places}
        names = [".".join((*short[place], name)) for place, name in found.tensors]
    modules = {
        ".".join(filter(None, (*short.get(place, place), name))): module
        for (place, name), module in found.modules.items()
    }
    stripped, notes = _unwrapped(names)
    clean = {_clean(name): module for name, module in modules.items()}
    return dict(zip(stripped, found.tensors.values(), strict=True)), clean, notes


def _unwrapped(names: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names without what DataParallel and torch.compile put before them."""
    clean = [_clean(name) for name in names]
    if clean == names or len(set(clean)) < len(clean):
        return names, ()
    wrappers = [w for w in _WRAPPERS if any(w in name for name in names)]
    said = {"module.": "“module.” of DataParallel", "_orig_mod.": "“_orig_mod.” of torch.compile"}
    return clean, (f"The names are shown without {' and '.join(said[w] for w in wrappers)}.",)


def _clean(name: str) -> str:
    name = name.replace("_orig_mod.", "")
    while name.startswith("module."):
        name = name.removeprefix("module.")
    return name


def _holder(part: str) -> str:
    return re.sub(r"_(state_dict|state|weights|params)$", "", part)


def _under(name: str, key: Any) -> str:
    return f"{name}.{key}" if name else str(key)[:200]


def _state(made: Made) -> Mapping[Any, Any]:
    """What an object was to be filled with, as one dictionary."""
    state = made.state
    if isinstance(state, tuple):
        merged: dict[Any, Any] = {}
        for part in state[:2]:
            merged |= _dict(part)
        return merged
    return _dict(state)


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _plain(key: Any, value: Any) -> bool:
    if not isinstance(key, str) or key.startswith("_") or key == "training":
        return False
    return isinstance(value, int | float | bool | None) or (isinstance(value, str) and len(value) <= 60)


def _words(value: Any) -> tuple[str, ...] | None:
    """A vocabulary in index order: a list of different words, or words and their numbers either way round."""
    if isinstance(value, list | tuple) and 2 <= len(value) <= _MOST_WORDS:
        if all(isinstance(each, str) for each in value) and len(set(value)) == len(value):
            return tuple(value)
        return None
    if not isinstance(value, dict) or not 2 <= len(value) <= _MOST_WORDS:
        return None
    pairs = list(_numbered(value))
    if len(pairs) != len(value) or len({number for number, _ in pairs}) != len(pairs):
        return None
    size = max(number for number, _ in pairs) + 1
    if size > len(pairs) + 16:
        return None
    by_number = dict(pairs)
    return tuple(by_number.get(k, f"⟨{k}⟩") for k in range(size))


def _numbered(value: Mapping[Any, Any]) -> Iterator[tuple[int, str]]:
    for key, other in value.items():
        if isinstance(key, str) and key.isdecimal() and isinstance(other, str) and len(key) < 9:
            yield int(key), other
        elif isinstance(key, str) and isinstance(other, int) and not isinstance(other, bool) and 0 <= other < 2**24:
            yield other, key
        elif isinstance(key, int) and isinstance(other, str) and 0 <= key < 2**24:
            yield key, other
