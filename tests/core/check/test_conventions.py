"""Dumps of other hands are recognised, whatever their names, layout and order; what is missing is said."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.check import Report, Said, align, compare, read
from core.check.__main__ import main
from core.errors import InputError

FILE = Path(__file__).with_name("implementations.py")
_spec = importlib.util.spec_from_file_location("implementations", FILE)
assert _spec is not None
assert _spec.loader is not None
theirs = importlib.util.module_from_spec(_spec)
sys.modules["implementations"] = theirs
_spec.loader.exec_module(theirs)

Arrays = dict[str, np.ndarray]
MAKERS = ("column_rnn", "batch_first_rnn", "joined_lstm", "gatewise_lstm", "torch_lstm")


def npz(arrays: Arrays) -> bytes:
    """As `np.savez` writes it."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def as_json(arrays: Arrays) -> bytes:
    """As lists."""
    return json.dumps({name: array.tolist() for name, array in arrays.items()}).encode()


def printed(arrays: Arrays) -> bytes:
    """As NumPy prints, every digit."""
    with np.printoptions(precision=17, threshold=sys.maxsize, floatmode="maxprec"):
        return "\n".join(f"{name} = {array!r}" for name, array in arrays.items()).encode()


def rounded(arrays: Arrays) -> bytes:
    """As PyTorch prints: four decimals."""
    with np.printoptions(precision=4, threshold=sys.maxsize, suppress=True, floatmode="fixed"):
        return "\n".join(f"{n}:\n{a!r}".replace("array(", "tensor(") for n, a in arrays.items()).encode()


def checked(content: bytes, said: Said | None = None) -> Report:
    """Read, aligned, compared."""
    return compare(align(read(content), said=said))


@pytest.mark.parametrize("write", [npz, as_json, printed, rounded])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_dump_of_another_hand_is_recognised(maker: str, write: Callable[[Arrays], bytes]) -> None:
    """Columns, batch first, another gate order, W on [h, x], single gates, PyTorch: all equal, all read."""
    report = checked(write(getattr(theirs, maker)()))
    assert report.first is None, [(row.name, row.gap) for row in report.rows if not row.equal]
    assert not report.aligned.unread
    assert {"dW_x", "dW_h", "db", "h"} <= {row.name for row in report.rows}


@pytest.mark.parametrize("blocks", ["ifgo", "iofg", "figo", "gifo", "fiog", "igfo"])
def test_a_gate_order_is_found_by_the_states(blocks: str) -> None:
    """The order of the blocks is that whose forward pass gives the learner's states, and is said."""
    report = checked(npz(theirs.joined_lstm(blocks=blocks)))
    assert report.first is None
    assert "".join(report.aligned.layout.gates) == blocks
    assert any(", ".join(blocks) in note for note in report.aligned.notes)


@pytest.mark.parametrize(
    ("maker", "right", "wrong", "slip"),
    [
        ("column_rnn", "(1 - hs[t + 1] ** 2) * dh", "(1 - np.tanh(hs[t + 1]) ** 2) * dh", "slope-of-state"),
        ("column_rnn", "dW += delta @ hs[t].T", "dW += delta @ hs[t + 1].T", "h-for-h-prev"),
        ("column_rnn", "dh = W.T @ delta", "dh = W @ delta", "transpose"),
        ("batch_first_rnn", "d @ w_hh", "d @ w_hh.T", "transpose"),
        ("batch_first_rnn", "(g_out[:, t] + carry)", "g_out[:, t]", "no-future"),
        ("batch_first_rnn", "g_b += d.sum(0)", "g_b += d.mean(0)", "mean-batch-db"),
        ("joined_lstm", "(dz @ W.T)[:, :H], dc * f", "(dz @ W.T)[:, :H], dc", "no-forget-back"),
        ("joined_lstm", "dc = dc + dh * o", "dc = dh * o", "no-direct-path"),
        ("gatewise_lstm", "dc * before * f * (1 - f)", "dc * c * f * (1 - f)", "c-for-c-prev"),
        ("gatewise_lstm", "dh * np.tanh(c) * o * (1 - o)", "dc * np.tanh(c) * o * (1 - o)", "output-from-dc"),
        ("torch_lstm", "b_ih + b_hh", "2 * (b_ih + b_hh)", "bias-twice"),
        ("torch_lstm", "dz.T @ before", "dz.T @ kept[t][-1]", "h-for-h-prev"),
    ],
)
def test_a_slip_in_another_hand_is_named(maker: str, right: str, wrong: str, slip: str) -> None:
    """One line of a foreign implementation made wrong comes back by name, in all its conventions."""
    source = FILE.read_text(encoding="utf-8")
    start = source.index(f"def {maker}(")
    after = source.find("\ndef ", start)
    body = source[start : after if after > 0 else None]
    assert body.count(right) == 1
    names = dict(vars(theirs))
    exec(compile("from __future__ import annotations\n" + body.replace(right, wrong), "wrong", "exec"), names)
    found = checked(npz(names[maker]())).found
    assert found is not None
    assert slip in (found.slip.id, *(other.id for other in found.alike))


