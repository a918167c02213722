"""Where a learner stands, as words and HTML."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from dashboard.kit.navigation import TOPICS
from dashboard.progress import standing
from quiz.attempt import Attempt, Verdict
from quiz.load import load_bank
from quiz.practice.catalogue import catalogue
from quiz.practice.progress import Bin, Mastery, calibration, history, mastery

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def attempt(number: int, verdict: Verdict, question: str = "interview-01", days: int = 0) -> Attempt:
    """An answer of some days ago."""
    at = NOON - timedelta(days=days)
    score = {"correct": 1.0, "partial": 0.5}.get(verdict, 0.0)
    return Attempt(
        key=str(UUID(int=number)), learner="local", question=question, mode="practice", asked_at=at, answered_at=at,
        response="b", verdict=verdict, score=score, credit=score,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "seen", "word"),
    [
        (0.0, 0, "not asked yet"),
        (0.0, 2, "too few answers to tell, 2 of 5"),
        (0.39, 3, "shaky"),
        (0.4, 3, "growing"),
        (0.7, 3, "known"),
    ],
)
def test_mastery_has_a_word(value: float, seen: int, word: str) -> None:
    """A word says how far a concept is known, so that the bar is never alone; with too few answers there is no bar."""
    row = standing._mastery_row("Shapes", Mastery(value, seen, 5, told=seen >= 3))
    assert f">{word}</td>" in row
    assert ("bar" in row) is (seen >= 3)


def test_every_concept_has_a_row_and_untouched_ones_say_so() -> None:
    """All concepts stand under their lessons, those without an answer as not asked yet."""
    bank = load_bank()
    entries = {entry.id: entry.concepts for entry in catalogue(bank).values()}
    known = mastery(entries, {}, NOON) | {"shapes": Mastery(0.82, 3, 9, told=True)}
    html = standing.mastery_table(bank, TOPICS, known)
    assert html.count('<th scope="row">') == len(bank.concepts)
    assert html.count("not asked yet") == len(bank.concepts) - 1
    row = re.search(r"<tr[^>]*><th scope=\"row\">Shapes.*?</tr>", html)
    assert row
    assert "known" in row[0]
    assert "82\N{NARROW NO-BREAK SPACE}%" in row[0]
    assert "3 of 9 questions" in row[0]


def test_finding_counts_what_is_known_and_due() -> None:
    """The sentence above all names both numbers, none and one in words that fit."""
    known = {
        "a": Mastery(0.9, 3, 3, told=True),
        "b": Mastery(0.2, 3, 3, told=True),
        "c": Mastery(0.3, 1, 3, told=False),
    }
    assert standing.finding(known, 3) == "You know 1 of 3 concepts so far; 3 questions are due today."
    assert standing.finding({"c": known["c"]}, 1) == "Too few answers to tell what you know; 1 question is due today."
    none = standing.finding({"b": known["b"], "c": known["c"], "d": known["b"]}, 1)
    assert none == "None of the 2 concepts with enough answers to tell is known yet; 1 question is due today."
    assert standing.finding(known, 0).endswith("nothing is due today.")


def test_forecast_says_each_day_in_words() -> None:
    """Every day has its count for screen readers; the highest column is the day with most."""
    html = standing.forecast([(date(2026, 11, 23), 4), (date(2026, 11, 24), 0), (date(2026, 11, 25), 2)])
    assert re.findall(r'unseen">([^<]*)', html) == ["Today: 4 due", "Tue 24 Nov: 0 due", "Wed 25 Nov: 2 due"]
    assert re.findall(r"height: (\d+)px", html) == ["72", "0", "36"]
    assert "height: 0px" in standing.forecast([(date(2026, 11, 23), 0)])


@pytest.mark.parametrize(
    ("certainty", "right", "attempts", "words"),
    [
        (0.9, 0.5, 10, "too sure"),
        (0.5, 0.9, 10, "not sure enough"),
        (0.8, 0.75, 10, "that fits"),
        (0.9, 0.0, 4, ""),
    ],
)
def test_certainty_is_judged_in_words(certainty: float, right: float, attempts: int, words: str) -> None:
    """A difference of more than a tenth is named; a handful of answers is not judged."""
    assert standing.judged(Bin(0, 100, attempts, certainty, right)) == words


def test_an_average_that_fits_by_chance_is_not_praised() -> None:
    """Too sure here and not sure enough there do not add up to a good feeling."""
    found = calibration([(25, 10, 8), (95, 10, 4)])
    assert found.total
    assert "the average fits" in standing.calibration_words(found.total, found.bins)
    fair = calibration([(25, 8, 2), (95, 10, 9)])
    assert fair.total
    assert standing.calibration_words(fair.total, fair.bins).endswith("that fits.")


def test_calibration_has_a_row_for_each_range() -> None:
    """Numbers, a word and the count stand beside the marks."""
    html = standing.calibration_table(calibration([(25, 10, 8), (95, 1, 0)]))
    rows = re.findall(r"<tr><td.*?</tr>", html)
    assert len(rows) == 2
    assert "not sure enough" in rows[0]
    assert "10 answers" in rows[0]
    assert "few answers" in rows[1]
    assert "1 answer<" in rows[1]


def test_days_and_answers_are_told_in_words() -> None:
    """Each day has its mean credit, each answer a sign and a word; undecided ones are not judged."""
    attempts = [
        attempt(1, "correct"),
        attempt(2, "wrong"),
        attempt(3, "partial", days=1),
        attempt(4, "undecided", days=2),
    ]
    days = standing.days_table(history(attempts, NOON))
    assert re.findall(r'scope="row">([^<]*)', days) == ["23 Nov", "22 Nov", "21 Nov"]
    assert days.count("not judged") == 1
    assert days.count("50\N{NARROW NO-BREAK SPACE}%") == 2
    answers = standing.answers_table(attempts, load_bank(), UTC)
    assert re.findall(r'class="verdict \w*">([^<]*)', answers) == ["✓ right", "✗ missed", "◐ partly", "– not judged"]


def test_questions_are_shown_as_text() -> None:
    """A prompt loses its markup and its length; a question that is no longer asked keeps its id; nothing is HTML."""
    bank = load_bank()
    for name in bank:
        line = standing.asked(bank, name, 0)
        assert len(line) <= standing.SHOWN + 2
        assert "$" not in line
    assert standing.asked(bank, "gone-for-good", 0) == "gone-for-good"
    assert standing.asked(bank, "gen-gone", 3) == "gen-gone"
    assert "<b>" not in standing.answers_table([attempt(1, "correct", question="<b>bold</b>")], bank, UTC)
