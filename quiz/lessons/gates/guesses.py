"""Where most is forgotten, which unit forgets it, how fully, and what the direct path leaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.lstm import LSTMParams, LSTMTrace, block, pre_activations
from core.params import Array
from core.written import short
from quiz.computed.guess import About, choice, numeric, told_apart
from quiz.computed.numbers import Candidate, shown, typed
from quiz.schema import Choice, Count, Exact, Numeric, Slip

STEPS = 3
LOW, HALF = 0.1, 0.5
CLEAR = 0.02  # between two means that are to be told apart
LEAST_UNITS, MOST_UNITS = 3, 4
APART = 0.3  # between two pre-activations

WORD = About("guess-gates-word", "gates", ("context", "forget-gate"))
LEFT = About("guess-gates-left", "gates", ("gradient-path", "forget-gate"))
UNIT = About("guess-gates-unit", "gates", ("forget-gate", "context"))
ZEROS = About("guess-gates-zeros", "gates", ("forget-gate", "context"), "hard")


def questions(
    words: Sequence[str], at: int, params: LSTMParams, trace: LSTMTrace, screen: LSTMTrace
) -> tuple[Exact, ...]:
    """Up to four predictions.

    Args:
        words: T words of a text with a change of subject.
        at: Step at which the new subject comes, from 1.
        params: Weights of an LSTM that learned it.
        trace: Its run of these words.
        screen: The run on the screen, of any LSTM, of as many words.

    Raises:
        ValueError: A batch of more than one sequence.
    """
    for each in (trace, screen):
        if each.x.shape[1] != 1:
            raise ValueError(f"trace: expected one sequence, got B = {each.x.shape[1]}. Pick one.")
    a = block(pre_activations(params, trace), "f")[at - 1, 0]
    f = trace.f[at - 1, 0]
    made = (word(words, at, trace), left(screen, at), unit(words[at - 1], a, f), zeros(words[at - 1], f))
    return tuple(question for question in made if question is not None)


def word(words: Sequence[str], at: int, trace: LSTMTrace) -> Choice | None:
    """The word at which the forget gates average lowest; at the first there is nothing to forget."""
    f = trace.f[:, 0].mean(axis=1)
    lowest = int(f[1:].argmin()) + 1
    stop, verb, last = words.index("."), at, len(words) - 1
    reasons = {
        stop: "The stop ends a sentence, not its subject: the text may well go on about Krish.",
        at - 1: "You took the new subject. Here it is another word.",
        verb: "By then the change has been made; the verb tells nothing of the subject.",
        last: "At the end the answer is wanted, so nothing should be lost there.",
    }
    if lowest not in reasons or np.sort(f[1:])[1] - f[lowest] < CLEAR:
        return None
    best = f"“{words[lowest]}” (word {lowest + 1}) has the lowest mean, {f[lowest]:.2f}."
    replies = {
        f"“{words[k]}”, word {k + 1}": f"Yes. {best}" if k == lowest else f"{reason} Its mean is {f[k]:.2f}. {best}"
        for k, reason in sorted(reasons.items())
    }
    return choice(
        WORD,
        "The trained LSTM reads these two sentences, the second about somebody else. At which word are its forget "
        "gates lowest on average? The first word does not count: there is nothing to forget yet.",
        replies,
        f"“{words[lowest]}”, word {lowest + 1}",
        f"{best} The later words lie between {np.delete(f, lowest)[1:].min():.2f} and {f.max():.2f}.",
    )


def left(screen: LSTMTrace, at: int) -> Numeric | None:
    """What the direct path leaves of one unit's cell over three steps."""
    T = len(screen.f)
    if at + STEPS - 1 > T or at < 2:
        return None
    k = int(screen.f[at - 1, 0].argmin())
    f, i = (gate[at - 1 : at - 1 + STEPS, 0, k].astype(np.float64) for gate in (screen.f, screen.i))
    answer, before = float(f.prod()), float(screen.f[at - 2, 0, k])
    end = at + STEPS - 1
    wrong: list[Candidate] = [
        (
            float(f[1:].prod()),
            "miscounted the steps",
            rf"You left $f_{{{at}}}$ out. From $c_{{{at - 1}}}$ the path passes it first.",
        ),
        (
            before * float(f[:-1].prod()),
            "miscounted the steps",
            rf"You are one step early: $f_{{{at - 1}}}$ made $c_{{{at - 1}}}$ itself.",
        ),
        (
            0.25**STEPS,
            "took the gate's slope for its value",
            r"You took the steepest slope of a sigmoid, 0.25. On this path stands the gate itself.",
        ),
        (
            float((1 - f).prod()),
            "took what is lost for what is left",
            r"You took what is forgotten, $1 - f$. What stays is $f$.",
        ),
        (float(f.sum()), "added where factors multiply", "You added. One gate after the other multiplies."),
        (float(f.mean()), "took the mean", "That is their mean. The gates multiply."),
        (
            float(i.prod()),
            "paired a gate with the wrong partner",
            r"Those are the input gates. They multiply the candidate, not the old cell.",
        ),
        (
            1.0,
            "left the forget gate out of the path",
            "The addition passes it on whole, but the forget gate comes first.",
        ),
    ]
    gates = ", ".join(rf"$f_{{{t}}} = {shown(v, 3)}$" for t, v in zip(range(at, end + 1), f, strict=True))
    factors = r" \cdot ".join(shown(v, 3) for v in f)
    return numeric(
        LEFT,
        rf"Unit {k} has the forget gates {gates} at three steps in a row. How much of $c_{{{at - 1}}}$ does the "
        rf"direct path leave in $c_{{{end}}}$?",
        answer,
        wrong,
        rf"$\prod f = {factors} = {shown(answer, 3)}$. Beside the lowest chart of “Other networks and "
        "texts”, what “stays in c” is the same product up to the end.",
    )


