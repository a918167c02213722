"""What a file of weights holds, as records: recurrent networks, read-outs, embeddings, and what was seen beside them.

Two stages share this file. `Stored` is what a reader of one file format gives: named tensors, and the classes of the
modules they belong to where the file says so. `Checkpoint` is what the names and shapes were understood to mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from core import gru, lstm, rnn
from core.gru import GRUParams
from core.layer import Cell
from core.params import Array

__all__ = [
    "BLOCKS",
    "KIND_NAMES",
    "Checkpoint",
    "Embedding",
    "Layer",
    "Module",
    "Readout",
    "Recurrent",
    "Stored",
    "Tensor",
]

BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}
"""Blocks of H rows that the weights of each kind have."""
KIND_NAMES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


@dataclass(frozen=True)
class Module:
    """A module whose class the file names: of a whole pickled model, a TorchScript archive or a Keras configuration.

    Attributes:
        kind: The class's own name, such as "LSTM" or "Linear".
        facts: Its plain settings (numbers, words, yes or no), by name.
    """

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Stored:
    """What one file format gave: everything by name, nothing understood yet.

    Attributes:
        form: What the file is, as a noun: "a PyTorch state dict".
        framework: "PyTorch", "Keras" or "" where the file does not tell.
        tensors: Arrays of numbers by their full names, in the file's order.
        modules: Modules by their full names, in the file's order.
        words: Lists of words by the name they are kept under.
        notes: What a reader should know, a sentence each.
        types: Types of tensors that were widened when they were read ("bfloat16"), by name.
    """

    form: str
    framework: str
    tensors: Mapping[str, NDArray[Any]]
    modules: Mapping[str, Module] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer in one direction, float64, in PyTorch's layout: LSTM blocks i, f, g, o, GRU blocks r, z, n.

    Attributes:
        kind: "rnn", "lstm" or "gru".
        index: 0 for the lowest layer.
        backward: Whether it reads the sequence from its end.
        weight_ih: (blocks·H, D).
        weight_hh: (blocks·H, H).
        bias_ih: (blocks·H,), zeros where the file has none.
        bias_hh: (blocks·H,), zeros where the file has none.
        reset_after: GRU: whether the reset gate acts after the product with W_h, as PyTorch's does.
    """

    kind: str
    index: int
    backward: bool
    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    reset_after: bool = True

    @property
    def D(self) -> int:
        """Inputs."""
        return int(self.weight_ih.shape[1])

    @property
    def H(self) -> int:
        """Units."""
        return int(self.weight_hh.shape[1])

    @property
    def title(self) -> str:
        """Which it is within its network: "layer 0, backward"."""
        return f"layer {self.index}{', backward' if self.backward else ''}"

    def params(self) -> Cell:
        """The weights as `core.rnn`, `core.lstm` or `core.gru` take them."""
        given = self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh
        if self.kind == "gru":
            if self.reset_after:
                return gru.from_torch(*given)
            return GRUParams(self.weight_ih.T.copy(), self.weight_hh.T.copy(), self.bias_ih + self.bias_hh)
        return lstm.from_torch(*given) if self.kind == "lstm" else rnn.from_torch(*given)


@dataclass(frozen=True, eq=False)
class Recurrent:
    """One recurrent network found: one or more layers, in one or both directions.

    Attributes:
        name: Its name in the file, "" where the file has none.
        kind: "rnn", "lstm" or "gru".
        layers: Layers, lowest first, forward before backward.
        depth: How many layers lie on each other.
        directions: 1 or 2.
        D: Inputs of the lowest layer.
        H: Units of each layer and direction.
        gate_order: The order in which the file has the gates, such as "i, f, g, o"; "" for an RNN.
        order_from: Where that order was taken from.
        asks_order: Whether the order is only the likeliest and must be confirmed.
        evidence: Which shape told the kind.
        biases: "two", "one" or "none" for each layer.
        activation: φ of an RNN; None where no file says it. "tanh" for the others.
        dtype: Type of the stored weights.
        problem: Why it cannot be run, and the mend; "" where it can.
        notes: What else to know, a sentence each.
    """

    name: str
    kind: str
    layers: tuple[Layer, ...]
    depth: int
    directions: int
    D: int
    H: int
    gate_order: str
    order_from: str
    evidence: str
    biases: str
    activation: str | None
    dtype: str
    asks_order: bool = False
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What to call it: its name, or its kind where it has none."""
        return self.name or KIND_NAMES[self.kind]

    @property
    def width(self) -> int:
        """Entries of its output: H, or 2H in both directions."""
        return self.H * self.directions


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear layer that can read the states of a recurrent network.

    Attributes:
        name: Its name in the file.
        W_y: (reads, O), in the file's own type: there may be many outputs.
        b_y: (O,), zeros where the file has none.
        has_bias: Whether the file has a bias for it.
        reads: What it can read, by the networks' names: "H" or "2H".
        follows: What the file says comes after it, such as "Sigmoid"; "" where it does not say.
        then: Linear layers that can take its output, by name.
    """

    name: str
    W_y: NDArray[Any]
    b_y: Array
    has_bias: bool
    reads: Mapping[str, str]
    follows: str = ""
    then: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Embedding:
    """A table with a vector for each word or symbol.

    Attributes:
        name: Its name in the file.
        table: (V, D), in the file's own type: there may be many words.
        feeds: Networks whose input has D entries, by name.
        words: The V words where the file has them, else ().
        words_from: The name the words are kept under.
    """

    name: str
    table: NDArray[Any]
    feeds: tuple[str, ...]
    words: tuple[str, ...] = ()
    words_from: str = ""


@dataclass(frozen=True)
class Tensor:
    """A tensor that was seen and is not used: its name, shape and type."""

    name: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What a file of weights holds.

    Attributes:
        filename: As it was uploaded.
        form: What the file is: "a PyTorch state dict".
        framework: "PyTorch", "Keras" or "".
        tensors: How many tensors it has.
        numbers: How many numbers these hold.
        dtype: Type of the recurrent weights: "float32".
        recurrent: The recurrent networks, in the file's order; at least one.
        readouts: Linear layers that fit one of them.
        embeddings: Tables whose vectors fit one of them, or that are named so.
        others: Everything else.
        notes: What to know about the file as a whole, a sentence each.
    """

    filename: str
    form: str
    framework: str
    tensors: int
    numbers: int
    dtype: str
    recurrent: tuple[Recurrent, ...]
    readouts: tuple[Readout, ...]
    embeddings: tuple[Embedding, ...]
    others: tuple[Tensor, ...]
    notes: tuple[str, ...] = ()

    def readouts_of(self, network: Recurrent) -> tuple[Readout, ...]:
        """The read-outs that can read this network, in the file's order."""
        return tuple(each for each in self.readouts if network.name in each.reads)

    def embeddings_of(self, network: Recurrent) -> tuple[Embedding, ...]:
        """The embeddings that can feed this network, in the file's order."""
        return tuple(each for each in self.embeddings if network.name in each.feeds)
