"""The sample app, and its figure in a real Chromium."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect
from windows import Window

APP = Path(__file__).with_name("sample_app.py")


@pytest.fixture(scope="session")
def sample_url(start_server: Callable[..., Any]) -> str:
    """Address of the sample app, started from an empty working directory."""
    return str(start_server([sys.executable, "-m", "streamlit", "run", str(APP)]).url)


@pytest.fixture
def open_figure(windows: Callable[[bool], Window], sample_url: str) -> Iterator[Callable[..., Locator]]:
    """A function that opens the sample app and returns its figure; what the browser complains of fails the test."""
    window = windows(False)

    def visit(query: str = "", *, policy: str | None = None, **options: Any) -> Locator:
        page = window.page(sample_url, **options)
        if policy is not None:
            page.route(f"{sample_url}/?*", lambda route: _with_policy(route, policy))
        page.goto(f"{sample_url}/?{query}")
        figure = page.locator(".figure")
        expect(figure.locator(".chart-view svg").or_(page.get_by_test_id("stException")).first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        return figure

    with window.watched():
        yield visit


def _with_policy(route: Route, policy: str) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})
