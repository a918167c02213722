"""No answer is lost and cards never disagree with attempts, whichever database keeps them."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.asides import Goal, Guess, Place
from quiz.attempt import MAX_RESPONSE, Attempt, Draft, ResponseTooLongError
from quiz.practice import schedule
from quiz.store import Store
from quiz.store.portable import read_line, write_line

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
rng = random.Random(0)


def attempt(day: float = 0, **fields: Any) -> Attempt:
    """An attempt of Ada's, with a key of its own."""
    at = START + timedelta(days=day)
    values: dict[str, Any] = {
        "key": str(uuid.UUID(int=rng.getrandbits(128))),
        "learner": "ada",
        "question": "q",
        "mode": "practice",
        "asked_at": at - timedelta(seconds=30),
        "answered_at": at,
        "response": {"text": "ein Gedächtnis ☃\0", "probes": {"p": ["a", "c"]}},
        "verdict": "correct",
        "score": 1.0,
        "credit": 1.0,
        "suggested": ("p1",),
        "confirmed": ("p1", "p2"),
    }
    return Attempt(**values | fields)


def mixed(count: int) -> list[Attempt]:
    """Attempts on several questions with every verdict, not in the order of their times."""
    verdicts = ["correct", "partial", "wrong", "undecided"]
    return [
        attempt(
            day=rng.uniform(0, 60),
            question=f"q{rng.randrange(5)}",
            verdict=rng.choice(verdicts),
            credit=rng.random(),
            hints=rng.randrange(4),
            certainty=rng.choice([None, 50, 90]),
        )
        for _ in range(count)
    ]


def draft(response: Any = "half an ans", **fields: Any) -> Draft:
    """A draft of Ada's."""
    values = {"learner": "ada", "question": "q", "key": str(uuid.UUID(int=7)), "asked_at": START, "hints": 1}
    return Draft(**values | {"response": response} | fields)


def test_attempt_comes_back_as_it_was(store: Store) -> None:
    """Every field survives, times to the microsecond, text to the character."""
    kept = attempt(
        variant=2**31 - 1, mode="interview", certainty=0, easy=True, hints=3, score=1 / 3, credit=0.1, verdict="partial"
    )
    assert store.add(kept)
    assert store.attempts("ada") == (kept,)


def test_a_key_counts_once(store: Store) -> None:
    """A double click or a retried request changes nothing; another learner may have the same key."""
    first = attempt()
    assert store.add(first)
    assert not store.add(replace(first, verdict="wrong", credit=0.0))
    assert store.attempts("ada") == (first,)
    assert store.cards("ada")["q"].attempts == 1
    assert store.add(replace(first, learner="bob"))


def test_attempts_are_chosen_by_question_and_number(store: Store) -> None:
    """Newest first; the two filters work together."""
    kept = [attempt(day, question=f"q{day % 2}") for day in range(6)]
    for each in kept:
        store.add(each)
    assert store.attempts("ada", newest=2) == (kept[5], kept[4])
    assert store.attempts("ada", question="q0", newest=2) == (kept[4], kept[2])
    assert store.attempts("bob") == ()


def test_cards_equal_the_fold_at_every_step(store: Store) -> None:
    """Materialised cards are the fold of the log, however the clock jumped between the attempts."""
    for each in mixed(60):
        store.add(each)
        assert store.cards("ada") == schedule.fold(store.attempts("ada"))


def test_log_keeps_the_order_of_adding(store: Store) -> None:
    """What is added later is later, also where the clock was set back; what the clock said is kept as it was."""
    kept = mixed(20)
    for each in kept:
        store.add(each)
    log = store.attempts("ada")[::-1]
    assert [each.key for each in log] == [each.key for each in kept]
    assert [each.answered_at for each in log] == [each.answered_at for each in kept]
    assert all(one.recorded_at < other.recorded_at for one, other in pairwise(log))


def test_certainties_count_judged_answers(store: Store) -> None:
    """Each certainty with how many answers it had and how many were right; the undecided and unsaid do not count."""
    for verdict, certainty in [("correct", 90), ("wrong", 90), ("partial", 50), ("undecided", 50), ("correct", None)]:
        store.add(attempt(verdict=verdict, certainty=certainty))
    assert store.certainties("ada") == ((50, 1, 0), (90, 2, 1))


def test_threads_share_one_store(store: Store) -> None:
    """Script threads answer at once: nothing is lost or counted twice, and the cards still equal the fold."""
    kept = mixed(120)
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(store.add, [*kept, *kept]))
    assert sum(added) == len(kept)
    assert {each.key for each in store.attempts("ada")} == {each.key for each in kept}
    assert store.cards("ada") == schedule.fold(store.attempts("ada"))


