"""What all parts of the store share: its engine, reading and writing on it, and errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from quiz.store import database


class Connected:
    """A part of the store, on an engine that it may share. Every method may raise `StoreError`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> sa.Engine:
        """The database itself, for other parts of the store."""
        return self._engine

    @property
    def name(self) -> str:
        """The file, or the URL without its password."""
        return database.where(self._engine)

    def schema(self) -> str:
        """The version of the database's tables, as the database itself says now."""
        with self._reading() as connection:
            return str(connection.scalar(sa.text(f"SELECT version_num FROM {database.VERSION_TABLE}")))

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._explained(), database.writing(self._engine) as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            explained = database.explain(error, self._engine)
            # What a server says of an error holds the row, with what the learner wrote: that goes into no log.
            raise explained from (error if self._engine.dialect.name == "sqlite" else None)
