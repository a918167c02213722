"""Whether the process lives (`/healthz`) and whether it can take visitors (`/readyz`), for whatever watches it.

Both answer anybody, under any name, with JSON and without a cookie; neither is counted or written to a log.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.serving.ready import Ready
from dashboard.serving.stopping import Stopping

HEALTH, READY = "healthz", "readyz"
SPARED = frozenset({"experiments"})
"""Parts without which a server still has work to do: taking every replica out because a cluster is away would close the
lessons and the quiz as well."""
FRESH = {"Cache-Control": "no-store"}


class Probes:
    """ASGI middleware that answers at these two addresses; anything else passes as it is.

    Args:
        inner: The server below.
        ready: Asks the server's parts.
        stopping: Whether the server is being stopped.
        base: The path below which the app lies, with a slash at both ends; without it they answer as well.
    """

    def __init__(self, inner: ASGIApp, ready: Ready, stopping: Stopping, base: str) -> None:
        self.inner, self.ready, self.stopping = inner, ready, stopping
        self.paths = {f"{at}{name}": name for at in ("/", base) for name in (HEALTH, READY)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        name = self.paths.get(scope["path"]) if scope["type"] == "http" else None
        if name is None:
            await self.inner(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            answer: Response = JSONResponse({"problem": "ask with GET"}, 405, {"Allow": "GET, HEAD", **FRESH})
        else:
            answer = self.health() if name == HEALTH else await self.readiness()
        if scope["method"] == "HEAD":
            answer.body = b""
        await answer(scope, receive, send)

    def health(self) -> Response:
        """The process answers, and says whether it is about to end."""
        state = "stopping" if self.stopping.began else "running"
        return JSONResponse({"healthy": True, "state": state}, headers=FRESH)

    async def readiness(self) -> Response:
        """Each part, "ok" or what is wrong with it; 503 if it is one that visitors cannot do without."""
        found = await self.ready.look()
        parts = {name: part.problem or "ok" for name, part in found.items()}
        parts["server"] = "is being stopped" if self.stopping.began else "ok"
        ready = all(problem == "ok" for name, problem in parts.items() if name not in SPARED)
        return JSONResponse({"ready": ready, "parts": parts}, 200 if ready else 503, FRESH)
