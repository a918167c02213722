import streamlit as st

st.title("assignment", anchor=False)
