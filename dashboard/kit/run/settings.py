"""What the Inspector is set to: one frozen dataclass, to and from the query of a link.

Nothing here knows Streamlit.
"""

from __future__ import annotations

from dataclasses import dataclass

from core import tasks
from core.activations import ACTIVATIONS
from core.layer import CELLS
from core.losses import LOSSES
from core.model import OVER_STEPS
from core.optim import OPTIMISERS
from core.params import SCHEMES
from core.table import FILLS, SCALES
from core.train import CLIPS
from core.zoo.recipes import RECIPES
from dashboard.kit.link_settings import Linked, entry, one_of, real, up_to, whole

MAX_STEPS = 1_000
MAX_DRAWN = 20_000  # steps × units that the figure draws: 1,000 × 64 would be 15.6 MB, this is 5 MB
MAX_STATES = 256_000  # steps × units, of all layers and directions, that are computed
MAX_INPUTS = 64
MAX_HIDDEN = 64
MAX_CLASSES = 32
MAX_WEIGHT = 1e6  # set by hand or uploaded
MAX_GAIN = 4.0
MAX_FORGET = 5.0
MAX_CHARS = 20_000
MAX_TRAIN = 5_000
MAX_LINK = (
    60_000  # of the query as it is in the address; the server answers 80,000 and not 130,000, Chromium opens 64,000
)
MAX_EVERY = 10_000
MAX_ROW = 1_000_000

READOUTS = ("last", "every", "step", "final")
PANELS = ("norms", "inputs", "W_h", "W_x", "b", "W_y", "states", "jacobians", "unit")

SENTENCE = "Krish likes to eat pizza and he also likes to go to movies"
NUMBERS = "0.5, -0.2\n0.1, 0.8\n-0.7, 0.3\n0.9, 0.4"


@dataclass(frozen=True)
class Edit:
    """One weight set by hand: ``array[index]`` of one model becomes ``value``."""

    kind: str
    array: str
    index: tuple[int, ...]
    value: float

    def __str__(self) -> str:
        """As a link has it."""
        return f"{self.kind}.{self.array}.{'.'.join(map(str, self.index))}={self.value!r}"


def _edits(text: str) -> tuple[Edit, ...]:
    """edits such as rnn.W_h.0.1=0.5, separated by semicolons"""  # noqa: D403, D415 - completes a sentence of `Linked`
    edits = []
    for part in filter(None, text.split(";")):
        place, value = part.split("=")
        kind, array, *index = place.split(".")
        if kind not in CELLS or array not in ("W_x", "W_h", "b", "W_y", "b_y"):
            raise ValueError
        edits.append(
            Edit(kind, array, tuple(map(whole(0, 4 * MAX_HIDDEN), index)), real(-MAX_WEIGHT, MAX_WEIGHT)(value))
        )
    return tuple(edits)


def _task(text: str) -> str:
    if text not in tasks.TASKS:
        raise ValueError
    return text


_task.__doc__ = "one of " + ", ".join(tasks.TASKS)


def _places(text: str) -> tuple[int, ...]:
    """column numbers from 0, separated by semicolons"""  # noqa: D403, D415 - completes a sentence of `Linked`
    return tuple(map(whole(0, MAX_ROW), filter(None, text.split(";"))))[:MAX_INPUTS]


def _sizes(text: str) -> tuple[int, ...]:
    """numbers of rows, from 1, separated by semicolons"""  # noqa: D403, D415 - completes a sentence of `Linked`
    return tuple(map(whole(1, MAX_STEPS), filter(None, text.split(";"))))[:256]


def _panels(text: str) -> tuple[str, ...]:
    """panel names separated by commas: norms, inputs, W_h, W_x, b, W_y, states, jacobians, unit"""  # noqa: D403, D415
    chosen = tuple(filter(None, text.split(",")))
    if not set(chosen) <= set(PANELS):
        raise ValueError
    return tuple(name for name in PANELS if name in chosen)


def _trained(text: str) -> tuple[str, ...]:
    """names of trained networks separated by commas"""  # noqa: D403, D415 - completes a sentence of `Linked`
    chosen = tuple(dict.fromkeys(filter(None, text.split(","))))
    if not set(chosen) <= set(RECIPES):
        raise ValueError
    return chosen


