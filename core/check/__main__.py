"""`python -m core.check FILE`: hold the arrays of an own implementation against `core`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.activations import ACTIVATIONS
from core.check import Said, align, compare, read
from core.check.losses import LOSSES
from core.check.said import table
from core.errors import InputError


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one file and print what was found.

    Returns:
        0 where all agree, 1 where something differs or has another shape, 2 where the file can't be used.
    """
    parser = argparse.ArgumentParser(prog="python -m core.check", description=__doc__)
    parser.add_argument("file", type=Path, help="NPZ, JSON, or text with arrays as NumPy or PyTorch print them")
    parser.add_argument("--cell", choices=("rnn", "lstm", "gru"), default="", help="which cell it is")
    parser.add_argument("--gates", default="", help="the order of the gate blocks, such as ifgo")
    parser.add_argument(
        "--loss", choices=LOSSES, default="", help="half, squared, mean (of h − target), sum, last (of h)"
    )
    parser.add_argument("--activation", choices=tuple(ACTIVATIONS), default="", help="of the RNN")
    parser.add_argument("--batch-first", action="store_true", default=None, help="the batch comes before time")
    given = parser.parse_args(arguments)
    said = Said(given.cell, given.gates, given.loss, given.activation, given.batch_first)
    try:
        report = compare(align(read(given.file.read_bytes(), given.file.name), said=said))
    except (InputError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print("\n".join(table(report)))
    return 0 if report.first is None and not report.aligned.unfit else 1


if __name__ == "__main__":
    sys.exit(main())
