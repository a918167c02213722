"""Experiments that take their time, beside the pages: `desk` has jobs and limits, `engine` says where they run."""


def ready() -> str:
    """Why experiments cannot run now, in words for whoever keeps the server; empty when they can. Never waits."""
    from dashboard.kit.jobs.engine import engine  # a Dask worker imports this package, and needs no Streamlit

    return engine().ready()
