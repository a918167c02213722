"""Courses of training: pieces add up to one uninterrupted run, here and in another process; weights kept are few."""

import io
import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from core import model, network, work
from core.brought import OneSequence, next_step
from core.course import FEWEST_SNAPSHOTS, MOST_SNAPSHOTS, Course, Learned, progress, stride
from core.experiments import Experiment
from core.experiments.worker import serve
from core.optim import Adam
from core.stack import StackParams
from core.tasks import TASKS, make
from core.train import train
from core.wire import packed, unpacked

RECALL = make("recall", gap=3)
ROWS = np.sin(np.arange(80.0))[:, None]


def course(task=RECALL, kinds=("rnn", "lstm"), *, steps=12, **changes):
    """A short course of small models."""
    rng = np.random.default_rng(0)
    fresh = {k: model.init(k, task.D, 4, task.O, rng=rng, readout=task.readout, loss=task.loss) for k in kinds}
    usual = {"optimiser": "adam", "lr": 0.01, "batch": 8, "clip": "norm", "clip_at": 1.0, "seed": 1, "steps": steps}
    return Course(fresh, task, **usual | changes)


def learned(given, between=0.0):
    """All that a course comes to, in as many pieces as there can be."""
    found = given.begun
    for piece in progress(given, between):
        found = found.grown(piece, given.every)
    assert found.done
    return found


def same(one, other):
    """Have two results the same points, held-out answers, problems and weights, bit for bit?"""
    assert (one.points, one.held, one.problems, one.shown) == (other.points, other.held, other.problems, other.shown)
    for kind in one.points:
        for step in one.shown[1:]:
            mine, theirs = (network.parameters(network.of(each.at(kind, step))) for each in (one, other))
            for name, values in mine.items():
                np.testing.assert_array_equal(values, theirs[name])
    return True


def test_a_course_is_the_training_it_names():
    """Its points and weights are those of `core.train.train`, for every model on the same batches."""
    given = course()
    found = learned(given)
    for kind, start in given.models.items():
        settings = {"batch_size": 8, "optimiser": Adam(lr=0.01), "clip": ("norm", 1.0)}
        steps = list(train(start, RECALL, steps=12, rng=np.random.default_rng([1, 7]), **settings))
        assert [p.loss for p in found.points[kind]] == [s.loss for s in steps]
        np.testing.assert_array_equal(found.at(kind, 7).cell.W_h, steps[6].model.cell.W_h)
        assert found.at(kind, 0) is None
        assert found.at(kind, 99) is found.last[kind].model


def test_stopped_anywhere_and_continued_it_is_the_same():
    """What is told when it is stopped is enough to go on, and the end is that of one uninterrupted run."""
    whole = learned(course(steps=12))
    for stop in (1, 5, 11):
        first = course(steps=12)
        found = Learned()
        for piece in progress(first, 0.0):
            found = found.grown(piece, first.every)
            if found.steps == stop:
                break
        rest = course(steps=12, begun=found)
        assert rest == first
        assert same(learned(rest), whole)


def test_a_piece_told_twice_adds_nothing_and_a_gap_adds_nothing():
    """After a process is lost the same comes again, cut elsewhere."""
    given = course()
    pieces = list(progress(given, 0.0))
    found = Learned()
    for piece in (pieces[0], pieces[1], pieces[0], pieces[5], pieces[1]):
        found = found.grown(piece, given.every)
    assert found.steps == 2
    for piece in pieces:
        found = found.grown(piece, given.every)
    assert same(found, learned(given))


