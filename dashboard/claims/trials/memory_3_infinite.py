"""A mistake: an RNN can remember an infinite history."""

import numpy as np

from core.retention import passage
from dashboard.claims.measures import fresh, inputs, power
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

BACK = 100
GONE = -6.0
THERE = -1.0
STARTS = (("plain", "uniform", "tanh"), ("orthogonal", "orthogonal", "tanh"), ("identity, ReLU", "identity", "relu"))


def kept(scheme: str, seed: int, back: int, phi: str) -> float:
    """log₁₀ of what is left of another first word after so many steps."""
    x = inputs(seed, back + 1)
    other = x.copy()
    other[0] = np.roll(x[0], 1, axis=-1)
    return float(np.log10(max(passage(fresh("rnn", seed, scheme=scheme, activation=phi), x, other).left[back], 1e-300)))


def measure(sample: Sample) -> Evidence:
    """What another first word still changes 100 steps later."""
    found = []
    for name, scheme, phi in STARTS:
        values = tuple(kept(scheme, seed, BACK, phi) for seed in sample.seeds)
        found.append(Row(f"{name} start", values, model="RNN", note=f"median {power(float(np.median(values)))}"))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds from the starts that keep a tenth in most networks; fails if none does and one has lost all but a trace."""
    gone = [row.count(lambda v: v < GONE) for row in evidence]
    there = [row.count(lambda v: v >= THERE) for row in evidence]
    good = [share.hits >= MOST for share in there]
    told = "Of the mark of the first word there is left after 100 steps: "
    told += ", ".join(f"{power(row.middle)} ({row.label})" for row in evidence) + ", in the median."
    if all(good):
        return Verdict("holds", told, sure=sure(min(there)))
    if any(good):
        names = [row.label.removesuffix(" start") for row, g in zip(evidence, good, strict=True) if g]
        return Verdict("when", told, when=f"the start is {' or '.join(names)}", sure=sure(there[good.index(True)]))
    return Verdict("fails" if max(gone).hits >= MOST else "open", told, sure=sure(max(gone)))


def turned(evidence: Evidence) -> Evidence:
    """Nothing is lost."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="memory",
    claim="An RNN remembers its whole history, however long.",
    said="mistake",
    place="Common Mistakes",
    rule="Change the first word and see how much the state differs 100 steps later. The claim **holds** "
    "from a start that keeps a tenth of the difference in 8 of 10 networks. It **does not hold** if there is none, and "
    "less than a millionth is left in 8 of 10 networks of one.",
    conditions="Fresh networks of 24 units, 8 one-hot inputs drawn at random; tanh but for the start from the identity",
    beyond="Trained networks: some hold one thing for as long as one likes.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=GONE,
    axis="Left of the first word’s mark on the state",
)
