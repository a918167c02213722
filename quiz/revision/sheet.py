"""The sheet: TOML files to frozen entries, checked against bank and equations, every problem reported at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter

from core.equations import LATEX
from quiz.load import Bank, BankError, entries, load_bank, parsed
from quiz.revision.comparison import MEASURES
from quiz.revision.schema import Formula, Mistake, Remedy, Row, TakeAway, Term, same
from quiz.schema import Lesson, Order, Strict

FOLDER = Path(__file__).with_name("content")
STEPS = "bptt-five-steps"
"""The bank's question that has the steps of the algorithm in their order."""

E = TypeVar("E", bound=Strict)


@dataclass(frozen=True)
class Sheet:
    """All that the revision sheet shows.

    Attributes:
        takeaways: In the chapter's order, as all others are.
        mistakes: What people wrongly say.
        formulas: One for each equation of `core.equations`, in its order.
        remedies: Problems of the RNN with their solutions.
        comparison: RNN and LSTM.
        terms: The glossary, in the lessons' order.
        steps: The steps of backpropagation through time.
        bank: Where explanations and lessons of take-aways and mistakes stand.
    """

    takeaways: tuple[TakeAway, ...]
    mistakes: tuple[Mistake, ...]
    formulas: tuple[Formula, ...]
    remedies: tuple[Remedy, ...]
    comparison: tuple[Row, ...]
    terms: tuple[Term, ...]
    steps: tuple[str, ...]
    bank: Bank = field(repr=False)
    _by_name: Mapping[str, Term] = field(repr=False)

    def holds(self, entry: TakeAway | Mistake) -> str:
        """What is true of a take-away or a mistake, as the bank explains it."""
        return self.bank[entry.id].explanation

    def lesson(self, entry: TakeAway | Mistake) -> Lesson:
        """Where a take-away or a mistake is taught."""
        return self.bank.lessons(self.bank[entry.id])[0]

    def term(self, word: str) -> Term | None:
        """The entry a word of the lessons, or the id of a term, stands for."""
        return self._by_name.get(same(word))


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

    def read(name: str, table: str, model: type[E], identity: str = "id") -> tuple[E, ...]:
        return tuple(_read(folder / f"{name}.toml", table, model, identity, errors))

    terms = read("terms", "term", Term)
    named = [(name, term) for term in terms for name in dict.fromkeys((same(term.id), *term.names))]
    order = bank[STEPS] if STEPS in bank else None
    sheet = Sheet(
        takeaways=read("takeaways", "takeaway", TakeAway),
        mistakes=read("mistakes", "mistake", Mistake),
        formulas=read("formulas", "formula", Formula, "tag"),
        remedies=read("remedies", "remedy", Remedy),
        comparison=read("comparison", "row", Row),
        terms=terms,
        steps=order.steps if isinstance(order, Order) else (),
        bank=bank,
        _by_name=MappingProxyType(dict(named)),
    )
    errors += _faults(sheet, [name for name, _ in named])
    if errors:
        raise BankError(errors)
    return sheet


def _read(path: Path, table: str, model: type[E], identity: str, errors: list[str]) -> Iterator[E]:
    """The valid entries of one file; problems are added to ``errors``."""
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    for number, entry in enumerate(entries(path, table, errors), 1):
        name = entry.get(identity) if isinstance(entry, dict) else None
        if found := parsed(adapter, entry, f"{path.name}: {name or f'{table} {number}'}", errors):
            yield found


def _faults(sheet: Sheet, names: Sequence[str]) -> Iterator[str]:
    """What is wrong between entries, or between the sheet and what it builds on."""
    for file, found in (("takeaways", sheet.takeaways), ("mistakes", sheet.mistakes)):
        for entry in found:
            if entry.id not in sheet.bank:
                yield f"{file}.toml: {entry.id}: id: is no question of the bank"
    tags = [formula.tag for formula in sheet.formulas]
    yield from (f"formulas.toml: {tag}: tag: is not in core.equations" for tag in tags if tag not in LATEX)
    yield from (f"formulas.toml: {tag}: is missing; say what it computes" for tag in LATEX if tag not in tags)
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
        ("terms", list(names)),
    ):
        for name, count in Counter(used).items():
            if count > 1:
                yield f"{file}.toml: {name}: stands {count} times"


def by_lesson(pairs: Sequence[tuple[Lesson, E]]) -> dict[Lesson, list[E]]:
    """Entries by their lesson, lessons in their order."""
    return {
        lesson: found for lesson in get_args(Lesson) if (found := [entry for where, entry in pairs if where == lesson])
    }
