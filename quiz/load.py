"""The bank: TOML files to frozen questions, with every problem of every file reported at once.

`load_bank` checks what makes a bank usable: the schema, unique ids, known concepts, prerequisites without a circle.
`validate` checks what makes it good, by grading: keys right, slips wrong with their own reply, formulas balanced, the
longest option not the right one too often, every concept asked about at every level. The tests and
``python -m quiz check`` run it.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from quiz.grading.proof import faults, problems
from quiz.lessons import BEYOND, TOPICS, topic
from quiz.schema import BankFile, Concept, ConceptEntry, Exact, Lesson, Level, Open, Question

FOLDER = Path(__file__).parent
FILE = "bank.toml"
TABLES = ("concept", "question")
GENERATED = "gen-"
INTERVIEW = tuple(f"interview-{number:02}" for number in range(1, 13))

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
_CONCEPT = TypeAdapter(ConceptEntry)
_KINDS = frozenset(model.model_fields["kind"].default for model in get_args(get_args(Question)[0]))


class BankError(ValueError):
    """A bank that can't be used.

    Attributes:
        problems: Each with file, id and field, such as ``interview/bank.toml: interview-03: probes[0].answer: ...``.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Bank:
    """All questions and concepts.

    Attributes:
        questions: In the order of the files and in them.
        concepts: By id, each after those it needs.
        files: The file of each question, by id.
        probes: Probes of the open questions, by id.
    """

    questions: tuple[Question, ...]
    concepts: Mapping[str, Concept]
    files: Mapping[str, str]
    probes: Mapping[str, Exact]
    _by_id: Mapping[str, Question] = field(repr=False)

    def __getitem__(self, id: str) -> Question:  # noqa: A002 - the field's own name
        """The question of that id.

        Raises:
            KeyError: If there is none.
        """
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self.questions)

    def __contains__(self, id: object) -> bool:  # noqa: A002
        return id in self._by_id

    @property
    def interview(self) -> tuple[str, ...]:
        """Ids of the interview questions, in the chapter's order."""
        return tuple(name for name in INTERVIEW if name in self)

    def of(
        self, concept: str | None = None, lesson: str | None = None, level: Level | None = None
    ) -> tuple[Question, ...]:
        """Questions about a concept, taught in a lesson, of a level; each condition is optional."""
        return tuple(
            question
            for question in self.questions
            if (concept is None or concept in question.concepts)
            and (lesson is None or lesson in self.lessons(question))
            and (level is None or level == question.level)
        )

    def beyond(self, concept: str) -> bool:
        """Whether a concept is one that the chapter does not teach."""
        return self.concepts[concept].lesson == BEYOND

    def title(self, concept: str) -> str:
        """What a concept is called where questions are listed or asked: marked if it lies beyond the chapter."""
        return self.concepts[concept].title + (f" · {TOPICS[BEYOND].lower()}" if self.beyond(concept) else "")

    def topics(self) -> dict[str, str]:
        """What may be picked to be asked about, with its title: the chapter's concepts, then what lies beyond it."""
        chapter = {name: concept.title for name, concept in self.concepts.items() if not self.beyond(name)}
        beyond = {name: self.title(name) for name in self.concepts if self.beyond(name)}
        return chapter | ({BEYOND: f"{TOPICS[BEYOND]}: all"} | beyond if beyond else {})

    def lessons(self, question: Question) -> tuple[Lesson, ...]:
        """Where a question's matter is taught: its own lessons, or else its main concept's."""
        return question.lessons or (self.concepts[question.concepts[0]].lesson,)

    def question(self, id: str, variant: int = 0) -> Question:  # noqa: A002
        """The question of that id; ids that begin with ``gen-`` are drawn with the variant as the seed.

        Raises:
            KeyError: If there is none.
        """
        if id in self or not id.startswith(GENERATED):
            return self[id]
        from quiz.computed.generators import generate

        return generate(id.removeprefix(GENERATED), variant)


@lru_cache(maxsize=1)
def load_bank() -> Bank:
    """The bank that comes with the package, read once.

    Raises:
        BankError: With every problem found.
    """
    return read_bank(FOLDER)


def read_bank(folder: Path) -> Bank:
    """Read and check the bank below a folder: each ``bank.toml``, those of the lessons first.

    Raises:
        BankError: With every problem found.
    """
    errors: list[str] = []
    held = {_name(folder, path): tables(path, TABLES, errors, name=_name(folder, path))
            for path in sorted(folder.rglob(FILE), key=_place)}  # fmt: skip
    concepts = _concepts(held, errors)
    questions: list[Question] = []
    files: dict[str, str] = {}
    for name, content in held.items():
        for question in _questions(name, content["question"], errors):
            files.setdefault(question.id, name)
            questions.append(question)
            errors += [
                f"{name}: {question.id}: concepts: no [[concept]] is called {concept!r}"
                for concept in question.concepts
                if concept not in concepts
            ]
    probes = [probe for question in questions if isinstance(question, Open) for probe in question.probes]
    counts = Counter([question.id for question in questions] + [probe.id for probe in probes])
    for name, count in counts.items():
        if count > 1:
            errors.append(f"{files.get(name, 'probes')}: {name}: id: stands {count} times")
        if name.startswith(GENERATED):
            errors.append(f"{files.get(name, 'probes')}: {name}: id: {GENERATED}… is kept for generators")
    if errors:
        raise BankError(errors)
    return Bank(
        tuple(questions),
        MappingProxyType(concepts),
        MappingProxyType(files),
        MappingProxyType({probe.id: probe for probe in probes}),
        MappingProxyType({question.id: question for question in questions}),
    )


