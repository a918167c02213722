"""The clipping lab, put into a table, a drawing in the plane of the two gradients, and a chart of where steps land."""

from __future__ import annotations

import math as m
from typing import Any

import numpy as np

from core.clipping import ClippedStep
from core.written import short
from dashboard import figure
from dashboard.figure import drawings, math, panels
from dashboard.figure.drawings import Node, node
from dashboard.figure.rich import Rich
from dashboard.figure.rows import decades
from dashboard.lessons.gradients import clipped, drawing
from dashboard.lessons.gradients.clipped import Counts
from dashboard.lessons.gradients.clipping import Case, Grid, at_other_limits
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.settings import FlowSettings

WAYS = {"none": "None", "value": "By value", "norm": "By norm"}
STEPS = {"none": "the unclipped step", "value": "the step clipped by value", "norm": "the step clipped by norm"}
WIDTH, LEFT, ROOM, TALL, ABOVE, BELOW = 300, 10, 236, 120, 40, 48
"""Of the drawing, in px: its width, where vectors start, how long and high one may be, and the room for words."""


def introduction(found: Case, settings: FlowSettings) -> str:
    """What is updated, as Markdown."""
    what = {
        "exploding": f"One update of the network **Orthogonal × 3** (tanh, {settings.T} steps, seed {settings.seed})",
        "cliff": "One update of a single tanh unit that stands at a **cliff** of its loss",
        "vanishing": (
            f"One update of the network **Uniform ±1/√H** (tanh, {settings.T} steps, seed {settings.seed}) with what "
            f"its first half, steps 1 to {settings.T // 2}, brings to the gradient"
        ),
    }[found.name]
    exceed = {0: "none of them exceeds", 1: "1 of them exceeds", found.entries: "all of them exceed"}
    large = exceed.get(found.large, f"{found.large} of them exceed")
    return (
        f"{what}, from a loss of {number(found.before)}. "
        f"The gradient has {found.entries} entries; {large} {short(settings.limit)}."
    )


def table(found: Case) -> dict[str, Any]:
    """The payload of the table: length, angle, and loss before and after, for each way."""
    low, high = _loss_range(found)
    columns = [
        panels.column("clipping", "left"), panels.column("length"), panels.column("angle"),
        panels.column("loss before ○, after ●", "left", wide=True), panels.column("next loss"),
        panels.column("", "left"),
    ]  # fmt: skip
    rows = []
    for step in found.steps:
        places = [_share(v, low, high) for v in (found.before, step.loss)]
        angle = "–" if np.isnan(step.degrees) else f"{step.degrees:.0f}°"
        told = [[number(step.loss)], [verdict(found.before, step.loss)]]
        rows.append([[WAYS[step.way]], [number(step.length)], [angle], drawings.change(*places), *told])
    return figure.payload(
        tokens=[], panels=[drawings.large(panels.table(columns, rows, place="full"))], H=0, label="Clipping"
    )


def whole(found: Case) -> dict[str, Any]:
    """The payload of all of the lab: the table, the plane, and at the cliff where each way lands."""
    parts = [table(found), plane(found), *([landing(found)] if found.name == "cliff" else [])]
    return figure.payload(
        tokens=[], panels=[panel for part in parts for panel in part["panels"]], H=0, label="Clipping"
    )


def verdict(before: float, after: float) -> str:
    """Whether a step helped, with a mark that needs no colour."""
    if not np.isfinite(after):
        return "✗ broken"
    if abs(after - before) <= 1e-6 * abs(before):
        return "= unchanged"
    return "✓ lower" if after < before else "✗ higher"


def _loss_range(found: Case) -> tuple[float, float]:
    logs = [m.log10(v) for v in (found.before, *(s.loss for s in found.steps)) if np.isfinite(v) and v > 0]
    if not logs:
        return -1.0, 0.0
    low, high = min(logs), max(logs)
    return (low, high) if high - low > 0.2 else ((low + high) / 2 - 0.1, (low + high) / 2 + 0.1)


