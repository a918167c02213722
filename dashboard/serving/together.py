"""Changes that come together run the page, if they do not all stand in one fragment.

The browser sends what changes within a moment as one, and as a change of the first fragment that one of them stood in
(`scheduleFlush` in Streamlit's `WidgetStateManager.ts`); nothing else is run. A field that is left or a button that is
pressed at the moment when the interview's clock says something would never be read.
"""

from __future__ import annotations

from functools import wraps
from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata, user_key_from_element_id
from streamlit.runtime.state.session_state import WStates

PRESSES = ("trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value")  # sent when pressed only


def run_the_page() -> None:
    """Have every session run its page for changes that did not all stand in the fragment that they are sent for."""
    if not (hasattr(SessionState, "_getitem") and hasattr(SessionState(), "_new_widget_state")):
        return  # another Streamlit than the one that this is written for
    asked, last = AppSession.request_rerun, WeakKeyDictionary[AppSession, WidgetStates]()

    @wraps(asked)
    def ask(session: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None and not client_state.is_auto_rerun:  # a timer's comes with no change
            if client_state.fragment_id and _elsewhere(session.session_state, client_state, last.get(session)):
                client_state.fragment_id = ""
            last[session] = client_state.widget_states
        asked(session, client_state)

    setattr(AppSession, "request_rerun", ask)  # noqa: B010 - mypy lets no method be set


def _elsewhere(state: SessionState, now: ClientState, last: WidgetStates | None) -> bool:
    """Whether a widget out of the fragment was pressed, or has another value than was sent last and than is known."""
    before = {each.id: each for each in last.widgets} if last is not None else {}
    for each in now.widget_states.widgets:
        widget = state._new_widget_state.widget_metadata.get(each.id)
        if widget is None or widget.fragment_id == now.fragment_id or before.get(each.id) == each:
            continue
        known = _value(state, each.id)
        if each.WhichOneof("value") in PRESSES or _read(widget, each, known) != known:
            return True
    return False


def _read(widget: WidgetMetadata[object], sent: WidgetState, otherwise: object) -> object:
    """The value that was sent, or another if it can't be read: what is wrong with it is said where it is used."""
    read = WStates(widget_metadata={widget.id: widget})
    read.set_widget_from_proto(sent)
    try:
        return read[widget.id]
    except Exception:  # each kind of widget reads its own, and fails in its own way
        return otherwise


def _value(state: SessionState, widget: str) -> object:
    try:
        return state._getitem(widget, user_key_from_element_id(widget))
    except KeyError:
        return None
