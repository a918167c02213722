"""An interview under way is kept once and moved on once; those that are over stay, and go along."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quiz.asides import Interviewed
from quiz.attempt import Attempt, Draft
from quiz.store import Store

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def attempt(number: int) -> Attempt:
    """An attempt of Ada's in an interview."""
    key = str(uuid.UUID(int=100 + number))
    return Attempt(
        key=key, learner="ada", question="q", mode="interview", asked_at=START, answered_at=START, response={},
        verdict="wrong", score=0.0, credit=0.0,
    )  # fmt: skip


def test_interview_is_kept_once(store: Store) -> None:
    """The newest state comes back; None drops it."""
    store.save_interview("ada", {"at": 1})
    store.save_interview("ada", {"at": 2})
    assert store.interview("ada") == {"at": 2}
    store.save_interview("ada", None)
    assert store.interview("ada") is None


def interviewed(number: int, learner: str = "ada") -> Interviewed:
    """An interview that is over."""
    key, ended_at = str(uuid.UUID(int=number)), START + timedelta(days=number)
    return Interviewed(learner=learner, key=key, ended_at=ended_at, state={"questions": ["é"], "n": number})


def test_interviews_that_are_over_are_kept_and_go_along(store: Store) -> None:
    """The last one first; kept once; exported, imported by another and deleted with all else."""
    for number in (1, 2, 1):
        store.save_interviewed(interviewed(number))
    store.save_interviewed(replace(interviewed(2), state={"n": 9}))
    assert store.interviewed("ada") == (interviewed(2), interviewed(1))
    lines = list(store.export("ada"))
    assert store.import_("bob", lines).problems == ()
    assert store.interviewed("bob") == (interviewed(2, "bob"), interviewed(1, "bob"))
    store.delete("ada")
    assert store.interviewed("ada") == ()
    assert len(store.interviewed("bob")) == 2


def test_step_of_an_interview_is_taken_once(store: Store) -> None:
    """What is handed in for a step that has been left changes nothing, whether it is an attempt or a follow-up."""
    store.save_interview("ada", {"step": "k:1"})
    answers = Draft(learner="ada", question="f", key=str(uuid.UUID(int=7)), asked_at=START, response="x")
    store.save_draft(answers)
    assert not store.move_interview("ada", {"step": "k:2"}, "k:0", answers=answers)
    assert store.draft("ada", "f") == answers
    assert not store.add(attempt(1), interview={"step": "k:2"}, step="k:0")
    assert (store.attempts("ada"), store.interview("ada")) == ((), {"step": "k:1"})
    assert store.move_interview("ada", {"step": "k:2"}, "k:1", answers=answers)
    assert store.draft("ada", "f") is None
    assert store.add(attempt(1), interview={"step": "k:3"}, step="k:2")
    assert store.interview("ada") == {"step": "k:3"}
    assert not store.move_interview("bob", {"step": "k:1"}, "k:0")


@pytest.mark.parametrize("state", [None, "x", {"x": "y" * 200_000}, {"x": float("nan")}])
def test_interview_that_is_none_is_not_kept(state: object) -> None:
    """A state that is no object, too long or no JSON is refused."""
    with pytest.raises(ValueError, match=r"state|response"):
        Interviewed(learner="ada", key=str(uuid.UUID(int=1)), ended_at=START, state=state)  # type: ignore[arg-type]
