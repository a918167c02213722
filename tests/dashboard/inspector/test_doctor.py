"""The doctor on the Inspector's settings: what it says, what it offers, and what a press does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from support import page_at

from core import doctor
from core.doctor import KINDS, Finding
from core.lstm import LSTMParams
from dashboard.inspector import controls, doctor_words, mending, view
from dashboard.inspector import doctor as page
from dashboard.kit.run import compute
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import SENTENCE, Settings

RNG = np.random.default_rng
TWICE = f"{SENTENCE} {SENTENCE}"
PRICES = "price,volume\n" + "\n".join(
    f"{100 + k + 9 * a:.1f},{1_080_000 + 9_000 * b:.0f}" for k, (a, b) in enumerate(RNG(0).normal(size=(40, 2)))
)
NORMAL = "\n".join(f"{a:.3f},{b:.3f}" for a, b in RNG(1).normal(size=(16, 2)))

CONSTANT = "\n".join(f"{row},3" for row in NORMAL.split("\n"))
DOUBLED = "\n".join(f"{row},{row.split(',')[0]}" for row in NORMAL.split("\n"))


def inspected(**changes: Any) -> Inspection:
    """What `core` computes for these settings."""
    settings = replace(Settings(), **changes)
    sequence = compute.sequence(settings)
    return compute.inspect(settings, sequence, compute.start(settings, sequence))


def found(inspection: Inspection) -> tuple[Finding, ...]:
    """What is wrong with it."""
    return doctor.findings(mending.cases(inspection))


def plain(runs: Any) -> str:
    """Rich text as it is read."""
    return "".join(run if isinstance(run, str) else run.get("says") or next(iter(run.values())) for run in runs)


def offered(inspection: Inspection) -> dict[str, Settings | None]:
    """The mends of the worst finding by name, and the settings they make."""
    all_of, settings = found(inspection), inspection.settings
    now = mending.settable(settings, {}, all_of[0].model)
    mends = doctor.candidates(all_of[0], now, float(np.abs(inspection.sequence.x).max()))
    offers = doctor.tried(all_of[0], all_of, mends, mending.remake(settings, {}))
    return {
        doctor_words.mend_name(offer.mend, settings, inspection.sequence): mending.mended(settings, offer.mend)
        for offer in offers
    }


@pytest.mark.parametrize("changes", [{}, {"source": "numbers"}, {"scheme": "orthogonal"}, {"scheme": "xavier"}])
def test_nothing_is_said_of_usual_settings(changes: dict[str, Any]) -> None:
    """Over seeds the Inspector's own settings and its other starts raise no finding."""
    assert [seed for seed in range(1, 26) if found(inspected(seed=seed, **changes))] == []


ILL: dict[str, tuple[str, dict[str, Any]]] = {
    "large inputs": ("unscaled", {"source": "numbers", "numbers": PRICES}),
    "forget bias 5": ("open", {"forget_bias": 5.0}),
    "forget bias -5": ("saturated", {"forget_bias": -5.0}),
    "sigmoid": ("vanishing", {"activation": "sigmoid"}),
    "no gain": ("vanishing", {"gain": 0.3}),
    "linear, met": ("hidden", {"activation": "identity", "gain": 4.0, "seed": 3, "text": TWICE, "target": "0"}),
    "linear, missed": ("states", {"activation": "identity", "gain": 4.0, "seed": 3, "text": TWICE}),
    "padding": ("padding", {"source": "numbers", "numbers": NORMAL + "\n0,0" * 7}),
    "padded words": ("padding", {"text": "one two three four five six" + " PAD" * 9}),
    "a column that never changes": ("constant", {"cell": "lstm", "source": "numbers", "numbers": CONSTANT}),
    "a column twice": ("duplicate", {"cell": "lstm", "source": "numbers", "numbers": DOUBLED}),
}


@pytest.mark.parametrize("name", ILL)
def test_each_ill_is_found_said_and_mended(name: str) -> None:
    """Bad settings of each kind are found first, with a mend that takes the finding away when it is made."""
    kind, changes = ILL[name]
    inspection = inspected(**changes)
    worst = found(inspection)[0]
    assert worst.kind == kind
    said = plain(doctor_words.sentence(worst, inspection.sequence))
    assert said.endswith(".")
    assert "nan" not in said + plain(doctor_words.evidence(worst, inspection.sequence))
    mends = offered(inspection)
    assert mends
    for label, settings in mends.items():
        assert settings is not None, label
        changed = {f: v for f, v in vars(settings).items() if v != getattr(inspection.settings, f)}
        left = found(inspected(**{**vars(inspection.settings), **changed}))
        assert (worst.look, worst.model) not in {(each.look, each.model) for each in left}, label


def test_every_kind_has_its_words() -> None:
    """No finding of `core` is without a sentence."""
    assert set(doctor_words._SAID) == set(KINDS)


