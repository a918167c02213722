"""The exported files hold the numbers on the screen."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.inspector import export, view
from dashboard.kit.run import compute
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.settings import PANELS, Edit, Settings


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
    assert set(table["token"]) == {*seen.sequence.labels, ""}
    assert (table.loc[table["token"] == "", "step"] == "").all()
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
            gate = json.loads(re.findall(r"^  f (.*)$", printed, re.MULTILINE)[len(seen.sequence.labels) - 1])
            np.testing.assert_array_equal(gate, run.trace.cell.f[-1, 0])
    numbers = [float(text) for text in re.findall(r"(?<!\w)-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", done.stdout)]
    printed_numbers = found_in([*numbers, *medians(seen)])
    assert not [each for each in shown_numbers(seen) if not printed_numbers(*each)]


LOGS = ("log10", "largest", "median", "smallest")
SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
NUMBER = re.compile(r"(?<![\w.])([-−]?\d+(?:\.(\d+))?)(?:\s×\s10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(\s%)?(?![\w.])")


def written_numbers(text: str) -> list[tuple[float, float]]:
    """The numbers of a sentence with half of their last digit: how exactly they are told."""
    found = []
    for whole, decimals, power, percent in NUMBER.findall(text):
        scale = 10.0 ** int(power.translate(SUPERSCRIPT) or 0) / (100 if percent else 1)
        found.append((float(whole.translate(SUPERSCRIPT)) * scale, 0.5001 * 10.0 ** -len(decimals) * scale))
    return found


def shown_numbers(seen: Inspection) -> list[tuple[float, float]]:
    """Every number on the page that is computed from the run, and how exactly it is told: maps, charts and tables."""
    shown: list[tuple[float, float]] = []

    def walk(part: Any, name: str) -> None:
        if (
            isinstance(part, dict) and "parts" in part and "scale" in part
        ):  # entries of a vector by its own power of ten
            entries = unpacked(part["parts"]) * unpacked(part["scale"])[:, None]
            shown.extend((float(v), abs(float(v)) * 1e-5) for v in entries.ravel())
            walk(part["norms"], "norms")
        elif isinstance(part, dict) and "b64" in part:
            told = unpacked(part).ravel()
            shown.extend((float(v), abs(float(v)) * 1e-5) for v in told if np.isfinite(v))
        elif isinstance(part, dict):
            for key, inner in part.items():
                if key not in ("params", "bracket", "unity", "zero", "domain", "profile_domain", "table", "t"):
                    walk(inner, key)
        elif isinstance(part, (list, tuple)):
            for inner in part:
                walk(inner, name)
        elif isinstance(part, float) and name in (*LOGS, "value"):
            value = part if name == "value" else 10.0**part
            shown.append((value, abs(value) * 1e-5))
        elif isinstance(part, str) and name == "foot":
            shown.extend(written_numbers(part.replace("first in one random", "")))

    payload = view.inspector(seen)
    walk(payload["panels"], "")
    walk(payload["foot"], "foot")
    sentence = "".join(run if isinstance(run, str) else "" for run in payload["finding"])
    shown += [each for each in written_numbers(sentence) if each[0] != seen.sequence.T]
    return shown


def unpacked(part: dict[str, Any]) -> np.ndarray:
    """The array that travels."""
    found = np.frombuffer(base64.b64decode(part["b64"]), f"<{part['dtype']}")
    return found.reshape(part["shape"]).astype(float)


def found_in(numbers: Any) -> Callable[[float, float], bool]:
    """Whether a number is among some, or its power of ten, as exactly as it is told."""
    known = np.asarray([value for value in numbers if np.isfinite(value)])
    with np.errstate(all="ignore"):
        known = np.sort(np.concatenate([known, 10.0 ** np.clip(known, -300, 300)]))

    def among(value: float, tolerance: float) -> bool:
        low, high = np.searchsorted(known, [value - tolerance - 1e-300, value + tolerance + 1e-300])
        return bool(low < high)

    return among


def medians(seen: Inspection) -> list[float]:
    """Of an even number of singular values the figure shows the middle: the mean of two that are exported."""
    return [float(v) for run in seen.runs if run.has_spectrum for v in np.median(run.spectrum.values, axis=1)]


def numbers_of_csv(content: bytes) -> list[float]:
    """All values of the table."""
    return [float(value) for value in pd.read_csv(io.BytesIO(content))["value"]]


def numbers_of_npz(content: bytes) -> list[float]:
    """All values of the archive."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return [float(v) for name in arrays if arrays[name].dtype.kind in "fiu" for v in arrays[name].ravel()]


def numbers_of_json(content: bytes) -> list[float]:
    """All values of the document."""

    def walk(part: Any) -> Iterator[float]:
        if isinstance(part, (dict, list)):
            for inner in part.values() if isinstance(part, dict) else part:
                yield from walk(inner)
        elif isinstance(part, float):
            yield part

    return list(walk(json.loads(content)["models"]))


FORMATS = {
    "csv": (export.csv, numbers_of_csv),
    "npz": (export.npz, numbers_of_npz),
    "json": (export.as_json, numbers_of_json),
}
PAGES: dict[str, dict[str, Any]] = {
    "sentence": {"show": PANELS},
    "every step, classes": {"show": PANELS, "readout": "every", "loss": "softmax", "target": "2", "H": 3},
    "numbers": {"show": PANELS, "source": "numbers", "loss": "mse", "target": "0.25", "H": 5},
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("changes", PAGES.values(), ids=PAGES)
def test_every_number_on_the_page_is_in_the_files(changes: dict[str, Any], name: str) -> None:
    """Maps, charts, tables and the lines below: each number of the figure is a value of each file, digit by digit."""
    seen = inspected(**changes)
    make, read = FORMATS[name]
    among = found_in([*read(make(seen)), *medians(seen)])
    shown = shown_numbers(seen)
    assert len(shown) > 500
    assert not [each for each in shown if not among(*each)]
    assert not among(np.pi * 7, 1e-9)
