"""The log of a hosted server as one JSON object a line, without what could tell who somebody is or what they wrote.

Of an error its kind and where it happened are kept, and not its message, which may repeat what was typed. Ids of
sessions, queries, e-mail addresses and, unless they are wanted, network addresses are taken out of any message.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from streamlit import logger as streamlit_logger

from dashboard.kit.proxies import parsed

FIELDS = "unrolled"
"""The attribute of a record that holds more fields of its line."""
OUT = "…"
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_LONG = re.compile(r"\b[A-Za-z0-9_-]{32,}\b")  # tokens and secrets
_QUERY = re.compile(r"\?[^\s'\"]*=[^\s'\"]*")
_EMAIL = re.compile(r"[^\s@'\"<>]+@[^\s@'\"<>]+\.[^\s@'\"<>]+")
_ADDRESS = re.compile(
    r"(?<!\w)\[?[0-9a-f:.]*[:.][0-9a-f:.]*[0-9a-f]\]?(:\d+)?(?!\w)", re.IGNORECASE
)  # and much that is none
_URL_USER = re.compile(r"//[^\s/@]*@")  # a name and a password
LONGEST = 1_000  # characters of a message
FRAMES = 12  # of an error, the innermost


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    Args:
        addresses: Whether network addresses may stand there.
    """

    def __init__(self, *, addresses: bool = False) -> None:
        super().__init__()
        self._addresses = addresses

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._without(record.getMessage()),
        }
        line |= getattr(record, FIELDS, {})
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "at": places(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False)

    def _without(self, message: str) -> str:
        message = message.partition("Traceback (most recent call last)")[0][:LONGEST]
        for pattern in (_UUID, _LONG, _QUERY, _URL_USER, _EMAIL):
            message = pattern.sub(OUT, message)
        if not self._addresses:
            message = _ADDRESS.sub(lambda found: OUT if parsed(found[0]) else found[0], message)
        return message.strip()


def places(found: TracebackType | None) -> list[str]:
    """Where an error happened: files, lines and functions, the innermost last."""
    frames = traceback.extract_tb(found)[-FRAMES:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


def begin(*, addresses: bool) -> None:
    """Have every logger write so, those that Streamlit makes later too."""
    formatter = JsonFormatter(addresses=addresses)
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stderr))
    loggers = [root, *(each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger))]
    handlers = {handler for each in loggers for handler in each.handlers}
    for handler in handlers | ({logging.lastResort} if logging.lastResort else set()):  # what no handler takes
        handler.setFormatter(formatter)
    access = logging.getLogger("unrolled.access")
    access.setLevel(logging.INFO)
    plain = streamlit_logger.setup_formatter

    def setup_formatter(logger: logging.Logger) -> None:
        plain(logger)
        logger.streamlit_console_handler.setFormatter(formatter)  # type: ignore[attr-defined]

    streamlit_logger.setup_formatter = setup_formatter
