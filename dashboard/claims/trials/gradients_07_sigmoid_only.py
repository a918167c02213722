"""A mistake: vanishing happens only with the sigmoid."""

from dashboard.claims.measures import FRESH, left_of, power
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, replaced, sure

BACK = 50
GONE = -3.0


def measure(sample: Sample) -> Evidence:
    """What is left after 50 steps, by activation."""
    return tuple(
        left_of(f"{phi}, plain start", sample, "rnn", T=61, back=BACK, activation=phi) for phi in ("tanh", "relu")
    )


def judge(evidence: Evidence) -> Verdict:
    """Fails if a network without a sigmoid loses its gradient."""
    gone = [row.count(lambda v: v < GONE) for row in evidence]
    told = (
        f"Less than a thousandth is left in {gone[0]} networks with tanh (median {power(evidence[0].middle)}) and in "
    )
    told += f"{gone[1]} with ReLU."
    most = max(gone, key=lambda share: share.value)
    return Verdict("fails" if most.hits >= MOST else "holds" if most.hits == 0 else "open", told, sure=sure(most))


def turned(evidence: Evidence) -> Evidence:
    """Nothing vanishes."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="gradients",
    claim="Vanishing gradients only happen with the sigmoid.",
    said="mistake",
    place="Common Mistakes",
    rule="Look at networks without a sigmoid. The claim **does not hold** if less than a thousandth of the gradient is "
    "left after 50 steps in 8 of 10 of one kind.",
    conditions=f"{FRESH}; plain start",
    beyond="That it must vanish: an orthogonal start keeps far more.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=GONE,
    axis="Left of the gradient after 50 steps",
)