def validate(bank: Bank | None = None) -> tuple[str, ...]:
    """Every problem that grading and counting can find, each with file, id and field; empty for a good bank.

    Args:
        bank: The bank; the package's own if None.
    """
    bank = bank or load_bank()
    found = [
        f"{bank.files[question.id]}: {question.id}: {problem}"
        for question in bank.questions
        for problem in problems(question)
    ]
    found += faults(bank.questions, bank.concepts)
    found += [f"interview: {name} is missing" for name in INTERVIEW if name not in bank]
    return tuple(found)


def json_schema() -> dict[str, Any]:
    """JSON Schema of a bank file, for editors."""
    return BankFile.model_json_schema()


def tables(path: Path, names: Sequence[str], errors: list[str], *, name: str = "") -> dict[str, list[Any]]:
    """The lists under the only tables that a file may hold, each by its name; problems are added to ``errors``.

    Args:
        path: The file.
        names: Its tables.
        errors: Gets a sentence for each problem.
        name: What they call the file; its own name by default.
    """
    name = name or path.name
    found: dict[str, list[Any]] = {table: [] for table in names}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        errors.append(f"{name}: {error}")
        return found
    for table, entries in content.items():
        if table not in found:
            errors.append(f"{name}: {table}: expected {' and '.join(f'[[{each}]]' for each in names)} only")
        elif not isinstance(entries, list):
            errors.append(f"{name}: {table}: expected a list, write [[{table}]]")
        else:
            found[table] = entries
    return found


def parsed(adapter: TypeAdapter[Any], entry: object, where: str, errors: list[str]) -> Any:
    """One entry as a model, or None with its problems added to ``errors``."""
    try:
        return adapter.validate_python(entry)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        for problem in found:
            # A list one of whose entries is faulty is also called too short; the entry is the problem.
            loc = problem["loc"]
            inner = any(other["loc"][: len(loc)] == loc and len(other["loc"]) > len(loc) for other in found)
            if not (problem["type"] == "too_short" and inner):
                errors.append(f"{where}: {_path(loc)}{problem['msg'].removeprefix('Value error, ')}")
        return None


def _path(loc: tuple[int | str, ...]) -> str:
    """``probes[0].answer: `` from a location; the kinds that tell the models apart are left out."""
    path = ""
    before: int | str = 0  # a kind stands first, and after a probe's number
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not (isinstance(before, int) and part in _KINDS):
            path += f".{part}" if path else part
        before = part
    return f"{path}: " if path else ""


def _place(path: Path) -> tuple[int, Path]:
    """The order of bank files: the lessons' in their order, then the others."""
    names = list(TOPICS)
    return (names.index(found) if (found := topic(path.parent.name)) in names else len(names)), path


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _questions(file: str, entries: list[Any], errors: list[str]) -> list[Question]:
    questions = []
    for number, entry in enumerate(entries, 1):
        name = entry.get("id") if isinstance(entry, dict) else None
        if question := parsed(_QUESTION, entry, f"{file}: {name or f'question {number}'}", errors):
            questions.append(question)
    return questions


def _concepts(held: Mapping[str, Mapping[str, list[Any]]], errors: list[str]) -> dict[str, Concept]:
    """Concepts by id, each after those it needs; each belongs to the lesson in whose folder its file stands."""
    found: dict[str, Concept] = {}
    homes: dict[str, str] = {}
    for file, content in held.items():
        for number, entry in enumerate(content["concept"], 1):
            name = entry.get("id") if isinstance(entry, dict) else None
            made = parsed(_CONCEPT, entry, f"{file}: {name or f'concept {number}'}", errors)
            if made is None:
                continue
            if made.id in found:
                errors.append(f"{file}: {made.id}: id: stands twice")
            lesson = topic(Path(file).parent.name)
            if lesson not in TOPICS:
                errors.append(f"{file}: {made.id}: a concept stands in a lesson's folder; {lesson!r} is no lesson")
                continue
            found[made.id] = Concept(**made.model_dump(), lesson=lesson)
            homes[made.id] = file
    errors += [
        f"{homes[concept.id]}: {concept.id}: needs: {name!r} is not a concept"
        for concept in found.values()
        for name in concept.needs
        if name not in found
    ]
    try:
        order = list(TopologicalSorter({name: concept.needs for name, concept in found.items()}).static_order())
    except CycleError as error:
        errors.append(f"{homes[error.args[1][0]]}: needs: a circle, {' → '.join(error.args[1])}")
        return found
    return {name: found[name] for name in order if name in found}
