"""The two networks that Home shows: their numbers are those of the zoo's models, and its sentences hold on them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core import model, zoo
from core.sentences import ContextSwitch
from core.text import one_hot
from dashboard.home import controls, pair
from dashboard.kit import words
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings

EVERY = list(product(pair.RNNS, range(len(pair.PAIRS))))


@pytest.mark.parametrize("name", [pair.LSTM, *pair.RNNS.values()])
def test_a_square_is_what_the_network_answers_when_the_text_ends_there(name: str) -> None:
    """Each word's probabilities are those of the model run on the text up to that word and asked at its end."""
    shown, k = pair.read(name), 4
    first, second = (pair.NAMES[place] for place in pair.PAIRS[k])
    x = one_hot(ContextSwitch.text(first, second, pair.GAP), ContextSwitch.vocabulary)
    network = zoo.load(name).model
    for t in (0, 7, 8, pair.steps() - 1):
        np.testing.assert_allclose(shown.probabilities[k, t], model.run(network, x[: t + 1]).y_hat.ravel(), atol=1e-12)
    sent = pair.data()["lstm"]["p"] if name == pair.LSTM else None
    if sent is not None:
        assert np.abs(np.array(sent) / 100 - shown.probabilities).max() <= 0.005 + 1e-9


@pytest.mark.parametrize(("start", "k"), EVERY)
def test_the_finding_says_both_ends_and_both_counts(start: str, k: int) -> None:
    """Counted again on the probabilities: who is named at the end, and after how many words the subject."""
    said, subject = pair.data()["said"][start][k], pair.NAMES[pair.PAIRS[k][1]]
    about = [pair.PAIRS[k][0]] * pair.switch() + [pair.PAIRS[k][1]] * (pair.steps() - pair.switch())
    counts, ends = {}, {}
    for name, network in (("LSTM", pair.LSTM), ("RNN", pair.RNNS[start])):
        named = pair.read(network).probabilities[k].argmax(axis=1)
        counts[name], ends[name] = sum(named == about), pair.NAMES[named[-1]]
    assert f"the LSTM names the subject {counts['LSTM']} of 20 times, the RNN {counts['RNN']}." in said
    both = set(ends.values()) == {subject}
    assert said.startswith(f"Whom is the text about? At the end both answer {subject}.") == both
    if not both and subject in ends.values():
        right = next(name for name, end in ends.items() if end == subject)
        other = next(name for name, end in ends.items() if end != subject)
        assert f"the {right} answers {subject}, the {other} {ends[other]}." in said


def test_the_words_below_say_how_usual_it_is() -> None:
    """The shares over all pairs stand there, and the two RNNs differ in nothing but how they began."""
    for name in (pair.LSTM, *pair.RNNS.values()):
        assert f"{100 * pair.read(name).right.mean() / 20:.0f}\u202f%" in pair.usual()
        assert f"**{name}**" in pair.cards()
    plain, orthogonal = (zoo.load(name).recipe for name in (pair.RNNS["plain"], pair.RNNS["orthogonal"]))
    assert (plain.lr, plain.H, plain.seed, plain.steps) == (
        orthogonal.lr,
        orthogonal.H,
        orthogonal.seed,
        orthogonal.steps,
    )


def test_what_the_figure_writes_as_it_stands_has_no_marks() -> None:
    """Its sentences and its note are plain text: stars and formulas would stand there as they were typed."""
    shown = [pair.data()["note"], *(said for each in pair.data()["said"].values() for said in each)]
    assert [text for text in shown if set("*$`[") & set(text)] == []


@pytest.mark.parametrize("name", controls.EXAMPLES)
def test_example_is_a_link_that_can_be_followed(name: str) -> None:
    """Each example survives the way through its link, has a sequence, and has words on Home."""
    settings = controls.EXAMPLES[name]
    assert Settings().updated(settings.to_query()) == (settings, ())
    assert compute.sequence(settings).T > 1
    assert words.say("home", f"example-{name}")
