"""Verdicts on texts that are not accepted: kept once, taken back, counted, exported and deleted with the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from quiz.asides import Disagreement
from quiz.attempt import Attempt
from quiz.store import Store
from quiz.store.disagreements import Verdicts

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TIME = '"disagreed_at": "2026-06-01T12:00:00+00:00"'


def key(number: int) -> str:
    """The key of an attempt."""
    return str(UUID(int=number))


def attempt(number: int, text_verdict: Any = "wrong", learner: str = "ada", question: str = "q") -> Attempt:
    """An answer whose text got a verdict."""
    return Attempt(
        key=key(number), learner=learner, question=question, mode="practice", asked_at=NOW, answered_at=NOW,
        response={"text": "words"}, verdict="correct", score=1.0, credit=1.0, text_verdict=text_verdict,
    )  # fmt: skip


def disagreement(number: int, **fields: Any) -> Disagreement:
    """What Ada does not accept."""
    values = {"learner": "ada", "key": key(number), "question": "q", "verdict": "wrong", "disagreed_at": NOW}
    return Disagreement(**values | fields)


def test_said_twice_it_is_kept_once_and_can_be_taken_back(store: Store) -> None:
    """The first stays as it was; taken back it is gone, once or twice, and may be said again."""
    store.disagree(disagreement(1))
    store.disagree(disagreement(1, verdict="partial", disagreed_at=NOW + timedelta(hours=1)))
    assert store.disagreements("ada") == {key(1): disagreement(1)}
    store.agree("ada", key(1))
    store.agree("ada", key(1))
    assert store.disagreements("ada") == {}
    store.disagree(disagreement(1, verdict="partial"))
    assert store.disagreements("ada")[key(1)].verdict == "partial"


def test_each_learner_has_their_own(store: Store) -> None:
    """Under the same key, and the last one stands first."""
    store.disagree(disagreement(1))
    store.disagree(disagreement(2, disagreed_at=NOW + timedelta(days=1)))
    store.disagree(disagreement(1, learner="bob"))
    assert list(store.disagreements("ada")) == [key(2), key(1)]
    store.agree("bob", key(1))
    assert len(store.disagreements("ada")) == 2
    assert store.disagreements("bob") == {}


def test_verdicts_are_counted_by_question(store: Store) -> None:
    """Given ones and those not accepted, of everybody or of some; undecided and no text are none."""
    for number, verdict in enumerate(("correct", "partial", "wrong", "undecided", None)):
        store.add(attempt(number, verdict))
    store.add(attempt(9, "wrong", "bob"))
    store.add(attempt(10, "wrong", "bob", "other"))
    store.disagree(disagreement(2))
    store.disagree(disagreement(9, learner="bob"))
    assert store.text_verdicts() == {"other": Verdicts(1, 0), "q": Verdicts(4, 2)}
    assert store.text_verdicts(["ada"]) == {"q": Verdicts(3, 1)}
    assert store.text_verdicts([]) == {}


def test_only_the_learners_own_disagreement_counts(store: Store) -> None:
    """Two learners may have attempts under one key: what one rejects, the other has not."""
    for learner in ("ada", "bob"):
        store.add(attempt(1, "wrong", learner))
    store.disagree(disagreement(1))
    assert store.text_verdicts() == {"q": Verdicts(2, 1)}


def test_verdict_of_a_later_edition_counts_where_it_is_not_accepted(store: Store) -> None:
    """An answer kept without a verdict is judged in the debrief: what is rejected there was given."""
    store.add(attempt(1, None))
    store.disagree(disagreement(1))
    assert store.text_verdicts() == {"q": Verdicts(1, 1)}


def test_without_its_attempt_it_does_not_count(store: Store) -> None:
    """One that an import brought alone is kept, and counts for nothing."""
    store.disagree(disagreement(1))
    assert store.text_verdicts() == {}


def test_export_and_import_carry_it(store: Store) -> None:
    """It goes along with its attempt, to another learner too, and comes once however often it is imported."""
    store.add(attempt(1))
    store.disagree(disagreement(1))
    lines = list(store.export("ada"))
    for _ in range(2):
        assert store.import_("bob", lines).problems == ()
    assert store.disagreements("bob") == {key(1): disagreement(1, learner="bob")}
    assert store.attempts("bob")[0].text_verdict == "wrong"
    assert list(store.export("bob")) == lines
    assert store.text_verdicts(["bob"]) == {"q": Verdicts(1, 1)}


@pytest.mark.parametrize(
    "fields",
    [
        "",
        f'"key": "x", "question": "q", "verdict": "wrong", {TIME}',
        f'"key": "{key(1)}", "question": "q", "verdict": "undecided", {TIME}',
        f'"key": "{key(1)}", "question": "q", "verdict": ["wrong"], {TIME}',
        f'"key": "{key(1)}", "question": "q", "verdict": "wrong", "disagreed_at": "soon"',
    ],
)
def test_bad_line_is_told_and_left_out(store: Store, fields: str) -> None:
    """A field that is missing or out of its range is named."""
    (problem,) = store.import_("ada", [f'{{"disagreement": {{{fields}}}}}']).problems
    assert problem.startswith("line 1: ")
    assert store.disagreements("ada") == {}


def test_deleting_a_learner_deletes_it(store: Store) -> None:
    """Nothing of it is left, by name or by the beginning of a visit's."""
    store.disagree(disagreement(1))
    store.disagree(disagreement(1, learner="visit-1"))
    store.delete("ada")
    store.forget("visit-")
    assert store.disagreements("ada") == store.disagreements("visit-1") == {}


def test_memory_of_a_visit_keeps_it_too() -> None:
    """A visitor can disagree for as long as the visit lasts."""
    with Store.in_memory() as visit:
        visit.disagree(disagreement(1))
        assert visit.disagreements("ada") == {key(1): disagreement(1)}


def test_spoilt_row_is_passed_over(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """One that another program spoilt is told to the log, and the others are there."""
    for number in (1, 2):
        store.disagree(disagreement(number))
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE disagreement SET verdict = 'maybe' WHERE key = '{key(1)}'")
    assert list(store.disagreements("ada")) == [key(2)]
    assert "can't be read and is passed over" in caplog.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("learner", ""), ("key", "1"), ("question", "\x07"), ("verdict", "undecided"), ("disagreed_at", datetime.min)],
)
def test_no_field_is_out_of_its_range(field: str, value: Any) -> None:
    """What no row may hold is refused by its name."""
    with pytest.raises(ValueError, match=field):
        disagreement(1, **{field: value})


def test_attempt_refuses_an_unknown_verdict_on_its_text() -> None:
    """Of the four, or none."""
    with pytest.raises(ValueError, match="text_verdict"):
        attempt(1, "maybe")
