"""The beats of the lesson: short words, sound questions, and numbers that are those of core and of the bench."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core import model
from core.experiments import bench
from core.experiments.bench import FRESH, PICKING, RATES, STARTS, Problem, Setting
from core.experiments.interval import Share
from core.retention import sensitivity
from core.sentences import Language
from core.text import one_hot
from dashboard.kit.beats import Beat
from dashboard.lessons.memory import beats, compute, drawing
from dashboard.lessons.memory.compute import CHAPTER, MODELS, SEEDS
from quiz.grading.proof import problems
from quiz.lessons.memory import beats as guesses
from quiz.schema import Choice

BEATS = beats.beats()
NARROW = "\N{NARROW NO-BREAK SPACE}"


def text(runs: Any) -> str:
    """Rich text as one line."""
    return "".join(run if isinstance(run, str) else next(iter(run.values())) for run in runs).replace(NARROW, " ")


def named(name: str) -> Beat:
    """One of them."""
    return next(beat for beat in BEATS if beat.name == name)


def right(question: Choice | None) -> str:
    """The right option of a question."""
    assert question is not None
    return next(option.text for option in question.options if option.right).replace(NARROW, " ")


def test_the_states_are_those_of_the_networks() -> None:
    """Each name's states are a plain run's, and what is left follows from them; the range is that of all seeds."""
    for panel, name in zip(drawing.drawn()["networks"], MODELS, strict=True):
        states = drawing.states(name)
        for who, x in enumerate(drawing.encoded(drawing.SEED)):
            assert states[who] == pytest.approx(model.run(compute.fresh(name, drawing.SEED), x).cell.h[1:, 0])
        apart = np.linalg.norm(states[1:] - states[:1], axis=2).mean(axis=0)
        assert panel["left"] == pytest.approx(apart / apart[0])
        assert all(
            low <= left <= high for low, left, high in zip(panel["low"], panel["left"], panel["high"], strict=True)
        )
        assert panel["low"][-1] == min(compute.way("fresh", seed).passages[name].left[-1] for seed in SEEDS)


def test_the_difference_fades_and_the_sentence_says_how_far() -> None:
    """At the third, fifth and last word, with the range over seeds; the chapter's bar beside it."""
    left = {name: drawing.left_over_seeds(name)[SEEDS.index(drawing.SEED)] for name in MODELS}
    assert right(named("swap-one-word").question) == "fade on"
    said = text(named("swap-one-word").said)
    assert f"RNN holds {100 * left['RNN'][4]:.0f} % of the difference, the LSTM {100 * left['LSTM'][4]:.0f} %" in said
    assert f"Over {len(SEEDS)} fresh networks" in said
    said = text(named("what-is-left").said)
    assert f"the RNN holds {100 * left['RNN'][-1]:.1f} %" in said
    assert f"the chapter draws {100 * CHAPTER[6]:.0f} %" in said
    assert right(named("what-is-left").question) == f"{100 * left['RNN'][-1]:.0f} % and {100 * left['LSTM'][-1]:.0f} %"


@pytest.mark.parametrize(
    ("printed", "expected"), [(0.02, "right"), (0.05, "a little high"), (0.2, "too high"), (0.005, "too low")]
)
def test_the_chapters_bar_is_judged_by_many_networks(printed: float, expected: str) -> None:
    """Right within what they hold; else high or low, and by more than twice too much so."""
    left = {"RNN": [1.0, 0.3, 0.02], "LSTM": [1.0, 0.5, 0.2]}
    question = guesses.holds(left, {"RNN": [0.013, 0.036], "LSTM": [0.14, 0.31]}, [1.0, 0.6, printed], 2, "he")
    assert question is not None
    assert f"is {expected} for the RNN (1.3{NARROW}% to 3.6{NARROW}%)" in question.explanation


def test_both_best_starts_keep_the_state() -> None:
    """What the reply says of them holds at the first step: W_h turns or copies, or gates stand above 0.9."""
    for name in MODELS:
        start = drawing.best(name, drawing.GAPS[-1]).setting.start
        assert start in beats.KEEPERS
    question = named("can-it-be-learned").question
    assert question is not None
    assert "Both begin by keeping the state." in question.explanation


def test_mixing_takes_most_in_every_network() -> None:
    """As the reply says: in all seeds, not in the one that is drawn; and the three parts make the whole fall."""
    assert all(drawing.split(seed).prod(axis=0).argmin() == 0 for seed in SEEDS)
    assert right(named("who-takes-it").question) == "mixed"
    split = drawing.drawn()["split"]
    assert np.prod(split["whole"]) == pytest.approx(compute.way("fresh", drawing.SEED).passages["RNN"].left[-1])
    assert drawing.parts_of_fall().sum() == pytest.approx(1)
    written = [float(part.removesuffix(f"{NARROW}%")) for part in split["parts"]]
    assert written == pytest.approx(100 * drawing.parts_of_fall(), abs=0.1)
    assert sum(written) == pytest.approx(100)


def test_fresh_networks_shade_the_last_word_darkest() -> None:
    """The fourth beat's shades rise to the end, and “France” fades with the words put in between, as it says."""
    for gap in drawing.FILLERS:
        found = drawing.nudges(gap)
        assert found.words[drawing.ASKED - 1] == drawing.COUNTRY
        assert (found.sizes[:2].argmax(axis=1) == len(found.words) - 1).all()
    asked = np.stack([drawing.nudges(gap).sizes[:, drawing.ASKED - 1] for gap in drawing.FILLERS])
    assert (np.diff(asked, axis=0) < 0).all()


