"""Run a learner's file beside `core`, and find the first line of it that is wrong."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core import lstm, rnn
from core.check import Aligned, Case, Report, compare
from core.check.arrays import Layout
from core.check.passes import clean
from core.check.said import NAMES, counted, entry, power
from core.errors import InputError
from core.params import Array

__all__ = ["KINDS", "RIGHT", "SECONDS", "Checked", "Line", "case", "check", "gaps", "line_of", "new", "told"]

KINDS = ("rnn", "lstm")
SECONDS = 20.0
RIGHT = 1e-6
"""Up to which relative error a gradient check counts as passed."""

_RUNNER = Path(__file__).with_name("runner.py")
_SEED, _T, _B, _D, _H = 7, 6, 2, 3, 4
_TOLERANCE, _SINGLE = 1e-9, 1e-4


@dataclass(frozen=True)
class Line:
    """One line of the learner's file."""

    number: int
    text: str


@dataclass(frozen=True, eq=False)
class Checked:
    """What came of one file.

    Attributes:
        report: What `core.check` says of its numbers.
        line: The first line that is wrong; None where all is right, or where none assigns what differs.
        gradient_check: What its own check gave, None where it has none.
        printed: What it printed.
        check_stops: Why its own check gave none.
    """

    report: Report
    line: Line | None
    gradient_check: float | None
    printed: str
    check_stops: str = ""


def new(kind: str, file: Path) -> None:
    """Write a starter file: the forward pass done, the lines of the backward pass to be filled in.

    Raises:
        InputError: An unknown cell, or a file that is there already.
    """
    if kind not in KINDS:
        raise InputError(f"“{kind}” is no cell of the lab. Choose rnn or lstm.")
    if file.exists():
        raise InputError(f"{file} is there already. Choose another name, or check it: unrolled lab check {file}")
    text = Path(__file__).with_name(f"{kind}.txt").read_text(encoding="utf-8")
    file.write_text(text.replace("lab check FILE", f"lab check {file.name}"), encoding="utf-8")


def case(kind: str) -> Case:
    """What both run on: six steps, two sequences, a loss at every step; always the same."""
    rng = np.random.default_rng(_SEED)
    params = (lstm if kind == "lstm" else rnn).init(_D, _H, rng=rng)
    params.b[:] = rng.normal(size=params.b.shape) / 2
    return Case(params, rng.normal(size=(_T, _B, _D)), rng.normal(size=(_T, _B, _H)))


def gaps(source: str) -> list[Line]:
    """The lines of `backward` where `...` still stands.

    Raises:
        InputError: It is not Python; says in which line.
    """
    lines = source.splitlines()
    tree = _backward(source)
    indices = {id(leaf) for node in ast.walk(tree) if isinstance(node, ast.Subscript) for leaf in ast.walk(node.slice)}
    return [
        Line(node.lineno, lines[node.lineno - 1].strip())
        for node in ast.walk(tree)
        if id(node) not in indices and isinstance(node, ast.Constant) and node.value is Ellipsis
    ]


def line_of(source: str, name: str) -> Line | None:
    """The last line of `backward` that sets a quantity, in its loop if it is set there."""
    lines, found = source.splitlines(), []
    function = _backward(source)
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
    for place in (*loops, function):
        for node in ast.walk(place):
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else targets
            names = [leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)]
            if name in names:
                found.append(getattr(node, "lineno", 0))
        if found:
            return Line(max(found), lines[max(found) - 1].strip())
    return None


def _backward(source: str) -> ast.FunctionDef:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as wrong:
        at = f" in line {wrong.lineno}" if isinstance(wrong, SyntaxError) else ""
        raise InputError(f"The file is not Python{at}: {wrong.args[0]}. Mend that first.") from wrong
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if not {"forward", "backward"} <= set(functions):
        raise InputError("The file has no functions forward and backward. Begin with: unrolled lab new rnn")
    return functions["backward"]


def check(file: Path, *, seconds: float = SECONDS) -> Checked:
    """Run a file on this machine, in a process of its own, and hold each quantity against `core`'s.

    Raises:
        InputError: It can't be read, has lines to fill, does not run, takes too long, or gives other shapes.
    """
    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise InputError(f"{file} can't be read: {cause}.") from cause
    if empty := gaps(source):
        raise InputError([f"Line {line.number} is still to be filled in: {line.text}" for line in empty])
    kind = "lstm" if len(_backward(source).args.args) > 7 else "rnn"
    on = case(kind)
    arrays, said, printed = _ran(file, on, seconds)
    if "error" in said:
        lines = source.splitlines()
        number = said.get("line")
        at = f" in line {number}: {lines[number - 1].strip()}" if number and number <= len(lines) else ""
        hint = "" if at else "\nKeep the functions’ names, arguments and results as the starter file has them."
        raise InputError(f"The file stops{at}\n{said['error']}{hint}")
    aligned = _aligned(on, arrays, source, single=said.get("single", False))
    if said["changed"]:
        raise InputError(
            f"The file changes {', '.join(said['changed'])} in place, and later steps read it. Compute with a copy: "
            f"{said['changed'][0]} = {said['changed'][0]}.copy()"
        )
    report = compare(aligned)
    return Checked(report, _wrong(report, source), said.get("check"), printed, said.get("check_stops", ""))


