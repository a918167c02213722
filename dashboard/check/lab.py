"""The lab's place on the page: how it is started, and its lines as questions."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.parts import changed
from dashboard.kit.words import say

LINES = {
    "code-rnn-delta": "RNN: da",
    "code-rnn-dw-h": "RNN: dW_h",
    "code-rnn-send-back": "RNN: dh_prev",
    "code-lstm-dc": "LSTM: dc",
    "code-lstm-da-f": "LSTM: da_f",
    "code-lstm-da-g": "LSTM: da_g",
    "code-lstm-send-back": "LSTM: dc_prev",
}
"""The bank's questions that ask for a line of a backward pass, in the order of computing, by what the line sets."""

LINE = "mine.line"
PLACE = "lesson.check"


def draw() -> None:
    """Draw the two commands, and one line to fill in once it is chosen."""
    st.header("Write it yourself", anchor="lab")
    st.markdown(say("check", "lab"))
    st.code("unrolled lab new lstm\nunrolled lab check my_lstm.py", language=None)
    st.markdown(say("check", "terminal"))
    st.code("python -m core.check dump.npz", language=None)
    st.markdown(say("check", "fill"))
    st.pills("Line", list(LINES), format_func=LINES.__getitem__, key=LINE, on_change=changed(), persist_state="session")
    if chosen := st.session_state.get(LINE):
        _question(chosen)


def shows() -> object:
    """The line chosen."""
    return st.session_state.get(LINE)


def _question(name: str) -> None:
    from dashboard.kit.asking import flow, panel  # the bank and the store, loaded once they are asked for
    from dashboard.kit.asking.keep import ask

    asking = flow.recalled(PLACE)
    if asking is None or asking.question != name:
        asking = ask(name, 0, "lesson")
        flow.remember(asking, PLACE)
    asking = panel.draw(asking, place=PLACE, small=True)
    if asking.grade is not None:
        panel.outcome(asking, asking.content)
