"""A mistake: the forget gate forgets the whole cell state."""

import numpy as np

from dashboard.claims.measures import SECOND, TRAINED, told_twice
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure


def measure(sample: Sample) -> Evidence:
    """The most and the least open forget gate at the new subject."""
    gates = np.array([told_twice(seed)[1].cell.f[SECOND, 0] for seed in sample.seeds])  # type: ignore[union-attr]
    most, least = gates.max(axis=1), gates.min(axis=1)
    return (
        Row("most open unit", tuple(most.tolist()), model="LSTM", note=f"median {np.median(most):.2f}"),
        Row("least open unit", tuple(least.tolist()), model="LSTM", note=f"median {np.median(least):.2f}"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if even the most open unit is nearly shut."""
    most, least = evidence
    keeps, shut = most.count(lambda v: v > 0.5), most.count(lambda v: v < 0.1)
    told = f"At the new subject one unit’s forget gate stands at {most.middle:.2f}, another’s at {least.middle:.2f} "
    told += "(medians): each unit forgets by itself."
    return Verdict(
        "fails" if keeps.hits >= MOST else "holds" if shut.hits >= MOST else "open",
        told,
        sure=sure(keeps, "texts of one network"),
    )


def turned(evidence: Evidence) -> Evidence:
    """All are shut."""
    return replaced(evidence, lambda _: 0.01)


TRIAL = Trial(
    lesson="lstm-cell",
    claim="The forget gate forgets the whole cell state.",
    said="mistake",
    place="Common Mistakes",
    rule="Look at the forget gates where the text brings a new subject. The claim **does not hold** if some unit keeps "
    "more than half of what it has in 8 of 10 texts.",
    conditions=f"The trained network {TRAINED} (forget bias 1, 16 units), ten texts with a second subject",
    beyond="Which unit keeps what: see the lesson.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=0.5,
    ten="texts",
    axis="Forget gate at the new subject",
)
