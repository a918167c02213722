"""One figure with one time cursor: charts, maps, vectors and tables over the steps of one sequence.

The component runs in the browser; moving the cursor needs no server. Step and unit are kept there by the figure's key,
over reruns, new data and theme switches.

    panel = heatmap(h, role="h", symbol=[math("h_t")], label="hidden state", model="RNN", domain=(-1, 1))
    figure(payload(tokens=["Krish", "likes"], H=8, panels=[panel]), key="inspector")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
import streamlit as st

from core.written import number, power, short
from dashboard.figure import asset, heights
from dashboard.figure.panels import Panel, column, heading, heatmap, table, values_at
from dashboard.figure.rich import Rich, Run, math, matrix, prose, token
from dashboard.figure.series import Series, contributions, norms
from dashboard.figure.unrolled import Stage, groups, said, unrolled
from dashboard.kit import theme
from dashboard.kit.parts import alone

__all__ = [
    "Panel",
    "Rich",
    "Run",
    "Series",
    "Stage",
    "column",
    "contributions",
    "figure",
    "heading",
    "heatmap",
    "math",
    "matrix",
    "norms",
    "number",
    "payload",
    "power",
    "prose",
    "said",
    "short",
    "table",
    "token",
    "unrolled",
    "values_at",
]

TIME_WIDTH = heights.WIDE - sum(heights.MEASURES["desktop"].values())
CHARACTER = 6.8
COLOURS = {
    "grad": "gradient",
    "own": "own_loss",
    "second": "second_ink",
    "neg": "negative",
    "pos": "positive",
    "zero": "hairline",
} | {role: role for role in ("i", "f", "o", "g", "c", "h", "page", "ink", "border", "hairline", "pending")}
"""Name of a colour in the figure to its name in the theme."""
OF_BEFORE = ("T", "H", "t", "units", "tokens", "turned", "backward", "view", "finding", "foot", "panels")
"""What may differ before a mend."""


def payload(
    *,
    tokens: Sequence[str],
    panels: Sequence[Panel],
    H: int,
    units: Sequence[int] | None = None,
    finding: Rich | None = None,
    foot: Sequence[Rich] = (),
    paragraphs: Sequence[Rich] = (),
    note: str = "the values in the framed column",
    t: int | None = None,
    unit: int = 1,
    address: bool | str = False,
    label: str = "Figure with one chosen step",
    named: bool = True,
    backward: bool = False,
    stages: Sequence[Stage] = (),
    plain: bool = False,
    beats: Sequence[dict[str, Any]] = (),
    onward: Mapping[str, str] | None = None,
    inspector: str = "",
    counted: bool = False,
    view: str = "",
    doctor: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """All a figure shows.

    Args:
        tokens: T labels of the steps, shown literally. None at all makes a figure without a cursor, as for training.
        panels: rows from top to bottom, from the builders of this package.
        H: units, the columns of the profile; 0 where nothing is shown per unit.
        units: which H of a network's units these are, from 0, where they are not all.
        finding: the sentence above the figure.
        foot: short remarks below it.
        paragraphs: what is said of it below, as large as the page's own text. The page need not set it anew then.
        note: words at the head of the profile column.
        t: first step chosen, 1 to T; the last one by default. The learner's own choice outlives new data.
        unit: first unit chosen, 1 to H.
        address: whether the page's address follows the chosen step, as its parameter ``t``, or as the one it names.
        label: what the figure is called for those who cannot see it; figures on one page differ in it.
        named: whether the tokens are words of a sequence, shown in a strip; if not, they only tell the step.
        backward: whether playing runs from the last step to the first.
        stages: for a figure whose cursor goes through the stages of an algorithm; then `tokens` are their names.
        plain: for panels that draw the time axis themselves, such as the cell.
        onward: for a lesson of beats, the path and title of the next lesson.
        inspector: likewise, the address of the Inspector with what is shown.
        counted: for a lesson of beats, whether it is to tell which were reached.
        view: which of several alike things is shown; panels that change to another one cross-fade.
        doctor: what is wrong with what is shown, and what mends it; see `dashboard.inspector.doctor`.
        before: the payload of what was shown before a mend, to be looked at beside this one.
        beats: for a lesson, the beats that drive its one drawing; see `dashboard.kit.beats`.

    Raises:
        ValueError: t or unit is out of range.
    """
    T = max(1, len(tokens))
    t = T if t is None else t
    if not 1 <= t <= T:
        raise ValueError(f"t={t}; expected a step from 1 to {T}")
    if not 1 <= unit <= max(H, 1):
        raise ValueError(f"unit={unit}; expected a unit from 1 to {H}")
    return {
        "T": T,
        "H": H,
        "t": t,
        "unit": unit,
        "units": None if units is None else list(units),
        "address": address,
        "tokens": list(tokens),
        "turned": named and _turned(tokens),
        "label": label,
        "named": named,
        "backward": backward,
        "cursor": len(tokens) > 0,
        "stages": groups(stages) or None,
        "plain": plain,
        "beats": list(beats) or None,
        "onward": onward,
        "inspector": inspector,
        "counted": counted,
        "view": view,
        "doctor": dict(doctor) if doctor else None,
        "before": {name: before[name] for name in OF_BEFORE} if before else None,
        "finding": finding or [],
        "foot": list(foot),
        "paragraphs": list(paragraphs),
        "note": note,
        "panels": list(panels),
        "palette": {
            mode: {role: theme.PALETTE[mode][name] for role, name in COLOURS.items()} for mode in ("light", "dark")
        },
    }


def _turned(tokens: Sequence[str]) -> bool:
    """Whether labels stand upright: the columns are narrow, a number or more than a fifth of the labels would be cut.

    Words can be told from their beginning; a number that is cut is another one.
    """
    room = TIME_WIDTH / max(1, len(tokens))
    if any(len(text) * CHARACTER > room - 3 and text.lstrip("-−")[:1].isdigit() for text in tokens):
        return True
    too_long = sum(len(text) * CHARACTER > 1.3 * room for text in tokens)
    return room < 30 or too_long > len(tokens) / 5


def figure(data: dict[str, Any], *, key: str, told: Mapping[str, Callable[[Any], None]] = MappingProxyType({})) -> None:
    """Mount a figure, with its height reserved.

    Args:
        data: from `payload`.
        key: identity of the figure; step and unit are kept under it.
        told: what is done with what the figure tells the server, by the name it tells it under.
    """
    place = f"figure_{key}"
    if not alone():  # then the figure is there already, and keeps its height itself
        _reserve(place, data)
    heard: dict[str, Any] = {f"on_{name}_change": _hearing(place, name, act) for name, act in told.items()}
    # As bytes: Streamlit writes anything else as JSON twice, once to tell whether it changed.
    asset.renderer()(key=place, data=orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY), **heard)


def _hearing(key: str, name: str, act: Callable[[Any], None]) -> Callable[[], None]:
    return lambda: act(getattr(st.session_state[key], name, None))


def _reserve(place: str, data: dict[str, Any]) -> None:
    """Keep the place of a figure whose script is still on its way."""
    # The layout follows the container; in the app's frame, with its sidebar, these windows make these containers.
    rules = f".st-key-{place} {{ min-height: {heights.desktop(data)}px; }}"
    for width, height in ((1235, heights.middle(data)), (735, heights.phone(data))):
        rules += f"@media (max-width: {width}px) {{ .st-key-{place} {{ min-height: {height}px; }} }}"
    st.html(f"<style>{rules}</style>")
