"""Home: what this is and the way in."""

import streamlit as st

st.title("Unrolled")
