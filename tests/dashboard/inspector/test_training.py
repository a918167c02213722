"""Training on the Inspector: what can be learned, watched, continued, found again after a reload, and scrubbed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, until

from core import gru, model
from core.brought import OneSequence, RowWindows
from core.course import Learned, progress
from core.errors import InputError
from core.stack import StackParams
from dashboard.inspector import train
from dashboard.inspector.controls import BROUGHT, key
from dashboard.inspector.training import Training
from dashboard.kit.jobs.engine import engine
from dashboard.kit.jobs.runs import RUN
from dashboard.kit.run import bring, compute, learning
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import Settings

WAVE = "\n".join(f"{np.sin(k / 3):.3f},{np.cos(k / 5):.3f},{int(k % 12 >= 6)}" for k in range(60))
FILE = replace(Settings(), source="numbers", numbers=WAVE, rows=6, H=4)
QUERY = {"source": "numbers", "numbers": WAVE, "rows": "6", "H": "4", "lr": "0.03"}
Page = Callable[..., AppTest]


@pytest.fixture
def page() -> Iterator[Page]:
    """Opens the Inspector at a query."""

    def opened(**query: str) -> AppTest:
        app: AppTest = page_at("inspector", **query)
        return app.run()

    yield opened
    engine().close()
    engine.clear()


def learned(settings: Settings, steps: int = 3, own: dict[str, Uploaded] | None = None) -> tuple[Any, Learned]:
    """The sequence of some settings, and what a short course came to."""
    reading = next(iter(own.values())) if own else None
    found = compute.sequence(settings, reading)
    course = train._course(settings, found, compute.start(settings, found, own), steps)
    done = course.begun
    for piece in progress(course):
        done = done.grown(piece, course.every)
    return found, done


def at_rest(app: AppTest) -> Training:
    """The training of a page, once it stands still; the page is run as its fragment would ask for it."""

    def looked() -> bool:
        training: Training = app.session_state[key("training")]
        training.job.watched()
        return not training.running

    until(looked)
    app.run()
    found: Training = app.session_state[key("training")]
    return found


def button(app: AppTest, label: str) -> Any:
    """The button of that name."""
    return next(each for each in app.button if each.label == label)


def status(app: AppTest) -> str:
    """How far training is, as the page says it."""
    return next(each.value for each in app.caption if each.value.startswith("Step "))


def test_what_can_be_learned_fits_the_source() -> None:
    """A sentence by heart; numbers by heart or in windows; a task as a rule or its example by heart."""
    assert learning.offered(Settings()) == ("sequence",)
    assert learning.chosen(replace(Settings(), learn="next")) == "sequence"
    assert learning.chosen(FILE) == "sequence"
    assert learning.chosen(replace(FILE, learn="label")) == "label"
    assert learning.chosen(replace(Settings(), source="task")) == "task"
    assert learning.chosen(replace(Settings(), source="task", learn="sequence")) == "sequence"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("learn", ["own", "next", "label"])
def test_what_was_brought_is_trained_with_every_cell(cell: str, learn: str) -> None:
    """The figure's sequence has the target that is learned, and its shown network can be trained on it."""
    found, done = learned(replace(FILE, learn=learn, cell=cell))
    assert done.steps == 3
    assert isinstance(found.task, RowWindows) == (learn != "own")
    if learn == "next":
        assert (found.T, found.O, found.loss, found.columns) == (6, 3, "mse", ("x1", "x2", "x3"))
    if learn == "label":
        assert (found.T, found.O, found.loss, found.columns) == (6, 1, "bce", ("x1", "x2"))


def test_the_scale_of_windows_is_that_of_the_rows_learned_from() -> None:
    """Rows held out do not decide what the shown window is scaled with."""
    other = WAVE.splitlines()[:48] + ["900,-900,1"] * 12
    one, two = (
        compute.sequence(replace(FILE, learn="next", scale="standard", numbers=numbers)).x
        for numbers in (WAVE, "\n".join(other))
    )
    np.testing.assert_array_equal(one, two)