@dataclass(frozen=True)
class Settings(Linked):
    """Everything that decides what the Inspector shows.

    Attributes:
        source: Where the sequence comes from: "text", "numbers" or "task".
        text: The sentence.
        numbers: Rows of numbers, one row a step, one column an input: typed, pasted or from a file.
        read: How they are read where two ways fit: answers to `core.table.NumberTable.questions`, as a query.
        columns: Which of their columns go in; none takes all.
        from_row: The first row taken, from 1.
        to_row: The last row taken; 0 takes all.
        every: Takes every n-th row.
        fill: What stands where a value misses: one of `core.table.FILLS`, or "stop" to say so and compute nothing.
        scale: "none" or "standard".
        task: Name of a task in `core.tasks`.
        gap: The task's distance or length; -1 takes the task's own default.
        example: Which example of the task is shown; seeds the draw.
        encoding: How words become numbers: "embedding" or "onehot".
        D: Entries of a word vector.
        cell: "rnn", "lstm", "both" of these, or "gru".
        H: Hidden size.
        activation: φ of the RNN.
        scheme: How the recurrent layer is drawn.
        gain: Factor on W_h.
        forget_bias: Bias of the LSTM's forget gates.
        seed: Seeds weights and word vectors.
        readout: "last", "every", "step" or "final", the last states of all directions (text and numbers; a task has its
            own).
        at: The step that is read where the read-out says "step".
        group: "one", or "several" sequences that are run together: a sentence a line, or the rows of ``sizes``.
        sizes: Rows of each sequence of numbers; a single number divides them equally.
        member: Which of several sequences is shown, from 1.
        length: Steps of the sequence that are valid, the rest being padding; 0 for all.
        begin: Where the states begin: "zeros", "numbers", or the "last" ones of a run over the same sequence.
        h0: Numbers of the first hidden states.
        c0: Numbers of the first cell states.
        over: "sum" or "mean" of the losses of several steps.
        window: Steps of a truncation window; 0 for none.
        loss: "bce", "softmax" or "mse" (likewise).
        O: Outputs of the softmax.
        target: What the output should be: one number, or one for each scored step.
        edits: Weights set by hand.
        trained: Trained networks of the zoo, by name: one, or an RNN and an LSTM of one task. They decide cell, size,
            loss and words; their sequence is a text or an example of their task.
        steps: How many training steps the shown weights have seen.
        learn: What is learned: "sequence", "next" or "label" (`dashboard.kit.run.learning`); "own" is what comes first
            with each source.
        rows: Rows of a window; windows are shown one at a time, ``example`` of them counted from 1.
        answer: The column that is the windows' label, from 0 among those that go in; -1 for the last.
        optimiser: Training: "adam", "sgd" or "momentum".
        lr: Training: learning rate.
        batch: Training: sequences in each step.
        clip: Training: "none", "norm" or "value".
        clip_at: Training: largest norm, or largest size of an entry.
        show: Panels of the figure.
        t: The chosen step when the page opens; 0 lets the page choose.
    """

    source: str = entry("text", "source", one_of("text", "numbers", "task"))
    text: str = entry(SENTENCE, "text", up_to(MAX_CHARS))
    numbers: str = entry(NUMBERS, "numbers", up_to(MAX_CHARS))
    read: str = entry("", "read", up_to(2_000))
    columns: tuple[int, ...] = entry((), "cols", _places)
    from_row: int = entry(1, "from", whole(1, MAX_ROW))
    to_row: int = entry(0, "to", whole(0, MAX_ROW))
    every: int = entry(1, "every", whole(1, MAX_EVERY))
    fill: str = entry("stop", "fill", one_of("stop", *FILLS))
    scale: str = entry("none", "scale", one_of(*SCALES))
    task: str = entry("recall", "task", _task)
    gap: int = entry(-1, "gap", whole(-1, MAX_STEPS))
    example: int = entry(1, "example", whole(0, 999_999))
    encoding: str = entry("embedding", "encoding", one_of("embedding", "onehot"))
    D: int = entry(8, "D", whole(1, MAX_INPUTS))
    cell: str = entry("both", "cell", one_of("rnn", "lstm", "both", "gru"))
    H: int = entry(8, "H", whole(1, MAX_HIDDEN))
    activation: str = entry("tanh", "activation", one_of(*ACTIVATIONS))
    scheme: str = entry("uniform", "init", one_of(*SCHEMES))
    gain: float = entry(1.0, "gain", real(0, MAX_GAIN))
    forget_bias: float = entry(1.0, "forget_bias", real(-MAX_FORGET, MAX_FORGET))
    seed: int = entry(1, "seed", whole(0, 999_999))
    readout: str = entry("last", "readout", one_of(*READOUTS))
    at: int = entry(1, "at", whole(1, MAX_STEPS))
    group: str = entry("one", "group", one_of("one", "several"))
    sizes: tuple[int, ...] = entry((), "sizes", _sizes)
    member: int = entry(1, "member", whole(1, 256))
    length: int = entry(0, "length", whole(0, MAX_STEPS))
    begin: str = entry("zeros", "start", one_of("zeros", "numbers", "last"))
    h0: str = entry("0", "h0", up_to(MAX_CHARS))
    c0: str = entry("0", "c0", up_to(MAX_CHARS))
    over: str = entry("sum", "over", one_of(*OVER_STEPS))
    window: int = entry(0, "cut", whole(0, MAX_STEPS))
    loss: str = entry("bce", "loss", one_of(*LOSSES))
    O: int = entry(3, "O", whole(2, MAX_CLASSES))  # noqa: E741 - field notation
    target: str = entry("1", "y", up_to(MAX_CHARS))
    edits: tuple[Edit, ...] = entry((), "w", _edits)
    trained: tuple[str, ...] = entry((), "trained", _trained)
    steps: int = entry(0, "steps", whole(0, MAX_TRAIN))
    learn: str = entry("own", "learn", one_of("own", "sequence", "next", "label"))
    rows: int = entry(12, "rows", whole(1, MAX_STEPS))
    answer: int = entry(-1, "answer", whole(-1, MAX_INPUTS))
    optimiser: str = entry("adam", "optimiser", one_of(*OPTIMISERS))
    lr: float = entry(0.01, "lr", real(1e-6, 100))
    batch: int = entry(32, "batch", whole(1, 256))
    clip: str = entry("norm", "clip", one_of(*CLIPS))
    clip_at: float = entry(1.0, "clip_at", real(1e-6, 1e6))
    show: tuple[str, ...] = entry(("norms", "W_h", "states", "jacobians", "unit"), "show", _panels)
    t: int = entry(0, "t", whole(0, MAX_STEPS))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The models shown, RNN first."""
        if self.trained:
            return tuple(sorted({RECIPES[name].cell for name in self.trained}, key=CELLS.index))
        return ("rnn", "lstm") if self.cell == "both" else (self.cell,)
