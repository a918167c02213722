"""What the doctor finds, and where it keeps quiet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import doctor, model, stack, tasks, windows, zoo
from core import network as networks
from core.doctor import Case, Finding
from core.params import Array

RNG = np.random.default_rng


def made(kind: str = "rnn", *, T: int = 13, D: int = 3, seed: int = 1, x: Array | None = None, **how: Any) -> Case:
    """A fresh network on a sequence of numbers from -1 to 1."""
    y = np.full((1, 1), how.pop("y", 1.0))
    if x is None:
        x = RNG([seed, 5]).uniform(-1, 1, (T, 1, D))
    return doctor.case(model.init(kind, x.shape[2], how.pop("H", 8), 1, rng=RNG(seed), **how), x, y)


def found(*cases: Case) -> dict[str, Finding]:
    """What is found, by kind."""
    return {finding.kind: finding for finding in doctor.findings(cases)}


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_usual_starts_are_well(kind: str) -> None:
    """Over seeds and ways to draw the weights nothing is found in a fresh network of any cell."""
    schemes = ("uniform", "xavier", "orthogonal")
    cases = [made(kind, seed=seed, scheme=schemes[seed % 3]) for seed in range(60)]
    assert [finding for case in cases for finding in doctor.findings((case,))] == []


@pytest.mark.parametrize("name", [n for n in zoo.RECIPES if "lstm" in n or "slow" in n])
def test_trained_networks_that_remember_are_well(name: str) -> None:
    """The lessons' trained networks decide by saturating a part of their gates, and that is no finding."""
    entry = zoo.load(name)
    task = tasks.make(entry.recipe.task)
    for seed in range(10):
        batch = task.sample(RNG(seed), 1)
        assert doctor.findings((doctor.case(entry.model, batch.x, batch.y, drawn=True),)) == ()


def test_large_inputs_that_saturate_are_found_with_the_value_and_its_place() -> None:
    """Unscaled inputs are the first finding, with what the deepest gate takes the sigmoid of."""
    x = RNG(0).uniform(-1, 1, (20, 1, 2))
    x[:, 0, 1] += 1e6
    x[6, 0, 1] = 1_083_351.0
    case = made("lstm", x=x)
    worst = doctor.findings((case,))[0]
    assert (worst.kind, worst.value, worst.t, worst.numbers["column"]) == ("unscaled", 1_083_351.0, 7, 2)
    block, layer = "ifog".index(worst.of), case.model.cell
    h = case.trace.cell.h[worst.t - 1, 0]
    a = x[worst.t - 1, 0] @ layer.W_x + h @ layer.W_h + layer.b
    assert worst.numbers["size"] == pytest.approx(a[8 * block + worst.unit - 1])
    assert abs(worst.numbers["size"]) == pytest.approx(np.abs(a).max())


def test_large_inputs_into_small_weights_are_well() -> None:
    """A network that was trained on large numbers has small weights, and nothing saturates."""
    x = 1000 * RNG(1).uniform(-1, 1, (12, 1, 3))
    case = made("lstm", x=x)
    small = replace(case.model, cell=replace(case.model.cell, W_x=case.model.cell.W_x / 1000))
    assert "unscaled" not in found(doctor.case(small, x, np.ones((1, 1))))


def test_states_that_explode_behind_a_loss_of_nothing_are_found() -> None:
    """Where the loss is met and the states have grown, that is said, with the product that no gradient shows."""
    shown = made("rnn", T=30, activation="identity", gain=4.0, seed=3)
    sign = float(shown.trace.logits[-1, 0, 0] > 0)
    finding = found(doctor.case(shown.model, shown.trace.cell.x, np.full((1, 1), sign)))["hidden"]
    h = np.abs(shown.trace.cell.h[1:, 0])
    assert finding.value == h.max() > 1e6
    assert h[finding.t - 1, finding.unit - 1] == h.max()
    assert finding.numbers["sent"] == 0
    product = np.linalg.matrix_power(shown.model.cell.W_h, 30)
    assert finding.numbers["product"] == pytest.approx(np.log10(np.linalg.norm(product, 2)), abs=1e-6)
    other = found(doctor.case(shown.model, shown.trace.cell.x, np.full((1, 1), 1 - sign)))
    assert "hidden" not in other
    assert {"states", "exploding"} <= set(other)


