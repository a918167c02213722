"""The direct path is all of the cell's gradient."""

import numpy as np

from core import model
from core.flow import lengths
from dashboard.claims.measures import fresh, inputs
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

STEPS = 20
NEAR = 0.1


def measure(sample: Sample) -> Evidence:
    """How much longer or shorter the cell's gradient is than what the forget gates alone bring back."""
    found = []
    for bias in (1, 3, 5):
        apart = []
        for seed in sample.seeds:
            shown, x = fresh("lstm", seed, forget_bias=float(bias)), inputs(seed, STEPS + 1)
            trace = model.run(shown, x)
            dh_out = np.zeros_like(trace.cell.h[1:])
            dh_out[-1] = np.random.default_rng([seed, 2]).standard_normal(dh_out[-1].shape)
            dc = model.backward_layer(shown, trace, dh_out).dc[:, 0]  # type: ignore[union-attr]
            alone = dc[-1] * trace.cell.f[1:, 0].prod(axis=0)  # type: ignore[union-attr]
            apart.append(float(lengths(dc[0] - alone) / lengths(dc[0])))
        found.append(
            Row(f"forget bias {bias}", tuple(apart), model="LSTM", note=f"median {100 * np.median(apart):.0f} %")
        )
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds if hardly any of the gradient comes another way."""
    same = [row.count(lambda v: v <= NEAR) for row in evidence]
    good = [share.hits >= MOST for share in same]
    told = "Of the gradient 20 steps back another way brings "
    told += ", ".join(f"{100 * row.middle:.0f} % ({row.label})" for row in evidence) + ", in the median."
    if all(good) or not any(good):
        return Verdict("holds" if all(good) else "fails", told, sure=sure(same[0]))
    biases = [row.label.removeprefix("forget bias ") for row, g in zip(evidence, good, strict=True) if g]
    return Verdict("when", told, when=f"the forget bias is {' or '.join(biases)}", sure=sure(same[good.index(True)]))


def turned(evidence: Evidence) -> Evidence:
    """Nothing comes another way."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="gates",
    claim="The path through the forget gates is all of the cell’s gradient.",
    said="chapter",
    place="How LSTM Solves RNN Problems",
    rule="Compare the whole gradient of $c_1$ with what the forget gates alone bring back of the last one. The claim "
    "**holds** if both differ by less than a tenth in 8 of 10 networks, from every bias.",
    conditions="Fresh LSTMs of 24 units, 21 steps, a random gradient sent into the last state",
    beyond="Trained networks: over twelve of them the direct part was anything from a few percent to nearly all.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=NEAR,
    axis="Part of the gradient that comes another way",
)
