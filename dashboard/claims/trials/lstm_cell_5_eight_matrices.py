"""An LSTM has eight weight matrices."""

from core.lstm import GATES
from dashboard.claims.measures import D, H, fresh
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict, replaced

CLAIMED = 8


def measure(_: Sample) -> Evidence:
    """Matrices and bias vectors of one layer, counted in its arrays."""
    cell = fresh("lstm", 0).cell
    joined = (cell.W_x.size + cell.W_h.size) / ((D + H) * H)
    split = cell.W_x.size / (D * H) + cell.W_h.size / (H * H)
    biases = cell.b.size / H
    assert joined == len(GATES)
    return (
        Row("matrices on the joined input [h, x]", (joined,), model="LSTM", note=f"{joined:.0f}"),
        Row("matrices on x and h apart", (split,), model="LSTM", note=f"{split:.0f}"),
        Row("bias vectors", (biases,), model="LSTM", note=f"{biases:.0f}"),
    )


def judge(evidence: Evidence) -> Verdict:
    """Holds if both ways of counting give eight."""
    joined, split, biases = (row.middle for row in evidence)
    told = (
        f"{joined:.0f} matrices and {biases:.0f} biases on the joined input; {split:.0f} matrices with $W_x$ and $W_h$ "
    )
    told += "apart. The chapter’s list of eight names four of each."
    right = [joined == CLAIMED, split == CLAIMED]
    if all(right) or not any(right):
        return Verdict("holds" if all(right) else "fails", told, sure="exact")
    return Verdict("when", told, when=("the input is joined", "$W_x$ and $W_h$ are counted apart")[right.index(True)],
                   sure="exact")  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """Eight in every way."""
    return replaced(evidence, lambda _: float(CLAIMED))


TRIAL = Trial(
    lesson="lstm-cell",
    claim="An LSTM has eight weight matrices.",
    said="chapter",
    place="Comparison: RNN vs LSTM",
    rule="Count the matrices of one layer, on the joined input as the chapter writes it and on $x$ and $h$ apart. The "
    "claim **holds** if both give eight, and **holds when** one does.",
    conditions="One LSTM layer, 8 inputs, 24 units",
    beyond="Libraries that keep two biases, as PyTorch does.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=float(CLAIMED),
    axis="Count",
)
