"""A learner's own network: one layer of what a file holds, with its read-out, its word vectors and what it is fed.

Nothing here knows Streamlit. The file is read by `core.checkpoints`; here one layer in one direction is chosen from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core import checkpoints
from core import layer as layers
from core.checkpoints import Checkpoint, Embedding, Layer, Readout, Recurrent
from core.errors import InputError
from core.layer import Cell
from core.params import Array
from dashboard.kit.run.settings import MAX_STEPS, MAX_WEIGHT

MAX_OUTPUTS = 512
MAX_INPUTS = 1_024
MAX_STATES = 20_000  # units times steps, all of which the figure holds
UNKNOWN = ("<unk>", "[UNK]", "<UNK>", "UNK", "unk", "<oov>", "<OOV>")
ACTIVATIONS = ("tanh", "relu")
DRAWN, NONE = -1, -1


@dataclass(frozen=True)
class Choice:
    """What of a file is shown.

    Attributes:
        network: Which of its recurrent networks, by place.
        layer: Which of that network's layers, by place.
        readout: Which of the read-outs, by place in the file; -1 draws one at random.
        embedding: Which of the tables, by place; -1 takes none.
        activation: φ of an RNN whose file does not say it.
        order: Order of the gates in the file; "" as it was read.
    """

    network: int
    layer: int
    readout: int = DRAWN
    embedding: int = NONE
    activation: str = "tanh"
    order: str = ""


@dataclass(frozen=True, eq=False)
class Uploaded:
    """One recurrent layer, and what goes with it. Two are equal when they are the same object.

    Attributes:
        kind: "rnn" or "lstm".
        cell: The layer's weights in the house order.
        W_y: (H, O), or None: drawn from the seed.
        b_y: (O,), or None.
        below: The layers that the sequence passes first, lowest first, each pair of directions together.
        backward: Whether it reads the sequence from its end.
        table: Its own word vectors, or None.
        name: What to call it.
        from_file: Whether it was brought; if not, it was trained or set here.
    """

    kind: str
    cell: Cell
    W_y: Array | None
    b_y: Array | None
    below: tuple[Layer, ...] = ()
    backward: bool = False
    table: Embedding | None = None
    name: str = ""
    from_file: bool = False

    @property
    def D(self) -> int:
        """Numbers that the sequence must have at each step."""
        return self.below[0].D if self.below else len(self.cell.W_x)

    @property
    def plain(self) -> bool:
        """Whether it reads the sequence as it stands, from its beginning."""
        return not self.below and not self.backward


def usable(found: Checkpoint) -> tuple[int, ...]:
    """The networks of a file that can be shown, by place."""
    return tuple(k for k, network in enumerate(found.recurrent) if not why_not(network))


def why_not(network: Recurrent) -> str:
    """Why a network cannot be shown, and the mend; "" where it can."""
    if network.problem:
        return network.problem
    if network.kind == "gru":
        return "A GRU is read and not yet shown. Choose an RNN or an LSTM."
    if network.D > MAX_INPUTS:
        return f"It reads {network.D:,} numbers a step; at most {MAX_INPUTS:,} can be shown. Bring a smaller model."
    largest = max(float(np.abs(a).max()) for layer in network.layers for a in (layer.weight_ih, layer.weight_hh))
    if largest > MAX_WEIGHT:
        return (
            f"It holds a number of size {largest:.3g}; at most {MAX_WEIGHT:,.0f} can be shown. Bring weights from "
            "before they grew."
        )
    return ""


def first(found: Checkpoint) -> Choice:
    """What is shown before anything is chosen: the first network that can be, its upper layer, the read-out that fits.

    Raises:
        InputError: None can be shown; the message says why.
    """
    places = usable(found)
    if not places:
        network = found.recurrent[0]
        raise InputError(f"“{network.title}” cannot be shown. {why_not(network)}")
    read = [k for k in places if found.readouts_of(found.recurrent[k])]
    return of_network(found, (read or list(places))[0])


def of_network(found: Checkpoint, place: int, activation: str = "tanh") -> Choice:
    """The same for one of its networks."""
    network = found.recurrent[place]
    top = next(k for k, layer in enumerate(network.layers) if layer.index == network.depth - 1)
    fit = [k for k, readout in enumerate(found.readouts) if fits(readout, network, network.layers[top])]
    fed = [k for k, table in enumerate(found.embeddings) if network.name in table.feeds and table.words]
    simple = [k for k in fit if not found.readouts[k].then] or fit
    return Choice(place, top, simple[0] if simple else DRAWN, fed[0] if fed else NONE, network.activation or activation)


def fits(readout: Readout, network: Recurrent, layer: Layer) -> bool:
    """Whether a read-out reads this layer: it reads the uppermost one, and has not too many outputs."""
    return (
        network.name in readout.reads
        and layer.index == network.depth - 1
        and readout.W_y.shape[1] <= MAX_OUTPUTS
        and bool((np.abs(np.asarray(readout.W_y, np.float64)) <= MAX_WEIGHT).all())  # NaN is not
        and bool((np.abs(readout.b_y) <= MAX_WEIGHT).all())
    )


def take(found: Checkpoint, choice: Choice) -> Uploaded:
    """The chosen layer, ready to be run.

    Raises:
        InputError: It cannot be shown.
    """
    network = found.recurrent[choice.network]
    if problem := why_not(network):
        raise InputError(f"“{network.title}” cannot be shown. {problem}")
    if choice.order:
        network = checkpoints.with_order(network, choice.order)
    layer = network.layers[choice.layer]
    W_y = b_y = None
    if choice.readout != DRAWN and fits(found.readouts[choice.readout], network, layer):
        readout = found.readouts[choice.readout]
        W_y, b_y = half(readout, network, layer), readout.b_y
    table = None if choice.embedding == NONE else found.embeddings[choice.embedding]
    below = tuple(each for each in network.layers if each.index < layer.index)
    name = network.title if len(network.layers) == 1 else f"{network.title}, {layer.title}"
    return Uploaded(network.kind, layer.params(), W_y, b_y, below, layer.backward, table, name, True)


def half(readout: Readout, network: Recurrent, layer: Layer) -> Array:
    """The rows of a read-out that read this direction: all, or one half of a read-out of both."""
    rows, H = readout.W_y, network.H
    if readout.reads[network.name] == "2H":
        rows = rows[H:] if layer.backward else rows[:H]
    return np.asarray(rows, np.float64)


def fed(own: Uploaded, x: Array, activation: str) -> Array:
    """What the layer reads of x (T, 1, D): the output of the layers below, turned where it reads from the end.

    Raises:
        InputError: Another D than the network reads, or more steps than the figure can hold of so many units.
    """
    (T, _, D), H = x.shape, own.cell.H
    if T * H > MAX_STATES:
        raise InputError(
            f"Your own network has {H} units; of so many the figure shows at most {MAX_STATES // H} steps, and the "
            f"sequence has {T}. Shorten the sequence."
        )
    if D != own.D:
        raise InputError(
            f"The sequence has {D} numbers a step, and your own network reads {own.D}. Choose a sequence with {own.D} "
            "columns, or bring the data that it was trained on."
        )
    for index in sorted({layer.index for layer in own.below}):
        x = np.concatenate([_states(layer, x, activation) for layer in own.below if layer.index == index], axis=2)
    return x[::-1].copy() if own.backward else x


def columns(own: Uploaded) -> tuple[str, ...]:
    """What to call the numbers that the layers below give, the backward ones with an arrow; () without layers."""
    if not own.below:
        return ()
    H = own.below[-1].H
    return tuple(f"{'←' if k >= H else ''}h{k % H}" for k in range(len(own.cell.W_x)))


def _states(layer: Layer, x: Array, activation: str) -> Array:
    turned = x[::-1] if layer.backward else x
    trace = layers.forward(layer.params(), turned, activation=activation)
    return trace.h[:0:-1] if layer.backward else trace.h[1:]


def vectors(table: Embedding, words: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """The rows of a table for a sentence, and the words that were read.

    By its words, or by their numbers where the file has no words. A word that it does not have is read as the one that
    the vocabulary keeps for such words, if there is one.

    Returns:
        The rows (T, 1, D), and the table's own words for them.

    Raises:
        InputError: A word that it does not have.
    """
    V = len(table.table)
    if not table.words:
        places = [int(word) if word.isdecimal() and len(word) < 9 else V for word in words]
        if max(places) >= V:
            wrong = words[next(k for k, place in enumerate(places) if place >= V)]
            raise InputError(
                f"The table “{table.name}” has {V:,} rows and no words beside it, so “{wrong}” is none of them. Type "
                f"the numbers of its rows, 0 to {V - 1:,}, or take random word vectors."
            )
        return _rows(table, places), tuple(words)
    known = {word: k for k, word in enumerate(table.words)}
    other = next((known[word] for word in UNKNOWN if word in known), None)
    places = []
    for word in words:
        place = known.get(word, known.get(word.casefold(), other))
        if place is None:
            some = " ".join(table.words[:12])
            raise InputError(
                f"The network knows {V:,} words, and “{word}” is none of them. Type a sentence in its words; they "
                f"begin: {some}."
            )
        places.append(place)
    return _rows(table, places), tuple(table.words[place] for place in places)


def _rows(table: Embedding, places: list[int]) -> Array:
    rows = np.asarray(table.table[places][:, None], np.float64)
    if not np.isfinite(rows).all():
        raise InputError(
            f"The table “{table.name}” holds numbers that are not finite (NaN or infinity). Bring an earlier file."
        )
    return rows


def by_character(table: Embedding | None) -> bool:
    """Whether its words are single characters, but for the few that stand for none."""
    words = [word for word in table.words if not word.startswith(("<", "[", "⟨"))] if table else []
    return bool(words) and all(len(word) == 1 for word in words)


def characters(text: str) -> tuple[str, ...]:
    """A sentence as such a network reads it.

    Raises:
        InputError: More characters than the figure has steps.
    """
    if len(text) > MAX_STEPS:
        raise InputError(
            f"The sentence has {len(text):,} characters, and the network reads each of them; at most {MAX_STEPS} fit. "
            "Shorten it."
        )
    return tuple(text)
