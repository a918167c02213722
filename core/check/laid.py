"""A file's arrays in `core`'s layout, once its conventions are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.check.arrays import Layout, gap, sequence, state, weights
from core.check.parts import MATRICES, Parts
from core.check.passes import BLOCKS, WEIGHTS, Case, clean, order
from core.check.slip import reordered
from core.lstm import GATES
from core.params import Array

__all__ = ["Aligned", "aligned"]

_DOUBLE, _SINGLE = 1e-9, 1e-4
_WRITTEN = 0.004
"""An input whose numbers are off by no less has at most two decimals: it was written down so, not rounded."""
_INPUTS = frozenset({"x", "h0", "c0", "dc_T", "dh_out", "target"})
_SEQUENCES = ("a", "gates", *GATES, "r", "z", "u", "n", "da_r", "da_z", "da_n", "da_u",
               "c", "tanh_c", "h", "dh", "dc", "da", *(f"da_{k}" for k in GATES), "dh_next",
             "dc_next", "dx")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Aligned:
    """A file as `core` reads it.

    Attributes:
        case: What both run on.
        yours: The learner's quantities, in the order of computing and in the layout of `core.check.passes.clean`.
        layout: The conventions found.
        tolerance: Up to which gap a quantity counts as equal, beside what its print leaves out.
        notes: What was found out and what was taken for granted, a sentence each.
        unread: Names that say nothing here.
        ours: `core`'s numbers for the case.
        unfit: Arrays whose names are known and whose shapes do not fit, with both: they could not be compared.
        off: How far each entry of `yours` may be off by its print, in its layout; none where nothing was rounded.
        others: The same with the loss read in another sense, where the file does not tell which.
    """

    case: Case
    yours: Mapping[str, Array]
    layout: Layout
    tolerance: Mapping[str, float]
    notes: tuple[str, ...]
    unread: tuple[str, ...]
    ours: Mapping[str, Array] = field(repr=False)
    others: tuple[Aligned, ...] = field(default=(), repr=False)
    unfit: tuple[str, ...] = ()
    off: Mapping[str, Array] = field(default_factory=dict, repr=False)

    def near(self, name: str, one: Array, other: Array, scale: Array, cut: slice | None = None) -> bool:
        """Whether two arrays of a quantity agree in each entry, but for its tolerance and for what print leaves out.

        Args:
            name: The quantity.
            one: All of it, or what `cut` leaves.
            other: The same.
            scale: What the tolerance is a share of: the largest entry in it, or 1 where all are zero.
            cut: Of which steps the two are.
        """
        within = self.within(name, scale, cut)
        return bool(np.isfinite(within).all() and np.all(np.abs(one - other) <= within))

    def within(self, name: str, scale: Array, cut: slice | None = None) -> Array:
        """How far each entry of a quantity may be off and still counts as equal; arguments as `near`."""
        off = self.off.get(name, np.zeros(()))
        most = self.tolerance[name] * (float(np.abs(scale).max()) or 1.0)
        return np.asarray(most + 1.01 * (off if cut is None or not off.ndim else off[cut]))


def aligned(parts: Parts, case: Case, layout: Layout) -> Aligned:
    """A file read by one set of conventions.

    Args:
        parts: The file.
        case: What both run on.
        layout: The conventions.
    """
    ours = clean(case)
    arrays, steps = parts.arrays, dict(parts.steps)
    yours, taken, made = _laid(arrays, case, layout)
    if "" in arrays and (nameless := _by_shape(arrays[""], ours, case, layout, yours)):
        yours[nameless[0]] = nameless[1]
        taken.add("")
        steps |= {nameless[0]: steps[""]} if "" in steps else {}
    yours = {name: yours[name] for name in order(case.kind) if name in yours}
    of_weights = {n for n in arrays if n.removeprefix("d").split(".")[0] in MATRICES}
    left = [n for n in arrays if n and n not in taken | _INPUTS | {"dh0", "dc0"} | of_weights]
    unread = tuple(n for n in left if n not in ours)
    short = {"W": "W_h", "U": "W_h", "b_ih": "b", "b_hh": "b"}
    roots = {n: n[1:].split(".")[0] for n in of_weights if n[0] == "d"}
    lost = [n for n, root in roots.items() if short.get(root, root) not in made]
    beside = any(n.split(".")[0] in ("U", "W_h") for n in arrays)  # a W that is the input's alone
    if not beside and "W_x" not in made:
        lost += [n for n, root in roots.items() if root == "W" and n not in lost]
    unfit = tuple(_unfit(n, arrays[n], ours) for n in [*(n for n in left if n in ours), *sorted(lost)])
    unread = (*parts.unread, *unread)
    return Aligned(case, yours, layout, dict.fromkeys(yours, _tolerance(parts)), (), unread, ours, unfit=unfit,
                   off=_off(steps, arrays, case, layout, yours))  # fmt: skip


def _laid(arrays: Mapping[str, Array], case: Case, layout: Layout) -> tuple[dict[str, Array], set[str], set[str]]:
    """The quantities in `core`'s layout, the names of the sequences taken, and which weights' gradients are there."""
    T, B, D, H = case.sizes
    wide: dict[str, int] = {**dict.fromkeys(("a", "da", "gates"), int(case.params.W_x.shape[1])), "dx": D}
    gated = BLOCKS[case.kind]
    yours: dict[str, Array] = {}
    taken = set()
    for name in _SEQUENCES:
        if name in arrays:
            array = sequence(arrays[name], wide.get(name, H), (T, B), layout.time)
            if array is not None:
                taken.add(name)
                if gated and name in ("a", "da", "gates"):
                    array = reordered(array, layout.gates)
                yours[name] = array
    if "gates" in yours:
        parted = np.split(yours.pop("gates"), len(gated) or 1, axis=-1)
        yours |= dict(zip(gated, parted, strict=False))
    if layout.z_new:
        yours |= {"z": 1 - yours["z"]} if "z" in yours else {}
        yours |= {"da_z": -yours["da_z"]} if "da_z" in yours else {}
        yours |= {"da": yours["da"] * np.repeat([1, -1, 1], H)} if "da" in yours else {}
    for name in ("dh0", "dc0"):
        if name in arrays and (row := state(arrays[name], B, H)) is not None:
            yours[name] = row
    made = weights(arrays, "d", case.kind, layout, like=case.params)
    yours |= {f"d{name}": array for name, array in made.items()}
    return yours, taken, set(made)


def _off(
    steps: Mapping[str, Array], arrays: Mapping[str, Array], case: Case, layout: Layout, yours: Mapping[str, Array]
) -> dict[str, Array]:
    """How far each entry may be off, laid out as the numbers are; what was not rounded is off by nothing."""
    if not steps:
        return {}
    whole = {n: np.zeros(array.shape) for n, array in arrays.items()} | dict(steps)
    laid, _, _ = _laid(whole, case, layout._replace(z_new=False))  # a turned z is off by as much
    return {n: laid[n] for n in yours if n in laid and laid[n].shape == yours[n].shape}


def _unfit(name: str, array: Array, ours: Mapping[str, Array]) -> str:
    """A known array of another shape."""
    expected = f", expected {_size(ours[name])}" if name in ours else ""
    return f"{name} has the shape {_size(array)}{expected}"


def _size(array: Array) -> str:
    return " × ".join(map(str, array.shape))


def _by_shape(
    array: Array, ours: Mapping[str, Array], case: Case, layout: Layout, known: Mapping[str, Array]
) -> tuple[str, Array] | None:
    """A nameless array as the quantity of its shape that it comes nearest to."""
    T, B, D, H = case.sizes
    found = []
    for name in WEIGHTS:
        made = weights({name: array}, "d", case.kind, layout, like=case.params)
        if f"{name[1:]}" in made and name not in known:
            found.append((name, made[name[1:]]))
    for name in ("da", "dh", "dc", "dx", "h", "c"):
        width = {"da": case.params.W_x.shape[1], "dx": D}.get(name, H)
        if name in ours and name not in known and (row := sequence(array, width, (T, B), layout.time)) is not None:
            wide = BLOCKS[case.kind] and name == "da"
            found.append((name, reordered(row, layout.gates) if wide else row))
    return min(found, key=lambda pair: gap(pair[1], ours[pair[0]]), default=None)


def _tolerance(parts: Parts) -> float:
    """Up to which gap a quantity counts as equal: by its float type, and by what the inputs' print leaves out."""
    given = [n for n in parts.steps if n in _INPUTS or n.split(".")[0] in MATRICES]
    off = [float(parts.steps[n].max()) / max(float(np.abs(parts.arrays[n]).max()), 1e-300)
           for n in given if parts.steps[n].min() < _WRITTEN]  # fmt: skip
    return max(_SINGLE if parts.single else _DOUBLE, 20 * max(off, default=0.0))
