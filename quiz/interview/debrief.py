"""What came of an interview, in full: the result in a sentence, what to study, and each question with what was said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quiz.attempt import Attempt
from quiz.drafts import judgeable
from quiz.grading.grade import Grade, grade, judge_written
from quiz.grading.judges import predicted
from quiz.grading.text.grader import Found, TextGrade
from quiz.interview.answered import Answered, Followed
from quiz.interview.drawing import Check, marked, resolved
from quiz.interview.follow_ups import Graph, Talk, asked
from quiz.interview.interview import Interview, Report, Share
from quiz.load import Bank
from quiz.schema import Choice, Claims, Cloze, Exact, Lesson, Multi, Open, Option, Predict, Slip

HOLDS, FAILS = 0.75, 0.5  # share of a question's checks from which it can be explained, and below which not yet
TWICE = 2  # what happens so often is a pattern, and no slip of the pen
ITEMS = 3  # things to study
NAMED = 2  # subjects of each sort in the sentence


@dataclass(frozen=True)
class Judged:
    """One check or follow-up as it was answered.

    Attributes:
        ask: What was asked; None if it is no longer there, or another question than it was then.
        response: What was answered; None for nothing.
        grade: What came of it; None without an answer that can be judged, and for words.
        met: Whether it was right; None for words, which nobody judges.
        slips: The names of the slips it shows.
        seconds: Time it took, of a follow-up.
    """

    ask: Exact | Talk | None
    response: Any
    grade: Grade | None
    met: bool | None
    slips: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Row:
    """One question of the interview.

    Attributes:
        number: Its place, from 1.
        question: As it was asked, with its checks.
        share: Checks right, time and pace.
        text: What was said in one's own words.
        kept: Whether the answer can be read.
        checks: Each check.
        followed: Each follow-up.
        said: What was made of the text; None where there is none.
        key: The attempt's key.
        disagreed: Whether the learner does not accept the verdict on the text.
    """

    number: int
    question: Open
    share: Share
    text: str
    kept: bool
    checks: tuple[Judged, ...]
    followed: tuple[Judged, ...]
    said: TextGrade | None
    key: str = ""
    disagreed: bool = False

    @property
    def verdict(self) -> TextGrade | None:
        """The verdict on the text, if there is one that stands."""
        return self.said if self.said and self.said.decided and not self.disagreed else None

    @property
    def misconceptions(self) -> tuple[Found, ...]:
        """Misconceptions that the text states, by a verdict that stands."""
        return self.verdict.misconceptions if self.verdict else ()


@dataclass(frozen=True)
class Study:
    """One thing to study next.

    Attributes:
        title: Markdown, as one would call it.
        why: What shows it.
        questions: The interview questions it came up in.
        lessons: Where it is taught.
    """

    title: str
    why: str
    questions: tuple[str, ...]
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Debrief:
    """All of it.

    Attributes:
        interview: The interview.
        report: Its figures.
        sentence: The result in one sentence.
        rows: Each question.
        study: What to study next; what happened twice stands first.
        weakest: Number of the question with fewest checks right; 0 if none was missed.
    """

    interview: Interview
    report: Report
    sentence: str
    rows: tuple[Row, ...]
    study: tuple[Study, ...]
    weakest: int


def debrief(
    bank: Bank, graph: Graph, interview: Interview, attempts: Iterable[Attempt], disagreed: Collection[str] = ()
) -> Debrief:
    """Work out what came of an interview.

    Args:
        bank: The bank.
        graph: The follow-ups.
        interview: The interview, over or not.
        attempts: Of the learner; those that the interview's keys name are its answers.
        disagreed: Keys of attempts on whose text the learner does not accept the verdict.
    """
    given = {attempt.key: attempt for attempt in attempts}
    report = interview.report(bank)
    rows = []
    for place, share in enumerate(report.questions):
        answered = interview.answers[place] if place < len(interview.answers) else None
        response = _response(given.get(interview.keys[place]))
        row = _row(bank, graph, interview, place, share, answered, response)
        rows.append(replace(row, disagreed=row.key in disagreed))
    weakest = min(rows, key=lambda row: row.share.right / row.share.checks)
    return Debrief(
        interview, report, sentence(report, rows, graph.subjects), tuple(rows), study(bank, rows),
        weakest.number if weakest.share.right < weakest.share.checks else 0,
    )  # fmt: skip


def _response(attempt: Attempt | None) -> Mapping[str, Any] | None:
    return attempt.response if attempt is not None and isinstance(attempt.response, dict) else None


def _row(
    bank: Bank, graph: Graph, interview: Interview, place: int, share: Share, answered: Answered | None,
    response: Mapping[str, Any] | None,
) -> Row:  # fmt: skip
    question = interview.asked(bank, place)
    text = response.get("text") if response else ""
    text = text if isinstance(text, str) else ""
    probes = response.get("probes") if response else None
    given = probes if isinstance(probes, dict) else {}
    drawn = interview.checks[place] if place < len(interview.checks) else [Check(each.id) for each in question.probes]
    met = answered.met if answered else ()
    checks = [
        _check(resolved(bank, check), check.mark, given.get(check.id), met[number] if number < len(met) else False)
        for number, check in enumerate(drawn)
    ]
    followed = [_followed(graph, bank, each) for each in answered.followed] if answered else []
    said = judge_written(question, text)
    kept = response is not None or answered is None
    return Row(
        place + 1, question, share, text, kept, tuple(checks), tuple(followed), said, interview.keys[place]
    )  # fmt: skip


def _check(ask: Exact | None, mark: str, response: Any, met: bool) -> Judged:
    if ask is None or (mark and mark != marked(ask)):
        return Judged(None, response, None, met)
    if response is None or not judgeable(ask, response):
        return Judged(ask, None, None, met=False)
    found = grade(ask, response)
    return Judged(ask, response, found, found.verdict == "correct", slips(ask, found))


def _followed(graph: Graph, bank: Bank, given: Followed) -> Judged:
    ask = asked(graph, bank, given.id, given.variant)
    if isinstance(ask, Talk):
        text = given.response if isinstance(given.response, str) else None
        return Judged(ask, text, None, None, seconds=given.seconds)
    return replace(_check(ask, "", given.response, bool(given.met)), seconds=given.seconds)


def slips(question: Exact, found: Grade) -> tuple[str, ...]:
    """The names of the slips that a wrong answer shows."""
    known = {slip.reply: slip.name for slip in _known(question) if slip.name}
    return tuple(dict.fromkeys(known[reply] for reply in found.mistakes if reply in known))


def _known(question: Exact) -> Iterator[Slip | Option]:
    match question:
        case Choice(options=options) | Multi(options=options):
            yield from options
        case Cloze(blanks=blanks):
            yield from (slip for blank in blanks for slip in blank.slips)
        case Predict():
            yield from predicted(question).slips
        case Claims():
            return
        case _:
            yield from question.slips


def sentence(report: Report, rows: Sequence[Row], subjects: Mapping[str, str]) -> str:
    """The result in one sentence: what can be explained, and what not yet."""
    head = f"{report.right} of {report.checks} checks right"
    if report.right == report.checks:
        return f"All {report.checks} checks right: you can explain all that was asked."
    order = sorted(rows, key=lambda row: row.share.right / row.share.checks)
    fails = [row for row in order if row.share.right < FAILS * row.share.checks]
    holds = [row for row in reversed(order) if row.share.right >= HOLDS * row.share.checks]
    said = [row for row in holds if row.text.strip()]
    can = f"you {'can explain' if said else 'know'} {_named((said or holds)[:NAMED], subjects, 'and')}"
    if not holds:
        return f"{head}: nothing holds yet; begin with {_named(order[:NAMED], subjects, 'and then')}."
    if not fails:
        return f"{head}: {can}; {_named(order[:1], subjects, 'and')} is worth another look."
    return f"{head}: {can}, but not yet {_named(fails[:NAMED], subjects, 'or')}."


def _named(rows: Sequence[Row], subjects: Mapping[str, str], word: str) -> str:
    return f" {word} ".join(subjects.get(row.question.id, row.question.prompt) for row in rows)


def study(bank: Bank, rows: Sequence[Row]) -> tuple[Study, ...]:
    """What to study next: slips made twice, misconceptions beside missed checks, concepts missed twice, weak ones.

    No more than `ITEMS`, and no question that an item before it has named already.
    """
    found = [*_slipped(bank, rows), *_said(bank, rows), *_missed(bank, rows)]
    named = {name for item in found[:ITEMS] for name in item.questions}
    weak = sorted(rows, key=lambda row: row.share.right / row.share.checks)
    for row in weak:
        if row.share.right < row.share.checks and row.question.id not in named:
            names = dict.fromkeys(name for one in row.checks for name in one.slips)
            slipped = f" What went wrong: {', '.join(f'“{name}”' for name in names)}." if names else ""
            why = f"{row.share.right} of {row.share.checks} checks right.{slipped}"
            found.append(Study(row.question.prompt, why, (row.question.id,), row.share.lessons))
    return tuple(found[:ITEMS])


def _slipped(bank: Bank, rows: Sequence[Row]) -> list[Study]:
    """Named slips that were made twice, in checks or in one's own words."""
    places: dict[str, list[tuple[Row, Exact | None]]] = {}
    for row in rows:
        for one in (*row.checks, *row.followed):
            for name in one.slips:
                assert one.ask is not None, "a slip was found by grading"
                assert not isinstance(one.ask, Talk), "words are not graded"
                places.setdefault(name, []).append((row, one.ask))
        for name in _named_in(row):
            places.setdefault(name, []).append((row, None))
    twice = sorted((each for each in places.items() if len(each[1]) >= TWICE), key=lambda each: -len(each[1]))
    return [
        Study(
            f"“{name}”", f"The same slip in {_in_what(where)}, at {_numbers(row for row, _ in where)}.",
            _ids(row for row, _ in where),
            tuple(dict.fromkeys(
                lesson
                for row, ask in where
                for lesson in ([bank.concepts[ask.concepts[0]].lesson] if ask else bank.lessons(bank[row.question.id]))
            )),
        )
        for name, where in twice
    ]  # fmt: skip


