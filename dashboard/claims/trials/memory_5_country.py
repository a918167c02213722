"""The country is lost by the time the language is asked for."""

from core.experiments.bench import Problem
from core.experiments.interval import Share
from dashboard.claims.measures import at_best, solved
from dashboard.claims.trial import FEW, MOST, Evidence, Sample, Trial, Verdict, counted, sure

PROBLEM = Problem("language", 35)


def measure(sample: Sample) -> Evidence:
    """Runs solved from each start at its best rate."""
    return solved(at_best(PROBLEM, "rnn", sample.outcomes), sample)


def judge(evidence: Evidence) -> Verdict:
    """Holds if every start has lost it, fails if none has and some learn it."""
    shares = [row.share or Share(0, 0) for row in evidence]
    lost = [share.hits <= FEW for share in shares]
    told = "With 35 words in between: " + "; ".join(
        f"{row.label.removeprefix('RNN, ')}, {row.share}" for row in evidence
    )
    best = f"best start: {sure(max(shares, key=lambda share: share.value))}"
    if all(lost):
        return Verdict("holds", f"{told}.", sure=best)
    if not any(lost):
        return Verdict("fails" if max(share.hits for share in shares) >= MOST else "open", f"{told}.", sure=best)
    names = [
        row.label.split(", rate")[0].removeprefix("RNN, ") for row, gone in zip(evidence, lost, strict=True) if gone
    ]
    return Verdict("when", f"{told}.", when=f"the start is {' or '.join(names)}", sure=best)


def turned(evidence: Evidence) -> Evidence:
    """Every start learns it; or, where none had lost it, none does."""
    every = judge(evidence).kind == "fails"
    return counted(evidence, lambda row: 0 if every or row.share is None else row.share.runs)


TRIAL = Trial(
    lesson="memory",
    claim="“I grew up in France … I speak fluent”: an RNN has lost France by the time it is asked.",
    said="chapter",
    place="3. Long-Term Dependency Problem",
    rule="Train on the country sentences with 35 words in between. A start has lost France if at most 2 of 10 runs "
    "solve it at its best rate. The claim **holds** if every start has, **does not hold** if none has and one solves "
    "it in 8 of 10, and else **holds when** the start is one that has.",
    conditions="Country and language, 35 words of filler; RNN, 24 units; Adam, rates 0.001 to 0.03, clipped at 1; "
    "1,200 steps at most; the best rate picked on seeds 0 to 9, shown on seeds 10 to 19",
    beyond="Natural text, where the filler says other things; and whether a run that fails has lost the country or has "
    "never learned it.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs that solve it, with their 95 % intervals",
    settings=lambda of: at_best(PROBLEM, "rnn", of),
)
