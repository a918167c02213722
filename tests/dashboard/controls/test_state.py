"""What the Inspector keeps between reruns, and how it tells its own address from another link."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dashboard import controls
from dashboard.settings import MAX_CHARS, Settings


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
    monkeypatch.setattr(controls, "st", found)
    monkeypatch.setattr(controls, "time", SimpleNamespace(monotonic=lambda: found.now))
    return found


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
    letters = np.random.default_rng(0).choice(list("abcdefghijklmnopqrstuvwxyz"), MAX_CHARS)
    assert not controls.publish(Settings(H=4, text="".join(letters)))
    assert page.query_params == {"H": "4"}


def test_a_change_that_was_on_its_way_is_no_other_link(page: Any) -> None:
    """An address that was replaced a moment ago is late news; the same address later is the back button."""
    for H in (4, 5):
        controls.publish(Settings(H=H))
    assert not controls._is_another_link({"H": "5", "t": "3"})
    assert not controls._is_another_link({"H": "4"})
    page.now += controls.LATE + 0.1
    assert controls._is_another_link({"H": "4"})
    assert not controls._is_another_link({})  # the navigation, which means the last settings
    page.session_state[controls.key("field-Sequence")] = object()
    assert controls._is_another_link({})
