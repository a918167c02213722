"""A mistake: backpropagation in an RNN is that of a feedforward network."""

import numpy as np

from core import decompose, model
from dashboard.claims.measures import fresh, inputs
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

T = 12
MUCH = 0.1


def measure(sample: Sample) -> Evidence:
    """What part of the gradient is missing if each weight counts once, where it was used last."""
    missing = []
    for seed in sample.seeds:
        shown = fresh("rnn", seed, readout="every")
        y = np.random.default_rng([seed, 2]).standard_normal((T, 1, 1))
        trace = model.run(shown, inputs(seed, T), y)
        back = model.backprop(shown, trace)
        whole, last = back.grads["W_h"], decompose.immediate(shown, trace, back)["W_h"][-1]
        missing.append(float(np.linalg.norm(whole - last) / np.linalg.norm(whole)))
    return (Row("missing without the earlier uses", tuple(missing), note=f"median {np.median(missing):.2f}"),)


def judge(evidence: Evidence) -> Verdict:
    """Holds if hardly anything is missing."""
    (row,) = evidence
    much = row.count(lambda v: v > MUCH)
    told = f"Counting the last use alone leaves out {row.middle:.2f} times the gradient’s length, in the median."
    return Verdict("fails" if much.hits >= MOST else "holds" if much.hits <= much.runs - MOST else "open", told,
                   sure=sure(much))  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """Nothing is missing."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="bptt",
    claim="Backpropagation in an RNN is the same as in a feedforward network.",
    said="mistake",
    place="Common Mistakes",
    rule="In a fully connected feedforward network a weight is used once. Count $W_h$ where it is used last, and see "
    "what is missing of its gradient. The claim **does not hold** if more than a tenth is missing in 8 of 10 networks.",
    conditions="RNN, 24 units, 12 steps, a loss at every step",
    beyond="The chain rule itself is the same in both.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=MUCH,
    axis="Part of the gradient that is missing",
)
