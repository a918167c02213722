"""Every control says what it does: help by page and setting, none left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from support import keepers

from dashboard.kit import rooms
from dashboard.kit.page_settings import HELP, PageSettings
from dashboard.kit.words import sections
from quiz.lessons import LESSONS

KEEPERS = keepers()
BESIDE_SETTINGS = {
    "inspector": {"more", "weights-of", "weights-array", "equations-of"},
    "network": {"one", "nudged", "epsilon", "steps", "inputs", "units"},
}
# Cards, a choice without a label, and a field with help of its own.
SAY_IT_THEMSELVES = {"preset", "case", "text"}
CELL = "lstm-cell"  # its settings hold the whole run's, and it draws some of them
CELLS_OWN = ("network", "hold_f", "hold_i", "hold_o", "at", "span", "only", "a", "b", "text", "H", "forget_bias")


def named(page: PageSettings[Any]) -> Iterator[str]:
    """Settings of a page that have help."""
    return (field.name for field in fields(page.base) if page.help(field.name))


@pytest.mark.parametrize("name", sorted(KEEPERS.keys() & set(LESSONS) - {CELL}))
def test_every_setting_of_a_lesson_has_help(name: str) -> None:
    """Whatever a lesson can be set to is explained where it is set."""
    page = KEEPERS[name]
    assert {field.name for field in fields(page.base)} - set(named(page)) <= SAY_IT_THEMSELVES


def test_every_control_of_the_cell_has_help() -> None:
    """Gates, words, units and vectors of the lesson on the cell."""
    assert all(KEEPERS[CELL].help(name) for name in CELLS_OWN)


@pytest.mark.parametrize("name", rooms.files(HELP))
def test_no_help_is_left_over(name: str) -> None:
    """Every text belongs to a setting of its room, or to a control beside them."""
    known = {field.name.lower().replace("_", "-") for field in fields(KEEPERS[name].base)}
    assert set(sections(name, HELP)) <= known | BESIDE_SETTINGS.get(name, set())
