"""Dumps of other hands are recognised, whatever their names, layout and order; what is missing is said."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.check import Report, Said, align, compare, read
from core.check.__main__ import main
from core.check.passes import run
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


def changed(maker: str, right: str, wrong: str) -> Callable[..., Arrays]:
    """A foreign implementation with one line made wrong."""
    source = FILE.read_text(encoding="utf-8")
    start = source.index(f"def {maker}(")
    after = source.find("\ndef ", start)
    body = source[start : after if after > 0 else None]
    assert body.count(right) == 1
    names = dict(vars(theirs))
    exec(compile("from __future__ import annotations\n" + body.replace(right, wrong), "wrong", "exec"), names)
    made: Callable[..., Arrays] = names[maker]
    return made


@pytest.mark.few(3)
@pytest.mark.parametrize("write", [npz, as_json, printed, rounded])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_dump_of_another_hand_is_recognised(maker: str, write: Callable[[Arrays], bytes]) -> None:
    """Columns, batch first, another gate order, W on [h, x], single gates, PyTorch: all equal, all read."""
    report = checked(write(getattr(theirs, maker)()))
    assert report.first is None, [(row.name, row.gap) for row in report.rows if not row.equal]
    assert not report.aligned.unread
    assert {"dW_x", "dW_h", "db", "h"} <= {row.name for row in report.rows}


@pytest.mark.few(3)
@pytest.mark.parametrize("blocks", ["ifgo", "iofg", "figo", "gifo", "fiog", "igfo"])
def test_a_gate_order_is_found_by_the_states(blocks: str) -> None:
    """The order of the blocks is that whose forward pass gives the learner's states, and is said."""
    report = checked(npz(theirs.joined_lstm(blocks=blocks)))
    assert report.first is None
    assert "".join(report.aligned.layout.gates) == blocks
    assert any(", ".join(blocks) in note for note in report.aligned.notes)


@pytest.mark.few(4)
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
    found = checked(npz(changed(maker, right, wrong)())).found
    assert found is not None
    assert slip in (found.slip.id, *(other.id for other in found.alike))


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("new", [True, False])
def test_a_gru_of_either_form_and_convention_is_recognised(after: bool, new: bool) -> None:
    """The reset before the product or after it, z the share of the new state or of the old: by the states, and said."""
    arrays = theirs.gru(after=after, new=new)
    report = checked(npz(arrays))
    assert report.first is None
    assert not report.aligned.unread
    said = " ".join(report.aligned.notes)
    assert ("z is the share of the new state" in said) == new
    assert ("before the product" in said) != after
    if not new:
        joined = [
            checked(npz(theirs.fused_gru(arrays, torch=torch))) for torch in ((True, False) if after else (False,))
        ]
        assert all(each.first is None and {"dW_x", "dW_h", "db", "h"} <= {r.name for r in each.rows} for each in joined)


@pytest.mark.parametrize(
    ("right", "wrong", "slip", "options"),
    [
        ("carry = dh * (1 - fresh)", "carry = 0 * dh", "no-direct-path", {"after": True}),
        ("carry = dh * (1 - fresh)", "carry = dh * fresh", "direct-share", {"after": False}),
        ('dU["h"] += before.T @ (dn * r)', 'dU["h"] += before.T @ dn', "dW-without-reset", {"after": True}),
        ("(r * before).T @ dn", "before.T @ dn", "dW-without-reset", {"after": False}),
    ],
)
def test_a_slip_in_a_gru_is_named(right: str, wrong: str, slip: str, options: dict[str, bool]) -> None:
    """A GRU of another hand with one line made wrong comes back by name."""
    found = checked(npz(changed("gru", right, wrong)(**options))).found
    assert found is not None
    assert slip in (found.slip.id, *(other.id for other in found.alike))


def _by_step(arrays: Arrays, names: tuple[str, ...], write: str) -> str:
    rest = "\n".join(f"{n} = {a.tolist()}" for n, a in arrays.items() if n not in names)
    steps = (write.format(n=n, t=t, a=row.tolist()) for n in names for t, row in enumerate(arrays[n]))
    return f"{rest}\n" + "\n".join(steps)


def _dicts(arrays: Arrays, names: tuple[str, ...]) -> str:
    return "\n".join(
        f"{n} = " + (repr({t - 1: row for t, row in enumerate(a)}) if n in names else repr(a.tolist()))
        for n, a in arrays.items()
    )


