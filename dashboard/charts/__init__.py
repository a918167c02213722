"""Altair templates, one chart a file, turned into a spec once; a rerun attaches data only.

Each module exposes ``chart()``. Its data sources are named and empty, colours are role names such as ``"@h"``
that the figure component replaces by the palette of the current theme, and what changes with the data
(``T``, domains, ticks) is a named parameter. The parameter ``t``, where a chart has one, is the chosen step; it never
enters a scale, so moving it does not encode the marks again.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import threading
from functools import cache
from typing import Any

_building = threading.Lock()  # a class that arrives at once has each built once, not once a visitor


@cache
def names() -> tuple[str, ...]:
    """Names of the templates: the public modules of this package."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


@cache
def _spec(name: str) -> str:
    if name not in names():
        raise ValueError(f"name={name!r} is not a chart; expected one of {', '.join(names())}")
    chart = importlib.import_module(f"{__name__}.{name}").chart()
    return json.dumps(chart.to_dict())


def spec(name: str) -> dict[str, Any]:
    """The Vega-Lite spec of a template, built and validated on first use.

    Args:
        name: module name of the template, one of `names()`.

    Raises:
        ValueError: there is no such template.
    """
    with _building:
        text = _spec(name)
    loaded: dict[str, Any] = json.loads(text)
    return loaded