def unit(word_: str, a: Array, f: Array) -> Choice | None:
    """Which of some units forgets most at the new subject, from the pre-activations of its forget gate."""
    order = np.argsort(a)
    nearest = int(np.argmin(np.abs(a)))
    picked: list[int] = []
    for k in (int(order[0]), int(order[-1]), nearest, *(int(k) for k in order)):
        if len(picked) < MOST_UNITS and all(abs(a[k] - a[other]) >= APART for other in picked):
            picked.append(k)
    units = sorted(picked)
    if len(units) < LEAST_UNITS or a[order[0]] > 0:
        return None
    right = int(order[0])
    reasons = {
        int(order[-1]): "You took the largest number. A large positive $a$ opens the gate: it keeps most.",
        nearest: r"You took the one nearest to 0 for a gate of 0. $\sigma(0)$ is a half.",
    }

    def text(k: int) -> str:
        return rf"unit {k}, $a = {shown(float(a[k]), 3)}$"

    replies = {}
    for k in units:
        told = rf"Its gate is ${shown(float(f[k]), 2)}$."
        reason = "Yes." if k == right else reasons.get(k, "It forgets much, but another unit more.")
        replies[text(k)] = f"{reason} {told}"
    return choice(
        UNIT,
        rf"At “{word_}” the forget gates of these units have the pre-activations $a$, and $f = \sigma(a)$. Which unit "
        "forgets most of what it held?",
        replies,
        text(right),
        rf"The lower $a$, the lower the gate: $\sigma({shown(float(a[right]), 3)}) = {shown(float(f[right]), 2)}$, so "
        rf"unit {right} keeps only {100 * float(f[right]):.0f} % of its cell.",
        {
            text(nearest): "took a gate's argument for the gate",
            text(int(order[-1])): "read the gate the wrong way round",
        },
    )


def zeros(word_: str, f: Array) -> Count:
    """How many forget gates are all but 0 at the new subject."""
    H, answer, half = len(f), int((f < LOW).sum()), int((f < HALF).sum())
    wrong: list[Candidate] = [
        (
            H,
            "took the gate for all or nothing",
            "You took $f_t = 0$ for the whole vector. Each unit has a gate of its own.",
        ),
        (
            half,
            "counted against another threshold",
            f"That many lie below {short(HALF)}: they keep less than half, which is not nothing.",
        ),
        (
            H - half,
            "counted against another threshold",
            f"That many keep at least half. Asked is how many keep less than a tenth; {half} keep less than half.",
        ),
        (
            1,
            "counted one unit alone",
            "You looked for the one unit that holds the subject. Each unit has a gate, and several may be low.",
        ),
    ]
    slips = tuple(
        Slip(answer=typed(value), name=name, reply=reply)
        for value, name, reply in told_apart(answer, wrong, rel=0.0, abs_=0.4)
    )
    return Count(
        id=ZEROS.id, concepts=ZEROS.concepts, level=ZEROS.level, lessons=(ZEROS.lesson,),
        prompt=f"The chapter has $f_t = 0$ for what belongs to the old subject. Of the {H} forget gates of the trained "
        f"network, how many lie below {short(LOW)} at “{word_}”?",
        answer=answer, slips=slips,
        explanation=f"The lowest gate is ${shown(float(f.min()), 2)}$, the highest ${shown(float(f.max()), 2)}$, the "
        f"mean ${shown(float(f.mean()), 2)}$; {half} of {H} lie below a half.",
    )  # fmt: skip
