"""An exploding run ends in NaN."""

from functools import lru_cache

from core.experiments import Experiment, run
from core.experiments.interval import Share
from dashboard.claims.trial import FEW, MOST, Evidence, Row, Sample, Trial, Verdict, counted, sure

UPDATES = 20
BASE = {
    "gap": 50, "cell": "rnn", "scheme": "orthogonal", "lr": 0.01, "steps": UPDATES, "every": UPDATES,
    "dtype": "float32",
}  # fmt: skip
CASES = {
    "ReLU, Wₕ times 2, SGD": {"activation": "relu", "gain": 2.0, "optimiser": "sgd"},
    "tanh, Wₕ times 3, SGD": {"activation": "tanh", "gain": 3.0, "optimiser": "sgd"},
    "ReLU, Wₕ times 2, Adam": {"activation": "relu", "gain": 2.0, "optimiser": "adam"},
}


@lru_cache(maxsize=32)
def ended(seeds: tuple[int, ...], case: str, *, clip: float = 0.0) -> Share:
    """How many of the runs met a number that is not finite."""
    runs = [run(Experiment(seed=seed, clip=clip, **BASE, **CASES[case])) for seed in seeds]  # type: ignore[arg-type]
    return Share(sum(bool(outcome.problem) for outcome in runs), len(runs))


def measure(sample: Sample) -> Evidence:
    """Runs that ended in a number that is not finite, by case."""
    found = {case: ended(sample.seeds, case) for case in CASES}
    return tuple(Row(case, share=share, note=str(share), model="RNN") for case, share in found.items())


def judge(evidence: Evidence) -> Verdict:
    """Holds for the cases in which most runs end so."""
    shares = [row.share or Share(0, 0) for row in evidence]
    broken = [share.hits >= MOST for share in shares]
    told = "A number that is not finite met "
    told += "; ".join(f"{share} runs ({row.label})" for share, row in zip(shares, evidence, strict=True)) + "."
    if all(broken) or not any(broken):
        rare = max(share.hits for share in shares) <= FEW
        return Verdict("holds" if all(broken) else "fails" if rare else "open", told, sure=sure(max(shares)))
    names = [row.label for row, b in zip(evidence, broken, strict=True) if b]
    return Verdict("when", told, when=f"it is {' or '.join(names)}", sure=sure(shares[broken.index(True)]))


def turned(evidence: Evidence) -> Evidence:
    """None does."""
    return counted(evidence, lambda _: 0)


TRIAL = Trial(
    lesson="gradients",
    claim="Training on exploding gradients ends in NaN.",
    said="chapter",
    place="2. Exploding Gradient Problem",
    rule="Train networks whose gradient explodes, without clipping. The claim **holds** if 8 of 10 meet a number that "
    "is not finite within 20 updates in each case, and **holds when** it is one in which they do.",
    conditions="RNN, 24 units, orthogonal $W_h$, larger by a factor; recall across 50 steps, learning rate 0.01, "
    "32-bit numbers",
    beyond="That finite numbers mean learning: such a run may go on and learn nothing.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs",
)
