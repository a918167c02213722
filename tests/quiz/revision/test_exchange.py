"""The bank as Moodle XML and GIFT: whole, of the structure of each type, with its keys, unbroken by any sign."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from gift_reader import Read, read
from hypothesis import given
from hypothesis import strategies as st

from quiz.grading.grade import grade
from quiz.load import GENERATED, load_bank
from quiz.revision import gift, moodle
from quiz.revision.exchange import Answer, Item, items
from quiz.schema import Claims, Cloze, Open, Question

BANK = load_bank()
ITEMS = list(items(BANK))
XML = ET.fromstring(moodle.document(ITEMS))
ASKED = [question for question in XML if question.get("type") != "category"]
GIFT = read(gift.document(ITEMS).decode())
GRADES = {
    100,
    90,
    83.33333,
    80,
    75,
    70,
    66.66667,
    60,
    50,
    40,
    33.33333,
    30,
    25,
    20,
    16.66667,
    14.28571,
    12.5,
    11.11111,
    10,
    5,
    0,
}
"""Shares that Moodle knows; any other is refused on import. Either sign."""
BLANK = re.compile(r"\{1:(MULTICHOICE|SHORTANSWER):((?:\\.|&#\d+;|[^}])*)\}")


class Tags(HTMLParser):
    """Reads HTML and fails where a tag is unknown, bears an attribute, or is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Only these, bare."""
        assert tag in {"p", "b", "i", "code", "pre", "ul", "li"}, tag
        assert not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """The last one opened."""
        assert self.open.pop() == tag


def text(question: ET.Element, path: str) -> str:
    """The text of a part."""
    found = question.findtext(path)
    assert found is not None, (question.findtext("name/text"), path)
    return found


def answers(question: ET.Element) -> list[tuple[float, str]]:
    """Share in per cent and text of each answer."""
    return [(float(answer.attrib["fraction"]), text(answer, "text")) for answer in question.findall("answer")]


def of(name: str) -> Question:
    """The question of the bank, generator or check that an item's name belongs to."""
    first, _, part = name.partition(".")
    if first.startswith(GENERATED):
        return BANK.question(first, int(part.partition(".")[0]))
    return BANK.probes[first] if first in BANK.probes else BANK[first]


def test_every_question_and_check_is_among_them_once() -> None:
    """By its id, in XML and in GIFT alike; GIFT asks blanks one by one."""
    names = [item.name for item in ITEMS]
    assert len(set(names)) == len(names)
    begun = {name.partition(".")[0] for name in names}
    assert begun >= {question.id for question in BANK.questions} | set(BANK.probes)
    assert [text(question, "name/text") for question in ASKED] == names
    expected = [f"{item.name}.{k}" if item.kind == "cloze" else item.name
                for item in ITEMS for k in range(1, len(item.blanks) + 1 if item.blanks else 2)]  # fmt: skip
    assert [found.name for found in GIFT] == expected
    categories = [text(category, "category/text") for category in XML if category.get("type") == "category"]
    assert len(set(categories)) == len(categories)
    assert all(category.startswith("$course$/top/Unrolled/") for category in categories)


def structure(question: ET.Element) -> None:
    """Hold one question of the XML to the structure of its type."""
    found = answers(question)
    kind = question.get("type")
    if kind != "ordering":
        assert {abs(share) for share, _ in found} <= GRADES
    match kind:
        case "multichoice" if text(question, "single") == "true":
            assert sorted(share for share, _ in found)[-2:] == [0, 100]
        case "multichoice":
            assert sum(share for share, _ in found if share > 0) == pytest.approx(100, abs=0.001)
            assert sum(share for share, _ in found if share < 0) == pytest.approx(-100, abs=0.001)
        case "truefalse":
            assert sorted(found) in ([(0, "false"), (100, "true")], [(0, "true"), (100, "false")])
        case "numerical":
            tolerances = [float(text(answer, "tolerance")) for answer in question.findall("answer")]
            assert len(tolerances) == len([float(value) for _, value in found])
            assert min(tolerances) >= 0
            assert found[0][0] == 100
        case "shortanswer":
            assert text(question, "usecase") == "0"
            assert found[0][0] == 100
        case "essay":
            assert not found
            assert text(question, "responseformat") == "editor"
            assert text(question, "graderinfo/text")
        case "ordering":
            assert [share for share, _ in found] == list(range(1, len(found) + 1))
            assert len(found) >= 3
        case "cloze":
            blanks = BLANK.findall(text(question, "questiontext/text"))
            assert not re.search(r"[{}]", BLANK.sub("", text(question, "questiontext/text")))
            assert all(re.search(r"(^|~)=", fillings) for _, fillings in blanks)
            assert len(blanks) == len(of(text(question, "name/text")).blanks)  # type: ignore[union-attr]
        case _:
            pytest.fail(str(kind))


