"""The quiz: practice, review and mock interview."""

import streamlit as st

from dashboard.kit.words import escaped
from dashboard.practice import interviewing, practising, start
from quiz.store import StoreError

mode = st.query_params.get("mode", "")
try:
    if mode == "interview":
        interviewing.draw()
    elif mode == "practice":
        practising.draw("practice")
    elif mode == "review":
        practising.draw("review")
    else:
        start.draw()
except StoreError as problem:
    st.error(escaped(str(problem)))
