"""A learner's own network: what a file holds, with its read-out, its word vectors, and the part of it that is shown.

Nothing here knows Streamlit. The file is read by `core.checkpoints`; all layers and directions of a network run, and
one layer in one direction is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core import checkpoints
from core.checkpoints import Checkpoint, Embedding, Readout, Recurrent
from core.checkpoints.beside import shared
from core.errors import InputError
from core.layer import Cell
from core.params import Array
from core.stack import StackParams
from dashboard.kit.run.settings import MAX_STATES, MAX_STEPS, MAX_WEIGHT

MAX_OUTPUTS = 512
MAX_INPUTS = 1_024
UNKNOWN = ("<unk>", "[UNK]", "<UNK>", "UNK", "unk", "<oov>", "<OOV>")
ACTIVATIONS = ("tanh", "relu")
DRAWN, NONE = -1, -1


class MisfitError(InputError):
    """A network of the learner's own does not fit the sequence, or what it is to learn."""


class OutputsMisfitError(MisfitError):
    """Its read-out gives another number of outputs than are needed; another read-out would do."""


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
    """A recurrent network, and what goes with it. Two are equal when they are the same object.

    Attributes:
        kind: "rnn", "lstm" or "gru".
        cell: The weights of the layer shown, in the house order.
        W_y: (width, O), or None: drawn from the seed.
        b_y: (O,), or None.
        stack: All layers and directions; None where there is only the one shown, reading forwards.
        layer: Which layer is shown, from 1.
        direction: Which of its directions, "forward" or "backward".
        table: Its own word vectors, or None.
        name: What to call it.
        from_file: Whether it was brought; if not, it was trained or set here.
    """

    kind: str
    cell: Cell
    W_y: Array | None
    b_y: Array | None
    stack: StackParams | None = None
    layer: int = 1
    direction: str = "forward"
    table: Embedding | None = None
    name: str = ""
    from_file: bool = False

    @property
    def D(self) -> int:
        """Numbers that the sequence must have at each step."""
        return len(self.cell.W_x) if self.stack is None else self.stack.sizes[0]

    @property
    def width(self) -> int:
        """Numbers that a read-out reads: the units of the last layer, in all directions."""
        return self.cell.H if self.stack is None else self.stack.sizes[1]

    @property
    def plain(self) -> bool:
        """Whether it is a single layer that reads the sequence from its beginning."""
        return self.stack is None


def usable(found: Checkpoint) -> tuple[int, ...]:
    """The networks of a file that can be shown, by place."""
    return tuple(k for k, network in enumerate(found.recurrent) if not why_not(network))


def why_not(network: Recurrent) -> str:
    """Why a network cannot be shown, and the mend; "" where it can."""
    if network.problem:
        return network.problem
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
    fit = [k for k, readout in enumerate(found.readouts) if fits(readout, network)]
    fed = [k for k, table in enumerate(found.embeddings) if network.name in table.feeds and table.words]
    simple = [k for k in fit if not found.readouts[k].then] or fit
    readout = max(simple, key=lambda k: shared(found.readouts[k].name, network.name), default=DRAWN)
    table = max(fed, key=lambda k: shared(found.embeddings[k].name, network.name), default=NONE)
    return Choice(place, top, readout, table, network.activation or activation)


def fits(readout: Readout, network: Recurrent) -> bool:
    """Whether a read-out can be taken for a network: it reads it, and has not too many outputs."""
    return (
        network.name in readout.reads
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
    if choice.readout != DRAWN and fits(found.readouts[choice.readout], network):
        readout = found.readouts[choice.readout]
        W_y, b_y = rows(readout, network), readout.b_y
    table = None if choice.embedding == NONE else found.embeddings[choice.embedding]
    name = network.title if len(network.layers) == 1 else f"{network.title}, {layer.title}"
    cells = tuple(tuple(e.params() for e in network.layers if e.index == k) for k in range(network.depth))
    stack = StackParams(cells) if len(network.layers) > 1 else None
    cell = cells[layer.index][1 if layer.backward else 0]
    direction = "backward" if layer.backward else "forward"
    return Uploaded(network.kind, cell, W_y, b_y, stack, layer.index + 1, direction, table, name, True)


def rows(readout: Readout, network: Recurrent) -> Array:
    """The weights of a read-out for all that the last layer gives.

    One that is as wide as one direction of two reads the forward one; the file says no more.
    """
    found = np.asarray(readout.W_y, np.float64)
    if network.directions == 2 and readout.reads[network.name] == "H":
        found = np.concatenate([found, np.zeros_like(found)])
    return found


def must_fit(own: Uploaded, x: Array) -> None:
    """Say what a network cannot read of x (T, 1, D).

    Raises:
        MisfitError: Another D than the network reads.
        InputError: More steps than can be computed of so many units.
    """
    T, _, D = x.shape
    units = own.cell.H if own.stack is None else sum(cell.H for cell in own.stack.parts)
    if T * units > MAX_STATES:
        raise InputError(
            f"Your own network has {units:,} units in all its layers; of so many at most {MAX_STATES // units:,} steps "
            f"are computed, and the sequence has {T:,}. Shorten the sequence."
        )
    if D != own.D:
        raise MisfitError(
            f"The sequence has {D} numbers a step, and your own network reads {own.D}. Choose a sequence with {own.D} "
            "columns, or bring the data that it was trained on."
        )


def columns(own: Uploaded) -> tuple[str, ...]:
    """What to call the numbers that the layers below give, the backward ones with an arrow; () for the first layer."""
    if own.layer == 1:
        return ()
    H = own.cell.H
    return tuple(f"{'←' if k >= H else ''}h{k % H}" for k in range(len(own.cell.W_x)))


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
