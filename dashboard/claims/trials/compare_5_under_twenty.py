"""Under 20 steps a vanilla RNN is enough."""

from core.experiments.bench import Outcomes, Problem, Setting
from dashboard.claims.measures import at_best, solved
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, counted, sure

PROBLEM = Problem("recall", 20)


def settings(of: Outcomes) -> tuple[Setting, ...]:
    """Every start of the RNN at its best rate."""
    return at_best(PROBLEM, "rnn", of)


def measure(sample: Sample) -> Evidence:
    """Runs solved from each start at its best rate."""
    return solved(settings(sample.outcomes), sample)


def judge(evidence: Evidence) -> Verdict:
    """Holds if every start solves it."""
    enough = [row.share is not None and row.share.hits >= MOST for row in evidence]
    told = f"{sum(enough)} of {len(enough)} starts solve recall across 20 steps in 8 of 10 runs: "
    told += "; ".join(f"{row.label.removeprefix('RNN, ')}, {row.share}" for row in evidence) + "."
    best = max((row.share for row in evidence if row.share is not None), key=lambda share: share.value)
    if all(enough) or not any(enough):
        return Verdict("holds" if all(enough) else "fails", told, sure=f"best: {sure(best)}")
    names = [row.label.split(", rate")[0].removeprefix("RNN, ") for row, e in zip(evidence, enough, strict=True) if e]
    return Verdict("when", told, when=f"the start is {' or '.join(names)}", sure=f"best: {sure(best)}")


def turned(evidence: Evidence) -> Evidence:
    """Nothing solves it; or, where nothing did, everything."""
    none = judge(evidence).kind == "fails"
    return counted(evidence, lambda row: row.share.runs if none and row.share is not None else 0)


TRIAL = Trial(
    lesson="compare",
    claim="Up to 20 steps a vanilla RNN is enough.",
    said="chapter",
    place="Comparison: RNN vs LSTM",
    rule="Recall one of 4 keys after 20 distractors, each start at its best learning rate. The claim **holds** if "
    "every start solves it in 8 of 10 runs, and **holds when** the start is one that does.",
    conditions="Recall of 4 keys, gap 20; RNN, 24 units; Adam, rates 0.001 to 0.03, clipped at 1; 1,200 steps at most; "
    "the best rate picked on seeds 0 to 9, shown on seeds 10 to 19",
    beyond="Tasks that calculate with what they keep.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs that solve it, with their 95 % intervals",
    settings=settings,
)
