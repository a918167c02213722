"""What every test of the dashboard has: a data folder of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that the quiz's store lies in, empty at first; the store of another test is let go."""
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    _let_go()
    yield tmp_path
    _let_go()


def _let_go() -> None:
    stores = sys.modules.get("dashboard.kit.people.stores")  # not imported here: most tests do without it
    if stores is not None:
        stores.store.clear()
