"""The data statement: what is kept, how long, who sees what of it."""

import streamlit as st

from dashboard.kit.hosting import hosted
from dashboard.kit.people.carried import LIFE
from dashboard.kit.words import say
from quiz.store.database import MEMORY
from quiz.store.merging import DRAFT_DAYS, VISIT_DAYS
from quiz.store.workbenches import LIFE_DAYS

st.title("What is kept of you", anchor=False)
if hosted():
    kept = {"drafts": DRAFT_DAYS, "days": VISIT_DAYS, "memory": MEMORY >> 20, "minutes": LIFE.seconds // 60}
    kept["links"] = LIFE_DAYS
    st.markdown(say("data", "hosted").format(**kept))
else:
    st.markdown(say("data", "own"))
st.page_link("progress/page.py", label="Your data: take it along, or delete it")
