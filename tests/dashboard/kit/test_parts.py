"""Parts of a page: which of them a change runs, and what holds where one fails."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE


def page() -> None:
    """A page of three parts: one with two sliders, one that shows the first of them, one that shows neither."""
    from functools import partial

    import streamlit as st

    from dashboard.kit import parts

    state = st.session_state
    state.setdefault("runs", [])

    def drawn(name: str) -> None:
        state["runs"].append(name)
        if state.get("fails") == name:
            raise RuntimeError(name)
        if name == "controls":
            st.slider("First", 0, 9, key="first", on_change=parts.changed())
            st.slider("Second", 0, 9, key="second", on_change=parts.changed())
            st.button("Fail", key="fail", on_click=parts.changed(lambda: 1 / 0))

    state["runs"].append("page")
    parts.begin()
    for name, shows in (("controls", None), ("follows", lambda: state["first"] // 5), ("apart", lambda: 0)):
        parts.part(name, partial(drawn, name), shows=shows, what=name.capitalize())
    st.slider("Of the page", 0, 9, key="outside", on_change=parts.changed())


@pytest.fixture
def app() -> AppTest:
    """The page after its first run, with nothing counted yet."""
    app = AppTest.from_function(page, default_timeout=PATIENCE).run()
    assert app.session_state["runs"] == ["page", "controls", "follows", "apart"]
    return counted(app)


def counted(app: AppTest) -> AppTest:
    """The page with its runs counted from here on."""
    app.session_state["runs"] = []
    return app


def change(app: AppTest, key: str, value: int) -> list[str]:
    """What a change of one slider runs."""
    app.slider(key=key).set_value(value).run()
    found: list[str] = app.session_state["runs"]
    return found


def test_a_change_runs_the_parts_that_show_it(app: AppTest) -> None:
    """A part that would show something else runs with the one whose control was changed; the rest of the page rests."""
    found = change(app, "first", 6)
    assert sorted(found) == ["controls", "follows"]


def test_a_change_that_others_do_not_show_runs_its_own_part_alone(app: AppTest) -> None:
    """Nothing is asked for then: the page is left to run as it does by itself, which in a browser is the part alone."""
    found = change(app, "first", 2)
    assert "follows" not in found or "page" in found


def test_a_control_outside_all_parts_runs_those_that_every_change_concerns(app: AppTest) -> None:
    """The page itself does not run for it."""
    assert change(app, "outside", 3) == ["controls"]


def test_a_part_that_failed_runs_with_the_next_change(app: AppTest) -> None:
    """Whatever it says it shows: it shows nothing of it so far."""
    app.session_state["fails"] = "apart"
    app.run()
    assert any("Apart" in error.value for error in app.error)
    app.session_state["fails"] = ""
    found = change(counted(app), "outside", 3)
    assert sorted(found) == ["apart", "controls"]


def test_a_callback_that_fails_is_told_and_runs_nothing_else(app: AppTest) -> None:
    """The change is not made, so no other part shows another thing."""
    app.button(key="fail").click().run()
    assert not app.exception
    assert app.toast
    runs: Any = app.session_state["runs"]
    assert "follows" not in runs or "page" in runs


def nested() -> None:
    """A part that can be folded, with a part inside; both show what a slider outside sets, each in its own steps."""
    import streamlit as st

    from dashboard.kit import parts

    state = st.session_state
    state.setdefault("runs", [])

    def outer() -> None:
        state["runs"].append("outer")
        if state.get("open", True):
            parts.part("inner", lambda: state["runs"].append("inner"), shows=lambda: state["value"], what="Inner")
        st.checkbox("Open", key="open", value=True, on_change=parts.changed())

    state["runs"].append("page")
    parts.begin()
    st.slider("Of the page", 0, 9, key="value", on_change=parts.changed())
    parts.part("outer", outer, shows=lambda: state["value"] // 5, what="Outer")


@pytest.mark.parametrize(("value", "runs"), [(2, ["inner"]), (7, ["outer", "inner"])])
def test_a_part_within_another_runs_alone_or_with_it_but_never_twice(value: int, runs: list[str]) -> None:
    """Where both show something else, the outer one draws the inner one."""
    app = counted(AppTest.from_function(nested, default_timeout=PATIENCE).run())
    assert change(app, "value", value) == runs


def test_a_part_within_one_that_no_longer_draws_it_is_forgotten() -> None:
    """A change asks for no part that is off the page."""
    app = AppTest.from_function(nested, default_timeout=PATIENCE).run()
    app.checkbox(key="open").uncheck().run()
    counted(app)
    app.slider(key="value").set_value(2).run()
    assert not app.exception
    assert "inner" not in app.session_state["runs"]


def around() -> None:
    """A part with a slider, and within it one that shows what it sets."""
    import streamlit as st

    from dashboard.kit import parts

    state = st.session_state
    state.setdefault("runs", [])

    def outer() -> None:
        state["runs"].append("outer")
        st.slider("Own", 0, 9, key="own", on_change=parts.changed())
        parts.part("inner", lambda: state["runs"].append("inner"), shows=lambda: state["own"], what="Inner")

    parts.begin()
    parts.part("outer", outer, shows=lambda: state["own"], what="Outer")


def test_a_change_that_concerns_only_what_stands_within_is_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The part's own run draws what stands within it, so no other run is asked for."""
    app = counted(AppTest.from_function(around, default_timeout=PATIENCE).run())
    asked: list[Any] = []
    monkeypatch.setattr("streamlit.rerun", lambda scope: asked.append(scope))
    assert change(app, "own", 3) == ["outer", "inner"]
    assert asked == []
