"""What Streamlit offers and a hosted server does not."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from asgi import Below, ask, scope

from dashboard.serving.closed import Closed
from dashboard.serving.counts import Counts

SHUT = ("_stcore/metrics", "_stcore/agent/interact", "_stcore/agent/openapi.json", "_stcore/agent/mcp", "_stcore/agent",
        "_stcore/metrics/", "_stcore/script-health-check", "_stcore/%6detrics")  # fmt: skip


@pytest.mark.parametrize("base", ["/", "/courses/rnn/"])
@pytest.mark.parametrize("path", SHUT)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_figures_and_agents_find_nothing(base: str, path: str, method: str) -> None:
    """By any method, also below a path of the server's own."""
    below, counts = Below(), Counts()
    answer = ask(Closed(below, counts, base), scope(base + unquote(path), method=method))
    assert (answer.status, below.asked, counts.refusals["closed"]) == (404, [], 1)


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/stream", "/_stcore/metricsx", "/metrics", "/agent"])
def test_anything_else_passes(path: str) -> None:
    """What pages need, and names that only begin alike."""
    assert ask(Closed(Below(), Counts(), "/"), scope(path)).status == 200