def _share(value: float, low: float, high: float) -> float:
    if not np.isfinite(value):
        return 1.0
    return 0.06 + 0.88 * ((m.log10(value) if value > 0 else low) - low) / (high - low)


def plane(found: Case) -> dict[str, Any]:
    """The payload of the drawing: the gradient and what is left of it, to scale in the plane they span."""
    none, value, norm = found.steps
    words = ", ".join(f"{WAYS[s.way].lower()} {number(s.length)} at {_degrees(s)}" for s in found.steps)
    same = found.untouched or not none.length > 0
    nodes, height = _untouched(none) if same else _vectors(none, value, norm)
    drawing = drawings.drawing(
        nodes, width=WIDTH, height=height, label=[f"Lengths and angles of the gradients: {words}"]
    )
    return figure.payload(tokens=[], panels=[drawing], H=0, label="Plane of the gradients")


def _degrees(step: ClippedStep) -> str:
    return "no angle" if np.isnan(step.degrees) else f"{step.degrees:.0f}°"


def _untouched(none: ClippedStep) -> tuple[list[Node], int]:
    if not none.length > 0:
        return [node("text", "no gradient at all", class_="strong", x=LEFT, y=ABOVE)], ABOVE + BELOW
    return [
        *_arrow(LEFT, ABOVE, LEFT + ROOM, ABOVE, "grad"),
        node("text", "true gradient, by value, by norm", class_="name-grad", x=LEFT, y=ABOVE - 16),
        node("text", f"length {number(none.length)}, all three the same", class_="small", x=LEFT, y=ABOVE + 24),
    ], ABOVE + BELOW


def _vectors(none: ClippedStep, value: ClippedStep, norm: ClippedStep) -> tuple[list[Node], int]:
    """Everything but a gradient that is too long is to scale; that one is cut."""
    a_pixel = max(max(value.along, norm.length) / (0.7 * ROOM), value.across / TALL, 1e-300)
    cut = none.length / a_pixel > ROOM
    base = ABOVE + round(value.across / a_pixel)
    end = LEFT + (ROOM if cut else none.length / a_pixel)
    tip = LEFT + value.along / a_pixel, base - value.across / a_pixel
    nodes = [*_arrow(LEFT, base, end, base, "grad")]
    if cut:
        for x in (end - 46, end - 38):
            nodes.append(node("line", class_="cut", x1=x - 3, y1=base + 8, x2=x + 5, y2=base - 8))
            nodes.append(node("line", class_="thin", x1=x - 5, y1=base + 8, x2=x + 3, y2=base - 8))
    nodes += _arrow(LEFT, base, *tip, "value")
    at_norm = LEFT + max(3.0, norm.length / a_pixel)
    nodes.append(node("line", class_="norm", x1=LEFT, y1=base, x2=f"{at_norm:.1f}", y2=base))
    if value.degrees > 12:
        nodes += _angle(value.degrees, base)
    # Beside its tip where there is room, above it where there is not.
    x, anchor = (tip[0] + 10, "start") if tip[0] < 190 else (tip[0] - 8, "end")
    nodes += _label(x, min(tip[1] + 4, base - 30), "by value", f"length {number(value.length)}", anchor, "strong")
    nodes += _label(LEFT, base + 24, "by norm", f"length {number(norm.length)}", "start", "strong")
    shown = f"length {number(none.length)}{', cut here' if cut else ''}"
    nodes += _label(WIDTH - 2, base + 24, "true gradient", shown, "end", "name-grad")
    return nodes, base + BELOW


def _label(x: float, y: float, name: str, below: str, anchor: str, class_: str) -> list[Node]:
    return [
        node("text", name, class_=class_, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor),
        node("text", below, class_="small", x=f"{x:.1f}", y=f"{y + 17:.1f}", text_anchor=anchor),
    ]


