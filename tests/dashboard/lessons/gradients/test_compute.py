"""The runs behind the lesson on gradient flow: presets do what their names say, and every number is `core`'s."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import flow, jacobian, model
from core.activations import ACTIVATIONS as PHI
from dashboard.kit.run import compute
from dashboard.kit.run.settings import MAX_LINK, Settings
from dashboard.lessons.gradients import clipped
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients.settings import ACTIVATIONS, CASES, MAX_T, PRESETS, FlowSettings

SEEDS = range(20)


def products(preset: str, **changes: int) -> list[tuple[float, float]]:
    """log₁₀ of what tanh leaves at step 1 and the spectral radius, for several seeds."""
    found = []
    for seed in SEEDS:
        asked = replace(FlowSettings(preset=preset, seed=seed), **changes)
        (card,) = [card for card in gradients_runs.cards(asked) if card.name == preset]
        found.append((float(card.product[0]), card.radius))
    return found


def test_vanishing_vanishes() -> None:
    """Less than a millionth is left after fifty steps, whatever the seed."""
    assert all(left < -6 for left, _ in products("vanishing"))


def test_stable_stays() -> None:
    """At least a third is left and at most what there was, at a radius of 1."""
    assert all(-0.5 < left <= 1e-9 and radius == pytest.approx(1) for left, radius in products("stable"))


def test_exploding_explodes() -> None:
    """It grows more than a hundredfold in fifty steps and at least tenfold in ten."""
    assert all(left > 2 for left, _ in products("exploding"))
    assert all(left > 1 for left, _ in products("exploding", T=10))


def test_a_radius_below_1_can_grow() -> None:
    """A non-normal W_h stretches more than tenfold although its radius is 0.9."""
    assert all(left > 0.99 and radius == pytest.approx(0.9) for left, radius in products("grows"))


def test_a_radius_above_1_can_vanish() -> None:
    """Saturated units leave less than 10⁻⁴ although the radius is above 1."""
    assert all(left < -4 and radius > 1.2 for left, radius in products("vanishes"))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("readout", ["last", "every"])
def test_the_inspector_opens_the_very_same_network(preset: str, readout: str) -> None:
    """The settings fit a link at 100 steps, come back unchanged, and give the same gradients."""
    settings = FlowSettings(preset=preset, T=MAX_T, readout=readout, activation="relu")
    network = settings.network()
    query = network.to_query()
    assert sum(len(name) + len(text) for name, text in query.items()) < MAX_LINK
    read, problems = Settings().updated(query)
    assert (read, problems) == (network, ())
    sequence = compute.sequence(read)
    (run,) = compute.inspect(read, sequence, compute.start(read, sequence)).runs
    shown = gradients_runs.flow_run(settings).flows["relu"]
    np.testing.assert_array_equal(flow.log10(run.norms["h"]), shown.norms)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("T", [10, MAX_T])
def test_every_number_is_core_s(preset: str, T: int) -> None:
    """Product, factors and norms of all three activations come from one run each; the bound lies above the product."""
    settings = FlowSettings(preset=preset, T=T)
    found = gradients_runs.flow_run(settings)
    assert list(found.flows) == list(ACTIVATIONS)
    for name, each in found.flows.items():
        trace = model.run(each.model, found.sequence.x, found.sequence.y)
        backward = model.backprop(each.model, trace)
        product = jacobian.running_product(jacobian.jacobians(each.model, trace)).largest
        np.testing.assert_array_equal(each.product, product[1:])
        np.testing.assert_array_equal(each.norms, flow.log10(flow.norms(backward)["h"]))
        assert (each.product <= found.bound(name) + 1e-9).all()
        assert found.bound(name)[-2] == pytest.approx(np.log10(PHI[name].steepest * found.growth.sigma_max), abs=1e-12)
    np.testing.assert_allclose(found.chapter, np.arange(T - 1, -1, -1) * np.log10(0.25))
    assert set(found.finished) == set(ACTIVATIONS)


def test_a_run_that_overflows_says_where() -> None:
    """Nothing raises: the flow carries the place instead of numbers."""
    network = replace(
        FlowSettings(T=10).network(), numbers="\n".join(["1e307, 0, 0, 0"] * 10), scheme="identity", gain=4.0
    )
    sequence = compute.sequence(network)
    start = compute.start(replace(network, activation="identity"), sequence)["rnn"]
    found = gradients_runs.flow_of(start, sequence)
    assert found.place is not None
    assert found.place.quantity == "a"
    assert found.backward is None
    assert np.isnan(found.product).all()


def test_contributions_are_those_of_all_steps() -> None:
    """Early and late parts are sums of what core attributes to the steps; a vanishing run has no early part."""
    settings = FlowSettings()
    found = gradients_runs.share(gradients_runs.flow_run(settings).flows["tanh"])
    assert found is not None
    assert found.total == pytest.approx(
        float(np.linalg.norm(gradients_runs.flow_run(settings).flows["tanh"].backward.grads["W_h"]))  # type: ignore[union-attr]
    )
    assert abs(found.early) < 1e-3 * found.total
    assert found.late == pytest.approx(found.total, rel=1e-2)
    halves = gradients_runs.share(gradients_runs.flow_run(FlowSettings(preset="stable", T=20)).flows["tanh"])
    assert halves is not None
    assert halves.early + halves.late == pytest.approx(halves.total)  # the first ten steps and the last
    assert abs(halves.early) > 1e-2 * halves.total


def test_histogram_holds_every_pre_activation() -> None:
    """Counts add up to T·H also where some lie beyond the axis, and the mean slope is the run's own."""
    found = gradients_runs.flow_run(FlowSettings(preset="vanishes"))
    for name, each in gradients_runs.slopes_of(found).items():
        a = found.flows[name].trace.cell.a  # type: ignore[union-attr]
        assert each.counts.sum() == a.size
        assert each.mean == pytest.approx(float(PHI[name].slope(found.flows[name].trace.cell.h[1:]).mean()))
    assert each.outside == pytest.approx(float((np.abs(a) > 6).mean()))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_clipping_does_nothing_for_a_vanished_gradient(seed: int) -> None:
    """What the first half of the steps sends stays as short as it is."""
    found = gradients_clipping.case(FlowSettings(case="vanishing", seed=seed))
    assert found.untouched
    assert found.steps[0].length < 1e-4
    assert all(step.loss == pytest.approx(found.before, abs=1e-6) for step in found.steps)


