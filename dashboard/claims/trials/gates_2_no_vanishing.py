"""An LSTM has no vanishing gradient."""

from dashboard.claims.measures import FRESH, left_of, power
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, replaced, sure

BACK = 50
GONE = -3.0


def measure(sample: Sample) -> Evidence:
    """What is left of the cell's gradient after 50 steps, by forget bias."""
    return tuple(
        left_of(f"forget bias {bias}", sample, "lstm", T=61, back=BACK, forget_bias=float(bias))
        for bias in (0, 1, 3, 5)
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds for the biases from which most networks keep a thousandth."""
    kept = [row.count(lambda v: v >= GONE) for row in evidence]
    good = [share.hits >= MOST for share in kept]
    told = (
        "Left after 50 steps: "
        + ", ".join(f"{power(row.middle)} ({row.label})" for row in evidence)
        + ", in the median."
    )
    if all(good) or not any(good):
        return Verdict("holds" if all(good) else "fails", told, sure=sure(min(kept)))
    biases = [row.label.removeprefix("forget bias ") for row, g in zip(evidence, good, strict=True) if g]
    return Verdict("when", told, when=f"the forget bias is {' or '.join(biases)}", sure=sure(kept[good.index(True)]))


def turned(evidence: Evidence) -> Evidence:
    """Nothing is lost."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="gates",
    claim="An LSTM has no vanishing gradient.",
    said="chapter",
    place="How LSTM Solves RNN Problems; Comparison: RNN vs LSTM",
    rule="See what is left of $\\partial L/\\partial c_t$ 50 steps back. A forget bias keeps the gradient if a "
    "thousandth or more is left in 8 of 10 networks. The claim **holds** if every bias does.",
    conditions=FRESH,
    beyond="Trained networks, whose gates have moved.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=GONE,
    axis="Left of the cell’s gradient after 50 steps",
)
