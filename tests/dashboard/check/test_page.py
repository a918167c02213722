"""The page: what is brought is checked; nothing of the learner's is markup; what can't be used is explained."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from core.check.passes import clean, run
from core.check.slips import slips
from dashboard.check import compute, controls, view
from dashboard.check.lab import LINES
from dashboard.kit.run.handed import Handed
from dashboard.kit.run.settings import Settings
from quiz.grading.grade import right_response
from quiz.load import load_bank
from quiz.practice.catalogue import catalogue, present

SMALL = {"cell": "lstm", "H": "3", "source": "numbers", "numbers": "1\n0.5\n-1\n2"}


def settings() -> Settings:
    """The network of `SMALL`."""
    return Settings().updated(SMALL)[0]


def printed(name: str, slip: str | None) -> str:
    """What NumPy prints of one quantity of that network, with a slip or without."""
    case = compute.network(settings(), "lstm")
    values = clean(case) if slip is None else run(case, next(s for s in slips("lstm") if s.id == slip).replaced).values
    with np.printoptions(precision=12, threshold=10**6):
        return f"{name} = {values[name]!r}"


def shown(app: AppTest) -> str:
    """All words of the page."""
    assert not app.exception
    kinds = (app.markdown, app.caption, app.code, app.warning, app.error, app.info)
    return "\n".join(str(each.value) for kind in kinds for each in kind)


def pasted(text: str) -> AppTest:
    """The page with arrays pasted, against the network of `SMALL`."""
    app = page_at("check", **SMALL)
    app.session_state["mine.text-0"] = text
    return app.run()


def test_the_example_is_checked_at_a_press() -> None:
    """Pressed, the page says which quantity differs, by which slip, and how sure that is."""
    app = page_at("check").run()
    assert "you used" not in shown(app)
    app.button(key=controls.key("example")).click().run()
    said = shown(app)
    assert "14 of 15 quantities equal ours" in said
    assert "+ dW_h += h[t].T @ da" in said
    assert "known slips is" in said


def test_a_printed_gradient_is_held_against_the_network_of_the_link() -> None:
    """One print, without weights: right it agrees, with a slip the slip is named."""
    assert "equals ours" in shown(pasted(printed("dW_h", None)))
    said = shown(pasted(printed("dW_h", "c-for-c-prev")))
    assert "at the forget gate" in said
    assert "- da_f = dc * c[t + 1]" in said


def test_a_nameless_print_is_taken_by_its_shape() -> None:
    """Numbers without a name are held against the quantity of their shape."""
    said = shown(pasted(printed("dW_h", None).removeprefix("dW_h = ")))
    assert "equals ours" in said
    assert "by its shape" in said


def test_clear_takes_back_what_was_brought() -> None:
    """Cleared, the field is empty and no report stands."""
    app = pasted(printed("dW_h", None))
    app.button(key=controls.key("clear")).click().run()
    assert "equals ours" not in shown(app)
    assert app.text_area[0].value == ""


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> = [[1, 2], [3, 4]]",
        "dW_h = [[1, <img src=x onerror=alert(1)>]]",
        "dW_h = [[1, 2",
        "[](javascript:alert(1)) = [1]",
        "{\"h\": {\"$eval$\": [[1, \"x\"]]}}",
        "nothing",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_as_text(text: str) -> None:
    """Markup, formulas and cut prints are quoted, escaped, with their mend; the page stands."""
    app = pasted(text)
    said = shown(app)
    assert "<script" not in said.replace("\\<script", "")
    assert "<img" not in said.replace("\\<img", "")
    assert app.title[0].value == "Check my implementation"


def test_too_long_a_case_is_sent_to_the_terminal() -> None:
    """A server has not the time for any size: it says what it takes, and where the rest can be checked."""
    steps = "\n".join("1" for _ in range(60))
    app = page_at("check", **(SMALL | {"numbers": steps}))
    app.session_state["mine.text-0"] = f"dc0 = {[[0.0] * 3]}"
    assert "python \\-m core\\.check FILE" in shown(app.run())


def test_the_markup_holds_numbers_and_our_words_alone() -> None:
    """Each drawing of a report is markup of ours: cells, bars and dots as many as there are numbers."""
    found = compute.report(compute.example(), "", compute.network(settings(), "lstm"), controls.Said())
    yours, ours = compute.pictured(found)
    assert view.matrices(found, yours, ours).count("<i ") == 2 * ours.size
    assert view.matrices(found, yours, ours).count('class="frame "') == 2
    shares = compute.shares(found)
    assert shares is not None
    assert shares.ours.sum() == pytest.approx(found.first.ours if found.first else 0)
    assert shares.yours.sum() == pytest.approx(found.first.yours if found.first else 0)
    assert view.shares(shares).count('class="bar') == 2 * len(shares.ours)
    taken, right, deltas = shares.states or ()
    np.testing.assert_allclose(taken * deltas, shares.yours, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(right * deltas, shares.ours, rtol=1e-9, atol=1e-15)
    assert view.shares(shares).count('class="made') == 3
    assert view.nearest(found).count("dot full") == 1
    assert view.table(found).count("✗ differs") == 1


def test_a_number_that_is_none_is_drawn_apart() -> None:
    """NaN has a mark of its own and no colour on the scale."""
    found = compute.report("dW_h = " + str([[float("nan")] * 12] * 3).replace("nan", "NaN"), "",
                           compute.network(settings(), "lstm"), controls.Said())  # fmt: skip
    assert view.matrices(found, *compute.pictured(found)).count("none") == 36
    assert "not finite" in view.table(found)


def test_symbols_in_our_words_become_formulas() -> None:
    """Ours are formulas in their colours; what else looks like markup is text."""
    said = view.worded("you used h_t where h_{t−1} belongs, in ∂L/∂W_h, see dW_h and *x*")
    assert said.count("$") == 6
    assert r"{h_{t-1}}" in said
    assert r"\partial L/\partial W_{h}" in said
    assert r"dW\_h" in said
    assert r"\*x\*" in said


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_weights_on_the_inspectors_screen_come_along(cell: str) -> None:
    """The Inspector's link hands on the networks as they are there, trained or brought; a mere link says so."""
    inspector = page_at("inspector", **(SMALL | {"cell": cell})).run()
    assert not inspector.exception
    handed: Handed = inspector.session_state["handed.networks"]
    drawn = handed.models[cell]
    trained = replace(drawn, cell=replace(drawn.cell, W_h=2 * drawn.cell.W_h))
    given = replace(handed, models={cell: trained})
    values = clean(compute.network(handed.settings, cell, given))
    assert not np.allclose(values["dW_h"], clean(compute.network(handed.settings, cell))["dW_h"])
    app = page_at("check", **handed.query)
    app.session_state["handed.networks"] = given
    with np.printoptions(precision=12, threshold=10**6):
        app.session_state["mine.text-0"] = f"dW_h = {values['dW_h']!r}"
    assert "equals ours" in shown(app.run())
    assert "holds no weights" in shown(page_at("check", **(SMALL | {"source": "task", "steps": "40"})).run())


