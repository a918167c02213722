"""The server's start: what it asks of its sockets, and what it tells each run."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from dashboard import server


def test_what_is_sent_does_not_wait_for_the_visitor() -> None:
    """A connection to the server's socket sends small pieces at once, though asyncio alone would not ask for it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def origins() -> Iterator[list[str]]:
    """Streamlit's list of hosts that may steer a page, put back afterwards."""
    found = list(config.get_option(server.ORIGINS))
    yield found
    config.set_option(server.ORIGINS, found, "<default>")


def test_no_page_steers_the_one_that_stands_in_it(origins: list[str]) -> None:
    """Of Streamlit's own hosts none may; those that somebody has set may."""
    assert origins
    server.steered_by_nobody()
    assert config.get_option(server.ORIGINS) == []
    config.set_option(server.ORIGINS, ["https://school.example.org"])
    server.steered_by_nobody()
    assert config.get_option(server.ORIGINS) == ["https://school.example.org"]


def theme() -> CustomThemeConfig:
    """What Streamlit tells the page of its theme when a run begins."""
    found = CustomThemeConfig()
    tell = getattr(app_session, server.THEME)
    tell(found)
    for part, section in ((found.light, "light"), (found.dark, "dark"), (found.sidebar, "sidebar")):
        tell(part, f"theme.{section}")
    for part, section in ((found.light.sidebar, "light"), (found.dark.sidebar, "dark")):
        tell(part, f"theme.{section}.sidebar")
    return found


def test_the_theme_is_told_as_streamlit_tells_it_and_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run gets the whole theme of the config; its options are gone through for the first one alone."""
    monkeypatch.setattr(app_session, server.THEME, getattr(app_session, server.THEME))  # put back afterwards
    expected = theme()
    assert expected.dark.sidebar.background_color
    assert not expected.HasField("sidebar")  # there are no options for both modes
    server.themed_once()
    assert theme() == expected
    monkeypatch.setattr(config, "get_options_for_section", None)
    assert theme() == expected


def test_a_theme_that_is_worked_on_is_told_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files are watched a changed theme reaches the page."""
    told = getattr(app_session, server.THEME)
    monkeypatch.setattr(config, "get_option", lambda _: "auto")
    server.themed_once()
    assert getattr(app_session, server.THEME) is told
