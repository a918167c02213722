"""What a recipe of README gives, looked at in a tree where all have been followed; `tests/test_recipes.py` runs it.

Each test's name begins with its recipe's.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at, unfolded

import dashboard
from core import tasks, zoo
from dashboard.figure import asset
from dashboard.kit import charts, navigation, rooms, words
from quiz.computed.generators import generate
from quiz.lessons import LESSONS, TOPICS
from quiz.load import load_bank
from quiz.practice.catalogue import catalogue
from quiz.revision import sheet
from quiz.revision.cards import cards
from quiz.revision.markdown import document

NEW = "last-word"


@cache
def lesson() -> AppTest:
    """The new lesson after its first run; not for tests that change it."""
    app = unfolded(page_at(NEW), NEW)
    assert not app.exception
    return app


def said(app: AppTest) -> list[str]:
    """All words on a page."""
    return [element.value for element in (*app.markdown, *app.caption)]


def test_the_tree_is_the_one_with_the_additions() -> None:
    """Nothing below looks at the sources that these were copied from."""
    assert dashboard.__file__ == str(rooms.DASHBOARD / "__init__.py")
    assert NEW in LESSONS


def test_a_question_is_found_and_asked_about() -> None:
    """It is in the bank, in its lesson and in what practice chooses from; `check` finds nothing wrong."""
    bank = load_bank()
    assert bank["forward-new-question"] in bank.of(lesson="forward")
    assert "forward-new-question" in catalogue(bank)
    done = subprocess.run([sys.executable, "-m", "quiz", "check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_concept_stands_in_the_graph() -> None:
    """It belongs to the lesson in whose file it stands, after what it needs."""
    concepts = load_bank().concepts
    assert concepts["new-concept"].lesson == "forward"
    assert list(concepts).index("forward-pass") < list(concepts).index("new-concept")


def test_a_generator_draws_questions_of_its_lesson() -> None:
    """By id and seed, as the rest of the quiz asks for them, and practice may choose it."""
    assert generate("last-word-state", 3).lessons == (NEW,)
    assert load_bank().question("gen-last-word-state", 3) == generate("last-word-state", 3)
    assert "gen-last-word-state" in catalogue(load_bank())


def test_a_task_is_listed_and_run_by_the_inspector() -> None:
    """Registry, the Inspector's list, and a run with two networks."""
    assert tasks.make("odd-ones", length=20, window=3).T == 20
    app = page_at("inspector", source="task", task="odd-ones")
    app.session_state["inspector.field-Sequence"] = True
    app.run()
    assert not app.exception
    assert not app.warning
    assert "Odd ones" in next(box for box in app.selectbox if box.label == "Task").options
    assert tasks.TASKS["odd-ones"].description in said(app)


def test_a_trained_model_is_in_the_zoo() -> None:
    """With its weights, and its accuracy where the recipe asked for it."""
    found = zoo.load("odd-ones-rnn")
    assert found.title == "Odd ones"
    assert set(found.accuracy) == {9, 12}


def test_a_term_take_away_or_mistake_is_on_sheet_cards_and_files() -> None:
    """One entry each; a lesson's bold word becomes a link to the term."""
    found = sheet.load_sheet()
    told = " ".join(card.front + card.back for card in cards(found))
    written = document(found, TOPICS)
    for text in ("The word that is read at the last step", "one activation away", "passes the recurrent weights"):
        assert text in told
        assert text in written
    assert "(revision?term=last-word " in words.say(NEW, "idea")


def test_a_chart_is_found_by_its_folder() -> None:
    """Under the name of its room and its own."""
    assert charts.spec("last_word_states")["layer"]


def test_a_lesson_stands_in_the_navigation() -> None:
    """After the other lessons, under its title, at its address."""
    assert navigation.GROUPS["Learn"][-2] == navigation.Place("lessons/last_word/page.py", "The last word", NEW)


def test_a_lesson_has_number_and_ways() -> None:
    """It is the eighth of eight, with a way back; the one before leads on to it."""
    assert LESSONS[-1] == NEW
    assert f"Lesson {len(LESSONS)} of {len(LESSONS)}" in said(lesson())
    assert links(lesson()) == [f"Before: {words.say(LESSONS[-2], 'title')}"]
    assert links(page_at(LESSONS[-2]).run())[-1] == "Next: The last word"


def links(app: AppTest) -> list[str]:
    """What the ways to the lessons before and after say."""
    found = [link.proto.label for link in app.get("page_link")]
    return [label for label in found if label.startswith(("Before: ", "Next: "))]


def test_a_lesson_asks_a_question_of_its_own() -> None:
    """The check below it draws from its bank and its generators."""
    app = unfolded(page_at(NEW), NEW)
    next(button for button in app.button if button.label == "Ask me a question").click().run()
    assert not app.exception
    prompts = {question.prompt for question in load_bank().of(lesson=NEW)}
    shown = " ".join(said(app))
    assert "A tanh RNN with" in shown or any(prompt in shown for prompt in prompts)


def test_a_lesson_is_counted_at_home_and_offered_by_the_sheet() -> None:
    """Home's path goes through it; flashcards can be those of this lesson alone."""
    home = page_at("").run()
    assert not home.exception
    assert "The last word" in [link.proto.label for link in home.get("page_link")]
    revision = page_at("revision", mode="cards", lesson=NEW).run()
    assert not revision.exception
    assert any("The last word" in text for text in said(revision))


def test_a_lesson_dresses_its_page() -> None:
    """The rules of its style sheet are among those of all pages."""
    assert ".st-key-last-word {" in navigation.stylesheet()


def test_a_prediction_on_a_page_is_asked_there() -> None:
    """Its prompt stands on the page, made from what the page is set to."""
    assert any("The input is 1 and its weight 0.5." in text for text in said(lesson()))


def test_a_claim_on_trial_is_listed_with_its_verdict() -> None:
    """It stands on the page of the claims, measured and judged, and in its lesson's part of them."""
    app = page_at("claims", lesson=NEW).run()
    assert not app.exception
    assert [
        box.label for box in app.expander if "The states of an RNN stay within" in box.label and "holds" in box.label
    ]


def test_words_of_a_page_are_said_there() -> None:
    """A section of the room's file, by its heading."""
    assert words.say(NEW, "idea") in said(lesson())


def test_a_page_opens_at_its_address() -> None:
    """With what its words say."""
    app = page_at("notes").run()
    assert not app.exception
    assert app.title[0].value == "Notes"
    assert "Words of a page stand in its folder." in said(app)


@pytest.mark.parametrize(("asked", "shown", "problems"), [("1.5", 1.5, 0), ("9", 0.5, 1)])
def test_a_setting_is_read_from_the_link(asked: str, shown: float, problems: int) -> None:
    """Its widget stands as the link asks, and says what it is for; what it cannot be is told."""
    app = page_at(NEW, weight=asked).run()
    assert app.slider(key=f"{NEW}.weight").value == shown
    assert app.slider(key=f"{NEW}.weight").help
    assert len(app.info) == problems


def test_the_built_figure_is_there_without_node() -> None:
    """Every recipe but one for the browser's side works without the sources of the figure."""
    assert not (asset.PACKAGE / "frontend").exists()