def test_words_can_be_the_label() -> None:
    """A column of words that is read as one-hot is one label, told apart by its words, and no input."""
    rows = [f"{k % 7},{k % 5},{('up', 'down', 'flat')[k % 3]}" for k in range(60)]
    settings = replace(FILE, numbers="\n".join(["a,b,mood", *rows]), learn="label")
    assert learning.words_left_out(settings) == ("mood",)
    assert [each.name for each in learning.labels(settings)] == ["a", "b"]
    (asked,) = [each for each in bring.table(settings).questions if "mood" in each.asks]
    settings = replace(settings, read=bring.chosen(settings, asked.key, "onehot"))
    assert learning.words_left_out(settings) == ()
    assert [each.name for each in learning.labels(settings)] == ["a", "b", "mood"]
    found, done = learned(settings)
    assert isinstance(found.task, RowWindows)
    assert (found.columns, found.O, found.loss) == (("a", "b"), 3, "softmax")
    assert found.task.classes == ("up", "down", "flat")
    assert found.y.tolist() == [5 % 3]
    assert done.steps == 3
    assert compute.sequence(replace(settings, answer=1)).columns == ("a", "mood up", "mood down", "mood flat")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": 30}, "Choose windows of at most 11"),
        ({"example": 55}, "Choose one from 1 to 54"),
        ({"numbers": "1\n2\n3"}, "Bring at least 6 rows"),
        ({"rows": 1200}, "Choose shorter windows"),
        ({"learn": "label", "answer": 0, "columns": (1,)}, "Bring a column beside it"),
    ],
)
def test_rows_that_cannot_be_learned_from_name_the_mend(changes: dict[str, Any], says: str) -> None:
    """Whatever does not fit is refused in one sentence, and `fitting` gives a length that does."""
    with pytest.raises(InputError, match=says):
        compute.sequence(replace(FILE, **{"learn": "next", **changes}))
    fits = learning.fitting(replace(FILE, learn="next"))
    assert fits == compute.sequence(replace(FILE, learn="next", rows=fits)).T


def test_a_stack_in_two_directions_is_trained_as_it_is_read() -> None:
    """All layers of a learner's own network move, and the part that is shown is one of the trained network."""
    rng = np.random.default_rng(0)
    cells = tuple(tuple(gru.init(D, 3, rng=rng) for _ in range(2)) for D in (3, 6))
    own = Uploaded("gru", cells[0][1], None, None, StackParams(cells), 1, "backward", from_file=True)
    settings = replace(FILE, cell="gru", readout="final")
    found = compute.sequence(settings, own)
    (before,) = compute.start(settings, found, {"gru": own}).values()
    _, done = learned(settings, own={"gru": own})
    after = learning.trained(before, done.last["gru"].model)
    assert after.whole.stack.layers[0][1] is after.cell  # type: ignore[attr-defined]
    for k, d in ((0, 0), (0, 1), (1, 0), (1, 1)):
        assert not np.array_equal(after.whole.stack.layers[k][d].W_h, cells[k][d].W_h)  # type: ignore[attr-defined]
    mine = learning.as_own(after, own)
    assert mine.stack is not None
    assert mine.stack.layers[0][1] is mine.cell
    assert mine.W_y is not None
    assert mine.W_y.shape == (6, 1)
    assert compute.inspect(settings, found, {"gru": after}).runs[0].loss < 10


def test_a_network_too_large_to_train_says_so() -> None:
    """One sentence names the size and the mend."""
    large = model.init("lstm", 64, 256, 1, rng=np.random.default_rng(0))
    assert "Take a smaller one" in learning.why_not({"lstm": large})
    assert learning.why_not({"lstm": model.init("lstm", 8, 8, 1, rng=np.random.default_rng(0))}) == ""


