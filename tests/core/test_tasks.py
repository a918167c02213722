"""Every task's labels follow from its inputs, whatever the seed and the setting."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import model
from core.errors import InputError
from core.tasks import TASKS, make
from core.text import tokenise

WORD_TASKS = ("language", "pronoun", "context-switch")
LANGUAGES = {
    "France": "French",
    "Italy": "Italian",
    "Japan": "Japanese",
    "Greece": "Greek",
    "Poland": "Polish",
    "Turkey": "Turkish",
}
PRONOUNS = {
    "he": ("Krish", "Arun", "Tom", "Omar"),
    "she": ("Maya", "Sara", "Lena", "Aiko"),
    "they": ("Friends", "Students", "Neighbours", "Twins"),
}


def words_of(task, x):
    """The words of one sequence, from its one-hot rows (T, D)."""
    assert ((x == 0) | (x == 1)).all()
    assert (x.sum(axis=1) == 1).all()
    words = task.labels if task.name == "recall" else task.vocabulary.words
    return [words[k] for k in x.argmax(axis=1)]


def recall(task, x):
    """The first symbol, after which only distractors come."""
    first, *rest = words_of(task, x)
    assert not set(rest) & set("ABCD")
    return "ABCD".index(first)


def adding(_, x):
    """The sum of the marked numbers, one in each half."""
    (steps,) = np.nonzero(x[:, 1])
    half = len(x) // 2
    assert len(steps) == 2
    assert steps[0] < half <= steps[1]
    assert ((x[:, 0] >= 0) & (x[:, 0] < 1)).all()
    return [sum(x[t, 0] for t in steps)]


def parity(_, x):
    """Odd or even, counted anew at each step."""
    return [[sum(x[: t + 1, 0] == 1) % 2] for t in range(len(x))]


def delayed_xor(_, x):
    """Do the two marked bits, among the first four, differ?"""
    (steps,) = np.nonzero(x[:, 1])
    assert len(steps) == 2
    assert steps[1] < 4
    assert set(x[:, 0]) <= {0.0, 1.0}
    return [float(x[steps[0], 0] + x[steps[1], 0] == 1)]


def language(task, x):
    """The language of the word after "grew up in"."""
    sentence = " ".join(words_of(task, x))
    assert sentence.startswith("I grew up in ")
    assert sentence.endswith(" I speak fluent")
    return task.classes.index(LANGUAGES[sentence.split()[4]])


def pronoun(task, x):
    """The pronoun of the first word."""
    subject = words_of(task, x)[0]
    (answer,) = (word for word, subjects in PRONOUNS.items() if subject in subjects)
    return task.classes.index(answer)


def context_switch(task, x):
    """The name that stands last."""
    return task.classes.index([word for word in words_of(task, x) if word in task.classes][-1])


ORACLES = {
    "recall": recall,
    "adding": adding,
    "parity": parity,
    "delayed-xor": delayed_xor,
    "language": language,
    "pronoun": pronoun,
    "context-switch": context_switch,
}


@st.composite
def settings_of(draw, name):
    """Allowed settings of a task, each up to 40 more than its least."""
    bounds = TASKS[name].bounds.items()
    return {setting: draw(st.integers(low, min(low + 40, high))) for setting, (low, high) in bounds}


@pytest.mark.parametrize("name", TASKS)
@given(data=st.data(), seed=st.integers(0, 2**32), B=st.integers(1, 6))
def test_labels_follow_from_the_inputs(name, data, seed, B):
    """An oracle that reads the inputs by itself finds the target of every sequence, in the promised shapes."""
    task = make(name, **data.draw(settings_of(name)))
    batch = task.sample(np.random.default_rng(seed), B)
    assert batch.x.shape == (task.T, B, task.D)
    assert len(batch.tokens) == task.T
    for b in range(B):
        target = batch.y[:, b] if task.readout == "every" else batch.y[b]
        np.testing.assert_allclose(target, ORACLES[name](task, batch.x[:, b]), rtol=1e-12)
    if task.loss == "softmax":
        assert list(batch.tokens) == words_of(task, batch.x[:, 0])


@pytest.mark.parametrize("name", TASKS)
@given(seed=st.integers(0, 2**32))
def test_a_model_of_the_task_takes_its_batches(name, seed):
    """Sizes, read-out, loss and target fit the model, and its accuracy lies between 0 and 1."""
    task, rng = make(name), np.random.default_rng(seed)
    batch = task.sample(rng, 3)
    net = model.init("rnn", task.D, 2, task.O, rng=rng, readout=task.readout, loss=task.loss)
    trace = model.run(net, batch.x, batch.y)
    assert 0 <= task.accuracy(trace, batch.y) <= 1


@pytest.mark.parametrize("name", TASKS)
def test_the_right_answer_scores_one_and_the_wrong_one_zero(name):
    """Accuracy counts right answers, not something that merely moves with them."""
    task, rng = make(name), np.random.default_rng(3)
    batch = task.sample(rng, 50)
    net = model.init("rnn", task.D, 2, task.O, rng=rng, readout=task.readout, loss=task.loss)
    trace = model.run(net, batch.x)
    if task.loss == "softmax":
        right = np.eye(task.O)[batch.y][None]
        wrong = np.eye(task.O)[(batch.y + 1) % task.O][None]
    else:
        right = (batch.y if task.readout == "every" else batch.y[None]) - (0.5 if task.loss == "bce" else 0)
        wrong = -right - (0.1 if task.loss == "mse" else 0)
    scores = [task.accuracy(type(trace)(trace.cell, z, z), batch.y) for z in (right, wrong)]
    assert scores == [1, 0]


@pytest.mark.parametrize("name", TASKS)
def test_guessing_scores_chance(name):
    """A constant answer is right as often as ``chance`` says."""
    task, rng = make(name), np.random.default_rng(0)
    batch = task.sample(rng, 20_000)
    net = model.init("rnn", task.D, 1, task.O, rng=rng, readout=task.readout, loss=task.loss)
    constant = model.with_parameters(net, {"W_y": net.W_y * 0, "b_y": np.r_[1.0, [0.0] * (task.O - 1)]})
    trace = model.run(constant, batch.x)
    assert task.accuracy(trace, batch.y) == pytest.approx(task.chance, abs=0.015)


@pytest.mark.parametrize("name", TASKS)
def test_the_seed_alone_decides(name):
    """The same generator state gives the same batch, another one another."""
    task = make(name)
    one, again, other = (task.sample(np.random.default_rng(seed), 8) for seed in (5, 5, 6))
    assert np.array_equal(one.x, again.x)
    assert np.array_equal(one.y, again.y)
    assert one.tokens == again.tokens
    assert not np.array_equal(one.x, other.x)


@pytest.mark.parametrize("name", WORD_TASKS)
def test_sentences_are_what_a_learner_would_type(name):
    """Typing a task's sentence gives back its tokens, all in the task's vocabulary."""
    task = make(name, gap=30)
    tokens = task.sample(np.random.default_rng(0), 1).tokens
    assert tokenise(" ".join(tokens)) == tokens
    assert len(task.vocabulary.indices(tokens)) == task.T


@pytest.mark.parametrize("name", WORD_TASKS)
def test_filler_starts_anywhere_and_goes_round(name):
    """The words between are a stretch of one running text, from any word on."""
    task = make(name, gap=6)
    words = task.filler.split()
    stretches = {" ".join((words * 2)[k : k + 6]) for k in range(len(words))}
    rng = np.random.default_rng(0)
    seen = {s for _ in range(200) for s in stretches if s in " ".join(task.sample(rng, 1).tokens)}
    assert seen == stretches


def test_context_switch_needs_the_first_subject_and_needs_to_forget_it():
    """Neither the first sentence alone nor the second alone gives the answer."""
    task = make("context-switch")
    batch = task.sample(np.random.default_rng(0), 4000)
    first = batch.x[0].argmax(axis=1)
    second = batch.x[4 + task.gap].argmax(axis=1)
    assert np.mean(first == batch.y) == pytest.approx(0.5, abs=0.03)
    assert np.mean(second == batch.y) == pytest.approx(0.5, abs=0.03)
    assert (second[first != batch.y] == batch.y[first != batch.y]).all()
    assert {task.vocabulary.words[k] for k in second[first == batch.y]} == {"also"}


def test_unlike_settings_are_refused_with_their_bounds():
    """Unknown names, unknown settings and values out of bounds say what is there instead."""
    with pytest.raises(InputError, match=r"no task is called 'recal'\. Choose one of recall, adding"):
        make("recal")
    with pytest.raises(InputError, match=r"the task recall has no such setting\. It has gap"):
        make("recall", length=3)
    for value in (0, 501, 2.5, True, "3"):
        with pytest.raises(InputError, match="gap: expected a whole number from 1 to 500"):
            make("recall", gap=value)


def test_an_empty_batch_is_refused():
    """No sequences means nothing to learn from: the argument is named."""
    with pytest.raises(ValueError, match="B: expected a whole number of at least 1, got 0"):
        make("recall").sample(np.random.default_rng(0), 0)


@pytest.mark.parametrize("name", TASKS)
def test_tasks_travel_to_other_processes(name):
    """Tasks are equal by their settings and survive pickling."""
    task = make(name)
    assert pickle.loads(pickle.dumps(task)) == task == make(name)
    assert task.name == name
    assert task.title
    assert task.description.endswith(".")
