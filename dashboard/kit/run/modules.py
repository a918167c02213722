"""A module of PyTorch's, or whatever gives its weights as PyTorch does, as a model with the sequence that it reads.

PyTorch is never imported: a module is asked for its ``state_dict()``, a tensor for ``.detach().cpu().numpy()``. Names
and shapes are understood as those of a file of weights are (`core.checkpoints`). Nothing here knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import layer as layers
from core.checkpoints import Checkpoint, Embedding, Layer, Readout, Recurrent
from core.checkpoints.records import Module, Stored
from core.checkpoints.understood import understood
from core.errors import InputError
from core.layer import Cell
from core.losses import LOSSES
from core.model import READOUTS, Model
from core.params import Array
from core.written import short
from dashboard.kit.run import own
from dashboard.kit.run.settings import MAX_STEPS

FACTS = ("nonlinearity", "proj_size", "batch_first")
"""What is asked of the modules within: plain settings that their weights do not tell."""
NO_TARGET = "No target was given, so the loss is the mean square of what is read."
NO_READOUT = "No read-out was given, so the hidden state itself is read."
ONE_WAY = (
    "Its read-out reads both directions; here stands the half that reads this one, so ŷ is not the whole module's."
)


@dataclass(frozen=True, eq=False)
class Chosen:
    """The layer of a module that is taken.

    Attributes:
        cell: Its weights.
        W_y: (H, O) of the read-out that reads it, the half of its direction; None where none does.
        b_y: (O,) likewise.
        below: The layers that it reads, lowest first.
        backward: Whether it reads the sequence from its end.
        name: The network's.
    """

    cell: Cell
    W_y: Array | None
    b_y: Array | None
    below: tuple[Layer, ...]
    backward: bool
    name: str

    @property
    def D(self) -> int:
        """Numbers that the sequence has at each step."""
        return self.below[0].D if self.below else len(self.cell.W_x)


@dataclass(frozen=True, eq=False)
class Taken:
    """What a module is here.

    Attributes:
        model: One layer with its read-out and loss.
        given: The sequence that was given (T, 1, D), or the numbers of its words (T, 1, 1).
        x: What the layer reads of it (T, 1, D), from its end where the layer reads so.
        y: Target in the form that `core.model.run` takes.
        columns: What to call the D inputs.
        remarks: What was decided for want of something, a sentence each.
    """

    model: Model
    given: NDArray[Any]
    x: Array
    y: NDArray[Any]
    columns: tuple[str, ...]
    remarks: tuple[str, ...]


def taken(
    module: Any,
    x: Any,
    y: Any = None,
    *,
    readout: Any = None,
    read: str = "last",
    loss: str | None = None,
    sequence: int = 0,
    layer: int | None = None,
    backward: bool = False,
    batch_first: bool | None = None,
) -> Taken:
    """Take one layer of a module, and the sequence as it reaches that layer; see `dashboard.notebook.trace_of`.

    Raises:
        InputError: No recurrent layer, a wrong shape, or sizes that do not go together; the message names the mend.
    """
    if read not in READOUTS:
        raise InputError(f"read is {read!r}; expected “last” or “every”. Say at which steps the output is read.")
    found = _checkpoint(module)
    network = _usable(found)
    uploaded = _layer(found, network, layer, backward)
    facts = _modules(module).get(network.name)
    first = bool(facts and facts.facts.get("batch_first")) if batch_first is None else batch_first
    given, vectors = _sequence(x, uploaded, found, sequence, batch_first=first)
    if len(given) > MAX_STEPS:
        raise InputError(f"The sequence has {len(given):,} steps; at most {MAX_STEPS:,} fit the figure. Cut it.")
    activation = network.activation or "tanh"
    fed = _fed(uploaded, vectors, activation)
    if readout is not None:
        W_y, b_y = _readout(readout, uploaded.cell.H)
    elif uploaded.W_y is not None and uploaded.b_y is not None:
        W_y, b_y = uploaded.W_y, uploaded.b_y
    else:
        W_y, b_y = np.eye(uploaded.cell.H), np.zeros(uploaded.cell.H)
    target, chosen = _target(y, len(fed) if read == "every" else None, len(b_y), loss)
    if uploaded.backward and read == "every":
        target = target[::-1].copy()
    alone = readout is None and uploaded.W_y is None
    half = readout is None and uploaded.W_y is not None and network.directions == 2
    remarks = [said for said, holds in ((NO_READOUT, alone), (NO_TARGET, y is None), (ONE_WAY, half)) if holds]
    columns = _columns(uploaded) or tuple(f"x{k + 1}" for k in range(fed.shape[2]))
    model = Model(uploaded.cell, W_y, b_y, activation, read, chosen)
    return Taken(model, given, fed, target, columns, tuple(remarks))


def labels(tokens: Sequence[object] | None, x: NDArray[Any]) -> tuple[str, ...]:
    """The given labels, else the first number of each step.

    Raises:
        InputError: Not one for each step.
    """
    if tokens is None:
        more = " …" if x.shape[2] > 1 else ""
        return tuple(f"{short(float(value), 3)}{more}" for value in x[:, 0, 0])
    words = tokens.split() if isinstance(tokens, str) else tokens
    if len(words) != len(x):
        raise InputError(f"There are {len(words)} tokens for {len(x)} steps. Give one for each.")
    return tuple(str(word) for word in words)


def array(value: Any, what: str) -> NDArray[Any]:
    """A tensor, or whatever NumPy reads, as an array of real numbers.

    Raises:
        InputError: It is neither.
    """
    if hasattr(value, "detach"):
        value = value.detach()
        value = value.cpu() if hasattr(value, "cpu") else value
        try:
            value = value.numpy()
        except TypeError:  # a type that NumPy has not, such as bfloat16
            value = value.float().numpy()
    try:
        found: NDArray[Any] = np.asarray(value)
    except ValueError as problem:
        raise InputError(f"{what} is no array: its rows differ in length. Give rows of equal length.") from problem
    if found.dtype.kind not in "fiub":
        raise InputError(f"{what} holds {found.dtype}, not real numbers. Give a tensor or an array of numbers.")
    if not np.isfinite(found).all():
        raise InputError(f"{what} holds numbers that are not finite (NaN or infinity). Give finite ones.")
    return found


def _checkpoint(module: Any) -> Checkpoint:
    state = module if isinstance(module, Mapping) else _state(module)
    tensors = {str(name): array(value, f"The weight “{name}”") for name, value in state.items()}
    stored = Stored("a module in this program", "PyTorch", tensors, modules=_modules(module))
    return understood(stored, type(module).__name__)


def _state(module: Any) -> Mapping[str, Any]:
    ask = getattr(module, "state_dict", None)
    state = ask() if callable(ask) else None
    if not isinstance(state, Mapping):
        raise InputError(
            f"{type(module).__name__} has no state_dict(), so its weights cannot be taken. Give a PyTorch module that "
            "holds an nn.RNN, nn.LSTM or nn.GRU, or its state_dict()."
        )
    return state


def _modules(module: Any) -> dict[str, Module]:
    """The modules within by name, with their plain settings; none for what does not tell them."""
    ask = getattr(module, "named_modules", None)
    within = dict(ask()) if callable(ask) else {"": module}
    return {
        name: Module(type(each).__name__, {fact: getattr(each, fact) for fact in FACTS if hasattr(each, fact)})
        for name, each in within.items()
    }


def _usable(found: Checkpoint) -> Recurrent:
    network = next((each for each in found.recurrent if not each.problem), found.recurrent[0])
    if network.problem:
        raise InputError(f"“{network.title}” cannot be taken. {network.problem}")
    return network


def _layer(found: Checkpoint, network: Recurrent, index: int | None, backward: bool) -> Chosen:
    index = network.depth - 1 if index is None else index
    layer = next((each for each in network.layers if (each.index, each.backward) == (index, backward)), None)
    if layer is None:
        both = "in both directions" if network.directions == 2 else "that read forwards"
        raise InputError(
            f"There is no layer {index}{' that reads from the end' if backward else ''}; “{network.title}” has layers "
            f"0 to {network.depth - 1} {both}. Choose one of them."
        )
    heads = [each for each in found.readouts if layer.index == network.depth - 1 and own.fits(each, network)]
    last = [each for each in heads if not each.then] or heads
    W_y, b_y = (_half(last[0], network, layer), last[0].b_y) if last else (None, None)
    below = tuple(each for each in network.layers if each.index < layer.index)
    return Chosen(layer.params(), W_y, b_y, below, layer.backward, network.title)


def _half(readout: Readout, network: Recurrent, layer: Layer) -> Array:
    """The rows of a read-out that read this direction: all, or one half of a read-out of both."""
    rows, H = readout.W_y, network.H
    if readout.reads[network.name] == "2H":
        rows = rows[H:] if layer.backward else rows[:H]
    return np.asarray(rows, np.float64)


def _fed(shown: Chosen, x: Array, activation: str) -> Array:
    """What the layer reads of x (T, 1, D): the output of the layers below, turned where it reads from the end."""
    for index in sorted({layer.index for layer in shown.below}):
        x = np.concatenate([_states(layer, x, activation) for layer in shown.below if layer.index == index], axis=2)
    return x[::-1].copy() if shown.backward else x


def _states(layer: Layer, x: Array, activation: str) -> Array:
    turned = x[::-1] if layer.backward else x
    trace = layers.forward(layer.params(), turned, activation=activation)
    return trace.h[:0:-1] if layer.backward else trace.h[1:]


def _columns(shown: Chosen) -> tuple[str, ...]:
    """What to call the numbers that the layers below give, the backward ones with an arrow; () without layers."""
    if not shown.below:
        return ()
    H = shown.below[-1].H
    return tuple(f"{'←' if k >= H else ''}h{k % H}" for k in range(len(shown.cell.W_x)))


def _sequence(
    x: Any, uploaded: Chosen, found: Checkpoint, which: int, *, batch_first: bool
) -> tuple[NDArray[Any], Array]:
    """The sequence among those given, and its vectors (T, 1, D): whole numbers are rows of the module's own table."""
    values = array(x, "x")
    table = next((each for each in found.embeddings if each.table.shape[1] == uploaded.D), None)
    if values.dtype.kind in "iu" and table is not None and values.ndim in (1, 2):
        words = _one(values, which, batch_first=batch_first, alone=1)
        return words[:, None, None], _looked_up(table, words)[:, None]
    if values.ndim not in (2, 3):
        raise InputError(
            f"x has the shape {values.shape}; expected (T, {uploaded.D}), or a batch of such sequences. "
            "Give one row for each step."
        )
    one = np.asarray(_one(values, which, batch_first=batch_first, alone=2), np.float64)
    if one.shape[1] != uploaded.D:
        raise InputError(
            f"x has {one.shape[1]} numbers a step, and “{uploaded.name}” reads {uploaded.D}. "
            f"Give x as (T, {uploaded.D})."
        )
    if not len(one):
        raise InputError("x has no steps. Give one row at least.")
    return one[:, None], one[:, None]


