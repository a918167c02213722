"""What a learner brought can be trained on: shapes, splits without leakage, repeatable batches, plain refusals."""

import pickle

import numpy as np
import pytest

from core import model, network
from core.brought import MOST_CLASSES, OneSequence, labelled, longest, next_step
from core.errors import InputError
from core.optim import Adam
from core.stack import StackParams
from core.train import train

RNG = np.random.default_rng(3)
ROWS = RNG.normal(size=(50, 3)) * [1, 10, 100] + [0, 5, -50]


def fresh(task, kind="lstm", H=8):
    """A model for a task, the same one every time."""
    rng = np.random.default_rng(0)
    return model.init(kind, task.D, H, task.O, rng=rng, readout=task.readout, loss=task.loss)


def losses(start, task, steps, lr=0.02):
    """The losses of a short training."""
    run = train(start, task, steps=steps, batch_size=16, optimiser=Adam(lr=lr), rng=np.random.default_rng(1))
    return [step.loss for step in run]


def with_labels(column):
    """The rows with a column of labels behind them."""
    return np.column_stack([ROWS, column])


def test_a_window_is_its_rows_and_its_answer_the_row_after():
    """Window k holds rows k to k + T - 1 of the file; what is foretold is row k + T."""
    task = next_step(ROWS, 6)
    one = task.window(4)
    np.testing.assert_array_equal(one.x[:, 0], ROWS[4:10])
    np.testing.assert_array_equal(one.y, ROWS[10:11])
    assert (task.D, task.O, task.T, task.loss, task.readout) == (3, 3, 6, "mse", "last")
    batch = task.sample(np.random.default_rng(0), 5)
    assert batch.x.shape == (6, 5, 3)
    assert batch.y.shape == (5, 3)
    assert len(batch.tokens) == 6


def test_a_label_is_that_of_the_last_row_and_no_input():
    """A labelled window does not hold its label's column, and answers for its last row."""
    task = labelled(with_labels(np.arange(50) % 3), 3, 4)
    one = task.window(7)
    np.testing.assert_array_equal(one.x[:, 0], ROWS[7:11])
    assert one.y.tolist() == [10 % 3]
    assert (task.D, task.O, task.loss, task.classes) == (3, 3, "softmax", ("0", "1", "2"))


@pytest.mark.parametrize(
    ("column", "loss", "O"),
    [
        (np.arange(50) % 2 * 4 - 1, "bce", 1),
        (np.arange(50) % 5, "softmax", 5),
        (ROWS[:, 0], "mse", 1),
        (np.arange(50.0) % (MOST_CLASSES + 1), "mse", 1),
    ],
    ids=["two", "five", "numbers", "too-many"],
)
def test_the_labels_decide_the_loss(column, loss, O):  # noqa: E741
    """Two classes take a sigmoid, more a softmax, numbers the squared error; each of them can be trained on."""
    task = labelled(with_labels(column), 3, 5, standardise=True)
    assert (task.loss, task.O) == (loss, O)
    for kind in model.KINDS:
        assert np.isfinite(losses(fresh(task, kind), task, 2)).all()


@pytest.mark.parametrize("make", [lambda r: next_step(r, 5, standardise=True),
                                  lambda r: labelled(r, 2, 5, standardise=True)])  # fmt: skip
def test_nothing_of_the_held_out_rows_reaches_training(make):
    """Other values in the last fifth of the rows change no batch that is learned from, nor what is subtracted."""
    other = ROWS.copy()
    other[40:] = 1e6 * RNG.normal(size=(10, 3))
    for seed in range(4):
        one, two = (make(rows).sample(np.random.default_rng(seed), 64) for rows in (ROWS, other))
        np.testing.assert_array_equal(one.x, two.x)
        np.testing.assert_array_equal(one.y, two.y)


@pytest.mark.parametrize("make", [lambda r: next_step(r, 5), lambda r: labelled(r, 0, 5)])
def test_held_out_windows_hold_no_row_that_is_learned_from(make):
    """Every row of a window that is held out, and what it answers, lies in the last fifth."""
    marked = np.column_stack([np.arange(50.0) + 0.5, np.arange(50.0), np.arange(50.0)])
    task = make(marked)
    batch = task.held_out()
    assert batch.x[..., -1].min() >= 40
    assert batch.x.shape[1] == task.held
    learned = task.sample(np.random.default_rng(0), 2_000)
    assert learned.x[..., -1].max() < 40
    assert max(learned.y.max(), learned.x.max()) < 40.5
    assert task.held_out(most=2).x.shape[1] == 2


