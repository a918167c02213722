"""One colour per quantity, and the one place for styles that Streamlit's own theme cannot express."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from types import MappingProxyType

_COLOURS = (  # role, light, dark; every text colour has a contrast of 4.5:1 or more on its page
    ("i", "#2F62D0", "#6F92F2"),
    ("f", "#A92F08", "#FF7D4D"),
    ("o", "#00694E", "#2DB185"),
    ("g", "#B94382", "#F7A6CF"),
    ("c", "#946900", "#F2C450"),
    ("h", "#0B7A9E", "#3DB8E0"),
    ("gradient", "#5B2A93", "#D6C2FB"),
    ("own_loss", "#2F2D2B", "#EDEBE8"),
    ("right", "#4B7A1E", "#A3CF6E"),
    ("wrong", "#A8123A", "#FF8196"),
    ("negative", "#2C4F8C", "#86ABEC"),
    ("positive", "#9C3A1F", "#F0916B"),
    ("page", "#FFFFFF", "#171614"),
    ("sidebar", "#F8F8F7", "#21201D"),
    ("panel", "#F6F5F3", "#201F1C"),
    ("ink", "#2F2D2B", "#EDEBE8"),
    ("second_ink", "#68655F", "#ABA79F"),
    ("border", "#DCD8D4", "#4A4742"),
    ("hairline", "#EBE9E5", "#2C2A27"),
    ("pending", "#BFBAB3", "#57534D"),
    ("primary", "#4A4742", "#7A766F"),
)

PALETTE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "light": MappingProxyType({role: light for role, light, _ in _COLOURS}),
        "dark": MappingProxyType({role: dark for role, _, dark in _COLOURS}),
    }
)
"""Theme ("light", "dark"), then role, to a hexadecimal colour. Roles `i f o g c h` are the cell's quantities."""


CONTENT_WIDTH = 944
SIDEBAR_WIDTH = 240

