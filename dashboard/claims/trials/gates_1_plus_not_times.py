"""The gradient flows through +, not ×."""

import numpy as np

from core import model
from dashboard.claims.measures import fresh, inputs, power
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

STEPS = 20
KEPT = 0.9


def direct(seed: int, bias: float) -> float:
    """What the forget gates alone leave over 20 steps, the mean over units."""
    f = model.run(fresh("lstm", seed, forget_bias=bias), inputs(seed, STEPS)).cell.f[:, 0]  # type: ignore[union-attr]
    return float(f.prod(axis=0).mean())


def measure(sample: Sample) -> Evidence:
    """The direct path over 20 steps, by forget bias."""
    found = []
    for bias in (0, 1, 3, 5):
        values = tuple(float(np.log10(direct(seed, bias))) for seed in sample.seeds)
        found.append(Row(f"forget bias {bias}", values, model="LSTM", note=f"median {power(float(np.median(values)))}"))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds if the path is hardly multiplied down whatever the bias."""
    kept = [row.count(lambda v: 10**v >= KEPT) for row in evidence]
    lost = [share.hits <= share.runs - MOST for share in kept]
    told = "Left of the direct path after 20 steps: "
    told += (
        ", ".join(f"{power(row.middle)} ({row.label})" for row in evidence) + "; it is multiplied by $f_t$ each step."
    )
    return Verdict("fails" if any(lost) else "holds" if all(s.hits >= MOST for s in kept) else "open", told,
                   sure=sure(kept[0]))  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """Nothing is multiplied down."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="gates",
    claim="In an LSTM the gradient flows through +, not through ×.",
    said="chapter",
    place="How LSTM Solves RNN Problems",
    rule="Follow the path from cell to cell that only the forget gates touch. The claim **does not hold** if, "
    "from some usual forget bias, 8 of 10 networks leave less than nine tenths of it after 20 steps.",
    conditions="Fresh LSTMs of 24 units, 8 one-hot inputs drawn at random",
    beyond="That + does no good: with $f = 1$ it is the constant error carousel (Hochreiter and Schmidhuber, 1997).",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=float(np.log10(KEPT)),
    axis="Left of the direct path after 20 steps",
)
