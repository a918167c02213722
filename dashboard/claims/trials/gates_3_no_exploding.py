"""An LSTM has no exploding gradient."""

from dashboard.claims.measures import FRESH, left_of
from dashboard.claims.trial import FEW, Evidence, Sample, Trial, Verdict, replaced, sure

GAINS = (1, 2, 4)
BIASES = (1, 5)
BACK = 100
TENFOLD = 1.0


def measure(sample: Sample) -> Evidence:
    """Growth over 100 steps, by the forget bias and the factor on W_h."""
    found = []
    for bias in BIASES:
        for gain in GAINS:
            start: dict[str, str | float] = {"scheme": "orthogonal", "forget_bias": float(bias), "gain": float(gain)}
            label = f"forget bias {bias} with Wₕ times {gain}"
            found.append(left_of(label, sample, "lstm", T=111, back=BACK, **start))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds where it grows in few networks, fails where it does so nowhere."""
    grown = [row.count(lambda v: v > TENFOLD) for row in evidence]
    safe = [share.hits <= FEW for share in grown]
    told = "It grows tenfold and more over 100 steps in "
    told += ", ".join(f"{share} ({row.label})" for share, row in zip(grown, evidence, strict=True)) + "."
    if all(safe) or not any(safe):
        return Verdict("holds" if all(safe) else "fails", told, sure=sure(max(grown)))
    known = sure(grown[safe.index(True)])
    together = [all(safe[k :: len(GAINS)]) for k in range(len(GAINS))]  # at every bias
    if safe == together * len(BIASES) and together == sorted(together, reverse=True):
        most = GAINS[together.count(True) - 1]
        return Verdict("when", told, when=f"Wₕ is at most {most} times an orthogonal one", sure=known)
    names = [row.label for row, s in zip(evidence, safe, strict=True) if s]
    return Verdict("when", told, when=f"it starts from {' or '.join(names)}", sure=known)


def turned(evidence: Evidence) -> Evidence:
    """Everything grows."""
    return replaced(evidence, lambda _: 2.0)


TRIAL = Trial(
    lesson="gates",
    claim="An LSTM has no exploding gradient.",
    said="chapter",
    place="How LSTM Solves RNN Problems; Comparison: RNN vs LSTM",
    rule="Multiply $W_h$ of all gates by 1, 2 and 4, at forget bias 1 and 5. The claim **holds** if the gradient grows "
    "tenfold over 100 steps in at most 2 of 10 networks at each, and **holds when** it starts from one that does.",
    conditions=f"{FRESH}; orthogonal $W_h$ for every gate",
    beyond="How often training gets there; clip an LSTM’s gradient too.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=TENFOLD,
    axis="Times the gradient’s length, 100 steps back",
)
