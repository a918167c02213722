"""Predictions on any network: keys right, slips wrong with their own reply, answers as worked out another way."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from core import model as network
from core.decompose import backprop_each
from core.flow import norms
from core.model import Backward, Model, Trace
from quiz.computed.guess import variant
from quiz.computed.numbers import inline
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import problems, slip_names
from quiz.lessons.bptt import guesses as bptt
from quiz.lessons.forward import beats
from quiz.lessons.forward import guesses as forward
from quiz.lessons.gradients import guesses as gradients
from quiz.load import load_bank
from quiz.schema import Choice, Exact, Numeric, Order
from quiz.slips import NAMES

ACTIVATIONS = ("tanh", "sigmoid", "relu", "identity")
LOSSES = (("bce", 1), ("softmax", 3), ("mse", 2))
SLOPES: dict[str, Any] = {
    "tanh": lambda h: 1 - h * h,
    "sigmoid": lambda h: h * (1 - h),
    "relu": lambda h: (h > 0) * 1.0,
    "identity": lambda h: np.ones_like(h),
}
APPLY: dict[str, Any] = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: np.maximum(a, 0),
    "identity": lambda a: a,
}


def sample(seed: int, activation: str, readout: str, loss: str, O: int) -> tuple[Model, Trace, Backward]:  # noqa: E741
    """One network of drawn sizes, T 1 … 8, D and H 1 … 4, weights with two decimals as a learner would type them."""
    rng = np.random.default_rng(seed)
    T, D, H = (int(rng.integers(1, top, endpoint=True)) for top in (8, 4, 4))
    drawn = network.init("rnn", D, H, O, rng=rng, activation=activation, readout=readout, loss=loss, gain=1.5)
    weights = {name: np.round(W + rng.normal(0, 0.3, W.shape), 2) for name, W in network.parameters(drawn).items()}
    model = network.with_parameters(drawn, weights)
    x = np.round(rng.normal(size=(T, 1, D)), 1)
    S = () if readout == "last" else (T,)
    labels = {"bce": (*S, 1, O), "mse": (*S, 1, O), "softmax": (*S, 1)}[loss]
    y = rng.integers(0, O if loss == "softmax" else 2, labels)
    trace = network.run(model, x, y if loss == "softmax" else y.astype(float))
    return model, trace, network.backprop(model, trace)


SAMPLES = [
    (seed, activation, readout, loss, O)
    for seed, (activation, readout, (loss, O)) in enumerate(  # noqa: E741
        itertools.islice(itertools.cycle(itertools.product(ACTIVATIONS, ("last", "every"), LOSSES)), 240)
    )
]


def asked(model: Model, trace: Trace, backward: Backward) -> dict[str, Exact]:
    """All predictions of lessons 1 and 2, by id."""
    each = backprop_each(model, trace, backward)
    made = (*forward.questions(model, trace), *on_beats(model, trace), *bptt.questions(model, trace, backward, each))
    return {question.id: question for question in made}


def on_beats(model: Model, trace: Trace) -> list[Choice]:
    """What the beats of lesson 1 ask."""
    targets = [1.0, 0.0] * len(trace.logits)
    entry = (min(1, model.cell.H - 1), 0)
    found = (
        beats.uses(model, trace, entry),
        beats.felt(model, trace),
        beats.squashed(model, trace),
        beats.missed(trace, targets[: len(trace.logits)]),
    )
    return [question for question in found if question is not None]


def three_runs(seed: int, T: int, gain: float, scheme: str = "orthogonal") -> gradients.Runs:
    """The networks of lesson 3: the same weights and inputs under three activations."""
    runs = {}
    for name in ("sigmoid", "tanh", "relu"):
        rng = np.random.default_rng(seed)
        model = network.init("rnn", 3, 16, 1, rng=rng, activation=name, scheme=scheme, gain=gain)
        trace = network.run(model, rng.normal(size=(T, 1, 3)), [[1.0]])
        runs[name] = (model, trace, network.backprop(model, trace))
    return runs


RUNS = [(seed, T, gain) for seed, (T, gain) in enumerate(itertools.product((1, 2, 5, 30, 100), (0.5, 1.0, 1.6, 4.0)))]


def entries(question: Exact) -> Iterator[tuple[Any, str]]:
    """Every wrong answer that a question names, with its reply."""
    match question:
        case Choice(options=options):
            yield from ((option.id, option.reply) for option in options if not option.right)
        case Numeric(slips=slips) | Order(slips=slips):
            yield from ((slip.answer, slip.reply) for slip in slips)


@pytest.mark.parametrize("drawn", SAMPLES, ids=lambda drawn: "-".join(map(str, drawn)))
def test_key_is_right_and_every_slip_wrong_with_its_own_reply(drawn: tuple[Any, ...]) -> None:
    """Whatever the network, a right answer is right, a slip is named, and all words hold together."""
    for question in asked(*sample(*drawn)).values():
        assert problems(question) == ()
        assert set(slip_names(question)) <= NAMES
        assert grade(question, right_response(question)).verdict == "correct"
        for response, reply in entries(question):
            found = grade(question, response)
            assert found.verdict == "wrong"
            assert found.mistakes == (reply,)


@pytest.mark.parametrize("drawn", SAMPLES[::7], ids=lambda drawn: "-".join(map(str, drawn)))
def test_same_network_asks_the_same(drawn: tuple[Any, ...]) -> None:
    """A guess that was kept finds its question again, and two questions are not taken for one another."""
    first, again = asked(*sample(*drawn)), asked(*sample(*drawn))
    assert first == again
    variants = [variant(question) for question in first.values()]
    assert len(set(variants)) == len(variants)
    assert all(0 <= number < 2**31 for number in variants)


def backward_by_hand(model: Model, trace: Trace) -> tuple[Any, Any]:
    """∂L/∂h (T, H) and δ (T, H), written out step by step."""
    h, W, T = trace.cell.h[:, 0], model.cell.W_h, len(trace.cell.x)
    assert trace.dlogits is not None
    own = np.zeros((T, model.cell.H))
    own[T - len(trace.dlogits) :] = trace.dlogits[:, 0] @ model.W_y.T
    dh, da, coming = np.zeros_like(own), np.zeros_like(own), np.zeros(model.cell.H)
    for t in range(T, 0, -1):
        dh[t - 1] = own[t - 1] + coming
        da[t - 1] = dh[t - 1] * SLOPES[model.activation](h[t])
        coming = da[t - 1] @ W.T
    return dh, da


def indices(text: str, name: str) -> list[int]:
    """The numbers in ``name{t}[k]`` or ``name[i,j]`` where it first stands in a prompt."""
    rest = text.split(name, 1)[1].split("]", 1)[0]
    return [int(part) for part in rest.replace("{", "").replace("}", "").replace("[", ",").split(",") if part]


@pytest.mark.parametrize("drawn", SAMPLES, ids=lambda drawn: "-".join(map(str, drawn)))
def test_answers_equal_what_is_worked_out_another_way(drawn: tuple[Any, ...]) -> None:
    """Each answer is that of the network on the screen, not of a formula kept beside it."""
    model, trace, backward = sample(*drawn)
    found, h = asked(model, trace, backward), trace.cell.h[:, 0]
    dh, da = backward_by_hand(model, trace)
    T, phi = len(da), APPLY[model.activation]
    if (question := found.get("guess-forward-state")) is not None:
        t, k = indices(re.split("sign of|side of 0.5 is", question.prompt)[1], "$h_")
        a = trace.cell.x[t - 1, 0] @ model.cell.W_x[:, k] + h[t - 1] @ model.cell.W_h[:, k] + model.cell.b[k]
        high, low = ("above 0.5", "below 0.5") if model.activation == "sigmoid" else ("positive", "negative")
        low = "zero" if model.activation == "relu" else low
        assert right_text(question) == (high if a > 0 else low)
    if (question := found.get("guess-forward-number")) is not None:
        t, k = indices(question.prompt.split("what is ")[1], "$h_")
        a = trace.cell.x[t - 1, 0] @ model.cell.W_x[:, k] + h[t - 1] @ model.cell.W_h[:, k] + model.cell.b[k]
        assert answer(question) == pytest.approx(phi(a), rel=1e-9)
    if (question := found.get("guess-forward-uses")) is not None:
        sent = h[:-1, min(1, model.cell.H - 1)] * model.cell.W_h[min(1, model.cell.H - 1), 0]
        assert right_text(question) == f"step {int(np.argmin(sent)) + 1}"
    if (question := found.get("guess-forward-felt")) is not None:
        x = trace.cell.x.copy()
        x[0, 0, 0] += 0.1
        moved = np.abs(network.run(model, x).cell.h[1:, 0] - h[1:]).max(axis=1) > 0
        assert right_text(question) == ("every state" if moved.all() else "some of them")
    if (question := found.get("guess-forward-missed")) is not None and trace.losses is not None:
        assert right_text(question) == f"step {int(np.argmax(trace.losses[:, 0])) + 1}"
    if (question := found.get("guess-bptt-state")) is not None:
        t, k = indices(question.prompt, r"\partial h_")
        assert t < T
        assert right_text(question) == ("positive" if dh[t - 1, k] > 0 else "negative")
    if (question := found.get("guess-bptt-weight")) is not None:
        i, j = indices(question.prompt, r"\partial W_h")
        terms = h[:-1, i] * da[:, j]
        whole = "over all steps" in question.prompt
        assert answer(question) == pytest.approx(terms.sum() if whole else terms[T - 2], rel=1e-9)
    if (question := found.get("guess-bptt-step")) is not None:
        shares = [float((np.outer(h[t], da[t]) * backward.grads["W_h"]).sum()) for t in range(T)]
        assert right_text(question) == f"step {int(np.argmax(shares)) + 1}"


def right_text(question: Exact) -> str:
    """The right option's text."""
    assert isinstance(question, Choice)
    return next(option.text for option in question.options if option.right)


