"""The direct path is all of the cell's gradient."""

import numpy as np

from core import model, paths
from dashboard.claims.measures import TRAINED, fresh, inputs, told_twice
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, replaced, sure

STEPS = 20
NEAR = 0.1


def other(found: paths.CellPaths, t: int) -> float:
    """The part of ‖∂c_T/∂c_t‖² (Frobenius) that does not come through the forget gates alone, as a ratio of lengths."""
    rest = found.through_h[t] + found.later[t]
    whole = np.diag(found.forget[t]) + rest
    return float(np.linalg.norm(rest) / np.linalg.norm(whole))


def measure(sample: Sample) -> Evidence:
    """How much of the derivative leaves the cell on its way: of fresh networks by bias, and of trained ones."""
    found = []
    for bias in (1, 3, 5):
        apart = []
        for seed in sample.seeds:
            shown = fresh("lstm", seed, forget_bias=float(bias))
            trace = model.run(shown, inputs(seed, STEPS + 1))
            apart.append(other(paths.cell_paths(shown, trace), 1))
        found.append(Row(f"fresh, forget bias {bias}", tuple(apart), model="LSTM", note=_note(apart)))
    trained = []
    for seed in sample.seeds:
        shown, trace = told_twice(seed)
        trained.append(other(paths.cell_paths(shown, trace), len(trace.cell.h) - 1 - STEPS))
    found.append(Row("trained from bias 1", tuple(trained), model="LSTM", note=_note(trained)))
    return tuple(found)


def _note(values: list[float]) -> str:
    return f"median {100 * np.median(values):.0f} %"


def judge(evidence: Evidence) -> Verdict:
    """Holds if hardly any of it comes another way, in every network."""
    same = [row.count(lambda v: v <= NEAR) for row in evidence]
    good = [share.hits >= MOST for share in same]
    told = "What leaves the cell on its way is, relative to the whole: "
    told += ", ".join(f"{100 * row.middle:.0f} % ({row.label})" for row in evidence) + ", in the median."
    if all(good) or not any(good):
        return Verdict("holds" if all(good) else "fails", told, sure=sure(same[0]))
    names = [row.label for row, g in zip(evidence, good, strict=True) if g]
    return Verdict("when", told, when=f"it is {' or '.join(names)}", sure=sure(same[good.index(True)]))


def turned(evidence: Evidence) -> Evidence:
    """Nothing comes another way."""
    return replaced(evidence, lambda _: 0.0)


TRIAL = Trial(
    lesson="gates",
    claim="The path through the forget gates is all of the cell’s gradient.",
    said="chapter",
    place="How LSTM Solves RNN Problems",
    rule="Take $\\partial c_T/\\partial c_t$ over 20 steps, with $h_t$ moving along, apart into what only the forget "
    "gates touch and the rest. The claim **holds** if the rest is below a tenth of the whole in 8 of 10 "
    "runs of every kind.",
    conditions=f"Fresh LSTMs of 24 units; the trained network {TRAINED} (16 units), ten texts",
    beyond="Signs: the two may cancel, so the rest can be longer than the whole.",
    measure=measure,
    judge=judge,
    turned=turned,
    mark=NEAR,
    ten="seeds or texts",
    axis="What leaves the cell on its way, relative to the whole",
)
