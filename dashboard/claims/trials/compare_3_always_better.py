"""A mistake: an LSTM is always better than an RNN."""

from core.experiments.bench import PROBLEMS, Outcomes, Setting, best
from core.experiments.interval import Share, apart
from core.tasks import TASKS
from dashboard.claims.measures import solved
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, counted

STARTS = ("orthogonal", "bias1")


def settings(of: Outcomes) -> tuple[Setting, ...]:
    """One start of each cell at its best rate, on every problem."""
    return tuple(best(problem, start, of) for problem in PROBLEMS for start in STARTS)


def measure(sample: Sample) -> Evidence:
    """Runs solved by each cell."""
    found = []
    for setting in settings(sample.outcomes):
        (row,) = solved((setting,), sample)
        name = f"{TASKS[setting.problem.task].title.lower()}, {setting.problem.gap}"
        found.append(Row(f"{name}: {row.label}", share=row.share, model=row.model, note=row.note))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Fails if the RNN is ahead somewhere beyond doubt."""
    pairs = [
        (r.share or Share(0, 0), s.share or Share(0, 0)) for r, s in zip(evidence[::2], evidence[1::2], strict=True)
    ]
    better = sum(apart(lstm, rnn) > 0 for rnn, lstm in pairs)
    worse = sum(apart(lstm, rnn) < 0 for rnn, lstm in pairs)
    more = sum(rnn.hits > lstm.hits for rnn, lstm in pairs)
    told = f"From these starts the LSTM is clearly ahead on {better} of {len(pairs)} tasks, the RNN on {worse}; by "
    told += f"count the RNN leads on {more}."
    kind = "holds" if better == len(pairs) else "fails" if worse else "open"
    return Verdict(kind, told, sure="intervals of 10 fresh seeds a setting that do not overlap")  # type: ignore[arg-type]


def turned(evidence: Evidence) -> Evidence:
    """The LSTM solves all, the RNN nothing; or, where that was so, the other way round."""
    ahead = "RNN" if judge(evidence).kind == "holds" else "LSTM"
    return counted(evidence, lambda row: row.share.runs if row.model == ahead and row.share is not None else 0)


TRIAL = Trial(
    lesson="compare",
    claim="An LSTM is always better than an RNN.",
    said="mistake",
    place="Common Mistakes",
    rule="Take an RNN from an orthogonal start and an LSTM with forget bias 1, each at its best rate. A cell is ahead "
    "where the intervals do not overlap. The claim **holds** if the LSTM is ahead on every task, and **does not "
    "hold** if the RNN is on one.",
    conditions=f"{len(PROBLEMS)} tasks; 24 units; Adam, rates 0.001 to 0.03, clipped at 1; 1,200 steps at most; "
    "picked on seeds 0 to 9, shown on seeds 10 to 19",
    beyond="Other starts: see the next claim.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    axis="Runs that solve it, with their 95 % intervals",
    settings=settings,
)
