"""The comparison as a page: each choice runs, nonsense in the link is said, times and runs are made on demand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, unfolded

from core import pace
from core.pace import Pace
from dashboard.kit.words import say
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import view
from dashboard.lessons.compare.advice import advise
from dashboard.lessons.compare.settings import CompareSettings


def opened(**query: str) -> AppTest:
    """The page after its first run, with all that it folds open."""
    return unfolded(page_at("compare", **query).run(), "compare")


def shown(app: AppTest) -> list[str]:
    """Every piece of Markdown on the page."""
    return [element.value for element in app.markdown]


def test_every_control_sets_what_it_names() -> None:
    """Starts, equality, sizes and the answers of the choice change the settings; the address and the words follow."""
    app = opened()
    assert not app.exception
    assert app.session_state["compare.settings"] == CompareSettings()
    values = {"start": "orthogonal", "bias": "5", "equal": "parameters", "counted": "layer", "biases": "2"}
    values |= {"same": "parameters", "fresh_start": "orthogonal", "fresh_bias": "3"}
    values |= {"paced": "parameters", "runs_start": "orthogonal-large", "runs_bias": "5"}
    for name, value in (values | {"far": "100", "kind": "combine", "scarce": "time"}).items():
        app.button_group(key=f"compare.{name}").set_value(value)
    for name, number in (("D", 3), ("H", 5), ("O", 2)):
        app.slider(key=f"compare.{name}").set_value(number)
    app.number_input(key="compare.seed").set_value(7).run()
    app.run()  # the whole page: parts that run alone have no links here
    assert not app.exception
    expected = CompareSettings(
        start="orthogonal", bias="5", equal="parameters", counted="layer", biases="2", D=3, H=5, O=2,
        far="100", kind="combine", scarce="time", seed=7, same="parameters", paced="parameters",
        fresh_start="orthogonal", fresh_bias="3", runs_start="orthogonal-large", runs_bias="5",
    )  # fmt: skip
    assert app.session_state["compare.settings"] == expected
    advice = advise("100", "combine", "time", compare_runs.evidence("100"))
    assert {f"**{advice.sentences[0]}**", advice.sentences[1]} <= set(shown(app))
    assert expected.run() == replace(expected, start="orthogonal", bias="5", equal="parameters")
    assert CompareSettings().updated({k: v[0] if isinstance(v, list) else v for k, v in app.query_params.items()}) == (
        expected,
        (),
    )


def test_nonsense_in_the_link_is_said() -> None:
    """What cannot be read is quoted literally, and the defaults are shown."""
    app = page_at("compare", D="0", H="1000", rnn="**best**", lstm="4", far="7").run()
    assert not app.exception
    said = " ".join(element.value for element in app.info)
    assert all(part in said for part in ("1000", "best", "7"))
    assert app.session_state["compare.settings"] == CompareSettings()


@pytest.mark.few(1)
@pytest.mark.parametrize(
    "query", [{"D": "1", "H": "1", "O": "1"}, {"D": "64", "H": "128", "O": "64", "equal": "parameters"}]
)
def test_extreme_sizes_are_shown(query: dict[str, str]) -> None:
    """One of each, and as many as there may be: no page fails."""
    assert not opened(**query).exception


def test_times_are_taken_when_asked_for_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening the page times nothing; the button does, once for each batch, with the units of the runs."""
    asked: list[tuple[dict[str, int], int]] = []

    def measure(units: dict[str, int], B: int, **_: object) -> Pace:
        asked.append((dict(units), B))
        each = {"rnn": 0.001, "lstm": 0.00234}
        return Pace(units, B, 20, 60, each, each, each)

    monkeypatch.setattr(pace, "measure", measure)
    app = opened(equal="parameters")
    assert asked == []
    app.button(key="compare.measure").click().run()
    assert not app.exception
    assert asked == [({"rnn": 52, "lstm": 24}, B) for B in pace.BATCHES]
    assert app.session_state["compare.timed"].paces[1].ratio == pytest.approx(2.34)
    assert any("just now" in caption.value for caption in app.caption)
    app.button_group(key="compare.paced").set_value("units").run()
    assert any("core.zoo pace" in caption.value for caption in app.caption)
    app.button_group(key="compare.paced").set_value("parameters").run()
    app.button(key="compare.stored-times").click().run()
    assert "compare.timed" not in app.session_state


def test_predictions_stand_before_what_they_ask_for() -> None:
    """One beside the best of both cells; the others wait in their folds to be asked for."""
    app = opened()
    assert len([text for text in shown(app) if "95 % intervals apart" in text]) == 1
    asked = tuple(say("compare", f"{name}-asked") for name in ("layer", "ratio", "horizon"))
    assert {text.partition("\n\n")[2] for text in shown(app) if text.endswith(asked)} == set(asked)


def test_a_fold_begins_from_the_table_and_goes_its_own_way_while_it_is_open() -> None:
    """Opened it shows the table's starts; then only its own controls change it, and closed it follows again."""
    app = page_at("compare", rnn="orthogonal", equal="parameters").run()
    app = unfolded(app, "compare")
    assert not app.exception
    begun = app.session_state["compare.settings"]
    assert (begun.runs_start, begun.fresh_start, begun.same, begun.paced) == (
        "orthogonal-large", "orthogonal", "parameters", "parameters"
    )  # fmt: skip
    app.button_group(key="compare.bias").set_value("5").run()
    assert app.session_state["compare.settings"].runs_bias == "1"
    app.session_state["deeper-compare-tasks"] = False
    app.run()
    app.button_group(key="compare.bias").set_value("3").run()
    app.session_state["deeper-compare-tasks"] = True
    app.run()
    assert app.session_state["compare.settings"].runs_bias == "3"
    assert app.session_state["compare.settings"].fresh_bias == "1"


def test_what_the_best_came_to_waits_for_an_answer() -> None:
    """The shares of the best stand on the closed page only when the question is over."""
    app = page_at("compare").run()
    told = view.best_finding(compare_runs.best_against_best())
    assert told not in shown(app)
    next(button for button in app.button if button.label == "Show the answer").click().run()
    assert not app.exception
    assert told in shown(app)


def test_a_link_opens_the_fold_that_it_sets_something_of() -> None:
    """Each fold is opened by what it sets; the table's starts and the choice stand on the page and open nothing."""
    asked = (({"H": "9"}, "cost"), ({"seed": "4"}, "reach"), ({"runs-rnn": "orthogonal"}, "tasks"))
    for query, fold in (*asked, ({"rnn": "orthogonal", "far": "50"}, None)):
        app = page_at("compare", **query).run()
        found = [name for name in ("cost", "reach", "tasks") if f"deeper-compare-{name}" in app.session_state]
        assert [name for name in found if app.session_state[f"deeper-compare-{name}"]] == ([fold] if fold else [])


def test_the_last_lesson_leads_on() -> None:
    """To the quiz, the claims and the Inspector."""
    labels = [link.label for link in page_at("compare").run().get("page_link")]
    assert {say("compare", f"way-{name}") for name in ("quiz", "claims", "inspector")} <= set(labels)
