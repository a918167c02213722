"""What may be seen of a class: never too few, never a change by one, never everybody's answer."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.classes import privacy
from quiz.classes.privacy import NEARLY_ALL, NEARLY_NONE, QuestionShown, Share
from quiz.classes.statistics import Answer, discrimination, slips, wilson


def answer(number: int, *, right: bool = True, question: str = "q", **more: object) -> Answer:
    """A learner's first answer, each learner another one."""
    held: dict[str, object] = {"learner": f"user-{number}", "certainty": None, "slips": ()}
    return Answer(number=number, question=question, right=right, **held | more)  # type: ignore[arg-type]


def shown(answers: Sequence[Answer]) -> QuestionShown:
    """What may be seen of the one question."""
    (found,) = privacy.questions(answers, ["q"])
    return found


some_answers = st.lists(
    st.tuples(st.booleans(), st.lists(st.sampled_from(["a slip", "another slip"]), max_size=2, unique=True)),
    max_size=40,
).map(
    lambda drawn: [
        answer(number, right=right, slips=() if right else tuple(names))
        for number, (right, names) in enumerate(drawn, 1)
    ]
)


@given(answers=some_answers)
def test_figures_are_of_the_first_answers_by_threes(answers: list[Answer]) -> None:
    """Below six nothing is shown, since five are too few and figures move by threes; then each third one moves them."""
    found = shown(answers)
    whole = len(answers) // 3 * 3
    assert found.answers == (whole if whole >= 6 else 0)
    assert found == shown(answers[:whole])
    if not found.answers:
        assert found == QuestionShown("q")


@given(answers=some_answers)
def test_no_slip_of_fewer_than_three_is_named(answers: list[Answer]) -> None:
    """A name stands for three learners or more; shares of the named are what they say."""
    found = shown(answers)
    made = slips(each for each in answers[: found.answers] if not each.right)
    named = [name for name, number in made.items() if number >= 3]
    assert [each.name for each in found.slips] == sorted(named, key=lambda name: (-made[name], name))
    for each in found.slips:
        if each.share is not None and each.share.value is not None:
            assert math.isclose(each.share.value, made[each.name] / found.answers)


@given(answers=some_answers)
def test_nobodys_answer_follows_from_everybodys(answers: list[Answer]) -> None:
    """No number, interval or sum of shares says that all answers of six or more were right, or all wrong, or alike."""
    found = shown(answers)
    if found.answers:
        right = [each.right for each in answers[: found.answers]]
        assert found.right is not None
        assert found.right.word == (NEARLY_ALL if all(right) else "" if any(right) else NEARLY_NONE)
        assert (found.right.value is None) == (found.right.low is None) == bool(found.right.word)
        if not any(right):
            assert found.other is None
            assert all(each.share is None for each in found.slips)
        for share in (found.right, found.other, *(each.share for each in found.slips)):
            assert share is None or share.value is None or 0 < share.value < 1


@given(answers=some_answers.filter(lambda held: len(held) >= 6), at=st.integers(0, 10**6))
def test_erasing_moves_no_figure(answers: list[Answer], at: int) -> None:
    """An answer whose learner erased their data is counted where it was: comparing before and after tells nothing."""
    at %= len(answers)
    assert shown([*answers[:at], answers[at]._replace(learner=None), *answers[at + 1 :]]) == shown(answers)


def test_slips_stand_beside_what_the_others_did() -> None:
    """As on a teacher's page: 21 answers, 9 right, 8 dropped the future path, 2 took the mean, 2 are without a name."""
    held = [answer(number) for number in range(1, 10)]
    held += [answer(number, right=False, slips=("dropped the future path",)) for number in range(10, 18)]
    held += [answer(number, right=False, slips=("took the mean",)) for number in (18, 19)]
    held += [answer(number, right=False) for number in (20, 21)]
    found = shown([*held, answer(22, right=False), answer(23)])
    assert found.answers == 21
    assert found.right == Share(9 / 21, *wilson(9, 21))
    assert [(each.name, each.share and each.share.value) for each in found.slips] == [
        ("dropped the future path", 8 / 21)
    ]
    assert found.other is not None
    assert found.other.value == 4 / 21


