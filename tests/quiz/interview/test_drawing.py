"""The checks of an interview: other ones each time, numbers that were not asked before, alike from one seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest

from quiz.attempt import Attempt
from quiz.grading.grade import grade
from quiz.interview import drawing
from quiz.interview.drawing import Check, marked, numbers, resolved, wordy
from quiz.interview.follow_ups import Talk, asked, load_follow_ups
from quiz.interview.interview import LENGTHS, Interview
from quiz.load import load_bank
from quiz.schema import Choice, Claim, Claims, Exact, Numeric, Open, Option

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
BANK = load_bank()


def through(interview: Interview, before: list[Interview]) -> Interview:
    """The interview with every check and follow-up missed, so that as many as can be are asked."""
    now = interview.asked_at
    while not interview.done:
        now += timedelta(seconds=60)
        if interview.following:
            ask = asked(load_follow_ups(), BANK, *interview.following)
            interview = interview.followed(now, None, None if isinstance(ask, Talk) else False)
        else:
            question = interview.asked(BANK)
            found = grade(question, {"text": "", "probes": {}})
            attempt = Attempt(
                key=interview.key, learner="ada", question=interview.question, mode="interview", asked_at=now,
                answered_at=now, response={"text": ""}, verdict="wrong", score=0.0, credit=0.0,
            )  # fmt: skip
            interview = interview.answer(now, attempt, [point.met for point in found.points])
        interview = interview.asks_back(BANK, "", before)
    return interview


def repeated(seed: int, times: int = 3) -> list[Interview]:
    """Interviews one after the other, the last one first."""
    rng = np.random.default_rng(seed)
    before: list[Interview] = []
    for _ in range(times):
        before.insert(0, through(Interview.start(BANK, rng, NOW, before=before), before))
    return before


def exact(check: Check) -> Exact:
    """The question a check stands for."""
    found = resolved(BANK, check)
    assert found is not None
    return found


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("seed", range(4))
def test_three_interviews_never_ask_the_same_numbers(seed: int) -> None:
    """No two checks or follow-ups of three interviews hold the same numbers, whatever their kind."""
    checks = [check for each in repeated(seed) for check in each.asked_checks]
    assert len(checks) > 3 * 45
    asked_numbers = [signs for check in checks if (signs := numbers(exact(check)))]
    assert len(asked_numbers) > 3 * 15
    for one, other in combinations(asked_numbers, 2):
        assert one != other
    assert all(check.id.startswith("gen-") or wordy(exact(check)) for check in checks)


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("seed", range(4))
def test_interviews_in_a_row_ask_other_checks(seed: int) -> None:
    """Of the checks without numbers few come again the next time; none comes twice in one interview."""
    last, before, _ = repeated(seed)
    ids = [{check.id for checks in each.checks for check in checks if not check.variant} for each in (last, before)]
    assert len(ids[0] & ids[1]) <= 3
    for each in (last, before):
        drawn = [check.id for checks in each.checks for check in checks]
        assert len(set(drawn)) >= len(drawn) - 1


def test_checks_are_as_many_as_before_and_on_the_question() -> None:
    """Each question keeps the number of its checks; each check shares a concept with it; one or more has numbers."""
    interview = Interview.start(BANK, np.random.default_rng(5), NOW)
    for place, name in enumerate(interview.questions):
        question, own = interview.asked(BANK, place), BANK[name]
        assert isinstance(own, Open)
        assert len(question.probes) == len(own.probes)
        assert len({probe.id for probe in question.probes}) == len(question.probes)
        assert all(set(probe.concepts) & set(own.concepts) or probe in own.probes for probe in question.probes)
        assert any(probe.id.startswith("gen-") for probe in question.probes)
        assert not any(BANK.beyond(probe.concepts[0]) for probe in question.probes)


def test_same_seed_draws_the_same_interview() -> None:
    """Ids, variants and follow-ups come from the seed and what was asked before alone."""
    one, other = (Interview.start(BANK, np.random.default_rng(3), NOW) for _ in range(2))
    assert one == other
    assert through(one, []) == through(other, [])
    assert Interview.from_json(one.to_json()) == one
    assert one.checks != Interview.start(BANK, np.random.default_rng(4), NOW).checks


def test_short_interviews_go_through_all_questions() -> None:
    """Five questions in the chapter's order, those asked least first: three short ones meet all twelve."""
    rng = np.random.default_rng(1)
    before: list[Interview] = []
    for _ in range(3):
        before.insert(0, Interview.start(BANK, rng, NOW, length=LENGTHS[0], before=before))
    for each in before:
        assert len(each.questions) == LENGTHS[0]
        assert list(each.questions) == sorted(each.questions)
    assert {name for each in before for name in each.questions} == set(BANK.interview)


def test_check_that_left_the_bank_is_not_asked() -> None:
    """A check that is gone is left out; where all are, the question's own probes come back."""
    own = BANK["interview-08"]
    assert isinstance(own, Open)
    some = drawing.asked(BANK, "interview-08", [Check("gone"), Check("gen-gone", 3), Check("interview-08-p1")])
    assert [probe.id for probe in some.probes] == ["interview-08-p1"]
    assert drawing.asked(BANK, "interview-08", [Check("gone")]) == own


def test_numbers_are_those_one_would_learn_by_heart() -> None:
    """Numbers of the text count; 0, 1 and 2, subscripts, code names and replies do not."""
    numeric = Numeric(id="a", concepts=("bptt",), prompt=r"$h_{3} = 0.45$, $x_4$ and W2: 12 steps, 1 or 2?",
                      explanation="7", answer=9)  # fmt: skip
    assert numbers(numeric) == (0.45, 12.0)
    claims = Claims(id="b", concepts=("bptt",), prompt="?", explanation="!",
                    claims=tuple(Claim(id=letter, text=f"It is {letter}", true=True, reply="8") for letter in "ab"),
                    )  # fmt: skip
    assert numbers(claims) == ()
    assert wordy(claims)
    assert not wordy(numeric)
    options = tuple(
        Option(id=letter, text=f"3{letter}", reply="!", right=not name, name=name)
        for letter, name in (("a", ""), ("b", "x"), ("c", "y"))
    )
    assert numbers(Choice(id="c", concepts=("bptt",), prompt="?", explanation="!", options=options)) == (3.0,)


def test_mark_tells_one_content_from_another() -> None:
    """The same question has the same mark, a changed one another."""
    probe = next(iter(BANK.probes.values()))
    assert marked(probe) == marked(probe)
    assert marked(probe) != marked(probe.model_copy(update={"prompt": "?"}))
