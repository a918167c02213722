"""The picture frame: page configuration, styles and navigation. Pages live in `app_pages/`."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import streamlit as st

if (root := str(Path(__file__).resolve().parents[1])) not in sys.path:
    sys.path.append(root)  # `streamlit run` puts this folder on the path, not the one above; needed when not installed

from dashboard import theme


@st.cache_resource
def settle_memory() -> None:
    """Move what the imports made out of the garbage collector's sight, once per process.

    Streamlit collects after every rerun; without this the collection walks through every imported module.
    """
    gc.collect()
    gc.freeze()


st.set_page_config(
    page_title="Unrolled",
    layout="wide",
    initial_sidebar_state=theme.SIDEBAR_WIDTH,
    menu_items={"About": "Recurrent networks, step by step, on your own sequence."},
)
groups = {
    "": [st.Page("app_pages/home.py", title="Unrolled", default=True)],
    "Explore": [st.Page("app_pages/inspector.py", title="Inspector", url_path="inspector")],
}
# Streamlit's own groups are not valid HTML and fail screen readers; one list is, and the styles set the groups' names.
page = st.navigation([entry for entries in groups.values() for entry in entries], expanded=True)
st.html(theme.stylesheet({name: len(entries) for name, entries in groups.items()}))

settle_memory()
page.run()