# `light-dark()` follows the colour scheme that Streamlit sets on the app, so switching the theme needs no rerun.
_RULES = """
[data-testid="stMainBlockContainer"] {
  max-width: calc(%(content)dpx + 96px); margin-inline: auto; padding: 36px 48px 64px;
}
.stApp { font-variant-numeric: lining-nums tabular-nums; }
/* While a page first loads: the room of the sidebar is kept, and what stands below a part that is still to come waits
   for it, so that nothing jumps before the reader's eyes. Once it is used (arriving.js) nothing is hidden any more. */
@media (min-width: 641px) {
  [data-testid="stAppViewContainer"]:not(:has([data-testid="stSidebar"])) { padding-left: %(sidebar)dpx; }
}
.arriving [data-testid="stMain"] [data-testid="stVerticalBlock"] > :has([data-testid="stSkeleton"]) ~ * {
  display: none;
}
[data-testid="stSidebarUserContent"] { display: none; }
/* The header lies over the top of the page: only its buttons may be hit, not the room between them. */
[data-testid="stHeader"] { background: transparent; }
[data-testid="stHeader"], [data-testid="stHeader"] :not(button, a, button *, a *) { pointer-events: none; }
[data-testid="stHeader"] :is(button, a) { pointer-events: auto; }

[data-testid="stMain"] h1 { padding: 0 0 12px; line-height: 1.2; letter-spacing: -0.005em; }
[data-testid="stMain"] :is(h2, h3, h4) { padding: 0 0 8px; line-height: 1.35; }
[data-testid="stMain"] [data-testid="stMarkdownContainer"] :is(p, li) { line-height: 1.55; max-width: 36rem; }
[data-testid="stMain"] .katex { font-size: 1.08em; }
[data-testid="stMain"] .katex-display { margin: 0.75em 0; padding-left: 24px; text-align: left; overflow: visible; }
[data-testid="stMain"] .katex-display > .katex { text-align: left; }
/* A formula in one piece keeps the comma or bracket that follows it on its line. */
[data-testid="stMain"] .katex:not(:has(.base + .base)) { white-space: nowrap; }
/* Tables of words: rules instead of boxes. The quiz has its own, further down. */
[data-testid="stMarkdownContainer"] table { border: 0; }
[data-testid="stMarkdownContainer"] :is(th, td) {
  border: 0; border-bottom: 1px solid var(--hairline); padding: 6px 24px 6px 0; font-weight: 400; text-align: left;
}
[data-testid="stMarkdownContainer"] th { font-size: 0.8125rem; color: var(--second_ink); }
[data-testid="stMain"] code { color: var(--ink); background: var(--panel); }
[data-testid="stMain"] [class*="st-key-finding"] p {
  font-family: "Source Serif", serif; font-size: 1.375rem; font-weight: 600; line-height: 1.45; max-width: 40rem;
  text-wrap: pretty;
}
[data-testid="stMain"] .st-key-lesson-promise p {
  font-size: 1.125rem; line-height: 1.45; max-width: none; color: var(--second_ink);
}
.st-key-lesson-head { margin: -10px 0 -6px; }
.st-key-take-lesson { margin-top: 24px; }
/* "Go deeper": a line each, what it is at the left, what is in it beside. */
[class*="st-key-deeper-"] { border-bottom: 1px solid var(--hairline); margin-bottom: -16px; }
[class*="st-key-deeper-"] summary { width: 100%%; padding: 9px 0; }
[class*="st-key-deeper-"] [data-testid="stExpanderDetails"] { padding-bottom: 16px; }
[data-testid="stMain"] [class*="st-key-deeper-"] summary [data-testid="stMarkdownContainer"] p {
  display: flex; gap: 24px; align-items: baseline; font-size: 1rem; max-width: none;
}
[class*="st-key-deeper-"] summary p > strong { flex: 0 0 262px; font-weight: 400; color: var(--ink); }
[data-testid="stMain"] .st-key-lesson-head h1 { padding: 0 0 20px; }
.st-key-home-path { gap: 4px; }
[class*="st-key-home-step-"] { border-bottom: 1px solid var(--hairline); padding: 4px 0; }
.st-key-home-path [data-testid="stHorizontalBlock"] > :first-child { flex: 0 0 16px; }
.st-key-home-path [data-testid="stHorizontalBlock"] > :nth-child(2) { flex: 1 1 220px; }
.st-key-home-offer button p { text-decoration: underline var(--border); text-underline-offset: 4px; }
.st-key-lesson-head > :first-child { min-height: 24px; }
.st-key-lesson-way > * { width: auto; }
/* A term where it first stands: bold, with a quiet line below, for it is a link to the glossary. */
[data-testid="stMarkdownContainer"] a[href^="revision?term="] {
  color: inherit; text-decoration: underline dotted var(--second_ink) 1px; text-underline-offset: 4px;
}
[data-testid="stMarkdownContainer"] a[href^="revision?term="]:hover { text-decoration-style: solid; }
[data-testid="stMain"] [class*="st-key-take-"] { border-left: 3px solid var(--ink); padding-left: 16px; }
[data-testid="stMain"] hr { margin: 16px 0; border-color: var(--hairline); }
/* What is quiet is so by a colour that can be read, not by transparency. */
[data-testid="stExpander"] summary { opacity: 1; }
[data-testid="stExpander"] summary:not(:hover) { color: var(--second_ink); }
/* A bold name and what it is, in two columns over the whole line. */
[data-testid="stExpander"] summary:has(p > strong) :is(span, div):has(p) { flex: 1; }
[data-testid="stCaptionContainer"] { opacity: 1; }
[data-testid="stCaptionContainer"] p { color: var(--second_ink); font-size: 0.8125rem; }
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] { padding: 0; border-radius: 0; background: transparent; }
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] p {
  font-size: 1rem; color: var(--ink); text-decoration: underline var(--border); text-underline-offset: 4px;
}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"]:hover p { text-decoration-color: var(--ink); }

/* Streamlit writes these in the primary colour, too faint for text in the dark theme. They stand in popovers too, which
   have no part in the app's variables: so a light one is made lighter, a dark one darker. */
[data-selected="true"] p, [data-testid="stSliderThumbValue"] p {
  color: oklch(from currentcolor clamp(0.3, (l - 0.45) * 20, 0.93) c h);
}
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%%); }

/* The settings line: what stands above how it is set. */
.st-key-inspector-toolbar[data-testid="stHorizontalBlock"] {
  gap: 10px 28px; padding-bottom: 14px; border-bottom: 1px solid var(--hairline);
}
.st-key-inspector-toolbar [data-testid="stPopoverButton"] {
  padding: 0; min-height: 0; border-radius: 3px; text-align: left;
}
.st-key-inspector-toolbar [data-testid="stPopoverButton"] p {
  font-size: 0.75rem; line-height: 1.4; text-align: left; color: var(--second_ink);
}
.st-key-inspector-toolbar [data-testid="stPopoverButton"] > div > div:last-child { display: none; }
/* The value comes as a style: a changed label would shut the popover. The arrow's grey is clear in both themes. Its
   angle brackets are escaped, or Streamlit would take the sheet for unsafe and drop it. */
.st-key-inspector-toolbar [data-testid="stPopoverButton"] p::after {
  display: block; width: fit-content; padding-right: 18px; font: 0.90625rem/1.4 "Source Sans", sans-serif;
  color: var(--ink); background: url('data:image/svg+xml,%%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 6"\
%%3E%%3Cpath d="M1 1l4 4 4-4" fill="none" stroke="%%23807C75" stroke-width="1.5"/%%3E%%3C/svg%%3E')
    right 58%%/10px 6px no-repeat;
}
/* One line where there is room for it: the two values that may be long are cut rather than wrapped. */
@media (min-width: 1240px) {
  .st-key-inspector-toolbar[data-testid="stHorizontalBlock"] { flex-wrap: nowrap; column-gap: 22px; }
  .st-key-inspector-toolbar[data-testid="stHorizontalBlock"] > * { flex: none; }
  .st-key-inspector-field-Sequence, .st-key-inspector-field-Initialisation {
    flex: 0 1 auto; min-width: 0; overflow: clip; overflow-clip-margin: 3px;
  }
  :is(.st-key-inspector-field-Sequence, .st-key-inspector-field-Initialisation) * {
    max-width: 100%%; justify-content: flex-start;
  }
  :is(.st-key-inspector-field-Sequence, .st-key-inspector-field-Initialisation) p::after {
    max-width: 100%%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  }
}
/* The figure is drawn before the line of settings above it, which must not push it down. */
.st-key-inspector-line { min-height: 61px; }
[class*="-problem"] { min-height: 70vh; }

/* The quiz: a question is a heading of its own size; tables of answers become lists on a phone. */
[data-testid="stMain"] .st-key-question h1 {
  font-size: 1.75rem; line-height: 1.35; max-width: 42rem; text-wrap: pretty;
}
[data-testid="stCode"] code, [data-testid="stCode"] code span { background: none; color: var(--ink); }
[data-testid="stMain"] [data-testid="stRadio"] label code { font-size: 0.875rem; }
.segments { display: flex; gap: 3px; }
.segments i { flex: 1; height: 3px; background: var(--border); }
.segments .done { background: var(--second_ink); }
.segments .now { background: none; border: 1px solid var(--ink); height: 5px; margin-top: -1px; }
.segments .now.answered { background: var(--ink); }
[class*="st-key-answers-"] table { width: 100%%; border: 0; }
[class*="st-key-answers-"] :is(th, td) {
  border: 0; border-bottom: 1px solid var(--hairline); padding: 8px 16px 8px 0; vertical-align: baseline;
  font-size: 0.9375rem; line-height: 1.5; overflow-wrap: anywhere;
}
[class*="st-key-answers-"] th { font-size: 0.8125rem; font-weight: 400; color: var(--second_ink); text-align: left; }
[class*="st-key-answers-"] td:nth-child(n+2):not(:last-child) { white-space: nowrap; }
[class*="st-key-answers-"] td:last-child { color: var(--second_ink); }
[class*="st-key-check-"] { border-top: 1px solid var(--border); padding-top: 12px; margin-top: 8px; }
[class*="st-key-read-"] { min-height: 3rem; justify-content: center; }
[class*="st-key-steps-"] button { display: grid; justify-content: start; justify-items: start; text-align: left; }
.st-key-quiz-twelve button { min-height: 32px; text-align: left; }
.legend { font-size: 0.8125rem; color: var(--second_ink); margin: 0; }
.legend span { border-bottom: 2px solid var(--ink); padding-bottom: 1px; }
.legend .against { border-bottom: 2px dashed var(--wrong); margin-left: 24px; }
[class*="st-key-words-"] { border-top: 1px solid var(--border); padding-top: 20px; margin-top: 12px; }
[class*="st-key-said-"] { border-left: 3px solid var(--wrong); padding-left: 16px; }
.st-key-outcome strong { font-size: 1.625rem; font-weight: 600; line-height: 1.25; }
[data-testid="stMain"] .figures { display: flex; flex-wrap: wrap; gap: 12px 64px; margin: 8px 0 16px; padding: 0; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { font-size: 0.8125rem; color: var(--second_ink); }
[data-testid="stMain"] .figures dd { margin: 0; font-size: 1.75rem; font-weight: 600; line-height: 1.25; }

/* A prediction: a rule on its left, its question in the headings' type. */
[class*="st-key-guess-"] { border-left: 3px solid var(--ink); padding: 4px 0 4px 24px; margin: 8px 0; gap: 12px; }
[class*="st-key-guess-"] > :first-child p:not(:first-child) {
  font: 500 1.25rem/1.45 "Source Serif", serif; max-width: 40rem; text-wrap: pretty;
}
[class*="st-key-marked-"] [data-testid="stMarkdownContainer"] { display: flex; flex-wrap: wrap; gap: 8px; margin: 0; }
[class*="st-key-marked-"] p { margin: 0; padding: 5px 12px; border: 1px solid var(--border); border-radius: 6px; }

[data-testid="stMain"] [data-testid="stTooltipIcon"] svg { width: 14px; height: 14px; stroke: var(--second_ink); }
button kbd { color: inherit !important; opacity: 1 !important; }

[data-testid="stSidebarHeader"] { position: absolute; inset: 0 12px auto auto; z-index: 1; }
[data-testid="stSidebarContent"] { padding: 0; scrollbar-gutter: auto; }
[data-testid="stSidebarNav"] { padding: 14px 0 8px; }
[data-testid="stSidebarNavItems"] > li::before {
  display: block; padding: 24px 22px 2px; font-size: 0.8125rem; color: var(--second_ink);
}
[data-testid="stSidebarNavLink"] {
  border-radius: 0; border-left: 3px solid transparent; padding: 0 19px; min-height: 32px;
}
[data-testid="stSidebarNavLink"] p { font-size: 0.9375rem; color: var(--ink); }
[data-testid="stSidebarNavLink"][aria-current] { border-left-color: var(--ink); background: var(--hairline); }
[data-testid="stSidebarNavLink"][aria-current] p { font-weight: 600; }
li:first-child [data-testid="stSidebarNavLink"] { background: transparent; border-left-color: transparent; }
li:first-child [data-testid="stSidebarNavLink"] p { font: 600 1.1875rem/1.3 "Source Serif", serif; }
:is([data-testid="stSidebarNavLink"], [data-testid="stPageLink-NavLink"]):focus-visible {
  outline: 2px solid var(--ink); outline-offset: -1px;
}
/* The framework's own ring is half as dark as it would have to be; a switch or a box for a tick has it on its label,
   a choice from a list about its field. */
[data-testid="stApp"] :is(a, button, summary, [role="slider"], [role="tab"]):focus-visible,
[data-testid="stApp"] [role="group"]:has(> input:focus-visible),
[data-testid="stApp"] label:has(input:is([type="checkbox"], [type="radio"]):focus-visible) {
  outline: 2px solid var(--ink); outline-offset: 2px;
}
[data-testid="stMain"]:focus-visible { outline: 2px solid var(--ink); outline-offset: -2px; }

@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 64px 20px 48px; }
  .st-key-lesson-head { margin-top: 0; }
  [class*="st-key-deeper-"] summary p > strong { flex: 1 1 auto; }
  [class*="st-key-deeper-"] summary p > [style] { display: none; }
  [data-testid="stHeader"] { background: var(--page); }
  [data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto; }
  .st-key-inspector-line { min-height: 228px; }
  .st-key-inspector-head { min-height: 84px; }
  .reach { margin-bottom: 0; }
  .reach .word { text-anchor: end; transform-box: fill-box; transform-origin: 100%% 50%%; transform: rotate(-60deg); }
  .reach .name.rnn { transform: translateY(-10px); }
  [data-testid="stMain"] .katex-display { padding-left: 0; }
  [data-testid="stMain"] h1 { font-size: 1.6875rem; }
  [data-testid="stMain"] .st-key-question h1 { font-size: 1.375rem; }
  [class*="st-key-answers-"] :is(table, tbody, tr, td) { display: block; }
  [class*="st-key-answers-"] thead { display: none; }
  [class*="st-key-answers-"] tr { border-bottom: 1px solid var(--hairline); padding: 8px 0; }
  [class*="st-key-answers-"] td { border: 0; padding: 1px 0; }
  [class*="st-key-answers-"] td:nth-child(n+2):not(:last-child) {
    display: inline-block; padding-right: 16px; white-space: normal;
  }
  [class*="st-key-answers-"] td:nth-child(2):not(:last-child)::before { content: "you: "; color: var(--second_ink); }
  [class*="st-key-answers-"] td:empty { display: none !important; }
  .figures { gap: 12px 28px; }
  [data-testid="stMain"] .katex { font-size: 1.08em; }
[data-testid="stMain"] [class*="st-key-finding"] p { font-size: 1.25rem; }
}
"""


