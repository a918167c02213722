"""A mistake: cell state and hidden state are the same."""

import numpy as np

from dashboard.claims.measures import TRAINED, told_twice
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure


def measure(sample: Sample) -> Evidence:
    """The largest entry of each over a text."""
    cells = [told_twice(seed)[1].cell for seed in sample.seeds]
    c = [float(np.abs(cell.c).max()) for cell in cells]  # type: ignore[union-attr]
    h = [float(np.abs(cell.h).max()) for cell in cells]
    return (
        Row("largest entry of c", tuple(c), model="LSTM", note=f"median {np.median(c):.2f}"),
        Row("largest entry of h", tuple(h), model="LSTM", note=f"median {np.median(h):.2f}"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Fails if c goes where h cannot."""
    c, h = evidence
    beyond = c.count(lambda v: v > 1)
    told = (
        f"$c$ reaches {c.middle:.1f} in the median, $h$ {h.middle:.2f}: $h = o \\odot \\tanh(c)$ never leaves −1 to 1."
    )
    return Verdict("fails" if beyond.hits >= MOST else "holds" if beyond.hits == 0 else "open", told, sure=sure(beyond))


def turned(evidence: Evidence) -> Evidence:
    """Both the same."""
    return replaced(evidence, lambda _: 0.5)


TRIAL = Trial(
    lesson="lstm-cell",
    claim="Cell state and hidden state are the same.",
    said="mistake",
    place="Common Mistakes",
    rule="Look at the largest entry of each over a text. The claim **does not hold** if $c$ leaves the range of "
    "$h$, −1 to 1, in 8 of 10 texts.",
    conditions=f"The trained network {TRAINED} (forget bias 1, 16 units), ten texts with a second subject",
    beyond="That one tells nothing of the other: $h$ is made of $c$.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=1.0,
    axis="Largest entry",
)
