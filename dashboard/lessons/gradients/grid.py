"""Every network that the sliders of the lesson reach, run beforehand, so that a drag needs no server.

A position is a shape of W_h, an activation, a spectral radius and a size of the inputs: 16 units, 50 steps, the weights
and inputs of one seed. Stored are logarithms, as whole numbers of `UNIT`: what the slopes and W_h multiply the gradient
by at each step, and in the coarser `COARSE`, for it is only drawn, by how much the most that can be left changes there.
They are rounded so that their sums, the lines, are never off by more than half a unit.

``python -m dashboard.lessons.gradients.grid`` runs all of them again and stores the result; a test runs some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core import flow, jacobian, model, slopes
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Edit, Settings
from dashboard.lessons.gradients.settings import drawn

STORED = Path(__file__).with_name("grid.npz")
SHAPES = ("orthogonal", "chain")
ACTIVATIONS = ("sigmoid", "tanh", "relu")
RADII = (0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.15, 1.2, 1.3, 1.5, 1.75, 2.0, 3.0)
INPUTS = (0.002, 0.02, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)
T, H, SEED = 50, 16, 1
LINK = 0.4  # of the chain: what W_h hands from each unit to the next
UNIT, COARSE = 1 / 4000, 1 / 25  # of a power of ten
EDGES = np.linspace(-6.0, 6.0, 41)
FULL = 255  # what the fullest bin counts as
BAND = 1.0  # powers of ten that the target lets the line rise or fall

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Position:
    """Where the sliders stand: one network.

    Attributes:
        radius: Spectral radius of W_h, one of `RADII`.
        inputs: Standard deviation of the inputs, one of `INPUTS`.
        activation: One of `ACTIVATIONS`.
        shape: Of W_h, one of `SHAPES`: an orthogonal matrix times the radius, or a chain, which has the radius on its
            diagonal and `LINK` beside it.
    """

    radius: float
    inputs: float
    activation: str = "tanh"
    shape: str = "orthogonal"

    @property
    def index(self) -> tuple[int, int, int, int]:
        """Its place in the stored arrays."""
        return (
            SHAPES.index(self.shape), ACTIVATIONS.index(self.activation), RADII.index(self.radius),
            INPUTS.index(self.inputs),
        )  # fmt: skip

    @property
    def network(self) -> Settings:
        """The Inspector's settings of this network."""
        chain = self.shape == "chain"
        return Settings(
            source="numbers", numbers=drawn(T, SEED, self.inputs), cell="rnn", H=H, activation=self.activation,
            scheme="identity" if chain else "orthogonal", gain=self.radius, seed=SEED, loss="mse",
            edits=tuple(Edit("rnn", "W_h", (k, k + 1), LINK) for k in range(H - 1)) if chain else (),
            show=("norms", "states", "jacobians"),
        )  # fmt: skip


BOOKMARKS: Mapping[str, Position] = MappingProxyType(
    {
        "Vanishing": Position(0.8, 0.5),
        "Stable": Position(1.0, 0.02),
        "Exploding": Position(3.0, 0.3),
        "Radius < 1, yet it grows": Position(0.8, 0.002, shape="chain"),
        "Radius > 1, yet it vanishes": Position(1.5, 3.0),
    }
)


@dataclass(frozen=True, eq=False)
class Built:
    """What one network does to the gradient that its last step's loss sends; logarithms are base 10.

    Attributes:
        slopes: What the slopes multiply it by, at the steps from h_t to h_{t-1}, t = 1 … T (T,).
        weights: Likewise W_h (T,).
        most: The most that can be left of any gradient at h_0 … h_T: the largest singular value of ∂h_T/∂h_t (T+1,).
        counts: Pre-activations by bin of `EDGES`, the fullest `FULL`; those beyond count in the outermost.
        mean: Mean slope over all units and steps.
    """

    slopes: Floats
    weights: Floats
    most: Floats
    counts: NDArray[np.uint8]
    mean: float

    @property
    def line(self) -> Floats:
        """What is left of the gradient at h_0 … h_T, of length 1 at h_T (T+1,)."""
        factors = (self.slopes + self.weights)[::-1]
        return np.concatenate([[0.0], np.cumsum(factors)])[::-1]

    @property
    def left(self) -> int | None:
        """The first step, going back, at which the line is outside the target's band; None where it stays inside."""
        outside = np.flatnonzero(np.abs(self.line) > BAND)
        return int(outside[-1]) if outside.size else None