@pytest.mark.parametrize(("kind", "order"), [("rnn", ""), ("lstm", "i f o g"), ("gru", "r z n")])
def test_the_case_says_what_it_is(kind: str, order: str) -> None:
    """Beside the download stand cell, sizes and layout, for each cell that can be chosen; the file says them too."""
    app = page_at("check", **SMALL)
    app.session_state["mine.kind"] = kind
    said = shown(app.run())
    assert f"{kind.upper()}, 4 steps, 1 sequence, 1 input, 3 units" in said
    assert not order or f"in the order {order.replace(' ', ', ')}" in said
    case = compute.network(settings(), kind)
    packed = compute.packed(case)
    with np.load(io.BytesIO(packed)) as file:
        assert (file["cell"].item(), file["order"].item()) == (kind, order)
        grown = {name: file[name] for name in file.files} | {"dW_h": clean(case)["dW_h"]}
    brought = io.BytesIO()
    np.savez(brought, **grown)
    assert compute.report(brought.getvalue(), "", case, controls.Said(kind)).first is None


def test_a_line_filled_in_counts_in_progress() -> None:
    """A right line is graded, and its question has a card, which Progress counts."""
    app = page_at("check")
    app.session_state["mine.line"] = "code-lstm-dc"
    app.run()
    field = next(each for each in app.text_input if each.label == "Your formula")
    field.set_value(str(right_response(load_bank().question("code-lstm-dc", 0)))).run()
    next(each for each in app.button if each.label == "Check").click().run()
    assert not app.exception
    store = app.session_state["quiz.visited"]  # a visitor's own
    assert "code-lstm-dc" in present(store.cards(app.session_state["quiz.visitor"]), catalogue(load_bank()))


def test_a_line_is_asked_for() -> None:
    """The lab's lines are the bank's own formula questions."""
    bank = load_bank()
    assert all(bank.question(name, 0).kind == "formula" for name in LINES)
    app = page_at("check")
    app.session_state["mine.line"] = "code-rnn-delta"
    assert "Write the line that is missing" in shown(app.run())
