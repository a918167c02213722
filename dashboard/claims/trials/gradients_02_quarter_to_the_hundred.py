"""After 100 steps a sigmoid network's gradient is 0.25 to the power of 100."""

import math

from dashboard.claims.measures import FRESH, left_of, power
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, replaced, sure

BACK = 100
CLAIMED = BACK * math.log10(0.25)
NEAR = 1.0  # decade


def measure(sample: Sample) -> Evidence:
    """What is left after 100 steps, W_h drawn in two ways."""
    return tuple(
        left_of(f"sigmoid, {name}", sample, "rnn", T=BACK + 1, back=BACK, activation="sigmoid", scheme=scheme)
        for name, scheme in (("plain start", "uniform"), ("orthogonal start", "orthogonal"))
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if what is left is within a factor of ten of it."""
    near = [row.count(lambda v: abs(v - CLAIMED) <= NEAR) for row in evidence]
    told = " and ".join(f"{power(row.middle)} ({row.label.split(', ')[1]})" for row in evidence)
    told = f"Left is {told}, in the median; 0.25 to the power of 100 is {power(CLAIMED)}."
    good = [share.hits >= MOST for share in near]
    if any(good) and not all(good):
        start = evidence[good.index(True)].label.split(", ")[1]
        return Verdict("when", told, when=f"the network has the {start}", sure=sure(near[good.index(True)]))
    return Verdict("holds" if all(good) else "fails", told, sure=sure(near[0]))


def turned(evidence: Evidence) -> Evidence:
    """Exactly as claimed."""
    return replaced(evidence, lambda _: CLAIMED)


TRIAL = Trial(
    lesson="gradients",
    claim="After 100 steps the gradient of a sigmoid network is $0.25^{100}$.",
    said="chapter",
    place="1. Vanishing Gradient Problem",
    rule="Send a gradient into the last state and see what is left 100 steps back. The claim **holds** if that is "
    "within a factor of ten of $0.25^{100}$ in 8 of 10 networks.",
    conditions=FRESH,
    beyond="That the slope alone is wrong: each step multiplies by slope **and** $W_h$, and slopes are below 0.25.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=CLAIMED,
    axis="Left of the gradient after 100 steps",
)