def test_xml_has_the_structure_of_each_type() -> None:
    """Shares that Moodle knows, one right option or shares that add up, tolerances, steps from 1, blanks with a key."""
    for question in ASKED:
        structure(question)
        for part in question.iter():
            if part.get("format") == "html":
                html = text(part, "text")
                Tags(html if question.get("type") != "cloze" or part.tag != "questiontext" else BLANK.sub("", html))


def test_xml_keys_are_graded_right_here() -> None:
    """What earns all is right by the bank's own judges, what earns nothing is not."""
    for question in ASKED:
        asked, found = of(text(question, "name/text")), answers(question)
        match question.get("type"):
            case "numerical" | "shortanswer":
                for share, typed in found:
                    assert (grade(asked, typed).verdict == "correct") is (share == 100), (asked.id, typed)
            case "truefalse":
                assert isinstance(asked, Claims)
                claim = next(c for c in asked.claims if c.id == text(question, "name/text").rpartition(".")[2])
                assert next(said for share, said in found if share == 100) == str(claim.true).lower()
            case "cloze":
                assert isinstance(asked, Cloze)
                blanks = [parts for _, parts in BLANK.findall(text(question, "questiontext/text"))]
                keys = [re.findall(r"(?:^|~)=([^~#]*(?:&#\d+;[^~#]*)*)", each)[0] for each in blanks]
                response = {str(k): unescape(key).replace("\\*", "*") for k, key in enumerate(keys, 1)}
                assert grade(asked, response).verdict == "correct", asked.id


def same(found: Read, item: Item) -> None:
    """Hold what was read from GIFT to what was written."""
    kind = {"multi": "choice", "order": "match"}.get(item.kind, item.kind)
    assert found.kind == kind
    assert found.text == item.text.strip()
    wanted: list[tuple[Any, ...]]
    match item.kind:
        case "essay":
            assert found.feedback == (item.grader + item.feedback).strip()
            return
        case "order":
            wanted = [(gift.plain(a.text).strip(), f"{k}.") for k, a in enumerate(item.answers, 1)]
            assert [(said, place) for _, said, place, _ in found.answers] == wanted
        case "truefalse":
            wanted = [(a.text, a.reply.strip()) for a in item.answers if a.share]
            assert [(said, reply) for _, said, reply, _ in found.answers] == wanted
        case _:
            escaped = [a.text.replace("*", "\\*") if item.kind == "short" else a.text for a in item.answers]
            wanted = [
                (pytest.approx(100 * a.share, abs=1e-4), said.strip(), a.reply.strip(), a.tolerance)
                for said, a in zip(escaped, item.answers, strict=True)
            ]
            assert found.answers == wanted
    assert found.feedback == item.feedback.strip()


def test_gift_reads_back_to_what_was_written() -> None:
    """Type, text, answers with their shares, replies and tolerances, and the feedback of every question."""
    whole = {item.name: item for item in ITEMS}
    for found in GIFT:
        if found.name in whole:
            same(found, whole[found.name])
        else:
            assert found.text.count(gift.GAP) >= 1
            assert any(share == 100 for share, *_ in found.answers)


HOSTILE = st.text("{}~=#:\\\n/<>&]%*$\"' ab[->", min_size=1, max_size=25).map(
    lambda said: escape(f"a{said}", quote=False)
)


@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(["choice", "multi", "truefalse", "short", "essay", "order"]))
def test_no_sign_breaks_either_form(asked: str, said: str, reply: str, kind: Any) -> None:
    """Whatever stands in a question, an answer or a reply comes back as it was, and nothing of it becomes markup."""
    told = tuple(Answer(said + letter, share, reply) for letter, share in zip("xyz", (1.0, 0.0, 0.0), strict=True))
    if kind == "truefalse":
        told = (Answer("true", 1.0, reply), Answer("false", 0.0, reply))
    item = Item("q", "T", kind, f"<p>{asked}</p>", () if kind == "essay" else told, f"<p>{reply}</p>", f"<p>{said}</p>")
    if kind == "multi":
        item = replace(item, answers=(Answer(said, 1.0, reply), Answer(f"{said}x", -1.0, reply)))
    (found,) = read(gift.document([item]).decode())
    same(found, item)
    quiz = ET.fromstring(moodle.document([item]))
    assert text(quiz[1], "questiontext/text") == item.text
    texts = [each.replace("\\*", "*") if kind == "short" else each for _, each in answers(quiz[1])]
    assert texts == [answer.text for answer in item.answers]
    assert {part.tag for part in quiz.iter()} <= KNOWN


KNOWN = {part.tag for part in XML.iter()}


def test_open_questions_bring_their_key_points_for_who_grades() -> None:
    """An essay's grader sees the model answer with every key point; a formula's the right answer."""
    by_name = {item.name: item for item in ITEMS}
    for question in BANK.questions:
        if isinstance(question, Open):
            assert by_name[question.id].grader.count("<li>") == len(question.points)
    assert "da @ W_h.T" in by_name["code-rnn-send-back"].grader
    assert "<pre><code># forward" in by_name["code-rnn-send-back"].text
