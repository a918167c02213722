"""Grading: each kind's verdicts, points and replies; malformed responses; hints; the order things are shown in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

import quiz
from quiz.grading.answers import Unreadable
from quiz.grading.grade import (
    SECOND_TRY,
    Grade,
    after_second,
    again,
    answer_text,
    credit,
    grade,
    judge_text,
    read,
    right_response,
    shuffled,
)
from quiz.grading.proof import problems
from quiz.grading.text.grader import TextGrade
from quiz.grading.text.keywords import suggest
from quiz.schema import Blank, Cloze, Open, Question

QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
SHARED = {"concepts": ["bptt"], "prompt": "What?", "explanation": "So."}


def made(kind: str, id: str = "sample", **fields: Any) -> Any:  # noqa: A002
    """A question of a kind, with the shared fields filled in."""
    return QUESTION.validate_python({"kind": kind, "id": id, **SHARED, **fields})


def option(id: str, right: bool) -> dict[str, Any]:  # noqa: A002
    """An option whose reply and name tell it."""
    named = {} if right else {"name": f"chose {id}"}
    return {"id": id, "text": f"option {id}", "right": right, "reply": f"reply {id}"} | named


def slip(answer: str) -> dict[str, str]:
    """A slip whose reply and name tell it."""
    return {"answer": answer, "name": f"gave {answer}", "reply": f"slip {answer}"}


CHOICE = made("choice", options=[option("a", False), option("b", True), option("c", False)])
MULTI = made("multi", options=[option("a", True), option("b", True), option("c", False), option("d", False)])
CLAIMS = made(
    "claims", claims=[{"id": name, "text": name, "true": name == "a", "reply": f"reply {name}"} for name in "abc"]
)
NUMERIC = made("numeric", answer=0.36, rel=0.01, unit="%", slips=[slip("0.6"), slip("0.4"), slip("0.4005")])
COUNT = made("count", answer=480, accept=[slip("512")], slips=[slip("120")])
SHAPE = made("shape", answer="(T, B, 4H)", slips=[slip("(T, B, H)")])
FORMULA = made(
    "formula",
    answer="f*c_prev + i*g",
    variables={"f": "H", "c_prev": "H", "i": "H", "g": "H"},
    slips=[slip("f*c_prev"), slip("f.T/c_prev")],
)
ORDER = made("order", steps=["forward", "loss", "backward", "update"], slips=[slip("4 3 2 1")])
CLOZE = made(
    "cloze",
    text="The {1} gate multiplies by {2}.",
    blanks=[
        {"accept": ["forget"], "options": ["forget", "input", "output"], "slips": [slip("input")]},
        {"accept": ["1/4"]},
    ],
)
PREDICT = made("predict", run="direct-path", settings={"forget_bias": 1.0, "k": 20}, rel=0.05)
OPEN = made(
    "open",
    model_answer="Because it multiplies.",
    points=[
        {"id": "p1", "text": "It multiplies", "signs": ["multipl"]},
        {"id": "p2", "text": "Each unit", "signs": ["every unit", "each dimension"]},
    ],
    misconceptions=[{"id": "m1", "text": "It adds", "reply": "That is the input gate.", "signs": ["adds new"]}],
    probes=[NUMERIC.model_dump() | {"id": "probe-1"}, MULTI.model_dump() | {"id": "probe-2"}],
)
ALL = [CHOICE, MULTI, CLAIMS, NUMERIC, COUNT, SHAPE, FORMULA, ORDER, CLOZE, PREDICT, OPEN]
kinds = pytest.mark.parametrize("question", ALL, ids=lambda question: question.kind)


def test_the_package_offers_the_function() -> None:
    """quiz.grade is the function others call."""
    assert quiz.grade is grade


@pytest.mark.parametrize(
    ("question", "response", "names"),
    [
        (CHOICE, "a", ["chose a"]),
        (CHOICE, "b", []),
        (MULTI, ["a", "d"], ["chose d"]),  # what is left out has no name
        (CLAIMS, {"a": False, "b": True, "c": False}, []),  # a claim is told by its own text
        (NUMERIC, "0.6", ["gave 0.6"]),
        (NUMERIC, "-0.36", ["turned the sign"]),
        (NUMERIC, "5", []),
        (COUNT, "120", ["gave 120"]),
        (COUNT, "512", []),  # right by another convention
        (SHAPE, "(T, B, H)", ["gave (T, B, H)"]),
        (SHAPE, "(B, T, 4H)", ["put the axes in the wrong order"]),
        (FORMULA, "c_prev*f", ["gave f*c_prev"]),
        (ORDER, "4 3 2 1", ["gave 4 3 2 1"]),
        (CLOZE, {"1": "input", "2": "1/4"}, ["gave input"]),
        (OPEN, {"probes": {"probe-1": "0.6", "probe-2": ["a", "c"]}}, ["gave 0.6", "chose c"]),
    ],
    ids=str,
)
def test_a_grade_names_the_slips_that_were_recognised(question: Question, response: object, names: list[str]) -> None:
    """Debrief and class view count slips by name, whatever the kind of question."""
    assert list(grade(question, response).slips) == names


@kinds
def test_the_key_of_every_kind_is_right(question: Question) -> None:
    """Grading the key gives the full score, no mistakes, and the answer in words."""
    found = grade(question, right_response(question))
    assert (found.verdict, found.score, found.mistakes) == ("correct", 1.0, ())
    assert all(point.met for point in found.points)
    assert found.answer == answer_text(question) != ""


@kinds
def test_every_slip_of_every_kind_gets_its_own_reply(question: Question) -> None:
    """No listed slip, wrong option, flipped claim or other convention fails to get what was written for it."""
    assert problems(question) == ()


@pytest.mark.parametrize(
    ("question", "response", "verdict", "score", "mistakes"),
    [
        (CHOICE, "a", "wrong", 0, ["reply a"]),
        (MULTI, ["a", "b"], "correct", 1, []),
        (MULTI, ["b"], "partial", 0.75, ["reply a"]),
        (MULTI, ["c", "d"], "wrong", 0, ["reply a", "reply b", "reply c", "reply d"]),
        (CLAIMS, {"a": True, "b": True, "c": False}, "partial", 2 / 3, ["reply b"]),
        (CLAIMS, {"a": False, "b": True, "c": True}, "wrong", 0, ["reply a", "reply b", "reply c"]),
        (NUMERIC, "0,363", "correct", 1, []),
        (NUMERIC, "0.36 %", "correct", 1, []),
        (NUMERIC, "0.364", "wrong", 0, []),
        (NUMERIC, "0.6", "wrong", 0, ["slip 0.6"]),
        (NUMERIC, "-0.36", "wrong", 0, ["The size is right, the sign is not."]),
        (COUNT, "480", "correct", 1, []),
        (COUNT, "512", "correct", 1, []),
        (COUNT, "120", "wrong", 0, ["slip 120"]),
        (COUNT, "481", "wrong", 0, []),
        (SHAPE, "t×b×4*h", "correct", 1, []),
        (SHAPE, "T, B, H", "wrong", 0, ["slip (T, B, H)"]),
        (SHAPE, "B, T, 4H", "wrong", 0, ["The right sizes in another order."]),
        (SHAPE, "B, T", "wrong", 0, []),
        (FORMULA, "c = f c_prev + i g", "correct", 1, []),
        (FORMULA, "c_prev f", "wrong", 0, ["slip f*c_prev"]),
        (FORMULA, "fᵀ/c_prev", "wrong", 0, ["slip f.T/c_prev"]),
        (FORMULA, "i*g", "wrong", 0, []),
        (ORDER, "1 2 4 3", "partial", 2 / 3, []),
        (ORDER, ["4", "3", "2", "1"], "wrong", 0, ["slip 4 3 2 1"]),
        (CLOZE, {"1": " Forget ", "2": "0.25"}, "correct", 1, []),
        (CLOZE, {"1": "for-get", "2": "-0.25"}, "partial", 0.5, []),
        (CLOZE, {"1": "Input", "2": "1/4"}, "partial", 0.5, ["slip input"]),
        (PREDICT, "0.0019", "correct", 1, []),
        (PREDICT, "0.73", "wrong", 0, None),
        (OPEN, {"text": "It multiplies."}, "undecided", 0, []),
        (OPEN, {"probes": {"probe-1": "0.36"}}, "partial", 0.5, []),
        (OPEN, {"probes": {"probe-1": "0.6", "probe-2": ["b"]}}, "partial", 0.375, ["slip 0.6", "reply a"]),
        (OPEN, {"text": "", "confirmed": ["p1"], "probes": {"probe-1": "0"}}, "wrong", 0, []),
    ],
)
def test_responses_get_their_verdict_score_and_replies(
    question: Question, response: object, verdict: str, score: float, mistakes: list[str] | None
) -> None:
    """One row a response: what it is worth and what is said to it."""
    found = grade(question, response)
    assert (found.verdict, found.score) == (verdict, pytest.approx(score))
    assert mistakes is None or list(found.mistakes) == mistakes


def test_the_nearest_of_several_slips_replies() -> None:
    """Two slips within one tolerance: the closer one is meant."""
    assert grade(NUMERIC, "0.4005").mistakes == ("slip 0.4005",)
    assert grade(NUMERIC, "0.4001").mistakes == ("slip 0.4",)


def test_a_wrong_reply_does_not_give_the_answer_away() -> None:
    """The reply tells the tolerance or the difference; the answer stands apart."""
    assert grade(NUMERIC, "7").points[0].reply == "Not within 1 % of the value."
    assert grade(FORMULA, "f*c_prev").points[0].reply.startswith("slip f*c_prev Largest difference on 20 random draws:")
    assert grade(FORMULA, "f*c_prev").answer == "f × c_prev + i × g"


def test_another_convention_is_right_and_named() -> None:
    """A count under the other convention scores in full and is told so."""
    assert grade(COUNT, "512").points[0].reply == "slip 512"


def test_the_tolerance_is_the_wider_of_both() -> None:
    """Relative and absolute tolerance: either admits."""
    question = made("numeric", answer=0.001, rel=0.01, abs=0.0005)
    assert grade(question, "0.0015").verdict == "correct"
    assert grade(question, "0.0016").verdict == "wrong"
    assert grade(made("numeric", answer=1000.0, rel=0.01, abs=0.5), "1010").verdict == "correct"


@pytest.mark.parametrize(("answer", "abs_", "typed"), [(0.7, 0.1, "0.8"), (2.3, 0.2, "2.5"), (-0.7, 0.1, "-0.8")])
def test_the_edge_of_the_tolerance_is_right(answer: float, abs_: float, typed: str) -> None:
    """0.8 is 0.1 from 0.7, though not to the last bit of a float; a thousandth further is wrong."""
    question = made("numeric", answer=answer, rel=0.0, abs=abs_)
    assert abs(float(typed) - answer) > abs_
    assert grade(question, typed).verdict == "correct"
    assert grade(question, f"{typed}001").verdict == "wrong"


def test_a_probe_of_one_part_has_its_reply_and_one_of_several_has_none() -> None:
    """What is said to one option of several is no word on the whole check; its slips are named apart."""
    found = grade(OPEN, {"probes": {"probe-1": "0.6", "probe-2": ["b", "c"]}})
    number, several = found.points
    assert (number.met, number.reply) == (False, "slip 0.6")
    assert (several.met, several.reply) == (False, "")
    assert found.mistakes == ("slip 0.6", "reply a", "reply c")


def test_a_check_left_out_counts_as_missed_and_says_nothing() -> None:
    """One of two checks right is half the score; the other is not met and has no reply."""
    found = grade(OPEN, {"probes": {"probe-2": ["a", "b"]}})
    assert [(point.id, point.met, point.reply) for point in found.points] == [
        ("probe-1", False, ""),
        ("probe-2", True, ""),
    ]
    assert (found.score, found.verdict) == (0.5, "partial")


@kinds
@pytest.mark.parametrize("response", [None, 3, "", "?", [], ["?"], {}, {"x": 1}, [[]], {"probes": {"nope": "1"}}, "ab"])
def test_a_malformed_response_is_refused(question: Question, response: object) -> None:
    """It raises the refusal, in grading and in reading alike, so that it can't be counted."""
    if question is OPEN and response in ({}, {"x": 1}):
        assert grade(question, response).verdict == "undecided"
        return
    for judge in (grade, read):
        with pytest.raises(Unreadable):
            judge(question, response)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.sampled_from("abcd123")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(
            st.sampled_from(["a", "b", "c", "1", "2", "text", "probes", "probe-1", "x"]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)


@given(st.sampled_from(ALL), JSON)
def test_any_json_value_is_a_grade_or_refused(question: Question, response: object) -> None:
    """Whatever arrives, there is a grade with a score in 0 … 1 or the refusal."""
    with suppress(Unreadable):
        found = grade(question, response)
        assert isinstance(found, Grade)
        assert 0 <= found.score <= 1


@kinds
def test_what_was_read_is_on_one_line(question: Question) -> None:
    """The reading can stand beside the field."""
    assert "\n" not in read(question, right_response(question)).read_as


def test_an_open_answer_has_a_limit() -> None:
    """Four thousand characters are read; more is refused, not cut."""
    assert grade(OPEN, {"text": "a" * 4000}).verdict == "undecided"
    with pytest.raises(Unreadable, match="4000"):
        grade(OPEN, {"text": "a" * 4001})


def test_a_probe_that_cannot_be_read_is_named() -> None:
    """The refusal of a whole open response says which probe to mend."""
    with pytest.raises(Unreadable, match=r"^probe-1: “abc” is not a number"):
        grade(OPEN, {"probes": {"probe-1": "abc"}})


def test_question_without_labelled_answers_is_undecided() -> None:
    """The grader speaks only where it was measured."""
    assert judge_text(OPEN, OPEN.model_answer) == TextGrade("undecided", "undecided", 0.0)


def test_signs_suggest_points_and_misconceptions() -> None:
    """Signs count at the beginning of a word, in any case and over line breaks, and nowhere else."""
    assert suggest(OPEN, "It MULTIPLIES every\nunit, and adds   new things.") == (("p1", "p2"), ("m1",))
    assert suggest(OPEN, "It remultiplies; everyunit; adds. New") == ((), ("m1",))
    assert suggest(OPEN, "") == ((), ())


def test_hints_take_a_quarter_each() -> None:
    """Three hints leave a quarter, and credit never falls below nothing."""
    assert [credit(1.0, hints) for hints in range(5)] == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert credit(0.5, 1) == 0.375
    assert credit(1.0, 9) == 0.0


@pytest.mark.parametrize("question", [CHOICE, MULTI, CLAIMS, ORDER], ids=lambda question: question.kind)
def test_the_order_shown_is_stable_within_an_attempt(question: Question) -> None:
    """The same key gives the same order, other keys other ones, and nothing is lost."""
    orders = [shuffled(question, f"attempt-{number}") for number in range(50)]
    assert orders == [shuffled(question, f"attempt-{number}") for number in range(50)]
    assert len(set(orders)) > 1
    assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(orders[0]))}


