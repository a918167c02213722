"""A vanilla RNN forgets after 10 to 20 steps."""

from core.experiments.bench import Problem
from core.experiments.interval import Share
from dashboard.claims.measures import at_best, solved
from dashboard.claims.trial import FEW, MOST, Evidence, Sample, Trial, Verdict, counted, sure

PROBLEM = Problem("recall", 20)


def measure(sample: Sample) -> Evidence:
    """Runs solved from each start at its best rate."""
    return solved(at_best(PROBLEM, "rnn", sample.outcomes), sample)


def judge(evidence: Evidence) -> Verdict:
    """Holds if every start has lost it, fails if none has and some remember."""
    shares = [row.share or Share(0, 0) for row in evidence]
    lost = [share.hits <= FEW for share in shares]
    told = f"Across {PROBLEM.gap} steps: "
    told += "; ".join(f"{row.label.removeprefix('RNN, ')}, {row.share}" for row in evidence) + "."
    best = f"best start: {sure(max(shares, key=lambda share: share.value))}"
    if all(lost):
        return Verdict("holds", told, sure=best)
    if not any(lost):
        return Verdict("fails" if max(share.hits for share in shares) >= MOST else "open", told, sure=best)
    forget = [
        row.label.split(", rate")[0].removeprefix("RNN, ") for row, gone in zip(evidence, lost, strict=True) if gone
    ]
    return Verdict("when", told, when=f"the start is {' or '.join(forget)}", sure=best)


def turned(evidence: Evidence) -> Evidence:
    """Every start remembers; or, where that was so, none."""
    every = judge(evidence).kind == "fails"
    return counted(evidence, lambda row: 0 if every or row.share is None else row.share.runs)


TRIAL = Trial(
    lesson="memory",
    claim="A vanilla RNN has lost what it read 10 to 20 steps ago.",
    said="chapter",
    place="Key Takeaways; Comparison: RNN vs LSTM; Common Mistakes",
    rule="Recall one of 4 keys after 20 distractors. A start has lost it if at most 2 of its 10 runs solve this at its "
    "best learning rate. The claim **holds** if every start has, **does not hold** if none has and one solves it in 8 "
    "of 10, and else **holds when** the start is one that has.",
    conditions="Recall of 4 keys, gap 20; RNN, 24 units; Adam, rates 0.001, 0.003, 0.01 and 0.03, clipped at 1; 1,200 "
    "steps at most; the best rate picked on seeds 0 to 9, shown on seeds 10 to 19",
    beyond="Other tasks and sizes, and what a learner of longer sequences would need.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs that solve it, with their 95 % intervals",
    settings=lambda of: at_best(PROBLEM, "rnn", of),
)
