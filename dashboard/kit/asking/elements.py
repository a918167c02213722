"""Small elements that Streamlit has no widget for: underlined words, the verdict.

A learner's text goes into the page as text nodes only: nothing in it is ever read as HTML or Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict
from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.kit.asking.marks import Piece

WORDS_CSS = """
p { margin: 0; font: 400 1rem/1.8 var(--st-font); color: var(--st-text-color); white-space: pre-wrap;
    overflow-wrap: anywhere; max-width: 36rem; }
.point, .against { padding-bottom: 2px; border-bottom: 2px solid var(--st-text-color); }
.against { border-bottom: 2px dashed var(--wrong); }
sup { font-size: 0.75rem; font-weight: 600; line-height: 0; margin-left: 1px; }
.against + sup { color: var(--wrong); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
"""

WORDS_JS = """
export default function ({ parentElement, data }) {
  const line = parentElement.querySelector("p");
  line.replaceChildren();
  for (const { text, label, against, told } of data.pieces) {
    if (!label) { line.append(text); continue; }
    const words = document.createElement("span");
    words.className = against ? "against" : "point";
    words.textContent = text;
    const number = document.createElement("sup");
    number.textContent = label;
    number.ariaHidden = true;
    const spoken = document.createElement("span");
    spoken.className = "unseen";
    spoken.textContent = ` (${told})`;
    line.append(words, number, spoken);
  }
}
"""

VERDICT_CSS = """
p { margin: 0; font: 400 1rem/1.55 var(--st-font); color: var(--st-text-color); min-height: 1.55em; }
p { scroll-margin-top: 7rem; }
p:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 3px; }
b { font-weight: 600; }
.right b { color: var(--right); }
.wrong b { color: var(--wrong); }
i {
  display: inline-block; box-sizing: border-box; width: 0.8em; height: 0.8em; margin-right: 0.5em;
  border: 2px solid currentcolor; border-radius: 50%; vertical-align: -0.05em;
}
.full { background: currentcolor; }
.half { background: linear-gradient(90deg, currentcolor 50%, transparent 50%); }
.dashed { border-style: dotted; }
"""

VERDICT_JS = """
export default function ({ parentElement, data }) {
  const line = parentElement.querySelector("p");
  // Written after it was mounted: screen readers speak what changes in a live region, not what comes with it.
  const write = () => {
    const verdict = document.createElement("b");
    verdict.textContent = data.verdict;
    line.className = data.tone;
    line.replaceChildren(verdict, data.more);
    if (data.shape) {
      const circle = document.createElement("i");
      circle.className = data.shape;
      line.prepend(circle);
    }
    if (data.focus) line.focus();
    if (data.scroll) line.scrollIntoView();
  };
  if (line.textContent !== data.verdict + data.more || data.scroll) requestAnimationFrame(write);
}
"""


ENTER_JS = """
const open = new Map();

export default function ({ parentElement, data }) {
  if (open.has(parentElement)) { open.get(parentElement).data = data; return; }
  const now = { data };
  const listen = event => {
    const other = event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (event.key !== "Enter" || other) return;
    const path = event.composedPath(), field = path[0];
    if (!(field instanceof HTMLInputElement) || field.type !== "text" || field.role === "combobox") return;
    if (!path.includes(document.querySelector(`.${now.data.fields}`))) return;
    // After the field's own listeners, which send what was typed.
    setTimeout(() => document.querySelector(`.${now.data.button} button`)?.click());
  };
  document.addEventListener("keydown", listen);
  open.set(parentElement, now);
  return () => { document.removeEventListener("keydown", listen); open.delete(parentElement); };
}
"""


@cache
def _component(name: str) -> ComponentRenderer:
    html, css, js = {
        "own_words": ("<p></p>", WORDS_CSS, WORDS_JS),
        "verdict": ('<p role="status" tabindex="-1"></p>', VERDICT_CSS, VERDICT_JS),
        "enter": ("<span></span>", "", ENTER_JS),
    }[name]
    return st.components.v2.component(f"unrolled_{name}", html=html, css=css, js=js)


def own_words(pieces: Sequence[Piece], *, key: str) -> None:
    """Draw a learner's text, literally, with its words underlined and numbered.

    Args:
        pieces: The text, cut by `marks.pieces`.
        key: Identity.
    """
    _component("own_words")(key=key, data={"pieces": [asdict(piece) for piece in pieces]})


def verdict(words: str, more: str, tone: str, *, key: str, focus: bool, shape: str = "", scroll: bool = False) -> None:
    """Draw the line that says how it went; a screen reader speaks it.

    Args:
        words: The verdict, with its tick or cross.
        more: What follows it in plain type.
        tone: "right", "wrong" or "".
        key: Identity.
        focus: Whether it takes the focus: directly after the answer, whose button is gone.
        shape: A circle before it: "full", "half", "empty" or "dashed"; "" for none.
        scroll: Whether it comes to the top of the window: what belongs to it stands below.
    """
    data = {"verdict": words, "more": more, "tone": tone, "focus": focus, "shape": shape, "scroll": scroll}
    _component("verdict")(key=key, data=data, width="content" if shape else "stretch")


def enter(*, fields: str, button: str) -> None:
    """Let Enter in a text field press a button, as in any form.

    Args:
        fields: Key of the container that holds the fields.
        button: Key of the button.
    """
    _component("enter")(key=f"{button}.enter", data={"fields": _class(fields), "button": _class(button)})


def _class(key: str) -> str:
    """The class that Streamlit gives to what bears a key."""
    return "st-key-" + re.sub(r"[^\w-]", "-", key, flags=re.ASCII)


def code(lines: str) -> None:
    """Draw a question's lines of code, if it has any, with its gap as it stands; colours have other meanings here."""
    if lines:
        st.code(lines.strip("\n"), language=None, wrap_lines=True)


def segments(done: int | Collection[int], of: int, now: int | None = None) -> None:
    """Draw the thin bar of several questions: those answered are filled, the present one is marked.

    Args:
        done: How many of the first were answered, or the places of those that were, from 0.
        of: How many questions there are.
        now: Place of the present one; the first that was not answered by default.
    """
    answered = set(range(done)) if isinstance(done, int) else set(done)
    here = len(answered) if now is None else now
    states = ["done" * (place in answered) or "next" for place in range(of)]
    if here < of:
        states[here] = "now answered" if here in answered else "now"
    label = f"Question {here + 1} of {of}" + ("" if isinstance(done, int) else f"; {len(answered)} answered")
    bars = "".join(f'<i class="{state}"></i>' for state in states)
    st.html(f'<div class="segments" role="img" aria-label="{label}">{bars}</div>')
