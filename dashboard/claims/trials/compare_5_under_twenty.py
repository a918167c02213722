"""Under 20 steps a vanilla RNN is enough."""

from core.experiments.bench import RATES, Problem, Setting
from dashboard.claims.measures import solved
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, counted, sure

PROBLEM = Problem("recall", 20)
SETTINGS = tuple(Setting(PROBLEM, start, lr) for start in ("plain", "orthogonal") for lr in RATES)


def measure(sample: Sample) -> Evidence:
    """Runs solved at every rate, from the two starts that libraries have."""
    return solved(SETTINGS, sample)


def judge(evidence: Evidence) -> Verdict:
    """Holds if most settings solve it."""
    enough = [row.share is not None and row.share.hits >= MOST for row in evidence]
    told = f"{sum(enough)} of {len(enough)} settings solve recall across 20 steps in 8 of 10 runs."
    best = max((row.share for row in evidence if row.share is not None), key=lambda share: share.value)
    if all(enough) or not any(enough):
        return Verdict("holds" if all(enough) else "fails", told, sure=f"best: {sure(best)}")
    names = [row.label.removeprefix("RNN, ") for row, e in zip(evidence, enough, strict=True) if e]
    return Verdict("when", told, when="the setting is " + "; ".join(names), sure=f"best: {sure(best)}")


def turned(evidence: Evidence) -> Evidence:
    """Nothing solves it; or, where nothing did, everything."""
    none = judge(evidence).kind == "fails"
    return counted(evidence, lambda row: row.share.runs if none and row.share is not None else 0)


TRIAL = Trial(
    lesson="compare",
    claim="Below 20 steps a vanilla RNN is enough.",
    said="chapter",
    place="Comparison: RNN vs LSTM",
    rule="Recall one of 4 keys after 20 distractors, from the two starts that libraries have, at every learning "
    "rate. The claim **holds** if every setting solves it in 8 of 10 runs, and **holds when** the setting is one "
    "that does.",
    conditions="Recall of 4 keys, gap 20; RNN, 24 units; Adam, rates 0.001 to 0.03, clipped at 1; 1,200 steps at most",
    beyond="Tasks that calculate with what they keep.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs that solve it, with their 95 % intervals",
    settings=lambda _: SETTINGS,
)