def test_the_trained_rnn_answers_every_country_and_feels_no_nudge() -> None:
    """Both halves of the sentence, counted again; with no word in between it does feel one."""
    shown = compute.language_models(drawing.START)["RNN"].model
    for k, country in enumerate(Language.countries):
        x = one_hot(compute.fill_words(country, drawing.FILLER), Language.vocabulary)
        assert model.run(shown, x).y_hat[0, 0].argmax() == k
    found = drawing.nudges(drawing.FILLER)
    x = one_hot(found.words, Language.vocabulary)
    assert found.sizes[2] == pytest.approx(sensitivity(shown, x))
    fresh, trained = (found.sizes[k, drawing.ASKED - 1] for k in (0, 2))
    assert trained < fresh / 1000
    near = drawing.nudges(0).sizes[:, drawing.ASKED - 1]
    assert near[2] > near[0]
    question = named("which-word").question
    assert right(question) == "far less"
    assert question is not None
    flat = np.mean([np.abs(h) > 0.9 for h in model.run(shown, x).cell.h[1:]])
    assert (
        f"another country does. At {flat:.0%} of the state tanh is flat".replace("%", f"{NARROW}%")
        in question.explanation
    )


def test_every_share_of_the_bench_is_counted_again() -> None:
    """Best of each: the rate picked on ten seeds, run on ten others; one rate: on the seeds it was picked on."""
    of = bench.stored()
    for start in drawing.drawn()["starts"]:
        name = next(name for name, known in STARTS.items() if known.title == start["title"])
        for k, gap in enumerate(drawing.GAPS):
            problem = Problem("recall", gap)
            setting = bench.best(problem, name, of)
            best, at = start["best"][k], [row[k] for row in start["at"]]
            assert Share(best["hits"], best["runs"]) == setting.solved(of, FRESH)
            assert (best["low"], best["high"]) == setting.solved(of, FRESH).interval
            for tally, rate in zip(at, RATES, strict=True):
                assert Share(tally["hits"], tally["runs"]) == Setting(problem, name, rate).solved(of, PICKING)
    for name in MODELS:
        for gap in drawing.GAPS:
            assert drawing.best(name, gap).setting.lr in RATES
            assert drawing.best(name, gap).share.runs == len(FRESH)


def test_words_on_the_bench_have_their_conditions() -> None:
    """Counts of the best of each cell with start, rate and seeds; the spread of the starts."""
    said = text(named("can-it-be-learned").said)
    for name in MODELS:
        found = drawing.best(name, drawing.GAPS[-1])
        pair = drawing.drawn()["pairs"][1]["cells"][MODELS.index(name)][-1]
        assert (pair["rate"], pair["hits"]) == (f"{found.setting.lr:g}", found.share.hits)
        assert f"{found.share}" in said
    assert f"chosen on {len(PICKING)} seeds, run on {len(FRESH)} others" in said
    hits = [drawing.at_best(start, 50).share.hits for start in drawing.starts("LSTM")]
    assert right(named("the-start").question) == f"{min(hits)} to {max(hits)}"


@pytest.mark.parametrize(
    ("rnn", "lstm", "expected"), [(10, 10, "neither"), (1, 10, "the LSTM"), (10, 1, "the RNN"), (4, 6, "neither")]
)
def test_who_leads_follows_the_intervals(rnn: int, lstm: int, expected: str) -> None:
    """A cell leads where its interval is above the other's; else neither does."""
    usual = (Share(1, 10), Share(0, 10))
    question = guesses.leads(usual, (Share(rnn, 10), Share(lstm, 10)), 100, keep=True)
    assert right(question) == expected
    assert ("begin by keeping" in question.explanation) == (min(rnn, lstm) >= guesses.SOLVES)
    assert problems(question) == ()


def test_no_question_where_the_numbers_allow_none() -> None:
    """A difference that does not fade, options that read alike, effects that cannot be told apart."""
    words = ("a", "b", "c", "d", "e")
    steady, falling = [1.0] * 5, [1.0, 0.5, 0.25, 0.12, 0.06]
    assert guesses.fades(words, {"RNN": steady, "LSTM": falling}, 3, 5) is None
    assert guesses.fades(words, {"RNN": falling, "LSTM": falling}, 3, 5) is not None
    both = {"RNN": falling, "LSTM": falling}
    assert guesses.holds(both, both, CHAPTER[:5], 3, "e") is None
    assert guesses.takes([0.5, 0.51, 0.9], ["a", "b", "c"], 1, 1, 4, "within ±1") is None
    assert guesses.moves(1.0, 1.1, "eight", "France", "French", "99 %", "60 %") is None
    assert guesses.spread([0, 5], [1, 2], 10, 50) is None
    assert right(guesses.takes([0.9, 0.4, 0.8], ["5 %", "80 %", "15 %"], 3, 4, 6, "within ±1")) == "squashed"
    assert right(guesses.moves(0.1, 0.9, "eight", "France", "French", "99 %", "60 %")) == "further"
