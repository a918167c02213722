"""An LSTM has no vanishing gradient."""

from dashboard.claims.measures import FRESH, left_of, power
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, replaced, sure

BACK = 50
GONE = -3.0


def measure(sample: Sample) -> Evidence:
    """What is left of the cell's gradient after 50 steps, by the start of W_h and the forget bias."""
    starts = (("plain", "uniform", 0), ("plain", "uniform", 1), ("plain", "uniform", 3), ("plain", "uniform", 5),
              ("orthogonal", "orthogonal", 0), ("orthogonal", "orthogonal", 1))  # fmt: skip
    return tuple(
        left_of(f"{name} Wₕ with bias {bias}", sample, "lstm", T=61, back=BACK, forget_bias=float(bias), scheme=scheme)
        for name, scheme, bias in starts
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds for the starts from which most networks keep a thousandth."""
    kept = [row.count(lambda v: v >= GONE) for row in evidence]
    good = [share.hits >= MOST for share in kept]
    told = (
        "Left after 50 steps: "
        + ", ".join(f"{power(row.middle)} ({row.label})" for row in evidence)
        + ", in the median."
    )
    if all(good) or not any(good):
        return Verdict("holds" if all(good) else "fails", told, sure=sure(min(kept)))
    starts = [row.label for row, g in zip(evidence, good, strict=True) if g]
    return Verdict("when", told, when=f"it starts from {' or '.join(starts)}", sure=sure(kept[good.index(True)]))


def turned(evidence: Evidence) -> Evidence:
    """Nothing is lost."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="gates",
    claim="An LSTM has no vanishing gradient.",
    said="chapter",
    place="How LSTM Solves RNN Problems; Comparison: RNN vs LSTM",
    rule="See what is left of $\\partial L/\\partial c_t$ 50 steps back. A start keeps the gradient if a "
    "thousandth or more is left in 8 of 10 networks. The claim **holds** if every start does.",
    conditions=FRESH,
    beyond="Trained networks, whose gates have moved.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=GONE,
    axis="Left of the cell’s gradient after 50 steps",
)
