"""The tour: each stop stands on its page, a link or a reload finds it, and it can be left and gone on with."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.home import tour
from dashboard.kit.navigation import PLACES
from dashboard.kit.words import say
from quiz.load import load_bank


def coach(app: AppTest, at: int) -> bool:
    """Whether the page says what to do at a stop."""
    path = tour.STOPS[at - 1].path or "home"
    counted = f"{at} of {len(tour.STOPS)}" in [caption.value for caption in app.caption]
    return counted and say("home", f"tour-{path}") in [element.value for element in app.markdown]


def test_every_stop_has_its_words_and_its_page() -> None:
    """A stop's address leads to what its words speak of: a page, a beat, a question that there is."""
    for at, stop in enumerate(tour.STOPS, 1):
        assert stop.path in PLACES
        app = page_at(stop.path, **stop.query, tour=str(at)).run()
        assert not app.exception
        assert coach(app, at)
        assert at == 1 or say("home", f"tour-next-{stop.path}")
    assert tour.STOPS[-1].query["q"] in load_bank()


def test_the_tour_is_begun_left_and_found_again() -> None:
    """Home offers it, goes on where it was left, and offers it anew after its end."""
    app = page_at("").run()
    assert app.button(key="tour.start").label == say("home", "tour-offer")
    app.button(key="tour.start").click().run()
    assert coach(app, 1)
    assert "tour.start" not in [button.key for button in app.button]
    app.button(key="tour.leave").click().run()
    assert not coach(app, 1)
    assert app.button(key="tour.start").label == say("home", "tour-offer")
    app.session_state[tour.TOUR] = 2
    app.run()
    assert app.button(key="tour.start").label == f"{say('home', 'tour-again')}, stop 2 of {len(tour.STOPS)}"
    app.button(key="tour.start").click().run()
    assert app.title[0].value == say("bptt", "title")
    assert coach(app, 2)


def test_other_pages_say_nothing_of_the_tour() -> None:
    """On a page that is not its stop there is no coach, and a number that is no stop is passed over."""
    app = page_at("forward", tour="2").run()
    assert "tour.leave" not in [button.key for button in app.button]
    for wrong in ("0", "9", "x", ""):
        assert "tour.leave" not in [button.key for button in page_at("bptt", tour=wrong).run().button]
