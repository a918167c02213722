r"""The bank as GIFT, the text format that Moodle and many other systems read.

GIFT knows neither an order of steps nor a text with several blanks: the one is matched with its places, the other is
asked blank by blank. Every sign that means something in GIFT is written with a backslash.

Source: https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from quiz.revision.exchange import Answer, Item, Kind
from quiz.revision.moodle import percent

_SIGNS = re.compile(r"([\\#={}~:])")
_TAG = re.compile(r"<[^>]+>")
GAP = "_____"


def document(items: Iterable[Item]) -> bytes:
    """The questions as one file in UTF-8, parted by empty lines, each lesson a category."""
    parts: list[str] = []
    topic = ""
    for item in items:
        if item.topic != topic:
            topic = item.topic
            parts.append(f"$CATEGORY: Unrolled/{topic.replace('/', '//')}")
        parts += _blanks(item) if item.kind == "cloze" else [_question(item.name, item.text, _body(item))]
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    """Text in which no sign means anything to GIFT, on one line."""
    return _SIGNS.sub(r"\\\1", text.replace("\r", "")).replace("\n", "\\n")


def _question(name: str, text: str, body: str) -> str:
    return f"::{escaped(name)}::[html]{escaped(text)}{{{body}}}"


def _body(item: Item) -> str:
    after = f"####{escaped(item.feedback)}"
    match item.kind:
        case "essay":
            return f"####{escaped(item.grader + item.feedback)}"
        case "truefalse":
            right = next(answer for answer in item.answers if answer.share)
            return f"{right.text.upper()}#{escaped(right.reply)}#{escaped(right.reply)}{after}"
        case "number":
            numbers = (f"{a.text}:{a.tolerance!r}" for a in item.answers)
            return "#" + _listed(zip(numbers, item.answers, strict=True), "=") + f"{after}\n"
        case "short":  # where an asterisk would stand for anything
            words = (escaped(a.text.replace("*", "\\*")) for a in item.answers)
            return _listed(zip(words, item.answers, strict=True), "=") + f"{after}\n"
        case "order":
            steps = (f"\n\t={place}. -> {escaped(plain(a.text))}" for place, a in enumerate(item.answers, 1))
            return "".join(steps) + f"\n\t{after}\n"
        case _:
            single = item.kind == "choice"
            options = (
                f"\n\t{'=' if single and a.share == 1 else '~' if single else f'~%{percent(a.share)}%'}"
                f"{escaped(_no_share(a.text))}#{escaped(a.reply)}"
                for a in item.answers
            )
            return "".join(options) + f"\n\t{after}\n"


def _no_share(html: str) -> str:
    """An option that cannot be read as beginning with a share such as %50%."""
    return f"&#37;{html[1:]}" if html.startswith("%") else html


def _listed(answers: Iterable[tuple[str, Answer]], sign: str) -> str:
    return "".join(f"\n\t{sign}%{percent(a.share)}%{text}#{escaped(a.reply)}" for text, a in answers) + "\n\t"


def _blanks(item: Item) -> Iterator[str]:
    """A question for each blank of a text; the others are filled."""
    for asked, (blank, listed) in enumerate(zip(item.blanks, item.listed, strict=True), 1):
        text = item.text
        for number, other in enumerate(item.blanks, 1):
            filling = next(answer.text for answer in other if answer.share)
            text = text.replace(f"{{{number}}}", GAP if number == asked else filling)
        kind: Kind = "choice" if listed else "short"
        single = Item(f"{item.name}.{asked}", item.topic, kind, unbraced(text), blank, item.feedback)
        yield _question(single.name, single.text, _body(single))


def unbraced(text: str) -> str:
    """HTML with its braces as they are: here a backslash tells them apart."""
    return text.replace("&#123;", "{").replace("&#125;", "}")


def plain(html: str) -> str:
    """HTML of ours as text, for what may hold no markup."""
    return unescape(_TAG.sub("", html))
