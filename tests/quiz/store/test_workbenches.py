"""Workbenches are opened by their link alone, for a stated time, within limits, and go with the learner."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from quiz.classes.people import Person
from quiz.errors import StoreError
from quiz.store import Store, tables, workbenches
from quiz.store.workbenches import LARGEST, LIFE_DAYS, MOST, Workbenches

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADA = Person("user-ada")
SECRETLY = b"PK\x03\x04 weights \x00\xff"


@pytest.fixture
def kept(store: Store) -> Workbenches:
    """Nothing kept yet, in a file and on a server."""
    return Workbenches(store.engine)


def test_a_link_opens_until_its_end(kept: Workbenches) -> None:
    """Byte for byte until the last moment of its stated life, and nothing afterwards."""
    secret = kept.keep(ADA, SECRETLY, NOW)
    end = NOW + timedelta(days=LIFE_DAYS)
    assert kept.open(secret, end - timedelta(seconds=1)) == SECRETLY
    assert kept.open(secret, end) is None
    assert (kept.count(ADA, NOW), kept.count(ADA, end), kept.count(Person("user-eve"), NOW)) == (1, 0, 0)


def test_only_the_hash_of_a_long_secret_is_kept(store: Store, kept: Workbenches) -> None:
    """128 bits of chance; the table has nothing from which the link could be made; no other text opens anything."""
    found = {kept.keep(ADA, SECRETLY, NOW) for _ in range(3)}
    assert len(found) == 3
    assert {len(base64.urlsafe_b64decode(secret + "==")) for secret in found} == {16}
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(tables.workbench.c.digest)).scalars().all()
    assert not found & set(rows)
    for wrong in ("", "a" * 22, rows[0], next(iter(found)) + "x", "ä" * 22, None):
        assert kept.open(wrong, NOW) is None  # type: ignore[arg-type]


def test_limits_are_told(kept: Workbenches) -> None:
    """Too large a one, and one more than a learner may have, are refused; what is over makes room."""
    with pytest.raises(StoreError, match=r"1\.0 MB; a link keeps at most 1 MB"):
        kept.keep(ADA, b"x" * (LARGEST + 1), NOW)
    secret, *_ = [kept.keep(ADA, SECRETLY, NOW) for _ in range(MOST)]
    with pytest.raises(StoreError, match=f"You have {MOST} links"):
        kept.keep(ADA, SECRETLY, NOW)
    kept.keep(Person("user-eve"), b"x" * LARGEST, NOW)
    later = NOW + timedelta(days=LIFE_DAYS)
    kept.keep(ADA, SECRETLY, later)
    assert kept.count(ADA, later) == 1
    kept.end(ADA)
    assert kept.open(secret, NOW) is None
    assert kept.count(Person("user-eve"), NOW) == 1


def test_it_goes_with_the_learner(store: Store, kept: Workbenches) -> None:
    """Erasing the learner ends the link; a guest's link is the learner's once they are known; export has it whole."""
    erased, moved = kept.keep(ADA, SECRETLY, NOW), kept.keep(Person("by-code-1"), SECRETLY, NOW)
    store.delete(ADA.learner)
    assert kept.open(erased, NOW) is None
    store.merge("by-code-1", "user-eve")
    assert kept.open(moved, NOW) == SECRETLY
    assert kept.count(Person("user-eve"), NOW) == 1
    (line,) = store.export("user-eve")
    assert base64.b64decode(json.loads(line)["workbench"]["content"]) == SECRETLY
    report = store.import_("user-bob", [line])
    assert (report.added, report.problems, kept.count(Person("user-bob"), NOW)) == (0, (), 0)


def test_what_is_over_is_removed(store: Store, kept: Workbenches) -> None:
    """The daily cleaning takes the bytes of links past their end, and leaves the others."""
    kept.keep(ADA, SECRETLY, NOW)
    later = kept.keep(ADA, SECRETLY, NOW + timedelta(days=1))
    store.clean(NOW + timedelta(days=LIFE_DAYS))
    with store.engine.connect() as connection:
        assert connection.execute(sa.select(tables.workbench.c.digest)).scalars().all() == [workbenches.digest(later)]
