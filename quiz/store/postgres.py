"""All that is PostgreSQL's own: how it is connected to, that one program changes the schema, what its errors mean.

The messages are for learners and name no host. What an operator needs, the code and the first line of what the server
said, goes to the log; values that learners gave do not.
"""

from __future__ import annotations

import json
import logging
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from quiz.errors import AwayError, ConflictError, StoreError
from quiz.store.tables import Spoilt

DRIVER = "postgresql+psycopg"
SHORT = frozenset({"postgres", "postgresql"})  # how others write the URL
NAME = "The database"
KEPT, MORE = 5, 15  # connections of a process that stay open, and as many again while many learners answer at once
CONNECT_SECONDS = 5
LOCK_SECONDS = 5
STATEMENT_SECONDS = 30
MIGRATION_SECONDS = 300
MIGRATING = 0x756E726F6C6C6564  # "unrolled": the lock under which the schema is changed
_PATIENCE = MappingProxyType(
    {"connect_timeout": CONNECT_SECONDS, "keepalives_idle": 30, "keepalives_interval": 5, "tcp_user_timeout": 15_000}
)

_CROSSED = "was changed by another window at the same moment. Nothing was saved; try again."
_REACHED = "cannot be reached just now. Nothing was saved; try again in a moment."
_BY_STATE = MappingProxyType(
    {
        "53300": (AwayError, "has no connection free. Nothing was saved; try again in a moment."),
        "53100": (StoreError, "has no room left on its disk. Nothing was saved; tell who runs this server."),
        "53200": (AwayError, "has no memory free. Nothing was saved; try again in a moment."),
        "25006": (StoreError, "can only be read at the moment. Nothing was saved; tell who runs this server."),
        "40001": (ConflictError, _CROSSED),
        "40P01": (ConflictError, _CROSSED),
        "23503": (ConflictError, _CROSSED),  # what a row refers to was deleted meanwhile
        "23505": (ConflictError, _CROSSED),  # another one made the same row first
        "55P03": (StoreError, "is busy with another change. Nothing was saved; try again in a moment."),
        "57014": (StoreError, "took too long. Nothing was saved; try again in a moment."),
        "42501": (StoreError, "does not let this program write. Nothing was saved; tell who runs this server."),
    }
)
_BY_CLASS = MappingProxyType({"08": (AwayError, _REACHED), "57": (AwayError, _REACHED)})
_BY_WORDS = (  # refused while connecting, where the driver gives no code
    ("password authentication failed", StoreError, "refuses the name or the password in its URL. Mend the URL."),
    ("no pg_hba.conf entry", StoreError, "does not let this machine in. Mend its pg_hba.conf or the URL."),
    ("no password supplied", StoreError, "wants a password. Put it into the URL."),
    (
        "does not exist",
        StoreError,
        "named by the URL does not exist, or its user does not. Create it, or mend the URL.",
    ),
    ("too many clients", *_BY_STATE["53300"]),
    ("too many connections", *_BY_STATE["53300"]),
    ("remaining connection slots", *_BY_STATE["53300"]),
)

log = logging.getLogger(__name__)


def open_engine(url: sa.URL) -> sa.Engine:
    """An engine for a server; nothing is asked of it yet.

    A connection that the server closed meanwhile is found before it is used, and replaced. No wait is without an end.
    Errors carry no values, so that no learner's text reaches a log.
    """
    patience = {name: value for name, value in _PATIENCE.items() if name not in url.query}
    engine = sa.create_engine(
        url.set(drivername=DRIVER) if url.drivername in SHORT else url,
        connect_args=patience,
        pool_size=KEPT,
        max_overflow=MORE,
        pool_timeout=CONNECT_SECONDS,
        pool_pre_ping=True,
        json_deserializer=_read,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _connected)
    return engine


def _read(text: str | bytes) -> Any:
    """JSON values; one that is nested too deep spoils itself, not the reading of all."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return Spoilt()


def _connected(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET lock_timeout = '{LOCK_SECONDS}s'; SET statement_timeout = '{STATEMENT_SECONDS}s'; "
            f"SET idle_in_transaction_session_timeout = '{STATEMENT_SECONDS}s'; SET timezone = 'UTC'"
        )
    connection.commit()


def alone(connection: sa.Connection) -> None:
    """Wait until no other program changes the schema, and keep the others waiting until this transaction ends."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{MIGRATION_SECONDS}s'")
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):  # a large table takes its time
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")


def explain(error: sa.exc.SQLAlchemyError, name: str = NAME) -> StoreError:
    """What a server's error means to the learner.

    Args:
        error: As SQLAlchemy raised it.
        name: What the message calls the database.

    Returns:
        `AwayError` where the server can't be reached, `ConflictError` where the same may be tried again at once.
    """
    kind, said = _meant(error)
    return kind(f"{name} {said}")


def _meant(error: sa.exc.SQLAlchemyError) -> tuple[type[StoreError], str]:
    if isinstance(error, sa.exc.TimeoutError):  # every connection of this process is in use
        return _BY_STATE["53300"]
    original = getattr(error, "orig", None)
    state = getattr(original, "sqlstate", None) or ""
    first = (str(original).splitlines() or [""])[0] if original else type(error).__name__
    primary = getattr(getattr(original, "diag", None), "message_primary", None) or first
    log.warning("The database's server refused (%s): %s", state or "no code", primary[:200])
    if found := _BY_STATE.get(state) or _BY_CLASS.get(state[:2]):
        return found
    if state:
        return StoreError, f"refused (code {state}). Nothing was saved."
    for words, kind, meaning in _BY_WORDS:
        if words in str(original):
            return kind, meaning
    if original is None:
        return StoreError, f"refused ({type(error).__name__}). Nothing was saved."
    return AwayError, _REACHED
