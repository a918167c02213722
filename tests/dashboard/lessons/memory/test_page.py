"""The lesson on long-term dependencies as a page: its folds, its links, and a run begun, found again and stopped."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, unfolded, until

from core import zoo
from core.experiments import Experiment, gaps
from dashboard.kit import model_card
from dashboard.kit.jobs.engine import engine
from dashboard.kit.words import say
from dashboard.lessons.memory import compute as memory_runs
from dashboard.lessons.memory import controls, view
from dashboard.lessons.memory.settings import MemorySettings


def opened(**query: str) -> AppTest:
    """The page after its first run, every fold open."""
    return unfolded(page_at("memory", **query), "memory")


def shown(app: AppTest) -> str:
    """All words on the page."""
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info, *app.warning])


def test_page_walks_through_its_controls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every control runs the page and sets what it names; the figure of the runs follows."""
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(controls, "figure", lambda data, **_: drawn.append(data))
    app = opened()
    assert not app.exception
    app.selectbox(key="memory.country").set_value("Poland")
    app.slider(key="memory.gap").set_value(40)
    for name, value in (
        ("start", "orthogonal"), ("sentence", "krish"), ("weights", "trained"), ("way", "trained"),
        ("rnn", "identity"), ("lstm", "chrono"),
    ):  # fmt: skip
        app.button_group(key=f"memory.{name}").set_value(value)
    app.run()
    assert not app.exception
    wanted = MemorySettings(
        "Poland", 40, "orthogonal", "krish", "trained", way="trained", rnn="identity", lstm="chrono"
    )
    assert app.session_state["memory.settings"] == wanted
    assert "the LSTM (chrono) reaches a gap of 100" in drawn[-1]["finding"][0]
    app.button_group(key="memory.sentence").set_value("own").run()
    assert say("memory", "own-example") in shown(app)
    app.text_input(key="memory.text").set_value("<b>hello</b> $x$").run()
    assert not app.exception
    assert "never" in shown(app) or "know a few words only" in shown(app)
    app.button_group(key="memory.weights").set_value("fresh").run()
    assert not app.exception


def test_trained_networks_stand_with_their_cards() -> None:
    """The fresh ones are said to be one draw, with the range; the trained ones that do not forget have their cards."""
    app = opened()
    assert view.way_note(memory_runs.usual(), len(memory_runs.SEEDS)) in shown(app)
    app.button_group(key="memory.way").set_value("trained").run()
    for name in ("pronoun-rnn", "pronoun-lstm"):
        assert model_card.whole(zoo.load(name)) in shown(app)
    app.run()  # the whole page again
    app.button_group(key="memory.sentence").set_value("krish")
    app.button_group(key="memory.weights").set_value("trained").run()
    assert not app.exception


@pytest.mark.parametrize(
    ("query", "fold"),
    [
        ({"country": "Italy"}, "fill"),
        ({"gap": "50"}, "fill"),
        ({"seed": "5"}, "way"),
        ({"sentence": "krish"}, "sentence"),
        ({"lstm": "bias5"}, "gaps"),
    ],
)
def test_a_link_opens_the_fold_that_it_sets(query: dict[str, str], fold: str) -> None:
    """Links of the first edition still show what they were made for; all else stays folded, and is not computed."""
    app = page_at("memory", **query).run()
    assert not app.exception
    for name in controls.FOLDS:
        opened_ = name in app.session_state and app.session_state[name]
        assert opened_ == (name == f"deeper-memory-{fold}")


