"""A workbench: what is on the Inspector's screen as one file, with weights, data, settings and the chosen step.

A zip archive of `workbench.json` and arrays in NumPy's form. Reading runs nothing of it: no pickle is opened, sizes are
known before anything is unpacked, and every number and name is checked. Nothing here knows Streamlit.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from core.checkpoints import MAX_UNITS, Embedding
from core.checkpoints.archive import entries
from core.errors import InputError
from core.layer import MODULES, Cell
from core.model import Model
from core.params import Array
from core.stack import DIRECTIONS, StackParams
from core.table.limits import MAX_FILE
from dashboard.kit.run import compute
from dashboard.kit.run.own import MAX_INPUTS, MAX_OUTPUTS, Uploaded
from dashboard.kit.run.settings import MAX_CHARS, MAX_STEPS, MAX_WEIGHT, Settings

VERSION = 1
MAX_BYTES = 25_000_000  # of a file
MAX_HEAD = 4_000_000  # of `workbench.json`: words of a vocabulary are in it
MOST_LAYERS, MOST_NETWORKS = 64, 2
HEAD, NUMBERS = "workbench.json", "numbers.txt"
FORM = "unrolled workbench"
BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}
CELL = ("W_x", "W_h", "b")
NOT_ONE = "The file is no workbench. Choose one that was saved here, under Workbench."
DAMAGED = "The workbench is damaged: {}. Save it again."


@dataclass(frozen=True, eq=False)
class Workbench:
    """What a file holds.

    Attributes:
        settings: All of them; ``t`` is the chosen step.
        own: Weights that the settings do not give, by kind: brought, trained or taken over.
        seeded: The weights of the networks that the settings do give, as they were when it was saved.
        problems: Settings that are not known here, a sentence each.
    """

    settings: Settings
    own: Mapping[str, Uploaded]
    seeded: Mapping[str, Uploaded] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def written(
    settings: Settings, own: Mapping[str, Uploaded], seeded: Mapping[str, Uploaded] = MappingProxyType({})
) -> bytes:
    """The file of what is on the screen.

    Args:
        settings: All of them, with the chosen step.
        own: Weights that the settings do not give, by kind.
        seeded: Those that they give: another edition, or another NumPy, may draw others.
    """
    arrays: dict[str, Array] = {}
    networks = [_network(each, f"{kind}/", arrays) for kind, each in own.items()]
    networks += [_network(each, f"{kind}/", arrays) | {"seeded": True} for kind, each in seeded.items()]
    long = len(settings.numbers) > MAX_CHARS
    short = replace(settings, numbers=Settings().numbers) if long else settings
    head = {"form": FORM, "version": VERSION, "settings": short.to_query(), "networks": networks}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, HEAD, json.dumps(head, ensure_ascii=False, indent=1).encode())
        if long:
            _put(archive, NUMBERS, settings.numbers.encode())
        for name, array in arrays.items():
            held = io.BytesIO()
            np.lib.format.write_array(held, np.ascontiguousarray(array, "<f8"), allow_pickle=False)
            _put(archive, f"{name}.npy", held.getvalue())
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """The same bytes make the same file whenever it is saved."""
    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _network(own: Uploaded, at: str, arrays: dict[str, Array]) -> dict[str, Any]:
    """What is said of a network; its arrays are put among the others."""
    read = {} if own.W_y is None or own.b_y is None else {"W_y": own.W_y, "b_y": own.b_y}
    arrays |= {f"{at}{name}": array for name, array in read.items()}
    cells = ((own.cell,),) if own.stack is None else own.stack.layers
    for k, layer in enumerate(cells):
        for direction, cell in zip(DIRECTIONS, layer, strict=False):
            arrays |= {f"{at}{k}/{direction}/{name}": getattr(cell, name) for name in CELL}
    said: dict[str, Any] = {
        "kind": own.kind, "name": own.name, "from_file": own.from_file, "read_out": bool(read),
        "layers": len(cells), "directions": len(cells[0]), "layer": own.layer, "direction": own.direction,
    }  # fmt: skip
    if own.table is not None:
        arrays[f"{at}table"] = np.asarray(own.table.table, np.float64)
        said["table"] = {"name": own.table.name, "words": own.table.words}
    return said


def read(content: bytes) -> Workbench:
    """Read a file that `written` made, or that anybody made to look like one.

    Raises:
        InputError: It is none, too large, of a later version, or damaged; the message says which.
    """
    if len(content) > MAX_BYTES:
        raise InputError(
            f"The file has {len(content) / 1e6:,.0f} MB; a workbench has at most {MAX_BYTES // 1_000_000} MB."
        )
    if not content.startswith(b"PK"):
        raise InputError(NOT_ONE)
    parts = entries(content)
    head = _head(parts.get(HEAD, b""))
    settings, problems = _settings(head, parts.get(NUMBERS))
    said = head.get("networks", [])
    if not isinstance(said, list) or len(said) > MOST_NETWORKS:
        raise InputError(DAMAGED.format("its networks are no list of one or two"))
    own: dict[str, Uploaded] = {}
    seeded: dict[str, Uploaded] = {}
    for each in said:
        try:
            taken = _taken(each, parts)
        except InputError:
            raise
        except Exception as problem:  # a file can be wrong in more ways than are foreseen
            raise InputError(DAMAGED.format("a network in it makes no sense")) from problem
        (seeded if each.get("seeded") is True else own)[taken.kind] = taken
    return Workbench(settings, own, seeded, problems)


def drifted(found: Workbench) -> dict[str, Uploaded]:
    """The weights that its settings would no longer give as they were: they are taken from the file then."""
    if not found.seeded:
        return {}
    with suppress(InputError):  # said where the networks are shown
        sequence = compute.sequence(found.settings, next(iter(found.own.values()), None))
        drawn = compute.start(found.settings, sequence, found.own)
        return {
            kind: each for kind, each in found.seeded.items() if kind in drawn and not _equal(each, drawn[kind])
        }  # fmt: skip
    return {}


def _equal(saved: Uploaded, drawn: Model) -> bool:
    pairs = ((saved.cell.W_x, drawn.cell.W_x), (saved.cell.W_h, drawn.cell.W_h), (saved.cell.b, drawn.cell.b),
             (saved.W_y, drawn.W_y), (saved.b_y, drawn.b_y))  # fmt: skip
    return all(one is not None and np.array_equal(one, other) for one, other in pairs)


def _head(raw: bytes) -> dict[str, Any]:
    if not raw or len(raw) > MAX_HEAD:
        raise InputError(NOT_ONE)
    try:
        head = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise InputError(NOT_ONE) from problem
    if not isinstance(head, dict) or head.get("form") != FORM:
        raise InputError(NOT_ONE)
    version = head.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError(DAMAGED.format("its version is missing"))
    if version > VERSION:
        raise InputError(
            f"This workbench was saved by a later edition (version {version}; this one reads {VERSION}). Open it there."
        )
    return head


def _settings(head: Mapping[str, Any], numbers: bytes | None) -> tuple[Settings, tuple[str, ...]]:
    query = head.get("settings")
    if not isinstance(query, dict) or not all(isinstance(text, str) for text in query.values()):
        raise InputError(DAMAGED.format("its settings are missing"))
    settings, problems = Settings().updated(query)
    problems = tuple(problem.replace("The link", "The workbench", 1) for problem in problems)
    if numbers is not None:
        try:
            text = numbers.decode()
        except UnicodeDecodeError as problem:
            raise InputError(DAMAGED.format("its numbers are no text")) from problem
        if len(text) > MAX_FILE:
            raise InputError(f"The numbers have {len(text):,} characters; at most {MAX_FILE:,} are read.")
        settings = replace(settings, numbers=text)
    return settings, problems


def _taken(said: Mapping[str, Any], parts: Mapping[str, bytes]) -> Uploaded:
    kind, depth, both = said["kind"], said["layers"], said["directions"]
    layer, direction = said["layer"], said["direction"]
    known = kind in BLOCKS and depth in range(1, MOST_LAYERS + 1) and both in (1, 2)
    if not known or layer not in range(1, depth + 1) or direction not in DIRECTIONS[:both]:
        raise InputError(DAMAGED.format("it holds a network of a kind that is not known"))
    at = f"{kind}/"
    cells = tuple(tuple(_cell(kind, f"{at}{k}/{each}/", parts) for each in DIRECTIONS[:both]) for k in range(depth))
    try:
        stack = StackParams(cells)
    except ValueError as problem:
        raise InputError(DAMAGED.format("its layers do not lie on each other")) from problem
    W_y = b_y = None
    if said["read_out"] is True:
        W_y = _array(parts, f"{at}W_y", (stack.sizes[1], None), MAX_OUTPUTS)
        b_y = _array(parts, f"{at}b_y", (W_y.shape[1],))
    own = Uploaded(
        kind, cells[layer - 1][DIRECTIONS.index(direction)], W_y, b_y, stack if len(stack.parts) > 1 else None,
        layer, direction, name=str(said["name"])[:200], from_file=said["from_file"] is True,
    )  # fmt: skip
    return replace(own, table=_table(said["table"], at, parts, own.D)) if "table" in said else own


def _params(kind: str) -> Any:
    """The class of a kind's weights."""
    return type(MODULES[kind].init(1, 1, rng=np.random.default_rng(0)))


