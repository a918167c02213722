"""What a class did, as HTML: bars with intervals, slips, steps, certainty, members. Pure functions.

Numbers and words carry everything; bars repeat them for the eye and are hidden from screen readers. What learners and
teachers wrote is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from dashboard.classes.sentence import percent, said
from quiz.classes.privacy import NEARLY_ALL, QuestionShown, Share, StopsShown, SureShown
from quiz.classes.reports import Member
from quiz.plaintext import inline

SLIP_SCALE = 2.5  # a slip's bar is full at 40 %; wider ones fill it as well
LEVEL = {25: "Guessing", 50: "Unsure", 75: "Fairly sure", 95: "Certain"}
AXIS = "how sure they were, per cent"
FULL, HALF, NONE = "full", "half", "none"


def row(shown: QuestionShown, too_few: str, *, numbers: bool = True) -> str:
    """What may be seen of one question: the share right with its interval, the answers, and what the others did.

    Args:
        shown: Of the question.
        too_few: What stands there instead where nothing may be seen.
        numbers: Whether shares and counts are told.
    """
    if shown.right is None:
        return f'<div class="shown too-few">{escape(too_few)}</div>'
    label = f'<b class="share">{said(shown.right)}</b>' if numbers else ""
    right = f'<div class="right-at-first">{_bar(shown.right)}{label}<span class="unseen"> right at first</span></div>'
    count = f"{shown.answers}<span class='word'> answers</span>" if numbers else ""
    slips = [_slip(slip.name, slip.share, numbers, named=True) for slip in shown.slips]
    slips += [_slip("other answers", shown.other, numbers, named=False)] if shown.other is not None else []
    return f'<div class="shown">{right}<div class="answers">{count}</div><ul class="slips">{"".join(slips)}</ul></div>'


def _bar(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        kind = "all" if share.word == NEARLY_ALL else "nobody"
        return f'<span class="bar {kind}" aria-hidden="true"><i class="fill"></i></span>'
    ends = f"left: {100 * share.low:.1f}%; width: {100 * (share.high - share.low):.1f}%"
    spoken = f'<span class="unseen">, 95 % interval {percent(share.low)} to {percent(share.high)}</span>'
    return (
        f'<span class="bar" aria-hidden="true"><i class="fill" style="width: {100 * share.value:.1f}%"></i>'
        f'<i class="interval" style="{ends}"></i></span>{spoken}'
    )


def _slip(name: str, share: Share | None, numbers: bool, *, named: bool) -> str:
    value = share.value if share is not None and share.value is not None else None
    number = f'<span class="share">{said(share)}</span>' if numbers and share is not None else ""
    width = min(1.0, SLIP_SCALE * value) if value is not None else 0.0
    bar = f'<span class="bar" aria-hidden="true"><i style="width: {100 * width:.0f}%"></i></span>'
    return f'<li class="{"named" if named else "other"}">{number}{bar}<span>{escape(inline(name))}</span></li>'


def steps(shown: StopsShown, titles: Sequence[str]) -> str:
    """A bar for each step of a lesson: how many came so far, and who left before it, where most did in bold."""
    rows = []
    before = shown.began
    lost_at = [last - now for last, now in pairwise((shown.began, *shown.reached)) if now]
    most = max(lost_at, default=0)
    for number, (title, reached) in enumerate(zip(titles, shown.reached, strict=False), 1):
        width, gone = 100 * reached / shown.began, before - reached
        lost = f'<i class="gone" style="width: {100 * gone / shown.began:.1f}%"></i>' if gone else ""
        told = f"{gone} stopped" if gone and reached else ""
        kind = ' class="most"' if told and gone == most else ""
        count = str(reached) if reached else '<span class="few">fewer than 5</span>'
        rows.append(
            f'<li{kind}><span class="name">{number} {escape(inline(title))}</span>'
            f'<span class="track"><i class="came" style="width: {width:.1f}%" aria-hidden="true"></i>{lost}</span>'
            f'<span class="count"><b>{count}</b> {told}</span></li>'
        )
        before = reached
    return f'<ol class="steps">{"".join(rows)}</ol>'


def sure(shown: Sequence[SureShown]) -> str:
    """A mark for each certainty, at the share that was right, on a scale with its interval; and the same in words."""
    marks, rows = [], []
    for each in shown:
        name = LEVEL.get(each.certainty, f"{each.certainty} %")
        if each.right is None:
            rows.append(f"<li><b>{name}, {each.certainty} %</b><span>fewer than 5 answers</span></li>")
            continue
        rows.append(
            f"<li><b>{name}, {each.certainty} %</b><span>{said(each.right)} right of {each.answers}</span></li>"
        )
        marks.append(_mark(each.certainty, each.right))
    ticks = "".join(f'<span class="tick" style="bottom: {at}%">{at}</span>' for at in (0, 50, 100))
    below = "".join(f'<span class="below" style="left: {at}%">{at}</span>' for at in LEVEL)
    below += f'<span class="axis">{AXIS}</span>'
    plot = f'<div class="plot" aria-hidden="true"><i class="fair"></i>{"".join(marks)}{ticks}{below}</div>'
    return f'<div class="sure">{plot}<ul>{"".join(rows)}</ul></div>'


def _mark(at: int, share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        height = 100 if share.word == NEARLY_ALL else 0
        return f'<i class="dot open" style="left: {at}%; bottom: {height}%"></i>'
    line = f"left: {at}%; bottom: {100 * share.low:.1f}%; height: {100 * (share.high - share.low):.1f}%"
    return (
        f'<i class="line" style="{line}"></i><i class="dot" style="left: {at}%; bottom: {100 * share.value:.1f}%"></i>'
    )


def everybody(found: Sequence[Member]) -> str:
    """Who is in a class to which nothing is assigned."""
    lines = (f'<li><span class="{"own" if each.named else ""}">{escape(each.shown)}</span></li>' for each in found)
    return f'<ul class="members">{"".join(lines)}</ul>'


def members(found: Sequence[Member], items: int, steps: Mapping[str, int]) -> str:
    """Everybody in the class with how far they are; a full, half or dashed circle beside the words."""
    order = {FULL: 0, HALF: 1, NONE: 2}
    rows = sorted(((_far(each, items, steps), each) for each in found), key=lambda pair: order[pair[0][0]])
    lines = "".join(
        f'<li><i class="circle {kind}" aria-hidden="true"></i><span class="{"own" if each.named else ""}">'
        f'{escape(each.shown)}</span><span class="far">{escape(words)}</span></li>'
        for (kind, words), each in rows
    )
    return f'<ul class="members">{lines}</ul>'


def _far(member: Member, items: int, steps: Mapping[str, int]) -> tuple[str, str]:
    if items and member.answered >= items:
        return FULL, f"all {items} answered"
    if member.answered:
        return HALF, f"{member.answered} of {items}"
    if member.steps:
        lesson, step = next(iter(member.steps.items()))
        last = steps.get(lesson, 0)
        kind = FULL if not items and all(member.steps.get(name, 0) >= of for name, of in steps.items()) else HALF
        return kind, f"step {step} of {last}" if last else "opened"
    return NONE, "not started"
