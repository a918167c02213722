"""The sheet as Markdown, section by section: the page draws these, and the exported document is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.equations import LATEX, source_line
from quiz.revision import comparison as measured
from quiz.revision.cards import CELLS, simplified
from quiz.revision.schema import Formula, Mistake, Remedy, Row, Source, TakeAway, Term
from quiz.revision.sheet import Sheet, by_lesson

FORMULAS = "Forward and backward, each with the line of this program's source that computes it."


def take_aways(entries: Iterable[TakeAway], sheet: Sheet) -> str:
    """A list: each claim, and below it what holds."""
    return "\n".join(
        f"- {entry.says}\n\n  {sheet.holds(entry)}" + (f" {simplified(entry)}" if entry.but else "") + "\n"
        for entry in entries
    )


def mistakes(entries: Iterable[Mistake], sheet: Sheet) -> str:
    """A list: each mistake, and below it what holds."""
    return "\n".join(f"- “{entry.says}”\n\n  {sheet.holds(entry)}\n" for entry in entries)


def steps(sheet: Sheet) -> str:
    """The steps of backpropagation through time, numbered."""
    return "\n".join(f"{number}. {step}" for number, step in enumerate(sheet.steps, 1))


def remedies(entries: Iterable[Remedy]) -> str:
    """A table of problems."""
    rows = [(f"**{e.problem}**", e.cause, e.solution, e.holds) for e in entries]
    return table(("problem", "cause", "remedy", "how far it holds"), rows)


def formulas(entries: Iterable[Formula]) -> str:
    """A table of equations with their lines of source."""
    rows = [(e.tag.partition(".")[2], e.name, f"${LATEX[e.tag]}$", f"`{source_line(e.tag)}`") for e in entries]
    return table(("tag", "what it computes", "formula", "line of `core`"), rows)


def comparison(entries: Iterable[Row]) -> str:
    """The table of RNN and LSTM."""
    rows = [(f"**{e.aspect}**", *measured.cells(e), e.holds) for e in entries]
    return table(("", "RNN", "LSTM", "what holds"), rows, first="aspect")


def terms(entries: Iterable[Term]) -> str:
    """A list of terms with symbol and shape, and below each what it means."""
    return "\n".join(f"- {headword(entry)}\n\n  {entry.text}\n" for entry in entries)


def sources(entries: Iterable[Source]) -> str:
    """A list of papers, each with what it is named for."""
    return "\n".join(
        f"- {e.authors} ({e.year}). *{e.title}*{'' if e.title.endswith('?') else '.'} {e.venue}. For {e.about}."
        for e in entries
    )


def headword(entry: Term) -> str:
    """A term with its symbol and shape."""
    parts = [f"**{entry.name}**"]
    if entry.symbol:
        parts.append(f"${entry.symbol}$")
    if entry.shape:
        parts.append(f"`{entry.shape}`")
    return " ".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, first: str = "") -> str:
    """A Markdown table.

    Args:
        head: Names of the columns.
        rows: Their cells; none may hold a bar.
        first: Name of the first column, where ``head`` leaves it open.
    """
    names = [head[0] or first, *head[1:]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (names, ["---"] * len(names), *rows))


def groups(sheet: Sheet) -> dict[str, tuple[Formula, ...]]:
    """The equations in the order they are read: each cell forward then backward, then read-out and loss."""
    return {name: tuple(e for e in sheet.formulas if e.tag.startswith(f"{module}.")) for module, name in CELLS.items()}


def document(sheet: Sheet, lessons: Mapping[str, str]) -> str:
    """The whole sheet as one Markdown document.

    Args:
        sheet: The sheet.
        lessons: Title of each lesson.
    """
    parts = ["# Revision sheet", "## Key take-aways", take_aways(sheet.takeaways, sheet)]
    parts += ["## Common mistakes", mistakes(sheet.mistakes, sheet)]
    parts += ["## Problems and remedies", remedies(sheet.remedies)]
    parts += ["## Backpropagation through time in five steps", steps(sheet), "## Formulas", FORMULAS]
    for name, entries in groups(sheet).items():
        parts += [f"### {name}", formulas(entries)]
    parts += ["## RNN and LSTM", comparison(sheet.comparison)]
    parts += ["## Sources", sources(sheet.sources), "## Glossary"]
    for lesson, found in by_lesson([(term.lesson, term) for term in sheet.terms]).items():
        parts += [f"### {lessons.get(lesson, lesson)}", terms(found)]
    return "\n\n".join(part.strip() for part in parts) + "\n"
