"""The sentences of the lesson on gates at work, made from its runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import paths, zoo
from core.sentences import ContextSwitch
from core.written import number, power_of_ten, short, significant
from dashboard.figure import math, prose, token
from dashboard.figure.rich import Rich
from dashboard.lessons.gates.compute import (
    FIRST,
    Exploding,
    GatesRun,
    Measured,
    Reader,
    Switch,
    trained,
    trained_rnns,
)
from dashboard.lessons.gates.settings import GatesSettings

NARROW = "\N{NARROW NO-BREAK SPACE}"
LOW = 0.1  # a forget gate below this has forgotten, for our purpose
MUCH = 0.5  # more than this part of a subject cannot be called removed
STEPS = 20
ASKING = 4  # words of the question, "we now speak of"
NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def left(log10: float) -> str:
    """What is left of 1, with two digits."""
    return power_of_ten(log10, 2)


def steps(horizon: float) -> str:
    """A horizon in words."""
    return significant(horizon) if np.isfinite(horizon) else "–"


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}".replace("%", f"{NARROW}%")


def count(number: int) -> str:
    """A count at the beginning of a sentence."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def named(run: GatesRun, settings: GatesSettings) -> str:
    """Which network it is and from which forget bias, with its mean forget gate on the text."""
    if settings.network == "fresh":
        which = f"fresh, with forget bias {short(settings.bias)}"
    else:
        which = f"trained from forget bias {short(trained(settings.network).recipe.forget_bias)}"
    return f"{which}, mean forget gate {run.cell.f.mean():.2f} on this text"


def finding(run: GatesRun, settings: GatesSettings) -> Rich:
    """What the forget gates do where the second sentence begins, and in which parts the first sentence's cell lasts."""
    f = run.cell.f[:, 0].mean(axis=1)
    there, elsewhere = f[run.at - 1], np.delete(f, run.at - 1).mean()
    near = f" (forget bias {short(settings.bias)})" if settings.network == "fresh" else ""
    t = run.at - 1
    forget, through_h, later = (amount(part) for part in run.together[:, t - 1])
    return [
        "At “", token(run.words[t]), f"” the forget gates average {there:.2f}, at the other words "
        f"{elsewhere:.2f}{near}. Of ", math(f"c_{{{t}}}"), " at “", token(run.words[t - 1]), "”, ",
        math(f"‖∂c_T/∂c_{{{t}}}‖", "grad"), f" = {amount(run.together[:, t - 1].sum())} arrives at the end "
        f"({short(run.together[:, -1].sum())} at the last word itself): {forget} through the forget gates alone, "
        f"{through_h} by ", math(f"h_{{{t}}}"), f" at once, {later} by ", math("h", "h"), " of a later word.",
    ]  # fmt: skip


def amount(value: float) -> str:
    """A part with its sign, with two decimals where these say something."""
    return number(float(value), 2)


def parts_note(run: GatesRun, unit: int) -> Rich:
    """The parts of one unit at the word before the second sentence, added up."""
    t = run.at - 1
    each = run.same[:, t - 1, unit]
    forget, through_h, later = (significant(float(part)) for part in each)
    added = f"{forget} + {through_h} + {later} = {significant(float(each.sum()))}".replace("+ −", "− ")
    return prose(
        f"The parts of unit {unit}, with which the figure opens, are in itself at “",
        token(run.words[t - 1]),
        f"” {added}. With $h_{{{t}}}$ held fixed the second, {through_h}, would be missing.",
    )


def direct_take_away(run: GatesRun, settings: GatesSettings) -> Rich:
    """Whether the forget gates' product explains what reaches the end."""
    parts = run.together[:, run.at - 2]
    forget, through_h, later = parts / parts.sum()
    told = "most comes through the forget gates alone"
    if forget < MUCH:
        told = "less comes through the forget gates alone than through $h$"
    if forget < LOW:
        told = "hardly anything comes through the forget gates alone"
    return prose(
        "The direct path is a product as well: of forget gates. It lasts only where they all stay near 1. In this "
        f"network ({named(run, settings)}) {told}: {signed_percent(forget)} of what reaches the end from “",
        token(run.words[run.at - 2]),
        f"”. {signed_percent(through_h)} goes by $h_{{{run.at - 1}}}$ at once, "
        f"{signed_percent(later)} by $h$ of a later word, where weights and slopes multiply as in an RNN.",
    )


def signed_percent(share: float) -> str:
    """A share as per cent, with a decimal below ten and a true minus."""
    text = f"{share:.0%}" if abs(share) >= LOW else f"{share:.1%}"
    return text.replace("%", f"{NARROW}%").replace("-", "−")


