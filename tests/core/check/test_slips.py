"""The open passes equal core, and each known slip is named from the numbers it makes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from core import gru, lstm, rnn
from core.check import Aligned, Case, align, compare
from core.check.arrays import Layout
from core.check.compare import Report
from core.check.passes import WEIGHTS, clean, run
from core.check.reading import Dump
from core.check.slip import Slip
from core.check.slips import slips

KINDS = ("rnn", "lstm", "gru", "gru_before")
ACTIVATIONS = ("tanh", "sigmoid", "relu", "identity")


@cache
def case(kind: str, activation: str = "tanh") -> Case:
    """A case on which no two slips look alike: T, B, D, H all different, a loss at every step, states to begin with."""
    rng = np.random.default_rng(7)
    T, B, D, H = 5, 3, 2, 4
    of_gru = kind.startswith("gru")
    made = {"reset_after": kind == "gru"} if of_gru else {}
    params = {"lstm": lstm, "rnn": rnn}.get(kind, gru).init(D, H, rng=rng, scheme="xavier", **made)  # type: ignore[attr-defined]
    params.b[:] = rng.normal(size=params.b.shape)
    c0 = rng.normal(size=(B, H)) if kind == "lstm" else None
    dc_T = rng.normal(size=(B, H)) if kind == "lstm" else None
    draw = rng.normal
    x, h0 = draw(size=(T, B, D)), draw(size=(B, H))
    if activation == "relu":  # a unit that gets nothing at the first step, so that a is 0 there
        x[0, 0], h0[0] = 0, 0
        params.b[0] = 0
    return Case(params, x, draw(size=(T, B, H)), h0, c0, dc_T, activation)


def dumped(of: Case, values: dict[str, np.ndarray]) -> Dump:
    """A file with the case and the quantities."""
    arrays = {"x": of.x, "h0": of.h0, "dh_out": of.dh_out, "W_x": of.params.W_x, "W_h": of.params.W_h}
    arrays |= {"b": of.params.b} | ({"c0": of.c0, "dc_T": of.dc_T} if of.kind == "lstm" else {}) | values
    return Dump({n: np.asarray(a) for n, a in arrays.items() if a is not None}, {}, frozenset())


def checked(of: Case, slip: Slip | None, *names: str) -> Report:
    """The report on what core with a slip computes."""
    from core.check.align import Said

    values = run(of, slip.replaced if slip else {}).values
    kept = {n: values[n] for n in names or values if n in values}
    if of.kind.startswith("gru"):  # z and the form of the reset are conventions: a file is read by the one that fits
        return compare(Aligned(of, kept, Layout(gru.GATES), dict.fromkeys(kept, 1e-9), (), (), clean(of)))
    return compare(align(dumped(of, kept), said=Said(of.kind, gates="ifog", activation=of.activation)))


@pytest.mark.parametrize(
    ("kind", "activation"), [*((k, "tanh") for k in KINDS if k != "rnn"), *(("rnn", a) for a in ACTIVATIONS)]
)
def test_the_open_passes_are_cores(kind: str, activation: str) -> None:
    """Step by step with named equations gives what the fast layers give, every quantity of them."""
    of = case(kind, activation)
    ours, open_ = clean(of), run(of).values
    assert list(ours) == list(open_)
    for name, array in ours.items():
        np.testing.assert_allclose(open_[name], array, rtol=1e-12, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_implementation_agrees(kind: str) -> None:
    """Nothing is blamed where nothing is wrong."""
    report = checked(case(kind), None)
    assert report.first is None
    assert all(row.equal for row in report.rows)


def _each() -> list[tuple[str, str, str]]:
    every = [(kind, "tanh", slip.id) for kind in KINDS for slip in slips(kind)]
    known = {slip.id for slip in slips("rnn")}
    every += [("rnn", a, slip.id) for a in ACTIVATIONS[1:] for slip in slips("rnn", a) if slip.id not in known]
    return every


@pytest.mark.few(100)
@pytest.mark.parametrize(("kind", "activation", "name"), _each())
def test_each_slip_is_named(kind: str, activation: str, name: str) -> None:
    """What core with the slip computes comes back as that slip and no other, with the evidence beside it."""
    of = case(kind, activation)
    slip = next(s for s in slips(kind, activation) if s.id == name)
    found = checked(of, slip).found
    assert found is not None
    assert found.slip.id == name
    assert not found.alike
    assert found.whole
    assert found.residue < 1e-12
    assert found.next > 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_at_least_fifteen(kind: str) -> None:
    """Every usual slip is known, and no id stands twice."""
    ids = [slip.id for slip in slips(kind) if not slip.target]
    assert len(ids) >= 30
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["h-for-h-prev", "no-forget-back", "c-for-c-prev", "transpose"])
def test_a_slip_is_named_from_the_weights_gradients_alone(name: str) -> None:
    """Who brings only dW_x, dW_h and db learns it too."""
    slip = next(s for s in slips("lstm") if s.id == name)
    found = checked(case("lstm"), slip, *WEIGHTS).found
    assert found is not None
    assert found.slip.id == name


def test_two_slips_name_the_first_on_the_way_back() -> None:
    """With two at once, the one met first is named, and the other after it."""
    one, other = (next(s for s in slips("lstm") if s.id == name) for name in ("c-for-c-prev", "h-for-h-prev"))
    both = Slip("both", one.at, "", "", "", {**one.replaced, **other.replaced})
    found = checked(case("lstm"), both).found
    assert found is not None
    assert found.slip.id == "c-for-c-prev"
    assert found.further is not None
    assert found.further.id == "h-for-h-prev"


def test_two_slips_are_found_from_the_weights_gradients_alone() -> None:
    """Where neither slip alone gives any array, pairs are tried."""
    one, other = (next(s for s in slips("rnn") if s.id == name) for name in ("slope-of-state", "transpose"))
    both = Slip("both", one.at, "", "", "", {**one.replaced, **other.replaced})
    found = checked(case("rnn"), both, *WEIGHTS).found
    assert found is not None
    assert {found.slip.id, found.further.id if found.further else ""} == {"slope-of-state", "transpose"}


def test_an_unknown_slip_is_not_named() -> None:
    """Numbers that no slip gives are shown at the first step that differs, and nothing is guessed."""
    odd = Slip("odd", "da_f", "", "", "", {"da_f": lambda s: s.dc * s.c_prev * s.f * (1 - s.f) * 1.234 + 0.01})
    report = checked(case("lstm"), odd)
    assert report.found is None
    assert report.first is not None
    assert (report.first.name, report.first.step, report.first.gate) == ("da_f", 5, "f")


def test_float32_is_no_difference() -> None:
    """What float32 rounds away is not called a slip, and a slip is still named."""
    of = case("lstm")
    values = {n: v.astype(np.float32) for n, v in run(of).values.items()}
    dump = dumped(of, {})
    arrays = {n: a.astype(np.float32) for n, a in dump.arrays.items()} | values
    found = compare(align(Dump(arrays, {}, frozenset(values))))
    assert found.first is None
    slip = next(s for s in slips("lstm") if s.id == "tanh-g-twice")
    values = {n: v.astype(np.float32) for n, v in run(of, slip.replaced).values.items()}
    named = compare(align(Dump(arrays | values, {}, frozenset(values)))).found
    assert named is not None
    assert named.slip.id == "tanh-g-twice"


def test_a_number_that_is_none_is_pointed_at() -> None:
    """NaN in the learner's array differs, at its place."""
    of = case("rnn")
    values = {n: v.copy() for n, v in run(of).values.items()}
    values["dh"][1, 2, 3] = np.nan
    report = compare(align(dumped(of, values)))
    assert report.first is not None
    assert (report.first.name, report.first.step, report.first.index) == ("dh", 2, (2, 3))