def test_the_words_carry_the_numbers_and_the_place_of_the_evidence() -> None:
    """The sentence has the largest value and its column, the evidence leads to step and unit."""
    inspection = inspected(source="numbers", numbers=PRICES)
    worst = found(inspection)[0]
    largest = np.abs(inspection.sequence.x).max()
    assert f"The inputs reach {largest:,.0f} (volume)" in plain(doctor_words.sentence(worst, inspection.sequence))
    (go,) = (run for run in doctor_words.evidence(worst, inspection.sequence) if isinstance(run, dict) and "go" in run)
    assert go == {"go": {"t": worst.t, "unit": worst.unit}, "says": f"step {worst.t}, unit {worst.unit - 1}"}


def test_a_column_is_named_as_text() -> None:
    """What a learner called a column is shown literally, whatever it looks like."""
    rows = NORMAL.replace("\n", ",3\n") + ",3"
    inspection = inspected(cell="lstm", source="numbers", numbers="a,b,<i>c</i>\n" + rows)
    assert {"token": "<i>c</i>"} in doctor_words.sentence(found(inspection)[0], inspection.sequence)


def test_dividing_is_refused_where_a_small_column_would_be_lost() -> None:
    """One divisor for all columns is no mend where one of them is small."""
    settings = replace(Settings(), source="numbers", numbers="1,1000\n2,3000\n-1,2000")
    assert mending.mended(settings, (("divide", 1000.0),)) is None
    alike = mending.mended(replace(settings, numbers="1000,1000\n2000,3000"), (("divide", 1000.0),))
    assert alike is not None
    np.testing.assert_array_equal(compute.sequence(alike).x[:, 0], [[1, 1], [2, 3]])


def test_the_sequence_ends_where_the_readout_is_wanted() -> None:
    """Rows and words after the last one that says something are left out; a window that was chosen stays."""
    settings = replace(Settings(), source="numbers", numbers=NORMAL, from_row=3, every=2)
    shorter = mending.mended(settings, (("until", 4),))
    assert shorter is not None
    np.testing.assert_array_equal(compute.sequence(shorter).x, compute.sequence(settings).x[:4])
    words = mending.mended(Settings(), (("until", 5),))
    assert words is not None
    assert compute.sequence(words).labels == compute.sequence(Settings()).labels[:5]


def test_what_was_trained_or_brought_keeps_its_weights() -> None:
    """Nothing that would draw other weights is offered for a network of the learner's or of the zoo."""
    params = compute.fresh_model(Settings(), "lstm", compute.sequence(Settings())).cell
    assert isinstance(params, LSTMParams)
    own = {"lstm": Uploaded("lstm", params, None, None)}
    both = replace(Settings(), cell="both")
    assert mending.settable(both, own, "lstm") == {}
    assert set(mending.settable(both, own, "rnn")) == {"gain", "scheme", "activation"}
    assert mending.settable(replace(both, steps=3), {}) == {}


def headline(**changes: Any) -> str:
    """The sentence above the figure."""
    return plain(view.finding(inspected(**changes)))


def test_the_headline_does_not_say_nothing_comes_back_where_nothing_was_sent() -> None:
    """Exploded states behind a loss that is met: the gradient is missing, not lost on its way."""
    changes = {"activation": "identity", "gain": 4.0, "seed": 3, "text": TWICE, "target": "0"}
    alone = headline(cell="rnn", **changes)
    assert alone.startswith("The loss sends no gradient into the last step (t = 26) of the RNN")
    assert "brings nothing" not in alone
    both = headline(**changes)
    assert "into the RNN the loss sends no gradient." in both
    assert "the RNN brings" not in both


def test_the_headline_says_how_much_more_comes_back_where_it_grows() -> None:
    """An explosion that the loss shows is said as one."""
    said = headline(cell="rnn", activation="identity", gain=4.0, seed=3, text=TWICE)
    assert "times as much" in said
    assert "10⁹" in said


def test_the_headline_takes_no_share_of_what_lies_at_the_end_of_the_floats() -> None:
    """A gradient of 1e-300 is called hardly any: its share underflows long before the first step."""
    inspection = inspected(cell="rnn", seed=3)
    (run,) = inspection.runs
    faint = replace(run, norms={**run.norms, "h": run.norms["h"] * 1e-300}, reach={"h": 0.0})
    said = plain(view.finding(replace(inspection, runs=(faint,))))
    assert "hardly a gradient" in said
    assert "brings" not in said


def test_the_headline_tells_a_cell_state_that_is_handed_nothing() -> None:
    """Where tanh(c_T) is exactly 1, no share through c is claimed."""
    inspection = inspected(cell="lstm")
    (run,) = inspection.runs
    norms = {**run.norms, "c": np.r_[run.norms["c"][:-1], 0.0]}
    said = plain(view.finding(replace(inspection, runs=(replace(run, norms=norms, reach={**run.reach, "c": 0.0}),))))
    assert said.endswith("through h, and into c it hands on nothing.")


