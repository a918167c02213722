"""Time what a teacher's page asks of a large store and print a table beside its budget, on both databases.

    PYTHONPATH=.:tests uv run python tests/bench/class_bench.py
    ... --learners 1000 --attempts 500000 --only sqlite

The store holds that many learners with their attempts, all in one class of all and in classes of 28, whose assignment
of ten questions and a lesson everybody has answered. PostgreSQL is a server of its own, as the tests start it.
Medians of --rounds samples in milliseconds; --json writes the same numbers to a file.
"""

import argparse
import gc
import json
import platform
import random
import statistics
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from postgres import Cluster, binaries

from quiz.asides import Place
from quiz.attempt import Attempt
from quiz.classes.assignments import Assignment
from quiz.classes.people import Person
from quiz.store import Store, tables
from quiz.store.class_reports import Reports
from quiz.store.classes import Classes

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 100.0  # budget in milliseconds
ITEMS = tuple(f"question-{number}" for number in range(10))
WORK = Assignment(id="00000000000000aa", title="Sheet", items=ITEMS, lessons=("bptt",))
SLIPS = ("dropped the future path", "took the mean", "turned the sign", "took the wrong time step")
TEACHER = Person("user-teacher", teacher=True)
CERTAINTIES = (25, 50, 75, 95)


def sampled(job, rounds):
    """Median time of a call in milliseconds."""
    job()
    samples = []
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        samples.append((time.perf_counter() - start) * 1e3)
    return statistics.median(samples)


def rows(learner, number, rng):
    """One learner's attempts: first the assignment, then other practice."""
    for at in range(number):
        right, assigned = rng.random() < 0.6, at < len(ITEMS)
        moment = START + timedelta(minutes=7 * at, seconds=rng.randrange(400))
        yield {
            "learner": learner, "key": str(uuid.UUID(int=rng.getrandbits(128))),
            "question": ITEMS[at] if assigned else f"question-{rng.randrange(200)}", "variant": 0, "mode": "practice",
            "asked_at": moment, "answered_at": moment, "recorded_at": moment, "response": {"text": "x" * 120},
            "verdict": "correct" if right else "wrong", "score": float(right), "credit": float(right), "hints": 0,
            "certainty": rng.choice([None, *CERTAINTIES]), "easy": False, "hard": False, "first": None,
            "suggested": [], "confirmed": [], "assignment": WORK.id if assigned else None,
            "slips": [] if right else rng.sample(SLIPS, 1),
        }  # fmt: skip


def fill(store, learners, attempts):
    """Put everything in, and give the class of all, one of 28 and how long that took."""
    rng, began = random.Random(0), time.perf_counter()
    names = [f"user-{number:05}" for number in range(learners)]
    with store.engine.begin() as connection:
        connection.execute(sa.insert(tables.learner), [{"id": name} for name in names])
        for name in names:
            connection.execute(sa.insert(tables.attempt), list(rows(name, attempts // learners, rng)))
            place = {"learner": name, "lesson": "bptt", "query": "", "opened_at": START, "beat": rng.randrange(1, 7)}
            connection.execute(sa.insert(tables.place), place)
    classes, made = Classes(store.engine), {}
    for size in (learners, *[28] * (learners // 28)):
        one = classes.open(TEACHER, f"Class of {size}", START + timedelta(seconds=len(made)))
        made[one.id] = size
        classes.assign(TEACHER, one.id, WORK, START)
        for name in names[:size] if size == learners else rng.sample(names, size):
            classes.join(Person(name), one.code, name, START)
            classes.agree(Person(name), one.id, grades=True, examples=True)
    if store.engine.dialect.name == "postgresql":
        with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("ANALYZE")  # as the server does by itself
    return [*made][:2], time.perf_counter() - began


def page(reports, key):
    """All that a class page shows."""
    reports.members(TEACHER, key, WORK.id)
    reports.figures(TEACHER, key, WORK.id, certainties=CERTAINTIES, steps={"bptt": 6})


def measure(store, keys, rounds):
    """Each thing asked of the class of all and of the one of 28."""
    classes, reports = Classes(store.engine), Reports(store.engine)
    learner = Person("user-00001")
    jobs = {
        "the page: members and figures": page,
        "members": lambda reports, key: reports.members(TEACHER, key, WORK.id),
        "figures": lambda reports, key: reports.figures(
            TEACHER, key, WORK.id, certainties=CERTAINTIES, steps={"bptt": 6}
        ),
        "examples of a question": lambda reports, key: reports.examples(TEACHER, key, WORK.id, ITEMS[0]),
        "gradebook": lambda reports, key: reports.gradebook(TEACHER, key),
        "the teacher's classes": lambda _, __: classes.taught(TEACHER),
    }
    for name, job in jobs.items():
        yield name, *(sampled(lambda job=job, key=key: job(reports, key), rounds) for key in keys)
    yield "what a learner sees", sampled(lambda: reports.seen(learner, keys[0]), rounds), None
    number = iter(range(10**6))

    def answer():
        attempt = next(rows("user-00001", 1, random.Random(f"new {next(number)}")))
        values = attempt | {"suggested": (), "confirmed": (), "slips": tuple(attempt["slips"])}
        store.add(Attempt(**values | {"answered_at": START + timedelta(days=9), "recorded_at": START}))

    yield "keeping an answer", sampled(answer, rounds), None
    place = Place(learner="user-00001", lesson="bptt", query="", opened_at=START, beat=3)
    yield "keeping a place", sampled(lambda: store.save_place(place), rounds), None
    yield "cleaning", sampled(lambda: store.clean(START + timedelta(days=10)), 3), None


def run(name, where, options):
    """Fill one database, measure it and print its table."""
    with Store.open(where) as store:
        keys, seconds = fill(store, options.learners, options.attempts)
        gc.collect()
        gc.freeze()  # as the server does when it has started
        print(f"\n{name}: {options.learners:,} learners, {options.attempts:,} attempts, filled in {seconds:.0f} s")
        print(f"{'':32}{'class of all':>14}{'class of 28':>14}   ms, budget of a page {PAGE:.0f}")
        found = {}
        for what, *times in measure(store, keys, options.rounds):
            found[what] = times
            print(f"{what:32}" + "".join(f"{'' if each is None else f'{each:.1f}':>14}" for each in times))
        return found


def main():
    """Run it on one database or both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=1_000)
    parser.add_argument("--attempts", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    print(platform.platform(), platform.python_version())
    found = {}
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            found["sqlite"] = run("SQLite", str(Path(folder) / "quiz.sqlite3"), options)
    if options.only != "sqlite":
        programs = binaries()
        if programs is None:
            print("PostgreSQL: its programs are not installed")
        else:
            cluster = Cluster(programs)
            try:
                found["postgresql"] = run("PostgreSQL", cluster.create(), options)
            finally:
                cluster.remove()
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
