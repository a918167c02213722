"""A mistake: an RNN can remember an infinite history."""

import numpy as np

from core import model
from core.retention import passage
from dashboard.claims.measures import fresh, inputs, power
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

BACK = 100
THERE = -1.0
STARTS = (("plain", "uniform", "tanh"), ("orthogonal", "orthogonal", "tanh"), ("identity, ReLU", "identity", "relu"))


def kept(scheme: str, seed: int, back: int, phi: str) -> float:
    """log₁₀ of what is left of another first word after so many steps."""
    x = inputs(seed, back + 1)
    other = x.copy()
    other[0] = np.roll(x[0], 1, axis=-1)
    return float(np.log10(max(passage(fresh("rnn", seed, scheme=scheme, activation=phi), x, other).left[back], 1e-300)))


def order(scheme: str, seed: int, back: int, phi: str) -> float:
    """log₁₀ of what is left at the end of the order of two words in the middle, of what it was behind the second."""
    x = inputs(seed, back + 1)
    at = next(t for t in range(back // 2, back) if not np.array_equal(x[t], x[t + 1]))
    other = x.copy()
    other[[at, at + 1]] = x[[at + 1, at]]
    h, swapped = (model.run(fresh("rnn", seed, scheme=scheme, activation=phi), each).cell.h for each in (x, other))
    apart = np.linalg.norm(h - swapped, axis=(1, 2))
    return float(np.log10(max(apart[-1] / max(apart[at + 2], 1e-300), 1e-300)))


def measure(sample: Sample) -> Evidence:
    """What another first word still changes 100 steps later, and what the order of two words in the middle does."""
    found = []
    for name, scheme, phi in STARTS:
        for what, measured in (("first word", kept), ("order", order)):
            values = tuple(measured(scheme, seed, BACK, phi) for seed in sample.seeds)
            found.append(Row(f"{name}: {what}", values, model="RNN", note=f"median {power(float(np.median(values)))}"))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds from the starts that keep a tenth of both in most networks."""
    there = [row.count(lambda v: v >= THERE) for row in evidence]
    good = [min(there[k : k + 2]).hits >= MOST for k in range(0, len(there), 2)]
    told = (
        "Left at the end: " + ", ".join(f"{power(row.middle)} ({row.label})" for row in evidence) + ", in the median."
    )
    if all(good):
        return Verdict("holds", told, sure=sure(min(there)))
    if any(good):
        names = [name for (name, *_), g in zip(STARTS, good, strict=True) if g]
        return Verdict("when", told, when=f"the start is {' or '.join(names)}", sure=sure(there[2 * good.index(True)]))
    return Verdict("fails", told, sure=sure(max(min(there[k : k + 2]) for k in range(0, len(there), 2))))


def turned(evidence: Evidence) -> Evidence:
    """Nothing is lost."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="memory",
    claim="An RNN remembers its whole history, however long.",
    said="mistake",
    place="Common Mistakes",
    rule="Change the first word and see how much the state differs 100 steps later; exchange two words in the middle "
    "and see what is left of that at the end. The claim **holds** from a start that keeps a tenth of both in 8 of 10 "
    "networks, and **does not hold** if there is none.",
    conditions="Fresh networks of 24 units, 101 one-hot inputs of 8 drawn at random; tanh but for the start from the "
    "identity",
    beyond="Trained networks: some hold one thing for as long as one likes.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=THERE,
    axis="Left of the mark on the state",
)
