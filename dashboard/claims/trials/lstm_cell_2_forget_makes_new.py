"""The forget gate makes the new state: C_t = f × C."""

import numpy as np

from dashboard.claims.measures import TRAINED, told_twice
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

SMALL = 0.01


def measure(sample: Sample) -> Evidence:
    """How much of the new state f × c leaves out."""
    missing = []
    for seed in sample.seeds:
        cell = told_twice(seed)[1].cell
        added = np.linalg.norm(cell.i[1:, 0] * cell.g[1:, 0], axis=1)  # type: ignore[union-attr]
        missing.append(float(np.median(added / np.linalg.norm(cell.c[2:, 0], axis=1))))  # type: ignore[union-attr]
    return (Row("i ⊙ g, relative to the new state", tuple(missing), model="LSTM",
                note=f"median {100 * np.median(missing):.0f} %"),)  # fmt: skip


def judge(evidence: Evidence) -> Verdict:
    """Holds if hardly anything is left out."""
    (row,) = evidence
    much = row.count(lambda v: v > SMALL)
    told = f"$i_t \\odot g_t$, which the formula leaves out, is {100 * row.middle:.0f} % of the new state’s length."
    return Verdict(
        "fails" if much.hits >= MOST else "holds" if much.hits == 0 else "open",
        told,
        sure=sure(much, "texts of one network"),
    )


def turned(evidence: Evidence) -> Evidence:
    """Nothing is added."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="lstm-cell",
    claim="The forget gate gives the new cell state, $C_t = f_t \\times C_{t-1}$.",
    said="chapter",
    place="2. Forget Gate",
    rule="See how large the part is that this leaves out, $i_t \\odot g_t$, in the median over the steps of a "
    "text. The claim **does not hold** if it is above 1 % of the new state in 8 of 10 texts.",
    conditions=f"The trained network {TRAINED} (forget bias 1, 16 units), ten texts with a second subject",
    beyond="The chapter’s full equations have the second part.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=SMALL,
    ten="texts",
    axis="Part of the new state that is left out",
)
