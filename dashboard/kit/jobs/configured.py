"""Where a server's experiments run, as the environment variable UNROLLED_DASK says."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec

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
