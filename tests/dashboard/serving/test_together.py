"""Changes that the browser sends as one: what runs for them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata

from dashboard.serving import together

CLOCK, OTHER = "fragment-of-the-clock", "another-fragment"


class Session:
    """A session whose page has a field, a button, a clock in a fragment, and a field in another."""

    def __init__(self) -> None:
        self.session_state = SessionState()
        self.asked: list[str | None] = []
        places: dict[str, tuple[Any, str | None]] = {
            "field": ("string_value", None), "button": ("trigger_value", None),
            "clock": ("json_value", CLOCK), "other": ("string_value", OTHER),
        }  # fmt: skip
        for name, (kind, fragment) in places.items():
            widget = WidgetMetadata[object](name, lambda sent: sent, lambda value: value, kind, fragment_id=fragment)
            self.session_state._new_widget_state.set_widget_metadata(widget)
        for name, value in {"field": "", "other": "", "clock": {}}.items():
            self.session_state._new_widget_state.set_from_value(name, value)


def sent(fragment: str = "", *, timer: bool = False, press: bool = False, **texts: str) -> ClientState:
    """What a browser sends: the texts of its fields, perhaps a press, and which fragment it asks for."""
    found = ClientState(fragment_id=fragment, is_auto_rerun=timer)
    widgets = [WidgetState(id=name, string_value=text) for name, text in texts.items()]
    widgets += [WidgetState(id="clock", json_value="{}")]
    widgets += [WidgetState(id="button", trigger_value=True)] * press
    found.widget_states.widgets.extend(widgets)
    return found


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str | None]]:
    """A function that has one session asked for one run after another, and gives the fragments that run."""

    def asked(session: Session, client_state: ClientState | None) -> None:
        session.asked.append(None if client_state is None else client_state.fragment_id)

    def all_of(*requests: ClientState | None, session: Session | None = None) -> list[str | None]:
        session = session or Session()
        for each in requests:
            AppSession.request_rerun(session, each)  # type: ignore[arg-type]
        return session.asked

    monkeypatch.setattr(AppSession, "request_rerun", asked)
    together.run_the_page()
    return all_of


def test_a_fragment_runs_for_what_stands_in_it(ask: Callable[..., list[str | None]]) -> None:
    """The clock's word runs the clock; what was sent before, or is as the server has set it, is no change."""
    assert ask(sent(CLOCK, field="", other="")) == [CLOCK]
    assert ask(sent(field="0.5"), sent(CLOCK, field="0.5")) == ["", CLOCK]
    assert ask(sent(OTHER, other="a"), sent(OTHER, other="ab")) == [OTHER, OTHER]
    session = Session()
    session.session_state._new_widget_state.set_from_value("field", "0.7")
    assert ask(sent(CLOCK, field="0.5"), sent(CLOCK, field="0.7"), session=session)[-1] == CLOCK


@pytest.mark.parametrize("change", [{"field": "0.5"}, {"press": True}, {"other": "a"}])
def test_a_change_that_stands_elsewhere_runs_the_page(change: Any, ask: Callable[..., list[str | None]]) -> None:
    """A field left or a button pressed in the same moment as the clock speaks, on the page or in another fragment."""
    assert ask(sent(CLOCK, **change)) == [""]
    assert ask(sent(field="", other=""), sent(CLOCK, **{"field": "", "other": ""} | change)) == ["", ""]


def test_each_press_counts(ask: Callable[..., list[str | None]]) -> None:
    """A button pressed again runs the page again."""
    assert ask(sent(press=True), sent(CLOCK), sent(CLOCK, press=True)) == ["", CLOCK, ""]


def test_what_can_not_be_read_is_no_change(ask: Callable[..., list[str | None]]) -> None:
    """Nonsense from a browser stops no run: what is wrong with it is said where it is used."""

    def refuse(sent: object) -> object:
        raise IndexError(sent)

    session = Session()
    widget = WidgetMetadata[object]("field", refuse, lambda value: value, "string_value")
    session.session_state._new_widget_state.set_widget_metadata(widget)
    assert ask(sent(CLOCK, field="\0"), sent(CLOCK, field="\0", press=True), session=session) == [CLOCK, ""]


def test_a_timer_brings_no_change(ask: Callable[..., list[str | None]]) -> None:
    """What a field has new is sent for itself right after it."""
    assert ask(sent(CLOCK, timer=True, field="0.5"), sent(field="0.5")) == [CLOCK, ""]


def test_what_asks_for_the_page_passes(ask: Callable[..., list[str | None]]) -> None:
    """A run of the page, and one that the server itself asks for."""
    assert ask(None, sent(field="0.5"), None) == [None, "", None]


def test_another_streamlit_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that keeps its state by other names runs as it does by itself."""
    plain = AppSession.request_rerun
    monkeypatch.setattr(AppSession, "request_rerun", plain)
    monkeypatch.setattr(together, "SessionState", SimpleNamespace)
    together.run_the_page()
    assert AppSession.request_rerun is plain