def _named_in(row: Row) -> tuple[str, ...]:
    """The slips that a text shows: its misconceptions by name."""
    known = {wrong.id: wrong.name for wrong in row.question.misconceptions}
    return tuple(dict.fromkeys(known[wrong.id] for wrong in row.misconceptions if known[wrong.id]))


def _in_what(where: Sequence[tuple[Row, Exact | None]]) -> str:
    """Where a slip was made: two checks, your text and one check, or your text on two questions."""
    texts, checks = sum(ask is None for _, ask in where), sum(ask is not None for _, ask in where)
    parts = ["your text" if texts == 1 else f"your text on {texts} questions"] if texts else []
    return " and ".join(parts + ([_times(checks)] if checks else []))


def _said(bank: Bank, rows: Sequence[Row]) -> list[Study]:
    """Misconceptions that a text states where checks were missed as well, if they are not named as a slip already."""
    already = {item.title for item in _slipped(bank, rows)}
    items = []
    for row in rows:
        missed = sum(one.met is False for one in row.checks)
        stated = {wrong.id for wrong in row.misconceptions}
        for item in row.question.misconceptions:
            if item.id in stated and missed and f"“{item.name}”" not in already:
                why = f"You say so in your text, and {_times(missed)} of question {row.number} went wrong."
                items.append(Study(item.text, why, (row.question.id,), bank.lessons(bank[row.question.id])))
    return items


