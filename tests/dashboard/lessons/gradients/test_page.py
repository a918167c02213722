"""The lesson on gradient flow as a page: each choice runs, nonsense in the link is said, and the link is written."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, paragraphs, unfolded

from core.written import short
from dashboard.figure import prose
from dashboard.figure.rich import link
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import clipping_view as lab
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients import sentences as words
from dashboard.lessons.gradients.grid import BOOKMARKS
from dashboard.lessons.gradients.settings import CASES, PRESETS, FlowSettings


def opened(**query: str) -> AppTest:
    """The page after its first run, every fold open."""
    app = page_at("gradients", **query)
    app.session_state["gradients.advanced"] = True
    return unfolded(app, "gradients")


def shown(app: AppTest) -> list[str]:
    """Every piece of Markdown on the page."""
    return [element.value for element in app.markdown]


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("T", ["10", "100"])
def test_every_preset_is_shown(T: str) -> None:
    """One after the other, as a card sets them: the folds run and their sentences are the run's."""
    app = opened(T=T)
    for preset in PRESETS:
        app.session_state["gradients.preset"] = preset
        app.run()
        assert not app.exception
        settings = FlowSettings(preset=preset, T=int(T))
        run = gradients_runs.flow_run(settings)
        assert paragraphs(app, "gradients-others")[0] == prose(words.take_away(run, settings))
        assert words.barely(run, settings) in shown(app)
        assert app.query_params.get("preset", "vanishing") in (preset, [preset])


def test_controls_set_what_they_name() -> None:
    """Length, activation, seed, case and limits each change the settings, and the lab follows."""
    app = opened()
    app.slider(key="gradients.T").set_value(20)
    app.button_group(key="gradients.activation").set_value("sigmoid")
    app.button_group(key="gradients.case").set_value("cliff")
    app.number_input(key="gradients.seed").set_value(3)
    app.number_input(key="gradients.max_norm").set_value(0.5).run()
    assert not app.exception
    settings = FlowSettings(T=20, activation="sigmoid", case="cliff", seed=3, max_norm=0.5)
    assert app.session_state["gradients.settings"] == settings
    assert any(text.startswith(lab.take_away(gradients_clipping.case(settings))) for text in shown(app))
    address = f"inspector?{urlencode(settings.network().to_query())}"
    below = paragraphs(app, "gradients-others")
    assert [link(address, "Open this network in the Inspector")] in below
    assert sum("link" in run for runs in below for run in runs if isinstance(run, dict)) == 2


def test_nonsense_in_the_link_is_said() -> None:
    """What cannot be read is quoted literally, and the defaults are shown."""
    app = opened(T="1000", preset="**best**", activation="softmax", norm="nan", lr="-1")
    assert not app.exception
    said = " ".join(element.value for element in app.info)
    assert all(part in said for part in ("1000", "best", "softmax", "nan"))
    assert app.session_state["gradients.settings"] == FlowSettings()


@pytest.mark.slow
@pytest.mark.parametrize("query", [{"inputs": "0"}, {"H": "2"}, {"readout": "every"}, {"lr": "10", "norm": "1e6"}])
def test_extreme_settings_are_shown(query: dict[str, str]) -> None:
    """No inputs at all, two units, a loss at every step, huge steps: no page fails."""
    for preset in ("vanishing", "exploding"):
        app = opened(preset=preset, activation="relu", **query)
        assert not app.exception


def test_closed_folds_compute_nothing() -> None:
    """The page opens with its beats alone: no control of a fold is there, and none of its figures."""
    app = page_at("gradients").run()
    assert not app.exception
    assert not app.slider
    assert not app.number_input
    assert words.powers() not in shown(app)


@pytest.mark.parametrize(("query", "fold"), [({"T": "20"}, "others"), ({"lr": "0.1"}, "lab")])
def test_a_link_opens_the_fold_it_sets(query: dict[str, str], fold: str) -> None:
    """What a link sets is seen: the fold that holds it is open."""
    app = page_at("gradients", **query).run()
    assert not app.exception
    assert app.session_state[f"deeper-gradients-{fold}"]
    controls = {element.key for element in (*app.slider, *app.number_input)}
    assert ("gradients.T" in controls, "gradients.lr" in controls) == (fold == "others", fold == "lab")


@pytest.mark.parametrize(("asked", "taken"), [(50.0, 10.0), (1e-9, 1e-6), (-1.0, 1e-6)])
def test_a_learning_rate_beyond_the_lab_is_told_with_its_limit(asked: float, taken: float) -> None:
    """The nearest rate is taken, and a sentence says which limit was passed; a sound one takes the sentence back."""
    app = opened()
    app.number_input(key="gradients.lr").set_value(asked).run()
    assert not app.exception
    assert app.session_state["gradients.settings"].lr == taken
    told = [element.value for element in app.caption if "the lab takes" in element.value]
    assert len(told) == 1
    assert short(taken) in told[0]
    assert short(asked) in told[0]
    app.number_input(key="gradients.lr").set_value(0.02).run()
    assert not [element.value for element in app.caption if "the lab takes" in element.value]


def test_no_two_controls_share_a_name() -> None:
    """Bookmarks, cards and the lab's gradients are called differently."""
    names = [*BOOKMARKS, *(preset.title for preset in PRESETS.values()), *CASES.values()]
    assert len({name.lower() for name in names}) == len(names)


def test_another_seed_leaves_its_fold_open() -> None:
    """The fold is the same one whatever is set in it; with another label the browser would draw a new, closed one."""
    app = opened()

    def fold() -> str:
        return next(str(each.proto.id) for each in app.expander if str(each.proto.id).endswith("gradients.advanced"))

    before = fold()
    app.number_input(key="gradients.seed").set_value(7).run()
    assert fold() == before
