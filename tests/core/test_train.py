"""Training: it learns, repeats, continues, stops, and says where it breaks."""

import itertools
import math
import pickle

import numpy as np
import pytest

from core import model
from core.flow import global_norm
from core.optim import SGD, Adam, Momentum
from core.tasks import TASKS, make
from core.train import CLIPS, Diverged, clip, train

OPTIMISERS = [SGD(lr=0.1), Momentum(lr=0.05), Adam(lr=0.02)]


def fresh(task, kind="lstm", H=8, **options):
    """A model for a task, the same one every time."""
    rng = np.random.default_rng(0)
    return model.init(kind, task.D, H, task.O, rng=rng, readout=task.readout, loss=task.loss, **options)


def run_of(task, steps=5, **options):
    """Records of a short run with batches of four."""
    settings = {"batch_size": 4, "optimiser": Adam(lr=0.02), "rng": np.random.default_rng(1)} | options
    return list(train(fresh(task), task, steps=steps, **settings))


def numbers(records):
    """What a run shows, without its weights."""
    return [(s.step, s.loss, s.accuracy, s.grad_norm, s.clipped_norm) for s in records]


def same_weights(one, other):
    """Are all parameters of two models equal, bit for bit?"""
    pairs = zip(model.parameters(one).values(), model.parameters(other).values(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def test_an_lstm_learns_recall():
    """Recall over a gap of 5, chance 0.25, is solved within 150 steps."""
    task = make("recall", gap=5)
    settings = {"batch_size": 32, "optimiser": Adam(lr=0.02), "rng": np.random.default_rng(1)}
    records = list(train(fresh(task, H=16), task, steps=150, **settings))
    assert np.mean([s.accuracy for s in records[:5]]) < 0.5
    assert np.mean([s.accuracy for s in records[-20:]]) > 0.95
    assert records[-1].loss < records[0].loss / 4


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_every_task_trains_with_every_cell(name, kind):
    """Sizes, read-outs and losses of every task work in training; each step's loss is that of its model and batch."""
    task = make(name)
    net = fresh(task, kind)
    records = list(train(net, task, steps=3, batch_size=4, optimiser=SGD(lr=0.01), rng=np.random.default_rng(1)))
    rng = np.random.default_rng(1)
    for step in records:
        batch = task.sample(rng, 4)
        trace = model.run(net, batch.x, batch.y)
        assert step.loss == trace.loss
        assert step.accuracy == task.accuracy(trace, batch.y)
        assert step.grad_norm == global_norm(model.backprop(net, trace).grads)
        net = step.model
    assert [s.step for s in records] == [1, 2, 3]


def test_one_step_is_the_model_minus_the_gradient():
    """With plain descent, the weights after a step are the old ones less lr times the gradient."""
    task = make("recall", gap=3)
    net = fresh(task)
    (step,) = train(net, task, steps=1, batch_size=4, optimiser=SGD(lr=0.5), rng=np.random.default_rng(1))
    batch = task.sample(np.random.default_rng(1), 4)
    grads = model.backprop(net, model.run(net, batch.x, batch.y)).grads
    for name, moved in model.parameters(step.model).items():
        np.testing.assert_array_equal(moved, model.parameters(net)[name] - 0.5 * grads[name])


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("through_pickle", [False, True])
def test_stopping_and_going_on_changes_nothing(optimiser, through_pickle):
    """Seven steps at once and three plus four give the same numbers and weights, also from a saved state."""
    task = make("recall", gap=3)
    settings = {"batch_size": 4, "optimiser": optimiser, "clip": ("norm", 0.5)}
    whole = list(train(fresh(task), task, steps=7, rng=np.random.default_rng(1), **settings))

    rng = np.random.default_rng(1)
    begun = train(fresh(task), task, steps=1000, rng=rng, **settings)
    parts = list(itertools.islice(begun, 3))
    last = parts[-1]
    if through_pickle:
        last, state = pickle.loads(pickle.dumps((last, rng.bit_generator.state)))
        rng = np.random.default_rng()
        rng.bit_generator.state = state
    parts += train(last.model, task, steps=4, rng=rng, start=last, **settings)
    assert numbers(parts) == numbers(whole)
    assert same_weights(parts[-1].model, whole[-1].model)


def test_the_seed_alone_decides():
    """The same seed gives the same run, another seed another."""
    task = make("delayed-xor", gap=2)
    assert numbers(run_of(task)) == numbers(run_of(task))
    assert numbers(run_of(task)) != numbers(run_of(task, rng=np.random.default_rng(2)))


def test_records_keep_their_own_weights():
    """The model that went in and every step's model stay as they were while training goes on."""
    task = make("recall", gap=3)
    net = fresh(task)
    settings = {"batch_size": 4, "optimiser": Adam(lr=0.1), "rng": np.random.default_rng(1)}
    records, saved = [], []
    for step in train(net, task, steps=4, **settings):
        records.append(step)
        saved.append(pickle.dumps(step))
    assert same_weights(net, fresh(task))
    for step, before in zip(records, saved, strict=True):
        assert same_weights(step.model, pickle.loads(before).model)
    assert not same_weights(records[0].model, records[1].model)


@pytest.mark.parametrize("clip", [("norm", 0.1), ("value", 0.01)])
def test_clipping_shortens_the_gradient(clip):
    """Norms before and after are both told, the second within the bound, and the update uses the clipped one."""
    task = make("recall", gap=3)
    net = fresh(task)
    settings = {"batch_size": 4, "optimiser": SGD(lr=1.0), "rng": np.random.default_rng(1)}
    (step,) = train(net, task, steps=1, clip=clip, **settings)
    moved = {name: model.parameters(net)[name] - p for name, p in model.parameters(step.model).items()}
    assert step.clipped_norm < step.grad_norm
    assert global_norm(moved) == pytest.approx(step.clipped_norm, rel=1e-9)
    if clip[0] == "norm":
        assert step.clipped_norm == pytest.approx(0.1, rel=1e-12)
    else:
        assert max(abs(g).max() for g in moved.values()) == pytest.approx(0.01, rel=1e-9)


def test_without_need_clipping_changes_nothing():
    """Under a high bound the run is that without clipping."""
    task = make("recall", gap=3)
    assert (
        numbers(run_of(task)) == numbers(run_of(task, clip=("norm", 1e6))) == numbers(run_of(task, clip=("value", 1e6)))
    )


def test_float32_models_train_in_float32():
    """The model's float type is the training's, all the way."""
    task = make("adding", length=4)
    settings = {"batch_size": 4, "optimiser": Adam(), "clip": ("norm", 0.1), "rng": np.random.default_rng(1)}
    for step in train(fresh(task, dtype=np.float32), task, steps=3, **settings):
        assert {p.dtype for p in model.parameters(step.model).values()} == {np.dtype(np.float32)}
        assert {m.dtype for m in step.state.moments} == {np.dtype(np.float32)}


def test_divergence_is_reported_with_its_step():
    """A far too large learning rate ends in an error that names step and quantity, after valid records."""
    task = make("adding", length=20)
    net = fresh(task, "rnn", activation="identity")
    steps = train(net, task, steps=500, batch_size=4, optimiser=SGD(lr=10.0), rng=np.random.default_rng(1))
    records = []
    with pytest.raises(Diverged, match=r"diverged at step \d+: the .* is not finite\. Clip") as caught:
        records.extend(steps)
    assert caught.value.step == len(records) + 1
    assert all(math.isfinite(s.loss) and math.isfinite(s.grad_norm) for s in records)
    assert all(np.isfinite(p).all() for p in model.parameters(records[-1].model).values())
    assert pickle.loads(pickle.dumps(caught.value)).quantity == caught.value.quantity


@pytest.mark.parametrize(
    ("W_y", "lr", "dtype", "quantity"),
    [
        (1e200, 1.0, np.float64, "loss"),  # the squared error is beyond the float type
        (1e30, 1.0, np.float32, "loss"),
        (1.0, 1e308, np.float64, "updated"),
    ],
)
def test_the_first_quantity_that_is_not_finite_is_named(W_y, lr, dtype, quantity):
    """Loss, gradient or updated weight: whichever comes first stands in the error."""
    task = make("adding", length=3)
    net = fresh(task, dtype=dtype)
    net = model.with_parameters(net, {"W_y": (net.W_y / abs(net.W_y) * W_y).astype(dtype)})
    with pytest.raises(Diverged) as caught:
        list(train(net, task, steps=2, batch_size=4, optimiser=SGD(lr=lr), rng=np.random.default_rng(1)))
    assert caught.value.quantity.split()[0] == quantity


def test_a_gradient_that_explodes_through_time_is_named():
    """With h = 0 and W_h = 10⁷ I the loss is finite, but 60 steps back the gradient is beyond the float type."""
    task = make("parity", length=60)
    net = fresh(task, "rnn", H=2)
    net = model.with_parameters(net, {"W_h": np.eye(2) * 1e7, "b": np.zeros(2), "W_x": np.zeros((1, 2))})
    with pytest.raises(Diverged) as caught:
        list(train(net, task, steps=1, batch_size=4, optimiser=SGD(lr=0.1), rng=np.random.default_rng(1)))
    assert (caught.value.step, caught.value.quantity) == (1, "gradient of W_x")


def test_a_gradient_that_overflows_in_the_read_out_is_named():
    """With h = 0 the loss 10³⁶ is finite in float32, but what W_y = 10³⁰ sends into h is not."""
    task = make("adding", length=3)
    net = fresh(task, "rnn", H=2, dtype=np.float32)
    values = {"W_x": np.zeros((2, 2)), "b": np.zeros(2), "W_y": np.full((2, 1), 1e30), "b_y": np.array([1e18])}
    net = model.with_parameters(net, {name: value.astype(np.float32) for name, value in values.items()})
    with pytest.raises(Diverged) as caught:
        list(train(net, task, steps=1, batch_size=4, optimiser=SGD(lr=0.1), rng=np.random.default_rng(1)))
    assert (caught.value.step, caught.value.quantity) == (1, "gradient of h")


def test_a_state_that_overflows_behind_a_finite_loss_is_named():
    """ReLU makes 0 of -∞, so the loss is finite although an earlier state is not."""
    task = make("recall", gap=1)
    net = fresh(task, "rnn", H=1, activation="relu")
    keys = np.repeat([1.7e308, 0.0], [4, 8])[:, None]  # the key alone overflows, together with b
    net = model.with_parameters(net, {"W_x": keys, "W_h": np.array([[-1.0]]), "b": np.array([1.7e308])})
    with pytest.raises(Diverged) as caught:
        list(train(net, task, steps=1, batch_size=4, optimiser=SGD(lr=0.1), rng=np.random.default_rng(1)))
    assert (caught.value.step, caught.value.quantity) == (1, "state h")


def test_clipping_is_asked_for_by_name():
    """Each of the names settings use gives what training takes; another is refused."""
    assert [clip(how, 0.5) for how in CLIPS] == [None, ("norm", 0.5), ("value", 0.5)]
    with pytest.raises(ValueError, match="how: 'length' is not known"):
        clip("length", 0.5)


def test_the_callers_warnings_stay_on():
    """NumPy's warnings are silenced inside a step only, not while the caller holds its record."""
    task = make("recall", gap=3)
    steps = train(fresh(task), task, steps=2, batch_size=4, optimiser=SGD(lr=0.1), rng=np.random.default_rng(1))
    next(steps)
    with pytest.warns(RuntimeWarning, match="overflow"):
        np.array([1e308]) * 10


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"steps": 0}, "steps: expected a whole number of at least 1, got 0"),
        ({"batch_size": 2.5}, "batch_size: expected a whole number of at least 1"),
        ({"clip": ("norm", 0)}, "max_norm: expected a finite number above 0"),
        ({"clip": ("length", 1)}, r'clip: expected \("norm", bound\)'),
    ],
)
def test_unfit_arguments_are_refused_at_the_call(options, problem):
    """Mistakes show where train() is called, not at the first step."""
    task = make("recall", gap=3)
    settings = {"steps": 1, "batch_size": 4, "optimiser": SGD(lr=0.1), "rng": np.random.default_rng(1)} | options
    with pytest.raises(ValueError, match=problem):
        train(fresh(task), task, **settings)


def test_a_model_of_another_task_is_refused():
    """The error says what the task needs and how to make it."""
    with pytest.raises(
        ValueError, match=r"model: the task parity needs .*init\(kind, 1, H, 1, readout='every', loss='bce'"
    ):
        train(
            fresh(make("recall")),
            make("parity"),
            steps=1,
            batch_size=4,
            optimiser=SGD(lr=0.1),
            rng=np.random.default_rng(1),
        )
