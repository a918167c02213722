"""What the Inspector is set to: one frozen dataclass, to and from the query of a link.

Each field's metadata holds its name in the link and how to read it. Fields at their default stay out of the link, so a
link shows what somebody chose. Nothing here knows Streamlit.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from core.activations import ACTIVATIONS
from core.losses import LOSSES
from core.model import READOUTS
from core.params import SCHEMES
from core.tasks import TASKS

MAX_STEPS = 300
MAX_INPUTS = 64
MAX_HIDDEN = 64
MAX_GAIN = 4.0
MAX_FORGET = 5.0
MAX_CHARS = 20_000
MAX_TRAIN = 5_000
MAX_LINK = 12_000
LONG_TEXT = 1_500
PACKED = "zlib:"
CLIPS = ("none", "norm", "value")
OPTIMISERS = ("adam", "sgd", "momentum")

PANELS = ("norms", "inputs", "W_h", "W_x", "b", "W_y", "states", "jacobians", "unit")

SENTENCE = "Krish likes to eat pizza and he also likes to go to movies"
NUMBERS = "0.5, -0.2\n0.1, 0.8\n-0.7, 0.3\n0.9, 0.4"


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text) if len(text) < 20 else high + 1
        if not low <= value <= high:
            raise ValueError
        return value

    read.__doc__ = f"a whole number from {low} to {high}"
    return read


def _real(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError
        return value

    read.__doc__ = f"a number from {low:g} to {high:g}"
    return read


def _one_of(*options: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in options:
            raise ValueError
        return text

    read.__doc__ = "one of " + ", ".join(options)
    return read


def _text(text: str) -> str:
    """at most 20,000 characters"""  # noqa: D403, D415 - completes a sentence in `from_query`
    if text.startswith(PACKED):
        unpacker = zlib.decompressobj()
        packed = base64.b64decode(text.removeprefix(PACKED), b"-_", validate=True)
        # At most four bytes make a character; the bound keeps a small link from unpacking into a large text.
        text = unpacker.decompress(packed, 4 * MAX_CHARS).decode()
        if not unpacker.eof:
            raise ValueError
    if len(text) > MAX_CHARS:
        raise ValueError
    return text


def _packed(text: str) -> str:
    """Long texts travel compressed, so that a link stays short enough for browsers and servers."""
    if len(text) <= LONG_TEXT and not text.startswith(PACKED):
        return text
    return PACKED + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


@dataclass(frozen=True)
class Edit:
    """One weight set by hand: ``array[index]`` of one model becomes ``value``."""

    kind: str
    array: str
    index: tuple[int, ...]
    value: float


def _edits(text: str) -> tuple[Edit, ...]:
    """edits such as rnn.W_h.0.1=0.5, separated by semicolons"""  # noqa: D403, D415 - as above
    edits = []
    for part in filter(None, text.split(";")):
        place, value = part.split("=")
        kind, array, *index = place.split(".")
        if kind not in ("rnn", "lstm") or array not in ("W_x", "W_h", "b", "W_y", "b_y"):
            raise ValueError
        edits.append(Edit(kind, array, tuple(map(_whole(0, 4 * MAX_HIDDEN), index)), _real(-1e6, 1e6)(value)))
    return tuple(edits)


def _panels(text: str) -> tuple[str, ...]:
    """panel names separated by commas: norms, inputs, W_h, W_x, b, W_y, states, jacobians, unit"""  # noqa: D403, D415
    chosen = tuple(filter(None, text.split(",")))
    if not set(chosen) <= set(PANELS):
        raise ValueError
    return tuple(name for name in PANELS if name in chosen)


def _written(value: Any) -> str:
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    if isinstance(value, tuple):
        return ";".join(f"{e.kind}.{e.array}.{'.'.join(map(str, e.index))}={e.value!r}" for e in value)
    if isinstance(value, str):
        return _packed(value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def _field(default: Any, name: str, read: Callable[[str], Any]) -> Any:
    return field(default=default, metadata={"name": name, "read": read})


@dataclass(frozen=True)
class Settings:
    """Everything that decides what the Inspector shows.

    Attributes:
        source: Where the sequence comes from: "text", "numbers" or "task".
        text: The sentence.
        numbers: Rows of numbers, one row a step, one column an input.
        task: Name of a task in `core.tasks`.
        gap: The task's distance or length; -1 takes the task's own default.
        example: Which example of the task is shown; seeds the draw.
        encoding: How words become numbers: "embedding" or "onehot".
        D: Entries of a word vector.
        cell: "rnn", "lstm" or "both".
        H: Hidden size.
        activation: φ of the RNN.
        scheme: How the recurrent layer is drawn.
        gain: Factor on W_h.
        forget_bias: Bias of the LSTM's forget gates.
        seed: Seeds weights and word vectors.
        readout: "last" or "every" (text and numbers; a task has its own).
        loss: "bce", "softmax" or "mse" (likewise).
        O: Outputs of the softmax.
        target: What the output should be: one number, or one for each scored step.
        edits: Weights set by hand.
        steps: How many training steps the shown weights have seen.
        optimiser: Training: "adam", "sgd" or "momentum".
        lr: Training: learning rate.
        batch: Training: sequences in each step.
        clip: Training: "none", "norm" or "value".
        clip_at: Training: largest norm, or largest size of an entry.
        show: Panels of the figure.
        t: The chosen step when the page opens; 0 lets the page choose.
    """

    source: str = _field("text", "source", _one_of("text", "numbers", "task"))
    text: str = _field(SENTENCE, "text", _text)
    numbers: str = _field(NUMBERS, "numbers", _text)
    task: str = _field("recall", "task", _one_of(*TASKS))
    gap: int = _field(-1, "gap", _whole(-1, MAX_STEPS))
    example: int = _field(1, "example", _whole(0, 999_999))
    encoding: str = _field("embedding", "encoding", _one_of("embedding", "onehot"))
    D: int = _field(8, "D", _whole(1, MAX_INPUTS))
    cell: str = _field("both", "cell", _one_of("rnn", "lstm", "both"))
    H: int = _field(8, "H", _whole(1, MAX_HIDDEN))
    activation: str = _field("tanh", "activation", _one_of(*ACTIVATIONS))
    scheme: str = _field("uniform", "init", _one_of(*SCHEMES))
    gain: float = _field(1.0, "gain", _real(0, MAX_GAIN))
    forget_bias: float = _field(1.0, "forget_bias", _real(-MAX_FORGET, MAX_FORGET))
    seed: int = _field(1, "seed", _whole(0, 999_999))
    readout: str = _field("last", "readout", _one_of(*READOUTS))
    loss: str = _field("bce", "loss", _one_of(*LOSSES))
    O: int = _field(3, "O", _whole(2, 32))  # noqa: E741 - field notation
    target: str = _field("1", "y", _text)
    edits: tuple[Edit, ...] = _field((), "w", _edits)
    steps: int = _field(0, "steps", _whole(0, MAX_TRAIN))
    optimiser: str = _field("adam", "optimiser", _one_of(*OPTIMISERS))
    lr: float = _field(0.01, "lr", _real(1e-6, 100))
    batch: int = _field(32, "batch", _whole(1, 256))
    clip: str = _field("norm", "clip", _one_of(*CLIPS))
    clip_at: float = _field(1.0, "clip_at", _real(1e-6, 1e6))
    show: tuple[str, ...] = _field(("norms", "W_h", "states", "jacobians", "unit"), "show", _panels)
    t: int = _field(0, "t", _whole(0, MAX_STEPS))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The models shown, RNN first."""
        return ("rnn", "lstm") if self.cell == "both" else (self.cell,)

    def to_query(self) -> dict[str, str]:
        """The query of a link: every field that differs from its default."""
        values = ((f.metadata["name"], getattr(self, f.name), f.default) for f in fields(self))
        return {name: _written(value) for name, value, default in values if value != default}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Settings, tuple[str, ...]]:
        """Read a link.

        Returns:
            The settings, with the default wherever the link made no sense, and a sentence for each such place.
        """
        values: dict[str, Any] = {}
        problems = []
        by_name = {f.metadata["name"]: f for f in fields(cls)}
        for name, text in query.items():
            if name not in by_name:
                problems.append(f"The link sets {name!r}, which is not a setting of this page; it is left out.")
                continue
            entry = by_name[name]
            try:
                values[entry.name] = entry.metadata["read"](text)
            except (ValueError, OverflowError, zlib.error):
                expected, shown = entry.metadata["read"].__doc__, text if len(text) < 40 else text[:40] + "…"
                default = _written(entry.default) or "none"
                problems.append(f"The link sets {name} to {shown!r}; expected {expected}. Used instead: {default}.")
        return cls(**values), tuple(problems)
