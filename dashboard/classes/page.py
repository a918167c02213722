import streamlit as st

st.title("classes", anchor=False)
