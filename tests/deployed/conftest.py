"""The whole deployment, started natively from the files in deploy/."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from native import PARTS, Deployment, NativeError, postgresql_binaries

from quiz.store import Store


def missing() -> str:
    """What this machine lacks to start it; "" for nothing."""
    if shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
        return "no nginx found"
    try:
        postgresql_binaries()
    except NativeError as problem:
        return str(problem)
    return ""


def needs_programs() -> None:
    """Skip the test where a program is missing, except in CI, where that is a failure."""
    if lacks := missing():
        pytest.fail(lacks) if os.environ.get("CI") else pytest.skip(lacks)


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """All parts but the cluster's, which only the tests of restarts need."""
    needs_programs()
    with Deployment(parts=tuple(part for part in PARTS if not part.startswith(("scheduler", "worker")))) as started:
        yield started


@pytest.fixture(scope="module")
def everything() -> Iterator[Deployment]:
    """All parts."""
    needs_programs()
    with Deployment() as started:
        yield started


@pytest.fixture
def kept_by(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The store behind the deployment that the test uses."""
    name = "everything" if "everything" in request.fixturenames else "deployment"
    with Store.open(request.getfixturevalue(name).database) as store:
        yield store
