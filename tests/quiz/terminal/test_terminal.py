"""A sitting at the terminal: every kind of question answered by typing, drafts, hints and the interview."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import ascii_lowercase
from uuid import UUID

import numpy as np
import pytest
from support import written

from quiz.attempt import Attempt
from quiz.computed.generators import GENERATORS, generate
from quiz.grading.grade import grade, right_response, shuffled
from quiz.interview.follow_ups import Talk, asked, load_follow_ups
from quiz.interview.interview import Interview
from quiz.load import load_bank
from quiz.schema import Choice, Claims, Cloze, Exact, Multi, Open, Order
from quiz.store import Store
from quiz.terminal.terminal import LeaveError, Terminal

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ME = "local"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(tmp_path / "quiz.sqlite3") as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for tests that keep nothing in it."""
    with Store.open(tmp_path_factory.mktemp("shared") / "quiz.sqlite3") as opened:
        yield opened


class Sitting:
    """A terminal whose lines come from a script or from a function of the prompt; `said` is what it printed."""

    def __init__(self, store: Store, typed: Iterable[str], *, seed: int = 1, sure: bool = False) -> None:
        self.said = ""
        self._typed = iter(typed)
        self.terminal = Terminal(
            load_bank(), store, ME, np.random.default_rng(seed), lambda: NOW, ask=self._ask, say=self._say, sure=sure
        )

    def _ask(self, prompt: str) -> str:
        self.said += prompt
        for line in self._typed:
            return line
        raise EOFError

    def _say(self, text: str) -> None:
        self.said += f"{text}\n"


def typed_right(question: Exact, key: str) -> list[str]:
    """The lines that answer a question right, letters and numbers as shown with this key."""
    right, order = right_response(question), shuffled(question, key)
    match question:
        case Choice():
            return [ascii_lowercase[order.index(right)]]
        case Multi():
            return [" ".join(ascii_lowercase[order.index(name)] for name in right)]
        case Claims():
            return [" ".join("t" if right[name] else "f" for name in order)]
        case Order():
            return [" ".join(str(order.index(step) + 1) for step in right)]
        case Cloze():
            lines = []
            for number, blank in enumerate(question.blanks, 1):
                fillings = shuffled(blank, f"{key}{number}")
                text = next((each for each in blank.accept if each in fillings), blank.accept[0])
                lines.append(ascii_lowercase[fillings.index(text)] if fillings else text)
            return lines
    return [right]


def exact_questions() -> list[Exact]:
    """Every exactly checked question: the bank's, the probes, one of each generator."""
    bank = load_bank()
    own = [question for question in bank.questions if not isinstance(question, Open)]
    return [*own, *bank.probes.values(), *(generate(name, 3) for name in GENERATORS)]


@pytest.mark.parametrize("question", exact_questions(), ids=lambda question: question.id)
def test_every_question_can_be_answered_by_typing(shared: Store, question: Exact) -> None:
    """What is typed for the right answer, in the order shown, is the response that is graded right."""
    sitting = Sitting(shared, typed_right(question, "the-key"))
    response, hints = sitting.terminal.ask_exact(question, "the-key", 0)
    assert grade(question, response).verdict == "correct"
    assert hints == 0


def test_practice_keeps_the_answer_and_tells_what_came_of_it(store: Store) -> None:
    """A wrong letter is told with the right answer and the reason, kept as wrong, and the next question follows."""
    sitting = Sitting(store, ["a"] * 40)
    with pytest.raises(LeaveError):
        sitting.terminal.practise("practice", "forward-pass")
    first = store.attempts(ME)[-1]
    assert first.mode == "practice"
    assert first.verdict in ("correct", "wrong")
    assert ("+ Right" if first.verdict == "correct" else "x Not right") in sitting.said


def test_a_question_beyond_the_chapter_is_marked(store: Store) -> None:
    """The line above it says so; a question of the chapter has no such mark."""
    for topic, marked in (("gru", True), ("beyond", True), ("forward", False)):
        sitting = Sitting(store, [])
        with pytest.raises(LeaveError):
            sitting.terminal.practise("practice", topic)
        assert ("· beyond the chapter ·" in sitting.said) is marked