@pytest.mark.parametrize(("bias", "kind"), [(5.0, "open"), (-5.0, "saturated")])
def test_forget_gates_at_one_are_told_from_those_at_zero(bias: float, kind: str) -> None:
    """Held open may be wanted; closed is not."""
    case = made("lstm", forget_bias=bias, seed=4)
    finding = found(case)[kind]
    f = case.trace.cell.f[:, 0]  # type: ignore[union-attr]
    at = (f < 0.01) | (f > 0.99)
    assert finding.of == "f"
    assert finding.value == at.mean()
    assert finding.numbers["units"] == at.sum(axis=1).max() == at[finding.t - 1].sum()
    assert finding.numbers["steps"] == at[:, finding.unit - 1].sum()


def test_a_relu_unit_that_is_zero_at_every_step_is_dead() -> None:
    """A unit without slope is found; the same network with tanh has none."""
    case = made("rnn", activation="relu", scheme="identity", seed=2)
    assert "dead" not in found(case)
    cell = replace(case.model.cell, b=np.where(np.arange(8) == 5, -50.0, case.model.cell.b))
    finding = found(doctor.case(replace(case.model, cell=cell), case.trace.cell.x, np.ones((1, 1))))["dead"]
    assert (finding.unit, finding.of, finding.value) == (6, "relu", 1 / 8)
    assert "dead" not in found(made("rnn", scheme="identity", seed=2))


def test_a_gradient_that_vanishes_is_found_where_it_falls_under_a_hundredth() -> None:
    """The evidence is the last step, on the way back, at which under 1 % is left."""
    case = made("rnn", activation="sigmoid")
    finding = found(case)["vanishing"]
    norms = np.linalg.norm(case.backward.cell.dh[:, 0], axis=1)
    assert finding.value == pytest.approx(norms[0] / norms[-1])
    assert norms[finding.t - 1] < 0.01 * norms[-1] <= norms[finding.t]
    assert finding.numbers["back"] == case.T - finding.t
    h = case.trace.cell.h[1:]
    assert finding.numbers["slope"] == pytest.approx((h * (1 - h)).mean())
    assert finding.numbers["radius"] == pytest.approx(np.abs(np.linalg.eigvals(case.model.cell.W_h)).max())


def test_an_lstm_whose_cell_state_carries_does_not_vanish() -> None:
    """What comes back through c counts, though little comes back through h."""
    case = made("lstm", gain=0.0, forget_bias=3.0, T=10)
    assert case.reach["h"] == 0
    assert "vanishing" not in found(case)
    forgets = made("lstm", forget_bias=-3.0)
    assert found(forgets)["vanishing"].numbers["f"] == forgets.trace.cell.f.mean() < 0.1  # type: ignore[union-attr]


def test_padding_under_the_readout_is_found_with_its_first_step() -> None:
    """Zero rows at the end are found where they cost the gradient, and the read-out stands behind them."""
    x = RNG(2).uniform(-1, 1, (20, 1, 2))
    x[13:] = 0
    case = made("lstm", x=x)
    finding = found(case)["padding"]
    assert (finding.t, finding.numbers["steps"], finding.numbers["zero"]) == (14, 7, 1)
    every = replace(case.model, readout="every")
    assert "padding" not in found(doctor.case(every, x, np.ones((20, 1, 1))))


def test_a_loss_that_is_met_sends_nothing_and_that_is_found() -> None:
    """A target equal to the output leaves nothing to learn; no share of nothing is taken."""
    case = made("rnn", loss="mse")
    met = found(doctor.case(case.model, case.trace.cell.x, case.trace.y_hat[-1]))
    assert set(met) == {"no_gradient"}
    assert met["no_gradient"].value == 0