def _ran(file: Path, on: Case, seconds: float) -> tuple[Mapping[str, Array], dict[str, Any], str]:
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "case.npz", Path(folder) / "out.npz"
        np.savez(given, W_x=on.params.W_x, W_h=on.params.W_h, b=on.params.b, x=on.x, dh_out=on.dh_out)
        command = [sys.executable, str(_RUNNER), str(file.resolve()), str(given), str(out)]
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as cause:
            raise InputError(
                f"The file ran longer than {seconds:g} s and was stopped. Is there an endless loop?"
            ) from cause
        if not out.exists():
            last = (ran.stderr.strip().splitlines() or ["it gave nothing back"])[-1]
            raise InputError(f"The file could not be run to its end: {last}")
        with np.load(out, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
    return arrays, json.loads(str(arrays.pop("said"))), ran.stdout


def _aligned(on: Case, arrays: Mapping[str, Array], source: str, *, single: bool) -> Aligned:
    ours = clean(on)
    problems = []
    for name, array in arrays.items():
        if name in ours and array.shape != ours[name].shape:
            line = line_of(source, name)
            at = f"Line {line.number}: " if line else ""
            each = ours[name].shape[1:] if ours[name].ndim == 3 else ours[name].shape
            got = array.shape[1:] if ours[name].ndim == 3 and array.ndim > 0 else array.shape
            problems.append(f"{at}{name} has the shape {got}, expected {each}.")
    if problems:
        raise InputError(problems)
    yours = {name: arrays[name] for name in ours if name in arrays}
    return Aligned(on, yours, Layout(), dict.fromkeys(yours, _SINGLE if single else _TOLERANCE), (), (), ours)


def _wrong(report: Report, source: str) -> Line | None:
    """The line of the slip; where none is known, the one that sets what differs first, since all before it agrees."""
    if report.first is None:
        return None
    at = report.found.slip.at if report.found else report.first.name
    return line_of(source, at) or line_of(source, report.first.name)


def told(checked: Checked, file: str) -> Iterator[str]:
    """All that there is to say, as lines of plain text."""
    report = checked.report
    T, B, D, H = report.aligned.case.sizes
    yield f"{file} against core: {report.aligned.case.kind.upper()}, {T} steps, {B} sequences, {D} inputs, {H} units"
    yield ""
    for row in report.rows:
        first = f" first at t = {row.step}" if row.step and not row.equal else ""
        verdict = "equal" if row.equal else "DIFFERS"
        yield f"  {row.name:<8} {NAMES[row.name]:<30} {verdict:<8} {power(row.gap):<8}{first}".rstrip()
    yield ""
    differ = sum(not row.equal for row in report.rows)
    if report.first is not None:
        yield from _slip(checked)
        yield f"{differ} of {len(report.rows)} quantities {'differs' if differ == 1 else 'differ'}."
    else:
        yield f"All {len(report.rows)} quantities equal core's."
    if checked.gradient_check is not None:
        passed = checked.gradient_check <= RIGHT
        yield f"Your own gradient check: relative error {power(checked.gradient_check)}, " + (
            "passed." if passed else "not passed."
        )
    if checked.check_stops:
        yield f"Your own gradient check stops: {checked.check_stops}"
    if checked.printed.strip():
        yield "Your file printed:"
        yield from (f"  {line[:200]}" for line in checked.printed.strip().splitlines()[-20:])


def _slip(checked: Checked) -> Iterator[str]:
    report, line = checked.report, checked.line
    assert report.first is not None, "asked of a file with a slip"
    if line is not None:
        yield f"Line {line.number} is the first that is wrong."
        yield f"  {line.number:>3}  {line.text}"
    yield f"{report.first.name} {entry(report.first)}"
    if report.found is None:
        yield "Its numbers are those of no known slip: hold the line against the equation."
    else:
        yield f"Likely slip: you {report.found.slip.said()}."
        yield f"     should act like  {report.found.slip.mended}"
        if report.found.further is not None:
            yield f"After that there is a second one: you {report.found.further.said()}."
        if not report.found.whole:
            yield "There is more that differs: mend this first and check again."
    yield counted(report)
