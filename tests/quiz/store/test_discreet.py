"""What a store says to learners at a server of others names no file and no address; the log has it all."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from quiz.errors import StoreError
from quiz.store import Store, rows


def newer(file: Path) -> None:
    """A database of a later edition."""
    Store.open(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE unrolled_schema SET version_num = '9999'")
    connection.close()


SPOILT: dict[str, Callable[[Path], object]] = {
    "not a database": lambda file: file.write_bytes(b"nothing of ours"),
    "a folder": Path.mkdir,
    "newer": newer,
    "damaged": lambda file: file.write_bytes(b"SQLite format 3\0" + b"x" * 5000),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_what_cannot_be_opened(tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    """The learner is told whom to tell, and the log names the file with its mend."""
    file = tmp_path / "quiz.sqlite3"
    SPOILT[kind](file)
    with pytest.raises(StoreError) as plain:
        Store.open(file)
    assert str(file) in str(plain.value)
    with caplog.at_level(logging.ERROR), pytest.raises(StoreError) as told:
        Store.open(file, discreet=True)
    assert str(tmp_path) not in str(told.value)
    assert file.name not in str(told.value)
    assert "tell who runs this server" in str(told.value)
    assert told.value.__cause__ is None
    assert str(plain.value) in caplog.text


@pytest.mark.parametrize(
    ("said", "told"),
    [("database is locked", "is in use by another program"), ("disk I/O error", "tell who runs this server"),
     ("attempt to write a readonly database", "tell who runs this server"), ("odd", "tell who runs this server")],
)  # fmt: skip
def test_what_fails_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    """Likewise while it is read and written."""

    def refused(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT 1", None, sqlite3.OperationalError(said))

    with Store.open(tmp_path / "quiz.sqlite3", discreet=True) as store:
        store.save_interview("ada", {"x": 1})
        monkeypatch.setattr(rows, "interview", refused)
        with pytest.raises(StoreError) as problem:
            store.interview("ada")
    assert str(problem.value).startswith("The database ")
    assert told in str(problem.value)
    assert str(tmp_path) not in str(problem.value)
    assert str(tmp_path) in caplog.text


def test_an_address_is_not_told_either(caplog: pytest.LogCaptureFixture) -> None:
    """A server that is not there: neither its host nor its name."""
    with pytest.raises(StoreError) as told:
        Store.open("postgresql+psycopg://ada:secret@127.0.0.1:1/unrolled-of-ada", discreet=True)
    for word in ("127.0.0.1", "unrolled-of-ada", "secret"):
        assert word not in str(told.value)
    assert "unrolled-of-ada" in caplog.text
    assert "secret" not in caplog.text
