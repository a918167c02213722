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


SCREEN = """
[data-testid="stMain"] .st-key-sheet-contents [data-testid="stMarkdownContainer"] p {
  font-size: 0.9375rem; max-width: none;
}
.st-key-sheet-contents a { color: var(--ink); text-decoration-color: var(--border); text-underline-offset: 4px; }
[class*="st-key-sheet-"] [data-testid="stMarkdownContainer"] ul {
  padding-left: 0; margin-bottom: 0; list-style: none;
}
[class*="st-key-sheet-"] ol { padding-left: 1.4rem; }
[class*="st-key-sheet-"] ul li { margin: 0 0 10px; padding: 0; }
[class*="st-key-sheet-"] ol li { margin: 0 0 4px; }
[class*="st-key-sheet-"] li p { margin: 0; }
[class*="st-key-sheet-"] li p + p { color: var(--second_ink); font-size: 0.9375rem; }
[data-testid="stMain"] [class*="st-key-sheet-"] [data-testid="stMarkdownContainer"] li { max-width: 42rem; }
.st-key-sheet-glossary ul { columns: 2; column-gap: 40px; }
.st-key-sheet-glossary li { break-inside: avoid; }
[class*="st-key-sheet-"] table { width: 100%; font-size: 0.9375rem; }
[class*="st-key-sheet-"] td { vertical-align: baseline; }
[class*="st-key-sheet-"] td:last-child { padding-right: 0; }
[class*="st-key-sheet-"] code { overflow-wrap: anywhere; font-size: 0.8125rem; }
[class*="st-key-sheet-"] :is(li, td) code { white-space: normal; }
.st-key-sheet-formulas table { table-layout: fixed; }
.st-key-sheet-formulas th:nth-child(1) { width: 48px; }
.st-key-sheet-formulas th:nth-child(2) { width: 24%; }
.st-key-sheet-formulas th:nth-child(3) { width: 36%; }
:is(.st-key-sheet-remedies, .st-key-sheet-comparison) td:nth-child(4) { color: var(--second_ink); }
.st-key-sheet-glossary code { background: transparent; color: var(--second_ink); padding: 0; }
[data-testid="stMain"] .st-key-sheet-term {
  border-left: 3px solid var(--ink); padding: 2px 0 2px 20px; gap: 6px; margin: 4px 0 8px;
}
.st-key-sheet-term code { background: transparent; color: var(--second_ink); }

[data-testid="stMain"] .st-key-card {
  min-height: 300px; border: 1px solid var(--border); border-radius: 6px; padding: 20px 28px 24px; gap: 14px;
}
.st-key-card-front p { font: 500 1.375rem/1.4 "Source Serif", serif; max-width: 40rem; text-wrap: pretty; }
.st-key-card-back { border-top: 1px solid var(--hairline); padding-top: 16px; }
.st-key-card-back p { margin: 0 0 10px; }
.cards-bar { display: flex; gap: 2px; height: 5px; }
.cards-bar i { background: var(--border); }
.cards-bar .known { background: var(--ink); }
.cards-bar .again { background: repeating-linear-gradient(135deg, var(--ink) 0 2px, transparent 2px 5px); }

@media (max-width: 640px) {
  :is(.st-key-sheet-formulas, .st-key-sheet-remedies, .st-key-sheet-comparison) :is(table, tbody, tr, td) {
    display: block; width: auto;
  }
  :is(.st-key-sheet-formulas, .st-key-sheet-remedies, .st-key-sheet-comparison) thead {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
  :is(.st-key-sheet-formulas, .st-key-sheet-remedies, .st-key-sheet-comparison) tr {
    border-bottom: 1px solid var(--hairline); padding: 8px 0;
  }
  :is(.st-key-sheet-formulas, .st-key-sheet-remedies, .st-key-sheet-comparison) td { border: 0; padding: 1px 0; }
  .st-key-sheet-formulas td:nth-child(1) { float: left; width: 44px; color: var(--second_ink); }
  :is(.st-key-sheet-remedies, .st-key-sheet-comparison) td:nth-child(n+2)::before { color: var(--second_ink); }
  .st-key-sheet-comparison td:nth-child(2)::before { content: "RNN: "; }
  .st-key-sheet-comparison td:nth-child(3)::before { content: "LSTM: "; }
  .st-key-sheet-remedies td:nth-child(2)::before { content: "cause: "; }
  .st-key-sheet-remedies td:nth-child(3)::before { content: "remedy: "; }
  .st-key-sheet-glossary ul { columns: auto; }
  [class*="st-key-sheet-"] [data-testid="stHorizontalBlock"] { gap: 4px; margin-bottom: 12px; }
  [data-testid="stMain"] .st-key-card { padding: 16px; min-height: 400px; }
  .st-key-card-keys { gap: 8px; }
  .st-key-card-keys kbd { display: none; }
}
"""
"""The page's styles on the screen; they come with the frame's, so that nothing jumps."""

# Streamlit scrolls its main part inside a window of fixed height, in boxes side by side: on paper all of it must flow.
_PRINT = """
@page { size: A4; margin: 10mm 12mm; }
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
[data-testid="stMain"] h2 { font-size: 11pt; padding: 7pt 0 2pt; }
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
[data-testid="stMain"] .st-key-sheet-glossary :is(p, li, code) {
  font-size: 7.1pt !important; line-height: 1.2 !important;
}
[data-testid="stMain"] .st-key-sheet-glossary li { margin: 0 0 1.5pt; }
[data-testid="stMain"] [data-testid="stCaptionContainer"] { margin: 0; }
.st-key-sheet-formulas th:nth-child(1) { width: 24pt; }
.st-key-sheet-formulas :is(th:nth-child(2), th:nth-child(3)) { width: 27%; }
[class*="st-key-sheet-"] [data-testid="stColumn"]:first-child :is(a, p) {
  font-size: 7pt !important; font-style: italic; break-after: avoid; text-decoration: none; padding: 0;
}
[class*="st-key-sheet-"] > [data-testid="stElementContainer"] { break-after: avoid; }
:is(.st-key-sheet-take-aways, .st-key-sheet-mistakes, .st-key-sheet-glossary) > [data-testid="stElementContainer"] {
  column-span: all;
}
:is([data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stStatusWidget"],
  [data-testid="stHeaderActionElements"], [data-testid="stApp"] :is(.st-key-revision-line, .st-key-revision-promise,
  .st-key-sheet-contents, .st-key-sheet-term, .st-key-card-keys, .st-key-cards-choice, .st-key-cards-counts, button,
  [data-testid="stElementContainer"]:has(hr, style))) { display: none !important; }
"""
