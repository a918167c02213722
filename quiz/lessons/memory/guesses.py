"""The word that moves the output most, what a forget bias leaves, and which cell bridges a gap."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.activations import sigmoid
from core.experiments import Experiment, Outcome
from core.experiments.gaps import SEEDS
from core.params import Array
from core.written import short
from quiz.computed.guess import About, choice, largest, numeric
from quiz.computed.numbers import Candidate, shown
from quiz.schema import Choice, Exact, Numeric

BIAS, STEPS, GAP = 1.0, 6, 50
MIDDLE = 3  # words that the options need between the first and the last

WORD = About("guess-memory-word", "memory", ("long-term-dependencies", "vanishing"))
LEFT = About("guess-memory-left", "memory", ("forget-bias", "cell-state"))
ACROSS = About("guess-memory-gap", "memory", ("long-term-dependencies", "forget-bias"), "hard")


def questions(
    words: Sequence[str], sizes: Array, asked: int, outcomes: Mapping[Experiment, Outcome]
) -> tuple[Exact, ...]:
    """Up to three predictions.

    Args:
        words: T words that a fresh RNN reads.
        sizes: How far its output moves with each (T,), see `core.retention.sensitivity`.
        asked: Place of the word that the answer depends on, from 1.
        outcomes: Runs over gaps by experiment.
    """
    made = (word(words, sizes, asked), left(), across(outcomes))
    return tuple(question for question in made if question is not None)


def word(words: Sequence[str], sizes: Array, asked: int) -> Choice | None:
    """Which word moves a fresh RNN's output most."""
    T = len(words)
    top = largest(sizes)
    if top is None or asked + MIDDLE > T or asked < 1:
        return None
    options = {f"word {asked}, on which the answer depends": asked - 1, "the first word": 0}
    options |= {"a word halfway": T // 2, "the last word": T - 1}
    places = dict.fromkeys(options.values())
    if top not in places or len(places) < len(options) - (asked == 1):
        return None
    reasons = {
        asked
        - 1: "You took what the answer depends on for what moves the output. A fresh network knows nothing of that.",
        0: "You took the longest way for the largest effect. Every step multiplies by a factor; here they shrink it.",
        T // 2: "You expected a memory in the middle. Nothing singles out that step; each step back takes its factor.",
        T - 1: "You took the last word for the strongest. Here the product of the factors is above 1.",
    }
    share = sizes / sizes.sum()
    replies: dict[str, str] = {}
    for text, k in options.items():
        if asked == 1 and text == "the first word":
            continue
        own, best = short(share[k], 2), short(share[top], 2)
        replies[text] = (
            f"Yes: its share is {own}." if k == top else f"{reasons[k]} Its share is {own}, the largest {best}."
        )
    right = next(text for text, k in options.items() if k == top and text in replies)
    return choice(
        WORD,
        f"A fresh RNN reads the chapter’s first sentence with filler, {T} words in all. A small change of which one "
        "moves its output most?",
        replies,
        right,
        rf"From the last word back, $\lVert \partial z / \partial x_t \rVert$ passes one more factor "
        rf"$\operatorname{{diag}}(\varphi') W_h$ at every step. Here {share[T - 1]:.0%} of the sum is the last "
        f"word’s, {short(share[asked - 1], 1)} of it for word {asked}.".replace("%", r" %"),
    )


def left() -> Numeric:
    """What forget gates at a bias of 1 leave of a cell after some steps."""
    gate = float(sigmoid(np.array([BIAS]))[0])
    answer = gate**STEPS
    wrong: list[Candidate] = [
        (
            1.0,
            "took a gate's argument for the gate",
            "You took the bias for the gate. The gate is $\\sigma(1)$, which is below 1.",
        ),
        (gate, "took one step for all of them", f"You took one step. Each of the {STEPS} multiplies again."),
        (
            gate ** (STEPS + 1),
            "miscounted the steps",
            f"You counted the states instead of the steps between: $h_1$ to $h_7$ are {STEPS}.",
        ),
        (
            gate * STEPS,
            "added where factors multiply",
            f"You added where the steps multiply: $\\sigma(1) \\cdot {STEPS}$.",
        ),
        (1 - answer, "took what is lost for what is left", "That is what is lost. Asked is what is left."),
        (0.5**STEPS, "forgot the biases", "You took $\\sigma(0)$ for the gate: the bias is 1, not 0."),
        (
            math.exp(-STEPS),
            "took a logarithm to another base",
            "You took $e^{-1}$ for each step; the gate is $\\sigma(1) = 1/(1 + e^{-1})$.",
        ),
    ]
    return numeric(
        LEFT,
        f"A fresh LSTM’s forget gates stand near $\\sigma(1)$ (forget bias 1). How much of $c_1$ is left after {STEPS} "
        "further steps on the direct path, where only the forget gates multiply? Give a share from 0 to 1.",
        answer,
        wrong,
        rf"$\sigma(1)^{{{STEPS}}} = {shown(gate)}^{{{STEPS}}} = {shown(answer)}$.",
    )


def across(outcomes: Mapping[Experiment, Outcome]) -> Choice | None:
    """Which cell from its plain start solves a gap of 50 more often."""
    base = Experiment(gap=GAP)
    solved = {}
    for cell in ("rnn", "lstm"):
        runs = [outcomes.get(replace(base, cell=cell, seed=seed)) for seed in SEEDS]
        if any(run is None or not run.done for run in runs):
            return None
        solved[cell] = sum(run is not None and run.solved is not None for run in runs)
    rnn, lstm = solved["rnn"], solved["lstm"]
    names = {"the RNN": rnn > lstm, "the LSTM": lstm > rnn, "both equally often": rnn == lstm}
    counts = f"The RNN solves {rnn} of {len(SEEDS)}, the LSTM {lstm}."
    reasons = {
        "the RNN": "You went by the number of parameters.",
        "the LSTM": "You went by the name. A forget bias of 1 keeps 0.73 a step, the direct path little over fifty. "
        "The size of the first gradient alone does not decide, though: the RNN’s is smaller still.",
        "both equally often": "You took the two for alike.",
    }
    replies = {name: f"Yes. {counts}" if right else f"{reasons[name]} {counts}" for name, right in names.items()}
    return choice(
        ACROSS,
        f"Both cells from the plain start, the LSTM with forget bias 1: which solves a gap of {GAP} more often, of "
        f"five seeds each (learning rate {short(base.lr)}, at most {base.steps:,} training steps)?",
        replies,
        next(name for name, right in names.items() if right),
        rf"{counts} What the direct path keeps of the key at first is $\sigma(1)^{{50}} \approx 2 \cdot 10^{{-7}}$. "
        "Another learning rate or budget may turn the counts.",
        {
            "the RNN": "took size for what decides",
            "the LSTM": "took the LSTM for better in any case",
            "both equally often": "took the two for alike",
        },
    )
