"""The beats of the lesson, on the text that is on the screen. Nothing here knows Streamlit."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core import zoo
from core.sentences import ContextSwitch
from core.zoo import Card
from dashboard.figure import prose
from dashboard.kit.beats import Beat
from dashboard.lessons.lstm_cell.compute import trained
from dashboard.lessons.lstm_cell.told import ALWAYS, COMPUTED, Told, told
from quiz.lessons.lstm_cell import beats as guesses
from quiz.lessons.lstm_cell.beats import Step, sums, two

LARGER = "context-switch-lstm-bias5"
"""The recipe's own size, which the small network is compared with."""
LOOKED_AT = 3
"""The word with which the second beat begins."""
MINUS = "\N{MINUS SIGN}"


@lru_cache(maxsize=12)
def beats(first: str, second: str) -> tuple[Beat, ...]:
    """The seven beats."""
    found = told(first, second)
    return (
        _remember(found),
        _line(found),
        _forget(found),
        _add(found),
        _show(found),
        _hold(found),
        _always(found),
    )


def num(value: float) -> str:
    """A number as the figure writes it."""
    return two(float(value)).replace("-", MINUS)


def step_at(found: Told, t: int, unit: int, run: str = COMPUTED) -> Step:
    """One unit at one step of a run."""
    trace = found.runs[run].trace
    f, i, g, o = (float(getattr(trace, gate)[t - 1, 0, unit]) for gate in "figo")
    old, new = (float(trace.c[k, 0, unit]) for k in (t - 1, t))
    tanh, h = float(trace.tanh_c[t - 1, 0, unit]), float(trace.h[t, 0, unit])
    return Step(found.words[t - 1], unit, f, i, g, o, old, new, tanh, h)


def hiding(found: Told) -> int:
    """The step at which the followed unit hides most of what it holds."""
    trace, k = found.computed.trace, found.follow
    return int(np.argmax(np.abs(trace.tanh_c[:, 0, k]) - np.abs(trace.h[1:, 0, k]))) + 1


def _remember(found: Told) -> Beat:
    run = found.computed
    said = prose(
        f"**The network says {run.named}, probability {num(run.sure)}.** It was trained to name at the end whom the "
        f"text is about. Another name may come on the way or not, so it keeps {found.first} until one does, and then "
        "must let go. How, the next beats show."
    )
    before = prose("**What the units hold, and the network’s answer, come with yours.**")
    question = guesses.named(ContextSwitch.classes, found.first, found.second, run.named, run.sure)
    return Beat("remember", {"scene": "closed", "t": len(found.words)}, said, question, before)


def _line(found: Told) -> Beat:
    c, k = found.computed.trace.c[:, 0, found.follow], found.follow
    lets_go = bool(found.computed.trace.f[found.at - 1, 0, k] < 0.5)
    question = guesses.most_changed(found.words, c, k, found.at, lets_go=lets_go)
    t = int(np.argmax(np.abs(np.diff(c)))) + 1
    sides = found.sides
    anew = f" A new name is read, and the unit {'lets go and ' if lets_go else ''}is written anew."
    side = f" Before, it was on {sides[int(c[1] > 0)]}’s side of zero, since then on the other." if sides else ""
    turned = anew + side
    turned = turned if t == found.at else ""
    said = prose(f"**Unit {k} changes most at “{found.words[t - 1]}”.**{turned}")
    apart = f" In this text it tells {sides[1]} (up) from {sides[0]} (down)." if sides else ""
    before = prose(
        f"**Each bar is what unit {k} holds after that word.**{apart} Other units have numbers of their own."
    )
    return Beat("the-line", {"scene": "line", "t": LOOKED_AT, "after": t}, said, question, before)


def _forget(found: Told) -> Beat:
    step = step_at(found, found.at, found.follow)
    f = found.computed.trace.f[found.at - 1, 0]
    others = [k for k in range(len(f)) if k != found.follow]
    shares = ", ".join(f"unit {k}: {num(f[k])}" for k in others)
    said = prose(
        f"**Unit by unit.** At “{step.word}” unit {step.unit} keeps a share of {num(step.f)} of what it held; the "
        f"others: {shares}."
    )
    before = prose(
        "**Every unit has a share of its own.** Play lights the way to it: $x_t$ and $h_{t-1}$ go into σ, and $f_t$ "
        "comes out."
    )
    return Beat("forget", {"scene": "forget", "t": found.at}, said, guesses.left(step), before)


