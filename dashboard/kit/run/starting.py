"""What real runs have beside weights and a sequence: first states, the step that is read, a mean, a window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core import network as networks
from core.errors import InputError
from core.network import Network
from core.params import Array
from core.stack import States
from core.table import parse_numbers
from dashboard.kit.run.given import Batch, Sequence
from dashboard.kit.run.settings import MAX_CHARS, MAX_STEPS, MAX_WEIGHT, Settings

MOST_STATES = 4_096


def is_real(settings: Settings) -> bool:
    """Whether a single layer needs more than `core.model` to run as it is set."""
    usual = settings.begin == "zeros" and settings.over == "sum" and not settings.window
    return not usual or (settings.source != "task" and not settings.trained and settings.readout in ("step", "final"))


def readout(settings: Settings, sequence: Sequence) -> str | int:
    """What is read, as `core.network.Network` names it.

    Raises:
        InputError: A step that the sequence does not have.
    """
    if sequence.task is not None or settings.trained or settings.readout not in ("step", "final"):
        return sequence.readout
    if settings.readout == "final":
        return "final"
    if settings.at > sequence.T:
        raise InputError(
            f"Step {settings.at} is to be read, and the sequence has {sequence.T}. Read step {sequence.T} or an "
            "earlier one, under Loss."
        )
    return settings.at


def states(settings: Settings, network: Network, x: Array, lengths: NDArray[np.intp] | None = None) -> States | None:
    """The first states of each sequence, or None for zeros.

    Raises:
        InputError: Numbers that do not fit the network.
    """
    if settings.begin == "zeros":
        return None
    if settings.begin == "last":
        return networks.run(network, x, lengths=lengths).stack.last
    B = x.shape[1]
    h = _typed("h_0", settings.h0, network, B)
    return States(h, _typed("c_0", settings.c0, network, B) if network.stack.kind == "lstm" else ())


def _typed(name: str, typed: str, network: Network, B: int) -> tuple[Array, ...]:
    """One number for all units, one for each unit, or one for each unit of each part; the same for all sequences."""
    parts = network.stack.parts
    sizes = [cell.H for cell in parts]
    wanted = f"1 number, or {sizes[0]}: one for each unit"
    if len(parts) > 1:
        wanted += f", or {sum(sizes)}: those of each layer and direction in turn, as PyTorch's {name[0]}_n has them"
    try:
        values = parse_numbers(typed, max_rows=MAX_STEPS, max_columns=MOST_STATES, max_chars=MAX_CHARS).values.ravel()
    except InputError as problem:
        raise InputError(f"The first state {name} cannot be read; expected {wanted}. Type other numbers.") from problem
    if len(values) not in (1, sizes[0], sum(sizes)) or (len(values) == sizes[0] and len(set(sizes)) > 1):
        raise InputError(f"The first state {name} has {len(values)} numbers; expected {wanted}. Type as many.")
    if np.abs(values).max() > MAX_WEIGHT:
        raise InputError(f"The first state {name} holds a number beyond ±{MAX_WEIGHT:,.0f}. Type a smaller one.")
    if len(values) < sum(sizes):
        values = np.concatenate([np.broadcast_to(values, H) for H in sizes])
    return tuple(np.tile(part, (B, 1)) for part in np.split(values, np.cumsum(sizes)[:-1]))


def must_fit(network: Network, window: int, T: int, batch: Batch | None = None) -> None:
    """Say what cannot be cut into windows, or is not there in all sequences.

    Raises:
        InputError: Two directions, a read-out in the middle, several sequences.
    """
    if window and batch is not None:
        raise InputError(
            "Several sequences at once are not cut into windows. Set the window to 0, or take one of them."
        )
    if batch is not None and isinstance(network.readout, int) and network.readout > batch.lengths.min():
        raise InputError(
            f"Step {network.readout} is to be read, and sequence {int(batch.lengths.argmin()) + 1} has "
            f"{batch.lengths.min()} steps. Read an earlier step, or the last one, under Loss."
        )
    if window and network.stack.bidirectional:
        raise InputError(
            "A network that reads in both directions cannot be cut into windows: its backward direction would have to "
            "begin in the future. Set the window to 0."
        )
    if window and isinstance(network.readout, int) and network.readout < T:
        raise InputError("With a window the last step or every step is read. Choose one of these, or set it to 0.")
