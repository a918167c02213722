"""Predictions on a page: asked, judged, kept; a page without a store, a visitor, and drafts that are no attempts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from dashboard.kit import parts
from dashboard.kit.asking import guess, keep
from dashboard.kit.people import who
from quiz.asides import Guess
from quiz.computed.guess import variant
from quiz.computed.numbers import typed
from quiz.errors import AwayError
from quiz.grading.grade import grade
from quiz.load import validate
from quiz.practice import schedule
from quiz.schema import Choice, Numeric, Option, Order, Slip
from quiz.store import Store

pytestmark = pytest.mark.usefixtures("data")

REPLY = "You dropped the future path. It sends $-0.1$ back."


def script(questions: tuple[object, ...]) -> None:
    """A page with predictions and nothing else."""
    from dashboard.kit.asking import guess

    for question in questions:
        guess.draw("bptt", question)


def sign(asked: str = "What is the sign of $h_1$?") -> Choice:
    """A choice with a named slip."""
    options = (
        Option(id="a", text="positive", name="turned the sign", reply="No."),
        Option(id="b", text="negative", right=True, reply="Yes."),
        Option(id="c", text="zero", name="misjudged the outcome", reply=REPLY),
    )  # fmt: skip
    return Choice(id="guess-bptt-state", concepts=("bptt",), prompt=asked, explanation="It is $-0.1$.", options=options)


def number() -> Numeric:
    """A number with a named slip."""
    slips = (Slip(answer=typed(0.5), name="forgot the activation's slope", reply="You forgot the slope. It is 0.5."),)
    return Numeric(
        id="guess-bptt-weight", concepts=("bptt",), prompt="How much?", explanation="$0.25$.", answer=0.25, slips=slips
    )


def order() -> Order:
    """An order with a named slip."""
    slips = (Slip(answer="3 2 1", name="turned it upside down", reply="You began with the smallest. Turn it round."),)
    return Order(
        id="guess-gradients-rank", concepts=("bptt",), prompt="Order them.", explanation="So it is.",
        steps=("tanh", "ReLU", "sigmoid"), slips=slips,
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that the store of this test lies in, and a learner on their own machine."""
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    monkeypatch.setattr(who, "learner", lambda: "local")
    keep.store.clear()
    yield tmp_path
    keep.store.clear()


def opened(*questions: Any) -> AppTest:
    """A fresh visit to a page with these predictions."""
    return AppTest.from_function(script, args=(questions,), default_timeout=PATIENCE).run()


def press(page: AppTest, label: str) -> AppTest:
    """Press the button of that label."""
    return next(button for button in page.button if button.label == label).click().run()


def words(page: AppTest) -> str:
    """All Markdown on the page."""
    return "\n".join(element.value for element in page.markdown)


def test_wrong_guess_is_told_its_slip_first_and_then_the_working() -> None:
    """The slip's name is set off; own guess and right option carry their words."""
    page = opened(sign())
    assert "It is $-0.1$." not in words(page)
    page.radio[0].set_value("c").run()
    press(page, "Commit")
    assert not page.exception
    said = words(page)
    assert "**You dropped the future path.** It sends $-0.1$ back." in said
    assert said.index("dropped") < said.index("It is $-0.1$.")
    assert ":red[✕] zero" in said
    assert "your guess" in said
    assert ":green[✓] negative" in said


@pytest.mark.parametrize(
    ("question", "given", "told"),
    [(sign(), "c", " · you said “zero”, it is “negative”"), (number(), "0.5", " · you said 0.5, it is 0.25")],
)
def test_a_choice_is_told_in_quotation_marks(question: Any, given: str, told: str) -> None:
    """An option may be a sentence; a number needs no marks."""
    committed = guess.Guess(given=given, committed=True)
    assert guess._said(question, committed, grade(question, given)) == told


def test_right_guess_has_no_slip_and_nothing_to_ask_again() -> None:
    """Right is right: the working follows, the field is gone."""
    page = opened(sign())
    page.radio[0].set_value("b").run()
    press(page, "Commit")
    assert "right, your guess" in words(page)
    assert "It is $-0.1$." in words(page)
    assert not page.radio
    assert [button.label for button in page.button] == []


def test_nothing_entered_is_refused_and_not_committed() -> None:
    """An empty or unreadable guess says what is missing and reveals nothing."""
    page = press(opened(number()), "Commit")
    assert page.warning[0].value == "Type an answer first."
    page.text_input[0].set_value("a lot").run()
    press(page, "Commit")
    assert page.warning
    assert "$0.25$." not in words(page)


def test_answer_can_be_shown_and_asked_again() -> None:
    """Showing gives the working without a verdict on the learner; asking again empties the field."""
    page = opened(number())
    page.text_input[0].set_value("0.5").run()
    press(page, "Show the answer")
    assert "$0.25$." in words(page)
    assert "forgot the slope" not in words(page)
    press(page, "Ask again")
    assert page.text_input[0].value == ""
    assert "$0.25$." not in words(page)


def test_order_is_picked_step_by_step_and_its_slip_named() -> None:
    """A ranking is pressed in order; the slip of a turned one is recognised."""
    page = opened(order())
    for name in ("sigmoid", "ReLU", "tanh"):
        press(page, name)
    press(page, "Commit")
    assert not page.exception
    assert "**You began with the smallest.**" in words(page)


