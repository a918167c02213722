"""Where a test's store lies: on each kind of database that there is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import BINARIES, TEMPLATE, Cluster, binaries

from quiz.store import Store


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server; without its binaries the test is skipped, except in CI, where that is a failure."""
    found = binaries()
    if found is None:
        message = f"no PostgreSQL found: looked in {BINARIES} and on the PATH"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    server = Cluster(found)
    try:
        server.create(name=TEMPLATE)
        Store.open(server.url(TEMPLATE)).close()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where to open a store that is empty and of today's schema: a file that is not yet there, or a URL."""
    if request.param == "sqlite":
        yield str(tmp_path / "quiz.sqlite3")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create(template=TEMPLATE)
    yield url
    cluster.drop(url)


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store, once in a file and once on a server."""
    with Store.open(place) as opened:
        yield opened


@pytest.fixture
def new_database(cluster: Cluster) -> Iterator[str]:
    """The URL of a database without any table."""
    url = cluster.create()
    yield url
    cluster.drop(url)
