"""Home: what this is, three ways in, one real run, the path through the lessons, and a short tour."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.home import controls as home
from dashboard.home import example
from dashboard.kit.lesson import INSPECTOR
from dashboard.kit.words import say


@st.cache_resource
def picture() -> ComponentRenderer:
    """The example's picture as an element of the page; `st.html` would strip the drawing."""
    drawing = example.picture(example.home_example())
    return st.components.v2.component("home_picture", html=drawing, isolate_styles=False)


st.title("Unrolled", anchor=False)
with st.container(key="finding-promise"):
    st.markdown(say("home", "promise"))
st.markdown(say("home", "now"))
learn = home.ways()
home.tour()

st.divider()
with st.container(key="finding-run"):
    st.markdown(example.home_example().finding)
picture()(key="home.picture")
st.caption(f"{say('home', 'figure')} {example.usual()}")

st.divider()
with st.container(key="home-path"):
    rows = home.path()
st.divider()
st.header(say("home", "able-title"), anchor=False)
st.markdown(say("home", "able"))

st.divider()
st.header(say("home", "examples"), anchor=False)
for name, settings in example.EXAMPLES.items():
    st.page_link(INSPECTOR, label=say("home", f"example-{name}"), query_params=settings.to_query())

place = home.place()  # last: what the learner has done comes from a store that takes long to load
with learn:
    home.way_on(place)
for name, row in rows.items():
    row.caption(home.done(place, name))
