"""The cell state passes through with little change."""

import numpy as np

from dashboard.claims.measures import SECOND, TRAINED, told_twice
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

LITTLE = 0.2


def measure(sample: Sample) -> Evidence:
    """How far the cell state moves a step, relative to its length: on the way, and at the new subject."""
    way, at_new = [], []
    for seed in sample.seeds:
        c = told_twice(seed)[1].cell.c[:, 0]  # type: ignore[union-attr]
        moved = np.linalg.norm(np.diff(c, axis=0), axis=1) / np.linalg.norm(c[:-1], axis=1).clip(1e-12)
        way.append(float(np.median(moved[5:SECOND])))
        at_new.append(float(moved[SECOND]))
    return (
        Row("over the filler, a step", tuple(way), model="LSTM", note=f"median {100 * np.median(way):.0f} %"),
        Row("at the new subject", tuple(at_new), model="LSTM", note=f"median {100 * np.median(at_new):.0f} %"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if it moves little at both, fails if at neither."""
    little = [row.count(lambda v: v <= LITTLE) for row in evidence]
    good = [share.hits >= MOST for share in little]
    told = f"A step moves it by {100 * evidence[0].middle:.0f} % of its length over the filler, by "
    told += f"{100 * evidence[1].middle:.0f} % at the new subject (medians)."
    if all(good) or not any(good):
        return Verdict("holds" if all(good) else "fails", told, sure=sure(little[0]))
    return Verdict("when", told, when=("the subject stays", "the subject changes")[good.index(True)],
                   sure=sure(little[good.index(True)]))  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """It hardly moves; or where it did so already, much."""
    still = all(row.middle <= LITTLE for row in evidence)
    return replaced(evidence, lambda _: 1.0 if still else 0.01)


TRIAL = Trial(
    lesson="lstm-cell",
    claim="The cell state runs through the whole sequence with little change.",
    said="chapter",
    place="1. Cell State (Memory Cell)",
    rule="See how far one step moves $c_t$, relative to its length. Little is a fifth or less, in 8 of 10 texts. The "
    "claim **holds** if that is so over the filler and at a new subject, and **holds when** at one of them.",
    conditions=f"The trained network {TRAINED} (forget bias 1, 16 units), ten texts with a second subject",
    beyond="Other networks and tasks: this is one network.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=LITTLE,
    axis="Change of the cell state in a step, relative",
)
