"""tanh vanishes less severely than the sigmoid."""

from core.experiments.interval import Share
from dashboard.claims.measures import FRESH, left_of, power
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, sure

BACK = 50


def measure(sample: Sample) -> Evidence:
    """What is left after 50 steps with the same weights."""
    return tuple(left_of(phi, sample, "rnn", T=61, back=BACK, activation=phi) for phi in ("tanh", "sigmoid"))


def judge(evidence: Evidence) -> Verdict:
    """Holds if more is left with tanh, weights for weights."""
    tanh, sigmoid = evidence
    more = Share(sum(a > b for a, b in zip(tanh.values, sigmoid.values, strict=True)), len(tanh.values))
    told = (
        f"With tanh {power(tanh.middle)} is left, with the sigmoid {power(sigmoid.middle)} (medians); more with tanh "
    )
    told += f"in {more} pairs of the same weights."
    return Verdict("holds" if more.hits >= MOST else "fails" if more.hits <= more.runs - MOST else "open", told,
                   sure=sure(more))  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """The other way round."""
    tanh, sigmoid = evidence
    return Row(tanh.label, sigmoid.values), Row(sigmoid.label, tanh.values)


TRIAL = Trial(
    lesson="gradients",
    claim="Gradients vanish less with tanh than with the sigmoid.",
    said="chapter",
    place="1. Vanishing Gradient Problem",
    rule="Run the same weights with either activation. The claim **holds** if more is left with tanh after 50 "
    "steps in 8 of 10 pairs.",
    conditions=f"{FRESH}; plain start",
    beyond="That tanh is safe: what is left is little with both.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    axis="Left of the gradient after 50 steps",
)
