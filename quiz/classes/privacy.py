"""What may be seen of a class: the one place where its rules stand, for the page as for the files.

1. Nothing is shown of fewer than `FEWEST` answers or learners.
2. A slip is named when `FEWEST_OF_A_SLIP` or more made it; the rest are "other".
3. Figures move by threes: each is of the first 3·k answers, so that none can be read from a change. An answer whose
   learner erased their data stays where it was, without them, so that erasing moves nothing either (but the
   discrimination, which needs to know whose answers belong together, and is coarse).
4. A share of none or of all reads "nearly none" or "nearly all", without a number or an interval, since it would tell
   everybody's answer.
5. Where the grade files tell the scores of those who agreed to that, their first answers could be subtracted from the
   figures, and the rest be read from the difference. So the answers counted while their learner agreed, and all others,
   are two classes, each by rules 1 and 3 for itself; and where the answers whose learner does not agree now are fewer
   than `FEWEST`, or none or all of them were right (4), figures are of the others alone. What cannot be taken back is a
   figure of before: who kept one, and gets more learners' scores later, reads from it the sum of the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from quiz.classes.statistics import Answer, by_question, discrimination, slips, wilson

FEWEST = 5
FEWEST_OF_A_SLIP = 3
BATCH = 3
FEWEST_TO_DISCRIMINATE = 12  # learners; a correlation of fewer says nothing
NEARLY_NONE, NEARLY_ALL = "nearly none", "nearly all"
Held = TypeVar("Held")


@dataclass(frozen=True)
class Share:
    """A share that may be seen.

    Attributes:
        value: 0 … 1; None where `word` stands for it.
        low: Lower end of its 95 % interval (Wilson); None likewise.
        high: Upper end.
        word: "nearly none" or "nearly all"; "" where there is a value.
    """

    value: float | None
    low: float | None
    high: float | None
    word: str = ""


@dataclass(frozen=True)
class SlipShown:
    """A slip that enough learners made.

    Attributes:
        name: As `quiz.slips` has it.
        share: Of all answers; None where it would tell that none was right.
    """

    name: str
    share: Share | None


@dataclass(frozen=True)
class QuestionShown:
    """What may be seen of one question.

    Attributes:
        question: Its id.
        answers: How many first answers the figures are of; 0 where there are too few, and the rest is empty.
        right: Share right at the first answer.
        slips: The commonest first.
        other: Share of answers that were not right, with no slip that is named; None where nothing is to be said.
        discrimination: Corrected item-total correlation, to one decimal; None where there is none, or too few learners.
    """

    question: str
    answers: int = 0
    right: Share | None = None
    slips: tuple[SlipShown, ...] = ()
    other: Share | None = None
    discrimination: float | None = None


@dataclass(frozen=True)
class SureShown:
    """How many of the answers given with one certainty were right.

    Attributes:
        certainty: In per cent.
        answers: How many; 0 where there are too few.
        right: Share right.
    """

    certainty: int
    answers: int = 0
    right: Share | None = None


@dataclass(frozen=True)
class StopsShown:
    """How many learners reached each step of a lesson.

    Attributes:
        lesson: Its name.
        began: How many opened it; 0 where they are too few, and `reached` is empty.
        reached: For each step from the first, how many came so far.
    """

    lesson: str
    began: int = 0
    reached: tuple[int, ...] = ()


def settled(held: Sequence[Held]) -> Sequence[Held]:
    """The first 3·k of what came in its order: what figures may be of; nothing where that is too few."""
    whole = len(held) - len(held) % BATCH
    return held[:whole] if whole >= FEWEST else held[:0]


def rounded(count: int) -> int:
    """A number of learners, down to a multiple of three; 0 where they are too few."""
    whole = count - count % BATCH
    return whole if whole >= FEWEST else 0


def share(part: int, whole: int) -> Share:
    """A share of at least one."""
    if part in (0, whole):
        return Share(None, None, None, NEARLY_ALL if part else NEARLY_NONE)
    return Share(part / whole, *wilson(part, whole))


def apart(answers: Sequence[Answer], graded: Collection[str]) -> Sequence[Answer]:
    """The answers that figures may be of beside the scores of some learners (5); all where nobody's were ever told.

    Args:
        answers: All first answers, by their numbers.
        graded: Who agrees now that the grade files tell their scores.
    """
    if not graded and not any(answer.told for answer in answers):
        return answers
    found: list[Answer] = []
    for held in by_question(answers).values():
        slots = [*settled([each for each in held if each.told]), *settled([each for each in held if not each.told])]
        untold = [each for each in slots if not _told(each, graded)]
        right = sum(each.right for each in untold)
        if len(untold) < len(slots) and (len(untold) < FEWEST or right in (0, len(untold))):
            slots = [each for each in slots if _told(each, graded)]
        found += slots
    return sorted(found, key=lambda answer: answer.number)


def _told(answer: Answer, graded: Collection[str]) -> bool:
    """Whether its worth is known by itself; of who erased their data what was so when it was counted."""
    return answer.learner in graded if answer.learner is not None else answer.told


def questions(answers: Sequence[Answer], names: Iterable[str]) -> tuple[QuestionShown, ...]:
    """What may be seen of each question of an assignment.

    Args:
        answers: All first answers, by their numbers.
        names: The assignment's questions, in its order.
    """
    held = by_question(answers)
    apart = _discriminating(answers)
    return tuple(_question(name, settled(held.get(name, [])), apart.get(name)) for name in names)


def calibration(answers: Iterable[Answer], certainties: Iterable[int]) -> tuple[SureShown, ...]:
    """What may be seen of how sure and how right the class was, for each certainty that can be said."""
    held: dict[int, list[Answer]] = {certainty: [] for certainty in certainties}
    for answer in answers:
        if answer.certainty in held:
            held[answer.certainty].append(answer)
    return tuple(_sure(certainty, settled(given)) for certainty, given in held.items())


def stops(reached: Mapping[str, Sequence[int]], steps: Mapping[str, int]) -> tuple[StopsShown, ...]:
    """What may be seen of where people stop.

    Args:
        reached: For each lesson the furthest step of each learner who opened it, from 1.
        steps: How many steps each lesson has.
    """
    found = []
    for lesson, last in steps.items():
        furthest = reached.get(lesson, ())
        began = rounded(len(furthest))
        counts = tuple(rounded(sum(step >= at for step in furthest)) for at in range(1, last + 1)) if began else ()
        found.append(StopsShown(lesson, began, counts))
    return tuple(found)


def counts(held: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many learners did something of each kind, where they are enough.

    Args:
        held: For each kind the learners, in the order in which they did it; who did it twice counts once.
    """
    found = {name: rounded(len(set(learners))) for name, learners in held.items()}
    return {name: count for name, count in found.items() if count}


