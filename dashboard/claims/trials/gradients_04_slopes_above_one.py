"""Gradients explode when slopes exceed 1."""

import numpy as np

from core import model
from core.activations import activation
from core.written import significant
from dashboard.claims.measures import FRESH, fresh, inputs, left
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced

T, BACK = 61, 50
GAIN = 3.0


def measure(sample: Sample) -> Evidence:
    """Networks whose gradient grows, and the largest slope in them."""
    grown, slopes = [], []
    for seed in sample.seeds:
        shown = fresh("rnn", seed, scheme="orthogonal", gain=GAIN)
        grown.append(left(shown, seed, T, BACK))
        states = model.run(shown, inputs(seed, T)).cell.h[1:]
        slopes.append(float(activation(shown.activation).slope(states).max()))
    return (
        Row("times the gradient’s length, 50 steps back", tuple(grown)),
        Row("largest slope in the same run", tuple(np.log10(slopes)), note=f"at most {significant(max(slopes))}"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if gradients that grow come with slopes above 1."""
    grown, steep = evidence
    with_slope = sum(g > 0 and s > 0 for g, s in zip(grown.values, steep.values, strict=True))
    without = sum(g > 0 and s <= 0 for g, s in zip(grown.values, steep.values, strict=True))
    told = f"The gradient grows in {grown.count(lambda v: v > 0)} networks; a slope is above 1 in "
    told += f"{steep.count(lambda v: v > 0)}. What stretches the gradient is $W_h$."
    if with_slope + without == 0:
        return Verdict("open", told)
    return Verdict("fails" if without >= MOST else "holds" if with_slope >= MOST else "open", told,
                   sure="exact: the slope of tanh is never above 1")  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """Steep slopes."""
    return (replaced(evidence[:1], lambda _: 1.0)[0], replaced(evidence[1:], lambda _: 0.2)[0])


TRIAL = Trial(
    lesson="gradients",
    claim="Where gradients explode, the activation’s slopes exceed 1.",
    said="chapter",
    place="2. Exploding Gradient Problem",
    rule="Take networks whose gradient grows over 50 steps and look for a slope above 1. The claim **does not "
    "hold** if 8 of 10 grow without one.",
    conditions=f"{FRESH}; tanh, orthogonal $W_h$ times 3",
    beyond="Activations with slopes above 1, such as GELU (1.13) and SiLU (1.10); the sigmoid has 0.25 at most, tanh "
    "and ReLU 1.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=0.0,
    axis="Growth, and slope",
)
