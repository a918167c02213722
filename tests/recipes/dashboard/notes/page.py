"""A page that is no lesson."""

import streamlit as st

from dashboard.kit.words import say

st.title(say("notes", "title"), anchor=False)
st.markdown(say("notes", "first"))
