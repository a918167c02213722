"""A database server that goes away, comes back or refuses: plain words, and nothing lost or doubled."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from traceback import format_exception

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres import TEMPLATE, USER, Cluster

from quiz.attempt import Attempt, Draft
from quiz.errors import AwayError, ConflictError
from quiz.practice import schedule
from quiz.store import Store, StoreError, database, postgres, tables
from quiz.store.connected import Connected
from quiz.store.steady import steady

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    """A database of the server with today's tables."""
    made = cluster.create(template=TEMPLATE)
    yield made
    cluster.drop(made)


def attempt(number: int, learner: str = "ada") -> Attempt:
    """An attempt of that number."""
    return Attempt(
        key=str(uuid.UUID(int=number)), learner=learner, question=f"q{number % 5}", mode="practice", asked_at=NOW,
        answered_at=NOW, response="a secret word", verdict="correct", score=1.0, credit=1.0,
    )  # fmt: skip


def plain(url: str) -> str:
    """A store's URL as PostgreSQL's own programs write it."""
    return url.replace("+psycopg", "")


def test_migrations_make_the_tables_the_code_uses(url: str) -> None:
    """The tables of the code and those that the migrations make are the same on a server, too."""
    with Store.open(url) as store, store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": database.VERSION_TABLE})
        assert compare_metadata(context, tables.metadata) == []


