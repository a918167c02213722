"""An LSTM has no exploding gradient."""

from dashboard.claims.measures import FRESH, left_of
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, replaced, sure

GAINS = (1, 2, 4, 8)
BACK = 50


def measure(sample: Sample) -> Evidence:
    """Growth over 50 steps, by the factor on W_h."""
    return tuple(
        left_of(f"Wₕ times {gain}", sample, "lstm", T=61, back=BACK, scheme="orthogonal", gain=float(gain))
        for gain in GAINS
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if no factor makes most networks' gradient grow."""
    grown = [row.count(lambda v: v > 0) for row in evidence]
    explodes = [share.hits >= MOST for share in grown]
    told = "It grows over 50 steps in " + ", ".join(f"{s} at {g}" for s, g in zip(grown, GAINS, strict=True)) + "."
    if all(explodes) or not any(explodes):
        return Verdict("fails" if all(explodes) else "holds", told, sure=sure(grown[-1]))
    return Verdict("when", told, when=f"$W_h$ is below {GAINS[explodes.index(True)]} times an orthogonal one",
                   sure=sure(grown[explodes.index(True)]))  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """Everything grows."""
    return replaced(evidence, lambda _: 1.0)


TRIAL = Trial(
    lesson="gates",
    claim="An LSTM has no exploding gradient.",
    said="chapter",
    place="How LSTM Solves RNN Problems; Comparison: RNN vs LSTM",
    rule="Multiply $W_h$ of all gates by 1, 2, 4 and 8. The gradient explodes if it grows over 50 steps in 8 of 10 "
    "networks. The claim **holds** if it explodes at none.",
    conditions=f"{FRESH}; orthogonal $W_h$ for every gate, forget bias 1",
    beyond="How often training gets there; clip an LSTM’s gradient too.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=0.0,
    axis="Times the gradient’s length, 50 steps back",
)