def test_answers_with_two_slips_count_for_both_and_are_no_others() -> None:
    """An answer with a named and an unnamed slip stands under its name alone."""
    held = [answer(number, right=False, slips=("a", "b") if number < 3 else ("a",)) for number in range(1, 6)]
    found = shown([*held, answer(6)])
    assert ([each.name for each in found.slips], found.other) == (["a"], None)


def test_calibration_is_by_certainty() -> None:
    """Each certainty has its own first 3·k answers; those without one do not count."""
    held = [answer(number, right=number % 2 == 0, certainty=75) for number in range(1, 9)]
    held += [answer(number, certainty=25) for number in range(9, 14)] + [answer(14), answer(15, certainty=60)]
    sure = {each.certainty: each for each in privacy.calibration(held, (25, 50, 75, 95))}
    assert {key: each.answers for key, each in sure.items()} == {25: 0, 50: 0, 75: 6, 95: 0}
    assert sure[75].right == Share(0.5, *wilson(3, 6))
    assert sure[25].right is None


def test_stops_are_counted_by_threes() -> None:
    """How many reached each step, each down to a multiple of three; nothing of a lesson that few opened."""
    reached = {"bptt": [1] * 5 + [4] * 8 + [6] * 10, "gates": [3] * 5}
    bptt, gates, other = privacy.stops(reached, {"bptt": 6, "gates": 5, "memory": 4})
    assert (bptt.began, bptt.reached) == (21, (21, 18, 18, 18, 9, 9))
    assert (gates.began, gates.reached, other.began) == (0, (), 0)


def test_counts_are_of_learners() -> None:
    """One learner who does a thing ten times is one; a thing that few did is not told."""
    held = {"q1": [f"user-{number}" for number in range(8)] + ["user-1"] * 5, "q2": ["user-1"] * 9}
    assert privacy.counts(held) == {"q1": 6}


@pytest.mark.parametrize(
    ("right", "whole", "low", "high"),
    [(9, 21, 0.245, 0.635), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (1, 1, 0.207, 1.0)],
)
def test_wilson_interval(right: int, whole: int, low: float, high: float) -> None:
    """The interval's ends as tables have them, within 0 and 1."""
    assert wilson(right, whole) == pytest.approx((low, high), abs=5e-4)


def test_discrimination_by_hand() -> None:
    """Four learners, three questions: the correlation of being right with the share right among the other two."""
    rights = {"a": (1, 1, 1), "b": (1, 1, 0), "c": (0, 1, 0), "d": (0, 0, 0)}
    held = [
        answer(10 * at + number, right=bool(right), question=f"q{at}", learner=name)
        for number, (name, row) in enumerate(rights.items())
        for at, right in enumerate(row)
    ]
    found = discrimination(held)
    # q0: x = 1 1 0 0 against rest = 1, 1/2, 1/2, 0: means 1/2, 1/2; covariance 1/2, variances 1 and 1/2.
    assert found["q0"] == pytest.approx((0.5 / math.sqrt(1 * 0.5), 4))
    # q1: x = 1 1 1 0 against rest = 1, 1/2, 0, 0: means 3/4, 3/8; sums of products 3/8, of squares 3/4 and 11/16.
    assert found["q1"] == pytest.approx((0.375 / math.sqrt(0.75 * 0.6875), 4))
    assert discrimination([*held, answer(99, question="q0", learner=None), answer(98, question="q9")]) == found


def test_discrimination_needs_a_class() -> None:
    """It is shown to one decimal from twelve learners on; where all are right there is none."""
    rng = random.Random(3)
    held = []
    for learner in range(15):
        able = rng.random()
        for at in range(4):
            right = at == 3 or rng.random() < able
            held.append(answer(len(held) + 1, right=right, question=f"q{at}", learner=f"user-{learner}"))
    names = [f"q{at}" for at in range(4)]
    values = [each.discrimination for each in privacy.questions(held, names)]
    assert values[3] is None
    for name, value in zip(names[:3], values, strict=False):
        exact = discrimination(held)[name][0]
        assert value is not None
        assert value == round(exact, 1)
    assert [each.discrimination for each in privacy.questions(held[:44], names)] == [None] * 4


