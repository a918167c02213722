"""What the beats of the lesson ask: of a trained LSTM on a text about two people, as computed and with gates held.

All numbers come from what is on the screen; they are written as they stand there, with two decimals. A product of
such numbers is "≈", and a sum has as many decimals as it takes to add up as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.params import Array
from quiz.computed.guess import About, choice
from quiz.schema import Choice

APART = 0.035  # of two values among the options
HIDDEN = 0.2  # of what a unit holds, behind tanh and o

NAMED = About("guess-lstm-cell-named", "lstm-cell", ("cell-state",), "easy")
MOST = About("guess-lstm-cell-most-changed", "lstm-cell", ("cell-state",), "easy")
LEFT = About("guess-lstm-cell-left", "lstm-cell", ("forget-gate", "cell-state"), "easy")
HOLDS = About("guess-lstm-cell-holds", "lstm-cell", ("input-gate", "cell-state"))
HIDES = About("guess-lstm-cell-hides", "lstm-cell", ("output-gate", "cell-state"))
HELD = About("guess-lstm-cell-held", "lstm-cell", ("forget-gate",))
NEARER = About("guess-lstm-cell-nearer", "lstm-cell", ("cell-state", "forget-gate"), "hard")


@dataclass(frozen=True)
class Step:
    """One unit at one step.

    Attributes:
        word: The word that is read.
        unit: The unit, from 0.
        f: Its forget gate, and so on.
        i: Its input gate.
        g: Its candidate.
        o: Its output gate.
        old: Its cell value before.
        new: Its cell value after.
        tanh: The tanh of that.
        h: Its hidden value.
    """

    word: str
    unit: int
    f: float
    i: float
    g: float
    o: float
    old: float
    new: float
    tanh: float
    h: float


def sums(a: float, b: float) -> tuple[str, str, str]:
    """Two numbers and their sum, with the fewest decimals, from two, with which they add up as they are written."""
    for places in range(2, 9):
        if abs(round(a, places) + round(b, places) - round(a + b, places)) < 1e-9:
            break
    return _written(a, places), _written(b, places), _written(a + b, places)


def about(total: str, value: float) -> str:
    """A sum as it was written, and with two decimals where it has more of them."""
    return f"${total}$" if total == two(value) else f"${total}$, about {_formula(value)}"


def _written(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def two(value: float) -> str:
    """A number as the figure writes it, for a formula."""
    return _written(value, 2)


def _formula(value: float) -> str:
    return f"${two(value)}$"


def named(names: Sequence[str], first: str, second: str, answer: str, sure: float) -> Choice:
    """Whom the network names after the last word."""
    replies = dict.fromkeys(names, "That name does not stand in this text: nothing of it was ever read.")
    replies[first] = (
        f"The text begins with {first}, but another name has come since. The network was trained to follow."
    )
    replies[second] = f"The text spoke of {second} last, but this network says otherwise."
    replies[answer] = f"It gives {answer} a probability of {two(sure)}."
    return choice(
        NAMED,
        "Whom will the network name after the last word?",
        replies,
        answer,
        f"It was trained to name whom the text is about now, and gives {answer} a probability of {two(sure)}.",
    )


def most_changed(words: Sequence[str], c: Array, unit: int, at: int, *, lets_go: bool) -> Choice | None:
    """At which word a unit's cell value changes most.

    Args:
        words: The T words.
        c: Its values c_0 … c_T.
        unit: Its place.
        at: Step at which the second name is read, from 1.
        lets_go: Whether the unit keeps less than half of its value there.
    """
    change = np.abs(np.diff(c))
    right = int(np.argmax(change)) + 1
    largest = int(np.argmax(np.abs(c[1:]))) + 1
    steps = list(dict.fromkeys([right, at, 1, largest, len(words), at - 1]))[:4]
    if sorted(change)[-2] > 0.97 * change[right - 1]:
        return None

    def option(t: int) -> str:
        return f"“{words[t - 1]}”, word {t}"

    moved = {t: _moved(float(c[t - 1]), float(c[t])) for t in steps}
    moved |= dict.fromkeys((at, at + 1), "There it changes, too.")  # its value there is what a later beat asks for
    replies = {option(t): moved[t] + " Another word moves it more." for t in sorted(steps)}
    if largest != right and option(largest) in replies:
        replies[option(largest)] = (
            f"There the bar is longest, but a word before it was not much shorter. {moved[largest]}"
        )
    replies[option(right)] = why = _why(words[right - 1], unit, new_name=right == at, lets_go=lets_go)
    return choice(
        MOST,
        f"At which word does unit {unit} change most?",
        replies,
        option(right),
        f"Compare each bar with the one before it: it changes most at {option(right)}. {why}",
    )


def _why(word: str, unit: int, *, new_name: bool, lets_go: bool) -> str:
    if not new_name:
        return f"No other word writes as much to unit {unit} as “{word}”."
    let_go = "lets go of most of what it held and " if lets_go else ""
    return f"“{word}” is a new name: unit {unit} {let_go}is written anew."


def _moved(old: float, new: float) -> str:
    before, change, after = sums(old, new - old)
    return f"There it goes from ${before}$ to ${after}$, by ${change.removeprefix('-')}$."


def _options(answer: float, wrong: Sequence[tuple[float, str]], said: str) -> Mapping[str, str] | None:
    """Options in order of size; None where fewer than three can be told apart."""
    kept = [(answer, said)]
    for value, reply in wrong:
        if all(abs(value - known) >= APART for known, _ in kept):
            kept.append((value, reply))
    found = sorted(kept[:4])
    return {_formula(value): reply for value, reply in found} if len(found) > 2 else None


def left(step: Step) -> Choice | None:
    """What f leaves of the old cell value."""
    kept = step.f * step.old
    product = f"{_formula(step.f)} × {_formula(step.old)} ≈ {_formula(kept)}."
    wrong = [
        (step.old, "That is what came. The × multiplies it by $f$, unit by unit."),
        ((1 - step.f) * step.old, "That is what is let go. The gate is the share that stays."),
        (step.f, "That is the gate itself, a share. It multiplies what came."),
        (step.f + step.old, "You added. A gate multiplies."),
    ]
    replies = _options(kept, wrong, product)
    if replies is None:
        return None
    return choice(
        LEFT,
        f"Unit {step.unit} brings {_formula(step.old)}, and its $f$ is {_formula(step.f)}. What is left of it?",
        replies,
        _formula(kept),
        f"The gate is the share that stays: {product}",
    )


def holds(step: Step) -> Choice | None:
    """The new cell value, from what was kept and what is written."""
    kept, written = step.f * step.old, step.i * step.g
    left_, added, made = sums(kept, written)
    total = (
        f"${left_}$ kept and {_formula(step.i)} × {_formula(step.g)} ≈ ${added}$ written make {about(made, step.new)}."
    )
    wrong = [
        (step.old + written, "You forgot nothing: that adds to all that came. Only what $f$ kept is left of it."),
        (kept + step.g, "You left the input gate out. Only the share $i$ of $g$ comes in."),  # often of its sign
        (kept, "That is only what was kept. The + adds what is written."),
        (step.i * step.old + step.f * step.g, "You swapped the gates. $f$ belongs to the old value, $i$ to $g$."),
        (kept - written, "You took it away. The sign stands in $g$ already; the cell adds."),
    ]
    replies = _options(step.new, wrong, total)
    if replies is None:
        return None
    return choice(
        HOLDS,
        f"About what does unit {step.unit} hold now?",
        replies,
        _formula(step.new),
        total,
    )


def hides(step: Step, at: int) -> Choice | None:
    """What a unit shows of what it holds.

    Args:
        step: The unit at the step.
        at: That step, from 1.
    """
    if abs(step.tanh) - abs(step.h) < HIDDEN:
        return None
    told = (
        f"tanh makes {_formula(step.tanh)} of {_formula(step.new)}, and $o$ lets {100 * step.o:.0f} % of that out: "
        f"{_formula(step.h)}. The cell still holds {_formula(step.new)}"
    )
    wrong = [
        (step.new, "That is what it holds. It shows tanh of that, and of this only the share $o$."),
        (step.tanh, "You left the gate out. Only the share $o$ of tanh $c_t$ is shown."),
        (step.o * step.new, "You left tanh out. $o$ multiplies tanh $c_t$, not $c_t$ itself."),
        (step.tanh - step.h, "That is what stays hidden. The gate is the share that is shown."),
    ]
    replies = _options(step.h, wrong, f"{told}.")
    if replies is None:
        return None
    return choice(
        HIDES,
        f"At word {at} unit {step.unit} holds {_formula(step.new)}. tanh of that is {_formula(step.tanh)}, and $o$ is "
        f"{_formula(step.o)}. About what does it show?",
        replies,
        _formula(step.h),
        f"{told}.",
    )


def held(names: Sequence[str], first: str, second: str, was: str, now: tuple[str, float], step: Step) -> Choice:
    """Whom it names once every forget gate is held at 1 at the second name.

    Args:
        names: All names.
        first: Whom the text is about first.
        second: Whom it is about then.
        was: The answer as computed.
        now: The answer with the gates held, and its probability.
        step: The followed unit at the second name, with f held.
    """
    name, sure = now
    old, more, new = sums(step.old, step.i * step.g)
    added = f"In unit {step.unit} ${old}$ stays whole and ${more}$ is added: {about(new, step.new)}."
    replies = dict.fromkeys(names, "That name was never read here, and no gate brings it in.")
    replies[first] = f"{first} is kept whole, but what later words write turns it all the same. {added}"
    replies[second] = f"{second} is still written, but on top of {first}. {added}"
    replies[was] = f"So it answers with no gate held. {replies[was]}"
    replies[name] = f"It names {name}, probability {two(sure)}. {added}"
    return choice(
        HELD,
        f"Hold $f = 1$ at “{step.word}” in all units: whom will it name after the last word?",
        replies,
        name,
        f"It names {name}, probability {two(sure)}. {added}",
    )


def nearest(c: Array) -> int:
    """The step at which a unit's values c_0 … c_T come nearer to zero by most, from 1."""
    size = np.abs(c)
    return int(np.argmax(size[:-1] - size[1:])) + 1


def nearer(words: Sequence[str], c: Array, unit: int) -> Choice:
    """Whether a unit can come nearer to zero with f = 1 at every word.

    Args:
        words: The T words.
        c: Its values c_0 … c_T with f = 1 throughout.
        unit: Its place.
    """
    t = nearest(c)
    fell = abs(c[t - 1]) - abs(c[t])
    never, some, every = "never", "at some words", "at every word"
    seen = f"At “{words[t - 1]}” it goes from {_formula(c[t - 1])} to {_formula(c[t])}"
    why = "with $f = 1$ only an added value of the other sign brings it nearer to zero"
    right = never if fell <= 0 else some
    answer = f"{seen}: {why}." if right == some else f"Here no word adds one of the other sign: {why}."
    replies = {
        never: f"Nothing is dropped, but $g$ has a sign. {seen}.",
        some: f"It could, but here no word does it: {why}.",
        every: f"Nothing pulls it there by itself: {why}.",
    }
    replies[right] = answer
    return choice(
        NEARER, f"With $f = 1$ everywhere, can unit {unit} still come nearer to zero?", replies, right, answer
    )
