"""The lesson on long-term dependencies: what it computes, what it says, its page, and a run begun and stopped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import model, zoo
from core.errors import InputError
from core.experiments import Outcome, gaps, spreads
from core.sentences import Language
from core.text import embedding, one_hot
from dashboard.kit.run import by_name, compute
from dashboard.kit.words import say
from dashboard.lessons.memory import compute as memory_runs
from dashboard.lessons.memory import gaps_view as memory_gaps
from dashboard.lessons.memory import view
from dashboard.lessons.memory.settings import MemorySettings

NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize("start", ["uniform", "orthogonal"])
def test_fill_in_is_that_of_a_run(start: str) -> None:
    """The answers on the page are those of the stored networks on that very sentence."""
    found = memory_runs.fill_in("Japan", start)
    x = one_hot(memory_runs.fill_words("Japan", 13), Language.vocabulary)
    for name, each in memory_runs.language_models(start).items():
        assert found.answers[name][13] == pytest.approx(model.run(each.model, x).y_hat[0, 0])
    assert Language.classes[found.right] == "Japanese"


@pytest.mark.parametrize(
    ("country", "start", "expected"),
    [
        ("Italy", "uniform", "cannot tell Italian from Turkish (34 % each)"),
        ("Turkey", "uniform", "cannot tell Turkish from Italian (34 % each)"),
        ("Poland", "uniform", "says Turkish (34 %: wrong; Polish gets 31 %)"),
        ("Italy", "orthogonal", "says Italian ("),
    ],
)
def test_a_tie_is_called_one(country: str, start: str, expected: str) -> None:
    """Shares that read alike are no answer, neither a right nor a wrong one; others are named with their share."""
    finding = view.fill(memory_runs.fill_in(country, start), 20)["finding"]
    assert f"the RNN {expected}" in "".join(finding).replace(NARROW, " ")


def test_start_changes_what_the_rnn_learned() -> None:
    """What the words below the fill-in say: from a plain start the RNN knows only some countries, else all."""
    right = {
        start: [memory_runs.fill_in(country, start).right_at("RNN")[20] > 0.9 for country in Language.countries]
        for start in ("uniform", "orthogonal")
    }
    assert any(right["uniform"])
    assert not all(right["uniform"])
    assert all(right["orthogonal"])


@pytest.mark.parametrize("start", ["uniform", "orthogonal"])
@pytest.mark.parametrize("country", Language.countries)
def test_the_fill_in_forgets_nothing_and_says_so(country: str, start: str) -> None:
    """What the page says of the two networks: no answer of theirs depends on how many words stand in between."""
    found = memory_runs.fill_in(country, start)
    assert all(np.ptp(found.right_at(name)) < view.FORGETS for name in memory_runs.MODELS)
    assert "within this range they forget nothing" in "".join(view.fill(found, 20)["finding"])


def test_a_fill_in_that_forgets_says_whose_answer_changes() -> None:
    """The sentence turns with the numbers: it names the network whose right answer gets lost on the way."""
    kept = memory_runs.fill_in("France", "orthogonal")
    lost = np.array(kept.answers["RNN"])
    lost[:, kept.right] = np.linspace(0.9, 0.3, len(lost))
    finding = "".join(view.fill(replace(kept, answers={**kept.answers, "RNN": lost}), 20)["finding"])
    assert "the right answer’s share changes, the RNN’s by 60" in finding


def test_a_network_that_does_forget_stands_beside_them() -> None:
    """The two-subject LSTM loses answers beyond the gaps of its training from every seed; others are not named."""
    found = zoo.load(memory_runs.FORGETFUL)
    said = view.forgetful(found).replace(NARROW, " ")
    assert "100 % of its texts with 20 words of filler and on 94 % with 40 (69 % to 94 % over 10 seeds)" in said
    assert view.forgetful(zoo.load("language-lstm")) == ""


@pytest.mark.parametrize("weights", ["trained", "fresh"])
@pytest.mark.parametrize("sentence", ["france", "krish", "own"])
def test_sentences_are_read(sentence: str, weights: str) -> None:
    """Both networks have a size for every word; the answer is told where they were trained."""
    own = "I grew up in Japan . my father sold books ."
    found = memory_runs.reading(MemorySettings(sentence=sentence, weights=weights, text=own, gap=3))
    assert set(found.sizes) == {"RNN", "LSTM"}
    assert all(sizes.shape == (len(found.words),) for sizes in found.sizes.values())
    assert bool(found.answers) == (weights == "trained")
    assert found.asked == {"france": 5, "krish": 1, "own": 0}[sentence]


def test_chapters_second_sentence_has_thirteen_words() -> None:
    """As the page says: 13 words, of which "he" is the seventh."""
    found = memory_runs.reading(MemorySettings(sentence="krish"))
    assert len(found.words) == 13
    assert found.words[6] == "he"
    assert "13 words" in say("memory", "reading")


def test_words_a_trained_network_never_met_are_named() -> None:
    """The message quotes the word and says what to do."""
    with pytest.raises(InputError, match="“zebra”"):
        memory_runs.reading(MemorySettings(sentence="own", weights="trained", text="I grew up in zebra"))


@pytest.mark.parametrize("weights", ["fresh", "trained"])
def test_an_empty_field_runs_the_example_that_it_shows(weights: str) -> None:
    """Whoever presses Enter on the shown example gets it read; either kind of network knows its words."""
    found = memory_runs.reading(MemorySettings(sentence="own", weights=weights, text="  "))
    assert " ".join(found.words) == memory_runs.OWN[weights]
    assert memory_runs.readers(MemorySettings(sentence="own", weights="trained")) != ()


def test_context_switch_words_find_their_network() -> None:
    """A sentence of another task's words is read by that task's networks."""
    text = "Krish likes pizza . Yann likes CNN . we now speak of"
    found = memory_runs.reading(MemorySettings(sentence="own", weights="trained", text=text))
    assert found.answers["LSTM"][0] == "Yann"


@pytest.mark.parametrize("start", ["uniform", "orthogonal"])
def test_own_words_are_read_by_the_network_of_the_start(start: str) -> None:
    """The chapter's sentence typed by hand gets the answers that it has as the chapter's."""
    chapters = memory_runs.reading(MemorySettings(country="Italy", gap=0, weights="trained", start=start))
    chosen = MemorySettings(sentence="own", weights="trained", start=start, text=" ".join(chapters.words))
    assert memory_runs.reading(chosen).answers == chapters.answers


def test_way_is_against_the_other_names() -> None:
    """Krish is held against four others, in parts of how far they lie apart at the name."""
    words = memory_runs.way("fresh", 3).words
    he, *others = (embedding((who, *words[1:]), memory_runs.D, seed=3) for who in ("Krish", *memory_runs.OTHERS))
    for name, found in memory_runs.way("fresh", 3).passages.items():
        states = [model.run(memory_runs.fresh(name, 3), x).cell.h[1:, 0] for x in (he, *others)]
        apart = np.mean([np.linalg.norm(other - states[0], axis=1) for other in states[1:]], axis=0)
        assert found.left == pytest.approx(apart / apart[0])


def test_fresh_networks_forget_about_as_the_chapter_draws() -> None:
    """What the words below the bars say: little is left after seven words, and training turns that round."""
    for name, passage in memory_runs.way("fresh", 0).passages.items():
        assert passage.left[0] == 1
        assert passage.left[-1] < 0.2, name
    assert all(passage.left[-1] > 1 for passage in memory_runs.way("trained", 0).passages.values())


def test_the_opening_figure_says_how_usual_its_seed_is() -> None:
    """The ranges beside it are those of all the seeds, and the seed on the page lies within them."""
    ranges = memory_runs.usual()
    for name in memory_runs.MODELS:
        left = [memory_runs.way("fresh", seed).passages[name].left for seed in memory_runs.SEEDS]
        assert ranges[name] == (min(each[-1] for each in left), max(each[-1] for each in left))
        assert all(each[-1] < 0.5 < each[0] for each in left)
    assert ranges["RNN"][1] < ranges["LSTM"][0]
    said = view.way_note(ranges, len(memory_runs.SEEDS)).replace(NARROW, " ")
    assert "over 20 seeds 1.3 % to 3.6 % of the difference is left in the RNN at the last word, 14 % to 31 % in" in said


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (MemorySettings(), ()),
        (MemorySettings(weights="trained", start="orthogonal"), ("language-rnn-orthogonal", "language-lstm")),
        (MemorySettings(weights="trained", sentence="krish"), ("pronoun-rnn", "pronoun-lstm")),
        (
            MemorySettings(weights="trained", sentence="own", text="Krish likes CNN"),
            ("context-switch-rnn", "context-switch-lstm"),
        ),
        (MemorySettings(weights="trained", sentence="own", text="zebra"), ()),
    ],
)
def test_cards_are_those_of_the_networks_that_read(chosen: MemorySettings, names: tuple[str, ...]) -> None:
    """Fresh networks have no card, nor has a sentence that none can read."""
    assert tuple(each.name for each in memory_runs.readers(chosen)) == names


def test_inspector_opens_with_the_same_networks() -> None:
    """The link of the page's head leads to the very weights and words of the fresh networks here."""
    chosen = MemorySettings(sentence="krish", seed=5)
    settings = memory_runs.inspector(chosen)
    sequence = compute.sequence(settings)
    assert sequence.labels == memory_runs.reading(chosen).words
    for kind, name in (("rnn", "RNN"), ("lstm", "LSTM")):
        there, here = compute.fresh_model(settings, kind, sequence), memory_runs.fresh(name, 5)
        assert all((a == model.parameters(here)[key]).all() for key, a in model.parameters(there).items())
    unread = MemorySettings(sentence="own", weights="trained", text="zebra")
    assert memory_runs.inspector(unread).text.startswith("I grew up in France")


