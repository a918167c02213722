"""Large weights make gradients explode."""

from dashboard.claims.measures import FRESH, left_of
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, replaced, sure

GAINS = (1.0, 1.5, 2.0, 3.0, 30.0)
BACK = 50


def measure(sample: Sample) -> Evidence:
    """Growth over 50 steps, by the factor on W_h."""
    names = {gain: f"orthogonal Wₕ times {gain:g}" for gain in GAINS}
    return tuple(
        left_of(name, sample, "rnn", T=61, back=BACK, scheme="orthogonal", gain=gain) for gain, name in names.items()
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds for every factor above 1, for none, or for some."""
    grown = [row.count(lambda v: v > 0) for row in evidence[1:]]
    large = [share.hits >= MOST for share in grown]
    told = "The gradient grows in " + ", ".join(f"{s} at {g:g}" for s, g in zip(grown, GAINS[1:], strict=True))
    if all(large) or not any(large):
        return Verdict("holds" if all(large) else "fails", f"{told}.", sure=sure(grown[-1]))
    factors = [f"{gain:g}" for gain, is_large in zip(GAINS[1:], large, strict=True) if is_large]
    found = sure(grown[large.index(True)])
    return Verdict("when", f"{told}.", when=f"an orthogonal Wₕ is multiplied by {' or '.join(factors)}", sure=found)


def turned(evidence: Evidence) -> Evidence:
    """Nothing grows."""
    return replaced(evidence, lambda _: -1.0)


TRIAL = Trial(
    lesson="gradients",
    claim="Large weights make gradients explode.",
    said="chapter",
    place="2. Exploding Gradient Problem",
    rule="Multiply an orthogonal $W_h$ by 1.5, 2, 3 and 30. A factor makes the gradient explode if it grows over 50 "
    "steps in 8 of 10 networks. The claim **holds** if every factor does.",
    conditions=f"{FRESH}; tanh",
    beyond="Other starts and activations. At 30 tanh saturates, and its slopes take more than the weights give.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=0.0,
    axis="Times the gradient’s length, 50 steps back",
)