def test_inputs_that_tell_nothing_are_found_by_column() -> None:
    """A constant column, and one that is another once more, are named; words as places are left alone."""
    x = RNG(3).uniform(-1, 1, (15, 1, 4))
    x[:, :, 2], x[:, :, 3] = 0.7, 3 * x[:, :, 0] - 1
    notes = found(made("lstm", x=x, forget_bias=2.0))
    assert notes["constant"].numbers["column"] == 2
    assert (notes["duplicate"].numbers["one"], notes["duplicate"].numbers["other"]) == (0, 3)
    words = np.zeros((15, 1, 6))
    words[np.arange(15), 0, RNG(4).integers(0, 4, 15)] = 1
    assert not {"constant", "duplicate"} & set(found(made("lstm", x=words, forget_bias=2.0)))


def test_the_examples_of_tasks_are_as_they_are_meant() -> None:
    """Nothing is found in the data of a task, whatever it looks like."""
    for name in tasks.TASKS:
        task = tasks.make(name)
        for seed in range(5):
            batch = task.sample(RNG(seed), 1)
            fresh = model.init("lstm", task.D, 8, task.O, rng=RNG(seed), readout=task.readout, loss=task.loss)
            assert doctor.findings((doctor.case(fresh, batch.x, batch.y, drawn=True),)) == (), (name, seed)


def test_one_step_and_one_unit_are_no_trouble() -> None:
    """The smallest run can be looked at."""
    assert doctor.findings((made("lstm", T=1, D=1, H=1), made("rnn", T=2, D=1, H=1))) == ()


def test_what_is_of_the_data_is_said_once() -> None:
    """Two networks on one sequence share what is wrong with it."""
    x = RNG(5).uniform(-1, 1, (15, 1, 2))
    x[:, :, 1] = 0.3
    kinds = [finding.kind for finding in doctor.findings((made("rnn", x=x), made("lstm", x=x)))]
    assert kinds.count("constant") == 1


def stacked(
    kind: str = "lstm", *, T: int = 13, layers: int = 2, both: bool = False, window: int = 0, x: Array | None = None,
    readout: str | int = "last", change: Callable[[int, Any], Any] = lambda _k, cell: cell, seed: int = 1,
) -> tuple[Case, ...]:  # fmt: skip
    """Every part of a fresh stack on a sequence of numbers from -1 to 1; ``change`` makes another cell of a layer's."""
    x = RNG([seed, 5]).uniform(-1, 1, (T, 1, 3)) if x is None else x
    params = stack.init(kind, 3, 8, layers=layers, bidirectional=both, rng=RNG(seed))
    cells = tuple(tuple(change(k, cell) for cell in row) for k, row in enumerate(params.layers))
    width = params.sizes[1]
    W_y = RNG(seed).uniform(-0.4, 0.4, (width, 1))
    net = networks.Network(stack.StackParams(cells), W_y, np.zeros(1), readout=readout)
    y = np.ones((T, 1, 1)) if readout == "every" else np.ones((1, 1))
    trace = networks.run(net, x, y)
    cut = windows.in_windows(net, x, y, window) if window else None
    return doctor.parts(net, trace, networks.backprop(net, trace), cut)


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("readout", ["final", "every"])
@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_usual_stacks_are_well(kind: str, both: bool, readout: str) -> None:
    """In fresh stacks nothing is found, in one direction or two."""
    for seed in range(8):
        assert doctor.findings(stacked(kind, both=both, readout=readout, seed=seed)) == (), seed


def test_a_network_of_one_layer_is_looked_at_as_a_model_is() -> None:
    """One layer read at its last step gives the same looks, whichever way it is run."""
    single = made("lstm", forget_bias=-3.0)
    net = networks.of(single.model)
    trace = networks.run(net, single.trace.cell.x, np.ones((1, 1)))
    (case,) = doctor.parts(net, trace, networks.backprop(net, trace))
    for one, other in zip(doctor.looks(case), doctor.looks(single), strict=True):
        assert (one.kind, one.t, one.unit, one.found, one.part) == (
            other.kind, other.t, other.unit, other.found, other.part,
        )  # fmt: skip
        assert one.value == pytest.approx(other.value)