def test_hints_cost_credit_and_the_answer_can_be_seen(store: Store) -> None:
    """`?` opens hints that lower the credit; `answer` shows the answer and counts as not known."""
    question = next(q for q in exact_questions() if q.kind == "numeric" and q.hints and q.id in load_bank())
    sitting = Sitting(store, ["?", str(right_response(question))])
    sitting.terminal.ask_one(question.id, 0, "practice")
    kept = store.attempts(ME)[0]
    assert (kept.verdict, kept.hints, kept.credit) == ("correct", 1, 0.75)
    assert "Hint 1 of" in sitting.said
    assert "25% off" in sitting.said
    sitting = Sitting(store, ["answer"], seed=2)
    sitting.terminal.ask_one(question.id, 0, "practice")
    assert store.cards(ME)[question.id].misses == 1
    assert "The answer:" in sitting.said


def test_what_cannot_be_read_is_asked_again_and_not_counted(store: Store) -> None:
    """A slip of typing gets a message and another try; nothing is kept of it."""
    question = next(q for q in exact_questions() if q.kind == "claims" and q.id in load_bank())
    sitting = Sitting(store, ["maybe", "t"])
    with pytest.raises(LeaveError):
        sitting.terminal.ask_one(question.id, 0, "practice")
    assert sitting.said.count("Type t or f for each") == 2
    assert store.attempts(ME) == ()


def test_certainty_is_asked_only_on_request(store: Store) -> None:
    """With `sure` each answer is followed by the question how sure one was; any other text is asked again."""
    question = next(q for q in exact_questions() if q.kind == "numeric" and q.id in load_bank())
    right = str(right_response(question))
    Sitting(store, [right, "very", "80 %"], sure=True).terminal.ask_one(question.id, 0, "practice")
    Sitting(store, [right], seed=2).terminal.ask_one(question.id, 0, "practice")
    assert sorted((kept.certainty is None, kept.certainty) for kept in store.attempts(ME)) == [
        (False, 80),
        (True, None),
    ]


def test_half_typed_open_answer_comes_back(store: Store) -> None:
    """Each line of an open answer is kept at once; the next sitting shows it and goes on, with the checks answered."""
    name = load_bank().interview[7]
    question = load_bank()[name]
    assert isinstance(question, Open)
    with pytest.raises(LeaveError):
        Sitting(store, ["It reads the state.", "It multiplies c."]).terminal.ask_one(name, 0, "practice")
    draft = store.draft(ME, name)
    assert draft is not None
    assert draft.response["text"] == "It reads the state.\nIt multiplies c."
    typed = ["", *[line for probe in question.probes[:1] for line in typed_right(probe, draft.key)]]
    with pytest.raises(LeaveError):
        Sitting(store, typed, seed=2).terminal.ask_one(name, 0, "practice")
    rest = [line for probe in question.probes[1:] for line in typed_right(probe, draft.key)]
    sitting = Sitting(store, [*rest, ""], seed=3)
    sitting.terminal.ask_one(name, 0, "practice")
    kept = store.attempts(ME)[0]
    assert (kept.verdict, kept.score) == ("correct", 1.0)
    assert kept.response["text"] == "It reads the state.\nIt multiplies c."
    assert store.draft(ME, name) is None


def spoken(store: Store, about: Open, text: str, *then: str) -> Sitting:
    """A sitting in which an open question is answered with a text, all its checks right, and what is typed then."""
    sitting = Sitting(store, [*text.splitlines(), "", *right_checks(about), *then])
    sitting.terminal.ask_one(about.id, 0, "practice")
    return sitting


def right_checks(about: Open) -> list[str]:
    """The lines that answer the checks right in a sitting of seed 1."""
    key = str(UUID(bytes=np.random.default_rng(1).bytes(16), version=4))
    return [line for probe in about.probes for line in typed_right(probe, key)]


def test_text_is_judged_after_the_checks_and_disagreed_with(store: Store) -> None:
    """The verdict with how sure it is, what was found and what not, the reply; `d` withdraws it, the score stays."""
    about, text, said = written("wrong", slip=True)
    told = spoken(store, about, text, "d").said
    verdict = told.index("Your words: Not convincing")
    assert told.index("Check 1 of") < verdict < told.index("A model answer:")
    assert f"{100 * said.confidence:.0f} %" in told[verdict:].splitlines()[0]
    assert "x " in told[verdict:]
    (kept,) = store.attempts(ME)
    assert (kept.text_verdict, kept.verdict, kept.score) == ("wrong", "correct", 1.0)
    assert store.disagreements(ME)[kept.key].verdict == "wrong"
    assert "the verdict is withdrawn" in told


