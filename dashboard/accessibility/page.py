"""The accessibility statement, as it stands in `docs/accessibility.md`."""

import streamlit as st

from dashboard.accessibility.statement import text

st.title("Accessibility", anchor=False)
with st.container(key="statement"):
    st.markdown(text())
