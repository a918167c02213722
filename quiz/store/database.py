"""Opening the store's database: where it lies, whether it is sound, which schema it has.

All that is SQLite's own is here, and PostgreSQL's in `quiz.store.postgres`. Nothing is written before the file has been
found whole, writable, ours and not newer than this program.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import sqlalchemy as sa

from quiz.errors import AwayError, StoreError
from quiz.store import postgres, tables

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

FILE = "quiz.sqlite3"
VARIABLE = "UNROLLED_DATA"
SCHEMA = "0008"  # the newest migration
VERSION_TABLE = "unrolled_schema"
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 5
IN_MEMORY = "The memory of this visit"
MEMORY = 32 << 20  # bytes at most of a database in memory
PAGE = 4096  # bytes of a page of SQLite's
_MAGIC = b"SQLite format 3\0"
IN_USE = "is in use by another program. Nothing was saved; try again in a moment."
_URL = "Expected postgresql://user:password@host/name."
_ELSEWHERE = f"or set {VARIABLE} to another folder"

log = logging.getLogger(__name__)


def open_engine(path_or_url: str | Path | None = None, *, discreet: bool = False) -> sa.Engine:
    """A database that is ready: checked, and brought to the newest schema.

    Args:
        path_or_url: A file, or a database's URL such as ``postgresql+psycopg://…``. None: the folder or URL in the
            environment variable UNROLLED_DATA, otherwise the user's data folder.
        discreet: Whether others than who runs it read its messages: then they name no file and no address, and the
            log does.

    Raises:
        StoreError: The file is damaged, not ours, of a newer schema, or cannot be written; it is left as it was.
    """
    if not discreet:
        return _opened(path_or_url)
    try:
        engine = _opened(path_or_url)
    except StoreError as problem:
        raise _discreetly(problem) from None
    engine.update_execution_options(discreet=True)
    return engine


def _opened(path_or_url: str | Path | None) -> sa.Engine:
    place = path_or_url if path_or_url is not None else _usual()
    if isinstance(place, str) and "://" in place:
        engine = _by_url(place)
    else:
        engine = _by_file(Path(place), parents=path_or_url is None and not os.environ.get(VARIABLE))
    try:
        with engine.connect() as connection:
            older = _version(connection, where(engine)) != SCHEMA
        if older:
            import alembic.command  # noqa: F401 - slow: not while others wait for us to have written
        with writing(engine) as connection:
            _upgrade(connection, where(engine))
        if engine.dialect.name == "sqlite":
            _write_ahead(engine)
    except sa.exc.SQLAlchemyError as error:
        engine.dispose()
        raise explain(error, engine, where(engine)) from error
    except StoreError:
        engine.dispose()
        raise
    return engine


def _write_ahead(engine: sa.Engine) -> None:
    """Have readers and the writer not wait for each other; kept in the file, and set once it is known to be ours.

    For this one statement SQLite itself does not wait until another program, which has just made the file, is done.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            with engine.execution_options(begin="").connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            return
        except sa.exc.OperationalError:
            if time.monotonic() > until:
                raise
        time.sleep(0.01)


def exists() -> bool:
    """Whether the usual database may hold something: a server's, or a file that is there."""
    place = _usual()
    return isinstance(place, str) or place.exists()


def folder() -> Path:
    """Where files of the learner's lie beside the usual database; for a server's, the user's data folder."""
    place = _usual()
    return platformdirs.user_data_path("unrolled", appauthor=False) if isinstance(place, str) else place.parent


