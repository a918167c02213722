"""Run a learner's file on a case, in a process of its own: `python runner.py FILE CASE OUT`.

It needs nothing but NumPy, and writes arrays and words only: what it is given back to is never handed an object.
"""

from __future__ import annotations

import json
import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["main"]


def main(file: str, case: str, out: str) -> None:
    """Run forward, backward and gradient_check of a file.

    Args:
        file: The learner's.
        case: NPZ with W_x, W_h, b, x, dh_out.
        out: Where to write the arrays, as NPZ, with what went wrong under "said" as JSON.
    """
    said: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    try:
        _run(file, dict(np.load(case, allow_pickle=False)), arrays, said)
    except BaseException as problem:
        frames = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == file]
        line = problem.lineno if isinstance(problem, SyntaxError) else frames[-1].lineno if frames else None
        said |= {"error": f"{type(problem).__name__}: {problem}", "line": line}
    numbers: dict[str, Any] = {name: np.asarray(array, np.float64) for name, array in arrays.items()}
    np.savez(out, said=np.array(json.dumps(said)), **numbers)


def _run(file: str, case: dict[str, Any], arrays: dict[str, Any], said: dict[str, Any]) -> None:
    sys.path.insert(0, str(Path(file).parent))
    theirs = runpy.run_path(file)
    weights = case["W_x"], case["W_h"], case["b"]
    given = theirs["forward"](*weights, case["x"])
    states = given if isinstance(given, tuple) else (given,)
    T = len(case["x"])
    for name, state in zip(("h", "c"), states, strict=False):
        arrays[name] = np.asarray(state, np.float64)[1:]
    if len(states) > 2:
        for k, name in enumerate("ifog"):
            arrays[name] = np.stack([np.asarray(step[k], np.float64) for step in states[2]])
    kept: dict[str, dict[int, Any]] = {}

    def keep(t: int, **values: Any) -> None:
        for name, value in values.items():
            kept.setdefault(name, {})[t] = np.array(value, np.float64)

    grads = theirs["backward"](*weights, case["x"], *states, case["dh_out"], keep)
    for name, rows in kept.items():
        if sorted(rows) == list(range(T)) and len({row.shape for row in rows.values()}) == 1:
            arrays[name] = np.stack([rows[t] for t in range(T)])
    for name, grad in zip(("dW_x", "dW_h", "db"), grads, strict=True):
        arrays[name] = np.asarray(grad, np.float64)
    if "gradient_check" in theirs:
        said["check"] = float(theirs["gradient_check"](*weights, case["x"], case["dh_out"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
