"""What can be wrong with one run, measured: each look gives a number, where, and if it is past its bound.

The bounds are stated once, here, with their reasons; `tests/core/doctor` holds them against seeds, tasks and the
trained networks. A look that cannot be taken, such as how far a gradient of 0 reaches, gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core import flow
from core.activations import activation
from core.doctor.cases import Case, largest
from core.jacobian import running_product_of
from core.lstm import GATES, LSTMTrace
from core.params import Array
from core.rnn import RNNTrace

__all__ = [
    "DEAD",
    "FAMILIES",
    "FEW",
    "GROWN",
    "HARMED",
    "KINDS",
    "LARGE",
    "LOOKS",
    "LOST",
    "NEAR",
    "OF_DATA",
    "SATURATED",
    "SHRINKS",
    "STATE",
    "STILL",
    "TAIL",
    "Finding",
    "findings",
    "looks",
]

LARGE = 5.0
"""Inputs beyond this: standardised ones hardly are, and times usual weights they pass what a gate resolves."""
NEAR = 0.01
"""A gate this near 0 or 1 has a slope under 0.01, 4 % of its largest; tanh this near ±1 under 0.02."""
SATURATED = 0.8
"""Share of saturated values. Trained networks decide by saturating: those of the lessons reach 0.74 in one gate."""
HARMED = 0.5
"""Share of saturated values from which large inputs do harm; a network trained on large numbers has small weights."""
STATE = 100.0
"""Largest state. tanh keeps h below 1; where nothing does, healthy starts stay under 3."""
GROWN = 100.0
"""Growth of the gradient on its way back; the first step then drowns the others. Healthy networks stay under 40."""
LOST = 2.0**-24
"""Added to 1 in float32, this is rounded away: a gradient that much smaller no longer changes an update."""
SHRINKS = 0.2
"""Mean factor on the gradient per step: under 1 % is left after three. Usual fresh starts keep 0.3 to 0.7."""
STILL = 1e-6
"""A unit whose state moves less than this over the whole sequence tells nothing of it."""
DEAD = 1 / 8
"""Share of units that never move; one of eight."""
TAIL = 3
"""Equal last steps that are taken for padding; two may be chance."""
FEW = 4
"""Steps from which growth per step and constant inputs mean anything."""

KINDS = (
    "hidden", "unscaled", "states", "exploding", "padding", "no_gradient", "unreached", "saturated", "dead",
    "vanishing", "open", "constant", "duplicate",
)  # fmt: skip
"""Worst first: what spoils every other number, then causes before what follows from them, then what may be wanted."""

OF_DATA = frozenset({"unscaled", "padding", "constant", "duplicate"})
"""Kinds that are about the sequence, whatever reads it."""
FAMILIES: Mapping[str, str] = MappingProxyType({"hidden": "states", "open": "saturated"})
"""Kinds that one look tells apart by what else holds, to the one they are measured with."""


@dataclass(frozen=True)
class Finding:
    """What one look found.

    Attributes:
        kind: One of `KINDS`.
        model: "rnn", "lstm" or "gru".
        value: The number that is held against the bound.
        t: Step of the evidence in the sequence, from 1.
        unit: Unit of the evidence, from 1; 0 where it is no unit's.
        of: What it is about where there are several, such as the gate "f".
        numbers: Further numbers of the evidence, by name.
        found: Whether the bound is passed.
        layer: Which layer of a stack, from 1; 0 where there is only one.
        direction: In which direction it reads, where there are two; "" else.
        depth: Layers of the network.
        first: The step, from 1, to which a gradient may come back: the first, or that at which a window begins.
        last: The step at which it sets out.
    """

    kind: str
    model: str
    value: float
    t: int
    unit: int = 0
    of: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    found: bool = True
    layer: int = 0
    direction: str = ""
    depth: int = 1
    first: int = 1
    last: int = 1

    @property
    def part(self) -> tuple[str, int, str]:
        """Which network, layer and direction it is about."""
        return self.model, self.layer, self.direction

    @property
    def look(self) -> str:
        """The kind that it is measured with."""
        return FAMILIES.get(self.kind, self.kind)

    @property
    def severity(self) -> int:
        """The larger, the worse; the worst finding speaks."""
        return len(KINDS) - KINDS.index(self.kind)


def findings(cases: Iterable[Case]) -> tuple[Finding, ...]:
    """What is wrong in any of some runs of one sequence, the worst first. What is of the data is said once."""
    found: list[Finding] = []
    for each in cases:
        said = {finding.kind for finding in found} & OF_DATA
        found += [finding for finding in looks(each) if finding.found and finding.kind not in said]
    return tuple(sorted(found, key=lambda finding: -finding.severity))


def looks(of: Case) -> list[Finding]:
    """Every look at a run, in the order of `KINDS`, whether something was found or not."""
    taken: list[Finding] = []
    for look in LOOKS:
        taken += look(of)
    place = of.place
    steps = np.arange(1, of.T + 1) if place is None else place.steps
    (layer, direction), depth = of.name, 1 if place is None else place.depth
    first, last = int(steps[of.since - 1]), int(steps[of.until - 1])
    there = [
        replace(
            each, t=int(steps[each.t - 1]), layer=layer, direction=direction, depth=depth, first=first, last=last
        )
        for each in taken
    ]  # fmt: skip
    return sorted(there, key=lambda finding: -finding.severity)


def _states(of: Case) -> Iterator[Finding]:
    """States that grew; hidden where the loss, long met, sends nothing that could show it."""
    size, t, unit = of.largest_state
    hidden = of.sent < LOST
    kind = "hidden" if hidden and size > STATE else "states"
    numbers = {"sent": of.sent, "loss": of.output.loss or 0.0, "first": float(np.abs(of.trace.cell.h[1, 0]).max())}
    if kind == "hidden":  # what the gradient would show: taken only here, for it costs more than all the looks
        numbers["product"] = float(running_product_of(of.model, of.trace, every=of.T).largest[0])
    yield Finding(kind, of.model.kind, size, t, unit, numbers=numbers, found=size > STATE)


def _gradient(of: Case) -> Iterator[Finding]:
    """How the gradient fares on its way back, or that there is none."""
    kind = of.model.kind
    unmoved = of.sent < LOST and of.largest_state[0] <= STATE
    if of.speaks:
        loss = {"loss": of.output.loss or 0.0, "output": of.largest_output}
        yield Finding("no_gradient", kind, of.sent, of.until, numbers=loss, found=unmoved)
    if of.sent < LOST:
        return
    rows = slice(of.since - 1, of.until)
    arrives = float(np.abs(of.backward.cell.dh).max()) / of.sent
    if of.place is not None and not of.place.is_read:
        yield Finding("unreached", kind, arrives, of.until, numbers={"sent": of.sent}, found=arrives < LOST)
        if arrives < LOST:
            return
    norms = {name: values[rows] for name, values in flow.norms(of.backward).items()}
    T = len(norms["h"])
    if T < FEW or not norms["h"][-1]:
        return
    total = of.reach["h"] if of.place is None else of.place.total
    grown, most = min(of.reach["h"], total), max(*of.reach.values(), total)
    yield Finding("exploding", kind, grown, of.since, numbers={"T": T}, found=grown > GROWN)
    mean = most ** (1 / (T - 1))
    carrier = max(of.reach, key=lambda name: of.reach[name])
    below = np.flatnonzero(norms[carrier] < NEAR * norms[carrier][-1])
    t = int(below[-1]) + 1 if below.size and of.at_end else 1
    left = float(norms[carrier][t - 1] / norms[carrier][-1]) if of.at_end else most
    numbers = {"T": T, "back": T - t, "left": left, "factor": mean}
    found = most < LOST or mean < SHRINKS
    numbers |= _why(of) if found else {}
    yield Finding("vanishing", kind, most, of.since - 1 + t, of=carrier, numbers=numbers, found=found)


def _why(of: Case) -> dict[str, float]:
    """What a step multiplies a gradient by: the mean forget gate, or the mean slope and the spectral radius of W_h."""
    cell = of.trace.cell
    if isinstance(cell, LSTMTrace):
        return {"f": float(cell.f.mean())}
    if not isinstance(cell, RNNTrace):
        return {}
    slope = float(activation(cell.activation).slope(cell.h[1:]).mean())
    return {"slope": slope, "radius": float(np.abs(np.linalg.eigvals(of.model.cell.W_h)).max())}


def _saturation(of: Case) -> Iterator[Finding]:
    """Gates and units at the ends of their range, and inputs so large that they drive them there."""
    cell, kind = of.trace.cell, of.model.kind
    ends = _at_the_ends(of)
    shares = {name: float(at.mean()) for name, at in ends.items()}
    large, k, column = largest(cell.x[:, 0])
    together = float(np.mean(list(shares.values()))) if shares else 0.0
    harmed = together >= HARMED or of.largest_state[0] > STATE
    scaled = large <= LARGE or of.drawn
    t, unit, size, gate = (k, 0, 0.0, "") if scaled or not harmed else _deepest(of)
    numbers = {"share": together, "size": size, "column": column, "at": k}
    yield Finding("unscaled", kind, large, t, unit, gate, numbers, found=harmed and not scaled)
    if not shares:
        return
    worst = max(shares, key=lambda name: shares[name])
    at = ends[worst]
    t, unit = int(at.sum(axis=1).argmax()) + 1, int(at.sum(axis=0).argmax()) + 1
    wide_open = worst == "f" and float((cell.f[:, 0] > 1 - NEAR).mean()) > shares["f"] / 2  # type: ignore[union-attr]
    numbers = {"units": float(at[t - 1].sum()), "H": at.shape[1], "steps": float(at[:, unit - 1].sum()), "T": of.T}
    found = shares[worst] >= SATURATED
    yield Finding("open" if wide_open else "saturated", kind, shares[worst], t, unit, worst, numbers, found)


def _at_the_ends(of: Case) -> dict[str, NDArray[np.bool_]]:
    """Which values of each bounded quantity are saturated, (T, H) by name."""
    cell = of.trace.cell
    if isinstance(cell, LSTMTrace):
        gates = {name: getattr(cell, name)[:, 0] for name in ("i", "f", "o")}
        ends = {name: (at < NEAR) | (at > 1 - NEAR) for name, at in gates.items()}
        return ends | {name: np.abs(getattr(cell, name)[:, 0]) > 1 - NEAR for name in ("g", "tanh_c")}
    h = cell.h[1:, 0]
    if of.model.activation == "tanh":
        return {"h": np.abs(h) > 1 - NEAR}
    return {"h": (h < NEAR) | (h > 1 - NEAR)} if of.model.activation == "sigmoid" else {}


def _deepest(of: Case) -> tuple[int, int, float, str]:
    """Step, unit and size of the largest pre-activation, and the gate it belongs to; "" in an RNN."""
    cell, layer = of.trace.cell, of.model.cell
    a = cell.x[:, 0] @ layer.W_x + cell.h[:-1, 0] @ layer.W_h + layer.b
    t, k = np.unravel_index(int(np.abs(a).argmax()), a.shape)
    gate, unit = divmod(int(k), layer.H)
    return int(t) + 1, unit + 1, float(a[t, k]), GATES[gate] if isinstance(cell, LSTMTrace) else ""


def _dead(of: Case) -> Iterator[Finding]:
    """Units that stand still over the whole sequence."""
    if of.T < FEW:
        return
    h = of.trace.cell.h[1:, 0]
    still = np.ptp(h, axis=0) < STILL
    first = int(still.argmax()) if still.any() else 0
    numbers = {"units": float(still.sum()), "H": len(still), "at": float(h[-1, first]), "T": of.T}
    relu = of.model.kind == "rnn" and of.model.activation == "relu"
    name = "relu" if relu and not h[:, first].any() else ""
    yield Finding("dead", of.model.kind, float(still.mean()), 1, first + 1, name, numbers, bool(still.mean() >= DEAD))


def _inputs(of: Case) -> Iterator[Finding]:
    """Padding under the read-out; inputs that never change, or say the same as another."""
    x, kind = of.trace.cell.x[:, 0], of.model.kind
    if of.drawn or of.T < FEW:
        return
    moves = np.flatnonzero((x[1:] != x[:-1]).any(axis=1))
    last = int(moves[-1]) + 1 if moves.size else of.T - 1  # the place, from 0, at which the equal rows begin
    equal = of.T - last
    norms = flow.norms(of.backward)
    left = max(float(norms[n][last - 1] / norms[n][-1]) if norms[n][-1] else 0.0 for n in of.reach)
    numbers = {"steps": equal, "left": left, "zero": float(not x[-1].any()), "T": of.T}
    padded = of.at_end and equal >= TAIL and last > 0 and left < HARMED
    yield Finding("padding", kind, left, last + 1, numbers=numbers, found=padded and moves.size > 0)
    if np.isin(x, (0, 1)).all():  # words as places: most of a vocabulary is in no sentence
        return
    constant = np.flatnonzero(np.ptp(x, axis=0) == 0)
    named = {"column": float(constant[0]) if constant.size else 0.0, "D": x.shape[1]}
    yield Finding("constant", kind, float(constant.size), 1, numbers=named, found=constant.size > 0)
    yield _twins(of, x)


def _twins(of: Case, x: Array) -> Finding:
    """The first two inputs of which one is the other, times a number and plus a number."""
    with np.errstate(all="ignore"):
        scaled = (x - x.mean(axis=0)) / np.ptp(x, axis=0)
        scaled /= np.sqrt((scaled * scaled).sum(axis=0))
        alike = np.triu(np.abs(scaled.T @ scaled) > 1 - 1e-12, 1)
    pairs = np.argwhere(alike)
    one, other = pairs[0] if len(pairs) else (0, 0)
    numbers = {"one": float(one), "other": float(other), "D": x.shape[1]}
    return Finding("duplicate", of.model.kind, float(len(pairs)), 1, numbers=numbers, found=len(pairs) > 0)


LOOKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (_states, _gradient, _saturation, _dead, _inputs)
