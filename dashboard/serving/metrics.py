"""Figures for whoever watches a hosted server (`/metrics`), in Prometheus' text form, without identities.

They answer a program on this machine, and whoever has the token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hmac import compare_digest
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.kit import hosting
from dashboard.serving import engine, plain
from dashboard.serving.counts import Counts
from dashboard.serving.ready import Part, Ready
from dashboard.serving.settings import Settings
from dashboard.serving.stopping import Stopping

ROUTE = "metrics"
MISSING = "The figures need a library that is not installed. Install Unrolled with its extra: unrolled[hosted]\n"
CLASSES = ("2xx", "3xx", "4xx", "5xx")
CAUSES = ("address", "closed", "full", "host", "large", "long", "rate", "restarting")


class Metrics:
    """ASGI middleware that answers at the route; anything else passes as it is.

    Args:
        inner: The server below.
        settings: The token, and the number of places.
        counts: What was counted.
        ready: Asks the server's parts.
        stopping: Whether the server is being stopped, and its places.
        base: The path below which the app lies, with a slash at both ends; without it the route answers as well.
    """

    def __init__(
        self, inner: ASGIApp, settings: Settings, counts: Counts, ready: Ready, stopping: Stopping, base: str
    ) -> None:
        self.inner, self.settings, self.counts, self.ready, self.stopping = inner, settings, counts, ready, stopping
        self.paths = {f"/{ROUTE}", f"{base}{ROUTE}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] not in self.paths:
            await self.inner(scope, receive, send)
        elif scope["method"] != "GET" or not self.may_read(scope):
            await plain.refuse(scope, receive, send, "closed", 404)
        else:
            found = await self.ready.look()
            await self.answer(found)(scope, receive, send)

    def may_read(self, scope: Scope) -> bool:
        """Whether the figures are for whoever asks."""
        headers, peer = Headers(scope=scope), scope.get("client")
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if given and scheme.lower() == "bearer" and self.settings.token:
            return compare_digest(given.strip().encode(), self.settings.token.encode())
        return not given and hosting.at_home(peer[0] if peer else None, headers.items())

    def answer(self, found: Mapping[str, Part]) -> Response:
        """All figures."""
        try:
            from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
            from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as KIND
        except ModuleNotFoundError:
            return PlainTextResponse(MISSING, 501)
        registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        registry.register(self.collector(found))
        return Response(generate_latest(registry), headers={"Content-Type": KIND, "Cache-Control": "no-store"})

    def collector(self, found: Mapping[str, Part]) -> Any:
        """What gives the figures to the library."""
        families = list(self.families(found))

        class Collector:
            def collect(self) -> Iterator[Any]:
                return iter(families)

        return Collector()

    def families(self, found: Mapping[str, Part]) -> Iterator[Any]:
        """Our own figures, beside those of the process."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        def gauge(name: str, says: str, value: float) -> Any:
            return GaugeMetricFamily(f"unrolled_{name}", says, value)

        def counters(name: str, says: str, label: str, known: tuple[str, ...], values: Mapping[str, int]) -> Any:
            family = CounterMetricFamily(f"unrolled_{name}", says, labels=[label])
            for each in sorted({*known, *values}):  # those not seen yet as well, so that a rate has a beginning
                family.add_metric([each], values.get(each, 0))
            return family

        yield gauge("sessions", "Pages that are open.", self.stopping.seats.taken)
        yield gauge("sessions_most", "Pages that may be open at once.", self.settings.sessions)
        yield gauge("stopping", "Whether the server is being stopped.", self.stopping.began)
        yield CounterMetricFamily(
            "unrolled_messages", "What open pages sent; each is a run of a page or a part of it.", self.counts.messages
        )
        yield counters("http_answers", "Answers by the class of their status.", "class", CLASSES, self.counts.answers)
        yield counters(
            "refusals", "Requests and pages that were refused, by cause.", "cause", CAUSES, self.counts.refusals
        )
        up = GaugeMetricFamily("unrolled_part_up", "Whether a part of the server can be used.", labels=["part"])
        took = GaugeMetricFamily("unrolled_part_seconds", "How long its last answer took.", labels=["part"])
        for name, part in found.items():
            up.add_metric([name], not part.problem)
            took.add_metric([name], part.seconds)
        yield from (up, took)
        yield self.jobs()

    def jobs(self) -> Any:
        """Experiments at work and waiting."""
        from prometheus_client.core import GaugeMetricFamily

        running, waiting = engine.load()
        family = GaugeMetricFamily("unrolled_experiments", "Experiments, by what they do.", labels=["state"])
        family.add_metric(["running"], running)
        family.add_metric(["waiting"], waiting)
        return family
