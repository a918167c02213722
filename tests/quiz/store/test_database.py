"""A database that cannot be used is named, with the mend, and left byte for byte as it was."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from quiz.attempt import Attempt
from quiz.store import Store, StoreError, database, tables

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{before}"
def upgrade():
    op.add_column("attempt", sa.Column("note", sa.Text))
"""
DROP_OVERRIDE = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: what lets root write read-only files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with twenty attempts, closed."""
    path = tmp_path / "data" / "quiz.sqlite3"
    with Store.open(path) as store:
        for number in range(20):
            store.add(_attempt(number))
    return path


def _attempt(number: int) -> Attempt:
    return Attempt(
        key=str(uuid.UUID(int=number)),
        learner="ada",
        question="q",
        mode="practice",
        asked_at=NOW,
        answered_at=NOW,
        response="x" * 2000,
        verdict="correct",
        score=1.0,
        credit=1.0,
    )


def newer(path: Path) -> None:
    """Give the file the schema of a later program."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE {database.VERSION_TABLE} SET version_num = '9999'")
        connection.commit()


def foreign(path: Path) -> None:
    """Put another program's database in the file's place."""
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER)")
        connection.commit()


def spoilt(path: Path) -> None:
    """Overwrite all but the file's first page."""
    path.write_bytes(path.read_bytes()[:4096].ljust(path.stat().st_size, b"\xff"))


def shortened(path: Path) -> None:
    """Cut the file's second half off."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def text(path: Path) -> None:
    """Put a text file in its place."""
    path.write_text("question,answer\n")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (newer, "written by a newer version of Unrolled .schema 9999; this one knows .*Update Unrolled"),
        (foreign, "belongs to another program.*Name another"),
        (spoilt, "is damaged .*put a backup in its place"),
        (shortened, "is damaged .*put a backup in its place"),
        (text, "is not a database of Unrolled.*Move it away"),
    ],
)
def test_unusable_file_is_left_as_it_is(path: Path, spoil: Callable[[Path], None], says: str) -> None:
    """The message names the file, what is wrong and the mend; not a byte changes, however often it is tried."""
    spoil(path)
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(StoreError, match=says) as error:
            Store.open(path)
        assert str(path) in str(error.value)
    assert path.read_bytes() == before


def test_damage_while_open_is_told_plainly(path: Path) -> None:
    """A file spoilt under a running program gives a `StoreError`, not the database's own error."""
    with Store.open(path) as store:
        store.close()  # so that the next call reads the file and not what it remembers of it
        spoilt(path)
        with pytest.raises(StoreError, match="is damaged"):
            store.attempts("ada")


def test_full_disk_is_told_plainly(path: Path) -> None:
    """An answer that no longer fits is refused in one sentence, and those before it stay."""
    with Store.open(path) as store:
        with store._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(StoreError, match=f"The disk of {path} is full. Nothing was saved"):
            _ = [store.add(_attempt(number)) for number in range(100, 200)]
        assert {_attempt(number) for number in range(20)} <= set(store.attempts("ada"))


def test_busy_file_is_told_plainly(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that holds the file is said to; reading goes on, and writing works once it lets go."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    with Store.open(path) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is in use by another program"):
            store.add(_attempt(20))
        assert len(store.attempts("ada")) == 20
        other.rollback()
        assert store.add(_attempt(20))


def test_folder_in_place_of_the_file(tmp_path: Path) -> None:
    """A folder is named as one, with the file to name instead."""
    with pytest.raises(StoreError, match="is a folder; a file is expected"):
        Store.open(tmp_path)


def test_missing_disk_is_not_made_up(tmp_path: Path) -> None:
    """A path on a disk that is not there is refused, not created; a missing folder on one that is there is made."""
    with pytest.raises(StoreError, match=f"the folder {tmp_path / 'disk'} does not exist. Make it"):
        Store.open(tmp_path / "disk" / "unrolled" / "quiz.sqlite3")
    assert list(tmp_path.iterdir()) == []
    Store.open(tmp_path / "unrolled" / "quiz.sqlite3").close()


def test_file_in_place_of_the_folder(tmp_path: Path) -> None:
    """A file where the folder should be is named by the message."""
    (tmp_path / "data").write_text("x")
    with pytest.raises(StoreError, match="cannot be used"):
        Store.open(tmp_path / "data" / "quiz.sqlite3")


