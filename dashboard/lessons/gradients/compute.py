"""The runs behind the lesson on vanishing and exploding gradients: one network under three activations.

Pure functions over `core`, importable without Streamlit. Caches hold what one view needs and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from core import decompose, flow, jacobian, model, overflow, slopes
from core.flow import Growth, StepFactors
from core.model import Backward, Model, Trace
from core.overflow import Descent, Place
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings
from dashboard.lessons.gradients.settings import ACTIVATIONS, PRESETS, FlowSettings, drawn

Floats = NDArray[np.float64]
CHAPTER_SLOPE, CHAPTER_WEIGHT, CHAPTER_STEPS = 0.25, 2.0, 100
CHAPTER_ACTIVATION = "sigmoid"  # whose largest slope that is
CARD_ACTIVATION = "tanh"
SMALL, BETWEEN, LARGE = 0.02, 0.5, 1.0  # sizes of inputs
EDGES = np.linspace(-6.0, 6.0, 61)
GRID = np.linspace(-6.0, 6.0, 121)
FAILING = Settings(
    source="numbers", numbers=drawn(50, 0, 1.0), cell="rnn", H=16, activation="relu", scheme="identity", seed=0,
    loss="mse", lr=0.01,
)  # fmt: skip
FAILING_UPDATES, FAILING_NORM = 8, 1.0


@dataclass(frozen=True, eq=False)
class Flow:
    """One activation on the network. Logarithms are base 10; -inf stands for an exact zero.

    Attributes:
        model: Weights.
        trace: Forward pass.
        backward: Backward pass, or None where the run overflowed.
        product: log₁₀ of the largest singular value of ∂h_T/∂h_t for t = 1 … T (T,).
        norms: log₁₀ ‖∂L/∂h_t‖ (T,).
        place: Where it overflowed, or None.
    """

    model: Model
    trace: Trace
    backward: Backward | None
    product: Floats
    norms: Floats
    place: Place | None

    @cached_property
    def factors(self) -> StepFactors | None:
        """Each step's factor, split into slope and W_h; None where the run overflowed."""
        if self.backward is None:
            return None
        with np.errstate(all="ignore"):
            return flow.step_factors(self.model, self.trace, self.backward)

    @property
    def left(self) -> float:
        """log₁₀ of the most that is left at step 1."""
        return float(self.product[0])


@dataclass(frozen=True, eq=False)
class FlowRun:
    """The network under every activation.

    Attributes:
        sequence: Inputs and target.
        growth: Spectral radius and largest singular value of W_h.
        flows: By activation, in the order of `ACTIVATIONS`.
    """

    sequence: compute.Sequence
    growth: Growth
    flows: Mapping[str, Flow]

    @property
    def T(self) -> int:
        """Steps."""
        return self.sequence.T

    @property
    def back(self) -> NDArray[np.int_]:
        """Steps back from the last one, T - t for t = 1 … T."""
        return np.arange(self.T - 1, -1, -1)

    @property
    def chapter(self) -> Floats:
        """log₁₀ of 0.25^k, k steps back (T,)."""
        return np.asarray(slopes.constant_product_log10(CHAPTER_SLOPE, self.back), np.float64)

    @property
    def finished(self) -> dict[str, tuple[Model, Trace, Backward]]:
        """Model, trace and backward pass by activation, less what overflowed; what the predictions ask about."""
        found = self.flows.items()
        return {name: (each.model, each.trace, each.backward) for name, each in found if each.backward is not None}

    def bound(self, activation: str) -> Floats:
        """log₁₀ of (max φ' · σ_max)^k, k steps back (T,): above every product there can be."""
        return np.asarray(self.back * flow.log10_bound(self.flows[activation].model, self.growth), np.float64)


@dataclass(frozen=True, eq=False)
class Card:
    """What a preset's card shows.

    Attributes:
        name: One of `PRESETS`.
        title: Its name on the page.
        product: The product of its network with `CARD_ACTIVATION` (T,).
        radius: Spectral radius of its W_h.
        inputs: Standard deviation its inputs are drawn with.
    """

    name: str
    title: str
    product: Floats
    radius: float
    inputs: float


def flow_run(settings: FlowSettings) -> FlowRun:
    """The chosen network under every activation."""
    network = settings.network(activation="tanh")
    sequence, start = _start(network)
    flows = {name: _flow(network, name) for name in ACTIVATIONS}
    return FlowRun(sequence, flow.growth(start.cell.W_h), flows)


@lru_cache(maxsize=64)
def _start(network: Settings) -> tuple[compute.Sequence, Model]:
    sequence = sequence_of(network)
    return sequence, compute.start(network, sequence)["rnn"]


def sequence_of(network: Settings) -> compute.Sequence:
    """What `compute.sequence` reads of numbers that `drawn` wrote, whose notation leaves nothing to find out."""
    x = _values(network.numbers)
    T, _, D = x.shape
    steps, columns = (tuple(f"{name}{k + 1}" for k in range(count)) for name, count in (("t = ", T), ("x", D)))
    readout = "every" if network.readout == "every" else "last"
    return compute.Sequence(steps, x, columns, compute.target(network, T, 1), 1, network.loss, readout)


def _values(numbers: str) -> Floats:
    """Numbers that `drawn` wrote (T, 1, D)."""
    return np.loadtxt(numbers.splitlines(), delimiter=",", ndmin=2)[:, None]


@lru_cache(maxsize=128)
def _flow(network: Settings, activation: str) -> Flow:
    sequence, start = _start(network)
    return flow_of(replace(start, activation=activation), sequence)


