"""Predictions on what is left of a swapped word, who takes it, which word moves the answer, and the fair bench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.experiments.interval import Share, apart
from core.written import short, significant
from quiz.computed.guess import PERCENT, About, choice
from quiz.computed.numbers import inline
from quiz.schema import Choice

SOLVES = 8
"""Of ten runs: with so many a start is said to solve a task."""
CLEAR = 2.0
"""Factor between two effects that are told apart."""

FADES = About("guess-memory-fades", "memory", ("long-term-dependencies",), "easy")
HOLDS = About("guess-memory-holds", "memory", ("long-term-dependencies", "vanishing"))
TAKES = About("guess-memory-takes", "memory", ("long-term-dependencies", "activation-slopes"))
MOVES = About("guess-memory-moves", "memory", ("long-term-dependencies", "vanishing"))
LEADS = About("guess-memory-leads", "memory", ("long-term-dependencies", "forget-bias"))
SPREAD = About("guess-memory-spread", "memory", ("forget-bias", "long-term-dependencies"))


def share(value: float) -> str:
    """As per cent, in two digits."""
    return f"{short(100 * value, 2)}{PERCENT}"


def whole(value: float) -> str:
    """As whole per cent where there is one, for an option."""
    return f"{100 * value:.0f}{PERCENT}" if value >= 0.01 else share(value)


def fades(words: Sequence[str], left: Mapping[str, Sequence[float]], now: int, later: int) -> Choice | None:
    """What becomes of a difference over the next words.

    Args:
        words: T of them.
        left: By model, what is left of the difference at each word.
        now: The word that has been read.
        later: The word up to which it is asked about.
    """
    steps = [
        after / before for row in left.values() for before, after in zip(row[now - 1 :], row[now:later], strict=False)
    ]
    if not steps or max(steps) > 0.95:
        return None
    ends = ", ".join(f"{name} {share(row[later - 1])}" for name, row in left.items())
    true = f"after “{words[later - 1]}” {ends}"
    return choice(
        FADES,
        f"“{words[now - 2]}” and “{words[now - 1]}” are read. What will the difference do at the next "
        f"{_number(later - now)} words?",
        {
            "fade on": f"Every word takes some of it away, here more in the RNN: {true}.",
            "stay as it is": f"You let the state keep what it has. It is computed anew at every word: {true}.",
            "come back": f"Later words are the same in both readings, and know nothing of word 1: {true}.",
        },
        "fade on",
        f"Every word takes some of it away: {true}.",
    )  # fmt: skip


def holds(
    left: Mapping[str, Sequence[float]],
    over: Mapping[str, Sequence[float]],
    printed: Sequence[float],
    known: int,
    where: str,
) -> Choice | None:
    """What both networks hold at the last word.

    Args:
        left: By model, what is left at each word.
        over: By model, what is left at the last word in each of many networks drawn alike.
        printed: What the chapter draws.
        known: The last word whose bars are on the screen.
        where: The last word.
    """
    ends, then = ([whole(row[k]) for row in left.values()] for k in (-1, known - 1))
    right, drawn, still = f"{ends[0]} and {ends[1]}", f"both {whole(printed[-1])}", f"{then[0]} and {then[1]}"
    (_, rnn), (_, lstm) = left.items()
    if len({right, drawn, still}) < 3 or not rnn[-1] < lstm[-1] < 0.5:
        return None
    fair = [f"{_fair(printed[-1], found)} for the {name} ({_spread(found)})" for name, found in over.items()]
    count = len(next(iter(over.values())))
    reason = f"Of {count} fresh networks each, the chapter’s {share(printed[-1])} is {fair[0]} and {fair[1]}"
    return choice(
        HOLDS,
        f"What do the RNN and the LSTM hold at “{where}”?",
        {
            still: f"That is what they hold now. Each of the {_number(len(rnn) - known)} words to come takes some: "
            f"{right}.",
            right: f"{reason}.",
            drawn: f"You took the drawing for both. It is measured here, and the two differ: {right}.",
        },
        right,
        f"{reason}; these two hold {right}.",
    )


def _fair(printed: float, found: Sequence[float]) -> str:
    """How a number compares with those of many networks."""
    low, high = min(found), max(found)
    if low <= printed <= high:
        return "right"
    off, side = (printed / high, "high") if printed > high else (low / printed, "low")
    return f"{'too' if off > CLEAR else 'a little'} {side}"


def _spread(found: Sequence[float]) -> str:
    return f"{share(min(found))} to {share(max(found))}"


def takes(
    whole: Sequence[float], parts: Sequence[str], always: int, seeds: int, words: int, within: str
) -> Choice | None:
    """Which of three shrinks the difference most.

    Args:
        whole: What mixing, squashing and shifting multiply it by, over all words together.
        parts: The part of the fall, on a log axis, that each takes.
        always: In how many networks it is the same one.
        seeds: Of how many.
        words: Over how many the three are taken.
        within: Where the numbers in W_h lie.
    """
    names = ("mixed", "squashed", "shifted")
    top = min(range(3), key=lambda k: whole[k])
    if sorted(whole)[1] < 1.2 * whole[top]:
        return None
    usual = f"all {seeds}" if always == seeds else f"{always} of {seeds}"
    true = f"× {significant(whole[top], 2)} over {_number(words)} words, {parts[top]} of the fall"
    slips = {
        "mixed": "You took $W_h$ for it. Most is",
        "squashed": f"tanh has a part, {parts[1]}, but most is",
        "shifted": "The new word is the same in both readings, and acts by tanh’s slope alone. Most is",
    }
    why = {
        "mixed": f"The numbers in $W_h$ lie {within}, too small to keep the length",
        "squashed": "tanh flattens what $W_h$ made large",
        "shifted": "The new word moves tanh to where it is flat",
    }
    reason = f"{why[names[top]]}: {true}. It is so in {usual} networks drawn alike."
    return choice(
        TAKES,
        "Which of the three shrinks the difference most?",
        {name: reason if name == names[top] else f"{slips[name]} {names[top]}: {true}." for name in names},
        names[top],
        reason,
    )


def moves(
    fresh: float, trained: float, between: str, country: str, language: str, sure: str, flat: str
) -> Choice | None:
    """Whether a nudge moves what a trained network says further than what a fresh one does.

    Args:
        fresh: How far the fresh RNN's output moves.
        trained: Likewise the trained one's.
        between: How many words stand between, as a word.
        country: The word nudged.
        language: What the trained network answers.
        sure: How sure it is.
        flat: How many of its states lie where tanh is flat.
    """
    ratio = trained / fresh
    if 1 / CLEAR < ratio < CLEAR:
        return None
    right = "further" if ratio > 1 else "far less"
    true = f"{inline(trained, 2)} against {inline(fresh, 2)}"
    switch = f"It holds {country} like a switch pressed to one side: a nudge does not flip it, another country does."
    settled = f"{switch} At {flat} of the state tanh is flat"
    return choice(
        MOVES,
        f"With {between} words in between the trained RNN answers {language}, {sure} sure. How far will a nudge of "
        f"“{country}” move it, compared with the fresh RNN?",
        {
            "further": f"The answer hangs on that word: {true}."
            if right == "further"
            else f"How sure it is says nothing. {switch}",
            "as far": f"You expected training to leave this as it was: {true}.",
            "far less": f"{settled}."
            if right == "far less"
            else f"You expected it to have settled: {true}.",
        },
        right,
        f"{settled}." if right == "far less" else f"The answer hangs on that word: {true}.",
    )  # fmt: skip


def leads(usual: Sequence[Share], best: Sequence[Share], gap: int, *, keep: bool) -> Choice:
    """Which cell leads when each has its best.

    Args:
        usual: Runs that the common pair of starts solves, RNN first.
        best: Likewise each cell's best.
        gap: The gap.
        keep: Whether both best starts keep the state at first.
    """
    ahead = apart(best[1], best[0])
    both = all(found.hits >= SOLVES for found in best)
    right = "the LSTM" if ahead > 0 else "the RNN" if ahead < 0 else "neither"
    true = f"the best RNN solves {best[0]} fresh runs, the best LSTM {best[1]}"
    reasons = {
        "the LSTM": "You expected the gates to win; but",
        "the RNN": f"You went on from the common pair, {usual[0]} against {usual[1]}; but",
        "neither": "Their intervals do not overlap:",
    }
    whys = {
        "the LSTM": "Its interval lies above the RNN’s:",
        "the RNN": "Its interval lies above the LSTM’s:",
        "neither": "Both solve it:" if both else "Their 95 % intervals overlap:",
    }
    kept = " Both begin by keeping the state." if both and keep else ""
    return choice(
        LEADS,
        "Now each gets its best start of several, such as a $W_h$ that copies the state, or forget gates near 1. Who "
        f"clearly leads at gap {gap}?",
        {
            name: f"{whys[name]} {true}.{kept}" if name == right else f"{reasons[name]} {true}.{kept}"
            for name in reasons
        },
        right,
        f"{whys[right]} {true}.{kept}",
    )


def spread(lstm: Sequence[int], rnn: Sequence[int], runs: int, gap: int) -> Choice | None:
    """How far the starts of one cell lie apart.

    Args:
        lstm: Runs that each start of the LSTM solves at its best rate.
        rnn: Likewise of the RNN.
        runs: Of how many.
        gap: The gap.
    """
    low, high, middle = min(lstm), max(lstm), runs // 2
    right, narrow, few = f"{low} to {high}", f"{middle} to {runs}", f"{low} to {middle}"
    if len({right, narrow, few}) < 3:
        return None
    true = f"the LSTM’s starts solve {low} to {high} of {runs}, the RNN’s {min(rnn)} to {max(rnn)}"
    return choice(
        SPREAD,
        f"Each start at its best rate. From the LSTM’s worst to its best, how many of {runs} runs are solved at a gap "
        f"of {gap}?",
        {
            narrow: f"Gates at 0.5 halve all at every step: {true}.",
            right: f"The start decides: {true}.",
            few: f"You took {gap} steps to be too far, but gates that begin near 1 keep: {true}.",
        },
        right,
        f"The start decides: {true}.",
    )  # fmt: skip


def _number(count: int) -> str:
    names = ("no", "one", "two", "three", "four", "five", "six")
    return names[count] if count < len(names) else str(count)
