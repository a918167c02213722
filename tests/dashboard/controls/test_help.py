"""Every control says what it does: help by page and setting, none left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from dashboard.controls import INSPECTOR
from dashboard.controls.cell import KEEPER
from dashboard.controls.compare import PAGE as COMPARE
from dashboard.controls.gates import PAGE as GATES
from dashboard.controls.gradients import PAGE as GRADIENTS
from dashboard.controls.memory import PAGE as MEMORY
from dashboard.controls.network import NETWORK
from dashboard.controls.page import PageSettings
from dashboard.words import sections

INSPECTED = ("more", "weights-of", "weights-array", "equations-of")
SMALL = ("one", "nudged", "epsilon", "steps", "inputs", "units")
BESIDE_SETTINGS = {*(f"inspector-{name}" for name in INSPECTED), *(f"network-{name}" for name in SMALL)}
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


def test_no_help_is_left_over() -> None:
    """Every text belongs to a setting of its page, or to a control beside them."""
    known = set(BESIDE_SETTINGS)
    for page in (COMPARE, GATES, GRADIENTS, MEMORY, KEEPER, NETWORK, INSPECTOR):
        known |= {f"{page.page}-{field.name}".lower().replace("_", "-") for field in fields(page.base)}
    assert set(sections("help")) <= known
