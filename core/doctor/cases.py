"""What is looked at: one run of one layer, or one layer and direction of a larger network, with how it is read.

For a part of a network "how much comes back" has two answers: what the layer itself hands back to its first step of
all that arrives at its last one (`Case.reach`), and what is there in the whole network, where another layer may have
carried the gradient instead (`Place.total`). A gradient has vanished where both are small, and exploded where both are
large.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core import flow, model, stack
from core import network as networks
from core.lstm import LSTMTrace
from core.model import Backward, Model, Trace
from core.network import Network, NetworkBackward, NetworkTrace
from core.params import Array
from core.stack import DIRECTIONS, States
from core.windows import Windows

__all__ = ["Case", "Place", "case", "largest", "parts", "reach"]


@dataclass(frozen=True, eq=False)
class Place:
    """Where in a network a case stands.

    Attributes:
        layer: From 1.
        direction: "forward" or "backward".
        depth: Layers of the network.
        both: Whether it reads in both directions.
        steps: Which step of the sequence, from 1, each row of the case reads.
        since: The first of its rows, from 1, that the gradient of the last one may reach; later than 1 in a window.
        until: The last of its rows that a gradient reaches.
        trace: Forward pass of the whole network.
        b: Which sequence of the batch.
        total: How the gradient of the last step's loss at the first of these rows compares with that at the last one,
            whatever way it took.
        at_end: Whether the loss stands behind the last step alone.
    """

    layer: int
    direction: str
    depth: int
    both: bool
    steps: NDArray[np.intp]
    since: int
    until: int
    trace: NetworkTrace
    b: int
    total: float
    at_end: bool

    @property
    def is_read(self) -> bool:
        """Whether the read-out reads it."""
        return self.layer == self.depth

    @property
    def name(self) -> tuple[int, str]:
        """The layer where there are several, 0 else, and the direction where there are two, "" else."""
        return self.layer if self.depth > 1 else 0, self.direction if self.both else ""


@dataclass(frozen=True, eq=False)
class Case:
    """One run to be looked at.

    Attributes:
        model: Weights and wiring.
        trace: Its forward pass on one sequence.
        backward: Its backward pass.
        reach: How much of the gradient that the last step's loss sends into h_T and c_T comes back to step 1.
        drawn: Whether its inputs are as they are meant: of a task's example, or the states of a layer below.
        place: Where it stands, if it is a part of a network or run in another way than `core.model` does.
    """

    model: Model
    trace: Trace
    backward: Backward
    reach: Mapping[str, float]
    drawn: bool = False
    place: Place | None = None

    @property
    def T(self) -> int:
        """Steps."""
        return len(self.trace.cell.x)

    @property
    def name(self) -> tuple[int, str]:
        """Layer and direction; (0, "") where there is only one."""
        return (0, "") if self.place is None else self.place.name

    @property
    def since(self) -> int:
        """The first row, from 1, that the gradient of the last one may reach."""
        return 1 if self.place is None else self.place.since

    @property
    def until(self) -> int:
        """The last row, from 1, that a gradient reaches."""
        return self.T if self.place is None else self.place.until

    @property
    def at_end(self) -> bool:
        """Whether the loss stands behind the last step alone."""
        return self.model.readout == "last" if self.place is None else self.place.at_end

    @property
    def speaks(self) -> bool:
        """Whether what concerns the output is said here: once in a network."""
        return self.place is None or (self.place.is_read and self.place.direction == "forward")

    @property
    def finite(self) -> bool:
        """Whether every state and gradient is a finite number."""
        cell, back = self.trace.cell, self.backward
        return all(np.isfinite(values).all() for values in (cell.h, back.cell.dh, *back.grads.values()))

    @property
    def output(self) -> Trace | NetworkTrace:
        """Where output and loss stand."""
        return self.trace if self.place is None else self.place.trace

    @property
    def sent(self) -> float:
        """Largest size of an entry of ∂L/∂z of this sequence."""
        sent = self.output.dlogits
        return 0.0 if sent is None else float(np.abs(sent[:, self._b]).max())

    @property
    def largest_output(self) -> float:
        """Largest entry of the last ŷ of this sequence."""
        return float(self.output.y_hat[-1, self._b].max())

    @property
    def _b(self) -> int:
        return 0 if self.place is None else self.place.b

    @property
    def largest_state(self) -> tuple[float, int, int]:
        """Largest |h| or, in an LSTM, |c|, with its step and unit from 1."""
        cell = self.trace.cell
        return largest(cell.c[1:, 0] if isinstance(cell, LSTMTrace) else cell.h[1:, 0])


def case(shown: Model, x: ArrayLike, y: ArrayLike, *, drawn: bool = False) -> Case:
    """Run a model on one sequence, to be looked at.

    Args:
        shown: Weights and wiring.
        x: (T, 1, D).
        y: Target, as `core.model.run` takes it.
        drawn: See `Case`.
    """
    trace = model.run(shown, x, y)
    backward = model.backprop(shown, trace)
    return Case(shown, trace, backward, reach(shown, trace, backward), drawn)


def reach(shown: Model, trace: Trace, backward: Backward) -> dict[str, float]:
    """How much of the gradient that the last step's loss sends into h_T, and so into c_T, comes back to step 1.

    Returns:
        The ratio of the norms for "h", and for "c" in an LSTM; 0 where the loss sends nothing.
    """
    cell = backward.cell
    if shown.readout == "every":  # the last step's loss alone; the other steps' losses would come in on the way
        only_last = backward.dh_out.copy()
        only_last[:-1] = 0
        cell = model.backward_layer(shown, trace, only_last)
    norms = flow.norms(replace(backward, cell=cell))
    return {name: _ratio(norms[name]) for name in ("h", "c") if name in norms}


def parts(
    network: Network,
    trace: NetworkTrace,
    backward: NetworkBackward,
    cut: Windows | None = None,
    *,
    b: int = 0,
    drawn: bool = False,
) -> tuple[Case, ...]:
    """Every layer and direction of a network as a case, the lowest first.

    Of what is cut into windows the gradient is looked at in the last one.

    Args:
        network: Weights and wiring.
        trace: What `core.network.run` returned, with a target.
        backward: What `core.network.backprop` returned for it.
        cut: What `core.windows.in_windows` gave, where the gradient is cut.
        b: Which sequence of the batch.
        drawn: Whether the sequence is an example of a task.
    """
    window = cut.windows[-1] if cut is not None else None
    last = trace if window is None else window.trace
    sent = backward if window is None or window.backward is None else window.backward
    alone = _of_last_step(network, last, sent)
    found = []
    for layer, cells in enumerate(network.stack.layers, start=1):
        for turned, direction in enumerate(DIRECTIONS[: len(cells)]):
            seen = networks.view(network, trace, backward, layer, direction, b)
            own = seen if window is None else networks.view(network, last, sent, layer, direction, b)
            n, shown = len(own.trace.cell.x), seen.steps
            norms = flow.lengths(alone[layer - 1][turned][:n, b], axis=1)
            until = int(np.flatnonzero(norms)[-1]) + 1 if norms.any() else n
            total, since = _ratio(norms[:until]), len(shown) - n
            back = reach(own.model, own.trace, own.backward) if until == n else {"h": total}
            place = Place(
                layer, direction, len(network.stack.layers), len(cells) > 1, shown, since + 1, since + until, trace, b,
                total, network.readout != "every",
            )  # fmt: skip
            meant = drawn or layer > 1 or bool(turned)
            found.append(Case(seen.model, seen.trace, seen.backward, back, meant, place))
    return tuple(found)


def largest(values: Array) -> tuple[float, int, int]:
    """Largest size in (T, n), with its row and column from 1."""
    row, column = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    return float(abs(values[row, column])), int(row) + 1, int(column) + 1


def _of_last_step(network: Network, trace: NetworkTrace, backward: NetworkBackward) -> list[list[Array]]:
    """∂/∂h of the last step's loss alone, by layer and direction, each in its own order of time."""
    back = backward.stack
    if network.readout == "every":
        only_last = np.zeros_like(backward.dh_out)
        ends, rows = trace.stack.lengths - 1, np.arange(backward.dh_out.shape[1])
        only_last[ends, rows] = backward.dh_out[ends, rows]
        back = stack.backward(network.stack, trace.stack, only_last, _no_states(trace))
    return [[record.dh for record in cells] for cells in back.layers]


def _no_states(trace: NetworkTrace) -> States:
    return States(tuple(np.zeros_like(part.h[0]) for part in trace.stack.parts))


def _ratio(norms: Array) -> float:
    return float(norms[0] / norms[-1]) if norms[-1] else 0.0
