"""The exported files hold the numbers on the screen."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.inspector import export
from dashboard.kit.run import compute
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.settings import Edit, Settings


def inspected(**changes: Any) -> Inspection:
    """What the page computes for the defaults with some changes."""
    chosen = replace(Settings(), **changes)
    sequence = compute.sequence(chosen)
    return compute.inspect(chosen, sequence, compute.start(chosen, sequence))


def test_csv_has_a_row_for_each_value() -> None:
    """The table is tidy, complete, and gives back every float exactly."""
    seen = inspected(text='a "b", <script> =1')
    table = pd.read_csv(io.BytesIO(export.csv(seen)), dtype=str, keep_default_na=False)
    assert list(table.columns) == ["model", "quantity", "step", "token", "unit", "value"]
    assert set(table["token"]) == set(seen.sequence.labels)
    picked = table[(table["model"] == "LSTM") & (table["quantity"] == "f") & (table["step"] == "2")]
    np.testing.assert_array_equal(picked["value"].astype(float), seen.runs[1].trace.cell.f[1, 0])
    norms = table[(table["model"] == "RNN") & (table["quantity"] == "norm_dh")]
    np.testing.assert_array_equal(norms["value"].astype(float), seen.runs[0].norms["h"])
    assert (norms["unit"] == "").all()


def test_npz_opens_without_pickle() -> None:
    """States, gradients, weights and tokens come back from the archive, none of them pickled."""
    seen = inspected()
    with np.load(io.BytesIO(export.npz(seen)), allow_pickle=False) as arrays:
        assert tuple(arrays["tokens"]) == seen.sequence.labels
        np.testing.assert_array_equal(arrays["lstm.c"], seen.runs[1].trace.cell.c[1:, 0])
        np.testing.assert_array_equal(arrays["rnn.dW_h"], seen.runs[0].backward.grads["W_h"])
        np.testing.assert_array_equal(arrays["rnn.W_x"], seen.runs[0].model.cell.W_x)


def test_json_is_strict_and_names_the_link() -> None:
    """Any JSON reader takes the file, also where a gradient is exactly zero."""
    seen = inspected(activation="relu", gain=0.0, H=4)
    document = json.loads(export.as_json(seen))
    assert document["settings"] == seen.settings.to_query()
    assert document["models"]["lstm"]["values"]["f"] == seen.runs[1].trace.cell.f[:, 0].tolist()
    assert document["models"]["rnn"]["loss"] == seen.runs[0].trace.loss


SCRIPTS = {
    "sentence": ({}, True),
    "one-hot, every step": ({"encoding": "onehot", "readout": "every", "loss": "softmax", "target": "2"}, True),
    "numbers": ({"source": "numbers", "loss": "mse", "target": "0.25", "H": 3, "cell": "rnn"}, True),
    "task": ({"source": "task", "task": "parity", "cell": "lstm", "forget_bias": 3.0}, True),
    "set by hand": ({"H": 2, "edits": (Edit("lstm", "b", (0,), 0.5),)}, False),
    "hostile words": ({"text": "'''); import os # {x} \\ \" <script>"}, True),
}


@pytest.mark.parametrize(("changes", "fresh"), SCRIPTS.values(), ids=SCRIPTS)
def test_the_script_prints_the_numbers_on_the_screen(changes: dict[str, Any], fresh: bool, tmp_path: Path) -> None:
    """Run on its own, the exported script prints the same losses, gates and norms, digit by digit."""
    seen = inspected(**changes)
    path = tmp_path / "unrolled.py"
    path.write_bytes(export.script(seen, fresh=fresh))
    done = subprocess.run([sys.executable, path], capture_output=True, check=True, encoding="utf-8", cwd=tmp_path)
    for run in seen.runs:
        _, _, printed = done.stdout.partition(f"{run.model.kind}: loss ")
        assert float(printed.split("\n", 1)[0]) == run.trace.loss
        first = printed.split("\n", 2)[1]
        assert float(re.findall(r"\|dL/dh\| (\S+)", first)[0]) == run.norms["h"][0]
        state = json.loads(re.findall(r"^  h (.*)$", printed, re.MULTILINE)[0])
        np.testing.assert_array_equal(state, run.trace.cell.h[1, 0])
        if run.model.kind == "lstm":
            gate = json.loads(re.findall(r"^  f (.*)$", printed, re.MULTILINE)[-1])
            np.testing.assert_array_equal(gate, run.trace.cell.f[-1, 0])