def may_show_examples(shown: QuestionShown) -> bool:
    """Whether single answers to a question, of learners who agreed, may be seen: as soon as its figures are."""
    return shown.answers > 0


def _question(name: str, answers: Sequence[Answer], apart: float | None) -> QuestionShown:
    if not answers:
        return QuestionShown(name)
    whole = len(answers)
    right = sum(answer.right for answer in answers)
    wrong = [answer for answer in answers if not answer.right]
    named = {slip: made for slip, made in slips(wrong).items() if made >= FEWEST_OF_A_SLIP}
    order = sorted(named, key=lambda slip: (-named[slip], slip))
    rest = sum(not named.keys() & set(answer.slips) for answer in wrong)
    tells = right > 0  # with shares that add up to the whole one would know that none was right
    return QuestionShown(
        name,
        whole,
        share(right, whole),
        tuple(SlipShown(slip, share(named[slip], whole) if tells else None) for slip in order),
        share(rest, whole) if rest and tells else None,
        apart,
    )


def _sure(certainty: int, answers: Sequence[Answer]) -> SureShown:
    if not answers:
        return SureShown(certainty)
    return SureShown(certainty, len(answers), share(sum(answer.right for answer in answers), len(answers)))


def _discriminating(answers: Sequence[Answer]) -> dict[str, float]:
    found = discrimination(settled(answers))
    return {name: round(r, 1) for name, (r, n) in found.items() if n >= FEWEST_TO_DISCRIMINATE}