def _obey_permissions() -> None:
    # Root may write read-only files by two capabilities; without them it is a user like another after the next exec.
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in DROP_OVERRIDE:
            libc.prctl(24, capability)


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_read_only(path: Path, which: str) -> None:
    """A read-only file or folder gives one plain message, and the answers in it stay."""
    place = path if which == "file" else path.parent
    before, mode = path.read_bytes(), place.stat().st_mode
    code = "import sys\nfrom quiz.store import *\ntry: Store.open(sys.argv[1])\nexcept StoreError as e: print(e)"
    place.chmod(0o444 if which == "file" else 0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, path], capture_output=True, text=True, preexec_fn=_obey_permissions
        )
    finally:
        place.chmod(mode)
    assert (done.stdout, done.stderr) == (
        f"{path} cannot be written: it or its folder is read-only. "
        "Allow writing, or set UNROLLED_DATA to another folder.\n",
        "",
    )
    assert path.read_bytes() == before


def test_environment_names_the_folder_or_the_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """UNROLLED_DATA moves the data; an argument goes before it."""
    monkeypatch.setenv(database.VARIABLE, str(tmp_path / "mine"))
    with Store.open() as store:
        assert store.name == str(tmp_path / "mine" / "quiz.sqlite3")
    with Store.open(tmp_path / "other.sqlite3") as store:
        assert store.name == str(tmp_path / "other.sqlite3")
    monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'by-url.sqlite3'}")
    with Store.open() as store:
        assert store.name == str(tmp_path / "by-url.sqlite3")


@pytest.mark.parametrize("url", ["nosuch://host/name", "postgresql+nosuch://host/name"])
def test_unusable_url(url: str) -> None:
    """A URL no driver is there for is refused in one sentence."""
    with pytest.raises(StoreError, match="The database's URL cannot be used"):
        Store.open(url)


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The next program: one migration more, which adds a column; gives that migration's file."""
    migrations = tmp_path / "50% more" / "migrations"
    shutil.copytree(database.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    script = migrations / "versions" / "9999_note.py"
    script.write_text(NEXT.format(before=database.SCHEMA))
    monkeypatch.setattr(database, "MIGRATIONS", migrations)
    monkeypatch.setattr(database, "SCHEMA", "9999")
    return script


def columns(path: Path) -> set[str]:
    """The columns of the attempts in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(attempt)")}


def test_older_schema_is_brought_up_to_date(path: Path, later: Path) -> None:
    """A file of the version before gets the new column and keeps its attempts."""
    assert later.exists()
    assert "note" not in columns(path)
    with Store.open(path) as store:
        assert store.attempts("ada") == tuple(_attempt(number) for number in reversed(range(20)))
    assert "note" in columns(path)


def test_migration_that_fails_leaves_the_schema_before(path: Path, later: Path) -> None:
    """Half a migration is never kept, and the learner reads one plain sentence."""
    later.write_text(later.read_text() + '    op.execute("SELECT * FROM nowhere")\n')
    with pytest.raises(StoreError, match="no such table: nowhere"):
        Store.open(path)
    assert "note" not in columns(path)


def test_migrations_make_the_tables_the_code_uses(path: Path) -> None:
    """The tables of the code, the newest migration and `SCHEMA` say the same."""
    scripts = ScriptDirectory(str(database.MIGRATIONS))
    assert scripts.get_heads() == [database.SCHEMA]
    with Store.open(path) as store, store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": database.VERSION_TABLE})
        assert compare_metadata(context, tables.metadata) == []


def test_sqlite_is_set_up_for_several_threads(path: Path) -> None:
    """Readers don't wait for the writer, writers wait for each other, and what belongs to a learner goes with them."""
    with Store.open(path) as store, store._engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
    assert found == ["wal", 1, 5000, 2]


def test_a_file_is_opened_while_another_program_has_just_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is set up once the other one is done, and if that takes too long the message says so."""
    path = tmp_path / "new.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA user_version = 1")
        other.execute("BEGIN IMMEDIATE")
        engine = database._by_url(f"sqlite:///{path}")
        monkeypatch.setattr(database.time, "sleep", lambda _: other.in_transaction and other.execute("ROLLBACK"))
        database._write_ahead(engine)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        engine.dispose()
        assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(database, "BUSY_SECONDS", -1)
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            database._write_ahead(engine)
        engine.dispose()


def test_threads_that_write_stand_in_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the others take, none is told that the file is in use."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with Store.open(path) as store, ThreadPoolExecutor(8) as pool:
        assert all(pool.map(store.add, map(_attempt, range(20, 120))))


@pytest.mark.slow
def test_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Several servers started together make the schema once."""
    code = "import sys\nfrom quiz.store import Store\nwith Store.open(sys.argv[1]): print('ready')"
    started = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path / "new.sqlite3"], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [process.communicate()[0] for process in started] == ["ready\n"] * 4
