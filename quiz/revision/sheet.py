"""The sheet: TOML files to frozen entries, checked against bank and equations, every problem reported at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from core.equations import LATEX
from quiz.lessons import TOPICS
from quiz.load import Bank, BankError, load_bank
from quiz.revision.comparison import MEASURES
from quiz.revision.schema import Formula, Mistake, Remedy, Row, Source, TakeAway, Term
from quiz.revision.terms import FOLDER, read, read_terms
from quiz.schema import Lesson, Order

MODULES = ("rnn", "lstm", "model")
"""Whose equations the chapter has; `core` knows more cells."""

STEPS = "bptt-five-steps"
"""The bank's question that has the steps of the algorithm in their order."""

E = TypeVar("E")


@dataclass(frozen=True)
class Sheet:
    """All that the revision sheet shows.

    Attributes:
        takeaways: In the chapter's order, as all others are.
        mistakes: What people wrongly say.
        formulas: One for each equation of `core.equations` that is of `MODULES`, in its order.
        remedies: Problems of the RNN with their solutions.
        comparison: RNN and LSTM.
        terms: The glossary, in the lessons' order.
        sources: The papers named, the oldest first.
        steps: The steps of backpropagation through time.
        bank: Where explanations and lessons of take-aways and mistakes stand.
    """

    takeaways: tuple[TakeAway, ...]
    mistakes: tuple[Mistake, ...]
    formulas: tuple[Formula, ...]
    remedies: tuple[Remedy, ...]
    comparison: tuple[Row, ...]
    terms: tuple[Term, ...]
    sources: tuple[Source, ...]
    steps: tuple[str, ...]
    bank: Bank = field(repr=False)

    def holds(self, entry: TakeAway | Mistake) -> str:
        """What is true of a take-away or a mistake, as the bank explains it."""
        return self.bank[entry.id].explanation

    def lesson(self, entry: TakeAway | Mistake) -> Lesson:
        """Where a take-away or a mistake is taught."""
        return self.bank.lessons(self.bank[entry.id])[0]


@lru_cache(maxsize=1)
def load_sheet() -> Sheet:
    """The sheet that comes with the package, read once.

    Raises:
        BankError: With every problem found.
    """
    return read_sheet(FOLDER, load_bank())


def read_sheet(folder: Path, bank: Bank) -> Sheet:
    """Read and check the files of a folder.

    Raises:
        BankError: With every problem found, each with its file and entry.
    """
    errors: list[str] = []

    sheet = Sheet(
        takeaways=read(folder / "takeaways.toml", "takeaway", TakeAway, errors),
        mistakes=read(folder / "mistakes.toml", "mistake", Mistake, errors),
        formulas=read(folder / "formulas.toml", "formula", Formula, errors, identity="tag"),
        remedies=read(folder / "remedies.toml", "remedy", Remedy, errors),
        comparison=read(folder / "comparison.toml", "row", Row, errors),
        terms=read_terms(folder, errors).terms,
        sources=read(folder / "sources.toml", "source", Source, errors),
        steps=next((asked.steps for asked in bank.questions if asked.id == STEPS and isinstance(asked, Order)), ()),
        bank=bank,
    )
    errors += _faults(sheet)
    if errors:
        raise BankError(errors)
    return sheet


def _faults(sheet: Sheet) -> Iterator[str]:
    """What is wrong between entries, or between the sheet and what it builds on."""
    for file, found in (("takeaways", sheet.takeaways), ("mistakes", sheet.mistakes)):
        for entry in found:
            if entry.id not in sheet.bank:
                yield f"{file}.toml: {entry.id}: id: is no question of the bank"
    tags = [formula.tag for formula in sheet.formulas]
    needed = [tag for tag in LATEX if tag.partition(".")[0] in MODULES]
    yield from (f"formulas.toml: {tag}: tag: is not in core.equations" for tag in tags if tag not in LATEX)
    yield from (f"formulas.toml: {tag}: is missing; say what it computes" for tag in needed if tag not in tags)
    for row in sheet.comparison:
        if row.measure and row.measure not in MEASURES:
            yield f"comparison.toml: {row.id}: measure: {row.measure!r} is not one of {', '.join(MEASURES)}"
    if not sheet.steps:
        yield f"the bank's question {STEPS!r} is missing or has no steps"
    for file, used in (
        ("takeaways", [entry.id for entry in sheet.takeaways]),
        ("mistakes", [entry.id for entry in sheet.mistakes]),
        ("formulas", tags),
        ("remedies", [entry.id for entry in sheet.remedies]),
        ("comparison", [entry.id for entry in sheet.comparison]),
        ("sources", [entry.id for entry in sheet.sources]),
    ):
        for name, count in Counter(used).items():
            if count > 1:
                yield f"{file}.toml: {name}: stands {count} times"


def by_lesson(pairs: Sequence[tuple[Lesson, E]]) -> dict[Lesson, list[E]]:
    """Entries by their lesson, lessons in their order."""
    return {lesson: found for lesson in TOPICS if (found := [entry for where, entry in pairs if where == lesson])}
