"""Pickles read as data: a small machine of our own that runs the instructions and never imports or calls anything.

`pickletools` splits the bytes into instructions. Plain values become themselves. Whatever a pickle wants imported is a
`Name`, whatever it wants called or built is a `Made` that only remembers what it was to be made of. A ``rebuild`` of
the caller's may turn a named call into something better; ours know tensors, ordered dictionaries and NumPy arrays.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.checkpoints.limits import MAX_BYTES, MAX_OPCODES
from core.errors import InputError

__all__ = ["Made", "Name", "Rebuild", "load"]

_BITS = 128  # of a whole number; larger ones only slow down what reads them
_DAMAGED = "The file is cut short or damaged: its pickle breaks off or makes no sense. Save it again and bring that."


@dataclass(frozen=True)
class Name:
    """What a pickle wants imported, as two words; nothing is."""

    module: str
    name: str

    def __str__(self) -> str:
        """The full name."""
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class Made:
    """What a pickle wants called or built: the callable, what it was to be given, and what was to be put into it.

    Attributes:
        of: The callable, a `Name` in any honest pickle.
        args: Arguments.
        state: What it was to be filled with, or None.
        values: What was to be appended, or put in by keys.
    """

    of: Any
    args: tuple[Any, ...]
    state: Any = None
    values: Any = None


Rebuild = Callable[[Name, tuple[Any, ...]], Any]
"""Turns a named call into a value; gives NotImplemented for calls it does not know."""


def load(
    stream: io.BytesIO,
    rebuild: Rebuild,
    persistent: Callable[[Any], Any] = lambda value: value,
    *,
    most: int = MAX_OPCODES,
) -> Any:
    """Read one pickle from where the stream stands, and leave the stream behind it.

    Args:
        stream: The bytes.
        rebuild: What to make of a named call.
        persistent: What to make of a reference to something outside the pickle.
        most: Instructions that are read.

    Raises:
        InputError: Damaged, or more instructions than are read.
    """
    machine = _Machine(rebuild, persistent)
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(stream)):
            if count >= most:
                raise InputError(
                    f"The file's pickle has more than {most:,} instructions. Save the weights alone, without "
                    "the data or the optimiser."
                )
            machine.step(opcode.name, argument)
        return machine.stack[-1]
    except InputError:
        raise
    except Exception as problem:  # a damaged pickle can break any instruction
        raise InputError(_DAMAGED) from problem


class _Machine:
    """The stack, the marks and the memo of one pickle."""

    def __init__(self, rebuild: Rebuild, persistent: Callable[[Any], Any]) -> None:
        self.stack: list[Any] = []
        self.marked: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        self.copied = 0
        self.rebuild = rebuild
        self.persistent = persistent

    def step(self, name: str, argument: Any) -> None:
        """One instruction."""
        if name in _NOTHING:
            return
        if name in _PLAIN:
            self.stack.append(_bounded(argument))
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name]())
        elif name in _GETS:
            self.stack.append(self.memo[int(argument)])
        elif name in _PUTS:
            self.memo[len(self.memo) if name == "MEMOIZE" else int(argument)] = self.stack[-1]
        else:
            _STEPS[name](self, argument)

    def since_mark(self) -> list[Any]:
        """What was pushed since the last mark; the stack is again what it was before it."""
        found = self.stack
        self.stack = self.marked.pop()
        return found

    def call(self, function: Any, args: Any) -> Any:
        """What a call gives: what ``rebuild`` makes of it, else a stand-in."""
        given = args if isinstance(args, tuple) else (args,)
        if isinstance(function, Name):
            # A few instructions could ask for the same long text or list to be copied again and again.
            self.copied += sum(len(each) for each in given if isinstance(each, str | bytes | list | tuple | dict))
            if self.copied > 2 * MAX_BYTES:
                raise InputError(_DAMAGED)
            made = self.rebuild(function, given)
            if made is not NotImplemented:
                return made
        return Made(function, given)


def _mark(machine: _Machine, _: Any) -> None:
    machine.marked.append(machine.stack)
    machine.stack = []


def _appends(machine: _Machine, values: list[Any]) -> None:
    target = machine.stack[-1]
    if isinstance(target, list):
        target.extend(values)
    elif isinstance(target, Made):
        if target.values is None:
            target.values = []
        if isinstance(target.values, list):
            target.values.extend(values)


def _set_items(machine: _Machine, values: list[Any]) -> None:
    target = machine.stack[-1]
    if isinstance(target, Made):
        target = target.values = target.values if isinstance(target.values, dict) else {}
    if isinstance(target, dict):
        for key, value in zip(values[::2], values[1::2], strict=True):
            if _can_be_key(key):
                target[key] = value


def _can_be_key(key: Any) -> bool:
    """Plain keys only: the hash of tuples inside each other can take for ever."""
    plain = (str, bytes, int, float, bool, type(None), Name)
    return isinstance(key, plain) or (isinstance(key, tuple) and all(isinstance(part, plain) for part in key))


def _build(machine: _Machine, _: Any) -> None:
    state = machine.stack.pop()
    target = machine.stack[-1]
    if isinstance(target, Made):
        target.state = state


def _name(machine: _Machine, argument: Any) -> None:
    machine.stack.append(Name(*str(argument).split(" ", 1)))


def _stack_name(machine: _Machine, _: Any) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(Name(_text(module), _text(name)))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "?"


def _reduce(machine: _Machine, _: Any) -> None:
    args, function = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(machine.call(function, args))


def _new_object(machine: _Machine, _: Any) -> None:
    args, of = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(machine.call(of, args))


def _new_object_by_keywords(machine: _Machine, _: Any) -> None:
    machine.stack.pop()
    _new_object(machine, None)


def _object(machine: _Machine, _: Any) -> None:
    of, *args = machine.since_mark()
    machine.stack.append(machine.call(of, tuple(args)))


def _instance(machine: _Machine, argument: Any) -> None:
    args = machine.since_mark()
    machine.stack.append(machine.call(Name(*str(argument).split(" ", 1)), tuple(args)))


def _tuple_of(size: int) -> Callable[[_Machine, Any], None]:
    def make(machine: _Machine, _: Any) -> None:
        if len(machine.stack) < size:
            raise IndexError("stack")
        machine.stack[-size:] = [tuple(machine.stack[-size:])]

    return make


def _gathered(into: type[list[Any]] | type[tuple[Any, ...]]) -> Callable[[_Machine, Any], None]:
    def make(machine: _Machine, _: Any) -> None:
        values = machine.since_mark()
        machine.stack.append(into(values))

    return make


def _dictionary(machine: _Machine, _: Any) -> None:
    values = machine.since_mark()
    machine.stack.append({})
    _set_items(machine, values)


def _pop(machine: _Machine, _: Any) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.since_mark()


def _pop_mark(machine: _Machine, _: Any) -> None:
    machine.since_mark()


def _bounded(value: Any) -> Any:
    """A plain value; a whole number of thousands of digits is none."""
    if isinstance(value, int) and value.bit_length() > _BITS:
        return Made(Name("builtins", "int"), ())
    return bytes(value) if isinstance(value, bytearray) else value


_NOTHING = frozenset({"PROTO", "FRAME", "STOP", "READONLY_BUFFER"})
_PLAIN = frozenset(
    [
        "INT",
        "BININT",
        "BININT1",
        "BININT2",
        "LONG",
        "LONG1",
        "LONG4",
        "STRING",
        "BINSTRING",
        "SHORT_BINSTRING",
        "BINBYTES",
        "SHORT_BINBYTES",
        "BINBYTES8",
        "BYTEARRAY8",
        "UNICODE",
        "SHORT_BINUNICODE",
        "BINUNICODE",
        "BINUNICODE8",
        "FLOAT",
        "BINFLOAT",
    ]
)
_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
    "EMPTY_SET": list,  # what is in a set need not have a hash here
    "NEXT_BUFFER": lambda: Made(Name("pickle", "buffer"), ()),
    "EXT1": lambda: Name("copyreg", "extension"),
    "EXT2": lambda: Name("copyreg", "extension"),
    "EXT4": lambda: Name("copyreg", "extension"),
}
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})
_PUTS = frozenset({"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"})
_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _mark,
    "APPEND": lambda machine, _: _appends(machine, [machine.stack.pop()]),
    "APPENDS": lambda machine, _: _appends(machine, machine.since_mark()),
    "ADDITEMS": lambda machine, _: _appends(machine, machine.since_mark()),
    "LIST": _gathered(list),
    "TUPLE": _gathered(tuple),
    "FROZENSET": _gathered(list),
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "DICT": _dictionary,
    "SETITEM": lambda machine, _: _set_items(machine, [machine.stack.pop(), machine.stack.pop()][::-1]),
    "SETITEMS": lambda machine, _: _set_items(machine, machine.since_mark()),
    "POP": _pop,
    "DUP": lambda machine, _: machine.stack.append(machine.stack[-1]),
    "POP_MARK": _pop_mark,
    "GLOBAL": _name,
    "STACK_GLOBAL": _stack_name,
    "REDUCE": _reduce,
    "BUILD": _build,
    "INST": _instance,
    "OBJ": _object,
    "NEWOBJ": _new_object,
    "NEWOBJ_EX": _new_object_by_keywords,
    "PERSID": lambda machine, argument: machine.stack.append(machine.persistent(argument)),
    "BINPERSID": lambda machine, _: machine.stack.append(machine.persistent(machine.stack.pop())),
}
