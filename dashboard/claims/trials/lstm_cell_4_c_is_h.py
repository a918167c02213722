"""A mistake: cell state and hidden state are the same."""

import numpy as np

from core import model
from dashboard.claims.measures import TRAINED, fresh, inputs, told_twice
from dashboard.claims.trial import FEW, MOST, Evidence, Kind, Row, Sample, Trial, Verdict, replaced, sure

SAME = 0.1


def measure(sample: Sample) -> Evidence:
    """How far h lies from c over a text, in parts of the length of c: trained, and fresh."""
    cells = {
        "trained": [told_twice(seed)[1].cell for seed in sample.seeds],
        "fresh": [model.run(fresh("lstm", seed), inputs(seed, 20)).cell for seed in sample.seeds],
    }
    found = []
    for name, of in cells.items():
        apart = [float(np.linalg.norm(cell.c - cell.h) / np.linalg.norm(cell.c)) for cell in of]  # type: ignore[union-attr]
        found.append(Row(f"{name}, forget bias 1", tuple(apart), model="LSTM", note=f"median {np.median(apart):.2f}"))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Fails if they lie apart in most texts of both."""
    apart = [row.count(lambda v: v > SAME) for row in evidence]
    told = "The distance of $h$ from $c$ is "
    told += " and ".join(f"{row.middle:.2f} of the length of $c$ ({row.label})" for row in evidence)
    told += ", in the median: $h = o \\odot \\tanh(c)$ shows a part of what $c$ holds."
    fewest = min(apart)
    kind: Kind = "fails" if fewest.hits >= MOST else "holds" if max(apart).hits <= FEW else "open"
    return Verdict(kind, told, sure=sure(fewest, "texts or networks"))


def turned(evidence: Evidence) -> Evidence:
    """Both the same."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="lstm-cell",
    claim="Cell state and hidden state are the same.",
    said="mistake",
    place="Common Mistakes",
    rule="Compare them entry by entry over a text. The claim **does not hold** if they lie apart by more than a tenth "
    "of the length of $c$ in 8 of 10 texts of a trained network and in 8 of 10 fresh networks.",
    conditions=f"The trained network {TRAINED} (forget bias 1, 16 units), ten texts with a second subject; fresh LSTMs "
    "of 24 units, forget bias 1, 20 one-hot inputs drawn at random",
    beyond="That one tells nothing of the other: $h$ is made of $c$.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=SAME,
    axis="Distance of h from c, in parts of c",
    ten="texts or seeds",
)
