"""Whether a server can do its work, asked of its parts: in bounded time, seldom, and without secrets."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from asgi import Below, ask, run, scope
from support import PATIENCE

from dashboard.kit.jobs import engine as engines
from dashboard.kit.jobs.pool import Pool
from dashboard.kit.people import stores
from dashboard.serving import engine
from dashboard.serving.probes import Probes
from dashboard.serving.ready import HOLDS, LATE, Ready, database
from dashboard.serving.seats import Seats
from dashboard.serving.stopping import Stopping
from quiz.errors import AwayError, StoreError


class Clock:
    """A time that tests set."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def probes(*, stopping: bool = False, base: str = "/", **parts: Callable[[], str]) -> Probes:
    """The middleware, with what its parts answer."""
    server = Stopping(Seats(1, 1), 0)
    server.began = stopping
    return Probes(Below(), Ready(parts), server, base)


def broken() -> str:
    """A part whose question itself fails."""
    raise OSError("password=hunter2")


def test_process_says_that_it_lives() -> None:
    """Also while it stops, so that nothing kills it before its time."""
    for stopping, state in ((False, "running"), (True, "stopping")):
        answer = ask(probes(stopping=stopping), scope("/healthz"))
        assert (answer.status, json.loads(answer.text)) == (200, {"healthy": True, "state": state})
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_readiness_names_the_part_that_fails() -> None:
    """Each part with what is wrong; nothing of an error but its kind."""
    answer = ask(probes(database=lambda: "cannot be reached", experiments=lambda: "", other=broken), scope("/readyz"))
    assert answer.status == 503
    assert json.loads(answer.text) == {
        "ready": False,
        "parts": {"database": "cannot be reached", "experiments": "ok", "other": "failed (OSError)", "server": "ok"},
    }
    fine = ask(probes(database=lambda: ""), scope("/readyz"))
    assert (fine.status, json.loads(fine.text)) == (200, {"ready": True, "parts": {"database": "ok", "server": "ok"}})


def test_experiments_away_are_told_and_close_no_lesson() -> None:
    """A cluster that is away is away for all replicas; 503 would take every one of them out."""
    answer = ask(probes(database=lambda: "", experiments=lambda: "cannot run now"), scope("/readyz"))
    assert (answer.status, json.loads(answer.text)) == (
        200,
        {"ready": True, "parts": {"database": "ok", "experiments": "cannot run now", "server": "ok"}},
    )


def test_stopping_server_takes_no_visitors() -> None:
    """Though all its parts are well."""
    answer = ask(probes(stopping=True, database=lambda: ""), scope("/readyz"))
    assert answer.status == 503
    assert json.loads(answer.text)["parts"] == {"database": "ok", "server": "is being stopped"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/rnn/healthz", "/rnn/readyz"])
def test_both_answer_below_a_path_and_without(path: str) -> None:
    """By GET and HEAD; nothing else changes or costs anything."""
    app = probes(base="/rnn/")
    assert ask(app, scope(path)).text.startswith("{")
    head = ask(app, scope(path, method="HEAD"))
    assert (head.status, head.text) == (200, "")
    assert ask(app, scope(path, method="POST")).status == 405
    assert ask(app, scope("/other" + path)).text == "below"


def test_answer_holds_for_a_second() -> None:
    """Many probes at once, or one after another, are one question."""
    clock, calls = Clock(), []
    ready = Ready({"a": lambda: calls.append("asked") or ""}, clock=clock)  # type: ignore[func-returns-value]

    async def many() -> None:
        await asyncio.gather(*(ready.look() for _ in range(20)))
        await ready.look()
        assert len(calls) == 1
        clock.now += HOLDS
        await ready.look()
        assert len(calls) == 2

    run(many())


def test_part_that_hangs_is_given_up_and_not_asked_again() -> None:
    """The answer comes in bounded time, and questions that hang do not pile up."""
    clock, go, calls = Clock(), threading.Event(), []

    def hangs() -> str:
        calls.append("asked")
        go.wait(PATIENCE)
        return ""

    ready = Ready({"slow": hangs, "fine": lambda: ""}, patience=2.0, clock=clock)

    async def look() -> None:
        for _ in range(2):
            found = await ready.look()
            assert (found["slow"].problem, found["fine"].problem) == (LATE, "")
            clock.now += HOLDS
        assert calls == ["asked"]
        go.set()
        await asyncio.wait([ready._asked["slow"]], timeout=PATIENCE)
        assert (await ready.look())["slow"].problem == ""

    run(look())


def test_database_is_asked_for_its_tables(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    """Made on a hosted server, left alone on one's own; away, unusable or of an older schema it is named."""
    monkeypatch.setenv("UNROLLED_HOSTED", "0")
    assert database() == ""
    assert not list(data_folder.iterdir())
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    assert database() == ""
    assert list(data_folder.iterdir())
    store = stores.store()
    for schema, said in (("0001", "has schema 0001; this program needs"), ("9999", "")):
        monkeypatch.setattr(store, "schema", lambda schema=schema: schema)
        assert database().startswith(said)
        assert said or database() == ""
    for error, said in ((AwayError, "cannot be reached"), (StoreError, "cannot be used")):

        def fails(error: type[StoreError] = error) -> str:
            raise error("db.internal refused ada")

        monkeypatch.setattr(store, "schema", fails)
        assert said in database()
        assert "internal" not in database()


def test_tables_that_are_gone_are_no_readiness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody emptied the database under the running server."""
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    assert database() == ""
    with stores.store().engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unrolled_schema")
    assert "cannot be used" in database()


def test_engine_of_experiments_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open, it is fine; closed, it says so."""
    pool = Pool(1)
    monkeypatch.setattr(engines, "engine", lambda: pool)
    assert (engine.ready(), engine.load()) == ("", (0, 0))
    pool.close()
    assert engine.ready() == "cannot run now"
