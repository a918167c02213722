"""Small elements of the revision page: the bar of what is known, the words a screen reader speaks, and the styles."""

from __future__ import annotations

from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

SPOKEN_CSS = "p { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }"
SPOKEN_JS = """
export default function ({ parentElement, data }) {
  const line = parentElement.querySelector("p");
  // Written after it was mounted: screen readers speak what changes in a live region, not what comes with it.
  if (line.textContent !== data.text) requestAnimationFrame(() => { line.textContent = data.text; });
}
"""


@cache
def _spoken() -> ComponentRenderer:
    html = '<p role="status"></p>'
    return st.components.v2.component("unrolled_spoken", html=html, css=SPOKEN_CSS, js=SPOKEN_JS)


def spoken(text: str, *, key: str) -> None:
    """Let a screen reader speak a text whenever it changes; it is not seen.

    Args:
        text: Plain text.
        key: Identity.
    """
    _spoken()(key=key, data={"text": text})


def bar(known: int, again: int, of: int) -> None:
    """Draw how many cards are known (full) and how many come again (hatched); the numbers stand above it in words."""
    parts = "".join(f'<i class="{name}" style="flex: {count}"></i>' for name, count in _parts(known, again, of))
    st.html(f'<div class="cards-bar" aria-hidden="true">{parts}</div>')


def _parts(known: int, again: int, of: int) -> list[tuple[str, int]]:
    return [(name, n) for name, n in (("known", known), ("again", again), ("left", of - known - again)) if n]


def styles() -> None:
    """Put the styles of the page's print in."""
    st.html(f"<style>@media print {{ {_PRINT} }}</style>")


# Streamlit scrolls its main part inside a window of fixed height, in boxes side by side: on paper all of it must flow.
_PRINT = """
@page { size: A4; margin: 8mm 12mm; }
html, body, #root, #root > *, .stApp, .stApp *:has([data-testid="stMainBlockContainer"]) {
  position: static !important; overflow: visible !important; height: auto !important; min-height: 0 !important;
  display: block !important; background: #fff !important;
}
.stApp { color-scheme: light !important; }
[data-testid="stMain"] *:not(.katex *) { color: #000 !important; background: transparent !important; }
[data-testid="stMain"], [data-testid="stMainBlockContainer"] { border: 0 !important; }
[data-testid="stMain"] [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
[data-testid="stMain"] div {
  display: block !important; position: static !important; width: auto !important; height: auto !important;
  min-width: 0 !important; min-height: 0 !important; max-width: none !important; overflow: visible !important;
}
[data-testid="stMain"] :is(h1, h2, h3) { break-after: avoid; padding: 0; }
[data-testid="stMain"] h1 { font-size: 15pt; }
[data-testid="stMain"] h2 { font-size: 11pt; padding: 6pt 0 2pt; }
[data-testid="stMain"] h3 { font-size: 9pt; padding: 4pt 0 1pt; }
[data-testid="stMain"] :is(p, li, td, th, code, a) { font-size: 7.5pt !important; line-height: 1.25 !important; }
[data-testid="stMain"] code { font-size: 5.9pt !important; padding: 0; }
[data-testid="stMain"] :is(td, th) { padding: 0.8pt 6pt 0.8pt 0; }
[data-testid="stMain"] table { margin: 0; }
[data-testid="stMain"] .katex { font-size: 1em; }
[data-testid="stMain"] [class*="st-key-sheet-"] [data-testid="stMarkdownContainer"] :is(p, li) { max-width: none; }
[data-testid="stMain"] [class*="st-key-sheet-"] li { margin: 0 0 2.5pt; }
[class*="st-key-sheet-"] :is(li, tr) { break-inside: avoid; }
:is(.st-key-sheet-take-aways, .st-key-sheet-mistakes, .st-key-sheet-glossary) {
  columns: 2; column-gap: 16pt;
}
.st-key-sheet-glossary { columns: 3; column-gap: 12pt; orphans: 2; widows: 2; }
.st-key-sheet-glossary ul { columns: auto; }
[data-testid="stMain"] :is(.st-key-sheet-glossary, .st-key-sheet-sources) :is(p, li, code) {
  font-size: 7pt !important; line-height: 1.18 !important;
}
[data-testid="stMain"] :is(.st-key-sheet-glossary, .st-key-sheet-sources) li { margin: 0 0 1.2pt; }
.st-key-sheet-sources ul { columns: 3; column-gap: 12pt; }
.st-key-sheet-sources [data-testid="stCaptionContainer"] { display: none !important; }
[data-testid="stMain"] [data-testid="stCaptionContainer"] { margin: 0; }
.st-key-sheet-formulas th:nth-child(1) { width: 24pt; }
.st-key-sheet-formulas :is(th:nth-child(2), th:nth-child(3)) { width: 27%; }
[class*="st-key-sheet-"] [data-testid="stColumn"]:first-child :is(a, p) {
  font-size: 7pt !important; font-style: italic; break-after: avoid; text-decoration: none; padding: 0;
}
[class*="st-key-sheet-"] > [data-testid="stElementContainer"]:not(:last-child) { break-after: avoid; }
:is(.st-key-sheet-take-aways, .st-key-sheet-mistakes, .st-key-sheet-glossary) > [data-testid="stElementContainer"] {
  column-span: all;
}
:is([data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stStatusWidget"],
  [data-testid="stHeaderActionElements"], [data-testid="stApp"] :is(.st-key-revision-line, .st-key-revision-promise,
  .st-key-sheet-contents, .st-key-sheet-term, .st-key-card-keys, .st-key-cards-choice, .st-key-cards-counts, button,
  [data-testid="stElementContainer"]:has(hr, style))) { display: none !important; }
"""
