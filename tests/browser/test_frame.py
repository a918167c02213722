"""The frame in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

PATHS = ("/", "/inspector")


@pytest.mark.parametrize("path", PATHS)
def test_page_shows_one_title(open_page: Callable[[str], Page], path: str) -> None:
    """Every page of the navigation opens by its address and has exactly one top heading."""
    expect(open_page(path).locator("h1")).to_have_count(1)
