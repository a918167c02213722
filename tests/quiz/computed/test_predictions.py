"""Experiments that a learner predicts: deterministic, documented, and slips that stay wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from quiz.computed import predictions
from quiz.computed.predictions import EXPERIMENTS, Prediction, Setting

VARIED: Mapping[str, tuple[dict[str, Setting], ...]] = {
    "rnn-decades": ({"activation": "sigmoid"}, {"scheme": "orthogonal", "T": 40}, {"gain": 3.0, "activation": "relu"}),
    "lstm-decades": ({"forget_bias": 4}, {"T": 60, "seed": 3}),
    "rnn-share": ({"scheme": "orthogonal"}, {"activation": "identity", "gain": 2.0}),
    "lstm-share": ({"forget_bias": 5.0}, {"T": 3}),
    "truncation-lost": ({"window": 1}, {"window": 12}, {"gain": 2.0}),
    "steps-below": ({"factor": 0.5, "bound": 0.125}, {"factor": 0.9, "bound": 0.01}),
    "steps-to-overflow": ({"factor": 1.1}, {"factor": 10.0}),
    "direct-path": ({"forget_bias": 3.0, "k": 100}, {"forget_bias": -1.0}),
    "memory-horizon": ({"forget_bias": 4.0}, {"forget_bias": 0}),
    "cell-after": ({"i": 1.0, "f": 1.0}, {"c_0": 2.0, "i": 0.0}),
    "largest-singular-value": ({"w12": 3.0}, {"h1": 0.9, "h2": -0.9}),
    "loss-after-update": ({"lr": 2.0}, {"y": 0.0}),
    "nudge": ({"weight": "w_x"}, {"weight": "w_y", "by": -0.1}),
    "clip-norm": ({"max_norm": 10.0}, {"entry": 2, "g3": 12.0}),
    "clip-value": ({"limit": 3.5}, {"g3": 2.0}),
    "first-input": ({"activation": "relu", "k": 10}, {"w_h": 2.0}),
    "parameter-total": ({"kind": "rnn"}, {"O": 3}),
    "constant-guess": ({"task": "adding"}, {"task": "parity"}, {"task": "delayed-xor"}),
}


def runs() -> list[tuple[str, dict[str, Setting]]]:
    """Every experiment at its defaults and with some settings changed."""
    return [(name, settings) for name in EXPERIMENTS for settings in ({}, *VARIED[name])]


@pytest.mark.parametrize(("name", "settings"), runs())
def test_answer_is_a_number_and_slips_stay_outside_the_widest_tolerance(
    name: str, settings: dict[str, Setting]
) -> None:
    """A right prediction is never told off for a slip, and each slip is told from the others."""
    experiment = EXPERIMENTS[name]
    prediction = experiment(settings)
    assert math.isfinite(prediction.answer)
    assert prediction.shown
    values = [float(slip.answer) for slip in prediction.slips]
    assert values
    assert len(values) <= 5
    for k, value in enumerate(values):
        for other in (prediction.answer, *values[:k]):
            assert abs(value - other) > experiment.rel * max(abs(value), abs(other))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_same_settings_give_the_same_prediction(name: str) -> None:
    """An item that is asked again has the same answer."""
    assert EXPERIMENTS[name]({}) == EXPERIMENTS[name]({})


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_name_and_every_setting_are_documented(name: str) -> None:
    """Who writes an item finds name, settings, defaults and tolerance in the docstring."""
    experiment = EXPERIMENTS[name]
    documented = {line.split()[0]: line for line in (predictions.__doc__ or "").splitlines() if "=" in line}
    assert name in documented
    for setting, default in experiment.defaults.items():
        assert f" {setting}={default}" in documented[name]
    assert (f"[{experiment.rel}]" in documented[name]) == (experiment.rel != 0.05)


KNOWN: tuple[tuple[str, dict[str, Setting], float], ...] = (
    ("steps-below", {"factor": 0.25, "bound": 1e-6}, 10),
    ("steps-below", {"factor": 0.5, "bound": 0.125}, 4),  # 0.5³ is the bound itself, not below it
    ("steps-to-overflow", {"factor": 2.0}, 1024),
    ("direct-path", {"forget_bias": 0.0, "k": 3}, 0.125),
    ("memory-horizon", {"forget_bias": 0.0}, 1 / math.log(2)),
    ("cell-after", {"i": 1.0, "f": 1.0, "g": 0.5, "c_0": 1.0, "k": 4}, 3.0),
    ("cell-after", {"i": 0.0, "f": 0.5, "g": 0.5, "c_0": 1.0, "k": 2}, 0.25),
    ("largest-singular-value", {"w11": 2.0, "w22": 1.0, "h1": 0.5, "h2": 0.0}, 1.5),
    ("clip-norm", {"g1": 3.0, "g2": 4.0, "max_norm": 1.0, "entry": 2}, 0.8),
    ("clip-value", {"g1": 3.0, "g2": -4.0, "limit": 1.0}, math.sqrt(2)),
    ("first-input", {"w_x": 1.0, "w_h": 0.5, "k": 3, "activation": "identity"}, 0.125),
    ("parameter-total", {"kind": "lstm", "D": 3, "H": 4, "O": 2}, 4 * (3 * 4 + 4 * 4 + 4) + 4 * 2 + 2),
    ("parameter-total", {"kind": "rnn", "D": 3, "H": 4}, 3 * 4 + 4 * 4 + 4),
    ("constant-guess", {"task": "recall"}, 25),
    ("lstm-share", {"T": 1}, 100),
    ("truncation-lost", {"window": 12}, 0),
)


@pytest.mark.parametrize(("name", "settings", "answer"), KNOWN)
def test_answers_that_are_known_by_hand(name: str, settings: dict[str, Setting], answer: float) -> None:
    """The run gives what arithmetic on paper gives."""
    assert EXPERIMENTS[name](settings).answer == pytest.approx(answer, rel=1e-9)


def test_update_goes_downhill_and_nudge_follows_the_gradient() -> None:
    """The loss falls, and a small nudge moves it by gradient times step."""
    update, small = EXPERIMENTS["loss-after-update"]({}), EXPERIMENTS["nudge"]({"by": 1e-4})
    before = float(update.slips[0].answer)
    assert update.answer < before
    gradient = next(float(slip.answer) for slip in small.slips if "per unit" in slip.reply)
    assert small.answer == pytest.approx(gradient * 1e-4, rel=1e-3)


def test_wrong_settings_are_all_named_at_once() -> None:
    """A typo or a word for a number is reported with what would fit."""
    with pytest.raises(ValueError, match=r"Q: rnn-share has no such setting.*T: rnn-share expects a whole number"):
        EXPERIMENTS["rnn-share"]({"Q": 1, "T": "ten"})


REFUSED: tuple[tuple[str, dict[str, Setting], str], ...] = (
    ("steps-below", {"factor": 1.5}, "factor"),
    ("steps-to-overflow", {"factor": 0.5}, "factor"),
    ("truncation-lost", {"window": 13}, "window"),
    ("largest-singular-value", {"h1": 1.0}, "h1"),
    ("nudge", {"weight": "b"}, "weight"),
    ("clip-norm", {"entry": 4}, "entry"),
    ("parameter-total", {"kind": "gru"}, "kind"),
)


@pytest.mark.parametrize(("name", "settings", "setting"), REFUSED)
def test_settings_out_of_range_are_refused_by_name(name: str, settings: dict[str, Setting], setting: str) -> None:
    """The message says which setting and what was expected."""
    with pytest.raises(ValueError, match=rf"{setting}.*(expected|not known)"):
        EXPERIMENTS[name](settings)


def test_prediction_is_frozen() -> None:
    """A prediction can be shared between sessions."""
    prediction = EXPERIMENTS["clip-norm"]({})
    assert isinstance(prediction, Prediction)
    with pytest.raises(AttributeError):
        prediction.answer = 1.0  # type: ignore[misc]
