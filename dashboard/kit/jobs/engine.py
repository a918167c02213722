"""Which engine runs a server's experiments: its own processes, or the Dask cluster that `UNROLLED_DASK` names."""

from __future__ import annotations

import atexit
import os
import re
from importlib.util import find_spec

import streamlit as st

from dashboard.kit.jobs.desk import Engine
from dashboard.kit.jobs.pool import Pool

VARIABLE = "UNROLLED_DASK"
ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[\w.-]+):[0-9]{1,5}")


class DaskError(ValueError):
    """The variable UNROLLED_DASK cannot be followed; the message says what to mend."""


def scheduler() -> str:
    """Where the scheduler of a Dask cluster is, as the variable says; empty for a server that has none.

    Raises:
        DaskError: The variable holds no such address, or what talks to Dask is not installed.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if given and not ADDRESS.fullmatch(given):
        raise DaskError(
            f"{VARIABLE} is {given[:60]!r}; expected a scheduler's address such as tcp://scheduler:8786, or nothing "
            "for this server's own processes. Set one of these and start again."
        )
    if given and find_spec("distributed") is None:
        raise DaskError(f"{VARIABLE} is set, and Dask is not installed. Install the extra: uv sync --extra cluster")
    return given


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
