"""A visitor without a browser: one tab that speaks Streamlit's protocol over the websocket, as its page does.

It keeps what the page keeps, because the server's work depends on it: the elements on the screen with their fragments,
the state of every widget, the messages that may be sent again by their hash alone, the address.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import DoubleArray, StringArray
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

FIGURE = "bidi_component"
FOLD = "expandable"
QUIET = 0.4  # seconds without a message after which a finished change is taken to have no more consequences
PATIENCE = 30.0  # seconds after which a visitor has given up
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Traffic:
    """What came back after one thing a visitor did.

    Attributes:
        began: When it was done, in seconds of `time.perf_counter`.
        messages: How many messages came.
        size: Their bytes.
        runs: How many runs of the script or of a fragment began.
        figure: Seconds until the first figure's data was there, or None.
        finished: Seconds until the last run had ended, or None.
    """

    began: float = field(default_factory=time.perf_counter)
    messages: int = 0
    size: int = 0
    runs: int = 0
    figure: float | None = None
    finished: float | None = None

    @property
    def shown(self) -> float | None:
        """Seconds until there was something to see: the figure, or on a page without one its end."""
        return self.finished if self.figure is None else self.figure


@dataclass(frozen=True)
class Mounted:
    """An element on the screen: its kind, its message, the fragment and the run that drew it."""

    kind: str
    widget: Any
    fragment: str
    run: str

    @property
    def name(self) -> str:
        """What a person or the page's code calls it: the label, or the key."""
        return str(getattr(self.widget, "label", "")) or self.key

    @property
    def key(self) -> str:
        """The key its page gave it."""
        return str(self.widget.id).split("-", 2)[-1]


def state(kind: str, widget: Any) -> WidgetState | None:
    """What the page takes over from a widget that is new or was set by the script; None for one without a state."""
    given = widget.set_value if hasattr(widget, "set_value") else False
    match kind:
        case "slider" if widget.type == Slider.SELECT_SLIDER:
            chosen = list(widget.raw_value) if given else [widget.options[int(k)] for k in widget.default]
            return _state(widget, string_array_value=StringArray(data=chosen))
        case "slider":
            return _state(widget, double_array_value=DoubleArray(data=widget.value if given else widget.default))
        case "button_group":
            chosen = list(widget.raw_values) if given else [widget.options[k].content for k in widget.default]
            return _state(widget, string_array_value=StringArray(data=chosen))
        case "multiselect":
            chosen = list(widget.raw_values) if given else [widget.options[k] for k in widget.default]
            return _state(widget, string_array_value=StringArray(data=chosen))
        case "selectbox" | "radio" if given or widget.HasField("default"):
            return _state(widget, string_value=widget.raw_value if given else widget.options[widget.default])
        case "number_input":
            return _state(widget, double_value=widget.value if given else widget.default)
        case "text_input" | "text_area":
            return _state(widget, string_value=widget.value if given else widget.default)
        case "checkbox":
            return _state(widget, bool_value=widget.value if given else widget.default)
    return None


def changed(shown: Mounted, now: WidgetState | None, k: int) -> WidgetState:
    """The state after the k-th change: the next value up a slider (down again from its top), the next choice.

    Raises:
        ValueError: This kind of element can't be changed here.
    """
    widget = shown.widget
    match shown.kind:
        case "slider" if widget.type == Slider.SELECT_SLIDER and now is not None:
            return _state(widget, string_array_value=StringArray(data=[_next(widget.options, now)]))
        case "slider" if now is not None:
            steps = round((widget.max - widget.min) / widget.step)
            at = (round((now.double_array_value.data[0] - widget.min) / widget.step) + 1) % (steps + 1)
            return _state(widget, double_array_value=DoubleArray(data=[widget.min + at * widget.step]))
        case "button_group" if now is not None:
            following = _next([option.content for option in widget.options], now)
            return _state(widget, string_array_value=StringArray(data=[following]))
        case "selectbox" | "radio" if now is not None:
            options = list(widget.options)
            return _state(widget, string_value=options[(options.index(now.string_value) + 1) % len(options)])
        case "number_input" if now is not None:
            return _state(widget, double_value=now.double_value + widget.step)
        case "checkbox" if now is not None:
            return _state(widget, bool_value=not now.bool_value)
        case "button":
            return _state(widget, trigger_value=True)
        case "bidi_component":
            return _state(widget, json_value=json.dumps({"t": k}))
    raise ValueError(f"can't change {shown.kind} {shown.name!r}; expected a slider, a choice, a figure or the like")