def test_blocks_read_in_another_order_than_stated_are_a_slip() -> None:
    """Who says i, f, o, g and computes with i, f, g, o has swapped two blocks: that is named, not rearranged."""
    found = checked(npz(theirs.joined_lstm(blocks="ifgo")), Said(gates="ifog", loss="squared")).found
    assert found is not None
    assert found.slip.id == "forward-ifgo"
    assert found.slip.said() == "read the gate blocks as i, f, g, o; the weights have i, f, o, g"


def test_what_is_missing_is_said() -> None:
    """Weights, input, shapes, a cut print, pickled objects: each with its mend."""
    full = theirs.joined_lstm()
    without: dict[str, tuple[bytes, str]] = {
        "weights": (npz({k: v for k, v in full.items() if k not in ("W", "b")}), "There are no weights"),
        "x": (npz({k: v for k, v in full.items() if k != "x"}), "input x is missing"),
        "other": (npz(full | {"x": np.ones((6, 2, 7))}), "do not fit together"),
        "cut": (b"dW_h = [[0.1, ..., 0.2]]", "cut short"),
        "ragged": (b"dW_h = [[0.1, 0.3], [0.2]]", "different lengths"),
        "open": (b"dW_h = [[0.1, 0.3]", "never closed"),
        "word": (b"dW_h = [[0.1, os.system]]", "where a number should be"),
        "empty": (b"nothing here", "no arrays"),
        "zip": (b"PK\x03\x04damaged", "damaged"),
        "objects": (npz({"h": np.array([{}], dtype=object)}), "without running it"),
        "nan": (npz(full | {"x": np.full((6, 2, 3), np.nan)}), "NaN or infinity"),
        "loss": (npz(full | {"target": np.full((6, 2, 4), np.inf)}), "expected finite numbers"),
        "compared": (npz({k: full[k] for k in ("W", "b", "x", "target")}), "Nothing to compare"),
    }
    for name, (content, words) in without.items():
        with pytest.raises(InputError) as problem:
            checked(content)
        assert words in str(problem.value), name


def test_a_number_and_a_huge_value_are_no_failure() -> None:
    """A scalar under a known name is left unread, and a gradient near the largest float is a plain difference."""
    full = theirs.joined_lstm()
    report = checked(npz(full | {"dW": full["dW"] * 1e307, "W_f": np.array(3.0)}))
    assert report.first is not None
    assert report.first.name == "dW_x"
    assert report.aligned.unread == ("W_f",)


def test_the_command_tells_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m core.check FILE` prints the table and the slip, and says by its code what it found."""
    good, bad = tmp_path / "good.npz", tmp_path / "bad.npz"
    arrays = theirs.joined_lstm()
    good.write_bytes(npz(arrays))
    bad.write_bytes(npz(arrays | {"dW": -arrays["dW"], "db": -arrays["db"]}))
    assert main([str(good)]) == 0
    assert "quantities equal ours" in capsys.readouterr().out
    assert main([str(bad), "--loss", "squared"]) == 1
    said = capsys.readouterr().out
    assert "turned the sign of all three" in said
    assert "DIFFERS" in said
    assert main([str(tmp_path / "none.npz")]) == 2
    assert capsys.readouterr().err


def test_a_single_printed_gradient_is_checked_against_a_case() -> None:
    """Without weights of its own a print is held against the network given, by name or by its shape."""
    base = align(read(npz(theirs.joined_lstm(blocks="ifog")))).case
    ours = compare(align(read(npz(theirs.joined_lstm(blocks="ifog"))))).aligned.ours
    for text in (
        printed({"dW_h": ours["dW_h"]}),
        repr(ours["dW_h"].tolist()).encode(),
        printed({"dWh": ours["dW_h"].T}),
    ):
        report = compare(align(read(text), base))
        assert [row.name for row in report.rows] == ["dW_h"]
        assert report.first is None