def test_draft_is_kept_once_and_dropped_with_its_answer(store: Store) -> None:
    """One row for each learner, question and variant; submitting drops it, and a late save does not bring it back."""
    store.save_draft(draft())
    store.save_draft(draft("half an answer"))
    store.save_draft(draft("other", variant=3))
    assert store.draft("ada", "q") == draft("half an answer")
    store.add(attempt(key=draft().key))
    assert store.draft("ada", "q") is None
    store.save_draft(draft("half an answ"))
    assert store.draft("ada", "q") is None
    assert store.draft("ada", "q", variant=3) == draft("other", variant=3)


@pytest.mark.parametrize("make", [attempt, draft])
def test_answers_have_a_limit(make: Any) -> None:
    """A response of 4,096 bytes is kept, one more is refused with its length; bytes count, not characters."""
    assert make(response="x" * (MAX_RESPONSE - 2)).response
    with pytest.raises(ResponseTooLongError, match="4,097 bytes; at most 4,096"):
        make(response="x" * (MAX_RESPONSE - 1))
    with pytest.raises(ResponseTooLongError):
        make(response="é" * (MAX_RESPONSE // 2))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "1"),
        ("learner", ""),
        ("learner", "x" * 201),
        ("question", "a\nb"),
        ("variant", 2**31),
        ("mode", "exam"),
        ("verdict", "right"),
        ("asked_at", datetime(2026, 1, 1)),
        ("score", float("nan")),
        ("credit", 1.5),
        ("hints", 4),
        ("certainty", True),
        ("easy", 1),
        ("confirmed", ["p1"]),
        ("answered_at", datetime(2200, 1, 1, tzinfo=UTC)),
        ("recorded_at", datetime(2200, 1, 1, tzinfo=UTC)),
        ("response", {"a": float("inf")}),
        ("response", {1, 2}),
        ("response", [[[[[[[[[]]]]]]]]]),
    ],
)
def test_bad_field_is_named(field: str, value: Any) -> None:
    """An attempt that a database would refuse, or take and spoil, is refused before, and the field is named."""
    with pytest.raises(ValueError, match=f"^{field}: "):
        attempt(**{field: value})


def test_export_then_import_gives_all_back(store: Store) -> None:
    """Attempts in their order, cards, drafts, places and guesses move to another learner; once more adds nothing."""
    kept = mixed(30)
    for each in kept:
        store.add(each)
    store.save_draft(draft())
    store.save_place(Place(learner="ada", lesson="bptt", query="t=3", opened_at=START))
    store.save_place(Place(learner="ada", lesson="gates", query="", opened_at=START - timedelta(days=1)))
    store.save_guess(Guess(learner="ada", question="guess-x", variant=9, response={"given": "1"}, kept_at=START))
    lines = list(store.export("ada"))
    report = store.import_("bob", lines)
    assert (report.added, report.known, report.problems) == (30, 0, ())
    assert list(store.export("bob")) == lines
    assert store.cards("bob") == store.cards("ada")
    assert [each.key for each in store.attempts("bob")] == [each.key for each in store.attempts("ada")]
    assert [place.lesson for place in store.places("bob")] == ["gates", "bptt"]
    assert store.import_("bob", lines).known == 30
    assert '"ada"' not in "".join(lines)


def test_import_names_each_bad_line(store: Store) -> None:
    """Good lines are kept; each bad one is reported with its number and reason."""
    good = next(iter(_exported(store)))
    record = json.loads(good)["attempt"]
    lines = [
        good,
        "",
        "nonsense",
        "[]",
        json.dumps({"attempt": record | {"hints": 9}}),
        json.dumps({"attempt": {k: v for k, v in record.items() if k != "mode"}}),
        json.dumps({"attempt": record | {"asked_at": "yesterday"}}),
        json.dumps({"draft": {"x": 1}}),
        json.dumps({"guess": {"question": "q", "variant": -1, "response": 1, "kept_at": START.isoformat()}}),
        "[" * 50_000,
        '"' + "x" * 70_000,
    ]
    report = store.import_("bob", lines)
    assert report.added == 1
    assert [problem.split(":")[0] for problem in report.problems] == [f"line {n}" for n in range(3, 12)]
    assert "hints: 9" in report.problems[2]
    assert "mode" in report.problems[3]


