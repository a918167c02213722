"""The bank's keywords, a baseline of the grader: they see what good answers say, and call no good answer mistaken."""

from __future__ import annotations

import pytest

from quiz.grading.text.keywords import suggest
from quiz.load import load_bank
from quiz.schema import Open

BANK = load_bank()

# Answers as good candidates speak; several name a misconception in order to deny it.
SPOKEN = {
    "interview-01": "We unroll the RNN in time, so it becomes a deep network with tied weights. Then it is just "
    "backprop: run the forward pass, keep the states, propagate the error from the last time step to "
    "the first, add the gradients of all steps and take one optimiser step. It is not a different "
    "algorithm, and the loss may sit only at the last step.",
    "interview-02": "SGD: w = w - eta dL/dw. The gradient comes from the backward pass; each step contributes the "
    "outer product of the previous state and the delta, and we accumulate them. They are not "
    "averaged, and the weights are not updated after each step but once at the end.",
    "interview-03": "Going back multiplies one Jacobian per step. If they shrink vectors, the product decays "
    "exponentially and early inputs get no learning signal. Sigmoid slopes are at most 0.25, but it "
    "is not only the sigmoid.",
    "interview-04": "The product of the factors grows exponentially. Large recurrent weights cause it; activation "
    "derivatives are at most 1. You see NaN. Clip the norm. Clipping does not help vanishing "
    "gradients.",
    "interview-05": "The hidden state is rewritten and mixed with new input at each step, and gradients vanish over "
    "the gap. It is not impossible: it depends on the initialisation. There is no window, and more "
    "units alone do not help.",
    "interview-06": "It adds a cell state with gates. The update is additive, so on the direct path the factor is "
    "the forget gate. Context may switch, with a binary loss or not. It has four times the "
    "parameters and mitigates, not eliminates, vanishing.",
    "interview-07": "A memory carried along the sequence, scaled by the forget gate, with the candidate added, all "
    "element-wise. The hidden state shows it through tanh and lies between -1 and 1; the cell state "
    "is not bounded.",
    "interview-08": "A sigmoid of the previous hidden state and the input, between 0 and 1 for each unit. It "
    "multiplies the old cell state: 1 keeps, 0 drops. It does not forget the whole cell state, and "
    "the input gate adds new information.",
    "interview-09": "A sigmoid that says how much of the candidate, a tanh, is added. It is not 1 minus the forget "
    "gate: both have their own weights. It replaces nothing by itself.",
    "interview-10": "The derivative on the direct path is f_t. The product of the forget gates stays near 1 if they "
    "are learnt so; the bias helps. Addition brings in the new. It can still vanish, and explode "
    "through h.",
    "interview-11": "RNN: H(D+H+1). LSTM: four blocks, so 4 times; 4 matrices on the concatenation. It is not three "
    "times. With the output layer less.",
    "interview-12": "How far back does the answer depend on the input? RNN for speed, LSTM to remember context. It "
    "has 4x the parameters. I would benchmark both; an LSTM is not always better.",
}


@pytest.mark.parametrize("name", BANK.interview)
def test_the_model_answer_is_seen_whole(name: str) -> None:
    """All key points are seen, no misconception is."""
    question = BANK[name]
    assert isinstance(question, Open)
    assert suggest(question, question.model_answer) == (tuple(point.id for point in question.points), ())


@pytest.mark.parametrize("name", BANK.interview)
def test_a_good_spoken_answer_is_not_called_mistaken(name: str) -> None:
    """At least three key points are seen in other words, and denying a misconception does not count as holding it."""
    question = BANK[name]
    assert isinstance(question, Open)
    said, wrong = suggest(question, SPOKEN[name])
    assert len(said) >= 3
    assert wrong == ()


@pytest.mark.parametrize("name", BANK.interview)
def test_a_misconception_is_seen_by_each_of_its_signs(name: str) -> None:
    """A sign is found in a sentence that holds it, so none is idle."""
    question = BANK[name]
    assert isinstance(question, Open)
    for wrong in question.misconceptions:
        for sign in wrong.signs:
            assert wrong.id in suggest(question, f"I think that {sign} here.")[1], sign
