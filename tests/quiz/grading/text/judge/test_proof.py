"""Who may speak: figures kept by model, the rule, and what silences a judge again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from judge_server import MODEL, proved

from quiz.grading.text.judge import proof
from quiz.grading.text.judge.settings import Judge, JudgeError

JUDGE = Judge("http://127.0.0.1/v1/chat/completions", MODEL)


def test_figures_are_kept_by_model(data: Path) -> None:
    """Each model has its own beside the database; another model or folder has none."""
    kept = proved()
    assert proof.proved(JUDGE) == kept
    assert proof.proved(Judge(JUDGE.url, "another")) is None
    other = proved("another", right=0)
    assert proof.read() == {MODEL: kept, "another": other}
    assert [path.name for path in data.iterdir()] == [proof.FILE]


def test_database_elsewhere_leaves_figures_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where UNROLLED_DATA names a server, the file lies in the user's own data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("UNROLLED_DATA", "postgresql+psycopg://server/db")
    assert proof.read() == {}
    proved()
    assert (tmp_path / "share" / "unrolled" / proof.FILE).is_file()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"right": 500, "decided": 683}, "accuracy of decided 0.73, at least 0.80: not met"),
        ({"kappa": 0.74}, "weighted κ 0.74, at least 0.75: not met"),
        ({"kappa": float("nan")}, "weighted κ nan, at least 0.75: not met"),
        ({"wrong_called_correct": 11}, "wrong called correct 0.06, at most 0.05: not met"),
        ({"correct_called_wrong": 11}, "correct called wrong 0.06, at most 0.05: not met"),
        ({"decided": 505, "right": 500}, "undecided 0.26, at most 0.25: not met"),
        ({"prompt": "old"}, "it was measured with other questions to it"),
        ({"answers": "old"}, "it was measured on other answers"),
        ({"count": 682, "decided": 682}, "it was measured on 682 of 683 answers"),
        ({"count": 0, "decided": 0, "right": 0}, "it was measured on 0 of 683 answers"),
    ],
)
def test_rule_silences(changed: dict[str, Any], words: str) -> None:
    """Each bound alone keeps a judge silent, and so does any change of what was measured; the reason is told."""
    found = proved(**changed)
    assert words in proof.objections(found)
    assert proof.proved(JUDGE) is None


def test_rule_lets_speak_at_its_bounds() -> None:
    """Exactly what is demanded is enough; a judge that was never measured is told so."""
    found = proved(count=700, decided=525, right=420, kappa=0.75, wrong_called_correct=10, correct_called_wrong=10)
    assert proof.objections(found) == ()
    assert proof.objections(None) == ("it was not measured here",)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"fake-1": {"kappa": 1}}', b" " * (2 << 20)])
def test_damaged_file_silences_and_is_left(content: bytes, data: Path) -> None:
    """Figures that can't be read let nobody speak; nothing is written over them."""
    path = data / proof.FILE
    path.write_bytes(content)
    assert proof.proved(JUDGE) is None
    with pytest.raises(JudgeError, match=r"is damaged\. Move it away, and measure again"):
        proved()
    assert path.read_bytes() == content


def test_folder_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file and why."""
    monkeypatch.setenv("UNROLLED_DATA", "/dev/null/nowhere")
    assert proof.proved(JUDGE) is None
    with pytest.raises(JudgeError, match=r"/dev/null/nowhere/judges\.json can't be"):
        proved()


def test_file_is_for_people_too(data: Path) -> None:
    """It is JSON with the figures by their names."""
    proved("模型")
    table = json.loads((data / proof.FILE).read_text(encoding="utf-8"))
    assert table["模型"]["kappa"] == 0.9
