"""The quiz in a terminal: ``python -m quiz``, with ``--help`` for the modes.

Exit code 0: all went well. 1: some lines could not be graded or imported, or the bank has problems. 2: the command, a
file or the database can't be used.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from textwrap import shorten

import numpy as np

from quiz import evaluate, measured
from quiz.attempt import in_calendar
from quiz.interview.follow_ups import faults, load_follow_ups
from quiz.interview.interview import LENGTHS
from quiz.load import BankError, json_schema, load_bank, validate
from quiz.plaintext import inline
from quiz.practice import progress
from quiz.practice.catalogue import catalogue, present
from quiz.practice.schedule import due
from quiz.store import Store, StoreError
from quiz.terminal import marking, printed
from quiz.terminal.terminal import LeaveError, Terminal

LEARNER = "local"
MODES = {"p": "practice", "r": "review", "i": "interview", "s": "progress"}
OK, SOME_BAD, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except (StoreError, BankError, _UnusableError) as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    except (LeaveError, KeyboardInterrupt):
        print("\nUntil next time; what you answered is kept.")
        return OK
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


class _UnusableError(Exception):
    """A file or an argument can't be used; the message says why."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m quiz", description="Questions on RNNs and LSTMs, checked at once.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    practice = commands.add_parser("practice", help="one question after another, weakest topic first")
    practice.add_argument("topic", nargs="?", help="a concept, a lesson, or interview for the twelve in turn")
    review = commands.add_parser("review", help="what is due today")
    for each in (practice, review):
        each.add_argument("--sure", action="store_true", help="ask how sure you are, for your calibration")
    interview = commands.add_parser("interview", help="five or twelve interview questions in one pass, with a report")
    interview.add_argument("--length", type=int, choices=LENGTHS, default=LENGTHS[-1], help="how many questions")
    commands.add_parser("progress", help="how well you know each concept, and what is due")
    export = commands.add_parser("export", help="all your data as JSON lines")
    export.add_argument("file", nargs="?", default="-", help="where to; standard output if left out")
    for name, text in (
        ("import", "add data that was exported"),
        ("grade", 'grade JSON lines {"question", "text"}; results are JSON lines on standard output'),
    ):
        commands.add_parser(name, help=text).add_argument("file", help="a file, or - for standard input")
    measuring = commands.add_parser("evaluate", help="measure the grader of answers in words on the test set")
    measuring.add_argument("--write", action="store_true", help="also keep its figures, which pages and README state")
    measuring.add_argument("--judge", action="store_true", help="measure the model that UNROLLED_JUDGE_URL names")
    measuring.add_argument("--limit", type=_count, metavar="N", help="ask the model about N answers; too few to speak")
    commands.add_parser("check", help="check the bank: schema, keys, slips, balance")
    commands.add_parser("schema", help="JSON Schema of a bank file, for editors")
    return parser


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "grade":
            return _grade(options.file)
        case "check":
            return _check()
        case "evaluate":
            return _evaluate(options)
        case "schema":
            print(json.dumps(json_schema(), indent=2))
            return OK
    with Store.open() as store:
        match options.command:
            case "export":
                return _export(store, options.file)
            case "import":
                return _import(store, options.file)
            case "progress":
                return _progress(store)
            case _:
                return _sitting(store, options)


def _evaluate(options: argparse.Namespace) -> int:
    if not options.judge:
        if options.limit:
            raise _UnusableError("--limit goes with --judge; the built-in grader is measured on all answers")
        for line in evaluate.report(load_bank()):
            print(line)
        return _written() if options.write else OK
    if options.write:
        raise _UnusableError("--write keeps the built-in grader's figures; --judge keeps its own")
    from quiz.grading.text.judge import measure  # what no other command needs
    from quiz.grading.text.judge.client import FaultError
    from quiz.grading.text.judge.settings import JudgeError

    try:
        for line in measure.report(load_bank(), options.limit, sys.stderr):
            print(line)
    except (JudgeError, FaultError) as problem:
        raise _UnusableError(problem) from None
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from there.", file=sys.stderr)
        return UNUSABLE
    return OK


def _count(text: str) -> int:
    """A number of answers, as an argument."""
    if not text.isascii() or not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number from 1")
    return int(text)


