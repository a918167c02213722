"""What the Inspector keeps between reruns, and how it tells its own address from another link."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dashboard.inspector import controls
from dashboard.kit import page_settings as settings_of_page
from dashboard.kit.run.settings import MAX_CHARS, Settings


class Address(dict[str, str]):
    """Stands for `st.query_params`."""

    def to_dict(self) -> dict[str, str]:
        """The whole query."""
        return dict(self)

    def from_dict(self, query: dict[str, str]) -> None:
        """Put another query in its place."""
        self.clear()
        self.update(query)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session's state, its address and the clock, in place of Streamlit's."""
    found = SimpleNamespace(session_state={}, query_params=Address(), now=100.0)
    for module in (controls, settings_of_page):
        monkeypatch.setattr(module, "st", found)
    monkeypatch.setattr(settings_of_page, "time", SimpleNamespace(monotonic=lambda: found.now))
    return found


def another(query: dict[str, str]) -> bool:
    """Whether the Inspector takes a query for another link than its own."""
    return controls.INSPECTOR.is_another_link(query, alive=controls.ALIVE)


@pytest.mark.usefixtures("page")
def test_kept_makes_a_value_once_for_each_cause() -> None:
    """The same cause gives the same object; another cause makes it anew."""
    made = [controls.kept("run", cause, object) for cause in (1, 1, 2)]
    assert made[0] is made[1]
    assert made[1] is not made[2]


def test_the_address_keeps_the_chosen_step(page: Any) -> None:
    """A change of settings rewrites the address and leaves the figure's own step in it."""
    page.query_params["t"] = "5"
    assert controls.publish(Settings(H=4))
    assert page.query_params == {"H": "4", "t": "5"}


def test_what_is_too_long_for_a_link_is_left_out(page: Any) -> None:
    """A text that does not compress into a link is said not to fit; the other settings stay in the address."""
    letters = map(chr, np.random.default_rng(0).integers(0x20000, 0x2A6DF, MAX_CHARS))
    assert not controls.publish(Settings(H=4, text="".join(letters)))
    assert page.query_params == {"H": "4"}


def test_a_long_text_that_an_address_can_carry_stays_in_it(page: Any) -> None:
    """The longest text in letters of chance makes an address that servers and browsers take, and comes back from it."""
    letters = "".join(np.random.default_rng(0).choice(list("abcdefghijklmnopqrstuvwxyz"), MAX_CHARS))
    assert controls.publish(Settings(text=letters))
    assert Settings().updated(page.query_params)[0].text == letters


def test_a_change_that_was_on_its_way_is_no_other_link(page: Any) -> None:
    """An address that was replaced a moment ago is late news; the same address later is the back button."""
    for H in (4, 5):
        controls.publish(Settings(H=H))
    assert not another({"H": "5", "t": "3"})
    assert not another({"H": "4"})
    page.now += settings_of_page.LATE + 0.1
    assert another({"H": "4"})
    assert not another({})  # the navigation, which means the last settings
    page.session_state[controls.key("field-Sequence")] = object()
    assert another({})


@pytest.mark.parametrize("name", ["activation", "cell", "H"])
def test_a_control_that_lost_its_value_keeps_the_last_one(page: Any, name: str) -> None:
    """A browser that reports nothing for a choice does not end the page: the setting stays, and the control gets it."""
    controls.INSPECTOR.restore(alive=controls.ALIVE)
    controls.INSPECTOR.take(Settings(activation="relu", cell="lstm", H=5))
    chosen = controls.INSPECTOR.collect()
    page.session_state[controls.INSPECTOR.key(name)] = None
    assert controls.INSPECTOR.collect() == chosen
    controls.INSPECTOR.restore(alive=controls.ALIVE)
    assert page.session_state[controls.INSPECTOR.key(name)] == getattr(chosen, name)


def test_what_no_control_holds_stands_in_the_settings(page: Any) -> None:
    """It follows a link, a change and a way back, and the session has no entry of its own for it."""
    keeper = settings_of_page.PageSettings("lesson", Settings(), controlled=("activation",))
    page.query_params.from_dict({"seed": "7", "activation": "relu"})
    settings, problems = keeper.restored(alive="any")
    assert (settings, problems) == (Settings(seed=7, activation="relu"), ())
    assert "lesson.seed" not in page.session_state
    page.session_state["lesson.activation"] = "sigmoid"
    keeper.change(lambda now: replace(now, seed=now.seed + 1))
    assert keeper.collect() == Settings(seed=8, activation="sigmoid")
    keeper.take(settings)
    assert keeper.restored(alive="any")[0] == settings


def test_a_change_sets_the_controls_it_concerns(page: Any) -> None:
    """What else was chosen meanwhile stays as it was chosen."""
    keeper = settings_of_page.PageSettings("lesson", Settings())
    keeper.restored(alive="any")
    page.session_state["lesson.H"] = 5
    page.session_state["lesson.sizes"] = [2, 3]
    keeper.change(lambda now: replace(now, seed=3))
    assert (page.session_state["lesson.H"], page.session_state["lesson.sizes"]) == (5, [2, 3])
    assert keeper.collect().seed == 3