def stylesheet(groups: Mapping[str, int], more: str = "") -> str:
    """Return the frame's `<style>` element: the palette as CSS variables and the rules of page, type and sidebar.

    A container whose key starts with `finding` sets its paragraphs as a figure's finding.

    Args:
        groups: Names of the navigation's groups with their numbers of pages, in order; "" has no name to show.
        more: Rules of single pages, which win over the frame's.
    """
    variables = "".join(f"--{role}: light-dark({light}, {dark});" for role, light, dark in _COLOURS)
    # A formula's colours are written into its elements; there the light colour stands for the role.
    symbols = "".join(
        f'.katex [style*="{_as_rgb(light)}"] {{ color: var(--{role}) !important; }}' for role, light, _ in _COLOURS
    )
    names = "".join(
        f'[data-testid="stSidebarNavItems"] > li:nth-child({first})::before {{ content: "{name}"; }}'
        for name, first in zip(groups, accumulate(groups.values(), initial=1), strict=False)
        if name
    )
    rules = _RULES % {"content": CONTENT_WIDTH, "sidebar": SIDEBAR_WIDTH}
    return f"<style>.stApp {{ {variables} }} {symbols} {rules} {names} {more}</style>"


def _as_rgb(colour: str) -> str:
    """Write `#0B7A9E` the way browsers keep it in a style attribute."""
    return f"rgb({', '.join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))})"