def test_words_on_gaps_are_what_the_stored_runs_show() -> None:
    """Each claim of the take-away, counted again."""
    found = spreads(gaps.stored().values(), by=("cell", "scheme", "forget_bias", "chrono", "gap"))
    for gap in (*gaps.GAPS, gaps.FAR):
        rnn, lstm = (found[cell, "uniform", 1.0, False, gap].solved for cell in ("rnn", "lstm"))
        assert (rnn > lstm) == (gap > 10)
    assert found["lstm", "uniform", 5.0, False, 50].solved == 5
    assert found["lstm", "uniform", 1.0, True, 100].solved == 5
    assert all(found["lstm", "uniform", bias, False, 100].solved == 0 for bias in (0.0, 1.0))


def test_percent_hides_nothing() -> None:
    """Neither a small share nor a missing one is rounded away."""
    shown = [view.percent(share).replace(NARROW, " ") for share in (0, 1e-6, 0.004, 0.5, 0.996, 0.99999, 1, 6.4)]
    assert shown == ["0 %", "<0.1 %", "0.4 %", "50 %", "99.6 %", ">99.9 %", "100 %", "640 %"]


def test_gaps_show_what_there_is() -> None:
    """Growing runs are points, finished ones have a spread, and a gap with neither stands empty."""
    plan = gaps.plan("uniform", "bias1", (5, 10))
    first, second = (e for e in plan if e.cell == "rnn" and e.seed == 0)
    outcomes = {first: Outcome(first, (20,), (1.0,), 20, done=True), second: Outcome(second, (20,), (0.5,))}
    shown = memory_gaps.gaps(plan, outcomes, rnn="uniform", lstm="bias1")
    rnn, lstm = shown["panels"]
    assert rnn["data"]["runs"]["running"] == [False, True]
    assert rnn["data"]["spread"]["x"] == [1]
    assert lstm["data"]["runs"]["x"] == []
    (said,) = shown["finding"]
    assert said.startswith("The RNN (plain) solves no gap so far, the LSTM (forget bias 1) reaches a gap of ? (none")
    tables = [panel["profile"]["rows"] for panel in (rnn, lstm)]
    assert tables[0][0][1] == ["1 of 1, 4 ?"]
    assert [row[1] for row in (tables[0][1], *tables[1])] == [["?"]] * 3


