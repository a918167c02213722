"""`unrolled lab`: write the backward pass yourself. Also `python -m core.lab`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import InputError
from core.lab.checking import KINDS, RIGHT, SECONDS, check, new, told


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a starter file or check one.

    Returns:
        0 where all is right, 1 where something differs, 2 where the file can't be used.
    """
    parser = argparse.ArgumentParser(prog="unrolled lab", description="Write the backward pass yourself.")
    commands = parser.add_subparsers(dest="command", required=True)
    started = commands.add_parser("new", help="write a file with the forward pass done and the backward lines to fill")
    started.add_argument("kind", choices=KINDS)
    started.add_argument("file", type=Path, nargs="?", help="its name; my_rnn.py or my_lstm.py when left out")
    checked = commands.add_parser("check", help="run the file on this machine and compare each quantity with core")
    checked.add_argument("file", type=Path)
    checked.add_argument("--seconds", type=float, default=SECONDS, help="how long it may run")
    given = parser.parse_args(arguments)
    try:
        if given.command == "new":
            file = given.file or Path(f"my_{given.kind}.py")
            new(given.kind, file)
            print(f"{file} is written. Fill in every ..., then: unrolled lab check {file}")
            return 0
        found = check(given.file, seconds=given.seconds)
    except (InputError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print("\n".join(told(found, given.file.name)))
    passed = not found.check_stops and (found.gradient_check is None or found.gradient_check <= RIGHT)
    return 0 if found.report.first is None and passed else 1


if __name__ == "__main__":
    sys.exit(main())
