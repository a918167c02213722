"""The seven beats, on the lesson's network and on others: short, whole, and true of the network that is shown."""

from __future__ import annotations

from typing import Any

from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL, Small
from dashboard.lessons.bptt import beats, compute, drawing

EVERY = compute.with_losses(SMALL, "every")


def test_replies_lead_to_places_that_are_there(small: Small) -> None:
    """A link of a reply is a step or an entry of the network that is shown."""
    from dashboard.kit.beats import plain_tex

    for beat in beats.beats(small):
        for option in beat.question.options if beat.question else ():
            for run in plain_tex(option.reply):
                if isinstance(run, dict) and "go" in run:
                    place: dict[str, Any] = run["go"]
                    assert 1 <= place.get("t", 1) <= small.T
                    assert all(0 <= k < small.model.cell.H for k in place.get("entry", ()))


def test_what_is_bold_is_words(small: Small) -> None:
    """No formula hides in bold words, where it would stand as it is typed."""
    for beat in beats.beats(small):
        for run in (*beat.said, *beat.before):
            assert not (isinstance(run, dict) and "$" in str(run.get("strong", "")))


def test_updates_can_be_left_for_later(small: Small) -> None:
    """Then the last beat has its words alone and says that it is not ready; the others are as they were."""
    *others, last = beats.beats(small, updates=False)
    assert tuple(others) == beats.beats(small)[: beats.UPDATE - 1]
    assert (last.ready, last.question, last.said, last.before) == (False, None, [], ())
    assert (drawing.drawn(small.settings, updates=False)["presses"], last.name) == (None, beats.beats(small)[-1].name)


def test_a_question_hides_what_would_answer_it() -> None:
    """The step, slope or press that a question is about is named to the drawing."""
    one, knob, _, way, shares, _, update = (beat.show for beat in beats.beats(network.small(EVERY)))
    assert one["asked"] == shares["asked"] == 1
    assert one["use"] != 1
    assert knob["upwards"]
    assert set(way["asked_slopes"]) == {1, 4}
    assert way["t"] not in way["asked_slopes"]
    assert update["taken"] == beats.TAKEN