def test_convincing_text_is_accepted_with_an_empty_line(store: Store) -> None:
    """Every key point stands with whether it was found; nothing is disagreed with."""
    about, text, said = written("correct")
    told = spoken(store, about, text, "").said.partition("Your words: Convincing")[2].partition("A model answer:")[0]
    marks = [line[0] for line in told.splitlines() if line[:2] in ("+ ", "- ") and line[2].isdigit()]
    assert marks.count("+") == len(said.points)
    assert len(marks) == len(about.points)
    assert store.disagreements(ME) == {}


def test_undecided_text_is_compared_with_nothing_ticked(store: Store) -> None:
    """It says so and asks which points were said; no verdict can be disagreed with."""
    about, text, _ = written("undecided")
    told = spoken(store, about, text, "1 2").said
    assert "Your words: not judged" in told
    assert "*" not in told.partition("Key points:")[2]
    (kept,) = store.attempts(ME)
    assert (kept.text_verdict, kept.suggested, kept.confirmed) == ("undecided", (), ("p1", "p2"))
    assert "disagrees" not in told


def test_nothing_written_is_said_and_not_judged(store: Store) -> None:
    """An open question answered by its checks alone keeps no verdict on a text."""
    about, _, _ = written("correct")
    assert "Nothing was written." in spoken(store, about, "").said
    (kept,) = store.attempts(ME)
    assert (kept.text_verdict, kept.suggested) == (None, ())


@pytest.mark.parametrize("response", [["a"], {"text": 5, "probes": []}, "words"])
def test_a_strange_draft_is_begun_anew(store: Store, response: object) -> None:
    """A draft that was imported and holds something else does not stop the question."""
    name = load_bank().interview[0]
    sitting = Sitting(store, ["words"])
    with pytest.raises(LeaveError):
        sitting.terminal.ask_one(name, 0, "practice")
    draft = store.draft(ME, name)
    assert draft is not None
    import_line = json.dumps({"draft": {
        "question": name, "variant": 0, "key": draft.key, "asked_at": NOW.isoformat(), "response": response, "hints": 0,
    }})  # fmt: skip
    assert store.import_(ME, [import_line]).problems == ()
    with pytest.raises(LeaveError):
        Sitting(store, ["", ""], seed=2).terminal.ask_one(name, 0, "practice")


def right_lines(store: Store) -> Iterator[str]:
    """The lines that answer an interview right, step by step, as the store says what is asked."""
    bank, graph = load_bank(), load_follow_ups()
    while True:
        state = Interview.from_json(store.interview(ME) or {})
        if state.following is None:
            question = state.asked(bank)
            yield from ("In my words.", "")
            yield from [line for probe in question.probes for line in typed_right(probe, state.key)]
        else:
            back = asked(graph, bank, *state.following)
            assert back is not None
            yield from ["In my words."] if isinstance(back, Talk) else typed_right(back, state.step)


def test_interview_goes_on_after_a_break_and_ends_with_the_report(store: Store) -> None:
    """One pass over the twelve: leaving keeps the place, nothing is told before the report, all right scores 100 %."""
    bank = load_bank()
    with pytest.raises(LeaveError):
        Sitting(store, ["words", "", *["skip"] * len(bank[bank.interview[0]].probes)]).terminal.interview()
    state = Interview.from_json(store.interview(ME) or {})
    assert len(state.answers) == 1
    assert state.following is not None
    with pytest.raises(LeaveError):
        Sitting(store, ["skip"]).terminal.interview()
    sitting = Sitting(store, right_lines(store), seed=2)
    sitting.terminal.interview()
    talk, _, report = sitting.said.partition("Your mock interview: 92%")
    assert report
    assert "Right" not in talk
    assert talk.count("The interviewer asks back") >= 11
    assert "11 of 12 questions without a miss" in report
    assert "Study next" in report
    assert store.interview(ME) is None
    assert len(store.attempts(ME)) == 12
    (kept,) = store.interviewed(ME)
    assert len(kept.state["answers"]) == 12
    again = Sitting(store, ["", *["skip"] * 4], seed=3)
    with pytest.raises(LeaveError):
        again.terminal.interview(5)
    assert "Question 1 of 5" in again.said


