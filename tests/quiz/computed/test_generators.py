"""Generated questions: every draw is valid, graded as meant, and reproducible from what it shows."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest

from core import rnn
from quiz.computed.generators import GENERATORS, NAMES, generate
from quiz.computed.toys import rnn_params, rnn_trace
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import faults, longest_share, problems
from quiz.lessons import LESSONS
from quiz.load import load_bank
from quiz.schema import Choice, Cloze, Count, Numeric, Question

SEEDS = 200


@lru_cache(maxsize=len(NAMES))
def drawn(name: str) -> tuple[Question, ...]:
    """The questions of the first seeds."""
    return tuple(generate(name, seed) for seed in range(SEEDS))


@pytest.mark.parametrize("seeds", [range(50), pytest.param(range(50, SEEDS), marks=pytest.mark.deep)], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_every_draw_is_graded_as_meant(name: str, seeds: range) -> None:
    """The key is right, each slip and wrong option is wrong with its own reply, other conventions are right."""
    found = {(seed, problem) for seed in seeds for problem in problems(drawn(name)[seed])}
    assert not found


@pytest.mark.parametrize("name", NAMES)
def test_every_draw_names_the_slips_of_its_numbers(name: str) -> None:
    """A learner who errs is told how: two to five slips, or replies at the options or blanks."""
    for question in drawn(name):
        assert question.id == f"gen-{name}"
        assert question.explanation
        if isinstance(question, Cloze):
            assert all(blank.slips for blank in question.blanks)
        elif slips := getattr(question, "slips", ()):
            assert 2 <= len(slips) <= 5
            assert len({slip.answer for slip in slips}) == len(slips)
        else:
            assert all(option.reply for option in getattr(question, "options", ()))


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_gives_the_same_question_and_others_differ(name: str) -> None:
    """A variant can be shown again from its number, and a new number gives new numbers."""
    questions = drawn(name)
    assert [generate(name, seed) for seed in (0, 7, 199)] == [questions[seed] for seed in (0, 7, 199)]
    assert len({question.model_dump_json() for question in questions}) > SEEDS / 2
    assert all(before != after for before, after in pairwise(questions[:21]))


@pytest.mark.parametrize("name", [name for name in NAMES if isinstance(generate(name, 0), Choice)])
def test_longest_option_is_not_the_right_one_too_often(name: str) -> None:
    """Picking the longest option does not pay."""
    share, choices = longest_share(drawn(name))
    assert choices == SEEDS
    assert share < 0.4


@pytest.mark.parametrize("name", [name for name in NAMES if isinstance(generate(name, 0), Choice)])
def test_right_option_is_not_tied_to_a_letter(name: str) -> None:
    """Each letter is the right one in some draws."""
    right = {right_response(question) for question in drawn(name)}
    first = drawn(name)[0]
    assert isinstance(first, Choice)
    assert right == {option.id for option in first.options}


def test_generators_cover_the_lessons_and_levels() -> None:
    """Every lesson has generated questions, and one with three or more has them at every level."""
    for lesson in LESSONS:
        levels = [generator.level for generator in GENERATORS.values() if lesson in generator.lessons]
        assert levels
        assert len(levels) < 3 or set(levels) == {"easy", "medium", "hard"}


def test_generators_ask_about_known_concepts_in_the_right_lesson() -> None:
    """A generated question counts towards concepts of the graph, taught in the lesson it names."""
    concepts = load_bank().concepts
    assert {name for generator in GENERATORS.values() for name in generator.concepts} <= set(concepts)
    found = faults([generate(name, 0) for name in NAMES], concepts)
    assert [fault for fault in found if fault.startswith("gen-")] == []


def test_bank_gives_generated_questions_by_id_and_variant() -> None:
    """The rest of the quiz asks for them as for any other question."""
    question = load_bank().question("gen-cell-update", 5)
    assert question == generate("cell-update", 5)
    assert grade(question, right_response(question)).verdict == "correct"


def _tanh_slope(h: float) -> float:
    return 1 - h * h


def _slope(h: float, text: str) -> float:
    return h * (1 - h) if "sigmoid" in text else 1 - h * h


def _sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a))


# Worked out again from the numbers of the prompt, in their order, without the code that made the question.
BY_HAND: Mapping[str, Callable[[list[float], str], float]] = {
    "forward-step": lambda n, _: math.tanh(n[3] * n[0] + n[4] * n[1] + n[2]),
    "forward-two-units": lambda n, _: math.tanh(
        n[7] * n[int(n[10])] + n[8] * n[int(n[10]) + 2] + n[9] * n[int(n[10]) + 4]  # column of W_x and of W_h
    ),
    "forward-two-steps": lambda n, _: math.tanh(n[5] * n[0] + math.tanh(n[4] * n[0]) * n[1]),
    "read-out-loss": lambda n, _: -math.log(_sigmoid((n[0] * n[1] + n[2]) * (1 if n[3] else -1))),
    "read-out-delta": lambda n, _: (n[0] - n[1]) * n[3],
    "step-delta": lambda n, _: n[0] * _tanh_slope(n[2]),
    "send-back": lambda n, _: n[5] + n[1] * _tanh_slope(n[2]) * n[0],
    "send-back-two-units": lambda n, _: n[int(n[9]) + 7] + n[4] * n[2 * int(n[9])] + n[5] * n[2 * int(n[9]) + 1],
    "step-contribution": lambda n, _: n[int(n[6])] * n[int(n[7]) + 4],
    "gradient-sum": lambda n, _: n[1] * n[5] + n[2] * n[6],
    "gradient-from-states": lambda n, _: n[4] * _tanh_slope(n[3]) * (n[2] + n[0] * _tanh_slope(n[2]) * n[1]),
    "weight-update": lambda n, _: n[0] - n[2] * n[1],
    "update-from-steps": lambda n, _: n[0] - n[7] * sum(n[1:5]),
    "gradient-check": lambda n, _: (n[6] - n[2]) / (n[5] - n[1]),
    "slope-product": lambda n, text: math.prod(n[0] * _slope(h, text) for h in n[2:]),
    "slope-bound": lambda n, text: (n[0] * (0.25 if "sigmoid" in text else 1)) ** n[2],
    "spectral-radius": lambda n, _: abs(n[0] + n[3]) / 2 + math.sqrt((n[0] - n[3]) ** 2 / 4 + n[1] * n[2]),
    "input-influence": lambda n, _: n[0] * n[1] ** 2 * math.prod(_tanh_slope(h) for h in n[2:5]),
    "steps-until": lambda n, _: next(k for k in range(1, 99) if (n[0] * n[1]) ** k < n[2] / 100),
    "clip-norm": lambda n, _: n[int(n[4])] * n[3] / math.hypot(*n[:3]),
    "clip-value": lambda n, _: math.hypot(*(max(-n[3], min(n[3], g)) for g in n[:3])),
    "gate-value": lambda n, text: (math.tanh if "candidate" in text else _sigmoid)(n[3] * n[0] + n[4] * n[1] + n[2]),
    "concatenation": lambda n, text: (n[0] + n[1]) * (n[0] if "entries" in text else 1),
    "cell-update": lambda n, _: n[0] * n[3] + n[1] * n[2],
    "hidden-from-cell": lambda n, _: n[1] * math.tanh(n[0]),
    "lstm-step": lambda n, _: _sigmoid(n[2]) * math.tanh(_sigmoid(n[1]) * n[4] + _sigmoid(n[0]) * math.tanh(n[3])),
    "constant-gate": lambda n, _: n[0] ** n[1],
    "horizon": lambda n, _: -1 / math.log(n[0]),
    "forget-bias": lambda n, _: -math.log(math.expm1(1 / n[1])),
    "bias-to-gate": lambda n, _: _sigmoid(n[0]) ** n[1],
    "cell-gradient": lambda n, _: (n[1] + n[0] * n[2] * (1 - math.tanh(n[3]) ** 2)) * n[4],
    "rnn-parameters": lambda n, _: n[1] * (n[0] + n[1] + 1),
    "lstm-parameters": lambda n, _: 4 * n[1] * (n[0] + n[1] + 1),
    "model-parameters": lambda n, text: (4 if "LSTM" in text else 1) * n[1] * (n[0] + n[1] + 1) + n[2] * (n[1] + 1),
    "parameter-ratio": lambda n, _: (
        (4 * n[1] * (n[0] + n[1] + 1) + n[2] * (n[1] + 1)) / (n[1] * (n[0] + n[1] + 1) + n[2] * (n[1] + 1))
    ),
}


def numbers(prompt: str) -> list[float]:
    """The numbers a prompt shows, in order; indices of symbols and exponents are not among them."""
    bare = re.sub(r"[_^](\{[^}]*\}|\w)", "", prompt)
    return [float(n) for n in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", bare)]


@pytest.mark.parametrize("name", BY_HAND)
def test_numbers_of_the_prompt_give_the_answer(name: str) -> None:
    """What is shown is enough: arithmetic on paper lands within the tolerance."""
    for question in drawn(name):
        assert isinstance(question, Numeric | Count)
        by_hand = BY_HAND[name](numbers(question.prompt), question.prompt)
        assert by_hand == pytest.approx(question.answer, rel=1e-6, abs=1e-9), (
            question.prompt,
            numbers(question.prompt),
        )


def test_answer_rounded_as_the_prompt_allows_is_right() -> None:
    """Three decimals, or three significant digits, are as good as all of them."""
    for name in NAMES:
        for question in drawn(name):
            if isinstance(question, Numeric):
                digits = ".3f" if "Three decimals" in question.prompt else ".3g"
                assert grade(question, format(question.answer, digits)).verdict == "correct", question.prompt


def numbers_after(word: str, prompt: str) -> tuple[float, float]:
    """The range that a prompt gives of something; one number twice where all are equal."""
    clause = re.split(r", |\. ", prompt.split(word)[1])[0]
    found = [float(n) for n in re.findall(r"\$(\d+(?:\.\d+)?)\$", clause)]
    return found[0], found[-1]


@pytest.mark.parametrize("seed", range(60))
def test_slopes_and_singular_values_do_what_is_said(seed: int) -> None:
    """A step of the network itself, sent back from anywhere within the ranges, is as long as the right option says."""
    question = drawn("vanish-or-not")[seed]
    assert isinstance(question, Choice)
    name = "sigmoid" if "sigmoid" in question.prompt else "tanh"
    slopes, values = numbers_after("slopes", question.prompt), numbers_after("singular values of", question.prompt)
    rng, factors = np.random.default_rng(seed), []
    for slope, value in itertools.product((*slopes, sum(slopes) / 2), (*values, sum(values) / 2)):
        W_h = value * np.linalg.qr(rng.normal(size=(3, 3)))[0]
        h = math.sqrt(1 - slope) if name == "tanh" else (1 + math.sqrt(1 - 4 * slope)) / 2
        trace = rnn_trace([[0.0] * 3, [h] * 3, [h] * 3], activation=name)
        back = rnn.backward(rnn_params([[0.0] * 3], W_h), trace, [[[0.0] * 3], [rng.normal(size=3).tolist()]])
        factors.append(round(float(np.linalg.norm(back.dh[0]) / np.linalg.norm(back.dh[1])), 9))
    (right,) = (option.text for option in question.options if option.right)
    said = {
        "It shrinks at every step.": max(factors) < 1,
        "It grows at every step.": min(factors) > 1,
        "It keeps its size.": set(factors) == {1.0},
        "It may shrink or grow.": min(factors) < 1 < max(factors),
    }
    assert [text for text, holds in said.items() if holds] == [right]


def test_unknown_name_and_negative_seed_are_refused() -> None:
    """The message says what there is."""
    with pytest.raises(KeyError, match=r"no generator is called 'spell'.*forward-step"):
        load_bank().question("gen-spell")
    with pytest.raises(ValueError, match="seed: expected 0 or more, got -1"):
        generate("forward-step", -1)
