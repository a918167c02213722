"""A print is held against `core` by each entry's own digits: what is right agrees, and a slip is named."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import numpy as np
import pytest

from core import lstm
from core.check import Case, Report, align, compare, read_text
from core.check.passes import run
from core.check.rounding import rounding
from core.check.slips import slips
from core.errors import InputError

Arrays = dict[str, np.ndarray]


def case() -> Case:
    """An LSTM whose loss stands at the last step alone: its gradients span many powers of ten."""
    rng = np.random.default_rng(4)
    T, D, H = 12, 5, 6
    dh_out = np.zeros((T, 1, H))
    dh_out[-1] = rng.normal(size=(1, H)) / 3
    return Case(lstm.init(D, H, rng=rng), rng.normal(size=(T, 1, D)), dh_out)


def values(slip: str = "", *names: str) -> Arrays:
    """What core computes on the case with a slip, or without."""
    made = run(case(), next(s for s in slips("lstm") if s.id == slip).replaced if slip else {}).values
    return {name: made[name] for name in names}


def numpys(arrays: Arrays) -> str:
    """NumPy's default print: plain or scientific, as each array has it."""
    with np.printoptions(threshold=sys.maxsize):
        return "\n".join(f"{name} = {array!r}" for name, array in arrays.items())


def torchs(arrays: Arrays) -> str:
    """PyTorch's scientific print: four digits behind the point, each entry its own exponent."""
    with np.printoptions(threshold=sys.maxsize, formatter={"float_kind": lambda v: f"{v:.4e}"}):
        return "\n".join(f"{n} = tensor({np.array2string(a, separator=', ')})" for n, a in arrays.items())


def mixed(arrays: Arrays) -> str:
    """Lists with five significant digits: some plain, some with an exponent."""
    return "\n".join(f"{n} = {_short(a)}" for n, a in arrays.items())


def rounded_json(arrays: Arrays) -> str:
    """JSON with five significant digits."""
    return json.dumps({n: json.loads(_short(a)) for n, a in arrays.items()})


def decimals_json(arrays: Arrays) -> str:
    """JSON with seven decimals, as ``np.round(…, 7).tolist()`` gives."""
    return json.dumps({n: np.round(a, 7).tolist() for n, a in arrays.items()})


def _short(array: np.ndarray) -> str:
    return f"{float(array):.5g}" if array.ndim == 0 else f"[{', '.join(_short(row) for row in array)}]"


def checked(text: str) -> Report:
    """The report against the case."""
    return compare(align(read_text(text), case()))


GRADIENTS = ("dW_x", "dW_h", "db")
WRITERS = (numpys, torchs, mixed, rounded_json, decimals_json)
BROUGHT = (("dh",), ("dc",), ("dW_h",), GRADIENTS, ("h", "dh", "dc", *GRADIENTS))


@pytest.mark.parametrize("names", BROUGHT)
@pytest.mark.parametrize("write", WRITERS)
def test_a_right_print_is_equal(write: Callable[[Arrays], str], names: tuple[str, ...]) -> None:
    """However the digits are written, what is right but for rounding is not called wrong."""
    text = write(values("", *names))
    assert write is not numpys or names != ("dh",) or "e-0" in text
    assert checked(text).first is None


@pytest.mark.few(16)
@pytest.mark.parametrize("slip", ["no-forget-back", "transpose"])
@pytest.mark.parametrize("names", BROUGHT)
@pytest.mark.parametrize("write", WRITERS)
def test_a_slip_in_a_print_is_named(write: Callable[[Arrays], str], names: tuple[str, ...], slip: str) -> None:
    """The search holds each slip's numbers against the print by the same digits."""
    found = checked(write(values(slip, *names))).found
    assert found is not None
    assert found.slip.id == slip
    assert found.whole


@pytest.mark.slow
@pytest.mark.parametrize("write", [torchs, mixed])
def test_a_small_entry_is_held_by_its_own_digits(write: Callable[[Arrays], str]) -> None:
    """An entry far smaller than the largest, wrong in its third digit, differs, and is the one pointed at."""
    made = values("", "dh")
    at = np.unravel_index(int(np.abs(made["dh"]).argmin()), made["dh"].shape)
    made["dh"][at] *= 1.2
    made["dh"][at] += 1e-6
    first = checked(write(made)).first
    assert first is not None
    assert (first.step - 1, *first.index) == at
    assert first.differing == 1


@pytest.mark.parametrize(
    ("tokens", "off"),
    [
        (["1.50000000e-05", "-2.00000000e+00", "0.00000000e+00"], [5e-14, 5e-9, 0]),
        (["0.1234", "12.5", "0."], [5e-5, 5e-5, 5e-5]),
        (["0.12345", "1.2345e-05", "0.0012345", "0.5"], [5e-6, 5e-10, 5e-8, 5e-6]),
        (["1", "2", "-30"], [0, 0, 0]),
        (["1.", "nan", "1e-999999999"], [0, 0, 0]),
        (["0.25", "inf", ""], [0.005, 0.005, 0.005]),
    ],
)
def test_each_number_has_its_own_last_digit(tokens: list[str], off: list[float]) -> None:
    """Half a unit of the last digit, zeros left out at the end counted; whole numbers are exact."""
    np.testing.assert_allclose(rounding(tokens), off, rtol=1e-12)


def test_what_has_another_shape_is_said_with_both() -> None:
    """A matrix too small is answered by the shape that is expected."""
    with pytest.raises(InputError, match="2 × 2, expected 6 × 24"):
        checked("dW_h = [[1, 2], [3, 4]]")


def test_short_inputs_are_exact() -> None:
    """An input of one or two decimals was written so: it does not make a wrong gradient count as equal."""
    of = case()
    x = np.round(of.x, 1)
    rough = Case(of.params, x, of.dh_out)
    arrays = {"W_x": of.params.W_x, "W_h": of.params.W_h, "b": of.params.b, "x": x, "dh_out": of.dh_out}
    arrays |= {name: run(rough).values[name] for name in ("h", "dW_h")}
    text = json.dumps({n: a.tolist() for n, a in arrays.items()})
    assert compare(align(read_text(text))).first is None
    arrays["dW_h"] = arrays["dW_h"] * 1.001
    text = json.dumps({n: a.tolist() for n, a in arrays.items()})
    assert compare(align(read_text(text))).first is not None
