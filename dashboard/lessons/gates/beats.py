"""The beats of the lesson, on the networks and the text of its drawing. Nothing here knows Streamlit."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from core import context, zoo
from core.sentences import ContextSwitch
from core.written import number, short, significant
from dashboard.figure import prose
from dashboard.kit.beats import Beat
from dashboard.lessons.gates import drawing, shares
from dashboard.lessons.gates.compute import LONG, encoded
from dashboard.lessons.gates.drawing import AT, GAINS, OTHER, SECOND, SMALL, UNIT, WORDS, Read
from dashboard.lessons.gates.sentences import signed_percent
from quiz.lessons.gates import beats as guesses

LOW = 0.5
BEFORE = AT - 1
"""Place of the word before the second name."""


@lru_cache(maxsize=1)
def beats() -> tuple[Beat, ...]:
    """The seven beats."""
    small, other = drawing.trained(SMALL), drawing.trained(OTHER)
    return (_read(small), _let(small), _alone(small), _ways(small), _two(small, other), _bias(), _explode())


def _show(stage: str, t: int) -> dict[str, Any]:
    return {"stage": stage, "t": t}


def _named(run: Read) -> str:
    """Whom a network names after the last word."""
    said = context.answers(run.model, encoded(WORDS))[-1, 0]
    return ContextSwitch.classes[int(said.argmax())]


def _read(small: Read) -> Beat:
    f = drawing.values(small, "f")
    words = {AT - 1: "Eight"}.get(AT - 1, str(AT - 1))
    before = prose(
        f"**{words} words of {len(WORDS)} so far.** A gate below {short(LOW)} carries its number; the cell starts at 0."
    )
    said = prose(
        f"**A gate can be low where nothing is lost:** at “{WORDS[0]}” unit {int(f[0].argmin())} has "
        f"{number(float(f[0].min()), 2)}, but the cell was empty before."
    )
    return Beat("read-the-map", _show("read", 1), said, guesses.lowest(WORDS[0], f[0]), before)


def _let(small: Read) -> Beat:
    f = drawing.values(small, "f")
    least = float(f[1:BEFORE].min())
    before = prose(
        f"**The first sentence is kept:** from “{WORDS[1]}” to “{WORDS[BEFORE - 1]}” no forget gate falls below "
        f"{np.floor(100 * least) / 100:.2f}."
    )
    gone = [float(v) for v in f[AT - 1] if v < LOW]
    kept = [float(v) for v in f[AT - 1] if v >= LOW]
    rest = f", the others stay at {np.floor(100 * min(kept)) / 100:.2f} or above" if kept else ""
    listed = " and ".join(number(v, 2) for v in gone)
    said = prose(
        f"**{_count(len(gone))} of {f.shape[1]} units let go:** {listed} at “{SECOND}”{rest}. After the last word the "
        f"network names {_named(small)}."
    )
    return Beat("let-go", _show("let", BEFORE), said, guesses.lets_go(WORDS, AT, f), before)


def _count(number_: int) -> str:
    return ("None", "One", "Two", "Three", "Four")[number_] if number_ < 5 else str(number_)


def _alone(small: Read) -> Beat:
    f = drawing.values(small, "f")[:, UNIT]
    left = float(f[AT:].prod())
    before = prose(
        f"**{number(left, 2)} of a nudge at “{SECOND}” lasts to the end through f alone:** the product of "
        f"{len(WORDS) - AT} gates after it, none below {np.floor(100 * f[AT:].min()) / 100:.2f}."
    )
    said = prose(
        f"**{number(left, 2)} × {number(float(f[AT - 1]), 2)} = {number(left * float(f[AT - 1]), 2)}.** Before "
        f"“{SECOND}” f alone leaves {number(float(small.same[0, :BEFORE, UNIT].max()), 2)} or less in unit {UNIT}."
    )
    question = guesses.factor(SECOND, left, float(f[AT - 1]))
    return Beat("back-through-f", _show("alone", AT), said, question, before)


def _ways(small: Read) -> Beat:
    parts = [float(v) for v in small.same[:, AT - 1, UNIT]]
    before = prose(f"**f alone says {number(parts[0], 2)} at “{SECOND}”.** Two parts are switched off.")
    added = " + ".join(number(v) for v in parts).replace("+ −", "− ")
    said = prose(
        f"**{added} = {number(sum(parts))}** at “{SECOND}”, unit {UNIT}; the circles were measured by nudging. Holding "
        f"only the next $h$ fixed leaves out the second, {number(parts[1])}."
    )
    return Beat("other-ways", _show("ways", AT), said, guesses.nudge(SECOND, parts), before)


def _two(small: Read, other: Read) -> Beat:
    parts, below = (run.together[:, BEFORE - 1] for run in (small, other))
    word = WORDS[BEFORE - 1]
    before = prose(
        f"**Above, most comes back through f alone:** {number(float(parts[0]), 2)} of "
        f"{number(float(parts.sum()), 2)} at “{word}”. Mean $f$ is {number(float(small.trace.f.mean()), 2)} above and "
        f"{number(float(other.trace.f.mean()), 2)} below; both name {_both(small, other)}."
    )
    said = prose(f"**These two are clear cases, not the rule.** {_spread()}{_clear()}")
    question = guesses.below(word, [float(part) for part in below])
    return Beat("two-networks", _show("two", BEFORE), said, question, before)


def _both(small: Read, other: Read) -> str:
    names = sorted({_named(small), _named(other)})
    return " or ".join(names)


def _spread() -> str:
    """The share through the forget gates alone over all networks trained so, with the conditions."""
    told = []
    for bias in shares.RECIPES:
        found = [each.share for each in shares.of(bias)]
        told.append(f"{signed_percent(min(found))} to {signed_percent(max(found))} from bias {short(bias)}")
    count, sizes = len(found), " and ".join(str(H) for H in shares.SIZES)
    return (
        f"Over {count} networks of each bias ({sizes} units, {len(shares.SEEDS)} seeds) the share of f alone at "
        f"“{WORDS[BEFORE - 1]}” is {told[0]}, {told[1]}."
    )


def _clear() -> str:
    """That the network above is an extreme one, where it is."""
    small = zoo.RECIPES[SMALL]
    found = shares.of(small.forget_bias)
    highest = max(found, key=lambda each: each.share)
    is_it = (highest.H, highest.seed) == (small.H, small.seed)
    return " The network above has the largest of all." if is_it else ""


def _bias() -> Beat:
    found = drawing.horizons()
    whole = [found[k] for k in range(0, len(drawing.BIASES), 2)]
    open_ = [each.direct for each in whole[: drawing.OPEN // 2 + 1]]
    steps = [after / before for before, after in pairwise(open_)]
    before = prose(
        f"**Up to a bias of {short(drawing.BIASES[drawing.OPEN])} each 1 more makes it last "
        f"{number(min(steps), 1)} to {number(max(steps), 1)} times as long,** through f alone."
    )
    small, other = drawing.horizons_trained()
    said = prose(
        "**The rule is for f alone.** "
        f"At a bias of 0 it says 2 words where {number(found[0].direct, 1)} were measured. In the trained networks a "
        f"nudge lasts {_words(small.total)} and {_words(other.total)} words by every way, {_words(small.direct)} and "
        f"{_words(other.direct)} through f alone."
    )
    last = found[-1]
    every = float(last.total) if np.isfinite(last.total) else None
    gate = drawing.drawn()["bias"]["gates"][-1]
    question = guesses.lasts(drawing.BIASES[-1], gate, last.direct, every, LONG)
    return Beat("forget-bias", _show("bias", AT), said, question, before)


def _words(steps: float) -> str:
    return significant(steps, 2) if np.isfinite(steps) else f"over {LONG}"


def _explode() -> Beat:
    runs = [drawing.larger(gain) for gain in GAINS]
    wholes, back = [drawing.whole(run) for run in runs], len(WORDS) - 1
    ends = [significant(10 ** float(each[0]), 2) for each in wholes]
    first = significant(10 ** float(wholes[0][-1]), 2)
    before = prose(f"**As drawn, the whole falls from {first} to {ends[0]}** over {back} words.")
    means = [float(run.trace.f.mean()) for run in (runs[0], runs[-1])]
    said = prose(
        f"$W_h$ **× 1 leaves {ends[0]}, × {GAINS[-1]} gives {ends[-1]}:** same text, same network. The forget "
        f"gates average {number(means[0], 2)} and {number(means[1], 2)}; none is above 1. One fresh network, seed "
        f"{drawing.SEED}."
    )
    alone = drawing.alone(runs[-1])
    question = guesses.grows(
        GAINS[-1], back, (float(wholes[-1][-1]), float(wholes[-1][0])), (float(alone[-1]), float(alone[0]))
    )
    return Beat("what-explodes", _show("explode", 1), said, question, before)