def memory_engine() -> sa.Engine:
    """A new, empty database in memory with the newest schema; it ends with the engine."""
    engine = sa.create_engine(
        "sqlite://",
        connect_args={"check_same_thread": False},
        hide_parameters=True,
        poolclass=sa.QueuePool,  # of one connection, which is the database: transactions wait for each other
        pool_size=1,
        max_overflow=0,
    )
    sa.event.listen(engine, "connect", _connected)
    sa.event.listen(engine, "begin", _begun)
    with writing(engine) as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {MEMORY // PAGE}")
        tables.metadata.create_all(connection)
    return engine


def where(engine: sa.Engine) -> str:
    """The file, or the URL without its password: the name of the database."""
    url = engine.url
    if url.get_backend_name() == "sqlite" and not url.database:
        return IN_MEMORY
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(query={}).render_as_string(hide_password=True)  # a query may hold a password, too


def called(engine: sa.Engine) -> str:
    """What messages to learners call the database: a server's address is not for them."""
    return where(engine) if engine.dialect.name == "sqlite" else postgres.NAME


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that may write.

    Between programs SQLite lets writers look every now and then whether it is their turn, so that some may wait for
    ever; the threads of this one stand in line.
    """
    with _in_line(engine), engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


def _in_line(engine: sa.Engine) -> AbstractContextManager[object]:
    return engine.get_execution_options().get("line") or nullcontext()


def explain(error: sa.exc.SQLAlchemyError, engine: sa.Engine, name: str = "") -> StoreError:
    """What a database's error means to the learner.

    Args:
        error: As SQLAlchemy raised it.
        engine: Of the database.
        name: What the message calls it; "" for the name that is for learners.
    """
    name = name or called(engine)
    if engine.dialect.name == "postgresql":
        return postgres.explain(error, name)
    found = _of_file(error, name)
    return _discreetly(found) if engine.get_execution_options().get("discreet") else found


def _discreetly(problem: StoreError) -> StoreError:
    """The same for others than who runs it, who finds all of it in the log."""
    log.error("%s", problem)
    if isinstance(problem, AwayError):
        return AwayError(f"{postgres.NAME} cannot be reached just now. Nothing was saved; try again in a moment.")
    if str(problem).endswith(IN_USE):
        return StoreError(f"{postgres.NAME} {IN_USE}")
    return StoreError(f"{postgres.NAME} cannot be used just now. Nothing was saved; tell who runs this server.")


def _of_file(error: sa.exc.SQLAlchemyError, name: str) -> StoreError:
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    low = said.lower()
    if "locked" in low or "busy" in low:
        return StoreError(f"{name} {IN_USE}")
    if "readonly" in low or "read-only" in low or "permission denied" in low:
        return _read_only(name)
    if "malformed" in low or "not a database" in low or "disk i/o" in low:
        return _damaged(name, said)
    if "disk is full" in low:
        if name == IN_MEMORY:
            return StoreError(f"More than {MEMORY >> 20} MB cannot be kept for one visit. Nothing was saved.")
        return StoreError(f"The disk of {name} is full. Nothing was saved; free some space and try again.")
    if "unable to open" in low:
        return StoreError(f"{name} cannot be opened. Check that its folder exists and may be written, {_ELSEWHERE}.")
    return StoreError(f"{name}: the database refused ({said[:200]}). Nothing was saved.")


def _usual() -> str | Path:
    chosen = os.environ.get(VARIABLE, "")
    if "://" in chosen:
        return chosen
    folder = Path(chosen).expanduser() if chosen else platformdirs.user_data_path("unrolled", appauthor=False)
    return folder / FILE


def _by_url(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _by_file(Path(parsed.database or ""), parents=False)
        return postgres.open_engine(parsed)
    except ModuleNotFoundError as error:
        mend = "Install Unrolled with its extra for it: unrolled[hosted]" if error.name == "psycopg" else _URL
        raise StoreError(f"The database's URL cannot be used: {error}. {mend}") from error
    except (sa.exc.ArgumentError, ImportError) as error:
        raise StoreError(f"The database's URL cannot be used: {error}. {_URL}") from error


def _by_file(path: Path, *, parents: bool) -> sa.Engine:
    path = path.absolute()
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder; a file is expected. Name a file in it, such as {path / FILE}.")
        if not path.parent.is_dir():
            path.parent.mkdir(parents=parents, exist_ok=True)
        if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
            raise _read_only(str(path))
        if path.exists() and path.stat().st_size:
            _check(path)
    except FileNotFoundError as error:
        message = f"{path} cannot be made: the folder {path.parent.parent} does not exist. Make it, {_ELSEWHERE}."
        raise StoreError(message) from error
    except PermissionError as error:
        raise _read_only(str(path)) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be used: {error.strerror}. Mend that, {_ELSEWHERE}.") from error
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # what learners wrote is no part of an error, and so of no log
        execution_options={"line": threading.Lock()},
    )
    sa.event.listen(engine, "connect", _connected)
    sa.event.listen(engine, "begin", _begun)
    return engine


def _check(path: Path) -> None:
    """Read a SQLite file through a connection that cannot write, and refuse it if anything is wrong."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise StoreError(f"{path} is not a database of Unrolled. Move it away, {_ELSEWHERE}.")
    url = sa.URL.create("sqlite", database=f"{path.as_uri()}", query={"mode": "ro", "uri": "true"})
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": BUSY_SECONDS})
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            _version(connection, str(path))
    except sa.exc.SQLAlchemyError as error:
        raise _of_file(error, str(path)) from error
    if found != "ok":
        raise _damaged(str(path), str(found))


def _connected(connection: sqlite3.Connection, _record: object) -> None:
    # sqlite3 would begin transactions late and commit around schema changes; `_begun` begins them instead.
    connection.isolation_level = None
    connection.text_factory = _text
    connection.execute("PRAGMA foreign_keys = ON")


def _text(raw: bytes) -> str:
    """Text that is not UTF-8 spoils one value, not the reading of all."""
    return raw.decode("utf-8", "replace")


def _begun(connection: sa.Connection) -> None:
    # A writer takes the lock at once: one that read first and wrote later could be refused without waiting.
    if begin := connection.get_execution_options().get("begin", "BEGIN"):
        connection.exec_driver_sql(begin)


def _version(connection: sa.Connection, name: str) -> str | None:
    """The schema's version, None in an empty database; refuses what this program cannot read."""
    tables = sa.inspect(connection).get_table_names()
    if not tables:
        return None
    if VERSION_TABLE not in tables:
        raise StoreError(f"{name} belongs to another program: it has tables, but none of Unrolled. Name another one.")
    version = connection.scalar(sa.text(f"SELECT version_num FROM {VERSION_TABLE}"))
    if version != SCHEMA and version not in {script.revision for script in _scripts().walk_revisions()}:
        raise StoreError(
            f"{name} was written by a newer version of Unrolled (schema {version}; this one knows {SCHEMA}). "
            f"Update Unrolled, {_ELSEWHERE}."
        )
    return str(version)


def _upgrade(connection: sa.Connection, name: str) -> None:
    """Bring the schema to `SCHEMA`, in the caller's transaction."""
    if _version(connection, name) == SCHEMA:
        return
    if connection.dialect.name == "postgresql":  # SQLite's writers wait for each other anyhow
        postgres.alone(connection)
        if _version(connection, name) == SCHEMA:  # brought there by another server meanwhile
            return
    from alembic import command  # seldom needed
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS))


def _damaged(name: str, said: str) -> StoreError:
    return StoreError(
        f"{name} is damaged ({said[:200]}). It was left as it is: put a backup in its place, "
        f"or move it away and start anew, {_ELSEWHERE}."
    )


def _read_only(name: str) -> StoreError:
    return StoreError(f"{name} cannot be written: it or its folder is read-only. Allow writing, {_ELSEWHERE}.")