def test_steps_are_never_shown_in_the_right_order() -> None:
    """An order question can't be passed by handing it back."""
    assert all(shuffled(ORDER, str(number)) != ("1", "2", "3", "4") for number in range(200))


def test_fillings_of_a_blank_are_shuffled_and_other_kinds_have_nothing_to_shuffle() -> None:
    """A blank with options shuffles them; a number field shows none."""
    assert isinstance(CLOZE, Cloze)
    assert isinstance(CLOZE.blanks[0], Blank)
    assert {shuffled(CLOZE.blanks[0], str(number))[0] for number in range(50)} == {"forget", "input", "output"}
    assert shuffled(NUMERIC, "key") == ()


PROBLEMS: list[tuple[Callable[[], Any], str]] = [
    (lambda: made("numeric", answer=0.36, slips=[slip("0.361")]), "slips[0]: '0.361' is graded correct"),
    (lambda: made("numeric", answer=0.0), "abs: needed"),
    (lambda: made("numeric", answer=1.0, slips=[slip("abc")]), "slips[0]: “abc” is not a number"),
    (lambda: made("count", answer=4, accept=[slip("4")]), "accept[0]: '4' gets another reply"),
    (lambda: made("shape", answer="(T, K)"), "answer: `K` is not known here"),
    (lambda: made("formula", answer="f*k", variables={"f": ""}), "answer: `k` is not known here"),
    (lambda: made("formula", answer="log(-f)", variables={"f": ""}), "answer: 'log(-f)' is graded wrong"),
    (lambda: made("formula", answer="f", variables={"f": ""}, whole=["T"]), "whole: 'T' is not a variable"),
    (lambda: made("formula", answer="f", variables={"f": "T,B,H"}), "answer: variables: f has 3 axes"),
    (lambda: made("formula", answer="2f", variables={"f": ""}, slips=[slip("f+f")]), "slips[0]: 'f+f' is graded"),
    (lambda: made("predict", run="no-such-run"), "answer: run: 'no-such-run' is no experiment"),
    (lambda: made("order", steps=["a", "b", "c"], slips=[slip("1 2")]), "slips[0]: “1 2” does not hold every step"),
    (lambda: made("numeric", answer=1.0, hints=["Take $x."]), "hints[0]: a $ is open at the end"),
    (lambda: made("numeric", answer=1.0, hints=["Take \tanh."]), "hints[0]: a control character"),
    (lambda: made("numeric", answer=1.0, hints=[r"Take \tanh."]), r"hints[0]: \tanh stands outside"),
    (lambda: made("numeric", answer=1.0, hints=["Take $x^{2$."]), "hints[0]: brackets do not match"),
    (lambda: made("numeric", answer=1.0, hints=[r"Take $\left(x)$."]), r"hints[0]: \left without \right"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "problem"), PROBLEMS, ids=[problem for _, problem in PROBLEMS])
