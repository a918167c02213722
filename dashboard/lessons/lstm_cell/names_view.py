"""What a held forget gate does for every two names, how usual that is, and which sentence other numbers are about."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core import zoo
from core.experiments.interval import Share
from core.written import short
from core.zoo import Card
from core.zoo.cards import SWITCH_GAP
from dashboard.figure.rows import percent
from dashboard.kit.words import escaped
from dashboard.lessons.lstm_cell.beats import LARGER, num
from dashboard.lessons.lstm_cell.compute import NAME, Cell, trained
from dashboard.lessons.lstm_cell.told import ALWAYS, Run, told

HOLDS = {"as computed": "---", "held $f = 1$": "1--", "held $i = 0$": "-0-", "both": "10-", "held $f = 0$": "0--"}
"""What stands in the table, by the name of its run; all but the last column are held at the second name."""


def pairs(chosen: tuple[str, str]) -> str:
    """The answers for all pairs of names, as Markdown."""
    columns = {**HOLDS, "$f = 1$ everywhere": ALWAYS}
    rows = [
        f"| {_strong(f'{first}, then {second}', (first, second) == chosen)} | "
        + " | ".join(_answer(told(first, second).runs[name]) for name in columns.values())
        + " |"
        for first, second in zoo.PAIRS
    ]
    turned = sum(told(*pair).runs["1--"].named == pair[0] for pair in zoo.PAIRS)
    head = f"| names | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}"
    return "\n".join([head, *rows]) + (
        f"\n\nThe answer after the last word and its probability, with {SWITCH_GAP} words of filler and gates held at "
        f"the second name in all units. With $f = 1$ there the first name comes back for {turned} of {len(zoo.PAIRS)} "
        f"pairs.{_strangers()}"
    )


def _strangers() -> str:
    """Why an answer may be a name that the text never had, where one is."""
    if all(told(*pair).runs[name].named in pair for pair in zoo.PAIRS for name in HOLDS.values()):
        return ""
    return (
        " Some answers are names that the text never had. With $i = 0$ nothing of the second name is written, with "
        "$f = 0$ everything before it is lost: training never led to such states, and the read-out must still pick "
        "one of the four names."
    )


def _strong(text: str, is_: bool) -> str:
    return f"**{text}**" if is_ else text


def _answer(run: Run) -> str:
    return f"{run.named} {num(run.sure)}"


@lru_cache(maxsize=1)
def usual() -> str:
    """How usual it is that the first name comes back, over the seeds of both sizes, as Markdown."""
    rows = [_row(name, zoo.load(name).card) for name in (NAME, LARGER)]
    return "\n".join(
        [
            "| networks trained alike | pairs of names that turn back | networks in which any pair does |",
            "|---|---|---|",
            *rows,
            "",
            f"{len(zoo.load(NAME).card.seeds)} networks of each size, from as many random starts (forget bias "
            f"{zoo.RECIPES[NAME].forget_bias:g}); {len(zoo.PAIRS)} pairs in each, {SWITCH_GAP} words of filler. A pair "
            "turns back if the answer is the second name as computed, and the first one with $f$ held at 1. In "
            "brackets: between what the share of all networks trained so may lie (95 % interval).",
        ]
    )


def card_in_words() -> str:
    """What the network's card says in the field's terms, in plain words."""
    recipe = trained().recipe
    return (
        f"In plain words: the network on the screen was trained from seed {recipe.seed}, picked for what beat 6 shows. "
        f"It was trained with Adam, a form of gradient descent, with step size {short(recipe.lr)}. Filler is what "
        "stands between what matters: “it was a …”. A share counted on a few is not the share of all; a 95 % interval "
        "says between what that may lie, and Wilson’s is one way to compute it."
    )


def _row(name: str, card: Card) -> str:
    recipe = zoo.RECIPES[name]
    any_ = card.turning()
    return f"| {recipe.H} units | {card.turned_pairs} | {any_} ({_interval(any_)}) |"


def _interval(share: Share) -> str:
    return " to ".join(percent(v) for v in share.interval)


def sentence(run: Cell) -> str:
    """Which sentence and network the numbers of a fold are about."""
    which = "the trained network" if run.settings.network == "trained" else "a fresh network"
    held = "" if np.isnan(run.held).all() else ", with the gates held there"
    return f"Numbers of {which} on the sentence of “One step in numbers”{held}: “{escaped(' '.join(run.labels))}”"