told_answers = st.tuples(some_answers, st.randoms(use_true_random=False)).map(
    lambda drawn: [each._replace(told=drawn[1].random() < 0.7) for each in drawn[0]]
)
numbers = st.sets(st.integers(1, 40))


def graded_of(numbers: set[int]) -> set[str]:
    """Who agrees now, by the numbers of their answers."""
    return {f"user-{number}" for number in numbers}


@given(answers=told_answers, agreed=numbers)
def test_scores_that_are_told_tell_nobody_else_s(answers: list[Answer], agreed: set[int]) -> None:
    """Known answers subtracted, what is left is of nobody, or of five or more who were not all alike."""
    visible = privacy.apart(answers, graded_of(agreed))
    rest = [each for each in visible if each.number not in agreed]
    assert [each for each in answers if each in visible] == list(visible)
    if len(rest) < len(visible):
        assert len(rest) == 0 or len(rest) >= privacy.FEWEST
        assert not rest or 0 < sum(each.right for each in rest) < len(rest)


@given(answers=told_answers, agreed=numbers, more=st.lists(st.tuples(st.booleans(), st.booleans()), max_size=2))
def test_what_comes_moves_the_rest_by_threes(
    answers: list[Answer], agreed: set[int], more: list[tuple[bool, bool]]
) -> None:
    """One or two further answers show nothing of themselves alone, and move no other into the figures."""
    later = [*answers]
    for right, told in more:
        later.append(answer(len(later) + 1, right=right, told=told))
    before = {each.number for each in privacy.settled(privacy.apart(answers, graded_of(agreed)))}
    after = {each.number for each in privacy.settled(privacy.apart(later, graded_of(agreed)))}
    assert len((after - before) - agreed) == 0 or len(after - before) >= 3


@given(answers=told_answers, agreed=numbers, changed=st.integers(1, 40))
def test_a_change_of_mind_brings_nobody_in(answers: list[Answer], agreed: set[int], changed: int) -> None:
    """Who takes agreement back, or gives it, or erases, stands in no other's way: nobody else's answer takes theirs."""
    slots = {each.number for each in answers if each in privacy.apart(answers, set())} | {
        each.number for each in privacy.apart(answers, graded_of({each.number for each in answers}))
    }
    for now in (agreed ^ {changed}, agreed):
        assert {each.number for each in privacy.apart(answers, graded_of(now))} <= slots
    erased = [each._replace(learner=None) if each.number == changed else each for each in answers]
    assert {each.number for each in privacy.apart(erased, graded_of(agreed - {changed}))} <= slots


def test_the_last_who_did_not_agree_is_not_told_by_difference() -> None:
    """Of six answered, five scores are told: five right in all, and four of the five, would tell the last."""
    answers = [answer(number, right=number != 5) for number in range(1, 7)]
    five = graded_of({1, 2, 3, 4, 5})
    assert shown(answers).answers == 6
    assert shown(privacy.apart(answers, five)).answers == 0
    more = [*answers, *(answer(number, right=number == 7) for number in (7, 8, 9))]
    assert [each.number for each in privacy.apart(more, five | {"user-7"})] == [1, 2, 3, 4, 5, 7]
    assert privacy.apart(more, ()) == more


def test_erasing_moves_no_figure_where_scores_are_told() -> None:
    """What was counted as known stays so without its learner."""
    answers = [answer(number, right=number % 2 == 0, told=number < 8) for number in range(1, 15)]
    graded = graded_of(set(range(1, 8)))
    erased = [each._replace(learner=None) if each.number == 3 else each for each in answers]
    assert shown(privacy.apart(erased, graded)) == shown(privacy.apart(answers, graded))
