"""The Inspector's figure in a notebook: Jupyter, marimo and others that show anywidget's widgets (extra `notebook`).

    from dashboard.notebook import show, trace_of

    show(trace_of(lstm, x))                          # an nn.RNN or nn.LSTM, or a module that holds one, and its input
    save_html(trace_of(lstm, x), "lstm.html")        # one file that needs nothing else

It needs no server, and never imports PyTorch: a module is asked for its weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core import model as models
from core.errors import InputError
from core.model import Model, Trace
from core.params import Array

if TYPE_CHECKING:
    from anywidget import AnyWidget

    from dashboard.kit.run.compute import Inspection

__all__ = ["Traced", "save_html", "show", "trace_of", "traced"]

PANELS = ("norms", "W_h", "states", "jacobians", "unit")
INSTALL = "Showing the figure in a notebook needs anywidget. Install it: pip install anywidget"


@dataclass(frozen=True, eq=False, kw_only=True)
class Traced(Trace):
    """A run of one model on one sequence, with what made it: all that the figure is drawn from.

    Attributes:
        model: Weights and wiring.
        x: Input (T, 1, D).
        y: Target in the form `core.model.run` takes.
        tokens: A label for each step.
        columns: What to call the D inputs.
        remarks: What was decided for want of something, a sentence each; they stand below the figure.
    """

    model: Model
    x: Array
    y: Any
    tokens: tuple[str, ...]
    columns: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def trace_of(
    module: Any,
    x: Any,
    y: Any = None,
    *,
    readout: Any = None,
    read: str = "last",
    loss: str | None = None,
    tokens: Sequence[object] | None = None,
    sequence: int = 0,
    layer: int | None = None,
    backward: bool = False,
    batch_first: bool | None = None,
) -> Traced:
    """Run a PyTorch module's weights on a sequence, and keep every gate and state; nothing of the module is run.

    Args:
        module: An ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``, a module that holds one with its ``nn.Linear``, or a state
            dict of either.
        x: (T, D), or a batch of them as the module takes it. Whole numbers (T,) are rows of its ``nn.Embedding``.
        y: Target of the sequence shown, at the scored steps: numbers, or classes. None: the loss is the mean square
            of what is read.
        readout: The ``nn.Linear`` that reads the states, where the module does not hold it. Without one they are read
            as they are.
        read: "last", or "every" step.
        loss: "bce", "softmax" or "mse", each from the read-out's output; None takes the one that fits y.
        tokens: A label for each step, such as its word.
        sequence: Which sequence of a batch.
        layer: Which layer, from 0; None takes the uppermost, which the read-out reads.
        backward: The direction that reads from the end.
        batch_first: Whether a batch is (B, T, D); None asks the module.

    Raises:
        InputError: No recurrent layer, or sizes that do not go together; the message names the mend.
    """
    from dashboard.kit.run import modules

    found = modules.taken(
        module, x, y, readout=readout, read=read, loss=loss, sequence=sequence, layer=layer, backward=backward,
        batch_first=batch_first,
    )  # fmt: skip
    labels = modules.labels(tokens, found.given)
    return _traced(found.model, found.x, found.y, labels[::-1] if backward else labels, found.columns, found.remarks)


def traced(model: Model, x: Any, y: Any = None, *, tokens: Sequence[object] | None = None) -> Traced:
    """Run a model of `core` on one sequence, to be shown.

    Args:
        model: From `core.model.init`, training or `core.zoo`.
        x: (T, D) or (T, 1, D).
        y: Target in the form `core.model.run` takes; None compares with zeros by the mean square.
        tokens: A label for each step.

    Raises:
        InputError: x or y does not fit the model; the message names the mend.
    """
    from dashboard.kit.run import modules

    given = modules.array(x, "x")
    given = given[:, None] if given.ndim == 2 else given
    D, _, O = model.sizes  # noqa: E741 - field notation
    if given.ndim != 3 or given.shape[1:] != (1, D) or not len(given):
        raise InputError(f"x has the shape {given.shape}; expected (T, {D}) or (T, 1, {D}), one sequence.")
    remarks: tuple[str, ...] = ()
    if y is None:
        model, remarks = replace(model, loss="mse"), (modules.NO_TARGET,)
        y = np.zeros((len(given), 1, O) if model.readout == "every" else (1, O))
    columns = tuple(f"x{k + 1}" for k in range(D))
    return _traced(model, given.astype(float), y, modules.labels(tokens, given), columns, remarks)


def show(*traces: Traced, panels: Sequence[str] = PANELS, t: int = 0) -> AnyWidget:
    """The figure as a widget, to be the last expression of a cell.

    Args:
        *traces: From `trace_of` or `traced`: one, or an RNN and an LSTM on the same sequence.
        panels: Which of norms, inputs, W_h, W_x, b, W_y, states, jacobians and unit.
        t: The step chosen at first, from 1; 0 takes the middle one.

    Raises:
        InputError: Traces that cannot stand side by side, an unknown panel, or numbers that grew past what a float
            holds.
        ImportError: anywidget is not installed.
    """
    return _widget()(figure=_payload(traces, panels, t))


def save_html(
    trace: Traced | Sequence[Traced],
    path: str | Path,
    *,
    title: str = "A recurrent network, step by step",
    panels: Sequence[str] = PANELS,
    t: int = 0,
) -> Path:
    """Write the figure as one file: it opens from a disk, loads nothing from elsewhere, and works without a network.

    Args:
        trace: As for `show`; two in a list stand side by side.
        path: Where to; a file there is replaced.
        title: The page's heading, shown literally.
        panels: As for `show`.
        t: As for `show`.

    Returns:
        The path.

    Raises:
        InputError: As for `show`.
    """
    from dashboard.figure import outside

    traces = (trace,) if isinstance(trace, Trace) else tuple(trace)
    target = Path(path)
    target.write_text(outside.page(_payload(traces, panels, t), title=title), encoding="utf-8")
    return target


@cache
def _widget() -> Callable[..., AnyWidget]:
    """The widget's class, made when it is first asked for: anywidget is an extra."""
    try:
        import anywidget
        import traitlets
    except ImportError as problem:
        raise ImportError(INSTALL) from problem
    from dashboard.figure import outside

    class Figure(anywidget.AnyWidget):
        """One figure; its data travel once, and the step is moved in the browser."""

        _esm = outside.widget_module()
        figure = traitlets.Dict().tag(sync=True)

    return Figure


