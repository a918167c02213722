r"""Names of controls in words, for those who hear a page.

Streamlit names a control by its label's Markdown: "Forget gate $\textcolor{f}{f_t}$" would be read out sign by sign.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


@st.cache_resource
def _renderer() -> ComponentRenderer:
    """The component, registered once; its script travels with the first page."""
    script = Path(__file__).with_name("names.js").read_text(encoding="utf-8")
    return st.components.v2.component("unrolled_names", js=script)


def in_words() -> None:
    """Have every control of the page named in words from now on."""
    _renderer()(key="names")
