"""An LSTM remembers 100 and more steps."""

from core.experiments.bench import Problem
from dashboard.claims.measures import at_best, solved
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, counted, sure

PROBLEM = Problem("recall", 100)


def measure(sample: Sample) -> Evidence:
    """Runs solved from each start at its best rate."""
    return solved(at_best(PROBLEM, "lstm", sample.outcomes), sample)


def judge(evidence: Evidence) -> Verdict:
    """Holds if every start remembers, fails if none does."""
    remember = [row.share is not None and row.share.hits >= MOST for row in evidence]
    told = "Across 100 steps: " + "; ".join(f"{row.label.removeprefix('LSTM, ')}, {row.share}" for row in evidence)
    if all(remember) or not any(remember):
        return Verdict("holds" if all(remember) else "fails", f"{told}.", sure="10 fresh seeds a start")
    good = [row.label.split(", rate")[0].removeprefix("LSTM, ") for row, r in zip(evidence, remember, strict=True) if r]
    best = max((row.share for row in evidence if row.share is not None), key=lambda share: share.value)
    return Verdict(
        "when",
        f"{told}.",
        when=f"it starts from {' or '.join(good)}, each at its best rate",
        sure=f"best start: {sure(best)}",
    )


def turned(evidence: Evidence) -> Evidence:
    """No start remembers; or, where none did, every one."""
    none = judge(evidence).kind == "fails"
    return counted(evidence, lambda row: row.share.runs if none and row.share is not None else 0)


TRIAL = Trial(
    lesson="memory",
    claim="An LSTM remembers 100 steps and more.",
    said="chapter",
    place="Comparison: RNN vs LSTM",
    rule="Recall one of 4 keys after 100 distractors. A start **remembers** if 8 of its 10 runs solve this at its best "
    "learning rate. The claim **holds** if every start does, and else **holds when** the start is one of those.",
    conditions="Recall of 4 keys, gap 100; LSTM, 24 units; Adam, rates 0.001 to 0.03 in half decades, clipped at "
    "1; 1,200 steps at most; the best rate picked on seeds 0 to 9, shown on seeds 10 to 19",
    beyond="More training steps, and gaps beyond 100.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs that solve it, with their 95 % intervals",
    settings=lambda of: at_best(PROBLEM, "lstm", of),
)
