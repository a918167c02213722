"""A shared weight's gradient is a sum over all steps."""

import numpy as np

from core import decompose, model
from core.gradcheck import check_model
from core.written import significant
from dashboard.claims.measures import fresh, inputs
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, replaced, sure

T = 12
MOST = -6.0  # log10 of a relative difference that rounding explains in a difference quotient


def measure(sample: Sample) -> Evidence:
    """How far the sum of the steps' terms is from the gradient, and from a difference quotient of the loss."""
    sums, quotients = [], []
    for seed in sample.seeds:
        shown, x = fresh("rnn", seed, readout="every"), inputs(seed, T)
        y = np.random.default_rng([seed, 2]).standard_normal((T, 1, 1))
        trace = model.run(shown, x, y)
        back = model.backprop(shown, trace)
        whole = back.grads["W_h"]
        terms = sum(decompose.immediate(shown, trace, back)["W_h"])
        sums.append(float(np.log10(np.linalg.norm(terms - whole) / np.linalg.norm(whole) + 1e-18)))
        checked = check_model(shown, x, y, rng=np.random.default_rng([seed, 3]))
        quotients.append(float(np.log10(max(check.relative_error for check in checked.values()) + 1e-18)))
    return (
        Row("sum over the steps against backpropagation", tuple(sums)),
        Row("backpropagation against a difference quotient", tuple(quotients)),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if both agree within what rounding explains, in every network."""
    worst = max(row.reach[1] for row in evidence)
    near = [row.count(lambda v: v <= MOST) for row in evidence]
    good = min(near, key=lambda share: share.value)
    return Verdict(
        "holds" if good.hits == good.runs else "fails",
        f"The largest relative difference is {significant(10**worst, 1)}, over {T} steps with a loss at each.",
        sure=sure(good),
    )


def turned(evidence: Evidence) -> Evidence:
    """A sum that misses a tenth."""
    return replaced(evidence, lambda _: -1.0)


TRIAL = Trial(
    lesson="bptt",
    claim="The gradient of a shared weight is the sum of its gradients at all steps.",
    said="chapter",
    place="Updating W_h",
    rule="Add up the terms of all steps for $W_h$ and compare with backpropagation, and that with the loss itself "
    "moved a little along the gradient. The claim **holds** if both agree to a millionth in every network.",
    conditions="RNN, 24 units, 12 steps, a loss at every step",
    beyond="How large each step's term is: that differs from step to step.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=MOST,
    axis="Relative difference",
)
