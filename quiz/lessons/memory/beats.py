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
            "fade on": f"Every word takes its part, here a larger one in the RNN: {true}.",
            "stay as it is": f"You let the state keep what it has. It is computed anew at every word: {true}.",
            "come back": f"You let later words bring it back. They are the same in both readings, and know nothing of "
            f"word 1: {true}.",
        },
        "fade on",
        f"Every word takes its part: {true}.",
    )  # fmt: skip


def holds(left: Mapping[str, Sequence[float]], printed: Sequence[float], known: int, where: str) -> Choice | None:
    """What both networks hold at the last word.

    Args:
        left: By model, what is left at each word.
        printed: What the chapter draws.
        known: The last word whose bars are on the screen.
        where: The last word.
    """
    ends, then = ([whole(row[k]) for row in left.values()] for k in (-1, known - 1))
    right, drawn, still = f"{ends[0]} and {ends[1]}", f"both {whole(printed[-1])}", f"{then[0]} and {then[1]}"
    (_, rnn), (_, lstm) = left.items()
    if len({right, drawn, still}) < 3 or not rnn[-1] < lstm[-1] < 0.5:
        return None
    fair = "about right for the RNN" if 0.5 <= printed[-1] / rnn[-1] <= 2 else "not the RNN’s"
    low = "too low for the LSTM" if printed[-1] < lstm[-1] / 2 else "about right for the LSTM"
    reason = f"Of these two fresh networks, the chapter’s {share(printed[-1])} is {fair} and {low}"
    return choice(
        HOLDS,
        f"What do the RNN and the LSTM hold at “{where}”?",
        {
            still: f"That is what they hold now. Each of the {_number(len(rnn) - known)} words to come takes its part: "
            f"{right}.",
            right: f"{reason}.",
            drawn: f"You took the drawing for both. It is measured here, and the two differ: {right}.",
        },
        right,
        f"{reason}: they hold {right}.",
    )


def takes(whole: Sequence[float], parts: Sequence[str], always: int, seeds: int, words: int) -> Choice | None:
    """Which of three takes most of the difference.

    Args:
        whole: What mixing, squashing and overwriting multiply it by, over all words together.
        parts: The part of the fall, on a log axis, that each takes.
        always: In how many networks it is the same one.
        seeds: Of how many.
        words: Over how many the three are taken.
    """
    names = ("mixed", "squashed", "overwritten")
    top = min(range(3), key=lambda k: whole[k])
    if sorted(whole)[1] < 1.2 * whole[top]:
        return None
    usual = f"all {seeds}" if always == seeds else f"{always} of {seeds}"
    true = f"× {significant(whole[top], 2)} over {_number(words)} words, {parts[top]} of the fall"
    slips = {
        "mixed": "You took $W_h$ for it. Most is",
        "squashed": f"tanh does take its part, {parts[1]}, but most is",
        "overwritten": "The new word is the same in both readings, and acts by tanh’s slope alone. Most is",
    }
    why = {
        "mixed": "$W_h$ is drawn small and shrinks what it mixes",
        "squashed": "tanh flattens what $W_h$ made large",
        "overwritten": "The new word moves tanh to where it is flat",
    }
    reason = f"{why[names[top]]}: {true}. It takes most in {usual} networks drawn alike."
    return choice(
        TAKES,
        "Which of the three takes most?",
        {name: reason if name == names[top] else f"{slips[name]} {names[top]}: {true}." for name in names},
        names[top],
        reason,
    )


def moves(fresh: float, trained: float, gap: int, country: str, language: str, sure: str, flat: str) -> Choice | None:
    """Whether a nudge moves what a trained network says further than what a fresh one does.

    Args:
        fresh: How far the fresh RNN's output moves.
        trained: Likewise the trained one's.
        gap: Words in between.
        country: The word nudged.
        language: What the trained network answers.
        sure: How sure it is.
        flat: How many of its states lie where tanh is flat.
    """
    ratio = trained / fresh
    if 1 / CLEAR < ratio < CLEAR:
        return None
    right = "further" if ratio > 1 else "far less"
    true = f"{inline(trained, 2)} against {inline(fresh, 2)}, {gap} words on"
    settled = f"{flat} of its states lie where tanh is flat: a nudge dies out"
    return choice(
        MOVES,
        f"The trained RNN answers {language}, {sure} sure. How far will a nudge of “{country}” move it, beside the "
        "fresh one?",
        {
            "further": f"The answer hangs on that word: {true}."
            if right == "further"
            else f"You took what it knows for what a nudge moves. {settled}, {true}.",
            "as far": f"You expected training to leave this as it was: {true}.",
            "far less": f"{settled}, {true}."
            if right == "far less"
            else f"You expected it to have settled: {true}.",
        },
        right,
        f"{settled}, {true}." if right == "far less" else f"The answer hangs on that word: {true}.",
    )  # fmt: skip


def leads(usual: Sequence[Share], best: Sequence[Share], gap: int) -> Choice:
    """Which cell leads when each has its best.

    Args:
        usual: Runs that the common pair of starts solves, RNN first.
        best: Likewise each cell's best.
        gap: The gap.
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
    return choice(
        LEADS,
        f"Each may begin better: $W_h$ may copy the state, forget gates be open. Who clearly leads at gap {gap}?",
        {name: f"{whys[name] if name == right else reasons[name]} {true}." for name in reasons},
        right,
        f"{whys[right]} {true}.",
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
            narrow: f"You took the cell to be enough, but a gate that starts half open forgets: {true}.",
            right: f"The start decides: {true}.",
            few: f"You took {gap} steps to be too far, but gates that start nearly open keep: {true}.",
        },
        right,
        f"The start decides: {true}.",
    )  # fmt: skip


def _number(count: int) -> str:
    names = ("no", "one", "two", "three", "four", "five", "six")
    return names[count] if count < len(names) else str(count)