def answer(question: Exact) -> float:
    """The answer of a question for a number."""
    assert isinstance(question, Numeric)
    return question.answer


@pytest.mark.parametrize("drawn", SAMPLES[::3], ids=lambda drawn: "-".join(map(str, drawn)))
def test_update_and_nudge_are_measured_by_running_again(drawn: tuple[Any, ...]) -> None:
    """What the loss does is what two runs say, not what the gradient promises."""
    model, trace, backward = sample(*drawn)
    found = asked(model, trace, backward)
    rng_target = np.asarray(trace.y_hat - trace.dlogits * (trace.y_hat.shape[-1] / 2 if model.loss == "mse" else 1))
    y: Any = rng_target.argmax(-1) if model.loss == "softmax" else rng_target.round(6).clip(0, 1)
    y = y[0] if model.readout == "last" else y
    old = network.parameters(model)
    assert network.run(model, trace.cell.x, y).loss == pytest.approx(trace.loss)
    if (question := found.get("guess-bptt-update")) is not None:
        moved = network.with_parameters(model, {n: W - 0.5 * backward.grads[n] for n, W in old.items()})
        after = network.run(moved, trace.cell.x, y).loss
        assert right_text(question) == ("it falls" if after < trace.loss else "it rises")  # type: ignore[operator]
    if (question := found.get("guess-bptt-nudge")) is not None:
        k, o = indices(question.prompt, "$W_y")
        by = float(question.prompt.split("raised by ")[1].split()[0])
        W_y = old["W_y"].copy()
        W_y[k, o] += by
        after = network.run(network.with_parameters(model, {"W_y": W_y}), trace.cell.x, y).loss
        assert answer(question) == pytest.approx(after - trace.loss, rel=1e-6)  # type: ignore[operator]


