"""What the lessons on the small network say alike: its read-out and its loss with their numbers."""

from __future__ import annotations

import numpy as np

from core.model import Trace
from core.params import Array
from core.rnn import RNNParams, RNNTrace
from dashboard.figure import Rich, Run, matrix, number, prose, short
from dashboard.kit.network.compute import Small

OUTPUT = {"bce": "σ", "softmax": "softmax", "mse": "identity"}


def targets(small: Small) -> list[str]:
    """The target of each scored step, in words."""
    return [short(float(v)) for v in np.ravel(small.sequence.y)]


def row(values: Array, role: str | None = None) -> Run:
    """A row vector with its numbers."""
    return matrix([[number(float(v)) for v in values]], role)


def typed(values: Array) -> Run:
    """An array of numbers as they were typed."""
    return matrix([[short(float(v)) for v in line] for line in np.atleast_2d(values)])


def parts(small: Small) -> tuple[RNNParams, RNNTrace]:
    """The layer and its trace, which here are always an RNN's."""
    cell, trace = small.model.cell, small.trace.cell
    assert isinstance(cell, RNNParams)
    assert isinstance(trace, RNNTrace)
    return cell, trace


def scored_steps(trace: Trace) -> list[tuple[int, int]]:
    """Position among the outputs and step of each scored step."""
    T, S = len(trace.cell.x), len(trace.logits)
    return [(k, T - S + 1 + k) for k in range(S)]


def output(small: Small) -> list[Rich]:
    """The read-out with its numbers."""
    model, trace = small.model, small.trace
    sigma = OUTPUT[model.loss]
    every = len(trace.logits) > 1
    last = "t" if every else str(small.T)
    lines = [prose(f"$\\hat{{y}}{'_t' if every else ''}$ = {sigma}( $h_{last}$ $W_y$ + $b_y$ )")]
    for k, t in scored_steps(trace):
        z, y_hat, h = row(trace.logits[k, 0]), row(trace.y_hat[k, 0]), row(trace.cell.h[t, 0], "h")
        sum_of = (h, typed(model.W_y), " + ", typed(model.b_y))
        if every:
            lines.append(prose(f"$\\hat{{y}}_{t}$ = {sigma}( ", *sum_of, f" ) = {sigma}( ", z, " ) = ", y_hat))
        else:
            lines += [prose("$z$ = ", *sum_of, " = ", z), prose(f"$\\hat{{y}}$ = {sigma}( ", z, " ) = ", y_hat)]
    return lines


def loss(small: Small) -> list[Rich]:
    """The loss with its numbers."""
    trace, kind = small.trace, small.model.loss
    assert trace.losses is not None
    losses = [number(float(v)) for v in trace.losses[:, 0]]
    every = len(losses) > 1
    at = "_t" if every else ""
    symbols = {
        "bce": f"−( y{at} log \\hat{{y}}{at} + (1 − y{at}) log(1 − \\hat{{y}}{at}) )",
        "softmax": f"−log \\hat{{y}}{at}[y{at}]",
        "mse": f"(\\hat{{y}}{at} − y{at})^2",
    }
    lines = [prose(f"$L{at}$ = ${symbols[kind]}$")]
    for (k, t), y in zip(scored_steps(trace), targets(small), strict=True):
        p = number(float(trace.y_hat[k, 0, int(y) if kind == "softmax" else 0]))
        numbers = {
            "bce": f"−( {y} · log {p} + (1 − {y}) · log(1 − {p}) )",
            "softmax": f"−log {p}",
            "mse": f"({p} − {y})²",
        }
        lines.append(prose(f"$L{f'_{t}' if every else ''}$ = {numbers[kind]} = **{losses[k]}**"))
    if every:
        lines.append(prose(f"$L$ = {' + '.join(losses)} = **{total(small)}**"))
    return lines


def total(small: Small) -> str:
    """The whole loss, in words."""
    assert small.trace.loss is not None
    return number(small.trace.loss)
