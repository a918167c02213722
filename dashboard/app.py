"""The picture frame: page configuration, styles and navigation. Pages live in `app_pages/`."""

from __future__ import annotations

import gc

import streamlit as st

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
st.html(theme.stylesheet())

home = st.Page("app_pages/home.py", title="Unrolled", default=True)
groups = {
    "Explore": [st.Page("app_pages/inspector.py", title="Inspector", url_path="inspector")],
}
page = st.navigation([home, *(entry for pages in groups.values() for entry in pages)], position="hidden")

with st.sidebar:  # Streamlit's own grouped list of pages is not valid HTML and fails screen readers
    with st.container(key="frame_name"):
        st.page_link(home)
    for name, pages in groups.items():
        st.caption(name)
        for entry in pages:
            with st.container(key="frame_here" if entry == page else None):
                st.page_link(entry)

settle_memory()
page.run()
