"""A text field that sends what is typed while it is typed, so that a half-written answer outlives a reload.

`st.text_area` speaks only when it loses the focus; between two keystrokes a killed server or a closed window would take
the answer along. This one sends the text half a second after the last key.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.kit.boundary import caught

LONGEST = 3_000  # bytes; the checks' answers share the attempt's 4 kB with the text

HTML = """
<label for="answer"></label>
<textarea id="answer" rows="7" spellcheck="true" aria-describedby="size"></textarea>
<p id="size" role="status"></p>
"""

CSS = """
label { display: block; font: 400 0.875rem var(--st-font); color: var(--st-text-color); margin-bottom: 4px; }
textarea {
  box-sizing: border-box; width: 100%; min-height: 11rem; padding: 10px 12px; resize: vertical;
  font: 400 1rem/1.55 var(--st-font); color: var(--st-text-color); background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
}
textarea:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 1px; }
p { margin: 2px 0 0; min-height: 1.3em; font: 400 0.8125rem/1.3 var(--st-font); color: var(--wrong); }
"""

JS = """
const PAUSE = 500;
const boxes = new Map();
const size = text => new TextEncoder().encode(text).length;

export default function ({ parentElement, data, setStateValue }) {
  const box = parentElement.querySelector("textarea");
  parentElement.querySelector("label").textContent = data.label;
  if (boxes.has(parentElement)) return;
  box.value = data.text;
  let timer, sent = data.text;
  const send = () => {
    clearTimeout(timer);
    if (box.value !== sent) setStateValue("text", sent = box.value);
  };
  const told = parentElement.querySelector("p");
  const tell = () => {
    const over = size(box.value) - data.longest;
    const words = over > 0 ? `Too long by ${over} of ${data.longest} characters; shorten it to have it kept.` : "";
    if (told.textContent !== words) told.textContent = words;
  };
  box.maxLength = 4 * data.longest;
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, PAUSE); tell(); });
  box.addEventListener("blur", send);
  box.addEventListener("keydown", event => { if (event.ctrlKey || event.metaKey) send(); });
  tell();
  boxes.set(parentElement, send);
  return () => { boxes.delete(parentElement); };
}
"""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("unrolled_draft", html=HTML, css=CSS, js=JS)


def text_area(label: str, *, key: str, text: str = "") -> str:
    """Draw the field.

    Args:
        label: Its name.
        key: Identity; another key is another, empty field.
        text: What stands in it at first.

    Returns:
        The text as last sent. It may be too long (`too_long`); the field itself says so while it is typed.
    """
    shown: dict[str, Any] = {"label": label, "text": text, "longest": LONGEST}
    # The first text only: what was typed since is the field's own, and must not come back as new data.
    first = st.session_state.setdefault(f"{key}.first", shown)
    with st.container(key=f"{key}.field", width=640):
        result = _component()(key=key, data=first, default={"text": first["text"]}, on_text_change=caught(lambda: None))
    return str(result.get("text") or "")


def too_long(text: str) -> bool:
    """Whether a text is longer than can be kept."""
    return len(text.encode("utf-8", "surrogatepass")) > LONGEST