def _one(values: NDArray[Any], which: int, *, batch_first: bool, alone: int) -> NDArray[Any]:
    """One sequence of a batch; what has as many axes as a sequence alone is one."""
    if values.ndim == alone:
        return values
    B = values.shape[0 if batch_first else 1]
    if not 0 <= which < B:
        raise InputError(f"sequence is {which}; the batch has {B}. Choose 0 to {B - 1}.")
    return values[which] if batch_first else values[:, which]


def _looked_up(table: Embedding, places: NDArray[Any]) -> Array:
    V = len(table.table)
    if not places.size or places.min() < 0 or places.max() >= V:
        raise InputError(
            f"x holds numbers of words outside the {V:,} of “{table.name}”. Give numbers from 0 to {V - 1}."
        )
    return np.asarray(table.table[places], np.float64)


def _readout(given: Any, H: int) -> tuple[Array, Array]:
    """W_y (H, O) and b_y (O,) of an ``nn.Linear``, or of its weight (O, H) and bias."""
    if isinstance(given, Sequence) and len(given) == 2:
        weight, bias = given
    else:
        weight, bias = getattr(given, "weight", None), getattr(given, "bias", None)
    if weight is None:
        raise InputError("readout has no weight. Give an nn.Linear, or its weight (O, H) and bias (O,).")
    W = np.asarray(array(weight, "readout"), np.float64)
    b = np.zeros(len(W)) if bias is None else np.asarray(array(bias, "The bias of readout"), np.float64)
    if W.ndim != 2 or W.shape[1] != H or b.shape != W.shape[:1]:
        raise InputError(f"readout has a weight {W.shape} and a bias {b.shape}; expected (O, {H}) and (O,).")
    return W.T.copy(), b


