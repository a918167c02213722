"""The cell state passes through with little change."""

import numpy as np

from dashboard.claims.measures import SECOND, TRAINED, told_twice
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

LITTLE = 0.2
LABELS = ("moved a step, over the filler", "dropped a step, over the filler", "moved at the new subject")
WHEN = ("one asks for the net change while the subject stays", "for what is dropped meanwhile", "for the new subject")


def measure(sample: Sample) -> Evidence:
    """In parts of the cell's length: what a step moves and drops on the way, and what it moves at the new subject."""
    found: dict[str, list[float]] = {label: [] for label in LABELS}
    for seed in sample.seeds:
        cell = told_twice(seed)[1].cell
        c, f = cell.c[:, 0], cell.f[:, 0]  # type: ignore[union-attr]
        length = np.linalg.norm(c[:-1], axis=1).clip(1e-12)
        moved = np.linalg.norm(np.diff(c, axis=0), axis=1) / length
        dropped = np.linalg.norm((1 - f) * c[:-1], axis=1) / length
        parts = (np.median(moved[5:SECOND]), np.median(dropped[5:SECOND]), moved[SECOND])
        for label, part in zip(LABELS, parts, strict=True):
            found[label].append(float(part))
    return tuple(
        Row(label, tuple(values), model="LSTM", note=f"median {100 * np.median(values):.0f} %")
        for label, values in found.items()
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if all three are little, fails if none is."""
    little = [row.count(lambda v: v <= LITTLE) for row in evidence]
    good = [share.hits >= MOST for share in little]
    told = f"Over the filler a step moves it by {100 * evidence[0].middle:.0f} % of its length, but drops "
    told += f"{100 * evidence[1].middle:.0f} % of it; at the new subject it moves by "
    told += f"{100 * evidence[2].middle:.0f} % (medians)."
    if all(good) or not any(good):
        return Verdict("holds" if all(good) else "fails", told, sure=sure(little[0], "texts of one network"))
    when = " and ".join(WHEN[k] for k, g in enumerate(good) if g)
    return Verdict("when", told, when=when, sure=sure(little[good.index(True)], "texts of one network"))


def turned(evidence: Evidence) -> Evidence:
    """It hardly moves; or where it did so already, much."""
    still = all(row.middle <= LITTLE for row in evidence)
    return replaced(evidence, lambda _: 1.0 if still else 0.01)


TRIAL = Trial(
    lesson="lstm-cell",
    claim="The cell state runs through the whole sequence with little change.",
    said="chapter",
    place="1. Cell State (Memory Cell)",
    rule="See how far one step moves $c_t$ and how much of it the forget gates drop, relative to its length. Little is "
    "a fifth or less, in 8 of 10 texts. The claim **holds** if all is little, over the filler and at a new subject, "
    "and **holds when** one asks for a part that is.",
    conditions=f"The trained network {TRAINED} (forget bias 1, 16 units), ten texts with a second subject",
    beyond="Other networks and tasks: this is one network.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=LITTLE,
    axis="Change of the cell state in a step, relative",
    ten="texts",
)
