"""What a server's pages say of its database: who learns at a hosted one reads no path of its files."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import page_at


@pytest.mark.parametrize("hosted", ["0", "1"])
def test_a_path_is_for_its_owner_alone(monkeypatch: pytest.MonkeyPatch, data_folder: Path, hosted: str) -> None:
    """On every page that would read the database; on one's own machine it says which file to mend."""
    monkeypatch.setenv("UNROLLED_HOSTED", hosted)
    (data_folder / "quiz.sqlite3").write_bytes(b"nothing of ours")
    for path in ("quiz", "progress", "join", "assignment"):
        page = page_at(path, mode="practice", code="TIDE-OTTER-0000")
        page.user = {"is_logged_in": True, "iss": "https://x.org", "sub": "ada"}
        page.run()
        said = " ".join(each.value for part in (page.error, page.warning, page.markdown) for each in part)
        if hosted == "1":
            assert str(data_folder) not in said
            assert "quiz.sqlite3" not in said
            assert path not in ("quiz", "progress", "join") or "tell who runs this server" in said
        elif path in ("quiz", "progress"):
            assert "quiz.sqlite3" in said.replace("\\", "")
