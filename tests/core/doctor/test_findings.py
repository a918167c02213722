"""What the doctor finds, and where it keeps quiet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import doctor, model, tasks, zoo
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


def test_the_worst_is_first() -> None:
    """Findings come in the order of `KINDS`, causes before what follows from them."""
    x = 1e6 * RNG(6).uniform(0.5, 1, (12, 1, 2))
    kinds = [finding.kind for finding in doctor.findings((made("rnn", x=x),))]
    assert kinds == sorted(kinds, key=doctor.KINDS.index)
    assert kinds[0] == "unscaled"
    assert len(kinds) > 1