def _exported(store: Store) -> list[str]:
    store.add(attempt())
    return list(store.export("ada"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(field=st.sampled_from(sorted(attempt().to_json())), value=JSON)
def test_any_line_is_read_or_refused(field: str, value: Any) -> None:
    """Whatever stands in a line, it either gives an attempt that can be folded and written, or a `ValueError`."""
    record = attempt().to_json() | {field: value}
    try:
        read = read_line("ada", json.dumps({"attempt": record}))
    except ValueError:
        return
    assert isinstance(read, Attempt)
    assert set(schedule.fold([read])) <= {read.question}
    assert read_line("ada", write_line(read)) == read


def test_delete_leaves_nothing_of_one_learner(store: Store) -> None:
    """All of one learner's rows go, in every table; the other learner's stay."""
    for name in ("ada", "bob"):
        store.add(attempt(learner=name))
        store.save_draft(draft(learner=name))
        store.save_interview(name, {"at": 1})
        store.save_place(Place(learner=name, lesson="bptt", query="", opened_at=START))
        store.save_guess(Guess(learner=name, question="guess-x", variant=9, response=None, kept_at=START))
    store.delete("ada")
    assert list(store.export("ada")) == []
    assert store.cards("ada") == {}
    assert store.interview("ada") is None
    assert store.places("ada") == ()
    assert store.guesses("ada", ["guess-x"]) == ()
    assert (len(store.places("bob")), store.guesses("bob", ["guess-x"]) == ()) == (1, False)
    assert (len(store.attempts("bob")), len(store.cards("bob")), store.interview("bob")) == (1, 1, {"at": 1})


ANSWERING = """
import sys, uuid
from datetime import UTC, datetime, timedelta
from quiz.attempt import Attempt, Draft
from quiz.store import Store
store, now = Store.open(sys.argv[1]), datetime(2026, 1, 1, tzinfo=UTC)
for number in range(1_000_000):
    key, question = str(uuid.UUID(int=number)), f"q{number % 7}"
    now += timedelta(hours=1)
    store.save_draft(Draft(learner="ada", question=question, key=key, asked_at=now, response=f"half {number}"))
    print("draft", number, flush=True)
    store.add(Attempt(key=key, learner="ada", question=question, mode="practice", asked_at=now, answered_at=now,
                      response="b", verdict="correct" if number % 3 else "wrong", score=1.0, credit=1.0))
    print("added", number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("lines", [1, 30, 61])
def test_killed_in_the_middle_of_answering(place: str, lines: int) -> None:
    """After SIGKILL all that was added is there, cards equal the fold, and the draft under way comes back."""
    child = subprocess.Popen([sys.executable, "-c", ANSWERING, place], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [child.stdout.readline() for _ in range(lines)]
    child.send_signal(signal.SIGKILL)
    said += [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    what, last = said[-1].split()
    with Store.open(place) as store:
        kept = store.attempts("ada")
        waiting = [draft.response for n in range(7) if (draft := store.draft("ada", f"q{n}"))]
        assert [each.key for each in reversed(kept)] == [str(uuid.UUID(int=n)) for n in range(len(kept))]
        assert len(kept) >= int(last) + (what == "added")
        assert store.cards("ada") == schedule.fold(kept)
        assert waiting in ([], [f"half {len(kept)}"])
        assert waiting or what == "added" or len(kept) > int(last)
        assert store.add(attempt(key=str(uuid.UUID(int=len(kept)))))


def test_first_try_and_its_draft_come_back(place: str) -> None:
    """What was answered before the slip was named is kept with the attempt and with the draft, and exported."""
    with Store.open(place) as store:
        store.save_draft(draft("0.36", first="0.6"))
        assert store.draft("ada", "q") == draft("0.36", first="0.6")
        store.add(attempt(first={"1": "input"}, verdict="partial", score=0.5, credit=0.5))
        assert store.attempts("ada")[0].first == {"1": "input"}
        assert store.import_("bob", store.export("ada")).problems == ()
        assert store.attempts("bob")[0].first == {"1": "input"}


@pytest.mark.parametrize("called", [{"easy": True}, {"hard": True}, {}])
def test_right_answer_is_called_easy_or_hard_afterwards(place: str, called: dict[str, bool]) -> None:
    """The card is as if it had been said at once; a later word replaces the one before; a miss is called nothing."""
    first, second, miss = attempt(0), attempt(5), attempt(6, question="other", verdict="wrong", score=0.0, credit=0.0)
    with Store.open(place) as store:
        for each in (first, second, miss):
            store.add(each)
        store.rate("ada", second.key, easy=True)
        store.rate("ada", second.key, **called)
        store.rate("ada", miss.key, easy=True)
        store.rate("ada", str(uuid.UUID(int=1)), easy=True)
        wanted = [first, replace(second, **called), miss]
        assert store.cards("ada") == schedule.fold(wanted)
        assert store.cards("ada") == schedule.fold(store.attempts("ada"))


def test_times_of_answers_since_a_day(place: str) -> None:
    """The last first, those before the day left out."""
    with Store.open(place) as store:
        for day in (1, 3, 2):
            store.add(attempt(day))
        since = START + timedelta(days=2)
        assert store.answer_times("ada", since) == (START + timedelta(days=3), since)


def test_goal_is_kept_changed_dropped_and_taken_along(place: str) -> None:
    """A learner's own number; 0 ends it; it goes with an export and with all data."""
    with Store.open(place) as store:
        assert store.goal("ada") == 0
        for answers in (10, 4):
            store.save_goal(Goal(learner="ada", answers=answers))
            assert store.goal("ada") == answers
        store.import_("bob", store.export("ada"))
        assert store.goal("bob") == 4
        store.save_goal(Goal(learner="ada", answers=0))
        store.delete("bob")
        assert (store.goal("ada"), store.goal("bob")) == (0, 0)
    with pytest.raises(ValueError, match="answers: -1"):
        Goal(learner="ada", answers=-1)
