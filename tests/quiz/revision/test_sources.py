"""The papers: each named in full once, as it was printed, and every short form in words and questions leads to one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quiz.revision import markdown
from quiz.revision.sheet import load_sheet

ROOT = Path(__file__).parents[3]
PRINTED = {
    "bengio-1994": (
        "Learning long-term dependencies with gradient descent is difficult",
        "IEEE Transactions on Neural",
    ),
    "hochreiter-1997": ("Long short-term memory", "Neural Computation 9(8)"),
    "gers-2000": ("Learning to forget: continual prediction with LSTM", "Neural Computation 12(10)"),
    "pascanu-2013": ("On the difficulty of training recurrent neural networks", "PMLR 28(3)"),
    "le-2015": ("A simple way to initialize recurrent networks of rectified linear units", "arXiv:1504.00941"),
    "jozefowicz-2015": ("An empirical exploration of recurrent network architectures", "PMLR 37"),
    "greff-2017": ("LSTM: a search space odyssey", "IEEE Transactions on Neural Networks and Learning Systems 28(10)"),
    "tallec-2018": ("Can recurrent neural networks warp time?", "International Conference on Learning Representations"),
}
NAME = r"[A-Z][\w-]+"
SHORT = re.compile(rf"{NAME}(?:, {NAME})*(?: (?:and|&) {NAME}| et al\.),? \(?(?:19|20)\d\d")


def texts() -> dict[str, str]:
    """Everything that a learner may read, by file, but the sources themselves."""
    files = [*ROOT.glob("dashboard/**/*.md"), *ROOT.glob("dashboard/**/*.toml"), *ROOT.glob("quiz/**/*.toml")]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if path.name != "sources.toml" and "frontend" not in path.parts
    }


def test_every_paper_is_named_as_it_was_printed() -> None:
    """Title and venue of each, the oldest first, and the short form is made of its own authors and year."""
    sources = load_sheet().sources
    assert {source.id for source in sources} == set(PRINTED)
    assert [source.year for source in sources] == sorted(source.year for source in sources)
    for source in sources:
        title, venue = PRINTED[source.id]
        assert source.title == title
        assert venue in source.venue
        assert source.short.endswith(f", {source.year}")
        for surname in re.findall(NAME, source.short):
            assert surname in source.authors
        if "et al." not in source.short:
            assert len(re.findall(NAME, source.short)) == source.authors.count(",") + 1


def test_every_short_form_leads_to_a_source() -> None:
    """What words, questions and glossary name in short stands on the sheet in the same spelling."""
    known = {source.short for source in load_sheet().sources}
    named = {(found, file) for file, text in texts().items() for found in SHORT.findall(text)}
    assert len({found for found, _ in named}) >= 7
    assert {(found, file) for found, file in named if found not in known} == set()


@pytest.mark.parametrize("source", load_sheet().sources, ids=lambda source: source.id)
def test_every_source_is_named_somewhere(source: object) -> None:
    """No paper is listed that nothing refers to."""
    assert any(source.short in text for text in texts().values())  # type: ignore[attr-defined]


def test_the_document_has_the_sources() -> None:
    """The exported sheet has each paper once, with authors, year, title and venue."""
    _, found, rest = markdown.document(load_sheet(), {}).partition("## Sources\n")
    assert found
    section, _, _ = rest.partition("\n## ")
    for source in load_sheet().sources:
        (line,) = [line for line in section.splitlines() if f"*{source.title}*" in line]
        assert line.startswith(f"- {source.authors} ({source.year}). ")
        assert f" {source.venue}. For {source.about}." in line
        assert "?*." not in line
