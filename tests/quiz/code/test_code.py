"""Each step of the code items, run in NumPy: its right line gives `core`'s gradients, a wrong one does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from core import lstm, rnn
from core.lstm import GATES, block
from quiz.formula import formula
from quiz.grading.grade import grade
from quiz.load import load_bank
from quiz.schema import GAP, Choice, Formula

T, B, D, H = 5, 7, 3, 4
Arrays = dict[str, Any]
BANK = load_bank()
ITEMS = {question.id: question for question in BANK.questions if question.code}
WRITTEN = [name for name, question in ITEMS.items() if isinstance(question, Formula)]
CHOSEN = [name for name, question in ITEMS.items() if isinstance(question, Choice) and GAP in question.code]
MENDED: Mapping[str, str] = {
    "code-rnn-bug-future": "dh = dh_out[t] + dh_next",
    "code-rnn-bug-state": "dW_h += h[t].T @ da",
    "code-lstm-bug-output": "da_o = dh * tanh_c * o * (1 - o)",
    "code-lstm-bug-carry": "dc_prev = dc * f",
}
"""Of each item that asks for the wrong line: the line as it has to be."""


def rnn_step() -> tuple[Arrays, Arrays]:
    """What one step of an RNN is given, and its gradients by `core`."""
    rng = np.random.default_rng(1)
    params, x, h0 = rnn.init(D, H, rng=rng), rng.normal(size=(1, B, D)), rng.normal(size=(B, H))
    trace, dh_out = rnn.forward(params, x, h0), rng.normal(size=(1, B, H))
    back = rnn.backward(params, trace, dh_out)
    given = {"x": x[0], "h_prev": h0, "h": trace.h[1], "dh": dh_out[0], "W_h": params.W_h}
    zeros = {"dW_x": np.zeros((D, H)), "dW_h": np.zeros((H, H)), "db": np.zeros(H)}
    found = {"da": back.da[0], "dW_x": back.grads.W_x, "dW_h": back.grads.W_h, "db": back.grads.b, "dh_prev": back.dh0}
    return given | zeros, found


def rnn_loop() -> tuple[Arrays, Arrays]:
    """What a loop over the steps of an RNN is given, and its gradients by `core`."""
    rng = np.random.default_rng(2)
    params, x, dh_out = rnn.init(D, H, rng=rng), rng.normal(size=(T, B, D)), rng.normal(size=(T, B, H))
    trace = rnn.forward(params, x)
    back = rnn.backward(params, trace, dh_out)
    given = {"h": trace.h, "dh_out": dh_out, "W_h": params.W_h, "b": params.b, "T": T}
    return given, {"dW_h": back.grads.W_h, "db": back.grads.b, "dh_next": back.dh0}


def lstm_step() -> tuple[Arrays, Arrays]:
    """What one step of an LSTM is given, and its gradients by `core`."""
    rng = np.random.default_rng(3)
    params, x = lstm.init(D, H, rng=rng), rng.normal(size=(1, B, D))
    h0, c0, dh_out, dc_T = (rng.normal(size=shape) for shape in ((B, H), (B, H), (1, B, H), (B, H)))
    trace = lstm.forward(params, x, h0, c0)
    back = lstm.backward(params, trace, dh_out, dc_T)
    gates = {gate: getattr(trace, gate)[0] for gate in GATES}
    a = {f"da_{gate}": block(back.da, gate)[0] for gate in GATES}
    slope = {gate: 1 - value**2 if gate == "g" else value * (1 - value) for gate, value in gates.items()}
    inner = {f"d{gate}": a[f"da_{gate}"] / slope[gate] for gate in GATES}
    cell = {"c_prev": c0, "c": trace.c[1], "tanh_c": trace.tanh_c[0], "dh": dh_out[0], "dc_next": dc_T}
    state = {"h_prev": h0, "W_h": params.W_h, "dW_h": np.zeros((H, 4 * H)), "db": np.zeros(4 * H)}
    sums = {"da": back.da[0], "dW_h": back.grads.W_h, "db": back.grads.b, "dh_prev": back.dh0}
    found = {"dc": back.dc[0], "dc_prev": back.dc0, **a, **inner, **sums}
    return {**gates, **cell, **state, **a, "dc": back.dc[0]}, found


def numbers(name: str) -> tuple[Arrays, Arrays]:
    """What an item's code is given, and what it must find."""
    if name.startswith("code-lstm"):
        return lstm_step()
    return rnn_loop() if "bug" in name else rnn_step()


