"""Step 1 adds to the gradient of W_h."""

import numpy as np

from core import decompose, model
from core.written import significant
from dashboard.claims.measures import fresh, inputs
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, replaced, sure

T = 6


def measure(sample: Sample) -> Evidence:
    """Length of step 1's term for W_h, from a first state of zero and from one drawn at random."""
    zero: list[float] = []
    drawn: list[float] = []
    for seed in sample.seeds:
        shown, x = fresh("rnn", seed), inputs(seed, T)
        some = np.random.default_rng([seed, 4]).uniform(-1, 1, (1, shown.cell.H))
        for h0, into in ((np.zeros_like(some), zero), (some, drawn)):
            trace = model.run(shown, x, np.ones((1, 1)), h0)
            back = model.backprop(shown, trace)
            into.append(float(np.linalg.norm(decompose.immediate(shown, trace, back)["W_h"][0])))
    return (
        Row("first state zero", tuple(zero), note=f"largest {significant(max(zero), 2)}"),
        Row("first state drawn at random", tuple(drawn), note=f"median {significant(float(np.median(drawn)), 2)}"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if both add something, fails if neither does, else on the first state."""
    zero, drawn = (row.count(lambda v: v > 0) for row in evidence)
    adds = [share.value > 0 for share in (zero, drawn)]
    told = f"It adds something in {zero} networks from a first state of zero, in {drawn} from another."
    if all(adds) or not any(adds):
        return Verdict("holds" if all(adds) else "fails", told, sure=sure(drawn))
    return Verdict(
        "when", told, when="the first state is not 0", sure="exact: $h_0^\\top \\delta_1$ with $h_0 = 0$ is 0"
    )


def turned(evidence: Evidence) -> Evidence:
    """A zero state that adds something all the same."""
    return replaced(evidence, lambda _: 0.1)


TRIAL = Trial(
    lesson="bptt",
    claim="The sum for $W_h$ starts at step 1.",
    said="chapter",
    place="Updating W_h",
    rule="Take the term of step 1 alone, $h_0^\\top\\delta_1$, once from a first state of zero and once from another. "
    "The claim **holds** if both terms are there, and **holds when** the first state is one of the kind that adds.",
    conditions="RNN, 24 units, 6 steps, one loss at the end",
    beyond="That it does harm to count it: adding 0 changes nothing.",
    measure=measure,
    judge=judge,
    turned=turned,
    axis="Length of step 1’s term",
)
