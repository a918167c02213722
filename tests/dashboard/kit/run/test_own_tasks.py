"""A task that somebody adds, with any number of settings and either kind of loss, works wherever tasks are used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from core import reach, tasks
from core.course import progress
from core.errors import InputError
from core.experiments import Experiment, Outcome, comparison, grid, run
from core.task import Batch, Task
from core.zoo.recipes import Recipe, accuracy, trained
from dashboard.inspector import train as controls
from dashboard.inspector.controls import key
from dashboard.kit.run import compute, distances
from dashboard.kit.run.settings import MAX_STEPS, Settings
from quiz.computed.predictions import hand


@dataclass(frozen=True)
class Echo(Task):
    """No setting, classes."""

    name = "echo"
    title = "Echo"
    description = "Name the first of three symbols."
    D, O, loss, chance, classes = 2, 2, "softmax", 0.5, ("a", "b")  # noqa: E741 - field notation

    @property
    def T(self) -> int:
        """Always 3."""
        return 3

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """One-hot symbols; y the first."""
        shown = rng.integers(2, size=(3, B))
        return Batch(np.eye(2)[shown], shown[0], tuple("ab"[k] for k in shown[:, 0]))


@dataclass(frozen=True)
class Count(Task):
    """Two settings, a yes or no at every step."""

    name = "count"
    title = "Count to a number"
    description = "Say at every step whether the ones so far are a multiple of a number."
    D, loss, readout, chance = 1, "bce", "every", 0.5
    bounds = MappingProxyType({"length": (1, 40), "modulus": (2, 5)})

    length: int = 8
    modulus: int = 3

    @property
    def T(self) -> int:
        """Same as length."""
        return self.length

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Random bits; y whether their sum divides."""
        bits = rng.integers(2, size=(self.T, B, 1))
        y = (bits.cumsum(axis=0) % self.modulus == 0).astype(float)
        return Batch(bits.astype(float), y, tuple(map(str, bits[:, 0, 0])))


@dataclass(frozen=True)
class Mean(Task):
    """One setting whose default is too long for the figure, a number without a tolerance."""

    name = "mean"
    title = "Mean of a sequence"
    description = "Give the mean of all numbers."
    D, loss = 1, "mse"
    bounds = MappingProxyType({"length": (5, 500)})

    length: int = 400

    @property
    def T(self) -> int:
        """Same as length."""
        return self.length

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Normal numbers; y their mean."""
        x = rng.normal(size=(self.T, B, 1))
        return Batch(x, x.mean(axis=0), tuple(f"{v:.2f}" for v in x[:, 0, 0]))


@dataclass(frozen=True)
class Delayed(Task):
    """Three settings, two numbers at every step."""

    name = "delayed"
    title = "Delayed copy"
    description = "Repeat two numbers after a delay."
    D, O, loss, readout = 2, 2, "mse", "every"  # noqa: E741 - field notation
    bounds = MappingProxyType({"delay": (0, 9), "extra": (1, 50), "scale": (1, 3)})

    delay: int = 2
    extra: int = 5
    scale: int = 1

    @property
    def T(self) -> int:
        """Delay and what follows."""
        return self.delay + self.extra

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Numbers; y the same, later."""
        x = self.scale * rng.normal(size=(self.T, B, 2))
        y = np.concatenate([np.zeros((self.delay, B, 2)), x[: self.extra]])
        return Batch(x, y, tuple(f"{v:.2f}" for v in x[:, 0, 0]))