def lesson(readout: str) -> tuple[Model, Trace, Backward]:
    """The network that the lessons start with."""
    x = np.array([[1, 0.5], [-0.5, 1], [0.5, -1], [1, 0]]).reshape(4, 1, 2)
    drawn = network.init("rnn", 2, 2, 1, rng=np.random.default_rng(0), readout=readout)
    values = {
        "W_x": [[0.6, -0.4], [0.5, 0.8]], "W_h": [[0.7, -0.5], [0.4, 0.6]], "b": [0, 0.1],
        "W_y": [[0.9], [-1.2]], "b_y": [0],
    }  # fmt: skip
    model = network.with_parameters(drawn, {name: np.array(W, float) for name, W in values.items()})
    trace = network.run(model, x, [[1.0]] if readout == "last" else [[[1.0]], [[0.0]], [[1.0]], [[1.0]]])
    return model, trace, network.backprop(model, trace)


def test_usual_slips_of_the_way_back_are_named() -> None:
    """On the lessons' network: φ', h_t for h_{t-1}, the future path, the sum and the transpose are recognised."""
    model, trace, backward = lesson("every")
    question = asked(model, trace, backward)["guess-bptt-weight"]
    _, da = backward_by_hand(model, trace)
    h, own = trace.cell.h[:, 0], trace.dlogits[:, 0] @ model.W_y.T  # type: ignore[index]
    turned = network.with_parameters(model, {"W_h": model.cell.W_h.T})
    i, j = indices(question.prompt, r"\partial W_h")
    slips = {
        "h_{t-1}": (h[1:].T @ da)[i, j],
        "future path": (h[:-1].T @ (own * (1 - h[1:] ** 2)))[i, j],
        "forgot to sum": h[3, i] * da[3, j],
        "varphi'": (h[:-1].T @ without_slopes(model, own))[i, j],
        "W_h^": (h[:-1].T @ backward_by_hand(turned, trace)[1])[i, j],
    }
    for words, value in slips.items():
        assert words in grade(question, f"{value:.6f}").mistakes[0]