@pytest.mark.parametrize("numbers", [100, 10_000, 250_000])
@pytest.mark.parametrize("steps", [1, 60, 61, 1_000, 5_000])
def test_weights_kept_are_few_and_not_too_few(steps, numbers):
    """However long it is, the number of snapshots is bounded; a long run of small models has at least half of that."""
    kept = steps // stride(steps, numbers)
    assert kept <= MOST_SNAPSHOTS
    assert kept >= min(steps, FEWEST_SNAPSHOTS // 2)
    if numbers == 100:
        assert kept >= min(steps, MOST_SNAPSHOTS // 2)


def test_going_on_thins_what_was_kept_and_keeps_first_and_last():
    """A longer course has a longer stride; steps between two of its multiples go, the ends stay."""
    short = learned(course(steps=40, kinds=("rnn",)))
    assert short.shown == tuple(range(41))
    long = learned(course(steps=200, kinds=("rnn",), begun=short))
    assert long.shown == tuple(range(0, 201, 4))
    stopped = learned(course(steps=203, kinds=("rnn",), begun=long))
    assert stopped.shown[0] == 0
    assert stopped.shown[-1] == 203


def test_held_out_windows_are_looked_at_beside_and_change_nothing():
    """The loss of windows held out is told from step 0, and that they are looked at changes no training step."""
    given = course(next_step(ROWS, 5), steps=10)
    found = learned(given)
    assert [each.step for each in found.held["lstm"]] == list(range(11))
    trace = model.run(found.at("lstm", 10), given.task.held_out().x, given.task.held_out().y)
    assert found.held["lstm"][-1].loss == pytest.approx(trace.loss)
    plain = list(train(given.models["lstm"], given.task, steps=10, batch_size=8, optimiser=Adam(lr=0.01),
                       clip=("norm", 1.0), rng=np.random.default_rng([1, 7])))  # fmt: skip
    assert found.points["lstm"][-1].loss == plain[-1].loss


def test_a_model_that_diverges_is_named_and_the_other_goes_on():
    """NaN is caught at its step and said; its last finite weights stay, and nothing else stops."""
    given = course(make("adding", length=20), optimiser="sgd", lr=100.0, clip="none", steps=30)
    explosive = replace(given.models["rnn"], activation="identity")
    explosive = replace(explosive, cell=replace(explosive.cell, W_h=3 * explosive.cell.W_h))
    found = learned(replace(given, models={**given.models, "rnn": explosive}))
    assert "diverged at step" in found.problems["rnn"]
    assert len(found.points["rnn"]) < 30
    assert len(found.points["lstm"]) == 30
    assert learned(replace(given, models={"rnn": explosive}, steps=40)).done


TASKS_SENT = [*(make(name) for name in TASKS), next_step(ROWS, 5), OneSequence(np.ones((3, 1, 2)), np.ones((1, 1)), 1, "bce", "last")]  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("task", TASKS_SENT, ids=lambda t: t.name)
def test_sent_to_another_process_it_is_the_same_course(task):
    """As JSON has it, a course keeps every digit, and what it comes to comes back whole."""
    given = course(task, steps=3)
    there = work.understood(json.loads(json.dumps(work.sent(given))))
    assert there == given
    found = work.nothing(given)
    for piece in work.progress(there):
        found = work.grown(given, found, json.loads(json.dumps(work.written(piece))))
    assert same(found, learned(given))


def test_networks_of_layers_are_sent_and_trained():
    """Two layers in two directions of GRUs make the same course there as here."""
    rng = np.random.default_rng(0)
    cells = tuple(tuple(model.init("gru", D, 3, 1, rng=rng).cell for _ in range(2)) for D in (1, 6))
    whole = network.Network(StackParams(cells), rng.normal(size=(6, 1)), np.zeros(1), readout="final", loss="mse")
    given = replace(course(next_step(ROWS, 4), steps=4), models={"gru": whole})
    out = io.StringIO()
    serve(work.sent(given), threading.Event(), out)
    *told, end = map(json.loads, out.getvalue().splitlines())
    assert end == {"ended": True}
    found = work.nothing(given)
    for line in told:
        found = work.grown(given, found, line)
    assert [p.loss for p in found.points["gru"]] == [p.loss for p in learned(given).points["gru"]]


def test_courses_are_equal_that_train_the_same():
    """Any setting, weight or task that is another makes another course; only what was learned before does not."""
    one = course()
    assert one == course()
    assert repr(one) == "Course(rnn, lstm, steps=12)"
    assert hash(one) == hash(course(begun=learned(course(steps=3))))
    others = [course(lr=0.02), course(seed=2), course(steps=13), course(make("recall", gap=4)), course(kinds=("rnn",))]
    others += [course(next_step(ROWS, 5)), course(next_step(ROWS + 1, 5)), Experiment()]
    for other in others:
        assert one != other
    assert course(next_step(ROWS, 5)) != course(next_step(ROWS + 1, 5))


def test_only_records_that_are_known_come_back():
    """What is read builds arrays and the records of training, and no other class."""
    assert unpacked(packed({"a": (2**70, None)})) == {"a": (2**70, None)}
    with pytest.raises(ValueError, match="no record that is sent"):
        unpacked({"record": ["Path", {"args": "x"}]})
    with pytest.raises(ValueError, match="not known"):
        unpacked({"call": ["os.system", "true"]})
    with pytest.raises(TypeError, match="cannot be sent"):
        packed(io.StringIO())
    with pytest.raises(ValueError, match="expected a course"):
        work.understood({"course": packed(course().models["rnn"])})