OWN: tuple[type[Task], ...] = (Echo, Count, Mean, Delayed)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry with the tasks above in it."""
    monkeypatch.setattr(tasks, "TASKS", MappingProxyType(dict(tasks.TASKS) | {task.name: task for task in OWN}))


own = pytest.mark.parametrize("task", OWN, ids=lambda task: task.name)


def least(task: type[Task]) -> int:
    """A distance that the task allows."""
    return task.bounds[task.distance() or ""][0] if task.distance() else 0


@own
def test_task_is_made_by_name_and_at_a_distance(task: type[Task]) -> None:
    """The first setting is the distance; the others keep their defaults; what is not a setting is named."""
    assert tasks.make(task.name) == task()
    near = tasks.at(task.name, least(task))
    assert near == (task(**{task.distance(): least(task)}) if task.distance() else task())  # type: ignore[arg-type]
    with pytest.raises(InputError, match=f"colour: the task {task.name} has no such setting. It has"):
        tasks.make(task.name, colour=1)


def test_setting_without_bounds_is_named_where_the_task_is_made() -> None:
    """Whoever adds a setting and forgets its bounds reads which."""

    @dataclass(frozen=True)
    class Unbound(Count):
        name = "unbound"
        step: int = 1

    with pytest.raises(TypeError, match="bounds: the task unbound has none for step"):
        Unbound()


@pytest.mark.parametrize("task", [Mean, Delayed], ids=lambda task: task.name)
def test_regression_is_measured_by_the_variance_it_explains(task: type[Task]) -> None:
    """The mean answer explains nothing, half the error is three quarters, no error is all; one sequence is enough."""
    made = tasks.make(task.name)
    batch = made.sample(np.random.default_rng(5), 4_000)
    logits = batch.y.reshape(-1, *batch.y.shape[-2:])
    middle = np.broadcast_to(logits.mean(axis=(0, 1)), logits.shape)
    assert made.measure == "explained"
    assert made.score(logits, batch.y) == 1
    assert made.score(middle, batch.y) == pytest.approx(made.chance, abs=0.1)
    assert made.score((logits + middle) / 2, batch.y) == pytest.approx(0.75, abs=0.05)
    assert made.score(logits + 100, batch.y) == 0
    single = made.sample(np.random.default_rng(5), 1).y
    assert made.score(single.reshape(-1, *single.shape[-2:]), single) == 1


def test_regression_with_a_tolerance_counts_right_answers() -> None:
    """The adding problem has stated what counts as right."""
    adding = tasks.make("adding")
    assert adding.measure == "right"
    y = np.array([[1.0], [1.0]])
    assert adding.score(np.array([[[1.03], [1.05]]]), y) == 0.5


@own
def test_task_can_be_an_experiment(task: type[Task]) -> None:
    """Training goes on with a share from 0 to 1, the outcome survives JSON, and networks can be compared."""
    base = Experiment(task=task.name, gap=max(least(task), 3), H=3, steps=4, every=2, batch=4)
    for experiment in grid(base, cell=("rnn", "lstm")):
        outcome = run(experiment)
        assert outcome.at == (2, 4)
        assert all(0 <= share <= 1 for share in outcome.accuracy)
        assert Outcome(experiment).last == task.chance
        assert Outcome.from_dict(outcome.to_dict()).experiment == experiment
        assert reach.horizons(experiment, [0])[0] > 0
    assert comparison.rnn(task.name, base.gap, start="uniform", same_size=True)
    assert comparison.lstm(task.name, base.gap, bias=1.0)


@own
def test_task_can_have_a_trained_model(task: type[Task]) -> None:
    """A recipe trains and is tested at the task's distances."""
    recipe = Recipe(task.name, "rnn", H=2, most_gap=6, steps=2, batch=2, gaps=(least(task),))
    assert 0 <= accuracy(trained(recipe), recipe, B=8)[least(task)] <= 1


@own
def test_chance_of_a_task_can_be_asked_for(task: type[Task]) -> None:
    """The quiz states the accuracy of a constant answer."""
    assert hand.constant_guess(task.name).answer == 100 * task.chance


@own
def test_inspector_shows_the_task_at_its_own_and_its_longest_distance(task: type[Task]) -> None:
    """Both fit the figure; what does not fit is not offered."""
    fit = distances.gaps(task.name)
    assert (fit is None) == (task is Echo)
    for gap in (-1, fit.low, fit.high) if fit else (-1,):
        settings = replace(Settings(), source="task", task=task.name, gap=gap, H=2)
        found = compute.sequence(settings)
        assert found.T == len(found.labels) <= MAX_STEPS
        seen = compute.inspect(settings, found, compute.start(settings, found))
        assert all(np.isfinite(one.trace.cell.h).all() for one in seen.runs)


@own
def test_inspector_trains_the_task_and_says_what_the_share_is_of(task: type[Task]) -> None:
    """The line beside the button names right answers, or the variance explained."""
    settings = replace(Settings(), source="task", task=task.name, H=2, batch=1)
    found = compute.sequence(settings)
    assert found.task is not None
    course = controls._course(settings, found, compute.start(settings, found), 2)
    learned = course.begun
    for piece in progress(course):
        learned = learned.grown(piece, course.every)
    assert all(0 <= point.accuracy <= 1 for points in learned.points.values() for point in points)
    said = controls.progressed(learned, found.task.measure)
    assert ("variance explained" in said) == (task.loss == "mse")
    assert ("right" in said) == (task.loss != "mse")


@pytest.fixture
def page() -> Any:
    """Opens the Inspector at a query."""

    def opened(**query: str) -> AppTest:
        app = page_at("inspector", **query)
        app.session_state[key("field-Sequence")] = True
        return app.run()

    return opened


@own
def test_inspector_s_page_lists_the_task(task: type[Task], page: Any) -> None:
    """A link to the task opens without a complaint, with a slider named after its distance if it has one."""
    app = page(source="task", task=task.name, **({"gap": str(least(task))} if task.distance() else {}))
    assert not app.exception
    assert not app.warning
    assert not [info.value for info in app.info]
    chosen = next(box for box in app.selectbox if box.label == "Task")
    assert chosen.value == task.name
    assert task.title in chosen.options
    labels = [slider.label for slider in app.slider]
    assert ((task.distance() or "").capitalize() in labels) == (task is not Echo)
    assert any(button.label == "Edit these values as numbers" for button in app.button) == (task is not Delayed)


def test_link_with_a_gap_to_a_task_without_one_is_answered(page: Any) -> None:
    """The gap is left out, and the page says so."""
    app = page(source="task", task="echo", gap="5")
    assert not app.exception
    assert any("gap" in info.value and "has none" in info.value for info in app.info)
