"""Clipping keeps an exploding run finite."""

from core.experiments.interval import Share
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, counted, sure
from dashboard.claims.trials.gradients_09_nan import CASES, UPDATES, ended


def measure(sample: Sample) -> Evidence:
    """Runs that stay finite with the gradient clipped, and without."""
    found = []
    case = next(iter(CASES))
    for name, clip in (("clipped at norm 1", 1.0), ("not clipped", 0.0)):
        broken = ended(sample.seeds, case, clip=clip)
        fine = Share(broken.runs - broken.hits, broken.runs)
        found.append(Row(f"finite after {UPDATES} updates, {name}", share=fine, note=str(fine), model="RNN"))
    return tuple(found)


def judge(evidence: Evidence) -> Verdict:
    """Holds if most clipped runs stay finite where most others do not."""
    clipped, free = (row.share or Share(0, 0) for row in evidence)
    told = f"Finite to the end: {clipped} runs with clipping, {free} without."
    if free.hits > free.runs - MOST:
        return Verdict("open", f"{told} Too few explode without it.")
    return Verdict("holds" if clipped.hits >= MOST else "fails", told, sure=sure(clipped))


def turned(evidence: Evidence) -> Evidence:
    """Clipping does not help."""
    return counted(evidence, lambda _: 0)


TRIAL = Trial(
    lesson="gradients",
    claim="Clipping the gradient keeps an exploding run finite.",
    said="chapter",
    place="2. Exploding Gradient Problem",
    rule="Train the first networks of the claim before with their gradient clipped at norm 1 (Pascanu, Mikolov and "
    "Bengio, 2013). "
    "The claim **holds** if 8 of 10 stay finite for 20 updates where 8 of 10 without clipping do not.",
    conditions="RNN, 24 units, ReLU, orthogonal $W_h$ times 2, recall across 50 steps, SGD at 0.01, 32-bit numbers",
    beyond="That they learn: clipping bounds the step, not the forward pass.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs",
)