def test_the_scale_is_that_of_the_rows_learned_from():
    """Standardised, those rows have mean 0 and deviation 1; a constant column is left at 0."""
    task = next_step(np.column_stack([ROWS, np.full(50, 7.0)]), 5, standardise=True)
    np.testing.assert_allclose(task.rows[:40].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(task.rows[:40].std(axis=0), [1, 1, 1, 0], atol=1e-12)
    np.testing.assert_allclose(task.rows[:, :3] * task.deviation[:3] + task.mean[:3], ROWS)


def test_the_same_seed_gives_the_same_batches_in_another_process_too():
    """Batches depend on the generator alone, also of a task that was sent elsewhere."""
    task = next_step(ROWS, 6)
    there = pickle.loads(pickle.dumps(task))
    one, two = (t.sample(np.random.default_rng(5), 8) for t in (task, there))
    np.testing.assert_array_equal(one.x, two.x)
    assert one.tokens == two.tokens


def test_the_mean_explains_nothing_and_the_truth_everything():
    """The score of numbers is the share of their own part's variance that is explained."""
    task = next_step(ROWS, 6)
    learned, held = task.answers[: task.learned], task.held_out().y
    assert task.score(np.broadcast_to(learned.mean(axis=0), learned.shape)[None], learned) == pytest.approx(0)
    assert task.held_score(held[None], held) == 1
    assert task.held_score(np.broadcast_to(held.mean(axis=0), held.shape)[None], held) == pytest.approx(0, abs=1e-9)


def test_chance_is_the_most_common_label():
    """Three of four windows have the first label: always saying it is right for three quarters."""
    task = labelled(with_labels((np.arange(50) % 4 == 3).astype(float)), 3, 1)
    assert task.chance == pytest.approx(0.75)
    assert next_step(ROWS, 3).chance == 0


def test_classes_can_have_names():
    """What a label stands for is said by its name, in the task and where a class is only held out."""
    task = labelled(with_labels(np.arange(50) % 3), 3, 4, kinds=("calm", "wind", "storm"))
    assert task.classes == ("calm", "wind", "storm")
    with pytest.raises(InputError, match="“wind” first comes at row 41"):
        labelled(with_labels(np.where(np.arange(50) < 40, np.arange(50) % 2 * 2, 1)), 3, 4, kinds=task.classes)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: next_step(ROWS[:4], 1), "Bring at least 6 rows"),
        (lambda: next_step(ROWS, 10), "Choose windows of at most 9"),
        (lambda: labelled(ROWS, 0, 11), "Choose windows of at most 10"),
        (lambda: labelled(ROWS[:, :1], 0, 3), "Bring a column beside it"),
        (lambda: labelled(ROWS, 3, 3), "Choose a label from 0 to 2"),
        (lambda: labelled(with_labels(np.ones(50)), 3, 3), "Choose another label"),
        (lambda: labelled(with_labels(np.arange(50) // 10), 3, 3), "first comes at row 41"),
        (lambda: next_step(ROWS, 3).window(47), "Choose one from 1 to 47"),
    ],
)
def test_what_cannot_be_learned_from_names_the_mend(make, says):
    """Too few rows, windows too long, and labels that cannot be learned are refused in words that help."""
    with pytest.raises(InputError, match=says):
        make()


@pytest.mark.parametrize("answer", ["next", "label"])
def test_the_longest_window_fits_and_one_more_row_does_not(answer):
    """`longest` is exact for every number of rows."""
    for R in range(1, 60):
        rows, most = np.column_stack([np.arange(R) + 0.5, np.arange(R)]), longest(R, answer)
        make = (lambda T, r=rows: next_step(r, T)) if answer == "next" else (lambda T, r=rows: labelled(r, 0, T))
        if most:
            task = make(most)
            assert min(task.learned, task.held) >= 1
        with pytest.raises(InputError):
            make(most + 1)


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("kind", model.KINDS)
def test_one_sequence_is_learned_by_heart(kind, readout):
    """Every batch is the sequence; random labels of it are learned, which only memory can do."""
    rng = np.random.default_rng(2)
    y = rng.integers(2, size=(6, 1, 1) if readout == "every" else (1, 1)).astype(float)
    task = OneSequence(rng.normal(size=(6, 1, 3)), y, 1, "bce", readout)
    found = losses(fresh(task, kind), task, 150)
    assert found[-1] < found[0] / 5
    assert task.sample(rng, 32).x.shape == (6, 1, 3)
    assert task.measure == "right"


def test_of_a_number_there_is_no_share():
    """One number that is learned by heart has a loss, and neither a right answer nor a variance."""
    task = OneSequence(np.ones((2, 1, 1)), np.ones((1, 1)), 1, "mse", "last")
    assert task.measure is None
    assert task.score(np.ones((1, 1, 1)), task.y) == 0


@pytest.mark.parametrize("readout", ["last", "final"])
def test_a_network_of_layers_and_directions_learns_too(readout):
    """Two layers in two directions are trained by the same function, and follow their gradient downhill."""
    task = next_step(np.sin(np.arange(60.0))[:, None], 5)
    rng = np.random.default_rng(0)
    cells = tuple(tuple(model.init("gru", D, 4, 1, rng=rng).cell for _ in range(2)) for D in (1, 8))
    start = network.Network(StackParams(cells), rng.normal(size=(8, 1)) / 3, np.zeros(1), readout=readout, loss="mse")
    found = losses(start, task, 60)
    assert np.mean(found[-5:]) < found[0] / 2


def test_one_layer_is_trained_alike_as_a_model_and_as_a_network():
    """Both ways of running one layer give the same losses."""
    task = next_step(ROWS, 5, standardise=True)
    start = fresh(task, "gru")
    np.testing.assert_allclose(losses(start, task, 20), losses(network.of(start), task, 20), rtol=1e-9)
