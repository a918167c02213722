"""Home: three ways in, two trained networks that read one text, the path through the lessons, and the tour."""

from functools import partial

import streamlit as st

from dashboard.home import controls as home
from dashboard.home import pair, tour
from dashboard.kit import lesson
from dashboard.kit.words import say

HOME = "home"


def examples() -> None:
    """Ways into the Inspector with something to look at."""
    for name, settings in home.EXAMPLES.items():
        st.page_link(lesson.INSPECTOR, label=say(HOME, f"example-{name}"), query_params=settings.to_query())


def networks() -> None:
    """The networks of the figure by name, and how usual they are."""
    st.markdown(say(HOME, "networks"))
    st.markdown(pair.cards())


def handouts() -> None:
    """A page to print for each lesson."""
    st.markdown(say(HOME, "handouts"))
    home.handouts()


st.title("Unrolled", anchor=False)
with st.container(key="lesson-promise"):
    st.markdown(say(HOME, "promise"))
learn, practise = home.ways()
tour.offer()
with st.container(key="home-room"), st.container(key="home-figure"):
    home.figure()
    st.caption(pair.usual())
with st.container(key="home-path"):
    rows = home.path()
lesson.deeper(HOME, "able", partial(lesson.say, HOME, "able"))
lesson.deeper(HOME, "examples", examples)
lesson.deeper(HOME, "networks", networks)
lesson.deeper(HOME, "checked", partial(lesson.say, HOME, "now"))
lesson.deeper(HOME, "handouts", handouts)

place = home.place()  # last: what the learner has done comes from a store that takes long to load
with learn:
    home.way_on(place)
with practise:
    home.way_to_practice(place)
for name, row in rows.items():
    row.caption(home.done(place, name))
