"""Every control says what it does: help by page and setting, none left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from dashboard.inspector.controls import INSPECTOR
from dashboard.kit import rooms
from dashboard.kit.network.controls import NETWORK
from dashboard.kit.page_settings import HELP, PageSettings
from dashboard.kit.words import sections
from dashboard.lessons.compare.controls import PAGE as COMPARE
from dashboard.lessons.gates.controls import PAGE as GATES
from dashboard.lessons.gradients.controls import PAGE as GRADIENTS
from dashboard.lessons.lstm_cell.controls import KEEPER
from dashboard.lessons.memory.controls import PAGE as MEMORY

BESIDE_SETTINGS = {
    "inspector": {"more", "weights-of", "weights-array", "equations-of"},
    "network": {"one", "nudged", "epsilon", "steps", "inputs", "units"},
}
# Cards, a choice without a label, and a field with help of its own.
SAY_IT_THEMSELVES = {"preset", "case", "text"}
OWN = ("hold_f", "hold_i", "hold_o", "at", "span", "only", "a", "b", "text", "H", "forget_bias")


def named(page: PageSettings[Any]) -> Iterator[str]:
    """Settings of a page that have help."""
    return (field.name for field in fields(page.base) if page.help(field.name))


@pytest.mark.parametrize("page", [COMPARE, GATES, GRADIENTS, MEMORY], ids=lambda page: page.page)
def test_every_setting_of_a_lesson_has_help(page: PageSettings[Any]) -> None:
    """Whatever a lesson can be set to is explained where it is set."""
    assert {field.name for field in fields(page.base)} - set(named(page)) <= SAY_IT_THEMSELVES


def test_every_control_of_the_cell_has_help() -> None:
    """Gates, words, units and vectors of the lesson on the cell."""
    assert all(KEEPER.help(name) for name in OWN)


@pytest.mark.parametrize("page", [COMPARE, GATES, GRADIENTS, MEMORY, KEEPER, NETWORK, INSPECTOR], ids=lambda p: p.page)
def test_no_help_is_left_over(page: PageSettings[Any]) -> None:
    """Every text belongs to a setting of its room, or to a control beside them."""
    known = {field.name.lower().replace("_", "-") for field in fields(page.base)}
    assert set(sections(page.page, HELP)) <= known | BESIDE_SETTINGS.get(page.page, set())


def test_every_room_with_help_is_looked_at() -> None:
    """No file of help stands where no control reads it."""
    assert set(rooms.files(HELP)) == {p.page for p in (COMPARE, GATES, GRADIENTS, MEMORY, KEEPER, NETWORK, INSPECTOR)}