def _cell(kind: str, at: str, parts: Mapping[str, bytes]) -> Cell:
    W_h = _array(parts, f"{at}W_h", (None, None), MAX_UNITS * BLOCKS[kind])
    H = len(W_h)
    wide = H * BLOCKS[kind]
    if H > MAX_UNITS or W_h.shape != (H, wide):
        raise InputError(DAMAGED.format(f"W_h has the shape {W_h.shape}"))
    W_x = _array(parts, f"{at}W_x", (None, wide), max(MAX_INPUTS, 2 * MAX_UNITS))
    b = _array(parts, f"{at}b", (None,), wide + H)
    if len(b) not in ((wide, wide + H) if kind == "gru" else (wide,)):
        raise InputError(DAMAGED.format(f"b has the shape {b.shape}"))
    cell: Cell = _params(kind)(W_x, W_h, b)
    return cell


def _table(said: Mapping[str, Any], at: str, parts: Mapping[str, bytes], D: int) -> Embedding:
    rows = _array(parts, f"{at}table", (None, D), MAX_BYTES)
    words = tuple(str(word)[:200] for word in said["words"])
    if len(words) not in (0, len(rows)):
        raise InputError(DAMAGED.format(f"it has {len(words):,} words for {len(rows):,} vectors"))
    return Embedding(str(said["name"])[:200], rows, (), words, "the workbench" if words else "")


