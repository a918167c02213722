"""The time on a question: a clock that stands still while the page is out of sight, and what counts on the server.

The page says that it is seen every few seconds, and at once when it is hidden. Time between two such words counts, if
they are not too far apart: a closed page, a lost connection and a hidden tab cost nothing.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.kit.asking.keep import mine
from dashboard.kit.boundary import caught, part
from dashboard.kit.people.who import learner, now
from dashboard.practice import window
from quiz.errors import StoreError
from quiz.interview.interview import Interview

BEAT = 15.0  # seconds between two words of a page that is seen
PATIENCE = 40.0  # after so many without a word the learner was away
SAVED = 5.0  # seconds that are worth a write
HIDDEN = "quiz.hidden"
KEY = "quiz.clock"

CSS = """
p { margin: 0; font: 400 0.8125rem/1.55 var(--st-font); }
p { color: var(--second_ink); font-variant-numeric: tabular-nums; }
"""

JS = """
const running = new Map();
const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export default function ({ parentElement, data, setStateValue }) {
  running.get(parentElement)?.();
  const line = parentElement.querySelector("p");
  let seen = data.seconds, since = performance.now(), words = 0;
  const hidden = () => document.visibilityState === "hidden";
  const seconds = () => seen + (hidden() ? 0 : (performance.now() - since) / 1000);
  const show = () => {
    line.textContent = `${clock(seconds())} of ${clock(data.pace)}` + (seconds() > data.pace ? " · over" : "");
  };
  const say = () => setStateValue("page", { seen: !hidden(), words: ++words, at: Date.now() });
  const turned = () => {
    if (hidden()) seen += (performance.now() - since) / 1000;
    since = performance.now();
    say();
  };
  show();
  const ticks = setInterval(show, 1000);
  const beats = setInterval(() => hidden() || say(), 1000 * data.beat);
  document.addEventListener("visibilitychange", turned);
  const stop = () => {
    clearInterval(ticks);
    clearInterval(beats);
    document.removeEventListener("visibilitychange", turned);
    running.delete(parentElement);
  };
  running.set(parentElement, stop);
  return stop;
}
"""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("unrolled_timing", html='<p role="timer"></p>', css=CSS, js=JS)


def seen(interview: Interview) -> Interview:
    """The interview with the time that counts until now; without a clock none does.

    Whether the page is hidden now says what becomes of the time that follows.
    """
    before = interview.seen_at or interview.asked_at
    gap = (now() - before).total_seconds()
    hidden = not _page().get("seen", True)
    was_hidden = st.session_state.get(HIDDEN, False)
    counted = interview.sighted(now(), away=not interview.clock or was_hidden or gap > PATIENCE)
    st.session_state[HIDDEN] = hidden
    if gap < SAVED and hidden == was_hidden:
        return interview if not interview.clock else counted
    with suppress(StoreError):  # away: what it counted is kept with the next word, or does not count
        mine().move_interview(learner(), counted.to_json(), interview.step)
    return counted


def draw(interview: Interview, pace: float) -> None:
    """Draw the clock of what is being asked, which keeps the time.

    Args:
        interview: As it stands.
        pace: What is being asked should take so many seconds.
    """
    if interview.clock:
        _beating(interview.step, pace)


@st.fragment
def _beating(step: str, pace: float) -> None:
    with part("The clock"):
        try:
            kept = mine().interview(learner()) or {}
        except StoreError:
            stood = window.shown()
        else:
            stood = Interview.from_json(kept) if kept.get("step") == step else None
        if stood is None or stood.step != step:
            return  # another window went on; the page says so when it is next drawn
        interview = seen(stood)
        window.keeps(interview)
        shown = {"seconds": interview.spent, "pace": pace, "beat": BEAT}
        _component()(key=KEY, data=shown, default={"page": {}}, on_page_change=caught(lambda: None))


def _page() -> dict[str, object]:
    """What the page last said of itself."""
    found = st.session_state.get(KEY)
    said = found.get("page") if found is not None else None
    return said if isinstance(said, dict) else {}
