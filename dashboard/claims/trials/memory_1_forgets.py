"""A vanilla RNN forgets after 10 to 20 steps."""

from core.experiments.bench import Problem
from dashboard.claims.measures import at_best, solved
from dashboard.claims.trial import MOST, Evidence, Sample, Trial, Verdict, counted, sure

PROBLEM = Problem("recall", 50)


def measure(sample: Sample) -> Evidence:
    """Runs solved from each start at its best rate."""
    return solved(at_best(PROBLEM, "rnn", sample.outcomes), sample)


def judge(evidence: Evidence) -> Verdict:
    """Holds if no start remembers, fails if all do."""
    remember = [row.share is not None and row.share.hits >= MOST for row in evidence]
    told = "Across 50 steps: " + "; ".join(f"{row.label.removeprefix('RNN, ')}, {row.share}" for row in evidence)
    if all(remember) or not any(remember):
        return Verdict("fails" if all(remember) else "holds", f"{told}.", sure="10 fresh seeds a start")
    forget = [
        row.label.split(", rate")[0].removeprefix("RNN, ") for row, r in zip(evidence, remember, strict=True) if not r
    ]
    best = max((row.share for row in evidence if row.share is not None), key=lambda share: share.value)
    return Verdict("when", f"{told}.", when=f"the start is {' or '.join(forget)}", sure=f"best start: {sure(best)}")


def turned(evidence: Evidence) -> Evidence:
    """Every start remembers; or, where all did, none."""
    every = judge(evidence).kind == "fails"
    return counted(evidence, lambda row: 0 if every or row.share is None else row.share.runs)


TRIAL = Trial(
    lesson="memory",
    claim="A vanilla RNN has lost what it read 10 to 20 steps ago.",
    said="chapter",
    place="Key Takeaways; Comparison: RNN vs LSTM; Common Mistakes",
    rule="Recall one of 4 keys after 50 distractors. A start **remembers** if 8 of its 10 runs solve this at its "
    "best learning rate. The claim **holds** if no start remembers, **does not hold** if all do, and else "
    "**holds when** the start is one that forgets.",
    conditions="Recall of 4 keys, gap 50; RNN, 24 units; Adam, rates 0.001, 0.003, 0.01 and 0.03, clipped at 1; 1,200 "
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
