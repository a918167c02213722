"""What Home shows: two trained networks read one text with two subjects, and say after each word whom it is about.

Every pair of names is computed for every network, so that pressing a name or another start needs no server. The loss
stood at the last word alone when they were trained: what they would say before is what their state gives away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any

import numpy as np

from core import zoo
from core.context import answers
from core.params import Array
from core.sentences import ContextSwitch
from core.text import one_hot
from core.zoo.cards import SOLVED
from dashboard.kit.words import say

NAMES = ContextSwitch.classes
PAIRS = tuple(permutations(range(len(NAMES)), 2))
GAP = 4  # words of filler after each sentence
LSTM = "context-switch-lstm-small"
RNNS: Mapping[str, str] = {"orthogonal": "context-switch-rnn-orthogonal", "plain": "context-switch-rnn-slow"}
"""By how W_h began; but for that both had the same recipe."""


@dataclass(frozen=True, eq=False)
class Read:
    """One network on every pair of names.

    Attributes:
        trained: The network.
        probabilities: (pair, word, name).
    """

    trained: zoo.Trained
    probabilities: Array

    @property
    def answers(self) -> Array:
        """The name that it gives most, as its place in `NAMES` (pair, word)."""
        return np.asarray(self.probabilities.argmax(axis=2))

    @property
    def right(self) -> Array:
        """After how many words of each pair it names the subject (pair,)."""
        return np.asarray((self.answers == subjects()).sum(axis=1))


@lru_cache(maxsize=8)
def read(name: str) -> Read:
    """A network of the zoo on every pair."""
    trained = zoo.load(name)
    words = [ContextSwitch.text(NAMES[first], NAMES[second], GAP) for first, second in PAIRS]
    vocabulary = ContextSwitch.vocabulary
    x = np.concatenate([one_hot(text, vocabulary) for text in words], axis=1)
    return Read(trained, np.asarray(answers(trained.model, x).transpose(1, 0, 2)))


@lru_cache(maxsize=1)
def subjects() -> Array:
    """Whom the text is about after each word (pair, word)."""
    return np.array([[first] * switch() + [second] * (steps() - switch()) for first, second in PAIRS])


def steps() -> int:
    """Words of the text."""
    return len(ContextSwitch.text(*NAMES[:2], GAP))


def switch() -> int:
    """Where the second name stands, counted from 0."""
    return 4 + GAP


def finding(rnn: Read, lstm: Read, pair: int) -> str:
    """Both answers at the end, and after how many words each is right."""
    subject = NAMES[PAIRS[pair][1]]
    said = {name: NAMES[int(of.answers[pair, -1])] for name, of in (("RNN", rnn), ("LSTM", lstm))}
    rnn_right, lstm_right = (answer == subject for answer in said.values())
    if rnn_right and lstm_right:
        end = f"At the end both answer {subject}."
    elif lstm_right or rnn_right:
        right, other = ("LSTM", "RNN") if lstm_right else ("RNN", "LSTM")
        end = f"At the end the {right} answers {subject}, the {other} {said[other]}."
    else:
        end = f"At the end neither answers {subject}."
    return (
        f"Whom is the text about? {end} Asked after every word, the LSTM names the subject {lstm.right[pair]} of "
        f"{steps()} times, the RNN {rnn.right[pair]}."
    )


def usual() -> str:
    """How usual it is: all pairs of names, and other seeds of the same recipes."""
    lstm, rnns = read(LSTM), {start: read(name) for start, name in RNNS.items()}
    shares = [f"{_share(each)} ({start})" for start, each in rnns.items()]
    return (
        f"Over all {len(PAIRS)} pairs of names the LSTM is right after {_share(lstm)} of words, the RNN after "
        f"{' or '.join(shares)}. In the Inspector the RNNs are called "
        f"{' and '.join(f'{name} ({start})' for start, name in RNNS.items())}, the LSTM {LSTM}."
    )


def cards() -> str:
    """The networks by name, and how many seeds of each recipe learn the task, as Markdown."""
    lines = []
    for name in (LSTM, *RNNS.values()):
        trained = zoo.load(name)
        gap = trained.recipe.most_gap
        lines.append(
            f"- **{name}**: {_kind(trained.recipe)}, learning rate {trained.recipe.lr:g}, seed {trained.recipe.seed}. "
            f"With {gap} words of filler it is right on {_percent(trained.card.right(gap).value)} of fresh texts; "
            f"{trained.card.solved(gap)} seeds reach {_percent(SOLVED)}."
        )
    return "\n".join(lines)


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    """All that the figure shows, as its script takes it; probabilities in hundredths."""
    lstm = read(LSTM)
    text = ContextSwitch.text(*NAMES[:2], GAP)
    rnns = {start: read(name) for start, name in RNNS.items()}
    return {
        "names": list(NAMES),
        "words": list(text),
        "switch": switch(),
        "pairs": [list(pair) for pair in PAIRS],
        "lstm": _shown(lstm),
        "rnns": {start: _shown(each) for start, each in rnns.items()},
        "said": {start: [finding(each, lstm, k) for k in range(len(PAIRS))] for start, each in rnns.items()},
        "note": say("home", "figure"),
    }


def _shown(of: Read) -> dict[str, Any]:
    return {
        "units": f"{of.trained.recipe.H} units",
        "p": np.rint(100 * of.probabilities).astype(int).tolist(),
    }


def _kind(recipe: zoo.Recipe) -> str:
    if recipe.cell == "lstm":
        return f"LSTM of {recipe.H} units, forget bias {recipe.forget_bias:g}"
    return f"RNN of {recipe.H} units, {'orthogonal' if recipe.scheme == 'orthogonal' else 'plain'} start"


def _share(of: Read) -> str:
    return _percent(float(of.right.mean()) / steps())


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NARROW NO-BREAK SPACE}%"