def flow_of(network: Model, sequence: compute.Sequence) -> Flow:
    """Run one model and measure its gradients; a run that overflows says where instead."""
    with np.errstate(all="ignore"):
        trace = model.run(network, sequence.x, sequence.y)
        nothing = np.full(sequence.T, np.nan)
        infinity, nan = overflow.first_places(network, trace)
        dz = trace.dlogits
        if infinity or nan or dz is None or not np.isfinite(dz @ network.W_y.T).all():
            return Flow(network, trace, None, nothing, nothing, infinity or nan)
        backward = model.backprop(network, trace)
        product = jacobian.running_product(jacobian.jacobians(network, trace)).largest[1:]
        norms = flow.log10(flow.lengths(backward.cell.dh, axis=(1, 2)))
    return Flow(network, trace, backward, np.asarray(product, np.float64), np.asarray(norms, np.float64), None)


def cards(settings: FlowSettings) -> tuple[Card, ...]:
    """Every preset at the chosen length, seed and number of units."""
    base = FlowSettings()
    return _cards(replace(settings, preset=base.preset, activation=base.activation))


@lru_cache(maxsize=16)
def _cards(settings: FlowSettings) -> tuple[Card, ...]:
    networks = {name: settings.network(name, CARD_ACTIVATION) for name in PRESETS}
    return tuple(
        Card(
            name,
            PRESETS[name].title,
            _flow(network, CARD_ACTIVATION).product,
            flow.growth(_start(network)[1].cell.W_h).radius,
            settings.size(name),
        )
        for name, network in networks.items()
    )


@dataclass(frozen=True)
class Elsewhere:
    """The chosen network with inputs of another size: what of its gradient hangs on them.

    Attributes:
        size: Standard deviation of the other inputs.
        left: log₁₀ of the most that is left at step 1 with them, or NaN where that run overflowed.
    """

    size: float
    left: float


def elsewhere(settings: FlowSettings) -> Elsewhere:
    """The chosen network, its inputs large where they are small and small where they are large."""
    own, preset = settings.size(), PRESETS[settings.preset].inputs
    size = LARGE if own < BETWEEN else SMALL
    other = replace(settings, inputs=size / preset)
    return Elsewhere(size, _left(settings.network(activation="tanh"), other.network().numbers, settings.activation))


@lru_cache(maxsize=128)
def _left(network: Settings, numbers: str, activation: str) -> float:
    """log₁₀ of the most that is left at step 1 on other inputs, without all between: NaN where the run overflows."""
    sequence, start = _start(network)
    asked = replace(start, activation=activation)
    with np.errstate(all="ignore"):
        trace = model.run(asked, _values(numbers), sequence.y)
        if any(overflow.first_places(asked, trace)):
            return float("nan")
        matrices, scales = jacobian.products(jacobian.jacobians(asked, trace))
        return float(scales[1] + flow.log10(jacobian.singular_values(matrices[1])[0]))


@dataclass(frozen=True)
class Share:
    """How much of the gradient of W_h the early and the late steps bring.

    Attributes:
        total: ‖∂L/∂W_h‖, the sum of all steps' contributions.
        early: What the first half of the steps adds to it.
        late: What the last ten steps add.
    """

    total: float
    early: float
    late: float


def share(found: Flow) -> Share | None:
    """Early and late contributions to ‖∂L/∂W_h‖; None where the run overflowed."""
    if found.backward is None:
        return None
    parts = np.asarray(decompose.contributions(found.model, found.trace, found.backward)["W_h"], np.float64)
    return Share(float(parts.sum()), float(parts[: len(parts) // 2].sum()), float(parts[-10:].sum()))


@dataclass(frozen=True, eq=False)
class Slopes:
    """One activation's derivative, and where a run's pre-activations lie under it.

    Attributes:
        curve: φ'(a) on `GRID`.
        counts: Pre-activations in each bin of `EDGES` (60,); those beyond count in the outermost.
        mean: Mean of φ' over all units and steps of the run.
        largest: The largest value φ' can take.
        outside: Share of pre-activations beyond ±6.
    """

    curve: Floats
    counts: NDArray[np.int_]
    mean: float
    largest: float
    outside: float


def slopes_of(run: FlowRun) -> dict[str, Slopes]:
    """Derivatives and pre-activations by activation."""
    found = {}
    for name, each in run.flows.items():
        a = np.nan_to_num(each.trace.cell.a[:, 0].ravel(), posinf=1e300, neginf=-1e300)  # type: ignore[union-attr]
        counts = np.histogram(np.clip(a, EDGES[0], EDGES[-1]), EDGES)[0]
        curve = np.asarray(slopes.slope_at(name, GRID), np.float64)
        outside = float((np.abs(a) > EDGES[-1]).mean())
        found[name] = Slopes(curve, counts, float(slopes.slope_at(name, a).mean()), float(curve.max()), outside)
    return found


@lru_cache(maxsize=1)
def failing() -> tuple[Descent, Descent, int]:
    """A ReLU network that trains until it breaks, the same with clipping by norm, and its number of steps."""
    sequence = compute.sequence(FAILING)
    start = compute.start(FAILING, sequence)["rnn"]
    runs = [
        overflow.descend(start, sequence.x, sequence.y, lr=FAILING.lr, updates=FAILING_UPDATES, max_norm=max_norm)
        for max_norm in (None, FAILING_NORM)
    ]
    return runs[0], runs[1], sequence.T
