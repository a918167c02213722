"""Home: what this is, one real run, and the way into the Inspector."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard import example
from dashboard.words import say

INSPECTOR = "app_pages/inspector.py"


@st.cache_resource
def picture() -> ComponentRenderer:
    """The example's picture as an element of the page; `st.html` would strip the drawing."""
    drawing = example.picture(example.home_example())
    return st.components.v2.component("home_picture", html=drawing, isolate_styles=False)


st.title("Unrolled", anchor=False)
with st.container(key="finding-promise"):
    st.markdown(say("home", "promise"))
st.markdown(say("home", "now"))
if st.button("Open the Inspector", type="primary", key="home.open"):
    st.switch_page(INSPECTOR)

st.divider()
with st.container(key="finding-run"):
    st.markdown(example.home_example().finding)
picture()(key="home.picture")
st.caption(say("home", "figure"))

st.divider()
for column, anchor in zip(st.columns(3, gap="medium"), ("rnn", "bptt", "lstm"), strict=True):
    column.markdown(say("home", anchor))

st.divider()
st.header(say("home", "examples"), anchor=False)
for name, settings in example.EXAMPLES.items():
    st.page_link(INSPECTOR, label=say("home", f"example-{name}"), query_params=settings.to_query())
