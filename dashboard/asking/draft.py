"""A text field that sends what is typed while it is typed, so that a half-written answer outlives a reload.

`st.text_area` speaks only when it loses the focus; between two keystrokes a killed server or a closed window would take
the answer along. This one sends the text half a second after the last key.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

HTML = '<label for="answer"></label><textarea id="answer" rows="7" spellcheck="true"></textarea>'

CSS = """
label { display: block; font: 400 0.875rem var(--st-font); color: var(--st-text-color); margin-bottom: 4px; }
textarea {
  box-sizing: border-box; width: 100%; min-height: 9rem; padding: 10px 12px; resize: vertical;
  font: 400 1rem/1.55 var(--st-font); color: var(--st-text-color); background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
}
textarea:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 1px; }
"""

JS = """
const PAUSE = 500;
const boxes = new Map();

export default function ({ parentElement, data, key, setStateValue }) {
  const box = parentElement.querySelector("textarea");
  parentElement.querySelector("label").textContent = data.label;
  box.maxLength = data.longest;
  const known = boxes.get(parentElement);
  if (!known) {
    box.value = data.text;
    let timer;
    const send = () => { clearTimeout(timer); setStateValue("text", box.value); };
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, PAUSE); });
    box.addEventListener("blur", send);
    boxes.set(parentElement, send);
  }
  return () => { boxes.get(parentElement)?.(); boxes.delete(parentElement); };
}
"""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("unrolled_draft", html=HTML, css=CSS, js=JS)


def text_area(label: str, *, key: str, text: str = "", longest: int = 3_000) -> str:
    """Draw the field.

    Args:
        label: Its name.
        key: Identity; another key is another, empty field.
        text: What stands in it at first.
        longest: Most characters.

    Returns:
        The text as last sent.
    """
    shown: dict[str, Any] = {"label": label, "text": text, "longest": longest}
    # The first text only: what was typed since is the field's own, and must not come back as new data.
    first = st.session_state.setdefault(f"{key}.first", shown)
    result = _component()(key=key, data=first, default={"text": first["text"]}, on_text_change=lambda: None)
    return str(result.get("text") or "")