def test_a_bad_question_is_found_out(question: Callable[[], Any], problem: str) -> None:
    """Keys that fail, slips that pass and words left open are reported with their field."""
    assert any(found.startswith(problem) for found in problems(question()))


def test_an_open_question_is_an_open_question() -> None:
    """Its probes' problems are reported under their place."""
    assert isinstance(OPEN, Open)
    bad = OPEN.model_copy(update={"probes": (OPEN.probes[1], made("numeric", answer=0.0))})
    assert [problem[:14] for problem in problems(bad)] == ["probes[1].abs:"]


@pytest.mark.parametrize(
    ("question", "response", "wanted"),
    [
        (NUMERIC, "0.6", True), (NUMERIC, "77", True), (NUMERIC, "0.36", False), (COUNT, "120", True),
        (SHAPE, "(T, B, H)", True), (FORMULA, "f*c_prev", True), (CHOICE, "a", True), (CHOICE, "b", False),
        (ORDER, ["4", "3", "2", "1"], True), (ORDER, ["2", "1", "3", "4"], False),
        (CLOZE, {"1": "input", "2": "1/4"}, True), (CLOZE, {"1": "output", "2": "1/4"}, False),
        (MULTI, ["a"], False), (CLAIMS, {"a": True, "b": True, "c": True}, False),
    ],
)  # fmt: skip
def test_second_try_follows_a_slip_that_gives_nothing_away(question: Any, response: Any, wanted: bool) -> None:
    """What is typed may be mended; a choice, an order or blanks where a slip was named; ticks and claims never."""
    assert again(question, grade(question, response)) is wanted


def test_second_try_counts_less() -> None:
    """Right at the second try is half of what the first missed, and no worse second try takes anything away."""
    wrong, right = grade(NUMERIC, "0.6"), grade(NUMERIC, "0.36")
    mended = after_second(wrong, right)
    assert (mended.score, mended.verdict, mended.mistakes) == (SECOND_TRY, "partial", wrong.mistakes)
    assert after_second(wrong, wrong).verdict == "wrong"
    half = grade(CLOZE, {"1": "input", "2": "1/4"})
    assert after_second(half, grade(CLOZE, {"1": "forget", "2": "1/4"})).score == pytest.approx(0.75)
    assert after_second(half, grade(CLOZE, {"1": "output", "2": "7"})).score == half.score
