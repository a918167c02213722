"""The states of an RNN with tanh never leave -1 to 1."""

import numpy as np

from core import model
from dashboard.claims.measures import fresh, inputs
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, replaced, sure


def measure(sample: Sample) -> Evidence:
    """The largest entry of the states, one a network."""
    most = [float(np.abs(model.run(fresh("rnn", seed), inputs(seed, 20)).cell.h).max()) for seed in sample.seeds]
    return (Row("largest entry", tuple(most), model="RNN"),)


def judge(evidence: Evidence) -> Verdict:
    """Holds if none is larger than 1."""
    within = evidence[0].count(lambda v: v <= 1)
    return Verdict(
        "holds" if within.hits == within.runs else "fails", f"Within in {within} networks.", sure=sure(within)
    )


def turned(evidence: Evidence) -> Evidence:
    """Beyond 1."""
    return replaced(evidence, lambda v: v + 1)


TRIAL = Trial(
    lesson="last-word",
    claim="The states of an RNN stay within −1 to 1.",
    said="often",
    place="beside the last word",
    rule="Look at the largest entry over 20 steps. The claim **holds** if it is at most 1 in every network.",
    conditions="Fresh networks of 24 units, tanh",
    beyond="Other activations: ReLU has no bound.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=1.0,
    axis="Largest entry of the states",
)