def without_slopes(model: Model, own: Any) -> Any:
    """δ (T, H) as they come out when every slope is taken for 1."""
    da, coming = np.zeros_like(own), np.zeros(model.cell.H)
    for t in range(len(own) - 1, -1, -1):
        da[t] = own[t] + coming
        coming = da[t] @ model.cell.W_h.T
    return da


def test_usual_slips_of_a_step_are_named() -> None:
    """On the lessons' network: the activation, the recurrent term and the transpose forgotten are recognised."""
    model, trace, backward = lesson("last")
    question = asked(model, trace, backward)["guess-forward-number"]
    t, k = indices(question.prompt.split("what is ")[1], "$h_")
    x, h, p = trace.cell.x[t - 1, 0], trace.cell.h[t - 1, 0], model.cell
    slips = {
        r"forgot the activation": x @ p.W_x + h @ p.W_h + p.b,
        "left out": np.tanh(x @ p.W_x + p.b),
        r"W_h^\top": np.tanh(x @ p.W_x + h @ p.W_h.T + p.b),
    }
    for words, value in slips.items():
        assert words in grade(question, f"{value[k]:.6f}").mistakes[0]


def test_slopes_alone_are_told_from_the_gradient() -> None:
    """The chapter's 0.25 to the power of the steps is no right answer, but a slip with its name."""
    found = {question.id: question for question in gradients.questions(three_runs(0, 40, 1.0))}
    question = found["guess-gradients-decades"]
    assert "sigmoid" in question.prompt
    assert "slopes alone" in grade(question, f"{39 * np.log10(4):.3f}").mistakes[0]


@pytest.mark.parametrize("scale", [0.0, 0.01, 10.0, 200.0])
@pytest.mark.parametrize("drawn", SAMPLES[::10], ids=lambda drawn: "-".join(map(str, drawn)))
def test_weights_of_any_size_ask_only_what_can_be_answered(drawn: tuple[Any, ...], scale: float) -> None:
    """Silent, saturated and overflowing networks raise no warning and leave no question without a right answer."""
    model, trace, _ = sample(*drawn)
    grown = network.with_parameters(model, {name: W * scale for name, W in network.parameters(model).items()})
    y: Any = np.zeros(trace.y_hat.shape[:2], int) if model.loss == "softmax" else np.zeros(trace.y_hat.shape)
    run = network.run(grown, trace.cell.x, y[0] if model.readout == "last" else y)
    for question in asked(grown, run, network.backprop(grown, run)).values():
        assert problems(question) == ()
        assert set(slip_names(question)) <= NAMES


def test_dropping_the_future_is_what_zero_means() -> None:
    """With one loss at the end, whoever says that an earlier state has no gradient hears of the future path."""
    model, trace, backward = sample(4, "tanh", "last", "bce", 1)
    question = asked(model, trace, backward)["guess-bptt-state"]
    assert isinstance(question, Choice)
    zero = next(option for option in question.options if option.text == "zero")
    assert zero.reply.startswith("You dropped the future path.")


def test_single_step_and_silent_network_leave_questions_out() -> None:
    """Where nothing can be asked, nothing is: one step has no future, no gradient has no sign."""
    model = network.init("rnn", 2, 2, 1, rng=np.random.default_rng(1))
    trace = network.run(model, np.ones((1, 1, 2)), [[1.0]])
    found = asked(model, trace, network.backprop(model, trace))
    assert not found.keys() & {"guess-bptt-state", "guess-bptt-weight", "guess-bptt-step", "guess-forward-reach"}
    dead = network.with_parameters(model, {name: np.zeros_like(W) for name, W in network.parameters(model).items()})
    trace = network.run(dead, np.ones((3, 1, 2)), [[0.5]])
    assert asked(dead, trace, network.backprop(dead, trace)).keys() <= {"guess-forward-output"}