def test_the_layer_that_is_broken_is_the_one_that_is_named() -> None:
    """Closed forget gates in one layer are found there; the gradient goes round it through the other."""

    def closed(at: int) -> Callable[[int, Any], Any]:
        return lambda k, cell: replace(cell, b=np.where(np.arange(32) // 8 == 1, -9.0, cell.b)) if k == at else cell

    for at in (0, 1):
        seen = doctor.findings(stacked(change=closed(at)))
        assert {each.layer for each in seen if each.kind == "saturated"} == {at + 1}
        assert all(each.depth == 2 for each in seen)


def test_a_gradient_that_another_layer_carries_has_not_vanished() -> None:
    """A lower layer without memory is well where the one above brings the gradient to the first step."""
    forgets = {1: -9.0, 2: 3.0}

    def change(k: int, cell: Any) -> Any:
        W_h = 0 * cell.W_h if k == 0 else cell.W_h
        return replace(cell, W_h=W_h, b=np.where(np.arange(32) // 8 == 1, forgets[k + 1], cell.b))

    cases = stacked(change=change)
    own, total = max(cases[0].reach.values()), cases[0].place.total  # type: ignore[union-attr]
    assert own < doctor.looks(cases[0])[0].value or own < 1e-6
    assert total > 0.1
    assert "vanishing" not in found(*cases)
    both = stacked(change=lambda _k, cell: change(0, cell))
    assert [each.layer for each in doctor.findings(both) if each.kind == "vanishing"] == [1, 2]


def test_a_layer_that_no_gradient_reaches_is_found() -> None:
    """Where the layer above hands on nothing, that is said of the one below, and nothing else of its gradient."""
    seen = found(*stacked(change=lambda k, cell: replace(cell, W_x=0 * cell.W_x) if k == 1 else cell))
    assert seen["unreached"].layer == 1
    assert seen["unreached"].value == 0
    assert "vanishing" not in seen


def test_a_window_is_judged_by_what_it_lets_through() -> None:
    """Behind a border nothing is missed; what vanishes within a window is found with its first and last step."""
    assert "vanishing" not in found(*stacked(T=40, window=8, layers=1))
    forgets = {"change": lambda _k, cell: replace(cell, W_h=0 * cell.W_h, b=np.full(32, -4.0))}
    finding = found(*stacked(T=40, window=8, layers=1, **forgets))["vanishing"]  # type: ignore[arg-type]
    assert (finding.first, finding.last) == (33, 40)
    assert 33 <= finding.t <= 40


def test_a_part_that_reads_from_the_end_counts_the_steps_of_the_sequence() -> None:
    """Its gradient sets out at step 1 and vanishes on its way to the last."""

    def change(_k: int, cell: Any) -> Any:
        return replace(cell, W_h=0 * cell.W_h, b=np.full(32, -4.0))

    ill = doctor.findings(stacked(layers=1, both=True, readout="final", change=change))
    seen = {each.direction: each for each in ill if each.kind == "vanishing"}
    assert (seen["forward"].first, seen["forward"].last) == (1, 13)
    assert (seen["backward"].first, seen["backward"].last) == (13, 1)


def test_padding_is_found_under_a_stack() -> None:
    """Rows of zeros before the read-out are said once, of the sequence."""
    x = RNG(2).uniform(-1, 1, (30, 1, 3))
    x[12:] = 0
    ill = doctor.findings(stacked(x=x))
    assert [(each.t, each.layer) for each in ill if each.kind == "padding"] == [(13, 1)]


def test_the_worst_is_first() -> None:
    """Findings come in the order of `KINDS`, causes before what follows from them."""
    x = 1e6 * RNG(6).uniform(0.5, 1, (12, 1, 2))
    kinds = [finding.kind for finding in doctor.findings((made("rnn", x=x),))]
    assert kinds == sorted(kinds, key=doctor.KINDS.index)
    assert kinds[0] == "unscaled"
    assert len(kinds) > 1
