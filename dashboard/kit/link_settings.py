"""Settings that travel in a link: a frozen dataclass, to and from the query of an address.

Each field's metadata holds its name in the link and how to read it. Fields at their default stay out of the link, so a
link shows what somebody chose. Nothing here knows Streamlit.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlencode

from core.written import short

PACKED = "zlib:"
LONG_TEXT = 1_500


def entry(default: Any, name: str, read: Callable[[str], Any]) -> Any:
    """A field of a `Linked` class.

    Args:
        default: Its default.
        name: Its name in the link.
        read: Turns its text into a value or raises ValueError; its docstring completes "expected …".
    """
    return field(default=default, metadata={"name": name, "read": read})


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reader of a whole number within bounds."""

    def read(text: str) -> int:
        value = int(text) if len(text) < 20 else high + 1
        if not low <= value <= high:
            raise ValueError
        return value

    read.__doc__ = f"a whole number from {low} to {high}"
    return read


def real(low: float, high: float) -> Callable[[str], float]:
    """Reader of a number within bounds."""

    def read(text: str) -> float:
        value = float(text)
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError
        return value

    read.__doc__ = f"a number from {short(low)} to {short(high)}"
    return read


def one_of(*options: str) -> Callable[[str], str]:
    """Reader of a name among some."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError
        return text

    read.__doc__ = "one of " + ", ".join(options)
    return read


def up_to(longest: int) -> Callable[[str], str]:
    """Reader of a text, which may come compressed, of at most so many characters."""

    def read(text: str) -> str:
        if text.startswith(PACKED):
            unpacker = zlib.decompressobj()
            packed = base64.b64decode(text.removeprefix(PACKED), b"-_", validate=True)
            # At most four bytes make a character; the bound keeps a small link from unpacking into a large text.
            text = unpacker.decompress(packed, 4 * longest).decode()
            if not unpacker.eof:
                raise ValueError
        if len(text) > longest:
            raise ValueError
        return text

    read.__doc__ = f"at most {longest:,} characters"
    return read


@lru_cache(maxsize=16)
def _packed(text: str) -> str:
    """Long texts travel compressed, so that a link stays short enough for browsers and servers."""
    if len(text) <= LONG_TEXT and not text.startswith(PACKED):
        return text
    return PACKED + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def written(value: Any) -> str:
    """A value as a link has it."""
    if isinstance(value, tuple):
        return ("," if all(isinstance(part, str) for part in value) else ";").join(map(str, value))
    if isinstance(value, str):
        return _packed(value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def link_length(query: Mapping[str, str]) -> int:
    """Characters of a query in an address, where a letter of another script is nine."""
    return len(urlencode(query))


@dataclass(frozen=True)
class Linked:
    """Base of settings whose fields are made by `entry`."""

    def to_query(self, base: Self | None = None) -> dict[str, str]:
        """The query of a link: every field that differs from ``base``, by default from the class's own defaults."""
        base = type(self)() if base is None else base
        values = ((f.metadata["name"], getattr(self, f.name), getattr(base, f.name)) for f in fields(self))
        return {name: written(value) for name, value, default in values if value != default}

    def updated(self, query: Mapping[str, str]) -> tuple[Self, tuple[str, ...]]:
        """Read a link over these settings.

        Returns:
            The settings, as they were wherever the link made no sense, and a sentence for each such place.
        """
        values: dict[str, Any] = {}
        problems = []
        by_name = {f.metadata["name"]: f for f in fields(self)}
        for name, text in query.items():
            if name not in by_name:
                problems.append(f"The link sets {name!r}, which is not a setting of this page; it is left out.")
                continue
            entry = by_name[name]
            try:
                values[entry.name] = entry.metadata["read"](text)
            except (ValueError, OverflowError, zlib.error):
                expected, shown = entry.metadata["read"].__doc__, text if len(text) < 40 else text[:40] + "…"
                kept = written(getattr(self, entry.name)) or "none"
                problems.append(f"The link sets {name} to {shown!r}; expected {expected}. Used instead: {kept}.")
        return replace(self, **values), tuple(problems)