def run(name: str, code: str) -> tuple[Arrays, Arrays]:
    """The variables after an item's code has run, and what they must be; only what the code itself assigns."""
    given, wanted = numbers(name)
    held = {key: np.array(value) if isinstance(value, np.ndarray) else value for key, value in given.items()}
    assigned = {line.split("=")[0].strip(" +") for line in code.splitlines() if "=" in line and "#" not in line}
    names = {each.strip() for group in assigned for each in group.split(",")} & wanted.keys()
    assert names
    exec(compile(code, name, "exec"), {"np": np}, held)  # the bank's own text, in a test alone
    return {key: held[key] for key in names}, {key: wanted[key] for key in names}


def right(name: str, code: str) -> bool:
    """Whether an item's code finds `core`'s gradients."""
    try:
        found, wanted = run(name, code)
    except ValueError:  # shapes that don't fit
        return False
    return all(np.shape(found[key]) == wanted[key].shape and np.allclose(found[key], wanted[key]) for key in wanted)


def filled(name: str, line: str) -> str:
    """An item's code with its gap filled."""
    assert ITEMS[name].code.count(GAP) == 1
    return ITEMS[name].code.replace(GAP, line)


def options(question: Choice) -> dict[str, bool]:
    """The lines to choose from, each with whether it is the answer."""
    assert all(option.text.startswith("`") and option.text.endswith("`") for option in question.options)
    return {option.text.strip("`"): option.right for option in question.options}


def test_there_are_items_of_each_form_for_both_cells() -> None:
    """Lines to write, lines to choose and wrong lines to find, of the RNN and of the LSTM."""
    assert len(ITEMS) >= 8
    assert {*WRITTEN, *CHOSEN, *MENDED} == set(ITEMS)
    for form in (WRITTEN, MENDED):
        assert {name.split("-")[1] for name in form} == {"rnn", "lstm"}


@pytest.mark.parametrize("name", WRITTEN)
def test_written_line_gives_the_gradients_of_core(name: str) -> None:
    """The key gives them, no slip does, each slip has a name; and the engine's value of the key is `core`'s."""
    question = ITEMS[name]
    assert isinstance(question, Formula)
    assert right(name, filled(name, question.answer))
    for slip in question.slips:
        assert slip.name
        assert not right(name, filled(name, slip.answer)), slip.answer
    line = next(line for line in question.code.splitlines() if GAP in line)
    given, wanted = numbers(name)
    values = {each: given.get(each, wanted.get(each))[None] for each in question.variables}
    value = formula.evaluate(formula.parse(question.answer, question.variables), values)[0]
    np.testing.assert_allclose(value, wanted[line.split("=")[0].strip(" +")])


@pytest.mark.parametrize("name", CHOSEN)
def test_chosen_line_gives_the_gradients_of_core(name: str) -> None:
    """The right option does, no other."""
    question = ITEMS[name]
    assert isinstance(question, Choice)
    assert {line: right(name, filled(name, line)) for line in options(question)} == options(question)


@pytest.mark.parametrize("name", MENDED)
def test_wrong_line_is_the_only_one(name: str) -> None:
    """As it stands the code is wrong; with that one line mended, as the reply or explanation says, it is right."""
    question = ITEMS[name]
    assert isinstance(question, Choice)
    lines = [line.strip() for line in question.code.splitlines()]
    (wrong,) = [line for line, answer in options(question).items() if answer]
    assert all(lines.count(line) == 1 for line in options(question))
    assert not right(name, question.code)
    assert right(name, question.code.replace(f"{wrong}\n", f"{MENDED[name]}\n"))
    assert MENDED[name] in question.explanation


def test_what_the_prompts_say_of_the_wrong_lines_holds() -> None:
    """With the state after the step db is right and dW_h is not; without the future only the last step is right."""
    found, wanted = run("code-rnn-bug-state", ITEMS["code-rnn-bug-state"].code)
    assert np.allclose(found["db"], wanted["db"])
    assert not np.allclose(found["dW_h"], wanted["dW_h"])
    given, _ = rnn_loop()
    code = ITEMS["code-rnn-bug-future"].code
    for steps, same in ((T, True), (T - 1, False)):
        deltas = []
        for each in (code, code.replace("dh = dh_out[t]\n", f"{MENDED['code-rnn-bug-future']}\n")):
            held = dict(given)
            exec(compile(f"{each}    if t == {steps - 1}: kept = da\n", "loop", "exec"), {"np": np}, held)
            deltas.append(held["kept"])
        assert np.allclose(*deltas) is same


@pytest.mark.parametrize(
    "line", ["__import__('os')", "dh * (1 - h**2); print(1)", "exec('1')", "dh.__class__", "np.eye(3)"]
)
def test_what_is_typed_is_never_executed(line: str) -> None:
    """A line that is no formula in the names given is refused, not run."""
    with pytest.raises(ValueError, match=r"."):
        grade(ITEMS["code-rnn-delta"], line)
