"""Claims on trial: every rule can come out either way, and what is said follows from the runs."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from core.experiments.interval import Share
from dashboard.claims import view
from dashboard.claims.trial import KINDS, SAID, Row, Sample, Trial, Verdict, trials
from dashboard.claims.view import Judged, judged
from quiz.lessons import LESSONS

NAMES = tuple(trials())
LEAST = 24


def told(verdict: Verdict) -> tuple[str, str]:
    """What of a verdict must turn."""
    return verdict.kind, verdict.when


def test_every_lesson_has_claims_and_every_mistake_is_on_trial() -> None:
    """At least 24, with each of the chapter's six mistakes; by lesson in the order of the lessons."""
    found = [trials()[name] for name in NAMES]
    assert len(found) >= LEAST
    assert sum(trial.said == "mistake" for trial in found) == 6
    places = [LESSONS.index(trial.lesson) for trial in found]
    assert places == sorted(places)
    assert set(places) == set(range(len(LESSONS)))


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_says_all_that_it_rests_on(name: str) -> None:
    """Claim, place, rule, conditions and limits are there; the rule says under what it holds."""
    trial = trials()[name]
    for words in (trial.claim, trial.place, trial.rule, trial.conditions, trial.beyond, trial.axis):
        assert words.strip()
    assert "**" in trial.rule
    assert not trial.conditions.endswith(".")  # the page sets it
    assert trial.said in SAID


@pytest.mark.parametrize("name", NAMES)
def test_the_rule_can_come_out_the_other_way(name: str) -> None:
    """On the stored runs it says one thing, on turned ones another, each in a whole sentence."""
    trial, found = trials()[name], judged(name)
    turned = trial.judge(trial.turned(found.evidence))
    assert told(turned) != told(found.verdict)
    for verdict in (found.verdict, turned):
        assert verdict.kind in KINDS
        assert verdict.why.endswith(".")
        assert bool(verdict.when) == (verdict.kind == "when")


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_written_as_everywhere(name: str) -> None:
    """No verdict and no line of evidence has a computer's exponent, such as 6.2e+03."""
    found = judged(name)
    said = [found.verdict.why, found.verdict.when, *(row.note for row in found.evidence)]
    assert [text for text in said if re.search(r"\de[+-]?\d", text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seeds_give_the_same_evidence(name: str) -> None:
    """A claim is measured by its seeds and nothing else."""
    trial = trials()[name]
    assert trial.measure(trial.samples[0]) == judged(name).evidence


@pytest.mark.parametrize("name", [name for name in NAMES if trials()[name].settings is not None])
def test_training_runs_are_stored_and_can_be_made_again(name: str) -> None:
    """Every run that a verdict counts is in the stored results, ten a setting; new seeds run the same settings."""
    trial = trials()[name]
    for row in judged(name).evidence:
        assert row.share is None or row.share.runs == len(trial.samples[0].seeds)
    runs = trial.runs((20, 21))
    assert {run.seed for run in runs} == {20, 21}
    assert not set(runs) & set(trial.samples[0].outcomes)


def test_a_verdict_that_turns_with_the_seeds_says_so() -> None:
    """Where other seeds make another verdict the page names it; where they do not, it says so."""
    holds, fails = Verdict("holds", "It does."), Verdict("fails", "It does not.")
    evidence, (trial, *_) = (Row("one", (1.0,)),), trials().values()
    assert "changes with the seeds" in view.others(trial, Judged(evidence, holds), (holds, fails))
    assert "does not hold" in view.others(trial, Judged(evidence, holds), (holds, fails))
    assert view.others(trial, Judged(evidence, holds), (holds, holds)) == (
        "On 2 other sets of ten seeds the verdict is the same."
    )
    assert view.others(trial, Judged(evidence, replace(holds, sure="exact")), (holds,)) == ""
    assert view.others(replace(trial, ten=""), Judged(evidence, holds), (holds,)) == ""
    assert "ten texts" in view.others(replace(trial, ten="texts"), Judged(evidence, holds), (holds,))


def test_the_finding_counts_the_verdicts() -> None:
    """Mistakes and what is heard beside the chapter are counted apart, in good grammar."""
    of = {said: [name for name in NAMES if trials()[name].said == said] for said in SAID}
    one, two = of["chapter"][:2]
    found = {one: Verdict("holds", "."), two: Verdict("fails", "."), of["mistake"][0]: Verdict("fails", ".")}
    assert view.finding(found) == (
        "Of 2 claims the chapter makes, 1 holds as it stands, 1 does not hold. "
        "Of the one mistake it names, 1 is a mistake indeed."
    )


def test_the_table_has_every_claim_once_under_its_verdict_and_lesson() -> None:
    """Its rows are the kinds of verdict that occur, its columns the lessons."""
    verdicts = {name: view.judged(name).verdict for name in NAMES}
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in view.table(verdicts).splitlines()]
    found = {
        int(number): (row[0], k)
        for row in rows[2:]
        for k, cell in enumerate(row[1:])
        for number in re.findall(r"\[(\d+)\]", cell)
    }
    assert len(found) == len(NAMES)
    for name, verdict in verdicts.items():
        head, column = found[view.number_of(name)]
        assert KINDS[verdict.kind] in head
        assert column == LESSONS.index(trials()[name].lesson)


@pytest.mark.parametrize("name", NAMES)
def test_the_question_asks_for_the_verdict(name: str) -> None:
    """Judging first is a question whose right answer is the rule's verdict, and it does not give it away."""
    trial, verdict = trials()[name], judged(name).verdict
    question = view.question(name, trial, verdict)
    (right,) = [option for option in question.options if option.right]
    assert right.id == view.OPTIONS[verdict.kind][0]
    assert verdict.why not in question.prompt


@pytest.mark.parametrize("name", NAMES)
def test_the_evidence_is_drawn_whole(name: str) -> None:
    """A line for each row within the axis, with the rule's line where there is one."""
    trial, found = trials()[name], judged(name)
    (panel,) = view.evidence(trial, found.evidence)["panels"]
    rows, params = panel["data"]["rows"], panel["params"]
    assert len(rows["y"]) == len(found.evidence) == params["n"]
    for low, middle, high in zip(rows["low"], rows["middle"], rows["high"], strict=True):
        assert params["lo"] <= low <= middle <= high <= params["hi"]
    assert panel["data"]["mark"]["x"] == ([] if trial.mark is None else [trial.mark])
    ticks = params["ticks"]
    width = params["hi"] - params["lo"]
    assert 2 < len(ticks) < 8
    assert all(b - a > width / 9 for a, b in pairwise(ticks))  # their labels stand apart
    assert ("dotted" in panel["label"]) == (trial.mark is not None)


def test_a_row_without_runs_is_left_out_of_the_picture() -> None:
    """While runs are being made some settings have none yet, which is no share at all."""
    trial = next(trial for trial in trials().values() if trial.settings is not None)
    rows = (Row("none yet", share=Share(0, 0)), Row("some", share=Share(1, 2)))
    (panel,) = view.evidence(trial, rows)["panels"]
    assert panel["data"]["rows"]["label"] == ["some"]


def test_a_file_is_all_that_a_claim_needs() -> None:
    """Its name is that of its file, and its lesson one of those there are."""
    for name, trial in trials().items():
        assert isinstance(trial, Trial)
        assert trial.name == name
        assert trial.lesson in LESSONS
        assert all(isinstance(sample, Sample) for sample in trial.samples)
