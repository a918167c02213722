"""The forget gate stays near 1."""

import numpy as np

from core import model
from dashboard.claims.measures import FROM_FIVE, TRAINED, fresh, inputs, told_twice
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

NEAR = 0.9


def measure(sample: Sample) -> Evidence:
    """The mean forget gate of fresh networks by bias, and of trained ones on their texts."""
    found = []
    for bias in (1, 3, 5):
        means = [
            float(model.run(fresh("lstm", seed, forget_bias=float(bias)), inputs(seed, 20)).cell.f.mean())  # type: ignore[union-attr]
            for seed in sample.seeds
        ]
        found.append(Row(f"fresh from bias {bias}", tuple(means), model="LSTM", note=f"median {np.median(means):.2f}"))
    for bias, name in ((1, TRAINED), (5, FROM_FIVE)):
        trained = [float(told_twice(seed, name)[1].cell.f.mean()) for seed in sample.seeds]  # type: ignore[union-attr]
        row = Row(f"trained from bias {bias}", tuple(trained), model="LSTM", note=f"median {np.median(trained):.2f}")
        found.append(row)
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds for those whose mean gate is 0.9 or more."""
    near = [row.count(lambda v: v >= NEAR) for row in evidence]
    good = [share.hits >= MOST for share in near]
    told = "Mean forget gate: " + ", ".join(f"{row.middle:.2f} ({row.label})" for row in evidence) + "."
    if all(good) or not any(good):
        return Verdict("holds" if all(good) else "fails", told, sure=sure(near[0]))
    names = [row.label for row, g in zip(evidence, good, strict=True) if g]
    return Verdict("when", told, when=f"the network is {', or '.join(names)}", sure=sure(near[good.index(True)]))


def turned(evidence: Evidence) -> Evidence:
    """All are near 1."""
    return replaced(evidence, lambda _: 0.97)


TRIAL = Trial(
    lesson="gates",
    claim="An LSTM’s forget gate stays near 1.",
    said="chapter",
    place="How LSTM Solves RNN Problems",
    rule="Take the mean of the forget gates over units and steps. It is near 1 at 0.9 or more, in 8 of 10 runs. "
    "The claim **holds** if that is so of all these networks.",
    conditions=f"Fresh LSTMs of 24 units, ten seeds; the trained networks {TRAINED} and {FROM_FIVE} (16 units), "
    "ten texts",
    beyond="Single units: some may stand at 1 where the mean does not.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=NEAR,
    axis="Mean forget gate",
    ten="seeds or texts",
)
