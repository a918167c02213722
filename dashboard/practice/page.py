"""The quiz: practice, review and mock interview."""

import streamlit as st

from dashboard.practice import interviewing, practising, report, start

mode = st.query_params.get("mode", "")
if mode == "interview":
    interviewing.draw()
elif mode == "debrief":
    report.draw(st.query_params.get("k", "")[:60])
elif mode == "practice":
    practising.draw("practice")
elif mode == "review":
    practising.draw("review")
else:
    start.draw()
