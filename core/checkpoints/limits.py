"""How much of a learner's file is read, and how what it holds is quoted in a message."""

from __future__ import annotations

import math
from collections.abc import Iterable

from core.errors import InputError

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NUMBERS",
    "MAX_OPCODES",
    "MAX_TENSORS",
    "MAX_UNITS",
    "SAVE_STATE",
    "must_be_few",
    "must_be_small",
    "quoted",
    "sizes",
]

MAX_BYTES = 64_000_000  # of a file, and of all that it unpacks to
MAX_NUMBERS = 32_000_000  # of all tensors together
MAX_UNITS = 256  # of a recurrent layer
MAX_TENSORS = 5_000
MAX_OPCODES = 2_000_000  # instructions of a pickle
MAX_DEPTH = 64  # containers and modules inside each other

SAVE_STATE = 'Save the weights alone, torch.save(net.state_dict(), "weights.pt"), and bring that file.'


def quoted(name: object) -> str:
    """A name from the file as a message has it: in quotes, on one line, and not long."""
    text = str(name)
    return repr(text if len(text) <= 60 else text[:59] + "…")


def sizes(shape: tuple[int, ...]) -> str:
    """A shape in words: "32 by 8", "8", "one number"."""
    return " by ".join(f"{n:,}" for n in shape[:8]) or "one number"


def must_be_small(content: bytes) -> None:
    """Refuse what is too large before anything reads it.

    Raises:
        InputError: More bytes than are read.
    """
    if len(content) > MAX_BYTES:
        raise InputError(
            f"The file has {len(content) / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. "
            "Save the weights without the optimiser, or those of the recurrent layers alone."
        )


def must_be_few(shapes: Iterable[tuple[int, ...]]) -> None:
    """Refuse tensors that state more numbers together than are read: views can repeat what a small file holds.

    Raises:
        InputError: More than that.
    """
    count = sum(math.prod(shape) for shape in shapes)
    if count > MAX_NUMBERS:
        raise InputError(
            f"The tensors of the file have {count:,} numbers; at most {MAX_NUMBERS:,} are read. Save the weights of a "
            "smaller model, or those of the recurrent layers alone."
        )