def test_a_sentence_is_learned_by_heart_and_scrubbed(page: Page) -> None:
    """Train, see what it shows and what not, then go back through the steps with the figure and the link."""
    app = page(cell="lstm", H="4", lr="0.05")
    assert any("By heart" in each.value for each in app.caption)
    button(app, "Train").click().run()
    done = at_rest(app)
    assert isinstance(done.course.task, OneSequence)
    assert done.learned.steps == 200
    assert done.learned.points["lstm"][-1].loss < done.learned.points["lstm"][0].loss / 5
    assert "Step 200. LSTM: loss" in status(app)
    assert app.query_params["steps"] == "200"
    assert RUN not in app.query_params
    (slider,) = [each for each in app.select_slider if each.label == "Training step"]
    assert slider.options[0] == "0"
    assert slider.options[-1] == "200"
    assert len(slider.options) <= 62
    slider.set_value(40).run()
    assert app.query_params["steps"] == "40"
    shown = app.session_state[key("trained-weights")][1]["lstm"]
    expected = done.learned.at("lstm", 40)
    assert expected is not None
    np.testing.assert_array_equal(shown.W_y, expected.W_y)
    assert not app.exception


def test_training_goes_on_where_it_ended(page: Page) -> None:
    """Continue adds steps to those made, whichever of them the figure shows; Reset goes back to the start."""
    app = page(**QUERY, learn="next")
    button(app, "Train").click().run()
    first = at_rest(app).learned
    app.select_slider(key=key("replay-200-51")).set_value(100).run()  # runs the parts that show it
    app.run()
    button(app, "Continue").click().run()
    second = at_rest(app).learned
    assert second.steps == 400
    assert second.points["rnn"][:200] == first.points["rnn"]
    assert app.query_params["steps"] == "400"
    assert "held out at step 400" in status(app)
    button(app, "Reset").click().run()
    assert "steps" not in app.query_params
    assert button(app, "Train")
    assert not app.exception


def test_after_a_reload_the_running_job_is_found_and_goes_on(page: Page) -> None:
    """Another session with the same link shows the same job, which nobody had to begin again."""
    app = page(**QUERY, learn="label")
    app.session_state[key("more")] = 2000
    button(app, "Train").click().run()
    running: Training = app.session_state[key("training")]
    query = {name: str(value) for name, value in app.query_params.items()}
    again = page_at("inspector", **query).run()
    assert again.session_state[key("training")].job is running.job
    assert at_rest(again).learned.steps == 2000
    assert "right" in status(again)
    assert not again.exception


def test_a_job_that_ended_during_a_reload_is_found_too(page: Page) -> None:
    """A short training may be over before the page is back: its weights are shown, and nothing is trained again."""
    app = page(**QUERY, learn="label")
    button(app, "Train").click().run()
    query = {name: str(value) for name, value in app.query_params.items()}
    made = at_rest(app)
    again = page_at("inspector", **query).run()
    assert again.session_state[key("training")].job is made.job
    assert again.session_state[key("steps")] == made.learned.steps
    assert "right" in status(again)
    assert not again.exception


def test_a_link_trains_what_it_shows_again(page: Page) -> None:
    """Opened elsewhere, a link with training steps shows the weights after so many."""
    app = page(**QUERY, learn="label", steps="37", cell="gru")
    done = at_rest(app)
    assert done.learned.steps == 37
    assert app.query_params["steps"] == "37"
    assert "Step 37. GRU" in status(app)


def own_lstm(outputs: int = 1) -> dict[str, Uploaded]:
    """An LSTM of a learner's own for the three columns."""
    taken = model.init("lstm", 3, 4, outputs, rng=np.random.default_rng(9))
    return {"lstm": Uploaded("lstm", taken.cell, taken.W_y, taken.b_y, from_file=True)}


def with_own(app: AppTest, outputs: int = 1) -> AppTest:
    """The page with these weights in place of the seed's."""
    app.session_state[key("own")] = own_lstm(outputs)
    return app.run()


