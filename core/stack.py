"""A stack of recurrent layers, each in one direction or in two, over batches of sequences of unequal length.

Layer 1 reads x, layer k the output of layer k-1. A layer of two directions has one cell that reads from the first step
to the last and one that reads from the last to the first; their states stand side by side in its output (PyTorch's way
and Keras's ``merge_mode="concat"``; its "sum", "mul" and "ave" are not known here).

What belongs to one direction of one layer is a **part**. Parts are counted as in PyTorch's ``h_n`` and ``c_n``: layer 1
forwards, layer 1 backwards, layer 2 forwards … Each has an ordinary trace, whose x is what its layer reads and whose
dh_out is what arrives from above. **A part that reads backwards has its own order of time**: row 0 of its x is the last
step of the sequence; `flipped` turns one order into the other.

Sequences shorter than T are padded behind, as in PyTorch's ``pad_packed_sequence``: what stands in the padding is not
read, the output there is 0, a part's state stays as it was at the sequence's last step (so row T of h is ``h_n``), and
a part that reads backwards begins at each sequence's own last step.

    ours                PyTorch                             shape
    output              output                              (T, B, width)
    last.h, last.c      h_n[k], c_n[k]                      (B, H) for each part k
    states              (h_0, c_0)                          likewise

Source: Schuster & Paliwal, "Bidirectional recurrent neural networks" (1997); Graves, Mohamed & Hinton, "Speech
recognition with deep recurrent neural networks" (2013).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from core import layer
from core.gru import GRUTrace
from core.gru import block as gru_block
from core.layer import Cell, CellBackward, CellTrace
from core.lstm import LSTMBackward, LSTMParams, LSTMTrace, block
from core.params import Array, float_array, size, sized
from core.rnn import RNNTrace

__all__ = [
    "DIRECTIONS",
    "StackBackward",
    "StackParams",
    "StackTrace",
    "States",
    "backward",
    "check_lengths",
    "flipped",
    "forward",
    "init",
]

DIRECTIONS = ("forward", "backward")


@dataclass(frozen=True, eq=False)
class StackParams:
    """Weights of a stack.

    Attributes:
        layers: For each layer one cell, or two: the one that reads forwards and the one that reads backwards. All cells
            are of one kind; layers may differ in size.
    """

    layers: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        counts, cells = {len(cells) for cells in self.layers}, [cell for cells in self.layers for cell in cells]
        if not self.layers or counts not in ({1}, {2}):
            raise ValueError(
                f"StackParams: expected layers of one cell each, or of two each, got {[len(c) for c in self.layers]} "
                "cells. Give every layer the same directions."
            )
        if len(kinds := sorted({layer.kind_of(cell) for cell in cells})) > 1:
            raise ValueError(f"StackParams: expected cells of one kind, got {', '.join(kinds)}. Use one kind.")
        reads = len(self.layers[0][0].W_x)
        for k, cells_k in enumerate(self.layers, start=1):
            got = [(len(cell.W_x), cell.H) for cell in cells_k]
            if got != [(reads, cells_k[0].H)] * len(cells_k):
                raise ValueError(
                    f"StackParams: layer {k} should read D = {reads} with one H in all directions, got (D, H) = "
                    f"{', '.join(map(str, got))}. A layer reads the states of all directions of the one below."
                )
            reads = sum(cell.H for cell in cells_k)

    @property
    def kind(self) -> str:
        """Which cell: "rnn", "lstm" or "gru"."""
        return layer.kind_of(self.layers[0][0])

    @property
    def bidirectional(self) -> bool:
        """Whether each layer reads in both directions."""
        return len(self.layers[0]) == 2

    @property
    def parts(self) -> tuple[Cell, ...]:
        """The cells in PyTorch's order."""
        return tuple(cell for cells in self.layers for cell in cells)

    @property
    def sizes(self) -> tuple[int, int]:
        """(D, width): what the first layer reads, and what the last one gives, H for each direction."""
        return len(self.layers[0][0].W_x), sum(cell.H for cell in self.layers[-1])


@dataclass(frozen=True, eq=False)
class States:
    """A state of each part, or the gradient with respect to it.

    Attributes:
        h: (B, H) for each part.
        c: The same for an LSTM; empty for other cells.
    """

    h: tuple[Array, ...]
    c: tuple[Array, ...] = ()


@dataclass(frozen=True, eq=False)
class StackTrace:
    """All that a forward pass computed.

    Attributes:
        x: Inputs (T, B, D), 0 in the padding.
        lengths: Steps of each sequence (B,), 1 … T.
        layers: The trace of each part, by layer and direction; a backward one in its own order of time.
        output: What the last layer gives (T, B, width), 0 in the padding; PyTorch's ``output``.
    """

    x: Array
    lengths: NDArray[np.intp]
    layers: tuple[tuple[CellTrace, ...], ...]
    output: Array

    @property
    def parts(self) -> tuple[CellTrace, ...]:
        """The traces in PyTorch's order."""
        return tuple(cell for cells in self.layers for cell in cells)

    @property
    def last(self) -> States:
        """The state of each part after all it has read, PyTorch's ``h_n`` and ``c_n``; `forward` can go on from it.

        For a part that reads backwards that is its state at the first step of the sequence.
        """
        c = tuple(part.c[-1] for part in self.parts if isinstance(part, LSTMTrace))
        return States(tuple(part.h[-1] for part in self.parts), c)


