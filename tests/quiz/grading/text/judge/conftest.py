"""A data folder of its own and a server for each test of judges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import judge_server
import pytest

from quiz.grading.text.judge.settings import KEY, MODEL, SECONDS, URL


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and no judge in the environment."""
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    for name in (URL, MODEL, KEY, SECONDS):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def fake() -> Iterator[judge_server.FakeJudge]:
    """A server that says no to everything, unless it is told otherwise."""
    with judge_server.running() as server:
        yield server