def _traced(
    model: Model, x: Array, y: Any, tokens: tuple[str, ...], columns: tuple[str, ...], remarks: tuple[str, ...]
) -> Traced:
    try:
        ran = models.run(model, x, y)
    except ValueError as problem:  # of a target, which is checked here alone
        raise InputError(str(problem)) from problem
    return Traced(
        **{part.name: getattr(ran, part.name) for part in fields(Trace)},
        model=model, x=x, y=y, tokens=tokens, columns=columns, remarks=remarks,
    )  # fmt: skip


def _payload(traces: Sequence[Traced], panels: Sequence[str], t: int) -> dict[str, Any]:
    from dashboard.inspector import view

    inspection = _inspection(traces, panels)
    T = inspection.sequence.T
    if not 0 <= t <= T:
        raise InputError(f"t is {t}; the sequence has {T} steps. Choose 1 to {T}, or 0 for the middle one.")
    # The step stays in the figure: the address is the notebook's, or that of a file.
    data = view.inspector(inspection, t=t) | {"address": False}
    remarks = dict.fromkeys(remark for trace in traces for remark in trace.remarks)
    return data | {"foot": [*data["foot"], *([remark] for remark in remarks)]}


def _inspection(traces: Sequence[Traced], panels: Sequence[str]) -> Inspection:
    """What the Inspector would hold of these traces."""
    from dashboard.kit.run import compute
    from dashboard.kit.run.settings import PANELS as KNOWN
    from dashboard.kit.run.settings import Settings

    by_kind = _side_by_side(traces)
    if unknown := [name for name in panels if name not in KNOWN]:
        raise InputError(f"There is no panel {unknown[0]!r}. Choose among {', '.join(KNOWN)}.")
    runs: list[compute.Run] = []
    read: list[compute.Sequence] = []
    for kind, trace in by_kind.items():
        given = trace.model
        settings = Settings(
            source="numbers", cell=kind, H=given.cell.H, loss=given.loss, readout=given.readout,
            show=tuple(name for name in KNOWN if name in panels),
        )  # fmt: skip
        sequence = compute.Sequence(
            trace.tokens, trace.x, trace.columns, trace.y, given.sizes[2], given.loss, given.readout, as_read="as given"
        )
        read.append(sequence)
        runs += compute.inspect(settings, sequence, {kind: given}).runs
    return compute.Inspection(settings, read[0], tuple(runs))


def _side_by_side(traces: Sequence[Traced]) -> dict[str, Traced]:
    """The traces by kind, RNN first.

    Raises:
        InputError: They are none, or cannot stand beside each other.
    """
    from dashboard.kit.run.compute import NAMES

    if not traces:
        raise InputError("There is nothing to show. Give a trace: show(trace_of(module, x)).")
    for trace in traces:
        if not isinstance(trace, Traced):
            raise InputError(
                f"{type(trace).__name__} does not say of which weights it is. Make it with trace_of(module, x), or "
                "with traced(model, x) of a model of core."
            )
    first, by_kind = traces[0], {trace.model.kind: trace for trace in traces}
    if len(by_kind) != len(traces):
        raise InputError("Two of the same kind cannot stand side by side. Show an RNN and an LSTM, or one alone.")
    if any(each.x.shape != first.x.shape or not np.array_equal(each.x, first.x) for each in traces[1:]):
        raise InputError("The traces are of different sequences. Give both the same x.")
    if len({(each.model.loss, each.model.readout) for each in traces}) > 1:
        raise InputError("The traces differ in their loss, or in the steps that are read. Give both the same.")
    return {kind: by_kind[kind] for kind in NAMES if kind in by_kind}
