"""An exploding run ends in NaN."""

from core.experiments import Experiment, run
from core.experiments.interval import Share
from dashboard.claims.trial import MOST, Evidence, Row, Sample, Trial, Verdict, counted, sure

UPDATES = 50
BASE = {
    "gap": 50, "cell": "rnn", "activation": "relu", "scheme": "orthogonal", "gain": 2.0, "optimiser": "sgd", "lr": 0.01,
    "steps": UPDATES, "every": UPDATES, "dtype": "float32",
}  # fmt: skip


def ended(sample: Sample, clip: float) -> Share:
    """How many of the runs met a number that is not finite."""
    runs = [run(Experiment(seed=seed, clip=clip, **BASE)) for seed in sample.seeds]  # type: ignore[arg-type]
    return Share(sum(bool(outcome.problem) for outcome in runs), len(runs))


def measure(sample: Sample) -> Evidence:
    """Runs that ended in a number that is not finite."""
    broken = ended(sample, 0.0)
    return (Row("not finite within 50 updates, no clipping", share=broken, note=str(broken), model="RNN"),)


def judge(evidence: Evidence) -> Verdict:
    """Holds if most runs end so."""
    broken = evidence[0].share or Share(0, 0)
    told = f"{broken} runs met a number that is not finite."
    return Verdict("holds" if broken.hits >= MOST else "fails" if broken.hits <= broken.runs - MOST else "open", told,
                   sure=sure(broken))  # fmt: skip


def turned(evidence: Evidence) -> Evidence:
    """None does."""
    return counted(evidence, lambda _: 0)


TRIAL = Trial(
    lesson="gradients",
    claim="Training on exploding gradients ends in NaN.",
    said="chapter",
    place="2. Exploding Gradient Problem",
    rule="Train networks whose gradient explodes, without clipping. The claim **holds** if 8 of 10 meet a number "
    "that is not finite within 50 updates.",
    conditions="RNN, 24 units, ReLU, orthogonal $W_h$ times 2, recall across 50 steps, SGD at 0.01, 32-bit numbers",
    beyond="Adam, which rescales each gradient, and milder weights may go on with finite numbers and learn nothing.",
    measure=measure,
    judge=judge,
    turned=turned,
    scale="share",
    mark=MOST / 10,
    axis="Runs",
)
