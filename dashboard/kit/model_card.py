"""A trained model's card, as words: what it is, how well it does, and how usual that is over seeds."""

from __future__ import annotations

import streamlit as st

from core import zoo
from core.experiments.interval import Share
from core.written import short
from core.zoo import Card, Recipe
from core.zoo.cards import SOLVED, SWITCH_GAP
from dashboard.figure.rows import percent
from dashboard.kit.words import coloured

CELLS = {"rnn": "RNN", "lstm": "LSTM"}
STARTS = {"uniform": "plain", "orthogonal": "orthogonal"}


def line(shown: zoo.Trained) -> str:
    """Which network it is and how well it and its recipe do, in two sentences, as Markdown."""
    recipe, card = shown.recipe, shown.card
    gap = recipe.most_gap
    low, _, high = card.middle(gap)
    reach = f"{card.solved(gap).hits} reach {percent(SOLVED)} ({_between(low, high)})"
    seeds = f"of {len(card.seeds)} seeds trained alike {reach}"
    return (
        f"A trained {_kind(recipe)}, seed {recipe.seed}. With {gap} words of filler it is right on "
        f"{percent(card.right(gap).value)} of fresh texts; {seeds}.{_gates_in_short(card)}{_turned_in_short(card)}"
    )


def whole(shown: zoo.Trained) -> str:
    """The whole card, as Markdown."""
    recipe, card = shown.recipe, shown.card
    parts = [
        f"**{shown.name}**: {_kind(recipe)}",
        f"Good to show: {recipe.shows}." if recipe.shows else "",
        _recipe(shown),
        _table(card),
        _gates(card),
        _switch(card),
    ]
    return coloured("\n\n".join(part for part in parts if part))


def popover(label: str, *shown: zoo.Trained, key: str) -> None:
    """Draw a button that opens the cards of some models."""
    with st.popover(label, width="content", key=key):
        st.markdown("\n\n".join(whole(each) for each in shown))


def _kind(recipe: Recipe) -> str:
    start = f"{STARTS[recipe.scheme]} start"
    start += f", forget bias {short(recipe.forget_bias)}" if recipe.cell == "lstm" else ""
    return f"{CELLS[recipe.cell]} of {recipe.H} units, {start}"


def _recipe(shown: zoo.Trained) -> str:
    recipe = shown.recipe
    return (
        f"Recipe: the task “{shown.title}”, {recipe.steps:,} batches of {recipe.batch} with at most {recipe.most_gap} "
        f"words of filler; Adam (gradient descent that fits its step to each weight) at a learning rate of "
        f"{short(recipe.lr)}, gradients no longer than {short(recipe.clip)}. "
        f"It has seed {recipe.seed}: {recipe.picked}."
    )


def _table(card: Card) -> str:
    seeds = len(card.seeds)
    rows = [
        f"| {gap} | {percent(card.right(gap).value)} ({_interval(card.right(gap))}) | "
        f"{_between(*card.middle(gap)[::2])} | {card.solved(gap)} ({_interval(card.solved(gap))}) |"
        for gap in card.accuracy
    ]
    table = "\n".join(
        [
            f"| filler | right, of {card.tested:,} | over {seeds} seeds | seeds that reach {percent(SOLVED)} |",
            "|---|---|---|---|",
            *rows,
        ]
    )
    return (
        f"{table}\n\nIn brackets: 95 % intervals (Wilson’s): within them the share of all such texts or seeds may lie."
    )


def _gates(card: Card) -> str:
    if not card.gates:
        return ""
    means = []
    for gate in card.gates:
        own, low, high = card.mean(gate)
        means.append(rf"$\textcolor{{{gate}}}{{{gate}}}$ {own:.2f} ({low:.2f} to {high:.2f} over seeds)")
    return f"Mean gates with {card.gate_gap} words of filler: {', '.join(means)}."


def _gates_in_short(card: Card) -> str:
    if not card.gates:
        return ""
    own, low, high = card.mean("f")
    return f" Its forget gates are {own:.2f} on average; over those seeds {low:.2f} to {high:.2f}."


def _turned_in_short(card: Card) -> str:
    if not card.switches:
        return ""
    first, second = zoo.PAIRS[0]
    here = zoo.PAIRS[0] in card.switches[card.place].turned
    return (
        f" With {SWITCH_GAP} words of filler, holding f = 1 at “{second}” "
        f"{'brings' if here else 'does not bring'} {first} back; it does in "
        f"{card.turning(zoo.PAIRS[0])} seeds, and for {card.turned_pairs} pairs of names over all seeds."
    )


def _switch(card: Card) -> str:
    """What it does where the second name comes, and what it would do with f held at 1."""
    if not card.switches:
        return ""
    own, pairs = card.switches[card.place], len(zoo.PAIRS)
    fs = [switch.f for switch in card.switches]
    forgets = [switch.forgets for switch in card.switches]
    return (
        f"At the second name, with {SWITCH_GAP} words of filler, f is {own.f:.2f} on average ({min(fs):.2f} to "
        f"{max(fs):.2f} over seeds). For {own.forgets} of {pairs} pairs of names more is forgotten there than at any "
        f"other word (over seeds: for {min(forgets)} to {max(forgets)}).\n\n{_turned(card)}"
    )


def _turned(card: Card) -> str:
    own, pairs = card.switches[card.place], len(zoo.PAIRS)
    pair = zoo.PAIRS[0]
    known, any_ = card.turning(pair), card.turning()
    return (
        f"Held at 1 there, the forget gates turn the answer back to the first name for {len(own.turned)} of {pairs} "
        f"pairs. In the {len(card.seeds)} seeds together: {card.turned_pairs}. Some pair turns back in {any_} seeds "
        f"({_interval(any_)}); {pair[0]}, then {pair[1]}, in {known} ({_interval(known)})."
    )


def _between(low: float, high: float) -> str:
    return percent(low) if percent(low) == percent(high) else f"{percent(low)} to {percent(high)}"


def _interval(share: Share) -> str:
    return _between(*share.interval)
