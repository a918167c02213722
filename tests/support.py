"""What tests in several folders call."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.kit.rooms import DASHBOARD

PATIENCE = 60  # seconds, on a busy machine


def page_at(path: str, **query: str) -> AppTest:
    """The app at one of its addresses, not yet run.

    `AppTest.switch_page` knows a page by its file's name until the app has run once, and here all have the same.

    Args:
        path: Place in the address, such as "bptt"; "" is Home.
        **query: Its query.
    """
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=PATIENCE)
    app._page_hash = calc_hash(path)
    for name, value in query.items():
        app.query_params[name] = value
    return app
