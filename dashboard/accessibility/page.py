import streamlit as st

st.title("accessibility", anchor=False)
