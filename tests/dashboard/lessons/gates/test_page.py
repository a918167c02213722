"""The lesson on gates at work as a page: each choice runs, its figures follow, and the link is written."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, paragraphs, unfolded

from dashboard.figure.rich import link
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates import sentences as words
from dashboard.lessons.gates.settings import GatesSettings


def opened(**query: str) -> AppTest:
    """The page after its first run, every fold open."""
    app = page_at("gates", **query)
    app.session_state["gates.advanced"] = True
    return unfolded(app, "gates")


def shown(app: AppTest) -> list[str]:
    """Every piece of Markdown on the page."""
    return [element.value for element in app.markdown]


def test_controls_set_what_they_name() -> None:
    """Network, second subject, filler, bias and the others each change the settings, and the sentences follow."""
    app = opened()
    assert "gates.bias" not in [slider.key for slider in app.slider]  # the trained network has learned its own
    app.button_group(key="gates.network").set_value("fresh")
    app.button_group(key="gates.second").set_value("also")
    app.slider(key="gates.gap").set_value(2).run()
    assert words.claims(gates_runs.switch("also", 2)) in shown(app)
    app.slider(key="gates.bias").set_value(3.0)
    app.slider(key="gates.held").set_value(4.2)
    app.number_input(key="gates.seed").set_value(5)
    app.button_group(key="gates.gain").set_value("4").run()
    assert not app.exception
    settings = GatesSettings(network="fresh", second="also", gap=2, bias=3.0, seed=5, held=4.2, gain="4")
    assert app.session_state["gates.settings"] == settings
    said = shown(app)
    run = gates_runs.run_of(settings)
    unit = int(run.cell.f[run.at - 1, 0].argmin())
    address = f"inspector?{urlencode(gates_runs.in_the_inspector(settings).to_query())}"
    way = [link(address, "Open this text in the Inspector"), " (fresh, from seed 5)"]
    below = [words.parts_note(run, unit), words.direct_take_away(run, settings), way]
    assert paragraphs(app, "gates-others") == below
    assert words.horizon_note(gates_runs.measured(4.2, 5)) in said


@pytest.mark.parametrize(
    "query",
    [{"gap": "0", "second": "Maya"}, {"gap": "10", "second": "Lena"}, {"weights": "fresh", "bias": "0"},
     {"weights": "fresh", "bias": "5", "seed": "999999", "held": "5", "gain": "1"}, {"held": "0", "t": "3"}],
)  # fmt: skip
def test_a_link_is_shown(query: dict[str, str]) -> None:
    """Settings at their ends run, and are taken as they stand in the link."""
    app = opened(**query)
    assert not app.exception
    assert not app.info
    expected, _ = GatesSettings().updated({name: text for name, text in query.items() if name != "t"})
    assert app.session_state["gates.settings"] == expected


def test_nonsense_in_the_link_is_said() -> None:
    """What cannot be read is quoted literally, and the defaults are shown."""
    app = opened(gap="11", second="**Omar**", bias="nan", gain="2")
    assert not app.exception
    said = " ".join(element.value for element in app.info)
    assert all(part in said for part in ("11", "Omar", "nan", "gain"))
    assert app.session_state["gates.settings"] == GatesSettings()


def test_closed_folds_compute_nothing() -> None:
    """The page opens with its beats alone: no control of a fold is there, and none of its sentences."""
    app = page_at("gates").run()
    assert not app.exception
    assert not app.slider
    assert not app.number_input
    assert words.claims(gates_runs.switch("Yann", 4)) not in shown(app)


@pytest.mark.parametrize(
    ("query", "fold"), [({"gap": "2"}, "others"), ({"held": "3"}, "bias"), ({"gain": "4"}, "exploding")]
)
def test_a_link_opens_the_fold_it_sets(query: dict[str, str], fold: str) -> None:
    """What a link sets is seen: the fold that holds it is open, and no other."""
    app = page_at("gates", **query).run()
    assert not app.exception
    folds = ("others", "bias", "exploding")
    assert [name for name in folds if app.session_state[f"deeper-gates-{name}"]] == [fold]


def test_a_link_of_the_first_edition_still_chooses_its_network() -> None:
    """It named the network "network", as figures now name what they keep; the page writes the new name."""
    app = page_at("gates", network="fresh", bias="2").run()
    assert not app.exception
    assert not app.info
    assert app.session_state["gates.settings"] == GatesSettings(network="fresh", bias=2.0)
    assert app.session_state["deeper-gates-others"]
    assert "network" not in app.query_params
    assert app.query_params["weights"] in ("fresh", ["fresh"])


def test_another_seed_leaves_its_fold_open() -> None:
    """The fold is the same one whatever is set in it; with another label the browser would draw a new, closed one."""
    app = opened()

    def fold() -> str:
        return next(str(each.proto.id) for each in app.expander if str(each.proto.id).endswith("gates.advanced"))

    before = fold()
    app.number_input(key="gates.seed").set_value(7).run()
    assert fold() == before
