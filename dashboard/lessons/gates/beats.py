"""The beats of the lesson, on the networks and the text of its drawing. Nothing here knows Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from core import context
from core.params import Array
from core.sentences import ContextSwitch
from core.written import adding_up, number, short, significant
from dashboard.figure import Rich, prose
from dashboard.figure.panels import Panel
from dashboard.figure.rows import percent
from dashboard.kit.beats import Beat
from dashboard.lessons.gates import drawing, shares
from dashboard.lessons.gates.compute import LONG, encoded
from dashboard.lessons.gates.drawing import AT, GAINS, OTHER, SECOND, SMALL, UNIT, WORDS, Read
from quiz.lessons.gates import beats as guesses

LOW = 0.5
LITTLE = 0.1  # of a nudge of 1
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
        f"**{_count(len(gone))} of {f.shape[1]} units let go:** {listed} at “{SECOND}”{rest}. The network names "
        f"{_named(small)} at the end{_kept_open(f[AT - 1], _count(len(gone)).lower())}."
    )
    return Beat("let-go", _show("let", BEFORE), said, guesses.lets_go(WORDS, AT, f, _unmoved(f[AT - 1])), before)


def _kept_open(gates: Array, gone: str) -> str:
    """Whom it names where the units that let go are held open; "" where that changes nothing."""
    named = drawing.held_open(tuple(int(k) for k in np.flatnonzero(gates < LOW)))
    return "" if named == SECOND else f"; with the {gone} held at 1 it would name {named}"


def _unmoved(gates: Array) -> tuple[str, ...]:
    """Other first names whose cells, put into the units that keep, leave the answer as it is; () if one changes it."""
    named = drawing.exchanged(tuple(int(k) for k in np.flatnonzero(gates >= LOW)))
    return tuple(named) if set(named.values()) == {SECOND} else ()


def _count(number_: int) -> str:
    return ("None", "One", "Two", "Three", "Four")[number_] if number_ < 5 else str(number_)


def _alone(small: Read) -> Beat:
    told = _left_alone(UNIT)
    f = drawing.values(small, "f")[:, UNIT]
    question = guesses.factor(SECOND, UNIT, float(f[AT:].prod()), float(f[AT - 1]))
    return Beat("through-f-alone", _show("alone", AT), told["said"], question, told["before"])


def _left_alone(unit: int | None) -> dict[str, Rich]:
    """What f alone leaves of a nudge of one unit, or of all: before the answer, and after it."""
    small, after = drawing.trained(SMALL), len(WORDS) - AT
    if unit is None:
        now, earlier = (number(float(small.together[0, k - 1]), 2) for k in (AT, BEFORE))
        return {
            "before": prose(f"**All units nudged at “{SECOND}”: f alone adds {now} to the length of what arrives.**"),
            "said": prose(
                f"**All units nudged at “{SECOND}”: f alone adds {now} to the length of what arrives, a word earlier "
                f"{earlier}.** Units whose gates stay near 1 keep theirs."
            ),
        }
    f = drawing.values(small, "f")[:, unit]
    left, gate = float(f[AT:].prod()), float(f[AT - 1])
    before = (
        f"**{number(left, 2)} of a nudge of unit {unit} at “{SECOND}” lasts to the end through f alone:** the product "
        f"of {after} gates after it, none below {np.floor(100 * f[AT:].min()) / 100:.2f}."
    )
    said = (
        f"**{number(left, 2)} × {number(gate, 2)} = {number(left * gate, 2)}.** Nudged before “{SECOND}”, unit {unit} "
        f"has {np.ceil(100 * small.same[0, :BEFORE, unit].max()) / 100:.2f} or less of it at the end, through f alone."
    )
    return {"before": prose(before), "said": prose(said)}


def _ways(small: Read) -> Beat:
    parts = [float(v) for v in small.same[:, AT - 1, UNIT]]
    told = _summed(UNIT)
    return Beat("other-ways", _show("ways", AT), told["said"], guesses.nudge(SECOND, UNIT, parts), told["before"])


def _summed(unit: int | None) -> dict[str, Rich]:
    """The three parts of one unit, or of all, and their sum: before the answer without it."""
    small = drawing.trained(SMALL)
    parts = small.together[:, AT - 1] if unit is None else small.same[:, AT - 1, unit]
    values = [float(v) for v in parts]
    stays, at_once, later = adding_up(values, 2)
    sum_ = f"{sum(values):.2f}".replace("-", "−")
    put = float(np.sqrt(small.trace.f.shape[-1])) if unit is None else 1.0
    whose = f"all units, a nudge of length {short(put)}" if unit is None else f"unit {unit}, a nudge of 1"
    before = prose(
        f"**At “{SECOND}”, {whose}:** staying in c brings {stays}, by h at once {at_once}, by h later {later}."
    )
    added = f"{stays} + {at_once} + {later}".replace("+ −", "− ")
    more = "more than was put in; " if sum(values) > put else ""
    return {
        "before": before,
        "said": prose(f"**{added} = {sum_}** at “{SECOND}”, {whose}: {more}the circles, measured by nudging, agree."),
    }


def _two(small: Read, other: Read) -> Beat:
    above, below = ([float(v) for v in run.together[:, BEFORE - 1]] for run in (small, other))
    word = WORDS[BEFORE - 1]
    means = [number(float(run.trace.f.mean()), 2) for run in (small, other)]
    before = prose(
        f"**Mean $f$ is {means[0]} above and {means[1]} below.** {_where(small)}Both name {_both(small, other)}: what "
        "arrives of a word can be outweighed. Two single networks, a clear case; how usual it is follows."
    )
    said = prose(_spread())
    usual = (_middle(5.0, small), _middle(1.0, other))
    question = guesses.largest(word, above, below, (means[0], means[1]), len(WORDS) - BEFORE, usual)
    return Beat("two-networks", _show("two", BEFORE), said, question, before)


def _where(small: Read) -> str:
    """Which units hold what stays above where the others let go; "" where those hold more than a little."""
    kept = drawing.values(small, "f")[AT - 1] >= LOW
    stays = small.same[0, BEFORE - 1]
    if not kept.any() or np.abs(stays[~kept]).max(initial=0) > LITTLE:
        return ""
    names = " and ".join(str(k) for k in np.flatnonzero(kept))
    return f"What stays above is nearly all in unit{'s' * (int(kept.sum()) > 1)} {names}, which kept at “{SECOND}”. "


def _both(small: Read, other: Read) -> str:
    names = sorted({_named(small), _named(other)})
    return " or ".join(names)


def _spread() -> str:
    """The share through the forget gates alone over all networks trained so, with the conditions."""
    told = []
    for bias in shares.RECIPES:
        found = shares.of(bias)
        middle = [percent(_median(found, H)) for H in shares.SIZES]
        told.append(f"{' and '.join(middle)} from bias {short(bias)}")
    sizes = " and ".join(str(H) for H in shares.SIZES)
    return (
        "**From a higher bias more stays in c, at both sizes:** "
        f"{', '.join(told)} at “{WORDS[BEFORE - 1]}” ({sizes} units; medians of {len(shares.SEEDS)} seeds)."
    )


def _middle(bias: float, run: Read) -> str:
    """The median share that stays, over the networks trained as one of the two."""
    return percent(_median(shares.of(bias), run.model.cell.H))


def _median(found: Sequence[shares.Share], H: int) -> float:
    return float(np.median([each.share for each in found if each.H == H]))


def _bias() -> Beat:
    found = drawing.horizons()
    whole = [found[k] for k in range(0, len(drawing.BIASES), 2)]
    open_ = [each.direct for each in whole[: drawing.OPEN // 2 + 1]]
    steps = [after / before for before, after in pairwise(open_)]
    before = prose(
        f"**Up to a bias of {short(drawing.BIASES[drawing.OPEN])} each 1 more makes it last "
        f"{number(min(steps), 1)} to {number(max(steps), 1)} times as long,** through f alone."
    )
    small, _ = drawing.horizons_trained()
    gates = drawing.drawn()["bias"]["gates"]
    bias = drawing.drawn()["network"]["bias"]
    place = drawing.BIASES.index(bias)
    trained = number(drawing.on_filler(SMALL), 3)
    said = prose(
        f"**From bias {short(bias)} it lasts {_words(found[place].direct)} words fresh, {_words(small.direct)} trained "
        f"(f alone):** trained gates average {trained} on this filler, not {number(float(gates[place]), 3)}. All "
        f"three ways together: {_words(small.total)} trained, {_words(found[place].total)} fresh."
    )
    last = found[-1]
    every = float(last.total) if np.isfinite(last.total) else None
    question = guesses.lasts(drawing.BIASES[-1], gates[-1], last.direct, every, LONG)
    return Beat("forget-bias", _show("bias", AT), said, question, before)


def _words(steps: float) -> str:
    return significant(steps, 2) if np.isfinite(steps) else f"over {LONG}"


def _explode() -> Beat:
    runs = [drawing.larger(gain) for gain in GAINS]
    wholes, back = [drawing.whole(run) for run in runs], len(WORDS) - 1
    ends = [significant(10 ** float(each[0]), 2) for each in wholes]
    first = significant(10 ** float(wholes[0][-1]), 2)
    before = prose(
        f"**With its first weights (× 1) all three ways together fall from {first} to {ends[0]}** over {back} words."
    )
    means = [float(run.trace.f.mean()) for run in (runs[0], runs[-1])]
    said = prose(
        f"**Recurrent weights × 1 give {ends[0]}, × {GAINS[-1]} give {ends[-1]}:** same text, same network. The "
        f"forget gates average {number(means[0], 2)} and {number(means[1], 2)}; none is above 1. One fresh network, "
        f"seed {drawing.SEED}."
    )
    alone = drawing.alone(runs[-1])
    question = guesses.grows(
        GAINS[-1], back, (float(wholes[-1][-1]), float(wholes[-1][0])), (float(alone[-1]), float(alone[0]))
    )
    return Beat("what-explodes", _show("explode", 1), said, question, before)


@lru_cache(maxsize=1)
def panel() -> Panel:
    """The drawing, with the sentences that follow the unit chosen in it; all units together come last."""
    drawn = drawing.drawn()
    units = [*range(drawn["network"]["H"]), None]
    told = {"alone": [_left_alone(unit) for unit in units], "ways": [_summed(unit) for unit in units]}
    return {**drawn, "network": {**drawn["network"], **told}}
