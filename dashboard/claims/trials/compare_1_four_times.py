"""An LSTM has four times the parameters."""

from core.sizes import by_formula
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, replaced

SIZES = (12, 24, 4)
"""Inputs, units, outputs."""
CLAIMED = 4.0


def measure(_: Sample) -> Evidence:
    """The ratio of the two cells' parameters, for the layer and for the whole network."""
    lstm, rnn = (by_formula(kind, *SIZES) for kind in ("lstm", "rnn"))
    layer = lstm.total(readout=False) / rnn.total(readout=False)
    whole = lstm.total(readout=True) / rnn.total(readout=True)
    return (
        Row("recurrent layer", (layer,), note=f"× {layer:.2f}"),
        Row("with the read-out", (whole,), note=f"× {whole:.2f}"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if both are four, on the layer if that alone is."""
    layer, whole = (row.middle for row in evidence)
    told = f"{layer:.2f} times in the recurrent layer, {whole:.2f} times with the read-out."
    right = [abs(v - CLAIMED) < 1e-9 for v in (layer, whole)]
    if all(right) or not any(right):
        return Verdict("holds" if all(right) else "fails", told, sure="exact")
    return Verdict("when", told, when="the recurrent layer alone is counted", sure="exact")


def turned(evidence: Evidence) -> Evidence:
    """Three times."""
    return replaced(evidence, lambda _: 3.0)


TRIAL = Trial(
    lesson="compare",
    claim="An LSTM has four times the parameters of an RNN.",
    said="chapter",
    place="Comparison: RNN vs LSTM",
    rule="Count both at the same sizes. The claim **holds** if the ratio is 4 for the layer and for the whole network, "
    "and **holds when** one of them is counted.",
    conditions="12 inputs, 24 units, 4 outputs, one bias a block",
    beyond="Equal budgets: an RNN of more units has as many.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=CLAIMED,
    axis="Times the RNN’s parameters",
)
