"""Half-given answers come back as far as they fit the question, whatever was kept of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.computed.generators import GENERATORS, generate
from quiz.drafts import half_given, interview_answer, judgeable, open_answer, taken_up
from quiz.grading.grade import grade, right_response
from quiz.load import load_bank
from quiz.schema import Choice, Claims, Cloze, Exact, Multi, Numeric, Open, Order

BANK = load_bank()
EXACT: list[Exact] = [
    *(question for question in BANK.questions if not isinstance(question, Open)),
    *BANK.probes.values(),
    *(generate(name, 3) for name in GENERATORS),
]
OPEN = BANK["interview-08"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["a", "1", "2"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b", "1", "2", "text", "probes"]), inner),
    max_leaves=10,
)


def first(kind: type) -> Any:
    """The bank's first question of a kind."""
    return next(question for question in EXACT if isinstance(question, kind))


def test_a_whole_response_comes_back_as_it_was() -> None:
    """What was given right is taken up unchanged and can be judged, whatever the question."""
    for question in EXACT:
        right = right_response(question)
        assert taken_up(question, right) == right, question.id
        assert judgeable(question, right), question.id


@pytest.mark.parametrize(
    ("kind", "kept", "back"),
    [
        (Choice, ["a"], None),
        (Choice, "no such option", None),
        (Multi, ["a", "gone", 7, ["a"], "b"], ["a", "b"]),
        (Multi, {"a": True}, None),
        (Claims, {"a": True, "b": "yes", "gone": False}, {"a": True}),
        (Claims, ["a"], None),
        (Order, ["2", "99", "2", 1, "1"], ["2", "1"]),
        (Order, "2 1", None),
        (Cloze, {"1": "state", "2": 5, "99": "x"}, {"1": "state"}),
        (Cloze, 5, None),
        (Numeric, 0.5, None),
        (Numeric, "half of", "half of"),
        (Numeric, "", None),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_left_out(kind: type, kept: object, back: object) -> None:
    """Parts that the question has are kept, everything else goes."""
    assert half_given(first(kind), kept) == back


def test_only_the_form_of_the_fields_can_be_judged() -> None:
    """Feedback shows a response part by part: a line that could be read as an order is asked again."""
    order, several = first(Order), first(Multi)
    assert not judgeable(order, " ".join(right_response(order)))
    assert judgeable(several, right_response(several)[::-1])
    assert not judgeable(several, [*right_response(several), "gone"])


@given(kept=JSON)
def test_no_draft_stops_a_question(kept: Any) -> None:
    """Whatever was kept, each kind gives what its fields can begin with; taking it up again changes nothing."""
    for kind in (Choice, Multi, Claims, Order, Cloze, Numeric):
        question = first(kind)
        back = half_given(question, kept)
        assert half_given(question, back) == back
        if judgeable(question, kept):
            assert grade(question, kept).question == question.id
    assert isinstance(OPEN, Open)
    state = open_answer(OPEN, kept)
    assert open_answer(OPEN, state) == state
    assert set(interview_answer(OPEN, kept)) == {"text", "probes"}


def test_open_answer_keeps_what_can_be_judged() -> None:
    """Tries that can't be judged, checks that don't exist and points that are none are asked again."""
    assert isinstance(OPEN, Open)
    one, other = OPEN.probes[:2]
    right = right_response(one)
    kept = {
        "text": "words", "written": 1, "comparing": True, "probes": {one.id: right, other.id: [[]], "gone": "x"},
        "second": {one.id: None, other.id: "x"}, "typing": {other.id: {}, "gone": 1},
        "confirmed": ["p1", "gone", 7], "later": 1,
    }  # fmt: skip
    assert open_answer(OPEN, kept) == {
        "text": "words", "written": True, "probes": {one.id: right}, "second": {one.id: None}, "confirmed": ["p1"],
    }  # fmt: skip
    whole = {probe.id: right_response(probe) for probe in OPEN.probes} | {other.id: None}
    assert open_answer(OPEN, kept | {"probes": whole})["comparing"] is True
