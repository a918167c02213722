"""Links from a lesson's words to the glossary: at each **term**, where it first stands on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from quiz.plaintext import inline
from quiz.revision.schema import Term
from quiz.revision.terms import load_terms

# What ends with a full stop is a heading that runs into its text; what stands in a link already stays as it is.
BOLD = re.compile(r"(?<![\[*])\*\*(?=[^\s*])([^*\n]*[^*\n.])\*\*(?![\]*])")
_BRACES = str.maketrans("{}", "()")


def linked(page: str, sections: Mapping[str, str]) -> Mapping[str, str]:
    """The words of a page with its terms as links.

    Args:
        page: The room whose words they are; the sections are kept by it.
        sections: Its sections by anchor, in their order.
    """
    return _linked(page, tuple(sections.items()))


@lru_cache(maxsize=32)
def _linked(_page: str, sections: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    glossary, seen = load_terms(), set[str]()

    def link(bold: re.Match[str]) -> str:
        if bold[1] not in glossary or (term := glossary[bold[1]]).id in seen:
            return bold[0]
        seen.add(term.id)
        return f'[{bold[0]}]({address(term)} "{said(term)}")'

    return MappingProxyType({anchor: BOLD.sub(link, text) for anchor, text in sections})


def address(term: Term) -> str:
    """Where the glossary shows a term, as seen from any other page: it also holds where the app lives below a path."""
    return f"revision?term={term.id}"


def said(term: Term) -> str:
    """What a term means, on one line of plain text without quotes or braces, for a pointer that rests on the link."""
    return inline(term.text).translate(_BRACES).replace('"', "'").replace("\\", "")
