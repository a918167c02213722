"""One page of a lesson to print."""

import streamlit as st

from dashboard.handout import view
from dashboard.kit.words import say
from quiz.lessons import LESSONS

wanted = st.query_params.get("lesson", LESSONS[0])
lesson = wanted if wanted in LESSONS else LESSONS[0]
with st.container(key="handout"):
    view.head(lesson)
    view.beats(lesson)
    view.take_away(say(lesson, "take-away"))