def test_finding_names_the_longest_gap_of_most_seeds() -> None:
    """Three of five seeds make a gap reached."""
    plan = gaps.plan("orthogonal", "chrono", (5, 50))
    said = memory_gaps.finding(plan, gaps.stored(), rnn="orthogonal", lstm="chrono")
    assert said == (
        "The RNN (orthogonal) reaches a gap of 50, the LSTM (chrono) reaches a gap of 50, with most of the five seeds, "
        "at a learning rate of 0.01."
    )


def test_settings_survive_the_link() -> None:
    """Every setting travels, and nonsense is said."""
    chosen = MemorySettings("Japan", 33, "orthogonal", "own", "trained", "a b", "trained", 7, "identity", "chrono")
    assert MemorySettings().updated(chosen.to_query()) == (chosen, ())
    _, problems = MemorySettings().updated({"country": "Atlantis", "gap": "1e9", "lstm": "bias2"})
    assert len(problems) == 3


def test_every_reserved_height_is_a_number() -> None:
    """Figures of the lesson reserve room at every width, for one word as for many."""
    from dashboard.figure import heights

    for text in ("one", "word " * 80):
        found = memory_runs.reading(MemorySettings(sentence="own", text=text))
        payload = view.read(found, t=0)
        assert all(np.isfinite(f(payload)) and f(payload) > 0 for f in (heights.desktop, heights.middle, heights.phone))


@pytest.mark.parametrize("sentence", ["france", "krish", "own"])
def test_trained_networks_open_in_the_inspector_by_name(sentence: str) -> None:
    """On the sentence that they read here, to the last probability."""
    chosen = MemorySettings(sentence=sentence, weights="trained", country="Japan")
    settings = by_name.completed(memory_runs.inspector(chosen))
    there = compute.inspect(settings, compute.sequence(settings), by_name.models(settings))
    here = memory_runs.reading(chosen)
    assert there.sequence.labels == here.words
    for run, name in zip(there.runs, ("RNN", "LSTM"), strict=True):
        y_hat = run.trace.y_hat
        assert y_hat is not None
        assert float(y_hat[-1, 0].max()) == here.answers[name][1]
