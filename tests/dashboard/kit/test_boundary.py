"""The boundary: what fails in a part of a page or in a callback is told there, and everything else stands."""

from __future__ import annotations

import ast
import logging
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from support import PATIENCE, page_at, unfolded

from dashboard.kit import boundary
from dashboard.kit.rooms import DASHBOARD
from quiz.errors import StoreError
from quiz.lessons import LESSONS

SOURCES = sorted(path for path in DASHBOARD.rglob("*.py") if "node_modules" not in path.parts)
OURS = "is a fault of this program"


def opened(path: str, **query: str) -> AppTest:
    """A page, by its place in the address, after its first run."""
    return page_at(path, **query).run()


def parts() -> None:
    """A page of three parts whose second fails as the session's state says, and whose last has a faulty button."""
    import streamlit as st

    from core.errors import InputError
    from dashboard.kit.boundary import caught, part
    from quiz.errors import StoreError

    def fail() -> None:
        match st.session_state.get("how"):
            case "ours":
                raise KeyError("secret")
            case "theirs":
                raise InputError(["Row *1* is empty.", "Row 2 is <b>long</b>."])
            case "store":
                raise StoreError("The file cannot be read.")
            case "stop":
                st.stop()
            case "rerun":
                st.session_state.how = None
                st.rerun()

    st.markdown("before")
    with part("The middle", {"Mend it": lambda: st.session_state.update(how=None)}):
        st.markdown("begun")
        fail()
        st.markdown("done")

    @part("The end")
    def end() -> str:
        fail()
        return "whole"

    st.markdown(f"after {end()}")
    st.button("Press", on_click=caught(fail))
    st.button("Send", on_click=caught(fail, lambda: "“file_1”"))


def words(app: AppTest) -> list[str]:
    """All words of a page."""
    return [element.value for element in app.markdown]


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button that says so."""
    return next(button for button in app.button if button.label == label).click().run()


@pytest.fixture
def page() -> AppTest:
    """The made-up page after its first run."""
    return AppTest.from_function(parts, default_timeout=PATIENCE).run()


def test_a_part_that_works_is_left_alone(page: AppTest) -> None:
    """Nothing is added to it, and a function gives what it gave."""
    assert words(page) == ["before", "begun", "done", "after whole"]
    assert not page.error
    assert not page.warning


def test_a_fault_of_ours_is_told_in_its_place_and_logged(page: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    """The parts around it stand, nothing of the error itself is shown, and the log has the traceback."""
    page.session_state.how = "ours"
    page.run()
    assert not page.exception
    assert words(page) == ["before", "begun", "after None"]
    assert [error.value.partition(" failed. ")[0] for error in page.error] == ["**The middle**", "**The end**"]
    assert all(OURS in error.value and "secret" not in error.value for error in page.error)
    records = [record for record in caplog.records if record.name == "dashboard.kit.boundary"]
    assert [(record.levelno, record.getMessage()) for record in records] == [
        (logging.ERROR, "The middle failed"),
        (logging.ERROR, "The end failed"),
    ]
    assert records[0].exc_info
    assert "secret" in str(records[0].exc_info[1])


def test_what_a_person_can_mend_is_told_in_its_own_words(page: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    """Each problem is a sentence, read literally; it is no fault of ours and no matter for the log."""
    page.session_state.how = "theirs"
    page.run()
    assert page.warning[0].value == "- Row \\*1\\* is empty\\.\n- Row 2 is \\<b\\>long\\</b\\>\\."
    page.session_state.how = "store"
    page.run()
    assert page.error[0].value == "The file cannot be read\\."
    assert not [record for record in caplog.records if record.name == "dashboard.kit.boundary"]


def test_ways_out_are_offered_and_work(page: AppTest) -> None:
    """The part's own way mends it; after a fault of ours there is at least one to try again."""
    page.session_state.how = "ours"
    page.run()
    assert [button.label for button in page.button] == ["Mend it", "Try again", "Press", "Send"]
    press(page, "Mend it")
    assert words(page) == ["before", "begun", "done", "after whole"]


@pytest.mark.parametrize(("how", "shown"), [("stop", ["before", "begun"]), ("rerun", ["before", "begun", "done"])])
def test_stopping_and_running_again_are_no_errors(page: AppTest, how: str, shown: list[str]) -> None:
    """`st.stop` ends the page and `st.rerun` begins it anew, as they do without a boundary."""
    page.session_state.how = how
    page.run()
    assert words(page)[: len(shown)] == shown
    assert (len(words(page)) == len(shown)) == (how == "stop")
    assert not page.error