def _target(y: Any, T: int | None, O: int, loss: str | None) -> tuple[NDArray[Any], str]:  # noqa: E741
    """The target as `core.model.run` takes it, and the loss.

    Where no loss is named: whole numbers for several outputs are classes, 0 and 1 for a single one probabilities.
    """
    if loss is not None and loss not in LOSSES:
        raise InputError(f"loss is {loss!r}; expected one of {', '.join(LOSSES)}.")
    steps = () if T is None else (T,)
    if y is None:
        if loss not in (None, "mse"):
            raise InputError(f"The loss “{loss}” needs a target. Give y, or leave the loss out.")
        return np.zeros((*steps, 1, O)), "mse"
    values = array(y, "y")
    count, whole = T or 1, values.dtype.kind in "iub"
    chosen = loss or ("softmax" if whole and O > 1 and values.size == count else None)
    if chosen is None:
        chosen = "bce" if O == 1 and np.isin(values, (0, 1)).all() else "mse"
    wanted = count if chosen == "softmax" else count * O
    if values.size != wanted:
        raise InputError(
            f"y has {values.size} numbers; expected {wanted} for the loss “{chosen}”, {O} outputs and {count} scored "
            f"step{'s' if count > 1 else ''}. Give the target of the one sequence shown."
        )
    if chosen == "softmax":
        if not whole and not (values == np.round(values)).all():
            raise InputError("y is to be whole numbers, the classes. Give those, or name another loss.")
        return values.astype(np.intp).reshape(*steps, 1), chosen
    return values.astype(np.float64).reshape(*steps, 1, O), chosen