def test_interview_that_went_on_elsewhere_is_gone_on_with(store: Store) -> None:
    """What is handed in for a step that another window has left is not kept, and said not to be."""
    with pytest.raises(LeaveError):
        Sitting(store, []).terminal.interview()
    state = Interview.from_json(store.interview(ME) or {})

    def lines() -> Iterator[str]:
        yield from ("words", "")
        store.save_interview(ME, replace(state, keys=(str(UUID(int=9)), *state.keys[1:])).to_json())
        yield from ["skip"] * len(state.asked(load_bank()).probes)

    sitting = Sitting(store, lines())
    with pytest.raises(LeaveError):
        sitting.terminal.interview()
    assert "answered in another window" in sitting.said
    assert store.attempts(ME) == ()


def test_review_counts_only_what_is_still_asked(store: Store) -> None:
    """A question that left the bank is neither asked nor counted as due."""
    question = next(q for q in exact_questions() if q.kind == "numeric" and q.id in load_bank())
    for number, name in enumerate(("gone", "gen-gone", question.id)):
        then = NOW - timedelta(days=30)
        store.add(Attempt(
            key=str(UUID(int=number)), learner=ME, question=name, mode="practice", asked_at=then, answered_at=then,
            response="1", verdict="wrong", score=0.0, credit=0.0,
        ))  # fmt: skip
    sitting = Sitting(store, typed_right(question, ""))
    sitting.terminal.practise("review")
    assert "due · 1 due" in sitting.said
    assert "Nothing is due today" in sitting.said


def test_interview_of_another_edition_is_given_up_or_gone_on_with(store: Store) -> None:
    """A state that can't be read is told and begun anew; one with a lost question goes on with the rest."""
    store.save_interview(ME, {"rounds": 3})
    sitting = Sitting(store, [])
    with pytest.raises(LeaveError):
        sitting.terminal.interview()
    assert "start another one" in sitting.said
    assert "Question 1 of 12" in sitting.said
    state = store.interview(ME)
    assert state is not None
    store.save_interview(ME, state | {"questions": ["gone", *state["questions"][1:]]})
    sitting = Sitting(store, [])
    with pytest.raises(LeaveError):
        sitting.terminal.interview()
    assert "Question 1 of 11" in sitting.said


def test_review_asks_only_what_is_due(store: Store) -> None:
    """With nothing answered yet, nothing is due."""
    sitting = Sitting(store, [])
    sitting.terminal.practise("review")
    assert "Nothing is due today" in sitting.said


def test_slip_is_named_and_asked_again_before_the_answer(store: Store) -> None:
    """A wrong number is told its slip without the key; right then counts half; `answer` leaves the first score."""
    question = load_bank()["forward-first-step"]
    sitting = Sitting(store, ["0.5", "0.4621"])
    sitting.terminal.ask_one(question.id, 0, "practice")
    before, _, after = sitting.said.partition("+ Right")
    assert "a second try counts half" in before
    assert "0.4621" not in before
    assert after
    (kept,) = store.attempts(ME)
    assert (kept.first, kept.response, kept.score, kept.verdict) == ("0.5", "0.4621", 0.5, "partial")
    sitting = Sitting(store, ["0.5", "answer"], seed=2)
    sitting.terminal.ask_one(question.id, 0, "practice")
    assert {each.response: each.verdict for each in store.attempts(ME)} == {"0.4621": "partial", "0.5": "wrong"}


def test_second_try_goes_on_after_a_break(store: Store) -> None:
    """The first try is kept at once: the next sitting asks for the second one, with the slip."""
    with pytest.raises(LeaveError):
        Sitting(store, ["0.5"]).terminal.ask_one("forward-first-step", 0, "practice")
    assert store.attempts(ME) == ()
    sitting = Sitting(store, ["0.4621"], seed=2)
    sitting.terminal.ask_one("forward-first-step", 0, "practice")
    assert "a second try counts half" in sitting.said
    assert store.attempts(ME)[0].first == "0.5"


def test_code_is_printed_with_its_gap(store: Store) -> None:
    """The lines stand as they are, indented, below the question."""
    sitting = Sitting(store, ["da @ W_h.T"])
    sitting.terminal.ask_one("code-rnn-send-back", 0, "practice")
    assert "\n    dh_prev = ____\n" in sitting.said
    assert store.attempts(ME)[0].verdict == "correct"
