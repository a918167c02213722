"""The sigmoid's slope is at most 0.25."""

import numpy as np

from core.slopes import slope_at
from core.written import significant
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, replaced

MOST_SLOPE = 0.25


def measure(_: Sample) -> Evidence:
    """The largest slope on a fine grid."""
    a = np.linspace(-20, 20, 400_001)
    slopes = slope_at("sigmoid", a)
    at = float(a[int(slopes.argmax())])
    return (Row("largest slope of the sigmoid", (float(slopes.max()),), note=f"at a = {significant(abs(at), 2)}"),)


def judge(evidence: Evidence) -> Verdict:
    """Holds if no slope is above a quarter."""
    (row,) = evidence
    return Verdict(
        "holds" if row.middle <= MOST_SLOPE + 1e-12 else "fails",
        f"The largest slope is {significant(row.middle)}, where the sigmoid is one half.",
        sure="exact: σ′ = σ(1 − σ)",
    )


def turned(evidence: Evidence) -> Evidence:
    """A steeper one."""
    return replaced(evidence, lambda v: 2 * v)


TRIAL = Trial(
    lesson="gradients",
    claim="The sigmoid’s slope is at most 0.25.",
    said="chapter",
    place="1. Vanishing Gradient Problem",
    rule="Evaluate the slope at 400,001 points from −20 to 20. The claim **holds** if none is above 0.25.",
    conditions="σ′ as `core` uses it in backpropagation",
    beyond="How much a step takes: that is the slope times $W_h$.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=MOST_SLOPE,
    axis="Slope",
)
