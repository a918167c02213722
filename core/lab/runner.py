"""Run a learner's file on a case, in a process of its own: `python runner.py FILE CASE OUT`.

It needs nothing but NumPy, and writes arrays and words only: what it is given back to is never handed an object.
"""

from __future__ import annotations

import io
import json
import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["main"]

_MOST_PRINTED = 20_000


class _Bounded(io.StringIO):
    """What a file prints, its beginning alone."""

    def write(self, text: str) -> int:
        return super().write(text[: max(0, _MOST_PRINTED - self.tell())])


def main(file: str, case: str, out: str) -> None:
    """Run forward, backward and gradient_check of a file.

    Args:
        file: The learner's.
        case: NPZ with W_x, W_h, b, x, dh_out.
        out: Where to write the arrays, as NPZ, with what went wrong under "said" as JSON.
    """
    said: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    shown, sys.stdout = sys.stdout, _Bounded()
    try:
        _run(file, dict(np.load(case, allow_pickle=False)), arrays, said)
    except BaseException as problem:
        frames = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == file]
        line = problem.lineno if isinstance(problem, SyntaxError) else frames[-1].lineno if frames else None
        said |= {"error": f"{type(problem).__name__}: {problem}", "line": line}
    shown.write(sys.stdout.getvalue())
    numbers: dict[str, Any] = {name: np.asarray(array, np.float64) for name, array in arrays.items()}
    np.savez(out, said=np.array(json.dumps(said)), **numbers)


def _run(file: str, case: dict[str, Any], arrays: dict[str, Any], said: dict[str, Any]) -> None:
    sys.path.insert(0, str(Path(file).parent))
    theirs = runpy.run_path(file)
    for name in ("forward", "backward"):
        if not callable(theirs.get(name)):
            raise TypeError(f"{name} is no function any more")
    before = {name: array.copy() for name, array in case.items()}
    weights = case["W_x"], case["W_h"], case["b"]
    given = theirs["forward"](*weights, case["x"])
    states = given if isinstance(given, tuple) else (given,)
    T = len(case["x"])
    for name, state in zip(("h", "c"), states, strict=False):
        arrays[name] = np.array(state, np.float64)[1:]
    if len(states) > 2:
        for k, name in enumerate("ifog"):
            arrays[name] = np.stack([np.asarray(step[k], np.float64) for step in states[2]])
    kept: dict[str, dict[int, Any]] = {}

    def keep(t: int, **values: Any) -> None:
        for name, value in values.items():
            said["single"] = said.get("single", False) or getattr(value, "dtype", None) in (np.float32, np.float16)
            kept.setdefault(name, {})[t] = np.array(value, np.float64)

    grads = theirs["backward"](*weights, case["x"], *states, case["dh_out"], keep)
    for name, rows in kept.items():
        if sorted(rows) == list(range(T)) and len({row.shape for row in rows.values()}) == 1:
            arrays[name] = np.stack([rows[t] for t in range(T)])
    if not isinstance(grads, tuple | list) or len(grads) != 3:
        what = f"{len(grads)} values" if isinstance(grads, tuple | list) else type(grads).__name__
        raise TypeError(f"backward must return dW_x, dW_h, db; it returned {what}")
    for name, grad in zip(("dW_x", "dW_h", "db"), grads, strict=True):
        said["single"] = said.get("single", False) or getattr(grad, "dtype", None) in (np.float32, np.float16)
        arrays[name] = np.asarray(grad, np.float64)
    said["changed"] = [name for name, array in before.items() if not np.array_equal(array, case[name])]
    if "gradient_check" in theirs and not said["changed"]:
        try:
            said["check"] = float(theirs["gradient_check"](*weights, case["x"], case["dh_out"]))
        except Exception as problem:
            said["check_stops"] = f"{type(problem).__name__}: {problem}"


if __name__ == "__main__":
    main(*sys.argv[1:])
