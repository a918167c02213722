"""What a learner brings as numbers: understood, mended, and made short enough for a link."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from core.errors import InputError
from core.table import Mended, Mends, NumberTable, glance, mend, read_text, values_written
from dashboard.kit.link_settings import link_length
from dashboard.kit.run.settings import MAX_CHARS, MAX_INPUTS, MAX_LINK, MAX_ROW, MAX_STEPS, Settings

UNMENDED: Mapping[str, Any] = MappingProxyType(
    {"read": "", "columns": (), "from_row": 1, "to_row": 0, "every": 1, "fill": "stop", "scale": "none"}
)
"""Settings of numbers that are taken as they stand."""

_AS_IT_STANDS = tuple((name, value) for name, value in UNMENDED.items() if name not in ("fill", "scale"))

ALONE: Mapping[str, Any] = MappingProxyType({"group": "one", "sizes": (), "member": 1})
"""Settings of a single sequence."""

UNSEEN: Mapping[str, Any] = MappingProxyType({"text": Settings.text, "numbers": Settings.numbers})
"""Sequences that stand beside the one that is shown, by their source; their field comes back to this."""

LARGE = 5.0
"""Numbers beyond this saturate gates of usual weights, so they come in standardised."""


MAX_LEARNED = 10_000
"""Rows that windows are cut from."""


def table(settings: Settings) -> NumberTable:
    """What is understood of the numbers, before anything is mended.

    Raises:
        InputError: There is no table.
    """
    return _table(settings.numbers, settings.read)


@lru_cache(maxsize=8)
def _table(typed: str, read: str) -> NumberTable:
    return read_text(typed, chosen=dict(parse_qsl(read, keep_blank_values=True)))


def chosen(settings: Settings, key: str, value: str) -> str:
    """The answers to what could be read in two ways, with one more."""
    return urlencode(dict(parse_qsl(settings.read, keep_blank_values=True)) | {key: value})


def numbers(settings: Settings) -> Mended:
    """The numbers that the network reads.

    Raises:
        InputError: Every kind of place that cannot be read, unless what misses is to be filled.
    """
    return _mended(settings, settings.scale, MAX_STEPS)


def rows(settings: Settings) -> Mended:
    """The rows that windows are cut from, before they are scaled, which is the windows' own affair.

    Raises:
        InputError: As `numbers`.
    """
    return _mended(settings, "none", MAX_LEARNED)


def _mended(settings: Settings, scale: str, most: int) -> Mended:
    plain = scale == "none" and settings.group != "several" and all(getattr(settings, k) == v for k, v in _AS_IT_STANDS)
    if plain and (seen := _glance(settings.numbers)) is not None:
        return seen
    found = table(settings)
    if settings.fill == "stop" and found.problems:
        raise InputError(found.problems)
    fill = "linear" if settings.fill == "stop" else settings.fill
    if settings.group == "several":  # all rows, whose sequences `batch.divided` tells apart
        return _read(settings.numbers, settings.read, Mends(settings.columns, 1, 0, 1, fill, scale), MAX_ROW)
    mends = Mends(settings.columns, settings.from_row, settings.to_row, settings.every, fill, scale)
    return _read(settings.numbers, settings.read, mends, most)


@lru_cache(maxsize=8)
def _glance(typed: str) -> Mended | None:
    found = glance(typed)
    if found is not None:
        found.values.flags.writeable = False  # see `_read`
    return found


@lru_cache(maxsize=8)
def _read(typed: str, read: str, mends: Mends, most: int) -> Mended:
    """The same to all who ask: what one of them changed, the others would read."""
    found = mend(_table(typed, read), mends, max_steps=most, max_inputs=MAX_INPUTS)
    found.values.flags.writeable = False
    return found


def sendable(settings: Settings) -> tuple[Settings, bool]:
    """The settings as a link can carry them, and whether it carries the sequence.

    What is not shown, such as numbers beside a sentence, is left out where it would make the link too long. Of a table
    that is too long for a link only what the network reads is sent; where that is too long as well, none.
    """
    if len(settings.numbers) <= MAX_CHARS and _length(settings) <= MAX_LINK:
        return settings, True
    settings = replace(settings, **{name: value for name, value in UNSEEN.items() if name != settings.source})
    without = replace(settings, numbers=Settings().numbers, **ALONE, **UNMENDED)
    if settings.source != "numbers":
        return without, _length(without) <= MAX_LINK
    if len(settings.numbers) <= MAX_CHARS and _length(settings) <= MAX_LINK:
        return settings, True
    with suppress(InputError):
        if settings.group == "several":
            return without, False
        read = rows(settings) if settings.learn in ("next", "label") else numbers(settings)
        if read.raw.size <= MAX_CHARS:
            text = values_written(read.names, read.raw)
            short = replace(without, numbers=text, scale=settings.scale)
            if len(text) <= MAX_CHARS and _length(short) <= MAX_LINK:
                return short, True
    return without, False


def _length(settings: Settings) -> int:
    return link_length(settings.to_query())
