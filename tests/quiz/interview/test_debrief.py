"""The debrief: the result in a sentence, what happened twice first, and each check with what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from support import written

from quiz.asides import Interviewed
from quiz.attempt import Attempt
from quiz.grading.grade import grade, right_response
from quiz.grading.text.grader import Found, TextGrade
from quiz.interview.answered import LONGEST_REPLY, Followed
from quiz.interview.debrief import Debrief, Row, debrief, slips, study
from quiz.interview.drawing import Check, marked
from quiz.interview.follow_ups import load_follow_ups
from quiz.interview.interview import Interview
from quiz.interview.pace import clock, pace
from quiz.interview.past import over, past, trend
from quiz.load import load_bank
from quiz.schema import Choice, Formula, Open, Option, Slip

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
BANK, GRAPH = load_bank(), load_follow_ups()
RIGHT, BLANK = "right", "blank"


def given(state: Interview, how: str, text: str = "words", **probes: Any) -> tuple[Interview, Attempt]:
    """The current question answered right, left blank, or with some checks as given."""
    question = state.asked(BANK)
    response = {"text": text, "probes": right_response(question)["probes"] if how == RIGHT else {}}  # type: ignore[index]
    response["probes"] |= probes
    found = grade(question, response)
    now = state.asked_at + timedelta(seconds=60)
    attempt = Attempt(
        key=state.key, learner="ada", question=state.question, mode="interview", asked_at=state.asked_at,
        answered_at=now, response=response, verdict=found.verdict, score=found.score, credit=found.score,
    )  # fmt: skip
    return state.answer(now, attempt, [point.met for point in found.points]), attempt


def gone_through(ways: dict[str, str], text: str | dict[str, str] = "words") -> tuple[Interview, list[Attempt]]:
    """A whole interview: each question right, unless said otherwise, with one text for all or one for some."""
    state, attempts = Interview.start(BANK, np.random.default_rng(2), NOW), []
    while len(state.answers) < len(state.questions):
        said = text if isinstance(text, str) else text.get(state.question, "")
        state, attempt = given(state, ways.get(state.question, RIGHT), said)
        attempts.append(attempt)
    return state, attempts


def made(ways: dict[str, str], text: str = "words") -> Debrief:
    """The debrief of a whole interview."""
    return debrief(BANK, GRAPH, *gone_through(ways, text))


def test_sentence_says_what_holds_and_what_not() -> None:
    """All right, some right, none right: each has its sentence, with the questions' subjects."""
    assert made({}).sentence == "All 45 checks right: you can explain all that was asked."
    some = made({"interview-08": BLANK, "interview-02": BLANK}).sentence
    assert some.startswith("38 of 45 checks right: you can explain ")
    assert some.endswith(", but not yet how an RNN's weights are updated or the forget gate.")
    none = made(dict.fromkeys(BANK.interview, BLANK)).sentence
    assert none == (
        "0 of 45 checks right: nothing holds yet; begin with backpropagation through time and then "
        "how an RNN's weights are updated."
    )
    assert "you know" in made({"interview-08": BLANK}, text="").sentence


def test_slight_miss_is_worth_another_look() -> None:
    """Where nothing is far off, the weakest is named all the same."""
    state = Interview.start(BANK, np.random.default_rng(2), NOW, length=5)
    attempts = []
    for place in range(5):
        probe = state.asked(BANK).probes[-1]
        wrong = {probe.id: "0.123456"} if place == 0 and probe.kind == "numeric" else {}
        state, attempt = given(state, RIGHT, **wrong)
        attempts.append(attempt)
    assert debrief(BANK, GRAPH, state, attempts).sentence.endswith(" is worth another look.")


def test_row_has_what_was_answered() -> None:
    """Each check with answer, grade and reason; the words; the pace; the weakest question is the one to open."""
    about, text, said = written("wrong", slip=True, question="interview-07")
    found = made({"interview-07": BLANK}, text=text)
    assert [row.number for row in found.rows] == list(range(1, 13))
    assert found.weakest == 7
    seventh, first = found.rows[6], found.rows[0]
    assert all(one.response is None and one.met is False for one in seventh.checks)
    assert all(one.met and one.grade is not None for one in first.checks)
    assert (seventh.said, seventh.verdict, seventh.misconceptions) == (said, said, said.misconceptions)
    assert seventh.question.points == about.points
    assert seventh.share.pace == pace(seventh.question) > 120
    assert made({}).weakest == 0


