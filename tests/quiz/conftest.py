"""Where a test's store lies: on each kind of database that there is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import TEMPLATE, Cluster

from quiz.store import Store


@pytest.fixture(autouse=True)
def _no_loop() -> Iterator[None]:
    """A browser that other tests of this process hold leaves its event loop behind as the one that runs."""
    held = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(held)


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
