"""The meanings of terms that travel in the page: all of them, exact, and nothing but our own words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from dashboard.kit import words
from dashboard.kit.explained import embedded, meaning, typeset
from dashboard.kit.lesson import LESSONS
from quiz.plaintext import inline
from quiz.revision.schema import Term
from quiz.revision.terms import load_terms

TERMS = load_terms().terms
ALLOWED = {"div", "p", "strong", "code", "span", "i", "sub", "sup"}


class Read(HTMLParser):
    """The text of some HTML, its scripts marked as plain text marks them, and the elements it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Note the element."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


def bare(text: str) -> str:
    """A text without what only marks indices."""
    return re.sub(r"[_^{}]", "", text).replace("-", "−")


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_meaning_says_what_the_glossary_says(term: Term) -> None:
    """Name, symbol, shape and every word of the definition are there, and no markup but ours."""
    read = Read(meaning(term))
    parts = [term.name, inline(f"${term.symbol}$") if term.symbol else "", term.shape]
    head = " ".join(part for part in parts if part)
    assert bare(read.text) == bare(head + inline(term.text))
    assert set(read.tags) <= ALLOWED
    assert not re.search(r"[$\\]|textcolor", read.text)


@pytest.mark.parametrize(
    ("tex", "html"),
    [
        (r"h_{t-1}", "<i>h</i><sub><i>t</i>−1</sub>"),
        (r"\sigma_{\max}", "<i>σ</i><sub>max</sub>"),
        (r"-1/\ln f", "−1/ln <i>f</i>"),
        (r"dh^{\text{out}}_t", "<i>d</i><i>h</i><sup>out</sup><sub><i>t</i></sub>"),
        (r"\tilde{C}_t", "<i>C\u0303</i><sub><i>t</i></sub>"),
        (r"1 < 2", "1 &lt; 2"),
    ],
)
def test_formulas_are_set_as_formulas(tex: str, html: str) -> None:
    """Letters are italic, names and digits upright, indices stand below, and signs are escaped."""
    assert typeset(tex) == f'<span class="math">{html}</span>'


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_link_of_a_lesson_has_its_meaning_in_the_page(lesson: str) -> None:
    """No term is linked whose meaning the page does not have."""
    text = "".join(words.say(lesson, anchor) for anchor in words.sections(lesson))
    linked = set(re.findall(r"revision\?term=([a-z0-9-]+)", text))
    assert linked
    assert linked <= set(re.findall(r'data-term="([^"]+)"', embedded()))


def test_what_is_embedded_can_stand_in_a_page() -> None:
    """One style, one template and one script, none of which ends before its end; small beside the page's own files."""
    assert embedded().count("</style>") == embedded().count("</template>") == embedded().count("</script>") == 1
    assert len(embedded().encode()) < 40_000