@pytest.mark.slow
def test_replicas_may_start_at_once(new_database: str) -> None:
    """Several servers that find an empty database change its schema one after the other, and all of them start."""
    code = "import sys\nfrom quiz.store import Store\nwith Store.open(sys.argv[1]) as store: print(store.goal('ada'))"
    started = [
        subprocess.Popen([sys.executable, "-c", code, new_database], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate()[0] for process in started] == ["0\n"] * 3


def test_schema_is_changed_alone(new_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes while another one changes the schema waits, and after that wait has an end says so."""
    monkeypatch.setattr(postgres, "MIGRATION_SECONDS", 0.05)
    with psycopg.connect(plain(new_database)) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({postgres.MIGRATING})")
        with pytest.raises(StoreError, match="is busy with another change"):
            Store.open(new_database)
        assert other.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    monkeypatch.undo()
    Store.open(new_database).close()


@pytest.mark.parametrize("short", ["postgresql", "postgres"])
def test_usual_spellings_of_the_url(url: str, short: str) -> None:
    """A URL as hosts and PostgreSQL's own programs write it is taken; its password and query stay out of the name."""
    with Store.open(url.replace("postgresql+psycopg", short).replace("@", ":secret@") + "?sslpassword=hidden") as store:
        assert store.add(attempt(1))
        assert store.name == url.replace("@", ":***@")


def no_server(url: str, cluster: Cluster) -> str:
    """A port at which nobody listens."""
    return url.replace(f":{cluster.port}/", ":1/")


def no_database(url: str, cluster: Cluster) -> str:
    """A database that is not there."""
    del cluster
    return f"{url}x"


def no_user(url: str, cluster: Cluster) -> str:
    """A user who is not there."""
    del cluster
    return url.replace(f"{USER}@", "eve@")


def no_room(url: str, cluster: Cluster) -> str:
    """A database that takes no further connection, which its owner's rights do not lift."""
    name = url.rpartition("/")[2]
    with psycopg.connect(cluster.plain("postgres"), autocommit=True) as connection:
        connection.execute("DO $$ BEGIN CREATE ROLE anna LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    return url.replace(f"{USER}@", "anna@")


def no_rights(url: str, cluster: Cluster) -> str:
    """A user who may not read the tables."""
    with psycopg.connect(cluster.plain("postgres"), autocommit=True) as connection:
        connection.execute("DO $$ BEGIN CREATE ROLE anna LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    return url.replace(f"{USER}@", "anna@")


@pytest.mark.parametrize(
    ("spoil", "kind", "says"),
    [
        (no_server, AwayError, "cannot be reached just now. Nothing was saved; try again"),
        (no_database, StoreError, "does not exist, or its user does not. Create it, or mend the URL"),
        (no_user, StoreError, "does not exist, or its user does not. Create it, or mend the URL"),
        (no_room, AwayError, "has no connection free"),
        (no_rights, StoreError, "does not let this program write"),
    ],
)
def test_server_that_refuses(
    url: str, cluster: Cluster, spoil: Callable[[str, Cluster], str], kind: type, says: str
) -> None:
    """The start says in one sentence which database it is, what is wrong, and the mend."""
    with pytest.raises(kind, match=says) as error:
        Store.open(spoil(url, cluster))
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("postgresql+psycopg://")


def test_read_only_server(url: str, cluster: Cluster) -> None:
    """A replica that can only be read is read; a change gives a plain message that names no host."""
    with Store.open(url) as store:
        assert store.add(attempt(1))
        with psycopg.connect(cluster.plain("postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on")
        store._engine.dispose()
        assert store.attempts("ada") == (attempt(1),)
        with pytest.raises(StoreError, match=r"^The database can only be read at the moment\. Nothing was saved"):
            store.add(attempt(2))


def test_newer_and_foreign_databases(new_database: str) -> None:
    """A database of a later program, or of another one, is refused and left as it is."""
    with psycopg.connect(plain(new_database), autocommit=True) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER)")
        with pytest.raises(StoreError, match="belongs to another program"):
            Store.open(new_database)
        connection.execute("DROP TABLE orders")
        Store.open(new_database).close()
        connection.execute(f"UPDATE {database.VERSION_TABLE} SET version_num = '9999'")
        with pytest.raises(StoreError, match="was written by a newer version of Unrolled"):
            Store.open(new_database)


def test_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the extra to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"unrolled\[hosted\]"):
        Store.open("postgresql://host/name")


def test_learners_text_is_in_no_error_and_no_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """What a server refuses is logged by its code; neither the answer nor the learner's name stands anywhere."""
    who = "@".join(("ada", "example.org"))  # put together here, since a traceback shows this source
    with Store.open(url) as store, caplog.at_level(logging.DEBUG):
        with store._engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE attempt ADD CHECK (question <> 'q1')")
        with pytest.raises(StoreError, match=r"refused \(code 23514\)") as error:
            store.add(attempt(1, who))
    said = caplog.text + "".join(format_exception(error.value))
    assert "23514" in caplog.text
    assert "secret" not in said
    assert who not in said


def test_lock_that_is_held_too_long(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that waits for another one does not wait for ever."""
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.05)
    with Store.open(url) as store:
        store.add(attempt(1))
        with psycopg.connect(plain(url)) as other:
            other.execute("SELECT id FROM learner FOR UPDATE")
            with pytest.raises(StoreError, match="busy with another change"):
                store.add(attempt(2))
        assert store.add(attempt(2))


def cut(url: str) -> None:
    """End every connection to a database, as an operator or a failing network does."""
    with psycopg.connect(plain(url)) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_come_back_by_themselves(url: str) -> None:
    """Connections that were closed while nobody used them cost nothing."""
    with Store.open(url) as store:
        store.add(attempt(1))
        cut(url)
        assert store.add(attempt(2))
        cut(url)
        assert len(store.attempts("ada")) == 2


@pytest.mark.parametrize("before", ["INSERT INTO attempt", "DELETE FROM draft", "SELECT"])
def test_connection_lost_in_the_middle_of_an_answer(url: str, before: str) -> None:
    """An answer whose transaction was cut off is kept at the second go, once, with its card."""
    with Store.open(url) as store:
        store.add(attempt(1))
        store.save_draft(
            Draft(learner="ada", question="q2", key=attempt(2).key, asked_at=NOW, response="half", hints=1)
        )
        once = iter([True])

        def strike(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith(before) and next(once, False):
                cut(url)

        sa.event.listen(store._engine, "before_cursor_execute", strike)
        assert store.add(attempt(2))
        assert next(once, None) is None
        assert [each.key for each in store.attempts("ada")] == [attempt(2).key, attempt(1).key]
        assert store.cards("ada") == schedule.fold(store.attempts("ada"))
        assert store.draft("ada", "q2") is None


def test_killed_and_restarted_in_the_middle_of_answering(url: str, cluster: Cluster) -> None:
    """A crash of the server in mid-use: what was said to be kept is, what was refused is handed in again, all once."""
    numbers = iter(range(1, 10**6))
    over, down = threading.Event(), threading.Event()
    said: dict[int, bool] = {}
    unsure: set[int] = set()

    def answer(learner: str) -> list[int]:
        given = []
        while not over.is_set():
            number = next(numbers)
            given.append(number)
            while number not in said:  # the answer stays on the page until it is kept
                try:
                    said[number] = store.add(attempt(number, learner)) or number in unsure
                except AwayError:  # it may have been kept, and the server been killed before it said so
                    unsure.add(number)
                    down.set()
        return given

    names = [f"learner {number}" for number in range(4)]
    with Store.open(url) as store, ThreadPoolExecutor(4) as pool:
        running = [pool.submit(answer, name) for name in names]
        for _ in range(3):
            so_far = len(said)
            while len(said) < so_far + 40:
                over.wait(0.005)
            down.clear()
            cluster.kill()
            assert down.wait(60)
            cluster.start()
        over.set()
        given = {name: each.result() for name, each in zip(names, running, strict=True)}
        assert all(said.values())
        for name, numbers_of in given.items():
            kept = store.attempts(name)
            assert [each.key for each in kept] == [attempt(number).key for number in reversed(numbers_of)]
            assert store.cards(name) == schedule.fold(kept)


def test_answer_whose_confirmation_was_lost(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that was kept although its connection broke before the server said so counts as handed in here."""
    usual = database.writing
    once = iter([True, True])

    class Losing:
        def __init__(self, engine: sa.Engine) -> None:
            self.inner = usual(engine)

        def __enter__(self) -> sa.Connection:
            return self.inner.__enter__()

        def __exit__(self, *raised: object) -> None:
            self.inner.__exit__(*raised)  # type: ignore[arg-type]
            if next(once, False):
                raise AwayError("lost")

    store.save_interview("ada", {"step": "a"})
    monkeypatch.setattr(database, "writing", Losing)
    assert store.add(attempt(1))
    assert store.move_interview("ada", {"step": "b"}, "a")
    assert next(once, None) is None
    assert not store.add(attempt(1))
    assert store.attempts("ada") == (attempt(1),)
    assert store.interview("ada") == {"step": "b"}


class Pairs(Connected):
    """Locks two learners in an order, so that two of these can stand in each other's way."""

    @steady
    def lock(self, learners: tuple[str, str], meet: threading.Barrier) -> str:
        """Lock both, and wait between until the other writer has its first one, too."""
        with self._writing() as connection:
            for name in learners:
                connection.execute(sa.select(tables.learner).where(tables.learner.c.id == name).with_for_update())
                with suppress(threading.BrokenBarrierError):
                    meet.wait()
            return learners[0]


def test_writers_in_each_others_way_are_run_again(url: str) -> None:
    """Of two writers that wait for each other the server puts one back; it tries again, and both are done."""
    with Store.open(url) as store, ThreadPoolExecutor(2) as pool:
        for name in ("ada", "bob"):
            store.add(attempt(1, name))
        pairs, meet = Pairs(store._engine), threading.Barrier(2, timeout=0.5)
        done = [pool.submit(pairs.lock, names, meet) for names in (("ada", "bob"), ("bob", "ada"))]
        assert [each.result() for each in done] == ["ada", "bob"]


def test_erasing_while_answering(url: str) -> None:
    """A learner who erases their data in one window while another one answers gets an answer, or none, and no error."""
    with Store.open(url) as store, ThreadPoolExecutor(4) as pool:
        doing = [pool.submit(store.add, attempt(number)) for number in range(60)]
        doing += [pool.submit(store.delete, "ada") for _ in range(30)]
        for each in doing:
            each.result()
        assert store.cards("ada") == schedule.fold(store.attempts("ada"))


@pytest.mark.parametrize("fault", [ConflictError, AwayError])
def test_work_is_not_tried_for_ever(fault: type[StoreError]) -> None:
    """What fails each time fails after a few tries, with its own message."""
    tries = []

    class Failing:
        @steady
        def work(self) -> None:
            tries.append(1)
            raise fault("again")

    with pytest.raises(fault, match="again"):
        Failing().work()
    assert 2 <= len(tries) <= 6
