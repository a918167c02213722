"""The tour: each stop stands on its page, a link or a reload finds it, and it can be left and gone on with."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.home import pair, tour
from dashboard.kit.navigation import PLACES
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.kit.run import compute as runs
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say
from dashboard.lessons.bptt import beats as bptt
from dashboard.lessons.bptt.compute import with_losses
from quiz.load import load_bank


def coach(app: AppTest, at: int) -> bool:
    """Whether the page says what to do at a stop."""
    path = tour.STOPS[at - 1].path or "home"
    counted = f"{at} of {len(tour.STOPS)}" in [caption.value for caption in app.caption]
    told = tour.at_home() if path == "home" else say("home", f"tour-{path}")
    return counted and told in [element.value for element in app.markdown]


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


@pytest.mark.parametrize("given", tour.ANSWERS)
def test_every_answer_on_home_has_its_reply(given: str) -> None:
    """One is right, as the figure shows it; each reply says what both networks say there, and stays over a reload."""
    app = page_at("", tour="1").run()
    app.button(key=f"tour.ask-{given}").click().run()
    assert not app.exception
    told = next(element.value for element in app.markdown if element.value == tour.reply(given))
    at, first = pair.switch() - 1, pair.PAIRS[0][0]
    lstm, rnn = (pair.read(name).answers[0, at] for name in (pair.LSTM, pair.RNNS["orthogonal"]))
    assert lstm == first != rnn
    assert told.startswith("**Yes.**" if given == "lstm" else "**Not quite.**")
    assert f"the RNN says {pair.NAMES[rnn]}" in told
    assert f"the LSTM says {pair.NAMES[lstm]}" in told


def test_lesson_two_shows_what_the_tour_says_of_it() -> None:
    """The number that is nudged, at which step, and where the answer takes the nudge."""
    small = network.small(with_losses(SMALL, "every"))
    first = bptt.beats(small)[0]
    (row, column), t = first.show["entry"], first.show["use"]
    told = say("home", "tour-bptt")
    assert f"at step {t} alone: $W_h[{row},{column}]$, row {row}, column {column}" in told
    assert f"from unit {row} to unit {column}" in told
    assert f"moves the change to step {first.show['asked']}" in told


def test_one_goes_back_by_a_stop() -> None:
    """From every stop but the first there is a way back, and from every stop but the last a way on."""
    for at, stop in enumerate(tour.STOPS, 1):
        labels = [link.label for link in page_at(stop.path, **stop.query, tour=str(at)).run().get("page_link")]
        assert ("Back" in labels) == (at > 1)
        assert at == len(tour.STOPS) or say("home", f"tour-next-{tour.STOPS[at].path}") in labels


def test_the_inspector_shows_what_the_tour_says_of_it() -> None:
    """One chart, of fresh networks: the RNN's gradient ends far below those of the LSTM's two states."""
    settings, problems = Settings().updated(tour.STOPS[2].query)
    assert problems == ()
    assert settings.show == ("norms",)
    sequence = runs.sequence(settings)
    found = runs.inspect(settings, sequence, runs.start(settings, sequence))
    rnn, lstm = found.runs
    assert rnn.norms["h"][0] < lstm.norms["h"][0] / 10 < lstm.norms["c"][0] / 10
    first, *_, last = runs.tokens(settings)
    assert f"“{last}” back to “{first}”" in say("home", "tour-inspector")