STYLES: dict[str, Callable[[Arrays], str]] = {
    "notebook": lambda a: "\n".join(f"In [{k}]: {n}\nOut[{k}]: \n{v!r}\n" for k, (n, v) in enumerate(a.items())),
    "TensorFlow": lambda a: "\n".join(
        f"{n} = <tf.Variable 'rnn/{n}:0' shape={v.shape} dtype=float64, numpy=\n{v!r}>" for n, v in a.items()
    ),
    "a list of pairs": lambda a: f"OrderedDict({list(a.items())!r})",
    "a dict": repr,
    "with its shape": lambda a: "\n".join(f"{n} shape: {v.shape}\n{v}" for n, v in a.items()),
    "a list of arrays": lambda a: "\n".join(f"{n} = {list(v) if n in ('x', 'h') else v!r}" for n, v in a.items()),
    "indices": lambda a: _by_step(a, ("x", "h"), "{n}[{t}] = {a}"),
    "numbers": lambda a: _by_step(a, ("x", "h"), "{n}_{t}: {a}"),
    "dicts by step": lambda a: _dicts(a, ("x", "h")),
    "JSON by step": lambda a: json.dumps(
        {n: v.tolist() for n, v in a.items() if n not in ("x", "delta")}
        | {"steps": [{"x": x.tolist(), "delta": d.tolist()} for x, d in zip(a["x"], a["delta"], strict=True)]}
    ),
    "JSON by name": lambda a: json.dumps(
        {n: v.tolist() for n, v in a.items() if n != "x"} | {"xs": {str(t): v.tolist() for t, v in enumerate(a["x"])}}
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_print_of_any_style_is_read(style: str) -> None:
    """What notebooks, libraries and loops over the steps print comes back whole."""
    with np.printoptions(precision=17, threshold=sys.maxsize, floatmode="maxprec"):
        text = STYLES[style](theirs.column_rnn())
    report = checked(text.encode())
    assert report.first is None
    assert {"dW_x", "dW_h", "db", "h", "da"} <= {row.name for row in report.rows}
    assert not report.aligned.unread


@pytest.mark.parametrize("divided", [1.0, 2.0, 1 / 3, 2 / 18, 2 / 72])
def test_a_loss_divided_otherwise_is_a_reading_and_no_slip(divided: float) -> None:
    """Where the file has a target and no dh_out, the usual divisors are tried, and the one that fits is said."""
    arrays = dict(theirs.batch_first_rnn(T=6))
    rng = np.random.default_rng(0)
    target = rng.normal(size=arrays["output"].shape)
    arrays["dh_out"] = divided * (arrays["output"] - target)
    case = align(read(npz(arrays))).case
    ours = run(case).values
    grads = {"weight_ih_l0": ours["dW_x"].T, "weight_hh_l0": ours["dW_h"].T, "bias_ih_l0": ours["db"]}
    dump = arrays | {"target": target} | {f"rnn.{n}.grad": v for n, v in grads.items()}
    del dump["dh_out"]
    report = checked(npz(dump))
    assert report.first is None
    assert any("The loss was read as" in note for note in report.aligned.notes)


@pytest.mark.parametrize("phi", ["relu", "sigmoid"])
def test_the_activation_is_found_by_the_states(phi: str) -> None:
    """An RNN of another activation is recognised, and said."""
    case = replace(align(read(npz(theirs.column_rnn()))).case, activation=phi, loss=None)
    values = run(case).values
    arrays = {"W_x": case.params.W_x, "W_h": case.params.W_h, "b": case.params.b, "x": case.x, "dh_out": case.dh_out}
    report = checked(npz(arrays | {n: values[n] for n in ("h", "da", "dW_x", "dW_h", "db")}))
    assert report.first is None
    assert any(phi in note for note in report.aligned.notes)


@pytest.mark.parametrize(
    ("act", "slip"),
    [
        (lambda v: 0.01 * v, "scaled"),
        (lambda v: np.clip(v, -0.5, 0.5), "clipped"),
    ],
)
def test_a_size_is_read_off_the_gradients(act: Callable[[np.ndarray], np.ndarray], slip: str) -> None:
    """Gradients times one number, or clipped, are named with that number."""
    arrays = theirs.batch_first_rnn()
    found = checked(npz({n: act(a) if n.endswith(".grad") else a for n, a in arrays.items()})).found
    assert found is not None
    assert found.slip.id == slip
    assert ("0.01" if slip == "scaled" else "0.5") in found.slip.words


@pytest.mark.parametrize("cut", [2, 3])
def test_a_cut_way_back_is_named(cut: int) -> None:
    """Truncated backpropagation, or a state detached every few steps, is told from a state always detached."""
    right = "carry = d @ w_hh"
    wrong = f"{right} * (t % {cut} != 0)"
    found = checked(npz(changed("batch_first_rnn", right, wrong)(T=7))).found
    assert found is not None
    assert found.slip.id == f"cut-{cut}"


def test_an_upstream_gradient_called_dh_is_taken_as_one() -> None:
    """Who calls what the loss sends into h_t dh, as many course files do, is not told that the total is wrong."""
    arrays = theirs.batch_first_rnn()
    arrays["dh"] = arrays.pop("dh_out")
    report = checked(npz(arrays))
    assert report.first is None
    assert any("not the total" in note for note in report.aligned.notes)


@pytest.mark.parametrize("name", ["dW", "db", "h"])
def test_a_known_array_of_another_shape_is_not_passed_over(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A gradient or state that is cut is said, with both shapes, and never counts as equal."""
    arrays = theirs.joined_lstm()
    file = tmp_path / "cut.npz"
    file.write_bytes(npz(arrays | {name: arrays[name][:-1]}))
    assert main([str(file)]) == 1
    assert "the shape" in capsys.readouterr().out


def test_a_second_layer_is_not_taken_for_one() -> None:
    """A file of two layers says that one is checked."""
    arrays = theirs.torch_lstm()
    with pytest.raises(InputError, match="One layer in one direction"):
        checked(npz(arrays | {"weight_ih_l1": arrays["weight_hh_l0"]}))


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
        "objects": (npz({"h": np.array([{}], dtype=object)}), "have to be run"),
        "nan": (npz(full | {"x": np.full((6, 2, 3), np.nan)}), "NaN or infinity"),
        "loss": (npz(full | {"target": np.full((6, 2, 4), np.inf)}), "expected finite numbers"),
        "compared": (npz({k: full[k] for k in ("W", "b", "x", "target")}), "Nothing to compare"),
    }
    for name, (content, words) in without.items():
        with pytest.raises(InputError) as problem:
            checked(content)
        assert words in str(problem.value), name


@pytest.mark.slow
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
