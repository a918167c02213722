"""The one sentence above a class: the commonest slip, and where most stop. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quiz.classes.privacy import NEARLY_ALL, QuestionShown, Share, StopsShown
from quiz.classes.reports import Figures

THIN = "\N{NARROW NO-BREAK SPACE}"


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{100 * share:.0f}{THIN}%"


def said(share: Share) -> str:
    """A share as it may be told: in per cent, or by its word."""
    return share.word or percent(share.value or 0.0)


def headline(figures: Figures, steps: Mapping[str, Sequence[str]], *, numbers: bool = True) -> str:
    """What to teach next, as plain text; "" where nothing can be shown.

    Args:
        figures: Of an assignment.
        steps: Titles of the steps of each lesson.
        numbers: Whether shares and counts are told.
    """
    slip, stop = _slip(figures.questions, numbers), _stop(figures.stops, steps, numbers)
    if slip and stop:
        return f"{_begun(slip)}, and {stop}."
    if slip or stop:
        return f"{_begun(slip or stop)}."
    return _hardest(figures.questions, numbers)


def _slip(questions: Sequence[QuestionShown], numbers: bool) -> str:
    found = [
        (slip.share.value or 0.0, -number, slip.name, slip.share)
        for number, each in enumerate(questions, 1)
        for slip in each.slips
        if slip.share is not None
    ]
    if not found:
        return ""
    _, number, name, share = max(found, key=lambda each: each[:2])
    where = f"question {-number}"
    return f"{said(share)} {name} in {where}" if numbers else f"the commonest slip is “{name}”, in {where}"


def _stop(stops: Sequence[StopsShown], steps: Mapping[str, Sequence[str]], numbers: bool) -> str:
    lost = [
        (before - after, each.lesson, at, before)
        for each in stops
        for at, (before, after) in enumerate(zip(each.reached, each.reached[1:], strict=False))
        if before > after
    ]
    if not lost:
        return ""
    left, lesson, at, before = max(lost, key=lambda each: each[0])
    titles = steps.get(lesson, ())
    step = f"“{titles[at]}”" if at < len(titles) else f"step {at + 1}"
    if not numbers:
        return f"who stops, stops most often at {step}"
    many = f"{left} of {before}" if left < before else f"{NEARLY_ALL} of the {before}"
    return f"{many} who reached {step} stopped there"


def _hardest(questions: Sequence[QuestionShown], numbers: bool) -> str:
    shown = [(each.right, number) for number, each in enumerate(questions, 1) if each.right is not None]
    if not shown:
        return ""
    right, number = min(shown, key=lambda each: _order(each[0]))
    if not numbers:
        return f"Question {number} is the hardest."
    share = right.word if right.word else f"{percent(right.value or 0.0)} were"
    return f"Question {number} is the hardest: {share if not right.word else right.word + ' were'} right at first."


def _order(share: Share) -> float:
    return share.value if share.value is not None else {"nearly none": 0.0}.get(share.word, 1.0)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
