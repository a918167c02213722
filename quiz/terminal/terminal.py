"""The quiz with plain text: questions printed, answers typed, the same engine and store as on the pages.

Where an answer is expected, ``?`` opens a hint, ``answer`` shows the answer, and an empty line leaves. What was
answered is kept by then; a half-typed open answer is kept line by line.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import numpy as np

from quiz.asides import Disagreement
from quiz.attempt import Attempt, Draft, Mode, ResponseTooLongError, Verdict, in_calendar
from quiz.drafts import open_answer, tried
from quiz.grading.answers import Unreadable
from quiz.grading.grade import (
    LONGEST_TEXT,
    Grade,
    after_second,
    again,
    credit,
    grade,
    judge_written,
    shuffled,
    text_fields,
)
from quiz.interview.answered import LONGEST_REPLY
from quiz.interview.follow_ups import Talk, load_follow_ups
from quiz.interview.follow_ups import asked as follow_up
from quiz.interview.interview import LENGTHS, Interview
from quiz.interview.pace import clock, pace
from quiz.interview.past import over, past
from quiz.load import Bank
from quiz.plaintext import inline, readable
from quiz.practice.catalogue import catalogue, present
from quiz.practice.choosing import next_question
from quiz.practice.schedule import due
from quiz.schema import Cloze, Exact, Open, Question
from quiz.store import Store
from quiz.terminal import printed

RECENT = 10
HINT, ANSWER, SKIP = "?", "answer", "skip"
RULE = "─" * 60
MOST_HINTS = 3  # that an attempt can have


class LeaveError(Exception):
    """The learner wants to stop; everything answered is kept already."""


@dataclass
class Terminal:
    """One sitting.

    Attributes:
        bank: The questions.
        store: Where answers go.
        learner: Whose answers they are.
        rng: Draws questions and keys.
        now: The time, aware, UTC.
        ask: Prints a prompt and returns the line typed; `EOFError` ends the sitting.
        say: Prints a text.
        sure: Whether to ask how sure the learner is.
    """

    bank: Bank
    store: Store
    learner: str
    rng: np.random.Generator
    now: Callable[[], datetime]
    ask: Callable[[str], str] = input
    say: Callable[[str], None] = print
    sure: bool = False

    def practise(self, mode: Literal["practice", "review"], topic: str | None = None) -> None:
        """Ask one question after another until the learner leaves or none is left.

        Raises:
            ValueError: The topic is unknown.
            LeaveError: The learner leaves.
        """
        while True:
            pick = next_question(
                self.bank, self.store.cards(self.learner), self.store.attempts(self.learner, newest=RECENT),
                mode=mode, topic=topic, rng=self.rng, now=self._time().astimezone(),
            )  # fmt: skip
            if pick is None:
                self.say("\nNothing is due today." if mode == "review" else "\nThere is no other question on this.")
                return
            title = self.bank.title(pick.concept)
            self.say(f"\n{RULE}\n{title} · {pick.reason}{f' · {self._due()} due' if mode == 'review' else ''}")
            self.ask_one(pick.question, pick.variant, mode)

    def interview(self, length: int = LENGTHS[-1]) -> None:
        """Ask the questions of an interview, or go on where the learner left; then the report.

        Args:
            length: How many questions a new one has.

        Raises:
            LeaveError: The learner leaves; the interview waits.
        """
        state = self._interview_kept()
        if state is None:
            state = Interview.start(self.bank, self.rng, self._time(), length=length, before=self._before())
        state = state.sighted(self._time(), away=True)
        self.store.save_interview(self.learner, state.to_json())
        self.say("\nMock interview: first your own words, then the checks; nothing is told before the report.")
        self.say("skip leaves a check out; an empty line at a check leaves the interview, which waits.")
        while not state.done:
            state = self._asked_back(state) if state.following else self._interviewed(state)
        self.say(printed.report(state.report(self.bank), self.bank))
        self.store.save_interviewed(over(self.learner, state))
        self.store.save_interview(self.learner, None)

    def _before(self) -> list[Interview]:
        return [each.interview for each in past(self.store.interviewed(self.learner))]

    def _interview_kept(self) -> Interview | None:
        """The interview under way, if there is one that can be read."""
        kept = self.store.interview(self.learner)
        try:
            return Interview.resumed(self.bank, kept) if kept else None
        except ValueError as problem:
            self.say(str(problem))
            return None

    def ask_one(self, name: str, variant: int, mode: Mode) -> None:
        """Ask one question, tell what came of it and keep it."""
        question = self.bank.question(name, variant)
        draft = self.store.draft(self.learner, name, variant)
        asking = draft or Draft(
            learner=self.learner, question=name, variant=variant, key=self._key(), asked_at=self._time(), response=None
        )
        self.say(f"\n{readable(question.prompt)}")
        if question.code:
            self.say("\n" + "\n".join(f"    {line}" for line in question.code.strip("\n").splitlines()))
        if isinstance(question, Open):
            self._open(question, asking, mode)
            return
        first, sure = tried(question, asking.first), None
        if first is None:
            first, hints = self.ask_exact(question, asking.key, asking.hints)
            if first is None:
                unanswered = Grade(name, "wrong", 0.0, (), (), "", "")
                self._keep(asking, mode, None, unanswered, hints)
                self.say(printed.shown_answer(question))
                return
            result, sure = grade(question, first), self._certainty()
            if not again(question, result):
                self._keep(asking, mode, first, result, hints, certainty=sure)
                self.say(printed.feedback(question, result, hints))
                return
            asking = replace(asking, response=first, first=first, hints=hints)
            self.store.save_draft(asking)
        self._second(question, asking, mode, first, sure)

    def _second(self, question: Exact, asking: Draft, mode: Mode, first: object, sure: int | None) -> None:
        """Name the slip of a first try and ask once more; the answer shown instead leaves the first try's score."""
        self.say(printed.slip(question, first))
        second, hints = self.ask_exact(question, asking.key, asking.hints)
        if second is None:
            self._keep(asking, mode, first, grade(question, first), hints, certainty=sure)
            self.say(printed.shown_answer(question))
            return
        both = after_second(grade(question, first), grade(question, second))
        self._keep(asking, mode, second, both, hints, certainty=sure, first=first)
        self.say(printed.feedback(question, grade(question, second), hints))

    def _open(self, question: Open, draft: Draft, mode: Mode) -> None:
        """Words first, then the checks that carry the score, then the verdict on the words and the model answer."""
        response = open_answer(question, draft.response)
        hints = draft.hints

        def save() -> None:
            self.store.save_draft(replace(draft, response=response, hints=hints))

        if not response["written"]:
            self.say("\nWrite it as you would say it; an empty line ends it, ? gives a hint.")
            hints = self._written(question, response, hints, save)
            response |= {"written": True, "probes": {}}
            save()
        for number, probe in enumerate(question.probes, 1):
            if probe.id in response["probes"]:
                continue
            self.say("\n" + readable(f"Check {number} of {len(question.probes)}. {probe.prompt}"))
            given, opened = self.ask_exact(probe, draft.key, 0)
            hints = min(hints + opened, MOST_HINTS)
            self.say(printed.shown_answer(probe) if given is None else printed.feedback(probe, grade(probe, given), 0))
            response["probes"] = response["probes"] | {probe.id: given}
            save()
        text = response["text"]
        said = judge_written(question, text)
        self.say(printed.own_words(question, said) if said else "\nNothing was written.")
        self.say(f"\nA model answer:\n\n{readable(question.model_answer)}\n")
        confirmed = self._confirmed(question) if said and not said.decided else ()
        final = {
            "text": text,
            "confirmed": list(confirmed),
            "probes": {name: given for name, given in response["probes"].items() if given is not None},
        }
        result = grade(question, final)
        sure = self._certainty()
        self._keep(draft, mode, final, result, hints, confirmed=confirmed, certainty=sure, **text_fields(said))
        cost = printed.hint_cost(result.score, hints)
        score = f"{result.score:.0%} in the checks" if final["probes"] else "no check was answered"
        self.say(f"\n{printed.VERDICTS[result.counted]} · {score}{cost}")
        self.say(f"\n{readable(question.explanation)}")
        if said and said.decided and self._line("\nEnter goes on; d disagrees with the verdict on your words: ") == "d":
            self._disagree(draft, said.verdict)

    def _written(self, question: Open, response: dict[str, Any], hints: int, save: Callable[[], None]) -> int:
        """Read lines until an empty one, each kept at once; an end of input leaves, with the draft kept."""
        if response["text"]:
            self.say(f"You wrote before:\n{printed.printable(response['text'])}\nGo on, or press Enter.")
        while line := self._line("> "):
            if line == HINT:
                hints = self._hint(question, hints)
                continue
            text = f"{response['text']}\n{line}" if response["text"] else line
            if len(text) > LONGEST_TEXT:
                self.say(f"An answer has up to {LONGEST_TEXT} characters; this line was not taken.")
                continue
            before = response["text"]
            try:
                response["text"] = text
                save()
            except ResponseTooLongError as problem:
                response["text"] = before
                self.say(f"{problem} This line was not taken.")
        return hints

    def _disagree(self, draft: Draft, verdict: Verdict) -> None:
        assert verdict != "undecided"
        self.store.disagree(
            Disagreement(
                learner=self.learner, key=draft.key, question=draft.question, verdict=verdict, disagreed_at=self._time()
            )
        )
        self.say("Kept: the verdict is withdrawn.")

    def _confirmed(self, question: Open) -> tuple[str, ...]:
        self.say("Key points:")
        for number, point in enumerate(question.points, 1):
            self.say(f"  {readable(f'{number}. {point.text}', 76)}".replace("\n", "\n  "))
        while True:
            numbers = self._line("Which did you say? Numbers, Enter for none: ").replace(",", " ").split()
            if not numbers or numbers == ["0"]:
                return ()
            known = {str(number): point.id for number, point in enumerate(question.points, 1)}
            if all(number in known for number in numbers):
                return tuple(name for number, name in known.items() if number in numbers)
            self.say(f"Type numbers from 1 to {len(known)}, such as 1 2.")

    def _interviewed(self, state: Interview) -> Interview:
        question = state.asked(self.bank)
        kept = self.store.draft(self.learner, state.question, state.seed)
        draft = Draft(
            learner=self.learner, question=state.question, variant=state.seed, key=state.key, asked_at=state.asked_at,
            response=kept.response if kept and kept.key == state.key else None,
        )  # fmt: skip
        response = open_answer(question, draft.response)
        response["probes"] = {name: given for name, given in response["probes"].items() if given is not None}

        def save() -> None:
            self.store.save_draft(replace(draft, response=response))

        done, of = len(state.answers), len(state.questions)
        self.say(f"\n{RULE}\nQuestion {done + 1} of {of} · {clock(pace(question))}\n\n{readable(question.prompt)}\n")
        self._written(question.model_copy(update={"hints": ()}), response, 0, save)
        for number, probe in enumerate(question.probes, 1):
            if probe.id in response["probes"]:
                continue
            self.say("\n" + readable(f"Check {number} of {len(question.probes)}. {probe.prompt}"))
            given, _ = self.ask_exact(probe, draft.key, 0, skip=True)
            if given is not None:
                response["probes"] = response["probes"] | {probe.id: given}
                save()
        final = {"text": response["text"], "probes": response["probes"]}
        result = grade(question, final)
        said = judge_written(question, response["text"])
        attempt = self._attempt(draft, "interview", final, result, 0, **text_fields(said))
        after = state.answer(attempt.answered_at, attempt, [point.met for point in result.points])
        after = after.asks_back(self.bank, response["text"], self._before())
        new = self.store.add(attempt, interview=after.to_json(), step=state.step)
        if new:
            self.say(f"Kept. {clock(after.answers[-1].seconds)} on this question.")
        return self._gone_on(after, new)

    def _asked_back(self, state: Interview) -> Interview:
        assert state.following is not None
        question = follow_up(load_follow_ups(), self.bank, *state.following)
        assert question is not None, "an interview is taken up with known follow-ups only"
        self.say(f"\n{RULE}\nThe interviewer asks back\n\n{readable(question.prompt)}")
        given: Any = None
        met: bool | None = None
        if isinstance(question, Talk):
            typed = self._line("In one line; skip passes: ")
            if not typed:
                raise LeaveError
            given = None if typed.casefold() == SKIP else typed.encode()[:LONGEST_REPLY].decode("utf-8", "ignore")
        else:
            given, _ = self.ask_exact(question, state.step, 0, skip=True)
            met = given is not None and grade(question, given).verdict == "correct"
        text = state.text_of(self.store.attempts(self.learner, state.answers[-1].question, newest=1))
        after = state.followed(self._time(), given, met).asks_back(self.bank, text, self._before())
        return self._gone_on(after, self.store.move_interview(self.learner, after.to_json(), state.step))

    def _gone_on(self, after: Interview, kept: bool) -> Interview:
        """The interview after a step, or where another window has taken it."""
        if kept:
            return after
        self.say("This was answered in another window, and the answer given there counts.")
        state = self._interview_kept()
        if state is None:
            raise LeaveError
        return state

    def ask_exact(self, question: Exact, key: str, hints: int, *, skip: bool = False) -> tuple[Any, int]:
        """The response to one exact question and the hints opened; None for one skipped or whose answer was shown."""
        order = shuffled(question, key)
        for hint in question.hints[:hints]:
            self.say(readable(f"Hint: {hint}"))
        self.say(f"\n{shown}" if (shown := printed.choices(question, order)) else "")
        filled: dict[str, str] = {}
        while True:
            typed = self._line(printed.prompt(question, key, len(filled)))
            if not typed:
                raise LeaveError
            if typed == HINT and not skip:
                hints = self._hint(question, hints)
            elif typed.casefold() == (SKIP if skip else ANSWER):
                return None, hints
            else:
                try:
                    response = self._response(question, key, order, filled, typed)
                    if response is not None:
                        grade(question, response)
                        return response, hints
                except Unreadable as problem:
                    self.say(inline(str(problem)))
                    filled.clear()

    def _response(
        self, question: Exact, key: str, order: tuple[str, ...], filled: dict[str, str], typed: str
    ) -> object | None:
        """What was typed as a response; None while blanks of a cloze text are left."""
        if not isinstance(question, Cloze):
            return printed.understood(question, typed, order)
        number = len(filled) + 1
        filled[str(number)] = printed.filling(question, number, typed, key)
        return filled if number == len(question.blanks) else None

    def _hint(self, question: Question, hints: int) -> int:
        if hints >= len(question.hints):
            self.say("There is no further hint." if question.hints else "There is no hint to this one.")
            return hints
        self.say(readable(f"Hint {hints + 1} of {len(question.hints)}: {question.hints[hints]}"))
        return hints + 1

    def _line(self, prompt: str) -> str:
        try:
            return self.ask(prompt).strip()
        except (EOFError, KeyboardInterrupt):
            raise LeaveError from None

    def _time(self) -> datetime:
        return in_calendar(self.now())

    def _due(self) -> int:
        cards = present(self.store.cards(self.learner), catalogue(self.bank))
        return len(due(cards, self._time().astimezone()))

    def _key(self) -> str:
        return str(uuid.UUID(bytes=self.rng.bytes(16), version=4))

    def _certainty(self) -> int | None:
        """How sure the learner is, in per cent, if that is to be asked; an empty line says nothing."""
        while self.sure and (typed := self._line("How sure are you, 0 to 100 %? ").rstrip(" %")):
            if typed.isdecimal() and int(typed) <= 100:
                return int(typed)
            self.say("Type a whole number from 0 to 100, or nothing.")
        return None

    def _attempt(self, draft: Draft, mode: Mode, response: object, result: Grade, hints: int, **more: Any) -> Attempt:
        return Attempt(
            key=draft.key, learner=self.learner, question=draft.question, variant=draft.variant, mode=mode,
            asked_at=draft.asked_at, answered_at=self._time(), response=response,
            verdict=result.counted, score=result.score, credit=credit(result.score, hints), hints=hints, **more,
        )  # fmt: skip

    def _keep(self, draft: Draft, mode: Mode, response: object, result: Grade, hints: int, **more: Any) -> None:
        self.store.add(self._attempt(draft, mode, response, result, hints, **more))
