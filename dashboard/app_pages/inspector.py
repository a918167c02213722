"""The Inspector."""

import streamlit as st

st.title("Inspector")
