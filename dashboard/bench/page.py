"""RNN or LSTM, compared fairly: the grid of all runs, the ways to be fair, and the best run again."""

import streamlit as st

from core.experiments.bench import PROBLEMS, RATES, STARTS, stored
from dashboard.bench import compute, view
from dashboard.bench.settings import EQUAL, NAMES, PAGE
from dashboard.figure import figure
from dashboard.kit.parts import part
from dashboard.kit.words import escaped, say

ALIVE = "task"
BENCH = "bench"


def compared() -> None:
    """The problem, and all that the runs say of it."""
    settings = PAGE.collect()
    PAGE.publish(settings)
    rules = compute.stored_rules(settings.shown, settings.size)
    with st.container(key="finding-bench"):
        st.markdown(view.finding(settings, rules, stored()))
    with st.container(horizontal=True, gap="medium"):
        PAGE.choice("Task and distance", "task", NAMES)
        PAGE.choice("The same number of", "equal", EQUAL)
    figure(view.grid(settings, stored()), key="bench-grid")
    st.caption(f"{view.units(settings)} {say(BENCH, 'grid')}")
    st.divider()
    st.header("Ways to be fair", anchor="ways")
    with st.container(key="finding-ways"):
        st.markdown(view.separating(rules))
    figure(view.ways(rules), key="bench-ways")
    st.caption(say(BENCH, "rules"))
    st.divider()
    st.header("Does the best stay the best?", anchor="again")
    st.markdown(say(BENCH, "again"))
    figure(view.again(settings, stored()), key="bench-again")


st.caption(f"Explore · {len(PROBLEMS)} problems, {len(STARTS)} starts, {len(RATES)} learning rates")
st.title(say(BENCH, "title"), anchor=False)
with st.container(key="lesson-promise"):
    st.markdown(say(BENCH, "promise"))
for problem in PAGE.restored(alive=ALIVE)[1]:
    st.info(escaped(problem))
part("bench.compared", compared, what="The comparison", ways=PAGE.back(), tall=True)
st.divider()
st.header("Speed, horizon, what is learned", anchor="horizon")
st.markdown(say(BENCH, "horizon"))
st.page_link("claims/page.py", label="The horizon on trial", query_params={"claim": "compare-7-horizon-decides"})
st.divider()
st.header("What this does not say", anchor="limits")
st.markdown(say(BENCH, "limits"))
st.download_button(
    "Download all runs, CSV",
    lambda: view.download(stored()),
    "bench.csv",
    "text/csv",
    on_click="ignore",
    key="bench-csv",
)
st.divider()
st.caption("Take away")
with st.container(key="finding-take-away"):
    st.markdown(say(BENCH, "take-away"))
