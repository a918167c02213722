"""All steps share one set of weights."""

from dataclasses import replace

from core import model
from dashboard.claims.measures import fresh, inputs
from dashboard.claims.trial import Evidence, Row, Sample, Trial, Verdict

LENGTHS = (4, 40, 400)


def measure(_: Sample) -> Evidence:
    """Parameters that a run of each length reads."""
    shown = fresh("rnn", 0)
    found = []
    for T in LENGTHS:
        assert len(model.run(shown, inputs(0, T)).cell.h) == T + 1
        count = sum(array.size for array in model.parameters(shown).values())
        found.append(Row(f"sequence of {T} steps", (float(count),), note=f"{count} numbers"))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds if the number does not depend on the length."""
    counts = [row.middle for row in evidence]
    same = len(set(counts)) == 1
    told = f"{counts[0]:.0f} numbers, at {LENGTHS[0]} steps as at {LENGTHS[-1]}."
    other = f"{counts[0]:.0f} numbers at {LENGTHS[0]} steps, {counts[-1]:.0f} at {LENGTHS[-1]}."
    return Verdict("holds" if same else "fails", told if same else other, sure="exact, for any seed")


def turned(evidence: Evidence) -> Evidence:
    """A weight of its own for each step."""
    return tuple(replace(row, values=(row.middle * T,)) for row, T in zip(evidence, LENGTHS, strict=True))


TRIAL = Trial(
    lesson="forward",
    claim="All steps of an RNN use one and the same set of weights.",
    said="chapter",
    place="Review: Forward Propagation",
    rule="Run one network over sequences of 4, 40 and 400 steps and count the numbers it has. The claim **holds** if "
    "the count is the same.",
    conditions="RNN, 8 inputs, 24 units, one output",
    beyond="That sharing helps: it is how the network is made.",
    measure=measure,
    judge=judge,
    turned=turned,
    axis="Numbers in the network",
)