def switch_finding(found: Switch) -> Rich:
    """Mean forget gates at the new subject, at the same one, and before training."""
    k = found.at - 1
    return [
        "At “", token(found.second), f"” the trained forget gates average {found.new.f[k]:.2f}; where the text goes on "
        f"about {FIRST} they average {found.same.f[k]:.2f}. Before training it was {found.before.f[k]:.2f}.",
    ]  # fmt: skip


def claims(found: Switch) -> str:
    """All that the chapter says of a change of context, as Markdown."""
    return f"{claim_carried(found)}\n{claim_forget(found)}"


def claim_carried(found: Switch) -> str:
    """The chapter's RNN that cannot let go, answered by measurement, as Markdown."""
    begun, end, second = (
        left(float(np.log10(part)))
        for part in (found.carried[found.at - 1], found.carried[-1], found.carried_second[-1])
    )
    plain, slow, _ = (short(rnn.recipe.lr) for rnn in trained_rnns())
    _, carried, dropped = (percent(part) for part in found.at_last)
    return (
        f"- *“The RNN still carries information from sentence 1.”* Of what {FIRST} made of its state at word 1, the "
        f"RNN trained at rate {plain}, which did not learn the task, has {begun} left right after “{found.second}” and "
        f"{end} at the last word; of {found.second} {second}. Two others (one seed each): trained at {slow} from the "
        f"same start, {carried} are left at the last word; from an orthogonal start, where it learned the task, "
        f"{dropped}."
    )


def claim_forget(found: Switch) -> str:
    """The chapter's f = 0 and i = 1, answered by measurement, as Markdown."""
    new, k, H = found.new, found.at - 1, len(found.new.f_at)
    gone, half = int((new.f_at < LOW).sum()), int((new.f_at < 0.5).sum())
    lowest, highest = float(new.f_at.min()), float(new.i_at.max())
    verb = "has" if gone <= 1 else "have"
    return (
        f"- *“$f_t = 0$ for {FIRST}-related information.”* {count(gone)} of the {H} units {verb} "
        f"$f$ below {short(LOW)} at “{found.second}”; the lowest is {lowest:.2f}, and {half} lie below a half. "
        f"No unit is “the {FIRST} unit”: {len(found.holders)} of them together hold 80{NARROW}% of what tells him from "
        f"the others. Weighted by what each unit holds of him, $f$ is {new.held[k]:.2f}, and "
        f"{found.same.held[k]:.2f} where he stays the subject.\n"
        f"- *“Removes old context.”* Not at one stroke. Right after “{found.second}” {percent(new.left[k])} of what "
        f"told {FIRST} from other first subjects is left in the cell, at the last word {percent(new.left[-1])}"
        f"{': outweighed rather than removed' if new.left[-1] > MUCH else ''}. Where he stays the subject it is "
        f"{percent(found.same.left[-1])}: he is not only kept, he is strengthened. "
        f"Before training, from forget bias 1, {percent(found.before.left[-1])} is left.\n"
        f"- *“$i_t = 1$ for the new person.”* The highest input gate at “{found.second}” is {highest:.2f}, their mean "
        f"{new.i[k]:.2f}. In this network gates lean; in the small one of the lesson before some of them shut."
    )


def answer_note(found: Switch) -> str:
    """When the read-out takes up the new subject, as Markdown."""
    place = ContextSwitch.classes.index(found.second)
    late = next((k for k in range(found.at - 1, len(found.words)) if _first(found.new, k) == place), None)
    if late is None:
        return f"The read-out never names {found.second}."
    words = late - found.at + 1
    after = "at once" if words == 0 else f"{words} word{'s' * (words > 1)} later, at “{found.words[late]}”"
    return (
        f"Asked after every word, though it was trained on the last one alone, the read-out first names "
        f"{found.second} {after}. Before the question, at “{found.words[-ASKING - 1]}”, it gives {found.second} "
        f"{percent(float(found.new.answers[-ASKING - 1, place]))}."
    )


def _first(reader: Reader, k: int) -> int:
    return int(reader.answers[k].argmax())


def horizon_finding(found: Measured) -> Rich:
    """Formula and measurement at one forget bias."""
    h = found.horizons
    every = steps(h.total) if np.isfinite(h.total) else "no end within the text"
    return [
        f"A gate that stays at σ({short(found.bias)}) = {found.gate:.3f} leaves 1/",
        math("e"),
        f" after {steps(found.formula)} "
        f"steps. Measured on {found.paths.T} words: {steps(h.direct)} on the direct path, {every} through every path.",
    ]