def _arrow(x1: float, y1: float, x2: float, y2: float, role: str) -> list[Node]:
    along = m.degrees(m.atan2(y2 - y1, x2 - x1))
    return [
        node("line", class_=role, x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}"),
        node(
            "path",
            class_=f"tip-{role}",
            d="M3 0L-8 4.5V-4.5Z",
            transform=f"translate({x2:.1f} {y2:.1f}) rotate({along:.1f})",
        ),
    ]


def _angle(degrees: float, base: float) -> list[Node]:
    r, turned = 42, m.radians(degrees)
    x, y = LEFT + r * m.cos(turned), base - r * m.sin(turned)
    at = LEFT + (r + 16) * m.cos(turned / 2), base - (r + 16) * m.sin(turned / 2)
    return [
        node("path", class_="thin", d=f"M{LEFT + r} {base}A{r} {r} 0 0 0 {x:.1f} {y:.1f}"),
        node("text", f"{degrees:.0f}°", x=f"{at[0]:.1f}", y=f"{at[1] + 4:.1f}", text_anchor="middle"),
    ]


def landing(found: Case) -> dict[str, Any]:
    """The payload of the chart: loss over the length of the step, and where each way lands."""
    logs = {way: _logs(losses) for way, losses in found.losses.items()}
    lengths = np.log10(found.lengths)
    drawn = [v for values in logs.values() for v in values if v is not None]
    points = [step for step in found.steps if step.step > 0 and np.isfinite(step.loss) and step.loss > 0]
    drawn += [m.log10(step.loss) for step in points]
    start = m.log10(found.before) if found.before > 0 else -16.0
    axis = decades(np.array([*drawn, start]))
    first, last = float(lengths[0]), float(lengths[-1])
    middle = (first + last) / 2
    places = [m.log10(step.step) for step in points]
    data: dict[str, dict[str, list[Any]]] = {
        "curves": {
            "length": [float(v) for _ in logs for v in lengths],
            "log10": [v for values in logs.values() for v in values],
            "way": [way for way in logs for _ in lengths],
        },
        "points": {
            "length": places,
            "log10": [m.log10(step.loss) for step in points],
            "way": [step.way for step in points],
            "label": _labels(points),
            "align": ["left" if place < middle else "right" for place in places],
            "text": [f"step {number(step.step)}, loss {number(step.loss)}" for step in points],
        },
        "start": {"log10": [start]},
    }
    keys: list[Any] = [
        ({"role": "second", "shape": "line"}, ["against the gradient: none, by norm"]),
        ({"role": "second", "shape": "line", "dash": "dashed"}, ["against the gradient clipped by value"]),
        ({"role": "ink", "shape": "line", "dash": "dotted"}, ["loss before the step"]),
    ]
    chart = panels.chart(
        "gradients_landing", data,
        params={**axis, "from": first, "until": last, "lengths": _whole(first, last)}, symbols=[[math("L")]],
        label="over the length of the step", title=["Loss over the length of the step"], keys=keys, height=232,
        cursor=False, axis=22,
    )  # fmt: skip
    return figure.payload(tokens=[], panels=[chart], H=0, label="Landings", finding=finding(found))


def _labels(points: list[ClippedStep]) -> list[str]:
    """Names of the points; those that lie on one another share the first one's."""
    labels = []
    for k, step in enumerate(points):
        same = [other for other in points if other.step == step.step and other.loss == step.loss]
        first = same[0] is points[k]
        labels.append(", ".join(WAYS[s.way].lower() for s in same) if first else "")
    return labels


def _logs(losses: np.ndarray) -> list[float | None]:
    return [m.log10(v) if np.isfinite(v) and v > 0 else None for v in losses]


def _whole(first: float, last: float) -> list[int]:
    stride = max(1, round((last - first) / 7))
    return [k for k in range(m.ceil(first), m.floor(last) + 1) if k % stride == 0]


