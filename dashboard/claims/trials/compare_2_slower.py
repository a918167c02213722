"""An LSTM trains slower."""

from core import pace
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, replaced


def measure(_: Sample) -> Evidence:
    """Times the RNN's step, as stored, by size and batch."""
    stored = pace.stored()
    return tuple(
        Row(f"RNN {rnn} units, LSTM {lstm}, batch {B}", (found.ratio,), note=f"× {found.ratio:.2f}")
        for (rnn, lstm, B), found in stored.paces.items()
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if it takes longer at every size."""
    ratios = [row.middle for row in evidence]
    slower = sum(v > 1 for v in ratios)
    told = f"A training step takes {min(ratios):.1f} to {max(ratios):.1f} times as long, by size and batch."
    kept = f"{slower} of {len(ratios)} sizes, one machine, medians of 60 steps or more"
    if slower in (0, len(ratios)):
        return Verdict("holds" if slower else "fails", told, sure=kept)
    first = next(row.label for row in evidence if row.middle > 1)
    return Verdict("when", told, when=f"the sizes are like {first}", sure=kept)


def turned(evidence: Evidence) -> Evidence:
    """Faster."""
    return replaced(evidence, lambda v: 1 / v)


TRIAL = Trial(
    lesson="compare",
    claim="An LSTM trains slower than an RNN.",
    said="chapter",
    place="Comparison: RNN vs LSTM",
    rule="Time a training step of both, taking turns. The claim **holds** if the LSTM’s takes longer at every "
    "size tried.",
    conditions="20 steps, Adam, one thread, processor time; stored from one machine (`python -m core.zoo pace`)",
    beyond="Time until something is learned: fewer, slower steps may be the quicker way.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=1.0,
    axis="Times the RNN’s training step",
    ten="",
)
