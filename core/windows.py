"""Truncated backpropagation through time, as it is trained with: window by window, the state carried, the gradient cut.

A long sequence is cut into windows of k steps. Each starts from the state in which the one before ended (PyTorch:
``h.detach()``), so the forward pass is that of the whole sequence; but no gradient goes back across a border. A loss
just behind a border reaches one step, one at the end of a window k steps. That differs from the sliding window of
`core.decompose.truncation`, in which every loss reaches k steps.

Source: Williams & Peng, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories"
(1990), BPTT(h; h'), here with h = h' = k.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core import network as networks
from core.layer import CellBackward
from core.model import Backward
from core.network import Network, NetworkBackward, NetworkTrace, View, backprop, parameters, run
from core.params import Array, float_array, size
from core.stack import States

__all__ = ["Window", "Windows", "in_windows", "view"]


@dataclass(frozen=True, eq=False)
class Window:
    """One window.

    Attributes:
        first: Its first step, from 1.
        last: Its last step.
        trace: Its forward pass.
        backward: Its backward pass; None for a window without a loss.
    """

    first: int
    last: int
    trace: NetworkTrace
    backward: NetworkBackward | None


@dataclass(frozen=True, eq=False)
class Windows:
    """All windows of a sequence.

    Attributes:
        windows: In the order of time.
        loss: L, that of the whole sequence.
        grads: The truncated gradient of every parameter, summed over the windows; what the full one would be with one
            window.
        last: The states at the end, from which a sequence can go on.
    """

    windows: tuple[Window, ...]
    loss: float
    grads: dict[str, Array]
    last: States


def in_windows(network: Network, x: ArrayLike, y: ArrayLike, k: int, states: States | None = None) -> Windows:
    """Run and backpropagate a batch of sequences window by window.

    Args:
        network: Weights and wiring, of one direction, read out at the last step or at every one.
        x: (T, B, D); all sequences have T steps.
        y: Target as `core.network.run` takes it for the whole sequence.
        k: Steps of a window; the last one may be shorter.
        states: Where the first window starts, such as ``last`` of another run; None for zeros.

    Raises:
        ValueError: A network of two directions, whose backward one would have to begin in the future; another read-out;
            ``k`` below 1; else as `core.network.run`.
    """
    if network.stack.bidirectional:
        raise ValueError("network: a direction that reads backwards has no state to carry on. Use one direction.")
    if network.readout not in ("last", "final", "every"):
        raise ValueError(f"readout: windows are read at the last step or at every one, got {network.readout!r}.")
    x, k = float_array("x", x, ("T", "B", "D")), size("k", k)
    (T, B), every, wanted = x.shape[:2], network.readout == "every", np.asarray(y)
    if every and wanted.shape[:2] != (T, B):
        raise ValueError(f"y: expected (T, B, …) = ({T}, {B}, …), got {wanted.shape}. Give a target for every step.")
    done: list[Window] = []
    loss, grads = 0.0, {name: np.zeros_like(weight, x.dtype) for name, weight in parameters(network).items()}
    for first in range(0, T, k):
        last = min(first + k, T)
        target = wanted[first:last] if every else wanted if last == T else None
        trace = run(network, x[first:last], target, states, scored=T * B if every else None)
        back = None if target is None else backprop(network, trace)
        states = trace.stack.last
        if back is not None and trace.loss is not None:
            loss += trace.loss
            grads = {name: grad + back.grads[name] for name, grad in grads.items()}
        done.append(Window(first + 1, last, trace, back))
    assert states is not None, "there is one step at least"
    return Windows(tuple(done), loss, grads, states)


def view(network: Network, whole: View, cut: Windows, layer: int = 1) -> View:
    """One layer of a truncated run as a run of its own: the forward pass of the whole sequence, the backward pass cut.

    Args:
        network: Weights and wiring.
        whole: What `core.network.view` gives of this layer for the sequence in one piece.
        cut: What `in_windows` gave for the same sequence.
        layer: From 1, the lowest.
    """
    parts = [
        (each, None if each.backward is None else networks.view(network, each.trace, each.backward, layer).backward)
        for each in cut.windows
    ]
    found = [part for _, part in parts if part is not None]
    grads = {
        name: sum((part.grads[name] for part in found), np.zeros_like(g)) for name, g in whole.backward.grads.items()
    }
    dh_out = np.zeros_like(whole.backward.dh_out)
    cell: dict[str, Any] = {
        field.name: np.zeros_like(value)
        for field in fields(whole.backward.cell)
        if isinstance(value := getattr(whole.backward.cell, field.name), np.ndarray)
    }
    for each, part in parts:
        if part is None:
            continue
        steps = slice(each.first - 1, each.last)
        dh_out[steps] = part.dh_out
        for name, value in cell.items():
            if value.ndim == 3:
                value[steps] = getattr(part.cell, name)
            elif each.first == 1:  # what arrives at the first states
                value[:] = getattr(part.cell, name)
    cell["grads"] = replace(whole.backward.cell.grads, **{name: grads[name] for name in ("W_x", "W_h", "b")})
    done: CellBackward = replace(whole.backward.cell, **cell)
    return replace(whole, backward=Backward(done, grads, dh_out))
