"""Accuracy: RNN lower, LSTM higher."""

from core.experiments.bench import PROBLEMS, Outcomes, Setting, pick
from core.experiments.interval import Share, apart
from core.tasks import TASKS
from dashboard.claims.measures import at_best, solved
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, counted


def settings(of: Outcomes) -> tuple[Setting, ...]:
    """The best setting of each cell, start and rate, on every problem."""
    return tuple(pick(at_best(problem, cell, of), of) for problem in PROBLEMS for cell in ("rnn", "lstm"))


def measure(sample: Sample) -> Evidence:
    """Runs solved by the best of each cell."""
    found = []
    for setting in settings(sample.outcomes):
        (row,) = solved((setting,), sample)
        name = f"{TASKS[setting.problem.task].title.lower()}, {setting.problem.gap}"
        found.append(Row(f"{name}: {row.label}", share=row.share, model=row.model, note=row.note))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds where the LSTM's best is clearly ahead of the RNN's best."""
    pairs = [
        (r.share or Share(0, 0), s.share or Share(0, 0)) for r, s in zip(evidence[::2], evidence[1::2], strict=True)
    ]
    names = [row.label.split(":")[0] for row in evidence[::2]]
    ahead = [name for name, (rnn, lstm) in zip(names, pairs, strict=True) if apart(lstm, rnn) > 0]
    behind = [name for name, (rnn, lstm) in zip(names, pairs, strict=True) if apart(lstm, rnn) < 0]
    told = (
        f"Best against best the LSTM is clearly ahead on {len(ahead)} of {len(pairs)} tasks, the RNN on {len(behind)}; "
    )
    told += "on the others the intervals of ten runs overlap."
    kept = "intervals of 10 fresh seeds a setting that do not overlap"
    if len(ahead) == len(pairs):
        return Verdict("holds", told, sure=kept)
    if ahead:
        return Verdict("when", told, when=f"the task is {' or '.join(ahead)}", sure=kept)
    return Verdict("fails" if behind else "open", told, sure=kept)


def turned(evidence: Evidence) -> Evidence:
    """The LSTM solves all, the RNN nothing; or, where that was so, the other way round."""
    ahead = "RNN" if judge(evidence).kind == "holds" else "LSTM"
    return counted(evidence, lambda row: row.share.runs if row.model == ahead and row.share is not None else 0)


TRIAL = Trial(
    lesson="compare",
    claim="Accuracy: the RNN’s is lower, the LSTM’s higher.",
    said="chapter",
    place="Comparison: RNN vs LSTM",
    rule="Take each cell at its best start and rate. The claim **holds** if the LSTM’s interval is above the "
    "RNN’s on every task, and **holds when** the task is one of those.",
    conditions=f"{len(PROBLEMS)} tasks; 24 units; Adam, rates 0.001 to 0.03, clipped at 1; 1,200 steps at most; "
    "picked on seeds 0 to 9, shown on seeds 10 to 19",
    beyond="Which is better where both solve all: then it is a matter of cost.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    axis="Runs that solve it, with their 95 % intervals",
    settings=settings,
)
