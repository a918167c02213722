"""With a spectral radius below 1 no gradient grows."""

import numpy as np

from core.flow import growth
from core.written import significant
from dashboard.claims.measures import H
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

RADIUS, STEPS = 0.9, 100


def measure(sample: Sample) -> Evidence:
    """The largest stretch on the way of a linear network, for normal and for other matrices of one radius."""
    found: dict[str, list[float]] = {"drawn at random": [], "symmetric": []}
    for seed in sample.seeds:
        drawn = np.random.default_rng([seed, 5]).standard_normal((H, H))
        for name, W in (("drawn at random", drawn), ("symmetric", drawn + drawn.T)):
            scaled = W * (RADIUS / growth(W).radius)
            power, most = np.eye(H), 0.0
            for _ in range(STEPS):
                power = power @ scaled
                most = max(most, float(np.linalg.norm(power, 2)))
            found[name].append(most)
    return tuple(Row(f"Wₕ {name}", tuple(v), note=f"at most × {significant(max(v))}") for name, v in found.items())


def judge(evidence: Evidence) -> Verdict:
    """Holds if nothing ever grows in either kind."""
    never = [row.count(lambda v: v <= 1.0) for row in evidence]
    good = [share.hits >= MOST for share in never]
    most = [significant(row.middle, 2) for row in evidence]
    told = f"On the way a gradient grows up to {most[0]} times with a matrix drawn at random, up to {most[1]} times "
    told += "with a symmetric one (medians)."
    if any(good) and not all(good):
        kind = evidence[good.index(True)].label.removeprefix("Wₕ ")
        return Verdict("when", told, when=f"$W_h$ is {kind}", sure=sure(never[good.index(True)]))
    return Verdict("holds" if all(good) else "fails", told, sure=sure(never[0]))


def turned(evidence: Evidence) -> Evidence:
    """Nothing grows."""
    return replaced(evidence, lambda _: 0.9)


TRIAL = Trial(
    lesson="gradients",
    claim="With a spectral radius below 1 no gradient grows.",
    said="often",
    place="beside 2. Exploding Gradient Problem",
    rule="Scale a matrix to radius 0.9 and look at its powers up to 100. The claim **holds** if none stretches "
    "anything, in 8 of 10 matrices of each kind.",
    conditions="Linear network of 24 units, $W_h$ normal and not",
    beyond="The long run: after enough steps every one of them shrinks.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=1.0,
    axis="Largest stretch within 100 steps",
)
