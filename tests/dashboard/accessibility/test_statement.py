"""The accessibility statement rests on what there is: each test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

from dashboard.accessibility import statement

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LINE = re.compile(r"^\| [1-4]\.")
WORDS = {"supports", "partly", "does not support", "not evaluated", "not applicable"}


def test_every_test_that_is_named_exists() -> None:
    """In the file that is named beside it."""
    named = NAMED.findall(statement.text())
    assert len(named) > 15
    missing = [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert not missing


def test_every_criterion_has_a_word_and_a_reason() -> None:
    """What is met by no test and no look says that nobody has looked; what is not met is said."""
    lines = [line.split("|")[1:-1] for line in statement.text().splitlines() if LINE.match(line)]
    assert len(lines) > 35
    for _, level, word, reason in lines:
        assert set(level.replace(",", " ").split()) <= {"A", "AA"}
        assert word.strip() in WORDS
        assert bool(reason.strip()) == (word.strip() != "not evaluated")