def test_batch_and_lstm_are_refused() -> None:
    """A guess is about one sequence of a vanilla RNN; the message says what came."""
    model = network.init("rnn", 2, 2, 1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="B = 2"):
        forward.questions(model, network.run(model, np.ones((3, 2, 2))))
    lstm = network.init("lstm", 2, 2, 1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="got lstm"):
        forward.questions(lstm, network.run(lstm, np.ones((3, 1, 2))))


@pytest.mark.parametrize(("seed", "T", "gain"), RUNS)
def test_guesses_of_the_third_lesson_grade_their_key_and_slips(seed: int, T: int, gain: float) -> None:
    """Short, long, vanishing and exploding runs: keys right, slips wrong with their own reply, the same each time."""
    found = gradients.questions(three_runs(seed, T, gain))
    assert found == gradients.questions(three_runs(seed, T, gain))
    for question in found:
        assert problems(question) == ()
        assert set(slip_names(question)) <= NAMES
        for response, reply in entries(question):
            assert reply in grade(question, response).mistakes
            assert grade(question, response).verdict != "correct"


@pytest.mark.parametrize(("seed", "T", "gain"), RUNS)
def test_guesses_of_the_third_lesson_are_those_of_the_runs(seed: int, T: int, gain: float) -> None:
    """Rank, powers of ten and step agree with lengths taken from the gradients themselves."""
    runs = three_runs(seed, T, gain)
    sizes = {name: np.linalg.norm(back.cell.dh[:, 0], axis=1) for name, (_, _, back) in runs.items()}
    shown = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
    for question in gradients.questions(runs):
        network_ = next((name for name, text in shown.items() if f"the {text} network" in question.prompt), "")
        if isinstance(question, Order):
            assert question.steps == tuple(shown[n] for n in sorted(sizes, key=lambda n: -sizes[n][0]))
        elif question.id == "guess-gradients-decades":
            ratio = sizes[network_][0] / sizes[network_][-1]
            assert answer(question) == pytest.approx(abs(np.log10(ratio)), rel=1e-9)
            assert ("larger" if ratio > 1 else "smaller") in question.prompt
        elif isinstance(question, Numeric):
            gone = "below" in question.prompt
            beyond = sizes[network_] < 1e-6 if gone else sizes[network_] > 1e6
            assert answer(question) == max(np.flatnonzero(beyond)) + 1


def test_every_page_has_enough_to_ask() -> None:
    """On networks as the lessons start with, all of a page's predictions can be asked."""
    found = asked(*sample(4, "tanh", "last", "bce", 1))
    assert sum(name.removeprefix("guess-forward-") in forward.NAMES for name in found) == 3
    assert sum(name.startswith("guess-forward") for name in found) >= 5
    assert sum(name.startswith("guess-bptt") for name in found) >= 4
    assert len(gradients.questions(three_runs(0, 40, 1.0))) == 3


def test_the_geometric_mean_of_the_steps_has_its_own_name() -> None:
    """It is the typical factor, as on the page: taken at each of the steps between, it gives what is left."""
    runs = three_runs(0, 40, 1.0)
    found = {question.id: question for question in gradients.questions(runs)}
    texts = [found[f"guess-gradients-{name}"].explanation for name in ("rank", "decades")]
    assert all("typical factor of a step" in text and "average" not in text for text in texts)
    size = norms(runs["tanh"][2])["h"]
    assert f"{inline(float((size[0] / size[-1]) ** (1 / 39)), 2)} (tanh)" in texts[0]


def test_ids_are_no_ids_of_the_bank_and_concepts_are_known() -> None:
    """A guess is never taken for a question of the bank, and says which of its concepts it is about."""
    bank = load_bank()
    for question in (
        *asked(*sample(4, "tanh", "last", "bce", 1)).values(),
        *gradients.questions(three_runs(0, 40, 1.0)),
    ):
        assert question.id not in bank
        assert question.id not in bank.probes
        assert set(question.concepts) <= set(bank.concepts)