def _missed(bank: Bank, rows: Sequence[Row]) -> list[Study]:
    """Concepts on which two checks or more were missed, the most missed first."""
    missed: dict[str, list[Row]] = {}
    total: dict[str, int] = {}
    for row in rows:
        for one in (*row.checks, *row.followed):
            if one.ask is None or isinstance(one.ask, Talk):
                continue
            concept = one.ask.concepts[0]
            total[concept] = total.get(concept, 0) + 1
            if not one.met:
                missed.setdefault(concept, []).append(row)
    twice = [(name, where) for name, where in missed.items() if len(where) >= TWICE]
    twice.sort(key=lambda each: (-len(each[1]), -len(each[1]) / total[each[0]]))
    return [
        Study(
            bank.concepts[name].title, f"Missed in {len(where)} of {total[name]} checks, at {_numbers(where)}.",
            _ids(where), (bank.concepts[name].lesson,),
        )
        for name, where in twice
    ]  # fmt: skip


def _times(count: int) -> str:
    return "one check" if count == 1 else f"{('two', 'three', 'four')[count - 2] if count < 5 else count} checks"


def _numbers(rows: Iterable[Row]) -> str:
    numbers = sorted({row.number for row in rows})
    if len(numbers) == 1:
        return f"question {numbers[0]}"
    return f"questions {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _ids(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.question.id for row in rows))
