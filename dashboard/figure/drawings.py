"""Drawings that the server lays out, and table cells that are drawn. A number always stands beside them as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich

Node = list[Any]
"""One SVG element: its tag, its attributes, and its text or children. Colours are classes of the figure's sheet."""


def node(tag: str, content: str | Sequence[Node] = "", **attributes: Any) -> Node:
    """An element; an underscore in an attribute's name stands for a hyphen, one at its end for nothing."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return [
        tag,
        {name: str(value) for name, value in named.items()},
        content if isinstance(content, str) else [*content],
    ]


def drawing(nodes: Sequence[Node], *, width: int, height: int, label: Rich) -> Panel:
    """A drawing, across the figure; it shrinks where there is less room.

    Args:
        nodes: from `node`.
        width: px.
        height: px.
        label: what it shows, for those who cannot see it.
    """
    return {"kind": "drawing", "nodes": list(nodes), "width": width, "height": height, "label": label}


def large(table: Panel) -> Panel:
    """A table that is the figure rather than a part of it, in larger type."""
    return table | {"large": True}


def bar(share: float, *, hollow: bool = False) -> Panel:
    """A table cell with a bar from 0 to a share of its width, 0 to 1; hollow for what was not measured."""
    return {"draw": "bar", "hollow": hollow, "from": 0.0, "to": min(max(share, 0.0), 1.0)}


def change(before: float, after: float) -> Panel:
    """A table cell with what a value was (hollow) and what it became (filled), as shares of its width, 0 to 1."""
    return {"draw": "change", "from": min(max(before, 0.0), 1.0), "to": min(max(after, 0.0), 1.0)}