@dataclass(frozen=True, eq=False)
class StackBackward:
    """All that a backward pass computed.

    Attributes:
        grads: Gradients of all weights.
        dx: ∂L/∂x (T, B, D), 0 in the padding.
        dstates: ∂L/∂ of the states it started from.
        layers: The record of each part, by layer and direction, in the part's own order of time.
        dh_out: What arrived at each part's states from above (T, B, H), likewise.
    """

    grads: StackParams
    dx: Array
    dstates: States
    layers: tuple[tuple[CellBackward, ...], ...]
    dh_out: tuple[tuple[Array, ...], ...]


def init(
    kind: str,
    D: int,
    H: int,
    *,
    layers: int = 1,
    bidirectional: bool = False,
    rng: np.random.Generator,
    scheme: str = "uniform",
    gain: float = 1.0,
    forget_bias: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> StackParams:
    """Draw a fresh stack of equally wide layers, see `core.layer.init`.

    Raises:
        ValueError: Fewer than one layer; else as `core.layer.init`.
    """
    directions, drawn = 1 + bidirectional, []
    for k in range(size("layers", layers)):
        reads = directions * H if k else D
        drawn.append(
            tuple(
                layer.init(kind, reads, H, rng=rng, scheme=scheme, gain=gain, forget_bias=forget_bias, dtype=dtype)
                for _ in range(directions)
            )
        )
    return StackParams(tuple(drawn))


def forward(
    params: StackParams,
    x: ArrayLike,
    states: States | None = None,
    lengths: ArrayLike | None = None,
    *,
    activation: str = "tanh",
) -> StackTrace:
    """Run the stack over a batch.

    Args:
        params: Weights.
        x: (T, B, D). float32 stays float32, everything else is computed in float64.
        states: Where each part starts, such as ``last`` of another run; None for zeros.
        lengths: Steps of each sequence (B,), the rest of x being padding; None if all have T.
        activation: φ of the RNN; LSTM and GRU have their own.

    Raises:
        ValueError: Wrong axes, sizes or lengths, states that do not fit, NaN or infinity outside the padding.
    """
    x, lengths = _unpadded(x, lengths)
    padding = _padding(lengths, len(x))
    starts = _pairs("states", states, params, x.shape[1])
    reads, traces = x, []
    for cells in params.layers:
        done = []
        for direction, cell in enumerate(cells):
            h0, c0 = next(starts)
            own = flipped(reads, lengths) if direction else reads
            trace = layer.forward(cell, own, h0, c0, activation=activation)
            if padding is not None:
                _hold(trace, padding, lengths)
            done.append(trace)
        outputs = [flipped(trace.h[1:], lengths) if k else trace.h[1:] for k, trace in enumerate(done)]
        reads = np.concatenate(outputs, axis=2)
        if padding is not None:
            reads[padding] = 0
        traces.append(tuple(done))
    return StackTrace(x, lengths, tuple(traces), reads)


def backward(params: StackParams, trace: StackTrace, dh_out: ArrayLike, dlast: States | None = None) -> StackBackward:
    """Backpropagate through time, directions and layers.

    Args:
        params: The weights the trace was made with.
        trace: What `forward` returned.
        dh_out: (T, B, width), what each step's own loss sends into the output; not read in the padding.
        dlast: What enters at the parts' last states from outside (PyTorch's ``h_n`` and ``c_n``), or None.

    Raises:
        ValueError: Wrong axes or sizes, a trace of other weights, NaN or infinity.
    """
    lengths, (T, B, width) = trace.lengths, trace.output.shape
    if [len(cells) for cells in trace.layers] != [len(cells) for cells in params.layers]:
        raise ValueError("trace: made by another stack than params. Run forward with these params.")
    arriving = sized("dh_out", dh_out, ("T", "B", "width"), (T, B, width), trace.output.dtype).copy()
    padding, ends = _padding(lengths, T), list(_pairs("dlast", dlast, params, B))
    records: list[tuple[CellBackward, ...]] = []
    received: list[tuple[Array, ...]] = []
    for cells, traces in zip(params.layers[::-1], trace.layers[::-1], strict=True):
        if padding is not None:
            arriving[padding] = 0
        shares = np.split(arriving, len(cells), axis=2)
        own = [flipped(share, lengths) if k else share.copy() for k, share in enumerate(shares)]
        ends, here = ends[: -len(cells)], ends[-len(cells) :]
        done = []
        for cell, part, dh, (dh_T, dc_T) in zip(cells, traces, own, here, strict=True):
            if dh_T is not None:
                dh[lengths - 1, np.arange(B)] += dh_T
            done.append(layer.backward(cell, part, dh, dc_T))
        arriving = sum((flipped(back.dx, lengths) if k else back.dx for k, back in enumerate(done)), np.zeros(1))
        records.insert(0, tuple(done))
        received.insert(0, tuple(own))
    parts = [back for done in records for back in done]
    dstates = States(tuple(b.dh0 for b in parts), tuple(b.dc0 for b in parts if isinstance(b, LSTMBackward)))
    grads = StackParams(tuple(tuple(back.grads for back in done) for done in records))
    return StackBackward(grads, np.asarray(arriving, trace.x.dtype), dstates, tuple(records), tuple(received))


def check_lengths(lengths: ArrayLike | None, T: int, B: int) -> NDArray[np.intp]:
    """The steps of each sequence (B,), T for all where None is given.

    Raises:
        ValueError: Not B whole numbers from 1 to T.
    """
    if lengths is None:
        return np.full(B, T)
    given = np.asarray(lengths)
    if given.dtype.kind not in "iu" or given.shape != (B,) or given.min() < 1 or given.max() > T:
        raise ValueError(
            f"lengths: expected {B} whole numbers from 1 to T = {T}, got {given.tolist()!r}. "
            "Give the steps of each sequence without its padding."
        )
    return given.astype(np.intp)


def flipped(array: Array, lengths: NDArray[np.intp]) -> Array:
    """Each sequence of (T, B, …) from its own last step to its first; the padding stays where it is.

    Twice gives the array again.
    """
    T = len(array)
    if (lengths == T).all():
        return np.ascontiguousarray(array[::-1])
    at = np.arange(T)[:, None]
    return array[np.where(at < lengths, lengths - 1 - at, at), np.arange(len(lengths))]


def _unpadded(x: ArrayLike, lengths: ArrayLike | None) -> tuple[Array, NDArray[np.intp]]:
    """The input with zeros in the padding, whatever stood there, and the lengths."""
    given: NDArray[Any] = np.asarray(x) if lengths is not None else float_array("x", x, ("T", "B", "D"))
    if given.ndim != 3 or given.dtype.kind not in "fiub":
        given = float_array("x", x, ("T", "B", "D"))
    found = check_lengths(lengths, *given.shape[:2])
    padding = _padding(found, len(given))
    if padding is not None:
        given = given.copy()
        given[padding] = 0
    return float_array("x", given, ("T", "B", "D")), found


def _padding(lengths: NDArray[np.intp], T: int) -> NDArray[np.bool_] | None:
    """Which steps of which sequence are padding (T, B); None if none is."""
    return None if (lengths == T).all() else np.arange(T)[:, None] >= lengths


def _hold(trace: CellTrace, padding: NDArray[np.bool_], lengths: NDArray[np.intp]) -> None:
    """Let each sequence keep its state from its end on, in a trace just made.

    What is written fits the cell's own equations (i = 0 and f = 1, or z = 1), so that nothing is sent back into the
    padding and what enters at the last c_t comes back to the sequence's end as it is.
    """
    steps, rows = np.nonzero(padding)
    ends = lengths[rows]
    trace.h[steps + 1, rows] = trace.h[ends, rows]
    if isinstance(trace, RNNTrace):
        trace.a[steps, rows] = trace.a[ends - 1, rows]
    elif isinstance(trace, GRUTrace):
        trace.gates[steps, rows] = 0
        gru_block(trace.gates, "z")[steps, rows] = 1
        if trace.reset_after:
            trace.u[steps, rows] = 0
    else:
        trace.c[steps + 1, rows] = trace.c[ends, rows]
        trace.tanh_c[steps, rows] = trace.tanh_c[ends - 1, rows]
        for gate, value in (("i", 0), ("f", 1), ("o", trace.o[ends - 1, rows]), ("g", 0)):
            block(trace.gates, gate)[steps, rows] = value


def _pairs(
    name: str, states: States | None, params: StackParams, B: int
) -> Iterator[tuple[Array | None, Array | None]]:
    """The h and c of each part in turn; None where none was given."""
    parts = params.parts
    if states is None:
        return iter([(None, None)] * len(parts))
    has_c = isinstance(parts[0], LSTMParams)
    wanted = len(parts), len(parts) if has_c else 0
    got = len(states.h), len(states.c)
    if got != wanted and got != (wanted[0], 0):
        raise ValueError(
            f"{name}: expected h of {wanted[0]} and c of {wanted[1]} parts, got {got[0]} and {got[1]}. "
            "Give one state for each layer and direction."
        )
    checked: list[list[Array]] = [
        [float_array(f"{name}.{letter}[{k}]", value, ("B", "H")) for k, value in enumerate(given)]
        for letter, given in (("h", states.h), ("c", states.c))
    ]
    for letter, values in zip("hc", checked, strict=True):
        for k, (value, cell) in enumerate(zip(values, parts, strict=False)):
            sized(f"{name}.{letter}[{k}]", value, ("B", "H"), (B, cell.H), value.dtype)
    c: Sequence[Array | None] = checked[1] or [None] * len(parts)
    return iter(list(zip(checked[0], c, strict=True)))
