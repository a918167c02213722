"""Coming back by a private link: a script in the page's head follows it before this is drawn."""

import streamlit as st

from dashboard.kit.hosting import hosted
from dashboard.kit.words import say

st.title("Coming back", anchor=False)
st.markdown(say("resuming", "coming" if hosted() else "local"))
