"""Time the quiz and print a table beside its budgets.

    uv run python tests/bench/quiz_bench.py            all parts
    uv run python tests/bench/quiz_bench.py --only store --attempts 100000

Parts:

    store       what a page asks of a store of so many attempts, one learner's, over all questions there are
    next        choosing the next question from that store
    text        judging an answer in words of 4,000 characters, the slowest of the interview questions for each
    grade       the slowest question of each kind, its key handed in and, for formulas, one that is no listed slip

Medians of --rounds samples in milliseconds; --json writes the same numbers to a file.
"""

import argparse
import json
import platform
import random
import statistics
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from quiz.attempt import Attempt, Draft
from quiz.grading.grade import grade, right_response
from quiz.grading.text.grader import grade_text
from quiz.load import load_bank
from quiz.practice.catalogue import catalogue
from quiz.practice.choosing import next_question
from quiz.practice.progress import calibration, forecast, history, mastery, most_missed
from quiz.practice.schedule import due
from quiz.store import Store
from quiz.store.portable import write_line

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE, NEXT, GRADE, TEXT = 100.0, 50.0, 20.0, 50.0  # budgets in milliseconds


def sampled(job, rounds):
    """Median time of a call in milliseconds."""
    samples = []
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        samples.append((time.perf_counter() - start) * 1e3)
    return statistics.median(samples)


def attempts(count):
    """Answers to all questions in turn and at random, one every five minutes."""
    rng = random.Random(0)
    questions = list(catalogue(load_bank()))
    for number in range(count):
        at = START + timedelta(minutes=5 * number)
        verdict, credit = rng.choice([("correct", 1.0), ("partial", 0.5), ("wrong", 0.0)])
        yield Attempt(
            key=str(uuid.UUID(int=rng.getrandbits(128))),
            learner="ada",
            question=rng.choice(questions),
            mode="practice",
            asked_at=at,
            answered_at=at,
            response={"text": "x" * 200},
            verdict=verdict,
            score=credit,
            credit=credit,
            certainty=rng.randrange(0, 101, 10),
        )


@cache
def filled(count):
    """A store with so many attempts, kept for all parts, and the folder that goes when the program ends."""
    folder = tempfile.TemporaryDirectory()
    store = Store.open(Path(folder.name) / "quiz.sqlite3")
    store.import_("ada", map(write_line, attempts(count)))
    return store, folder


def bench_store(rounds, count):
    """Rows of the page queries, with the pure function that each page puts on top, and of the writes."""
    store, _ = filled(count)
    now = START + timedelta(minutes=5 * count)
    concepts = {name: entry.concepts for name, entry in catalogue(load_bank()).items()}
    question = next(iter(concepts))
    numbers = iter(range(10**9))
    last = replace(next(attempts(1)), asked_at=now, answered_at=now)

    def add():
        number = next(numbers)
        at = now + timedelta(seconds=number)
        assert store.add(replace(last, key=str(uuid.UUID(int=number)), answered_at=at))

    def add_late():
        assert store.add(replace(last, key=str(uuid.UUID(int=next(numbers))), asked_at=START, answered_at=START))

    draft = Draft(learner="ada", question=question, key=str(uuid.UUID(int=0)), asked_at=now, response="half an ans")
    jobs = {
        "cards": lambda: store.cards("ada"),
        "mastery": lambda: mastery(concepts, store.cards("ada"), now),
        "forecast": lambda: forecast(store.cards("ada"), now),
        "due": lambda: due(store.cards("ada"), now),
        "most missed": lambda: most_missed(store.cards("ada")),
        "calibration": lambda: calibration(store.certainties("ada")),
        "history of the last 50": lambda: history(store.attempts("ada", newest=50), now),
        "last 50 on one question": lambda: store.attempts("ada", question, newest=50),
        "draft, saved": lambda: store.save_draft(draft),
        "draft, read": lambda: store.draft("ada", question),
        "answer added": add,
        "answer added out of its time": add_late,
        "opened": lambda: Store.open(store.name).close(),
    }
    for case, job in jobs.items():
        yield row("store", f"{case}, {count:,} attempts", sampled(job, rounds), PAGE)


def bench_next(rounds, count):
    """Rows of choosing the next question, reading the store included."""
    store, _ = filled(count)
    bank, rng, now = load_bank(), np.random.default_rng(0), START + timedelta(minutes=5 * count)
    for mode in ("practice", "review"):

        def job(mode=mode):
            recent = store.attempts("ada", newest=10)
            return next_question(bank, store.cards("ada"), recent, mode=mode, rng=rng, now=now)

        yield row("next", f"{mode}, {count:,} attempts", sampled(job, rounds), NEXT)


def bench_grade(rounds, _count):
    """Rows of the slowest question of each kind; a run on core is computed once and then known."""
    bank = load_bank()
    slowest = {}
    for question in (*bank.questions, *bank.probes.values()):
        responses = {question.kind: right_response(question)}
        if question.kind == "formula":
            responses["formula, wrong"] = f"({question.answer}) * 1.5"
        for case, response in responses.items():
            taken = sampled(lambda question=question, response=response: grade(question, response), rounds)
            slowest[case] = max(slowest.get(case, (0.0, "")), (taken, question.id))
    for case, (taken, name) in slowest.items():
        yield row("grade", f"{case}, {name}", taken, GRADE)


def bench_text(rounds, _count):
    """Rows of judging long answers: prose, formulas, and what makes no sense."""
    bank = load_bank()
    for case, text in {
        "prose": "the forget gate decides how much of the old cell state is kept, and the gradient lasts. " * 50,
        "formulas": "c_t = f_t * c_{t-1} + i_t * g_t; " * 150,
        "one long word": "a" * 4000,
        "brackets": "([{" * 1400,
        "another script": "забывание " * 400,
    }.items():
        taken = max(sampled(lambda q=bank[name], t=text: grade_text(q, t[:4000]), rounds) for name in bank.interview)
        yield row("text", case, taken, TEXT)


def row(part, case, taken, budget):
    """One line of the table as a record."""
    return {"part": part, "case": case, "ms": taken, "budget_ms": budget}


PARTS = {"store": bench_store, "next": bench_next, "text": bench_text, "grade": bench_grade}


def main():
    """Run the chosen parts, print each row as it comes, write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part; may be given several times")
    parser.add_argument("--rounds", type=int, default=15, help="timed samples of each row")
    parser.add_argument("--attempts", type=int, default=100_000, help="attempts in the store")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    settings = parser.parse_args()

    machine = f"Python {platform.python_version()}, {platform.machine()}"
    print(machine)
    print(f"{'part':8} {'case':48} {'ms':>9} {'budget':>8}")
    rows = []
    for name in settings.only or PARTS:
        for record in PARTS[name](settings.rounds, settings.attempts):
            rows.append(record)
            print(f"{record['part']:8} {record['case']:48} {record['ms']:9.2f} {record['budget_ms']:8.0f}", flush=True)
    if settings.json:
        settings.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
