"""Predictions on the gates of two trained networks over a text, and on what reaches back from its last word.

What is on the screen comes as numbers; each asks one thing of it, or returns None where a network does not allow it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.params import Array
from core.written import adding_up, number, short, significant
from quiz.computed.guess import About, choice
from quiz.schema import Choice

LOW = 0.1
HALF = 0.5
QUESTION = 4  # words that ask, at the end
EVERY = 5  # units at most that are all offered
CLEAR = 1.5  # factor between two options that are to be told apart
CLOSE = 0.15  # at most this part off, a rule fits

LOWEST = About("guess-gates-lowest", "gates", ("forget-gate",), "easy")
LETS_GO = About("guess-gates-lets-go", "gates", ("forget-gate", "context"))
FACTOR = About("guess-gates-factor", "gates", ("gradient-path", "forget-gate"))
NUDGED = About("guess-gates-nudged", "gates", ("gradient-path",))
LARGEST = About("guess-gates-below", "gates", ("gradient-path",))
LASTS = About("guess-gates-lasts", "gates", ("forget-gate", "gradient-path"))
GROWS = About("guess-gates-grows", "gates", ("exploding", "gradient-path"))


def lowest(word: str, f: Array) -> Choice | None:
    """Which unit's gate is lowest at the first word.

    Args:
        word: That word.
        f: Forget gates there (H,).
    """
    order = np.argsort(f)
    if len(f) < 3 or f[order[0]] * CLEAR > f[order[1]]:
        return None
    right, most = int(order[0]), int(order[-1])
    asked = range(len(f)) if len(f) <= EVERY else sorted({right, int(order[1]), most})
    best = f"Unit {right} has {number(f[right], 2)} there. The cell starts empty, so it loses nothing"
    replies = {}
    for k in asked:
        slip = "The darkest field is the highest: dark is near 1, which keeps" if k == most else "Another is lower"
        if k == right + 1:  # as it is called where the first row is unit 1
            slip = (
                f"Units are counted from 0: row number {k} is unit {right}{', and dark is near 1' if k == most else ''}"
            )
        reply = best if k == right else f"{slip}. Its gate is {number(f[k], 2)}; unit {right} has {number(f[right], 2)}"
        replies[f"unit {k}"] = f"{reply}."
    return choice(LOWEST, f"Which unit’s gate is lowest at “{word}”?", replies, f"unit {right}", f"{best}.")


def lets_go(words: Sequence[str], at: int, f: Array, unmoved: Sequence[str]) -> Choice | None:
    """At which word from the second name on units let go of the first subject.

    Args:
        words: T of them.
        at: Place of the second name, from 1.
        f: Forget gates (T, H).
        unmoved: Other first names whose cells, put into the units that keep, leave the answer as it is.
    """
    rest = f[at - 1 :].min(axis=1)
    name, thing, asks, last = (words[k] for k in (at - 1, at + 1, -QUESTION, -1))
    twice = any(words.count(word) > 1 for word in (name, thing, asks, last))
    if rest[0] > LOW or np.sort(rest)[1] < HALF or twice:
        return None
    gone = [k for k, v in enumerate(f[at - 1]) if v < HALF]
    kept = [k for k in range(f.shape[1]) if k not in gone]
    stay = f", {_units(kept)} {_verb(kept, 'keeps', 'keep')}" if kept else ""
    others = " or ".join(unmoved)
    other = f"with values there from a text that begins with {others}, it is still {name}."
    held = f"What {_units(kept)} {_verb(kept, 'keeps', 'keep')} does not decide the answer" if kept else ""
    why = f" {held}: {other}" if others and kept else ""
    true = f"At “{name}”, as it is read: {_units(gone)} {_verb(gone, 'lets', 'let')} go{stay}"
    return choice(
        LETS_GO,
        f"At which word will units let go of {words[0]}?",
        {
            f"“{name}”": f"{true}.{why}",
            f"“{thing}”": f"Two words late: the name itself tells of the change. {true}.",
            f"“{asks}”": f"The question begins there, but the name told of the change. {true}.",
            f"“{last}”": f"There the answer is wanted; what is let go of then comes too late. {true}.",
        },
        f"“{name}”",
        f"{true}.{why}",
    )


def _units(places: Sequence[int]) -> str:
    names = [str(k) for k in places]
    return f"unit {names[0]}" if len(names) == 1 else f"units {', '.join(names[:-1])} and {names[-1]}"


def _verb(places: Sequence[int], one: str, many: str) -> str:
    return one if len(places) == 1 else many


def factor(word: str, unit: int, left: float, gate: float) -> Choice | None:
    """What a closed gate leaves of a product.

    Args:
        word: The word of that gate.
        unit: Whose gate.
        left: The product of the gates after it.
        gate: The gate.
    """
    product, subtracted, mean = left * gate, left - gate, (left + gate) / 2
    texts = [number(v, 2) for v in (subtracted, mean, product)]
    if gate > LOW or len(set(texts)) < 3:
        return None
    true = f"{number(left, 2)} × {number(gate, 2)} = {number(product, 2)}"
    why = "One gate near 0 cuts off all words before it in that unit, however near 1 its others are"
    return choice(
        FACTOR,
        f"Unit {unit} nudged at “{word}”: {number(left, 2)} is left. Nudged a word earlier, it also meets the gate of "
        f"“{word}”, {number(gate, 2)}. What is left?",
        {
            texts[0]: f"You took the gate away. It multiplies: {true}.",
            texts[1]: f"You took the mean. Factors one after the other multiply: {true}.",
            texts[2]: f"{true}. {why}.",
        },
        texts[2],
        f"{true}. {why}.",
    )


def nudge(word: str, unit: int, parts: Sequence[float]) -> Choice | None:
    """What nudging a cell state measures, from its three parts.

    Args:
        word: At which it is nudged.
        unit: Whose cell.
        parts: What staying in c brings, what comes by h at once, and what by h later.
    """
    total = sum(parts)
    alone, at_once, later = shown = adding_up(parts, 2)
    texts = [alone, shown[int(np.argmax(parts))], f"{total:.2f}"]
    if min(parts) <= 0 or len(set(texts)) < 3:
        return None
    true = f"{alone} + {at_once} + {later} = {texts[2]}"
    more = ", more than the 1 that was put in" if total > 1 else ""
    return choice(
        NUDGED,
        f"Unit {unit} nudged at “{word}”: staying in $c$ brings {alone}, $h$ at once {at_once}, $h$ later {later}. How "
        "far does its last $c$ move?",
        {
            texts[0]: f"That is $f$ alone, as if nothing else moved. All three arrive: {true}.",
            texts[1]: f"That is the largest part. All three arrive: {true}.",
            texts[2]: f"All three arrive: {true}{more}.",
        },
        texts[2],
        f"All three arrive: {true}{more}.",
    )


def largest(
    word: str,
    above: Sequence[float],
    below: Sequence[float],
    gates: tuple[str, str],
    words: int,
    usual: tuple[str, str],
) -> Choice | None:
    """Which part is the largest in each of two networks.

    Args:
        word: At which a cell is nudged.
        above: What stays, what comes by h at once and what later in the first network, in length.
        below: The same in the second.
        gates: The mean forget gate of each.
        words: How many gates the part that stays meets.
        usual: The median share that stays over the networks trained as each of the two.
    """
    first, second = (np.array(parts) / sum(parts) for parts in (above, below))
    if first.argmax() != 0 or second.argmax() != 2 or min(np.sort(first)[-1], np.sort(second)[-1]) < HALF:
        return None
    stays = [f"{number(100 * float(share[0]), 0 if share[0] > LOW else 1)} %" for share in (first, second)]
    why = (
        f"What stays meets {words} gates: it is {stays[0]} of what arrives above (mean $f$ {gates[0]}), {stays[1]} "
        f"below ({gates[1]}). A clear case was chosen: medians of such networks are {usual[0]} and {usual[1]}"
    )
    right = "stays in $c$ above, by $h$ later below"
    return choice(
        LARGEST,
        f"At “{word}”, which part is the largest in each network?",
        {
            "stays in $c$ in both": f"Below, its part, at the foot, is all but gone: {stays[1]}.",
            right: f"{why}.",
            "by $h$ later in both": f"Above, nearly all of the bar stays in $c$: {stays[0]}.",
        },
        right,
        f"{why}.",
    )


def lasts(bias: float, gate: float, measured: float, every: float | None, T: int) -> Choice | None:
    """How many words a gate near 1 keeps, by the rule 1/(1 − f).

    Args:
        bias: Forget bias.
        gate: σ of it.
        measured: Words until 37 % is left through the forget gates alone.
        every: By all three ways together; None where it outlasts the text.
        T: Words of the text.
    """
    rule = 1 / (1 - gate)
    if abs(measured / rule - 1) > CLOSE or rule < 40:
        return None
    whole = f"over {T}" if every is None else significant(every, 3)
    true = f"1/(1 − {number(gate, 4)}) is {rule:.0f}; measured {measured:.0f} through f alone"
    true += f", and {whole} by all three ways together"
    right = f"about {10 * round(measured / 10)}"
    few, some = f"about {10 * max(1, round(measured / 150))}", f"about {10 * round(measured / 50)}"
    if len({right, few, some}) < 3:
        return None
    return choice(
        LASTS,
        f"$b$ = {short(bias)} means $f$ = {number(gate, 4)}. How many words until 37 % is left?",
        {
            few: f"A gate this near 1 loses {number(100 * (1 - gate), 1)} % a word: {true}.",
            some: f"You went on by equal steps. Each unit of bias multiplies: {true}.",
            right: f"{true[0].upper()}{true[1:]}.",
        },
        right,
        f"{true[0].upper()}{true[1:]}.",
    )


def grows(gain: float, back: int, whole: tuple[float, float], alone: tuple[float, float]) -> Choice | None:
    """What has grown on the way back in a network with larger recurrent weights.

    Args:
        gain: Factor on W_h.
        back: Words.
        whole: log₁₀ of all three ways together at the end and so far back.
        alone: log₁₀ of what stays, f alone, likewise.
    """
    if whole[1] <= whole[0] or alone[1] >= alone[0]:
        return None
    ends = [significant(10**v, 2) for v in (*whole, *alone)]
    true = f"all three ways go from {ends[0]} to {ends[1]}, f alone from {ends[2]} to {ends[3]}"
    right = "three ways, not $f$ alone"
    return choice(
        GROWS,
        f"$W_h$ is made {short(gain)} times as large. From the last word back to the first, {back} words: which of the "
        "two lines rises?",
        {
            "both": f"No forget gate is above 1, so their product only shrinks: {true}.",
            right: f"Through $h$ nothing limits it: {true}. Clip an LSTM’s gradient, too.",
            "neither": f"Through $h$ nothing limits it: {true}.",
        },
        right,
        f"Through $h$ nothing limits it: {true}. Clip an LSTM’s gradient, too.",
    )