def test_the_early_gradient_is_a_part_of_the_whole() -> None:
    """Early and late immediate gradients sum to the gradient; the read-out has no part in it."""
    settings = FlowSettings(preset="stable", T=10)
    run = gradients_runs.flow_run(settings)
    each = run.flows["tanh"]
    assert each.backward is not None
    early = gradients_clipping.early(each.model, each.trace, each.backward)
    cell = each.trace.cell
    late = cell.h[5:-1, 0].T @ each.backward.cell.da[5:, 0]
    np.testing.assert_allclose(early["W_h"] + late, each.backward.grads["W_h"], atol=1e-12)
    assert not early["W_y"].any()


def test_at_the_cliff_only_a_clipped_step_helps() -> None:
    """The whole step ends higher than it began, both clipped ones lower; the curve runs through where they land."""
    found = gradients_clipping.case(FlowSettings(case="cliff"))
    none, value, norm = found.steps
    assert none.length > 100
    assert none.loss > 2 * found.before
    assert max(value.loss, norm.loss) < found.before / 4
    for way, step in (("none", none), ("value", value), ("none", norm)):
        curve = np.interp(np.log10(step.step), np.log10(found.lengths), found.losses[way])
        assert curve == pytest.approx(step.loss, rel=0.1)


def test_stable_rests_on_its_small_inputs() -> None:
    """With inputs of size 1 the same W_h leaves less than 10⁻⁵, whatever the seed: the preset is not W_h alone."""
    for seed in SEEDS:
        other = gradients_runs.elsewhere(FlowSettings(preset="stable", seed=seed))
        assert other.size == 1.0
        assert other.left < -5


@pytest.mark.parametrize("preset", PRESETS)
def test_elsewhere_is_the_same_network_with_other_inputs(preset: str) -> None:
    """Weights and activation stay; small inputs become large and large ones small."""
    settings = FlowSettings(preset=preset, activation="sigmoid", T=20)
    other = gradients_runs.elsewhere(settings)
    assert (other.size > settings.size()) == (settings.size() < gradients_runs.BETWEEN)
    asked = replace(settings, inputs=other.size / PRESETS[preset].inputs)
    assert asked.size() == pytest.approx(other.size)
    run, own = gradients_runs.flow_run(asked), gradients_runs.flow_run(settings)
    assert other.left == pytest.approx(run.flows["sigmoid"].left, rel=1e-12)
    np.testing.assert_array_equal(run.flows["sigmoid"].model.cell.W_h, own.flows["sigmoid"].model.cell.W_h)


@pytest.mark.parametrize("seed", SEEDS)
def test_sigmoid_networks_lie_on_both_sides_of_the_chapter_s_product(seed: int) -> None:
    """As the words say of the sigmoid's own case: the first preset leaves far less than 0.25^k, the third far more."""
    less, more = (gradients_runs.flow_run(FlowSettings(preset=name, seed=seed)) for name in ("vanishing", "exploding"))
    assert [*PRESETS][:3:2] == ["vanishing", "exploding"]
    assert less.flows["sigmoid"].left < less.chapter[0] - 3
    assert more.flows["sigmoid"].left > more.chapter[0] + 3


def test_the_counts_of_clipped_steps_are_those_of_the_networks() -> None:
    """What is stored comes out again: every count, and its limit."""
    again, stored = clipped.count(), clipped.stored()
    assert stored.networks == len(clipped.SEEDS) >= 10
    assert (stored.norm, stored.value, stored.lengths) == (again.norm, again.value, again.lengths)
    assert (stored.T, stored.H, stored.limit) == (again.T, again.H, again.limit)


def test_the_cliff_is_counted_at_every_limit_and_rate() -> None:
    """The two ways' cases add up, and the lab's own numbers at the cliff are among those where value lands lower."""
    found = gradients_clipping.at_other_limits()
    assert found.value + found.norm == found.cases == 9
    assert 0 < found.value < found.norm


def test_the_lab_follows_its_numbers() -> None:
    """Learning rate and limits come from the settings, for each case."""
    for name in CASES:
        found = gradients_clipping.case(FlowSettings(case=name, T=20, lr=0.02, limit=1e-9, max_norm=1e-8))
        none, value, norm = found.steps
        assert none.step == pytest.approx(0.02 * none.length)
        assert norm.length == pytest.approx(min(1e-8, none.length))
        assert max(np.abs(g).max() for g in value.grads.values()) <= 1e-9


def test_the_failing_run_fails_and_clipping_saves_it() -> None:
    """Its loss goes up by many powers of ten before it is NaN; the clipped run stays finite and lowers its loss."""
    plain, clipped, T = gradients_runs.failing()
    losses = [update.loss for update in plain.updates]
    assert np.isnan(losses[-1])
    assert losses[-2] > 1e10 * losses[0]
    assert plain.infinity is not None
    assert plain.nan is not None
    assert 1 <= plain.infinity.t <= plain.nan.t <= T
    assert all(update.finite for update in clipped.updates)
    assert clipped.updates[-1].loss < clipped.updates[0].loss
