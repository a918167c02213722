"""The trained weights and what they say of an answer's features. Only NumPy, no training code."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quiz.corpus.corpus import Rubric
from quiz.grading.text.features import FAMILIES

Floats = NDArray[np.float64]
#: What is asked of an answer as a whole, for all questions alike: a serious error, any credit, full credit, each kind
#: of error, a misconception of the bank, no point, and how many points.
WHOLE = ("serious", "some", "correct", "swap", "reverse", "negate", "number", "other", "named", "pointless", "count")
KINDS = slice(3, 9)  # of these, the kinds of error


@dataclass(frozen=True, eq=False)
class Forest:
    """Boosted trees, all in one: a node is a row.

    Attributes:
        roots: First nodes, a row for each round and a column for each label.
        feature: What a node asks; -1 at a leaf.
        threshold: Not above it is left.
        left: The next node.
        right: The other.
        value: What a leaf adds.
        start: What each label begins with.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    start: Floats

    def __call__(self, row: Floats) -> Floats:
        """Probabilities of the labels."""
        asked = row.astype(np.float32)  # as in training
        nodes = self.roots
        while (self.feature[nodes] >= 0).any():
            inner = self.feature[nodes] >= 0
            below = asked[self.feature[nodes]] <= self.threshold[nodes]
            nodes = np.where(inner, np.where(below, self.left[nodes], self.right[nodes]), nodes)
        return _chances(self.start + self.value[nodes].sum(0))


@dataclass(frozen=True, eq=False)
class Model:
    """What was learnt.

    Attributes:
        hashes: Hashes of the known features, ascending.
        weight: What each feature counts, before an answer's features are brought to one length.
        shared: A column for each of `WHOLE` and then for each question (is the answer about it?), for all questions.
        own: By question, the features it has weights for, and a column for each of `WHOLE` and of `targets`.
        targets: By question, ids of its points and misconceptions.
        offsets: By question, what to add to each column.
        told: By ``point`` or ``misconception``, slope and offset from a score to a probability.
        stack: Weights, and the last row offsets, from `widened` rows to the three labels.
        middle: Mean and spread of `widened` rows, which they are scaled by.
        forest: The same from `stacked` rows, by trees.
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
    forest: Forest
    least: tuple[float, float, float]
    fingerprint: str


def hashed(name: str) -> int:
    """A feature's hash."""
    return zlib.crc32(name.encode())


def vector(found: Iterable[str], hashes: NDArray[np.uint32], weight: Floats) -> tuple[NDArray[np.int64], Floats]:
    """An answer's known features: their places and values, each family brought to its length."""
    names = sorted(found)
    codes = np.array([hashed(name) for name in names], dtype=np.uint32)
    where = np.searchsorted(hashes, codes)
    known_ones = (where < len(hashes)) & (hashes[np.minimum(where, len(hashes) - 1)] == codes)
    places, values = [], []
    by_family: dict[str, list[int]] = {}
    for name, place, is_known in zip(names, where.tolist(), known_ones.tolist(), strict=True):
        if is_known:
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
    """One number for each of `WHOLE`, each target of the question and each question; 0 speaks against it, 1 for it."""
    places, values = vector(found, model.hashes, model.weight)
    result = model.offsets[question].copy()
    common = values @ model.shared[places]
    result[: len(WHOLE)] += common[: len(WHOLE)]
    result[len(WHOLE) + len(model.targets[question]) :] += common[len(WHOLE) :]
    known, columns = model.own[question]
    where = np.searchsorted(known, places)
    here = (where < len(known)) & (known[np.minimum(where, len(known) - 1)] == places)
    result[: len(WHOLE) + len(model.targets[question])] += values[here] @ columns[where[here]]
    return np.asarray(result)


def stacked(question: str, score: Floats, parts: Floats, targets: Sequence[str], rubric: Rubric) -> Floats:
    """What the last stage weighs: points by the rubric, errors, and what it is about, of the whole and of its parts.

    A false sentence among right ones is lost in the whole and stands out in its part.

    Args:
        question: Its id.
        score: The whole answer's `scores`.
        parts: Those of its parts, a row each.
        targets: Ids of the question's points and misconceptions.
        rubric: The essential sets.
    """
    whole, rest, about = np.split(score, [len(WHOLE), len(WHOLE) + len(targets)])
    of_parts, rest_of_parts, _ = np.split(parts, [len(WHOLE), len(WHOLE) + len(targets)], axis=1)
    is_point = np.array([name.startswith("p") for name in targets])
    names = [name for name in targets if name.startswith("p")]
    values, somewhere = (np.clip(each[is_point], 0.001, 0.999) for each in (rest, rest_of_parts.max(0)))
    either = np.maximum(values, somewhere)
    essential = _essential(names, values, rubric.essential[question])
    any_point = 1 - float(np.prod(1 - values))
    here = list(rubric.essential).index(question)
    named, named_somewhere = rest[~is_point].max(initial=0), rest_of_parts[:, ~is_point].max(initial=0)
    worst = np.sort(of_parts[:, 0])[::-1]
    return np.array(
        [
            essential, any_point, values.max(), values.sum(), essential * (1 - whole[0]), any_point * (1 - whole[0]),
            *whole, about[here], np.delete(about, here).max(),
            worst[0], worst[min(1, len(worst) - 1)], worst.mean(), *of_parts[:, KINDS].max(0),
            named_somewhere, named, max(named, named_somewhere),
            _essential(names, either, rubric.essential[question]),
            _essential(names, somewhere, rubric.essential[question]), either.max(), len(parts),
            of_parts[:, WHOLE.index("count")].max(), of_parts[:, WHOLE.index("correct")].max(),
        ]
    )  # fmt: skip


def _essential(names: Sequence[str], chances: Floats, sets: Iterable[frozenset[str]]) -> float:
    """How likely one of the sets is complete, if the points are stated independently."""
    total = 0.0
    for stated in product((False, True), repeat=len(names)):
        there = {name for name, is_in in zip(names, stated, strict=True) if is_in}
        if any(needed <= there for needed in sets):
            total += float(np.prod(np.where(stated, chances, 1 - chances)))
    return total


def widened(question: str, row: Floats, rubric: Rubric) -> Floats:
    """A `stacked` row with squares of what matters most, and the question's own column."""
    essential, best, serious = row[0], row[2], row[6]
    worst, named = row[8 + len(WHOLE)], row[18 + len(WHOLE)]
    own = np.array([name == question for name in rubric.essential], dtype=float)
    more = [serious**2, best**2, essential**2, serious * best, worst**2, worst * essential, named * essential]
    return np.concatenate([row, more, own])


def labelled(model: Model, question: str, row: Floats, rubric: Rubric) -> Floats:
    """Probabilities of `LABELS`: the mean of what the logistic model and the trees say."""
    wide = (widened(question, row, rubric) - model.middle[0]) / model.middle[1]
    return (_chances(wide @ model.stack[:-1] + model.stack[-1]) + model.forest(row)) / 2


def _chances(raw: Floats) -> Floats:
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
    for part in fields(Forest):
        arrays[f"forest/{part.name}"] = getattr(model.forest, part.name)
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
            Forest(*(arrays[f"forest/{part.name}"] for part in fields(Forest))),
            tuple(about["least"]),
            about["fingerprint"],
        )