@pytest.mark.parametrize("committed", [False, True], ids=["half typed", "committed"])
def test_guess_outlives_the_visit(committed: bool) -> None:
    """A reload, a new connection or a new server brings back what stood there."""
    page = opened(number())
    page.text_input[0].set_value("0.5").run()
    if committed:
        press(page, "Commit")
    keep.store().close()
    keep.store.clear()
    page = opened(number())
    assert ("forgot the slope" in words(page)) == committed
    assert [field.value for field in page.text_input] == ([] if committed else ["0.5"])


def test_another_network_is_another_question() -> None:
    """A guess on one network says nothing on the next, and is there again when the first one is back."""
    page = opened(sign())
    page.radio[0].set_value("c").run()
    press(page, "Commit")
    other = opened(sign("What is the sign of $h_2$?"))
    assert other.radio[0].value is None
    assert "dropped" in words(opened(sign()))


def test_a_change_of_the_numbers_asks_the_store_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was guessed on other variants before the page was opened, or since, is known without the store."""
    first, second, third = (sign(f"What is the sign of $h_{k}$?") for k in (1, 2, 3))
    with Store.open() as store:
        store.save_guess(kept(second, {"given": "c", "committed": True, "shown": False, "again": 0}))
    page = opened(first)
    monkeypatch.setattr(parts, "alone", lambda: True)
    monkeypatch.setattr(Store, "guesses", refused)
    page.args = ((second,),)
    assert "dropped" in words(page.run())
    page.args = ((third,),)
    page.run().radio[0].set_value("a").run()
    press(page, "Commit")
    page.session_state[guess.KEPT].clear()  # as the oldest go
    assert "No." in words(page.run())
    monkeypatch.setattr(parts, "alone", lambda: False)
    page.args = ((first,),)
    page.session_state[guess.KEPT].clear()
    page.run()
    assert "kept for this visit only" in page.warning[0].value


def test_a_question_that_stays_is_known_however_many_others_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest guesses of a session go, but none that is asked now."""
    monkeypatch.setattr(guess, "MOST_KEPT", 3)

    def changing() -> None:
        import streamlit as st

        from dashboard.kit.asking import guess

        for questions in st.session_state["asked"]:
            st.session_state["found"] = guess.standing("bptt", questions)
        st.session_state["known"] = len(st.session_state[guess.KEPT])

    page = AppTest.from_function(changing, default_timeout=PATIENCE)
    page.session_state["asked"] = [[sign(), sign(f"What is the sign of $h_{k}$?")] for k in range(2, 9)]
    page.run()
    assert not page.exception
    assert page.session_state["found"] == [(variant(each), guess.Guess()) for each in page.session_state["asked"][-1]]
    assert page.session_state["known"] == 3


def refused(*_: object) -> None:
    """A store that is away."""
    raise AwayError("The database is away.")


def test_page_without_a_store_says_so_and_goes_on(data: Path) -> None:
    """A damaged database costs the keeping, not the lesson."""
    (data / "quiz.sqlite3").write_text("this is no database")
    page = opened(number())
    assert "kept for this visit only" in page.warning[0].value
    page.text_input[0].set_value("0.5").run()
    press(page, "Commit")
    assert "forgot the slope" in words(page)
    assert not page.exception
    (data / "quiz.sqlite3").unlink()


def test_visitor_leaves_nothing_behind(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is not signed in on a shared server is remembered for the visit alone."""
    monkeypatch.setattr(who, "learner", lambda: "visit-1")
    page = opened(number())
    page.text_input[0].set_value("0.5").run()
    press(page, "Commit")
    assert "forgot the slope" in words(page)
    assert not (data / "quiz.sqlite3").exists()


@pytest.mark.parametrize(
    "response",
    [
        "0.5", None, {"given": 3, "committed": True}, {"given": ["a"], "committed": True}, {"other": 1},
        {"given": "many", "committed": True}, {"given": "0.5", "committed": "yes"}, {"again": "x"},
    ],
)  # fmt: skip
def test_kept_guess_that_does_not_fit_is_passed_over(response: Any) -> None:
    """An imported file may hold anything under a guess's id; the page draws its question all the same."""
    question = number()
    with Store.open() as store:
        store.save_guess(kept(question, response))
    page = opened(question)
    assert not page.exception
    assert page.text_input


def kept(question: Any, response: Any) -> Guess:
    """A guess as it is kept."""
    return Guess(
        learner="local", question=question.id, variant=variant(question), response=response,
        kept_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def test_guess_is_no_attempt() -> None:
    """It is exported and comes back by import, but has no card, no attempt and no place in the bank."""
    page = opened(number())
    page.text_input[0].set_value("0.5").run()
    press(page, "Commit")
    store = keep.store()
    assert store.attempts("local") == ()
    assert store.cards("local") == schedule.fold(()) == {}
    lines = list(store.export("local"))
    assert len(lines) == 1
    assert store.import_("user-2", lines).problems == ()
    (found,) = store.guesses("user-2", ["guess-bptt-weight"])
    assert (found.variant, found.response["given"]) == (variant(number()), "0.5")
    assert validate() == ()


def test_page_that_asks_nothing_yet_loads_no_database() -> None:
    """The block is imported without the store: what it costs is paid when the first guess is drawn."""
    import subprocess
    import sys

    code = "import sys, dashboard.kit.asking.guess; print('sqlalchemy' in sys.modules, 'quiz.store' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "False"]
