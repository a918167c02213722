"""The picture frame: page configuration, styles and navigation. Each page lives in a folder of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

if (root := str(Path(__file__).resolve().parents[1])) not in sys.path:
    sys.path.append(root)  # `streamlit run` puts this folder on the path, not the one above; needed when not installed

from dashboard import warm
from dashboard.home import tour
from dashboard.kit import hosting, names, navigation, parts, theme
from dashboard.kit.boundary import part, start_over

A_DAY = 86_400  # seconds


@st.fragment(run_every=A_DAY)
def keep_in_touch() -> None:
    """Make an open page ask for a whole run when it finds its server restarted.

    Streamlit's page does so only if it has a timed fragment. Without one it sends the next press to the fragment it
    knows, which the new session does not, and nothing happens.
    """


st.set_page_config(
    page_title="Unrolled",
    page_icon=str(Path(__file__).with_name("icon.svg")),
    layout="wide",
    initial_sidebar_state=theme.SIDEBAR_WIDTH,
    menu_items={"About": "Recurrent networks, step by step, on your own sequence."},
)
try:
    hosting.announce(st.get_option("server.address"))
except hosting.HostedError as refused:  # `server.py` refuses to start
    st.error(str(refused))
    st.stop()
# Streamlit's own groups are not valid HTML and fail screen readers; one list is, and the styles set the groups' names.
teacher = over = False
if hosted := hosting.hosted():
    from dashboard.kit.people import carried, ended, stores, who  # the store behind them takes long to load

    warm.first_page()
    with part("Your sign-in"):
        teacher, over = who.person().teacher, who.ended()
        carried.arrive()
        stores.cleaning()
places = [place for group in navigation.groups(hosted=hosted, teacher=teacher).values() for place in group]
pages = [st.Page(each.file, title=each.title, url_path=each.path, default=not each.path) for each in places]
others = navigation.unlisted(hosted=hosted, teacher=teacher)
pages += [st.Page(each.file, title=each.title, url_path=each.path, visibility="hidden") for each in others]
page = st.navigation(pages, expanded=True)
st.html(navigation.stylesheet())

parts.begin()
with part("This page", {"Back to the defaults": start_over}):
    if over:
        ended.draw()
    elif page.url_path:
        warm.every_page()
    else:
        warm.first_page()
    if not over:
        tour.coach(page.url_path)
        page.run()
keep_in_touch()
names.in_words()
warm.begin()  # where no server.py has
