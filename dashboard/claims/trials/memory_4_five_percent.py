"""Six steps later 5 % of a word is left."""

import numpy as np

from core.written import significant
from dashboard.claims.measures import power
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure
from dashboard.claims.trials.memory_3_infinite import STARTS, kept

BACK = 6
CLAIMED = float(np.log10(0.05))
NEAR = float(np.log10(2))


def measure(sample: Sample) -> Evidence:
    """What another first word still changes six steps later."""
    found = []
    for name, scheme, phi in STARTS[:2]:
        values = tuple(kept(scheme, seed, BACK, phi) for seed in sample.seeds)
        found.append(
            Row(
                f"{name} start",
                values,
                model="RNN",
                note=f"median {significant(100 * 10 ** float(np.median(values)), 2)} %",
            )
        )
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds if it is within a factor of two of that from both starts."""
    near = [row.count(lambda v: abs(v - CLAIMED) <= NEAR) for row in evidence]
    good = [share.hits >= MOST for share in near]
    told = "Left after six steps: " + ", ".join(f"{power(row.middle)} ({row.label})" for row in evidence) + "."
    if any(good) and not all(good):
        return Verdict("when", told, when=f"it has the {evidence[good.index(True)].label}",
                       sure=sure(near[good.index(True)]))  # fmt: skip
    return Verdict("holds" if all(good) else "fails", told, sure=sure(max(near)))


def turned(evidence: Evidence) -> Evidence:
    """Five percent."""
    return replaced(evidence, lambda _: CLAIMED)


TRIAL = Trial(
    lesson="memory",
    claim="Six steps later 5 % of a word is left in the state.",
    said="chapter",
    place="3. Long-Term Dependency Problem",
    rule="Change the first word and see how much the state differs six steps later. The claim **holds** if that is "
    "between 2.5 and 10 % of the first difference in 8 of 10 networks, from both starts.",
    conditions="Fresh networks of 24 units, tanh, 8 one-hot inputs drawn at random",
    beyond="That it fades evenly: it does so by a factor a step only on average.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="log",
    mark=CLAIMED,
    axis="Left of the first word’s mark on the state",
)