class Sent(list[Any]):
    """What the page sent about the doctor, and beside the last of it what was there before a mend."""

    before: Any = None


@pytest.fixture
def pressing(monkeypatch: pytest.MonkeyPatch) -> tuple[Sent, list[str]]:
    """What the page sends its figure about the doctor, run by run, and the acts that the next runs begin with."""
    sent = Sent()
    acts: list[str] = []
    draw, restore = view.inspector, controls.restore

    def drawn(*args: Any, **given: Any) -> Any:
        if "doctor" in given:  # not for what was there before
            sent.append(given["doctor"])
            sent.before = given["before"]
        return draw(*args, **given)

    def restored() -> Any:
        problems = restore()
        while acts:
            page._act(acts.pop(0))
        return problems

    monkeypatch.setattr(view, "inspector", drawn)
    monkeypatch.setattr(controls, "restore", restored)
    return sent, acts


def test_a_mend_is_made_undone_and_left_on_the_page(pressing: tuple[Sent, list[str]]) -> None:
    """A press sets the settings, says what it did, and is taken back; a finding that is left gives way to the next."""
    sent, acts = pressing
    app = page_at("inspector", source="numbers", numbers=PRICES).run()
    assert not app.exception
    assert plain(sent[-1]["finding"]["says"]).startswith("The inputs reach")
    assert sent[-1]["finding"]["mends"][0]["act"] == "scale=standard"
    before = app.session_state["inspector.settings"]
    assert sent.before is None
    acts.append("scale=standard")
    app.run()
    assert app.session_state["inspector.scale"] == "standard"
    assert sent.before.settings == before
    assert sent[-1]["done"]["label"] == "Standardise each column"
    assert "vanishes" in plain(sent[-1]["finding"]["says"])
    acts.append("leave")
    app.run()
    assert sent[-1]["finding"] is None
    assert len(sent[-1]["others"]) == 1
    acts.append("undo")
    app.run()
    assert app.session_state["inspector.settings"] == before
    assert app.session_state["inspector.scale"] == "none"
    assert sent[-1]["done"] is None
    assert plain(sent[-1]["finding"]["says"]).startswith("The inputs reach")
    assert not app.exception


def test_mends_that_follow_each_other_are_undone_one_by_one(pressing: tuple[Sent, list[str]]) -> None:
    """The last one first, each with exactly the settings before it."""
    sent, acts = pressing
    app = page_at("inspector", source="numbers", numbers=PRICES).run()
    seen = [app.session_state["inspector.settings"]]
    for _ in range(2):
        acts.append(sent[-1]["finding"]["mends"][0]["act"])
        app.run()
        seen.append(app.session_state["inspector.settings"])
    assert len(set(seen)) == 3
    for expected in (seen[1], seen[0]):
        acts.append("undo")
        app.run()
        assert app.session_state["inspector.settings"] == expected
    assert sent[-1]["done"] is None
    assert not app.exception


def test_a_press_that_comes_late_does_nothing(pressing: tuple[Sent, list[str]]) -> None:
    """A mend of an older picture, or nonsense, changes no setting; where all is well nothing is said."""
    sent, acts = pressing
    app = page_at("inspector").run()
    assert sent == [None]
    before = app.session_state["inspector.settings"]
    acts += ["scale=standard", "undo", "leave", "__import__"]
    app.run()
    assert app.session_state["inspector.settings"] == before
    assert sent[-1] is None
    assert not app.exception


def test_weights_that_training_made_too_large_are_not_blamed_on_their_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where trained weights explode, the sentence names the learning rate, not the gain."""
    monkeypatch.setattr(controls, "kept", lambda _name, _made_from, make: make())
    settings = replace(Settings(), source="task", task="adding", cell="rnn", activation="identity", steps=3)
    sequence = compute.sequence(settings)
    models = compute.start(settings, sequence)
    cell = replace(models["rnn"].cell, W_h=1e30 * models["rnn"].cell.W_h)
    with pytest.raises(compute.Exploded, match="Lower the learning rate") as problem:
        controls.inspect(settings, sequence, {"rnn": replace(models["rnn"], cell=cell)})
    assert "Lower the gain" not in str(problem.value)


def test_a_run_that_exploded_offers_what_was_tried() -> None:
    """Where nothing can be drawn, what makes it computable stands before the way back, and makes it."""
    numbers = "\n".join(f"{1e5 * value:.0f}" for value in RNG(2).normal(size=990))
    app = page_at(
        "inspector", source="numbers", numbers=numbers, cell="rnn", activation="identity", gain="4", H="8"
    ).run()
    assert "exploded" in app.warning[0].value
    labels = [button.label for button in app.button]
    assert labels.index("Take tanh") < labels.index("Back to the defaults")
    next(button for button in app.button if button.label == "Take tanh").click().run()
    assert not app.exception
    assert app.session_state["inspector.activation"] == "tanh"
    assert not app.warning
