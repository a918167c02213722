"""Practice on its page: the second try, the way back, what is kept when, segments, days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from dashboard.kit.asking import elements, flow, keep
from dashboard.practice import days, practising, start
from quiz.asides import Goal
from quiz.attempt import YEARS, Draft, in_calendar
from quiz.grading.grade import right_response
from quiz.load import load_bank

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SLIP, WRONG, KEY = "forward-first-step", "0.5", "0.4621"


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner on their own machine at `NOW`."""
    for page in (flow, keep, practising, start, days):
        for name, value in (("now", lambda: NOW), ("learner", lambda: "local")):
            if hasattr(page, name):
                monkeypatch.setattr(page, name, value)


def script(page: str) -> None:
    """One page of the quiz and nothing else."""
    from dashboard.practice import practising, start

    start.draw() if page == "start" else practising.draw(page)  # type: ignore[arg-type]


def opened(page: str, **query: str) -> AppTest:
    """A visit to a page."""
    app = AppTest.from_function(script, args=(page,), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def labels(app: AppTest) -> list[str]:
    """The buttons of a page."""
    return [button.label for button in app.button]


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button whose label begins so."""
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def text(app: AppTest) -> str:
    """All that is written on a page."""
    return "\n".join(str(element.value) for element in (*app.markdown, *app.caption, *app.title, *app.warning))


def answer(app: AppTest, given: str) -> AppTest:
    """Type an answer and check it."""
    app.text_input[0].set_value(given).run()
    return press(app, "Check")


def test_first_try_is_kept_as_a_draft_and_taken_up() -> None:
    """Nothing counts before the second try; another visit finds the slip, the field as it was, and no key."""
    app = answer(opened("practice", q=SLIP), WRONG)
    assert keep.store().attempts("local") == ()
    for visit in (app, opened("practice", q=SLIP)):
        assert not visit.exception
        assert "is the pre-activation" in text(visit)
        assert KEY not in text(visit)
        assert visit.text_input[0].value == WRONG
    answer(app, KEY)
    (kept,) = keep.store().attempts("local")
    assert (kept.first, kept.response, kept.score, kept.verdict) == (WRONG, KEY, 0.5, "partial")


def test_same_answer_again_is_refused() -> None:
    """It is told and not counted."""
    app = press(answer(opened("practice", q=SLIP), WRONG), "Check")
    assert "the answer you gave before" in text(app)
    assert keep.store().attempts("local") == ()


def test_answer_shown_after_a_first_try_leaves_its_score() -> None:
    """One try, kept as what it was worth."""
    press(answer(opened("practice", q=SLIP), WRONG), "Show the answer")
    (kept,) = keep.store().attempts("local")
    assert (kept.first, kept.response, kept.score) == (None, WRONG, 0.0)


@pytest.mark.parametrize("first", ["[", KEY, {"1": "x"}, ["a"], 7])
def test_no_first_try_of_a_draft_ends_the_page(first: Any) -> None:
    """What is no wrong first try of the question is passed over."""
    draft = Draft(learner="local", question=SLIP, key=str(UUID(int=5)), asked_at=NOW, response="0.1", first=first)
    keep.store().save_draft(draft)
    app = opened("practice", q=SLIP)
    assert not app.exception
    assert "second try" not in text(app)


def test_windows_that_show_one_question_share_its_key() -> None:
    """Until it is handed in every window asks under one key; then the next time has another."""
    one, other = keep.ask(SLIP, 0, "practice"), keep.ask(SLIP, 0, "review")
    assert one.key == other.key
    assert keep.ask("gen-forward-step", 1, "practice").key != keep.ask("gen-forward-step", 2, "practice").key
    app = answer(opened("practice", q=SLIP), KEY)
    assert keep.store().attempts("local")[0].key == one.key
    assert not app.exception
    assert keep.ask(SLIP, 0, "practice").key != one.key


def test_previous_question_stands_as_it_was_left() -> None:
    """With its feedback, under its own address; Next leads to the one after it, not to another."""
    app = press(answer(opened("practice", q=SLIP), KEY), "Next question")
    second = app.title[0].value
    assert app.query_params["q"] != SLIP
    assert "Previous question" in labels(app)
    app = press(app, "Previous question")
    assert app.query_params["q"] == SLIP
    assert "Next question" in labels(app)
    assert "Previous question" not in labels(app)
    assert press(app, "Next question").title[0].value == second
    assert len(keep.store().attempts("local")) == 1


def test_asked_again_the_question_is_fresh() -> None:
    """“Try it again” shows empty fields under another key."""
    app = press(answer(opened("practice", q=SLIP), KEY), "Try it again")
    assert app.text_input[0].value == ""
    assert len(keep.store().attempts("local")) == 1
    answer(app, KEY)
    assert len(keep.store().attempts("local")) == 2


def test_sitting_goes_through_its_list_and_ends() -> None:
    """Questions by name with their variants, then the way in."""
    app = opened("practice", q=SLIP, sitting="1", list="gen-forward-step.5")
    assert "1 more, about 1 min" in text(app)
    app = press(answer(app, KEY), "Next question")
    assert (app.query_params["q"], app.query_params["v"]) == ("gen-forward-step", "5")
    assert "the last one" in text(app)
    question = load_bank().question("gen-forward-step", 5)
    app = answer(app, str(right_response(question)))
    assert "Finish" in labels(app)
    assert "sitting" not in press(app, "Finish").query_params


def test_ten_minutes_put_their_questions_into_the_address() -> None:
    """The first is asked, the others wait in the list."""
    app = press(opened("start"), "Ten minutes")
    assert not app.exception
    assert app.query_params["sitting"] == "1"
    assert len(app.query_params["list"].split(",")) >= 5


def test_segments_fill_what_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of twelve, the answered ones; the present one is marked, filled only if it was answered."""
    drawn: list[str] = []
    monkeypatch.setattr(elements.st, "html", drawn.append)
    elements.segments([0, 4], 6, 2)
    elements.segments([0, 2], 6, 2)
    elements.segments(2, 6)
    assert [html.count('class="done"') for html in drawn] == [2, 1, 2]
    assert ['class="now"' in html for html in drawn] == [True, False, True]
    assert 'class="now answered"' in drawn[1]
    assert "Question 3 of 6; 2 answered" in drawn[0]
    assert 'aria-label="Question 3 of 6"' in drawn[2]


def test_days_say_what_was_answered_and_whether_the_goal_was_reached() -> None:
    """Words for those who hear them, marks for the eye; without a goal nothing is reached."""
    record = [(date(2026, 6, 1) + timedelta(days=k), answers) for k, answers in enumerate((0, 1, 12))]
    assert "Wed 3 Jun: 12 answers, goal reached" in days.row(record, 10)
    assert "Tue 2 Jun: 1 answer<" in days.row(record, 10)
    assert "reached" not in days.row(record, 0)
    assert days.today(12, 10).endswith("your goal is reached.")
    assert days.today(3, 10) == "**3** of **10** answers today"
    assert days.today(1, 0) == "**1** answer today"


def test_goal_is_the_learners_own() -> None:
    """It is set on the page, kept, and can be dropped."""
    app = opened("start")
    app.number_input(key=days.GOAL).set_value(5).run()
    assert keep.store().goal("local") == 5
    assert "of **5** answers today" in text(app)
    keep.store().save_goal(Goal(learner="local", answers=0))
    assert "**0** answers today" in text(opened("start"))


@pytest.mark.parametrize("year", [1971, 2025, 2027, 9998])
def test_clock_that_jumps_in_mid_question(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set back or ahead between asking and checking: the answer counts once, and the pages of what is due open."""

    def jump(now: datetime) -> None:
        for page in (flow, keep, practising, start, days):
            if hasattr(page, "now"):
                monkeypatch.setattr(page, "now", lambda: in_calendar(now))

    app = answer(opened("practice", q=SLIP), WRONG)
    jump(NOW.replace(year=year))
    assert not answer(app, KEY).exception
    (kept,) = keep.store().attempts("local")
    assert (kept.first, kept.response) == (WRONG, KEY)
    assert kept.recorded_at.year in YEARS
    for now in (NOW.replace(year=year), NOW):
        jump(now)
        for page in ("start", "practice", "review"):
            assert not opened(page).exception
