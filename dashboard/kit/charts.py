"""Altair templates, one chart a file in a room's folder `charts/`, turned into a spec once; a rerun attaches data only.

Each module exposes ``chart()``. Its data sources are named and empty, colours are role names such as ``"@h"``
that the figure component replaces by the palette of the current theme, and what changes with the data
(``T``, domains, ticks) is a named parameter. The parameter ``t``, where a chart has one, is the chosen step; it never
enters a scale, so moving it does not encode the marks again.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from dashboard.kit.rooms import DASHBOARD

PACKAGE = "dashboard"
_building = threading.Lock()  # a class that arrives at once has each built once, not once a visitor
SHARED = "figure"  # the room whose charts are called without it


@cache
def _modules() -> Mapping[str, str]:
    """Name of each template to its module.

    `lessons/gates/charts/lines.py` is "gates_lines"; those of the figure are called without it: "norms".
    """
    found = {}
    for place in ("lessons/*", "*"):
        for path in sorted(DASHBOARD.glob(f"{place}/charts/*.py")):
            if not path.stem.startswith("_"):
                room = path.parents[1].name
                name = path.stem if room == SHARED else f"{room}_{path.stem}"
                found[name] = ".".join((PACKAGE, *path.relative_to(DASHBOARD).with_suffix("").parts))
    return MappingProxyType(found)


def names() -> tuple[str, ...]:
    """Names of the templates."""
    return tuple(sorted(_modules()))


@cache
def _spec(name: str) -> Mapping[str, Any]:
    if name not in _modules():
        raise ValueError(f"name={name!r} is not a chart; expected one of {', '.join(names())}")
    chart = importlib.import_module(_modules()[name]).chart()
    found: Mapping[str, Any] = chart.to_dict()
    return found


def spec(name: str) -> Mapping[str, Any]:
    """The Vega-Lite spec of a template, built and validated on first use: one for all figures, not to be changed.

    Args:
        name: one of `names()`.

    Raises:
        ValueError: there is no such template.
    """
    with _building:
        return _spec(name)