def _state(widget: Any, **value: Any) -> WidgetState:
    return WidgetState(id=widget.id, **value)


def _next(options: Any, now: WidgetState) -> str:
    chosen = list(now.string_array_value.data)
    return str(options[(list(options).index(chosen[0]) + 1) % len(options)] if chosen else options[0])


class Visitor:
    """One tab on one page."""

    def __init__(
        self, port: int, page: str, address: str | None = None, cookies: Mapping[str, str] | None = None
    ) -> None:
        """Open nothing yet.

        Args:
            port: The server's, on this machine.
            page: Path of the page with its query, such as "gates?gap=3"; "" for the first one.
            address: Where a proxy says the visitor comes from; None comes without a proxy, as on one's own machine.
            cookies: What the browser keeps of this server; those that come with the connection are added.
        """
        self.url = f"127.0.0.1:{port}"
        self.page, _, self.query = page.lstrip("/").partition("?")
        self.address = {"X-Forwarded-For": address} if address else {}
        self.cookies = dict(cookies or {})
        self.session = ""
        self.refreshed: dict[str, float] = {}
        self.script = ""
        self.oldest = 0
        self.run = ("", [])
        self.shown: dict[tuple[int, ...], Mounted] = {}
        self.states: dict[str, WidgetState] = {}
        self.cached: dict[str, tuple[ForwardMsg, str, int]] = {}
        self.ends = 0
        self.traffic = Traffic()
        self.news = asyncio.Event()

    async def open(self) -> Traffic:
        """Connect, ask for the page, and wait until it is whole.

        Called again after the connection was lost, it does what the page does then: it names the session that it was
        in, and sends what stands in the fields.
        """
        self.traffic = Traffic()
        self.socket: ClientConnection = await connect(
            f"ws://{self.url}/_stcore/stream", origin=f"http://{self.url}", additional_headers=self.headers,
            subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([self.session] if self.session else [])],
            max_size=None, open_timeout=PATIENCE, ping_interval=None,
        )  # fmt: skip
        assert self.socket.response is not None
        for cookie in self.socket.response.headers.get_all("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.reading = asyncio.create_task(self._read())
        self.reading.add_done_callback(lambda _: self.news.set())
        await self._ask()
        return await self._settled()

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.address | ({"Cookie": cookies} if cookies else {})

    async def close(self) -> None:
        """Leave, if the visitor has come at all."""
        if hasattr(self, "socket"):
            self.reading.cancel()
            await asyncio.gather(self.reading, self.socket.close(), return_exceptions=True)

    def find(self, name: str) -> Mounted:
        """The element with this label or key.

        Raises:
            LookupError: There is none on the screen; those that are there are named.
        """
        widgets = [shown for shown in self.shown.values() if getattr(shown.widget, "id", "")]
        for shown in widgets:
            if name in (shown.name, shown.key):
                return shown
        there = ", ".join(repr(shown.name) for shown in widgets)
        raise LookupError(f"no {name!r} on /{self.page}; expected one of {there}")

    async def change(self, name: str, k: int) -> Traffic:
        """Change a widget, and wait until all that follows from it is there."""
        shown = self.find(name)
        after = changed(shown, self.states.get(shown.widget.id), k)
        self.states[after.id] = after
        self.traffic = Traffic()
        await self._ask(shown.fragment)
        if after.trigger_value:
            del self.states[after.id]
        return await self._settled()

    async def give(self, name: str, text: str) -> Traffic:
        """Type into a field or choose an option by its label, and wait until all that follows from it is there."""
        shown = self.find(name)
        self.states[shown.widget.id] = _state(shown.widget, string_value=text)
        self.traffic = Traffic()
        await self._ask(shown.fragment)
        return await self._settled()

    async def watch(self, seconds: float) -> None:
        """Look at the page for so long: what it refreshes by itself is refreshed."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await asyncio.sleep(min([1.0, *self.refreshed.values()]))
            for fragment in list(self.refreshed):
                self.traffic = Traffic()
                await self._ask(fragment, by_itself=True)
                await self._settled()

    def folds(self) -> list[Mounted]:
        """What is folded and asks the server for its content when it is opened, in the page's order."""
        in_order = (self.shown[path] for path in sorted(self.shown))
        return [shown for shown in in_order if shown.kind == FOLD and shown.widget.id]

    async def unfold(self, name: str) -> Traffic:
        """Open a fold, by its key."""
        shown = self.find(name)
        self.states[shown.widget.id] = _state(shown.widget, bool_value=True)
        self.traffic = Traffic()
        await self._ask(shown.fragment)
        return await self._settled()

    async def _ask(self, fragment: str = "", *, by_itself: bool = False) -> None:
        """Ask for a run of the page, or of the fragment that a changed widget belongs to."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.fragment_id = self.query, self.script, fragment
        asked.is_auto_rerun = by_itself
        asked.page_name = "" if self.script else self.page
        asked.widget_states.widgets.extend(self.states.values())
        asked.cached_message_hashes.extend(self.cached)
        asked.context_info.timezone, asked.context_info.locale = "Europe/Berlin", "en"
        asked.context_info.url, asked.context_info.color_scheme = f"http://{self.url}/{self.page}", "light"
        await self.socket.send(message.SerializeToString())

    async def _settled(self) -> Traffic:
        while not self.reading.done():
            self.news.clear()
            ended = self.traffic.finished is not None
            left = self.traffic.began + PATIENCE - time.perf_counter()
            try:
                await asyncio.wait_for(self.news.wait(), QUIET if ended else max(left, 0))
            except TimeoutError:
                return self.traffic
        self.reading.result()
        raise ConnectionError(f"the server has closed the connection of /{self.page}")

    async def _read(self) -> None:
        async for data in self.socket:
            assert isinstance(data, bytes)
            self.traffic.messages += 1
            self.traffic.size += len(data)
            self._take(ForwardMsg.FromString(data))
            self.news.set()

    def _take(self, message: ForwardMsg) -> None:
        """Do with a message what the page does with it."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            known, fragment, _ = self.cached[message.ref_hash]
            self.cached[message.ref_hash] = known, fragment, self.ends
            self._draw(known, message)
        elif kind == "delta":
            if message.metadata.cacheable:
                self.cached[message.hash] = message, message.delta.fragment_id, self.ends
            self._draw(message, message)
        elif kind == "new_session":
            self.traffic.runs += 1
            self.traffic.finished = None
            self.run = (message.metadata.run.script_run_id, list(message.metadata.run.fragment_ids))
            self.script = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id or self.session
            self.oldest = message.new_session.config.max_cached_message_age
            if not self.run[1]:
                self.refreshed = {}
        elif kind == "auto_rerun":
            self.refreshed[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.refreshed.pop(fragment, None)
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished" and message.script_finished in ENDED:
            self.traffic.finished = time.perf_counter() - self.traffic.began
            self._sweep()

    def _draw(self, message: ForwardMsg, place: ForwardMsg) -> None:
        """Put an element on the screen and take over its state if it is new or set by the script."""
        if message.delta.add_block.HasField(FOLD):
            fold = Mounted(FOLD, message.delta.add_block.expandable, message.delta.fragment_id, self.run[0])
            self.shown[tuple(place.metadata.delta_path)] = fold
        if message.delta.WhichOneof("type") != "new_element":
            return
        kind = message.delta.new_element.WhichOneof("type")
        widget = getattr(message.delta.new_element, kind)
        if kind == "exception":
            raise RuntimeError(f"/{self.page} shows an error: {widget.type} {widget.message}")
        shown = Mounted(kind, widget, message.delta.fragment_id, self.run[0])
        self.shown[tuple(place.metadata.delta_path)] = shown
        if kind == FIGURE and self.traffic.figure is None:
            self.traffic.figure = time.perf_counter() - self.traffic.began
        known = self.states.get(getattr(widget, "id", ""))
        if (known is None or getattr(widget, "set_value", False)) and (fresh := state(kind, widget)) is not None:
            self.states[fresh.id] = fresh

    def _sweep(self) -> None:
        """At the end of a run forget what it has not drawn again, and messages that were not sent for some runs."""
        run, fragments = self.run
        self.shown = {
            path: shown
            for path, shown in self.shown.items()
            if shown.run == run or (fragments and shown.fragment not in fragments)
        }
        alive = {getattr(shown.widget, "id", "") for shown in self.shown.values()}
        self.states = {name: value for name, value in self.states.items() if name in alive}
        self.ends += 1
        self.cached = {
            name: kept
            for name, kept in self.cached.items()
            if (fragments and kept[1] not in fragments) or self.ends - kept[2] <= self.oldest
        }
