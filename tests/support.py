"""What tests in several folders call."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator
    from streamlit.testing.v1 import AppTest

    from dashboard.kit.page_settings import PageSettings
    from quiz.grading.text.grader import TextGrade
    from quiz.schema import Open

PATIENCE = 120.0  # seconds after which what is waited for counts as lost, also on a slow and busy machine


def until(true: Callable[[], object]) -> None:
    """Look until something holds that another process or thread brings about, and fail if `PATIENCE` ends first."""
    deadline, pause = time.monotonic() + PATIENCE, threading.Event()
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.02)


_ports = count(20_000 + os.getpid() * 101 % 10_000)


def free_port() -> int:
    """A port that nobody listens at, and that nobody is given before it is taken: neither by the system nor here."""
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("there is always another")


def edit_cell(table: Locator, *, column: int, row: int) -> Locator:
    """Open a cell of an editable table by the keyboard: only its choice is tried again, so no other cell opens.

    Args:
        table: The table, settled.
        column: The cell's column, from 0; marks, steps and names of the rows count.
        row: Its row, from 0.

    Returns:
        The field that opened.
    """
    cell = table.get_by_test_id(f"glide-cell-{column}-{row}")
    until(lambda: cell.evaluate("cell => { cell.focus(); return cell.ariaSelected === 'true'; }"))
    table.page.keyboard.press("Enter")
    editor = table.page.locator("[id^=gdg-overlay] .gdg-input")
    editor.wait_for()
    return editor


def page_at(path: str, **query: str) -> AppTest:
    """The app at one of its addresses, not yet run.

    `AppTest.switch_page` knows a page by its file's name until the app has run once, and here all have the same.

    Args:
        path: Place in the address, such as "bptt"; "" is Home.
        **query: Its query.
    """
    from streamlit.testing.v1 import AppTest  # here: what starts every run of the tests imports this file
    from streamlit.util import calc_hash

    from dashboard.kit.rooms import DASHBOARD

    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=PATIENCE)
    app._page_hash = calc_hash(path)
    for name, value in query.items():
        app.query_params[name] = value
    return app


def unfolded(app: AppTest, lesson: str) -> AppTest:
    """A lesson's page with all that it folds under "Go deeper" opened, and run."""
    from dashboard.kit import words

    for anchor in words.sections(lesson):
        if anchor.startswith("deeper-"):
            app.session_state[f"deeper-{lesson}-{anchor.removeprefix('deeper-')}"] = True
    return app.run()


def keepers() -> Mapping[str, PageSettings[Any]]:
    """Every keeper of settings that a room's `controls.py` or `settings.py` makes, by its page."""
    from dashboard.kit.page_settings import PageSettings
    from dashboard.kit.rooms import DASHBOARD, files

    paths = [path for name in ("controls.py", "settings.py") for path in files(name).values()]
    names = [".".join(path.relative_to(DASHBOARD.parent).with_suffix("").parts) for path in paths]
    modules = [import_module(name) for name in names]
    found = {id(each): each for module in modules for each in vars(module).values() if isinstance(each, PageSettings)}
    by_page = {keeper.page: keeper for keeper in found.values()}
    assert len(by_page) == len(found), "two keepers of one page would share their widgets' keys"
    return by_page


@cache
def written(verdict: str, *, slip: bool = False, question: str = "") -> tuple[Open, str, TextGrade]:
    """An interview question, words about it that get a verdict today, and what was made of them.

    Args:
        verdict: The verdict, "undecided" included.
        slip: Whether a misconception must be named in them.
        question: The question's id; any by default.
    """
    from quiz.corpus.corpus import answers
    from quiz.grading.grade import judge_text
    from quiz.load import load_bank

    bank = load_bank()
    vague = [(name, text) for name in bank.interview for text in ("забывание", "Maybe it goes back somehow.", "x")]
    for name, text in [*((row.question, row.text) for row in answers("train")), *vague]:
        about = bank[name]
        said = judge_text(about, text) if about.kind == "open" and question in ("", name) else None
        if about.kind == "open" and said and said.verdict == verdict and (said.misconceptions or not slip):
            return about, text, said
    raise AssertionError(f"no answer is judged {verdict} today")


def paragraphs(app: AppTest, key: str) -> Any:
    """What the figure of a key says below itself."""
    (found,) = (each for each in app.get("bidi_component") if each.proto.id.endswith(f"-figure_{key}"))
    return json.loads(found.proto.bytes)["paragraphs"]
