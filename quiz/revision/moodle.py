"""The bank as Moodle XML, for the question bank of a Moodle course.

Made with an XML writer, so that no text can break the markup. The types are those of Moodle itself; "ordering" is part
of it since 4.4 and a plugin before.

Source: https://docs.moodle.org/en/Moodle_XML_format
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from quiz.revision.exchange import Answer, Item, Kind

TOP = "$course$/top/Unrolled"
TYPES: dict[Kind, str] = {
    "choice": "multichoice", "multi": "multichoice", "truefalse": "truefalse", "number": "numerical",
    "short": "shortanswer", "essay": "essay", "order": "ordering", "cloze": "cloze",
}  # fmt: skip
SETTINGS: dict[Kind, dict[str, str]] = {
    "choice": {"single": "true", "shuffleanswers": "true", "answernumbering": "none"},
    "multi": {"single": "false", "shuffleanswers": "true", "answernumbering": "none"},
    "short": {"usecase": "0"},
    "number": {"unitgradingtype": "0", "unitpenalty": "0.1", "showunits": "3", "unitsleft": "0"},
    "essay": {
        "responseformat": "editor", "responserequired": "1", "responsefieldlines": "10", "attachments": "0",
        "attachmentsrequired": "0",
    },
    "order": {
        "layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": "0", "gradingtype": "RELATIVE_NEXT_EXCLUDE_LAST",
        "showgrading": "SHOW", "numberingstyle": "none",
    },
}  # fmt: skip
_FILLING = re.compile(r'[\\~#{}/"=<>&]')  # signs that mean something in a blank, or in HTML


def document(items: Iterable[Item]) -> bytes:
    """The questions as one file, each lesson a category."""
    quiz = ET.Element("quiz")
    topic = ""
    for item in items:
        if item.topic != topic:
            topic = item.topic
            category = ET.SubElement(quiz, "question", type="category")
            _text(category, "category", f"{TOP}/{topic.replace('/', '//')}")
        _question(quiz, item)
    ET.indent(quiz)
    made: bytes = ET.tostring(quiz, encoding="utf-8", xml_declaration=True)
    return made


def _question(quiz: ET.Element, item: Item) -> None:
    made = ET.SubElement(quiz, "question", type=TYPES[item.kind])
    _text(made, "name", item.name)
    _html(made, "questiontext", _filled(item) if item.kind == "cloze" else item.text)
    _html(made, "generalfeedback", item.feedback)
    for name, value in {"penalty": "0.3333333", "hidden": "0", "idnumber": item.name}.items():
        ET.SubElement(made, name).text = value
    if item.kind != "cloze":
        ET.SubElement(made, "defaultgrade").text = "1"
    for name, value in SETTINGS.get(item.kind, {}).items():
        ET.SubElement(made, name).text = value
    if item.kind == "essay":
        _html(made, "graderinfo", item.grader)
        _html(made, "responsetemplate", "")
    for place, answer in enumerate(item.answers, 1):
        _answer(made, item.kind, answer, place)


def _answer(question: ET.Element, kind: Kind, answer: Answer, place: int) -> None:
    share = f"{place}" if kind == "order" else percent(answer.share)
    form = "html" if kind in ("choice", "multi", "order") else "moodle_auto_format"
    made = ET.SubElement(question, "answer", fraction=share, format=form)
    # An asterisk would stand for anything.
    ET.SubElement(made, "text").text = answer.text.replace("*", "\\*") if kind == "short" else answer.text
    _html(made, "feedback", answer.reply)
    if kind == "number":
        ET.SubElement(made, "tolerance").text = repr(answer.tolerance)


def percent(share: float) -> str:
    """A share as Moodle lists it: 100, 33.33333, −16.66667."""
    return f"{100 * share:.5f}".rstrip("0").rstrip(".")


def _filled(item: Item) -> str:
    """A cloze text with Moodle's form of each blank."""
    text = item.text
    for number, (blank, listed) in enumerate(zip(item.blanks, item.listed, strict=True), 1):
        fillings = "~".join(
            ("=" if answer.share else "") + _entities(answer.text, typed=not listed)
            + (f"#{_entities(answer.reply)}" if answer.reply else "")
            for answer in blank
        )  # fmt: skip
        form = "MULTICHOICE" if listed else "SHORTANSWER"
        text = text.replace(f"{{{number}}}", f"{{1:{form}:{fillings}}}")
    return text


def _entities(text: str, *, typed: bool = False) -> str:
    """Text within a blank: its signs as entities, which Moodle reads back; an asterisk would stand for anything."""
    plain = _FILLING.sub(lambda match: f"&#{ord(match[0])};", text)
    return plain.replace("*", "\\*") if typed else plain


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, name)
    ET.SubElement(made, "text").text = text
    return made


def _html(parent: ET.Element, name: str, text: str) -> None:
    _text(parent, name, text).set("format", "html")
