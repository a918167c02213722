"""The choice of a cell: every answer has an advice, it rests on the evidence, and other evidence turns it round."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from core import pace
from core.experiments import bench
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare.advice import Candidate, Evidence, advise
from dashboard.lessons.compare.settings import FAR, KINDS, SCARCE

GOOD_RNN = Candidate("RNN", "orthogonal", 10, 10, 100.0)
GOOD_LSTM = Candidate("LSTM", "chrono", 10, 10, 120.0)
BAD_RNN = Candidate("RNN", "plain", 2, 10, 180.0)
BAD_LSTM = Candidate("LSTM", "bias0", 0, 10, None)
EVIDENCE = Evidence(
    recall=(GOOD_RNN, BAD_RNN, GOOD_LSTM, BAD_LSTM),
    slower=2.5,
    larger=3.7,
    switch={"rnn": BAD_RNN, "lstm": GOOD_LSTM},
    sums={"rnn": BAD_RNN, "lstm": GOOD_LSTM},
    sums_length=20,
    switch_gap=20,
)


@pytest.mark.parametrize("answers", list(product(FAR, KINDS, SCARCE)), ids="-".join)
def test_every_answer_has_an_advice_on_the_stored_evidence(answers: tuple[str, str, str]) -> None:
    """Two sentences, each with a number that it rests on."""
    found = advise(*answers, compare_runs.evidence(answers[0]))
    assert all(any(letter.isdigit() for letter in sentence) for sentence in found.sentences)
    assert all(sentence.endswith(".") for sentence in found.sentences)
    assert found.cell in ("RNN", "LSTM", "")
    if found.cell:
        assert f"an {found.cell}" in found.sentences[0]


def test_equally_reliable_goes_to_the_sooner() -> None:
    """Steps count with what a step costs: 100 of the RNN are less than 120 of the LSTM, and 300 are not."""
    assert advise("50", "keep", "nothing", EVIDENCE).cell == "RNN"
    late = replace(EVIDENCE, recall=(replace(GOOD_RNN, steps=301.0), GOOD_LSTM))
    assert advise("50", "keep", "nothing", late).cell == "LSTM"


def test_more_reliable_wins_unless_something_is_scarce() -> None:
    """Ten of ten beat nine of ten; where time or size is scarce the sooner or smaller of those that can is taken."""
    nine = replace(EVIDENCE, recall=(replace(GOOD_RNN, solved=9), GOOD_LSTM))
    assert advise("50", "keep", "nothing", nine).cell == "LSTM"
    assert advise("50", "keep", "time", nine).cell == "RNN"
    assert advise("50", "keep", "size", nine).cell == "RNN"


def test_scarcity_never_takes_what_does_not_work() -> None:
    """A cheap cell that solves two of ten is not advised."""
    found = advise("100", "keep", "size", replace(EVIDENCE, recall=(BAD_RNN, GOOD_LSTM)))
    assert found.cell == "LSTM"
    assert "2 of 10" in found.sentences[1]


def test_nothing_works_is_said() -> None:
    """Where no start of either cell solves the gap, no cell is named, and the nearest is."""
    found = advise("100", "keep", "nothing", replace(EVIDENCE, recall=(BAD_RNN, BAD_LSTM)))
    assert found.cell == ""
    assert "RNN with a plain start" in found.sentences[0]


def test_other_evidence_turns_it_round() -> None:
    """Runs decide, not names: intervals apart name the cell, and where they overlap it is the cheaper one."""
    assert advise("5", "replace", "nothing", EVIDENCE).cell == "LSTM"
    assert advise("5", "combine", "time", EVIDENCE).cell == "LSTM"
    swapped = {"rnn": GOOD_RNN, "lstm": BAD_LSTM}
    assert advise("5", "replace", "nothing", replace(EVIDENCE, switch=swapped)).cell == "RNN"
    near = {"rnn": replace(GOOD_RNN, solved=8), "lstm": GOOD_LSTM}
    alike = advise("5", "combine", "nothing", replace(EVIDENCE, sums=near))
    assert alike.cell == "RNN"
    assert "cheaper" in alike.sentences[0]


def test_what_neither_cell_solves_is_said() -> None:
    """No cell is named where no run of either was solved."""
    neither = {"rnn": replace(BAD_RNN, solved=0), "lstm": BAD_LSTM}
    found = advise("5", "combine", "nothing", replace(EVIDENCE, sums=neither))
    assert found.cell == ""
    assert "neither cell" in found.sentences[0]


def test_beyond_what_was_measured_is_said() -> None:
    """A distance that no run covers is said before a cell is named."""
    beyond = advise("50", "combine", "nothing", EVIDENCE).sentences[0]
    assert beyond.startswith("This was measured up to 20 steps only; for 50, as a guess, take an LSTM")
    assert advise("5", "combine", "nothing", EVIDENCE).sentences[0].startswith("Take an LSTM")


def test_evidence_is_the_measurements() -> None:
    """The numbers cited are those of the stored runs and times."""
    found = compare_runs.evidence("50")
    assert found.slower == pace.stored().paces[24, 24, 32].ratio
    assert found.larger == pytest.approx(3652 / 988)
    for one in found.recall:
        setting = bench.Setting(bench.Problem("recall", 50), one.start, one.rate)
        assert bench.best(setting.problem, one.start, bench.stored()) == setting
        assert one.share == setting.solved(bench.stored(), bench.FRESH)
    assert {one.runs for one in (*found.switch.values(), *found.sums.values())} == {10}
    assert {one.runs for one in compare_runs.evidence("35").recall} == {5}


@pytest.mark.parametrize("answers", [("7", "keep", "time"), ("5", "lose", "time"), ("5", "keep", "money")])
def test_unknown_answer_is_named(answers: tuple[str, str, str]) -> None:
    """What is no answer is said, with the answers there are."""
    with pytest.raises(ValueError, match="Choose one of"):
        advise(*answers, EVIDENCE)


def test_a_lead_that_intervals_do_not_tell_apart_is_taken_with_a_reserve() -> None:
    """Ten of ten against five overlap: the LSTM, probably. One run fewer than that lead, and it is the cheaper cell."""
    five = replace(EVIDENCE, sums={"rnn": replace(BAD_RNN, solved=5), "lstm": GOOD_LSTM})
    found = advise("20", "combine", "nothing", five)
    assert found.cell == "LSTM"
    assert "probably" in found.sentences[0]
    seven = advise(
        "20", "combine", "nothing", replace(five, sums={"rnn": replace(BAD_RNN, solved=7), "lstm": GOOD_LSTM})
    )
    assert seven.cell == "RNN"
    assert "the cheaper one" in seven.sentences[0]
    clear = advise("20", "combine", "nothing", EVIDENCE)
    assert (clear.cell, "probably" in clear.sentences[0]) == ("LSTM", False)


def test_runs_at_one_rate_say_so() -> None:
    """Where only one learning rate was tried at a gap the advice names it; picked ones on fresh seeds need not."""
    assert "at a learning rate of 0.01, the only one tried" in advise("35", "keep", "nothing", EVIDENCE).sentences[0]
    fresh = replace(EVIDENCE, recall=tuple(replace(each, fresh=True) for each in EVIDENCE.recall))
    assert "only one tried" not in advise("50", "keep", "nothing", fresh).sentences[0]
