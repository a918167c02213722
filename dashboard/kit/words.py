"""The pages' words: a file `words.md` in each room, one section per anchor, and `help.md` for what controls say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from dashboard.kit import rooms
from dashboard.kit.theme import PALETTE

_MARKUP = frozenset("\\`*_{}[]()<>#+-.!|~$:=^&\"'")
_ANCHOR = re.compile(r"^## +([a-z0-9]+(?:-[a-z0-9]+)*) *$", re.MULTILINE)
_COLOUR = re.compile(rf"\\textcolor\{{({'|'.join(PALETTE['light'])})\}}")


def say(page: str, anchor: str) -> str:
    r"""Return the words of one section, as Markdown.

    In formulas `\textcolor{h}{h_t}` takes a role of the palette in place of a colour; the stylesheet turns it into
    the present theme's. A lesson's **terms** become links to the glossary where they first stand.

    Args:
        page: The room whose words they are, such as "bptt".
        anchor: The section's heading: `## first-step` is the anchor `first-step`.

    Raises:
        KeyError: When there is no such file or section; the message lists the ones there are.
    """
    found = sections(page)
    if anchor not in found:
        raise KeyError(f"anchor {anchor!r} is not in the words of {page!r}, which have: {', '.join(found)}")
    text = found[anchor]
    if "**" in text and "take-away" in found:  # a lesson; its terms are loaded with the first that is said
        from dashboard.kit.glossary import linked

        text = linked(page, found)[anchor]
    return coloured(text)


def coloured(text: str) -> str:
    r"""Markdown in whose formulas `\textcolor{h}{…}` names a role of the palette, with the role's colour there."""
    return _COLOUR.sub(lambda role: rf"\textcolor{{{PALETTE['light'][role[1]]}}}", text)


@lru_cache(maxsize=64)
def sections(page: str, file: str = "words.md") -> Mapping[str, str]:
    """Return every section of a room's file by its anchor, in the order of the file.

    Args:
        page: The room, such as "bptt".
        file: "words.md" or "help.md".

    Raises:
        KeyError: When the room has no such file; the message lists the rooms that have one.
        ValueError: When a file has words above its first heading, no section, an empty one or an anchor twice.
    """
    known = rooms.files(file)
    if page not in known:
        raise KeyError(f"{page!r} has no {file}; these have: {', '.join(known)}")
    return parse(known[page].read_text(encoding="utf-8"), rooms.shown(known[page]))


def parse(text: str, name: str) -> Mapping[str, str]:
    """Split Markdown at its `## anchor` headings.

    Args:
        text: The file's content.
        name: What to call the file in an error.

    Raises:
        ValueError: When there are words above the first heading, no section, an empty one or an anchor twice.
    """
    head, *rest = _ANCHOR.split(text)
    anchors, bodies = rest[0::2], [body.strip() for body in rest[1::2]]
    if head.strip() or not anchors:
        raise ValueError(f"{name} must begin with a heading such as '## intro', but begins {text[:40]!r}")
    for anchor, body in zip(anchors, bodies, strict=True):
        if not body or anchors.count(anchor) > 1:
            raise ValueError(f"{name}: section {anchor!r} {'stands there twice' if body else 'has no words'}")
    return MappingProxyType(dict(zip(anchors, bodies, strict=True)))


def escaped(text: str) -> str:
    """Text that may hold what a learner typed, for a place that reads Markdown: nothing in it is markup."""
    return "".join(f"\\{c}" if c in _MARKUP else c for c in text).replace("\n", "  \n")


def listed(problem: ValueError) -> str:
    """What is wrong, as Markdown: one sentence, or a list of them."""
    sentences = str(problem).split("\n")
    return "\n".join(f"- {escaped(s)}" for s in sentences) if len(sentences) > 1 else escaped(sentences[0])
