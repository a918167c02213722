"""Chart panels about one update and one nudge of the small network; both stand without a cursor."""

from __future__ import annotations

from core.written import number, short
from dashboard.figure import panels
from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich, math, prose
from dashboard.figure.rows import Floats, log10_or_none, log_axis, texts


def descent(alphas: Floats, losses: Floats, slope: float, chosen: float, after: float) -> Panel:
    """The loss along the gradient's line.

    Args:
        alphas: Learning rates, from 0 (n,).
        losses: Loss after one update with each (n,).
        slope: dL/dα at 0, which is -‖G‖².
        chosen: The chosen learning rate.
        after: Its loss.
    """
    start, last = float(losses[0]), float(alphas[-1])
    lo, hi = min(0.0, float(losses.min())), max(float(losses.max()), start) * 1.08 or 1.0
    reach = min(last, start / -slope) if slope < 0 else last
    rows: list[list[Rich]] = [
        [prose("before, $α$ = 0"), [number(start)]],
        [prose(f"after, $α$ = {short(chosen)}"), [number(after)]],
        [prose("promised by the slope"), [number(start + slope * chosen)]],
    ]
    return panels.chart(
        "bptt_descent",
        {
            "line": {"alpha": alphas.tolist(), "loss": losses.tolist()},
            "slope": {"alpha": [0.0, reach], "loss": [start, start + slope * reach]},
            "chosen": {"alpha": [chosen], "loss": [after]},
        },
        params={"last": last, "lo": lo, "hi": hi},
        symbols=[[math("L")]],
        label="loss after one update, against α",
        title=prose("Loss after one update, against $α$"),
        keys=[
            ({"role": "own"}, ["loss"]),
            ({"model": "RNN", "role": "grad"}, ["what the slope at 0 promises"]),
        ],
        profile=panels.table([panels.column("loss", "left"), panels.column()], rows),
        height=190,
        cursor=False,
        axis=22,
    )


def nudge(exponents: list[int], errors: Floats, at: int, rows: list[list[Rich]]) -> Panel:
    """The error of a measured slope against the size of the nudge.

    Args:
        exponents: log10 of the nudges.
        errors: Relative error of each.
        at: The chosen exponent.
        rows: What stands beside it: name and number.
    """
    return panels.chart(
        "bptt_nudge",
        {"series": {"exponent": exponents, "log10": log10_or_none(errors), "error": texts(errors)}},
        params={**log_axis(errors), "at": at, "first": exponents[0], "last": exponents[-1]},
        symbols=[],
        label="relative error, against the nudge ε",
        title=prose("Relative error, against the nudge $ε$"),
        profile=panels.table([panels.column("this nudge", "left"), panels.column()], rows),
        height=210,
        cursor=False,
        axis=22,
    )
