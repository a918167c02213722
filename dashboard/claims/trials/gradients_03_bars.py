"""Ten steps back half of the gradient is left, twenty back a tenth."""

import math
from dataclasses import replace

from dashboard.claims.measures import FRESH, left_of, power
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, sure

CLAIMED = (math.log10(0.5), math.log10(0.1))
BACK = (10, 20)
NEAR = math.log10(2)


def measure(sample: Sample) -> Evidence:
    """What is left so far back, by activation."""
    return tuple(
        left_of(f"{phi}, {back} steps back", sample, "rnn", T=40, back=back, activation=phi)
        for phi in ("sigmoid", "tanh")
        for back in BACK
    )


def _near(row: Row, claimed: float) -> bool:
    return row.count(lambda v: abs(v - claimed) <= NEAR).hits >= MOST


def judge(evidence: Evidence) -> Verdict:
    """Holds if both are within a factor of two, for both activations."""
    near = [_near(row, CLAIMED[k % 2]) for k, row in enumerate(evidence)]
    told = f"A sigmoid network keeps {power(evidence[0].middle)} over ten steps and {power(evidence[1].middle)} over "
    told += f"twenty, one with tanh {power(evidence[2].middle)} and {power(evidence[3].middle)} (medians)."
    fits = [all(near[:2]), all(near[2:])]
    if any(fits) and not all(fits):
        return Verdict("when", told, when=f"φ is {('the sigmoid', 'tanh')[fits.index(True)]}")
    share = evidence[0].count(lambda v: abs(v - CLAIMED[0]) <= NEAR)
    return Verdict("holds" if all(fits) else "fails", told, sure=sure(share))


def turned(evidence: Evidence) -> Evidence:
    """As drawn in the chapter."""
    return tuple(replace(row, values=(CLAIMED[k % 2],) * len(row.values)) for k, row in enumerate(evidence))


TRIAL = Trial(
    lesson="gradients",
    claim="Ten steps back half of the gradient is left, twenty steps back a tenth.",
    said="chapter",
    place="1. Vanishing Gradient Problem",
    rule="See what is left of a gradient 10 and 20 steps back. The claim **holds** if both are within a factor of "
    "two of what the bars show, in 8 of 10 networks.",
    conditions=f"{FRESH}; plain start",
    beyond="That no network fades like the bars: one can be made to.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    axis="Left of the gradient",
)