def _sitting(store: Store, options: argparse.Namespace) -> int:
    terminal = Terminal(
        load_bank(), store, LEARNER, np.random.default_rng(), _now, sure=getattr(options, "sure", False)
    )
    mode, topic = options.command, getattr(options, "topic", None)
    if mode is None:
        mode, topic = _chosen(store)
    if mode == "progress":
        return _progress(store)
    print("? opens a hint, answer shows the answer, an empty line leaves.")
    if mode == "interview":
        terminal.interview(getattr(options, "length", LENGTHS[-1]))
        return OK
    try:
        terminal.practise(mode, topic)
    except ValueError as problem:
        raise _UnusableError(problem) from None
    return OK


def _chosen(store: Store) -> tuple[str, str | None]:
    """Ask what to do; an empty line leaves."""
    waiting = len(due(present(store.cards(LEARNER), catalogue(load_bank())), _now().astimezone()))
    started = ", one is under way" if store.interview(LEARNER) else ""
    print(f"p  practice\nr  review, {waiting} due today\ni  mock interview{started}\ns  progress")
    while typed := _line("Which? "):
        for letter, mode in MODES.items():
            if typed in (letter, mode):
                return mode, (_line("Topic (Enter for the weakest first): ") or None) if mode == "practice" else None
        print("Type p, r, i or s; an empty line leaves.")
    raise LeaveError


def _line(prompt: str) -> str:
    try:
        return input(prompt).strip().casefold()
    except EOFError:
        raise LeaveError from None


def _progress(store: Store) -> int:
    bank, now = load_bank(), _now().astimezone()
    entries = catalogue(bank)
    cards = present(store.cards(LEARNER), entries)
    if not cards:
        print("Nothing was answered yet. Begin with: python -m quiz practice")
        return OK
    concepts = {entry.id: entry.concepts for entry in entries.values()}
    print(printed.mastery_table(bank, progress.mastery(concepts, cards, now)))
    ahead = progress.forecast(cards, now)
    print(f"\nDue today: {ahead[0][1]} · in the {len(ahead) - 1} days after: {sum(count for _, count in ahead[1:])}")
    total = progress.calibration(store.certainties(LEARNER)).total
    if total:
        print(f"{total.certainty:.0%} sure and {total.right:.0%} right in {total.attempts} answers")
    missed = progress.most_missed(cards)
    if missed:
        print("\nMost missed")
    for card in missed:
        prompt = inline(bank.question(card.question, card.variant).prompt)
        print(f"  {card.misses} of {card.attempts}  {shorten(prompt, 70, placeholder=' …')}")
    return OK


def _export(store: Store, name: str) -> int:
    if name == "-":
        for line in store.export(LEARNER):
            print(line)
        return OK
    try:
        with Path(name).open("x", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in store.export(LEARNER))
    except FileExistsError:
        raise _UnusableError(f"{name}: exists already; name another file") from None
    except OSError as problem:
        raise _UnusableError(f"{name}: {problem.strerror}") from None
    return OK


def _import(store: Store, name: str) -> int:
    found = store.import_(LEARNER, (line.decode("utf-8-sig", "replace") for line in _lines(name)))
    print(f"{found.added} answers added, {found.known} known already, {len(found.problems)} lines left out")
    for problem in found.problems:
        print(problem, file=sys.stderr)
    return SOME_BAD if found.problems else OK


def _grade(name: str) -> int:
    bad = False
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        try:
            print(marking.marked(load_bank(), line))
        except ValueError as problem:
            print(f"line {number}: {problem}", file=sys.stderr)
            bad = True
    return SOME_BAD if bad else OK


def _written() -> int:
    """Keep the grader's figures."""
    try:
        measured.write(measured.measure(load_bank()))
    except OSError as problem:
        raise _UnusableError(f"{measured.FILE}: {problem.strerror}") from None
    return OK


def _check() -> int:
    try:
        found = (*validate(), *faults(load_follow_ups(), load_bank()))
    except BankError as error:
        found = error.problems
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"{len(load_bank())} questions and {len(load_bank().probes)} probes: no problem found")
    return SOME_BAD if found else OK


def _lines(name: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input for ``-``."""
    try:
        if name == "-":
            yield from sys.stdin.buffer
            return
        with Path(name).open("rb") as file:
            yield from file
    except OSError as problem:
        raise _UnusableError(f"{name}: {problem.strerror or problem}") from None


def _now() -> datetime:
    return in_calendar(datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(main())
