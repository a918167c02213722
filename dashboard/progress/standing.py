"""Where a learner stands, as HTML: mastery, days to come, calibration, days gone by. Pure functions.

Numbers and words carry everything; bars and marks repeat them for the eye and are hidden from screen readers. What a
learner typed is never part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from html import escape

from quiz.attempt import Attempt
from quiz.load import Bank
from quiz.plaintext import inline
from quiz.practice.progress import Bin, Calibration, Day, Mastery

FAIR = 0.1  # difference of certainty and share right that still fits
FITS = "that fits"
FEW = 5  # answers below which certainty is not judged
BAR_HEIGHT = 72  # pixels of the largest day to come
SHOWN = 96  # characters of a question in a list
VERDICTS = {"correct": ("right", "✓ right"), "partial": ("", "◐ partly"), "wrong": ("wrong", "✗ missed")}

COLUMNS = '<colgroup><col class="title"><col><col class="word"><col class="share"></colgroup>'
STYLE = """<style>
.standing { width: 100%; border-collapse: collapse; font-size: 0.9375rem; margin: 0; }
.standing :is(th, td) {
  padding: 6px 16px 6px 0; border: 0; border-bottom: 1px solid var(--hairline); font-weight: 400; text-align: left;
  vertical-align: baseline;
}
.standing .number { text-align: right; white-space: nowrap; }
.standing tr > :last-child { padding-right: 0; }
.standing .faint { color: var(--second_ink); font-size: 0.8125rem; white-space: nowrap; }
.standing .right { color: var(--right); } .standing .wrong { color: var(--wrong); }
.standing .verdict { white-space: nowrap; }
.standing .gauge { vertical-align: middle; }
.standing .bar { display: block; width: 100%; min-width: 56px; height: 6px; background: var(--hairline); }
.standing .bar i { display: block; height: 6px; background: var(--second_ink); }
.standing .bar .known { background: var(--ink); }
.lessons { columns: 2; column-gap: 48px; }
.lessons .standing { break-inside: avoid; margin-bottom: 20px; table-layout: fixed; }
.lessons caption { text-align: left; font-weight: 600; font-size: 0.9375rem; padding: 0 0 4px; color: var(--ink); }
.lessons :is(th, td) { vertical-align: middle; }
.lessons .title { width: 50%; } .lessons .word { width: 18%; } .lessons .share { width: 12%; }
[data-testid="stMain"] .forecast {
  display: grid; grid-template-columns: repeat(14, 1fr); gap: 4px; align-items: end; margin: 0; padding: 0;
  list-style: none; text-align: center; font-size: 0.8125rem; color: var(--second_ink);
}
[data-testid="stMain"] .forecast li { margin: 0; padding: 0; min-width: 0; font-size: inherit; }
.forecast b { display: block; font-weight: 400; color: var(--ink); min-height: 1.4em; }
.forecast i { display: block; background: var(--second_ink); border-bottom: 1px solid var(--pending); }
.forecast li:first-child i { background: var(--ink); }
.forecast span { display: block; line-height: 1.35; margin-top: 4px; }
.calibration .scale { display: block; position: relative; width: 100%; min-width: 90px; height: 14px; }
.calibration .scale::before {
  content: ""; position: absolute; inset: 7px 0 auto; border-top: 1px solid var(--border);
}
.calibration .sure { position: absolute; top: 0; height: 14px; border-left: 2px solid var(--ink); margin-left: -1px; }
.calibration .dot {
  position: absolute; top: 3px; width: 9px; height: 9px; border-radius: 50%; margin-left: -4px; background: var(--ink);
}
[data-testid="stMain"] [data-testid="stCaptionContainer"] p { max-width: 40rem; }
[data-testid="stMain"] .st-key-progress-bring summary { opacity: 1; }
[class*="st-key-missed"] [data-testid="stPageLink-NavLink"] p { white-space: normal; }
@media (max-width: 640px) {
  .lessons { columns: 1; }
  [data-testid="stMain"] .forecast { gap: 2px; font-size: 0.75rem; }
  .standing :is(th, td) { padding-right: 10px; }
  .calibration .from { display: none; }
}
</style>"""


def percent(share: float) -> str:
    """A share as a percentage, 62 %."""
    return f"{100 * share:.0f}\N{NARROW NO-BREAK SPACE}%"


def finding(known: Mapping[str, Mastery], waiting: int) -> str:
    """What the page says in one sentence.

    Args:
        known: Mastery by concept.
        waiting: Questions due today.
    """
    mastered = sum(found.level == "known" for found in known.values())
    told = sum(found.told for found in known.values())
    due = "nothing is due today" if not waiting else f"{waiting} question{'s are' if waiting > 1 else ' is'} due today"
    if mastered:
        return f"You know {mastered} of {len(known)} concepts so far; {due}."
    if not told:
        return f"Too few answers to tell what you know; {due}."
    one = "The one concept" if told == 1 else f"None of the {told} concepts"
    return f"{one} with enough answers to tell is {'not ' * (told == 1)}known yet; {due}."


def mastery_table(bank: Bank, lessons: Mapping[str, str], known: Mapping[str, Mastery]) -> str:
    """A table for each lesson with a row for each of its concepts.

    Args:
        bank: Its concepts.
        lessons: Titles by lesson, in the order shown.
        known: Mastery by concept; a concept that is missing has no questions and is left out.
    """
    tables = []
    for lesson, title in lessons.items():
        rows = [
            _mastery_row(concept.title, known[concept.id])
            for concept in bank.concepts.values()
            if concept.lesson == lesson and concept.id in known
        ]
        if rows:
            head = f"<caption>{escape(title)}</caption>{COLUMNS}"
            tables.append(f'<table class="standing">{head}<tbody>{"".join(rows)}</tbody></table>')
    return f'<div class="lessons">{"".join(tables)}</div>'


def _mastery_row(title: str, found: Mastery) -> str:
    head = f'<th scope="row">{escape(title)}</th>'
    level = found.level
    if level in ("not asked yet", "too few answers to tell"):
        count = f", {found.seen} of {found.total}" if found.seen else ""
        return f'<tr>{head}<td colspan="3" class="faint">{level}{count}</td></tr>'
    name = "known" if level == "known" else ""
    bar = f'<span class="bar" aria-hidden="true"><i class="{name}" style="width: {100 * found.value:.0f}%"></i></span>'
    seen = f'<span class="unseen">, {found.seen} of {found.total} questions answered</span>'
    return (
        f'<tr title="{found.seen} of {found.total} questions answered">{head}<td class="gauge">{bar}</td>'
        f'<td class="faint">{level}</td><td class="number">{percent(found.value)}{seen}</td></tr>'
    )


def forecast(days: Sequence[tuple[date, int]]) -> str:
    """A column for each day to come, its height the number of questions due."""
    most = max((count for _, count in days), default=0) or 1
    items = []
    for place, (day, count) in enumerate(days):
        name = "Today" if not place else f"{day:%a} {day.day} {day:%b}"
        height = round(BAR_HEIGHT * count / most)
        items.append(
            f'<li><span class="unseen">{name}: {count} due</span><b aria-hidden="true">{count or ""}</b>'
            f'<i style="height: {height}px"></i><span aria-hidden="true">{f"{day:%a}"[:2]}<br>{day.day}</span></li>'
        )
    return f'<ol class="forecast">{"".join(items)}</ol>'


def calibration_words(total: Bin, bins: Sequence[Bin]) -> str:
    """Whether the learner is as often right as sure, in one sentence.

    Args:
        total: All answers.
        bins: The same by ranges of certainty.
    """
    numbers = f"{percent(total.certainty)} sure and {percent(total.right)} right in {_answers(total.attempts)}"
    verdict = judged(total)
    apart = sum(each.attempts * abs(each.certainty - each.right) for each in bins) / total.attempts
    if verdict == FITS and apart > FAIR:
        verdict = "the average fits, your feeling for the single answer does not"
    return f"On average you were {numbers}" + (f": {verdict}." if verdict else ".")


def judged(found: Bin) -> str:
    """Whether certainty fits, in words; empty with too few answers."""
    if found.attempts < FEW:
        return ""
    gap = found.certainty - found.right
    return FITS if abs(gap) <= FAIR else "too sure" if gap > 0 else "not sure enough"


def calibration_table(found: Calibration) -> str:
    """A row for each range of certainty: a line where one was sure, a dot where one was right."""
    rows = []
    for each in found.bins:
        marks = (
            f'<span class="scale" aria-hidden="true"><i class="sure" style="left: {100 * each.certainty:.0f}%"></i>'
            f'<i class="dot" style="left: {100 * each.right:.0f}%"></i></span>'
        )
        rows.append(
            f'<tr><td class="number">{percent(each.certainty)}</td><td class="gauge">{marks}</td>'
            f'<td class="number">{percent(each.right)}</td><td>{judged(each) or "few answers"}</td>'
            f'<td class="faint number from">{_answers(each.attempts)}</td></tr>'
        )
    head = '<th class="number">sure</th><th>0 … 100</th><th class="number">right</th><th>so you are</th>'
    return (
        f'<table class="standing calibration"><thead><tr class="faint">{head}<th class="number from">from</th></tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def days_table(days: Iterable[Day]) -> str:
    """A row for each day: how many answers, and their mean credit."""
    rows = []
    for day in days:
        share = day.credit
        bar = "" if share is None else f'<i style="width: {100 * share:.0f}%"></i>'
        mean = "not judged" if share is None else percent(share)
        rows.append(
            f'<tr><th scope="row">{day.day.day} {day.day:%b}</th><td class="number">{_answers(len(day.attempts))}</td>'
            f'<td class="gauge"><span class="bar" aria-hidden="true">{bar}</span></td>'
            f'<td class="number">{mean}</td></tr>'
        )
    head = '<th>day</th><th class="number">answers</th><td></td><th class="number">credit</th>'
    return f'<table class="standing"><thead><tr class="faint">{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def answers_table(attempts: Iterable[Attempt], bank: Bank, zone: tzinfo | None) -> str:
    """The last answers: when, how it went, what was asked."""
    rows = []
    for attempt in attempts:
        name, verdict = VERDICTS.get(attempt.verdict, ("", "– not judged"))
        time = attempt.answered_at.astimezone(zone)
        rows.append(
            f'<tr><td class="faint">{time.day} {time:%b %H:%M}</td><td class="verdict {name}">{verdict}</td>'
            f"<td>{escape(asked(bank, attempt.question, attempt.variant))}</td></tr>"
        )
    head = "<th>when</th><th>verdict</th><th>question</th>"
    return f'<table class="standing"><thead><tr class="faint">{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def asked(bank: Bank, question: str, variant: int) -> str:
    """A question's first words as plain text; its id if it is no longer asked."""
    try:
        prompt = bank.question(question, variant).prompt
    except KeyError:
        return question
    line = " ".join(inline(prompt.partition("\n\n")[0]).split())
    return line if len(line) <= SHOWN else line[:SHOWN].rsplit(" ", 1)[0] + " …"


def _answers(count: int) -> str:
    return f"{count} answer{'s' * (count != 1)}"