def address(app: AppTest) -> dict[str, str]:
    """The query of a page's address."""
    found = {name: app.query_params[name] for name in app.query_params}
    return {name: each if isinstance(each, str) else each[0] for name, each in found.items()}


def infos(app: AppTest) -> list[str]:
    """What the page tells in blue."""
    return [each.value for each in app.info]


def test_a_link_made_with_own_weights_says_that_it_lacks_them(page: Page) -> None:
    """The address tells that they were shown; opened again nothing is trained, and a further reload says so too."""
    app = with_own(page(**QUERY, cell="lstm"))
    assert BROUGHT in app.query_params
    query = address(app)
    again = page(**query, steps="50", w="lstm.b.0=1.5")
    assert any("untrained" in info for info in infos(again))
    assert key("training") not in again.session_state
    assert (again.session_state[key("steps")], again.session_state[key("edits")]) == (0, ())
    assert BROUGHT in again.query_params
    again.session_state[key("seed")] = 2
    again.run()
    assert BROUGHT not in again.query_params
    assert not infos(page(**QUERY, cell="lstm"))


def test_a_running_job_gives_own_weights_back_after_a_reload(page: Page) -> None:
    """The network that is trained is the one that was brought, not the seed's."""
    app = with_own(page(**QUERY, cell="lstm"))
    app.session_state[key("more")] = 2000
    button(app, "Train").click().run()
    query = address(app)
    assert {RUN, BROUGHT} <= set(query)
    again = page(**query)
    assert not infos(again)
    found = again.session_state[key("own")]["lstm"]
    np.testing.assert_array_equal(found.cell.W_h, own_lstm()["lstm"].cell.W_h)
    assert again.session_state[key("training")].job is app.session_state[key("training")].job
    button(again, "Stop").click().run()


def test_a_read_out_that_does_not_fit_what_is_learned_can_be_drawn_anew(page: Page) -> None:
    """Train says what is wrong and keeps its choice; a button draws another read-out, another goes back."""
    app = with_own(page(**QUERY, cell="lstm", learn="next"), outputs=2)
    said = "gives 2 outputs; what is to be learned needs 3 outputs"
    assert any(said in each.value for each in app.warning)
    assert any(said in each.value for each in app.caption)
    assert any(each.label == "Learn" for each in app.segmented_control)
    assert button(app, "Learn this sequence instead")
    button(app, "Draw a new read-out").click().run()
    assert not app.warning
    assert button(app, "Train")


def test_a_file_that_was_refused_is_told_above_the_figure_until_something_changes(page: Page) -> None:
    """Opening and closing what stands beside it leaves it said."""
    app = page(**QUERY, cell="lstm")
    app.session_state[key("refused-file")] = "“a.csv”: The file is empty.", app.session_state[key("settings")]
    for _ in range(2):
        app.run()
        assert [each.value for each in app.warning] == [
            "“a.csv”: The file is empty.\n\nShown below: the sequence from before."
        ]
    app.session_state[key("seed")] = 2
    app.run()
    assert not app.warning


def test_windows_are_chosen_on_the_page(page: Page) -> None:
    """Taking windows shows one of them with its answer; too long ones are refused where they can be shortened."""
    app = page(**{**QUERY, "rows": "40"})
    learn = next(each for each in app.segmented_control if each.label == "Learn")
    learn.set_value("label").run()
    assert app.session_state[key("rows")] == 12
    assert any("Held out: 1 of the last 12" in each.value for each in app.caption)
    next(each for each in app.number_input if each.label == "Rows of a window").set_value(13).run()
    assert any("at most 12" in each.value for each in app.warning)
    next(each for each in app.segmented_control if each.label == "Learn").set_value("sequence").run()
    assert not app.warning
    assert any("By heart" in each.value for each in app.caption)
    assert not app.exception