def positions() -> Iterator[Position]:
    """All of them, in the order of the stored arrays."""
    for shape, activation, radius, inputs in product(SHAPES, ACTIVATIONS, RADII, INPUTS):
        yield Position(radius, inputs, activation, shape)


def run(at: Position) -> Built:
    """Run one of the networks.

    Raises:
        ValueError: A factor is zero or not finite, which whole numbers of `UNIT` cannot say.
    """
    sequence = compute.sequence(at.network)
    network = compute.start(at.network, sequence)["rnn"]
    trace = model.run(network, sequence.x, sequence.y)
    factors = flow.step_factors(network, trace, model.backprop(network, trace))
    most = jacobian.running_product(jacobian.jacobians(network, trace)).largest
    a = trace.cell.a[:, 0].ravel()  # type: ignore[union-attr]
    bins = np.histogram(np.clip(a, EDGES[0], EDGES[-1]), EDGES)[0]
    found = Built(
        np.asarray(flow.log10(factors.activation), np.float64), np.asarray(flow.log10(factors.weight), np.float64),
        np.asarray(most, np.float64),
        np.ceil(FULL * bins / bins.max()).astype(np.uint8), float(slopes.slope_at(at.activation, a).mean()),
    )  # fmt: skip
    if not all(np.isfinite(part).all() for part in (found.slopes, found.weights, found.most)):
        raise ValueError(f"{at}: a factor is zero or not finite. Leave this position out of the grid.")
    return found


def whole(line: Floats, unit: float) -> NDArray[np.int16]:
    """Steps of a line that ends at 0, as whole numbers of a unit, first the step from 1 to 0 (n,) for (n+1,)."""
    return -np.diff(np.rint(line / unit)).astype(np.int16)


@dataclass(frozen=True, eq=False)
class Grid:
    """All positions: arrays that begin with the axes shape, activation, radius, inputs.

    Attributes:
        slopes: (2, 3, R, I, T) in units; see `Built`.
        weights: Likewise, of the chain alone (3, R, I, T): an orthogonal W_h multiplies by its radius, whatever comes.
        most: Steps of the line of the most that can be left (2, 3, R, I, T), in `COARSE`.
        counts: (2, 3, R, I, bins).
        mean: (2, 3, R, I).
    """

    slopes: NDArray[np.int16]
    weights: NDArray[np.int16]
    most: NDArray[np.int8]
    counts: NDArray[np.uint8]
    mean: NDArray[np.float32]

    def at(self, position: Position) -> Built:
        """One network, as the browser has it."""
        index = position.index
        weights = np.full(T, np.log10(position.radius)) if index[0] == 0 else self.weights[index[1:]] * UNIT
        most = _summed(self.most[index] * COARSE)
        return Built(self.slopes[index] * UNIT, weights, most, self.counts[index], float(self.mean[index]))


def _bytes(values: NDArray[np.int16]) -> NDArray[np.int8]:
    """Whole numbers that fit a byte.

    Raises:
        ValueError: One does not.
    """
    if np.abs(values).max() > np.iinfo(np.int8).max:
        raise ValueError(f"values reach {np.abs(values).max()}; expected 127 at most. Make COARSE larger.")
    return values.astype(np.int8)


def _summed(factors: Floats) -> Floats:
    """The line that factors of steps 1 … T make."""
    return np.concatenate([[0.0], np.cumsum(factors[::-1])])[::-1]


def computed() -> Grid:
    """Run all of them."""
    found = [run(at) for at in positions()]
    axes = (len(SHAPES), len(ACTIVATIONS), len(RADII), len(INPUTS))
    parts = {
        "slopes": np.array([whole(_summed(each.slopes), UNIT) for each in found]),
        "weights": np.array([whole(_summed(each.weights), UNIT) for each in found]),
        "most": np.array([_bytes(whole(each.most, COARSE)) for each in found]),
        "counts": np.array([each.counts for each in found]),
        "mean": np.array([each.mean for each in found], np.float32),
    }
    shaped = {name: values.reshape(*axes, *values.shape[1:]) for name, values in parts.items()}
    return Grid(**shaped | {"weights": shaped["weights"][1]})


@lru_cache(maxsize=1)
def stored() -> Grid:
    """What was run beforehand."""
    with np.load(STORED) as found:
        return Grid(**found)


if __name__ == "__main__":
    grid = computed()
    np.savez_compressed(STORED, **vars(grid))
