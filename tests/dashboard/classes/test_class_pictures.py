"""A class in a sentence and in bars: what may be seen, nothing else, and what people wrote as text."""

from __future__ import annotations

import re

from dashboard.classes import pictures
from dashboard.classes.sentence import headline
from quiz.classes.privacy import QuestionShown, SlipShown, StopsShown, SureShown, share
from quiz.classes.reports import Figures, Member

HOSTILE = "<img src=x onerror=alert(1)>"
SOME = QuestionShown("q", 21, share(9, 21), (SlipShown("dropped the future path", share(8, 21)),), share(4, 21))
NONE = QuestionShown("p", 6, share(0, 6), (SlipShown("turned the sign", None),))
FEW = QuestionShown("r")
STOPS = StopsShown("bptt", 27, (27, 27, 21, 21))
STEPS = {"bptt": ("Forward", "Backward", "Add up", "Update")}


def figures(*questions: QuestionShown, stops: tuple[StopsShown, ...] = ()) -> Figures:
    """What a teacher may see."""
    return Figures(sum(each.answers for each in questions), questions, (), stops, {})


def test_the_sentence_is_the_lesson_plan() -> None:
    """The commonest slip and where most stop; one of them; the hardest question; or nothing."""
    said = headline(figures(FEW, SOME, stops=(STOPS,)), STEPS).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert said == "38 % dropped the future path in question 2, and 6 of 27 who reached “Backward” stopped there."
    assert headline(figures(FEW, stops=(STOPS,)), STEPS) == "6 of 27 who reached “Backward” stopped there."
    all_gone = figures(FEW, stops=(StopsShown("bptt", 27, (27, 0)),))
    assert headline(all_gone, STEPS) == "Nearly all of the 27 who reached “Forward” stopped there."
    assert headline(figures(FEW, NONE), STEPS) == "Question 2 is the hardest: nearly none were right at first."
    assert headline(figures(FEW), STEPS) == ""


def test_the_projector_gets_no_number_but_the_question_s() -> None:
    """Neither in the sentence nor in a row."""
    said = headline(figures(SOME, stops=(STOPS,)), STEPS, numbers=False)
    assert re.findall(r"\d+", said) == ["1"]
    row = pictures.row(SOME, "too few", numbers=False)
    shown = re.sub(r"<span class=\"unseen\">.*?</span>|<[^>]*>", " ", row)
    assert not re.search(r"\d", shown)
    assert "dropped the future path" in shown


def test_a_row_says_in_words_what_its_bars_show() -> None:
    """Share, interval, answers and slips; nothing where nothing may be seen, and no share where it would tell."""
    row = pictures.row(SOME, "too few").replace("\N{NARROW NO-BREAK SPACE}", " ")
    for words in (
        "43 %",
        "95 % interval 24 % to 63 %",
        "21",
        "38 %",
        "dropped the future path",
        "19 %",
        "other answers",
    ):
        assert words in row
    assert pictures.row(FEW, "too few") == '<div class="shown too-few">too few</div>'
    row = pictures.row(NONE, "too few")
    assert "nearly none" in row
    assert "interval" not in row
    assert "%" not in re.sub(r"style=\"[^\"]*\"", "", row)


def test_steps_say_who_left() -> None:
    """How many came so far, and beside the next step how many did not."""
    html = pictures.steps(STOPS, STEPS["bptt"])
    assert re.findall(r"<b>(\d+)</b> ([^<]*)", html) == [("27", ""), ("27", ""), ("21", "6 stopped"), ("21", "")]
    assert html.count('class="most"') == 1
    few = pictures.steps(StopsShown("bptt", 27, (27, 0)), STEPS["bptt"])
    assert 'class="most"' not in few
    assert "fewer than 5" in few
    assert "stopped" not in few  # how many it were would tell how few are left


def test_certainty_without_enough_answers_has_no_mark() -> None:
    """It says so in words."""
    html = pictures.sure((SureShown(25), SureShown(50, 12, share(6, 12)), SureShown(75, 6, share(6, 6))))
    assert html.count('class="line"') == 1
    assert html.count("fewer than 5 answers") == 1
    assert "nearly all right of 6" in html


def test_members_are_shown_as_text() -> None:
    """A name that a learner chose is never markup; the circle's meaning stands in words beside it."""
    found = [
        Member(HOSTILE, True, 2, {}),
        Member("Amber Teal", False, 0, {"bptt": 3}),
        Member("Ash Coot", False, 0, {}),
    ]
    html = pictures.members(found, 2, {"bptt": 4})
    assert "<img" not in html
    assert "&lt;img" in html
    assert [*re.findall(r'class="far">([^<]*)', html)] == ["all 2 answered", "step 3 of 4", "not started"]
    assert "<img" not in pictures.everybody(found)
