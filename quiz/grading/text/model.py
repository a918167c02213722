"""The trained weights and what they say of an answer's features. Only NumPy, no training code."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quiz.corpus.corpus import LABELS, Rubric
from quiz.grading.text.features import FAMILIES

Floats = NDArray[np.float64]
WHOLE = ("serious", "some", "correct")  # what is asked of an answer as a whole, for all questions alike


@dataclass(frozen=True)
class Model:
    """What was learnt.

    Attributes:
        hashes: Hashes of the known features, ascending.
        weight: What each feature counts, before an answer's features are brought to one length.
        shared: A column for each of `WHOLE`, for all questions.
        own: By question, the features it has weights for, and a column for each of `WHOLE` and of `targets`.
        targets: By question, ids of its points and misconceptions.
        offsets: By question, what to add to each column.
        told: By ``point`` or ``misconception``, slope and offset from a score to a probability.
        stack: Weights, and the last row offsets, from `stacked` to the three labels.
        middle: Mean and spread of `stacked`, which it is scaled by.
        least: By label, the least probability at which it is said; below it the answer is undecided.
        fingerprint: Of the corpus it was made from.
    """

    hashes: NDArray[np.uint32]
    weight: Floats
    shared: Floats
    own: Mapping[str, tuple[NDArray[np.int64], Floats]]
    targets: Mapping[str, tuple[str, ...]]
    offsets: Mapping[str, Floats]
    told: Mapping[str, tuple[float, float]]
    stack: Floats
    middle: Floats
    least: tuple[float, float, float]
    fingerprint: str


def hashed(name: str) -> int:
    """A feature's hash."""
    return zlib.crc32(name.encode())


def vector(found: Iterable[str], hashes: NDArray[np.uint32], weight: Floats) -> tuple[NDArray[np.int64], Floats]:
    """An answer's known features: their places and values, each family brought to its length."""
    places, values = [], []
    by_family: dict[str, list[int]] = {}
    for name in sorted(found):
        code = hashed(name)
        place = int(np.searchsorted(hashes, code))
        if place < len(hashes) and hashes[place] == code:
            by_family.setdefault(name[0], []).append(place)
    total = sum(FAMILIES.values())
    for family, known in by_family.items():
        part = weight[known]
        places += known
        values.append(part * np.sqrt(FAMILIES[family] / total / (part @ part)))
    if not places:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    order = np.argsort(places, kind="stable")
    return np.array(places, dtype=np.int64)[order], np.concatenate(values)[order]


def scores(model: Model, question: str, found: Iterable[str]) -> Floats:
    """One number for each of `WHOLE` and of the question's targets; 0 speaks against it, 1 for it."""
    places, values = vector(found, model.hashes, model.weight)
    result = model.offsets[question].copy()
    result[: len(WHOLE)] += values @ model.shared[places]
    known, columns = model.own[question]
    where = np.searchsorted(known, places)
    here = (where < len(known)) & (known[np.minimum(where, len(known) - 1)] == places)
    return np.asarray(result + values[here] @ columns[where[here]])


def stacked(question: str, score: Floats, targets: Collection[str], rubric: Rubric) -> Floats:
    """What the last stage weighs: the essential points by the rubric, any point, a serious error, and their like."""
    chance = np.clip(score, 0.001, 0.999)
    serious, some, correct = score[: len(WHOLE)]
    points = [
        (name, value) for name, value in zip(targets, chance[len(WHOLE) :], strict=True) if name.startswith("p")
    ]
    values = np.array([value for _, value in points])
    any_point = 1 - float(np.prod(1 - values))
    essential = 0.0
    for stated in product((False, True), repeat=len(points)):
        names = {name for (name, _), is_in in zip(points, stated, strict=True) if is_in}
        if any(needed <= names for needed in rubric.essential[question]):
            essential += float(np.prod(np.where(stated, values, 1 - values)))
    slips = [value for name, value in zip(targets, chance[len(WHOLE) :], strict=True) if not name.startswith("p")]
    return np.array(
        [
            serious, some, correct, essential, any_point, values.max(), values.sum(), max(slips),
            essential * (1 - chance[0]), any_point * (1 - chance[0]),
        ]
    )  # fmt: skip


def labelled(row: Floats, middle: Floats, stack: Floats) -> Floats:
    """Probabilities of `LABELS`."""
    raw = (row - middle[0]) / middle[1] @ stack[:-1] + stack[-1]
    powers = np.exp(raw - raw.max())
    return np.asarray(powers / powers.sum())


def save(model: Model, path: str) -> None:
    """Write the weights; the same model gives the same bytes."""
    about = {
        "targets": {name: list(ids) for name, ids in model.targets.items()},
        "told": model.told,
        "least": model.least,
        "fingerprint": model.fingerprint,
    }
    arrays: dict[str, NDArray[np.generic]] = {
        "hashes": model.hashes,
        "weight": model.weight.astype(np.float32),
        "shared": model.shared.astype(np.float16),
        "stack": model.stack,
        "middle": model.middle,
        "about": np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
    }
    for name, (known, columns) in model.own.items():
        arrays[f"{name}/known"] = known.astype(np.uint16)
        arrays[f"{name}/columns"] = columns.astype(np.float16)
        arrays[f"{name}/offsets"] = model.offsets[name]
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # its stubs take a keyword for a flag


@lru_cache(maxsize=1)
def load() -> Model:
    """The weights that come with the package."""
    with files(__package__).joinpath("weights.npz").open("rb") as file, np.load(file) as arrays:
        about = json.loads(arrays["about"].tobytes())
        names = about["targets"]
        return Model(
            arrays["hashes"],
            arrays["weight"].astype(np.float64),
            arrays["shared"].astype(np.float64),
            {
                name: (arrays[f"{name}/known"].astype(np.int64), arrays[f"{name}/columns"].astype(np.float64))
                for name in names
            },
            {name: tuple(ids) for name, ids in names.items()},
            {name: arrays[f"{name}/offsets"] for name in names},
            {name: (pair[0], pair[1]) for name, pair in about["told"].items()},
            arrays["stack"],
            arrays["middle"],
            tuple(about["least"]),
            about["fingerprint"],
        )


assert len(LABELS) == 3  # the stack has a column for each
