"""Records that hold arrays are equal to themselves alone: comparing them never asks an array for its truth."""

from __future__ import annotations

import ast
import importlib
import typing
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest

from core import model, tasks

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "quiz", "dashboard")


def declared(path: Path) -> list[str]:
    """Names of the dataclasses that a file declares, read without running it: some files are pages."""
    classes = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef))
    return [node.name for node in classes if any("dataclass" in ast.unparse(d) for d in node.decorator_list)]


def records() -> Iterator[type]:
    """Every dataclass of the project, by existing."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if names := declared(path):
                parts = path.relative_to(ROOT).with_suffix("").parts
                module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
                yield from (getattr(module, name) for name in names)


def holds_arrays(annotation: object, above: tuple[object, ...] = ()) -> bool:
    """Whether a value of this type may be or contain an array, in a container or in another record."""
    origin = typing.get_origin(annotation) or annotation
    if origin is np.ndarray:
        return True
    if origin is Callable:
        return False  # a function is compared by identity, whatever it takes and gives
    if any(holds_arrays(part, above) for part in typing.get_args(annotation)):
        return True
    if origin in above or not is_dataclass(origin) or not isinstance(origin, type):
        return False
    hints = typing.get_type_hints(origin)
    return any(holds_arrays(hints[field.name], (*above, origin)) for field in fields(origin) if field.compare)


def with_arrays() -> list[type]:
    """The records that may hold an array."""
    return [record for record in records() if holds_arrays(record)]


@pytest.mark.parametrize("record", with_arrays(), ids=lambda record: f"{record.__module__}.{record.__name__}")
def test_record_that_holds_arrays_is_compared_by_identity(record: type) -> None:
    """Comparing two records with == or != never raises: none that holds arrays compares its fields.

    One that is equal to another of the same numbers, to be found again, says so itself, by a digest.
    """
    made = record.__dataclass_params__  # type: ignore[attr-defined]
    assert not made.eq, f"{record.__name__} compares its fields: declare it with eq=False"
    assert (record.__hash__ is object.__hash__) == (record.__eq__ is object.__eq__)


def test_search_finds_the_records_it_is_for() -> None:
    """The walk sees arrays in a field, in a container and in another record, and no array in plain settings."""
    found = {record.__name__ for record in with_arrays()}
    assert {"Model", "Trace", "Batch", "State", "Step", "Trained", "Inspection", "Uploaded"} <= found
    assert not found & {"Experiment", "Outcome", "Settings", "Recall", "Activation"}


def test_models_traces_and_batches_can_be_compared() -> None:
    """Two models, runs or batches of the same numbers are not equal, each equals itself, and nothing raises."""
    task = tasks.make("recall", gap=2)
    pairs = []
    for _ in range(2):
        rng = np.random.default_rng(0)
        made, batch = model.init("lstm", task.D, 3, task.O, rng=rng, loss=task.loss), task.sample(rng, 2)
        trace = model.run(made, batch.x, batch.y)
        pairs.append((made, made.cell, batch, trace, trace.cell, model.backprop(made, trace)))
    for one, other in zip(*pairs, strict=True):
        assert one == one
        assert one != other
        assert [other].count(one) == 0
        assert len({one, other}) == 2