def take_away(found: Case) -> str:
    """What this case shows, from its numbers, and what holds beyond it, as Markdown."""
    none, value, norm = found.steps
    if found.untouched:
        by = abs(none.loss - found.before)
        moved = f"moves by {number(by)}" if by else "does not move at all"
        return (
            f"Clipping changes nothing here: the gradient is {number(none.length)} long, under both limits, and the "
            f"loss {moved}. Clipping caps a gradient; it cannot make one longer."
        )
    lower = [step for step in found.steps if step.loss < found.before]
    helped = " and ".join(STEPS[step.way] for step in lower) or "none of the three"
    whole = "all three steps" if len(lower) == len(found.steps) else helped
    lowest = ""
    if len(lower) > 1:
        best = min(lower, key=lambda step: step.loss)
        lowest = f", {STEPS[best.way]} furthest, to {number(best.loss)}"
    turned = f"here it turned the step {value.degrees:.0f}° away" if value.across else "here it cut nothing"
    kept = "" if norm.length < none.length else " (here it changed nothing)"
    return (
        f"In this one network, with these two limits and this learning rate, {whole} lowered the loss of "
        f"{number(found.before)}{lowest}. What holds in general is the direction: clipping by norm keeps it{kept}, "
        f"clipping by value need not; {turned}."
    )


def beyond(found: Case) -> str:
    """Whether what this case shows holds for other networks, limits and learning rates, as Markdown."""
    if found.name == "exploding":
        return luck(clipped.stored())
    return _grid(at_other_limits()) if found.name == "cliff" else ""


def luck(counts: Counts) -> str:
    """Where a step of these networks lowers the loss about as often as not, and where it does in all."""
    n = counts.networks
    both = list(zip(counts.lengths, counts.norm, counts.value, strict=True))
    chance = [each for each in both if all(n / 4 <= c <= 3 * n / 4 for c in each[1:])]
    sure = [length for length, *lowered in both if min(lowered) == n]
    said = (
        f"Is that the rule? Clipped by norm, a step is as long as learning rate × limit. In {n} networks drawn like "
        f"this one (seeds 1 to {n}, {counts.T} steps, {counts.H} units) "
    )
    if chance:
        fewest, most = (pick(c for each in chance for c in each[1:]) for pick in (min, max))
        said += (
            f"a step of length {short(chance[0][0])} to {short(chance[-1][0])} lowered the loss of {fewest} to {most}, "
            f"along the gradient as well as along the one clipped by value to ±{short(counts.limit)}: so large a step "
            "helps or harms by luck, and one network decides nothing between the two. "
        )
    end = (
        f"Only up to {short(max(sure))} did both lower it in all {n}." if sure else f"No length lowered it in all {n}."
    )
    return said + end


def _grid(found: Grid) -> str:
    """How often each way lands lower at the cliff, over limits and learning rates."""
    rates, limits = (", ".join(short(v) for v in values) for values in (found.rates, found.limits))
    return (
        f"Is that the rule? From the same place, at the learning rates {rates} and with the limits {limits}, each "
        f"taken for both, the step clipped by value lands lower in {found.value} of {found.cases} cases and the one "
        f"clipped by norm in {found.norm}. Which is better hangs on the numbers, not on the way."
    )


def counts_table() -> str:
    """What `beyond` rests on for the exploding networks, as a Markdown table."""
    counts = clipped.stored()
    head = ["length of the step", "along the gradient, as by norm", f"clipped by value to ±{short(counts.limit)}"]
    rows = [
        [short(length), *(f"{c} of {counts.networks}" for c in lowered)]
        for length, *lowered in zip(counts.lengths, counts.norm, counts.value, strict=True)
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["--:"] * len(head), *rows))


def reach_table() -> str:
    """What a limit of 1 does to four gradients, as a Markdown table."""
    head = ["gradient", "length", "with a limit of 1"]
    rows = [
        [name, number(length), "shortened to 1" if length > 1 else "left as it is"] for name, length in drawing.reach()
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["--", "--:", "--"], *rows))


def finding(found: Case) -> Rich:
    """The sentence above the chart of landings."""
    none, _, norm = found.steps
    return [f"The whole step ends at a loss of {number(none.loss)}, clipped by norm at {number(norm.loss)}."]
