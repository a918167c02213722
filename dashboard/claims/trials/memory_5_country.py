"""The country is lost by the time the language is asked for."""

from core.experiments.bench import Problem
from dashboard.claims.measures import at_best, solved
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, counted, sure

PROBLEM = Problem("language", 35)


def measure(sample: Sample) -> Evidence:
    """Runs solved from each start at its best rate."""
    return solved(at_best(PROBLEM, "rnn", sample.outcomes), sample)


def judge(evidence: Evidence) -> Verdict:
    """Holds if no start learns it."""
    learned = [row.share is not None and row.share.hits >= MOST for row in evidence]
    told = "With 35 words in between: " + "; ".join(
        f"{row.label.removeprefix('RNN, ')}, {row.share}" for row in evidence
    )
    if all(learned) or not any(learned):
        return Verdict("fails" if all(learned) else "holds", f"{told}.", sure="10 fresh seeds a start")
    lost = [
        row.label.split(", rate")[0].removeprefix("RNN, ") for row, k in zip(evidence, learned, strict=True) if not k
    ]
    best = max((row.share for row in evidence if row.share is not None), key=lambda share: share.value)
    return Verdict("when", f"{told}.", when=f"the start is {' or '.join(lost)}", sure=f"best start: {sure(best)}")


def turned(evidence: Evidence) -> Evidence:
    """Every start learns it, or where all do none."""
    every = all(row.share is not None and row.share.hits >= MOST for row in evidence)
    return counted(evidence, lambda row: 0 if every or row.share is None else row.share.runs)


TRIAL = Trial(
    lesson="memory",
    claim="“I grew up in France … I speak fluent”: an RNN has lost France by the time it is asked.",
    said="chapter",
    place="3. Long-Term Dependency Problem",
    rule="Train on the country sentences with 35 words in between. A start **learns** it if 8 of 10 runs solve it "
    "at its best rate. The claim **holds** if no start does, and else **holds when** the start is one that does "
    "not.",
    conditions="Country and language, 35 words of filler; RNN, 24 units; Adam, rates 0.001 to 0.03, clipped at 1; "
    "1,200 steps at most; the best rate picked on seeds 0 to 9, shown on seeds 10 to 19",
    beyond="Natural text, where the filler says other things.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs that solve it, with their 95 % intervals",
    settings=lambda of: at_best(PROBLEM, "rnn", of),
)