def horizon_note(found: Measured) -> str:
    """The spread over units, and what twenty steps leave, as Markdown."""
    T, h = found.paths.T, found.horizons
    kept = float((10.0 ** found.paths.direct[T - STEPS]).mean())
    slow = steps(h.slowest) if np.isfinite(h.slowest) else f"more than {T}"
    return (
        f"By formula $\\sigma(b)^{{{STEPS}}} = {significant(found.gate**STEPS, 2)}$ is left after {STEPS} steps; "
        f"measured it is {significant(kept, 2)}, the mean over units. "
        f"Single units last {steps(h.fastest)} to {slow} steps."
    )


def horizon_here(run: GatesRun, settings: GatesSettings) -> str:
    """The same measured on the text of the main figure, as Markdown."""
    h = paths.horizons(run.paths)
    which = f"fresh network with bias {short(settings.bias)}"
    if settings.network != "fresh":
        which = f"network trained from bias {short(trained(settings.network).recipe.forget_bias)}"
    told = f"keeps more than $1/e$ over all its {run.T} steps"
    if np.isfinite(h.direct):
        slow = steps(h.slowest) if np.isfinite(h.slowest) else f"more than {run.T}"
        told = f"falls to $1/e$ in {steps(h.direct)} steps, counted back from the last word"
        told += f" (single units {steps(h.fastest)} to {slow})"
    return f"On the text of “Other networks and texts”, the direct path of the {which} {told}."


def accuracies(lstm: zoo.Trained, rnns: Sequence[zoo.Trained]) -> str:
    """How often both cells name the right subject, as they were stored, as Markdown.

    Args:
        lstm: The network shown.
        rnns: Those of `RNNS`.
    """
    plain, slow, orthogonal = rnns
    most, far = lstm.recipe.most_gap, max(lstm.accuracy)
    low, high = (percent(of(plain.accuracy.values())) for of in (min, max))
    every = [share for gap in plain.card.accuracy for share in plain.card.accuracy[gap]]
    others = [share for k, share in enumerate(lstm.card.accuracy[far]) if k != lstm.card.place]
    seeds = NUMBERS[len(slow.card.seeds)].lower()
    return (
        f"With {most} words of filler after each sentence, the most it was trained on, the LSTM names the right "
        f"subject in {percent(lstm.accuracy[most])} of fresh texts; with {far}, in {percent(lstm.accuracy[far])} "
        f"(seed {lstm.recipe.seed}; {NUMBERS[len(others)].lower()} other seeds in {_at_least(min(others))}). "
        "A vanilla RNN of as many units, trained in the same way from a plain start ($W_h$ within $\\pm 1/\\sqrt{H}$) "
        f"at learning rate {short(plain.recipe.lr)}, is right in {low} to {high}, whatever the length (seed "
        f"{plain.recipe.seed}; {seeds} seeds {percent(min(every))} to {percent(max(every))}, and none learns it); "
        f"guessing gives {percent(ContextSwitch.chance)}. That is a verdict on this start at this rate, not on the "
        f"cell: at rate {short(slow.recipe.lr)} and {most} words, {seeds} RNNs from the plain start came to "
        f"{reached(slow, most)}, and {seeds} from an orthogonal one to {reached(orthogonal, most)}."
    )


def _at_least(share: float) -> str:
    return percent(share) if share == 1 else f"{percent(int(100 * share) / 100)} or more"


def reached(shown: zoo.Trained, gap: int) -> str:
    """From the lowest to the highest share over a card's seeds, and the median."""
    low, middle, high = (percent(share) for share in shown.card.middle(gap))
    return f"{low} to {high} (median {middle})"


def switch_take_away(found: Switch) -> str:
    """To what degree the first subject is forgotten, as Markdown."""
    k = found.at - 1
    return (
        f"To forget is a matter of degree. At “{found.second}” the forget gates keep {percent(found.new.held[k])} of "
        f"what holds {FIRST}, where he stays the subject {percent(found.same.held[k])}. The words that follow write "
        "the new subject, or strengthen the old one."
    )


def exploding_finding(found: Exploding) -> Rich:
    """How far a gradient can have grown although the forget gates shrink it."""
    grown = float(found.largest[0])
    what = "grown up to" if grown > 0 else "shrunk to"
    return [
        f"Over {len(found.words) - 1} steps a gradient can have {what} {left(grown)} times its length; the forget "
        f"gates alone leave at most {left(float(found.direct[0]))} of a cell (their mean is {found.gate:.2f}).",
    ]