def test_a_callback_that_fails_leaves_the_page(page: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    """A note says that nothing was changed, and the page is drawn as ever."""
    page.session_state.how = "ours"
    press(page, "Press")
    assert not page.exception
    assert len(page.toast) == 1
    assert page.toast[0].value.startswith("**That change** failed.")
    assert words(page)[0] == "before"
    assert any(record.exc_info for record in caplog.records if record.name == "dashboard.kit.boundary")


def test_a_callback_names_what_it_was_given(page: AppTest) -> None:
    """With one problem or with several, what is told begins with the file's name."""
    page.session_state.how = "theirs"
    press(page, "Send")
    assert page.toast[0].value.startswith("“file\\_1”:\n\n- Row")
    page.session_state.how = "store"
    press(page, "Send")
    assert page.toast[0].value == "“file\\_1”: The file cannot be read\\."


def test_an_error_as_long_as_its_input_is_cut() -> None:
    """What quotes a megabyte does not put a megabyte on the page."""
    told = boundary.listed(StoreError("x" * 1_000_000))
    assert len(told) < 2_000
    assert told.endswith("…")


# Every part has the boundary


def lines(bare: Callable[[ast.AST], Iterator[int]]) -> list[str]:
    """`file:line` of everything in the dashboard's files that a rule finds."""
    assert SOURCES
    return [
        f"{path.relative_to(DASHBOARD).as_posix()}:{line}"
        for path in SOURCES
        for line in bare(ast.parse(path.read_text(encoding="utf-8")))
    ]


def callbacks(tree: ast.AST) -> Iterator[ast.keyword]:
    """Every callback given to a widget."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg and node.arg.startswith("on_"):
            yield node


def held(node: ast.expr) -> bool:
    """Whether a callback is held by the boundary, or is no callback."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("caught", "changed")
    return isinstance(node, ast.Constant)


def test_every_callback_has_the_boundary() -> None:
    """A widget's callback is given as `caught(…)` or `changed(…)`: one that fails would take the page down."""
    ours = {"on_pick", "on_script_error"}  # an argument of our own, whose function is held where it is given on

    def bare(tree: ast.AST) -> Iterator[int]:
        yield from (node.value.lineno for node in callbacks(tree) if node.arg not in ours and not held(node.value))
        for node in ast.walk(tree):
            for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
                if isinstance(key, ast.Constant) and str(key.value).startswith("on_") and not held(value):
                    yield node.lineno

    found = lines(bare)
    assert not found, f"{found}: write on_…=caught(…) or changed(…), from dashboard.kit.boundary or parts"


def holds(function: ast.FunctionDef) -> bool:
    """Whether a function is a part, or begins by drawing inside one."""
    said = [ast.unparse(each) for each in function.decorator_list]
    blocks = (node for node in ast.walk(function) if isinstance(node, ast.With))
    said += [ast.unparse(item.context_expr) for block in blocks for item in block.items]
    return any(each.startswith(("part(", "boundary.part(")) for each in said)


def test_every_fragment_is_a_part() -> None:
    """What fails in a fragment is told in it; else the page below would not be drawn."""

    def bare(tree: ast.AST) -> Iterator[int]:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                fragment = any(ast.unparse(each).startswith("st.fragment") for each in node.decorator_list)
                empty = all(isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in node.body)
                if fragment and not empty and not holds(node):
                    yield node.lineno
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "st.fragment" and node.args:
                yield from [] if ast.unparse(node.args[0]).startswith("part(") else [node.lineno]

    found = lines(bare)
    assert not found, f"{found}: hold it by `part` of dashboard.kit.boundary"


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_stands_without_its_figures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every figure fails, title, words and check question are there, and each failure is told in its place."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no figure")

    paths = DASHBOARD.glob("lessons/*/controls.py")
    known = [import_module(f"dashboard.lessons.{path.parent.name}.controls") for path in paths]
    known.append(import_module("dashboard.kit.beats"))
    for module in known:  # imported before the figure is broken: else they would keep the broken one
        monkeypatch.setattr(module, "figure", broken, raising=False)
    monkeypatch.setattr("dashboard.figure.figure", broken)
    app = unfolded(page_at(name), name)
    assert not app.exception
    assert app.error
    assert all(OURS in error.value for error in app.error)
    assert any(button.label == "Ask me a question" for button in app.button)
    assert any(button.label.startswith("Back to the") for button in app.button)


def test_the_inspector_stands_without_its_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, training, weights and check question are there when the figure fails."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no figure")

    monkeypatch.setattr("dashboard.inspector.view.inspector", broken)
    app = opened("inspector")
    assert not app.exception
    assert len(app.error) == 1
    labels = {button.label for button in app.button}
    assert {"Back to the defaults", "Ask me a question", "Train"} <= labels
    assert [block.label for block in app.expander] == ["Weights", "Equations"]


def test_a_page_that_fails_altogether_leaves_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting over forgets what the page was set to and draws it again."""
    from dashboard.home import controls as home

    whole = home.ways
    monkeypatch.setattr(home, "ways", lambda: 1 / 0 if "spoilt" in st.session_state else whole())
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=PATIENCE)
    app.session_state.spoilt = True
    app.run()
    assert not app.exception
    assert [error.value.partition(" failed. ")[0] for error in app.error] == ["**This page**"]
    press(app, "Back to the defaults")
    assert not app.error
    assert any(button.label == "Open the Inspector" for button in app.button)
