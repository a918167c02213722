"""Beyond the chapter: every number a question states as right is worked out again, and every topic is asked twice."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest

from core import losses, lstm, rnn
from quiz.beyond.generators import GENERATORS
from quiz.grading.proof import longest_share
from quiz.lessons import BEYOND
from quiz.load import load_bank
from quiz.schema import Choice, Claims, Count, Numeric, Question

BANK = load_bank()
ASKED: Mapping[str, Question] = {
    question.id: question for question in BANK.questions if BANK.lessons(question) == (BEYOND,)
}
STATED = {name: question for name, question in ASKED.items() if isinstance(question, Numeric | Count)}


def layer(D: int, H: int) -> int:
    """Parameters of an LSTM layer with one bias."""
    params = lstm.init(D, H, rng=np.random.default_rng(0))
    return int(params.W_x.size + params.W_h.size + params.b.size)


def torch_gru(D: int, H: int) -> int:
    """Entries of the four arrays that PyTorch's GRU keeps: weight_ih, weight_hh, bias_ih, bias_hh."""
    return sum(math.prod(shape) for shape in ((3 * H, D), (3 * H, H), (3 * H,), (3 * H,)))


def past_inactive_units() -> float:
    """Length of the gradient one step back through ReLU and W_h = I, two of four units inactive."""
    params = rnn.RNNParams(np.eye(4), np.eye(4), np.zeros(4))
    trace = rnn.forward(params, np.array([-1.0, 1.0, 1.0, -1.0]).reshape(1, 1, 4), activation="relu")
    return float(np.linalg.norm(rnn.backward(params, trace, np.array([14.0, 3, 4, 2]).reshape(1, 1, 4)).dh0))


TRUE = {
    "gru-torch-parameters": torch_gru(8, 16),
    "peephole-parameters": layer(5, 6) + 3 * 6,
    "torch-first-axis": len([(layer, way) for layer in range(3) for way in ("forward", "backward")]),
    "stacked-three-layers": layer(4, 8) + 2 * layer(8, 8),
    "perplexity-uniform": math.exp(losses.softmax(np.zeros((1, 1, 50)), np.zeros((1, 1), int))[0].item()),
    "perplexity-characters-to-words": 2 ** (1.2 * 6),
    "windows-first-clean-start": min(set(range(101, 200)) - set(range(100, 100 + 36 + 1))),
    "identity-two-dead-units": past_inactive_units(),
}


def test_every_number_is_computed_here() -> None:
    """A question that states a number has its computation above, and none is left over."""
    assert set(TRUE) == set(STATED)


@pytest.mark.parametrize("name", sorted(TRUE))
def test_the_stated_number_is_true(name: str) -> None:
    """The key agrees with the computation, far within what an answer is allowed to miss."""
    assert STATED[name].answer == pytest.approx(TRUE[name], rel=1e-6)


# What interviews ask: questions of the bank, and generators.
TOPICS: Mapping[str, tuple[str, str]] = {
    "GRU": (
        "gru-against-lstm gru-update-gate-at-one gru-torch-parameters gru-new-state gru-two-biases",
        "gru-parameters gru-step",
    ),
    "gates by sigmoid, content by tanh": ("gates-why-sigmoid gates-why-tanh-for-content", "tanh-gate"),
    "peepholes": ("peephole-which-cell peephole-parameters", "peephole-gate"),
    "an LSTM step in NumPy": ("code-fused-product code-step-order", "lstm-blocks"),
    "PyTorch's output, h_n, c_n": ("torch-output-or-h-n torch-first-axis", "torch-shapes"),
    "bidirectional": ("bidirectional-when bidirectional-why-not-causal", "bidirectional-parameters"),
    "stacked layers": (
        "stacked-what-depth-adds stacked-three-layers stacked-formula", "stacked-parameters two-both-ways"
    ),
    "one-to-many to many-to-many": ("tasks-caption tasks-aligned-shape", "scored-predictions"),
    "seq2seq bottleneck": ("seq2seq-bottleneck seq2seq-what-attention-changes", "bottleneck"),
    "next-word training": ("next-word-slices next-word-not-shifted", "shifted-targets"),
    "teacher forcing and exposure bias": ("teacher-forcing-what", "free-running"),
    "perplexity": (
        "perplexity-uniform perplexity-characters-to-words", "perplexity-of-words perplexity-of-loss"
    ),
    "padding and masks": ("padding-why-mask padding-what-it-changes padding-masked-mean", "masked-loss"),
    "leakage between windows": (
        "leakage-which-leak windows-first-clean-start", "shared-windows scaled-by-training"
    ),
    "stateful training and detach": ("carried-what-detach-does carried-stateful-training", "detached-gradient"),
    "learned initial state": (
        "carried-learned-start carried-when-a-learned-start-helps", "initial-state-gradient"
    ),
    "memory and time of BPTT": ("cost-twice-as-long cost-truncated", "stored-numbers checkpoints"),
    "no parallel over time": ("cost-no-parallel-over-time cost-what-is-parallel", "sequential-depth"),
    "ReLU and identity start": (
        "identity-what-an-irnn-is identity-two-dead-units identity-what-the-start-gives", "relu-identity"
    ),
    "dropout in recurrence": ("dropout-argument-of-torch dropout-variational", "dropped-memory"),
    "layer against batch norm": ("norm-why-layer norm-batch-in-recurrence", "layer-norm"),
    "a clip limit from logged norms": ("clip-how-to-choose", "clip-percentile"),
    "finding a NaN": ("nan-first-look nan-where-from", "first-not-finite"),
    "feed-forward and convolution": ("feed-forward-on-a-window conv-against-rnn", "receptive-field window-network"),
    "Transformers": ("transformer-path-length transformer-what-is-gained-and-lost", "attention-cache"),
}  # fmt: skip


def test_every_topic_is_asked_at_least_twice_and_once_with_fresh_numbers() -> None:
    """Each has a question of the bank and a generator, and nothing is asked that belongs to none."""
    bank = [name for names, _ in TOPICS.values() for name in names.split()]
    drawn = [name for _, names in TOPICS.values() for name in names.split()]
    assert all(names and generators for names, generators in TOPICS.values())
    assert Counter(bank) == Counter(ASKED.keys())
    assert Counter(drawn) == Counter(generator.name for generator in GENERATORS)


def test_what_is_beyond_counts_towards_no_concept_of_the_chapter() -> None:
    """Questions and generators ask about concepts of their own, so what is known of the chapter stays its own."""
    about = {name for question in ASKED.values() for name in question.concepts}
    about |= {name for generator in GENERATORS for name in generator.concepts}
    assert about == {name for name in BANK.concepts if BANK.beyond(name)}
    chapter = [question for question in BANK.questions if question.id not in ASKED]
    assert not any(BANK.beyond(name) for question in chapter for name in question.concepts)


def test_neither_length_nor_number_gives_an_answer_away() -> None:
    """The right option is neither the longest nor the shortest too often; sets of claims differ in what is true."""
    choices = [question for question in ASKED.values() if isinstance(question, Choice)]
    assert longest_share(choices)[0] < 0.4
    shortest = sum(min(one.options, key=lambda option: len(option.text)).right for one in choices)
    assert shortest < 0.4 * len(choices)
    trues = Counter(
        sum(claim.true for claim in question.claims) for question in ASKED.values() if isinstance(question, Claims)
    )
    assert max(trues.values()) <= 0.5 * trues.total()
    assert len(trues) >= 4
