"""Records for another process as JSON has them, with every digit of their arrays; only records named here come back.

Python's own way to send objects runs what it is sent. This one builds arrays, mappings and the records below.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

__all__ = ["packed", "unpacked"]

_LARGE = 2**63
"""Whole numbers from here on do not pass everywhere; a generator's state has some."""


def packed(value: object) -> Any:
    """A value as JSON has it: numbers, text, tuples, mappings, arrays, and records (dataclasses) of these.

    Raises:
        TypeError: Something else is in it.
    """
    if isinstance(value, int) and abs(value) >= _LARGE:
        return {"integer": str(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return packed(value.item())
    if isinstance(value, np.ndarray):
        return {"array": [value.dtype.str, list(value.shape), b64encode(value.tobytes()).decode()]}
    if isinstance(value, Mapping):
        return {"mapping": [[packed(key), packed(each)] for key, each in value.items()]}
    if isinstance(value, tuple):
        return [packed(each) for each in value]
    if is_dataclass(value):
        return {"record": [type(value).__name__, {f.name: packed(getattr(value, f.name)) for f in fields(value)}]}
    raise TypeError(f"value: a {type(value).__name__} cannot be sent. Make it a number, text, tuple, array or record.")


def unpacked(told: Any) -> Any:
    """What `packed` was given; its lists were tuples.

    Raises:
        ValueError: A record that is not known, or something that `packed` does not write.
    """
    if isinstance(told, list):
        return tuple(unpacked(each) for each in told)
    if not isinstance(told, dict):
        return told
    ((kind, given),) = told.items()
    if kind == "integer":
        return int(given)
    if kind == "array":
        dtype, shape, content = given
        return np.frombuffer(b64decode(content), np.dtype(dtype)).reshape(shape).copy()
    if kind == "mapping":
        return {unpacked(key): unpacked(each) for key, each in given}
    if kind == "record":
        name, values = given
        if (record := _records().get(name)) is None:
            raise ValueError(f"told: {name!r} is no record that is sent. Send one of {', '.join(_records())}.")
        return record(**{key: unpacked(each) for key, each in values.items()})
    raise ValueError(f"told: {kind!r} is not known. Send what packed() writes.")


def _records() -> dict[str, type[Any]]:
    from core import brought, course, gru, lstm, model, network, optim, rnn, stack, tasks, train

    known = (
        model.Model, network.Network, stack.StackParams, rnn.RNNParams, lstm.LSTMParams, gru.GRUParams, optim.State,
        train.Step, brought.OneSequence, brought.RowWindows, course.Course, course.Learned, course.Point, course.Held,
        *tasks.TASKS.values(),
    )  # fmt: skip
    return {each.__name__: each for each in known}
