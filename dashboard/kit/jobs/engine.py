"""Which engine runs a server's experiments: its own processes, or the Dask cluster that is configured."""

from __future__ import annotations

import atexit
import os

import streamlit as st

from dashboard.kit.jobs.configured import scheduler
from dashboard.kit.jobs.desk import Engine
from dashboard.kit.jobs.pool import Pool


@st.cache_resource(show_spinner=False)
def engine() -> Engine:
    """The engine of this server."""
    made: Engine
    if address := scheduler():
        from dashboard.kit.jobs.cluster import Cluster

        made = Cluster(address)
    else:
        made = Pool(max(1, os.cpu_count() or 1))
    atexit.register(made.close)
    return made