def test_nonsense_in_the_link_is_said() -> None:
    """What cannot be read is quoted, and the default stands in its place."""
    app = opened(country="Atlantis", gap="-3")
    assert not app.exception
    assert "Atlantis" in shown(app)
    assert app.session_state["memory.settings"] == MemorySettings()


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs that take moments; the pool of the tests is closed at the end."""

    def plan(rnn: str, lstm: str, gaps_: tuple[int, ...] = (5,)) -> tuple[Experiment, ...]:
        kinds = (Experiment(cell="rnn", **gaps.RNN_STARTS[rnn]), Experiment(cell="lstm", **gaps.LSTM_STARTS[lstm]))
        return tuple(
            replace(kind, gap=gap, H=4, steps=4, every=2, seed=s) for gap in gaps_ for s in (0, 1) for kind in kinds
        )

    monkeypatch.setattr(controls.experiment, "plan", plan)
    monkeypatch.setattr(controls.experiment, "stored", dict)
    yield
    engine().close()
    engine.clear()


@pytest.mark.usefixtures("tiny")
def test_run_here_is_begun_finished_and_left() -> None:
    """The button runs the plan, the caption counts, and the stored results come back."""
    app = opened()
    app.button(key="memory.run").click().run()
    job = app.session_state["memory.asked"].job
    until(lambda: not job.running)
    app.run()
    assert not app.exception
    assert re.search(r"Run here in \d+ s\.|made on this server before", shown(app))
    app.button(key="memory.back").click().run()
    assert "memory.asked" not in app.session_state
    assert "Computed beforehand" in shown(app)


@pytest.fixture
def no_cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose experiments run on a cluster that is not there."""
    with socket.socket() as taken:  # bound and never listened at: who knocks is refused
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("UNROLLED_DASK", f"tcp://127.0.0.1:{taken.getsockname()[1]}")
        engine.clear()
        yield
        engine().close()
        engine.clear()


@pytest.mark.slow
@pytest.mark.usefixtures("no_cluster")
def test_a_cluster_that_is_away_is_said_and_the_page_stays() -> None:
    """A run can be asked for and stopped, and meanwhile the page says what it waits for."""
    app = opened()
    app.button(key="memory.run").click().run()
    job = app.session_state["memory.asked"].job
    until(lambda: job.watched() or engine().away)
    app.run()
    assert say("jobs", "away") in shown(app)
    app.button(key="memory.stop").click().run()
    assert re.search(r"Stopped: 0 of \d+ runs done\.", shown(app))
    assert not app.exception


@pytest.mark.usefixtures("tiny")
def test_another_start_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that belongs to other settings is cancelled at once; Stop says how far it came."""
    slow = tuple(Experiment(gap=100, H=64, steps=20_000, every=1, lr=1e-6, seed=s) for s in range(4))
    monkeypatch.setattr(controls.experiment, "plan", lambda *_: slow)
    app = opened()
    app.button(key="memory.run").click().run()
    first = app.session_state["memory.asked"].job
    assert first.running
    app.button_group(key="memory.lstm").set_value("bias5").run()
    assert first.cancelled
    assert "memory.asked" not in app.session_state
    app.button(key="memory.run").click().run()
    app.button(key="memory.stop").click().run()
    assert "Stopped: 0 of 4 runs done." in shown(app)
    assert not app.exception


@pytest.mark.usefixtures("tiny")
def test_a_reload_finds_the_running_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another session with the same link goes on looking at the same job; other settings are not taken for its own."""
    slow = tuple(Experiment(gap=100, H=64, steps=20_000, every=1, lr=1e-6, seed=s) for s in range(2))
    other = tuple(replace(each, lr=2e-6) for each in slow)
    monkeypatch.setattr(controls.experiment, "plan", lambda _, lstm, *__: slow if lstm == "bias1" else other)
    app = opened()
    app.button(key="memory.run").click().run()
    job = app.session_state["memory.asked"].job
    link = {"run": app.session_state["memory.owner"]}
    assert app.query_params["run"] in (link["run"], [link["run"]])
    reloaded = page_at("memory", **link).run()
    assert reloaded.session_state["deeper-memory-gaps"], "the fold in which the run stands is open"
    assert reloaded.session_state["memory.asked"].job is job
    assert "memory.asked" not in opened(**link, lstm="bias5").session_state
    assert job.running
    again = opened(**link)
    again.button(key="memory.stop").click().run()
    assert job.cancelled
    gone = page_at("memory", **link).run()
    still = "deeper-memory-gaps" in gone.session_state and gone.session_state["deeper-memory-gaps"]
    assert not still, "a run that is over opens nothing"