def _array(parts: Mapping[str, bytes], name: str, shape: tuple[int | None, ...], most: int = 0) -> Array:
    """A named array of finite numbers; None in its shape stands for 1 to ``most``.

    Raises:
        InputError: It is missing, no array of real numbers, or of another shape.
    """
    raw = parts.get(f"{name}.npy")
    if raw is None:
        raise InputError(DAMAGED.format(f"{name} is missing"))
    found = _numbers(raw, name)
    fits = found.ndim == len(shape) and all(
        1 <= n <= most if wanted is None else n == wanted for n, wanted in zip(found.shape, shape, strict=True)
    )
    if not fits:
        raise InputError(DAMAGED.format(f"{name} has the shape {found.shape}"))
    if not (np.abs(found) <= MAX_WEIGHT).all():  # NaN is not
        raise InputError(
            f"{name} in the workbench holds a number that is not finite or larger than {MAX_WEIGHT:,.0f}. "
            "Save it from weights before they grew."
        )
    return found


def _numbers(raw: bytes, name: str) -> Array:
    """An array of float64 in NumPy's form, of no more numbers than follow: a header alone could ask for any memory."""
    stream = io.BytesIO(raw)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(stream)
    except Exception as problem:  # the header is Python text of any kind
        raise InputError(DAMAGED.format(f"{name} is no array")) from problem
    rest = raw[stream.tell() :]
    if dtype != np.dtype("<f8") or len(shape) > 2 or by_columns or min(shape, default=0) < 0:
        raise InputError(DAMAGED.format(f"{name} is no array of float64"))
    if math.prod(shape) * 8 != len(rest):
        raise InputError(DAMAGED.format(f"of {name} {len(rest):,} bytes are there, which is not what it states"))
    return np.frombuffer(rest, "<f8").astype(np.float64).reshape(shape)


def steps_of(text: str | None, otherwise: int) -> int:
    """The chosen step as the page's address has it."""
    return int(text) if text and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MAX_STEPS else otherwise