def test_misconception_in_words_and_check_stands_among_what_to_study() -> None:
    """Said and missed is a pattern; said alone is none, and nor is what the learner does not accept."""
    about, text, said = written("wrong", slip=True, question="interview-07")
    title = next(wrong.text for wrong in about.misconceptions if wrong.id == said.misconceptions[0].id)

    def named(found: Debrief) -> list[str]:
        return [each.why for each in found.study if each.title == title]

    interview, attempts = gone_through({"interview-07": BLANK}, {"interview-07": text})
    assert named(debrief(BANK, GRAPH, interview, attempts)) == [
        "You say so in your text, and four checks of question 7 went wrong."
    ]
    assert named(debrief(BANK, GRAPH, *gone_through({}, {"interview-07": text}))) == []
    withdrawn = debrief(BANK, GRAPH, interview, attempts, {interview.keys[6]})
    assert named(withdrawn) == []
    row = withdrawn.rows[6]
    assert (row.disagreed, row.verdict, row.misconceptions, row.said) == (True, None, (), said)


def test_slip_in_the_text_and_in_a_check_is_one_pattern() -> None:
    """What words and check show alike stands once, with both named; twice in words, on two questions, likewise."""
    one = text_row(1, "m1", "took the mean")
    check = replace(one.checks[0], met=False, slips=("took the mean",))
    both = study(BANK, [replace(one, checks=(check, *one.checks[1:]))])
    assert (both[0].title, both[0].why) == (
        "“took the mean”", "The same slip in your text and one check, at question 1.",
    )  # fmt: skip
    assert [item for item in both if item.title == "The shares are averaged."] == []
    twice = study(BANK, [one, replace(text_row(2, "m1", "took the mean"))])
    assert twice[0].why == "The same slip in your text on 2 questions, at questions 1 and 2."
    assert twice[0].lessons == BANK.lessons(BANK["interview-02"])


def text_row(number: int, item: str, name: str) -> Row:
    """A row with its checks right, whose text states a misconception of that name."""
    row = made({}).rows[1]
    wrong = row.question.misconceptions[0].model_copy(
        update={"id": item, "name": name, "text": "The shares are averaged."}
    )
    said = TextGrade("wrong", "wrong", 0.9, (), (Found(item, "words", 0.9, wrong.reply),))
    return replace(row, number=number, question=row.question.model_copy(update={"misconceptions": (wrong,)}), said=said)


def test_undecided_text_says_nothing() -> None:
    """Without a verdict there are no misconceptions; without words not even that."""
    about, text, said = written("undecided")
    row = next(row for row in made({}, text=text).rows if row.question.id == about.id)
    assert (row.said, row.verdict, row.misconceptions) == (said, None, ())
    assert all(row.said is None for row in made({}, text=" ").rows)


def test_concept_missed_twice_stands_before_a_weak_question() -> None:
    """What was missed in two checks leads, with where it is taught; three things at most."""
    study = made({"interview-11": BLANK}).study
    assert study[0].title == BANK.concepts["parameter-count"].title
    assert study[0].why.endswith("at question 11.")
    assert study[0].lessons == ("compare",)
    assert len(made(dict.fromkeys(BANK.interview, BLANK)).study) == 3
    assert made({}).study == ()


def test_same_named_slip_twice_leads() -> None:
    """A slip has a name; made at two questions it stands first, whatever else was missed."""
    interview, attempts = gone_through({"interview-11": BLANK})
    state = replace(interview, answers=tuple(
        replace(each, followed=(Followed(f"{each.question}-f1", 0, "a", met=False, seconds=5),))
        if each.question in ("interview-01", "interview-03") else each
        for each in interview.answers
    ))  # fmt: skip
    name = "left out the recurrent weight"
    state = replace(state, answers=tuple(
        replace(each, followed=(Followed(f"{each.question}-f{2 if each.question.endswith('3') else 3}", 0, "b",
                                         met=False, seconds=5),))
        if each.question in ("interview-03", "interview-04") else each
        for each in interview.answers
    ))  # fmt: skip
    found = debrief(BANK, GRAPH, state, attempts)
    assert found.study[0].title == f"“{name}”"
    assert found.study[0].why == "The same slip in two checks, at questions 3 and 4."
    assert found.study[0].questions == ("interview-03", "interview-04")


def test_slips_are_named_by_what_was_answered() -> None:
    """Of a choice its option's name, of a formula its slip's; a right answer shows none."""
    options = tuple(
        Option(
            id=letter, text=letter, reply=letter, right=letter == "a", name="" if letter == "a" else f"said {letter}"
        )
        for letter in "abc"
    )
    choice = Choice(id="c", concepts=("bptt",), prompt="?", explanation="!", options=options)
    assert slips(choice, grade(choice, "b")) == ("said b",)
    assert slips(choice, grade(choice, "a")) == ()
    slip = Slip(answer="f", reply="The factor is missing.", name="no factor")
    formula = Formula(
        id="f",
        concepts=("bptt",),
        prompt="?",
        explanation="!",
        answer="f*c",
        variables={"f": "", "c": ""},
        slips=(slip,),
    )
    assert slips(formula, grade(formula, "f")) == ("no factor",)
    assert slips(formula, grade(formula, "2*f")) == ()


