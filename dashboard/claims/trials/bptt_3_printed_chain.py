"""The chapter's chain for W_h at t = 3."""

import numpy as np

from core import decompose, model
from core.activations import activation
from dashboard.claims.measures import fresh, inputs
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, sure

T = 4
SAME = 1e-9


def measure(sample: Sample) -> Evidence:
    """How far the printed chain's product is from the terms of the two uses, relative to them."""
    found: dict[int, list[float]] = {3: [], 4: []}
    for seed in sample.seeds:
        shown = fresh("rnn", seed)
        trace = model.run(shown, inputs(seed, T), np.ones((1, 1)))
        back = model.backprop(shown, trace)
        h = trace.cell.h[:, 0]
        slope = activation(shown.activation).slope(h)
        assert trace.dlogits is not None
        into_4 = trace.dlogits[0, 0] @ shown.W_y.T  # ∂L/∂ŷ · ∂ŷ/∂o_4
        into_3 = (into_4 * slope[4]) @ shown.cell.W_h.T  # · ∂o_4/∂o_3
        printed = np.outer(h[2], into_3 * slope[3])  # · ∂o_3/∂W_h
        terms = decompose.immediate(shown, trace, back)["W_h"]
        for t, apart in found.items():
            term = terms[t - 1]
            apart.append(float(np.linalg.norm(printed - term) / np.linalg.norm(term)))
    return (
        Row("use between states 3 and 4", tuple(found[4]), note=f"apart by {100 * np.median(found[4]):.0f} %"),
        Row("use between states 2 and 3", tuple(found[3]), note="the same" if max(found[3]) < SAME else "apart"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if the product is the term of the use that the chapter names."""
    named, before = (row.count(lambda v: v < SAME) for row in evidence)
    told = f"The printed product is the use between 3 and 4 in {named} networks, that between 2 and 3 in {before}."
    return Verdict("holds" if named.hits == named.runs else "fails", told, sure=sure(before))


def turned(evidence: Evidence) -> Evidence:
    """The other use."""
    return (Row(evidence[0].label, evidence[1].values), Row(evidence[1].label, evidence[0].values))


TRIAL = Trial(
    lesson="bptt",
    claim="The chain printed for “$W_h$ at t = 3” is the use of $W_h$ between states 3 and 4.",
    said="chapter",
    place="Example: Updating W_h at t=3",
    rule="Multiply the four printed factors and compare with the term of each use. The claim **holds** if the "
    "product is the term of the use between 3 and 4.",
    conditions="RNN, 24 units, 4 steps, one loss at the end",
    beyond="That the chain is wrong: it is right for another use than the one named.",
    measure=measure,
    judge=judge,
    turned=turned,
    axis="Distance from the printed product, relative",
)
