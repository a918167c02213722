"""The lab names the line that is wrong, whichever it is, and runs nothing where it should not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError
from core.lab import check, new
from core.lab.__main__ import main

LINES = {
    "rnn": {
        "dh": "dh_out[t] + dh_next",
        "da": "dh * (1 - h[t + 1] ** 2)",
        "dW_x": "x[t].T @ da",
        "dW_h": "h[t].T @ da",
        "db": "da.sum(axis=0)",
        "dh_next": "da @ W_h.T",
    },
    "lstm": {
        "dh": "dh_out[t] + dh_next",
        "dc": "dc_next + dh * o * (1 - np.tanh(c[t + 1]) ** 2)",
        "da_i": "dc * g * i * (1 - i)",
        "da_f": "dc * c[t] * f * (1 - f)",
        "da_o": "dh * np.tanh(c[t + 1]) * o * (1 - o)",
        "da_g": "dc * i * (1 - g**2)",
        "dh_next": "da @ W_h.T",
        "dc_next": "dc * f",
        "dW_x": "x[t].T @ da",
        "dW_h": "h[t].T @ da",
        "db": "da.sum(axis=0)",
    },
}
WRONG = [
    ("rnn", "dh", "dh_out[t]", "no-future"),
    ("rnn", "da", "dh * (1 - np.tanh(h[t + 1]) ** 2)", "slope-of-state"),
    ("rnn", "dh_next", "da @ W_h", "transpose"),
    ("rnn", "dh_next", "dh_next + da @ W_h.T", "future-kept"),
    ("rnn", "dW_h", "h[t + 1].T @ da", "h-for-h-prev"),
    ("rnn", "db", "da.mean(axis=0)", "mean-batch-db"),
    ("lstm", "dc", "dh * o * (1 - np.tanh(c[t + 1]) ** 2)", "no-direct-path"),
    ("lstm", "da_f", "dc * c[t + 1] * f * (1 - f)", "c-for-c-prev"),
    ("lstm", "da_o", "dc * np.tanh(c[t + 1]) * o * (1 - o)", "output-from-dc"),
    ("lstm", "da_g", "dc * i * (1 - np.tanh(g) ** 2)", "tanh-g-twice"),
    ("lstm", "dc_next", "dc", "no-forget-back"),
    ("lstm", "dW_h", "h[t + 1].T @ da", "h-for-h-prev"),
    ("lstm", "da_i", "dc * g * i * (1 - i) * 1.3", None),
]


def filled(kind: str, folder: Path, **wrong: str) -> Path:
    """A starter file with every line filled in, some of them otherwise than they should be."""
    file = folder / f"my_{kind}.py"
    new(kind, file)
    text = file.read_text(encoding="utf-8")
    for name, line in (LINES[kind] | wrong).items():
        sign = "+=" if name in ("dW_x", "dW_h", "db") else "="
        before = f"        {name} {sign} ..."
        assert text.count(before) == 1
        text = text.replace(before, f"        {name} {sign} {line}")
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("kind", LINES)
def test_a_right_file_passes(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Filled in as the equations say, each quantity agrees, and the file's own gradient check passes."""
    assert main(["check", str(filled(kind, tmp_path))]) == 0
    said = capsys.readouterr().out
    assert "quantities equal core's" in said
    assert "passed." in said
    assert "DIFFERS" not in said


@pytest.mark.parametrize(("kind", "name", "line", "slip"), WRONG)
def test_the_wrong_line_is_named(kind: str, name: str, line: str, slip: str | None, tmp_path: Path) -> None:
    """The first line that is wrong comes with its number and text, and with the slip where it is a known one."""
    file = filled(kind, tmp_path, **{name: line})
    found = check(file)
    assert found.line is not None
    assert found.line.text.startswith(f"{name} ")
    assert line in found.line.text
    assert file.read_text(encoding="utf-8").splitlines()[found.line.number - 1].strip() == found.line.text
    assert (found.report.found.slip.id if found.report.found else None) == slip
    assert found.gradient_check is not None
    assert found.gradient_check > 1e-4


def test_of_three_wrong_lines_the_first_is_named(tmp_path: Path) -> None:
    """With several slips, the one that is met first on the way back."""
    found = check(filled("lstm", tmp_path, dc="dc_next + dh * o", da_f="dc * f", dW_h="h[t + 1].T @ da"))
    assert found.line is not None
    assert found.line.text.startswith("dc ")
    assert found.report.found is not None
    assert found.report.found.slip.id == "no-tanh-c-slope"


def test_lines_to_fill_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fresh file is not run: its open lines are named."""
    file = tmp_path / "mine.py"
    assert main(["new", "rnn", str(file)]) == 0
    assert main(["check", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.count("still to be filled in") == len(LINES["rnn"])
    assert main(["new", "rnn", str(file)]) == 2
    assert "there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("da", "dh * nothing", "stops in line"),
        ("dh_next", "(da @ W_h.T)[:, :2]", "stops in line"),
        ("da", "dh * (", "not Python in line"),
        ("dh", "exit()", "stops in line"),
    ],
)
def test_what_stops_is_said_with_its_line(name: str, line: str, words: str, tmp_path: Path) -> None:
    """An error, a wrong shape, a syntax error: the line and the mend, never a traceback."""
    with pytest.raises(InputError, match=words):
        check(filled("rnn", tmp_path, **{name: line}))


@pytest.mark.parametrize(
    ("line", "instead", "words"),
    [
        ("    return dW_x, dW_h, db\n\n\ndef", "\n\ndef", "it returned NoneType"),
        ("    return dW_x, dW_h, db\n\n\ndef", "    return dW_x, dW_h\n\n\ndef", "it returned 2 values"),
        ("        dh = dh_out", "        x[t] *= 2\n        dh = dh_out", "changes x in place"),
        ("    return dW_x, dW_h, db\n\n\ndef", "    return dW_x.T, dW_h, db\n\n\ndef", "dW_x has the shape"),
    ],
)
def test_what_backward_gives_otherwise_is_said(line: str, instead: str, words: str, tmp_path: Path) -> None:
    """Nothing returned, too little, a changed input, a transposed gradient: said plainly."""
    file = filled("rnn", tmp_path)
    text = file.read_text(encoding="utf-8")
    assert text.count(line) == 1
    file.write_text(text.replace(line, instead), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        check(file)


def test_other_ways_of_writing_are_right(tmp_path: Path) -> None:
    """An ellipsis in an index, numbers in float32, and a gradient check that stops are no wrong lines."""
    file = filled("rnn", tmp_path, da="(dh * (1 - h[t + 1][..., :] ** 2)).astype(np.float32)")
    text = file.read_text(encoding="utf-8").replace("    rng = np.random", "    1 / 0\n    rng = np.random")
    file.write_text(text, encoding="utf-8")
    found = check(file)
    assert found.report.first is None
    assert "ZeroDivisionError" in found.check_stops


def test_an_endless_file_is_stopped(tmp_path: Path) -> None:
    """A file that does not end is ended."""
    file = filled("rnn", tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + "\nwhile True:\n    pass\n", encoding="utf-8")
    with pytest.raises(InputError, match="longer than"):
        check(file, seconds=1.0)


def test_no_file_no_functions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file and one without the two functions are said plainly."""
    assert main(["check", str(tmp_path / "none.py")]) == 2
    (tmp_path / "other.py").write_text("x = 1\n", encoding="utf-8")
    assert main(["check", str(tmp_path / "other.py")]) == 2
    assert "no functions forward and backward" in capsys.readouterr().err
