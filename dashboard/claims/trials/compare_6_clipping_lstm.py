"""Clipping is as useful for an LSTM."""

from dataclasses import replace

from core.experiments.bench import CLIPPED, Outcomes, Setting, best
from core.experiments.interval import Share, apart
from dashboard.claims.measures import solved
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, counted

STARTS = ("orthogonal", "bias3", "bias5", "chrono")


def settings(of: Outcomes) -> tuple[Setting, ...]:
    """Starts that solve the task at their best rate, clipped and not."""
    found = [best(CLIPPED, start, of) for start in STARTS]
    return tuple(replace(setting, clip=clip) for setting in found for clip in (1.0, 0.0))


def measure(sample: Sample) -> Evidence:
    """Runs solved with clipping and without."""
    found = []
    for setting in settings(sample.outcomes):
        (row,) = solved((setting,), sample)
        how = "clipped" if setting.clip else "not clipped"
        found.append(Row(f"{row.label}, {how}", share=row.share, model=row.model, note=row.note))
    return tuple(row for row in found if row.share is not None and row.share.runs)


def judge(evidence: Evidence) -> Verdict:
    """Holds if clipping helps some start of the LSTM beyond doubt."""
    shares = {row.label: row.share or Share(0, 0) for row in evidence}
    pairs = {
        label.removesuffix(", clipped"): (share, shares[label.replace(", clipped", ", not clipped")])
        for label, share in shares.items()
        if label.endswith(", clipped") and label.replace(", clipped", ", not clipped") in shares
    }
    helped = [
        label for label, (clipped, free) in pairs.items() if label.startswith("LSTM") and apart(clipped, free) > 0
    ]
    of = [label for label in pairs if label.startswith("LSTM")]
    told = "; ".join(f"{label.split(', rate')[0]}: {c} clipped, {f} not" for label, (c, f) in pairs.items()) + "."
    if not of:
        return Verdict("open", "Not run on these seeds.")
    kept = "intervals of 10 seeds that do not overlap"
    if len(helped) == len(of):
        return Verdict("holds", told, sure=kept)
    if helped:
        return Verdict("when", told, when=f"it starts from {' or '.join(helped)}", sure=kept)
    return Verdict("fails", told, sure=kept)


def turned(evidence: Evidence) -> Evidence:
    """All clipped runs solve it, no other does; or, where that was so, both do."""
    helped = judge(evidence).kind == "holds"
    return counted(
        evidence, lambda row: 0 if row.share is None or ("not clipped" in row.label and not helped) else row.share.runs
    )


TRIAL = Trial(
    lesson="compare",
    claim="An LSTM needs its gradient clipped to learn across a long gap.",
    said="often",
    place="beside 2. Exploding Gradient Problem",
    rule="Run starts that learn recall across 50 steps at their best rate, with the gradient clipped at norm 1 "
    "and without. The claim **holds** if, for every LSTM start, more runs solve it with clipping and the "
    "intervals do not overlap.",
    conditions="Recall of 4 keys, gap 50; 24 units; Adam, best rate of each start with clipping; 1,200 steps at most",
    beyond="Larger weights, longer sequences and plain SGD, where clipping matters more.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    axis="Runs that solve it, with their 95 % intervals",
    settings=settings,
)
