"""The chapter's sentences, formulas and examples: each has its place on a page, in words or in a figure.

A lesson lists what it teaches in its `chapter.toml`: an item in short, the section of its words or the figure that
shows it, and a phrase found there. What its figures say is in the file `figures.py` beside its tests.
"""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from support import page_at, unfolded

from dashboard.claims.trial import trials
from dashboard.kit import rooms, words
from dashboard.lessons.memory import compute as memory_runs
from dashboard.lessons.memory.settings import MOST_FILLER
from quiz.lessons import LESSONS, folder
from quiz.load import INTERVIEW, load_bank

ITEMS = [
    (lesson, item["place"], item["phrase"], item["says"])
    for lesson, path in rooms.files("chapter.toml").items()
    for item in tomllib.loads(path.read_text(encoding="utf-8"))["item"]
]


@cache
def figures(lesson: str) -> Mapping[str, Callable[[], Any]]:
    """What the figures of a lesson say, by place."""
    path = Path(__file__).parent / folder(lesson) / "figures.py"
    found: Mapping[str, Callable[[], Any]] = runpy.run_path(str(path))["FIGURES"] if path.is_file() else {}
    return found


def text(value: Any) -> str:
    """All that a payload says, in order, without its markup."""
    if isinstance(value, dict):
        return "".join(text(part) for name, part in value.items() if name != "role")
    if isinstance(value, (list, tuple)):
        return "".join(map(text, value))
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("lesson", "place", "phrase"), [pytest.param(*item[:3], id=item[3]) for item in ITEMS])
def test_an_item_of_the_chapter_has_its_place(lesson: str, place: str, phrase: str) -> None:
    """The words or the figure named for an item hold its key phrase."""
    shown = text(figures(lesson)[place]()) if place in figures(lesson) else words.sections(lesson)[place]
    assert phrase in shown.replace("\u00a0", " ")


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_figure_listed_shows_an_item(lesson: str) -> None:
    """No lesson lists a figure that nothing of the chapter is looked for in."""
    assert set(figures(lesson)) <= {place for name, place, *_ in ITEMS if name == lesson}


@lru_cache(maxsize=len(LESSONS))
def said(lesson: str) -> frozenset[str]:
    """The words that stand on a lesson's page, those of its folds among them."""
    app = unfolded(page_at(lesson), lesson)
    assert not app.exception
    return frozenset(element.value for element in (*app.markdown, *app.caption))


PLACES = sorted({(lesson, place) for lesson, place, *_ in ITEMS if place not in figures(lesson)})


@pytest.mark.parametrize(("lesson", "place"), PLACES)
def test_the_words_of_an_item_stand_on_its_page(lesson: str, place: str) -> None:
    """No item rests on words that the page does not show."""
    assert words.say(lesson, place) in said(lesson)


OF_BEATS = [name for name in LESSONS if (rooms.DASHBOARD / "lessons" / folder(name) / "beats.py").is_file()]


@pytest.mark.parametrize("lesson", OF_BEATS)
def test_a_lesson_links_to_each_of_its_claims_on_trial(lesson: str) -> None:
    """What the chapter says of a lesson's matter is linked to its own trial, each once."""
    links = re.findall(r"claims\?claim=([a-z0-9-]+)", words.say(lesson, "claims"))
    assert sorted(links) == sorted(name for name, trial in trials().items() if trial.lesson == lesson)


MISTAKES = tuple(f"mistake-{number}" for number in range(1, 7))
TAKE_AWAYS = tuple(
    f"takeaway-{name}"
    for name in (
        "bptt", "weight-update", "chain-rule", "vanishing", "long-term", "lstm", "cell-state", "forget-gate",
        "input-gate", "output-gate", "lstm-solves",
    )
)  # fmt: skip


@pytest.mark.parametrize("question", [*INTERVIEW, *MISTAKES, *TAKE_AWAYS])
def test_a_question_of_the_chapter_is_asked_on_a_lesson(question: str) -> None:
    """Each interview question, common mistake and key take-away is in the bank, and belongs to a lesson's page."""
    found = next(each for each in load_bank().questions if each.id == question)
    assert set(found.lessons) & set(LESSONS)


def test_a_hundred_words_fit_between_the_country_and_the_blank() -> None:
    """The chapter's first example asks for as many; the figure answers for them, and the Inspector can open them."""
    assert MOST_FILLER >= 100
    found = memory_runs.fill_in("France", "orthogonal")
    assert all(len(found.right_at(name)) > 100 for name in memory_runs.MODELS)


def test_the_chapters_bars_are_drawn_as_they_are() -> None:
    """100, 80, 60, 40, 20, 10 and 5 per cent at words 1 to 7."""
    assert memory_runs.CHAPTER == (1.0, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05)