def test_changed_check_is_not_shown_as_it_never_was() -> None:
    """Where a check has become another question since, only what it was judged is told."""
    interview, attempts = gone_through({})
    checks = ((Check("interview-01-p1", 0, "0000000000"), *interview.checks[0][1:]), *interview.checks[1:])
    row = debrief(BANK, GRAPH, replace(interview, checks=checks), attempts).rows[0]
    assert row.checks[0].ask is None
    assert row.checks[0].met
    assert row.checks[1].ask is not None


def test_lost_answer_leaves_the_rest() -> None:
    """An attempt that can't be read: its row says so, the score stands, all others are whole."""
    interview, attempts = gone_through({})
    found = debrief(BANK, GRAPH, interview, attempts[1:])
    assert [row.kept for row in found.rows] == [False] + [True] * 11
    assert found.report.right == 45


def test_interview_of_the_first_edition_opens() -> None:
    """One without drawn checks, follow-ups or clock fields is read with its own probes."""
    state = replace(Interview.start(BANK, np.random.default_rng(2), NOW), checks=(), seed=0)
    attempts = []
    while not state.done:
        state, attempt = given(state, RIGHT)
        attempts.append(attempt)
    old = {name: state.to_json()[name] for name in ("questions", "keys", "asked_at")}
    old["answers"] = [
        {name: each[name] for name in ("question", "score", "met", "seconds")} for each in state.to_json()["answers"]
    ]
    found = debrief(BANK, GRAPH, Interview.resumed(BANK, old), attempts)
    assert found.report.right == found.report.checks == 45
    question = BANK["interview-01"]
    assert isinstance(question, Open)
    assert [one.ask for one in found.rows[0].checks] == list(question.probes)
    assert all(one.ask is not None and marked(question.probes[0]) for one in found.rows[0].checks)


# Interviews gone by


def test_trend_compares_with_the_time_before() -> None:
    """More, less, the same; the best so far; another length is said."""
    best, _ = gone_through({})
    worse, _ = gone_through({"interview-08": BLANK, "interview-02": BLANK, "interview-03": BLANK})
    short = replace(
        best, questions=best.questions[:5], keys=best.keys[:5], answers=best.answers[:5], checks=best.checks[:5]
    )

    def told(*states: Interview) -> str:
        return trend(past([over("ada", state) for state in states]))

    assert told(best) == ""
    assert told() == ""
    assert told(best, worse) == "100 %, 25 points more than the time before; your best so far."
    assert told(worse, best) == "75 %, 25 points less than the time before."
    assert told(short, best) == "100 %, the same as the time before (that one had 12 questions)."


def test_kept_interview_of_another_edition_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    """One that can't be read is told to the log, and the others are there."""
    state, _ = gone_through({})
    strange = Interviewed(learner="ada", key=state.keys[1], ended_at=NOW, state={"rounds": 1})
    assert [each.key for each in past([strange, over("ada", state)])] == [state.keys[0]]
    assert "can't be read and is passed over" in caplog.text


def test_longest_interview_fits_its_row() -> None:
    """Twelve questions with two follow-ups each, answered as long as can be, are within what is kept."""
    state, _ = gone_through({})
    long = tuple(
        replace(each, followed=tuple(
            Followed(f"{each.question}-f{number}", 2**31 - 1, "é" * (LONGEST_REPLY // 2), met=None, seconds=5.0)
            for number in (1, 2)
        ))
        for each in state.answers
    )  # fmt: skip
    assert over("ada", replace(state, answers=long)).key == state.keys[0]


# Time


def test_time_away_does_not_count() -> None:
    """Seconds between two sights count, unless the learner was away; each question begins anew."""
    state = Interview.start(BANK, np.random.default_rng(2), NOW)
    state = state.sighted(NOW + timedelta(seconds=10))
    state = state.sighted(NOW + timedelta(hours=2), away=True)
    state = state.sighted(NOW + timedelta(hours=2, seconds=5))
    assert state.spent == 15
    assert Interview.from_json(state.to_json()) == state
    question = state.asked(BANK)
    now = NOW + timedelta(hours=2, seconds=6)
    attempt = Attempt(
        key=state.key, learner="ada", question=state.question, mode="interview", asked_at=NOW, answered_at=now,
        response={}, verdict="wrong", score=0.0, credit=0.0,
    )  # fmt: skip
    after = state.answer(now, attempt, [False] * len(question.probes))
    assert after.answers[0].seconds == 16
    assert after.spent == 0


def test_pace_is_set_by_what_is_asked() -> None:
    """Each question takes more than two minutes; a further check takes longer."""
    for name in BANK.interview:
        question = BANK[name]
        assert isinstance(question, Open)
        assert pace(question) > 120
        assert pace(question) > pace(question.model_copy(update={"probes": question.probes[:1]}))
    assert clock(125.9) == "2:05"
