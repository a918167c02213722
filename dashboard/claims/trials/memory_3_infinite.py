"""A mistake: an RNN can remember an infinite history."""

import numpy as np

from core.retention import passage
from dashboard.claims.measures import fresh, inputs, power
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

BACK = 100
GONE = -6.0


def kept(scheme: str, seed: int, back: int) -> float:
    """log₁₀ of what is left of another first word after so many steps."""
    x = inputs(seed, back + 1)
    other = x.copy()
    other[0] = np.roll(x[0], 1, axis=-1)
    return float(np.log10(max(passage(fresh("rnn", seed, scheme=scheme), x, other).left[back], 1e-300)))


def measure(sample: Sample) -> Evidence:
    """What another first word still changes 100 steps later."""
    found = []
    for name, scheme in (("plain", "uniform"), ("orthogonal", "orthogonal")):
        values = tuple(kept(scheme, seed, BACK) for seed in sample.seeds)
        found.append(Row(f"{name} start", values, model="RNN", note=f"median {power(float(np.median(values)))}"))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Fails if the first word is gone from either start."""
    gone = [row.count(lambda v: v < GONE) for row in evidence]
    told = "Of the mark of the first word there is left after 100 steps: "
    told += ", ".join(f"{power(row.middle)} ({row.label})" for row in evidence) + ", in the median."
    return Verdict("fails" if max(gone).hits >= MOST else "holds" if max(gone).hits == 0 else "open", told,
                   sure=sure(max(gone)))  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """Nothing is lost."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="memory",
    claim="An RNN can remember an infinite history.",
    said="mistake",
    place="Common Mistakes",
    rule="Change the first word and see how much the state differs 100 steps later. The claim **does not hold** "
    "if less than a millionth of the difference is left in 8 of 10 networks of one start.",
    conditions="Fresh networks of 24 units, tanh, 8 one-hot inputs drawn at random",
    beyond="Trained networks: some hold one thing for as long as one likes.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=GONE,
    axis="Left of the first word’s mark on the state",
)
