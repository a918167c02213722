"""The comparison as a page: each choice runs, nonsense in the link is said, times and runs are made on demand."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from core import pace
from core.pace import Pace
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import view
from dashboard.lessons.compare.advice import advise
from dashboard.lessons.compare.settings import CompareSettings


def opened(**query: str) -> AppTest:
    """The page after its first run."""
    return page_at("compare", **query).run()


def shown(app: AppTest) -> list[str]:
    """Every piece of Markdown on the page."""
    return [element.value for element in app.markdown]


def test_every_control_sets_what_it_names() -> None:
    """Starts, equality, sizes and the answers of the choice change the settings; the address and the words follow."""
    app = opened()
    assert not app.exception
    assert app.session_state["compare.settings"] == CompareSettings()
    values = {"start": "orthogonal", "bias": "5", "equal": "parameters", "counted": "layer", "biases": "2"}
    for name, value in (values | {"far": "100", "kind": "combine", "scarce": "time"}).items():
        app.button_group(key=f"compare.{name}").set_value(value)
    for name, number in (("D", 3), ("H", 5), ("O", 2)):
        app.slider(key=f"compare.{name}").set_value(number)
    app.number_input(key="compare.seed").set_value(7).run()
    assert not app.exception
    expected = CompareSettings(
        start="orthogonal", bias="5", equal="parameters", counted="layer", biases="2", D=3, H=5, O=2,
        far="100", kind="combine", scarce="time", seed=7,
    )  # fmt: skip
    assert app.session_state["compare.settings"] == expected
    advice = advise("100", "combine", "time", compare_runs.evidence("100"))
    assert set(advice.sentences) <= set(shown(app))
    plan = compare_runs.curves(expected)
    assert view.losses_finding(plan, compare_runs.comparison.stored()) in shown(app)
    assert CompareSettings().updated({k: v[0] if isinstance(v, list) else v for k, v in app.query_params.items()}) == (
        expected,
        (),
    )


def test_nonsense_in_the_link_is_said() -> None:
    """What cannot be read is quoted literally, and the defaults are shown."""
    app = opened(D="0", H="1000", rnn="**best**", lstm="4", far="7")
    assert not app.exception
    said = " ".join(element.value for element in app.info)
    assert all(part in said for part in ("1000", "best", "7"))
    assert app.session_state["compare.settings"] == CompareSettings()


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
    app.button_group(key="compare.equal").set_value("units").run()
    assert any("core.zoo pace" in caption.value for caption in app.caption)
    app.button_group(key="compare.equal").set_value("parameters").run()
    app.button(key="compare.stored-times").click().run()
    assert "compare.timed" not in app.session_state


def test_predictions_stand_before_what_they_ask_for() -> None:
    """One before the table, two before the counter."""
    app = opened()
    asked = [text for text in shown(app) if "gradient reach further" in text or "How many" in text]
    assert len(asked) == 3
