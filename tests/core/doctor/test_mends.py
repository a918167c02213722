"""Mends are tried before they are offered."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core import doctor, model, tasks
from core.doctor import Case, Finding, Mend
from core.optim import SGD
from core.train import Diverged, train

NOW = {"gain": 1.0, "scheme": "uniform", "activation": "tanh", "forget_bias": 1.0}


def maker(kind: str, T: int = 13, **now: Any) -> Callable[[Mend], tuple[Case, ...]]:
    """What makes a fresh network of given settings anew with a mend."""
    x = np.random.default_rng(5).uniform(-1, 1, (T, 1, 3))
    settings = {**NOW, **now}

    def make(mend: Mend) -> tuple[Case, ...]:
        how = {**settings, **dict(mend)}
        data = (x * how.pop("times", 1)) / how.pop("divide", 1)
        if how.pop("scale", "") == "standard":
            data = (data - data.mean(axis=0)) / data.std(axis=0)
        shown = model.init(how.pop("cell", kind), 3, 8, 1, rng=np.random.default_rng(1), **how)
        return (doctor.case(shown, data, np.ones((1, 1))),)

    return make


def worst(make: Callable[[Mend], tuple[Case, ...]]) -> tuple[Finding, tuple[Finding, ...]]:
    """The finding that speaks, and all of them."""
    found = doctor.findings(make(()))
    return found[0], found


def test_the_forget_bias_mends_saturated_forget_gates_and_a_gain_is_not_offered() -> None:
    """Of what is tried, only what takes the gates back from the end of their range is offered."""
    now = {**NOW, "forget_bias": -5.0, "gain": 2.0}
    make = maker("lstm", forget_bias=-5.0, gain=2.0)
    finding, found = worst(make)
    assert finding.kind == "saturated"
    tried = list(doctor.candidates(finding, now))
    offers = doctor.tried(finding, found, tried, make)
    assert (("gain", 1.0),) in tried
    assert [offer.mend for offer in offers] == [(("forget_bias", 1.0),)]
    assert offers[0].before == finding.value > 0.8
    assert offers[0].after < 0.2


def test_large_inputs_are_standardised_or_divided_by_the_least_power_of_ten_that_does() -> None:
    """Both are tried first where inputs are large, and are offered with what the largest is then."""
    make = maker("lstm", times=38_994.0)
    finding, found = worst(make)
    largest = finding.value
    offers = doctor.tried(finding, found, doctor.candidates(finding, NOW, largest), make)
    assert {offer.mend for offer in offers} == {(("scale", "standard"),), (("divide", 10_000.0),)}
    assert all(offer.after <= doctor.LARGE for offer in offers)


def test_a_mend_that_brings_something_as_bad_is_not_offered() -> None:
    """Taking the dead units' ReLU away does not help where all that follows is worse."""
    make = maker("rnn", activation="sigmoid")
    finding, found = worst(make)
    assert finding.kind == "vanishing"

    def worse(_mend: Mend) -> tuple[Case, ...]:
        return maker("rnn", T=40, activation="identity", gain=4.0)(())

    assert doctor.tried(finding, found, [(("activation", "identity"),)], worse) == ()
    assert [offer.mend for offer in doctor.tried(finding, found, [(("activation", "tanh"),)], make)]


def test_what_cannot_be_made_is_no_mend() -> None:
    """A change that the settings do not allow is passed over."""
    finding, found = worst(maker("rnn", activation="sigmoid"))
    assert doctor.tried(finding, found, [(("until", 3),)], lambda _mend: None) == ()


def test_of_several_that_help_the_one_that_leaves_least_behind_comes_first() -> None:
    """A gain of 1 stops the growth and lets the gradient vanish; what leaves no finding stands before it."""
    make = maker("rnn", T=40, activation="identity", gain=4.0)
    finding, found = worst(make)
    offers = doctor.tried(
        finding, found, doctor.candidates(finding, {**NOW, "gain": 4.0, "activation": "identity"}), make
    )
    left = [max((each.severity for each in doctor.findings(make(offer.mend))), default=0) for offer in offers]
    assert left == sorted(left)
    assert len(offers) > 1


@pytest.mark.parametrize(("kind", "gain", "ways"), [("vanishing", 0.5, True), ("exploding", 0.5, False)])
def test_no_mend_goes_the_wrong_way(kind: str, gain: float, ways: bool) -> None:
    """A gain of 1 is tried against shrinking from 0.5, not against growth."""
    finding = Finding(kind, "rnn", 1.0, 1)
    offered = [mend for mend in doctor.candidates(finding, {**NOW, "gain": gain}) if mend == (("gain", 1.0),)]
    assert bool(offered) is ways


def test_settings_that_are_not_given_are_not_touched() -> None:
    """A network that was trained or brought keeps its weights: only its data can be mended."""
    finding = Finding("unscaled", "lstm", 1e4, 1)
    names = {name for mend in doctor.candidates(finding, {}, 1e4) for name, _ in mend}
    assert names == {"scale", "divide"}


def test_a_run_that_could_not_be_computed_is_helped_by_what_computes_and_does_not_grow() -> None:
    """Without a finding, mends against growth are tried, and those that leave it growing are no help."""
    now = {**NOW, "activation": "identity", "gain": 4.0}
    make = maker("rnn", T=40, activation="identity", gain=4.0)
    offers = doctor.tried(None, (), doctor.candidates(None, now), make)
    assert (("activation", "tanh"),) in [offer.mend for offer in offers]
    assert all(math.isnan(offer.before) for offer in offers)
    assert doctor.tried(None, (), [(("gain", 3.9),)], make) == ()


def test_training_that_breaks_is_steadied_by_its_rate_or_by_clipping() -> None:
    """The mends of a divergence are those of its cause, and each trains on past the step at which it broke."""
    task = tasks.make("adding")
    start = model.init(
        "rnn", task.D, 8, task.O, rng=np.random.default_rng(1), activation="identity", gain=2.0, loss=task.loss,
        readout=task.readout,
    )  # fmt: skip
    now = {"optimiser": "sgd", "lr": 1.0, "batch": 8, "clip": "none", "clip_at": 1.0, "seed": 1}

    def losses(lr: float) -> list[float]:
        run = train(start, task, steps=40, batch_size=8, optimiser=SGD(lr=lr), rng=np.random.default_rng([1, 7]))
        return [step.loss for step in run]

    with pytest.raises(Diverged):
        losses(1.0)
    mends = doctor.steadies(start, task, 3, now)
    assert mends
    assert {name for mend in mends for name, _ in mend} <= {"lr", "clip", "clip_at"}
    for mend in mends:
        if "lr" in (parts := dict(mend)):
            assert doctor.rose(losses(parts["lr"])) <= 1.5


def test_a_loss_that_rises_without_breaking_counts() -> None:
    """Last losses are held against that before the first update; few are not judged."""
    assert doctor.rose([1.0, 90, 90, 90, 90, *[80.0] * 20]) == 80
    assert doctor.rose([1.0, 5.0]) == 1
    assert doctor.rose([2.0, *[1.0] * 30]) == 0.5