def _add(found: Told) -> Beat:
    step = step_at(found, found.at, found.follow)
    turned = "the sign has turned" if step.old * step.new < 0 else "the sign stays"
    _, more, would = (text.replace("-", MINUS) for text in sums(step.old, step.i * step.g))
    said = prose(
        f"**Unit {step.unit} goes from {num(step.old)} to {num(step.new)}: {turned}.** Had $f$ kept all of the "
        f"{num(step.old)}, the same {more} would have made {would}."
    )
    before = prose("**Two numbers meet at the +:** what was kept, and what is written.")
    return Beat("add", {"scene": "add", "t": found.at}, said, guesses.holds(step), before)


def _show(found: Told) -> Beat:
    at, unit = hiding(found), found.follow
    step = step_at(found, at, unit)
    later = found.computed.trace.o[at:, 0, unit]
    opens = ""
    if later.size and later.max() > step.o + 0.2:
        t = at + 1 + int(np.argmax(later))
        opens = f" At “{found.words[t - 1]}”, word {t}, $o$ is {num(later.max())}."
    said = prose(
        f"**Unit {unit} holds {num(step.new)} and shows {num(step.h)}:** its $o$ is {num(step.o)} here, and the "
        f"cell keeps what it does not show.{opens}"
    )
    before = prose(
        f"**The figure now stands at word {at}, “{step.word}”.** What unit {unit} holds there is known; what it shows "
        "is asked."
    )
    return Beat("show", {"scene": "show", "t": at}, said, guesses.hides(step, at), before)


def _hold(found: Told) -> Beat:
    run, was = found.runs["1--"], found.computed
    step = step_at(found, found.at, found.follow, "1--")
    question = guesses.held(ContextSwitch.classes, found.first, found.second, was.named, (run.named, run.sure), step)
    said = prose(f"**{_turned(found)}** {_usual((found.first, found.second))}")
    before = prose(
        "**Shown: the run as computed, no gate held.** What a held gate changes runs to the end of the text."
    )
    return Beat("hold", {"scene": "hold", "t": found.at, "held": "1--"}, said, question, before)


def _turned(found: Told) -> str:
    run, was = found.runs["1--"], found.computed
    word = found.words[found.at - 1]
    if run.named == was.named:
        return f"Held at 1 at “{word}”, f leaves the answer {run.named}."
    return f"Held at 1 at “{word}”, f turns the answer from {was.named} to {run.named}."


def _usual(pair: tuple[str, str]) -> str:
    """In how many networks trained alike the same hold turns the answer to the first name, in both sizes."""
    small, large = trained().card.turning(pair), _larger().turning(pair)
    sizes = [zoo.RECIPES[name].H for name in (trained().name, LARGER)]
    turns = told(*pair).runs["1--"].named == pair[0]
    counted = "among them this one, picked because it does" if turns else "this one is counted"
    never = " There holding f alone was not enough." if large.hits == 0 else ""
    return (
        f"The same hold on this text, in networks trained from {small.runs} random starts: with {sizes[0]} units, "
        f"{small} turn to {pair[0]} ({counted}); with {sizes[1]} units, {large}.{never}"
    )


@lru_cache(maxsize=1)
def _larger() -> Card:
    return zoo.load(LARGER).card


def _always(found: Told) -> Beat:
    run, k = found.runs[ALWAYS], found.follow
    c = run.trace.c[:, 0, k]
    question = guesses.nearer(found.words, c, k)
    size = float(np.abs(run.trace.c).max())
    was = float(np.abs(found.computed.trace.c).max())
    said = prose(
        f"**With f held at 1 at every word it names {run.named}, {num(run.sure)}.** The cell value largest in size is "
        f"then {num(size)}, as computed {num(was)}. It was trained with forget gates; one trained without could "
        "do otherwise."
    )
    after = guesses.nearest(c)
    before = prose("**Shown: the run as computed, with its own forget gates.** With your answer they are held at 1.")
    return Beat(
        "always", {"scene": "always", "t": len(found.words), "after": after, "held": ALWAYS}, said, question, before
    )
